//! Where a request came from: the address of its client, for limits, for sign-in, and for the trail.
//!
//! Behind a proxy every request comes from the proxy. What a proxy says of its client is believed only where the operator
//! named that proxy, because anybody can send such a header.

pub mod proxies;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

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

/// What requests and failures are counted by: an address, or of IPv6 the network of 64 bits, because its user can take any
/// address in it. The only way to make one is [`ClientAddress::network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl ClientAddress {
    /// What everything from this address is counted by.
    #[must_use]
    pub fn network(self) -> Network {
        Network(match self.0.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => write!(f, "{address}"),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_of_ipv6_is_one_address() {
        let of = |text: &str| ClientAddress(text.parse().unwrap()).network();
        assert_eq!(of("2001:db8:1:2::5"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::5"), of("2001:db8:1:3::5"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        let shown = ["2001:db8:1:2::5", "192.0.2.1"].map(|text| of(text).to_string());
        assert_eq!(shown, ["2001:db8:1:2::/64", "192.0.2.1"]);
    }
}
