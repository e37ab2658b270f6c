//! Applying a change file: its rows in their order, some runs of them in one transaction. Each run is planned as the ones
//! before have left things, so nothing goes stale: what cannot be done by now is rejected into the report. Before a row that
//! takes access from one person too many it stops and waits for a person.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    time::Instant,
};

use domain::{
    change_file::{Action, ChangeFault, ChangeRow, FileFault},
    channel::Channel,
    password::OneTimePassword,
    plan::{FileKeys, Plan, PlannedRow, Step, applied_together, plan, runs},
    policy::{Authority, Scope, authorise},
    problem::{Kind, Problem},
    request::ChangeRequest,
    submission::{Outcome, State, Touched},
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use store::{
    StoreError, Transaction,
    access::{credentials, proposals},
    directory::{
        apply::Applied,
        people,
        snapshot::{self, Hold},
    },
    jobs::{self, Job},
    submissions::{
        self, Submission,
        rows::{self, Filter, Row},
    },
};

use super::{checking::grant_gone, home_of, invitations, layers::in_layers, telling, within_customer};
use crate::{
    Gate, GateError,
    connectors::brake::{AccessBrake, loses_access, note_losses},
    scope_for,
    submissions::{
        claims::{CHUNK, TRIES, aside, commit, get_on, keep_claim, next_size, welcome},
        effects::{
            self, Doing, OfChangeFile,
            linking::{Replaces, Viewer},
        },
        held,
    },
};

/// Rows that are looked at in one go where those are counted that wait.
const COUNTED_AT_ONCE: u64 = 1_000;

/// People of whom it is asked in one query whether the file has made them.
const ASKED_AT_ONCE: usize = 1_000;

/// Applies what is left of a change file. Begun again after a crash, it goes on with the first row without an outcome.
pub(crate) async fn apply(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let welcome = welcome(gate);
    let (mut tries, mut size) = (0, CHUNK);
    loop {
        let began = Instant::now();
        match chunk(gate, job, size).await {
            Ok(Chunk::More) => {
                tries = 0;
                size = next_size(size, began.elapsed(), welcome);
            }
            Ok(Chunk::Ended) => return Ok(()),
            Err(GateError::Trouble(StoreError::Conflict)) if tries < TRIES => {
                // Somebody else came first, most often. A row that clashes with its neighbours is found by going singly.
                tries += 1;
                size = if tries > TRIES / 2 { 1 } else { size };
            }
            Err(GateError::Trouble(StoreError::Conflict)) if size == 1 => {
                leave_first(gate, job).await?;
                (tries, size) = (0, CHUNK);
            }
            Err(error) => return Err(error),
        }
    }
}

enum Chunk {
    More,
    /// The file is done with, or waits for a person.
    Ended,
}

async fn chunk(gate: &Gate, job: &Job, size: usize) -> Result<Chunk, GateError> {
    let id = &job.submission;
    let tx = gate.store.begin_chunk().await?;
    let mut submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
    keep_claim(gate, &tx, job).await?;
    let waiting = rows::next_waiting(&tx, id, size as u64).await?;
    if waiting.is_empty() {
        return conclude(gate, job, tx, submission).await;
    }
    if let Some(why) = grant_gone(gate, &tx, &submission).await? {
        return end_with(gate, job, tx, submission, why).await;
    }
    let authority = gate.authority(&tx, &submission.actor).await?;
    let scope = scope_for(&authority, Channel::ChangeFile, &[]);
    let scope = within_customer(&tx, id, scope).await?;
    let scope = held::within_both(gate, &tx, &submission, scope).await?;
    let waiting = in_their_order(&tx, waiting).await?;
    let requests: Vec<_> = waiting.iter().map(|row| row.request.clone()).collect();
    let (braked_at, stopped) = {
        let mut applying = Applying {
            gate,
            tx: &tx,
            submission: &submission,
            authority,
            scope,
            brake: brake(gate, &tx, &submission).await?,
            invited: HashMap::new(),
            stopped: None,
        };
        (applying.all(&waiting, &requests).await?, applying.stopped)
    };
    let gone_through = braked_at.unwrap_or(waiting.len());
    submission.progress += u32::try_from(gone_through).unwrap_or_default();
    // What the row would do by now is what a person looks at.
    let stopped = match (braked_at, stopped) {
        (Some(place), Some(now)) => {
            let row = Row {
                planned: now.clone(),
                ..waiting[place].clone()
            };
            rows::replan(&tx, id, std::slice::from_ref(&row), &[now]).await?;
            Some(row)
        }
        (Some(place), None) => Some(waiting[place].clone()),
        (None, _) => None,
    };
    if stopped.is_none() && waiting.len() < size {
        return conclude(gate, job, tx, submission).await;
    }
    submissions::save(&tx, &submission).await?;
    get_on(gate, &tx, job).await?;
    commit(tx).await?;
    match stopped {
        // Cut off before it is held, it stops before the same row again.
        Some(row) => hold(gate, job, &row).await,
        None => Ok(Chunk::More),
    }
}

/// Rows in the order in which they are applied.
async fn in_their_order(tx: &Transaction, waiting: Vec<Row>) -> Result<Vec<Row>, GateError> {
    let requests: Vec<_> = waiting.iter().map(|row| row.request.clone()).collect();
    let named = requests.iter().filter_map(|request| request.wish.change_row());
    let named: Vec<_> = named.flat_map(ChangeRow::addresses).collect();
    let holders = people::holding(tx, &named).await?;
    let mut waiting: Vec<_> = waiting.into_iter().map(Some).collect();
    let order = in_layers(&requests, &holders).into_iter();
    Ok(order.filter_map(|place| waiting[place].take()).collect())
}

/// The brake on a file. Once a person has confirmed it, as many may lose their access as they have confirmed.
async fn brake(gate: &Gate, tx: &Transaction, submission: &Submission) -> Result<Option<AccessBrake>, GateError> {
    let Some(connector) = submission.actor.account() else {
        return Ok(None);
    };
    let brake = AccessBrake::read(gate, tx, connector).await?;
    match (&submission.applied_by, submission.confirmed_at) {
        (Some(_), Some(at)) => Ok(Some(
            brake.allowing(tx, connector, (at, held::expected(submission))).await?,
        )),
        _ => Ok(Some(brake)),
    }
}

/// Rows that are applied in one transaction.
struct Applying<'a> {
    gate: &'a Gate,
    tx: &'a Transaction,
    submission: &'a Submission,
    authority: Authority,
    scope: Scope,
    brake: Option<AccessBrake>,
    /// Whom rows of this transaction have sent an invitation: what they did is not recorded before it ends.
    invited: HashMap<AccountId, Timestamp>,
    /// The plan of this moment of the row before which the file must stop.
    stopped: Option<PlannedRow>,
}

impl Applying<'_> {
    /// Applies rows run by run, up to the one before which the file must stop.
    async fn all(&mut self, waiting: &[Row], requests: &[ChangeRequest]) -> Result<Option<usize>, GateError> {
        for Range { start, end } in runs(requests) {
            if let Some(place) = self.run(&waiting[start..end], &requests[start..end]).await? {
                return Ok(Some(start + place));
            }
        }
        Ok(None)
    }

    /// Applies a run of rows, none of which names somebody of another, up to the one before which the file must stop.
    async fn run(&mut self, waiting: &[Row], requests: &[ChangeRequest]) -> Result<Option<usize>, GateError> {
        let mut done = 0;
        while done < requests.len() {
            let (waiting, requests) = (&waiting[done..], &requests[done..]);
            let mut now = self.plan(requests).await?;
            // Somebody may be named by two of their addresses: the second row is planned once the first is applied.
            now.rows.truncate(applied_together(&now.rows).max(1));
            let braked_at = match &mut self.brake {
                Some(brake) => brake.first_too_many(self.tx, &now.rows).await?,
                None => None,
            };
            if let Some(place) = braked_at {
                self.stopped = now.rows.get(place).cloned();
                now.rows.truncate(place);
            }
            let applied = now.rows.len();
            if applied > 0 {
                self.apply(&waiting[..applied], now).await?;
            }
            done += applied;
            if braked_at.is_some() {
                return Ok(Some(done));
            }
        }
        Ok(None)
    }

    async fn plan(&self, requests: &[ChangeRequest]) -> Result<Plan, GateError> {
        let (gate, tx) = (self.gate, self.tx);
        let mut file = FileKeys::default();
        for (account, at) in &self.invited {
            file.carried.note_invitation(*account, *at);
        }
        invitations::note_earlier(gate, tx, requests, &mut file.carried).await?;
        let known = gate.known(Channel::ChangeFile, file, &self.authority);
        let mut snapshot = snapshot::load(tx, &self.scope, known, requests, Hold::Locked).await?;
        // Who came with this very file is no news to it, however it is cut.
        if requests.iter().any(is_add) {
            let here: Vec<_> = snapshot.accounts.iter().map(|account| account.id.0).collect();
            for some in here.chunks(ASKED_AT_ONCE) {
                for account in rows::made_by(tx, &self.submission.id, some.to_vec()).await? {
                    snapshot.file.carried.note_made(AccountId(account));
                }
            }
        }
        let asked = requests.to_vec();
        aside(move || plan(&snapshot, &asked)).await
    }

    async fn apply(&mut self, waiting: &[Row], now: Plan) -> Result<(), GateError> {
        let (gate, tx, submission) = (self.gate, self.tx, self.submission);
        let id = &submission.id;
        let planned = now.rows.clone();
        let names = now
            .organisations
            .iter()
            .map(|known| (known.code.clone(), known.name.clone()))
            .collect();
        let authorised = authorise(&self.authority, now).map_err(|_| GateError::Denied)?;
        #[expect(clippy::disallowed_methods, reason = "what a change file asks for is applied here")]
        let applied = store::directory::apply::apply(tx, &authorised, id, gate.now()).await?;
        set_passwords(gate, tx, waiting, (&planned, &applied)).await?;
        let rows = waiting.iter().zip(&planned).zip(&applied);
        let invited = rows.filter_map(|((asked, row), applied)| invited(asked, row, applied));
        self.invited.extend(invited.map(|account| (account, gate.now())));
        if let Some(connector) = submission.actor.account() {
            // Never before its confirmation, which may be a moment ahead of the clock.
            let at = submission.confirmed_at.map_or(gate.now(), |at| at.max(gate.now()));
            note_losses(tx, connector, &planned, at).await?;
        }
        let steps: Vec<_> = planned.iter().zip(&applied).collect();
        let doing = Doing {
            actor: &submission.actor,
            submission: id,
            viewer: Viewer::Nobody,
            replaces: Replaces::Any,
            private: HashMap::new(),
            told: &[],
            names,
            change_file: Some(OfChangeFile::of(waiting.iter().map(|row| &row.request))),
        };
        effects::follow(gate, tx, &doing, &steps).await?;
        mark(tx, submission, waiting, (planned, applied)).await
    }
}

/// Whether a row makes somebody.
fn is_add(request: &ChangeRequest) -> bool {
    request.wish.change_row().and_then(ChangeRow::what) == Some(Action::Add)
}

/// Whom a row sends an invitation.
fn invited(asked: &Row, row: &PlannedRow, applied: &Applied) -> Option<AccountId> {
    let suppressed = asked.request.wish.change_row().is_some_and(ChangeRow::suppresses);
    let whom = row.step.account().or(applied.subject.map(AccountId));
    whom.filter(|_| row.invites(suppressed))
}

/// Gives each row its outcome, with the plan of this moment where that is another.
async fn mark(
    tx: &Transaction,
    submission: &Submission,
    waiting: &[Row],
    (planned, applied): (Vec<PlannedRow>, Vec<Applied>),
) -> Result<(), GateError> {
    let (mut moved, mut done) = (Vec::new(), Vec::new());
    for ((row, now), applied) in waiting.iter().zip(planned).zip(applied) {
        let is_left_out = matches!(now.step, Step::LeaveOut { .. });
        let is_other = row.planned != now;
        let row = Row {
            planned: now,
            outcome: if is_left_out { Outcome::LeftOut } else { row.outcome },
            ..row.clone()
        };
        if is_other || is_left_out {
            moved.push(row.clone());
        }
        if !is_left_out {
            done.push((row, applied));
        }
    }
    if !moved.is_empty() {
        let planned: Vec<_> = moved.iter().map(|row| row.planned.clone()).collect();
        rows::replan(tx, &submission.id, &moved, &planned).await?;
    }
    Ok(rows::mark_done(tx, &submission.id, &done).await?)
}

/// Gives new accounts the one-time passwords of their rows.
async fn set_passwords(
    gate: &Gate,
    tx: &Transaction,
    waiting: &[Row],
    (planned, applied): (&[PlannedRow], &[Applied]),
) -> Result<(), GateError> {
    for ((row, now), applied) in waiting.iter().zip(planned).zip(applied) {
        let given = row.request.wish.change_row().and_then(hashed);
        if let (true, Some(hash), Some(account)) = (now.needs_password(), given, applied.subject) {
            credentials::set(tx, AccountId(account), hash.to_owned(), true, gate.now()).await?;
        }
    }
    Ok(())
}

fn hashed(row: &ChangeRow) -> Option<&str> {
    match &row.one_time {
        Some(OneTimePassword::Hashed(hash)) => Some(hash),
        _ => None,
    }
}

/// Stops before a row: what is left of the file waits for a person.
async fn hold(gate: &Gate, job: &Job, stopped_at: &Row) -> Result<Chunk, GateError> {
    let id = &job.submission;
    // Counted before the transaction, which keeps others from writing.
    let mut people_waiting = losing_access(gate, id).await?;
    let tx = gate.store.begin().await?;
    let mut submission = submissions::hold(&tx, id).await?.ok_or(GateError::NotFound)?;
    keep_claim(gate, &tx, job).await?;
    // Its plan was made when the file was checked; it may have been another row that took access then.
    let organisation = match loses_access(&stopped_at.planned.step) {
        Some((account, organisation)) => {
            people_waiting.insert(account);
            Some(organisation.clone())
        }
        None => None,
    };
    let home = home_of(&tx, &submission).await?;
    let organisation = organisation.unwrap_or(home);
    submission.touches = vec![Touched {
        changed: u32::try_from(people_waiting.len().max(1)).unwrap_or(u32::MAX),
        created: 0,
        all: people::count_of(&tx, &organisation).await?,
        lost: match submission.actor.account() {
            Some(connector) => AccessBrake::read(gate, &tx, connector).await?.so_far(),
            None => 0,
        },
        organisation: Some(organisation),
    }];
    submission.totals = rows::totals(&tx, id).await?;
    submission.state = State::Planned;
    submissions::save(&tx, &submission).await?;
    held::tell_braked(gate, &tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    Ok(Chunk::Ended)
}

/// Who would lose their access by the rows of a file that wait.
async fn losing_access(gate: &Gate, id: &SubmissionId) -> Result<HashSet<AccountId>, GateError> {
    let mut losing = HashSet::new();
    let filter = Filter {
        outcome: Some(Outcome::Waiting),
        ..Filter::default()
    };
    let mut pages = rows::Pages::of(id, filter, COUNTED_AT_ONCE);
    while let Some(page) = pages.next(gate.store.reader()).await? {
        let rows = page.iter().filter_map(|row| loses_access(&row.planned.step));
        losing.extend(rows.map(|(account, _)| account));
    }
    Ok(losing)
}

/// Rejects the first waiting row: it clashes with something that planning does not see.
async fn leave_first(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let mut submission = submissions::hold(&tx, &job.submission)
        .await?
        .ok_or(GateError::NotFound)?;
    let mut first = rows::next_waiting(&tx, &job.submission, 1).await?;
    for row in &mut first {
        tracing::warn!(submission = %job.submission, row = row.planned.row.0, "a row of a change file clashes again and again");
        row.planned = clashed(&row.planned);
        row.outcome = Outcome::LeftOut;
    }
    let planned: Vec<_> = first.iter().map(|row| row.planned.clone()).collect();
    rows::replan(&tx, &job.submission, &first, &planned).await?;
    submission.progress += u32::try_from(first.len()).unwrap_or_default();
    submissions::save(&tx, &submission).await?;
    get_on(gate, &tx, job).await?;
    commit(tx).await
}

/// A row that clashes again and again, as it is told.
fn clashed(planned: &PlannedRow) -> PlannedRow {
    let problem = Problem::in_row(planned.row, Kind::Change(ChangeFault::Clashed));
    PlannedRow {
        step: Step::LeaveOut {
            problems: vec![problem],
        },
        warnings: vec![],
        kept: vec![],
        overwrites: vec![],
        ..planned.clone()
    }
}

/// Every row has its outcome.
async fn conclude(gate: &Gate, job: &Job, tx: Transaction, mut submission: Submission) -> Result<Chunk, GateError> {
    rows::drop_passwords(&tx, &job.submission).await?;
    submission.totals = rows::totals(&tx, &job.submission).await?;
    submission.state = State::Applied;
    end(gate, job, tx, submission).await
}

/// Nothing more of the file may be applied.
async fn end_with(
    gate: &Gate,
    job: &Job,
    tx: Transaction,
    mut submission: Submission,
    why: FileFault,
) -> Result<Chunk, GateError> {
    rows::close_all(&tx, &job.submission, Outcome::LeftOut).await?;
    rows::drop_passwords(&tx, &job.submission).await?;
    submission.totals = rows::totals(&tx, &job.submission).await?;
    submission.problems = vec![Problem::in_file(Kind::ChangeFile(why))];
    submission.state = match submission.totals.with(Outcome::Done) {
        0 => State::Declined,
        _ => State::Applied,
    };
    end(gate, job, tx, submission).await
}

async fn end(gate: &Gate, job: &Job, tx: Transaction, mut submission: Submission) -> Result<Chunk, GateError> {
    submission.finished_at = Some(gate.now());
    submissions::save(&tx, &submission).await?;
    proposals::settle(&tx, &job.submission).await?;
    telling::ended(gate, &tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    Ok(Chunk::Ended)
}

#[cfg(test)]
mod tests {
    use domain::{
        change_file::{Field, ReportResult, report_lines},
        customer::CustomerNumber,
        request::Wish,
        values::ids::RowNumber,
    };

    use super::*;

    #[test]
    fn a_row_that_clashes_again_and_again_is_reported_with_why() {
        let row = RowNumber(7);
        let planned = clashed(&PlannedRow {
            row,
            name: "Ben Cartwright".to_owned(),
            step: Step::LeaveOut { problems: vec![] },
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
            matched: None,
        });
        let address = (Field::EmailAddress, "ben.cartwright@health.example");
        let asked = ChangeRow::of(CustomerNumber::new(1).unwrap(), "Suspend", [address]);
        let request = ChangeRequest {
            row,
            wish: Wish::ChangeRow(Box::new(asked)),
            promised: None,
        };
        let lines = report_lines(&request, &planned, Outcome::LeftOut);
        let told: Vec<_> = lines.iter().map(|line| (line.result, line.code.as_str())).collect();
        assert_eq!(told, [(ReportResult::Rejected, "clashed")]);
        let message = "Something else changed at the same moment. Send this row again.";
        assert_eq!(lines[0].message, message);
    }
}
