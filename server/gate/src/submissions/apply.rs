//! Applying a confirmed submission: chunk by chunk, each in one transaction that reads the rights again, plans again,
//! sends back what has moved, and writes the rest with its events.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    password::OneTimePassword,
    plan::{FileKeys, Plan, PlannedRow, Step, looks_like, plan},
    policy::{Scope, authorise},
    problem::{Kind, Problem},
    request::Cells,
    submission::{Outcome, State},
    values::ids::{AccountId, SubmissionId},
};
use store::{
    StoreError,
    access::{credentials, proposals},
    directory::{
        apply::Applied,
        people,
        snapshot::{self, Hold, Known},
    },
    jobs::{self, Job},
    submissions::{
        self,
        rows::{self, Row},
    },
};

use crate::{
    Gate, GateError, MadeLink,
    connectors::{change_files, email::left_rows::propose_left},
    scope_for,
    submissions::{
        claims::{CHUNK, TRIES, aside, commit, finish_nothing, get_on, keep_claim, next_size, welcome},
        effects::{
            self, Doing,
            linking::{Replaces, Viewer},
        },
        private_addresses,
        since_planned::News,
    },
};

/// More rows than any file has.
const ALL_ROWS: usize = u32::MAX as usize;

/// Applies what is left of a submission. Begun again after a crash, it goes on with the first row without an outcome.
/// Gives back the one-time links that were made for a viewer, to be shown once.
pub(crate) async fn apply(gate: &Gate, job: &Job, viewer: Viewer) -> Result<Vec<MadeLink>, GateError> {
    let mut links = Vec::new();
    let Some(submission) = submissions::hold(gate.store.reader(), &job.submission).await? else {
        finish_nothing(gate, job).await?;
        return Ok(links);
    };
    if submission.state != State::Applying {
        finish_nothing(gate, job).await?;
        return Ok(links);
    }
    if submission.channel.takes_rows_in_order() {
        change_files::applying::apply(gate, job).await?;
        return Ok(links);
    }
    private_addresses::blank(gate, job, &submission).await?;
    let mut so_far = SoFar {
        news: News::since_planned(&submission),
    };
    let welcome = welcome(gate);
    // Organisations are one tree: all of a file's are there at once, or none.
    let is_whole = submission.channel == Channel::Organisations;
    let (mut tries, mut size) = (0, if is_whole { ALL_ROWS } else { CHUNK });
    loop {
        let began = Instant::now();
        match chunk(gate, job, &mut so_far, size, viewer).await {
            Ok(Chunk::More(made)) => {
                tries = 0;
                if !is_whole {
                    size = next_size(size, began.elapsed(), welcome);
                }
                links.extend(made);
            }
            Ok(Chunk::Last(made)) => {
                links.extend(made);
                return Ok(links);
            }
            Err(GateError::Trouble(StoreError::Conflict)) if tries < TRIES => {
                // Another upload came first, most often. A row that clashes with its neighbours is found by going singly.
                tries += 1;
                size = if tries > TRIES / 2 && !is_whole { 1 } else { size };
            }
            Err(GateError::Trouble(StoreError::Conflict)) if size == 1 => {
                send_back_first(gate, job).await?;
                (tries, size) = (0, CHUNK);
            }
            Err(error) => return Err(error),
        }
    }
}

/// What one chunk leaves to the next.
struct SoFar {
    news: News,
}

enum Chunk {
    More(Vec<MadeLink>),
    Last(Vec<MadeLink>),
}

async fn chunk(gate: &Gate, job: &Job, so_far: &mut SoFar, size: usize, viewer: Viewer) -> Result<Chunk, GateError> {
    let id = &job.submission;
    let tx = gate.store.begin_chunk().await?;
    let Some(mut submission) = submissions::hold(&tx, id).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    let waiting = rows::next_waiting(&tx, id, size as u64).await?;
    if waiting.is_empty() {
        return conclude(gate, job, tx, submission, vec![]).await;
    }
    // Fewer than were asked for are the last.
    let are_last = waiting.len() < size;
    submission.progress += u32::try_from(waiting.len()).unwrap_or_default();
    let authority = gate.authority(&tx, &submission.actor).await?;
    let requests: Vec<_> = waiting.iter().map(|row| row.request.clone()).collect();
    let scope = scope_for(&authority, submission.channel, &requests);
    let scope = crate::submissions::held::within_both(gate, &tx, &submission, scope).await?;
    let among = so_far.news.read(&tx, &submission).await?;
    let anew = async |among| {
        let known = gate.known(submission.channel, FileKeys::default(), &authority);
        let known = Known { among, ..known };
        let snapshot = snapshot::load(&tx, &scope, known, &requests, Hold::Locked).await?;
        let asked = requests.clone();
        let planned = aside(move || plan(&snapshot, &asked)).await?;
        let own = own_look_alikes(&tx, id, &planned.rows).await?;
        let rows = waiting.iter().zip(&planned.rows);
        let still = rows.map(|(row, now)| still_true(row, now, &own));
        Ok::<_, GateError>((still.collect::<Vec<_>>(), planned))
    };
    let (mut still, mut plan_now) = anew(among.clone()).await?;
    // Reading may have waited for another who wrote; and somebody who looks at a row again is shown everybody who looks like it.
    let has_moved =
        still.iter().any(|still| *still != Still::True) || so_far.news.read(&tx, &submission).await? != among;
    if among.is_some() && has_moved {
        (still, plan_now) = anew(None).await?;
    }
    // A file by email is planned hours before it is applied, and nobody looks at its plan again. Of many that make addresses
    // from names, most would fail because another was first; and what an earlier run has done needs no second look.
    let is_unseen = submission.channel.waits_for_run() && !submission.waits_for_a_person();
    let Sorted { same, anew, mut moved } = Sorted::of(waiting.into_iter().zip(plan_now.rows).zip(still), is_unseen);
    remind_of_whom(&tx, &scope, &mut moved).await?;
    let shown = same.iter().map(|row| row.planned.clone()).collect();
    let authorised = authorise(
        &authority,
        Plan {
            rows: shown,
            ..plan_now
        },
    )
    .map_err(|_| GateError::Denied)?;
    #[expect(clippy::disallowed_methods, reason = "what was confirmed is applied here")]
    let applied = store::directory::apply::apply(&tx, &authorised, id, gate.now()).await?;
    set_passwords(gate, &tx, &same, &applied).await?;
    let done: Vec<_> = same.into_iter().zip(applied).collect();
    let steps: Vec<_> = done.iter().map(|(row, applied)| (&row.planned, applied)).collect();
    let doing = Doing {
        actor: &submission.actor,
        submission: id,
        viewer,
        replaces: Replaces::Any,
        private: private_addresses::given(gate, &done),
        told: &[],
        names: HashMap::new(),
        change_file: None,
    };
    let links = effects::follow(gate, &tx, &doing, &steps).await?;
    if !anew.is_empty() {
        let planned: Vec<_> = anew.iter().map(|row| row.planned.clone()).collect();
        rows::replan(&tx, id, &anew, &planned).await?;
    }
    rows::mark_done(&tx, id, &done).await?;
    rows::mark_stale(&tx, id, &moved).await?;
    if are_last {
        return conclude(gate, job, tx, submission, links).await;
    }
    submissions::save(&tx, &submission).await?;
    get_on(gate, &tx, job).await?;
    commit(tx).await?;
    Ok(Chunk::More(links))
}

/// Sends the first waiting row back to review: it clashes with something that planning does not see.
async fn send_back_first(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let first = rows::next_waiting(&tx, &job.submission, 1).await?;
    let moved: Vec<_> = first.into_iter().map(|row| (row.clone(), row.planned)).collect();
    rows::mark_stale(&tx, &job.submission, &moved).await?;
    get_on(gate, &tx, job).await?;
    commit(tx).await
}

async fn conclude(
    gate: &Gate,
    job: &Job,
    tx: store::Transaction,
    mut submission: submissions::Submission,
    links: Vec<MadeLink>,
) -> Result<Chunk, GateError> {
    submission.totals = rows::totals(&tx, &job.submission).await?;
    let went_back = submission.totals.with(Outcome::Stale) > 0;
    // Nobody looks at a machine's plan again, unless it was held: its rows that went back have that as their outcome.
    let waits = went_back && submission.waits_for_a_person();
    if waits {
        // Somebody who looks again can fix these as well.
        rows::reopen_problems(&tx, &job.submission).await?;
        submission.totals = rows::totals(&tx, &job.submission).await?;
    }
    if !waits && submission.layout.position(Attribute::Password).is_some() {
        rows::drop_passwords(&tx, &job.submission).await?;
    }
    if !waits && went_back {
        rows::drop_secrets(&tx, &job.submission, Outcome::Stale).await?;
    }
    submission.state = if waits { State::Planned } else { State::Applied };
    submission.finished_at = (!waits).then(|| gate.now());
    submissions::save(&tx, &submission).await?;
    if !waits {
        propose_left(gate, &tx, &submission).await?;
    }
    proposals::settle(&tx, &job.submission).await?;
    effects::tell_sender(gate, &tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    Ok(Chunk::Last(links))
}

/// A row that was to change somebody, and would make another now because that one's keys have changed, says so.
async fn remind_of_whom(
    tx: &store::Transaction,
    scope: &Scope,
    moved: &mut [(Row, PlannedRow)],
) -> Result<(), GateError> {
    for (row, now) in moved {
        let (Some(whom), Step::CreateAccount { organisation, .. }) = (row.planned.step.account(), &now.step) else {
            continue;
        };
        let is_said = |warning: &Problem| matches!(&warning.kind, Kind::LooksLike { account, .. } if *account == whom);
        if now.warnings.iter().any(is_said) {
            continue;
        }
        if let Some(account) = people::account(tx, scope, whom).await? {
            let elsewhere = (account.organisation != *organisation).then(|| account.organisation.to_string());
            now.warnings.push(looks_like(now.row, &account, elsewhere));
        }
    }
    Ok(())
}

/// How a row comes out that is planned again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Still {
    /// As it was shown.
    True,
    /// As it was shown, but that a new account gets another address, as the one made from its name is no longer free.
    ButForTheAddress,
    /// It is so already.
    Needless,
    /// Otherwise.
    Moved,
}

/// Rows that are applied, and those that are not.
struct Sorted {
    /// Those that are applied.
    same: Vec<Row>,
    /// Those of them that are applied as they are planned now.
    anew: Vec<Row>,
    /// Those that go back, as they are planned now.
    moved: Vec<(Row, PlannedRow)>,
}

impl Sorted {
    /// `is_unseen` says that nobody was asked to look at the plan, nor will be.
    fn of(rows: impl Iterator<Item = ((Row, PlannedRow), Still)>, is_unseen: bool) -> Self {
        let (mut same, mut anew, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        for ((row, now), still) in rows {
            match still {
                Still::True => same.push(row),
                Still::ButForTheAddress | Still::Needless if is_unseen => {
                    let row = Row { planned: now, ..row };
                    anew.push(row.clone());
                    same.push(row);
                }
                Still::ButForTheAddress | Still::Needless | Still::Moved => moved.push((row, now)),
            }
        }
        Self { same, anew, moved }
    }
}

/// A row is applied only when planning it now gives what was shown, and nothing new that its confirmer should have seen.
fn still_true(row: &Row, now: &PlannedRow, own: &HashSet<AccountId>) -> Still {
    let shown = &row.planned;
    let is_news = |warning: &Problem| match &warning.kind {
        // Somebody whom this very submission made a moment ago is no news.
        Kind::LooksLike { account, .. } | Kind::PrivateHere { account, .. } => !own.contains(account),
        Kind::LooksLikeRow { .. } => false,
        _ => !warning.is_remark(),
    };
    let mut news = now.warnings.iter().filter(|warning| is_news(warning));
    if news.any(|warning| !shown.warnings.contains(warning)) {
        return Still::Moved;
    }
    if shown.step == now.step {
        return Still::True;
    }
    if matches!(now.step, Step::Nothing { .. }) {
        return Still::Needless;
    }
    let asks_for_address = |cells: &Cells| !cells.text(Attribute::EmailAddress).trim().is_empty();
    let other = without_address(&shown.step).filter(|shown| Some(shown) == without_address(&now.step).as_ref());
    match other {
        Some(_) if !row.request.wish.cells().is_some_and(asks_for_address) => Still::ButForTheAddress,
        _ => Still::Moved,
    }
}

/// A new account without its address; `None` if it is anything else.
fn without_address(step: &Step) -> Option<Step> {
    let mut step = step.clone();
    let Step::CreateAccount { attributes, .. } = &mut step else {
        return None;
    };
    attributes.set(Attribute::EmailAddress, None);
    Some(step)
}

/// Of the people whom rows look like, or share a private address with, those whom this submission has made itself.
async fn own_look_alikes(
    tx: &store::Transaction,
    id: &SubmissionId,
    planned: &[PlannedRow],
) -> Result<HashSet<AccountId>, GateError> {
    let alike = planned
        .iter()
        .flat_map(|row| &row.warnings)
        .filter_map(|warning| match &warning.kind {
            Kind::LooksLike { account, .. } | Kind::PrivateHere { account, .. } => Some(account.0),
            _ => None,
        });
    let alike: HashSet<_> = alike.collect();
    if alike.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(rows::made_by(tx, id, alike.into_iter().collect())
        .await?
        .into_iter()
        .map(AccountId)
        .collect())
}

/// Gives new accounts the one-time passwords that were hashed when their rows were checked.
async fn set_passwords(
    gate: &Gate,
    tx: &store::Transaction,
    same: &[Row],
    applied: &[Applied],
) -> Result<(), GateError> {
    for (row, applied) in same.iter().zip(applied).filter(|(row, _)| row.planned.needs_password()) {
        let cells = row.request.wish.cells();
        if let (Some(Some(OneTimePassword::Hashed(hash))), Some(account)) =
            (cells.map(|cells| &cells.one_time), applied.subject)
        {
            credentials::set(tx, AccountId(account), hash.clone(), true, gate.now()).await?;
        }
    }
    Ok(())
}
