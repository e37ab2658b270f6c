//! Rows of change files whose values may have slipped.

use super::*;
use crate::{
    change_file::{ChangeFault, ChangeRow, Field},
    customer::{Customer, CustomerNumber, Federation},
};

fn customer() -> Customer {
    Customer {
        number: CustomerNumber::new(30_020_506).unwrap(),
        organisation: code("RIV"),
        federation: Federation::NonFederated,
        verifies_email: true,
        accepts_terms: false,
        hybrid: false,
        change_files: true,
        language: None,
        time_zone: None,
        domains: vec![],
        connector: None,
        contact: None,
        compatible: vec![],
        templates: vec![],
    }
}

/// What is wrong with a row.
fn kinds(asked: ChangeRow) -> Vec<Kind> {
    let mut snapshot = snapshot(Channel::ChangeFile, vec![account(1, "RIV", &JEM)], vec![]);
    snapshot.customers = vec![customer()];
    let planned = plan(&snapshot, &[row(2, Wish::ChangeRow(Box::new(asked)))])
        .rows
        .remove(0);
    let problems = planned.step.problems().iter();
    problems.map(|problem| problem.kind.clone()).collect()
}

#[test]
fn a_change_with_broken_quotation_marks_is_rejected_for_them_alone() {
    for action in ["Suspend", "Add", ""] {
        let address = [(Field::EmailAddress, "jem.larkspur@health.example")];
        let mut asked = ChangeRow::of(customer().number, action, address);
        asked.notices = vec![ChangeFault::Quotes];
        assert_eq!(kinds(asked), [Kind::Change(ChangeFault::Quotes)], "{action}");
    }
}

/// Case 64: the row was cut within its action.
#[test]
fn a_change_that_was_cut_is_rejected_for_its_missing_values_alone() {
    let mut asked = ChangeRow::of(customer().number, "", []);
    asked.surplus = Some((2, 7));
    let missing = ChangeFault::Cells { values: 2, headings: 7 };
    assert_eq!(kinds(asked), [Kind::Change(missing)]);
}
