//! Checking a submission: the file is read as a stream, planned in chunks, and the plan kept row by row.

use std::{io, sync::Arc, time::Duration};

use domain::{
    channel::Channel,
    layout::Layout,
    plan::FileKeys,
    problem::{Kind, Problem},
    request::ChangeRequest,
    submission::State,
};
use formats::Sheet;
use store::{
    jobs::{self, Job},
    submissions::{self, Submission},
};
use tokio::task::JoinHandle;

use crate::{
    Gate, GateError, asks_for_columns,
    connectors::email::telling::tell_unreadable,
    formats_for,
    submissions::{
        claims::{begin, commit, finish_nothing, keep_claim},
        columns::{explained, may_be_elsewhere, meanings, remembered, unknown},
        concluding::{conclude, forget_for_good},
        one_time,
        planning::{PLANNED_AT_ONCE, Planning},
        repeated_keys::Given,
    },
};

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
        return crate::submissions::undo::check(gate, job, &submission).await;
    }
    if submission.channel == Channel::ChangeFile {
        return crate::connectors::change_files::checking::check(gate, job, &submission).await;
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
        let mut given = Given::default();
        for request in gone_through.requests() {
            given.use_up(request);
        }
        let counted = match is_asked {
            true => explained(&gone_through),
            false => vec![],
        };
        (given.shared(), counted)
    });
    let (shared, counted) = going_through.await.map_err(io::Error::other)?;
    let file = FileKeys::with_repeated(shared.keys).with_private(shared.private);
    let repeated = Arc::new(shared.passwords);
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
    if submission.channel == Channel::EmailCsv {
        tell_unreadable(gate, &tx, &submission).await?;
    }
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    forget_for_good(gate).await;
    Ok(())
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
