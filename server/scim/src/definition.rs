//! The table of attributes, once: what `/Schemas` tells, what bodies and paths may name, and which attribute of the
//! dictionary each stands for (the mapping of accounts and contacts to SCIM). The attributes themselves stand in
//! `definition/tables.rs`.

mod tables;

use domain::dictionary::Attribute;

/// A schema that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Schema {
    /// A user, as RFC 7643 has it.
    User,
    /// Its extension for enterprises, from the same standard.
    Enterprise,
    /// Our extension for what only accounts here have.
    Account,
    /// A contact, which is read only.
    Contact,
}

impl Schema {
    /// Every schema, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::User, Self::Enterprise, Self::Account, Self::Contact];

    /// Its name in the world.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        match self {
            Self::User => "urn:ietf:params:scim:schemas:core:2.0:User",
            Self::Enterprise => "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
            Self::Account => "urn:staffbook:scim:schemas:2.0:Account",
            Self::Contact => "urn:staffbook:scim:schemas:2.0:Contact",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Enterprise => "EnterpriseUser",
            Self::Account => "Account",
            Self::Contact => "Contact",
        }
    }

    /// What it is for.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::User => "A person with a mailbox here.",
            Self::Enterprise => "Where the person works.",
            Self::Account => "What only accounts here have.",
            Self::Contact => "A person without a mailbox here, shown in the directory.",
        }
    }

    /// The schema of a name, in any case.
    #[must_use]
    pub fn of_urn(urn: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|schema| schema.urn().eq_ignore_ascii_case(urn))
    }

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

    /// Whether its attributes stand in an object of their own.
    #[must_use]
    pub const fn is_extension(self) -> bool {
        matches!(self, Self::Enterprise | Self::Account)
    }
}

/// What kind of value an attribute has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A moment (RFC 3339).
    Moment,
    /// The address of something.
    Reference,
    /// An object with attributes of its own.
    Complex,
}

/// Who may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// The service alone.
    ReadOnly,
    /// A client.
    ReadWrite,
    /// A client, when it creates.
    Immutable,
}

/// Among whom it is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// It need not be.
    None,
    /// Within the service.
    Server,
}

/// The values it is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Any.
    Any,
    /// The codes of the organisations in the token's scope.
    Organisations,
    /// The codes of sites in the scope.
    Sites,
    /// The organisational units in the scope.
    Units,
    /// The dictionary's list for its attribute.
    List,
    /// These.
    Of(&'static [&'static str]),
}

/// An attribute of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What kind of value it has.
    pub kind: Type,
    /// Whether it has several values.
    pub is_many: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// Whether a resource cannot be without it.
    pub is_required: bool,
    /// Whether capital letters matter.
    pub is_case_exact: bool,
    /// Among whom it is unique.
    pub uniqueness: Uniqueness,
    /// The values it is chosen from.
    pub choice: Choice,
    /// The attribute of the dictionary that it holds; it gives name, hint and limit.
    pub holds: Option<Attribute>,
    /// What it is, where the dictionary does not say.
    pub about: &'static str,
    /// The attributes of an object.
    pub subs: &'static [Self],
}

impl Definition {
    /// Its attribute of a name, in any case.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&'static Self> {
        named(self.subs, name)
    }
}

fn named(definitions: &'static [Definition], name: &str) -> Option<&'static Definition> {
    definitions.iter().find(|known| known.name.eq_ignore_ascii_case(name))
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

/// Where in a resource an attribute of the dictionary stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Which attribute.
    pub attribute: Attribute,
    /// In which schema.
    pub schema: Schema,
    /// In which attribute of it.
    pub name: &'static str,
    /// In which part of that.
    pub part: Part,
}

/// Which part of an attribute of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// One attribute of its object.
    Sub(&'static str),
    /// The value of the item that has this type.
    Typed(&'static str),
}

impl Binding {
    /// Every attribute that a client may set, in the account form's order.
    pub const ALL: [Self; 20] = tables::BINDINGS;

    /// Where an attribute stands; none for one that has no place in a user, or none that can be set.
    #[must_use]
    pub fn of(attribute: Attribute) -> Option<&'static Self> {
        const ALL: &[Binding] = &Binding::ALL;
        ALL.iter().find(|binding| binding.attribute == attribute)
    }

    /// Its path, as errors name it.
    #[must_use]
    pub fn path(&self) -> String {
        let name = match self.schema.is_extension() {
            true => format!("{}:{}", self.schema.urn(), self.name),
            false => self.name.to_owned(),
        };
        match self.part {
            Part::Whole => name,
            Part::Sub(sub) => format!("{name}.{sub}"),
            Part::Typed(kind) => format!("{name}[type eq \"{kind}\"].value"),
        }
    }
}

/// The path by which errors and rehearsals name an attribute of the dictionary; empty for one that has no place in a user.
#[must_use]
pub fn path_of(attribute: Attribute) -> String {
    match attribute {
        Attribute::EmailAddress => "emails[type eq \"work\"].value".to_owned(),
        Attribute::Organisation => format!("{}:organisation", Schema::Account.urn()),
        Attribute::Quota => format!("{}:quotaMegabytes", Schema::Account.urn()),
        attribute => Binding::of(attribute).map(Binding::path).unwrap_or_default(),
    }
}

/// The types that telephone numbers have here.
pub const TELEPHONE_TYPES: &[&str] = &["work", "mobile", "pager", "fax"];

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
