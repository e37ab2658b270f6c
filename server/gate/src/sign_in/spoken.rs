//! Codes that are said on the telephone or stand on a slip of paper, and that open the same page as a one-time link.
//!
//! Nine digits can be guessed, so each code has five tries, counted before they are compared, and is good for a day. Tries
//! are also counted by person and by network. Whatever is wrong, the answer is the same after the same time: a code that is
//! void, used or too old is told apart from a mistyped one by nobody, and so is an address that no one has.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{
    account::{Account, AccountStatus},
    values::{
        email_address::as_typed,
        ids::{AccountId, Timestamp},
        spoken_code::{GOOD_FOR, SpokenCode},
    },
};
use store::{
    access::{
        codes::{self, NewCode},
        credentials::{self, NewLink},
    },
    directory::people,
};
use uuid::Uuid;

use crate::{
    Gate, GateError,
    sign_in::{
        password_sign_in::counting::{Counted, Whom},
        secret_tokens::{new_token, token_hash},
    },
    submissions::claims::commit,
};

/// Memory and passes of a code's hash: about a millisecond, because hundreds are made at once. Trying all codes on a copy of
/// the database takes longer than a code is good for.
const MEMORY_KIB: u32 = 1024;
const PASSES: u32 = 2;

/// Compared against where there is no code, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("none"));

/// A code that was made to be shown, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCode {
    /// The code.
    pub code: SpokenCode,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// A code that is not yet anybody's.
pub(crate) struct ReadyCode {
    code: SpokenCode,
    hash: String,
}

impl ReadyCode {
    /// The code as it is shown, and as it is kept, for an account with a link that ends at a moment: no code outlives the
    /// link that it stands for.
    pub(crate) fn of(self, account: AccountId, now: Timestamp, link_ends: Timestamp) -> (MadeCode, NewCode) {
        let expires = now.plus_seconds(GOOD_FOR).min(link_ends);
        let kept = NewCode {
            account,
            code_hash: self.hash,
            expires,
        };
        let code = self.code;
        (MadeCode { code, expires }, kept)
    }
}

/// Makes codes ready, away from the threads that serve requests.
pub(crate) async fn ready(many: usize) -> Vec<ReadyCode> {
    let make = move || {
        let one = |_| {
            let code = SpokenCode::from_random_bits(rand::random());
            let hash = hash(code.digits());
            ReadyCode { code, hash }
        };
        (0..many).map(one).collect::<Vec<_>>()
    };
    tokio::task::spawn_blocking(make).await.unwrap_or_default()
}

/// What trying a code comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByCode {
    /// It is right: the token of a one-time link that opens the page to choose a password. The code is used up.
    Opened(String),
    /// It is not right, void, used or too old, or no one has the address; they are not told apart.
    Wrong,
    /// Too many tries have failed; none is looked at for so many seconds.
    Wait(i64),
}

impl Gate {
    /// Tries a code for the person with an address, as both were typed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_by_code(&self, typed: &str, code: &str, client: Option<&str>) -> Result<ByCode, GateError> {
        if let Some(client) = client
            && let Some(wait) = self.client_waits(client).await?
        {
            return Ok(ByCode::Wait(wait));
        }
        let address = as_typed(typed);
        let found = people::by_sign_in_name(self.store.reader(), typed).await?;
        let whom = match &found {
            Some(account) => Whom::Account(account.id),
            None => Whom::Address(&address),
        };
        let counted = [Counted::Codes(whom)];
        if let Err(wait) = self.count(&counted).await? {
            return Ok(ByCode::Wait(wait));
        }
        // What is no code at all costs none of the tries at the right one.
        let token = match SpokenCode::parse(code) {
            Some(code) => self.open(found.as_ref(), code).await?,
            None => None,
        };
        let Some(token) = token else {
            if let Some(client) = client {
                self.note_client_failure(client).await?;
            }
            self.note_refused(&address, found.as_ref()).await?;
            return Ok(ByCode::Wrong);
        };
        self.forgive(&counted).await?;
        Ok(ByCode::Opened(token))
    }

    /// The token of the link that a right code opens.
    async fn open(&self, found: Option<&Account>, code: SpokenCode) -> Result<Option<String>, GateError> {
        let now = self.now();
        let account = found.map_or(AccountId(Uuid::nil()), |account| account.id);
        let tx = self.store.begin().await?;
        let tried = codes::count_try(&tx, account, now).await?;
        commit(tx).await?;
        let hash = tried.as_ref().map(|tried| tried.code_hash.clone());
        let comparing = tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.clone());
            known & is_same(code.digits(), &hash)
        });
        let is_right = comparing.await.unwrap_or(false);
        let (Some(account), Some(tried), true) = (found, tried, is_right) else {
            return Ok(None);
        };
        if matches!(account.status, AccountStatus::Disabled | AccountStatus::Deleted) {
            return Ok(None);
        }
        let tx = self.store.begin().await?;
        if !codes::use_up(&tx, account.id, &tried.code_hash).await? {
            return Ok(None);
        }
        let token = new_token();
        let minutes = i64::from(self.rules.sign_in.reset_link_minutes);
        // Somebody else was shown the code, so they could have opened this link.
        let link = NewLink {
            account: account.id,
            token_hash: token_hash(&token),
            expires: now.plus_seconds(minutes * 60),
        };
        credentials::keep_links(&tx, &[link]).await?;
        commit(tx).await?;
        Ok(Some(token))
    }
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(digits: &str) -> String {
    let hashed = argon().hash_password(digits.as_bytes());
    // Without memory for it there is no hash, and a code without one opens nothing: the link beside it does.
    hashed.map(|hashed| hashed.to_string()).unwrap_or_default()
}

fn is_same(digits: &str, hashed: &str) -> bool {
    let Ok(hashed) = PasswordHash::new(hashed) else {
        return false;
    };
    argon().verify_password(digits.as_bytes(), &hashed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_code_is_known_by_its_hash_and_never_outlives_its_link() {
        let one = ready(1).await.pop().unwrap();
        assert!(is_same(one.code.digits(), &one.hash) && !is_same("000000000", &one.hash));
        assert!(one.hash.starts_with("$argon2id$v=19$m=1024,t=2,p=1$") && !one.hash.contains(one.code.digits()));
        let (now, account) = (Timestamp(1_000), AccountId(Uuid::nil()));
        let (made, kept) = one.of(account, now, now.plus_seconds(60));
        assert_eq!(
            (made.expires, kept.expires),
            (now.plus_seconds(60), now.plus_seconds(60))
        );
        let (made, _) = ready(1)
            .await
            .pop()
            .unwrap()
            .of(account, now, now.plus_seconds(7 * GOOD_FOR));
        assert_eq!(made.expires, now.plus_seconds(GOOD_FOR));
    }
}
