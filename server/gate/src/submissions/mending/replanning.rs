//! Planning rows of a file again after somebody has changed or decided something about them, together with the rows that
//! they meet.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    dictionary::Attribute,
    plan::{FileKeys, plan},
    problem::Kind,
    request::{Cells, ChangeRequest},
    submission::Outcome,
    values::{ids::RowNumber, text},
};
use store::{
    directory::snapshot::{self, Hold},
    submissions::{
        self, Submission,
        rows::{self, Row},
    },
};

use super::{can_be_mended, cells_of};
use crate::{
    Gate, GateError, scope_for,
    submissions::{
        claims::{aside, commit},
        concluding::suspiciously_many,
        repeated_keys::{Given, Shared},
    },
};

/// Rows of a file that are all looked at for keys and names that another gives, too.
const SMALL: u32 = 2000;

/// Rows that are looked at because a changed row names them.
const MOST_NAMED: usize = 100;

/// Plans rows again as they are asked for now, and keeps that: what was shown before is no longer what is applied.
pub(crate) async fn keep(
    gate: &Gate,
    tx: store::Transaction,
    mut submission: Submission,
    changed: Vec<Row>,
) -> Result<(), GateError> {
    plan_again(gate, &tx, &submission, changed).await?;
    submission.totals = rows::totals(&tx, &submission.id).await?;
    if submission.confirmed_at.is_none() {
        submission.touches = suspiciously_many(gate, &tx, &submission, &BTreeMap::new()).await?;
    }
    submission.mends += 1;
    submissions::save(&tx, &submission).await?;
    commit(tx).await
}

/// Plans rows with their mended cells, and those that met one of them, within the sender's scope of this moment.
async fn plan_again(
    gate: &Gate,
    tx: &store::Transaction,
    submission: &Submission,
    mut mended: Vec<Row>,
) -> Result<(), GateError> {
    let id = &submission.id;
    let are_mended: BTreeSet<_> = mended.iter().map(|row| row.planned.row).collect();
    let (mut clashing, mut others) = (Vec::new(), Vec::new());
    let relatives = relatives(tx, submission, &mended).await?;
    let is_unsought = relatives.is_none();
    let mut relatives = relatives.unwrap_or_default();
    // Those that are named are at hand, however long the file is.
    let named: BTreeSet<_> = mended.iter().flat_map(meets).take(MOST_NAMED).collect();
    let are_there: BTreeSet<_> = relatives.iter().map(|row| row.planned.row).collect();
    for number in named.difference(&are_there) {
        relatives.extend(rows::get(tx, id, *number).await?);
    }
    for row in relatives {
        if are_mended.contains(&row.planned.row) {
            continue;
        }
        // Two others that clash stay as they are: not all that they clash with need be at hand.
        let clashed = meets(&row).any(|other| are_mended.contains(&other));
        clashing.push((clashed && can_be_mended(submission, &row), row));
    }
    for (clashed, row) in clashing {
        match clashed {
            true => mended.push(row),
            false => others.push(row),
        }
    }
    mended.sort_by_key(|row| row.planned.row);
    let requests: Vec<_> = mended.iter().map(|row| row.request.clone()).collect();
    let authority = gate.authority(tx, &submission.actor).await?;
    let scope = scope_for(&authority, submission.channel, &requests);
    let all = requests.iter().chain(others.iter().map(|row| &row.request));
    // A row that is skipped takes no key from another.
    let mut in_order: Vec<_> = all.filter(|request| !is_skipped(request)).collect();
    in_order.sort_by_key(|request| request.row);
    let at_hand: BTreeSet<_> = in_order.iter().map(|request| request.row).collect();
    let Shared {
        keys: mut repeated,
        mut private,
        ..
    } = Given::of(in_order).shared();
    let skipped: BTreeSet<_> = mended
        .iter()
        .filter(|row| is_skipped(&row.request))
        .map(|row| row.planned.row)
        .collect();
    // What was found of the whole file stays true of a key that nobody has mended, and of a row that nobody has skipped.
    for row in mended.iter().filter(|row| is_unsought && !is_skipped(&row.request)) {
        let is_mended = |key: &Attribute| cells_of(&row.request).is_some_and(|cells| cells.mended.contains_key(key));
        for found in twice(row).filter(|(key, other)| !is_mended(key) && !skipped.contains(other)) {
            repeated.entry(row.planned.row).or_insert(found);
        }
    }
    // So does what a row shares with one that is not at hand.
    for row in mended.iter().filter(|row| !is_skipped(&row.request)) {
        let is_mended =
            cells_of(&row.request).is_some_and(|cells| cells.mended.contains_key(&Attribute::ActivationEmail));
        for other in shares(row).filter(|other| !is_mended && !at_hand.contains(other) && !skipped.contains(other)) {
            private.entry(row.planned.row).or_insert(other);
        }
    }
    let file = FileKeys::with_repeated(repeated).with_private(private);
    let known = gate.known(submission.channel, file, &authority);
    let mut snapshot = snapshot::load(tx, &scope, known, &requests, Hold::Free).await?;
    for other in others.iter().filter(|other| other.outcome != Outcome::Done) {
        snapshot.file.remember(&other.planned, &snapshot.organisations);
    }
    let planned = aside(move || plan(&snapshot, &requests).rows).await?;
    for (row, now) in mended.iter_mut().zip(&planned) {
        row.request.promised = now.step.new_address();
    }
    Ok(rows::replan(tx, id, &mended, &planned).await?)
}

/// Rows that may give the same key or name as mended ones. Among very many, they are sought for one mended row only: what
/// clashes beyond that is found when it is applied, and comes back for review; none where they are not sought.
async fn relatives(
    tx: &store::Transaction,
    submission: &Submission,
    mended: &[Row],
) -> Result<Option<Vec<Row>>, GateError> {
    let sought = match mended {
        _ if submission.totals.rows() <= SMALL => vec![],
        [one] if !sought(one).is_empty() => sought(one),
        _ => return Ok(None),
    };
    let found = rows::relatives(tx, &submission.id, &sought, u64::from(SMALL)).await?;
    // There may be more.
    let are_all = submission.totals.rows() <= SMALL || found.len() < SMALL as usize;
    Ok(are_all.then_some(found))
}

/// The name and the keys of a row, as they were and as they are.
fn sought(row: &Row) -> Vec<String> {
    let Some(cells) = cells_of(&row.request) else {
        return vec![];
    };
    let (first, last) = cells.names();
    let keys = [Attribute::AccountId, Attribute::LocalId, Attribute::EmailAddress];
    let now = keys.map(|key| cells.text(key).to_owned());
    let before = keys.map(|key| cells.mended.get(&key).cloned().unwrap_or_default());
    let all = [format!("{first} {last}"), row.planned.name.clone()]
        .into_iter()
        .chain(now)
        .chain(before);
    all.filter(|text| !text::is_blank(text)).collect()
}

/// The keys of a row that another gives, too, each with that other.
fn twice(row: &Row) -> impl Iterator<Item = (Attribute, RowNumber)> {
    row.planned
        .step
        .problems()
        .iter()
        .filter_map(|problem| match problem.kind {
            Kind::TwiceInFile { attribute, other } => Some((attribute, other)),
            _ => None,
        })
}

/// The other rows that give the private address of a row, too.
fn shares(row: &Row) -> impl Iterator<Item = RowNumber> {
    row.planned.warnings.iter().filter_map(|warning| match warning.kind {
        Kind::PrivateInOtherRow { other } => Some(other),
        _ => None,
    })
}

/// The other rows that a row's problems and warnings name.
fn meets(row: &Row) -> impl Iterator<Item = RowNumber> {
    let problems = row.planned.step.problems().iter().chain(&row.planned.warnings);
    problems.filter_map(|problem| match problem.kind {
        Kind::TwiceInFile { other, .. }
        | Kind::NumberInOtherRow { other, .. }
        | Kind::AddressInOtherRow { other }
        | Kind::PrivateInOtherRow { other }
        | Kind::LooksLikeRow { other, .. } => Some(other),
        _ => None,
    })
}

fn is_skipped(request: &ChangeRequest) -> bool {
    request.wish.cells().is_some_and(Cells::is_skipped)
}
