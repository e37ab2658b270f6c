//! Where a request comes from: the network address and the browser, for the list of one's sessions, and the network, for
//! throttling.

use axum::http::{header, request::Parts};

use crate::http::client::ClientAddress;

/// The longest name of a browser that is kept, in characters.
const LONGEST_AGENT: usize = 300;

/// Where a request comes from, as far as that is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whence {
    /// The network address, as its person is shown it.
    pub(crate) address: Option<String>,
    /// What the browser calls itself.
    pub(crate) agent: Option<String>,
    network: Option<String>,
}

impl Whence {
    pub(crate) fn of(parts: &Parts) -> Self {
        let client = parts.extensions.get::<ClientAddress>();
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok());
        Self {
            address: client.map(|ClientAddress(address)| address.to_string()),
            agent: agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
            network: client.map(|client| client.network().to_string()),
        }
    }

    /// What failures are counted by.
    pub(crate) fn network(&self) -> Option<&str> {
        self.network.as_deref()
    }
}
