//! How connectors get on: their requests, counted in memory and written every few seconds; and what their pages show of it.

mod differences;

use std::mem;

use domain::{
    connector::{is_silent, usual_gap},
    values::ids::{AccountId, Timestamp},
};
use store::access::{
    counts::{self, Day, RefusalGroup},
    links,
};

pub use self::differences::{Differences, Disagreement, Edited, Unmentioned};
pub use super::counting::Noted;
use crate::{Gate, GateError, Visit, calendar::day_number, submissions::claims::commit};

/// Days that are looked back on.
pub(crate) const LOOKED_BACK: i64 = 90;

/// Days that days of contact are kept.
const DAYS_KEPT: i64 = 400;

/// Reasons of refusals that a page shows.
const REFUSALS_SHOWN: u64 = 500;

/// Reasons of refusals in a file.
const REFUSALS_IN_A_FILE: u64 = 100_000;

/// Days that reasons of refusals are kept that do not come again.
const REFUSALS_KEPT: i64 = 90;

impl Gate {
    /// Counts a connector's request. It is written down by [`Self::write_noted`].
    pub async fn note_request(&self, connector: AccountId, outcome: Noted) {
        self.noted.lock().await.note(connector, outcome, self.now());
    }

    /// Writes down what was counted since it was written last; and once a day takes away what is old.
    ///
    /// # Errors
    /// When the database fails; what was counted is written the next time.
    pub async fn write_noted(&self) -> Result<(), GateError> {
        let today = day_number(self.now());
        let (days, refusals, sweeps) = {
            let mut noted = self.noted.lock().await;
            let days = mem::take(&mut noted.days).into_iter();
            let refusals = mem::take(&mut noted.refusals).into_iter();
            let days: Vec<_> = days.map(|((connector, _), day)| (connector, day)).collect();
            let refusals: Vec<_> = refusals
                .flat_map(|(connector, groups)| groups.into_values().map(move |group| (connector, group)))
                .collect();
            (days, refusals, noted.swept_on != Some(today))
        };
        if days.is_empty() && !sweeps {
            return Ok(());
        }
        let written = self.write_counts(&days, &refusals, sweeps.then_some(today)).await;
        let mut noted = self.noted.lock().await;
        match written {
            Ok(()) => noted.swept_on = Some(today),
            Err(_) => noted.put_back(days, refusals),
        }
        written
    }

    async fn write_counts(
        &self,
        days: &[(AccountId, Day)],
        refusals: &[(AccountId, RefusalGroup)],
        sweeps_on: Option<i64>,
    ) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        counts::add(&tx, days, refusals).await?;
        if let Some(today) = sweeps_on {
            let old = self.now().plus_seconds(-REFUSALS_KEPT * 86_400);
            counts::sweep(&tx, old, today - DAYS_KEPT).await?;
        }
        commit(tx).await
    }
}

/// How a connector gets on.
#[derive(Clone, Debug)]
pub struct ConnectorHealth {
    /// When its machine was last in contact.
    pub last_contact: Option<Timestamp>,
    /// The seconds that usually lie between two days of contact; `None` while there are too few to say.
    pub usual_gap: Option<i64>,
    /// Since when there was no contact, if that is longer than usual.
    pub silent_since: Option<Timestamp>,
    /// What was asked for by day, the latest first; of 90 days.
    pub days: Vec<Day>,
    /// Why requests were refused, the latest first; at most 500.
    pub refusals: Vec<RefusalGroup>,
    /// How many reasons there are in all.
    pub reasons: u64,
    /// How many accounts its machine knows.
    pub links: u64,
    /// Where the directory and the machine have drifted apart.
    pub differences: Differences,
}

impl Visit<'_> {
    /// How a connector gets on: the actor, or one of the actor's scope. Of people, only those are named whom the actor sees.
    ///
    /// # Errors
    /// `NotFound` where the account is Connector of nothing there; `Denied` where the actor sees no connectors.
    pub async fn connector_health(&self, connector: AccountId) -> Result<ConnectorHealth, GateError> {
        self.see_connector(connector).await?;
        let (db, now) = (self.gate.store.reader(), self.gate.now());
        let days = counts::days(db, connector, day_number(now) - LOOKED_BACK).await?;
        let last_contact = match days.first() {
            Some(latest) => Some(latest.last_at),
            None => counts::last_contact(db, connector).await?,
        };
        let numbers: Vec<_> = days.iter().map(|day| day.day).collect();
        Ok(ConnectorHealth {
            last_contact,
            usual_gap: usual_gap(&numbers),
            silent_since: last_contact.filter(|last| is_silent(&numbers, *last, now)),
            refusals: counts::refusals(db, connector, REFUSALS_SHOWN).await?,
            reasons: counts::count_refusals(db, connector).await?,
            links: links::count(db, connector).await?,
            differences: self.differences(connector).await?,
            days,
        })
    }

    /// All reasons for which a connector's requests were refused, the latest first.
    ///
    /// # Errors
    /// As [`Self::connector_health`].
    pub async fn connector_refusals(&self, connector: AccountId) -> Result<Vec<RefusalGroup>, GateError> {
        self.see_connector(connector).await?;
        Ok(counts::refusals(self.gate.store.reader(), connector, REFUSALS_IN_A_FILE).await?)
    }
}
