//! Touching somebody who holds a role: what takes a role from them, or opens their account to another, is for those who
//! could end every role that they hold.

use std::collections::{HashMap, HashSet};

use super::{
    Authority,
    touch::{Ender, Touch},
};
use crate::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    organisation::{OrganisationCode, OrganisationPath},
    plan::{AccountStep, ContactStep, DayChange, HeldRole, Step},
    values::ids::AccountId,
};

impl Touch {
    /// What a step is to the person it touches.
    #[must_use]
    pub fn of(step: &Step) -> Self {
        match step.of_account() {
            Some(AccountStep::Turn { turn, .. }) => Self::Turn(*turn),
            Some(AccountStep::PlanLeaving { .. }) => Self::PlanLeaving,
            Some(AccountStep::PlanAbsence { .. }) => Self::PlanAbsence,
            Some(AccountStep::Move {
                before: AccountStatus::Leaver,
                ..
            }) => Self::TakeIn,
            Some(AccountStep::Move { .. }) => Self::Transfer,
            Some(AccountStep::ResetPassword { .. }) => Self::ResetPassword,
            Some(AccountStep::ResetFactors) => Self::ResetFactors,
            // Two that touch somebody may stand in one row of a file; the day takes their roles.
            Some(AccountStep::Update { days, .. }) if days.iter().any(DayChange::is_leaving) => Self::PlanLeaving,
            Some(AccountStep::Update { changes, .. }) => {
                let is_of = |own| changes.iter().any(|change| change.attribute == own);
                match is_of(Attribute::UserName) && !is_of(Attribute::EmailAddress) {
                    true => Self::ChangeUserName,
                    false => Self::ChangeAddress,
                }
            }
            Some(AccountStep::AskRename { .. }) => Self::ChangeAddress,
            _ => Self::Change,
        }
    }
}

/// What is known of the roles of the people that a plan touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// The roles that accounts hold.
    pub roles: HashMap<AccountId, Vec<HeldRole>>,
    /// Where the organisations of those roles stand in the tree.
    pub places: HashMap<OrganisationCode, OrganisationPath>,
    /// The accounts whose email address was changed within the last [`GUARDED_DAYS`](super::GUARDED_DAYS).
    pub readdressed: HashSet<AccountId>,
}

impl Holders {
    /// The roles of an account; empty if it holds none.
    #[must_use]
    pub fn roles_of(&self, account: AccountId) -> &[HeldRole] {
        self.roles.get(&account).map_or(&[], Vec::as_slice)
    }

    /// The role holder from whom a step takes their roles, or whose account it opens to another.
    fn touched_by(&self, step: &Step) -> Option<AccountId> {
        let account = match step {
            Step::Account(of, AccountStep::Turn { turn, .. }) if turn.ends_rights() => of.account,
            Step::Account(
                of,
                AccountStep::PlanLeaving { after: Some(_), .. }
                | AccountStep::PlanAbsence { after: Some(_), .. }
                | AccountStep::Move { .. }
                | AccountStep::ResetFactors
                // What is asked becomes their address by a click, without anybody who is asked again.
                | AccountStep::AskRename { .. },
            ) => of.account,
            Step::Account(of, AccountStep::ResetPassword { .. }) if self.readdressed.contains(&of.account) => {
                of.account
            }
            step if step.changes_sign_in_address() || step.days().iter().any(DayChange::is_leaving) => {
                step.account()?
            }
            _ => return None,
        };
        (!self.roles_of(account).is_empty()).then_some(account)
    }
}

impl Step {
    /// Whether it changes the name or the address by which somebody signs in, or to which their links are sent.
    #[must_use]
    pub fn changes_sign_in_address(&self) -> bool {
        let is_address = |attribute| matches!(attribute, Attribute::EmailAddress | Attribute::UserName);
        self.account().is_some() && self.changes().iter().any(|change| is_address(change.attribute))
    }

    /// Whether its confirmer must have shown lately who they are: it gives or ends a role, or opens somebody's account to
    /// the person who gets a link. The first link of a new account opens nothing that was there before.
    #[must_use]
    pub fn asks_for_proof(&self) -> bool {
        match self {
            Self::Role(..) => true,
            Self::Account(
                _,
                AccountStep::ResetPassword { .. }
                | AccountStep::ResetFactors
                | AccountStep::Move {
                    before: AccountStatus::Leaver,
                    ..
                }
                | AccountStep::Turn {
                    turn: Turn::Restore,
                    after: AccountStatus::Pending,
                    ..
                },
            ) => true,
            step => !step.ends().is_empty(),
        }
    }

    /// The same, where it is done to more than one person: it moves or ends them.
    #[must_use]
    pub fn asks_for_proof_of_many(&self) -> bool {
        match self {
            Self::Account(_, step) => match step {
                AccountStep::Turn { turn, .. } => turn.ends_rights(),
                AccountStep::PlanLeaving { after, .. } => after.is_some(),
                AccountStep::PlanAbsence { after, .. } => after.is_some(),
                AccountStep::Move { .. } => true,
                AccountStep::Update { days, .. } => days.iter().any(DayChange::is_leaving),
                _ => false,
            },
            Self::Contact(_, step) => matches!(step, ContactStep::Move { .. } | ContactStep::Delete { .. }),
            _ => false,
        }
    }

    /// The same, where its person holds a role.
    #[must_use]
    pub fn asks_for_proof_of_holder(&self) -> bool {
        let asks_for_rename = matches!(self.of_account(), Some(AccountStep::AskRename { .. }));
        self.asks_for_proof() || self.asks_for_proof_of_many() || self.changes_sign_in_address() || asks_for_rename
    }
}

impl Authority {
    /// Whether a step leaves role holders alone, or touches only those whose every role the asker may revoke.
    #[must_use]
    pub fn may_touch(&self, step: &Step, holders: &Holders) -> bool {
        let touched = holders.touched_by(step);
        touched.is_none_or(|account| self.may_revoke_all(account, holders))
    }

    /// Whether the asker may revoke every role that an account holds; true of who holds none.
    #[must_use]
    pub fn may_revoke_all(&self, account: AccountId, holders: &Holders) -> bool {
        self.who_ends(account, holders).is_none()
    }

    /// Who could end the roles of an account that the asker cannot end; `None` if they can end all of them.
    #[must_use]
    pub fn who_ends(&self, account: AccountId, holders: &Holders) -> Option<Ender> {
        let may_revoke = |held: &HeldRole| {
            let place = holders.places.get(&held.organisation);
            place.is_some_and(|path| self.may_grant(account, held.role, path, held.unit.as_ref()))
        };
        if self.actor.is_service() {
            return None;
        }
        let held = holders.roles_of(account);
        if held.iter().all(may_revoke) {
            return None;
        }
        // Nobody but a Global Administrator reaches several trees.
        let root = |role: &HeldRole| holders.places.get(&role.organisation).map(OrganisationPath::root);
        let several = held.iter().any(|role| root(role) != held.first().and_then(root));
        if several || held.iter().any(|role| role.role.is_global()) {
            Some(Ender::Global)
        } else {
            Some(Ender::PrimaryThere)
        }
    }
}
