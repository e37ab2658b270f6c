//! What Entra ID sends, shape by shape, from its documentation, its collection of requests and its validator's report.

use domain::{account::AccountStatus, dictionary::Attribute, values::ids::AccountId};
use serde_json::{Value, json};
use testkit::{Kind, on_both};

use super::{Provider, id_of};
use crate::browser::Site;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A number's value, by its type.
fn number<'a>(resource: &'a Value, kind: &str) -> Option<&'a str> {
    let numbers = resource["phoneNumbers"].as_array()?;
    let mut found = numbers.iter().filter(|number| number["type"] == kind);
    let value = found.next()?["value"].as_str();
    assert!(found.next().is_none(), "{kind} is there twice: {resource:#}");
    value
}

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee",
        "active": true,
        "addresses": [{"country": null, "formatted": "1 Weir Street", "type": "work", "primary": false}],
        "displayName": "Ada Bright",
        "emails": [{"primary": true, "type": "work", "value": "ada@mill-lane.example"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Ada Bright", "familyName": "Bright", "givenName": "Ada"},
        "phoneNumbers": [{"type": "work", "value": "01632 960123"}, {"type": "mobile", "value": "+44 (0)7700 900123"}],
        "preferredLanguage": "en-GB",
        "roles": [],
        "title": "Staff nurse",
        ENTERPRISE: {"department": "Medicine", "employeeNumber": "9001"},
    })
}

/// A person whom Entra has created, by the address of the resource.
async fn created(entra: &Provider<'_>) -> (Value, String) {
    let made = entra.post("/Users", &person()).await.with(201);
    let path = format!("/Users/{}", id_of(&made));
    (made, path)
}

on_both! {
    async fn entra_tries_the_connection_and_nobody_is_an_empty_list(portal: Portal) {
        let site = Site::over(portal);
        let entra = Provider::of_mill_lane(&site).await;
        for filter in [
            "userName eq \"3f2a9c1e-6c35-4f0e-9d0b-6e5a3a7a1f11\"",
            "externalId eq \"3f2a9c1e-6c35-4f0e-9d0b-6e5a3a7a1f11\"",
            "emails[type eq \"work\"].value eq \"nobody@mill-lane.example\"",
            "userName eq \"nobody\" and active eq true",
            "id eq \"3f2a9c1e-6c35-4f0e-9d0b-6e5a3a7a1f11\"",
        ] {
            let found = entra.find(filter).await;
            assert_eq!(found["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]), "{filter}");
            assert_eq!((&found["totalResults"], &found["Resources"]), (&json!(0), &json!([])), "{filter}");
        }
        let unknown = entra.get("/Users/3f2a9c1e-6c35-4f0e-9d0b-6e5a3a7a1f11").await;
        assert!(!unknown.refused(404, None).is_empty());
    }

    async fn entra_creates_with_roles_and_meta_and_gets_back_what_it_sent(portal: Portal) {
        let site = Site::over(portal);
        let entra = Provider::of_mill_lane(&site).await;
        let told = entra.post("/Users", &person()).await;
        let location = told.header("location").to_owned();
        assert!(told.header("etag").starts_with("W/\""), "{:?}", told.headers);
        let made = told.with(201);
        assert!(location.ends_with(&format!("/Users/{}", id_of(&made))), "{location}");
        let read = entra.get(&format!("/Users/{}", id_of(&made))).await.with(200);
        assert_eq!(made, read, "what is answered is what is read");
        for resource in [&made, &entra.find("userName eq \"TEST_user_AB6490EE\"").await["Resources"][0]] {
            let sent = person();
            for name in ["externalId", "userName", "active", "displayName", "title"] {
                assert_eq!(resource[name], sent[name], "{name}");
            }
            for name in ["familyName", "givenName"] {
                assert_eq!(resource["name"][name], sent["name"][name], "{name}");
            }
            for name in ["department", "employeeNumber"] {
                assert_eq!(resource[ENTERPRISE][name], sent[ENTERPRISE][name], "{name}");
            }
            // As they were sent, though they are kept as the dictionary writes them.
            assert_eq!(number(resource, "work"), Some("01632 960123"));
            assert_eq!(number(resource, "mobile"), Some("+44 (0)7700 900123"));
            for name in ["created", "lastModified", "location", "version"] {
                assert!(resource["meta"][name].is_string(), "{name}: {resource:#}");
            }
            assert!(resource.get("roles").is_none() && resource.get("addresses").is_none(), "{resource:#}");
        }
        let id = AccountId(id_of(&made).parse().unwrap());
        let ada = site.portal.standing(id).await;
        let text = |attribute| ada.attributes.text(attribute);
        assert_eq!(
            [text(Attribute::EmailAddress), text(Attribute::Telephone), text(Attribute::Mobile)],
            ["ada.bright@health.example", "+441632960123", "+447700900123"]
        );
        assert_eq!((ada.organisation.as_str(), ada.status), ("G7H8J", AccountStatus::Pending));
        site.portal.adds_up().await;
    }

    async fn entra_disables_by_a_text_and_the_disabled_are_still_returned(portal: Portal) {
        let site = Site::over(portal);
        let entra = Provider::of_mill_lane(&site).await;
        let (made, path) = created(&entra).await;
        let all = entra.get("/Users?count=0").await.with(200)["totalResults"].clone();
        let disabled = json!([{"op": "Replace", "path": "active", "value": "False"}]);
        assert_eq!(entra.patch(&path, &disabled).await.with(200)["active"], json!(false));
        let id = AccountId(id_of(&made).parse().unwrap());
        assert_eq!(site.portal.standing(id).await.status, AccountStatus::Disabled);
        // Read by ID, found by each key, and counted as before.
        assert_eq!(entra.get(&path).await.with(200)["active"], json!(false));
        for filter in [
            "userName eq \"Test_User_ab6490ee\"",
            "externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"",
            "userName eq \"Test_User_ab6490ee\" and active eq false",
        ] {
            let found = entra.find(filter).await;
            assert_eq!((&found["totalResults"], &found["Resources"][0]["active"]), (&json!(1), &json!(false)), "{filter}");
        }
        assert_eq!(entra.count("userName eq \"Test_User_ab6490ee\" and active eq true").await, 0);
        assert_eq!(entra.get("/Users?count=0").await.with(200)["totalResults"], all);
        // Said again, it changes nothing; and it comes back as it went.
        let again = entra.patch(&path, &disabled).await;
        assert_eq!(again.with(200)["active"], json!(false));
        let enabled = json!([{"op": "Add", "path": "active", "value": "True"}]);
        assert_eq!(entra.patch(&path, &enabled).await.with(200)["active"], json!(true));
        site.portal.adds_up().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_adds_replaces_and_removes_in_one_patch() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let (_, path) = created(&entra).await;
    let operations = json!([
        {"op": "Replace", "path": "name.familyName", "value": "Moor"},
        {"op": "Add", "path": "title", "value": "Ward manager"},
        {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "07700 900 456"},
        {"op": "Add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "01632 960999"},
        {"op": "Replace", "path": format!("{ENTERPRISE}:department"), "value": "Surgery"},
        {"op": "Remove", "path": "phoneNumbers[type eq \"work\"].value"},
    ]);
    let after = entra.patch(&path, &operations).await.with(200);
    assert_eq!(after["name"]["familyName"], json!("Moor"));
    assert_eq!(after["title"], json!("Ward manager"));
    assert_eq!(after[ENTERPRISE]["department"], json!("Surgery"));
    let numbers = ["mobile", "fax", "work"].map(|kind| number(&after, kind));
    assert_eq!(numbers, [Some("07700 900 456"), Some("01632 960999"), None]);
    let removed = entra.patch(&path, &json!([{"op": "Remove", "path": "title"}])).await;
    assert!(removed.with(200).get("title").is_none());
    // All or nothing: what is wrong with one is told, and none is done.
    let half = json!([
        {"op": "Replace", "path": "title", "value": "Porter"},
        {"op": "Replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": "12"},
    ]);
    let said = entra.patch(&path, &half).await.refused(400, Some("invalidValue"));
    assert!(said.contains("it has only 2 digits"), "{said}");
    let read = entra.get(&path).await.with(200);
    assert!(
        read.get("title").is_none() && number(&read, "fax") == Some("01632 960999"),
        "{read:#}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_replaces_without_a_path_and_by_dotted_keys() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let (_, path) = created(&entra).await;
    let operations = json!([{"op": "replace", "value": {
        "displayName": "Ada M",
        "name.givenName": "Adele",
        "name.familyName": "Moor",
        "phoneNumbers[type eq \"work\"].value": "01632 960777",
        format!("{ENTERPRISE}:department"): "Surgery",
        "active": "True",
    }}]);
    let after = entra.patch(&path, &operations).await.with(200);
    assert_eq!(
        [
            &after["displayName"],
            &after["name"]["givenName"],
            &after["name"]["familyName"]
        ],
        [&json!("Ada M"), &json!("Adele"), &json!("Moor")]
    );
    assert_eq!(
        (number(&after, "work"), &after["active"]),
        (Some("01632 960777"), &json!(true))
    );
    assert_eq!(after[ENTERPRISE]["department"], json!("Surgery"));
    assert_eq!(entra.get(&path).await.with(200), after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_sends_email_addresses_and_they_change_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let (made, path) = created(&entra).await;
    let own = made["emails"][0]["value"].clone();
    assert_eq!(own, json!("ada.bright@health.example"));
    for operation in [
        json!({"op": "Replace", "path": "emails[type eq \"work\"].value", "value": own}),
        json!({"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "other@mill-lane.example"}),
        json!({"op": "replace", "path": "emails[primary eq true].value", "value": "other@mill-lane.example"}),
        json!({"op": "Add", "path": "emails", "value": [{"primary": "true", "type": "work", "value": "o@m.example"}]}),
        json!({"op": "Remove", "path": "emails[type eq \"work\"].value"}),
    ] {
        let after = entra.patch(&path, &json!([operation])).await;
        assert_eq!(after.with(200), made, "{operation}");
    }
    assert_eq!(
        entra
            .count("emails[type eq \"work\"].value eq \"ada.bright@health.example\"")
            .await,
        1
    );
    assert_eq!(entra.count("emails.value eq \"ADA.BRIGHT@health.example\"").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_sends_what_is_not_kept_here_and_is_not_refused() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let (made, path) = created(&entra).await;
    for operation in [
        json!({"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "SuzzyQ"}),
        json!({"op": "Replace", "path": format!("{ENTERPRISE}:manager"), "value": {"value": "SuzzyQ"}}),
        json!({"op": "Remove", "path": format!("{ENTERPRISE}:manager")}),
        json!({"op": "Add", "path": "addresses[type eq \"work\"].formatted", "value": "1 Weir Street"}),
        json!({"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Contributor"}),
        json!({"op": "Replace", "path": "preferredLanguage", "value": "cy-GB"}),
        json!({"op": "Replace", "value": {"nickName": "Ad", "urn:example:of:a:stranger:shoe": 7}}),
        // And what is so already.
        json!({"op": "Replace", "path": "title", "value": "Staff nurse"}),
    ] {
        let after = entra.patch(&path, &json!([operation])).await;
        assert_eq!(after.with(200), made, "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_writes_names_of_attributes_with_capitals() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let made = json!({
        "UserName": "UserName222",
        "Active": true,
        "DisplayName": "lennay",
        "schemas": [ENTERPRISE, "urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": "7d1f53b1d2b74b06b1d1d4ea6f0c8c3e",
        "name": {"formatted": "Andrew Ryan", "familyName": "Ryan", "givenName": "Andrew"},
        "emails": [
            {"Primary": true, "type": "work", "value": "testing@mill-lane.example"},
            {"Primary": false, "type": "home", "value": "home@mill-lane.example"},
        ],
        ENTERPRISE: {"Department": "Reception", "Manager": {"Value": "SuzzyQ"}},
    });
    let made = entra.post("/Users", &made).await.with(201);
    assert_eq!(
        [&made["userName"], &made["displayName"], &made[ENTERPRISE]["department"]],
        [&json!("UserName222"), &json!("lennay"), &json!("Reception")]
    );
    let renamed = json!([{"op": "replace", "path": "userName", "value": "ryan3"}]);
    let path = format!("/Users/{}", id_of(&made));
    assert_eq!(entra.patch(&path, &renamed).await.with(200)["userName"], json!("ryan3"));
    assert_eq!(entra.count("userName eq \"UserName222\"").await, 0);
    assert_eq!(entra.count("userName eq \"ryan3\"").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entra_creates_twice_and_is_told_who_is_there() {
    let site = Site::open(Kind::Sqlite).await;
    let entra = Provider::of_mill_lane(&site).await;
    let (made, _) = created(&entra).await;
    let said = entra.post("/Users", &person()).await.refused(409, Some("uniqueness"));
    assert!(said.contains(&id_of(&made)), "{said}");
    // By each key alone, in other letters too.
    for (name, value) in [
        ("userName", "TEST_USER_AB6490EE"),
        ("externalId", "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"),
    ] {
        let mut other = person();
        other["userName"] = json!("somebody.else");
        other["externalId"] = json!("another key");
        other[ENTERPRISE]["employeeNumber"] = json!("9002");
        other[name] = json!(value);
        let told = entra.post("/Users", &other).await;
        assert!(
            told.header("content-location").ends_with(&id_of(&made)),
            "{name}: {:?}",
            told.headers
        );
        told.refused(409, Some("uniqueness"));
    }
    assert_eq!(entra.count("externalId eq \"another key\"").await, 0);
}
