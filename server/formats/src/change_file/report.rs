//! The report of a change file, as CSV (S2 names it; its columns are ours).

use std::borrow::Borrow;

use domain::change_file::{ReportLine, ReportSummary};

use crate::sheet::{GUARD, is_formula};

/// The report's header.
pub const REPORT_HEADER: &str = "Line,EmailAddress,Action,Result,Code,Message,AccountId,Steps";

/// The report: CSV in UTF-8 without a mark, its lines ended by CRLF, the summary last. A cell that a spreadsheet would run
/// has an apostrophe in front, as in every file given out.
#[must_use]
pub fn report_csv(lines: impl IntoIterator<Item: Borrow<ReportLine>>, summary: &ReportSummary) -> String {
    let mut csv = format!("{REPORT_HEADER}\r\n");
    for line in lines {
        let line: &ReportLine = line.borrow();
        let account = line.account.map(|account| account.to_string()).unwrap_or_default();
        let cells = [
            line.line.to_string().as_str(),
            &line.address,
            &line.action,
            line.result.word(),
            &line.code,
            &line.message,
            &account,
            &line.steps,
        ]
        .map(written);
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    let summary = ["#", "", "", "Summary", "", summary.sentence().as_str(), "", ""].map(written);
    csv.push_str(&summary.join(","));
    csv.push_str("\r\n");
    csv
}

/// A cell, in quotation marks where it needs them.
fn written(text: &str) -> String {
    let guarded = match is_formula(text) {
        true => format!("{GUARD}{text}"),
        false => text.to_owned(),
    };
    let needs_marks =
        guarded.contains([',', '"', '\r', '\n']) || guarded.trim_matches([' ', '\t']).len() < guarded.len();
    match needs_marks {
        true => format!("\"{}\"", guarded.replace('"', "\"\"")),
        false => guarded,
    }
}

#[cfg(test)]
mod tests {
    use domain::change_file::ReportResult;

    use super::*;
    use crate::change_file::tests::line;

    #[test]
    fn the_report_has_a_line_for_each_problem_and_the_summary_last() {
        let account = "0192f0c1-1111-7000-8000-000000000001".parse().unwrap();
        let lines = [
            ReportLine {
                account: Some(account),
                steps: "change Job title".to_owned(),
                ..line(2, "ann@health.example", "Update", ReportResult::Done)
            },
            ReportLine {
                code: "value".to_owned(),
                message: "UK is not one of AD, AE, AF.".to_owned(),
                ..line(3, "bea@health.example", "Add", ReportResult::Rejected)
            },
            ReportLine {
                code: "field.required".to_owned(),
                message: "Add needs \"FamilyName\".".to_owned(),
                ..line(3, "bea@health.example", "Add", ReportResult::Rejected)
            },
        ];
        let mut summary = ReportSummary::default();
        summary.add(ReportResult::Done);
        summary.add(ReportResult::Rejected);
        assert_eq!(
            report_csv(&lines, &summary),
            "Line,EmailAddress,Action,Result,Code,Message,AccountId,Steps\r\n\
             2,ann@health.example,Update,Done,,,0192f0c1-1111-7000-8000-000000000001,change Job title\r\n\
             3,bea@health.example,Add,Rejected,value,\"UK is not one of AD, AE, AF.\",,\r\n\
             3,bea@health.example,Add,Rejected,field.required,\"Add needs \"\"FamilyName\"\".\",,\r\n\
             #,,,Summary,,\"2 rows: 1 done, 1 rejected\",,\r\n"
        );
    }

    #[test]
    fn the_report_of_a_file_that_was_only_checked_says_so() {
        let mut summary = ReportSummary {
            only_checked: true,
            ..ReportSummary::default()
        };
        summary.add(ReportResult::Done);
        let csv = report_csv([line(2, "ann@health.example", "Update", ReportResult::Done)], &summary);
        assert_eq!(
            csv.lines().next_back(),
            Some("#,,,Summary,,Only checked: 1 row: 1 done,,")
        );
    }

    #[test]
    fn a_report_runs_nothing_in_a_spreadsheet() {
        let lines = [ReportLine {
            message: "+cmd|' /C calc'!A0 is not an action.\r\nActions are Add".to_owned(),
            ..line(
                2,
                "=HYPERLINK(\"https://evil.example\")",
                "@SUM(A1)",
                ReportResult::Rejected,
            )
        }];
        assert_eq!(
            report_csv(lines, &ReportSummary::default())
                .lines()
                .skip(1)
                .collect::<Vec<_>>(),
            [
                "2,\"'=HYPERLINK(\"\"https://evil.example\"\")\",'@SUM(A1),Rejected,,\"'+cmd|' /C calc'!A0 is not an action.",
                "Actions are Add\",,",
                "#,,,Summary,,0 rows,,",
            ]
        );
    }

    #[test]
    fn a_report_is_read_as_it_was_written() {
        let lines = [ReportLine {
            message: " a, \"b\" \n\u{e9}".to_owned(),
            ..line(7, "x@y.example", "Add", ReportResult::Notice)
        }];
        let csv = report_csv(lines, &ReportSummary::default());
        let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
        let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!((records.len(), &records[0][5]), (2, " a, \"b\" \n\u{e9}"));
    }
}
