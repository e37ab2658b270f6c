//! The proof that a plan was allowed, and what every step of one needs for it.

use super::{
    Actor, Authority, Deed,
    right::{Right, is_own},
};
use crate::{
    account::AccountStatus,
    channel::{Channel, Operation},
    dictionary::Attribute,
    offer::OfferEnd,
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    plan::{AccountStep, ContactStep, DayChange, HeldRole, Plan, RoleStep, Step, TokenStep, unit_after},
    values::ids::AccountId,
};

/// Proof that a plan was allowed: only [`authorise`] makes one, and only with one does the store write.
///
/// ```compile_fail
/// // Its fields are private, so nobody can pretend.
/// let actor = domain::policy::Actor::service();
/// let plan = domain::plan::Plan { channel: domain::channel::Channel::System, organisations: vec![], holders: Default::default(), rows: vec![] };
/// let proof = domain::policy::AuthorisedPlan { actor, plan };
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
        Step::Account(of, step) => {
            let here = || may(&of.organisation, of.unit.as_ref());
            match step {
                AccountStep::Update { changes, days } => {
                    // A file's last working day is a leaving date: it is for those who could set one by hand.
                    let may_end = |path| authority.may(Operation::MarkLeaver, Channel::Portal, path, of.unit.as_ref());
                    let is_leaving = |day: &DayChange| day.attribute == Attribute::EndDate;
                    (!days.iter().any(is_leaving) || path(&of.organisation).is_some_and(may_end))
                        && here()
                        && may(&of.organisation, unit_after(of.unit.as_ref(), changes).as_ref())
                }
                AccountStep::Move {
                    to, before, changes, ..
                } => {
                    // A leaver is taken in by the other side alone.
                    let leaves = *before == AccountStatus::Leaver || here();
                    leaves && may(to, unit_after(of.unit.as_ref(), changes).as_ref())
                }
                AccountStep::Turn { .. }
                | AccountStep::PlanAbsence { .. }
                | AccountStep::PlanLeaving { .. }
                | AccountStep::ResetPassword { .. }
                | AccountStep::ResetFactors
                | AccountStep::ChoosePassword
                | AccountStep::Erase { .. }
                | AccountStep::Seats { .. }
                | AccountStep::Hold { .. }
                | AccountStep::Release
                | AccountStep::AskRename { .. }
                | AccountStep::Invite => here(),
            }
        }
        Step::Contact(of, step) => {
            let here = || may(&of.organisation, of.unit.as_ref());
            match step {
                ContactStep::Update { changes } => {
                    here() && may(&of.organisation, unit_after(of.unit.as_ref(), changes).as_ref())
                }
                ContactStep::Move { to, changes, offer } => {
                    let offered = offer
                        .as_ref()
                        .is_some_and(|(open, end)| *end == OfferEnd::Accepted && open.to == *to);
                    (offered || here()) && may(to, unit_after(of.unit.as_ref(), changes).as_ref())
                }
                ContactStep::EndOffer {
                    offer,
                    end: OfferEnd::Declined,
                } => may(&offer.to, None),
                ContactStep::Delete { .. }
                | ContactStep::Restore
                | ContactStep::Erase
                | ContactStep::Offer { .. }
                | ContactStep::EndOffer { .. } => here(),
            }
        }
        Step::Role(
            account,
            RoleStep::Grant {
                role,
                organisation,
                unit,
                ..
            },
        ) => path(organisation).is_some_and(|path| authority.may_grant(*account, *role, path, unit.as_ref())),
        Step::Role(account, RoleStep::Revoke { held, .. }) => may_revoke(authority, *account, held, path),
        // A token is made for oneself alone, and only where one may send through the API at all.
        Step::Token(TokenStep::Make { of, .. }) => {
            authority.actor().account() == Some(of.account)
                && !authority.scope_through(Deed::SendByMachine, Channel::Api).is_empty()
        }
        Step::Token(TokenStep::Revoke {
            account, connector_of, ..
        }) => {
            authority.actor().account() == Some(*account)
                || connector_of
                    .iter()
                    .any(|held| may_revoke(authority, *account, held, &path))
        }
        // The tree is everybody's: only those who reach all of it change it.
        Step::Organisation(_) => authority.scope(Deed::ManageOrganisations).everything,
        // What a customer has taken is between them and the service.
        Step::Customer { .. } | Step::Subscription { .. } => authority.scope(Deed::ManageCustomers).everything,
        Step::FreeAddresses { .. } => authority.actor.is_service(),
        Step::Nothing { .. } | Step::LeaveOut { .. } => true,
    }
}

/// Whether somebody's role may be taken from them: by those who could grant it there.
fn may_revoke<'a>(
    authority: &Authority,
    account: AccountId,
    held: &HeldRole,
    path: impl Fn(&OrganisationCode) -> Option<&'a OrganisationPath>,
) -> bool {
    path(&held.organisation).is_some_and(|path| authority.may_grant(account, held.role, path, held.unit.as_ref()))
}

fn unit_of(text: &str) -> Option<UnitPath> {
    (!text.is_empty()).then(|| UnitPath::parse(text))
}
