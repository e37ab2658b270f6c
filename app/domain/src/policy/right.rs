//! By what right something was done: recorded with it, because grants end and the trail must still say.

use serde::{Deserialize, Serialize};

use super::{Actor, Authority, Deed, Grant, Role};
use crate::{
    channel::Channel,
    dictionary::Attribute,
    life::Turn,
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    plan::{AccountStep, RoleStep, Step, TokenStep},
    values::ids::AccountId,
};

/// What allowed somebody to do something at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Right {
    /// It was about themselves.
    Own,
    /// It was the service itself.
    Service,
    /// A role that they held.
    Role {
        /// Which.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitPath>,
    },
}

impl Right {
    fn of(grant: &Grant) -> Option<Self> {
        let code = grant.path.as_str().trim_matches('/').rsplit('/').next()?;
        Some(Self::Role {
            role: grant.role,
            organisation: OrganisationCode::parse(code).ok()?,
            unit: grant.unit.clone(),
        })
    }
}

impl Authority {
    /// The rights by which a deed is allowed anywhere; nothing but that they are the service, where they are.
    #[must_use]
    pub fn rights_to(&self, deed: Deed) -> Vec<Right> {
        if self.actor.account().is_none() {
            return vec![Right::Service];
        }
        let allowing = self.grants.iter().filter(|grant| self.allows(grant, deed, None));
        allowing.filter_map(Right::of).collect()
    }

    /// The rights by which a step is allowed: the roles that allow its deed at one of the places that it touches.
    pub(super) fn rights_for<'a>(
        &self,
        step: &Step,
        channel: Channel,
        path: impl Fn(&OrganisationCode) -> Option<&'a OrganisationPath>,
    ) -> Vec<Right> {
        if self.actor.account().is_none() {
            return vec![Right::Service];
        }
        if is_own(&self.actor, step) {
            return vec![Right::Own];
        }
        let deed = match step {
            Step::Role(_, RoleStep::Grant { role, .. }) => Some(Deed::of_grant(*role)),
            Step::Role(_, RoleStep::Revoke { held, .. }) => Some(Deed::of_grant(held.role)),
            // One's own account may belong elsewhere than where one is Connector.
            Step::Token(TokenStep::Make { .. }) => return self.rights_to(Deed::SendByMachine),
            Step::Token(TokenStep::Revoke { account, .. }) if self.actor.account() == Some(*account) => {
                return vec![Right::Own];
            }
            Step::Token(TokenStep::Revoke { .. }) => Some(Deed::GrantConnector),
            _ => step.operation().and_then(|operation| Deed::of(operation, channel)),
        };
        let places = match step {
            // What allows it is the right to revoke the role, wherever its holder belongs.
            Step::Token(TokenStep::Revoke { connector_of, .. }) => connector_of
                .iter()
                .map(|held| (held.organisation.clone(), held.unit.clone()))
                .collect(),
            _ => step.places(),
        };
        let covers = |grant: &Grant| {
            let reaches = |(code, unit): &(OrganisationCode, Option<UnitPath>)| {
                let of_unit = |path: &OrganisationPath| match &grant.unit {
                    None => grant.path.covers(path),
                    Some(own) => grant.path == *path && unit.as_ref().is_some_and(|unit| own.covers(unit)),
                };
                path(code).is_some_and(of_unit)
            };
            grant.role.is_global() || places.iter().any(reaches)
        };
        let allows = |grant: &Grant| deed.is_none_or(|deed| self.allows(grant, deed, Some(channel)));
        let held = self.grants.iter().filter(|grant| allows(grant) && covers(grant));
        held.filter_map(Right::of).collect()
    }
}

/// What everybody may do to their own account, whatever roles they hold: take it up, use it, choose a password, and
/// change the few details that are theirs (H).
pub(super) fn is_own(actor: &Actor, step: &Step) -> bool {
    let mine = |account: AccountId| actor.account() == Some(account);
    match step {
        Step::Account(
            of,
            AccountStep::Turn {
                turn: Turn::Activate | Turn::Wake,
                ..
            }
            | AccountStep::ChoosePassword,
        ) => mine(of.account),
        Step::Account(of, AccountStep::Update { changes, days }) => {
            mine(of.account)
                && days.is_empty()
                && changes.iter().all(|change| OWN_ATTRIBUTES.contains(&change.attribute))
        }
        _ => false,
    }
}

/// The details that people keep of themselves (H).
pub const OWN_ATTRIBUTES: [Attribute; 7] = [
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::HideMobile,
    Attribute::Pager,
    Attribute::Fax,
    Attribute::WebPage,
    Attribute::Notes,
];
