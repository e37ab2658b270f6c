//! Hashing passwords: argon2id at OWASP's parameters (19 MiB, 2 passes), never on a thread that serves requests.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// At once: more would only take memory from each other.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Compared against when there is no such account, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password"));

/// Hashes a password with a salt of its own, in PHC's text form.
pub async fn hash_password(password: String) -> String {
    let _place = PLACES.acquire().await;
    tokio::task::spawn_blocking(move || hash(&password))
        .await
        .unwrap_or_default()
}

/// Whether a password is the hashed one. Without a hash it takes the same time and is not.
pub async fn verify_password(password: String, hashed: Option<String>) -> bool {
    let _place = PLACES.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| NOBODY.clone());
        let same = PasswordHash::new(&hashed)
            .is_ok_and(|hashed| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok());
        known && same
    });
    verified.await.unwrap_or(false)
}

fn hash(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hashed| hashed.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hashed = hash_password("teapot-lantern-9".into()).await;
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password("teapot-lantern-9".into(), Some(hashed.clone())).await);
        assert!(!verify_password("teapot-lantern-8".into(), Some(hashed)).await);
        assert!(!verify_password("nobody has this password".into(), None).await);
    }
}
