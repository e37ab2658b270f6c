//! A connector's request: who asks, below which organisation, and what was sent.

use std::{collections::HashMap, error::Error, str::FromStr};

use app::routes;
use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, Method, request::Parts},
};
use domain::policy::Actor;
use gate::{Connection, ConnectorSettings, Gate, Rights, Visit, WhichDialect};
use http_body_util::LengthLimitError;
use scim::{
    bulk::LARGEST, dialect::Dialect, error::ScimError, list::Search, projection::ServiceMade, refusal::Refusal,
};
use serde_json::Value;

use super::{
    answers::Failed,
    headers::{Conditions, REHEARSE, check_kind, check_preferences, prefers},
    places::SigningKeys,
};
use crate::http::render::AppState;

/// A connector's request.
pub(crate) struct Call {
    pub(super) gate: Gate,
    /// What the connector may reach, below the organisation that its address names.
    pub(super) to: Connection,
    /// When what only the service sets is shown to the connector.
    pub(super) service_made: ServiceMade,
    /// The address of the service as this client calls it.
    pub(super) base: String,
    /// What signs cursors.
    pub(super) keys: SigningKeys,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    actor: Actor,
    /// What stands at the address behind the kind of resource.
    named: Option<String>,
    query: String,
}

impl FromRequest<AppState> for Call {
    type Rejection = Failed;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failed> {
        let (mut parts, body) = request.into_parts();
        let gate = state.0.gate.clone();
        // Nobody comes this far without a token.
        let actor = parts.extensions.get::<Actor>().cloned().ok_or(Refusal::NoToken)?;
        check_preferences(&parts.headers)?;
        let keys = parts.extensions.get::<SigningKeys>().cloned().unwrap_or_default();
        let path = Path::<HashMap<String, String>>::from_request_parts(&mut parts, state).await;
        let Path(mut path) = path.map_err(|_| ScimError::not_found())?;
        let bound = path.remove("code");
        let rights = parts.extensions.get::<Rights>().cloned().unwrap_or_default();
        let settings = parts.extensions.get::<ConnectorSettings>().copied();
        let (to, service_made) = connected(&gate.reading(&actor, rights), bound.as_deref(), settings).await?;
        let body = taken_in(&parts, body).await?;
        Ok(Self {
            base: format!("{}{}", gate.rules().url, service_of(parts.uri.path())),
            named: path.remove("id"),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            gate,
            to,
            service_made,
            keys,
            body,
            actor,
        })
    }
}

impl Call {
    pub(super) fn visit(&self) -> Visit<'_> {
        self.gate.on_behalf_of(&self.actor)
    }

    /// The ID that the address names; what is none is nobody's.
    ///
    /// # Errors
    /// 404.
    pub(super) fn id<T: FromStr>(&self) -> Result<T, ScimError> {
        self.named().parse().map_err(|_| ScimError::not_found())
    }

    /// What the address names.
    pub(super) fn named(&self) -> &str {
        self.named.as_deref().unwrap_or_default()
    }

    /// The body.
    ///
    /// # Errors
    /// `invalidSyntax` if it cannot be read as JSON.
    pub(super) fn json(&self) -> Result<Value, ScimError> {
        scim::body::read(&self.body)
    }

    /// The parameters of the address.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(super) fn search(&self) -> Result<Search, ScimError> {
        let pairs: Vec<_> = url::form_urlencoded::parse(self.query.as_bytes()).collect();
        Search::of_query(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))
    }

    /// Whether the address has a parameter, whatever it says.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        url::form_urlencoded::parse(self.query.as_bytes()).any(|(sent, _)| sent.eq_ignore_ascii_case(name))
    }

    pub(super) fn conditions(&self) -> Conditions {
        Conditions::of(&self.headers)
    }

    /// Whether the client only wants to know what it would do.
    pub(super) fn is_rehearsed(&self) -> bool {
        prefers(&self.headers, REHEARSE)
    }

    /// How the connector's requests are read.
    pub(super) const fn dialect(&self) -> Dialect {
        dialect(&self.to)
    }
}

/// What a connector may reach, and what its dialect asks for: the strict one by how many organisations it has.
async fn connected(
    visit: &Visit<'_>,
    bound: Option<&str>,
    settings: Option<ConnectorSettings>,
) -> Result<(Connection, ServiceMade), Failed> {
    let to = visit.connect_with(bound, settings).await?;
    let organisations = match dialect(&to) {
        Dialect::Tolerant => 0,
        Dialect::Strict => visit.sync_organisations(&to).await?.len(),
    };
    let service_made = ServiceMade::of(dialect(&to), organisations);
    Ok((to, service_made))
}

const fn dialect(to: &Connection) -> Dialect {
    match to.settings.dialect {
        WhichDialect::Tolerant => Dialect::Tolerant,
        WhichDialect::Strict => Dialect::Strict,
    }
}

/// The part of a path that names the service, with the organisation that it is bound to.
fn service_of(path: &str) -> &str {
    const BOUND: &str = "/organisations/";
    let rest = path.strip_prefix(routes::SCIM).unwrap_or_default();
    let Some(code) = rest.strip_prefix(BOUND) else {
        return routes::SCIM;
    };
    let code = code.find('/').unwrap_or(code.len());
    &path[..routes::SCIM.len() + BOUND.len() + code]
}

/// The body of a request that has one.
async fn taken_in(parts: &Parts, body: Body) -> Result<Bytes, Failed> {
    if ![Method::POST, Method::PUT, Method::PATCH].contains(&parts.method) {
        return Ok(Bytes::new());
    }
    check_kind(&parts.headers)?;
    let too_large = || ScimError::plain(413, format!("The body is too large; the most is {LARGEST} bytes."));
    if body.size_hint().lower() > LARGEST as u64 {
        return Err(too_large().into());
    }
    to_bytes(body, LARGEST).await.map_err(|error| {
        let error = match is_too_large(&error) {
            true => too_large(),
            false => ScimError::plain(400, "The body did not come whole. Send the request again."),
        };
        error.into()
    })
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_called_as_its_client_calls_it() {
        for (path, service) in [
            ("/scim/v2/Users/1", "/scim/v2"),
            ("/scim/v2", "/scim/v2"),
            ("/scim/v2/organisations/RIV/Users", "/scim/v2/organisations/RIV"),
            ("/scim/v2/organisations/riv", "/scim/v2/organisations/riv"),
            ("/scim/v2/organisations/R%20V/Users/1", "/scim/v2/organisations/R%20V"),
        ] {
            assert_eq!(service_of(path), service, "{path}");
        }
    }
}
