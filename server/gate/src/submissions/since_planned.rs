//! Who was made or changed since a submission was planned. Of those who look like a new person, only they can be such that
//! its confirmer was not shown; the others, in an organisation of thousands, need not be compared again with each chunk.

use std::collections::HashSet;

use store::{
    Transaction,
    submissions::Submission,
    trail::{self, events},
};
use uuid::Uuid;

use crate::GateError;

/// Where there are more, everybody is looked at instead.
const MOST: u64 = 2_000;

/// What is known of it so far.
pub(crate) struct News {
    /// The trail's entry up to which it is known; none where everybody may be news.
    through: Option<i64>,
    people: HashSet<Uuid>,
}

impl News {
    /// That of a submission which is about to be applied.
    pub(crate) fn since_planned(submission: &Submission) -> Self {
        Self {
            through: submission.planned_after,
            people: HashSet::new(),
        }
    }

    /// Whom others have made or changed up to this moment; none where it may be anybody.
    pub(crate) async fn read(
        &mut self,
        tx: &Transaction,
        own: &Submission,
    ) -> Result<Option<HashSet<Uuid>>, GateError> {
        let Some(after) = self.through else { return Ok(None) };
        // Entries become visible in their order: with the head, all before it.
        let through = trail::head(tx).await?.number;
        let since = events::people_between(tx, after, through, &own.id, MOST).await?;
        let is_known = since.is_some();
        self.people.extend(since.into_iter().flatten());
        // Of a sender whose own rights have changed, others may have come in sight.
        let sender = own.actor.account();
        let sees_the_same = sender.is_none_or(|sender| !self.people.contains(&sender.0));
        let are_few = is_known && self.people.len() as u64 <= MOST;
        self.through = (are_few && sees_the_same).then_some(through);
        Ok(self.through.map(|_| self.people.clone()))
    }
}
