//! What is around the routes, from the inside to the outside: each layer sees a request before what is within it, and the
//! response after.

use std::time::Duration;

use axum::{Extension, Router, extract::DefaultBodyLimit, http::StatusCode, middleware, response::Response};
use gate::Gate;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    timeout::TimeoutLayer,
};
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

use crate::{
    channels::scim::{
        answers,
        attending::{self, Attending},
        places::SigningKeys,
    },
    http::{
        answering, bodies,
        client::{self, proxies::Proxies},
        limits::{self, Limits},
        recording, refusals,
        render::AppState,
        security::{self, TlsOnly},
    },
    operate::config::Config,
    sign_in::{
        self,
        sessions::{self, COOKIES, Sessions},
    },
};

/// Around pages and verbs: who is signed in, and what their answers become.
pub(crate) fn around_pages(
    router: Router<AppState>,
    state: &AppState,
    limits: &Limits,
    gate: Gate,
    config: &Config,
) -> Router<AppState> {
    router
        .layer(middleware::from_fn_with_state(state.clone(), answering::answer))
        .layer(middleware::from_fn_with_state(state.clone(), recording::record))
        // Here it is known who is signed in; further out it is not, but there are other errors.
        .layer(middleware::from_fn_with_state(state.clone(), refusals::explain))
        .layer(middleware::from_fn_with_state(limits.clone(), limits::by_person))
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::require))
        .layer(session_layer(gate, config))
}

/// Around what programs ask for. Outside of sessions: a token in each request proves whose it is, and nothing else does.
pub(crate) fn around_programs(router: Router<AppState>, state: &AppState, limits: &Limits) -> Router<AppState> {
    router
        .layer(middleware::from_fn_with_state(state.clone(), recording::record))
        .layer(middleware::from_fn_with_state(limits.clone(), limits::by_person))
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::require_token))
}

/// Around what connectors synchronise: as around programs, but that each connector has a limit of its own, and is answered in
/// the form of SCIM whatever happens.
pub(crate) fn around_sync(router: Router<AppState>, state: &AppState, limits: &Limits) -> Router<AppState> {
    let attending = Attending {
        gate: state.0.gate.clone(),
        limits: limits.clone(),
    };
    router
        .layer(CatchPanicLayer::custom(answers::panicked))
        .layer(middleware::from_fn_with_state(state.clone(), recording::record))
        .layer(middleware::from_fn_with_state(attending, attending::attend))
        .layer(Extension(SigningKeys::default()))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            sign_in::require_connector,
        ))
}

/// Around all that may have a body: how large it is, how it is packed, and how long it may take.
pub(crate) fn around_bodies(router: Router<AppState>, config: &Config) -> Router<AppState> {
    let compressible = SizeAbove::new(512)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES);
    let longest = Duration::from_secs(u64::from(config.upload_seconds).max(240) + 60);
    router
        .layer(DefaultBodyLimit::max(bodies::largest(config)))
        .layer(middleware::from_fn_with_state(
            bodies::Bounds::of(config),
            bodies::limit,
        ))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, longest))
}

/// Around everything: whose request it is, whether it is one too many, and what every response says.
pub(crate) fn around_all(
    router: Router<AppState>,
    state: &AppState,
    limits: Limits,
    config: &Config,
) -> Router<AppState> {
    router
        .layer(own_forms_only(config))
        .layer(middleware::from_fn_with_state(state.clone(), refusals::unsaid))
        .layer(middleware::from_fn_with_state(state.clone(), refusals::explain))
        .layer(middleware::from_fn_with_state(limits, limits::by_address))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(
            TlsOnly::of(config),
            security::set_headers,
        ))
        .layer(middleware::from_fn_with_state(proxies(config), client::name))
        .layer(middleware::from_fn(security::name_requests))
}

/// Refuses what other sites' pages post. Behind a proxy that changes `Host`, the portal's own address is known all the
/// same; without it, more is refused and nothing else let in.
fn own_forms_only(config: &Config) -> CsrfLayer {
    CsrfLayer::new()
        .add_trusted_origin(&config.url)
        .unwrap_or_else(|error| {
            tracing::error!(%error, url = config.url, "forms behind a proxy that changes `Host` will be refused");
            CsrfLayer::new()
        })
}

fn proxies(config: &Config) -> Proxies {
    Proxies {
        trusted: config.trusted_proxies.clone(),
        by: config.forwarded_by,
    }
}

fn session_layer(gate: Gate, config: &Config) -> SessionManagerLayer<Sessions> {
    let [plain, over_tls] = COOKIES;
    let (name, secure) = if config.development {
        (plain, false)
    } else {
        (over_tls, true)
    };
    SessionManagerLayer::new(Sessions(gate.store().clone()))
        .with_name(name)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(sessions::idle_in_use(config.session_minutes))
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    let mut response = Response::new(axum::body::Body::from("Something went wrong. Go back and try again.\n"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
