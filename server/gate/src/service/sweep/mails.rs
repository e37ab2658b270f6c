//! What came by email and is kept for a while only: mails that were set aside, and who was answered and told lately.

use domain::life::Span;
use store::access::email::{messages, notes, replies};

use crate::{Gate, GateError, calendar, submissions::claims::commit};

const HOUR: i64 = 3_600_000;

impl Gate {
    /// Deletes what is kept of mails that were set aside once their days are over, and what was counted before yesterday.
    pub(super) async fn sweep_mails(&self) -> Result<(), GateError> {
        let now = self.now();
        let span = Span {
            months: 0,
            days: self.rules.email.set_aside_days,
        };
        let tx = self.store.begin().await?;
        if let Some(before) = calendar::before(now, span) {
            messages::sweep(&tx, before).await?;
        }
        replies::sweep(&tx, now.0.div_euclid(HOUR) - 24).await?;
        notes::sweep(&tx, calendar::day_number(now) - 1).await?;
        commit(tx).await
    }
}
