//! Problems are stored with the rows they are about, for as long as those rows are kept.

use super::*;

/// Every kind of problem as rows keep it; one that may be without a part of it stands here with and without.
const STORED: &str = include_str!("stored_kinds.jsonl");

#[test]
fn every_kind_of_problem_is_read_and_stored_as_before() {
    for line in STORED.lines() {
        let kind: Kind = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(serde_json::to_string(&kind).unwrap(), line);
    }
}

#[test]
fn every_kind_of_problem_has_a_stored_example() {
    let source = include_str!("kind.rs");
    let (_, variants) = source.split_once("pub enum Kind {").unwrap();
    // A variant begins a line of its own, four spaces in.
    let is_variant = |line: &&str| {
        line.strip_prefix("    ")
            .is_some_and(|rest| rest.starts_with(char::is_uppercase))
    };
    let kind_of = |line: &str| line.split('"').nth(3).map(str::to_owned);
    let stored: std::collections::BTreeSet<_> = STORED.lines().filter_map(kind_of).collect();
    assert_eq!(stored.len(), variants.lines().filter(is_variant).count());
}

#[test]
fn a_problem_is_stored_with_its_place_and_its_value() {
    let problem = Problem::in_cell(RowNumber(7), Attribute::Mobile, " 0770 ", Kind::NotAUkMobile);
    let place = r#"{"cell":{"row":7,"attribute":"mobile"}}"#;
    let stored = format!(r#"{{"place":{place},"kind":{{"kind":"not-a-uk-mobile"}},"value":"0770"}}"#);
    assert_eq!(serde_json::to_string(&problem).unwrap(), stored);
}

#[test]
fn who_sends_a_file_is_not_told_to_upload_it_or_to_manage_anything() {
    for line in STORED.lines() {
        let kind: Kind = serde_json::from_str(line).unwrap();
        let hint = Problem::in_file(kind).hint(Audience::Program);
        assert!(!hint.to_lowercase().contains("upload "), "{hint}");
    }
    let other = Problem::in_cell(RowNumber(2), Attribute::Organisation, "RVI", Kind::UnknownOrganisation);
    assert_eq!(
        other.sentence(Audience::Program),
        "The sender does not have the role Connector for “RVI”. Enter the code of an organisation that the sender may send for."
    );
    // A page says it in two parts, and to whoever looks at it.
    assert_eq!(
        other.message_for(Audience::Program),
        "The sender does not have the role Connector for “RVI”."
    );
    assert_eq!(
        other.message_for(Audience::Portal),
        "You do not manage an organisation with the code “RVI”."
    );
}
