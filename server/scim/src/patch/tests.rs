//! The shapes that real clients send: Okta, Entra and its validator, authentik, Rauthy, Canaille.

use serde_json::json;

use super::*;
use crate::{
    definition::Schema,
    dialect::Reason,
    testing::{model, seren},
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ACCOUNT: &str = "urn:staffbook:scim:schemas:2.0:Account";

fn try_apply(operations: Value, dialect: Dialect) -> Result<Written, ScimError> {
    let body = json!({"schemas": [PATCH_OP], "Operations": operations});
    Patch::parse(&body, dialect)?.apply(&model(&seren()), dialect)
}

fn apply(operations: Value) -> Written {
    let shown = operations.to_string();
    try_apply(operations, Dialect::Tolerant).unwrap_or_else(|error| panic!("{shown}: {}", error.detail()))
}

fn core(written: &Written, name: &str) -> Value {
    written.model.get(Schema::User, name).cloned().unwrap_or_default()
}

fn noticed(written: &Written) -> Vec<(&str, Reason)> {
    let notices = written.notices.iter();
    notices.map(|notice| (notice.path.as_str(), notice.reason)).collect()
}

#[test]
fn okta_disables_without_a_path() {
    let written = apply(json!([{"op": "replace", "value": {"active": false}}]));
    assert_eq!(core(&written, "active"), json!(false));
    assert_eq!(written.notices, []);
}

#[test]
fn entra_writes_operations_with_capitals_and_booleans_as_text() {
    for (operation, active) in [
        (json!({"op": "Replace", "path": "active", "value": "False"}), false),
        (json!({"op": "Add", "path": "active", "value": "True"}), true),
        (json!({"op": "REPLACE", "value": {"active": "false"}}), false),
    ] {
        let written = apply(json!([operation]));
        assert_eq!(core(&written, "active"), json!(active));
    }
}

#[test]
fn entra_replaces_picked_numbers_and_attributes_of_extensions() {
    let written = apply(json!([
        {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "07700 900456"},
        {"op": "Add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "01632 960999"},
        {"op": "Replace", "path": "phoneNumbers[type eq \"pager\"].value", "value": "1480"},
        {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Medicine"},
        {"op": "Replace", "path": "name.givenName", "value": "Serena"},
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "Seren.Larkspur@health.example"},
    ]));
    assert_eq!(
        core(&written, "phoneNumbers"),
        json!([
            {"type": "work", "value": "01632 960123"},
            {"type": "mobile", "value": "07700 900456"},
            {"type": "fax", "value": "01632 960999"},
            {"type": "pager", "value": "1480"},
        ])
    );
    assert_eq!(
        written.model.get(Schema::Enterprise, "department"),
        Some(&json!("Medicine"))
    );
    assert_eq!(core(&written, "name")["givenName"], "Serena");
    assert_eq!(core(&written, "name")["familyName"], "Larkspur");
    // An address that is there already says nothing.
    assert_eq!(written.notices, []);
}

#[test]
fn the_validator_of_entra_replaces_by_dotted_keys_and_bare_ids() {
    let written = apply(json!([
        {"op": "replace", "path": "emails[primary eq true].value", "value": "new@health.example"},
        {"op": "replace", "value": {
            "name.familyName": "Fenn",
            "title": "Consultant",
            "phoneNumbers[type eq \"work\"].value": "01632 960777",
            format!("{ENTERPRISE}:employeeNumber"): 4712,
            "addresses[type eq \"work\"].formatted": "1 Quay Street",
            "displayName": "Seren F",
        }},
        {"op": "replace", "path": "userName", "value": "seren.fenn"},
        {"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "00aa00aa-bb11-cc22-dd33-44ee44ee44ee"},
        {"op": "remove", "path": format!("{ENTERPRISE}:manager")},
    ]));
    assert_eq!(core(&written, "name")["familyName"], "Fenn");
    assert_eq!(core(&written, "title"), "Consultant");
    assert_eq!(core(&written, "userName"), "seren.fenn");
    assert_eq!(core(&written, "displayName"), "Seren F");
    assert_eq!(
        core(&written, "phoneNumbers")[1],
        json!({"type": "work", "value": "01632 960777"})
    );
    assert_eq!(
        written.model.get(Schema::Enterprise, "employeeNumber"),
        Some(&json!("4712"))
    );
    assert_eq!(
        noticed(&written),
        [
            ("addresses[type eq \"work\"].formatted", Reason::Unknown),
            ("emails[primary eq true].value", Reason::ReadOnly),
            (format!("{ENTERPRISE}:manager").as_str(), Reason::Unknown),
        ]
    );
}

#[test]
fn what_is_removed_is_gone_with_and_without_a_filter() {
    for (path, value, left) in [
        ("phoneNumbers[type eq \"mobile\"]", None, vec!["work"]),
        ("phoneNumbers[type eq \"mobile\"].value", None, vec!["work"]),
        ("phoneNumbers[type eq \"fax\"]", None, vec!["work", "mobile"]),
        ("phoneNumbers[not (type eq \"work\")]", None, vec!["work"]),
        (
            "phoneNumbers",
            Some(json!([{"type": "work", "value": "01632 960123"}])),
            vec!["mobile"],
        ),
        ("phoneNumbers", None, vec![]),
    ] {
        let mut operation = json!({"op": "Remove", "path": path});
        if let Some(value) = value {
            operation["value"] = value;
        }
        let written = apply(json!([operation]));
        let numbers = core(&written, "phoneNumbers");
        let types: Vec<_> = numbers
            .as_array()
            .into_iter()
            .flatten()
            .map(|number| number["type"].clone())
            .collect();
        assert_eq!(types, left, "{path}");
    }
    let specialties = format!("{ACCOUNT}:clinicalSpecialties");
    let left = |operation: Value| {
        let written = apply(json!([operation]));
        written.model.get(Schema::Account, "clinicalSpecialties").cloned()
    };
    let picked = json!({"op": "remove", "path": format!("{specialties}[value eq \"cardiology\"]")});
    assert_eq!(left(picked), Some(json!(["Neurology"])));
    let named = json!({"op": "remove", "path": specialties, "value": [{"value": "Neurology"}]});
    assert_eq!(left(named), Some(json!(["Cardiology"])));
    assert_eq!(left(json!({"op": "remove", "path": specialties})), None);
    let title = apply(json!([{"op": "remove", "path": "title"}, {"op": "remove", "path": "name.honorificPrefix"}]));
    assert_eq!(core(&title, "title"), Value::Null);
    assert!(core(&title, "name").get("honorificPrefix").is_none());
    let extension = apply(json!([{"op": "remove", "path": ENTERPRISE}]));
    assert_eq!(extension.model.get(Schema::Enterprise, "employeeNumber"), None);
}

#[test]
fn lists_are_added_to_once_and_replaced_whole() {
    let specialties = format!("{ACCOUNT}:clinicalSpecialties");
    let left = |act: &str, value: Value| {
        let written = apply(json!([{"op": act, "path": specialties, "value": value}]));
        written
            .model
            .get(Schema::Account, "clinicalSpecialties")
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(
        left("add", json!(["Neurology", "Dermatology"])),
        json!(["Cardiology", "Neurology", "Dermatology"])
    );
    assert_eq!(
        left("add", json!("Dermatology")),
        json!(["Cardiology", "Neurology", "Dermatology"])
    );
    assert_eq!(
        left("replace", json!([{"value": "Dermatology"}])),
        json!(["Dermatology"])
    );
    assert_eq!(left("replace", json!([])), Value::Null);
    let inner = apply(json!([{"op": "replace", "value": {ACCOUNT: {"mobileHidden": "True", "notes": "On call"}}}]));
    assert_eq!(inner.model.get(Schema::Account, "mobileHidden"), Some(&json!(true)));
    assert_eq!(inner.model.get(Schema::Account, "notes"), Some(&json!("On call")));
}

#[test]
fn nothing_is_applied_where_one_operation_is_wrong_and_all_are_told() {
    let error = try_apply(
        json!([
            {"op": "replace", "path": "title", "value": "Consultant"},
            {"op": "replace", "path": "active", "value": "perhaps"},
            {"op": "replace", "path": "title", "value": {"a": "b"}},
        ]),
        Dialect::Tolerant,
    );
    let error = error.expect_err("two are wrong");
    assert_eq!(error.scim_type, Some(ScimType::InvalidValue));
    assert_eq!(error.detail(), "active is true or false.\ntitle is a text.");
}

#[test]
fn operations_that_cannot_be_read_are_told_with_their_number() {
    for (operation, scim_type, said) in [
        (
            json!({"op": "move", "path": "title"}),
            ScimType::InvalidSyntax,
            "Operation 1: “op” is add, replace or remove.",
        ),
        (json!("x"), ScimType::InvalidSyntax, "Operation 1: it is not an object."),
        (
            json!({"op": "remove"}),
            ScimType::NoTarget,
            "Operation 1: remove needs a path.",
        ),
        (
            json!({"op": "add", "path": "title"}),
            ScimType::InvalidValue,
            "Operation 1: a value is missing.",
        ),
        (
            json!({"op": "add", "value": "x"}),
            ScimType::InvalidSyntax,
            "Operation 1: without a path, the value is an object",
        ),
        (
            json!({"op": "add", "path": 5, "value": "x"}),
            ScimType::InvalidPath,
            "Operation 1: “path” is a text.",
        ),
        (
            json!({"op": "add", "path": "a[", "value": "x"}),
            ScimType::InvalidPath,
            "Operation 1: The path “a[” cannot be read.",
        ),
    ] {
        let error = try_apply(json!([operation]), Dialect::Tolerant).expect_err(said);
        assert_eq!(error.scim_type, Some(scim_type), "{said}");
        assert!(error.detail().starts_with(said), "{}", error.detail());
    }
    for body in [
        json!([]),
        json!({}),
        json!({"Operations": []}),
        json!({"Operations": "x"}),
    ] {
        assert!(Patch::parse(&body, Dialect::Tolerant).is_err(), "{body}");
    }
    let many = json!({"operations": vec![json!({"op": "remove", "path": "title"}); MOST + 1]});
    let error = Patch::parse(&many, Dialect::Tolerant).expect_err("too many");
    assert_eq!(error.scim_type, Some(ScimType::TooMany));
}

#[test]
fn the_strict_dialect_refuses_what_the_tolerant_one_notices() {
    for (operation, scim_type, said) in [
        (
            json!({"op": "Replace", "path": "active", "value": false}),
            ScimType::InvalidSyntax,
            "Operation 1: “op” is add, replace or remove.",
        ),
        (
            json!({"op": "replace", "path": "active", "value": "False"}),
            ScimType::InvalidValue,
            "active is true or false.",
        ),
        (
            json!({"op": "add", "path": "manager", "value": "x"}),
            ScimType::InvalidPath,
            "There is no attribute “manager”.",
        ),
        (
            json!({"op": "add", "path": "name", "value": {"nickName": "x"}}),
            ScimType::InvalidSyntax,
            "There is no attribute “name.nickName”.",
        ),
        (
            json!({"op": "replace", "path": "emails", "value": [{"value": "new@health.example"}]}),
            ScimType::Mutability,
            "emails is set by the service and cannot be changed.",
        ),
        (
            json!({"op": "replace", "path": "id", "value": "x"}),
            ScimType::Mutability,
            "id is set by the service",
        ),
        (
            json!({"op": "replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": "01632 960999"}),
            ScimType::NoTarget,
            "phoneNumbers[type eq \"fax\"].value picks no value that is there.",
        ),
        (
            json!({"op": "add", "path": "phoneNumbers", "value": [{"type": "home", "value": "01632 960999"}]}),
            ScimType::InvalidValue,
            "phoneNumbers.type is one of work, mobile, pager, fax.",
        ),
    ] {
        let error = try_apply(json!([operation]), Dialect::Strict).expect_err(said);
        assert_eq!(error.scim_type, Some(scim_type), "{said}");
        assert!(error.detail().starts_with(said), "{}", error.detail());
    }
    let named = json!({"schemas": [ENTERPRISE], "department": "Medicine"});
    let named = json!([{"op": "replace", "path": ENTERPRISE, "value": named}]);
    assert!(try_apply(named, Dialect::Strict).is_ok());
    for fine in [
        json!({"op": "add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "01632 960999"}),
        // The standard lets the path be left out (RFC 7644, 3.5.2.1).
        json!({"op": "replace", "value": {"active": false}}),
    ] {
        assert!(try_apply(json!([fine]), Dialect::Strict).is_ok(), "{fine}");
    }
    let unnamed = json!({"Operations": [{"op": "remove", "path": "title"}]});
    assert!(Patch::parse(&unnamed, Dialect::Strict).is_err());
    assert!(Patch::parse(&unnamed, Dialect::Tolerant).is_ok());
}

#[test]
fn what_is_not_kept_here_is_noticed_once_and_empty_values_say_nothing() {
    let written = apply(json!([
        {"op": "add", "value": {
            "roles": [], "nickName": null, "addresses": [{"formatted": "", "region": null}],
            "userType": "Employee", "USERTYPE": "Employee", "not a name": 1, "password": "secret",
            "phoneNumbers": [{"type": "home", "value": "01632 960999"}, {"type": "Work", "value": "01632 960555", "primary": true}],
            "meta": {"resourceType": "User"}, "id": "x", "schemas": [],
        }},
    ]));
    assert_eq!(
        core(&written, "phoneNumbers")[1],
        json!({"type": "work", "value": "01632 960555"})
    );
    assert_eq!(
        noticed(&written),
        [
            ("USERTYPE", Reason::Unknown),
            ("not a name", Reason::Unknown),
            ("password", Reason::Unknown),
            ("phoneNumbers.primary", Reason::Unknown),
            ("phoneNumbers[type eq \"home\"]", Reason::OtherType),
            ("userType", Reason::Unknown),
        ]
    );
}

#[test]
fn a_patch_of_what_is_there_already_changes_nothing() {
    let written = apply(json!([{"op": "replace", "value": {
        "userName": "Seren.Larkspur@riverside.example", "active": "True", "title": "Registrar",
        "emails": [{"value": "seren.larkspur@health.example", "type": "work", "primary": true}],
    }}]));
    assert_eq!(written.model, model(&seren()));
    assert_eq!(written.notices, []);
}

#[test]
fn more_values_and_keys_than_anybody_needs_are_bounded() {
    let specialties = format!("{ACCOUNT}:clinicalSpecialties");
    let many: Vec<_> = (0..201).map(|number| format!("Specialty {number}")).collect();
    let half = |from: usize| json!({"op": "add", "path": specialties, "value": many[from..from + 100]});
    for operations in [
        json!([{"op": "add", "path": specialties, "value": many}]),
        json!([half(0), half(100)]),
    ] {
        let error = try_apply(operations, Dialect::Tolerant).expect_err("too many");
        assert_eq!(error.detail(), format!("{specialties} has more than 200 values."));
    }
    let keys: Map<String, Value> = (0..500).map(|number| (format!("key{number}"), json!(1))).collect();
    assert_eq!(apply(json!([{"op": "add", "value": keys.clone()}])).notices.len(), 100);
    let strict = crate::patch::whole(&Value::Object(keys), Dialect::Strict).expect("an object");
    assert_eq!(strict.wrongs.len(), 100);
}
