//! Whom a step touches: the places that somebody must manage to see it, and what is left of it when its person is
//! forgotten.

use super::step::{AccountStep, ContactStep, OrganisationStep, RoleStep, SeatStep, Step, TokenStep};
use crate::{
    absence::Absence,
    account::AccountStatus,
    dictionary::{Attribute, Attributes, Change},
    offer::OfferEnd,
    organisation::{OrganisationCode, UnitPath},
    values::{email_address::EmailAddress, ids::AccountId},
};

impl Step {
    /// The step without anything personal: what a submission's row keeps when its person is forgotten.
    #[must_use]
    pub fn forgotten(mut self) -> Self {
        match &mut self {
            Self::CreateAccount { attributes, .. } | Self::CreateContact { attributes, .. } => {
                *attributes = Attributes::default();
            }
            Self::Account(_, step) => step.forget(),
            Self::Contact(_, ContactStep::Update { changes } | ContactStep::Move { changes, .. }) => changes.clear(),
            Self::FreeAddresses { addresses, .. } => addresses.clear(),
            Self::Role(_, RoleStep::Grant { terms, .. }) => terms.reason.clear(),
            Self::Role(_, RoleStep::Revoke { held, reason }) => {
                held.terms.reason.clear();
                reason.clear();
            }
            // What was wrong with it names the person, or says what they have.
            Self::LeaveOut { problems } => problems.clear(),
            // Who is told of files is a person, too; the customer stays.
            Self::Customer { before, after } => {
                after.contact = None;
                if let Some(before) = before {
                    before.contact = None;
                }
            }
            Self::Contact(..) | Self::Organisation(_) | Self::Token(_) | Self::Nothing { .. } => {}
            Self::Subscription { .. } => {}
        }
        self
    }

    /// The places whose people it touches: those who see all of them may look at it.
    #[must_use]
    pub fn places(&self) -> Vec<(OrganisationCode, Option<UnitPath>)> {
        let there = |to: &OrganisationCode, unit: Option<UnitPath>| (to.clone(), unit);
        match self {
            Self::CreateAccount {
                organisation,
                attributes,
                ..
            }
            | Self::CreateContact {
                organisation,
                attributes,
            } => vec![there(
                organisation,
                attributes
                    .get(Attribute::Unit)
                    .map(|unit| UnitPath::parse(unit.as_str())),
            )],
            Self::Account(of, step) => {
                let here = there(&of.organisation, of.unit.clone());
                match step {
                    AccountStep::Update { changes, .. } => {
                        let after = unit_after(of.unit.as_ref(), changes);
                        vec![here, there(&of.organisation, after)]
                    }
                    AccountStep::Move {
                        to, before, changes, ..
                    } => {
                        let after = there(to, unit_after(of.unit.as_ref(), changes));
                        // Who takes a leaver in need not manage the organisation that they left.
                        match before {
                            AccountStatus::Leaver => vec![after],
                            _ => vec![here, after],
                        }
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
                    | AccountStep::Invite => vec![here],
                }
            }
            Self::Contact(of, step) => {
                let here = there(&of.organisation, of.unit.clone());
                match step {
                    ContactStep::Update { changes } => {
                        let after = unit_after(of.unit.as_ref(), changes);
                        vec![here, there(&of.organisation, after)]
                    }
                    ContactStep::Move { to, changes, offer } => {
                        let after = there(to, unit_after(of.unit.as_ref(), changes));
                        match offer {
                            Some((_, OfferEnd::Accepted)) => vec![after],
                            _ => vec![here, after],
                        }
                    }
                    ContactStep::EndOffer {
                        offer,
                        end: OfferEnd::Declined,
                    } => vec![there(&offer.to, None)],
                    ContactStep::Delete { .. }
                    | ContactStep::Restore
                    | ContactStep::Erase
                    | ContactStep::Offer { .. }
                    | ContactStep::EndOffer { .. } => vec![here],
                }
            }
            Self::Role(_, RoleStep::Grant { organisation, unit, .. }) => vec![there(organisation, unit.clone())],
            Self::Role(_, RoleStep::Revoke { held, .. }) => vec![there(&held.organisation, held.unit.clone())],
            Self::Token(TokenStep::Make { of, .. }) => vec![there(&of.organisation, of.unit.clone())],
            Self::FreeAddresses { organisation, .. } | Self::Token(TokenStep::Revoke { organisation, .. }) => {
                vec![there(organisation, None)]
            }
            Self::Organisation(OrganisationStep::Found(organisation)) => vec![there(&organisation.code, None)],
            Self::Organisation(OrganisationStep::Update { organisation, .. }) => vec![there(organisation, None)],
            Self::Customer { after, .. } => vec![there(&after.organisation, None)],
            Self::Subscription { organisation, .. } => vec![there(organisation, None)],
            Self::Nothing { .. } | Self::LeaveOut { .. } => vec![],
        }
    }
}

impl AccountStep {
    fn forget(&mut self) {
        match self {
            Self::Update { changes, .. } | Self::Move { changes, .. } | Self::Seats { changes, .. } => changes.clear(),
            Self::Turn {
                back: before,
                away: after,
                ..
            }
            | Self::PlanAbsence { before, after } => {
                *before = before.take().map(Absence::forgotten);
                *after = after.take().map(Absence::forgotten);
            }
            Self::Erase { addresses } => addresses.clear(),
            Self::Hold { reason } => reason.clear(),
            Self::AskRename { to } => *to = EmailAddress::forgotten(),
            Self::PlanLeaving { .. } | Self::ResetPassword { .. } | Self::ResetFactors | Self::ChoosePassword => {}
            Self::Release | Self::Invite => {}
        }
    }
}

/// The unit that somebody is in once changes are made.
pub(crate) fn unit_after(before: Option<&UnitPath>, changes: &[Change]) -> Option<UnitPath> {
    let moved = changes.iter().find(|change| change.attribute == Attribute::Unit);
    match moved {
        None => before.cloned(),
        Some(change) => change.after.as_ref().map(|unit| UnitPath::parse(unit.as_str())),
    }
}

impl Step {
    /// Whether its person is sent an invitation, where a change file asks for it: somebody new, somebody who gets a seat to
    /// activate, or who is to be invited again. `suppressed`: its row says that nobody is written to.
    #[must_use]
    pub fn invites(&self, suppressed: bool) -> bool {
        match self {
            Self::CreateAccount { provision, .. } => provision.invites(),
            Self::Account(_, AccountStep::Invite) => true,
            Self::Account(_, AccountStep::Seats { seats, .. }) => {
                !suppressed && seats.iter().any(SeatStep::is_to_activate)
            }
            _ => false,
        }
    }

    /// Who gets what is kept in the seats that it ends.
    pub fn heirs(&self) -> impl Iterator<Item = AccountId> {
        let changed = match self.of_account() {
            Some(AccountStep::Seats { seats, .. }) => seats.as_slice(),
            _ => &[],
        };
        let revoked = changed.iter().filter_map(|seat| match seat {
            SeatStep::Revoke(end) => Some(end),
            SeatStep::Assign(_) | SeatStep::Change { .. } | SeatStep::Storage { .. } => None,
        });
        let ends = self.seat_ends().iter().chain(revoked);
        ends.filter_map(|end| end.content_to)
    }
}
