//! People as the gate gives them, as resources.

use domain::dictionary::Attribute;
use gate::{Synced, SyncedContact};
use scim::{
    etag::ETag,
    projection::Projection,
    resource::{ContactPerson, Person, Rendering},
};
use serde_json::{Map, Value};

use super::call::Call;

/// An account, with what the connector keeps beside it.
pub(super) fn person(seen: &Synced) -> Person {
    let account = &seen.account;
    let attributes = &account.attributes;
    // Who has no name of their own signs in by their address.
    let user_name = match attributes.text(Attribute::UserName) {
        "" => attributes.text(Attribute::EmailAddress),
        name => name,
    };
    Person {
        id: account.id,
        external_id: seen.link.external_id.clone(),
        user_name: user_name.to_owned(),
        organisation: account.organisation.clone(),
        organisation_name: seen.organisation_name.clone(),
        status: account.status,
        leaver_until: seen.leaver_until,
        is_held: account.held.is_some(),
        seats: seen.seats.clone(),
        attributes: attributes.clone(),
        is_display_name_made: seen.display_name_is_made,
        aliases: account.aliases.clone(),
        as_sent: seen.link.as_sent.clone(),
        version: ETag::of(&format!("{}.{}", account.version, seen.link.version)),
        created: seen.created,
        last_modified: seen.changed,
    }
}

/// What rendering needs besides the person.
pub(super) fn rendering(call: &Call) -> Rendering<'_> {
    Rendering {
        base: &call.base,
        rules: call.gate.rules(),
    }
}

/// A user as this connector is shown them.
pub(super) fn user(call: &Call, person: &Person, projection: &Projection) -> Map<String, Value> {
    let projection = projection.clone().with(call.service_made);
    projection.apply(person.render(rendering(call)))
}

/// A contact as it is shown, with its version.
pub(super) fn contact(call: &Call, seen: SyncedContact, projection: &Projection) -> (ETag, Map<String, Value>) {
    let person = ContactPerson {
        id: seen.contact.id,
        organisation: seen.contact.organisation,
        attributes: seen.contact.attributes,
        version: ETag::of(&format!("{}.0", seen.contact.version)),
        created: seen.created,
        last_modified: seen.changed,
    };
    let shown = projection.apply(person.render(&call.base));
    (person.version, shown)
}
