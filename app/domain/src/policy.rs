//! Who may do what: roles, the permission table, scopes, and the proof that a plan was allowed.

mod authorised;
mod holders;
mod reach;
mod right;
pub(crate) mod table;
mod touch;

use serde::{Deserialize, Serialize};

pub use self::{
    authorised::{AuthorisedPlan, Denied, authorise},
    holders::Holders,
    right::{OWN_ATTRIBUTES, Right},
    table::{Deed, Reach, Role, table},
    touch::{Ender, GUARDED_DAYS, Touch},
};
use crate::{
    channel::{Channel, Operation},
    organisation::{OrganisationPath, UnitPath},
    rules::Rules,
    values::ids::AccountId,
};

/// Somebody who asks. It says who, never what they may do: rights are read again for each act.
///
/// Made where a sign-in is proved, and read back from the submission that an actor confirmed; nowhere else: others cannot
/// write one out, and clippy refuses the two functions that make one wherever they are not expected.
///
/// ```compile_fail
/// let service = domain::policy::Actor::System;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by their account.
    #[non_exhaustive]
    Person {
        /// The account signed in with.
        account: AccountId,
        /// The name to record.
        name: String,
    },
    /// The service itself.
    #[non_exhaustive]
    System,
}

impl Actor {
    /// A person who has proved who they are, by their account and the name to record.
    #[must_use]
    pub const fn person(account: AccountId, name: String) -> Self {
        Self::Person { account, name }
    }

    /// The name of the service itself.
    pub const SERVICE_NAME: &'static str = "Staffbook";

    /// The service itself.
    #[must_use]
    pub const fn service() -> Self {
        Self::System
    }

    /// Whether it is the service itself.
    #[must_use]
    pub const fn is_service(&self) -> bool {
        matches!(self, Self::System)
    }

    /// The name that records show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::System => Self::SERVICE_NAME,
        }
    }

    /// The account, where the actor is a person.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } => Some(*account),
            Self::System => None,
        }
    }
}

/// One role held now, with the place in the tree where it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The organisation and everything below it.
    pub path: OrganisationPath,
    /// Only this unit of it and those below.
    pub unit: Option<UnitPath>,
    /// What a Connector may send through; other roles have none.
    pub channels: Vec<Channel>,
    /// Whether a Connector may disable and enable accounts through the API.
    #[serde(default)]
    pub may_disable: bool,
}

/// An actor with the rights that were theirs at one moment, as one transaction read them.
#[derive(Clone, Debug)]
pub struct Authority {
    actor: Actor,
    grants: Vec<Grant>,
    administrators_grant_connector: bool,
}

impl Authority {
    /// Joins an actor and the grants just read for them.
    #[must_use]
    pub const fn new(actor: Actor, grants: Vec<Grant>) -> Self {
        Self {
            actor,
            grants,
            administrators_grant_connector: false,
        }
    }

    /// The same under the operator's rules; without them nobody has what only configuration allows.
    #[must_use]
    pub const fn under(mut self, rules: &Rules) -> Self {
        self.administrators_grant_connector = rules.administrators_grant_connector;
        self
    }

    /// Who.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The roles held.
    #[must_use]
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Where a deed is allowed, through whichever channel.
    #[must_use]
    pub fn scope(&self, deed: Deed) -> Scope {
        self.scope_where(|grant| self.allows(grant, deed, None))
    }

    /// Where a deed is allowed through a channel: a Connector sends only through those that were given with the role.
    #[must_use]
    pub fn scope_through(&self, deed: Deed, channel: Channel) -> Scope {
        self.scope_where(|grant| self.allows(grant, deed, Some(channel)))
    }

    /// Where any role may be granted and revoked.
    #[must_use]
    pub fn granting(&self) -> Scope {
        let deeds = [
            Deed::GrantLocalRoles,
            Deed::GrantConnector,
            Deed::GrantPrimary,
            Deed::GrantGlobal,
        ];
        self.scope_where(|grant| deeds.iter().any(|deed| self.allows(grant, *deed, None)))
    }

    fn scope_where(&self, allows: impl Fn(&Grant) -> bool) -> Scope {
        if self.actor.is_service() {
            return Scope {
                everything: true,
                parts: vec![],
            };
        }
        let mut scope = Scope::default();
        for grant in self.grants.iter().filter(|grant| allows(grant)) {
            if grant.role.is_global() {
                scope.everything = true;
            } else {
                scope.parts.push(ScopePart {
                    path: grant.path.clone(),
                    unit: grant.unit.clone(),
                });
            }
        }
        scope
    }

    /// Whether one grant allows a deed; a Connector beside it counts where the table asks for one.
    fn allows(&self, grant: &Grant, deed: Deed, channel: Option<Channel>) -> bool {
        let through = channel.filter(|channel| channel.is_machine());
        let carries = |connector: &Grant| through.is_none_or(|channel| connector.channels.contains(&channel));
        match table(grant.role, deed) {
            Reach::No => false,
            Reach::Yes => grant.role != Role::Connector || carries(grant),
            Reach::WithConnector => self.grants.iter().any(|other| {
                other.role == Role::Connector
                    && other.path.covers(&grant.path)
                    && other.unit.is_none()
                    && carries(other)
            }),
            Reach::WhereConfigured => self.administrators_grant_connector,
            Reach::WhereGranted => grant.may_disable && carries(grant),
        }
    }

    /// Whether a role may be granted to an account at one place: by the table, in the scope, and never to oneself.
    #[must_use]
    pub fn may_grant(&self, to: AccountId, role: Role, path: &OrganisationPath, unit: Option<&UnitPath>) -> bool {
        let in_scope = self.scope(Deed::of_grant(role)).covers(path, unit);
        self.actor.is_service() || (in_scope && self.actor.account() != Some(to))
    }

    /// Whether an operation is allowed at one place.
    #[must_use]
    pub fn may(
        &self,
        operation: Operation,
        channel: Channel,
        path: &OrganisationPath,
        unit: Option<&UnitPath>,
    ) -> bool {
        Deed::of(operation, channel).is_some_and(|deed| self.scope_through(deed, channel).covers(path, unit))
            || self.actor.is_service()
    }
}

/// Where somebody may do something. What lies outside does not exist for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The whole federation.
    pub everything: bool,
    /// Else these sub-trees and units.
    pub parts: Vec<ScopePart>,
}

/// A sub-tree of organisations, or a sub-tree of one organisation's units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopePart {
    /// The organisation at its top.
    pub path: OrganisationPath,
    /// Only this unit of that organisation, and those below it.
    pub unit: Option<UnitPath>,
}

impl Scope {
    /// Whether nothing at all lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.everything && self.parts.is_empty()
    }

    /// Whether a place lies in it; without a unit, the place is the organisation as a whole.
    #[must_use]
    pub fn covers(&self, path: &OrganisationPath, unit: Option<&UnitPath>) -> bool {
        self.everything || self.parts.iter().any(|part| part.covers(path, unit))
    }

    /// Whether all of an organisation lies in it.
    #[must_use]
    pub fn covers_whole(&self, path: &OrganisationPath) -> bool {
        self.covers(path, None)
    }

    /// The units of one organisation that lie in it, where not all of it does.
    pub fn units_of<'a>(&'a self, path: &'a OrganisationPath) -> impl Iterator<Item = &'a UnitPath> {
        self.parts
            .iter()
            .filter(move |part| part.path == *path)
            .filter_map(|part| part.unit.as_ref())
    }
}

impl ScopePart {
    fn covers(&self, path: &OrganisationPath, unit: Option<&UnitPath>) -> bool {
        match &self.unit {
            None => self.path.covers(path),
            Some(own) => self.path == *path && unit.is_some_and(|unit| own.covers(unit)),
        }
    }
}

#[cfg(test)]
mod tests;
