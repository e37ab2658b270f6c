//! Verifying the audit log from the portal. It is looked through from end to end, no matter who asks: a chain is whole or it is
//! not. What its asker is told keeps to what they may read. That somebody verified it, and what came of it, is recorded.

use std::time::Duration;

use domain::{
    policy::Deed,
    trail::{Action, Happening, Told},
    values::ids::Timestamp,
};
use store::trail;

use crate::{GateError, Visit};

/// How long somebody waits for it; a trail that takes longer is verified all the same, and they look again later.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verifying {
    /// It is verified: the number of the entry that says so.
    Done(i64),
    /// It takes longer, and is recorded when it is done.
    Running,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who verified it, by name.
    pub by: String,
    /// How many entries there are, of those that they may read.
    pub entries: u64,
    /// Where the trail ended, as `NUMBER:HASH`; for those only who read all of it.
    pub head: Option<String>,
    /// What is wrong first; `None` if the trail is whole.
    pub fault: Option<String>,
}

impl Visit<'_> {
    /// Looks through the whole audit log, and records what comes of it.
    ///
    /// # Errors
    /// `Denied` where the actor may read no trail; `Busy` while this process looks through it for somebody else.
    pub async fn verify_trail(&self) -> Result<Verifying, GateError> {
        self.reading().await?;
        let turn = self.gate.desk.verifying().ok_or(GateError::Busy)?;
        let (gate, actor) = (self.gate.clone(), self.actor.clone());
        let looking = tokio::spawn(async move {
            let _turn = turn;
            let verified = gate.on_behalf_of(&actor).verify_and_record().await;
            if let Err(error) = &verified {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the audit log could not be verified"
                );
            }
            verified
        });
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(Ok(verified)) => verified.map(Verifying::Done),
            // It broke off, and may be tried again.
            Ok(Err(_)) => Err(GateError::Busy),
            Err(_) => Ok(Verifying::Running),
        }
    }

    /// What the actor's own verification found, by the number of its entry.
    ///
    /// # Errors
    /// `NotFound` if there is no such entry, or it is somebody else's.
    pub async fn verification(&self, number: i64) -> Result<Verification, GateError> {
        self.reading().await?;
        let entry = trail::entry(self.gate.store.reader(), number).await?;
        let entry = entry.filter(|entry| entry.actor.is_some() && entry.actor == self.actor.account());
        let entry = entry.ok_or(GateError::NotFound)?;
        match entry.told {
            Told::Happening(Happening::TrailVerified { entries, head, fault }) => Ok(Verification {
                at: entry.at,
                by: entry.actor_name,
                entries,
                head,
                fault,
            }),
            _ => Err(GateError::NotFound),
        }
    }

    async fn verify_and_record(&self) -> Result<i64, GateError> {
        let (scope, db) = (self.reading().await?, self.gate.store.reader());
        let found = trail::verify(db, &[]).await?;
        let fault = match found.faults.first() {
            None => None,
            // What is elsewhere is not told; that the chain does not hold, is.
            Some(fault) => match scope.everything || trail::is_readable(db, &scope, fault.place()).await? {
                true => Some(fault.to_string()),
                false => Some(ELSEWHERE.to_owned()),
            },
        };
        let (entries, head) = match scope.everything {
            true => (found.entries, Some(format!("{}:{}", found.last, found.hash))),
            false => (trail::count(db, &scope, found.last).await?, None),
        };
        let happening = Happening::TrailVerified { entries, head, fault };
        self.note(happening, None, Some(Deed::ReadAuditTrail)).await?;
        let account = self.actor.account().ok_or(GateError::NotFound)?;
        let recorded = trail::last_of(self.gate.store.reader(), account, Action::TrailVerified).await?;
        recorded.map(|entry| entry.number).ok_or(GateError::NotFound)
    }
}

/// A fault in what its asker may not read.
const ELSEWHERE: &str = "an entry outside the organisations they manage is missing or was changed";
