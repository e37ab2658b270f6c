//! What the tests of this crate share: one person, and how values are read.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Attributes, Value},
    organisation::OrganisationCode,
    rules::Rules,
    values::{
        email_address::{EmailAddress, MailDomain},
        ids::Timestamp,
    },
};

use crate::{
    etag::ETag,
    model::Model,
    resource::{Person, Rendering},
};

pub(crate) const BASE: &str = "https://portal.example/scim/v2";

pub(crate) const ID: &str = "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11";

pub(crate) fn rules() -> Rules {
    Rules::standard(MailDomain::parse("health.example").expect("a domain"))
}

pub(crate) fn attributes(texts: &[(Attribute, &str)]) -> Attributes {
    let texts = texts.iter();
    texts
        .map(|(attribute, text)| (*attribute, Value::stored((*text).to_owned())))
        .collect()
}

/// Seren Larkspur of Riverside.
pub(crate) fn seren() -> Person {
    let address = |text| EmailAddress::parse(text).expect("an address");
    Person {
        id: ID.parse().expect("an ID"),
        external_id: Some("emp-4711".to_owned()),
        user_name: "Seren.Larkspur@riverside.example".to_owned(),
        organisation: OrganisationCode::parse("RIV01").expect("a code"),
        organisation_name: "Riverside Hospital".to_owned(),
        status: AccountStatus::Active,
        leaver_until: None,
        is_held: false,
        seats: vec![],
        attributes: attributes(&[
            (Attribute::Title, "Dr"),
            (Attribute::FirstName, "Seren"),
            (Attribute::LastName, "Larkspur"),
            (Attribute::DisplayName, "LARKSPUR, Seren (Riverside)"),
            (Attribute::EmailAddress, "seren.larkspur@health.example"),
            (Attribute::LocalId, "4711"),
            (Attribute::JobTitle, "Registrar"),
            (Attribute::Telephone, "+441632960123"),
            (Attribute::Mobile, "+447700900123"),
            (Attribute::HideMobile, "no"),
            (Attribute::ClinicalSpecialty, "Cardiology; Neurology"),
            (Attribute::Quota, "4"),
        ]),
        is_display_name_made: true,
        aliases: vec![address("seren.fenn@health.example")],
        as_sent: BTreeMap::from([(Attribute::Telephone, "01632 960123".to_owned())]),
        version: ETag::of("7"),
        created: Timestamp(1_764_490_000_000),
        last_modified: Timestamp(1_764_494_100_250),
    }
}

pub(crate) fn model(person: &Person) -> Model {
    let rules = rules();
    person.model(Rendering {
        base: BASE,
        rules: &rules,
    })
}
