//! What leaves the portal, and what it refuses, recorded in one place: a layer around every route. So a new download cannot
//! be forgotten, and nobody has to remember a call.
//!
//! Each answer that is a file counts as taken away, unless it stands in [`ABOUT_NOBODY`]; pages that show people beyond the
//! reader's own scope stand in [`LOOKED_UP`]. What cannot be recorded is not handed out.

use app::{calls::activation::GiveLinks, routes};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    policy::{Actor, Deed},
    trail::Happening,
};
use gate::{Gate, GateError};
use leptos::server_fn::ServerFn;
use uuid::Uuid;

/// Files that hold nothing about anybody, or that the gate records itself.
const ABOUT_NOBODY: [&str; 7] = [
    "/uploads/practice.csv",
    "/uploads/formats/{name}/sample.csv",
    routes::ORGANISATIONS_SAMPLE,
    "/mail/{name}/letter.eml",
    GiveLinks::PATH,
    routes::AUDIT_CSV,
    routes::AUDIT_JSONL,
];

/// What files hold, and by which deed they are taken; others are "people" by the right to see them.
const FILES: [(&str, &str, Option<Deed>); 9] = [
    (routes::PEOPLE_EXPORT, "people", Some(Deed::See)),
    (
        "/accounts/{id}/history.csv",
        "a person's history",
        Some(Deed::ReadAuditTrail),
    ),
    (
        "/contacts/{id}/history.csv",
        "a contact's history",
        Some(Deed::ReadAuditTrail),
    ),
    (
        "/organisations/{id}/history.csv",
        "an organisation's history",
        Some(Deed::ReadAuditTrail),
    ),
    (
        "/connectors/{id}/differences.csv",
        "a connector's differences",
        Some(Deed::See),
    ),
    (
        "/connectors/{id}/refusals.csv",
        "a connector's refusals",
        Some(Deed::See),
    ),
    ("/submissions/{id}/result.csv", "a submission's result", Some(Deed::See)),
    (
        "/submissions/{id}/problems.csv",
        "a submission's problems",
        Some(Deed::See),
    ),
    ("/directory/{id}/card.vcf", "an entry of the national directory", None),
];

/// What a request was, as far as it is recorded.
struct Asked {
    method: Method,
    uri: Uri,
    /// The route's own path; none where there is no such route.
    route: Option<String>,
}

/// The layer. It stands inside of `sign_in::require`, which says who asks.
pub(crate) async fn record(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Some(actor) = request.extensions().get::<Actor>().cloned() else {
        return next.run(request).await;
    };
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        route: request
            .extensions()
            .get::<MatchedPath>()
            .map(|matched| matched.as_str().to_owned()),
    };
    let answer = next.run(request).await;
    let Some((happening, deed)) = asked.happening(&answer) else {
        return answer;
    };
    let is_refusal = matches!(happening, Happening::Refused { .. });
    let visit = gate.on_behalf_of(&actor);
    match visit.note(happening, asked.person(), deed).await {
        // Whoever has just been deleted asks for nothing more.
        Ok(()) | Err(GateError::NotFound) => answer,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the audit log could not be written"
            );
            match is_refusal {
                true => answer,
                false => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    }
}

impl Asked {
    /// What is to be recorded about an answer, with the deed that it was.
    fn happening(&self, answer: &Response) -> Option<(Happening, Option<Deed>)> {
        let route = self.route.as_deref()?;
        let status = answer.status();
        if status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND {
            let refused = Happening::Refused {
                method: self.method.to_string(),
                path: self.uri.path().to_owned(),
                status: status.as_u16(),
            };
            return Some((refused, None));
        }
        if status != StatusCode::OK {
            return None;
        }
        let is_file = answer
            .headers()
            .get(header::CONTENT_DISPOSITION)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"attachment"));
        if is_file && !ABOUT_NOBODY.contains(&route) {
            let known = FILES.iter().find(|(path, ..)| *path == route);
            let (what, deed) = known.map_or(("people", Some(Deed::See)), |(_, what, deed)| (what, *deed));
            let exported = Happening::Exported {
                what: what.to_owned(),
                asked: self.without_words(),
            };
            return Some((exported, deed));
        }
        let entry = route
            .strip_prefix(routes::DIRECTORY)
            .is_some_and(|rest| rest.starts_with('/'));
        let looks_up = self.method == Method::GET
            && (entry
                || (route == routes::DIRECTORY
                    && self.query().any(|(name, text)| name == "words" && !text.is_empty())));
        looks_up.then(|| {
            let asked = self.without_words();
            (Happening::LookedUp { asked }, None)
        })
    }

    fn query(&self) -> impl Iterator<Item = (String, String)> {
        let query = self.uri.query().unwrap_or_default().as_bytes();
        url::form_urlencoded::parse(query).into_owned()
    }

    /// The address with what was chosen, but not what was typed: that may be a name, and names are not to be found here
    /// when their people are forgotten.
    fn without_words(&self) -> String {
        let mut asked = url::form_urlencoded::Serializer::new(String::new());
        for (name, text) in self.query().filter(|(_, text)| !text.is_empty()) {
            asked.append_pair(&name, if name == "words" { "…" } else { &text });
        }
        match asked.finish().as_str() {
            "" => self.uri.path().to_owned(),
            query => format!("{}?{}", self.uri.path(), query.replace("%E2%80%A6", "…")),
        }
    }

    /// The person whom an address names.
    fn person(&self) -> Option<Uuid> {
        let mut parts = self.uri.path().split('/').skip(1);
        match parts.next()? {
            "accounts" | "contacts" | "directory" => parts.next()?.parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::HeaderValue};

    use super::*;

    fn asked(method: Method, uri: &'static str, route: Option<&str>) -> Asked {
        Asked {
            method,
            uri: Uri::from_static(uri),
            route: route.map(ToOwned::to_owned),
        }
    }

    fn answer(status: StatusCode, is_file: bool) -> Response {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = status;
        if is_file {
            let kind = HeaderValue::from_static("attachment; filename=\"a.csv\"");
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, kind);
        }
        answer
    }

    #[test]
    fn what_was_typed_is_not_recorded() {
        let export = asked(
            Method::GET,
            "/people/export.csv?words=Jane+Smith&organisation=RIV&status=",
            Some(routes::PEOPLE_EXPORT),
        );
        let (happening, deed) = export.happening(&answer(StatusCode::OK, true)).unwrap();
        let Happening::Exported { what, asked } = happening else {
            panic!("{happening:?}")
        };
        assert_eq!((what.as_str(), deed), ("people", Some(Deed::See)));
        assert_eq!(asked, "/people/export.csv?words=…&organisation=RIV");
    }

    #[test]
    fn a_file_that_nobody_thought_of_is_recorded_and_a_slip_of_the_hand_is_not() {
        let new = asked(Method::GET, "/new/file.csv", Some("/new/file.csv"));
        assert!(new.happening(&answer(StatusCode::OK, true)).is_some());
        assert!(new.happening(&answer(StatusCode::OK, false)).is_none());
        assert!(new.happening(&answer(StatusCode::FORBIDDEN, false)).is_some());
        let mistyped = asked(Method::GET, "/peeple", None);
        assert!(mistyped.happening(&answer(StatusCode::NOT_FOUND, false)).is_none());
    }
}
