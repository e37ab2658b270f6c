//! Who looks at a page, and what the gate would not let them see.

use axum::http::StatusCode;
use domain::policy::Actor;
use gate::{Gate, GateError, Rights, Visit};
use leptos::prelude::*;

use crate::busy::Busy;

/// The page's visitor: put into its context by the server.
#[derive(Clone)]
pub struct Visitor {
    /// The gate.
    pub gate: Gate,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// Their rights, read once for the whole page.
    pub rights: Rights,
    /// Whether they proved lately who they are.
    pub is_proved: bool,
    /// How much is done at the same time.
    pub busy: Busy,
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
    /// The audit log.
    pub audit: bool,
    /// Who holds which role.
    pub administrators: bool,
    /// All organisations.
    pub organisations: bool,
    /// Offers of contacts, and how many of them wait for an answer.
    pub offers: Option<u64>,
}

/// The hash of the ID of the session that a page is asked for with.
#[derive(Clone, Debug)]
pub struct ThisSession(pub String);

/// Whether the session's person proved lately who they are.
#[derive(Clone, Copy, Debug)]
pub struct ProvedLately(pub bool);

/// The secret of the authenticator app that is being set up in this session.
#[derive(Clone, Debug)]
pub struct NewSecret(pub String);

/// What the OpenID Connect provider is called; in the context of pages where there is one.
#[derive(Clone, Debug)]
pub struct ProviderName(pub String);

/// What the operator has set that pages for everybody say.
#[derive(Clone, Debug, Default)]
pub struct Operator {
    /// Who helps where nobody in the organisation can: an email address, a web address or words.
    pub support_contact: Option<String>,
    /// The operator's own privacy notice.
    pub privacy_url: Option<String>,
    /// Minutes without a request after which a session may end.
    pub session_minutes: u32,
    /// Years for which the audit log is kept at least; 0 for good.
    pub audit_years: u32,
    /// The largest email, the largest attached file, and the most that a ZIP file may unpack to, in MB.
    pub email_mib: [u32; 3],
    /// The names by which the operator's mail servers sign Authentication-Results, with commas between them.
    pub email_authserv_ids: String,
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
            .map(|actor| self.gate.reading(actor, self.rights.clone()))
            .ok_or(GateError::NotFound)
    }

    /// Their visit for doing something: their rights are read at that very moment.
    ///
    /// # Errors
    /// `NotFound` where nobody is signed in; such requests do not come so far.
    pub fn acts(&self) -> Result<Visit<'_>, GateError> {
        let actor = self.actor.as_ref().ok_or(GateError::NotFound)?;
        Ok(self.gate.on_behalf_of(actor))
    }
}

/// Why a page cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is not there, or not for this visitor; the two are not told apart.
    NotFound,
    /// It was there, and is no longer kept.
    Gone,
    /// The visitor may not do that.
    Denied,
    /// It is nothing that the portal reads.
    Unread,
    /// The address is asked in another way.
    OtherMethod,
    /// The operator must act.
    Trouble,
    /// The operator must act: the database takes no changes at present.
    Unwritable,
    /// Too much was asked for at once; so many seconds later there is more.
    TooMany(u32),
    /// So many files come at this moment that there is no room for another; so many seconds later there may be.
    Busy(u32),
    /// What was sent is too large.
    TooLarge,
    /// A page of another site sent it.
    Foreign,
}

impl Failure {
    /// The status of its page.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Denied | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Unread => StatusCode::BAD_REQUEST,
            Self::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Trouble | Self::Unwritable | Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// The heading of its page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotFound => "Page not found",
            Self::Gone => "This file is no longer kept",
            Self::Denied => "You cannot do this",
            Self::Unread => "We could not read what you sent",
            Self::OtherMethod => "Method not allowed",
            Self::Trouble => "Sorry, that did not work",
            Self::Unwritable => "Nothing can be saved at the moment",
            Self::TooMany(_) => "Wait a moment",
            Self::Busy(_) => "Many files are being uploaded at the moment",
            Self::TooLarge => "That is too large",
            Self::Foreign => "This came from another website",
        }
    }

    /// What to do.
    #[must_use]
    pub fn advice(self) -> String {
        match self {
            Self::NotFound => {
                "There is no such page, or it is not one of yours. Check the address, or start again from the home \
                 page."
            }
            Self::Gone => {
                "Uploaded files are deleted after a time. The page of the upload still shows what became of each row."
            }
            Self::Denied => {
                "Your roles do not allow this, or not for this organisation or unit. Nothing was changed."
            }
            Self::Unread => "Nothing was done. Go back, reload the page, and fill it in again.",
            Self::OtherMethod => {
                "This address is not asked in this way. Nothing was done. Go back, load the page again, and use its buttons."
            }
            Self::Trouble => {
                "Your last change may not have been saved. Nothing else is lost, and nothing is half done. Try again \
                 in a few minutes. If it still does not work, tell your helpdesk."
            }
            Self::Unwritable => {
                "You can look at the portal, but it cannot save anything. Your last change was not saved, and nothing \
                 is half done. Tell your helpdesk, and try again when they have fixed it."
            }
            Self::TooMany(1) => {
                "Too many requests came at once. This one changed nothing. Wait a second, then try again."
            }
            Self::TooMany(seconds) => {
                return format!(
                    "Too many requests came at once. This one changed nothing. Wait {seconds} seconds, then try again."
                );
            }
            Self::Busy(seconds) => {
                return format!("Your file was not uploaded. Wait {seconds} seconds, then upload it again.");
            }
            Self::TooLarge => {
                "You sent too much text for this page. Nothing was changed. Go back, shorten what you typed, and try \
                 again."
            }
            Self::Foreign => {
                "We could not tell that this came from the portal, so nothing was changed. If you wanted to do it, load the page again and repeat it. If you did not, another website tried to do it in your name."
            }
        }
        .to_owned()
    }
}

impl From<&GateError> for Failure {
    fn from(error: &GateError) -> Self {
        match error {
            error if error.is_unwritable() => Self::Unwritable,
            GateError::NotFound => Self::NotFound,
            GateError::Gone => Self::Gone,
            GateError::Denied => Self::Denied,
            GateError::Stale
            | GateError::Unanswered
            | GateError::Uncounted
            | GateError::Busy
            | GateError::Trouble(_) => Self::Trouble,
        }
    }
}
