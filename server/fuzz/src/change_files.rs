//! What customers drop into their folders: change files, and their names.

use std::collections::BTreeMap;

use domain::{
    change_file::{Field, FileName, ReportLine, ReportResult, ReportSummary},
    customer::CustomerNumber,
};
use formats::change_file::{BLANK, Limits, LogHead, ReadRow, blanked, log_txt, read, report_csv};

/// A change file. What is kept of it has no passwords, and is read again with the same rows but for those whose values
/// have slipped. What was sent makes no line of its own in the log, and runs nothing in a spreadsheet.
pub fn change_file(bytes: &[u8]) {
    let _ = blanked(bytes);
    let customer = CustomerNumber::new(30_020_506).expect("a number");
    let Ok(file) = read(bytes, customer, &Limits::default()) else {
        return;
    };
    assert!(!file.rows.is_empty() && file.header.len() <= Field::ALL.len());
    assert!(file.rows.is_sorted_by(|one, next| one.line < next.line));
    let again = read(file.blanked.as_bytes(), customer, &Limits::default()).expect("what is kept can be read");
    let again: BTreeMap<u32, ReadRow> = again.rows.into_iter().map(|row| (row.line, row)).collect();
    for row in &file.rows {
        assert!(!row.row.fields.contains_key(&Field::Password) && row.row.one_time.is_none());
        let is_sound = row.row.surplus.is_none() && row.row.notices.is_empty();
        let kept = again.get(&row.line).expect("a row where it was");
        if is_sound {
            assert_eq!(kept.row, row.row);
            assert_eq!(kept.password.is_some(), row.password.is_some());
        } else {
            assert!(row.password.is_none());
        }
        assert!(
            kept.password
                .as_ref()
                .is_none_or(|password| password.starts_with(BLANK))
        );
    }
    let lines: Vec<_> = file.rows.iter().map(rejected).collect();
    let head = LogHead {
        file_name: "30020506_PRV_1.csv",
        sha256: "ab12",
        customer,
        is_rehearsal: false,
        arrived: "t",
        ended: "t",
    };
    let log = log_txt(&head, lines.iter().map(|line| ("t", line)), &ReportSummary::default());
    assert_eq!(log.lines().count(), lines.len() + 2);
    for line in &lines {
        let report = report_csv([line], &ReportSummary::default());
        let address = report
            .splitn(9, ',')
            .nth(8)
            .expect("a cell behind the header and a number");
        let address = address.strip_prefix('"').unwrap_or(address);
        assert!(!address.starts_with(['=', '@', '\t', '\r']), "{address}");
    }
}

/// A row as its report would say it.
fn rejected(row: &ReadRow) -> ReportLine {
    let address = row.row.text(Field::EmailAddress).unwrap_or_default();
    ReportLine {
        line: row.line,
        address: address.to_owned(),
        action: row.row.action.clone(),
        result: ReportResult::Rejected,
        code: "cells".to_owned(),
        message: row.row.action.clone(),
        account: None,
        steps: String::new(),
    }
}

/// The name of a change file. It leads nowhere else, and names the same file however it is written.
pub fn change_file_name(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    let Ok(name) = FileName::read(&said) else {
        return;
    };
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    assert!(said.chars().all(is_plain), "{said:?}");
    assert!(name.number >= 0 && name.source.len() <= 64);
    let FileName {
        customer,
        source,
        number,
    } = &name;
    let spelt = match source.as_str() {
        "" => format!("{customer}_PRV_{number}.csv"),
        source => format!("{customer}_{source}_PRV_{number}.csv"),
    };
    for spelt in [spelt.to_ascii_uppercase(), spelt] {
        assert_eq!(FileName::read(&spelt).as_ref(), Ok(&name), "{said:?}");
    }
}
