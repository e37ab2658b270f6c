//! Where a request came from: the address of its client, for limits, for sign-in, and for the trail.
//!
//! Behind a proxy every request comes from the proxy. What a proxy says of its client is believed only where the operator
//! named that proxy, because anybody can send such a header.

pub mod proxies;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};

use self::proxies::Proxies;

/// The address that a request came from, as an extension of each request. Where it is not known, as in a test that opens
/// no connection, it is `0.0.0.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

/// Puts the [`ClientAddress`] into the request.
pub(crate) async fn name(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let lines = request.headers().get_all(proxies.header());
    // A line that is no text names nobody.
    let lines: Vec<_> = lines.iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let client = proxies.client(peer, &lines);
    request.extensions_mut().insert(ClientAddress(client));
    next.run(request).await
}
