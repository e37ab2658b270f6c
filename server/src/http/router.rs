//! Every route of the portal, on one screen. Pages and verbs are the app's. Handled here is what writes the session, what is
//! taken away, and what programs ask for. What is around them all is in `layers`.

use app::{App, busy::Busy, routes, visitor::Operator};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodFilter, any, on},
};
use gate::Gate;
use leptos::config::{Env, LeptosOptions};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::services::{ServeDir, ServeFile};

use crate::{
    channels::{
        api,
        scim::{bulk, contacts, delta, discovery, elsewhere, searching, users},
    },
    files::{downloads, exports, progress},
    http::{
        layers,
        limits::Limits,
        render::{self, AppState, Renderer, Rendering},
        well_known,
    },
    operate::{config::Config, mail_preview, observe, sending_mail::folder::MailFolder},
    sign_in::{self, openid::provider::Provider, own_password, own_sessions, recovery, renaming, stay},
};

/// Declares routes: what is listed is handled, and what is handled is listed.
macro_rules! table {
    ($listed:ident, $router:ident: $($method:ident $path:expr => $handler:expr;)*) => {
        const $listed: &[(&str, &str)] = &[$((stringify!($method), $path)),*];

        fn $router() -> Router<AppState> {
            Router::new()$(.route($path, on(MethodFilter::$method, $handler)))*
        }
    };
}

table! {
    FOR_PEOPLE, for_people:
    GET routes::CHANGE_PASSWORD => well_known::change_password;
    GET routes::SECURITY_TXT => well_known::security_txt;
    POST routes::STAY => stay::stay;
    GET routes::TIME_LEFT => stay::time_left;
    POST routes::SIGN_IN => sign_in::entering::sign_in;
    POST routes::SIGN_IN_SECOND => sign_in::second::prove;
    POST routes::PASSKEY => sign_in::passkeys::prove;
    POST routes::PASSKEY_OPTIONS => sign_in::passkeys::ask;
    POST routes::PASSKEY_AGAIN => sign_in::passkeys::prove_again;
    POST routes::PASSKEY_AGAIN_OPTIONS => sign_in::passkeys::ask;
    POST routes::SIGN_IN_AGAIN => sign_in::again::prove;
    GET routes::OPENID => sign_in::openid::start;
    GET routes::OPENID_RETURN => sign_in::openid::come_back;
    POST routes::SIGN_OUT => sign_in::entering::sign_out;
    POST "/start/{token}" => own_password::start;
    POST "/rename/{token}" => renaming::confirm;
    POST routes::PASSWORD_RESET => recovery::ask;
    POST routes::ACTIVATE => recovery::activate;
    POST routes::NEW_PASSWORD => own_password::choose_password;
    POST routes::OWN_PASSWORD => own_password::change_password;
    POST routes::OWN_SESSIONS => own_sessions::end;
    POST routes::NEW_APP => sign_in::second::add_app;
    POST routes::NEW_PASSKEY => sign_in::passkeys::add;
    POST routes::NEW_PASSKEY_OPTIONS => sign_in::passkeys::ask_for_new;
    POST routes::RECOVERY_CODES => sign_in::second::renew_codes;
    POST "/me/second-factor/{id}" => sign_in::second::change;
    GET "/uploads/practice.csv" => downloads::practice;
    GET "/uploads/formats/{name}/sample.csv" => downloads::sample;
    GET routes::ORGANISATIONS_SAMPLE => downloads::organisations_sample;
    GET routes::PEOPLE_EXPORT => exports::people;
    GET "/accounts/{id}/history.csv" => exports::account_history;
    GET "/contacts/{id}/history.csv" => exports::contact_history;
    GET "/organisations/{id}/history.csv" => exports::organisation_history;
    GET "/connectors/{id}/differences.csv" => exports::connectors::differences;
    GET "/connectors/{id}/refusals.csv" => exports::connectors::refusals;
    GET "/connectors/email/{seq}/source" => downloads::email_source;
    GET "/directory/{id}/card.vcf" => exports::card;
    GET "/submissions/{id}/progress" => progress::progress;
    GET "/submissions/{id}/result.csv" => downloads::result;
    GET "/submissions/{id}/problems.csv" => downloads::problems;
    GET routes::AUDIT_CSV => exports::audit::as_csv;
    GET routes::AUDIT_JSONL => exports::audit::as_json_lines;
    GET routes::MAIL => mail_preview::letters;
    GET "/mail/{name}" => mail_preview::letter;
    GET "/mail/{name}/letter.eml" => mail_preview::file;
    GET "/healthz" => observe::healthy;
    GET "/readyz" => observe::ready;
}

table! {
    FOR_PROGRAMS, for_programs:
    GET "/api/v1/me" => api::me;
    GET routes::API_SUBMISSIONS => api::submissions;
    POST routes::API_SUBMISSIONS => api::submit;
    GET "/api/v1/submissions/{id}" => api::submission;
    GET "/api/v1/submissions/{id}/result.csv" => api::result;
}

/// Declares the routes for synchronisation: each is there for all of a connector's organisations, and below one of them.
macro_rules! table_for_sync {
    ($listed:ident, $router:ident: $($method:ident $path:literal => $handler:expr;)*) => {
        table! {
            $listed, $router:
            $(
                $method concat!("/scim/v2", $path) => $handler;
                $method concat!("/scim/v2/organisations/{code}", $path) => $handler;
            )*
        }
    };
}

table_for_sync! {
    FOR_SYNC, for_sync:
    GET "/ServiceProviderConfig" => discovery::configuration;
    GET "/ResourceTypes" => discovery::types;
    GET "/ResourceTypes/{id}" => discovery::one_type;
    GET "/Schemas" => discovery::schemas;
    GET "/Schemas/{id}" => discovery::one_schema;
    GET "/Users" => users::list;
    POST "/Users" => users::create;
    GET "/Users/{id}" => users::one;
    PUT "/Users/{id}" => users::replace;
    PATCH "/Users/{id}" => users::patch;
    DELETE "/Users/{id}" => users::delete;
    POST "/Users/.search" => searching::users;
    GET "/Users/.deltaToken" => delta::token_of_users;
    POST "/Users/.delta" => delta::of_users;
    GET "/Contacts" => contacts::list;
    GET "/Contacts/{id}" => contacts::one;
    PUT "/Contacts/{id}" => contacts::replace;
    PATCH "/Contacts/{id}" => contacts::patch;
    DELETE "/Contacts/{id}" => contacts::delete;
    POST "/Contacts/.search" => searching::contacts;
    GET "/Contacts/.deltaToken" => delta::token_of_contacts;
    POST "/Contacts/.delta" => delta::of_contacts;
    POST "/Bulk" => bulk::many;
    POST "/.search" => searching::all;
    GET "/.deltaToken" => delta::token_of_all;
    POST "/.delta" => delta::of_all;
}

/// Programs find nothing at any other path below this.
const NOTHING: &str = "/api/v1/{*rest}";

/// Nor do connectors at these, and they are told so in the form of SCIM.
const NOTHING_TO_SYNC: [&str; 3] = [routes::SCIM, "/scim/v2/", "/scim/v2/{*rest}"];

/// Everything that is handled here, by method and path. Pages are listed by the app, and verbs by leptos. The endpoints' test
/// reads this.
pub fn handled() -> impl Iterator<Item = (&'static str, &'static str)> {
    let nothing = [NOTHING].into_iter().chain(NOTHING_TO_SYNC).map(|path| ("GET", path));
    let tables = [FOR_PEOPLE, FOR_PROGRAMS, FOR_SYNC].into_iter().flatten();
    tables.copied().chain(nothing)
}

/// The whole portal.
pub fn portal(gate: Gate, config: &Config) -> Router {
    let options = options(config);
    let state = AppState(renderer(gate.clone(), config, options.clone()));
    let limits = Limits::of(config, state.0.clone());
    let renderer = state.0.clone();
    let pages = for_people()
        // The verbs alone: pages are rendered here, and put right before they are sent.
        .leptos_routes_with_context(&state, Vec::new(), move || renderer.provide(), || {})
        .leptos_routes_with_handler(generate_route_list(App), render::page)
        // After the app's own: it is for the verbs' paths, too.
        .method_not_allowed_fallback(posted_only)
        .fallback(render::page);
    let programs = for_programs()
        .route(NOTHING, any(api::nothing))
        .method_not_allowed_fallback(api::another_method);
    let sync = NOTHING_TO_SYNC
        .into_iter()
        .fold(for_sync(), |sync, path| sync.route(path, any(elsewhere::nothing)))
        .method_not_allowed_fallback(elsewhere::another_method);
    let all = layers::around_pages(pages, &state, &limits, gate, config)
        .merge(layers::around_programs(programs, &state, &limits))
        .merge(layers::around_sync(sync, &state, &limits));
    let all = with_files(layers::around_bodies(all, config), &options);
    layers::around_all(all, &state, limits, config).with_state(state)
}

fn options(config: &Config) -> LeptosOptions {
    let hashed = has_hash_file();
    if !hashed {
        tracing::warn!(
            "hash.txt is not beside the program, where `bundle` puts it: pages may lack their styles and scripts"
        );
    }
    LeptosOptions::builder()
        .output_name("portal")
        .site_root(config.site_root.clone())
        .site_addr(config.address)
        .env(if config.development { Env::DEV } else { Env::PROD })
        .hash_files(hashed)
        .build()
}

fn renderer(gate: Gate, config: &Config, options: LeptosOptions) -> Renderer {
    let parts = Rendering {
        options,
        gate,
        development: config.development,
        mail_folder: config
            .mail_folder
            .clone()
            .filter(|_| config.development)
            .map(MailFolder),
        provider: config.openid().map(Provider::new),
        busy: Busy::new(config.uploads_at_once as usize),
        operator: Operator {
            support_contact: config.support_contact.clone(),
            privacy_url: config.privacy_url.clone(),
            session_minutes: u32::try_from(config.session_minutes).unwrap_or(u32::MAX),
            audit_years: config.audit_years,
            email_mib: [config.email_mail_mib, config.email_file_mib, config.email_unpacked_mib],
            email_authserv_ids: config.email_authserv_ids.clone(),
        },
        security_contact: config.security_contacts(),
    };
    parts.into()
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

/// The browser's files.
fn with_files(router: Router<AppState>, options: &LeptosOptions) -> Router<AppState> {
    let site = &options.site_root;
    let package = ServeDir::new(format!("{site}/{}", options.site_pkg_dir));
    let files = Router::new()
        .nest_service("/pkg", package.precompressed_br().precompressed_gzip())
        .nest_service("/images", ServeDir::new(format!("{site}/images")))
        .route_service("/favicon.svg", ServeFile::new(format!("{site}/favicon.svg")))
        .route_service("/robots.txt", ServeFile::new(format!("{site}/robots.txt")))
        .layer(middleware::from_fn(keep));
    router.merge(files)
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
