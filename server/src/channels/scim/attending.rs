//! Around every request of a connector: how many it may send, and what the gate is told of each, so that its page shows what
//! it does and what it is refused.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::policy::Actor;
use gate::{Gate, Noted};
use scim::{definition::Schema, error::ScimError, refusal::Refusal};

use super::{
    answers::{CameOf, Failed},
    headers::{PROBLEMS, prefers},
};
use crate::http::limits::Limits;

/// What the layer needs.
#[derive(Clone)]
pub(crate) struct Attending {
    pub(crate) gate: Gate,
    pub(crate) limits: Limits,
}

/// The layer. It stands inside of `sign_in::require_connector`, which says who asks.
pub(crate) async fn attend(State(attending): State<Attending>, request: Request, next: Next) -> Response {
    let Attending { gate, limits } = attending;
    let connector = request.extensions().get::<Actor>().and_then(Actor::account);
    let Some(connector) = connector else {
        return Failed::from(Refusal::NoToken).into_response();
    };
    if let Err(seconds) = limits.of_connector(connector) {
        gate.note_request(connector, Noted::Throttled).await;
        let failed = Failed::from(Refusal::TooManyRequests);
        return failed.header(header::RETRY_AFTER, seconds.to_string()).into_response();
    }
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    let asks_for_problems = prefers(request.headers(), PROBLEMS);
    let mut response = next.run(request).await;
    let came_of = response.extensions_mut().remove::<CameOf>();
    if let Some(CameOf::Refused { error, .. }) = &came_of
        && asks_for_problems
    {
        *response.body_mut() = Body::from(error.body_with_problems().to_string());
    }
    let told = match &came_of {
        // Who looks for somebody and finds nobody did nothing wrong.
        Some(CameOf::Refused { error, .. }) if reads && error.status == 404 => Noted::Read,
        Some(CameOf::Refused { error, example }) => noted(error, example),
        Some(CameOf::Changed) => Noted::Changed,
        Some(CameOf::Read) | None => Noted::Read,
    };
    gate.note_request(connector, told).await;
    response
}

/// What stands before the names of our own attributes, which says nothing to those who read a page.
pub(super) fn own_prefix() -> String {
    format!("{}:", Schema::Account.urn())
}

/// A refusal as it is counted: the same fault of many people is one sentence.
pub(super) fn noted(error: &ScimError, example: &str) -> Noted {
    let (sentence, hint) = match error.problems.first() {
        None => (error.said.clone(), error.remedy.to_owned()),
        Some(wrong) if wrong.hint.is_empty() => (wrong.placed(), error.remedy.to_owned()),
        Some(wrong) => (wrong.placed(), wrong.hint.clone()),
    };
    Noted::Refused {
        status: error.status,
        sentence: without_values(&sentence.replace(&own_prefix(), "")),
        hint: without_values(&hint),
        example: example.to_owned(),
    }
}

/// Words before a number that differs from request to request: places in a body, and how much there is of something. Limits,
/// which stand behind other words, stay.
const BEFORE_NUMBERS: [&str; 7] = ["line", "column", "character", "Operation", "operation", "has", "have"];

/// A sentence without what differs from person to person: quoted values, IDs, places, counts, and links to accounts.
fn without_values(sentence: &str) -> String {
    let mut told = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(begins) = rest.find('“') {
        let Some(length) = rest[begins..].find('”') else {
            break;
        };
        told += &without_ids(&rest[..begins]);
        told += "“…”";
        rest = &rest[begins + length + '”'.len_utf8()..];
    }
    told + &without_ids(rest)
}

fn without_ids(text: &str) -> String {
    let mut told: Vec<String> = vec![];
    for word in text.split(' ') {
        let inner = word.trim_end_matches(['.', ',', ':', ';']);
        let end = &word[inner.len()..];
        if is_number(inner)
            && told
                .last()
                .is_some_and(|before| BEFORE_NUMBERS.contains(&before.as_str()))
        {
            told.push(format!("…{end}"));
            continue;
        }
        let id = inner.rsplit('/').next().unwrap_or(inner);
        if uuid::Uuid::try_parse(id).is_err() {
            told.push(word.to_owned());
            continue;
        }
        match told.last_mut().filter(|before| before.ends_with(':')) {
            // An ID or a link that is all that a colon leads to.
            Some(before) => {
                before.pop();
                before.push_str(end);
            }
            None if id.len() < inner.len() => told.push(format!("the person’s page{end}")),
            None => told.push(format!("…{end}")),
        }
    }
    told.join(" ")
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == ',')
}

#[cfg(test)]
mod tests {
    use scim::error::{ScimType, Wrong};

    use super::*;

    const ID: &str = "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11";

    #[test]
    fn the_same_fault_of_two_people_is_one_sentence() {
        for (said, told) in [
            (
                format!("An account with this userName exists: {ID}. Change it with PATCH."),
                "An account with this userName exists. Change it with PATCH.",
            ),
            (
                format!("An administrator opens https://portal.example/accounts/{ID}."),
                "An administrator opens the person’s page.",
            ),
            (
                format!("Administrators have been asked: https://portal.example/accounts/{ID}."),
                "Administrators have been asked.",
            ),
            (
                format!("Nobody is {ID}, or nobody here."),
                "Nobody is …, or nobody here.",
            ),
            (
                "“Smyth1” has digits; “Lee” has none.".to_owned(),
                "“…” has digits; “…” has none.",
            ),
            ("An open “quotation".to_owned(), "An open “quotation"),
            (
                "One name stands twice in an object, at line 1, column 119. Send it once.".to_owned(),
                "One name stands twice in an object, at line …, column …. Send it once.",
            ),
            (
                "Operation 3: a PATCH has at most 100 operations; this one has 1,213.".to_owned(),
                "Operation …: a PATCH has at most 100 operations; this one has ….",
            ),
            (String::new(), ""),
        ] {
            assert_eq!(without_values(&said), told);
        }
    }

    #[test]
    fn a_refusal_is_counted_by_its_first_problem() {
        let mut wrong = Wrong::new(
            "name.familyName",
            ScimType::InvalidValue,
            "digits",
            "“Smyth1” has digits.",
        );
        wrong.hint = "Send letters.".to_owned();
        let other = Wrong::new("title", ScimType::InvalidValue, "too-long", "It is too long.");
        let Noted::Refused {
            status,
            sentence,
            hint,
            example,
        } = noted(&ScimError::all(vec![wrong, other]), "emp-4711")
        else {
            panic!("a refusal")
        };
        assert_eq!((status, example.as_str()), (400, "emp-4711"));
        assert_eq!(
            (sentence.as_str(), hint.as_str()),
            ("name.familyName: “…” has digits.", "Send letters.")
        );
    }

    #[test]
    fn what_helps_is_told_by_the_kind_of_fault() {
        for (error, told) in [
            (
                ScimError::of(ScimType::InvalidCursor, "The cursor is too old."),
                "Nothing, if ",
            ),
            (
                ScimError::of(ScimType::InvalidSyntax, "The body is missing."),
                "Ask the people ",
            ),
            (ScimError::of(ScimType::InvalidValue, "active is true or false."), ""),
            (ScimError::no_groups(), "Turn off groups in the other system."),
            (
                ScimError::all(vec![Wrong::new(
                    "x",
                    ScimType::InvalidPath,
                    "unknown",
                    "There is no “x”.",
                )]),
                "Correct the attribute mapping in the other system.",
            ),
        ] {
            match noted(&error, "") {
                Noted::Refused { hint, .. } => assert!(hint.starts_with(told), "{hint}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_refusal_names_its_attribute_once_and_without_our_prefix() {
        let told = |path: &str, code: &str, message: &str| {
            let wrong = Wrong::new(path, ScimType::InvalidValue, code, message);
            match noted(&ScimError::all(vec![wrong]), "") {
                Noted::Refused { sentence, .. } => sentence,
                other => panic!("{other:?}"),
            }
        };
        let sentence = told("active", "not-a-truth", "active is true or false.");
        assert_eq!(sentence, "active is true or false.");
        let own = format!("{}mobileHidden", own_prefix());
        let sentence = told(&own, "not-a-truth", &format!("{own} is true or false."));
        assert_eq!(sentence, "mobileHidden is true or false.");
        let own = format!("{}organisation", own_prefix());
        let sentence = told(&own, "cannot-move", "People are moved in the portal.");
        assert_eq!(sentence, "organisation: People are moved in the portal.");
    }
}
