//! Sessions in the database: tower-sessions' records, kept by the store under the hash of their ID.
//!
//! A session that has ended opens nothing, but for some hours it says whose it was. So what somebody sends too late can be
//! kept for them, and for nobody else.

use std::collections::HashMap;

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::values::ids::{AccountId, Timestamp};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{Store, StoreError, access::sessions::About};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The entry for who signed in.
pub(crate) const ACCOUNT: &str = "account";

/// The entry for who was signed in, in a session that has ended.
pub(crate) const WAS: &str = "was";

/// The entry for the forms that its person sent when it had ended.
pub(crate) const KEPT: &str = "kept";

/// The cookie's name on a developer's machine, where there is no TLS, and everywhere else: a browser takes a `__Host-` cookie
/// over TLS only.
pub(crate) const COOKIES: [&str; 2] = ["session", "__Host-session"];

/// The entry for when they did.
pub(crate) const BEGAN: &str = "began";

/// The entry for when the session was last used, in steps. Writing it makes the session live on; it waits for other
/// writers, and so is done seldom.
pub(crate) const USED: &str = "used";

/// The length of a step, in milliseconds: five minutes.
pub(crate) const STEP: i64 = 300_000;

/// How long a session says whose it was once it has ended.
const LINGERS: Duration = Duration::hours(12);

/// The entry for the network address that somebody signed in from.
pub(crate) const CLIENT: &str = "client";

/// The entry for what their browser calls itself.
pub(crate) const AGENT: &str = "agent";

/// The sessions of all servers that share one database.
#[derive(Clone, Debug)]
pub(crate) struct Sessions(pub(crate) Store);

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let tx = self.0.begin().await.map_err(failed)?;
            let about = about(record).map_err(failed)?;
            let kept = store::access::sessions::create(&tx, &hash(&record.id), data(record)?, expiry(record), about)
                .await
                .map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            if kept {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        match self.keep(record, data(record)?).await {
            // Whoever only looks at pages needs no more than the session that is there.
            Err(error @ StoreError::Unwritable(_)) if !record.data.contains_key(KEPT) => {
                tracing::warn!(%error, "a session is left as it was");
                Ok(())
            }
            kept => kept.map_err(failed),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = Timestamp(OffsetDateTime::now_utc().unix_timestamp() * 1000);
        let found = store::access::sessions::load(self.0.reader(), &hash(id), lingering(now))
            .await
            .map_err(failed)?;
        let Some(kept) = found else {
            return Ok(None);
        };
        let data = match kept.account {
            _ if kept.expires_at > now => {
                serde_json::from_str(&kept.data).map_err(|error| Error::Decode(error.to_string()))?
            }
            Some(account) => {
                let account = serde_json::to_value(account).map_err(|error| Error::Encode(error.to_string()))?;
                HashMap::from([(WAS.to_owned(), account)])
            }
            None => return Ok(None),
        };
        let expiry_date = OffsetDateTime::from_unix_timestamp(kept.expires_at.0 / 1000);
        let expiry_date = expiry_date.map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: expiry_date + LINGERS,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let tx = self.0.begin().await.map_err(failed)?;
        store::access::sessions::delete(&tx, &hash(id)).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }
}

impl Sessions {
    async fn keep(&self, record: &Record, data: String) -> std::result::Result<(), StoreError> {
        let tx = self.0.begin().await?;
        store::access::sessions::save(&tx, &hash(&record.id), data, expiry(record), about(record)?).await?;
        tx.commit().await
    }
}

/// When a session ends that is not used: after so many minutes. Its cookie lives on, and so does its row, to say whose it
/// was.
pub(crate) fn idle(minutes: i64) -> Expiry {
    Expiry::OnInactivity(Duration::minutes(minutes) + LINGERS)
}

/// As [`idle`], for a session whose last use is known to a step: it ends up to a step later, never earlier.
pub(crate) fn idle_in_use(minutes: i64) -> Expiry {
    Expiry::OnInactivity(Duration::minutes(minutes) + Duration::milliseconds(STEP) + LINGERS)
}

/// The seconds that a session still has at least if it is not used, which was last used in a step.
pub(crate) fn seconds_left(used: i64, minutes: i64, now: Timestamp) -> i64 {
    let ends = (used + 1) * STEP + minutes * 60_000;
    ((ends - now.0) / 1000).max(0)
}

/// Ends somebody's session. What is left opens nothing, and says whose it was.
pub(crate) async fn end(session: &Session, was: AccountId) -> std::result::Result<(), tower_sessions::session::Error> {
    session.clear().await;
    session.insert(WAS, was).await
}

/// Deletes sessions that have ended and say nothing any more.
pub(crate) async fn sweep(store: &Store, now: Timestamp) -> std::result::Result<(), StoreError> {
    store::access::sessions::sweep(store.reader(), now, lingering(now)).await
}

/// Sessions that ended before this moment say nothing any more.
fn lingering(now: Timestamp) -> Timestamp {
    now.plus_seconds(-LINGERS.whole_seconds())
}

/// What stands for a session in the database and on its person's page; it opens nothing. None before it is kept.
pub(crate) fn hash_of(session: &Session) -> Option<String> {
    session.id().as_ref().map(hash)
}

/// What its person is shown of it, and by what it is ended with others.
///
/// # Errors
/// When an entry is not what it should be: a session of nobody knows whom would outlive its person's others.
fn about(record: &Record) -> std::result::Result<About, StoreError> {
    fn read<T: DeserializeOwned>(record: &Record, entry: &str) -> std::result::Result<Option<T>, StoreError> {
        let kept = record.data.get(entry).filter(|kept| !kept.is_null()).cloned();
        Ok(kept.map(serde_json::from_value).transpose()?)
    }
    let began_at = read::<i64>(record, BEGAN)?.map(Timestamp);
    let used_at = read::<i64>(record, USED)?.map(|step| Timestamp(step * STEP));
    Ok(About {
        account: read::<AccountId>(record, ACCOUNT)?,
        began_at,
        // A step may have begun before the session did.
        used_at: used_at.max(began_at),
        client: read(record, CLIENT)?,
        agent: read(record, AGENT)?,
    })
}

fn hash(id: &Id) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(id.0.to_le_bytes()))
}

fn data(record: &Record) -> Result<String> {
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn expiry(record: &Record) -> Timestamp {
    Timestamp((record.expiry_date - LINGERS).unix_timestamp() * 1000)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_session_lasts_from_the_end_of_the_step_in_which_it_was_used() {
        let used = 5_984_208;
        let at = |seconds: i64| Timestamp(used * STEP).plus_seconds(seconds);
        for (seconds, left) in [
            (0, 35 * 60),
            (299, 30 * 60 + 1),
            (33 * 60, 120),
            (35 * 60, 0),
            (36 * 60, 0),
        ] {
            assert_eq!(seconds_left(used, 30, at(seconds)), left, "{seconds}");
        }
    }

    #[test]
    fn a_session_whose_account_cannot_be_read_is_not_kept() {
        let record = |account: Value| Record {
            id: Id::default(),
            data: [(ACCOUNT.to_owned(), account)].into(),
            expiry_date: OffsetDateTime::UNIX_EPOCH,
        };
        assert!(about(&record(json!(7))).is_err());
        assert_eq!(about(&record(Value::Null)).unwrap().account, None);
        let id = "018f3f4e-7c1a-7d2b-9a55-000000000001";
        assert!(about(&record(json!(id))).unwrap().account.is_some());
    }
}
