//! Access tokens for a mailbox (OAuth 2.0, RFC 6749): by the client's own credentials or by a refresh token, each kept until
//! it ends.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reqwest::redirect;
use serde_json::Value;

use crate::operate::config::{Secret, TokenSource};

/// How long the token endpoint may take for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// So much before it ends, a token is not used any more.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a token is kept that does not say when it ends.
const UNSAID: u64 = 300;

/// Tokens from one endpoint.
pub(super) struct Tokens {
    source: TokenSource,
    /// The latest refresh token: an endpoint may give another with each access token.
    refresh: Option<Secret>,
    kept: Option<(String, Instant)>,
}

impl Tokens {
    /// Nothing is asked for yet.
    pub(super) fn new(source: TokenSource) -> Self {
        let refresh = source.refresh.clone();
        Self {
            source,
            refresh,
            kept: None,
        }
    }

    /// The token that is good now.
    ///
    /// # Errors
    /// When the endpoint does not give one.
    pub(super) async fn token(&mut self) -> anyhow::Result<String> {
        if let Some((token, until)) = &self.kept
            && *until > Instant::now()
        {
            return Ok(token.clone());
        }
        let answer = self.ask().await.context("no access token can be fetched")?;
        let token = answer.get("access_token").and_then(Value::as_str);
        let token = token.context("the token endpoint gives no access token")?.to_owned();
        if let (Some(_), Some(next)) = (&self.refresh, answer.get("refresh_token").and_then(Value::as_str)) {
            self.refresh = Some(next.to_owned().into());
        }
        let lasts = Duration::from_secs(lasts(&answer)).saturating_sub(MARGIN);
        self.kept = Instant::now().checked_add(lasts).map(|until| (token.clone(), until));
        Ok(token)
    }

    /// Forgets the token, because the mail server refuses it.
    pub(super) fn forget(&mut self) {
        self.kept = None;
    }

    async fn ask(&self) -> anyhow::Result<Value> {
        let source = &self.source;
        let mut form = vec![("client_id", source.client.as_str())];
        match &self.refresh {
            Some(refresh) => form.extend([("grant_type", "refresh_token"), ("refresh_token", refresh.reveal())]),
            None => form.push(("grant_type", "client_credentials")),
        }
        if let Some(secret) = &source.secret {
            form.push(("client_secret", secret.reveal()));
        }
        if let Some(scope) = &source.scope {
            form.push(("scope", scope));
        }
        // Whoever follows redirects can be led to what only the portal reaches.
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let mut answer = http.post(source.url.clone()).form(&form).send().await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST {
                bail!("the token endpoint says too much");
            }
        }
        let status = answer.status();
        let said = serde_json::from_slice::<Value>(&body);
        if !status.is_success() {
            // The code alone: its description may name somebody.
            let said = said.unwrap_or_default();
            let code = said.get("error").and_then(Value::as_str).unwrap_or("no reason");
            bail!(
                "the token endpoint refuses with {}: {}",
                status.as_u16(),
                shortened(code)
            );
        }
        said.context("the token endpoint's answer is not JSON")
    }
}

/// How many seconds a token lasts. Some endpoints say it as a text.
fn lasts(answer: &Value) -> u64 {
    let said = answer.get("expires_in");
    let number = said.and_then(Value::as_u64);
    let text = || said.and_then(Value::as_str).and_then(|text| text.parse().ok());
    number.or_else(text).unwrap_or(UNSAID)
}

/// What may stand in the log of an answer's code.
fn shortened(code: &str) -> String {
    code.chars().filter(|sign| !sign.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{Router, http::StatusCode, routing::post};
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;

    /// What a token endpoint was asked, in its order.
    type Asked = Arc<Mutex<Vec<String>>>;

    /// A token endpoint on this machine, which refuses what names `nobody`; and what it is asked.
    async fn endpoint() -> (String, Asked) {
        let asked = Asked::default();
        let seen = asked.clone();
        let answer = move |form: String| {
            let seen = seen.clone();
            async move {
                let is_refused = form.contains("client_id=nobody");
                let mut asked = seen.lock().unwrap();
                asked.push(form);
                if is_refused {
                    let why = json!({"error": "invalid_client", "error_description": "jo@health.example"});
                    return (StatusCode::UNAUTHORIZED, why.to_string());
                }
                let number = asked.len();
                let token = json!({
                    "access_token": format!("token {number}"),
                    "expires_in": 3600,
                    "refresh_token": format!("refresh {number}"),
                });
                (StatusCode::OK, token.to_string())
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        let router = Router::new().route("/token", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, asked)
    }

    fn tokens(url: &str, client: &str, refresh: Option<&str>) -> Tokens {
        Tokens::new(TokenSource {
            url: url.parse().unwrap(),
            client: client.to_owned(),
            secret: Some("hunter2".to_owned().into()),
            scope: Some("https://mail.example/.default".to_owned()),
            refresh: refresh.map(|refresh| refresh.to_owned().into()),
        })
    }

    #[tokio::test]
    async fn a_token_is_fetched_once_and_kept_until_it_ends() {
        let (url, asked) = endpoint().await;
        let mut tokens = tokens(&url, "portal", None);
        for _ in 0..2 {
            assert_eq!(tokens.token().await.unwrap(), "token 1");
        }
        tokens.forget();
        assert_eq!(tokens.token().await.unwrap(), "token 2");
        let form = "client_id=portal&grant_type=client_credentials&client_secret=hunter2\
                    &scope=https%3A%2F%2Fmail.example%2F.default";
        assert_eq!(*asked.lock().unwrap(), [form, form]);
    }

    #[tokio::test]
    async fn a_refresh_token_is_replaced_by_the_one_that_came_last() {
        let (url, asked) = endpoint().await;
        let mut tokens = tokens(&url, "portal", Some("first"));
        for _ in 0..2 {
            tokens.token().await.unwrap();
            tokens.forget();
        }
        let asked = asked.lock().unwrap();
        assert!(
            asked[0].contains("grant_type=refresh_token&refresh_token=first&"),
            "{asked:?}"
        );
        assert!(asked[1].contains("&refresh_token=refresh+1&"), "{asked:?}");
    }

    #[tokio::test]
    async fn a_refusal_says_its_code_and_nothing_else() {
        let (url, _) = endpoint().await;
        let why = tokens(&url, "nobody", None).token().await.unwrap_err();
        assert_eq!(
            format!("{why:#}"),
            "no access token can be fetched: the token endpoint refuses with 401: invalid_client"
        );
    }

    #[test]
    fn a_token_lasts_as_long_as_its_endpoint_says() {
        for (answer, seconds) in [
            (json!({"expires_in": 3599}), 3599),
            (json!({"expires_in": "3600"}), 3600),
            (json!({"expires_in": -1}), UNSAID),
            (json!({}), UNSAID),
        ] {
            assert_eq!(lasts(&answer), seconds, "{answer}");
        }
    }
}
