//! The OpenID Connect provider: where it is reached, what it is asked, and what is believed of its answer.
//!
//! What it says of itself, its keys among it, is read when it is first needed, and again after an hour or when an answer is
//! signed by a key that is not known. The portal starts and works without it.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use anyhow::{Context, anyhow, bail};
use domain::values::{email_address::EmailAddress, ids::Timestamp};
use openidconnect::{
    AccessTokenHash, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse, UserInfoError,
    core::{
        CoreAuthPrompt, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken, CoreIdTokenClaims,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType, CoreTokenResponse, CoreUserInfoClaims,
    },
};
use reqwest::redirect;
use serde::{Deserialize, Serialize};
use tokio::{sync::Mutex, time::timeout};
use url::Url;

use crate::operate::config::openid::{AsksForFactor, OpenId};

/// Seconds for which what the provider says of itself is kept.
const KEPT: i64 = 3600;

/// Seconds in which it is not asked again, though a key is not known: anybody could make it be asked.
const KEPT_AT_LEAST: i64 = 60;

/// Seconds in which a provider that could not be reached is not tried again: nobody waits for it in line.
const LEFT_ALONE: i64 = 15;

/// How long the provider may take for an answer, and for what it says of itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it may take to be connected to.
const TO_CONNECT: Duration = Duration::from_secs(5);

/// Signatures that are believed: by a key of the provider's that nobody else has. Those by the shared secret are not among
/// them, nor is none.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The provider.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Inner>);

struct Inner {
    settings: OpenId,
    kept: Mutex<Kept>,
}

/// What is known of the provider.
#[derive(Default)]
struct Kept {
    known: Option<Arc<Known>>,
    failed_at: Option<Timestamp>,
}

struct Known {
    at: Timestamp,
    http: reqwest::Client,
    client: Client,
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// How somebody is to prove themselves to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// As the provider sees fit; whoever is signed in there may be led straight back.
    Any,
    /// Anew, whether or not they are signed in there.
    Anew,
}

/// What was asked of the provider. It stays in the session of whom it was asked about, and an answer must fit it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Question {
    /// What comes back as it is.
    pub(crate) state: String,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// Why nothing can be said about somebody.
#[derive(Debug)]
pub(crate) enum Unproved {
    /// The provider does not answer, or with nothing that could be believed or not.
    NoAnswer(anyhow::Error),
    /// What was brought from it is not to be believed.
    Untrue(anyhow::Error),
}

/// Whom the provider vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Vouched {
    /// The address that it knows.
    pub(crate) email: Option<String>,
    /// Whether it says that the address is theirs.
    pub(crate) is_verified: Option<bool>,
    /// When they proved to it who they are, where it says so.
    pub(crate) proved_at: Option<Timestamp>,
}

impl Vouched {
    /// The address, where the provider says that it is theirs. One with letters beyond ASCII is none: some of them become
    /// ASCII when they are made small, and so somebody else's address.
    pub(crate) fn address(&self) -> Option<EmailAddress> {
        let email = self.email.as_deref().filter(|email| email.is_ascii())?;
        let is_verified = self.is_verified == Some(true);
        EmailAddress::parse(email).ok().filter(|_| is_verified)
    }
}

impl Provider {
    /// The provider as configured; nothing is asked of it yet.
    pub(crate) fn new(settings: OpenId) -> Self {
        Self(Arc::new(Inner {
            settings,
            kept: Mutex::default(),
        }))
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.0.settings.name
    }

    /// Who asks for a second factor.
    pub(crate) fn asks_for_factor(&self) -> AsksForFactor {
        self.0.settings.second_factor
    }

    /// Where somebody is led to prove who they are, and what their answer must fit.
    ///
    /// # Errors
    /// `NoAnswer` where it is not known where.
    pub(crate) async fn ask(&self, now: Timestamp, proof: Proof) -> Result<(Url, Question), Unproved> {
        let known = self.known(now, KEPT).await.map_err(Unproved::NoAnswer)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut asked = known
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge);
        if proof == Proof::Anew {
            asked = asked.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        let (url, state, nonce) = asked.url();
        let question = Question {
            state: state.into_secret(),
            nonce,
            verifier,
        };
        Ok((url, question))
    }

    /// Whom the provider vouches for, by the code that somebody brought back from it.
    ///
    /// # Errors
    /// Where it cannot be reached, or what it says is not to be believed.
    pub(crate) async fn answer(&self, now: Timestamp, question: Question, code: String) -> Result<Vouched, Unproved> {
        let mut known = self.known(now, KEPT).await.map_err(Unproved::NoAnswer)?;
        let answer = known.redeem(code, question.verifier).await?;
        let token = answer
            .id_token()
            .ok_or_else(|| Unproved::NoAnswer(anyhow!("there is no ID token")))?;
        let claims = match known.claims(now, token, &question.nonce) {
            // It may have another key by now.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                known = self.known(now, KEPT_AT_LEAST).await.map_err(Unproved::NoAnswer)?;
                known.claims(now, token, &question.nonce)
            }
            checked => checked,
        };
        let claims = claims
            .context("the ID token is not to be believed")
            .map_err(Unproved::Untrue)?;
        known
            .check_access_token(&answer, token, claims)
            .map_err(Unproved::Untrue)?;
        let proved_at = claims.auth_time().map(|at| Timestamp(at.timestamp_millis()));
        if let Some(email) = claims.email() {
            return Ok(Vouched {
                email: Some(email.to_string()),
                is_verified: claims.email_verified(),
                proved_at,
            });
        }
        // Many providers say it only when they are asked once more.
        let more = known.more_about(&answer, claims).await?;
        Ok(Vouched {
            email: more.as_ref().and_then(|more| Some(more.email()?.to_string())),
            is_verified: more.as_ref().and_then(CoreUserInfoClaims::email_verified),
            proved_at,
        })
    }

    /// What is known of the provider; it is asked where that was `seconds` ago.
    async fn known(&self, now: Timestamp, seconds: i64) -> anyhow::Result<Arc<Known>> {
        let mut kept = self.0.kept.lock().await;
        if let Some(known) = kept.known.as_ref().filter(|known| now < known.at.plus_seconds(seconds)) {
            return Ok(known.clone());
        }
        if kept.failed_at.is_some_and(|at| now < at.plus_seconds(LEFT_ALONE)) {
            bail!("it could not be reached a moment ago, and is left alone for {LEFT_ALONE} seconds");
        }
        let found = timeout(PATIENCE, discover(&self.0.settings, now)).await;
        match found.unwrap_or_else(|_| Err(anyhow!("it takes longer than {PATIENCE:?}"))) {
            Ok(known) => {
                let known = Arc::new(known);
                *kept = Kept {
                    known: Some(known.clone()),
                    failed_at: None,
                };
                Ok(known)
            }
            Err(error) => {
                kept.failed_at = Some(now);
                Err(error)
            }
        }
    }
}

async fn discover(settings: &OpenId, now: Timestamp) -> anyhow::Result<Known> {
    // Whoever follows redirects can be led to what only the portal reaches.
    let http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(TO_CONNECT)
        .timeout(PATIENCE)
        .build()?;
    let issuer = IssuerUrl::new(settings.issuer.clone())?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await?;
    let takes_form_only = metadata
        .token_endpoint_auth_methods_supported()
        .is_some_and(|methods| !methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let secret = settings
        .secret
        .as_ref()
        .map(|secret| ClientSecret::new(secret.reveal().to_owned()));
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client.clone()), secret)
        .set_auth_type(if takes_form_only {
            AuthType::RequestBody
        } else {
            AuthType::BasicAuth
        })
        .set_redirect_uri(RedirectUrl::new(settings.back.clone())?);
    Ok(Known { at: now, http, client })
}

impl Known {
    /// What the provider gives for a code.
    async fn redeem(&self, code: String, verifier: PkceCodeVerifier) -> Result<CoreTokenResponse, Unproved> {
        let exchange = self.client.exchange_code(AuthorizationCode::new(code));
        let exchange = exchange.map_err(|error| Unproved::NoAnswer(error.into()))?;
        let answer = exchange.set_pkce_verifier(verifier).request_async(&self.http).await;
        answer.map_err(|error| match &error {
            // The code is none of the provider's, was used before, or was asked for with something else.
            RequestTokenError::ServerResponse(said) if *said.error() == CoreErrorResponseType::InvalidGrant => {
                Unproved::Untrue(error.into())
            }
            _ => Unproved::NoAnswer(error.into()),
        })
    }

    /// What an ID token claims, once issuer, audience, signature, time and nonce are those that they must be.
    fn claims<'a>(
        &self,
        now: Timestamp,
        token: &'a CoreIdToken,
        nonce: &Nonce,
    ) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
        let milliseconds = u64::try_from(now.0).unwrap_or_default();
        let verifier = self
            .client
            .id_token_verifier()
            .set_allowed_algs(SIGNED_BY)
            .set_time_fn(move || (UNIX_EPOCH + Duration::from_millis(milliseconds)).into());
        token.claims(&verifier, nonce)
    }

    /// Whether the access token is the one that came with the ID token, where that says so.
    fn check_access_token(
        &self,
        answer: &CoreTokenResponse,
        token: &CoreIdToken,
        claims: &CoreIdTokenClaims,
    ) -> anyhow::Result<()> {
        let Some(expected) = claims.access_token_hash() else {
            return Ok(());
        };
        let verifier = self.client.id_token_verifier();
        let key = token.signing_key(&verifier)?;
        let actual = AccessTokenHash::from_token(answer.access_token(), token.signing_alg()?, key)?;
        if actual != *expected {
            bail!("the access token is not the one of the ID token");
        }
        Ok(())
    }

    /// What else the provider says of the same person; nothing where it cannot be asked.
    async fn more_about(
        &self,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Option<CoreUserInfoClaims>, Unproved> {
        let subject = Some(claims.subject().clone());
        let Ok(asked) = self.client.user_info(answer.access_token().clone(), subject) else {
            return Ok(None);
        };
        let more = asked.request_async(&self.http).await;
        more.map(Some).map_err(|error| match &error {
            UserInfoError::ClaimsVerification(_) => Unproved::Untrue(error.into()),
            _ => Unproved::NoAnswer(error.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vouched(email: &str, is_verified: Option<bool>) -> Option<String> {
        let vouched = Vouched {
            email: Some(email.to_owned()),
            is_verified,
            proved_at: None,
        };
        vouched.address().map(|address| address.to_string())
    }

    #[test]
    fn an_address_counts_only_where_the_provider_says_that_it_is_theirs() {
        let ben = "Ben.Cartwright@Health.example";
        assert_eq!(
            vouched(ben, Some(true)).as_deref(),
            Some("ben.cartwright@health.example")
        );
        assert_eq!(vouched(ben, Some(false)), None);
        assert_eq!(vouched(ben, None), None);
        assert_eq!(Vouched::default().address(), None);
    }

    #[test]
    fn an_address_that_only_looks_like_somebodys_is_nobodys() {
        // The sign for Kelvin becomes a k when it is made small.
        for email in [
            "\u{212a}ate@health.example",
            "ate@health.example\u{0}",
            "ate@health",
            "",
            "a@b@health.example",
        ] {
            assert_eq!(vouched(email, Some(true)), None, "{email:?}");
        }
    }
}
