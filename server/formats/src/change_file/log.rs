//! The log of a change file: what became of each row, in sentences with times, for people to read.

use std::borrow::Borrow;

use domain::{
    change_file::{ReportLine, ReportResult, ReportSummary},
    customer::CustomerNumber,
};

/// What a log begins and ends with. Times are written as the log shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead<'a> {
    /// The file's name.
    pub file_name: &'a str,
    /// SHA-256 of what arrived, in hexadecimal.
    pub sha256: &'a str,
    /// Whose file it is.
    pub customer: CustomerNumber,
    /// Whether it was only checked.
    pub is_rehearsal: bool,
    /// When it arrived.
    pub arrived: &'a str,
    /// When its report was written.
    pub ended: &'a str,
}

/// The log: a sentence a line, each with its time, in UTF-8 with CRLF. Each of the report's lines comes with the time at
/// which it became true.
#[must_use]
pub fn log_txt(
    head: &LogHead<'_>,
    lines: impl IntoIterator<Item = (impl AsRef<str>, impl Borrow<ReportLine>)>,
    summary: &ReportSummary,
) -> String {
    let mut log = String::new();
    let LogHead {
        file_name,
        sha256,
        customer,
        ..
    } = head;
    say(
        &mut log,
        head.arrived,
        &format!("{file_name} arrived for customer {customer}. SHA-256 {sha256}."),
    );
    if head.is_rehearsal {
        say(
            &mut log,
            head.arrived,
            "This is a rehearsal: nothing is changed, and no number is used.",
        );
    }
    for (at, line) in lines {
        say(&mut log, at.as_ref(), &sentence(line.borrow()));
    }
    say(&mut log, head.ended, &format!("{}.", summary.sentence()));
    log
}

/// Adds a line. What was sent may hold line ends: it makes no line of its own.
fn say(log: &mut String, at: &str, sentence: &str) {
    log.push_str(at);
    log.push(' ');
    log.extend(sentence.chars().map(|sign| if sign.is_control() { ' ' } else { sign }));
    log.push_str("\r\n");
}

fn sentence(line: &ReportLine) -> String {
    if line.line == 0 {
        return line.message.clone();
    }
    let mut sentence = format!("Line {}:", line.line);
    for part in [&line.action, &line.address] {
        if !part.is_empty() {
            sentence.push(' ');
            sentence.push_str(part);
        }
    }
    sentence.push_str(said(line.result));
    for (front, part, behind) in [(" Steps: ", &line.steps, "."), (" ", &line.message, "")] {
        if !part.is_empty() {
            for text in [front, part.as_str(), behind] {
                sentence.push_str(text);
            }
        }
    }
    sentence
}

const fn said(result: ReportResult) -> &'static str {
    match result {
        ReportResult::Done => " is done.",
        ReportResult::NoChange => " needs no change.",
        ReportResult::Accepted => " is accepted. It is done once the link in the email is used.",
        ReportResult::Rejected => " is rejected.",
        ReportResult::Held => " is rejected, because the account is held.",
        ReportResult::NotAttempted => " is not attempted.",
        ReportResult::Notice => " has a notice.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change_file::tests::line;

    const HEAD: LogHead<'static> = LogHead {
        file_name: "30020506_HR_PRV_7.csv",
        sha256: "ab12",
        customer: match CustomerNumber::new(30_020_506) {
            Some(number) => number,
            None => panic!("a number"),
        },
        is_rehearsal: false,
        arrived: "2026-11-30T14:20:00Z",
        ended: "2026-11-30T14:21:00Z",
    };

    #[test]
    fn a_log_says_what_became_of_each_row_and_when() {
        let at = "2026-11-30T14:20:05Z";
        let lines = [
            ReportLine {
                steps: "create account; send invitation".to_owned(),
                ..line(2, "ann@health.example", "Add", ReportResult::Done)
            },
            ReportLine {
                message: "There is no account bea@health.example for this customer.".to_owned(),
                ..line(3, "bea@health.example", "Suspend", ReportResult::Rejected)
            },
            line(4, "", "", ReportResult::NotAttempted),
        ];
        let mut summary = ReportSummary::default();
        summary.add(ReportResult::Done);
        summary.add(ReportResult::Rejected);
        summary.add(ReportResult::NotAttempted);
        assert_eq!(
            log_txt(&HEAD, lines.map(|line| (at, line)), &summary),
            "2026-11-30T14:20:00Z 30020506_HR_PRV_7.csv arrived for customer 30020506. SHA-256 ab12.\r\n\
             2026-11-30T14:20:05Z Line 2: Add ann@health.example is done. Steps: create account; send invitation.\r\n\
             2026-11-30T14:20:05Z Line 3: Suspend bea@health.example is rejected. There is no account bea@health.example \
             for this customer.\r\n\
             2026-11-30T14:20:05Z Line 4: is not attempted.\r\n\
             2026-11-30T14:21:00Z 3 rows: 1 done, 1 rejected, 1 not attempted.\r\n"
        );
    }

    #[test]
    fn what_was_sent_makes_no_line_of_its_own() {
        let forged = line(
            2,
            "a@x\r\n2026-11-30T14:20:05Z Line 3: Remove",
            "Add",
            ReportResult::Rejected,
        );
        let head = LogHead {
            is_rehearsal: true,
            ..HEAD
        };
        let log = log_txt(&head, [("t", forged)], &ReportSummary::default());
        assert_eq!(log.lines().count(), 4);
        assert!(log.contains("This is a rehearsal"));
    }
}
