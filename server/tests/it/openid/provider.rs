//! An OpenID Connect provider that says what a test has it say, true or not.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The secret that provider and portal share.
pub const SECRET: &str = "known-to-both";

/// What a token is signed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignedBy {
    /// The key that the provider shows.
    #[default]
    ItsKey,
    /// A key of somebody else's, under the name of the provider's.
    AnotherKey,
    /// The secret that is shared with the portal.
    TheSecret,
    /// Nothing.
    Nobody,
}

/// What the provider says, and what it was asked.
#[derive(Default)]
pub struct Says {
    /// The claims of its next ID token.
    pub claims: Value,
    /// What it answers when it is asked for more.
    pub more: Value,
    /// What it signs by.
    pub signed_by: SignedBy,
    /// How many keys it has had; the last is in use.
    pub keys: u8,
    /// The challenge that a code was asked for with.
    pub challenge: String,
    /// Whether it is in trouble, and gives no tokens.
    pub is_in_trouble: bool,
    /// How often it said what it is.
    pub discovered: u32,
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    says: Arc<Mutex<Says>>,
}

impl Provider {
    /// Begins to answer, at an address of its own.
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            says: Arc::default(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/more", get(more))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }
}

async fn configuration(State(provider): State<Provider>) -> Json<Value> {
    provider.says().discovered += 1;
    let at = |path: &str| format!("{}/{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("more"),
        "jwks_uri": at("keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none"],
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let number = provider.says().keys;
    Json(json!({ "keys": [key(number, number).as_verification_key()] }))
}

async fn more(State(provider): State<Provider>) -> Json<Value> {
    Json(provider.says().more.clone())
}

/// The token, for whoever brings what the code was asked for with.
async fn token(State(provider): State<Provider>, form: String) -> Response {
    let says = provider.says();
    if says.is_in_trouble {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let sent = |name: &str| {
        let mut fields = url::form_urlencoded::parse(form.as_bytes());
        fields
            .find(|(field, _)| field == name)
            .map(|(_, text)| text.into_owned())
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(sent("code_verifier").unwrap_or_default()));
    if challenge != says.challenge || sent("code").as_deref() != Some("good") {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    Json(json!({
        "access_token": "for-more",
        "token_type": "Bearer",
        "id_token": signed(&says),
    }))
    .into_response()
}

fn signed(says: &Says) -> String {
    let algorithm = match says.signed_by {
        SignedBy::ItsKey | SignedBy::AnotherKey => "EdDSA",
        SignedBy::TheSecret => "HS256",
        SignedBy::Nobody => "none",
    };
    let header = json!({ "alg": algorithm, "kid": says.keys.to_string() });
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encoded(&header), encoded(&says.claims));
    let eddsa = |number| key(number, says.keys).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes());
    let signature = match says.signed_by {
        SignedBy::ItsKey => eddsa(says.keys).unwrap(),
        SignedBy::AnotherKey => eddsa(200).unwrap(),
        SignedBy::TheSecret => CoreHmacKey::new(SECRET)
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, message.as_bytes())
            .unwrap(),
        SignedBy::Nobody => vec![],
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The key that is made of a number, called by another one: PKCS #8 of an Ed25519 key (RFC 8410, 10.3).
fn key(number: u8, called: u8) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    der.extend([number; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(called.to_string()))).unwrap()
}
