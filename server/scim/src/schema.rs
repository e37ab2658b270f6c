//! What the service says of itself: its configuration, the types of resources, and the schemas as they are for one token.

use domain::{dictionary::Attribute, rules::Rules};
use serde_json::{Value, json};

use crate::{
    bulk,
    definition::{Choice, Definition, LISTED_ONLY, Mutability, Schema, Type, Uniqueness},
    dialect::Dialect,
    list,
    projection::ServiceMade,
};

/// The schema of [`service_provider_config`].
pub const SERVICE_PROVIDER_CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

/// The schema of [`resource_types`].
pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";

/// The schema of [`schemas`].
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// For how many seconds a cursor is good.
pub const CURSOR_SECONDS: i64 = 86_400;

/// For how many seconds a delta token is good.
pub const DELTA_SECONDS: i64 = 2_592_000;

/// The most values that are listed of what a token's scope holds.
pub const MOST_VALUES: usize = 200;

/// What a token may name. Sites and units belong to an organisation, so they are listed for a scope of one only. `None` tells
/// of no values at all; where there are none to choose from, the attribute is read only.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    /// The codes of the open organisations in its scope.
    pub organisations: Option<&'a [String]>,
    /// The codes of sites.
    pub sites: Option<&'a [String]>,
    /// The organisational units.
    pub units: Option<&'a [String]>,
    /// The lists.
    pub rules: &'a Rules,
    /// How the connector's requests are read.
    pub dialect: Dialect,
}

impl Vocabulary<'_> {
    /// When what only the service sets is returned; projections of the same token follow it.
    #[must_use]
    pub fn service_made(self) -> ServiceMade {
        ServiceMade::of(self.dialect, self.organisations.map_or(0, <[String]>::len))
    }
}

/// Whether the change feed is told of; it follows a draft, and strict clients refuse what they do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum DeltaQuery {
    Told,
    Untold,
}

/// `GET /ServiceProviderConfig`. How pages are asked for (RFC 9865) is told to strict connectors alone: the library that
/// Canaille speaks by refuses a configuration with what was not yet known when it was written, and so the whole service.
/// Cursors work for everybody.
#[must_use]
pub fn service_provider_config(base: &str, dialect: Dialect, delta: DeltaQuery) -> Value {
    let mut config = json!({
        "schemas": [SERVICE_PROVIDER_CONFIG],
        "patch": {"supported": true},
        "bulk": {"supported": true, "maxOperations": bulk::MOST, "maxPayloadSize": bulk::LARGEST},
        "filter": {"supported": true, "maxResults": list::LARGEST_PAGE},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "API token",
            "description": "A connector's token, sent as Authorization: Bearer.",
            "primary": true,
        }],
        "meta": {"resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig")},
    });
    if dialect == Dialect::Strict {
        config["pagination"] = json!({
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": list::PAGE,
            "maxPageSize": list::LARGEST_PAGE,
            "cursorTimeout": CURSOR_SECONDS,
        });
    }
    if delta == DeltaQuery::Told {
        config["DeltaQuery"] = json!({
            "supported": true,
            "deltaTokenExpiry": DELTA_SECONDS,
            "supportedResources": ["ServerRoot", "User", "Contact"],
        });
    }
    config
}

/// `GET /ResourceTypes`: each of them.
#[must_use]
pub fn resource_types(base: &str) -> Vec<Value> {
    let meta = |name: &str| json!({"resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{name}")});
    let extension = |schema: Schema| json!({"schema": schema.urn(), "required": false});
    vec![
        json!({
            "schemas": [RESOURCE_TYPE],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": Schema::User.description(),
            "schema": Schema::User.urn(),
            "schemaExtensions": [extension(Schema::Enterprise), extension(Schema::Account)],
            "meta": meta("User"),
        }),
        json!({
            "schemas": [RESOURCE_TYPE],
            "id": "Contact",
            "name": "Contact",
            "endpoint": "/Contacts",
            "description": Schema::Contact.description(),
            "schema": Schema::Contact.urn(),
            "meta": meta("Contact"),
        }),
    ]
}

/// `GET /ResourceTypes/{id}`.
#[must_use]
pub fn resource_type(base: &str, id: &str) -> Option<Value> {
    resource_types(base).into_iter().find(|kind| kind["id"] == id)
}

/// `GET /Schemas`: each of them.
#[must_use]
pub fn schemas(base: &str, vocabulary: Vocabulary<'_>) -> Vec<Value> {
    Schema::ALL.map(|schema| told(schema, base, vocabulary)).to_vec()
}

/// `GET /Schemas/{urn}`.
#[must_use]
pub fn schema(base: &str, urn: &str, vocabulary: Vocabulary<'_>) -> Option<Value> {
    Some(told(Schema::of_urn(urn)?, base, vocabulary))
}

fn told(schema: Schema, base: &str, vocabulary: Vocabulary<'_>) -> Value {
    let attributes = schema.attributes().iter();
    let mut attributes: Vec<_> = attributes
        .map(|definition| attribute(schema, definition, None, vocabulary))
        .collect();
    if schema == Schema::User && vocabulary.dialect == Dialect::Tolerant {
        attributes.extend(LISTED_ONLY.iter().map(|definition| {
            let mut listed = attribute(schema, definition, None, vocabulary);
            listed["returned"] = json!("never");
            listed
        }));
    }
    json!({
        "schemas": [SCHEMA],
        "id": schema.urn(),
        "name": schema.name(),
        "description": schema.description(),
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{}", schema.urn())},
    })
}

fn attribute(schema: Schema, definition: &Definition, whole: Option<&Definition>, vocabulary: Vocabulary<'_>) -> Value {
    let is_kept_back = match whole {
        None => vocabulary.service_made().keeps_back(schema, definition),
        Some(whole) => vocabulary.service_made().keeps_back_part(schema, whole, definition),
    };
    let values = values(definition, vocabulary);
    let mutability = match &values {
        Some(values) if values.is_empty() => Mutability::ReadOnly,
        // Of one organisation there is nothing to choose.
        _ if is_kept_back => Mutability::ReadOnly,
        _ => definition.mutability,
    };
    let mut told = json!({
        "name": definition.name,
        "type": kind(definition.kind),
        "multiValued": definition.is_many,
        "description": description(definition),
        "required": definition.is_required,
        "mutability": word(mutability),
        "returned": if is_kept_back { "request" } else { "default" },
    });
    if matches!(definition.kind, Type::Text | Type::Reference) {
        told["caseExact"] = json!(definition.is_case_exact);
        told["uniqueness"] = json!(match definition.uniqueness {
            Uniqueness::None => "none",
            Uniqueness::Server => "server",
        });
    }
    if definition.kind == Type::Reference {
        told["referenceTypes"] = json!(["external"]);
    }
    // The lists are told whole: a value that is not in them is refused.
    let most = if definition.choice == Choice::List {
        usize::MAX
    } else {
        MOST_VALUES
    };
    if let Some(values) = values.filter(|values| (1..=most).contains(&values.len())) {
        told["canonicalValues"] = json!(values);
    }
    if !definition.subs.is_empty() {
        let subs: Vec<_> = definition
            .subs
            .iter()
            .map(|sub| attribute(schema, sub, Some(definition), vocabulary))
            .collect();
        told["subAttributes"] = json!(subs);
    }
    told
}

const fn kind(kind: Type) -> &'static str {
    match kind {
        Type::Text => "string",
        Type::Boolean => "boolean",
        Type::Integer => "integer",
        Type::Moment => "dateTime",
        Type::Reference => "reference",
        Type::Complex => "complex",
    }
}

const fn word(mutability: Mutability) -> &'static str {
    match mutability {
        Mutability::ReadOnly => "readOnly",
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
    }
}

/// `Job title. What the person does. At most 100 characters.`
fn description(definition: &Definition) -> String {
    let Some(held) = definition.holds else {
        return definition.about.to_owned();
    };
    let entry = held.entry();
    let hint = match held {
        // Their hints speak of cells of a file.
        Attribute::DisplayName => "What the address book shows. Without one, it is made from the name.",
        Attribute::LocalId => "Your own number for the person, such as the payroll number.",
        Attribute::Organisation => "The code of an organisation in your scope. People are moved in the portal.",
        Attribute::HideMobile => "True keeps the mobile number out of the address book.",
        _ => held.guide().hint,
    };
    let limit = match (definition.kind, definition.is_many) {
        (Type::Text | Type::Reference, false) => format!(" At most {} characters.", entry.limit),
        _ => String::new(),
    };
    format!("{}. {hint}{limit}", entry.name)
}

/// The values that it is chosen from, where that is known.
fn values(definition: &Definition, vocabulary: Vocabulary<'_>) -> Option<Vec<String>> {
    match definition.choice {
        Choice::Any => None,
        Choice::Organisations => vocabulary.organisations.map(<[String]>::to_vec),
        Choice::Sites => vocabulary.sites.map(<[String]>::to_vec),
        Choice::Units => vocabulary.units.map(<[String]>::to_vec),
        Choice::List => definition.holds?.choices(vocabulary.rules).cloned(),
        Choice::Of(values) => Some(values.iter().map(|&value| value.to_owned()).collect()),
    }
}

#[cfg(test)]
mod tests;
