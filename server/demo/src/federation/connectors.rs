//! Connectors of a made-up federation, for measuring the sync service.

use std::cmp::Reverse;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{RoleWish, Wish},
    values::ids::AccountId,
};
use gate::{Gate, GateError};
use uuid::Uuid;

use super::{Size, account_id, homes::homes};
use crate::PERSONAS;

/// Somebody who holds the role Connector through the interface for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    /// The address they sign in by.
    pub address: String,
    /// The codes of the organisations that they feed.
    pub organisations: Vec<String>,
}

/// Makes the administrators of the largest organisations of the federation their connectors, so many of them, and a Global
/// Administrator the connector of all of these.
///
/// # Errors
/// `Denied` for anybody but the service itself; when the database fails, or the federation is not there.
pub async fn connect(gate: &Gate, service: &Actor, size: Size, many: usize) -> Result<Vec<Connector>, GateError> {
    let mut largest = homes(size);
    largest.retain(|home| home.accounts > 0);
    largest.sort_by_key(|home| Reverse(home.accounts));
    largest.truncate(many);
    let global = PERSONAS
        .iter()
        .find(|persona| persona.role == Role::GlobalAdministrator);
    let global = global.map(|persona| persona.address(gate.rules().mail_domain.as_str()));
    let global = global.ok_or(GateError::NotFound)?;
    let reader = gate.account_by_address(&global).await?.ok_or(GateError::NotFound)?;

    let codes: Vec<_> = largest.iter().map(|home| home.organisation.code.clone()).collect();
    let feeders: Vec<_> = largest.iter().map(|home| account_id(home.first_account)).collect();
    let grants = feeders
        .iter()
        .zip(&codes)
        .flat_map(|(feeder, code)| [grant(*feeder, code.clone()), grant(reader.id, code.clone())]);
    gate.on_behalf_of(service).establish(grants.collect()).await?;

    let ids: Vec<Uuid> = feeders.iter().map(|feeder| feeder.0).collect();
    let found = store::directory::people::by_ids(gate.store().reader(), &ids).await?;
    let mut connectors = vec![Connector {
        address: global,
        organisations: codes.iter().map(ToString::to_string).collect(),
    }];
    for (feeder, code) in feeders.iter().zip(&codes) {
        let account = found.iter().find(|account| account.id == *feeder);
        let account = account.ok_or(GateError::NotFound)?;
        connectors.push(Connector {
            address: account.attributes.text(Attribute::EmailAddress).to_owned(),
            organisations: vec![code.to_string()],
        });
    }
    Ok(connectors)
}

fn grant(account: AccountId, organisation: OrganisationCode) -> Wish {
    Wish::Role(
        account,
        RoleWish::Grant {
            role: Role::Connector,
            organisation,
            unit: None,
            terms: Terms {
                channels: vec![Channel::Api],
                may_disable: true,
                ..Terms::default()
            },
        },
    )
}
