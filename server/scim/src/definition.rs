//! The table of attributes, once: what `/Schemas` tells, what bodies and paths may name, and which attribute of the
//! dictionary each stands for (the mapping of accounts and contacts to SCIM). The attributes themselves stand in
//! `definition/tables.rs`, and their shape in `definition/shape.rs`.

mod shape;
mod tables;

use domain::dictionary::Attribute;

use self::shape::named;
pub use self::shape::{Binding, Choice, Definition, Mutability, Part, Schema, TELEPHONE_TYPES, Type, Uniqueness};

impl Schema {
    /// Its attributes, without those that every resource has.
    #[must_use]
    pub const fn attributes(self) -> &'static [Definition] {
        match self {
            Self::User => tables::USER,
            Self::Enterprise => tables::ENTERPRISE,
            Self::Account => tables::ACCOUNT,
            Self::Contact => tables::CONTACT,
        }
    }
}

/// An attribute of a user, and the schema it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Its schema.
    pub schema: Schema,
    /// The attribute.
    pub definition: &'static Definition,
}

/// Finds an attribute of a user by the name that a body or a path uses: plain for the core, with a URN in front for all.
#[must_use]
pub fn of_user(urn: Option<&str>, name: &str) -> Option<Found> {
    let schema = match urn {
        None => Schema::User,
        Some(urn) => Schema::of_urn(urn).filter(|schema| *schema != Schema::Contact)?,
    };
    let core = || named(tables::COMMON, name).filter(|_| schema == Schema::User);
    let definition = named(schema.attributes(), name).or_else(core)?;
    Some(Found { schema, definition })
}

/// Finds an attribute by the name that a query uses: as [`of_user`], and plain names find those of extensions too. Those of
/// contacts have the same names.
#[must_use]
pub fn of_query(urn: Option<&str>, name: &str) -> Option<Found> {
    let others: &[Schema] = match urn {
        None => &[Schema::Enterprise, Schema::Account],
        Some(urn) if Schema::of_urn(urn) == Some(Schema::Contact) => &[Schema::Contact],
        Some(_) => &[],
    };
    let other = |schema: &Schema| {
        let definition = named(schema.attributes(), name)?;
        Some(Found {
            schema: *schema,
            definition,
        })
    };
    of_user(urn, name).or_else(|| others.iter().find_map(other))
}

/// Attributes of the standard's user that are not kept here. Clients that make their requests from the schemas fail where one
/// that they always fill is not listed; as read only, they leave it out.
pub(crate) const LISTED_ONLY: &[Definition] = tables::LISTED_ONLY;

impl Binding {
    /// Every attribute that a client may set, in the account form's order.
    pub const ALL: [Self; 20] = tables::BINDINGS;

    /// Where an attribute stands; none for one that has no place in a user, or none that can be set.
    #[must_use]
    pub fn of(attribute: Attribute) -> Option<&'static Self> {
        const ALL: &[Binding] = &Binding::ALL;
        ALL.iter().find(|binding| binding.attribute == attribute)
    }
}

/// The path by which errors and rehearsals name an attribute of the dictionary; empty for one that has no place in a user.
#[must_use]
pub fn path_of(attribute: Attribute) -> String {
    match attribute {
        Attribute::UserName => "userName".to_owned(),
        Attribute::EmailAddress => "emails[type eq \"work\"].value".to_owned(),
        Attribute::Organisation => format!("{}:organisation", Schema::Account.urn()),
        Attribute::Quota => format!("{}:quotaMegabytes", Schema::Account.urn()),
        attribute => Binding::of(attribute).map(Binding::path).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binding_names_an_attribute_of_its_schema_that_holds_it() {
        for binding in &Binding::ALL {
            let found = of_user(Some(binding.schema.urn()), binding.name);
            let definition = found.expect("an attribute of the schema").definition;
            assert_ne!(definition.mutability, Mutability::ReadOnly, "{}", binding.path());
            match binding.part {
                Part::Whole => assert_eq!(definition.holds, Some(binding.attribute)),
                Part::Sub(sub) => {
                    assert_eq!(definition.sub(sub).and_then(|sub| sub.holds), Some(binding.attribute));
                }
                Part::Typed(kind) => {
                    assert!(definition.is_many && TELEPHONE_TYPES.contains(&kind));
                }
            }
            assert_eq!(Binding::of(binding.attribute), Some(binding));
        }
        assert_eq!(Binding::of(Attribute::Password), None);
    }

    #[test]
    fn an_attribute_is_found_by_its_name_in_any_case_and_by_its_urn() {
        let name = |urn, name| of_user(urn, name).map(|found| (found.schema, found.definition.name));
        assert_eq!(name(None, "USERNAME"), Some((Schema::User, "userName")));
        assert_eq!(name(Some(Schema::User.urn()), "name"), Some((Schema::User, "name")));
        let enterprise = "URN:ietf:params:scim:schemas:extension:enterprise:2.0:user";
        assert_eq!(
            name(Some(enterprise), "Department"),
            Some((Schema::Enterprise, "department"))
        );
        assert_eq!(name(None, "department"), None);
        assert_eq!(name(None, "externalId"), Some((Schema::User, "externalId")));
        assert_eq!(name(Some(Schema::Contact.urn()), "emails"), None);
        assert_eq!(
            of_query(Some(Schema::Contact.urn()), "emails").map(|found| found.schema),
            Some(Schema::Contact)
        );
        assert_eq!(
            of_query(None, "department").map(|found| found.schema),
            Some(Schema::Enterprise)
        );
        assert_eq!(
            Binding::of(Attribute::LastName).map(Binding::path).as_deref(),
            Some("name.familyName")
        );
    }

    #[test]
    fn every_attribute_is_described_and_only_objects_have_parts() {
        fn check(definitions: &[Definition]) {
            for definition in definitions {
                assert!(
                    definition.holds.is_some() || !definition.about.is_empty(),
                    "{}",
                    definition.name
                );
                assert_eq!(
                    definition.kind == Type::Complex,
                    !definition.subs.is_empty(),
                    "{}",
                    definition.name
                );
                check(definition.subs);
            }
        }
        for schema in Schema::ALL {
            check(schema.attributes());
        }
    }
}
