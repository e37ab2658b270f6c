//! Uploaded files whose time is up: they hold people's details, and serve only to be given back with their results.

use domain::{life::Span, policy::Actor, submission::State, values::ids::Timestamp};
use store::submissions;

use crate::{
    Gate, GateError, calendar,
    submissions::{claims::commit, columns::asks_for_columns},
};

/// Files that are deleted in one transaction.
const AT_ONCE: u64 = 100;

/// What the sender finds who did not say in time what the columns hold.
const TOO_LATE: &str = "Nobody said in time what the columns of this file hold, so it is no longer kept. Upload it again if you still need it.";

impl Gate {
    /// Deletes the files of submissions that have been done with for as long as files are kept, and those whose columns nobody
    /// has explained in time: these may hold passwords.
    ///
    /// # Errors
    /// `Denied` for anybody but the service.
    pub(super) async fn drop_files(&self, service: &Actor) -> Result<(), GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let (timers, now) = (&self.rules.timers, self.now());
        loop {
            let tx = self.store.begin().await?;
            let mut due = Vec::new();
            if let Some(by) = days_before(now, timers.file_days) {
                due.extend(submissions::finished_files(&tx, by, AT_ONCE).await?);
            }
            if let Some(by) = days_before(now, timers.undecided_days) {
                due.extend(submissions::unexplained_files(&tx, by, AT_ONCE).await?);
            }
            let mut dropped = 0;
            for id in due {
                let Some(mut held) = submissions::hold(&tx, &id).await? else {
                    continue;
                };
                // Somebody may have said so a moment ago.
                if held.file_gone || matches!(held.state, State::Received | State::Applying) {
                    continue;
                }
                if held.state == State::Unreadable && asks_for_columns(&held) {
                    held.trouble = Some(TOO_LATE.to_owned());
                }
                submissions::drop_file(&tx, &mut held).await?;
                submissions::save(&tx, &held).await?;
                dropped += 1;
            }
            if dropped == 0 {
                return Ok(());
            }
            commit(tx).await?;
        }
    }
}

/// The moment so many days earlier; `None` where it is no earlier, as before the calendar begins: nothing is due then.
fn days_before(now: Timestamp, days: u32) -> Option<Timestamp> {
    calendar::before(now, Span { months: 0, days }).filter(|moment| *moment < now)
}
