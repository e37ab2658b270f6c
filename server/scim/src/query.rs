//! From a filter to the few conditions that indexes answer. What cannot be answered from one is refused, never answered with
//! an empty list: a client would read that as "no such user" and create a duplicate.

mod conditions;
mod works;

pub use domain::lookup::{Addresses, Bound, Condition, Match};

pub use self::works::{WORKS, WORKS_FOR_CONTACTS};
use self::{conditions::condition, works::refused};
use crate::{error::ScimError, filter::Filter};

/// What a filter asks; everybody matches one without conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// They hold together.
    pub conditions: Vec<Condition>,
}

/// The most conditions of a query.
pub const MOST: usize = 10;

impl Query {
    /// The query as one of contacts.
    ///
    /// # Errors
    /// `invalidFilter` if it asks for what contacts do not have.
    pub fn of_contacts(&self) -> Result<(), ScimError> {
        let is_of_accounts = |condition: &Condition| {
            matches!(
                condition,
                Condition::ExternalId(_) | Condition::UserName(_) | Condition::EmployeeNumber(_) | Condition::Active(_)
            )
        };
        match self.conditions.iter().any(is_of_accounts) {
            true => Err(refused(WORKS_FOR_CONTACTS)),
            false => Ok(()),
        }
    }

    /// Reads a filter's text as a query.
    ///
    /// # Errors
    /// `invalidFilter`, with the place where it cannot be read, or with what works.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        let filter = Filter::parse(text);
        let filter = filter.map_err(|error| refused(&format!("The filter cannot be read. {error}")))?;
        Self::of(&filter)
    }

    /// The conditions of a filter.
    ///
    /// # Errors
    /// `invalidFilter` with what works.
    pub fn of(filter: &Filter) -> Result<Self, ScimError> {
        let mut conditions = Vec::new();
        gather(filter, &mut conditions)?;
        if conditions.len() > MOST {
            return Err(refused(&format!("The filter has more than {MOST} conditions.")));
        }
        Ok(Self { conditions })
    }
}

fn gather(filter: &Filter, conditions: &mut Vec<Condition>) -> Result<(), ScimError> {
    if let Filter::And(filters) = filter {
        return filters.iter().try_for_each(|filter| gather(filter, conditions));
    }
    conditions.push(condition(filter)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::values::ids::Timestamp;

    use super::*;
    use crate::error::ScimType;

    fn conditions(text: &str) -> Vec<Condition> {
        Query::parse(text)
            .unwrap_or_else(|error| panic!("{text}: {}", error.said))
            .conditions
    }

    fn is(text: &str) -> Match {
        Match::Is(text.to_owned())
    }

    fn email(text: &str, among: Addresses) -> Condition {
        Condition::Email {
            address: is(text),
            among,
        }
    }

    #[test]
    fn what_clients_look_people_up_by_becomes_conditions() {
        let id = "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11";
        for (text, expected) in [
            ("userName eq \"Jo\"", Condition::UserName(is("Jo"))),
            (
                "USERNAME SW \"jo\"",
                Condition::UserName(Match::Starts("jo".to_owned())),
            ),
            ("externalId eq \"A-1\"", Condition::ExternalId("A-1".to_owned())),
            (format!("id eq \"{id}\"").as_str(), Condition::Id(id.parse().ok())),
            ("id eq \"unknown\"", Condition::Id(None)),
            ("employeeNumber eq \"4711\"", Condition::EmployeeNumber(is("4711"))),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"4711\"",
                Condition::EmployeeNumber(is("4711")),
            ),
            ("name.familyName eq \"Smith\"", Condition::FamilyName(is("Smith"))),
            ("displayName sw \"SMI\"", Condition::DisplayName("SMI".to_owned())),
            ("urn:staffbook:scim:schemas:2.0:Account:organisation eq \"riv01\"", {
                Condition::Organisation("riv01".to_owned())
            }),
            ("active eq false", Condition::Active(false)),
            ("active eq \"True\"", Condition::Active(true)),
            ("emails eq \"a@b.example\"", email("a@b.example", Addresses::All)),
            ("emails.value eq \"a@b.example\"", email("a@b.example", Addresses::All)),
            ("emails[value eq \"a@b.example\"]", email("a@b.example", Addresses::All)),
            (
                "emails[type eq \"work\"].value eq \"a@b.example\"",
                email("a@b.example", Addresses::Present),
            ),
            (
                "emails[type eq \"work\" and value eq \"a@b.example\"]",
                email("a@b.example", Addresses::Present),
            ),
            (
                "emails[primary eq true].value eq \"a@b.example\"",
                email("a@b.example", Addresses::Present),
            ),
            (
                "emails[type eq \"other\"].value eq \"a@b.example\"",
                email("a@b.example", Addresses::Former),
            ),
        ] {
            assert_eq!(conditions(text), [expected], "{text}");
        }
    }

    #[test]
    fn accents_of_their_own_are_looked_up_as_they_are_kept() {
        let apart = "Zoe\u{308}";
        for (filter, expected) in [
            (format!("userName eq \"{apart}\""), Condition::UserName(is("Zoë"))),
            (
                format!("employeeNumber eq \"{apart}\""),
                Condition::EmployeeNumber(is("Zoë")),
            ),
            (
                format!("name.familyName eq \"{apart}\""),
                Condition::FamilyName(is("Zoë")),
            ),
            (
                format!("displayName sw \"{apart}\""),
                Condition::DisplayName("Zoë".to_owned()),
            ),
            (
                format!("emails.value eq \"{apart}@b.example\""),
                email("Zoë@b.example", Addresses::All),
            ),
            (
                format!("emails[value eq \"{apart}@b.example\"]"),
                email("Zoë@b.example", Addresses::All),
            ),
            // A client's own key is given back as it was sent.
            (
                format!("externalId eq \"{apart}\""),
                Condition::ExternalId(apart.to_owned()),
            ),
        ] {
            assert_eq!(conditions(&filter), [expected], "{filter}");
        }
    }

    #[test]
    fn conditions_are_joined_by_and_with_moments_on_either_side() {
        let text = "meta.lastModified ge \"2026-11-30T09:00:00Z\" and (meta.lastModified lt \"2026-11-30T10:00:00+00:00\" and \
                    active eq true)";
        let at = |bound, at| Condition::LastModified {
            bound,
            at: Timestamp(at),
        };
        assert_eq!(
            conditions(text),
            [
                at(Bound::AtOrAfter, 1_796_029_200_000),
                at(Bound::Before, 1_796_032_800_000),
                Condition::Active(true),
            ]
        );
    }

    #[test]
    fn what_no_index_answers_is_refused_with_what_works() {
        for text in [
            "title eq \"Nurse\"",
            "userName co \"jo\"",
            "userName pr",
            "displayName eq \"SMITH, Jo\"",
            "userName eq \"a\" or userName eq \"b\"",
            "not (active eq true)",
            "emails[type eq \"home\"].value eq \"a@b.example\"",
            "emails[type eq \"work\"]",
            "name eq \"Smith\"",
            "unknown eq \"a\"",
            "meta.lastModified eq \"2026-11-30T09:00:00Z\"",
        ] {
            let error = Query::parse(text).expect_err(text);
            assert_eq!(error.scim_type, Some(ScimType::InvalidFilter), "{text}");
            assert!(error.said.ends_with(WORKS), "{text}: {}", error.said);
        }
    }

    #[test]
    fn contacts_are_asked_for_by_what_they_have() {
        let urn = "urn:staffbook:scim:schemas:2.0:Contact:organisation";
        for text in [
            "emails eq \"a@b.example\"",
            &format!("{urn} eq \"RIV01\" and name.familyName sw \"Mo\""),
        ] {
            assert_eq!(
                Query::parse(text).and_then(|query| query.of_contacts()),
                Ok(()),
                "{text}"
            );
        }
        let refused = Query::parse("userName eq \"ash\"").and_then(|query| query.of_contacts());
        assert_eq!(refused, Err(ScimError::of(ScimType::InvalidFilter, WORKS_FOR_CONTACTS)));
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_what_is_expected() {
        for (text, said) in [
            ("userName eq 5", "userName is compared with a text in double quotes."),
            ("active eq \"yes\"", "active is compared with true or false."),
            (
                "meta.lastModified gt \"yesterday\"",
                "meta.lastModified is compared with a moment, like ",
            ),
            ("userName eq \"", "The filter cannot be read. At character 13: "),
        ] {
            let error = Query::parse(text).expect_err(text);
            assert!(error.said.starts_with(said), "{text}: {}", error.said);
        }
        let many = ["active eq true"; MOST + 1].join(" and ");
        assert_eq!(
            Query::parse(&many).expect_err("too many").said,
            "The filter has more than 10 conditions."
        );
    }
}
