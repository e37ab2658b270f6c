//! The trail as its operator keeps it: whether it is whole, where it ends, and how long it is kept.

use domain::{life::Span, values::ids::Timestamp};
use store::trail::{self, Anchor, Fault, Head, Verified};

use crate::{Gate, GateError, calendar, submissions::claims::commit};

/// What dropping would come to, or came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropping {
    /// The first entry that goes.
    pub first: i64,
    /// The last one.
    pub through: i64,
    /// What is older than this goes.
    pub before: Timestamp,
}

/// Why nothing is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDropped {
    /// No entry is so old.
    NothingOld,
    /// The old entries are not whole: first somebody must find out why.
    Broken(Fault),
    /// They have not all been handed on to the place that is configured; up to this entry they have.
    NotForwarded(i64),
}

impl Gate {
    /// Looks through the whole trail, and compares it with what was noted elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_trail(&self, anchors: &[Anchor]) -> Result<Verified, GateError> {
        Ok(trail::verify(self.store.reader(), anchors).await?)
    }

    /// Where the trail ends now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn trail_head(&self) -> Result<Head, GateError> {
        Ok(trail::head(self.store.reader()).await?)
    }

    /// What could be dropped of the trail when entries are kept for so many years; nothing is changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_entries(
        &self,
        years: u32,
        forwarded_to: Option<&str>,
    ) -> Result<Result<Dropping, NotDropped>, GateError> {
        let months = years.saturating_mul(12);
        let Some(before) = calendar::before(self.now(), Span { months, days: 0 }) else {
            return Ok(Err(NotDropped::NothingOld));
        };
        let db = self.store.reader();
        let first = trail::head(db).await?.dropped + 1;
        let Some(through) = trail::last_before(db, before).await? else {
            return Ok(Err(NotDropped::NothingOld));
        };
        if let Some(place) = forwarded_to {
            let done = trail::cursor(db, place).await?.map_or(0, |cursor| cursor.number);
            if done < through {
                return Ok(Err(NotDropped::NotForwarded(done)));
            }
        }
        let looked = trail::verify_through(db, &[], through).await?;
        Ok(match looked.faults.into_iter().next() {
            Some(fault) => Err(NotDropped::Broken(fault)),
            None => Ok(Dropping { first, through, before }),
        })
    }

    /// Drops what [`Self::old_entries`] found, in somebody's name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_old_entries(&self, found: Dropping, signed_off_by: &str) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        trail::drop_through(&tx, found.through, self.now(), signed_off_by).await?;
        commit(tx).await
    }
}
