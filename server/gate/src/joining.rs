//! Taking in a leaver asks for their exact address. Whoever tries one after another is stopped for the day, so that nobody
//! learns this way who is leaving elsewhere.

use domain::{
    ids::RowNumber,
    problem::{Kind, Problem},
    request::Wish,
};

use crate::{
    GateError, Visit,
    proving::counting::{Counted, MISSES_A_DAY},
};

impl Visit<'_> {
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
