//! The access brake: a connector that takes their access from unusually many people within a day waits for a person. What it
//! takes by change files and what it takes through the API count together.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use domain::{
    account::AccountStatus,
    life::Turn,
    organisation::OrganisationCode,
    plan::{AccountStep, PlannedRow, SeatStep, Step},
    rules,
    subscription::Side,
    values::ids::{AccountId, Timestamp},
};
use store::{
    ConnectionTrait, Transaction,
    access::{
        change_files::losses::{self, Loss},
        links,
    },
    directory::people,
};

use crate::{Gate, GateError};

/// The seconds over which it is counted.
const A_DAY: i64 = 86_400;

/// From whom a connector has taken their access within a day.
pub(crate) struct AccessBrake {
    rules: rules::AccessBrake,
    /// Through change files, and by rows that were counted since.
    lost: HashSet<AccountId>,
    /// The same, by organisation.
    here: HashMap<OrganisationCode, u64>,
    /// Through the API.
    by_api: Vec<(String, u64)>,
    /// How many accounts organisations have, with those that earlier rows create.
    all: HashMap<OrganisationCode, u64>,
    /// What a person has allowed beyond it.
    allowed: Option<Allowed>,
}

/// So many people may lose their access, however many that makes within a day: a person has confirmed it.
struct Allowed {
    people: u64,
    /// Who has lost it since then.
    lost: HashSet<AccountId>,
}

impl AccessBrake {
    /// Reads what a connector took within the last day.
    pub(crate) async fn read(gate: &Gate, db: &impl ConnectionTrait, connector: AccountId) -> Result<Self, GateError> {
        let since = gate.now().plus_seconds(-A_DAY);
        let mut brake = Self {
            rules: gate.rules.access_brake,
            lost: HashSet::new(),
            here: HashMap::new(),
            by_api: links::disabled_since(db, connector, since).await?,
            all: HashMap::new(),
            allowed: None,
        };
        for loss in losses::since(db, connector, since).await? {
            brake.count(loss.account, &loss.organisation);
        }
        Ok(brake)
    }

    /// The same brake, beyond which a person has confirmed that so many people lose their access from a moment on. What the
    /// connector's other files take meanwhile counts with them: then it is asked for again.
    pub(crate) async fn allowing(
        mut self,
        db: &impl ConnectionTrait,
        connector: AccountId,
        (from, people): (Timestamp, u32),
    ) -> Result<Self, GateError> {
        let lost = losses::since(db, connector, from).await?;
        self.allowed = Some(Allowed {
            people: people.into(),
            lost: lost.into_iter().map(|loss| loss.account).collect(),
        });
        Ok(self)
    }

    /// Goes through rows in their order, and says before which of them too many people would lose their access.
    pub(crate) async fn first_too_many(
        &mut self,
        db: &impl ConnectionTrait,
        rows: &[PlannedRow],
    ) -> Result<Option<usize>, GateError> {
        for (place, row) in rows.iter().enumerate() {
            if let Step::CreateAccount { organisation, .. } = &row.step {
                *self.all_of(db, organisation).await? += 1;
            }
            let Some((account, organisation)) = loses_access(&row.step) else {
                continue;
            };
            let is_allowed = self.allowed.as_ref().is_some_and(|allowed| allowed.covers(account));
            let is_counted = self.lost.contains(&account);
            if !is_allowed && !is_counted && self.holds_one_more(db, organisation).await? {
                return Ok(Some(place));
            }
            if let Some(allowed) = &mut self.allowed {
                allowed.lost.insert(account);
            }
            self.count(account, organisation);
        }
        Ok(None)
    }

    /// Whether one more person of an organisation would be too many.
    pub(super) async fn holds_one_more(
        &mut self,
        db: &impl ConnectionTrait,
        organisation: &OrganisationCode,
    ) -> Result<bool, GateError> {
        let all = *self.all_of(db, organisation).await?;
        let by_api_here = self.by_api.iter().filter(|(code, _)| code == organisation.as_str());
        let by_api_here: u64 = by_api_here.map(|(_, people)| people).sum();
        let by_api: u64 = self.by_api.iter().map(|(_, people)| people).sum();
        let here = self.here.get(organisation).copied().unwrap_or_default();
        let everywhere = self.lost.len() as u64;
        Ok(self.rules.holds(everywhere + by_api + 1, here + by_api_here + 1, all))
    }

    /// How many people have lost their access within the day, with those of the rows that were gone through.
    pub(super) fn so_far(&self) -> u32 {
        let by_api: u64 = self.by_api.iter().map(|(_, people)| people).sum();
        u32::try_from(self.lost.len() as u64 + by_api).unwrap_or(u32::MAX)
    }

    /// How many accounts an organisation has.
    pub(super) async fn all_of(
        &mut self,
        db: &impl ConnectionTrait,
        organisation: &OrganisationCode,
    ) -> Result<&mut u64, GateError> {
        Ok(match self.all.entry(organisation.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(people::count_of(db, organisation).await?.into()),
        })
    }

    fn count(&mut self, account: AccountId, organisation: &OrganisationCode) {
        if self.lost.insert(account) {
            *self.here.entry(organisation.clone()).or_default() += 1;
        }
    }
}

impl Allowed {
    fn covers(&self, account: AccountId) -> bool {
        self.lost.contains(&account) || (self.lost.len() as u64) < self.people
    }
}

/// Notes whose access applied rows have taken, and when.
pub(super) async fn note_losses(
    tx: &Transaction,
    connector: AccountId,
    rows: &[PlannedRow],
    at: Timestamp,
) -> Result<(), GateError> {
    let lost = rows.iter().filter_map(|row| loses_access(&row.step));
    let lost: Vec<_> = lost
        .map(|(account, organisation)| Loss {
            account,
            organisation: organisation.clone(),
            at,
        })
        .collect();
    match lost.is_empty() {
        true => Ok(()),
        false => Ok(losses::note(tx, connector, &lost).await?),
    }
}

/// Who loses access by a step: somebody who is disabled or deleted and could sign in before, or whose mail seat goes.
pub(crate) fn loses_access(step: &Step) -> Option<(AccountId, &OrganisationCode)> {
    let Step::Account(of, step) = step else { return None };
    let loses = match step {
        AccountStep::Turn {
            turn: Turn::Disable | Turn::Delete,
            before,
            ..
        } => !matches!(before, AccountStatus::Disabled | AccountStatus::Deleted),
        AccountStep::Seats { seats, .. } => seats.iter().any(takes_mail),
        _ => false,
    };
    loses.then_some((of.account, &of.organisation))
}

fn takes_mail(step: &SeatStep) -> bool {
    match step {
        SeatStep::Revoke(end) => end.seat.offering.covers(Side::Mail),
        SeatStep::Change { from, to, .. } => from.offering.covers(Side::Mail) && !to.offering.covers(Side::Mail),
        SeatStep::Assign(_) | SeatStep::Storage { .. } => false,
    }
}
