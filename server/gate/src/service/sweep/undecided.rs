//! What was asked for by a form and never decided on: it stands in no list, so it does not wait for ever. Files do.

use domain::{policy::Actor, submission::State, values::ids::Timestamp};
use store::submissions::{self, Submission};

use super::{Due, Upcoming};
use crate::{Gate, GateError, submissions::review::throw_away};

/// What its asker finds who comes back to it.
const TOO_LATE: &str = "It was not confirmed in time, so it was thrown away. If it is still wanted, ask for it again.";

/// As many as are read at once.
const LOOKED_THROUGH: u64 = 5000;

impl Gate {
    /// What waits since a moment or longer; `at` says when its time is up.
    pub(super) async fn undecided_since(
        &self,
        by: Timestamp,
        at: impl Fn(Timestamp) -> Option<Timestamp>,
    ) -> Result<Vec<Due>, GateError> {
        let found = submissions::undecided_since(self.store.reader(), by, LOOKED_THROUGH).await?;
        let due = found.into_iter().filter_map(|asked| {
            let at = at(waits_since(&asked))?;
            let what = Upcoming::ThrowAway(Box::new(asked));
            Some(Due { at, what })
        });
        Ok(due.collect())
    }

    /// Discards what is due and still waits; returns how much that was.
    ///
    /// # Errors
    /// `Denied` for anybody but the service.
    pub(super) async fn throw_away_undecided(
        &self,
        tx: &store::Transaction,
        service: &Actor,
        due: &[&Due],
    ) -> Result<usize, GateError> {
        let mut done = 0;
        for due in due {
            let Upcoming::ThrowAway(asked) = &due.what else {
                continue;
            };
            if service.account().is_some() {
                return Err(GateError::Denied);
            }
            let Some(mut held) = submissions::hold(tx, &asked.id).await? else {
                continue;
            };
            // Somebody may have decided a moment ago.
            if held.state != State::Planned || waits_since(&held) != waits_since(asked) {
                continue;
            }
            held.trouble = Some(TOO_LATE.to_owned());
            throw_away(self, tx, held).await?;
            done += 1;
        }
        Ok(done)
    }
}

/// Since when it waits for its asker's word: since it was asked for, or since it went back to them.
fn waits_since(asked: &Submission) -> Timestamp {
    asked.confirmed_at.unwrap_or(asked.received_at)
}
