//! The paths that mail leads to. Every other path is the app's own affair.

use std::fmt::Display;

/// Where one-time links lead: choosing a password.
pub const START: &str = "/start";

/// Where the links lead by which people confirm another email address.
pub const RENAME: &str = "/rename";

/// Where people ask for a link by email to get back into their account.
pub const PASSWORD_RESET: &str = "/password-reset";

/// Offers of contacts, sent and received.
pub const OFFERS: &str = "/offers";

/// Below it, the pages of connectors.
pub const CONNECTORS: &str = "/connectors";

/// One's own API tokens and files by email.
pub const OWN_TOKENS: &str = "/me/tokens";

/// How files are sent by email.
pub const HELP_EMAIL: &str = "/help/email";

/// How change files are sent, and what their reports say.
pub const HELP_CHANGE_FILES: &str = "/help/change-files";

/// What connectors propose and administrators decide on.
pub const PROPOSALS: &str = "/proposals";

/// The uploads, and what machines sent.
pub const UPLOADS: &str = "/uploads";

/// What machines sent, of the uploads.
pub const SENT_BY_MACHINES: &str = "/uploads?by=machines";

/// A connector's page.
pub fn connector(account: &impl Display) -> String {
    format!("{CONNECTORS}/{account}")
}

/// What one connector proposes.
pub fn proposals_of(connector: &impl Display) -> String {
    format!("{PROPOSALS}?connector={connector}")
}

/// Where a one-time link leads.
#[must_use]
pub fn start(token: &str) -> String {
    format!("{START}/{token}")
}

/// Where the link leads by which somebody confirms another email address.
#[must_use]
pub fn rename(token: &str) -> String {
    format!("{RENAME}/{token}")
}

/// A submission's page.
pub fn submission(id: &impl Display) -> String {
    format!("/submissions/{id}")
}
