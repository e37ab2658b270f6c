//! Every path of the portal, once. Links are built from here.

use std::fmt::Display;

/// The first page.
pub const HOME: &str = "/";
/// Signing in.
pub const SIGN_IN: &str = "/sign-in";
/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";
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
