use super::*;
use crate::testing::{BASE, rules};

fn served(urn: &str, organisations: &[String]) -> Value {
    served_with(urn, organisations, Dialect::Tolerant)
}

fn served_with(urn: &str, organisations: &[String], dialect: Dialect) -> Value {
    let rules = rules();
    let sites = ["RIV01A".to_owned()];
    let vocabulary = Vocabulary {
        organisations: Some(organisations),
        sites: Some(&sites),
        units: Some(&[]),
        rules: &rules,
        dialect,
    };
    schema(BASE, urn, vocabulary).expect("a schema")
}

fn of<'a>(schema: &'a Value, name: &str) -> &'a Value {
    let attributes = schema["attributes"].as_array().expect("a list");
    attributes
        .iter()
        .find(|known| known["name"] == name)
        .expect("an attribute")
}

#[test]
fn the_configuration_says_what_is_supported_and_how_much() {
    let config = service_provider_config(BASE, Dialect::Strict, DeltaQuery::Told);
    assert_eq!(
        config["bulk"],
        json!({"supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576})
    );
    assert_eq!(config["filter"]["maxResults"], 1000);
    assert_eq!(
        config["pagination"],
        json!({
            "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100,
            "maxPageSize": 1000, "cursorTimeout": 86400,
        })
    );
    assert_eq!(config["DeltaQuery"]["deltaTokenExpiry"], 2_592_000);
    assert_eq!(config["changePassword"]["supported"], false);
    // What older clients do not know would make them refuse it all.
    let plain = service_provider_config(BASE, Dialect::Tolerant, DeltaQuery::Untold);
    assert_eq!((plain.get("DeltaQuery"), plain.get("pagination")), (None, None));
}

#[test]
fn users_have_two_extensions_and_contacts_a_schema_of_their_own() {
    let types = resource_types(BASE);
    let names: Vec<_> = types
        .iter()
        .map(|kind| kind["name"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(names, ["User", "Contact"]);
    assert_eq!(
        types[0]["schemaExtensions"][1]["schema"],
        "urn:staffbook:scim:schemas:2.0:Account"
    );
    let user = resource_type(BASE, "User").expect("the type");
    assert_eq!(
        user["meta"]["location"],
        "https://portal.example/scim/v2/ResourceTypes/User"
    );
    assert_eq!(resource_type(BASE, "Group"), None);
}

#[test]
fn attributes_are_told_as_the_dictionary_and_the_table_have_them() {
    let user = served("URN:ietf:params:scim:schemas:core:2.0:user", &[]);
    assert_eq!(
        of(&user, "title"),
        &json!({
            "name": "title", "type": "string", "multiValued": false, "required": false, "caseExact": false,
            "mutability": "readWrite", "returned": "default", "uniqueness": "none",
            "description": "Job title. What the person does. At most 100 characters.",
        })
    );
    assert_eq!(of(&user, "userName")["uniqueness"], "server");
    assert_eq!(of(&user, "userName")["required"], true);
    assert_eq!(of(&user, "emails")["mutability"], "readOnly");
    let name = of(&user, "name")["subAttributes"].as_array().expect("a list");
    let required: Vec<_> = name
        .iter()
        .filter(|sub| sub["required"] == true)
        .map(|sub| &sub["name"])
        .collect();
    assert_eq!(required, ["familyName", "givenName"]);
    let numbers = &of(&user, "phoneNumbers")["subAttributes"];
    assert_eq!(numbers[1]["canonicalValues"], json!(["work", "mobile", "pager", "fax"]));
    assert_eq!(of(&user, "profileUrl")["referenceTypes"], json!(["external"]));
}

#[test]
fn what_is_not_kept_is_listed_for_tolerant_clients_only_and_never_returned() {
    let names = |dialect| {
        let user = served_with(Schema::User.urn(), &[], dialect);
        let attributes = user["attributes"].as_array().expect("a list").clone();
        let never = attributes.iter().filter(|known| known["returned"] == "never");
        for known in never.clone() {
            assert_eq!(known["mutability"], "readOnly");
        }
        never
            .map(|known| known["name"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let listed = ["preferredLanguage", "password", "addresses", "photos", "groups"];
    assert_eq!(names(Dialect::Tolerant), listed);
    assert_eq!(names(Dialect::Strict), Vec::<String>::new());
}

#[test]
fn values_to_choose_from_are_those_of_the_token_and_of_the_lists() {
    let codes: Vec<_> = (0..201).map(|number| format!("ORG{number}")).collect();
    let account = served(Schema::Account.urn(), &codes[..200]);
    let organisation = of(&account, "organisation");
    assert_eq!(organisation["canonicalValues"].as_array().map(Vec::len), Some(200));
    assert_eq!(organisation["mutability"], "immutable");
    assert_eq!(of(&account, "site")["canonicalValues"], json!(["RIV01A"]));
    assert!(of(&account, "unit").get("canonicalValues").is_none());
    assert_eq!(of(&account, "unit")["mutability"], "readOnly");
    assert_eq!(of(&account, "site")["mutability"], "readWrite");
    let specialties = of(&account, "clinicalSpecialties");
    assert_eq!(
        specialties["canonicalValues"],
        json!(rules().lists.clinical_specialties)
    );
    assert_eq!(specialties["multiValued"], true);
    let account = served(Schema::Account.urn(), &codes);
    assert!(of(&account, "organisation").get("canonicalValues").is_none());
    assert_eq!(of(&account, "status")["mutability"], "readOnly");
}

#[test]
fn what_is_returned_on_request_only_is_told_so() {
    let one = ["RIV01".to_owned()];
    let account = served_with(Schema::Account.urn(), &one, Dialect::Strict);
    let told = |schema: &Value, name: &str| {
        let attribute = of(schema, name);
        (attribute["mutability"].clone(), attribute["returned"].clone())
    };
    assert_eq!(told(&account, "organisation"), (json!("readOnly"), json!("request")));
    assert_eq!(told(&account, "status"), (json!("readOnly"), json!("request")));
    assert_eq!(told(&account, "notes"), (json!("readWrite"), json!("default")));
    let two = ["RIV01".to_owned(), "RIV02".to_owned()];
    let account = served_with(Schema::Account.urn(), &two, Dialect::Strict);
    assert_eq!(told(&account, "organisation"), (json!("immutable"), json!("default")));
    let user = served_with(Schema::User.urn(), &two, Dialect::Strict);
    assert_eq!(told(&user, "emails"), (json!("readOnly"), json!("default")));
    assert_eq!(of(&user, "name")["subAttributes"][0]["returned"], "request");
}

#[test]
fn every_attribute_of_a_contact_is_read_only() {
    fn check(attributes: &Value) {
        for attribute in attributes.as_array().expect("a list") {
            assert_eq!(attribute["mutability"], "readOnly", "{attribute}");
            if let Some(subs) = attribute.get("subAttributes") {
                check(subs);
            }
        }
    }
    let contact = served(Schema::Contact.urn(), &[]);
    check(&contact["attributes"]);
}
