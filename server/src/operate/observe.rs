//! What the operator sees: logs, health, metrics.

use std::io::IsTerminal;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use axum_prometheus::{EndpointLabel, PrometheusMetricLayer, PrometheusMetricLayerBuilder, metrics};
use gate::Gate;
use store::Schema;

use crate::operate::config::{Config, LogFormat};

/// Starts logging, to standard error.
///
/// # Errors
/// When the setting that says what is logged cannot be read.
pub fn start_logging(config: &Config) -> anyhow::Result<()> {
    // What it would log are passwords and mails.
    let filter = config.log_filter()?.add_directive("async_imap=off".parse()?);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}

/// Counts requests, and serves the counts on a listener of their own.
pub fn metrics() -> (PrometheusMetricLayer<'static>, Router) {
    // What is no route is counted under one name, or strangers could make as many as they like.
    let unmatched = EndpointLabel::MatchedPathWithFallbackFn(|_| "unmatched".to_owned());
    let (layer, handle) = PrometheusMetricLayerBuilder::new()
        .with_endpoint_label_type(unmatched)
        .with_default_metrics()
        .build_pair();
    (
        layer,
        Router::new().route("/metrics", get(move || std::future::ready(handle.render()))),
    )
}

/// Counts a request that was turned away at the door: by the limit of a person, a token or an address, as another site's
/// form, as too large, or as one upload too many.
pub(crate) fn count_refusal(why: &'static str) {
    metrics::counter!("portal_refused_requests_total", "why" => why).increment(1);
}

/// Tells how much the sweep holds back until somebody confirms it; 0 for nothing.
pub(crate) fn tell_held(waiting: u64) {
    // A gauge is a floating-point number; counts of this size are exact in it.
    metrics::gauge!("portal_sweep_held_changes").set(waiting as f64);
}

/// Counts a mail that came in, by what became of it.
pub(crate) fn count_mail(what: &'static str) {
    metrics::counter!("portal_received_mails_total", "what" => what).increment(1);
}

/// Tells whether mails can be taken from where they wait.
pub(crate) fn tell_mails_taken(from: &'static str, are_taken: bool) {
    metrics::gauge!("portal_email_source_up", "from" => from).set(f64::from(u8::from(are_taken)));
}

/// Counts a change file whose report was written, by what became of it.
pub(crate) fn count_change_file(what: &'static str) {
    metrics::counter!("portal_change_files_total", "what" => what).increment(1);
}

/// Tells whether the change files of all customers can be taken and reported.
pub(crate) fn tell_change_files_taken(are_taken: bool) {
    metrics::gauge!("portal_change_files_up").set(f64::from(u8::from(are_taken)));
}

/// The process runs.
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// The process can serve: its database answers and has the schema it needs.
pub(crate) async fn ready(State(gate): State<Gate>) -> (StatusCode, &'static str) {
    match gate.store().schema().await {
        // While a release rolls out, the servers before it go on beside a schema that is newer.
        Ok(Schema::Current | Schema::Newer(_)) => (StatusCode::OK, "ready\n"),
        Ok(Schema::Behind(_)) => (StatusCode::SERVICE_UNAVAILABLE, "the schema is not up to date\n"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
