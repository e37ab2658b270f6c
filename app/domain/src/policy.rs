//! Who may do what: roles, the permission table, scopes, and the proof that a plan was allowed.

mod holders;
mod reach;
mod right;
mod table;

use serde::{Deserialize, Serialize};

pub use self::{
    holders::{Ender, GUARDED_DAYS, Holders, Touch},
    right::Right,
    table::{Deed, Reach, Role, table},
};
use crate::{
    account::AccountStatus,
    channel::{Channel, Operation},
    dictionary::Attribute,
    ids::AccountId,
    life::Turn,
    offer::OfferEnd,
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    plan::{DayChange, HeldRole, Plan, Step, unit_after},
    rules::Rules,
};

/// Somebody who asks. It says who, never what they may do: rights are read anew for each act.
///
/// Made where a sign-in is proved, and read back from the submission that an actor confirmed; nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// A person, by their account.
    Person {
        /// The account signed in with.
        account: AccountId,
        /// The name to record.
        name: String,
    },
    /// The service itself.
    System,
}

impl Actor {
    /// The name that records show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::System => "The service",
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
        if self.actor == Actor::System {
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
        }
    }

    /// Whether a role may be granted to an account at one place: by the table, in the scope, and never to oneself.
    #[must_use]
    pub fn may_grant(&self, to: AccountId, role: Role, path: &OrganisationPath, unit: Option<&UnitPath>) -> bool {
        let in_scope = self.scope(Deed::of_grant(role)).covers(path, unit);
        self.actor == Actor::System || (in_scope && self.actor.account() != Some(to))
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
            || self.actor == Actor::System
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

/// Proof that a plan was allowed: only [`authorise`] makes one, and only with one does the store write.
///
/// ```compile_fail
/// // Its fields are private, so nobody can pretend.
/// let plan = domain::plan::Plan { channel: domain::channel::Channel::System, organisations: vec![], holders: Default::default(), rows: vec![] };
/// let proof = domain::policy::AuthorisedPlan { actor: domain::policy::Actor::System, plan };
/// ```
#[derive(Clone, Debug)]
pub struct AuthorisedPlan {
    actor: Actor,
    plan: Plan,
    rights: Vec<Vec<Right>>,
}

impl AuthorisedPlan {
    /// Who is allowed to.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What is allowed.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// By what rights, for each row of the plan.
    #[must_use]
    pub fn rights(&self) -> &[Vec<Right>] {
        &self.rights
    }
}

/// The plan holds a step that its asker may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied;

/// Allows a whole plan, or nothing of it.
///
/// # Errors
/// `Denied` when any step lies outside the channel's or the asker's rights.
pub fn authorise(authority: &Authority, plan: Plan) -> Result<AuthorisedPlan, Denied> {
    let path = |code: &OrganisationCode| {
        plan.organisations
            .iter()
            .find(|organisation| organisation.code == *code)
            .map(|found| &found.path)
            // A role may be held elsewhere than its holder belongs.
            .or_else(|| plan.holders.places.get(code))
    };
    let channel = plan.channel;
    let allowed = plan.rows.iter().all(|row| {
        let Some(operation) = row.step.operation() else {
            return true;
        };
        let may = |code: &OrganisationCode, unit: Option<&UnitPath>| {
            path(code).is_some_and(|path| authority.may(operation, channel, path, unit))
        };
        operation.goes_through(channel)
            && authority.may_touch(&row.step, &plan.holders)
            && (is_own(authority.actor(), &row.step) || covers(authority, &row.step, path, may))
    });
    if allowed {
        let rights = plan.rows.iter();
        let rights = rights
            .map(|row| authority.rights_for(&row.step, channel, path))
            .collect();
        Ok(AuthorisedPlan {
            actor: authority.actor.clone(),
            rights,
            plan,
        })
    } else {
        Err(Denied)
    }
}

/// Whether every place that a step touches lies where the asker may do it.
fn covers<'a>(
    authority: &Authority,
    step: &Step,
    path: impl Fn(&OrganisationCode) -> Option<&'a OrganisationPath>,
    may: impl Fn(&OrganisationCode, Option<&UnitPath>) -> bool,
) -> bool {
    match step {
        Step::CreateAccount {
            organisation,
            attributes,
            ..
        }
        | Step::CreateContact {
            organisation,
            attributes,
        } => may(organisation, unit_of(attributes.text(Attribute::Unit)).as_ref()),
        Step::UpdateAccount { of, changes, days } => {
            // A file's last working day is a leaving date: it is for those who could set one by hand.
            let may_end = |path| authority.may(Operation::MarkLeaver, Channel::Portal, path, of.unit.as_ref());
            let is_leaving = |day: &DayChange| day.attribute == Attribute::EndDate;
            (!days.iter().any(is_leaving) || path(&of.organisation).is_some_and(may_end))
                && may(&of.organisation, of.unit.as_ref())
                && may(&of.organisation, unit_after(of.unit.as_ref(), changes).as_ref())
        }
        Step::UpdateContact { of, changes } => {
            may(&of.organisation, of.unit.as_ref())
                && may(&of.organisation, unit_after(of.unit.as_ref(), changes).as_ref())
        }
        Step::TurnAccount { of, .. }
        | Step::PlanLeaving { of, .. }
        | Step::PlanAbsence { of, .. }
        | Step::ResetPassword { of, .. }
        | Step::ResetFactors { of }
        | Step::ChoosePassword { of }
        | Step::EraseAccount { of, .. } => may(&of.organisation, of.unit.as_ref()),
        Step::DeleteContact { of, .. }
        | Step::RestoreContact { of }
        | Step::EraseContact { of }
        | Step::OfferContact { of, .. } => may(&of.organisation, of.unit.as_ref()),
        Step::MoveAccount {
            of,
            to,
            before,
            changes,
            ..
        } => {
            // A leaver is taken in by the other side alone.
            let leaves = *before == AccountStatus::Leaver || may(&of.organisation, of.unit.as_ref());
            leaves && may(to, unit_after(of.unit.as_ref(), changes).as_ref())
        }
        Step::MoveContact {
            of, to, changes, offer, ..
        } => {
            let offered = offer
                .as_ref()
                .is_some_and(|(open, end)| *end == OfferEnd::Accepted && open.to == *to);
            (offered || may(&of.organisation, of.unit.as_ref()))
                && may(to, unit_after(of.unit.as_ref(), changes).as_ref())
        }
        Step::EndOffer {
            offer,
            end: OfferEnd::Declined,
            ..
        } => may(&offer.to, None),
        Step::EndOffer { of, .. } => may(&of.organisation, of.unit.as_ref()),
        Step::GrantRole {
            account,
            role,
            organisation,
            unit,
            ..
        } => path(organisation).is_some_and(|path| authority.may_grant(*account, *role, path, unit.as_ref())),
        Step::RevokeRole { account, held, .. } => may_revoke(authority, *account, held, path),
        // A token is made for oneself alone, and only where one may send through the API at all.
        Step::MakeToken { of, .. } => {
            authority.actor().account() == Some(of.account)
                && !authority.scope_through(Deed::SendByMachine, Channel::Api).is_empty()
        }
        Step::RevokeToken {
            account, connector_of, ..
        } => {
            authority.actor().account() == Some(*account)
                || connector_of
                    .iter()
                    .any(|held| may_revoke(authority, *account, held, &path))
        }
        // The tree is everybody's: only those who reach all of it change it.
        Step::FoundOrganisation { .. } | Step::UpdateOrganisation { .. } => {
            authority.scope(Deed::ManageOrganisations).everything
        }
        Step::FreeAddresses { .. } => authority.actor == Actor::System,
        Step::Nothing { .. } | Step::LeaveOut { .. } => true,
    }
}

/// Whether a role of somebody's may be taken from them: by whoever could grant it there.
fn may_revoke<'a>(
    authority: &Authority,
    account: AccountId,
    held: &HeldRole,
    path: impl Fn(&OrganisationCode) -> Option<&'a OrganisationPath>,
) -> bool {
    path(&held.organisation).is_some_and(|path| authority.may_grant(account, held.role, path, held.unit.as_ref()))
}

/// What everybody may do to their own account, whatever roles they hold: take it up, use it, choose a password, and
/// change the few details that are theirs (H).
fn is_own(actor: &Actor, step: &Step) -> bool {
    let mine = |account: AccountId| actor.account() == Some(account);
    match step {
        Step::TurnAccount {
            of,
            turn: Turn::Activate | Turn::Wake,
            ..
        }
        | Step::ChoosePassword { of } => mine(of.account),
        Step::UpdateAccount { of, changes, days } => {
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

fn unit_of(text: &str) -> Option<UnitPath> {
    (!text.is_empty()).then(|| UnitPath::parse(text))
}

#[cfg(test)]
mod tests;
