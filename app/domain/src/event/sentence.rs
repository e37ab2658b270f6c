//! What histories say of each fact. Days are written by the caller, who knows the calendar: `day` gives one as people read it.

use super::{AccountFact, ContactFact, Fact, OfferFact, OrganisationFact, RoleFact, TokenFact};
use crate::{
    absence::Absence,
    account::status::AccountStatus,
    dictionary::Change,
    grant::Terms,
    life::{LinkFor, Turn},
    organisation::{OrganisationCode, UnitPath},
    values::ids::Timestamp,
};

impl Fact {
    /// As [`Self::sentence`], in the history of an organisation: who has gone from there has left it.
    #[must_use]
    pub fn sentence_in(&self, place: &OrganisationCode, day: fn(Timestamp) -> String) -> String {
        match self {
            Self::Account(_, to, AccountFact::Moved { from, .. })
            | Self::Contact(_, to, ContactFact::Moved { from, .. })
                if from == place =>
            {
                format!("Left for {to}")
            }
            fact => fact.sentence(day),
        }
    }

    /// What happened, as the beginning of a sentence: "Account created".
    #[must_use]
    pub fn sentence(&self, day: fn(Timestamp) -> String) -> String {
        let over = |organisation: &OrganisationCode, unit: &Option<UnitPath>| match unit {
            None => organisation.to_string(),
            Some(unit) => format!("{unit} in {organisation}"),
        };
        match self {
            Self::Organisation(OrganisationFact::Founded(_)) => "Organisation added".into(),
            Self::Organisation(OrganisationFact::Changed { changes, .. }) => {
                format!("Organisation: {}", details(changes).to_lowercase())
            }
            Self::Account(_, organisation, what) => what.sentence(organisation, day),
            Self::Contact(_, organisation, what) => match what {
                ContactFact::Created { .. } => "Contact created".into(),
                ContactFact::Changed { changes } => details(changes),
                ContactFact::Deleted => "Contact deleted".into(),
                ContactFact::Restored => "Contact restored".into(),
                ContactFact::Erased => "Contact permanently deleted".into(),
                ContactFact::Moved { from, .. } => format!("Transferred from {from} to {organisation}"),
            },
            Self::Offer { to, what, .. } => match what {
                OfferFact::Made { to_name } => format!("Offered to {to_name} ({to})"),
                OfferFact::Ended { end } => format!("The offer to {to} {}", end.name()),
            },
            Self::Role {
                role,
                organisation,
                unit,
                what,
                ..
            } => {
                let place = over(organisation, unit);
                match what {
                    RoleFact::Ended { reason } => because(format!("No longer {} of {place}", role.name()), reason),
                    RoleFact::Granted { terms } => because(
                        format!("Made {} of {place}{}", role.name(), on_terms(terms, day)),
                        &terms.reason,
                    ),
                }
            }
            Self::Token { token, name, what, .. } => {
                let done = match what {
                    TokenFact::Made { .. } => "made",
                    TokenFact::Revoked => "revoked",
                };
                match name.as_str() {
                    "" => format!("API token {token} {done}"),
                    name => format!("API token {token} {done}: {name}"),
                }
            }
        }
    }
}

impl AccountFact {
    /// What happened to an account that belongs to this organisation.
    fn sentence(&self, organisation: &OrganisationCode, day: fn(Timestamp) -> String) -> String {
        match self {
            Self::Created { .. } => "Account created".into(),
            Self::Changed { changes } => details(changes),
            Self::Turned {
                turn,
                before,
                after,
                away,
                ..
            } => {
                let what = match turn {
                    Turn::Activate => "Account activated",
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
                let what = format!("{what}: {} → {}", before.name(), after.name());
                match away {
                    Some(away) => because(format!("{what}{}", on_days(away, day)), &away.reason),
                    None => what,
                }
            }
            Self::AbsencePlanned { before, after } => match (before, after) {
                (_, None) => "Absence cancelled".into(),
                (None, Some(after)) => because(format!("Absence planned{}", on_days(after, day)), &after.reason),
                (Some(_), Some(after)) => because(format!("Absence changed{}", on_days(after, day)), &after.reason),
            },
            Self::LeavingPlanned { after: Some(_), .. } => "Leaving date set".into(),
            Self::LeavingPlanned { after: None, .. } => "Leaving date cancelled".into(),
            Self::StartPlanned { .. } => "First day changed".into(),
            Self::Moved {
                from,
                before: AccountStatus::Leaver,
                ..
            } => format!("Joined {organisation} from {from}"),
            Self::Moved { from, .. } => format!("Transferred from {from} to {organisation}"),
            Self::PasswordReset {
                link: LinkFor::Activation,
            } => "Activation link given out".into(),
            Self::PasswordReset { .. } => "Password reset: a link to choose a new one was made".into(),
            Self::FactorsReset => "Second factor reset".into(),
            Self::PasswordChosen => "Password chosen by the person".into(),
            Self::Erased { .. } => "Account permanently deleted".into(),
            Self::AddressesFreed { .. } => "Reserved email addresses can be used again".into(),
        }
    }
}

fn details(changes: &[Change]) -> String {
    match changes {
        [] => "Details changed (the values have been erased)".to_owned(),
        [only] => format!("{} changed", only.attribute.name()),
        many => format!("{} details changed", many.len()),
    }
}

fn because(what: String, reason: &str) -> String {
    match reason {
        "" => what,
        reason => format!("{what}. Reason: {reason}"),
    }
}

/// From when until when somebody is away: ", from 1 March 2027, back on 9 March 2027".
fn on_days(absence: &Absence, day: fn(Timestamp) -> String) -> String {
    let from = absence.from.map(|from| format!(", from {}", day(from)));
    let back = absence.until.map(|until| format!(", back on {}", day(until)));
    from.into_iter().chain(back).collect()
}

/// From when until when a role is held, and through what: ", from 1 March 2027, sending by API".
fn on_terms(terms: &Terms, day: fn(Timestamp) -> String) -> String {
    let mut said = String::new();
    match (terms.from.map(day), terms.last_moment().map(day)) {
        (None, None) => {}
        (Some(from), None) => said += &format!(", from {from}"),
        (None, Some(until)) => said += &format!(", until {until}"),
        (Some(from), Some(until)) => said += &format!(", from {from} until {until}"),
    }
    let channels: Vec<_> = terms.channels.iter().map(|channel| channel.name()).collect();
    match channels.as_slice() {
        [] => {}
        [only] => said += &format!(", sending by {only}"),
        [some @ .., last] => said += &format!(", sending by {} and {last}", some.join(", ")),
    }
    if terms.may_disable {
        said += ", may disable accounts";
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        policy::Role,
        values::ids::{AccountId, GrantId},
    };

    fn granted(role: Role, terms: Terms) -> String {
        let fact = Fact::Role {
            grant: GrantId(Default::default()),
            account: AccountId(Default::default()),
            role,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            what: RoleFact::Granted { terms },
        };
        fact.sentence(|at| format!("day {}", at.0 / 86_400_000))
    }

    #[test]
    fn a_role_is_told_with_its_terms_and_its_reason_apart() {
        let terms = Terms {
            from: Some(Timestamp(86_400_000)),
            until: Some(Timestamp(10 * 86_400_000)),
            channels: vec![Channel::EmailCsv, Channel::Api, Channel::ChangeFile],
            may_disable: true,
            reason: "the new payroll".to_owned(),
        };
        let told = "Made Connector of RIV, from day 1 until day 9, sending by email, API and change file, \
                    may disable accounts. Reason: the new payroll";
        assert_eq!(granted(Role::Connector, terms), told);
        assert_eq!(
            granted(Role::LocalHelpdesk, Terms::default()),
            "Made Local Helpdesk of RIV"
        );
    }

    #[test]
    fn an_activation_link_is_not_told_as_a_password_reset() {
        let told = |link| {
            let fact = Fact::Account(
                AccountId(Default::default()),
                OrganisationCode::parse("RIV").unwrap(),
                AccountFact::PasswordReset { link },
            );
            fact.sentence(|at| at.0.to_string())
        };
        assert_eq!(told(LinkFor::Activation), "Activation link given out");
        assert!(told(LinkFor::AnotherPassword).starts_with("Password reset"));
    }

    #[test]
    fn an_absence_is_told_with_its_days_and_its_reason() {
        let absence = |from: Option<i64>, until: Option<i64>| Absence {
            from: from.map(|day| Timestamp(day * 86_400_000)),
            until: until.map(|day| Timestamp(day * 86_400_000)),
            reason: "parental leave".to_owned(),
        };
        let (account, organisation) = (AccountId(Default::default()), OrganisationCode::parse("RIV").unwrap());
        let planned = |before: Option<Absence>, after: Option<Absence>| {
            let fact = Fact::Account(
                account,
                organisation.clone(),
                AccountFact::AbsencePlanned { before, after },
            );
            fact.sentence(|at| format!("day {}", at.0 / 86_400_000))
        };
        let ahead = absence(Some(1), Some(9));
        assert_eq!(
            planned(None, Some(ahead.clone())),
            "Absence planned, from day 1, back on day 9. Reason: parental leave"
        );
        assert_eq!(
            planned(Some(ahead.clone()), Some(absence(None, None))),
            "Absence changed. Reason: parental leave"
        );
        assert_eq!(planned(Some(ahead), None), "Absence cancelled");
        let disabled = Fact::Account(
            account,
            organisation,
            AccountFact::Turned {
                turn: Turn::Disable,
                before: AccountStatus::Active,
                after: AccountStatus::Disabled,
                leaving: None,
                back: None,
                away: Some(absence(None, Some(9))),
            },
        );
        assert_eq!(
            disabled.sentence(|at| format!("day {}", at.0 / 86_400_000)),
            "Account disabled: Active → Disabled, back on day 9. Reason: parental leave"
        );
    }
}
