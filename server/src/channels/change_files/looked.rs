//! What came of looking into customers' folders.

use domain::customer::CustomerNumber;

/// What came of one look.
#[derive(Debug, Default)]
pub struct Look {
    /// Files whose report was written.
    pub ended: Vec<Ended>,
    /// How many files are being worked on.
    pub working: usize,
    /// Files behind one that waits for a person.
    pub waiting: Vec<File>,
    /// Files that are still being uploaded, as far as can be told.
    pub unfinished: Vec<File>,
    /// Customers of whose folders something cannot be used, and why.
    pub troubled: Vec<(CustomerNumber, String)>,
    /// Whether anything was taken or reported.
    pub has_moved: bool,
}

/// A file in a customer's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Whose folder it is.
    pub customer: CustomerNumber,
    /// The file's name, as it is shown.
    pub name: String,
}

/// A file whose report was written.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The file.
    pub file: File,
    /// What became of it.
    pub outcome: Outcome,
    /// The name of its report.
    pub report: String,
    /// What the report says in a line.
    pub summary: String,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its rows were processed.
    Processed,
    /// It was only rehearsed.
    Checked,
    /// It is the same as an earlier one, whose report was written again.
    Again,
    /// It waits for a person, who has to confirm it.
    Waits,
    /// It failed as a whole.
    Failed,
    /// It was not looked at: its name, its number or what it is.
    Refused,
}

impl Outcome {
    /// The outcome in a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Checked => "checked",
            Self::Again => "sent again",
            Self::Waits => "waits for a person",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// Whether there is nothing more to do about it.
    #[must_use]
    pub const fn is_well(self) -> bool {
        match self {
            Self::Processed | Self::Checked | Self::Again => true,
            Self::Waits | Self::Failed | Self::Refused => false,
        }
    }
}

impl Look {
    /// Takes in what came of another look.
    pub(super) fn add(&mut self, other: Self) {
        self.ended.extend(other.ended);
        self.working += other.working;
        self.waiting.extend(other.waiting);
        self.unfinished.extend(other.unfinished);
        for trouble in other.troubled {
            // Both of a customer's folders may have it.
            if !self.troubled.contains(&trouble) {
                self.troubled.push(trouble);
            }
        }
        self.has_moved |= other.has_moved;
    }
}

/// What a report says in its last line, which sums it up: `#,,,Summary,,"12 rows: 9 done, 3 rejected",,`.
pub(super) fn summary(csv: &str) -> String {
    let last = csv.lines().rev().find(|line| !line.is_empty()).unwrap_or_default();
    let Some((_, rest)) = last.split_once("Summary,,") else {
        return String::new();
    };
    let text = rest.trim_end_matches(',');
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    quoted.map_or_else(|| text.to_owned(), |text| text.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_summed_up_by_its_last_line() {
        let head = "Line,EmailAddress,Action,Result,Code,Message,AccountId,Steps\r\n";
        for (last, expected) in [
            (
                "#,,,Summary,,\"12 rows: 9 done, 1 no change, 2 rejected\",,\r\n",
                "12 rows: 9 done, 1 no change, 2 rejected",
            ),
            ("#,,,Summary,,1 row: 1 done,,\r\n", "1 row: 1 done"),
            ("", ""),
        ] {
            assert_eq!(summary(&format!("{head}{last}")), expected);
        }
    }
}
