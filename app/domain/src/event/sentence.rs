//! What histories say of each fact. Days are written by whoever knows the calendar: `day` gives one as people read it.

use super::Fact;
use crate::{
    absence::Absence,
    account::AccountStatus,
    dictionary::Change,
    grant::Terms,
    ids::Timestamp,
    life::{LinkFor, Turn},
    organisation::{OrganisationCode, UnitPath},
};

impl Fact {
    /// As [`Self::sentence`], in the history of an organisation: who has gone from there has left it.
    #[must_use]
    pub fn sentence_in(&self, place: &OrganisationCode, day: fn(Timestamp) -> String) -> String {
        match self {
            Self::AccountMoved { from, organisation, .. } | Self::ContactMoved { from, organisation, .. }
                if from == place =>
            {
                format!("Left for {organisation}")
            }
            fact => fact.sentence(day),
        }
    }

    /// What happened, as the beginning of a sentence: "Account created".
    #[must_use]
    pub fn sentence(&self, day: fn(Timestamp) -> String) -> String {
        let details = |changes: &[Change]| match changes {
            [] => "Details changed, and since forgotten".to_owned(),
            [only] => format!("{} changed", only.attribute.name()),
            many => format!("{} details changed", many.len()),
        };
        let over = |organisation: &OrganisationCode, unit: &Option<UnitPath>| match unit {
            None => organisation.to_string(),
            Some(unit) => format!("{unit} in {organisation}"),
        };
        let named = |what: String, name: &str| match name {
            "" => what,
            name => format!("{what}: {name}"),
        };
        let because = |what: String, reason: &str| match reason {
            "" => what,
            reason => format!("{what}. Reason: {reason}"),
        };
        match self {
            Self::OrganisationFounded { .. } => "Organisation added".into(),
            Self::AccountCreated { .. } => "Account created".into(),
            Self::OrganisationChanged { changes, .. } => format!("Organisation: {}", details(changes).to_lowercase()),
            Self::AccountChanged { changes, .. } | Self::ContactChanged { changes, .. } => details(changes),
            Self::AccountTurned {
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
            Self::AbsencePlanned { before, after, .. } => match (before, after) {
                (_, None) => "Absence cancelled".into(),
                (None, Some(after)) => because(format!("Absence planned{}", on_days(after, day)), &after.reason),
                (Some(_), Some(after)) => because(format!("Absence changed{}", on_days(after, day)), &after.reason),
            },
            Self::LeavingPlanned { after: Some(_), .. } => "Leaving date set".into(),
            Self::LeavingPlanned { after: None, .. } => "Leaving date cancelled".into(),
            Self::StartPlanned { .. } => "First day changed".into(),
            Self::AccountMoved {
                from,
                organisation,
                before: AccountStatus::Leaver,
                ..
            } => format!("Joined {organisation} from {from}"),
            Self::AccountMoved { from, organisation, .. } => format!("Transferred from {from} to {organisation}"),
            Self::PasswordReset {
                link: LinkFor::Activation,
                ..
            } => "Activation link given out".into(),
            Self::PasswordReset { .. } => "Password reset: a link to choose another one was made".into(),
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
                format!(
                    "Made {} of {}{}",
                    role.name(),
                    over(organisation, unit),
                    on_terms(terms, day)
                ),
                &terms.reason,
            ),
            Self::TokenMade { token, name, .. } => named(format!("API token {token} made"), name),
            Self::TokenRevoked { token, name, .. } => named(format!("API token {token} revoked"), name),
        }
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
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        ids::{AccountId, GrantId},
        policy::Role,
    };

    fn granted(role: Role, terms: Terms) -> String {
        let fact = Fact::RoleGranted {
            grant: GrantId(Default::default()),
            account: AccountId(Default::default()),
            role,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            terms,
        };
        fact.sentence(|at| format!("day {}", at.0 / 86_400_000))
    }

    #[test]
    fn a_role_is_told_with_its_terms_and_its_reason_apart() {
        let terms = Terms {
            from: Some(Timestamp(86_400_000)),
            until: Some(Timestamp(10 * 86_400_000)),
            channels: vec![Channel::EmailCsv, Channel::Api, Channel::ChangeFile],
            reason: "the new payroll".to_owned(),
        };
        let told = "Made Connector of RIV, from day 1 until day 9, sending by email CSV, API and change file. \
                    Reason: the new payroll";
        assert_eq!(granted(Role::Connector, terms), told);
        assert_eq!(
            granted(Role::LocalHelpdesk, Terms::default()),
            "Made Local Helpdesk of RIV"
        );
    }

    #[test]
    fn an_activation_link_is_not_told_as_a_password_reset() {
        let told = |link| {
            let fact = Fact::PasswordReset {
                account: AccountId(Default::default()),
                organisation: OrganisationCode::parse("RIV").unwrap(),
                link,
            };
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
            let fact = Fact::AbsencePlanned {
                account,
                organisation: organisation.clone(),
                before,
                after,
            };
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
        let disabled = Fact::AccountTurned {
            account,
            organisation,
            turn: Turn::Disable,
            before: AccountStatus::Active,
            after: AccountStatus::Disabled,
            leaving: None,
            back: None,
            away: Some(absence(None, Some(9))),
        };
        assert_eq!(
            disabled.sentence(|at| format!("day {}", at.0 / 86_400_000)),
            "Account disabled: Active → Disabled, back on day 9. Reason: parental leave"
        );
    }
}
