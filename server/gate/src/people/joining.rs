//! Taking in a leaver asks for their exact address. Somebody who tries one after another is stopped for the day, so that nobody
//! learns this way who is leaving elsewhere.

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Attributes},
    plan::{AccountStep, Step},
    problem::{Kind, Problem},
    request::Wish,
    submission::State,
    values::ids::{RowNumber, SubmissionId},
};
use store::{directory::people, submissions::rows};

use crate::{
    GateError, Visit,
    sign_in::password_sign_in::counting::{Counted, MISSES_A_DAY},
};

/// What a leaver is, besides their name and address, that comes along when they are taken in.
pub const COMES_ALONG: [Attribute; 4] = [
    Attribute::JobTitle,
    Attribute::Department,
    Attribute::Telephone,
    Attribute::LocalId,
];

impl Visit<'_> {
    /// What comes along with a leaver whom the actor has found by their exact address, has asked to take in, and has not
    /// decided on yet; `None` otherwise. A local ID comes along within one trust only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn coming_along(&self, asked: &SubmissionId) -> Result<Option<Attributes>, GateError> {
        let review = match self.review(asked, rows::Filter::default()).await {
            Err(GateError::NotFound) => return Ok(None),
            review => review?,
        };
        let is_open = review.is_mine && review.submission.state == State::Planned;
        let (of, changes) = match review.rows.as_slice() {
            [only] if is_open => match &only.planned.step {
                Step::Account(
                    of,
                    AccountStep::Move {
                        before: AccountStatus::Leaver,
                        changes,
                        ..
                    },
                ) => (of, changes),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let found = people::by_ids(self.gate.store.reader(), &[of.account.0]).await?.pop();
        // Somebody who is taken in by another, or stays after all, is not for anybody to look at here.
        let Some(leaver) = found.filter(|found| found.status == AccountStatus::Leaver) else {
            return Ok(None);
        };
        let stays_behind = changes
            .iter()
            .any(|change| change.attribute == Attribute::LocalId && change.before.is_some());
        let along = COMES_ALONG
            .into_iter()
            .filter(|attribute| *attribute != Attribute::LocalId || !stays_behind);
        let along = along.filter_map(|attribute| Some((attribute, leaver.attributes.get(attribute)?.clone())));
        Ok(Some(along.collect()))
    }

    /// The problem of somebody who has entered too many addresses of no leaver today.
    pub(crate) async fn too_many_misses(&self, wish: &Wish) -> Result<Option<Problem>, GateError> {
        let (Wish::Join { .. }, Some(account)) = (wish, self.actor.account()) else {
            return Ok(None);
        };
        let waits = self.gate.waits_for(&Counted::Misses(account)).await?;
        let kind = Kind::TooManyMisses { most: MISSES_A_DAY };
        Ok(waits.map(|_| Problem::in_row(RowNumber(1), kind)))
    }

    /// Counts an address that is no leaver's.
    pub(crate) async fn note_miss(&self, problems: &[Problem]) -> Result<(), GateError> {
        let is_miss = problems.iter().any(|problem| problem.kind == Kind::NoSuchLeaver);
        let Some(account) = self.actor.account().filter(|_| is_miss) else {
            return Ok(());
        };
        self.gate.count(&[Counted::Misses(account)]).await.map(drop)
    }
}
