//! What histories say of each fact. Days are written by the caller, who knows the calendar: `day` gives one as people read it.

use super::{AccountFact, ContactFact, Fact, OfferFact, OrganisationFact, RoleFact, TokenFact};
use crate::{
    absence::Absence,
    account::status::AccountStatus,
    dictionary::Change,
    grant::Terms,
    life::{LinkFor, Turn},
    organisation::{OrganisationCode, UnitPath},
    subscription::{Seat, Side},
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
            Self::Customer { before, after } => {
                format!("Customer {} {}", after.number, added_or_changed(before.is_some()))
            }
            Self::Subscription { before, after, .. } => {
                let done = added_or_changed(before.is_some());
                format!("Subscription {} ({}) {done}", after.number, after.name)
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
            Self::SeatAssigned { seat } => format!("Seat assigned: {}", named(seat)),
            Self::SeatChanged { before, after } => seat_changed(before, after),
            Self::SeatRevoked { seat, content_to: None } => format!("Seat revoked: {}", named(seat)),
            Self::SeatRevoked { seat, .. } => format!("Seat revoked: {}. Another person gets its content", named(seat)),
            Self::Held { reason } => because("Account held".into(), reason),
            Self::Released => "Account released".into(),
            Self::RenameAsked { to } => match to.as_str() {
                "" => "Confirmation of a new email address requested".into(),
                to => format!("Confirmation of a new email address requested: {to}"),
            },
            Self::Invited => "Activation link sent again".into(),
        }
    }
}

const fn added_or_changed(was_there: bool) -> &'static str {
    if was_there { "changed" } else { "added" }
}

/// A seat by what it is for, and its subscription: `Mail (69052)`.
fn named(seat: &Seat) -> String {
    format!("{} ({})", seat.offering.name(), seat.subscription)
}

fn seat_changed(before: &Seat, after: &Seat) -> String {
    let extra = |side: Side, before: u32, after: u32| {
        (before != after).then(|| format!("extra {} storage {before} → {after} GB", side.name()))
    };
    let extras = [
        extra(Side::Collab, before.collab_extra_gb, after.collab_extra_gb),
        extra(Side::Mail, before.mail_extra_gb, after.mail_extra_gb),
    ];
    let extras: Vec<_> = extras.into_iter().flatten().collect();
    let told = match (before.subscription == after.subscription, extras.is_empty()) {
        (false, _) => format!("Seat changed: {} → {}", named(before), named(after)),
        (true, true) if after.active && !before.active => format!("Seat activated: {}", named(after)),
        (true, _) => format!("Seat changed: {}", named(after)),
    };
    match extras.is_empty() {
        true => told,
        false => format!("{told}, {}", extras.join(", ")),
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
        subscription::{Offering, SubscriptionNumber},
        values::{
            email_address::EmailAddress,
            ids::{AccountId, GrantId, SeatId},
        },
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
    fn what_becomes_of_seats_is_told_with_their_subscription() {
        let seat = |subscription: i64, offering, collab_extra_gb, active| Seat {
            id: SeatId(Default::default()),
            subscription: SubscriptionNumber::new(subscription).unwrap(),
            offering,
            active,
            collab_extra_gb,
            mail_extra_gb: 0,
        };
        let told = |what| {
            let organisation = OrganisationCode::parse("RIV").unwrap();
            Fact::Account(AccountId(Default::default()), organisation, what).sentence(|at| at.0.to_string())
        };
        let bundle = || seat(69051, Offering::Bundle, 0, true);
        assert_eq!(
            told(AccountFact::SeatAssigned { seat: bundle() }),
            "Seat assigned: Collaboration and mail (69051)"
        );
        let changed = |before, after| told(AccountFact::SeatChanged { before, after });
        assert_eq!(
            changed(seat(69051, Offering::Bundle, 5, true), seat(7, Offering::Mail, 0, true)),
            "Seat changed: Collaboration and mail (69051) → Mail (7), extra collaboration storage 5 → 0 GB"
        );
        assert_eq!(
            changed(bundle(), seat(69051, Offering::Bundle, 25, true)),
            "Seat changed: Collaboration and mail (69051), extra collaboration storage 0 → 25 GB"
        );
        assert_eq!(
            changed(seat(7, Offering::Mail, 0, false), seat(7, Offering::Mail, 0, true)),
            "Seat activated: Mail (7)"
        );
        let revoked = |content_to| {
            let seat = bundle();
            told(AccountFact::SeatRevoked { seat, content_to })
        };
        assert_eq!(revoked(None), "Seat revoked: Collaboration and mail (69051)");
        assert_eq!(
            revoked(Some(AccountId(Default::default()))),
            "Seat revoked: Collaboration and mail (69051). Another person gets its content"
        );
        let reason = "merger with Harbour".to_owned();
        assert_eq!(
            told(AccountFact::Held { reason }),
            "Account held. Reason: merger with Harbour"
        );
        let to = EmailAddress::parse("jane@river.example").unwrap();
        let asked = AccountFact::RenameAsked { to };
        assert_eq!(
            told(asked.clone()),
            "Confirmation of a new email address requested: jane@river.example"
        );
        let organisation = OrganisationCode::parse("RIV").unwrap();
        let forgotten = Fact::Account(AccountId(Default::default()), organisation, asked).forgotten();
        assert_eq!(
            forgotten.sentence(|at| at.0.to_string()),
            "Confirmation of a new email address requested"
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
