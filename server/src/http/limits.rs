//! How many requests one person, one token, one connector and one address may make. Who makes more is asked to wait, and nothing of what
//! they sent is done.
//!
//! Addresses are counted before anything is looked up, and generously: a whole hospital may be behind one. The counts are
//! this process's own; they guard it from being overrun, and are no quota. Failed sign-ins are counted elsewhere.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use app::{routes, visitor::Failure};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use domain::{policy::Actor, values::ids::AccountId};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};
use sha2::{Digest, Sha256};

use crate::{
    http::{
        client::{ClientAddress, Network},
        refusals,
        render::Renderer,
    },
    operate::config::Config,
};

/// What asks whether the process is well, and must be answered above all when it is not.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// The site's own files: a page needs several of them, and they cost next to nothing.
const FILES: [&str; 4] = ["/pkg/", "/images/", "/favicon.svg", "/robots.txt"];

/// After so many requests, counts that are full again are forgotten.
const FORGOTTEN_AFTER: u32 = 10_000;

/// The limits of one process, and what shows the page that asks to wait.
#[derive(Clone)]
pub(crate) struct Limits {
    renderer: Renderer,
    people: Option<Arc<Counts<AccountId>>>,
    tokens: Option<Arc<Counts<[u8; 32]>>>,
    connectors: Option<Arc<Counts<AccountId>>>,
    networks: Option<Arc<Counts<Network>>>,
}

impl Limits {
    /// The limits as configured.
    pub(crate) fn of(config: &Config, renderer: Renderer) -> Self {
        let (rate, burst) = (config.requests_per_minute, config.requests_burst);
        Self {
            renderer,
            people: Counts::of(rate, burst),
            tokens: Counts::of(rate, burst),
            connectors: Counts::a_second(config.sync_requests_per_second, config.sync_burst),
            networks: Counts::of(config.address_requests_per_minute, config.address_requests_burst),
        }
    }

    /// Counts a connector's request, or says how many seconds to wait.
    pub(crate) fn of_connector(&self, connector: AccountId) -> Result<(), u32> {
        let Some(counts) = &self.connectors else { return Ok(()) };
        counts.count(&connector).map_err(in_seconds)
    }
}

struct Counts<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    counted: AtomicU32,
}

impl<K: Hash + Eq + Clone> Counts<K> {
    /// So many a minute in the long run, and so many at once; 0 a minute is no limit.
    fn of(rate: u32, burst: u32) -> Option<Arc<Self>> {
        Self::within(rate, burst, Quota::per_minute)
    }

    /// So many a second in the long run.
    fn a_second(rate: u32, burst: u32) -> Option<Arc<Self>> {
        Self::within(rate, burst, Quota::per_second)
    }

    fn within(rate: u32, burst: u32, quota: fn(NonZeroU32) -> Quota) -> Option<Arc<Self>> {
        let rate = NonZeroU32::new(rate)?;
        let burst = NonZeroU32::new(burst).unwrap_or(rate);
        Some(Arc::new(Self {
            limiter: DefaultKeyedRateLimiter::keyed(quota(rate).allow_burst(burst)),
            counted: AtomicU32::new(0),
        }))
    }

    /// Counts one request, or says how long to wait.
    fn count(&self, key: &K) -> Result<(), Duration> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % FORGOTTEN_AFTER == FORGOTTEN_AFTER - 1 {
            self.limiter.retain_recent();
        }
        let now = DefaultClock::default().now();
        self.limiter.check_key(key).map_err(|early| early.wait_time_from(now))
    }
}

/// Counts a request by its address, and by the token that it brings. What connectors synchronise is counted by whose
/// token it is, once that is known.
pub(crate) async fn by_address(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if PROBES.contains(&path) || FILES.iter().any(|files| path.starts_with(files)) {
        return next.run(request).await;
    }
    let network = request
        .extensions()
        .get::<ClientAddress>()
        .map(|client| client.network());
    if let (Some(counts), Some(network)) = (&limits.networks, network)
        && let Err(wait) = counts.count(&network)
    {
        return too_many(&limits.renderer, request, "address", wait).await;
    }
    let tokens = limits.tokens.as_ref().filter(|_| !routes::is_for_sync(path));
    if let (Some(counts), Some(token)) = (tokens, token(request.headers()))
        && let Err(wait) = counts.count(&token)
    {
        return too_many(&limits.renderer, request, "token", wait).await;
    }
    next.run(request).await
}

/// Counts a request by who is signed in.
pub(crate) async fn by_person(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let person = request.extensions().get::<Actor>().and_then(Actor::account);
    if let (Some(counts), Some(person)) = (&limits.people, person)
        && let Err(wait) = counts.count(&person)
    {
        return too_many(&limits.renderer, request, "person", wait).await;
    }
    next.run(request).await
}

/// The token that a request brings, as its hash: no token is kept.
fn token(headers: &HeaderMap) -> Option<[u8; 32]> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Sha256::digest(token.trim().as_bytes()).into())
}

async fn too_many(renderer: &Renderer, request: Request, limit: &'static str, wait: Duration) -> Response {
    let failure = Failure::TooMany(in_seconds(wait));
    refusals::answer(renderer, request.into_parts().0, limit, failure).await
}

fn in_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_millis().div_ceil(1000).clamp(1, 3600);
    u32::try_from(seconds).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_so_many_a_minute() {
        let counts = Counts::of(6, 3).unwrap();
        assert!((0..3).all(|_| counts.count(&"one").is_ok()));
        let wait = counts.count(&"one").unwrap_err();
        assert!(
            wait > Duration::from_secs(5) && wait <= Duration::from_secs(10),
            "{wait:?}"
        );
        assert_eq!(counts.count(&"another"), Ok(()));
        assert!(Counts::<u128>::of(0, 3).is_none());
    }

    #[test]
    fn who_comes_back_after_a_while_is_forgotten_meanwhile() {
        let counts = Counts::of(1_000_000_000, 1).unwrap();
        for key in 0..FORGOTTEN_AFTER + 1 {
            let _ = counts.count(&key);
        }
        assert!(counts.limiter.len() < 1_000, "{}", counts.limiter.len());
    }
}
