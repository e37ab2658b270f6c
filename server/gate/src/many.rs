//! One thing for many people: those ticked in a list, all of a search, or those that an upload made or changed. It is one
//! submission with a preview, like a file's.

use domain::{
    ids::{AccountId, SubmissionId, Timestamp},
    life::Turn,
    plan::RowKind,
    policy::Deed,
    request::{Cells, Wish},
    submission::State,
};
use store::{
    jobs::{self, Task},
    people::{self, Query},
    rows, submissions,
};

use crate::{GateError, Visit, check::commit, places, seed::numbered};

/// As many people as one asking may be about.
pub const MOST_AT_ONCE: u64 = 20_000;

/// Whom it is about.
#[derive(Clone, Debug)]
pub enum Whom {
    /// These accounts.
    These(Vec<AccountId>),
    /// All accounts that a search finds.
    Search(Query),
    /// The accounts that a submission created, or changed.
    Upload(SubmissionId, RowKind),
}

/// What is to be done with each.
#[derive(Clone, Debug)]
pub enum Act {
    /// A turn in their lives.
    Turn(Turn),
    /// They leave on a day ahead.
    Leave(Timestamp),
    /// They go to another organisation, site and unit.
    Move(Cells),
}

impl Act {
    const fn deed(&self) -> Deed {
        match self {
            Self::Turn(Turn::Disable | Turn::Enable) => Deed::DisableAndEnable,
            Self::Turn(Turn::Unlock) => Deed::ResetAndUnlock,
            Self::Turn(_) | Self::Leave(_) | Self::Move(_) => Deed::MoveAndEnd,
        }
    }

    fn wish(&self, account: AccountId) -> Wish {
        match self {
            Self::Turn(turn) => Wish::Turn { account, turn: *turn },
            Self::Leave(at) => Wish::Leaving { account, at: Some(*at) },
            Self::Move(cells) => Wish::MoveAccount {
                account,
                cells: cells.clone(),
            },
        }
    }
}

impl Visit<'_> {
    /// Whom it is about, as far as the actor sees them, at most [`MOST_AT_ONCE`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meant(&self, whom: &Whom) -> Result<Vec<AccountId>, GateError> {
        let db = self.gate.store.reader();
        let scope = self.scope(Deed::See).await?;
        match whom {
            Whom::These(ids) => {
                let named: Vec<_> = ids.iter().map(|id| id.0).collect();
                Ok(people::ids_within(db, &scope, &named).await?)
            }
            Whom::Search(query) => Ok(people::ids(db, &scope, query, MOST_AT_ONCE).await?),
            Whom::Upload(id, kind) => {
                let submission = self.submission(id).await?;
                let made = rows::subjects(db, &submission.id, *kind, MOST_AT_ONCE).await?;
                Ok(people::ids_within(db, &scope, &made).await?)
            }
        }
    }

    /// Asks for one thing for many accounts; it is planned in the background.
    ///
    /// # Errors
    /// `Denied` where the actor may do no such thing anywhere; `NotFound` where nobody is meant.
    pub async fn ask_for_many(&self, title: &str, whom: &Whom, act: &Act) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        let scope = self.scope(act.deed()).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let meant = self.meant(whom).await?;
        if meant.is_empty() {
            return Err(GateError::NotFound);
        }
        let requests = numbered(meant.into_iter().map(|account| act.wish(account)).collect());
        let mut submission = self.by_form(title);
        submission.state = State::Received;
        submission.expected_rows = u32::try_from(requests.len()).unwrap_or(u32::MAX);
        let bytes = serde_json::to_vec(&requests).map_err(store::StoreError::from)?;
        let tx = gate.store.begin().await?;
        submissions::create(&tx, &submission, bytes, &places(&scope)).await?;
        jobs::enqueue(&tx, Task::Check, &submission.id, gate.now()).await?;
        commit(tx).await?;
        gate.bell.notify_one();
        Ok(submission.id)
    }
}
