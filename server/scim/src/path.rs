//! Where a PATCH operation, or a key of a body, does its work (RFC 7644, 3.5.2): read by the grammar of filters, and found in
//! the table of attributes.

use crate::{
    definition::{self, Definition, Schema},
    error::{ScimType, Wrong},
    filter::{Filter, path_alone},
};

/// Where something is to be written.
#[derive(Clone, Debug)]
pub enum Target {
    /// All of a schema: the core, or an extension's object.
    Schema(Schema),
    /// An attribute, some of its values, or a part of it.
    Attribute(Place),
    /// An attribute that is not served.
    Unknown(String),
}

/// An attribute, some of its values, or a part of it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its schema.
    pub schema: Schema,
    /// The attribute.
    pub definition: &'static Definition,
    /// Which of its values.
    pub within: Option<Filter>,
    /// Which attribute of its object.
    pub sub: Option<&'static Definition>,
}

impl Place {
    /// The whole attribute.
    #[must_use]
    pub const fn whole(schema: Schema, definition: &'static Definition) -> Self {
        Self {
            schema,
            definition,
            within: None,
            sub: None,
        }
    }

    /// Its path, as errors and notices name it.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = match self.schema.is_extension() {
            true => format!("{}:{}", self.schema.urn(), self.definition.name),
            false => self.definition.name.to_owned(),
        };
        if let Some(within) = &self.within {
            path += &format!("[{within}]");
        }
        if let Some(sub) = self.sub {
            path += &format!(".{}", sub.name);
        }
        path
    }
}

impl Target {
    /// Reads a path.
    ///
    /// # Errors
    /// `invalidPath`: it cannot be read, or picks from an attribute that has one value.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if let Some(schema) = Schema::of_urn(text) {
            return Ok(Self::Schema(schema));
        }
        let path = path_alone(text).map_err(|error| {
            let shown: String = text.chars().take(100).collect();
            invalid(format!("The path “{shown}” cannot be read. {error}"))
        })?;
        let unknown = Self::Unknown(text.to_owned());
        let Some(found) = definition::of_user(path.urn.as_deref(), &path.name) else {
            return Ok(unknown);
        };
        let definition = found.definition;
        if path.within.is_some() && !definition.is_many {
            let said = format!(
                "{} has one value, so none can be picked with square brackets.",
                definition.name
            );
            return Err(invalid(said));
        }
        let sub = match path.sub.as_deref().map(|sub| definition.sub(sub)) {
            Some(None) => return Ok(unknown),
            Some(Some(sub)) => Some(sub),
            None => None,
        };
        Ok(Self::Attribute(Place {
            schema: found.schema,
            definition,
            within: path.within.map(|within| *within),
            sub,
        }))
    }
}

fn invalid(said: String) -> Wrong {
    Wrong::new("", ScimType::InvalidPath, "path", said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        match Target::parse(text) {
            Ok(Target::Attribute(place)) => place,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn paths_of_real_clients_are_found_in_the_table() {
        for (text, path) in [
            ("USERNAME", "userName"),
            ("name.familyName", "name.familyName"),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
                "name.givenName",
            ),
            (
                "phoneNumbers[type eq \"mobile\"].value",
                "phoneNumbers[type eq \"mobile\"].value",
            ),
            ("emails[primary eq true].value", "emails[primary eq true].value"),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            ),
            (
                "urn:staffbook:scim:schemas:2.0:Account:clinicalSpecialties[value eq \"Cardiology\"]",
                "urn:staffbook:scim:schemas:2.0:Account:clinicalSpecialties[value eq \"Cardiology\"]",
            ),
        ] {
            assert_eq!(place(text).path(), path, "{text}");
        }
        let whole = Target::parse("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
        assert!(matches!(whole, Ok(Target::Schema(Schema::Enterprise))));
    }

    #[test]
    fn attributes_that_are_not_served_are_unknown_and_no_error() {
        for text in [
            "addresses[type eq \"work\"].formatted",
            "manager",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
            "department",
            "name.honorificSuffix",
            "urn:okta:custom:1.0:user:badge",
            "urn:staffbook:scim:schemas:2.0:Contact:notes",
        ] {
            assert!(matches!(Target::parse(text), Ok(Target::Unknown(_))), "{text}");
        }
    }

    #[test]
    fn a_path_that_cannot_be_read_is_told_with_its_place() {
        for (text, said) in [
            (
                "",
                "The path “” cannot be read. At character 1: the name of an attribute is missing.",
            ),
            (
                "emails[type eq work].value",
                "The path “emails[type eq work].value” cannot be read. At character 16: ",
            ),
            (
                "name familyName",
                "The path “name familyName” cannot be read. At character 6: “familyName” is not expected here.",
            ),
            (
                "userName[type eq \"work\"]",
                "userName has one value, so none can be picked with square brackets.",
            ),
        ] {
            let wrong = Target::parse(text).expect_err(text);
            assert_eq!(wrong.scim_type, ScimType::InvalidPath);
            assert!(wrong.message.starts_with(said), "{text}: {}", wrong.message);
        }
    }
}
