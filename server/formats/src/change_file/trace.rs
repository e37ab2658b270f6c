//! The trace of a change file: each row's step with what was before and what is after, for programs to read.

use std::sync::LazyLock;

use domain::{change_file::ReportLine, dictionary::Attribute, plan::Step};
use serde_json::{Value, json};

/// The names of attributes whose values are written of nobody: secrets, and what is for their person alone.
static UNSAID: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let is_unsaid = |attribute: &Attribute| attribute.is_private() || *attribute == Attribute::Password;
    let unsaid = Attribute::ALL.into_iter().filter(is_unsaid);
    unsaid
        .filter_map(|attribute| serde_json::to_value(attribute).ok())
        .collect()
});

/// A row as it is traced.
#[derive(Clone, Copy, Debug)]
pub struct TracedRow<'a> {
    /// When it became what it is, as the trace shows it.
    pub at: &'a str,
    /// What was done, or planned.
    pub step: &'a Step,
    /// What the report says of it: at least one line.
    pub lines: &'a [ReportLine],
}

/// The trace: a JSON object a line. It has no passwords, and no alternate email addresses. Sentences may quote anything that
/// was sent, so that only their codes stand here.
#[must_use]
pub fn trace_jsonl<'a>(rows: impl IntoIterator<Item = TracedRow<'a>>) -> String {
    let mut trace = String::new();
    for TracedRow { at, step, lines } in rows {
        let Some(line) = lines.first() else {
            continue;
        };
        let codes: Vec<_> = lines
            .iter()
            .map(|line| line.code.as_str())
            .filter(|code| !code.is_empty())
            .collect();
        let step = match step {
            Step::Nothing { .. } | Step::LeaveOut { .. } => Value::Null,
            step => without_unsaid(serde_json::to_value(step).unwrap_or_default()),
        };
        let row = json!({
            "line": line.line,
            "at": at,
            "address": line.address,
            "action": line.action,
            "result": line.result.word(),
            "codes": codes,
            "account": line.account,
            "step": step,
        });
        trace.push_str(&row.to_string());
        trace.push('\n');
    }
    trace
}

/// A step without the values of attributes that are not said: neither as they are given to somebody new, nor as they change.
fn without_unsaid(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(without_unsaid).collect(),
        Value::Object(fields) => {
            let is_of_unsaid = fields.get("attribute").and_then(Value::as_str).is_some_and(is_unsaid);
            let is_value = |key: &str| matches!(key, "before" | "after" | "value");
            let kept = fields
                .into_iter()
                .filter(|(key, _)| !(is_unsaid(key) || is_of_unsaid && is_value(key)));
            kept.map(|(key, value)| (key, without_unsaid(value))).collect()
        }
        other => other,
    }
}

/// Whether a name is that of an attribute that is not said.
fn is_unsaid(name: &str) -> bool {
    UNSAID.iter().any(|unsaid| unsaid == name)
}

#[cfg(test)]
mod tests {
    use domain::{
        absence::Stay,
        change_file::ReportResult,
        dictionary::{Attributes, Change, Value as Text},
        organisation::OrganisationCode,
        plan::{AccountRef, AccountStep, Provision},
    };

    use super::*;
    use crate::change_file::tests::line;

    fn text(text: &str) -> Text {
        Text::stored(text.to_owned())
    }

    fn traced(step: &Step, line: ReportLine) -> Value {
        let lines = [line];
        let row = TracedRow {
            at: "2026-11-30T14:20:05Z",
            step,
            lines: &lines,
        };
        let trace = trace_jsonl([row]);
        assert!(trace.ends_with("}\n") && trace.lines().count() == 1);
        assert!(!trace.contains("home.example"), "{trace}");
        serde_json::from_str(&trace).unwrap()
    }

    #[test]
    fn a_trace_says_what_was_before_and_what_is_after() {
        let change = |attribute, before: Option<&str>, after: Option<&str>| Change {
            attribute,
            before: before.map(text),
            after: after.map(text),
        };
        let of = AccountRef {
            account: "0192f0c1-1111-7000-8000-000000000001".parse().unwrap(),
            version: 3,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
        };
        let changes = vec![
            change(Attribute::JobTitle, Some("Nurse"), Some("Matron")),
            change(Attribute::AlternateEmail, Some("ann@home.example"), None),
        ];
        let step = Step::Account(of, AccountStep::Update { changes, days: vec![] });
        let row = traced(&step, line(2, "ann@health.example", "Update", ReportResult::Done));
        assert_eq!(
            (&row["line"], &row["result"], &row["codes"]),
            (&json!(2), &json!("Done"), &json!([]))
        );
        assert_eq!(
            row["step"]["changes"],
            json!([
                {"attribute": "job-title", "before": "Nurse", "after": "Matron"},
                {"attribute": "alternate-email"},
            ])
        );
    }

    #[test]
    fn somebody_new_is_traced_without_their_own_address() {
        let mut attributes = Attributes::default();
        attributes.set(Attribute::FirstName, Some(text("Ann")));
        attributes.set(Attribute::AlternateEmail, Some(text("ann@home.example")));
        let step = Step::CreateAccount {
            organisation: OrganisationCode::parse("RIV").unwrap(),
            attributes,
            with_password: true,
            stay: Stay::default(),
            provision: Provision::default(),
        };
        let row = traced(&step, line(2, "ann@health.example", "Add", ReportResult::Done));
        assert_eq!(row["step"]["attributes"], json!({"first-name": "Ann"}));
    }

    #[test]
    fn a_rejected_row_is_traced_by_its_codes_alone() {
        let step = Step::LeaveOut { problems: vec![] };
        let rejected = ReportLine {
            code: "email.bad".to_owned(),
            message: "ann@@home.example in AltEmailAddress is not an email address.".to_owned(),
            ..line(5, "ann@health.example", "Add", ReportResult::Rejected)
        };
        let row = traced(&step, rejected);
        assert_eq!((&row["codes"], &row["step"]), (&json!(["email.bad"]), &Value::Null));
    }
}
