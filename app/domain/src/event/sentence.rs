//! What histories say of each fact.

use super::Fact;
use crate::{
    account::AccountStatus,
    life::Turn,
    organisation::{OrganisationCode, UnitPath},
    plan::Change,
};

impl Fact {
    /// As [`Self::sentence`], in the history of an organisation: who has gone from there has left it.
    #[must_use]
    pub fn sentence_in(&self, place: &OrganisationCode) -> String {
        match self {
            Self::AccountMoved { from, organisation, .. } | Self::ContactMoved { from, organisation, .. }
                if from == place =>
            {
                format!("Left for {organisation}")
            }
            fact => fact.sentence(),
        }
    }

    /// What happened, as the beginning of a sentence: "Account created".
    #[must_use]
    pub fn sentence(&self) -> String {
        let details = |changes: &[Change]| match changes {
            [] => "Details changed, and since forgotten".to_owned(),
            [only] => format!("{} changed", only.attribute.name()),
            many => format!("{} details changed", many.len()),
        };
        let over = |organisation: &OrganisationCode, unit: &Option<UnitPath>| match unit {
            None => organisation.to_string(),
            Some(unit) => format!("{unit} in {organisation}"),
        };
        let because = |what: String, words: &str| match words {
            "" => what,
            words => format!("{what}: {words}"),
        };
        match self {
            Self::OrganisationFounded { .. } => "Organisation added".into(),
            Self::AccountCreated { .. } => "Account created".into(),
            Self::AccountChanged { changes, .. } | Self::ContactChanged { changes, .. } => details(changes),
            Self::AccountTurned {
                turn, before, after, ..
            } => {
                let what = match turn {
                    Turn::Activate => "Account taken up by its person",
                    Turn::Wake => "Account used again",
                    Turn::Idle => "Account not used for a while",
                    Turn::Lock => "Account locked after failed sign-ins",
                    Turn::Unlock => "Account unlocked",
                    Turn::Disable => "Account disabled",
                    Turn::Enable => "Account enabled",
                    Turn::MarkLeaver => "Marked as leaver",
                    Turn::KeepOn => "Not a leaver after all",
                    Turn::Delete => "Account deleted",
                    Turn::Restore => "Account restored",
                };
                format!("{what}: {} → {}", before.name(), after.name())
            }
            Self::LeavingPlanned { after: Some(_), .. } => "Leaving date set".into(),
            Self::LeavingPlanned { after: None, .. } => "Leaving date given up".into(),
            Self::AccountMoved {
                from,
                organisation,
                before: AccountStatus::Leaver,
                ..
            } => format!("Joined {organisation} from {from}"),
            Self::AccountMoved { from, organisation, .. } => format!("Transferred from {from} to {organisation}"),
            Self::PasswordReset { .. } => "Password reset: a one-time link was made".into(),
            Self::FactorsReset { .. } => "Second factor reset".into(),
            Self::PasswordChosen { .. } => "Password chosen by its person".into(),
            Self::AccountErased { .. } => "Account permanently deleted".into(),
            Self::AddressesFreed { .. } => "Reserved addresses became free".into(),
            Self::ContactCreated { .. } => "Contact created".into(),
            Self::ContactDeleted { .. } => "Contact deleted".into(),
            Self::ContactRestored { .. } => "Contact restored".into(),
            Self::ContactErased { .. } => "Contact permanently deleted".into(),
            Self::ContactMoved { from, organisation, .. } => format!("Transferred from {from} to {organisation}"),
            Self::ContactOffered { to, to_name, .. } => format!("Offered to {to_name} ({to})"),
            Self::OfferEnded { to, end, .. } => format!("The offer to {to} {}", end.name()),
            Self::RoleEnded {
                role,
                organisation,
                unit,
                reason,
                ..
            } => because(
                format!("No longer {} of {}", role.name(), over(organisation, unit)),
                reason,
            ),
            Self::RoleGranted {
                role,
                organisation,
                unit,
                terms,
                ..
            } => because(
                format!("Made {} of {}", role.name(), over(organisation, unit)),
                &terms.reason,
            ),
            Self::TokenMade { token, name, .. } => because(format!("API token {token} made"), name),
            Self::TokenRevoked { token, name, .. } => because(format!("API token {token} revoked"), name),
        }
    }
}
