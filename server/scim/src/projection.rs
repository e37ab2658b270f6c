//! Which attributes of a resource are returned: `attributes` and `excludedAttributes` (RFC 7644, 3.9). Names may be short,
//! with their URN, or with a dot; `id` and `schemas` are always there. Names that are not known pick nothing.

use serde_json::{Map, Value};

use crate::{
    definition::{self, Definition, Mutability, Schema, Type},
    dialect::Dialect,
    error::{ScimError, ScimType},
};

/// The most names of one parameter.
pub const MOST: usize = 100;

/// Which attributes are returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Only these; all if there are none.
    only: Option<Vec<Name>>,
    /// Not these.
    without: Vec<Name>,
    /// When what only the service sets is returned.
    service_made: ServiceMade,
}

/// When a user's attributes that only the service sets, beside those that a client sets, are returned. Clients that compare
/// what they sent with what they get take anything more for a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceMade {
    /// Always.
    #[default]
    Shown,
    /// When they are asked for by name.
    OnRequest,
    /// So, and the organisation is one of them: the token is good for no other.
    OnRequestWithOrganisation,
}

impl ServiceMade {
    /// What a connector's dialect asks for, where its token is good for so many organisations.
    #[must_use]
    pub const fn of(dialect: Dialect, organisations: usize) -> Self {
        match (dialect, organisations) {
            (Dialect::Tolerant, _) => Self::Shown,
            (Dialect::Strict, 1) => Self::OnRequestWithOrganisation,
            (Dialect::Strict, _) => Self::OnRequest,
        }
    }

    /// Whether an attribute is returned on request only.
    pub(crate) fn keeps_back(self, schema: Schema, definition: &Definition) -> bool {
        let is_read_only = definition.mutability == Mutability::ReadOnly;
        match self {
            Self::Shown => false,
            Self::OnRequest => schema.is_extension() && is_read_only,
            Self::OnRequestWithOrganisation => {
                schema.is_extension() && (is_read_only || definition.mutability == Mutability::Immutable)
            }
        }
    }

    /// Whether a part of an object that a client sets is returned on request only.
    pub(crate) fn keeps_back_part(self, schema: Schema, definition: &Definition, sub: &Definition) -> bool {
        let is_clients = schema != Schema::Contact && definition.mutability == Mutability::ReadWrite;
        self != Self::Shown && is_clients && sub.mutability == Mutability::ReadOnly
    }
}

/// A name of an attribute, in small letters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    /// The schema in front; none for a short name.
    urn: Option<String>,
    /// The attribute; empty for a whole schema.
    name: String,
    sub: Option<String>,
}

/// What no parameter takes away.
const ALWAYS: [&str; 2] = ["schemas", "id"];

impl Projection {
    /// Reads both parameters, each with its names.
    ///
    /// # Errors
    /// Too many names.
    pub fn of<'a>(
        attributes: Option<impl IntoIterator<Item = &'a str>>,
        excluded: Option<impl IntoIterator<Item = &'a str>>,
    ) -> Result<Self, ScimError> {
        Ok(Self {
            only: attributes.map(names).transpose()?.filter(|names| !names.is_empty()),
            without: excluded.map(names).transpose()?.unwrap_or_default(),
            service_made: ServiceMade::Shown,
        })
    }

    /// The projection of a user for a connector.
    #[must_use]
    pub fn with(self, service_made: ServiceMade) -> Self {
        Self { service_made, ..self }
    }

    /// Whether everything is returned.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.only.is_none() && self.without.is_empty() && self.service_made == ServiceMade::Shown
    }

    /// The resource as it is returned.
    #[must_use]
    pub fn apply(&self, resource: Map<String, Value>) -> Map<String, Value> {
        if self.is_whole() {
            return resource;
        }
        let mut projected = Map::new();
        for (key, value) in resource {
            let kept = match (Schema::of_urn(&key), value) {
                (Some(schema), Value::Object(extension)) => {
                    let kept = self.each(Some(schema), extension);
                    (!kept.is_empty()).then_some(Value::Object(kept))
                }
                (_, value) if ALWAYS.contains(&key.as_str()) => Some(value),
                (_, value) => self.kept(None, &key, value),
            };
            if let Some(value) = kept {
                projected.insert(key, value);
            }
        }
        without_absent_schemas(&mut projected);
        projected
    }

    fn each(&self, schema: Option<Schema>, attributes: Map<String, Value>) -> Map<String, Value> {
        let kept = attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.clone(), self.kept(schema, &name, value)?)));
        kept.collect()
    }

    fn kept(&self, schema: Option<Schema>, name: &str, value: Value) -> Option<Value> {
        let is_about = |known: &&Name| known.is_about(schema, name);
        let value = match &self.only {
            None => self.unasked(schema, name, value)?,
            Some(only) => {
                let about: Vec<_> = only.iter().filter(is_about).collect();
                if about.is_empty() {
                    return None;
                }
                let subs: Option<Vec<_>> = about.iter().map(|known| known.sub.as_deref()).collect();
                match subs {
                    // One of them asks for the whole.
                    None => value,
                    Some(subs) => with_subs(value, |sub| subs.contains(&sub))?,
                }
            }
        };
        let mut kept = value;
        for known in self.without.iter().filter(is_about) {
            let left_out = known.sub.as_deref()?;
            kept = with_subs(kept, |sub| sub != left_out)?;
        }
        Some(kept)
    }
}

impl Projection {
    /// A value that was not asked for by name.
    fn unasked(&self, schema: Option<Schema>, name: &str, value: Value) -> Option<Value> {
        if self.service_made == ServiceMade::Shown {
            return Some(value);
        }
        let Some(found) = definition::of_user(schema.map(Schema::urn), name) else {
            return Some(value);
        };
        if self.service_made.keeps_back(found.schema, found.definition) {
            return None;
        }
        if found.definition.kind != Type::Complex || found.definition.mutability == Mutability::ReadOnly {
            return Some(value);
        }
        with_subs(value, |sub| {
            let sub = found.definition.sub(sub);
            !sub.is_some_and(|sub| self.service_made.keeps_back_part(found.schema, found.definition, sub))
        })
    }
}

impl Name {
    fn of(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        if Schema::of_urn(&text).is_some() {
            return Self {
                urn: Some(text),
                name: String::new(),
                sub: None,
            };
        }
        let (urn, rest) = match text.rsplit_once(':') {
            Some((urn, rest)) => (Some(urn.to_owned()), rest),
            None => (None, text.as_str()),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub.to_owned())),
            None => (rest, None),
        };
        Self {
            urn,
            name: name.to_owned(),
            sub,
        }
    }

    /// Whether it names an attribute of an extension, or of the core.
    fn is_about(&self, schema: Option<Schema>, name: &str) -> bool {
        let is_its_schema = match (&self.urn, schema) {
            (None, _) => true,
            (Some(urn), Some(schema)) => urn.eq_ignore_ascii_case(schema.urn()),
            (Some(urn), None) => {
                let core = [Schema::User, Schema::Contact];
                core.iter().any(|schema| urn.eq_ignore_ascii_case(schema.urn()))
            }
        };
        is_its_schema && (self.name.is_empty() || self.name.eq_ignore_ascii_case(name))
    }
}

/// The value with only some attributes of its object, or of each of its objects. `None` if nothing is left.
fn with_subs(value: Value, stays: impl Fn(&str) -> bool) -> Option<Value> {
    let pick = |object: Map<String, Value>| {
        let kept = object.into_iter().filter(|(sub, _)| stays(&sub.to_lowercase()));
        let kept: Map<_, _> = kept.collect();
        (!kept.is_empty()).then_some(Value::Object(kept))
    };
    match value {
        Value::Object(object) => pick(object),
        Value::Array(values) => {
            let picked = values.into_iter().filter_map(|value| match value {
                Value::Object(object) => pick(object),
                _ => None,
            });
            let picked: Vec<_> = picked.collect();
            (!picked.is_empty()).then_some(Value::Array(picked))
        }
        _ => None,
    }
}

/// A resource names the schemas of what it holds.
fn without_absent_schemas(resource: &mut Map<String, Value>) {
    let absent = |urn: &Value| {
        let schema = urn.as_str().and_then(Schema::of_urn);
        schema.is_some_and(|schema| schema.is_extension() && !resource.contains_key(schema.urn()))
    };
    let schemas = resource.get("schemas").and_then(Value::as_array).into_iter().flatten();
    let schemas: Vec<_> = schemas.filter(|urn| !absent(urn)).cloned().collect();
    resource.insert("schemas".to_owned(), Value::Array(schemas));
}

fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Name>, ScimError> {
    let named = names.into_iter().filter(|name| !name.trim().is_empty());
    let names: Vec<_> = named.take(MOST + 1).map(Name::of).collect();
    if names.len() > MOST {
        let said = format!("Name at most {MOST} attributes.");
        return Err(ScimError::of(ScimType::InvalidValue, said));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

    fn projected(attributes: Option<&str>, excluded: Option<&str>) -> Value {
        let resource = json!({
            "schemas": [USER, ENTERPRISE],
            "id": "1",
            "userName": "jo",
            "name": {"familyName": "Smith", "givenName": "Jo"},
            "emails": [{"value": "jo@health.example", "type": "work"}],
            "meta": {"resourceType": "User"},
            ENTERPRISE: {"department": "Medicine", "employeeNumber": "4711"},
        });
        let Value::Object(resource) = resource else {
            panic!("an object");
        };
        let [attributes, excluded] = [attributes, excluded].map(|list| list.map(|list| list.split(',')));
        let projection = Projection::of(attributes, excluded).expect("few names");
        Value::Object(projection.apply(resource))
    }

    #[test]
    fn only_what_is_named_is_returned_with_id_and_schemas() {
        assert_eq!(
            projected(Some("userName, emails.value"), None),
            json!({"schemas": [USER], "id": "1", "userName": "jo", "emails": [{"value": "jo@health.example"}]})
        );
        let department = format!("{ENTERPRISE}:department");
        for name in [department.as_str(), "DEPARTMENT"] {
            assert_eq!(
                projected(Some(name), None),
                json!({"schemas": [USER, ENTERPRISE], "id": "1", ENTERPRISE: {"department": "Medicine"}}),
                "{name}"
            );
        }
        let core = format!("{USER}:name.familyName,unknown");
        assert_eq!(
            projected(Some(&core), None),
            json!({"schemas": [USER], "id": "1", "name": {"familyName": "Smith"}})
        );
        assert_eq!(projected(Some(ENTERPRISE), None)[ENTERPRISE]["employeeNumber"], "4711");
        assert_eq!(projected(Some("name,name.familyName"), None)["name"]["givenName"], "Jo");
    }

    #[test]
    fn what_is_excluded_is_left_out_but_never_id_and_schemas() {
        let without = format!("id,schemas,name.givenName,emails,{ENTERPRISE},meta");
        assert_eq!(
            projected(None, Some(&without)),
            json!({"schemas": [USER], "id": "1", "userName": "jo", "name": {"familyName": "Smith"}})
        );
        assert_eq!(
            projected(Some("userName"), Some("userName")),
            json!({"schemas": [USER], "id": "1"})
        );
        assert_eq!(projected(Some(""), Some("members"))["userName"], "jo");
    }

    #[test]
    fn what_only_the_service_sets_may_be_returned_on_request_only() {
        use crate::testing::{model, seren};
        let of = |attributes: Option<&'static str>, service_made| {
            let attributes = attributes.map(|list| list.split(','));
            let projection = Projection::of(attributes, None::<Vec<&str>>).expect("few names");
            Value::Object(projection.with(service_made).apply(model(&seren()).into_map()))
        };
        let account = Schema::Account.urn();
        let strict = of(None, ServiceMade::of(Dialect::Strict, 2));
        assert_eq!(
            strict[account],
            json!({"organisation": "RIV01", "mobileHidden": false, "clinicalSpecialties": ["Cardiology", "Neurology"]})
        );
        assert_eq!(strict[ENTERPRISE], json!({"employeeNumber": "4711"}));
        assert!(strict["name"].get("formatted").is_none());
        assert_eq!(strict["emails"][0]["primary"], true);
        assert_eq!(strict["meta"]["resourceType"], "User");
        let one = of(None, ServiceMade::of(Dialect::Strict, 1));
        assert!(one[account].get("organisation").is_none());
        let named = of(Some("status,name.formatted"), ServiceMade::OnRequest);
        assert_eq!(named[account], json!({"status": "active"}));
        assert_eq!(named["name"], json!({"formatted": "Dr Seren Larkspur"}));
        let tolerant = of(None, ServiceMade::of(Dialect::Tolerant, 1));
        assert_eq!(tolerant, Value::Object(model(&seren()).into_map()));
    }

    #[test]
    fn more_names_than_a_resource_has_are_refused() {
        let many = vec!["a"; MOST + 1];
        let refused = Projection::of(Some(many), None::<Vec<&str>>).expect_err("too many");
        assert_eq!(refused.said, "Name at most 100 attributes.");
    }
}
