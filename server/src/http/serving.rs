//! The listener: takes connections, and lets none of them dawdle. Headers must come within their time, be few, and be
//! small; what comes after them is held to its time by `bodies`.

use std::{pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::ServiceExt;

/// The most headers that a request may have: a browser behind a proxy sends about thirty.
const MOST_HEADERS: usize = 100;

/// The most bytes of headers.
const MOST_HEADER_BYTES: usize = 64 * 1024;

/// How long requests that are under way may take when the process is told to end.
const LAST_WORDS: Duration = Duration::from_secs(60);

/// Serves until told to end; what is under way then is seen through. A connection that has sent no whole header in
/// `header_time`, its first or its next, is closed.
pub async fn serve(listener: TcpListener, portal: Router, header_time: Duration, end: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_headers(MOST_HEADERS)
        .max_buf_size(MOST_HEADER_BYTES);
    let connections = GracefulShutdown::new();
    let mut end = pin!(end);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Most often there are no more file descriptors; others will be closed meanwhile.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let service = portal
            .clone()
            .map_request(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(ConnectInfo(peer));
                request.map(Body::new)
            });
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_WORDS, connections.shutdown()).await.is_err() {
        tracing::warn!("requests that were still under way were cut off");
    }
}
