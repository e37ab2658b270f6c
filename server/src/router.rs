//! Every route of the portal, on one screen. Pages and verbs are the app's. Handled here is what writes the session, what is
//! taken away, and what programs ask for.

use app::{App, busy::Busy, mail_folder::MailFolder, routes, visitor::Operator};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use gate::Gate;
use leptos::config::{Env, LeptosOptions};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    services::{ServeDir, ServeFile},
    timeout::TimeoutLayer,
};
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

use crate::{
    answering, api, bodies,
    client::{self, proxies::Proxies},
    config::Config,
    downloads, exports,
    limits::{self, Limits},
    observe, own, own_sessions, progress, recording, recovery, refusals,
    render::{self, AppState, Renderer},
    security::{self, TlsOnly},
    sessions::{self, Sessions},
    sign_in::{self, openid::provider::Provider},
    stay, well_known,
};

/// Everything that is handled here, by path. Pages are listed by the app, and verbs by leptos. The endpoints' test reads this.
pub const HANDLED: [(&str, &str); 47] = [
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", routes::CHANGE_PASSWORD),
    ("GET", routes::SECURITY_TXT),
    ("POST", routes::STAY),
    ("GET", routes::TIME_LEFT),
    ("POST", routes::SIGN_IN),
    ("POST", routes::SIGN_IN_SECOND),
    ("POST", routes::PASSKEY),
    ("POST", routes::PASSKEY_OPTIONS),
    ("POST", routes::PASSKEY_AGAIN),
    ("POST", routes::PASSKEY_AGAIN_OPTIONS),
    ("POST", routes::SIGN_IN_AGAIN),
    ("GET", routes::OPENID),
    ("GET", routes::OPENID_RETURN),
    ("POST", routes::SIGN_OUT),
    ("POST", "/start/{token}"),
    ("POST", routes::PASSWORD_RESET),
    ("POST", routes::ACTIVATE),
    ("POST", routes::NEW_PASSWORD),
    ("POST", routes::OWN_PASSWORD),
    ("POST", routes::OWN_SESSIONS),
    ("POST", routes::NEW_APP),
    ("POST", routes::NEW_PASSKEY),
    ("POST", routes::NEW_PASSKEY_OPTIONS),
    ("POST", routes::RECOVERY_CODES),
    ("POST", "/me/second-factor/{id}"),
    ("GET", "/uploads/practice.csv"),
    ("GET", "/uploads/formats/{name}/sample.csv"),
    ("GET", routes::ORGANISATIONS_SAMPLE),
    ("GET", routes::PEOPLE_EXPORT),
    ("GET", "/accounts/{id}/history.csv"),
    ("GET", "/contacts/{id}/history.csv"),
    ("GET", "/organisations/{id}/history.csv"),
    ("GET", "/directory/{id}/card.vcf"),
    ("GET", "/submissions/{id}/progress"),
    ("GET", "/submissions/{id}/result.csv"),
    ("GET", "/submissions/{id}/problems.csv"),
    ("GET", routes::AUDIT_CSV),
    ("GET", routes::AUDIT_JSONL),
    ("GET", "/api/v1/me"),
    ("GET", routes::API_SUBMISSIONS),
    ("POST", routes::API_SUBMISSIONS),
    ("GET", "/api/v1/submissions/{id}"),
    ("GET", "/api/v1/submissions/{id}/result.csv"),
    ("GET", "/api/v1/{*rest}"),
    ("GET", "/mail/{name}/letter.eml"),
];

/// The whole portal.
pub fn portal(gate: Gate, config: &Config) -> Router {
    let hashed = has_hash_file();
    if !hashed {
        tracing::warn!(
            "hash.txt is not beside the program, where `bundle` puts it: pages may lack their styles and scripts"
        );
    }
    let options = LeptosOptions::builder()
        .output_name("portal")
        .site_root(config.site_root.clone())
        .site_addr(config.address)
        .env(if config.development { Env::DEV } else { Env::PROD })
        .hash_files(hashed)
        .build();
    let renderer = Renderer {
        options: options.clone(),
        gate: gate.clone(),
        development: config.development,
        mail_folder: config
            .mail_folder
            .clone()
            .filter(|_| config.development)
            .map(MailFolder),
        provider: config.openid().map(Provider::new),
        busy: Busy::new(config.uploads_at_once as usize),
        operator: operator(config),
        session_minutes: u32::try_from(config.session_minutes).unwrap_or(u32::MAX),
        security_contact: config.security_contacts(),
    };
    let state = AppState(renderer.clone());
    let provide = move || renderer.provide();

    let handled = Router::new()
        .route(routes::CHANGE_PASSWORD, get(well_known::change_password))
        .route(routes::SECURITY_TXT, get(well_known::security_txt))
        .route(routes::STAY, post(stay::stay))
        .route(routes::TIME_LEFT, get(stay::time_left))
        .route(routes::SIGN_IN, post(sign_in::entering::sign_in))
        .route(routes::SIGN_IN_SECOND, post(sign_in::second::prove))
        .route(routes::PASSKEY, post(sign_in::passkeys::prove))
        .route(routes::PASSKEY_OPTIONS, post(sign_in::passkeys::ask))
        .route(routes::PASSKEY_AGAIN, post(sign_in::passkeys::prove_again))
        .route(routes::PASSKEY_AGAIN_OPTIONS, post(sign_in::passkeys::ask))
        .route(routes::SIGN_IN_AGAIN, post(sign_in::again::prove))
        .route(routes::OPENID, get(sign_in::openid::start))
        .route(routes::OPENID_RETURN, get(sign_in::openid::come_back))
        .route(routes::SIGN_OUT, post(sign_in::entering::sign_out))
        .route("/start/{token}", post(own::start))
        .route(routes::PASSWORD_RESET, post(recovery::ask))
        .route(routes::ACTIVATE, post(recovery::activate))
        .route(routes::NEW_PASSWORD, post(own::choose_password))
        .route(routes::OWN_PASSWORD, post(own::change_password))
        .route(routes::OWN_SESSIONS, post(own_sessions::end))
        .route(routes::NEW_APP, post(sign_in::second::add_app))
        .route(routes::NEW_PASSKEY, post(sign_in::passkeys::add))
        .route(routes::NEW_PASSKEY_OPTIONS, post(sign_in::passkeys::ask_for_new))
        .route(routes::RECOVERY_CODES, post(sign_in::second::renew_codes))
        .route("/me/second-factor/{id}", post(sign_in::second::change))
        .route("/uploads/practice.csv", get(downloads::practice))
        .route("/uploads/formats/{name}/sample.csv", get(downloads::sample))
        .route(routes::ORGANISATIONS_SAMPLE, get(downloads::organisations_sample))
        .route(routes::PEOPLE_EXPORT, get(exports::people))
        .route("/accounts/{id}/history.csv", get(exports::account_history))
        .route("/contacts/{id}/history.csv", get(exports::contact_history))
        .route("/organisations/{id}/history.csv", get(exports::organisation_history))
        .route("/directory/{id}/card.vcf", get(exports::card))
        .route("/submissions/{id}/progress", get(progress::progress))
        .route("/submissions/{id}/result.csv", get(downloads::result))
        .route("/submissions/{id}/problems.csv", get(downloads::problems))
        .route(routes::AUDIT_CSV, get(exports::audit::as_csv))
        .route(routes::AUDIT_JSONL, get(exports::audit::as_json_lines))
        .route("/mail/{name}/letter.eml", get(downloads::letter))
        .route("/healthz", get(observe::healthy))
        .route("/readyz", get(observe::ready));
    let pages = handled
        // The verbs alone: pages are rendered here, and put right before they are sent.
        .leptos_routes_with_context(&state, Vec::new(), provide, || {})
        .leptos_routes_with_handler(generate_route_list(App), render::page)
        // After the app's own: it is for the verbs' paths, too.
        .method_not_allowed_fallback(posted_only)
        .fallback(render::page);

    let compressible = SizeAbove::new(512)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES);
    let longest = std::time::Duration::from_secs(u64::from(config.upload_seconds).max(240) + 60);
    let within_time = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, longest);
    let limits = Limits::of(config, state.0.clone());
    // Outside of sessions: a token in each request proves whose it is, and nothing else does.
    let programs = Router::new()
        .route("/api/v1/me", get(api::me))
        .route(routes::API_SUBMISSIONS, get(api::submissions))
        .route(routes::API_SUBMISSIONS, post(api::submit))
        .route("/api/v1/submissions/{id}", get(api::submission))
        .route("/api/v1/submissions/{id}/result.csv", get(api::result))
        .route("/api/v1/{*rest}", any(api::nothing))
        .method_not_allowed_fallback(api::another_method)
        .layer(middleware::from_fn_with_state(state.clone(), recording::record))
        .layer(middleware::from_fn_with_state(limits.clone(), limits::by_person))
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::require_token));
    let explain = middleware::from_fn_with_state(state.clone(), refusals::explain);
    pages
        .layer(middleware::from_fn_with_state(state.clone(), answering::answer))
        .layer(middleware::from_fn_with_state(state.clone(), recording::record))
        // Here it is known who is signed in; further out it is not, but there are other errors.
        .layer(explain.clone())
        .layer(middleware::from_fn_with_state(limits.clone(), limits::by_person))
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::require))
        .layer(sessions(gate, config))
        .merge(programs)
        .layer(DefaultBodyLimit::max(bodies::largest(config)))
        .layer(middleware::from_fn_with_state(
            bodies::Bounds::of(config),
            bodies::limit,
        ))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(within_time)
        .merge(files(&options))
        .layer(own_forms_only(config))
        .layer(explain)
        .layer(middleware::from_fn_with_state(limits, limits::by_address))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(
            TlsOnly::of(config),
            security::set_headers,
        ))
        .layer(middleware::from_fn_with_state(proxies(config), client::name))
        .layer(middleware::from_fn(security::name_requests))
        .with_state(state)
}

/// Refuses what other sites' pages post. Behind a proxy that changes `Host`, the portal's own address is known all the
/// same.
fn own_forms_only(config: &Config) -> CsrfLayer {
    CsrfLayer::new()
        .add_trusted_origin(&config.url)
        .unwrap_or_else(|_| CsrfLayer::new())
}

fn operator(config: &Config) -> Operator {
    Operator {
        support_contact: config.support_contact.clone(),
        privacy_url: config.privacy_url.clone(),
        session_minutes: config.session_minutes,
        audit_years: config.audit_years,
    }
}

fn proxies(config: &Config) -> Proxies {
    Proxies {
        trusted: config.trusted_proxies.clone(),
        by: config.forwarded_by,
    }
}

/// Where something is posted there is no page, but somebody may come back to its address: they are led to the page above.
async fn posted_only(method: Method, uri: Uri) -> Response {
    let is_for_scripts = uri.path().starts_with("/api/");
    if method != Method::GET || is_for_scripts {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let above = uri.path().rsplit_once('/').map_or(routes::HOME, |(above, _)| above);
    Redirect::to(if above.is_empty() { routes::HOME } else { above }).into_response()
}

/// `bundle` writes the names of the browser's files beside the executable; tests run without either.
fn has_hash_file() -> bool {
    std::env::current_exe().is_ok_and(|executable| executable.with_file_name("hash.txt").exists())
}

fn sessions(gate: Gate, config: &Config) -> SessionManagerLayer<Sessions> {
    // A browser takes a `__Host-` cookie over TLS only; development is plain http on this machine.
    let (name, secure) = if config.development {
        ("session", false)
    } else {
        ("__Host-session", true)
    };
    SessionManagerLayer::new(Sessions(gate.store().clone()))
        .with_name(name)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(sessions::idle_in_use(config.session_minutes))
}

/// The browser's files.
fn files(options: &LeptosOptions) -> Router<AppState> {
    let site = &options.site_root;
    let package = ServeDir::new(format!("{site}/{}", options.site_pkg_dir));
    Router::new()
        .nest_service("/pkg", package.precompressed_br().precompressed_gzip())
        .nest_service("/images", ServeDir::new(format!("{site}/images")))
        .route_service("/favicon.svg", ServeFile::new(format!("{site}/favicon.svg")))
        .route_service("/robots.txt", ServeFile::new(format!("{site}/robots.txt")))
        .layer(middleware::from_fn(keep))
}

/// Lets browsers keep a file for a year where its address changes with its content: by its name, or by what stands behind it.
/// Any other file they may keep, but must ask whether it has changed.
async fn keep(request: Request, next: Next) -> Response {
    let is_by_content = request.uri().query().is_some() || request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let kept = if is_by_content {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    }
    response
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    let mut response = Response::new(axum::body::Body::from("Something went wrong. Go back and try again.\n"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
