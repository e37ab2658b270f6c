use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(text: &str) -> Filter {
    Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn path(name: &str) -> Path {
    Path {
        urn: None,
        name: name.to_owned(),
        within: None,
        sub: None,
    }
}

fn compare(path: Path, operator: Operator, value: Value) -> Filter {
    Filter::Compare { path, operator, value }
}

#[test]
fn what_clients_send_is_read() {
    for text in [
        // Okta, Entra, Rauthy, Canaille, scim-sanity
        "userName eq \"jane.smith@health.example\"",
        "externalId eq \"4f3a0c1e-8a0d-4d0a-9d0e-0c4b2a1d9e77\"",
        "emails[type eq \"work\"].value eq \"jane.smith@health.example\"",
        "emails[type eq \"work\" and value eq \"jane.smith@health.example\"]",
        "userName Eq \"JANE\" AND active EQ True",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"4711\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw \"O'Mal\"",
        // RFC 7644, 3.4.2.2
        "name.familyName co \"O'Malley\"",
        "title pr",
        "meta.lastModified gt \"2011-05-13T04:42:34Z\"",
        "title pr and userType eq \"Employee\"",
        "title pr or userType eq \"Intern\"",
        "schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"",
        "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"example.org\")",
        "userType ne \"Employee\" and not (emails co \"example.com\" or emails.value co \"example.org\")",
        "userType eq \"Employee\" and (emails.type eq \"work\")",
        "userType eq \"Employee\" and emails[type eq \"work\" and value co \"@example.com\"]",
        "emails[type eq \"work\" and value co \"@example.com\"] or ims[type eq \"xmpp\" and value co \"@foo.com\"]",
    ] {
        let filter = read(text);
        assert_eq!(read(&filter.to_string()), filter, "{text}");
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_both() {
    let [a, b, c] = ["a", "b", "c"].map(|name| Filter::Present(path(name)));
    let and = Filter::And(vec![b.clone(), c.clone()]);
    assert_eq!(read("a pr or b pr and c pr"), Filter::Or(vec![a.clone(), and]));
    let either = Filter::Or(vec![a.clone(), b.clone()]);
    assert_eq!(read("(a pr or b pr) and c pr"), Filter::And(vec![either, c.clone()]));
    let not = Filter::Not(Box::new(a));
    assert_eq!(read("NOT(a pr) and b pr and c pr"), Filter::And(vec![not, b, c]));
}

#[test]
fn a_path_has_a_urn_values_that_are_picked_and_an_attribute_of_them() {
    let work = compare(path("type"), Operator::Eq, json!("work"));
    let emails = Path {
        urn: Some("urn:ietf:params:scim:schemas:core:2.0:User".to_owned()),
        within: Some(Box::new(work)),
        sub: Some("value".to_owned()),
        ..path("emails")
    };
    let text = "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value";
    assert_eq!(
        read(&format!("{text} sw \"jo\"")),
        compare(emails.clone(), Operator::Sw, json!("jo"))
    );
    assert_eq!(path_alone(text), Ok(emails));
    let not = Path {
        sub: Some("$ref".to_owned()),
        ..path("manager")
    };
    assert_eq!(path_alone("manager.$ref"), Ok(not));
}

#[test]
fn values_are_texts_numbers_and_words() {
    for (text, value) in [
        ("\"a \\\"b\\\" \\u00e9\"", json!("a \"b\" é")),
        ("-1.5e3", json!(-1.5e3)),
        ("42", json!(42)),
        ("TRUE", json!(true)),
        ("False", json!(false)),
        ("null", Value::Null),
    ] {
        assert_eq!(
            read(&format!("a eq {text}")),
            compare(path("a"), Operator::Eq, value),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, at, sentence) in [
        ("", 1, "the name of an attribute is missing."),
        ("userName", 9, "“” is not an operator."),
        ("userName is \"a\"", 10, "“is” is not an operator."),
        ("userName eq", 12, "a value is missing."),
        ("userName eq jane", 13, "a value is missing."),
        ("userName eq \"jane", 13, "this text in quotes cannot be read."),
        ("userName eq \"a\" title pr", 17, "“title” is not expected here."),
        ("(title pr", 10, "a closing “)” is missing."),
        ("emails[type eq \"work\"", 22, "a closing “]” is missing."),
        ("not title pr", 5, "not is followed by a filter in round brackets."),
        (
            "a[b[c pr] pr]",
            4,
            "square brackets cannot stand within square brackets.",
        ),
        ("é eq \"a\"", 1, "the name of an attribute is missing."),
        ("title pr and 1a pr", 14, "the name of an attribute is missing."),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!(error.at, at, "{text}: {error}");
        assert!(error.to_string().contains(sentence), "{text}: {error}");
    }
}

#[test]
fn length_depth_and_number_of_comparisons_are_bounded() {
    let deep = |levels: usize| format!("{}a pr{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Filter::parse(&deep(DEEPEST)).is_ok());
    let fault = |text: &str| Filter::parse(text).map_err(|error| error.fault);
    assert_eq!(fault(&deep(DEEPEST + 1)), Err(Fault::TooDeep));
    let many = |comparisons: usize| vec!["a pr"; comparisons].join(" or ");
    assert!(Filter::parse(&many(MOST)).is_ok());
    assert_eq!(fault(&many(MOST + 1)), Err(Fault::TooMany));
    let long = format!("a eq \"{}\"", "x".repeat(LONGEST));
    assert_eq!(fault(&long), Err(Fault::TooLong { most: LONGEST }));
}

#[test]
fn items_are_picked_in_any_case_and_booleans_may_be_text() {
    let item = json!({"type": "work", "value": "Jo@Health.Example", "primary": true});
    let item = item.as_object().expect("an object");
    for (text, is_match) in [
        ("type eq \"WORK\"", true),
        ("TYPE ne \"work\"", false),
        ("display ne \"x\"", true),
        ("primary eq \"True\"", true),
        ("primary eq true", true),
        ("value ew \"@health.example\"", true),
        ("value co \"HEALTH\" and not (type eq \"home\")", true),
        ("display pr or value sw \"jo\"", true),
        ("display pr", false),
        ("value gt 5", false),
    ] {
        assert_eq!(read(text).matches(item), is_match, "{text}");
    }
    let filter = read("type eq \"mobile\" and primary eq true");
    let (kind, flag) = (json!("mobile"), json!(true));
    assert_eq!(filter.equalities(), Some(vec![("type", &kind), ("primary", &flag)]));
    assert_eq!(read("type ne \"mobile\"").equalities(), None);
}

/// Filters as the grammar makes them; words that are operators or values are not used as names, as readers differ there.
fn filters() -> impl Strategy<Value = String> {
    let name = "(urn:ietf:params:scim:schemas:core:2\\.0:User:)?attr[A-Za-z0-9_-]{0,6}(\\.sub[a-z]{0,4})?";
    let value = prop_oneof![
        any::<String>().prop_map(|text| Value::String(text).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("null".to_owned()),
    ];
    let operator = prop::sample::select(vec!["eq", "Ne", "co", "SW", "ew", "gt", "ge", "lt", "le"]);
    let leaf = prop_oneof![
        (name, operator, value).prop_map(|(name, operator, value)| format!("{name} {operator} {value}")),
        name.prop_map(|name| format!("{name} pr")),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} and {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

/// The other reader's tree, as it prints it with all brackets.
fn as_the_other_reads(text: &str) -> Option<String> {
    text.parse::<scim_v2::filter::Filter>()
        .ok()
        .map(|filter| filter.to_string())
}

proptest! {
    #[test]
    fn a_filter_is_read_as_the_other_reader_reads_it(text in filters()) {
        let ours = Filter::parse(&text);
        prop_assume!(ours.is_ok() || text.len() <= 1_000);
        let ours = ours.map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let theirs = as_the_other_reads(&text);
        prop_assert!(theirs.is_some(), "{text}");
        // Both say the same: what the one prints, the other reads as its own tree.
        prop_assert_eq!(as_the_other_reads(&ours.to_string()), theirs);
        prop_assert_eq!(Filter::parse(&ours.to_string()).ok(), Some(ours));
    }

    #[test]
    fn a_path_is_read_as_the_other_reader_reads_it(
        urn in prop::option::of("urn:ietf:params:scim:schemas:core:2\\.0:User:"),
        name in "attr[A-Za-z0-9_-]{0,6}",
        within in prop::option::of(filters()),
        sub in prop::option::of("sub[a-z]{0,4}"),
    ) {
        let within = within.map(|within| format!("[{within}]")).unwrap_or_default();
        let sub = sub.map(|sub| format!(".{sub}")).unwrap_or_default();
        let text = format!("{}{name}{within}{sub}", urn.unwrap_or_default());
        let theirs = |text: &str| text.parse::<scim_v2::filter::PatchPath>().ok().map(|path| path.to_string());
        let ours = path_alone(&text);
        prop_assume!(text.len() <= 1_000);
        prop_assert!(ours.is_ok(), "{text}: {ours:?}");
        let printed = ours.map(|path| path.to_string()).unwrap_or_default();
        prop_assert!(theirs(&text).is_some(), "{text}");
        prop_assert_eq!(theirs(&printed), theirs(&text));
    }

    #[test]
    fn no_text_makes_the_reader_fall(text in any::<String>()) {
        let _ = Filter::parse(&text);
        let _ = path_alone(&text);
    }
}
