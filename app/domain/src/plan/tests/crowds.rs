//! Files in which very many rows have the same in them: each is planned in about the same time as any other.

use super::*;
use crate::request::Decision;
use crate::values::email_address::EmailAddress;

/// Rows of one name.
fn namesakes(rows: std::ops::Range<u32>) -> Vec<ChangeRequest> {
    rows.map(|number| row(number, Wish::AccountInFile(person("RIV", ""))))
        .collect()
}

fn address_of(row: &PlannedRow) -> Option<String> {
    row.step.new_address().map(|address| address.to_string())
}

#[test]
fn twenty_thousand_of_one_name_get_addresses_in_their_order() {
    let world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let planned = plan(&world, &namesakes(2..20_002)).rows;
    assert_eq!(address_of(&planned[0]).as_deref(), Some("jem.larkspur@health.example"));
    assert_eq!(address_of(&planned[1]).as_deref(), Some("jem.larkspur2@health.example"));
    let last = planned.last().unwrap();
    assert_eq!(address_of(last).as_deref(), Some("jem.larkspur20000@health.example"));
    let others: Vec<_> = last
        .warnings
        .iter()
        .filter_map(|warning| match warning.kind {
            Kind::LooksLikeRow { other, .. } => Some(other.0),
            _ => None,
        })
        .collect();
    assert_eq!(others, (2..22).collect::<Vec<_>>());
}

#[test]
fn later_chunks_go_on_with_the_next_number_and_pass_over_taken_ones() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    for taken in ["jem.larkspur2@health.example", "jem.larkspur6@health.example"] {
        world.held_addresses.insert(EmailAddress::parse(taken).unwrap(), None);
    }
    let mut made = Vec::new();
    for rows in [2..4, 4..6, 6..8] {
        let planned = plan_chunk(&mut world, &namesakes(rows));
        made.extend(planned.rows.iter().filter_map(address_of));
    }
    let numbers = ["", "3", "4", "5", "7", "8"];
    assert_eq!(
        made,
        numbers.map(|number| format!("jem.larkspur{number}@health.example"))
    );
}

#[test]
fn a_row_that_is_rejected_leaves_its_number_to_the_next() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let mut rejected = person("RIV", "");
    rejected.decision = Some(Decision::Skip);
    let rows = [
        row(2, Wish::AccountInFile(person("RIV", ""))),
        row(3, Wish::AccountInFile(rejected)),
        row(4, Wish::AccountInFile(person("RIV", ""))),
    ];
    let planned = plan_chunk(&mut world, &rows).rows;
    let made: Vec<_> = planned.iter().map(address_of).collect();
    let spelt = |number| Some(format!("jem.larkspur{number}@health.example"));
    assert_eq!(made, [spelt(""), None, spelt("2")]);
}

#[test]
fn only_the_first_twenty_namesakes_are_told() {
    let here = (1..=5_000).map(|number| account(number, "RIV", &JEM[..2]));
    let world = snapshot(Channel::PortalCsv, here.collect(), vec![]);
    let planned = plan(&world, &namesakes(2..3_002)).rows;
    let told: Vec<_> = planned[2_999]
        .warnings
        .iter()
        .filter_map(|warning| match warning.kind {
            Kind::LooksLike { account, .. } => Some(account.0.as_u128()),
            _ => None,
        })
        .collect();
    assert_eq!(told, (1..=20).collect::<Vec<_>>());
}

#[test]
fn one_wrong_organisation_in_every_row_is_looked_up_once() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let named = |number: u32| OrganisationName {
        code: code(&format!("T{number:04}")),
        name: format!("Surgery {number} of the north"),
        short_name: format!("Surgery {number}"),
    };
    world.names = (1..=3_000).map(named).collect();
    world.names.push(OrganisationName {
        code: code("RIV"),
        name: "Riverside Hospitals Trust".into(),
        short_name: "Riverside".into(),
    });
    let rows = (2..3_002).map(|number| {
        let mut cells = person("RIV", "");
        cells
            .texts
            .insert(Attribute::Organisation, "Riverside Hospital Trust".to_owned());
        row(number, Wish::AccountInFile(cells))
    });
    let planned = plan(&world, &rows.collect::<Vec<_>>()).rows;
    let meant = |row: &PlannedRow| {
        let problems = row.step.problems().iter();
        problems
            .filter(|problem| matches!(&problem.kind, Kind::OrganisationByName { code: meant, .. } if *meant == code("RIV")))
            .count()
    };
    assert!(planned.iter().all(|row| meant(row) == 1));
    assert_eq!(planned.last().map(|row| row.row), Some(RowNumber(3_001)));
}
