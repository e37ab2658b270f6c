//! Whom a step touches: the places that somebody must manage to see it, and what is left of it when its person is
//! forgotten.

use super::{
    about::{AccountRef, ContactRef, HeldRole},
    step::Step,
};
use crate::{
    absence::Absence,
    account::AccountStatus,
    dictionary::{Attribute, Attributes, Change},
    offer::OfferEnd,
    organisation::{OrganisationCode, UnitPath},
};

impl Step {
    /// The step without anything personal: what a submission's row keeps when its person is forgotten.
    #[must_use]
    pub fn forgotten(self) -> Self {
        match self {
            Self::CreateAccount {
                organisation,
                with_password,
                stay,
                ..
            } => Self::CreateAccount {
                organisation,
                attributes: Attributes::default(),
                with_password,
                stay,
            },
            Self::TurnAccount {
                of,
                turn,
                before,
                after,
                leaving,
                leaves_on,
                back,
                away,
                ends,
            } => Self::TurnAccount {
                of,
                turn,
                before,
                after,
                leaving,
                leaves_on,
                back: back.map(Absence::forgotten),
                away: away.map(Absence::forgotten),
                ends,
            },
            Self::PlanAbsence { of, before, after } => Self::PlanAbsence {
                of,
                before: before.map(Absence::forgotten),
                after: after.map(Absence::forgotten),
            },
            Self::CreateContact { organisation, .. } => Self::CreateContact {
                organisation,
                attributes: Attributes::default(),
            },
            Self::UpdateAccount { of, days, .. } => Self::UpdateAccount {
                of,
                changes: vec![],
                days,
            },
            Self::UpdateContact { of, .. } => Self::UpdateContact { of, changes: vec![] },
            Self::MoveAccount {
                of,
                to,
                before,
                leaving,
                leaves_on,
                ends,
                ..
            } => Self::MoveAccount {
                of,
                to,
                before,
                changes: vec![],
                leaving,
                leaves_on,
                ends,
            },
            Self::MoveContact { of, to, offer, .. } => Self::MoveContact {
                of,
                to,
                changes: vec![],
                offer,
            },
            Self::EraseAccount { of, .. } => Self::EraseAccount { of, addresses: vec![] },
            Self::FreeAddresses {
                account, organisation, ..
            } => Self::FreeAddresses {
                account,
                organisation,
                addresses: vec![],
            },
            Self::GrantRole {
                account,
                role,
                organisation,
                unit,
                terms,
            } => Self::GrantRole {
                account,
                role,
                organisation,
                unit,
                terms: terms.forgotten(),
            },
            Self::RevokeRole { account, held, .. } => Self::RevokeRole {
                account,
                held: HeldRole {
                    terms: held.terms.forgotten(),
                    ..held
                },
                reason: String::new(),
            },
            // What was wrong with it names the person, or says what they have.
            Self::LeaveOut { .. } => Self::LeaveOut { problems: vec![] },
            other => other,
        }
    }

    /// The places whose people it touches: whoever sees all of them may look at it.
    #[must_use]
    pub fn places(&self) -> Vec<(OrganisationCode, Option<UnitPath>)> {
        let account = |of: &AccountRef| (of.organisation.clone(), of.unit.clone());
        let contact = |of: &ContactRef| (of.organisation.clone(), of.unit.clone());
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
            Self::UpdateAccount { of, changes, .. } => {
                vec![
                    account(of),
                    there(&of.organisation, unit_after(of.unit.as_ref(), changes)),
                ]
            }
            Self::UpdateContact { of, changes } => {
                vec![
                    contact(of),
                    there(&of.organisation, unit_after(of.unit.as_ref(), changes)),
                ]
            }
            Self::TurnAccount { of, .. }
            | Self::PlanLeaving { of, .. }
            | Self::PlanAbsence { of, .. }
            | Self::ResetPassword { of, .. }
            | Self::ResetFactors { of }
            | Self::ChoosePassword { of }
            | Self::EraseAccount { of, .. }
            | Self::MakeToken { of, .. } => vec![account(of)],
            Self::MoveAccount {
                of,
                to,
                before,
                changes,
                ..
            } => {
                let after = there(to, unit_after(of.unit.as_ref(), changes));
                // Who takes a leaver in need not manage the organisation that they left.
                match before {
                    AccountStatus::Leaver => vec![after],
                    _ => vec![account(of), after],
                }
            }
            Self::DeleteContact { of, .. }
            | Self::RestoreContact { of }
            | Self::EraseContact { of }
            | Self::OfferContact { of, .. } => vec![contact(of)],
            Self::MoveContact {
                of, to, changes, offer, ..
            } => {
                let after = there(to, unit_after(of.unit.as_ref(), changes));
                match offer {
                    Some((_, OfferEnd::Accepted)) => vec![after],
                    _ => vec![contact(of), after],
                }
            }
            Self::EndOffer {
                offer,
                end: OfferEnd::Declined,
                ..
            } => vec![there(&offer.to, None)],
            Self::EndOffer { of, .. } => vec![contact(of)],
            Self::GrantRole { organisation, unit, .. } => vec![there(organisation, unit.clone())],
            Self::RevokeRole { held, .. } => vec![there(&held.organisation, held.unit.clone())],
            Self::FreeAddresses { organisation, .. } | Self::RevokeToken { organisation, .. } => {
                vec![there(organisation, None)]
            }
            Self::FoundOrganisation { organisation } => vec![there(&organisation.code, None)],
            Self::UpdateOrganisation { organisation, .. } => vec![there(organisation, None)],
            Self::Nothing { .. } | Self::LeaveOut { .. } => vec![],
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
