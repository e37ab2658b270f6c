//! What a review shows of rows that meet others, of names in place of codes, and of what its reader decides row by row.

use super::*;
use crate::{
    hand_edit::HandEdit,
    problem::{Audience, Place},
    request::Decision,
    values::email_address::EmailAddress,
};

const IN_RIV: (Attribute, &str) = (Attribute::Organisation, "RIV");

fn jem() -> Account {
    let local_id = (Attribute::LocalId, "7");
    account(1, "RIV", &[JEM.as_slice(), &[local_id]].concat())
}

fn in_file(number: u32, texts: &[(Attribute, &str)]) -> ChangeRequest {
    row(number, Wish::AccountInFile(Cells::of(texts.iter().copied())))
}

fn decided(number: u32, texts: &[(Attribute, &str)], decision: Decision) -> ChangeRequest {
    let mut cells = Cells::of(texts.iter().copied());
    cells.decision = Some(decision);
    row(number, Wish::AccountInFile(cells))
}

fn kinds(row: &PlannedRow) -> Vec<(Option<Attribute>, Kind)> {
    let problems = row.step.problems().iter();
    problems
        .map(|problem| (problem.place.attribute(), problem.kind.clone()))
        .collect()
}

#[test]
fn rows_about_one_person_by_two_keys_name_each_other_in_their_cells() {
    let world = snapshot(Channel::PortalCsv, vec![jem()], vec![]);
    let by_number = in_file(
        2,
        &[(Attribute::LocalId, "7"), IN_RIV, (Attribute::Mobile, "07700 900555")],
    );
    let by_address = in_file(5, &[(Attribute::EmailAddress, "jem.larkspur@health.example"), IN_RIV]);
    let twice = |attribute, other| {
        let kind = Kind::TwiceInFile {
            attribute,
            other: RowNumber(other),
        };
        vec![(Some(attribute), kind)]
    };
    let planned = plan(&world, &[by_number.clone(), by_address.clone()]).rows;
    assert_eq!(kinds(&planned[0]), twice(Attribute::LocalId, 5));
    assert_eq!(kinds(&planned[1]), twice(Attribute::EmailAddress, 2));
    assert_eq!(
        planned[0].step.problems()[0].place,
        Place::Cell {
            row: RowNumber(2),
            attribute: Attribute::LocalId,
        }
    );
    assert_eq!(planned[0].step.problems()[0].message(), "7 is also in row 5.");
    // Of an earlier chunk the first row is named, and it is known that it is met.
    let mut later = world.clone();
    let first = plan(&world, &[by_number]).rows;
    later.file.remember(&first[0], &world.organisations);
    let planned = plan(&later, &[by_address]).rows;
    assert_eq!(kinds(&planned[0]), twice(Attribute::EmailAddress, 2));
    assert_eq!(earlier_rows_met(&planned), [(RowNumber(2), RowNumber(5))]);
}

#[test]
fn a_local_id_of_two_organisations_rows_is_said_of_both_with_the_other() {
    let world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let person = |number, home, first, last| {
        let texts = [
            (Attribute::LocalId, "9"),
            (Attribute::Organisation, home),
            (Attribute::FirstName, first),
            (Attribute::LastName, last),
        ];
        in_file(number, &texts)
    };
    let rows = [person(2, "RIV", "Ada", "Bright"), person(3, "RIV01", "Bea", "Clear")];
    let planned = plan(&world, &rows).rows;
    let said = |row: &PlannedRow| row.step.problems().iter().map(Problem::message).collect::<Vec<_>>();
    assert_eq!(said(&planned[0]), ["Local unique ID “9” is also in row 3, for RIV01."]);
    assert_eq!(said(&planned[1]), ["Local unique ID “9” is also in row 2, for RIV."]);
    // In another tree it is another number.
    let rows = [person(2, "RIV", "Ada", "Bright"), person(3, "HLD01", "Bea", "Clear")];
    assert!(
        plan(&world, &rows)
            .rows
            .iter()
            .all(|row| row.step.problems().is_empty())
    );
}

#[test]
fn a_rejected_row_has_the_files_name_and_says_whom_it_points_at() {
    let world = snapshot(Channel::PortalCsv, vec![jem()], vec![]);
    let texts = [
        (Attribute::LocalId, "7"),
        IN_RIV,
        (Attribute::FirstName, "Nerys"),
        (Attribute::LastName, "Okonkwo"),
        (Attribute::Mobile, "12"),
    ];
    let planned = plan(&world, &[in_file(2, &texts)]).rows;
    assert_eq!(planned[0].name, "Nerys Okonkwo");
    let matched = planned[0].matched.as_ref().map(|matched| matched.name.as_str());
    assert_eq!(matched, Some("Jem Larkspur"));
    // One that can be applied is about the person, whatever name it brings.
    let planned = plan(&world, &[in_file(2, &texts[..4])]).rows;
    assert_eq!((planned[0].name.as_str(), &planned[0].matched), ("Jem Larkspur", &None));
}

#[test]
fn a_skipped_row_does_nothing_and_leaves_its_keys_to_others() {
    let world = snapshot(Channel::PortalCsv, vec![jem()], vec![]);
    let texts = [(Attribute::LocalId, "7"), IN_RIV, (Attribute::Mobile, "07700 900555")];
    let rows = [decided(2, &texts, Decision::Skip), in_file(3, &texts)];
    let planned = plan(&world, &rows).rows;
    assert_eq!(planned[0].step.kind(), RowKind::Skipped);
    assert_eq!(planned[0].step.problems()[0].message(), "This row was skipped.");
    assert_eq!(planned[1].step.kind(), RowKind::Update);
    // So it is for a row of a later chunk.
    let mut later = world.clone();
    later.file.remember(&planned[0], &world.organisations);
    assert_eq!(
        plan(&later, &[in_file(1_002, &texts)]).rows[0].step.kind(),
        RowKind::Update
    );
}

#[test]
fn a_possible_duplicate_that_is_included_is_asked_about_only_for_new_warnings() {
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &JEM)], vec![]);
    let texts = [IN_RIV, (Attribute::FirstName, "Jem"), (Attribute::LastName, "Larkspur")];
    let asked = in_file(2, &texts);
    let shown = plan(&world, std::slice::from_ref(&asked)).rows.remove(0);
    assert!(shown.is_asked_about(&asked));
    let seen = shown.warnings.iter().map(Problem::message).collect();
    let included = decided(2, &texts, Decision::Include { seen });
    let again = plan(&world, std::slice::from_ref(&included)).rows.remove(0);
    assert_eq!(again, shown);
    assert!(!again.is_asked_about(&included));
    // Somebody of the same name who came in meanwhile was not seen.
    let another = account(2, "RIV", &[JEM.as_slice(), &[(Attribute::LocalId, "8")]].concat());
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &JEM), another], vec![]);
    let again = plan(&world, std::slice::from_ref(&included)).rows.remove(0);
    assert!(again.is_asked_about(&included));
}

#[test]
fn an_organisations_name_in_place_of_its_code_is_looked_up() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let named = |code_of: &str, name: &str, short_name: &str| OrganisationName {
        code: code(code_of),
        name: name.to_owned(),
        short_name: short_name.to_owned(),
    };
    world.names = vec![
        named("RIV", "Riverside Hospitals Trust", "Riverside"),
        named("RIV01", "Riverside Children’s Hospital", "Riverside Children’s"),
    ];
    let said = |text: &str| {
        let texts = [
            (Attribute::Organisation, text),
            (Attribute::FirstName, "Ada"),
            (Attribute::LastName, "Bright"),
        ];
        let planned = plan(&world, &[in_file(2, &texts)]).rows.remove(0);
        planned
            .step
            .problems()
            .iter()
            .map(Problem::to_string)
            .collect::<Vec<_>>()
    };
    let meant = "is not an organisation’s code. Did you mean RIV (Riverside Hospitals Trust)?";
    for text in [
        "Riverside Hospitals Trust",
        "riverside hospitals trust",
        "Riverside",
        "Riverside Hospital Trust",
    ] {
        assert_eq!(said(text), [format!("“{text}” {meant}")]);
    }
    // However long it is, shortening it would not make it a code.
    assert_eq!(
        said("Hillside Hospice and Friends"),
        [
            "You do not manage an organisation with the code “Hillside Hospice and Friends”. Enter the code of an \
          organisation that you manage."
        ]
    );
}

#[test]
fn an_address_held_out_of_sight_leads_to_taking_in_its_holder() {
    let mut world = snapshot(Channel::PortalCsv, vec![jem()], vec![]);
    let held = EmailAddress::parse("ada.bright@health.example").unwrap();
    world.held_addresses.insert(held, None);
    let texts = [
        IN_RIV,
        (Attribute::FirstName, "Ada"),
        (Attribute::LastName, "Bright"),
        (Attribute::EmailAddress, "ada.bright@health.example"),
    ];
    let planned = plan(&world, &[in_file(2, &texts)]).rows.remove(0);
    assert_eq!(
        kinds(&planned),
        [(Some(Attribute::EmailAddress), Kind::AddressElsewhere)]
    );
    let told = planned.step.problems()[0].to_string();
    assert!(
        told.contains("use “Take in a leaver”") && !told.contains("made from the name"),
        "{told}"
    );
    // Somebody with an account is not new.
    let edited = Wish::Account(
        jem().id,
        AccountWish::Edit(Cells::of([(Attribute::EmailAddress, "ada.bright@health.example")])),
    );
    world.channel = Channel::Portal;
    let planned = plan(&world, &[row(1, edited)]).rows.remove(0);
    assert_eq!(kinds(&planned), [(Some(Attribute::EmailAddress), Kind::AddressTaken)]);
}

#[test]
fn an_address_that_an_earlier_row_gets_is_said_with_that_row() {
    let world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let ada = [IN_RIV, (Attribute::FirstName, "Ada"), (Attribute::LastName, "Bright")];
    let bea = [
        IN_RIV,
        (Attribute::FirstName, "Bea"),
        (Attribute::LastName, "Clear"),
        (Attribute::EmailAddress, "ada.bright@health.example"),
    ];
    let planned = plan(&world, &[in_file(2, &ada), in_file(3, &bea)]).rows;
    let other = RowNumber(2);
    assert_eq!(
        kinds(&planned[1]),
        [(Some(Attribute::EmailAddress), Kind::AddressInOtherRow { other })]
    );
}

#[test]
fn a_new_value_that_overwrites_a_change_by_hand_is_noted_with_it() {
    let mut existing = jem();
    let before = Some(Value::stored("+447700900001".to_owned()));
    let edit = HandEdit {
        before,
        at: Timestamp(5),
        by: None,
    };
    existing.by_hand.insert(Attribute::Mobile, edit);
    let world = snapshot(Channel::PortalCsv, vec![existing], vec![]);
    let planned = |mobile| {
        let texts = [(Attribute::LocalId, "7"), IN_RIV, (Attribute::Mobile, mobile)];
        plan(&world, &[in_file(2, &texts)]).rows.remove(0)
    };
    let new = planned("07700 900777");
    assert_eq!(
        (new.step.kind(), new.kept.len(), new.overwrites.len()),
        (RowKind::Update, 0, 1)
    );
    assert_eq!(new.overwrites[0].stays, Some(Value::stored("+447700900123".to_owned())));
    let old = planned("07700 900001");
    assert_eq!(
        (old.step.kind(), old.kept.len(), old.overwrites.len()),
        (RowKind::NoChange, 1, 0)
    );
}

#[test]
fn who_cannot_be_changed_is_a_problem_only_where_something_would_change() {
    for status in [AccountStatus::Disabled, AccountStatus::Leaver, AccountStatus::Deleted] {
        let jem = Account {
            status,
            ..account(1, "RIV", &JEM)
        };
        let planned = |home, mobile| {
            let mut cells = person(home, mobile);
            cells.texts.insert(Attribute::EmailAddress, JEM[2].1.to_owned());
            let world = snapshot(Channel::PortalCsv, vec![jem.clone()], vec![]);
            plan(&world, &[row(2, Wish::AccountInFile(cells))]).rows.remove(0)
        };
        for mobile in ["07700 900123", ""] {
            let same = planned("RIV", mobile);
            assert!(matches!(same.step, Step::Nothing { account: Some(_) }), "{same:?}");
        }
        for (home, mobile) in [("RIV", "07700 900124"), ("RIV01", "")] {
            let other = planned(home, mobile);
            let name = "Jem Larkspur".to_owned();
            let kinds: Vec<_> = other
                .step
                .problems()
                .iter()
                .map(|problem| problem.kind.clone())
                .collect();
            assert!(kinds.contains(&Kind::NotTakingChanges { name, status }), "{kinds:?}");
        }
    }
}

#[test]
fn no_hint_for_a_program_speaks_of_what_only_the_portal_can_do() {
    let name = || "Jem Larkspur".to_owned();
    let alike = |organisation: Option<&str>| Kind::LooksLike {
        account: AccountId(Uuid::from_u128(1)),
        name: name(),
        local_id: String::new(),
        address: "jem.larkspur@health.example".to_owned(),
        organisation: organisation.map(str::to_owned),
    };
    let status = |status| Kind::NotTakingChanges { name: name(), status };
    let other = RowNumber(2);
    let kinds = [
        alike(None),
        alike(Some("Riverside")),
        Kind::LooksLikeRow {
            other,
            name: name(),
            organisation: None,
        },
        Kind::OtherName { name: name() },
        Kind::OtherLocalId {
            name: name(),
            current: "7".to_owned(),
        },
        Kind::TwiceInFile {
            attribute: Attribute::LocalId,
            other,
        },
        status(AccountStatus::Leaver),
        status(AccountStatus::Disabled),
        Kind::TooManyCells { found: 6, headings: 5 },
        Kind::AddressElsewhere,
        Kind::Skipped,
    ];
    for kind in kinds {
        let problem = Problem::in_row(RowNumber(3), kind);
        let program = problem.hint(Audience::of(Channel::Api)).to_lowercase();
        for offered in ["include", "skip", "apply the row", "in this row"] {
            assert!(!program.contains(offered), "{program}");
        }
        assert_ne!(problem.hint(Audience::of(Channel::PortalCsv)).to_lowercase(), program);
    }
}
