//! Who sends a customer's change files. While nobody may, the first file of a source fails and says so, once a day; those behind
//! it wait, so that their numbers are not used up.

use domain::{change_file::FileFault, customer::Customer, organisation::Organisation, submission::Outcome};
use store::{
    ConnectionTrait,
    access::change_files::{
        files::{self, ChangeFile},
        sources::Source,
    },
    submissions::Submission,
};

use super::{failed, not_granted, submission_of};
use crate::{Gate, GateError, Visit};

/// The seconds after which another file fails, and says so again.
pub(super) const A_DAY: i64 = 86_400;

impl Gate {
    /// Why nobody sends a file for a customer at this moment, or not who does.
    pub(super) async fn may_not_send(
        &self,
        db: &impl ConnectionTrait,
        visit: Option<&Visit<'_>>,
        customer: &Customer,
        home: &Organisation,
    ) -> Result<Option<FileFault>, GateError> {
        let number = customer.number;
        if !customer.change_files {
            return Ok(Some(FileFault::CustomerOff { customer: number }));
        }
        match visit {
            Some(visit) => not_granted(self, db, visit.actor, (customer, home)).await,
            None => Ok(Some(FileFault::NoConnector { customer: number })),
        }
    }

    /// Whether a file that would fail waits instead: the last one of its source has failed for the same reason within a day,
    /// and that reason is who sends them.
    pub(super) async fn stops(
        &self,
        db: &impl ConnectionTrait,
        last: Option<&Source>,
        why: &FileFault,
    ) -> Result<bool, GateError> {
        let before = self.stopped(db, last).await?;
        Ok(before.is_some_and(|before| before.code() == why.code()))
    }

    /// Whether a file failed whole because of who sends them: nothing of it was processed, and it may come once more.
    pub(super) async fn was_not_let_in(&self, db: &impl ConnectionTrait, file: &ChangeFile) -> Result<bool, GateError> {
        let submission = match &file.submission {
            Some(id) => submission_of(db, id).await?,
            None => None,
        };
        let is_untouched = |submission: &Submission| submission.totals.with(Outcome::Done) == 0;
        let of_sender = failed(file, submission.as_ref()).is_some_and(|why| why.is_of_sender());
        Ok(of_sender && submission.as_ref().is_none_or(is_untouched))
    }

    /// Why the last file of a source failed, if that was who sends them, within a day.
    async fn stopped(&self, db: &impl ConnectionTrait, last: Option<&Source>) -> Result<Option<FileFault>, GateError> {
        let Some(Source {
            customer,
            source,
            number,
            ..
        }) = last
        else {
            return Ok(None);
        };
        let Some(file) = files::latest(db, *customer, source, *number).await? else {
            return Ok(None);
        };
        if file.received_at < self.now().plus_seconds(-A_DAY) {
            return Ok(None);
        }
        let submission = match &file.submission {
            Some(id) => submission_of(db, id).await?,
            None => None,
        };
        Ok(failed(&file, submission.as_ref()).filter(FileFault::is_of_sender))
    }
}
