//! Coming back after a session has ended: to the page that somebody wanted, and to the form that they sent too late.
//!
//! The form is kept in what is left of their session, bound to the browser by its cookie and to the account that was
//! signed in. Only that person sees it again, once. A stranger has no such session, and so can leave nothing here.

use app::{
    calls::fixing::FixRow,
    forms::{
        FormState,
        fields::{Fields, LeftOut},
        returned::is_kept,
    },
    routes,
};
use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Query, Request},
    http::{HeaderMap, Uri, header, uri::PathAndQuery},
    response::{IntoResponse, Redirect, Response},
};
use domain::values::ids::{AccountId, Timestamp};
use gate::Gate;
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use url::form_urlencoded;

use super::{
    answers::{own_path, unkept},
    posted::read,
};
use crate::{
    http::answering,
    sign_in::sessions::{KEPT, WAS},
};

/// As many forms are kept of one session; each tab may have one.
const MOST: usize = 3;

/// The largest form that is kept, in bytes.
const LARGEST: usize = 64 * 1024;

/// Seconds for which a form is kept.
const LASTS: i64 = 3_600;

/// The fields that are kept of what was sent, and what is left out.
type Sent = (Vec<(String, String)>, LeftOut);

/// A form that came too late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LateForm {
    /// The page that it is on, with its query.
    page: String,
    fields: Vec<(String, String)>,
    left_out: LeftOut,
    at: Timestamp,
}

impl LateForm {
    fn is_on(&self, path: &str) -> bool {
        self.page.split('?').next() == Some(path)
    }

    fn lasts(&self, now: Timestamp) -> bool {
        self.at.plus_seconds(LASTS) > now
    }
}

/// Where a page of signing in leads on to.
#[derive(Deserialize)]
struct Leading {
    #[serde(default)]
    next: String,
}

/// Where an address leads: its path and query, whatever else it names. A page of signing in is passed over.
pub(super) fn wanted(uri: &Uri) -> String {
    let is_way_in = uri.path().starts_with(routes::SIGN_IN) || uri.path() == routes::NEW_PASSWORD;
    if is_way_in {
        let leading = Query::<Leading>::try_from_uri(uri);
        return leading.map_or_else(
            |_| routes::HOME.to_owned(),
            |Query(leading)| own_path(&leading.next).to_owned(),
        );
    }
    let wanted = uri.path_and_query().map_or(routes::HOME, PathAndQuery::as_str);
    own_path(wanted).to_owned()
}

/// The page whose form was sent. It is one of the portal's: others' forms do not come this far.
fn page_of(request: &Request) -> String {
    let route = request.extensions().get::<MatchedPath>();
    // Cells are fixed in a list of rows, too, which shows what was typed on the row's own page only.
    let is_row = route.is_some_and(|route| route.as_str() == FixRow::PATH);
    let from = request.headers().get(header::REFERER);
    let from = from.and_then(|from| from.to_str().ok()?.parse::<Uri>().ok());
    match from {
        Some(from) if !is_row => wanted(&from),
        Some(_) => wanted(request.uri()),
        None if answering::is_verb(request) => wanted(request.uri()),
        None => routes::HOME.to_owned(),
    }
}

/// Leads somebody to sign in who sent a form after their session had ended, and then back to its page. What they typed
/// is kept if it is known whose session it was.
pub(super) async fn late(gate: &Gate, session: &Session, was: Option<AccountId>, request: Request) -> Response {
    let path = request.uri().path();
    if path == routes::STAY {
        return Redirect::to(&routes::sign_in_then(&routes::STAY)).into_response();
    }
    let page = page_of(&request);
    if path.starts_with(routes::SIGN_IN) {
        // The form of a page of signing in says itself where it leads.
        let said = read::<Leading>(request).await.map(|(_, leading)| leading.next);
        let page = said.filter(|next| !next.is_empty()).unwrap_or(page);
        return Redirect::to(&routes::sign_in_again(own_path(&page))).into_response();
    }
    let is_known = was.is_some() && answering::is_verb(&request);
    let kept = match is_known {
        true => keep(gate, session, request, &page).await,
        false => Ok(false),
    };
    match kept {
        Ok(true) => Redirect::to(&routes::sign_in_to_kept(&page)).into_response(),
        Ok(false) => Redirect::to(&routes::sign_in_again(&page)).into_response(),
        Err(error) => unkept(&error),
    }
}

/// Keeps a form; false where it is too large, or is no form.
async fn keep(
    gate: &Gate,
    session: &Session,
    request: Request,
    page: &str,
) -> Result<bool, tower_sessions::session::Error> {
    let (parts, body) = request.into_parts();
    let Some((fields, left_out)) = sent(&parts.headers, body).await else {
        return Ok(false);
    };
    let now = gate.now();
    let mut forms: Vec<LateForm> = session.get(KEPT).await?.unwrap_or_default();
    forms.retain(|form| form.page != page && form.lasts(now));
    if forms.len() >= MOST {
        forms.remove(0);
    }
    forms.push(LateForm {
        page: page.to_owned(),
        fields,
        left_out,
        at: now,
    });
    session.insert(KEPT, forms).await?;
    Ok(true)
}

/// What of a form may be kept: no password, no code, no file. A file is not even read.
async fn sent(headers: &HeaderMap, body: Body) -> Option<Sent> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if kind.starts_with("multipart/form-data") {
        return Some((Vec::new(), LeftOut::File));
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = to_bytes(body, LARGEST).await.ok()?;
    let all = form_urlencoded::parse(&bytes).into_owned();
    let (kept, secret): (Vec<_>, Vec<_>) = all.partition(|(name, _)| is_kept(name));
    let left_out = match secret.iter().all(|(_, text)| text.is_empty()) {
        true => LeftOut::Nothing,
        false => LeftOut::Secret,
    };
    Some((kept, left_out))
}

/// The forms that are kept for an account; they outlive the change of session with which it signs in. Those of somebody
/// else do not.
pub(super) struct Carried(Vec<LateForm>);

impl Carried {
    /// Those that a session holds.
    pub(super) async fn of(session: &Session, account: AccountId) -> Result<Self, tower_sessions::session::Error> {
        let is_theirs = session.get::<AccountId>(WAS).await? == Some(account);
        let forms = match is_theirs {
            true => session.get(KEPT).await?.unwrap_or_default(),
            false => Vec::new(),
        };
        Ok(Self(forms))
    }

    /// Puts them into the session that the account begins.
    pub(super) async fn into_session(
        self,
        session: &Session,
        account: AccountId,
    ) -> Result<(), tower_sessions::session::Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        session.insert(WAS, account).await?;
        session.insert(KEPT, self.0).await
    }
}

/// Where somebody is led on to who has signed in: where they wanted to go, or to the form that they sent too late.
pub(super) async fn goal(session: &Session, next: &str) -> Result<String, tower_sessions::session::Error> {
    if next != routes::HOME {
        return Ok(next.to_owned());
    }
    let forms: Vec<LateForm> = session.get(KEPT).await?.unwrap_or_default();
    Ok(forms.last().map_or(next, |form| form.page.as_str()).to_owned())
}

/// The form of a page that its sender sent too late. It is taken out of the session: it is shown once.
pub(super) async fn take(
    gate: &Gate,
    session: &Session,
    path: &str,
) -> Result<Option<FormState>, tower_sessions::session::Error> {
    let Some(mut forms) = session.get::<Vec<LateForm>>(KEPT).await? else {
        return Ok(None);
    };
    let now = gate.now();
    let before = forms.len();
    forms.retain(|form| form.lasts(now));
    let place = forms.iter().rposition(|form| form.is_on(path));
    let taken = place.map(|place| forms.remove(place));
    if forms.is_empty() {
        session.remove_value(KEPT).await?;
        session.remove_value(WAS).await?;
    } else if forms.len() < before {
        session.insert(KEPT, forms).await?;
    }
    Ok(taken.map(|form| FormState::late(Fields::found(form.fields), form.left_out)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_path_on_this_site() {
        for (address, goal) in [
            ("/people?words=zoe%20x", "/people?words=zoe%20x"),
            ("https://portal.example/people?words=a%26b", "/people?words=a%26b"),
            (
                "/sign-in/second?next=/people%3Fwords%3Dzoe%2520x",
                "/people?words=zoe%20x",
            ),
            ("/sign-in/again?next=https://evil.example", "/"),
            ("/sign-in/again", "/"),
            ("/password/new?next=/me", "/me"),
            ("https://portal.example//evil.example", "/"),
        ] {
            assert_eq!(wanted(&address.parse().unwrap()), goal, "{address}");
        }
    }

    async fn of(kind: &str, text: String) -> Option<Sent> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        sent(&headers, Body::from(text)).await
    }

    #[tokio::test]
    async fn passwords_files_and_large_forms_are_not_kept() {
        let form = "application/x-www-form-urlencoded";
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let typed = of(form, "last-name=O%E2%80%99N+%26+co&password=".to_owned()).await;
        assert_eq!(typed, Some((vec![pair("last-name", "O’N & co")], LeftOut::Nothing)));
        let secret = of(form, "last-name=Bright&password=teapot-lantern-9".to_owned()).await;
        assert_eq!(secret, Some((vec![pair("last-name", "Bright")], LeftOut::Secret)));
        let file = of("multipart/form-data; boundary=edge", "--edge".to_owned()).await;
        assert_eq!(file, Some((vec![], LeftOut::File)));
        assert_eq!(of(form, format!("notes={}", "x".repeat(LARGEST))).await, None);
        assert_eq!(of("text/plain", "last-name=Bright".to_owned()).await, None);
    }
}
