//! The brake of the sweep: a run that would end or erase suspiciously much does none of it until somebody confirms the very
//! number. A mistyped setting or a wrong clock makes everything due at once; nothing of that is to happen unseen.
//!
//! What waits, and what was confirmed, is one row of the database, so that several processes agree. A confirmation is used
//! up by the run that begins with it. That run does no more than was confirmed, and nothing that became due after it was
//! counted.

use std::collections::HashSet;

use domain::{
    life::{Then, Turn},
    policy::{Authority, Deed, Right},
    rules::Brake,
    trail::{Happening, Record},
    values::ids::Timestamp,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, brake};

use super::{
    sort::{Sort, everything},
    upcoming::{Due, NAMED, Upcoming},
};
use crate::{Gate, GateError, Visit, submissions::claims::commit};

/// How many of what a run would end or erase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ending {
    /// Accounts that become those of leavers.
    pub leavers: u64,
    /// Accounts that are disabled: their absence begins.
    pub disabled: u64,
    /// Accounts that are deleted.
    pub deleted: u64,
    /// Accounts that are permanently deleted.
    pub erased: u64,
    /// Contacts that are permanently deleted.
    pub contacts: u64,
    /// Roles whose end date has come.
    pub roles: u64,
    /// Erased accounts whose addresses become free.
    pub addresses: u64,
}

impl Ending {
    /// All of them together.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.leavers + self.disabled + self.deleted + self.erased + self.contacts + self.roles + self.addresses
    }

    fn count(&mut self, what: &Upcoming) {
        match what {
            Upcoming::Account(_, Then::Erase) => self.erased += 1,
            Upcoming::Account(_, Then::Turn(Turn::MarkLeaver)) => self.leavers += 1,
            Upcoming::Account(_, Then::Turn(Turn::Disable)) => self.disabled += 1,
            // These take nothing from anybody.
            Upcoming::Account(_, Then::Turn(Turn::Enable) | Then::Start | Then::GiveUpAbsence) => {}
            Upcoming::Account(_, Then::Turn(_)) => self.deleted += 1,
            Upcoming::EraseContact(_) => self.contacts += 1,
            Upcoming::EndRole(_) => self.roles += 1,
            Upcoming::FreeAddresses(_) => self.addresses += 1,
            // Neither takes anything from anybody.
            Upcoming::Lapse(_) | Upcoming::ThrowAway(_) => {}
        }
    }
}

/// What is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// How much: the number to confirm.
    pub waiting: u64,
    /// Of what.
    pub of: Ending,
    /// Since when something is held back.
    pub since: Timestamp,
    /// When it was counted.
    pub counted_at: Timestamp,
    /// Who confirmed it, where it only waits for the next run.
    pub confirmed_by: Option<String>,
}

/// Why a number was not taken as a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    /// Nothing is held back.
    #[error("no automatic changes are held back, so there is nothing to confirm")]
    NothingHeld,
    /// Another number is.
    #[error("{0} automatic changes are held back, not the number given: look at them again")]
    OtherNumber(u64),
}

/// What a run may end or erase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Nothing: so much is held back.
    Nothing {
        /// How much.
        held: u64,
    },
    /// At most so much, of what is due by a moment.
    UpTo {
        /// How much.
        number: u64,
        /// By when.
        by: Timestamp,
    },
}

impl Gate {
    /// What is held back; `None` if nothing is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_back(&self) -> Result<Option<HeldBack>, GateError> {
        held(brake::read(self.store.reader()).await?)
    }

    /// How many changes a sweep at a moment would hold back until somebody confirms the number; `None` if it would make
    /// all of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn would_hold(&self, by: Timestamp) -> Result<Option<u64>, GateError> {
        let waiting = self.ending(by).await?.all();
        let accounts = brake::count_accounts(self.store.reader()).await?;
        Ok(self.rules.brake.holds(waiting, accounts).then_some(waiting))
    }

    /// Counts what is due, and says what this run may do of it.
    pub(super) async fn allowed(&self, now: Timestamp) -> Result<Allowed, GateError> {
        let of = self.ending(now).await?;
        let waiting = of.all();
        let accounts = match waiting > Brake::SMALL {
            true => brake::count_accounts(self.store.reader()).await?,
            false => 0,
        };
        let holds = self.rules.brake.holds(waiting, accounts);
        let free = Allowed::UpTo {
            number: waiting,
            by: now,
        };
        if !holds && brake::read(self.store.reader()).await?.held_since.is_none() {
            return Ok(free);
        }
        let tx = self.store.begin().await?;
        let before = brake::hold(&tx).await?;
        let let_go = brake::Brake {
            waiting: 0,
            counts: "{}".to_owned(),
            counted_at: now,
            held_since: None,
            confirmed: None,
        };
        let (allowed, after) = match &before.confirmed {
            _ if !holds => (free, let_go),
            Some((number, _)) => {
                let confirmed = Allowed::UpTo {
                    number: *number,
                    by: before.counted_at,
                };
                (confirmed, let_go)
            }
            None => {
                let counts = serde_json::to_string(&of).map_err(StoreError::from)?;
                let is_known = before.waiting == waiting && before.counts == counts;
                let after = brake::Brake {
                    waiting,
                    counts,
                    // The number stands while it is the same; what is confirmed later is what was counted first.
                    counted_at: if is_known { before.counted_at } else { now },
                    held_since: before.held_since.or(Some(now)),
                    confirmed: None,
                };
                (Allowed::Nothing { held: waiting }, after)
            }
        };
        if after == before {
            tx.rollback().await?;
        } else {
            brake::save(&tx, &after).await?;
            commit(tx).await?;
        }
        Ok(allowed)
    }

    /// Counts what a run at this moment would end or erase.
    async fn ending(&self, by: Timestamp) -> Result<Ending, GateError> {
        let (mut of, mut leaving) = (Ending::default(), HashSet::new());
        for sort in Sort::all().filter(|sort| sort.ends()) {
            let mut after = None;
            loop {
                let part = self.part(sort, &everything(), by, after).await?;
                for due in &part.due {
                    leaving.extend(due.leaver());
                    // Somebody who leaves becomes a leaver, and nothing else in the same run.
                    let leaves = due.account().is_some_and(|id| leaving.contains(&id));
                    if due.leaver().is_some() || !leaves {
                        of.count(&due.what);
                    }
                }
                if part.next.is_none() {
                    break;
                }
                after = part.next;
            }
        }
        Ok(of)
    }
}

impl Visit<'_> {
    /// What is held back; `None` if nothing is.
    ///
    /// # Errors
    /// `Denied` for anybody who may not end accounts of the whole federation.
    pub async fn held_back(&self) -> Result<Option<HeldBack>, GateError> {
        over_everything(&self.authority().await?)?;
        self.gate.held_back().await
    }

    /// The first [`NAMED`] of what is held back, in the order in which it became due.
    ///
    /// # Errors
    /// As [`Self::held_back`].
    pub async fn held_list(&self, held: &HeldBack) -> Result<Vec<Due>, GateError> {
        over_everything(&self.authority().await?)?;
        let mut due = Vec::new();
        for sort in Sort::all().filter(|sort| sort.ends()) {
            due.extend(self.gate.due_of(sort, &everything(), held.counted_at, NAMED).await?);
        }
        due.sort_by_key(|due| due.at);
        due.truncate(NAMED);
        Ok(due)
    }

    /// Confirms that so much may be ended and erased by the next run. `operator` is who says so at the command line, where
    /// nobody is signed in.
    ///
    /// # Errors
    /// As [`Self::held_back`].
    pub async fn confirm_held(
        &self,
        number: u64,
        operator: Option<&str>,
    ) -> Result<Result<(), NotConfirmed>, GateError> {
        let tx = self.gate.store.begin().await?;
        let rights = over_everything(&self.gate.authority(&tx, self.actor).await?)?;
        let mut brake = brake::hold(&tx).await?;
        if brake.held_since.is_none() {
            return Ok(Err(NotConfirmed::NothingHeld));
        }
        if brake.waiting != number {
            return Ok(Err(NotConfirmed::OtherNumber(brake.waiting)));
        }
        let name = operator.unwrap_or_else(|| self.actor.name()).to_owned();
        brake.confirmed = Some((number, name));
        brake::save(&tx, &brake).await?;
        tx.record(Record {
            at: self.gate.now(),
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: None,
            person: None,
            rights,
            happening: Happening::SweepConfirmed {
                number,
                operator: operator.map(ToOwned::to_owned),
            },
        });
        commit(tx).await?;
        Ok(Ok(()))
    }
}

/// By what rights somebody may end accounts of the whole federation.
fn over_everything(authority: &Authority) -> Result<Vec<Right>, GateError> {
    match authority.scope(Deed::MoveAndEnd).everything {
        true => Ok(authority.rights_to(Deed::MoveAndEnd)),
        false => Err(GateError::Denied),
    }
}

fn held(brake: brake::Brake) -> Result<Option<HeldBack>, GateError> {
    let Some(since) = brake.held_since else {
        return Ok(None);
    };
    Ok(Some(HeldBack {
        waiting: brake.waiting,
        of: serde_json::from_str(&brake.counts).map_err(StoreError::from)?,
        since,
        counted_at: brake.counted_at,
        confirmed_by: brake.confirmed.map(|(_, by)| by),
    }))
}
