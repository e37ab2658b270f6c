//! Checking a submission: the file is read as a stream, planned in chunks, and the plan kept row by row.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, RandomState},
    io,
    sync::Arc,
    time::Duration,
};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    ids::{RowNumber, SubmissionId},
    layout::Layout,
    organisation::OrganisationCode,
    plan::{FileKeys, RowKind},
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
    submission::{Outcome, State, Touched},
};
use formats::{About, Formats, Sheet};
use store::{
    jobs::{self, Job, Task},
    organisations, people, rows,
    submissions::{self, Submission},
    trail,
};
use tokio::task::JoinHandle;

use crate::{
    Gate, GateError, asks_for_columns,
    columns::{explained, may_be_elsewhere, meanings, remembered, unknown},
    one_time,
    planning::{PLANNED_AT_ONCE, Planning},
    repeated::shared_private,
};

/// Rows that are applied in one transaction, while others wait to write; more where that is quick.
pub(crate) const CHUNK: usize = 200;

/// Reads, checks and plans a submission. Begun again after a crash, it begins afresh: nothing was applied.
pub(crate) async fn check(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let id = &job.submission;
    let Some(submission) = submissions::hold(gate.store.reader(), id).await? else {
        return finish_nothing(gate, job).await;
    };
    if submission.state != State::Received {
        return finish_nothing(gate, job).await;
    }
    if submission.channel == Channel::Undo {
        return crate::undo::check(gate, job, &submission).await;
    }
    let mut room = gate.room_for(job, submission.file_size).await?;
    let bytes = submissions::bytes(gate.store.files(), id)
        .await?
        .ok_or(GateError::NotFound)?;
    if submission.channel == Channel::Portal {
        return check_wishes(gate, job, &submission, &bytes).await;
    }
    let bytes = Arc::new(bytes);
    let sheet = match opened(gate, &submission, bytes.clone()).await? {
        Ok(sheet) => Arc::new(sheet),
        Err(problems) => {
            let others = other_parts(gate, bytes, &problems).await;
            return unreadable(gate, job, problems, others).await;
        }
    };
    drop(bytes);
    if submission.hashing {
        return one_time::hash_all(gate, job, sheet).await;
    }
    room.halve();
    // The whole file is gone through, on a thread that serves nobody.
    let gone_through = sheet.clone();
    // A machine's file has nobody to ask.
    let is_asked = submission.channel == Channel::PortalCsv;
    let going_through = tokio::task::spawn_blocking(move || {
        let keys = FileKeys::with_repeated(repeated_keys(gone_through.requests()));
        let gives_private = gone_through.layout.position(Attribute::ActivationEmail).is_some();
        let file = match gives_private {
            true => keys.with_private(shared_private(gone_through.requests())),
            false => keys,
        };
        let counted = match is_asked {
            true => explained(&gone_through),
            false => vec![],
        };
        (file, one_time::repeated(&gone_through), counted)
    });
    let (file, passwords, counted) = going_through.await.map_err(io::Error::other)?;
    let repeated = Arc::new(passwords);
    let layout = Layout {
        unknown: unknown(gate, &submission, &sheet.layout, &counted).await?,
        ..sheet.layout.clone()
    };
    begin(gate, job, sheet.count() as usize, |submission| {
        submission.format = Some(sheet.format.clone());
        submission.layout = layout;
    })
    .await?;
    let mut planning = Planning::new(gate, job, &submission, file);
    // A row of organisations may name a parent that stands in any other.
    let (at_once, _renewing) = match submission.channel {
        Channel::Organisations => (usize::MAX, Some(Renewing::of(gate, job))),
        _ => (PLANNED_AT_ONCE, None),
    };
    let mut requests = sheet.requests().peekable();
    while requests.peek().is_some() {
        let chunk = requests.by_ref().take(at_once).collect();
        planning.add(one_time::judged(gate, chunk, &repeated).await?).await?;
    }
    let passwords = planning.finish().await?;
    // What is only rehearsed needs no hashes.
    if passwords > 0 && !submission.rehearsal {
        one_time::begin_hashing(gate, job, passwords).await?;
        return one_time::hash_all(gate, job, sheet.clone()).await;
    }
    let kept = one_time::blanked(&sheet).await?;
    conclude(gate, job, kept).await
}

/// The file, read as its sender said, as somebody of their organisation said of such files, or as a format.
async fn opened(
    gate: &Gate,
    submission: &Submission,
    bytes: Arc<Vec<u8>>,
) -> Result<Result<Sheet, Vec<Problem>>, GateError> {
    let said = (submission.format.clone().unwrap_or_default(), submission.layout.clone());
    let open = |(format, layout): (String, Layout)| {
        let (formats, bytes) = (formats_for(gate, submission.channel), bytes.clone());
        let opening = tokio::task::spawn_blocking(move || Sheet::open_as(&formats, &bytes, &format, &layout));
        async {
            opening
                .await
                .unwrap_or_else(|_| Err(vec![Problem::in_file(Kind::NotText)]))
        }
    };
    let first = open(said).await;
    let is_elsewhere = |problem: &Problem| may_be_elsewhere(&problem.kind);
    let (actor, channel) = (&submission.actor, submission.channel);
    match &first {
        Ok(sheet) if !sheet.layout.is_chosen && channel != Channel::Organisations => {
            let said = meanings(gate, actor, channel, &sheet.layout).await?;
            return Ok(first.map(|mut sheet| {
                let said = said.unwrap_or_default();
                (sheet.layout.values, sheet.layout.left) = (said.values, said.left);
                sheet
            }));
        }
        Err(problems) if problems.iter().any(is_elsewhere) && submission.channel != Channel::Organisations => {}
        _ => return Ok(first),
    }
    match remembered(gate, actor, channel, bytes.clone()).await? {
        Some(said) => Ok(open(said).await),
        None => Ok(first),
    }
}

/// Whether what a file lacks may be in a part of it that was not looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Elsewhere {
    /// Its sender may say where: there are other sheets, or there are headings to explain.
    Perhaps,
    /// There is nothing else in it.
    Nowhere,
}

/// Whether it is worth asking for another part of a file that cannot be read, or for what its headings mean.
async fn other_parts(gate: &Gate, bytes: Arc<Vec<u8>>, problems: &[Problem]) -> Elsewhere {
    if problems
        .iter()
        .any(|problem| matches!(problem.kind, Kind::UnknownFormat { .. }))
    {
        return Elsewhere::Perhaps;
    }
    if !problems.iter().any(|problem| may_be_elsewhere(&problem.kind)) {
        return Elsewhere::Nowhere;
    }
    let limits = *gate.formats.limits();
    let counting = tokio::task::spawn_blocking(move || formats::sheet_names(&bytes, &limits).len());
    match counting.await {
        Ok(sheets) if sheets > 1 => Elsewhere::Perhaps,
        _ => Elsewhere::Nowhere,
    }
}

/// The formats of what a channel's files are about.
pub(crate) fn formats_for(gate: &Gate, channel: Channel) -> Formats {
    match channel {
        Channel::Organisations => gate.formats.about(About::Organisations),
        _ => (*gate.formats).clone(),
    }
}

/// Plans what was asked for by ticking many people at once; the requests are kept in the file's place.
async fn check_wishes(gate: &Gate, job: &Job, submission: &Submission, bytes: &[u8]) -> Result<(), GateError> {
    let requests: Vec<ChangeRequest> = serde_json::from_slice(bytes).map_err(store::StoreError::from)?;
    begin(gate, job, requests.len(), |_| {}).await?;
    let mut planning = Planning::new(gate, job, submission, FileKeys::default());
    for chunk in requests.chunks(PLANNED_AT_ONCE) {
        planning.add(chunk.to_vec()).await?;
    }
    planning.conclude().await
}

pub(crate) async fn begin(
    gate: &Gate,
    job: &Job,
    rows: usize,
    describe: impl FnOnce(&mut Submission),
) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    // A worker that wakes late, its job done by another, must not clear what that one has planned.
    keep_claim(gate, &tx, job).await?;
    rows::clear(&tx, &job.submission).await?;
    describe(&mut submission);
    submission.expected_rows = u32::try_from(rows).unwrap_or(u32::MAX);
    submission.progress = 0;
    submission.planned_after = Some(trail::head(&tx).await?.number);
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}

/// Ends the check: the plan waits to be decided on, or a machine's is applied. `kept` is the file as it is kept from now on,
/// where that is not as it came.
pub(crate) async fn conclude(gate: &Gate, job: &Job, kept: Option<Vec<u8>>) -> Result<(), GateError> {
    // Counted before the transaction, which keeps others from writing.
    let created = created_by_machine(gate, &job.submission).await?;
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    let was_blanked = kept.is_some();
    if let Some(bytes) = kept {
        submissions::replace_file(&tx, &job.submission, bytes).await?;
    }
    submission.totals = rows::totals(&tx, &job.submission).await?;
    if submission.hashing {
        submission.hashing = false;
        submission.expected_rows = submission.totals.rows();
    }
    submission.state = State::Planned;
    submission.touches = suspiciously_many(gate, &tx, &submission, &created).await?;
    if submission.rehearsal {
        rows::close_all(&tx, &job.submission, Outcome::LeftOut).await?;
        submission.totals = rows::totals(&tx, &job.submission).await?;
        submission.state = State::Declined;
        submission.finished_at = Some(gate.now());
    } else if submission.is_held() && submission.waits_for_a_person() {
        crate::held::tell(gate, &tx, &submission).await?;
    }
    if !submission.rehearsal && !submission.waits_for_a_person() {
        rows::release(&tx, &job.submission, true).await?;
        submission.state = State::Applying;
        submission.progress = 0;
        submission.confirmed_at = Some(gate.now());
        jobs::enqueue(&tx, Task::Apply, &job.submission, gate.now()).await?;
    }
    submissions::save(&tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    if was_blanked {
        forget_for_good(gate).await;
    }
    Ok(())
}

/// Leaves nothing of a blanked or deleted file in SQLite's journal. What it cannot clear now goes when the journal is next
/// written anew.
pub(crate) async fn forget_for_good(gate: &Gate) {
    if let Err(error) = gate.store.empty_journal().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the journal was not emptied");
    }
}

/// How many accounts a machine's submission creates in each organisation; nothing where it creates few, and where people
/// send it: they see the number before they apply it.
async fn created_by_machine(gate: &Gate, id: &SubmissionId) -> Result<BTreeMap<OrganisationCode, u32>, GateError> {
    let db = gate.store.reader();
    let submission = submissions::hold(db, id).await?;
    let by_machine = submission.is_some_and(|submission| submission.channel.is_machine());
    if !by_machine || rows::totals(db, id).await?.of(RowKind::Create) <= gate.rules().new_by_machine.accounts {
        return Ok(BTreeMap::new());
    }
    Ok(rows::created_accounts(db, id).await?)
}

/// The organisations of which more would be changed than anybody does by a day's file; or created, as far as that is counted.
pub(crate) async fn suspiciously_many(
    gate: &Gate,
    tx: &store::Transaction,
    submission: &Submission,
    created: &BTreeMap<OrganisationCode, u32>,
) -> Result<Vec<Touched>, GateError> {
    let threshold = gate.rules().threshold;
    if submission.channel == Channel::Organisations {
        let changed = submission.totals.of(RowKind::Update);
        let all = u32::try_from(organisations::count(tx).await?).unwrap_or(u32::MAX);
        let organisation = None;
        let passed = threshold.is_passed(changed, all);
        return Ok(passed
            .then_some(Touched {
                organisation,
                changed,
                created: 0,
                all,
            })
            .into_iter()
            .collect());
    }
    let mut touches = Vec::new();
    for (organisation, changed) in rows::changed_accounts(tx, &submission.id).await? {
        if changed <= threshold.accounts {
            continue;
        }
        let all = people::count_of(tx, &organisation).await?;
        if threshold.is_passed(changed, all) {
            touches.push(Touched {
                organisation: Some(organisation),
                changed,
                created: 0,
                all,
            });
        }
    }
    for (organisation, &created) in created {
        let all = people::count_of(tx, organisation).await?;
        if !gate.rules().new_by_machine.is_passed(created, all) {
            continue;
        }
        let known = touches
            .iter_mut()
            .find(|touched| touched.organisation.as_ref() == Some(organisation));
        match known {
            Some(touched) => touched.created = created,
            None => touches.push(Touched {
                organisation: Some(organisation.clone()),
                changed: 0,
                created,
                all,
            }),
        }
    }
    touches.sort_by(|one, other| one.organisation.cmp(&other.organisation));
    Ok(touches)
}

async fn unreadable(gate: &Gate, job: &Job, problems: Vec<Problem>, others: Elsewhere) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    submission.state = State::Unreadable;
    submission.problems = problems;
    submission.finished_at = Some(gate.now());
    // Nobody reads it any more, but for one that its sender may still explain.
    if others == Elsewhere::Nowhere || !asks_for_columns(&submission) {
        submissions::drop_file(&tx, &mut submission).await?;
    }
    submissions::save(&tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    forget_for_good(gate).await;
    Ok(())
}

/// A job that has nothing left to do, as after a crash between the last change and its end.
pub(crate) async fn finish_nothing(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await
}

/// Renews the worker's claim as part of its transaction: one that has lost its job writes nothing more. While the
/// transaction lasts, nobody else can claim the job, however long that is: claims skip what is locked. Whoever holds the
/// submission, too, holds it first, so that nobody waits for the other.
pub(crate) async fn keep_claim(gate: &Gate, tx: &store::Transaction, job: &Job) -> Result<(), GateError> {
    if jobs::renew(tx, job, gate.claimed_until()).await? {
        Ok(())
    } else {
        Err(GateError::Stale)
    }
}

pub(crate) async fn commit(tx: store::Transaction) -> Result<(), GateError> {
    Ok(tx.commit().await?)
}

/// Renews a claim again and again, because what is planned in one go says nothing in between. Ends when it is dropped, or
/// when the job is over.
struct Renewing(JoinHandle<()>);

impl Renewing {
    fn of(gate: &Gate, job: &Job) -> Self {
        let (gate, job) = (gate.clone(), job.clone());
        Self(tokio::spawn(async move {
            let pause = Duration::from_secs(u64::from(gate.rules().claim_seconds / 3).max(1));
            loop {
                tokio::time::sleep(pause).await;
                if renew(&gate, &job).await.is_err() {
                    return;
                }
            }
        }))
    }
}

impl Drop for Renewing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn renew(gate: &Gate, job: &Job) -> Result<(), GateError> {
    let tx = gate.store.begin().await?;
    keep_claim(gate, &tx, job).await?;
    commit(tx).await
}

/// Rows that give the same key as another: the file's own duplicates, found before anything is planned. Of each key only a
/// number is kept, made with secrets of this run; in a file of 200,000 rows no two keys have the same by chance.
pub(crate) fn repeated_keys(
    requests: impl IntoIterator<Item = impl Borrow<ChangeRequest>>,
) -> HashMap<RowNumber, (Attribute, RowNumber)> {
    const KEYS: [Attribute; 3] = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];
    let halves = [RandomState::new(), RandomState::new()];
    let mut given: Vec<([u64; 2], RowNumber, usize)> = Vec::new();
    for request in requests {
        let request = request.borrow();
        let Wish::Account(cells) = &request.wish else { continue };
        for (place, key) in KEYS.into_iter().enumerate() {
            if cells.marks.contains_key(&key) {
                continue;
            }
            let Some(text) = cells.key(key) else { continue };
            let text = match key {
                Attribute::LocalId => {
                    let home = cells.key(Attribute::Organisation).unwrap_or_default();
                    format!("{} {text}", home.to_uppercase())
                }
                _ => text.to_lowercase(),
            };
            let number = halves.each_ref().map(|half| half.hash_one((place, &text)));
            given.push((number, request.row, place));
        }
    }
    given.sort_unstable();
    let mut repeated: Vec<(RowNumber, usize, RowNumber)> = Vec::new();
    for same in given
        .chunk_by(|one, next| one.0 == next.0)
        .filter(|same| same.len() > 1)
    {
        let first = same[0].1;
        repeated.push((first, same[0].2, same[1].1));
        repeated.extend(same[1..].iter().map(|(_, row, place)| (*row, *place, first)));
    }
    // Of several keys that a row shares, the strongest is told of.
    repeated.sort_unstable();
    let mut told = HashMap::new();
    for (row, place, other) in repeated {
        told.entry(row).or_insert((KEYS[place], other));
    }
    told
}
