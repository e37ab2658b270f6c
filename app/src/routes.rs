//! Every path of the portal, once. Links are built from here.

use std::fmt::Display;

/// The first page.
pub const HOME: &str = "/";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
/// Where one-time links lead, each with its token behind.
pub const START: &str = domain::links::START;
/// Choosing another password where one must.
pub const NEW_PASSWORD: &str = "/password/new";
/// One's own record; changes to it are posted here.
pub const OWN: &str = "/me";
/// Changing one's own password.
pub const OWN_PASSWORD: &str = "/me/password";
/// The uploads of one's scope; a new one is posted here.
pub const UPLOADS: &str = "/uploads";
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
/// What happens by itself.
pub const UPCOMING: &str = "/people/upcoming";
/// The national directory.
pub const DIRECTORY: &str = "/directory";
/// A new account is posted here.
pub const ACCOUNTS: &str = "/accounts";
/// The form for a new account.
pub const NEW_ACCOUNT: &str = "/accounts/new";
/// A new contact is posted here.
pub const CONTACTS: &str = "/contacts";
/// The form for a new contact.
pub const NEW_CONTACT: &str = "/contacts/new";
/// Taking in somebody who leaves another organisation.
pub const NEW_JOINER: &str = "/joiners/new";
/// Offers of contacts, sent and received.
pub const OFFERS: &str = domain::links::OFFERS;
/// The mail that went out, in development.
pub const MAIL: &str = "/mail";
/// Every component with its examples, in development.
pub const PREVIEW: &str = "/preview";

/// Signing in, and then on to where somebody wanted to go.
pub fn sign_in_then(next: &impl Display) -> String {
    match next.to_string().as_str() {
        HOME => SIGN_IN.to_owned(),
        next => format!("{SIGN_IN}?next={}", encoded(next)),
    }
}

/// Where a one-time link leads.
#[must_use]
pub fn start(token: &str) -> String {
    domain::links::start(token)
}

/// A format's sample file.
#[must_use]
pub fn sample(format: &str) -> String {
    format!("{FORMATS}/{format}/sample.csv")
}

/// A submission's page.
pub fn submission(id: &impl Display) -> String {
    domain::links::submission(id)
}

/// A submission's page, for somebody who acted on an older state of it.
pub fn submission_moved(id: &impl Display) -> String {
    format!("/submissions/{id}?moved=yes")
}

/// A submission's rows of one sort, from behind a row on.
pub fn submission_rows(id: &impl Display, show: &str, after: Option<u32>) -> String {
    match after {
        Some(row) => format!("/submissions/{id}?show={show}&after={row}#rows"),
        None => format!("/submissions/{id}?show={show}#rows"),
    }
}

/// Where a part of a submission is posted to or taken from: `confirmation`, `refusal`, `progress`, `result.csv`, ….
pub fn submission_part(id: &impl Display, part: &str) -> String {
    format!("/submissions/{id}/{part}")
}

/// An account's page.
pub fn account(id: &impl Display) -> String {
    format!("/accounts/{id}")
}

/// A contact's page.
pub fn contact(id: &impl Display) -> String {
    format!("/contacts/{id}")
}

/// Where a part of an account's life is asked for or posted to: `edit`, `leaver`, `transfer`, `turns`, `password-reset`, ….
pub fn account_part(id: &impl Display, part: &str) -> String {
    format!("/accounts/{id}/{part}")
}

/// The same of a contact: `edit`, `transfer`, `deletion`, `restoration`, ….
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

/// What happened in an organisation.
pub fn organisation_history(code: &impl Display) -> String {
    format!("/organisations/{code}/history")
}

/// The same as a file.
pub fn organisation_history_file(code: &impl Display) -> String {
    format!("/organisations/{code}/history.csv")
}

/// An offer that waits for an answer.
pub fn offer(id: &impl Display) -> String {
    format!("{OFFERS}/{id}")
}

/// Where an offer's answer is posted to: `acceptance`, `refusal`, `withdrawal`.
pub fn offer_part(id: &impl Display, part: &str) -> String {
    format!("{OFFERS}/{id}/{part}")
}

/// A mail that went out, in development.
pub fn mail(name: &impl Display) -> String {
    format!("{MAIL}/{name}")
}

/// The same as a file to take away.
pub fn mail_file(name: &impl Display) -> String {
    format!("{MAIL}/{name}/letter.eml")
}

/// A path with a query; parts without a value are left out.
#[must_use]
pub fn with_query(path: &str, parts: &[(&str, &str)]) -> String {
    let filled = parts.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = filled
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// A text as it may stand in a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                encoded.push(char::from(byte))
            }
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
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
