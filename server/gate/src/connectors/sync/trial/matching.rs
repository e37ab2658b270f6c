//! Conditions of a lookup, asked of people as they would be. The directory's own answer for everybody else comes from its
//! indexes (`store::directory::synced`); both say the same of the same person.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    lookup::{Addresses, Bound, Condition, Match},
    values::{names, text::fold},
};

use super::super::Synced;

/// Whether somebody meets a condition.
pub(super) fn meets(person: &Synced, condition: &Condition) -> bool {
    let account = &person.account;
    let attributes = &account.attributes;
    match condition {
        Condition::Id(id) => *id == Some(account.id.0),
        Condition::ExternalId(key) => person.link.external_id.as_ref() == Some(key),
        Condition::UserName(name) => is(&user_name(person), name, lower),
        Condition::EmployeeNumber(number) => {
            let own = attributes.text(Attribute::LocalId);
            !own.is_empty() && is(own, number, str::to_owned)
        }
        Condition::Email { address, among } => {
            let own = lower(attributes.text(Attribute::EmailAddress));
            let is_own = !own.is_empty() && is(&own, address, lower);
            let is_former = || {
                let mut former = account.aliases.iter();
                former.any(|alias| is(&lower(&alias.to_string()), address, lower))
            };
            match among {
                Addresses::All => is_own || is_former(),
                Addresses::Present => is_own,
                Addresses::Former => is_former(),
            }
        }
        Condition::Organisation(code) => account.organisation.as_str() == code.trim().to_uppercase(),
        Condition::FamilyName(Match::Is(name)) => lower(attributes.text(Attribute::LastName)) == lower(name),
        Condition::FamilyName(Match::Starts(name)) => {
            let (last, first) = (
                attributes.text(Attribute::LastName),
                attributes.text(Attribute::FirstName),
            );
            let sorted = fold(&format!("{} {}", names::bare(last), names::bare(first)));
            sorted.starts_with(&fold(&names::bare(name)))
        }
        Condition::DisplayName(beginning) => {
            let shown = attributes.text(Attribute::DisplayName).to_lowercase();
            !shown.is_empty() && shown.starts_with(&lower(beginning))
        }
        Condition::LastModified { bound, at } => match bound {
            Bound::After => person.changed > *at,
            Bound::AtOrAfter => person.changed >= *at,
            Bound::Before => person.changed < *at,
            Bound::AtOrBefore => person.changed <= *at,
        },
        Condition::Active(is_active) => (account.status != AccountStatus::Disabled) == *is_active,
    }
}

/// The name that somebody signs in with, in lower case: the address, where they have no other.
pub(super) fn user_name(person: &Synced) -> String {
    let attributes = &person.account.attributes;
    match attributes.text(Attribute::UserName) {
        "" => lower(attributes.text(Attribute::EmailAddress)),
        name => lower(name),
    }
}

fn lower(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is(own: &str, asked: &Match, spelt: impl Fn(&str) -> String) -> bool {
    match asked {
        Match::Is(text) => own == spelt(text),
        Match::Starts(text) => own.starts_with(&spelt(text)),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        account::Account,
        dictionary::Value,
        hand_edit::HandEdits,
        organisation::OrganisationCode,
        values::ids::{AccountId, Timestamp},
    };
    use uuid::Uuid;

    use super::{super::super::SyncLink, *};

    fn ottilie() -> Synced {
        let attributes = [
            (Attribute::FirstName, "Ottilie"),
            (Attribute::LastName, "Quennell"),
            (Attribute::DisplayName, "QUENNELL, Ottilie (Riverside)"),
            (Attribute::EmailAddress, "ottilie.quennell@health.example"),
            (Attribute::LocalId, "A12"),
        ];
        Synced {
            account: Account {
                id: AccountId(Uuid::from_u128(7)),
                organisation: OrganisationCode::parse("RIV").unwrap(),
                status: AccountStatus::Pending,
                since: Timestamp(5),
                leaving_at: None,
                absence: None,
                starts_at: None,
                activated: false,
                version: 1,
                attributes: attributes
                    .into_iter()
                    .map(|(attribute, text)| (attribute, Value::stored(text.to_owned())))
                    .collect(),
                aliases: vec![],
                by_hand: HandEdits::new(),
                held: None,
                disabled_by: None,
            },
            organisation_name: "Riverside".to_owned(),
            display_name_is_made: true,
            link: SyncLink {
                external_id: Some("emp-7".to_owned()),
                ..SyncLink::default()
            },
            leaver_until: None,
            created: Timestamp(5),
            changed: Timestamp(6),
            seats: vec![],
        }
    }

    #[test]
    fn somebody_who_would_be_new_meets_the_conditions_of_the_directory() {
        let is = |text: &str| Match::Is(text.to_owned());
        let starts = |text: &str| Match::Starts(text.to_owned());
        let email = |address, among| Condition::Email { address, among };
        let modified = |bound, at| Condition::LastModified {
            bound,
            at: Timestamp(at),
        };
        let person = ottilie();
        for (condition, is_met) in [
            (Condition::Id(Some(Uuid::from_u128(7))), true),
            (Condition::Id(None), false),
            (Condition::ExternalId("emp-7".to_owned()), true),
            (Condition::ExternalId("EMP-7".to_owned()), false),
            (Condition::UserName(is("Ottilie.Quennell@health.example ")), true),
            (Condition::UserName(starts("ottilie.q")), true),
            (Condition::UserName(is("ottilie")), false),
            (Condition::EmployeeNumber(is("A12")), true),
            (Condition::EmployeeNumber(is("a12")), false),
            (email(starts("OTTILIE"), Addresses::Present), true),
            (email(starts("ottilie"), Addresses::Former), false),
            (Condition::Organisation(" riv".to_owned()), true),
            (Condition::FamilyName(is("quennell")), true),
            (Condition::FamilyName(is("quenn")), false),
            (Condition::FamilyName(starts("quenn")), true),
            (Condition::DisplayName("quennell, o".to_owned()), true),
            (modified(Bound::After, 6), false),
            (modified(Bound::AtOrAfter, 6), true),
            (Condition::Active(true), true),
            (Condition::Active(false), false),
        ] {
            assert_eq!(meets(&person, &condition), is_met, "{condition:?}");
        }
    }
}
