//! Which proxies are believed, and what they say. Text in, addresses out: the fuzzer reads this file, too.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The header by which proxies name their clients. One only: a proxy that sets one of them passes the other on as its
/// client sent it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedBy {
    /// `X-Forwarded-For: client, proxy`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=client, for=proxy` (RFC 7239).
    Forwarded,
}

/// Networks whose hosts are believed: written as `10.0.0.0/8, 192.0.2.1, 2001:db8::/32`; none where the text is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Networks(Vec<IpNet>);

impl TryFrom<String> for Networks {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let named = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let network = |part: &str| {
            let host = || part.parse::<IpAddr>().map(IpNet::from);
            let found = part.parse::<IpNet>().or_else(|_| host());
            found.map_err(|_| format!("{part} is no network; write 10.0.0.0/8 or 192.0.2.1"))
        };
        named.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl From<Networks> for String {
    fn from(networks: Networks) -> Self {
        let named: Vec<_> = networks.0.iter().map(ToString::to_string).collect();
        named.join(", ")
    }
}

impl Networks {
    /// Whether all of them are this machine's own.
    #[must_use]
    pub fn are_this_machine(&self) -> bool {
        let mut ends = self.0.iter().flat_map(|net| [net.network(), net.broadcast()]);
        ends.all(|address| address.is_loopback())
    }
}

/// The proxies that are believed, and by which header.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Where they are.
    pub trusted: Networks,
    /// How they say it.
    pub by: ForwardedBy,
}

impl Proxies {
    /// The header's name.
    pub(crate) const fn header(&self) -> &'static str {
        match self.by {
            ForwardedBy::XForwardedFor => "x-forwarded-for",
            ForwardedBy::Forwarded => "forwarded",
        }
    }

    /// Who the client is: read from the end, as far as whoever says it is trusted. What stands before that was written by
    /// strangers. Each of `lines` is one line of the header, in their order.
    pub fn client(&self, peer: IpAddr, lines: &[&str]) -> IpAddr {
        let mut client = peer.to_canonical();
        // Also where a quotation mark is left open: a client must not reach beyond what it wrote itself.
        let entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for entry in entries {
            if !self.trusted.0.iter().any(|network| network.contains(&client)) {
                break;
            }
            let named = match self.by {
                ForwardedBy::XForwardedFor => address(entry.trim()),
                ForwardedBy::Forwarded => node(entry).and_then(address),
            };
            let Some(named) = named else { break };
            client = named.to_canonical();
        }
        client
    }
}

/// The node of one element of `Forwarded`: `for="[2001:db8::1]:4711";proto=https`.
fn node(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        let value = value.trim();
        key.trim().eq_ignore_ascii_case("for").then(|| {
            let unquoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            unquoted.unwrap_or(value)
        })
    })
}

/// An address, with or without brackets and a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    text.parse().ok().or_else(with_port).or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(trusted: &str, by: ForwardedBy) -> Proxies {
        Proxies {
            trusted: trusted.to_owned().try_into().unwrap(),
            by,
        }
    }

    fn client(proxies: &Proxies, peer: &str, lines: &[&str]) -> String {
        proxies.client(peer.parse().unwrap(), lines).to_string()
    }

    #[test]
    fn only_what_a_trusted_proxy_says_is_believed() {
        let trusting = proxies("10.0.0.0/8, 2001:db8::1", ForwardedBy::XForwardedFor);
        for (peer, lines, expected) in [
            // A stranger says what they like.
            ("198.51.100.7", &["203.0.113.9"][..], "198.51.100.7"),
            ("10.1.1.1", &["203.0.113.9"], "203.0.113.9"),
            // What the client wrote itself stands before what the proxy added.
            ("10.1.1.1", &["192.0.2.66, 203.0.113.9"], "203.0.113.9"),
            ("10.1.1.1", &["192.0.2.66", "203.0.113.9, 10.2.2.2"], "203.0.113.9"),
            ("2001:db8::1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("::ffff:10.1.1.1", &["[2001:db8:1::5]:80"], "2001:db8:1::5"),
            ("10.1.1.1", &[], "10.1.1.1"),
            ("10.1.1.1", &["nonsense"], "10.1.1.1"),
            ("10.1.1.1", &["203.0.113.9, "], "10.1.1.1"),
            ("10.1.1.1", &["10.3.3.3"], "10.3.3.3"),
        ] {
            assert_eq!(client(&trusting, peer, lines), expected, "{peer} {lines:?}");
        }
        assert_eq!(client(&Proxies::default(), "10.1.1.1", &["203.0.113.9"]), "10.1.1.1");
    }

    #[test]
    fn the_standard_header_is_read_by_its_grammar() {
        let trusting = proxies("10.1.1.1", ForwardedBy::Forwarded);
        for (line, expected) in [
            ("for=203.0.113.9;proto=https;by=10.1.1.1", "203.0.113.9"),
            ("proto=https; For=\"[2001:db8:1::5]:4711\"", "2001:db8:1::5"),
            ("for=192.0.2.66, for=203.0.113.9", "203.0.113.9"),
            ("for=\", for=203.0.113.9", "203.0.113.9"),
            ("for=unknown", "10.1.1.1"),
            ("for=_hidden", "10.1.1.1"),
            ("203.0.113.9", "10.1.1.1"),
        ] {
            assert_eq!(client(&trusting, "10.1.1.1", &[line]), expected, "{line}");
        }
    }

    #[test]
    fn a_network_that_is_none_is_named() {
        let refused = Networks::try_from("10.0.0.0/8, everybody".to_owned()).unwrap_err();
        assert!(refused.starts_with("everybody is no network"), "{refused}");
        let read = Networks::try_from(" 10.0.0.0/8 ,192.0.2.1".to_owned()).unwrap();
        assert_eq!(String::from(read), "10.0.0.0/8, 192.0.2.1/32");
    }
}
