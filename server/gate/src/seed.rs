//! What the service does on its own word: founding organisations and their first people. Through the same plan, the same
//! proof and the same writer as everybody else's wishes, so that it stands in the trail like theirs.

use domain::{
    account::Account,
    channel::Channel,
    ids::{AccountId, RowNumber, SubmissionId},
    plan::{FileKeys, plan},
    policy::{Actor, Scope, authorise},
    request::{ChangeRequest, Wish},
    submission::State,
};
use store::{
    credentials::{self, Credential},
    people, rows,
    snapshot::{self, Hold},
    submissions,
};

use crate::{
    Arriving, GateError, Visit,
    check::{CHUNK, commit},
    passwords::hash_password,
};

impl Visit<'_> {
    /// Makes wishes come true at once, in their order.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself, and when any wish cannot be done.
    pub async fn establish(&self, wishes: Vec<Wish>) -> Result<SubmissionId, GateError> {
        if *self.actor != Actor::System {
            return Err(GateError::Denied);
        }
        let gate = self.gate;
        let arriving = Arriving {
            channel: Channel::System,
            file_name: String::new(),
            bytes: vec![],
        };
        let mut submission = self.received(&arriving);
        submission.file_name = String::new();
        let numbered = (1..).map(RowNumber).zip(wishes);
        let requests: Vec<_> = numbered
            .map(|(row, wish)| ChangeRequest {
                row,
                wish,
                promised: None,
            })
            .collect();
        let tx = gate.store.begin().await?;
        submissions::create(&tx, &submission, vec![], &[]).await?;
        let authority = store::rights::authority(&tx, self.actor).await?;
        let everything = Scope {
            everything: true,
            parts: vec![],
        };
        for chunk in requests.chunks(CHUNK) {
            let known = ((*gate.rules).clone(), Channel::System, FileKeys::default());
            let snapshot = snapshot::load(&tx, &everything, known, chunk, Hold::Locked).await?;
            let planned = plan(&snapshot, chunk);
            if let Some(row) = planned.rows.iter().find(|row| !row.step.problems().is_empty()) {
                let why = row
                    .step
                    .problems()
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(" ");
                return Err(GateError::Trouble(store::StoreError::Unreadable(format!(
                    "row {} ({}): {why}",
                    row.row, row.name
                ))));
            }
            rows::insert(&tx, &submission.id, chunk, &planned.rows).await?;
            let authorised = authorise(&authority, planned).map_err(|_| GateError::Denied)?;
            store::apply::apply(&tx, &authorised, &submission.id, gate.now()).await?;
        }
        rows::close_all(&tx, &submission.id, domain::submission::Outcome::Done).await?;
        submission.totals = rows::totals(&tx, &submission.id).await?;
        submission.state = State::Applied;
        submission.finished_at = Some(gate.now());
        submissions::save(&tx, &submission).await?;
        commit(tx).await?;
        Ok(submission.id)
    }

    /// Gives an account a password of its own.
    ///
    /// # Errors
    /// `Denied` for anybody but the service itself.
    pub async fn set_password(&self, account: AccountId, password: &str) -> Result<(), GateError> {
        if *self.actor != Actor::System {
            return Err(GateError::Denied);
        }
        let password_hash = hash_password(password.to_owned()).await;
        let tx = self.gate.store.begin().await?;
        credentials::set(
            &tx,
            account,
            Credential {
                password_hash,
                one_time: false,
            },
            self.gate.now(),
        )
        .await?;
        commit(tx).await
    }
}

impl crate::Gate {
    /// The account that signs in with an address, and the hash of its password; for signing in only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in_account(&self, address: &str) -> Result<Option<(Account, Option<Credential>)>, GateError> {
        let db = self.store.reader();
        let Some(account) = people::by_address(db, address).await? else {
            return Ok(None);
        };
        let credential = credentials::get(db, account.id).await?;
        Ok(Some((account, credential)))
    }

    /// Whether nobody is here yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_empty(&self) -> Result<bool, GateError> {
        Ok(people::is_empty(self.store.reader()).await?)
    }

    /// The store behind the gate; for sessions and the operator's commands.
    #[must_use]
    pub const fn store(&self) -> &store::Store {
        &self.store
    }
}
