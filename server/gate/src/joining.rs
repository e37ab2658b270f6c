//! Taking in a leaver asks for their exact address. Whoever tries one after another is stopped for the day, so that nobody
//! learns this way who is leaving elsewhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::RowNumber,
    problem::{Kind, Problem},
    request::Wish,
    sign_in::Tries,
};
use sha2::{Digest, Sha256};
use store::failures;

use crate::{GateError, Visit, check::commit};

/// Addresses of no leaver that one person may enter in a day.
const MOST_MISSES: u32 = 10;

/// The day, in seconds from the first miss.
const DAY: i64 = 86_400;

impl Visit<'_> {
    /// The problem of somebody who has entered too many addresses of no leaver today.
    pub(crate) async fn too_many_misses(&self, wish: &Wish) -> Result<Option<Problem>, GateError> {
        let (Wish::Join { .. }, Some(key)) = (wish, self.misses_key()) else {
            return Ok(None);
        };
        let misses = failures::get(self.gate.store.reader(), &key).await?;
        let is_over = misses.wait(self.gate.now()).is_none() || misses.count < MOST_MISSES;
        let problem = Problem::in_row(RowNumber(1), Kind::TooManyMisses { most: MOST_MISSES });
        Ok((!is_over).then_some(problem))
    }

    /// Counts an address that is no leaver's.
    pub(crate) async fn note_miss(&self, problems: &[Problem]) -> Result<(), GateError> {
        let is_miss = problems.iter().any(|problem| problem.kind == Kind::NoSuchLeaver);
        let Some(key) = self.misses_key().filter(|_| is_miss) else {
            return Ok(());
        };
        let now = self.gate.now();
        let tx = self.gate.store.begin().await?;
        let before = failures::hold(&tx, &key).await?;
        let misses = match before.wait(now) {
            Some(_) => Tries {
                count: before.count.saturating_add(1),
                ..before
            },
            None => Tries {
                count: 1,
                began_at: now,
                wait_until: now.plus_seconds(DAY),
            },
        };
        failures::put(&tx, &key, &misses).await?;
        commit(tx).await
    }

    fn misses_key(&self) -> Option<String> {
        let account = self.actor.account()?;
        Some(URL_SAFE_NO_PAD.encode(Sha256::digest(format!("joiner {account}").as_bytes())))
    }
}
