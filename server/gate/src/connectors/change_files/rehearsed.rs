//! Where the access brake would stop a file that is only rehearsed: its report and its page say so alike.

use std::collections::HashSet;

use domain::{
    change_file::FileFault,
    organisation::OrganisationCode,
    values::ids::{AccountId, RowNumber},
};
use store::{
    ConnectionTrait,
    submissions::{
        Submission,
        rows::{self, Filter, Row},
    },
};

use crate::{
    Gate, GateError,
    connectors::brake::{AccessBrake, loses_access},
};

/// Rows that are read at once.
const AT_ONCE: u64 = 1_000;

/// The brake on a rehearsed file while its rows are gone through in their order.
pub(crate) struct Rehearsed {
    /// `None` if the file is not only rehearsed.
    brake: Option<AccessBrake>,
    /// The row before which it would stop.
    before: Option<RowNumber>,
    /// Who would lose their access by the rows from there on.
    losing: HashSet<(AccountId, OrganisationCode)>,
}

impl Rehearsed {
    /// The brake on a file, before its first row. A file that is not only rehearsed has none here.
    pub(crate) async fn of(gate: &Gate, db: &impl ConnectionTrait, submission: &Submission) -> Result<Self, GateError> {
        let brake = match submission.actor.account() {
            Some(connector) if submission.rehearsal => Some(AccessBrake::read(gate, db, connector).await?),
            _ => None,
        };
        Ok(Self {
            brake,
            before: None,
            losing: HashSet::new(),
        })
    }

    /// How many of the next rows would be attempted.
    pub(crate) async fn attempted(&mut self, db: &impl ConnectionTrait, page: &[Row]) -> Result<usize, GateError> {
        let Some(brake) = &mut self.brake else {
            return Ok(page.len());
        };
        let planned: Vec<_> = page.iter().map(|row| row.planned.clone()).collect();
        let attempted = match self.before {
            Some(_) => 0,
            None => brake.first_too_many(db, &planned).await?.unwrap_or(planned.len()),
        };
        let waiting = planned.get(attempted..).unwrap_or_default();
        self.before = self.before.or_else(|| waiting.first().map(|row| row.row));
        let lost = waiting.iter().filter_map(|row| loses_access(&row.step));
        self.losing
            .extend(lost.map(|(account, organisation)| (account, organisation.clone())));
        Ok(attempted)
    }

    /// What is said of a file that would stop; `None` if it would not.
    pub(crate) async fn fault(mut self, db: &impl ConnectionTrait) -> Result<Option<FileFault>, GateError> {
        let (Some(brake), false) = (self.brake.as_mut(), self.losing.is_empty()) else {
            return Ok(None);
        };
        let organisations: HashSet<_> = self.losing.iter().map(|(_, organisation)| organisation).collect();
        let mut of = 0;
        for organisation in organisations {
            of += *brake.all_of(db, organisation).await?;
        }
        Ok(Some(FileFault::Brake {
            people: u32::try_from(self.losing.len()).unwrap_or(u32::MAX),
            already: brake.so_far(),
            of: u32::try_from(of).unwrap_or(u32::MAX),
            link: None,
        }))
    }
}

/// Before which row a file would stop, and what is said of that. One with more rows than `most` is not read through.
pub(crate) async fn stop_of(
    gate: &Gate,
    submission: &Submission,
    most: u32,
) -> Result<(Option<RowNumber>, Option<FileFault>), GateError> {
    let db = gate.store.reader();
    if !submission.rehearsal || submission.totals.rows() > most {
        return Ok((None, None));
    }
    let mut rehearsed = Rehearsed::of(gate, db, submission).await?;
    let mut pages = rows::Pages::of(&submission.id, Filter::default(), AT_ONCE);
    while let Some(page) = pages.next(db).await? {
        rehearsed.attempted(db, &page).await?;
    }
    let before = rehearsed.before;
    Ok((before, rehearsed.fault(db).await?))
}
