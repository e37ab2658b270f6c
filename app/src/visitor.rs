//! Who looks at a page, and what the gate would not let them see.

use domain::policy::Actor;
use gate::{Gate, GateError, Visit};
use leptos::prelude::*;

/// The page's visitor: put into its context by the server.
#[derive(Clone)]
pub struct Visitor {
    /// The gate.
    pub gate: Gate,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// The request's reference, for error pages.
    pub reference: String,
    /// Which ways are open to them.
    pub sees: Sees,
    /// Whether the portal runs on a developer's machine.
    pub development: bool,
}

/// The ways that are open to somebody, for the header; what they find there, the gate decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sees {
    /// None but choosing a password, which they must before anything else.
    pub must_choose: bool,
    /// The uploads of their scope.
    pub uploads: bool,
    /// People.
    pub people: bool,
    /// Who holds which role.
    pub administrators: bool,
    /// Offers of contacts, and how many of them wait for an answer.
    pub offers: Option<u64>,
}

impl Visitor {
    /// The visitor of the page that is being rendered.
    #[must_use]
    pub fn of_page() -> Self {
        expect_context::<Self>()
    }

    /// Their visit at the gate.
    ///
    /// # Errors
    /// `NotFound` where nobody is signed in; such requests do not come so far.
    pub fn visit(&self) -> Result<Visit<'_>, GateError> {
        self.actor
            .as_ref()
            .map(|actor| self.gate.on_behalf_of(actor))
            .ok_or(GateError::NotFound)
    }
}

/// Why a page cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is not there, or not for this visitor; the two are not told apart.
    NotFound,
    /// The visitor may not do that.
    Denied,
    /// The operator must act.
    Trouble,
}

impl From<&GateError> for Failure {
    fn from(error: &GateError) -> Self {
        match error {
            GateError::NotFound => Self::NotFound,
            GateError::Denied => Self::Denied,
            GateError::Stale | GateError::Unanswered | GateError::Trouble(_) => Self::Trouble,
        }
    }
}

/// The header that makes a browser keep a file under a name, whatever signs the name has.
#[must_use]
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
