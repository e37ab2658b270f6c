use domain::account::AccountStatus;
use serde_json::json;

use super::*;
use crate::{
    dialect::Reason,
    error::PROBLEMS,
    resource::Person,
    testing::{model, rules, seren},
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ACCOUNT: &str = "urn:staffbook:scim:schemas:2.0:Account";

fn post(body: Value) -> Result<Wanted, ScimError> {
    Wanted::of_post(&body, Dialect::Tolerant, &rules())
}

/// Of a client that has said nothing of Seren before.
fn put(body: Value) -> Result<Wanted, ScimError> {
    put_again(body, &[])
}

/// Of a client that gave these attributes a value before.
fn put_again(body: Value, said: &[Attribute]) -> Result<Wanted, ScimError> {
    let own = said.iter().copied().collect();
    Wanted::of_put(&body, &model(&seren()), &own, Dialect::Tolerant, &rules())
}

fn patch(operations: Value) -> Result<Wanted, ScimError> {
    let body = json!({"Operations": operations});
    Wanted::of_patch(&body, &model(&seren()), Dialect::Tolerant, &rules())
}

/// The person as they are when all is done that is wanted.
fn onto(wanted: &Wanted, mut person: Person) -> Person {
    for (attribute, text) in &wanted.cells.texts {
        let value = match wanted.cells.clears(*attribute) {
            true => None,
            false => Some(
                attribute
                    .parse(text, wanted.cells.separator, &rules())
                    .expect("a value"),
            ),
        };
        person.attributes.set(*attribute, value);
        if *attribute == Attribute::DisplayName {
            person.is_display_name_made = wanted.cells.clears(*attribute);
        }
    }
    person.as_sent.extend(wanted.as_sent.clone());
    if let Some(user_name) = &wanted.user_name {
        person.user_name.clone_from(user_name);
    }
    match &wanted.external_id {
        Setting::Keep => {}
        Setting::Set(key) => person.external_id = Some(key.clone()),
        Setting::Clear => person.external_id = None,
    }
    person.status = match wanted.active {
        None => person.status,
        Some(true) => AccountStatus::Active,
        Some(false) => AccountStatus::Disabled,
    };
    person
}

fn texts(wanted: &Wanted) -> Vec<(Attribute, &str)> {
    let texts = wanted.cells.texts.iter();
    texts.map(|(attribute, text)| (*attribute, text.as_str())).collect()
}

/// The body that gives everything that Seren has.
fn whole() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE, ACCOUNT],
        "externalId": "emp-4711",
        "userName": "Seren.Larkspur@riverside.example",
        "name": {"honorificPrefix": "Dr", "givenName": "Seren", "familyName": "Larkspur"},
        "title": "Registrar",
        "phoneNumbers": [{"type": "work", "value": "01632 960123"}, {"type": "mobile", "value": "+447700900123"}],
        ENTERPRISE: {"employeeNumber": "4711"},
        ACCOUNT: {"mobileHidden": false, "clinicalSpecialties": ["Cardiology", "Neurology"]},
    })
}

#[test]
fn okta_creates_somebody_and_entra_does_with_more_than_is_kept() {
    let okta = post(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jo.fenn@health.example",
        "name": {"givenName": "Jo", "familyName": "Fenn"},
        "emails": [{"primary": true, "value": "jo.fenn@health.example", "type": "work"}],
        "displayName": "Jo Fenn",
        "active": true,
    }));
    let okta = okta.expect("a wish");
    assert_eq!(okta.user_name.as_deref(), Some("jo.fenn@health.example"));
    assert_eq!((okta.active, &okta.external_id), (Some(true), &Setting::Keep));
    assert_eq!(
        texts(&okta),
        [
            (Attribute::FirstName, "Jo"),
            (Attribute::LastName, "Fenn"),
            (Attribute::DisplayName, "Jo Fenn"),
        ]
    );
    assert_eq!(okta.ignored, []);
    let entra = post(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee",
        "active": true,
        "emails": [{"primary": true, "type": "work", "value": "Test_User_fd0ea19b@testuser.com"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "givenName familyName", "familyName": "Fenn", "givenName": "Jo"},
        "roles": [],
        ENTERPRISE: {"department": "Medicine", "organization": "Contoso", "manager": {"value": "1"}},
        ACCOUNT: {"organisation": "riv01"},
    }));
    let entra = entra.expect("a wish");
    assert_eq!(
        entra.external_id,
        Setting::Set("0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef".to_owned())
    );
    assert_eq!(entra.organisation.as_deref(), Some("riv01"));
    assert_eq!(entra.cells.text(Attribute::Department), "Medicine");
    let ignored: Vec<_> = entra
        .ignored
        .iter()
        .map(|notice| (notice.path.as_str(), notice.reason))
        .collect();
    assert_eq!(
        ignored,
        [
            ("emails", Reason::ReadOnly),
            ("name.formatted", Reason::ReadOnly),
            (format!("{ENTERPRISE}:manager").as_str(), Reason::Unknown),
            (format!("{ENTERPRISE}:organization").as_str(), Reason::ReadOnly),
        ]
    );
}

#[test]
fn a_new_account_is_told_all_that_is_missing_and_wrong_at_once() {
    let error = post(json!({
        "name": {"givenName": "Jo"},
        "phoneNumbers": [{"type": "mobile", "value": "01632 960123"}],
        ACCOUNT: {"clinicalSpecialties": ["Beekeeping"]},
    }));
    let error = error.expect_err("much is wrong");
    assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidValue)));
    let paths: Vec<_> = error.problems.iter().map(|wrong| wrong.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "name.familyName",
            "phoneNumbers[type eq \"mobile\"].value",
            format!("{ACCOUNT}:clinicalSpecialties").as_str(),
            "userName",
        ]
    );
    assert!(
        error.detail().contains("“01632 960123” is not a UK mobile number."),
        "{}",
        error.detail()
    );
    assert!(
        error
            .detail()
            .contains("“Beekeeping” is not in the list for clinical specialty."),
        "{}",
        error.detail()
    );
    assert_eq!(error.body_with_problems()[PROBLEMS]["problems"][3]["code"], "missing");
    assert!(post(json!("text")).is_err());
}

#[test]
fn a_put_of_what_is_there_asks_for_nothing() {
    let wanted = put(whole()).expect("a wish");
    assert!(wanted.is_nothing(), "{wanted:?}");
    let with_all = model(&seren()).into_map();
    let wanted = put(Value::Object(with_all)).expect("a wish");
    assert!(wanted.is_nothing(), "{wanted:?}");
    assert_eq!(wanted.ignored, []);
}

/// The body of a client that knows names alone.
fn names_alone() -> Value {
    json!({
        "userName": "Seren.Larkspur@riverside.example",
        "name": {"givenName": "Seren", "familyName": "Larkspur"},
    })
}

#[test]
fn a_put_keeps_what_its_client_never_said() {
    let wanted = put(names_alone()).expect("a wish");
    assert!(wanted.is_nothing(), "{wanted:?}");
    assert_eq!(wanted.unnamed, []);
    let repeated: Vec<_> = wanted.repeated.into_iter().collect();
    let names = [(Attribute::FirstName, "Seren"), (Attribute::LastName, "Larkspur")];
    assert_eq!(repeated, names.map(|(attribute, text)| (attribute, text.to_owned())));
    // One number of several, too.
    let mut body = names_alone();
    body["phoneNumbers"] = json!([{"type": "work", "value": "01632 960124"}]);
    let wanted = put(body).expect("a wish");
    assert_eq!(texts(&wanted), [(Attribute::Telephone, "01632 960124")]);
}

#[test]
fn a_put_clears_what_its_client_says_no_longer_or_sends_empty() {
    let said = [
        Attribute::JobTitle,
        Attribute::Mobile,
        Attribute::Fax,
        Attribute::LastName,
    ];
    let wanted = put_again(names_alone(), &said).expect("a wish");
    let cleared = [(Attribute::JobTitle, CLEAR), (Attribute::Mobile, CLEAR)];
    assert_eq!(texts(&wanted), cleared);
    assert_eq!(wanted.unnamed, [Attribute::JobTitle, Attribute::Mobile]);
    // The client's own key, whether the account is active, and where it belongs are never cleared so.
    assert_eq!(wanted.external_id, Setting::Keep);
    assert_eq!(
        (wanted.active, wanted.organisation, wanted.user_name),
        (None, None, None)
    );
    let mut body = names_alone();
    body["title"] = json!(null);
    body["externalId"] = json!("");
    body["phoneNumbers"] = json!([]);
    body["name"]["honorificPrefix"] = json!("");
    body[ACCOUNT] = json!(null);
    let wanted = put(body).expect("a wish");
    assert_eq!(
        texts(&wanted),
        [
            (Attribute::Title, CLEAR),
            (Attribute::JobTitle, CLEAR),
            (Attribute::Telephone, CLEAR),
            (Attribute::Mobile, CLEAR),
            (Attribute::HideMobile, CLEAR),
            (Attribute::ClinicalSpecialty, CLEAR),
        ]
    );
    assert_eq!((wanted.external_id, wanted.unnamed), (Setting::Clear, vec![]));
}

#[test]
fn values_of_the_wrong_kind_and_unreadable_ones_are_told_at_once() {
    let body = json!({
        "userName": [],
        "name": {"givenName": {"a": 1}, "familyName": "Fenn"},
        "title": {"a": "b"},
        "phoneNumbers": [{"type": "mobile", "value": "01632 960123"}, {"type": "work", "value": "none"}],
        ACCOUNT: {"mobileHidden": "perhaps"},
    });
    let error = post(body).expect_err("much is wrong");
    let paths: Vec<_> = error.problems.iter().map(|wrong| wrong.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "name.givenName",
            "title",
            format!("{ACCOUNT}:mobileHidden").as_str(),
            "phoneNumbers[type eq \"work\"].value",
            "phoneNumbers[type eq \"mobile\"].value",
            "userName",
        ]
    );
}

#[test]
fn a_put_cannot_clear_what_every_account_has() {
    let error = put(json!({"userName": "", "name": {"givenName": "Seren"}})).expect_err("refused");
    let paths: Vec<_> = error.problems.iter().map(|wrong| wrong.path.as_str()).collect();
    assert_eq!(paths, ["name.familyName", "userName"]);
    assert!(
        error.detail().contains("name.familyName: Last name is missing."),
        "{}",
        error.detail()
    );
}

#[test]
fn a_number_that_changes_is_kept_as_it_was_sent() {
    let wanted = patch(json!([
        {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "07700 900456"},
    ]));
    let wanted = wanted.expect("a wish");
    assert_eq!(texts(&wanted), [(Attribute::Mobile, "07700 900456")]);
    assert_eq!(
        wanted.as_sent,
        BTreeMap::from([(Attribute::Mobile, "07700 900456".to_owned())])
    );
}

#[test]
fn a_patch_asks_only_for_what_differs() {
    let wanted = patch(json!([
        {"op": "replace", "value": {"active": false}},
        {"op": "replace", "path": "title", "value": "Consultant"},
        {"op": "replace", "path": "externalId", "value": "emp-4712"},
        {"op": "remove", "path": format!("{ACCOUNT}:clinicalSpecialties[value eq \"Cardiology\"]")},
        {"op": "add", "path": format!("{ACCOUNT}:mobileHidden"), "value": "True"},
        {"op": "remove", "path": "name.honorificPrefix"},
    ]));
    let wanted = wanted.expect("a wish");
    assert_eq!(wanted.active, Some(false));
    assert_eq!(wanted.external_id, Setting::Set("emp-4712".to_owned()));
    assert_eq!(
        texts(&wanted),
        [
            (Attribute::Title, CLEAR),
            (Attribute::JobTitle, "Consultant"),
            (Attribute::HideMobile, "yes"),
            (Attribute::ClinicalSpecialty, "Neurology"),
        ]
    );
    let nothing =
        patch(json!([{"op": "replace", "path": "active", "value": true}, {"op": "remove", "path": "active"}]));
    assert!(nothing.expect("a wish").is_nothing());
}

#[test]
fn nobody_is_moved_by_a_client() {
    let path = format!("{ACCOUNT}:organisation");
    let same = patch(json!([{"op": "replace", "path": path, "value": "riv01"}]));
    assert!(same.expect("a wish").is_nothing());
    let moved = patch(json!([{"op": "replace", "path": path, "value": "HIL01"}])).expect_err("refused");
    assert_eq!(moved.scim_type, Some(ScimType::Mutability));
    assert!(
        moved
            .detail()
            .ends_with("People are moved to another organisation in the portal.")
    );
    let mut body = whole();
    body[ACCOUNT]["organisation"] = json!("HIL01");
    assert_eq!(put(body).expect_err("refused").scim_type, Some(ScimType::Mutability));
}

#[test]
fn what_a_patch_does_not_say_is_not_taken_for_said() {
    let said = |operations: Value| {
        let body = json!({"Operations": operations});
        let written = patched(&body, &model(&seren()), Dialect::Tolerant).expect("a patch");
        (written.organisation().map(ToOwned::to_owned), written.active())
    };
    let path = format!("{ACCOUNT}:organisation");
    let title = json!({"op": "replace", "path": "title", "value": "Nurse"});
    assert_eq!(said(json!([title])), (None, None));
    let place = json!({"op": "replace", "path": path, "value": " riv01 "});
    let active = json!({"op": "replace", "value": {"active": true}});
    assert_eq!(
        said(json!([title, place, active])),
        (Some("riv01".to_owned()), Some(true))
    );
}

#[test]
fn names_and_keys_are_bounded_and_hold_no_unseen_characters() {
    let named = |name: &str| patch(json!([{"op": "replace", "path": "userName", "value": name}]));
    let apart = named("Zoe\u{308}").expect("a wish");
    assert_eq!(apart.user_name.as_deref(), Some("Zoë"));
    assert_eq!(named(" jo ").expect("a wish").user_name.as_deref(), Some("jo"));
    let long = named(&"x".repeat(255)).expect_err("refused");
    assert_eq!(long.detail(), "userName has 255 characters; the most is 254.");
    assert!(named("jo\u{200B}e").is_err());
    assert!(patch(json!([{"op": "remove", "path": "userName"}])).is_err());
    let key = patch(json!([{"op": "replace", "path": "externalId", "value": "x".repeat(256)}]));
    assert_eq!(
        key.expect_err("refused").detail(),
        "externalId has 256 characters; the most is 255."
    );
}

#[test]
fn the_strict_dialect_takes_what_its_schemas_have_and_no_more() {
    let own = BTreeSet::new();
    let strict = |body: Value| Wanted::of_put(&body, &model(&seren()), &own, Dialect::Strict, &rules());
    assert!(strict(whole()).expect("a wish").is_nothing());
    let mut body = whole();
    body["emails"] = json!([{"type": "work", "value": "new@health.example"}]);
    let ignored = strict(body.clone()).expect("a wish").ignored;
    assert_eq!(ignored, [Notice::of("emails", Reason::ReadOnly)]);
    body["nickName"] = json!("Sez");
    body["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:User", ACCOUNT, "x"]);
    let error = strict(body).expect_err("refused");
    assert_eq!(
        error.detail(),
        format!(
            "schemas does not list {ENTERPRISE}.\nschemas lists “x”, which no user has.\nThere is no attribute “nickName”."
        )
    );
    // On creation the service leaves out what it sets itself (RFC 7644, 3.3).
    let created = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "jo", "name": {"givenName": "Jo", "familyName": "Fenn"}, "emails": [{"value": "a@b.example"}],
    });
    let created = Wanted::of_post(&created, Dialect::Strict, &rules()).expect("a wish");
    assert_eq!(created.ignored, [Notice::of("emails", Reason::ReadOnly)]);
}

#[test]
fn clients_that_put_whole_objects_do_not_disable() {
    // authentik, Rauthy and Okta's wizard send a PUT; the first with keys that nobody here knows.
    let mut body = whole();
    body["urn:goauthentik.io:2023-04:scim"] = json!({"groups": ["a"]});
    body["photos"] = json!([{"value": "https://idp.example/p.png"}]);
    body["preferredLanguage"] = json!("en");
    let wanted = put(body).expect("a wish");
    assert!(wanted.is_nothing());
    assert_eq!(wanted.ignored.len(), 3, "{:?}", wanted.ignored);
}

#[test]
fn what_is_asked_for_and_read_again_asks_for_nothing_more() {
    let operations = json!([
        {"op": "replace", "value": {"active": false, "userName": "seren", "externalId": "k", "displayName": "Seren L"}},
        {"op": "add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "(01632) 960 999"},
        {"op": "remove", "path": "title"},
        {"op": "add", "path": format!("{ACCOUNT}:clinicalSpecialties"), "value": "dermatology"},
    ]);
    let wanted = patch(operations.clone()).expect("a wish");
    let after = onto(&wanted, seren());
    assert_eq!(after.status, AccountStatus::Disabled);
    assert_eq!(after.attributes.text(Attribute::Fax), "+441632960999");
    let model = model(&after);
    assert_eq!(model.core("displayName"), Some("Seren L"));
    assert_eq!(model.core("title"), None);
    let body = json!({"Operations": operations});
    let again = Wanted::of_patch(&body, &model, Dialect::Tolerant, &rules()).expect("a wish");
    assert!(again.is_nothing(), "{again:?}");
    let whole = Value::Object(model.clone().into_map());
    let own = BTreeSet::new();
    let put = Wanted::of_put(&whole, &model, &own, Dialect::Strict, &rules()).expect("a wish");
    assert!(put.is_nothing(), "{put:?}");
}
