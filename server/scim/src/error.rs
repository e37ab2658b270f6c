//! Errors in SCIM's form (RFC 7644, 3.12), with all problems at once.

use domain::problem::Problem;
use serde_json::{Map, Value, json};

use crate::{definition, hints};

/// The schema of errors.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Our extension of errors: the problems one by one.
pub const PROBLEMS: &str = "urn:staffbook:scim:api:messages:2.0:Problems";

/// What kind of error it is (RFC 7644, table 9; RFC 9865; delta query).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the standards say what each is")]
pub enum ScimType {
    InvalidFilter,
    TooMany,
    Uniqueness,
    Mutability,
    InvalidSyntax,
    InvalidPath,
    NoTarget,
    InvalidValue,
    InvalidCursor,
    ExpiredCursor,
    InvalidCount,
    InvalidDeltaToken,
    ExpiredDeltaToken,
}

impl ScimType {
    /// The word that answers hold.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
            Self::InvalidDeltaToken => "invalidDeltaToken",
            Self::ExpiredDeltaToken => "expiredDeltaToken",
        }
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Uniqueness => 409,
            _ => 400,
        }
    }

    /// What administrators can do about it, where it is no value; empty where that depends on what was sent.
    const fn remedy(self) -> &'static str {
        match self {
            Self::InvalidFilter => "Have the other system look people up by their username or by its own key.",
            Self::InvalidSyntax | Self::TooMany | Self::InvalidCount => {
                "Ask the people who run the other system: it is the form of its requests that is wrong."
            }
            Self::InvalidPath | Self::NoTarget => "Correct the attribute mapping in the other system.",
            Self::Mutability => {
                "Correct the mapping in the other system. If the person should move, do that in Staffbook."
            }
            Self::InvalidCursor | Self::ExpiredCursor | Self::InvalidDeltaToken | Self::ExpiredDeltaToken => {
                "Nothing, if the other system begins to read again by itself. Otherwise restart its synchronisation."
            }
            Self::Uniqueness | Self::InvalidValue => "",
        }
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The attribute it is about, as a path; empty if it is about none.
    pub path: String,
    /// What kind of error it makes the answer.
    pub scim_type: ScimType,
    /// A word for programs, stable over versions.
    pub code: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What can be done about it; empty if nothing is said.
    pub hint: String,
}

impl Wrong {
    /// A problem of the protocol's own.
    #[must_use]
    pub fn new(path: &str, scim_type: ScimType, code: &str, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            scim_type,
            code: code.to_owned(),
            message: message.into(),
            hint: String::new(),
        }
    }

    /// A problem of the domain's: of a value, or of a row that the plan refuses.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        let code = serde_json::to_value(&problem.kind);
        let code = code.ok().and_then(|kind| Some(kind.get("kind")?.as_str()?.to_owned()));
        Self {
            path: problem.place.attribute().map(definition::path_of).unwrap_or_default(),
            scim_type: ScimType::InvalidValue,
            code: code.unwrap_or_default(),
            message: problem.message(),
            hint: hints::hint(problem),
        }
    }

    /// What is wrong, with the path of the attribute before it where the sentence does not name it itself.
    #[must_use]
    pub fn placed(&self) -> String {
        match self.path.as_str() {
            "" => self.message.clone(),
            path if names(&self.message, path) => self.message.clone(),
            path => format!("{path}: {}", self.message),
        }
    }

    /// What is wrong and what to do, as one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        let sentence = format!("{} {}", self.placed(), self.hint);
        sentence.trim_end().to_owned()
    }

    /// As answers hold it.
    pub(crate) fn json(&self) -> Value {
        let mut told = Map::new();
        for (name, text) in [
            ("path", &self.path),
            ("code", &self.code),
            ("message", &self.message),
            ("hint", &self.hint),
        ] {
            if !text.is_empty() {
                told.insert(name.to_owned(), json!(text));
            }
        }
        Value::Object(told)
    }
}

/// Whether a sentence names a path: at its start, behind a colon, or in quotation marks. The same word elsewhere may be
/// another, as in “Job title” for `title`.
fn names(sentence: &str, path: &str) -> bool {
    let mut found = sentence.match_indices(path);
    found.any(|(place, _)| {
        let before = &sentence[..place];
        before.is_empty() || before.ends_with(": ") || before.ends_with('“')
    })
}

/// An error as it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimError {
    /// The status of HTTP.
    pub status: u16,
    /// What kind it is, where the standards have a word.
    pub scim_type: Option<ScimType>,
    /// What is said where there are no single problems.
    pub said: String,
    /// All that is wrong.
    pub problems: Vec<Wrong>,
    /// What the administrators of the connector can do about it; empty where nothing is to be said.
    pub remedy: &'static str,
}

impl ScimError {
    /// An error that has no word in the standards.
    #[must_use]
    pub fn plain(status: u16, said: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            said: said.into(),
            problems: vec![],
            remedy: "",
        }
    }

    /// The same, with what administrators can do about it.
    #[must_use]
    pub fn remedied(self, remedy: &'static str) -> Self {
        Self { remedy, ..self }
    }

    /// An error of a kind, in one sentence.
    #[must_use]
    pub fn of(scim_type: ScimType, said: impl Into<String>) -> Self {
        Self {
            scim_type: Some(scim_type),
            remedy: scim_type.remedy(),
            ..Self::plain(scim_type.status(), said)
        }
    }

    /// All that is wrong at once; the first one gives the kind.
    #[must_use]
    pub fn all(problems: Vec<Wrong>) -> Self {
        let scim_type = problems
            .first()
            .map_or(ScimType::InvalidSyntax, |first| first.scim_type);
        Self {
            problems,
            ..Self::of(scim_type, "The request cannot be read.")
        }
    }

    /// What does not exist, or lies out of scope: nothing more is said.
    #[must_use]
    pub fn not_found() -> Self {
        Self::plain(404, "There is no such resource, or it is not in your scope.")
    }

    /// Groups, which there are none of.
    #[must_use]
    pub fn no_groups() -> Self {
        Self::plain(404, "Groups are not synchronised. Turn them off in your system.")
            .remedied("Turn off groups in the other system.")
    }

    /// A body that is no object.
    #[must_use]
    pub fn not_json() -> Self {
        Self::of(ScimType::InvalidSyntax, "The body is not a JSON object.")
    }

    /// What is answered as `detail`: every problem on a line of its own.
    #[must_use]
    pub fn detail(&self) -> String {
        if self.problems.is_empty() {
            return self.said.clone();
        }
        let lines: Vec<_> = self.problems.iter().map(Wrong::sentence).collect();
        lines.join("\n")
    }

    /// The body of the answer with the problems one by one, for clients that ask for them: some refuse an error with more than
    /// the standard has, and then show nothing of it.
    #[must_use]
    pub fn body_with_problems(&self) -> Value {
        let mut body = self.body();
        if !self.problems.is_empty() {
            let problems: Vec<_> = self.problems.iter().map(Wrong::json).collect();
            body[PROBLEMS] = json!({ "problems": problems });
        }
        body
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({
            "schemas": [ERROR],
            "status": self.status.to_string(),
            "detail": self.detail(),
        });
        if let Some(scim_type) = self.scim_type {
            body["scimType"] = json!(scim_type.name());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use domain::{dictionary::Attribute, problem::Kind, values::ids::RowNumber};

    use super::*;

    #[test]
    fn a_plain_error_has_the_status_as_text_and_no_extension() {
        let body = ScimError::not_found().body();
        assert_eq!(
            body,
            json!({
                "schemas": [ERROR],
                "status": "404",
                "detail": "There is no such resource, or it is not in your scope.",
            })
        );
        assert_eq!(ScimError::of(ScimType::Uniqueness, "Taken.").status, 409);
    }

    #[test]
    fn a_sentence_has_its_path_once() {
        for (path, message, told) in [
            (
                "title",
                "Job title has 5000 characters.",
                "title: Job title has 5000 characters.",
            ),
            ("active", "active is true or false.", "active is true or false."),
            ("nick", "There is no attribute “nick”.", "There is no attribute “nick”."),
            (
                "name",
                "Operation 2: name is an object.",
                "Operation 2: name is an object.",
            ),
            ("", "The body is missing.", "The body is missing."),
        ] {
            let wrong = Wrong::new(path, ScimType::InvalidValue, "code", message);
            assert_eq!(wrong.sentence(), told);
        }
    }

    #[test]
    fn all_problems_stand_in_the_detail_and_one_by_one() {
        let row = RowNumber(1);
        let mobile = Problem::in_cell(row, Attribute::Mobile, "01632 960123", Kind::NotAUkMobile);
        let moved = Wrong::new(
            "active",
            ScimType::InvalidValue,
            "not-boolean",
            "active is true or false.",
        );
        let error = ScimError::all(vec![Wrong::of(&mobile), moved]);
        assert!(error.body().get(PROBLEMS).is_none());
        let body = error.body_with_problems();
        assert_eq!(body["scimType"], "invalidValue");
        assert_eq!(
            body["detail"],
            "phoneNumbers[type eq \"mobile\"].value: “01632 960123” is not a UK mobile number. Enter eleven digits that \
             begin with 07, like 07700 900123.\nactive is true or false."
        );
        let problems = &body[PROBLEMS]["problems"];
        assert_eq!(problems[0]["code"], "not-a-uk-mobile");
        assert_eq!(problems[0]["path"], "phoneNumbers[type eq \"mobile\"].value");
        assert_eq!(
            problems[1],
            json!({"path": "active", "code": "not-boolean", "message": "active is true or false."})
        );
    }
}
