//! People as resources: an account as a User, a contact as a Contact. What has no value is left out, never null.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Attributes, Input, MANY},
    organisation::OrganisationCode,
    rules::Rules,
    subscription::Seat,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, ContactId, Timestamp},
    },
};
use serde_json::{Map, Value, json};

use crate::{
    definition::{Binding, Part, Schema},
    etag::ETag,
    model::Model,
    moment,
};

/// What rendering needs besides the person.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// The address of the service as its client calls it, without a slash at its end.
    pub base: &'a str,
    /// How values are read.
    pub rules: &'a Rules,
}

/// An account, with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its own ID.
    pub id: AccountId,
    /// The connector's key for it.
    pub external_id: Option<String>,
    /// The name to sign in with, as it was sent.
    pub user_name: String,
    /// The organisation's code.
    pub organisation: OrganisationCode,
    /// The organisation's name.
    pub organisation_name: String,
    /// Where it stands in its life; deleted ones are not shown.
    pub status: AccountStatus,
    /// When a leaver's account is deleted.
    pub leaver_until: Option<Timestamp>,
    /// Whether it is held.
    pub is_held: bool,
    /// What is known of the person.
    pub attributes: Attributes,
    /// Whether the display name is the one that is made from the names, so that nobody set it.
    pub is_display_name_made: bool,
    /// Former addresses.
    pub aliases: Vec<EmailAddress>,
    /// The seats of subscriptions that the person holds.
    pub seats: Vec<Seat>,
    /// Telephone numbers as this connector sent them.
    pub as_sent: BTreeMap<Attribute, String>,
    /// Its version.
    pub version: ETag,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub last_modified: Timestamp,
}

/// A contact, with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPerson {
    /// Its ID.
    pub id: ContactId,
    /// The code of the organisation that keeps it.
    pub organisation: OrganisationCode,
    /// What is known of the person.
    pub attributes: Attributes,
    /// Its version.
    pub version: ETag,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub last_modified: Timestamp,
}

/// Whether an account of a status is told as active: only disabled ones are not.
#[must_use]
pub const fn is_active(status: AccountStatus) -> bool {
    match status {
        AccountStatus::Pending
        | AccountStatus::Active
        | AccountStatus::Inactive
        | AccountStatus::Locked
        | AccountStatus::Leaver => true,
        AccountStatus::Disabled | AccountStatus::Deleted => false,
    }
}

impl Person {
    /// The resource User.
    #[must_use]
    pub fn render(&self, rendering: Rendering<'_>) -> Map<String, Value> {
        let mut model = Model::default();
        for binding in &Binding::ALL {
            let is_made = binding.attribute == Attribute::DisplayName && self.is_display_name_made;
            if !is_made && let Some(text) = self.shown(binding.attribute, rendering.rules) {
                put(&mut model, binding, &text);
            }
        }
        let core = [
            ("externalId", self.external_id.clone().map(Value::String)),
            ("userName", Some(json!(self.user_name))),
            ("active", Some(json!(is_active(self.status)))),
            ("emails", self.emails()),
            ("entitlements", self.entitlements()),
        ];
        for (name, value) in core {
            model.set(Schema::User, name, value);
        }
        let address_book_name = self
            .attributes
            .get(Attribute::DisplayName)
            .map(|name| json!(name.as_str()));
        let own = [
            ("organisation", Some(json!(self.organisation.as_str()))),
            ("quotaMegabytes", self.quota()),
            ("addressBookName", address_book_name),
            ("status", Some(json!(self.status.name().to_lowercase()))),
            (
                "leaverUntil",
                self.leaver_until.and_then(moment::written).map(Value::String),
            ),
            ("held", Some(json!(self.is_held))),
        ];
        for (name, value) in own {
            model.set(Schema::Account, name, value);
        }
        let organisation = Some(json!(self.organisation_name)).filter(|_| !self.organisation_name.is_empty());
        model.set(Schema::Enterprise, "organization", organisation);
        formatted(&mut model, &self.attributes);
        let meta = Meta {
            kind: "User",
            id: self.id.to_string(),
            endpoint: "Users",
            version: &self.version,
            created: self.created,
            last_modified: self.last_modified,
        };
        let schemas = [Schema::User, Schema::Enterprise, Schema::Account];
        meta.around(model.into_map(), &schemas, rendering.base)
    }

    /// The model that bodies and operations are compared with.
    #[must_use]
    pub fn model(&self, rendering: Rendering<'_>) -> Model {
        Model::of(self.render(rendering))
    }

    /// A value as it is shown: a telephone number as it was sent, if it is still the same number.
    fn shown(&self, attribute: Attribute, rules: &Rules) -> Option<String> {
        let stored = self.attributes.get(attribute)?.as_str();
        let sent = self.as_sent.get(&attribute).filter(|sent| {
            let read = attribute.parse_single(sent, rules);
            read.is_ok_and(|read| read.as_str() == stored)
        });
        Some(sent.map_or(stored, String::as_str).to_owned())
    }

    fn emails(&self) -> Option<Value> {
        let address = self.attributes.get(Attribute::EmailAddress);
        let address = address.map(|address| json!({"value": address.as_str(), "type": "work", "primary": true}));
        let aliases = self.aliases.iter();
        let aliases = aliases.map(|alias| json!({"value": alias.as_str(), "type": "other", "primary": false}));
        let emails: Vec<_> = address.into_iter().chain(aliases).collect();
        (!emails.is_empty()).then_some(Value::Array(emails))
    }

    /// What the person holds seats of: only read here, because administrators and change files assign them.
    fn entitlements(&self) -> Option<Value> {
        let seats = self.seats.iter().map(|seat| {
            json!({
                "value": seat.subscription.to_string(),
                "display": seat.offering.name(),
                "type": seat.offering.slug(),
            })
        });
        let seats: Vec<_> = seats.collect();
        (!seats.is_empty()).then_some(Value::Array(seats))
    }

    fn quota(&self) -> Option<Value> {
        in_megabytes(self.attributes.get(Attribute::Quota)?.as_str())
    }
}

/// A quota as a resource holds it: the dictionary counts gigabytes.
fn in_megabytes(text: &str) -> Option<Value> {
    let gigabytes: u32 = text.parse().ok()?;
    Some(json!(u64::from(gigabytes) * 1024))
}

impl ContactPerson {
    /// The resource Contact.
    #[must_use]
    pub fn render(&self, base: &str) -> Map<String, Value> {
        let mut model = Model::default();
        for binding in &Binding::ALL {
            let is_served = Schema::Contact
                .attributes()
                .iter()
                .any(|known| known.name == binding.name);
            let value = self.attributes.get(binding.attribute).filter(|_| is_served);
            if let Some(value) = value {
                let of_contact = Binding {
                    schema: Schema::Contact,
                    ..*binding
                };
                put(&mut model, &of_contact, value.as_str());
            }
        }
        let text = |attribute| self.attributes.get(attribute).map(|value| json!(value.as_str()));
        let address = text(Attribute::EmailAddress);
        let emails = address.map(|address| json!([{"value": address, "type": "work", "primary": true}]));
        for (name, value) in [
            ("emails", emails),
            ("sipAddress", text(Attribute::SipAddress)),
            ("organisation", Some(json!(self.organisation.as_str()))),
        ] {
            model.set(Schema::Contact, name, value);
        }
        formatted(&mut model, &self.attributes);
        let meta = Meta {
            kind: "Contact",
            id: self.id.to_string(),
            endpoint: "Contacts",
            version: &self.version,
            created: self.created,
            last_modified: self.last_modified,
        };
        meta.around(model.into_map(), &[Schema::Contact], base)
    }
}

/// An attribute's text as a resource holds it: a boolean for yes and no, a list where there are many, a quota as a number.
pub(crate) fn in_json(attribute: Attribute, text: &str) -> Value {
    if attribute == Attribute::Quota
        && let Some(megabytes) = in_megabytes(text)
    {
        return megabytes;
    }
    match attribute.input() {
        Input::YesOrNo => json!(text == "yes"),
        Input::Choices => json!(text.split(MANY).collect::<Vec<_>>()),
        _ => json!(text),
    }
}

/// Puts an attribute's text where it stands in a resource.
pub(crate) fn put(model: &mut Model, binding: &Binding, text: &str) {
    let value = in_json(binding.attribute, text);
    let value = match binding.part {
        Part::Whole => value,
        Part::Sub(sub) => {
            let mut object = model
                .get(binding.schema, binding.name)
                .cloned()
                .unwrap_or_else(|| json!({}));
            object[sub] = value;
            object
        }
        Part::Typed(kind) => {
            let mut items = model
                .get(binding.schema, binding.name)
                .cloned()
                .unwrap_or_else(|| json!([]));
            if let Some(items) = items.as_array_mut() {
                items.push(json!({"type": kind, "value": value}));
            }
            items
        }
    };
    model.set(binding.schema, binding.name, Some(value));
}

/// The whole name in reading order: `Ms Jane A Smith`.
fn formatted(model: &mut Model, attributes: &Attributes) {
    let parts = [
        Attribute::Title,
        Attribute::FirstName,
        Attribute::Initials,
        Attribute::LastName,
    ];
    let parts = parts.map(|part| attributes.text(part));
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if let Some(Value::Object(mut name)) = model.get(Schema::User, "name").cloned() {
        name.insert("formatted".to_owned(), json!(parts.join(" ")));
        model.set(Schema::User, "name", Some(Value::Object(name)));
    }
}

/// What every resource has.
struct Meta<'a> {
    kind: &'static str,
    id: String,
    endpoint: &'static str,
    version: &'a ETag,
    created: Timestamp,
    last_modified: Timestamp,
}

impl Meta<'_> {
    fn around(&self, mut resource: Map<String, Value>, schemas: &[Schema], base: &str) -> Map<String, Value> {
        let urns: Vec<_> = schemas.iter().map(|schema| schema.urn()).collect();
        let mut meta = json!({
            "resourceType": self.kind,
            "location": format!("{base}/{}/{}", self.endpoint, self.id),
            "version": self.version.to_string(),
        });
        for (name, at) in [("created", self.created), ("lastModified", self.last_modified)] {
            if let Some(at) = moment::written(at) {
                meta[name] = json!(at);
            }
        }
        resource.insert("schemas".to_owned(), json!(urns));
        resource.insert("id".to_owned(), json!(self.id));
        resource.insert("meta".to_owned(), meta);
        resource
    }
}

#[cfg(test)]
mod tests;
