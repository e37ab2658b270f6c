use domain::subscription::{Offering, SubscriptionNumber};
use serde_json::json;

use super::*;
use crate::{
    definition::Choice,
    testing::{BASE, ID, attributes, rules, seren},
};

fn rendered(person: &Person) -> Value {
    let rules = rules();
    let rendering = Rendering {
        base: BASE,
        rules: &rules,
    };
    Value::Object(person.render(rendering))
}

#[test]
fn an_account_is_rendered_as_the_table_says() {
    assert_eq!(
        rendered(&seren()),
        json!({
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:User",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                "urn:staffbook:scim:schemas:2.0:Account",
            ],
            "id": ID,
            "externalId": "emp-4711",
            "userName": "Seren.Larkspur@riverside.example",
            "name": {
                "formatted": "Dr Seren Larkspur",
                "honorificPrefix": "Dr",
                "givenName": "Seren",
                "familyName": "Larkspur",
            },
            "title": "Registrar",
            "active": true,
            "emails": [
                {"value": "seren.larkspur@health.example", "type": "work", "primary": true},
                {"value": "seren.fenn@health.example", "type": "other", "primary": false},
            ],
            "phoneNumbers": [
                {"type": "work", "value": "01632 960123"},
                {"type": "mobile", "value": "+447700900123"},
            ],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": "4711",
                "organization": "Riverside Hospital",
            },
            "urn:staffbook:scim:schemas:2.0:Account": {
                "organisation": "RIV01",
                "mobileHidden": false,
                "clinicalSpecialties": ["Cardiology", "Neurology"],
                "quotaMegabytes": 4096,
                "addressBookName": "LARKSPUR, Seren (Riverside)",
                "status": "active",
                "held": false,
            },
            "meta": {
                "resourceType": "User",
                "created": "2025-11-30T08:06:40.000Z",
                "lastModified": "2025-11-30T09:15:00.250Z",
                "location": format!("{BASE}/Users/{ID}"),
                "version": "W/\"7\"",
            },
        })
    );
}

#[test]
fn a_number_is_given_back_as_it_was_sent_only_while_it_is_that_number() {
    let mut person = seren();
    let number = |person: &Person| rendered(person)["phoneNumbers"][0]["value"].clone();
    assert_eq!(number(&person), "01632 960123");
    let changed = domain::dictionary::Value::stored("+441632960456".to_owned());
    person.attributes.set(Attribute::Telephone, Some(changed));
    assert_eq!(number(&person), "+441632960456");
}

#[test]
fn a_display_name_is_shown_where_somebody_set_it() {
    let person = Person {
        is_display_name_made: false,
        ..seren()
    };
    assert_eq!(rendered(&person)["displayName"], "LARKSPUR, Seren (Riverside)");
    assert!(rendered(&seren()).get("displayName").is_none());
}

#[test]
fn only_disabled_accounts_are_not_active() {
    let told = |status| {
        let rendered = rendered(&Person { status, ..seren() });
        let status = rendered["urn:staffbook:scim:schemas:2.0:Account"]["status"].clone();
        (rendered["active"].clone(), status)
    };
    assert_eq!(told(AccountStatus::Disabled), (json!(false), json!("disabled")));
    assert_eq!(told(AccountStatus::Pending), (json!(true), json!("pending")));
    assert_eq!(told(AccountStatus::Locked), (json!(true), json!("locked")));
    let leaver = Person {
        status: AccountStatus::Leaver,
        leaver_until: Some(Timestamp(1_764_494_100_250)),
        is_held: true,
        ..seren()
    };
    let own = &rendered(&leaver)["urn:staffbook:scim:schemas:2.0:Account"];
    assert_eq!((&own["status"], &own["held"]), (&json!("leaver"), &json!(true)));
    assert_eq!(own["leaverUntil"], "2025-11-30T09:15:00.250Z");
    assert_eq!(rendered(&leaver)["active"], true);
}

#[test]
fn seats_are_told_as_entitlements() {
    let seat = |number, offering| Seat {
        id: ID.parse().expect("an ID"),
        subscription: SubscriptionNumber::new(number).expect("a number"),
        offering,
        active: true,
        collab_extra_gb: 0,
        mail_extra_gb: 0,
    };
    let person = Person {
        seats: vec![seat(69_051, Offering::Bundle), seat(69_053, Offering::Traveler)],
        ..seren()
    };
    assert_eq!(
        rendered(&person)["entitlements"],
        json!([
            {"value": "69051", "display": "Collaboration and mail", "type": "bundle"},
            {"value": "69053", "display": "Traveler", "type": "traveler"},
        ])
    );
    assert!(rendered(&seren()).get("entitlements").is_none());
}

#[test]
fn the_schema_lists_every_offering() {
    let found = crate::definition::of_user(None, "entitlements").expect("an attribute");
    let kind = found.definition.sub("type").expect("an attribute");
    let Choice::Of(listed) = kind.choice else {
        panic!("{kind:?}");
    };
    assert_eq!(listed, Offering::ALL.map(Offering::slug));
}

#[test]
fn what_has_no_value_is_left_out_and_never_null() {
    fn check(value: &Value) {
        match value {
            Value::Object(object) => object.values().for_each(check),
            Value::Array(values) => values.iter().for_each(check),
            value => assert!(!value.is_null()),
        }
    }
    let person = Person {
        external_id: None,
        attributes: attributes(&[(Attribute::FirstName, "Seren"), (Attribute::LastName, "Larkspur")]),
        aliases: vec![],
        ..seren()
    };
    let rendered = rendered(&person);
    check(&rendered);
    for name in [
        "externalId",
        "title",
        "emails",
        "phoneNumbers",
        "displayName",
        "profileUrl",
    ] {
        assert!(rendered.get(name).is_none(), "{name}");
    }
}

#[test]
fn every_name_that_is_rendered_stands_in_its_schema() {
    let rendered = rendered(&Person {
        is_display_name_made: false,
        ..seren()
    });
    for (name, value) in rendered.as_object().expect("an object") {
        match Schema::of_urn(name) {
            Some(schema) => {
                for name in value.as_object().expect("an object").keys() {
                    assert!(crate::definition::of_user(Some(schema.urn()), name).is_some(), "{name}");
                }
            }
            None => assert!(crate::definition::of_user(None, name).is_some(), "{name}"),
        }
    }
}

#[test]
fn a_contact_is_rendered_by_its_own_schema() {
    let contact = ContactPerson {
        id: ID.parse().expect("an ID"),
        organisation: OrganisationCode::parse("RIV01").expect("a code"),
        attributes: attributes(&[
            (Attribute::FirstName, "Ash"),
            (Attribute::LastName, "Moor"),
            (Attribute::DisplayName, "MOOR, Ash"),
            (Attribute::EmailAddress, "ash@hospice.example"),
            (Attribute::SipAddress, "ash@calls.example"),
            (Attribute::Telephone, "+441632960123 ext 4512"),
            (Attribute::Role, "Nurse"),
            (Attribute::Notes, "Runs the hospice."),
        ]),
        version: ETag::of("2"),
        created: Timestamp(0),
        last_modified: Timestamp(0),
    };
    assert_eq!(
        Value::Object(contact.render(BASE)),
        json!({
            "schemas": ["urn:staffbook:scim:schemas:2.0:Contact"],
            "id": ID,
            "displayName": "MOOR, Ash",
            "name": {"formatted": "Ash Moor", "givenName": "Ash", "familyName": "Moor"},
            "emails": [{"value": "ash@hospice.example", "type": "work", "primary": true}],
            "phoneNumbers": [{"type": "work", "value": "+441632960123 ext 4512"}],
            "sipAddress": "ash@calls.example",
            "staffRoles": ["Nurse"],
            "notes": "Runs the hospice.",
            "organisation": "RIV01",
            "meta": {
                "resourceType": "Contact",
                "created": "1970-01-01T00:00:00.000Z",
                "lastModified": "1970-01-01T00:00:00.000Z",
                "location": format!("{BASE}/Contacts/{ID}"),
                "version": "W/\"2\"",
            },
        })
    );
}
