//! What the table of attributes is made of: schemas, attributes and where the dictionary's stand.

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

/// The one of a name, in any case.
pub(super) fn named(definitions: &'static [Definition], name: &str) -> Option<&'static Definition> {
    definitions.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

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
    /// Which attribute of an object it is, if it is one.
    #[must_use]
    pub const fn sub(&self) -> Option<&'static str> {
        match self.part {
            Part::Sub(sub) => Some(sub),
            Part::Whole | Part::Typed(_) => None,
        }
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

/// The types that telephone numbers have here.
pub const TELEPHONE_TYPES: &[&str] = &["work", "mobile", "pager", "fax"];
