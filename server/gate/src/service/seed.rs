//! What the service does on its own word: founding organisations and their first people. Through the same plan, the same
//! proof and the same writer as everybody else's wishes, so that it stands in the trail like theirs.

use domain::{
    channel::Channel,
    event::{Event, Fact},
    request::{ChangeRequest, Wish},
    submission::State,
    values::ids::{AccountId, RowNumber, SubmissionId},
};
use store::{
    access::credentials,
    directory::{organisations, people},
    submissions,
};

use crate::{GateError, Visit, sign_in::passwords::hash_password, submissions::claims::commit};

/// What founding is called in the trail.
pub(crate) const FOUNDING: &str = "Founding";

impl Visit<'_> {
    /// Whether it is the service itself that asks.
    pub(crate) fn is_service(&self) -> bool {
        self.actor.is_service()
    }

    /// Makes wishes come true at once, in their order, or none of them.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself, and when any wish cannot be done.
    pub async fn establish(&self, wishes: Vec<Wish>) -> Result<SubmissionId, GateError> {
        if !self.is_service() {
            return Err(GateError::Denied);
        }
        let tx = self.gate.store.begin().await?;
        let done = self.done_in(&tx, Channel::System, FOUNDING, &numbered(wishes)).await?;
        if let Some((row, _)) = done.rows.iter().find(|(row, _)| !row.step.problems().is_empty()) {
            let problems = row.step.problems().iter().map(ToString::to_string);
            let why = problems.collect::<Vec<_>>().join(" ");
            return Err(GateError::Trouble(store::StoreError::Unreadable(format!(
                "row {} ({}): {why}",
                row.row, row.name
            ))));
        }
        commit(tx).await?;
        Ok(done.submission)
    }

    /// Gives an account a password of its own.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself.
    pub async fn set_password(&self, account: AccountId, password: &str) -> Result<(), GateError> {
        if !self.is_service() {
            return Err(GateError::Denied);
        }
        let password_hash = hash_password(password.to_owned()).await?;
        let tx = self.gate.store.begin().await?;
        credentials::set(&tx, account, password_hash, false, self.gate.now()).await?;
        commit(tx).await
    }
}

/// Events of a history that are told in one transaction.
const STRETCH: usize = 5_000;

/// A history that the service tells, a stretch at a time: what happened is written down, not asked for.
pub struct History<'a> {
    visit: &'a Visit<'a>,
    submission: SubmissionId,
    row: RowNumber,
}

impl Visit<'_> {
    /// Begins a history; for directories that are made up.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself.
    pub async fn begin_history(&self) -> Result<History<'_>, GateError> {
        if !self.is_service() {
            return Err(GateError::Denied);
        }
        let mut submission = self.by_form(FOUNDING);
        submission.channel = Channel::System;
        submission.state = State::Applied;
        submission.finished_at = Some(self.gate.now());
        let tx = self.gate.store.begin().await?;
        submissions::create(&tx, &submission, vec![], &[]).await?;
        commit(tx).await?;
        Ok(History {
            visit: self,
            submission: submission.id,
            row: RowNumber(0),
        })
    }
}

impl History<'_> {
    /// Tells what happened next; each stretch is a transaction.
    ///
    /// # Errors
    /// When the database fails, or what happened cannot have happened.
    pub async fn tell(&mut self, facts: impl Iterator<Item = Fact>) -> Result<(), GateError> {
        let mut facts = facts.peekable();
        while facts.peek().is_some() {
            let stretch: Vec<_> = facts.by_ref().take(STRETCH).map(|fact| self.event(fact)).collect();
            let tx = self.visit.gate.store.begin().await?;
            #[expect(
                clippy::disallowed_methods,
                reason = "only the service tells a history, which was checked above"
            )]
            store::directory::apply::replay(&tx, &stretch).await?;
            commit(tx).await?;
        }
        Ok(())
    }

    fn event(&mut self, fact: Fact) -> Event {
        self.row.0 += 1;
        Event {
            at: self.visit.gate.now(),
            submission: self.submission.clone(),
            row: self.row,
            actor: None,
            actor_name: self.visit.actor.name().to_owned(),
            channel: Channel::System,
            fact,
        }
    }
}

/// Requests in the wishes' order.
pub(crate) fn numbered(wishes: Vec<Wish>) -> Vec<ChangeRequest> {
    let numbered = (1..).map(RowNumber).zip(wishes);
    let request = |(row, wish)| ChangeRequest {
        row,
        wish,
        promised: None,
    };
    numbered.map(request).collect()
}

impl crate::Gate {
    /// Whether there is neither an account nor an organisation yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_empty(&self) -> Result<bool, GateError> {
        let db = self.store.reader();
        Ok(people::is_empty(db).await? && organisations::is_empty(db).await?)
    }

    /// The store behind the gate; for sessions and the operator's commands.
    #[must_use]
    pub const fn store(&self) -> &store::Store {
        &self.store
    }
}
