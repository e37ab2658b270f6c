use std::sync::Arc;

use super::*;
use crate::{
    channel::Channel,
    organisation::OrganisationPath,
    plan::{FileKeys, KnownOrganisation, plan},
    policy::{Actor, Authority, Holders},
    request::CellMark,
    rules::Rules,
    values::{email_address::MailDomain, ids::Timestamp},
};

const COLUMNS: [Attribute; 7] = Attribute::OF_ORGANISATIONS;

/// A trust with two sites and a unit, and nothing below it.
fn snapshot() -> Snapshot {
    let code = OrganisationCode::parse("RIV").unwrap();
    let organisation = Organisation {
        path: OrganisationPath::below(None, &code),
        code: code.clone(),
        name: "Riverside".into(),
        short_name: "Riverside".into(),
        status: OrganisationStatus::Open,
        sites: ["RIVG: General", "RIVN: Northgate"]
            .map(|site| Site::parse(site).unwrap())
            .to_vec(),
        units: vec![UnitPath::parse("Medicine")],
    };
    let whole = true;
    Snapshot {
        rules: Arc::new(Rules::standard(MailDomain::parse("health.example").unwrap())),
        channel: Channel::Organisations,
        organisations: HashMap::from([(code, KnownOrganisation { organisation, whole })]),
        accounts: vec![],
        names: vec![],
        held_addresses: HashMap::new(),
        held_user_names: HashMap::new(),
        held_local_ids: HashMap::new(),
        private_here: HashMap::new(),
        file: FileKeys::default(),
        now: Timestamp(0),
        own: None,
        contacts: vec![],
        offers: vec![],
        asker: Authority::new(Actor::System, vec![]),
        holders: Holders::default(),
        last_grants: HashSet::new(),
        leavers: vec![],
        tokens: vec![],
        elsewhere: HashMap::new(),
        reserved: vec![],
        past: HashMap::new(),
        peopled: HashSet::new(),
        customers: vec![],
        subscriptions: HashMap::new(),
        seats: HashMap::new(),
        renaming: HashSet::new(),
        promised: HashMap::new(),
        storage_used: HashMap::new(),
        day: |at| format!("day {}", at.0),
        begins: |_| None,
    }
}

/// A file's rows from row 2 on, each as its cells with `|` between them.
fn rows(lines: &[&str]) -> Vec<ChangeRequest> {
    let numbered = (2..).map(RowNumber).zip(lines);
    let request = |(row, line): (RowNumber, &&str)| ChangeRequest {
        row,
        wish: Wish::OrganisationInFile(Cells::of(COLUMNS.into_iter().zip(line.split('|')))),
        promised: None,
    };
    numbered.map(request).collect()
}

/// What each row comes to, a line a row.
fn told(snapshot: &Snapshot, lines: &[&str]) -> Vec<String> {
    let planned = plan(snapshot, &rows(lines)).rows;
    let step = |row: &PlannedRow| match &row.step {
        Step::Organisation(OrganisationStep::Found(organisation)) => format!("found {}", organisation.path.as_str()),
        Step::Organisation(OrganisationStep::Update { changes, .. }) => {
            let text = |value: &Option<Value>| value.as_ref().map_or("–".to_owned(), ToString::to_string);
            let told = changes.iter().map(|change| {
                let (before, after) = (text(&change.before), text(&change.after));
                format!("{}: {before} → {after}", change.attribute.name())
            });
            told.collect::<Vec<_>>().join(", ")
        }
        Step::Nothing { .. } => "nothing".to_owned(),
        Step::LeaveOut { problems } => problems.iter().map(Problem::message).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    };
    planned.iter().map(step).collect()
}

#[test]
fn a_parent_may_stand_in_a_later_row() {
    let lines = ["C02|Team||C01", "C01|Clinic||RIV", "T01|Practice"];
    let founded = ["found /RIV/C01/C02/", "found /RIV/C01/", "found /T01/"];
    assert_eq!(told(&snapshot(), &lines), founded);
}

#[test]
fn cycles_and_unknown_parents_are_problems_of_the_parents_cells() {
    let lines = [
        "AA1|One||AA2",
        "AA2|Two||AA1",
        "AA3|Three||AA1",
        "AA4|Self||AA4",
        "AA5|Five||NONE1",
    ];
    let said = [
        "The parents go round in a circle: AA1, AA2.",
        "The parents go round in a circle: AA1, AA2.",
        "The parent “AA1” is in row 2, which has a problem.",
        "The organisation is its own parent.",
        "There is no organisation “NONE1”, here or in the file.",
    ];
    assert_eq!(told(&snapshot(), &lines), said);
    let planned = plan(&snapshot(), &rows(&lines)).rows;
    let places = planned.iter().flat_map(|row| row.step.problems());
    assert!(
        places
            .into_iter()
            .all(|problem| problem.place.attribute() == Some(Attribute::Parent))
    );
}

#[test]
fn all_that_is_wrong_with_a_row_is_said_at_once() {
    let lines = ["x|||?|shut|Main Surgery|/", "G7H8J|", "g7h8j|Practice"];
    let said = told(&snapshot(), &lines);
    let first = "“x” is not an organisation’s code. “?” is not a value for parent. “shut” is neither open nor closed. \
                 “Main Surgery” is not a site. “/” is not a unit.";
    assert_eq!(said[0], first);
    assert_eq!(said[1], "G7H8J is also in row 4. Name is missing.");
    assert_eq!(said[2], "g7h8j is also in row 3.");
}

#[test]
fn an_organisation_that_is_here_changes_and_loses_nothing() {
    let snapshot = snapshot();
    let told = |line: &str| told(&snapshot, &[line])[0].clone();
    assert_eq!(told("riv|Riverside|Riverside||open|RIVG: General|medicine"), "nothing");
    assert_eq!(told("RIV"), "nothing");
    let changed = "Name: Riverside → Riverside Trust, Sites: RIVN: Northgate → RIVN: North; RIVX: Annexe, \
                   Units: – → Medicine / Ward 7";
    assert_eq!(
        told("RIV|Riverside Trust||||rivn: North; RIVX: Annexe|Medicine / Ward 7"),
        changed
    );
    assert_eq!(told("RIV|(clear)"), "Name cannot be cleared.");
}

#[test]
fn closing_with_people_and_moving_are_refused_with_a_sentence() {
    let mut snapshot = snapshot();
    assert_eq!(told(&snapshot, &["RIV||||closed"]), ["Status: open → closed"]);
    snapshot.peopled.insert(OrganisationCode::parse("RIV").unwrap());
    let said = ["The organisation has people, so it cannot be closed."];
    assert_eq!(told(&snapshot, &["RIV||||closed"]), said);
    let lines = ["T01|Trust", "RIV|||T01"];
    let said = told(&snapshot, &lines);
    assert_eq!(
        said[1],
        "The organisation has no parent. A file cannot move it below another."
    );
}

#[test]
fn a_very_long_chain_of_parents_is_refused_below_the_last_level() {
    let lines: Vec<_> = (0..20_000)
        .map(|row| format!("C{row:06}|Name||C{:06}", row + 1))
        .collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).chain(["C020000|Top"]).collect();
    let planned = plan(&snapshot(), &rows(&lines)).rows;
    let founded = planned.iter().filter(|row| row.step.problems().is_empty()).count();
    assert_eq!(founded, 12);
    let said = planned[20_000 - 12].step.problems()[0].message();
    assert_eq!(said, "Organisations can be at most 12 levels deep.");
    assert!(matches!(
        planned[0].step.problems()[0].kind,
        Kind::ParentHasProblem { .. }
    ));
}

#[test]
fn an_error_of_a_spreadsheet_is_no_name() {
    let snapshot = snapshot();
    let mut requests = rows(&["RIV|#REF!"]);
    if let Wish::OrganisationInFile(cells) = &mut requests[0].wish {
        let error = CellMark::Error("#REF!".into());
        cells.marks.insert(Attribute::Name, error);
    }
    let planned = plan(&snapshot, &requests).rows;
    match &planned[0].step {
        Step::LeaveOut { problems } => {
            let error = "#REF!".to_owned();
            assert_eq!(problems[0].kind, Kind::CellError { error });
        }
        other => panic!("{other:?}"),
    }
}
