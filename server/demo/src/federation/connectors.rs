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

use super::{
    Size, account_id,
    homes::{BY_EMAIL, BY_PROGRAM, Home, homes},
};
use crate::PERSONAS;

/// Somebody who holds the role Connector through the interface for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    /// The address they sign in by.
    pub address: String,
    /// The codes of the organisations that they feed.
    pub organisations: Vec<String>,
}

/// Makes the administrators of the largest organisations of the federation their connectors by program, so many of them, and
/// a Global Administrator the connector of all of these.
///
/// # Errors
/// `Denied` for anybody but the service itself; when the database fails, or the federation is not there.
pub async fn connect(gate: &Gate, service: &Actor, size: Size, many: usize) -> Result<Vec<Connector>, GateError> {
    let largest = largest(size, many, BY_PROGRAM);
    let global = PERSONAS
        .iter()
        .find(|persona| persona.role == Role::GlobalAdministrator);
    let global = global.map(|persona| persona.address(gate.rules().mail_domain.as_str()));
    let global = global.ok_or(GateError::NotFound)?;
    let reader = gate.account_by_address(&global).await?.ok_or(GateError::NotFound)?;

    let codes: Vec<_> = largest.iter().map(|home| home.organisation.code.clone()).collect();
    let feeders: Vec<_> = largest
        .iter()
        .map(|home| account_id(home.first_account + BY_PROGRAM))
        .collect();
    let grants = feeders
        .iter()
        .zip(&codes)
        .flat_map(|(feeder, code)| [*feeder, reader.id].map(|holder| grant(holder, code.clone(), by_program())));
    gate.on_behalf_of(service).establish(grants.collect()).await?;

    let mut connectors = vec![Connector {
        address: global,
        organisations: codes.iter().map(ToString::to_string).collect(),
    }];
    connectors.extend(connectors_of(gate, &largest, BY_PROGRAM).await?);
    Ok(connectors)
}

/// Makes somebody of each of the largest organisations of the federation its connector by email, so many of them.
///
/// # Errors
/// As [`connect`].
pub async fn connect_by_email(
    gate: &Gate,
    service: &Actor,
    size: Size,
    many: usize,
) -> Result<Vec<Connector>, GateError> {
    let largest = largest(size, many, BY_EMAIL);
    let of = |home: &Home| {
        (
            account_id(home.first_account + BY_EMAIL),
            home.organisation.code.clone(),
        )
    };
    let grants = largest.iter().map(of).map(|(sender, code)| {
        let channels = vec![Channel::EmailCsv];
        grant(
            sender,
            code,
            Terms {
                channels,
                ..Terms::default()
            },
        )
    });
    gate.on_behalf_of(service).establish(grants.collect()).await?;
    connectors_of(gate, &largest, BY_EMAIL).await
}

/// The organisations with the most accounts, at most so many, that have somebody in a place.
fn largest(size: Size, many: usize, place: u32) -> Vec<Home> {
    let mut largest = homes(size);
    largest.retain(|home| home.accounts > place);
    largest.sort_by_key(|home| Reverse(home.accounts));
    largest.truncate(many);
    largest
}

/// Their people in a place, each as connector of one.
async fn connectors_of(gate: &Gate, homes: &[Home], place: u32) -> Result<Vec<Connector>, GateError> {
    let mut connectors = Vec::new();
    for some in homes.chunks(500) {
        let ids: Vec<Uuid> = some
            .iter()
            .map(|home| account_id(home.first_account + place).0)
            .collect();
        let found = store::directory::people::by_ids(gate.store().reader(), &ids).await?;
        for home in some {
            let holder = account_id(home.first_account + place);
            let account = found.iter().find(|account| account.id == holder);
            let account = account.ok_or(GateError::NotFound)?;
            connectors.push(Connector {
                address: account.attributes.text(Attribute::EmailAddress).to_owned(),
                organisations: vec![home.organisation.code.to_string()],
            });
        }
    }
    Ok(connectors)
}

/// The terms of a connector that feeds an organisation through the interface for programs.
fn by_program() -> Terms {
    Terms {
        channels: vec![Channel::Api],
        may_disable: true,
        ..Terms::default()
    }
}

/// The wish that an account be the connector of an organisation.
pub(super) fn grant(account: AccountId, organisation: OrganisationCode, terms: Terms) -> Wish {
    let wish = RoleWish::Grant {
        role: Role::Connector,
        organisation,
        unit: None,
        terms,
    };
    Wish::Role(account, wish)
}
