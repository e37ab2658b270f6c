//! Every path of the portal, once. Links are built from here.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The first page.
pub const HOME: &str = "/";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// The second factor, asked for after the password.
pub const SIGN_IN_SECOND: &str = "/sign-in/second";
/// Proving again who one is, before something that cannot be undone.
pub const SIGN_IN_AGAIN: &str = "/sign-in/again";
/// Signing in by the OpenID Connect provider.
pub const OPENID: &str = "/sign-in/openid";
/// Where the provider leads back to.
pub const OPENID_RETURN: &str = "/sign-in/openid/return";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
/// Staying signed in: posted to prolong the session, and the page that says so.
pub const STAY: &str = "/stay";
/// How many seconds a session still has if nothing is done.
pub const TIME_LEFT: &str = "/stay/left";
/// Where password managers look for the page to change a password.
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// Whom to tell about a weakness of the portal (RFC 9116).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// Where one-time links lead, each with its token behind.
pub const START: &str = domain::values::links::START;
/// Where the links lead by which people confirm another email address, each with its token behind.
pub const RENAME: &str = domain::values::links::RENAME;
/// Asking for a link by email, without being signed in.
pub const PASSWORD_RESET: &str = domain::values::links::PASSWORD_RESET;
/// Activating an account by a code, without being signed in.
pub const ACTIVATE: &str = "/activate";
/// Choosing another password where one must.
pub const NEW_PASSWORD: &str = "/password/new";
/// One's own record.
pub const OWN: &str = "/me";
/// Changing one's own password.
pub const OWN_PASSWORD: &str = "/me/password";
/// One's own sessions; what ends one of them is posted here.
pub const OWN_SESSIONS: &str = "/me/sessions";
/// What one proves oneself with besides a password.
pub const SECOND_FACTOR: &str = "/me/second-factor";
/// Setting up an authenticator app.
pub const NEW_APP: &str = "/me/second-factor/app";
/// A new passkey is posted here.
pub const NEW_PASSKEY: &str = "/me/second-factor/passkey";
/// What the browser is asked for a new passkey.
pub const NEW_PASSKEY_OPTIONS: &str = "/me/second-factor/passkey/options";
/// A passkey's answer at sign-in is posted here.
pub const PASSKEY: &str = "/sign-in/second/passkey";
/// What the browser is asked for it.
pub const PASSKEY_OPTIONS: &str = "/sign-in/second/passkey/options";
/// A passkey's answer, where its person shows again that it is them, is posted here.
pub const PASSKEY_AGAIN: &str = "/sign-in/again/passkey";
/// What the browser is asked for that one.
pub const PASSKEY_AGAIN_OPTIONS: &str = "/sign-in/again/passkey/options";
/// New recovery codes are asked for here.
pub const RECOVERY_CODES: &str = "/me/second-factor/codes";
/// The uploads of one's scope.
pub const UPLOADS: &str = domain::values::links::UPLOADS;
/// The form for a new upload.
pub const NEW_UPLOAD: &str = "/uploads/new";
/// What a file must look like.
pub const FORMATS: &str = "/uploads/formats";
/// A file to practise with.
pub const PRACTICE: &str = "/uploads/practice.csv";
/// The people of one's scope.
pub const PEOPLE: &str = "/people";
/// Those of them who are contacts.
pub const PEOPLE_CONTACTS: &str = "/people?kind=contacts";
/// The people that a search finds, as a file.
pub const PEOPLE_EXPORT: &str = "/people/export.csv";
/// One thing for many people.
pub const PEOPLE_ACTIONS: &str = "/people/actions";
/// Automatic changes in the next days.
pub const UPCOMING: &str = "/people/upcoming";
/// Automatic changes that are held back.
pub const HELD: &str = "/automatic-changes/held";
/// The national directory.
pub const DIRECTORY: &str = "/directory";
/// The form for a new account.
pub const NEW_ACCOUNT: &str = "/accounts/new";
/// The form for a new contact.
pub const NEW_CONTACT: &str = "/contacts/new";
/// Taking in somebody who leaves another organisation.
pub const NEW_JOINER: &str = "/joiners/new";
/// Offers of contacts, sent and received.
pub const OFFERS: &str = domain::values::links::OFFERS;
/// The audit log.
pub const AUDIT: &str = "/audit";
/// The same as a table to take away.
pub const AUDIT_CSV: &str = "/audit/export.csv";
/// The same as JSON Lines.
pub const AUDIT_JSONL: &str = "/audit/export.jsonl";
/// All organisations, for those who manage them.
pub const ORGANISATIONS: &str = "/organisations";
/// The form for a file of organisations.
pub const NEW_ORGANISATION_IMPORT: &str = "/organisation-imports/new";
/// Such a file, to begin from.
pub const ORGANISATIONS_SAMPLE: &str = "/organisation-imports/sample.csv";
/// The customers of the service, with their subscriptions.
pub const CUSTOMERS: &str = "/customers";
/// The form for a new customer.
pub const NEW_CUSTOMER: &str = "/customers/new";
/// Below it, the pages of subscriptions.
pub const SUBSCRIPTIONS: &str = "/subscriptions";
/// Below it, the change files of each customer.
pub const CHANGE_FILES: &str = "/change-files";
/// Who holds which role in one's scope.
pub const ADMINISTRATORS: &str = "/administrators";
/// The form for giving a role.
pub const NEW_GRANT: &str = "/administrators/new";
/// The API tokens of one's scope.
pub const TOKENS: &str = "/tokens";
/// Connectors, each by their account.
pub const CONNECTORS: &str = domain::values::links::CONNECTORS;
/// Files by email, for those who run the portal. The run is begun here, too.
pub const EMAIL: &str = "/connectors/email";
/// Mails that were set aside.
pub const EMAIL_SET_ASIDE: &str = "/connectors/email/set-aside";
/// What connectors propose and administrators decide on.
pub const PROPOSALS: &str = domain::values::links::PROPOSALS;
/// One's own API tokens.
pub const OWN_TOKENS: &str = domain::values::links::OWN_TOKENS;
/// The interface for programs: what all of its paths begin with.
pub const API: &str = "/api/v1/";
/// Where systems synchronise people by SCIM.
pub const SCIM: &str = "/scim/v2";
/// Where programs send files.
pub const API_SUBMISSIONS: &str = "/api/v1/submissions";
/// Help, by task. Readable signed out, like the six that follow.
pub const HELP: &str = "/help";
/// How other systems are set up to synchronise people.
pub const HELP_SYNC: &str = "/help/sync";
/// How files are sent by email.
pub const HELP_EMAIL: &str = "/help/email";
/// How change files are sent.
pub const HELP_CHANGE_FILES: &str = domain::values::links::HELP_CHANGE_FILES;
/// Who can help.
pub const CONTACT: &str = "/contact";
/// What the portal keeps about people.
pub const PRIVACY: &str = "/privacy";
/// The accessibility statement.
pub const ACCESSIBILITY: &str = "/accessibility";
/// The mail that went out, in development.
pub const MAIL: &str = "/mail";
/// Every component with its examples, in development.
pub const PREVIEW: &str = "/preview";

/// Signing in, and then on to where somebody wanted to go.
pub fn sign_in_then(next: &impl Display) -> String {
    match next.to_string().as_str() {
        HOME => SIGN_IN.to_owned(),
        next => format!("{SIGN_IN}?next={}", utf8_percent_encode(next, ENCODED)),
    }
}

/// Signing in again, and then back to a page whose form came too late.
#[must_use]
pub fn sign_in_again(page: &str) -> String {
    with_query(
        SIGN_IN,
        &[("ended", "yes"), ("next", if page == HOME { "" } else { page })],
    )
}

/// Signing in again, and then back to a form that came too late and was kept.
#[must_use]
pub fn sign_in_to_kept(page: &str) -> String {
    with_query(
        SIGN_IN,
        &[("ended", "kept"), ("next", if page == HOME { "" } else { page })],
    )
}

/// One of one's own factors: its other name, or its end, is posted here.
pub fn factor(id: &impl Display) -> String {
    format!("{SECOND_FACTOR}/{id}")
}

/// A page that leads on to another once something was proved.
#[must_use]
pub fn then(path: &str, next: &str) -> String {
    with_query(path, &[("next", if next == HOME { "" } else { next })])
}

/// Where a one-time link leads.
#[must_use]
pub fn start(token: &str) -> String {
    domain::values::links::start(token)
}

/// Where the link leads by which somebody confirms another email address.
#[must_use]
pub fn rename(token: &str) -> String {
    domain::values::links::rename(token)
}

/// A format's sample file.
#[must_use]
pub fn sample(format: &str) -> String {
    format!("{FORMATS}/{format}/sample.csv")
}

/// A submission's page.
pub fn submission(id: &impl Display) -> String {
    domain::values::links::submission(id)
}

/// A submission's rows of one sort, from behind a row on.
pub fn submission_rows(id: &impl Display, show: &str, after: Option<u32>) -> String {
    match after {
        Some(row) => format!("/submissions/{id}?show={show}&after={row}#rows"),
        None => format!("/submissions/{id}?show={show}#rows"),
    }
}

/// A part of a submission: `columns`, `progress`, `result.csv`, ….
pub fn submission_part(id: &impl Display, part: &str) -> String {
    format!("/submissions/{id}/{part}")
}

/// Where the activation links of a submission's new people are given out.
pub fn activation_links(id: &impl Display) -> String {
    submission_part(id, "activation")
}

/// One row of a submission, where its cells are mended.
pub fn submission_row(id: &impl Display, row: impl Display) -> String {
    format!("/submissions/{id}/rows/{row}")
}

/// An account's page.
pub fn account(id: &impl Display) -> String {
    format!("/accounts/{id}")
}

/// A contact's page.
pub fn contact(id: &impl Display) -> String {
    format!("/contacts/{id}")
}

/// Where a part of an account's life is asked for: `edit`, `absence`, `leaver`, `transfer`, ….
pub fn account_part(id: &impl Display, part: &str) -> String {
    format!("/accounts/{id}/{part}")
}

/// The same of a contact: `edit`, `transfer`, `history.csv`.
pub fn contact_part(id: &impl Display, part: &str) -> String {
    format!("/contacts/{id}/{part}")
}

/// The page for doing one thing with the accounts that a submission created or updated.
pub fn act_on(submission: &impl Display, kind: domain::plan::RowKind) -> String {
    format!("{PEOPLE_ACTIONS}?submission={submission}&kind={}", kind.slug())
}

/// The form in which one thing was asked for many accounts, with what was answered there.
pub fn act_again(submission: &impl Display) -> String {
    format!("{PEOPLE_ACTIONS}?from={submission}")
}

/// An entry of the national directory.
pub fn entry(id: &impl Display) -> String {
    format!("{DIRECTORY}/{id}")
}

/// The same as a card for an address book.
pub fn entry_card(id: &impl Display) -> String {
    format!("{DIRECTORY}/{id}/card.vcf")
}

/// An organisation's page.
pub fn organisation(code: &impl Display) -> String {
    format!("{ORGANISATIONS}/{code}")
}

/// What happened in an organisation.
pub fn organisation_history(code: &impl Display) -> String {
    format!("/organisations/{code}/history")
}

/// The same as a file.
pub fn organisation_history_file(code: &impl Display) -> String {
    format!("/organisations/{code}/history.csv")
}

/// Who has which seat in an organisation, and how many are free.
pub fn seats_of(code: &impl Display) -> String {
    format!("{ORGANISATIONS}/{code}/seats")
}

/// A customer's page.
pub fn customer(number: &impl Display) -> String {
    format!("{CUSTOMERS}/{number}")
}

/// A part of a customer's page: `edit`, `subscriptions/new`.
pub fn customer_part(number: &impl Display, part: &str) -> String {
    format!("{CUSTOMERS}/{number}/{part}")
}

/// A subscription's page.
pub fn subscription(number: &impl Display) -> String {
    format!("{SUBSCRIPTIONS}/{number}")
}

/// A part of a subscription's page: `edit`.
pub fn subscription_part(number: &impl Display, part: &str) -> String {
    format!("{SUBSCRIPTIONS}/{number}/{part}")
}

/// The change files of a customer.
pub fn change_files(customer: &impl Display) -> String {
    format!("{CHANGE_FILES}/{customer}")
}

/// An offer that waits for an answer.
pub fn offer(id: &impl Display) -> String {
    format!("{OFFERS}/{id}")
}

/// A role that somebody holds.
pub fn grant(id: &impl Display) -> String {
    format!("{ADMINISTRATORS}/{id}")
}

/// A connector's page.
pub fn connector(account: &impl Display) -> String {
    domain::values::links::connector(account)
}

/// A part of a connector's page: `differences.csv`, `refusals.csv`, `trial`.
pub fn connector_part(account: &impl Display, part: &str) -> String {
    format!("{CONNECTORS}/{account}/{part}")
}

/// A mail that was set aside, as it came.
pub fn email_source(number: &impl Display) -> String {
    format!("{EMAIL}/{number}/source")
}

/// Where systems synchronise the people of one organisation and those below it.
pub fn scim_of(organisation: &impl Display) -> String {
    format!("{SCIM}/organisations/{organisation}")
}

/// An API token, with the way to revoke it.
pub fn token(id: &impl Display) -> String {
    format!("{TOKENS}/{id}")
}

/// What a program asks of its submission.
pub fn api_submission(id: &impl Display) -> String {
    format!("{API_SUBMISSIONS}/{id}")
}

/// Whether a path is one of the service for synchronisation, or nothing below it.
#[must_use]
pub fn is_for_sync(path: &str) -> bool {
    path.strip_prefix(SCIM)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A mail that went out, in development.
pub fn mail(name: &impl Display) -> String {
    format!("{MAIL}/{name}")
}

/// The same as a file to take away.
pub fn mail_file(name: &impl Display) -> String {
    format!("{MAIL}/{name}/letter.eml")
}

/// What is encoded in a query's value: all that could end it. A path within it stays readable.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A path with a query; parts without a value are left out.
#[must_use]
pub fn with_query(path: &str, parts: &[(&str, &str)]) -> String {
    let filled = parts.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = filled
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ENCODED)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_cannot_leave_its_place_in_the_query() {
        assert_eq!(
            with_query(PEOPLE, &[("words", "O’N & co#1"), ("after", "")]),
            "/people?words=O%E2%80%99N%20%26%20co%231"
        );
    }
}
