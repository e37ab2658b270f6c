//! The days that somebody has set for an account: of absence, of return, the first and the last one.

use domain::{
    account::{Account, AccountStatus},
    life::{Then, Turn},
    problem::{Kind, Problem},
    values::ids::{RowNumber, Timestamp},
};
use store::directory::due_changes::{self, Dated};

use super::sort::everything;
use crate::{Gate, GateError, submissions::claims::CHUNK};

impl Gate {
    /// Whose leaving date has come, and who cannot become a leaver: they never activated their account.
    pub(super) async fn cannot_leave(&self, now: Timestamp) -> Result<Vec<String>, GateError> {
        let (mut left, mut after) = (Vec::new(), None);
        loop {
            let found = due_changes::leaving_by(self.store.reader(), &everything(), now, after, CHUNK as u64).await?;
            for account in found.iter().filter(|account| !can_leave(account)) {
                let (turn, name, status) = (Turn::MarkLeaver, account.full_name(), account.status);
                let why = Problem::in_row(RowNumber(1), Kind::CannotTurn { turn, name, status });
                left.push(format!("{}: {why}", account.full_name()));
            }
            let last = found
                .last()
                .map(|account| (account.leaving_at.unwrap_or(now), account.id.0));
            after = last.filter(|_| found.len() == CHUNK);
            if after.is_none() {
                return Ok(left);
            }
        }
    }
}

/// What becomes of an account on one of its days; `None` if nothing does, because its person leaves before then, has
/// activated the account already, or is back before they were away.
pub(super) fn on_its_day(dated: Dated, account: &Account, now: Timestamp) -> Option<(Timestamp, Then)> {
    let at = dated.of(account)?;
    let leaves_first = account.leaving_at.is_some_and(|leaves| leaves <= at);
    let then = match dated {
        Dated::Start => return is_starting(account).then_some((at, Then::Start)),
        Dated::Away => {
            let is_over = account.absence.as_ref().is_some_and(|absence| absence.is_over(now));
            (!is_over).then_some(Then::Turn(Turn::Disable))
        }
        Dated::Back => Some(comes_back(account, now)),
    };
    then.filter(|_| !leaves_first).map(|then| (at, then))
}

/// How an absence ends: somebody who was not disabled in time, because no sweep ran, is not disabled any more.
pub(super) fn comes_back(account: &Account, now: Timestamp) -> Then {
    let never_began = account
        .absence
        .as_ref()
        .is_some_and(|absence| absence.is_planned() && absence.is_over(now));
    match never_began {
        true => Then::GiveUpAbsence,
        false => Then::Turn(Turn::Enable),
    }
}

/// Whether its person has not activated the account.
pub(super) fn is_starting(account: &Account) -> bool {
    account.status == AccountStatus::Pending
}

/// Whether its person can become a leaver.
pub(super) fn can_leave(account: &Account) -> bool {
    Turn::MarkLeaver.leads(account.status, account.activated).is_some()
}
