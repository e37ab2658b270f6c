//! What the verbs answer to forms, made into responses. A verb's answer comes through leptos as an extension of a response
//! that leads back to the form's page; this layer, the innermost, takes it out and drops the rest.

use std::{collections::HashSet, sync::LazyLock};

use app::{
    busy::COME_BACK,
    calls::answer::{Answer, Refused},
    forms::FormState,
    routes,
    searches::people::Search,
    visitor::Failure,
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use gate::Whom;
use leptos::server_fn;

use crate::{
    files::{downloads, exports},
    http::{
        asker::{Asker, failed},
        refusals,
        render::Renderer,
    },
    sign_in::fresh,
};

/// The paths at which server functions are posted to, as they are declared: `/accounts/{id}/edit`.
static FUNCTIONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let posted = server_fn::axum::server_fn_paths().filter(|(_, method)| method == Method::POST);
    posted.map(|(path, _)| path).collect()
});

/// The layer.
pub(crate) async fn answer(State(renderer): State<Renderer>, request: Request, next: Next) -> Response {
    let Some(function) = function(&request) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let mut request = Request::from_parts(parts, body);
    // leptos looks for a function at the very path of a request, and knows nothing of what a route leaves open.
    *request.uri_mut() = function;
    let mut given = next.run(request).await;
    match given.extensions_mut().remove::<Answer>() {
        Some(answer) => shown(&renderer, asked, answer).await,
        None => given,
    }
}

/// Whether a request posts a form to a verb of the app.
pub(crate) fn is_verb(request: &Request) -> bool {
    function(request).is_some_and(|function| !function.path().starts_with("/api/"))
}

/// The address at which leptos finds the function that a request is posted to.
fn function(request: &Request) -> Option<Uri> {
    let route = request.extensions().get::<MatchedPath>()?.as_str();
    let is_function = request.method() == Method::POST && FUNCTIONS.contains(route);
    is_function.then(|| route.parse().ok()).flatten()
}

async fn shown(renderer: &Renderer, asked: Parts, answer: Answer) -> Response {
    match answer {
        Answer::Go(path) => Redirect::to(&path).into_response(),
        Answer::Again(page, form) => renderer.form_page(asked, &page, *form).await,
        Answer::Moved(page, form) => {
            let mut response = renderer.page(asked, &page, *form).await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::CONFLICT;
            }
            response
        }
        Answer::Page(page, form) => renderer.page(asked, &page, *form).await,
        Answer::Once(page, provide) => {
            let shown = renderer.page_around(asked, &page, move || provide()).await;
            unkept(shown)
        }
        Answer::File(file) => {
            let kind = HeaderValue::from_static(file.kind);
            unkept(downloads::held(file.name, kind, file.bytes))
        }
        Answer::Export(chosen) => exported(renderer, asked, &chosen).await,
        Answer::ProveFirst(back) => fresh::first(&back),
        Answer::Busy => refusals::answer(renderer, asked, "uploads", Failure::Busy(COME_BACK)).await,
        Answer::Refused(refused) => refusal(renderer, asked, &refused).await,
        Answer::Unread => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn exported(renderer: &Renderer, asked: Parts, chosen: &(Whom, Search)) -> Response {
    let (whom, search) = chosen;
    match Asker::of(renderer.clone(), asked) {
        Some(asker) => asker.answer(exports::those(&asker, whom, search)).await,
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What is shown once is kept by nobody.
fn unkept(answer: Response) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

async fn refusal(renderer: &Renderer, asked: Parts, refused: &Refused) -> Response {
    if let Some(error) = &refused.error {
        return failed(renderer, asked, error).await;
    }
    let mut form = FormState::default();
    form.failure = Some(Failure::Trouble);
    renderer.page(asked, routes::HOME, form).await
}
