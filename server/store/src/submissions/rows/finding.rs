//! Finding rows of a submission: by the problem that many share, by what stands in them, by what they would do.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    change_file::Field,
    dictionary::Attribute,
    organisation::OrganisationCode,
    plan::{PlannedRow, RowKind, Step},
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
    submission::Outcome,
    values::{
        ids::{RowNumber, SubmissionId},
        text,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::LikeExpr,
};
use sha2::{Digest, Sha256};

use super::row::{Row, read};
use crate::{
    StoreError,
    directory::scope::escaped,
    entities::{account, submission_problem, submission_row},
    word,
};

/// Under this key rows are found with a cell that does not overwrite what was changed by hand.
pub const KEPT: &str = "changed-by-hand";

/// What is one person's alone: another row never gets the same.
const OWN: [Attribute; 4] = [
    Attribute::AccountId,
    Attribute::LocalId,
    Attribute::EmailAddress,
    Attribute::Password,
];

/// Letters of a row that are searched.
const MOST_LETTERS: usize = 2000;

/// A problem that rows share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// What it is filtered by.
    pub key: String,
    /// What is wrong, in a sentence.
    pub said: String,
    /// Rows that have it.
    pub rows: u32,
}

/// The problems that most rows share, those of most rows first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn shared_problems(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    limit: u64,
) -> Result<Vec<Shared>, StoreError> {
    let counted: Vec<(String, String, i64)> = submission_problem::Entity::find()
        .select_only()
        .columns([submission_problem::Column::Key, submission_problem::Column::Said])
        .column_as(submission_problem::Column::Row.count(), "rows")
        .filter(submission_problem::Column::Submission.eq(id.as_str()))
        .filter(submission_problem::Column::Key.ne(KEPT))
        .group_by(submission_problem::Column::Key)
        .group_by(submission_problem::Column::Said)
        .order_by_desc(submission_problem::Column::Row.count())
        .order_by_asc(submission_problem::Column::Said)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let shared = counted.into_iter().map(|(key, said, rows)| Shared {
        key,
        said,
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
    });
    Ok(shared.collect())
}

/// In how many rows a cell does not overwrite what was changed by hand.
///
/// # Errors
/// When the database fails.
pub async fn kept(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<u32, StoreError> {
    let kept = submission_problem::Entity::find()
        .filter(submission_problem::Column::Submission.eq(id.as_str()))
        .filter(submission_problem::Column::Key.eq(KEPT));
    Ok(u32::try_from(kept.count(db).await?).unwrap_or(u32::MAX))
}

/// The rows' problems as others share them, each once a row; and which rows keep what was changed by hand.
pub(super) fn problems<'a>(
    id: &SubmissionId,
    rows: impl IntoIterator<Item = (&'a ChangeRequest, &'a PlannedRow)>,
) -> Vec<submission_problem::ActiveModel> {
    let mut all = Vec::new();
    for (request, row) in rows {
        // What is noticed about a column is told once for all its rows, as problems are.
        let noticed = row.warnings.iter().filter(|warning| warning.is_of_a_column());
        let said: BTreeMap<_, _> = noticed
            .chain(row.step.problems())
            // That a row was skipped is nothing to fix.
            .filter(|problem| problem.kind != Kind::Skipped)
            .map(|problem| (problem.shared(), cell_key(request, problem)))
            .collect();
        if !row.kept.is_empty() {
            all.push(submission_problem::ActiveModel {
                submission: Set(id.to_string()),
                row: Set(number(row.row)),
                key: Set(KEPT.to_owned()),
                said: Set(String::new()),
                cell: Set(String::new()),
            });
        }
        all.extend(said.into_iter().map(|(said, cell)| submission_problem::ActiveModel {
            submission: Set(id.to_string()),
            row: Set(number(row.row)),
            key: Set(key_of(&said)),
            said: Set(said),
            cell: Set(cell),
        }));
    }
    all
}

/// Names a problem together with the whole text that has it. Empty where the same is never written into other rows: the
/// problem is not one of a cell, or the cell tells people apart.
fn cell_key(request: &ChangeRequest, problem: &Problem) -> String {
    let (Some(attribute), Wish::AccountInFile(cells)) = (problem.place.attribute(), &request.wish) else {
        return String::new();
    };
    if OWN.contains(&attribute) {
        return String::new();
    }
    let text = cells.text(attribute).trim();
    key_of(&format!("{}\n{}\n{text}", attribute.slug(), problem.message()))
}

/// In how many other rows there is the same text with the same problem, for each cell of these rows that has one.
///
/// # Errors
/// When the database fails.
pub async fn others_alike(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    rows: &[Row],
) -> Result<HashMap<(RowNumber, Attribute), u32>, StoreError> {
    let cells = rows.iter().flat_map(|row| {
        let problems = row.planned.step.problems().iter();
        problems.filter_map(|problem| {
            let place = (row.planned.row, problem.place.attribute()?);
            Some((place, cell_key(&row.request, problem)))
        })
    });
    let cells: Vec<_> = cells.filter(|(_, key)| !key.is_empty()).collect();
    let keys: HashSet<_> = cells.iter().map(|(_, key)| key.as_str()).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let counted: Vec<(String, i64)> = submission_problem::Entity::find()
        .select_only()
        .column(submission_problem::Column::Cell)
        .column_as(submission_problem::Column::Row.count(), "rows")
        .filter(submission_problem::Column::Submission.eq(id.as_str()))
        .filter(submission_problem::Column::Cell.is_in(keys))
        .group_by(submission_problem::Column::Cell)
        .into_tuple()
        .all(db)
        .await?;
    let counted: HashMap<_, _> = counted.into_iter().collect();
    let others = cells.into_iter().filter_map(|(place, key)| {
        let others = counted.get(&key)?.saturating_sub(1);
        (others > 0).then(|| (place, u32::try_from(others).unwrap_or(u32::MAX)))
    });
    Ok(others.collect())
}

/// The open rows with the same text and the same problem as a row, in the file's order, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn alike(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    row: &Row,
    problem: &Problem,
    limit: u64,
) -> Result<Vec<Row>, StoreError> {
    let key = cell_key(&row.request, problem);
    if key.is_empty() {
        return Ok(vec![]);
    }
    let same = submission_problem::Entity::find()
        .select_only()
        .column(submission_problem::Column::Row)
        .filter(submission_problem::Column::Submission.eq(id.as_str()))
        .filter(submission_problem::Column::Cell.eq(key))
        .into_query();
    let rows = open(id)
        .filter(submission_row::Column::Row.in_subquery(same))
        .order_by_asc(submission_row::Column::Row)
        .limit(limit);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// Rows that may give the same key, address or name as others: those in which any of these words stands, or all rows
/// where there are no words; at most so many.
///
/// # Errors
/// When the database fails.
pub async fn relatives(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    sought: &[String],
    limit: u64,
) -> Result<Vec<Row>, StoreError> {
    let mut any = Condition::any();
    for words in sought
        .iter()
        .map(|words| text::fold(words))
        .filter(|words| !words.is_empty())
    {
        let like = LikeExpr::new(format!("%{}%", escaped(&words))).escape('\\');
        any = any.add(submission_row::Column::Words.like(like));
    }
    let mut rows = submission_row::Entity::find().filter(submission_row::Column::Submission.eq(id.as_str()));
    if !any.is_empty() {
        rows = rows.filter(any);
    }
    let rows = rows.order_by_asc(submission_row::Column::Row).limit(limit);
    rows.all(db).await?.into_iter().map(read).collect()
}

/// How many accounts of each organisation the open rows would change.
///
/// # Errors
/// When the database fails.
pub async fn changed_accounts(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
) -> Result<Vec<(OrganisationCode, u32)>, StoreError> {
    let changed = open(id)
        .select_only()
        .column(submission_row::Column::Subject)
        .filter(submission_row::Column::Kind.eq(RowKind::Update.slug()))
        .into_query();
    let counted: Vec<(String, i64)> = account::Entity::find()
        .select_only()
        .column(account::Column::Organisation)
        .column_as(account::Column::Id.count(), "accounts")
        .filter(account::Column::Id.in_subquery(changed))
        .group_by(account::Column::Organisation)
        .into_tuple()
        .all(db)
        .await?;
    let counted = counted.into_iter().map(|(code, accounts)| {
        let accounts = u32::try_from(accounts).unwrap_or(u32::MAX);
        Ok((word(&code, |code| OrganisationCode::parse(code).ok())?, accounts))
    });
    counted.collect()
}

/// How many accounts the open rows would create in each organisation.
///
/// # Errors
/// When the database fails.
pub async fn created_accounts(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
) -> Result<BTreeMap<OrganisationCode, u32>, StoreError> {
    const STRETCH: u64 = 1000;
    let (mut counted, mut after) = (BTreeMap::new(), 0);
    loop {
        let rows: Vec<(i32, String)> = open(id)
            .select_only()
            .columns([submission_row::Column::Row, submission_row::Column::Planned])
            .filter(submission_row::Column::Kind.eq(RowKind::Create.slug()))
            .filter(submission_row::Column::Row.gt(after))
            .order_by_asc(submission_row::Column::Row)
            .limit(STRETCH)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = rows.last() else {
            return Ok(counted);
        };
        after = *last;
        for (_, planned) in &rows {
            let planned: PlannedRow = serde_json::from_str(planned)?;
            if let Step::CreateAccount { organisation, .. } = planned.step {
                *counted.entry(organisation).or_default() += 1;
            }
        }
    }
}

pub(super) fn open(id: &SubmissionId) -> Select<submission_row::Entity> {
    submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Outcome.is_in([Outcome::Waiting.slug(), Outcome::Stale.slug()]))
}

fn number(row: RowNumber) -> i32 {
    i32::try_from(row.0).unwrap_or(i32::MAX)
}

/// A short name for a sentence, for addresses.
fn key_of(said: &str) -> String {
    Sha256::digest(said.as_bytes())
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What a row is found by: the name of whom it is about, and what stands in its cells but for passwords and private
/// addresses.
pub(super) fn words(request: &ChangeRequest, planned: &PlannedRow) -> String {
    let mut all = vec![planned.name.as_str()];
    if let Wish::AccountInFile(cells) | Wish::OrganisationInFile(cells) = &request.wish {
        let shown = cells
            .texts
            .iter()
            .filter(|(attribute, _)| !matches!(attribute, Attribute::Password | Attribute::ActivationEmail));
        all.extend(shown.map(|(_, text)| text.as_str()));
    }
    if let Wish::ChangeRow(row) = &request.wish {
        // Of a new person it is a private address.
        let shown = row.fields.iter().filter(|(field, _)| **field != Field::AltEmailAddress);
        all.extend(shown.map(|(_, text)| text.as_str()));
    }
    let folded = text::fold(&all.join(" "));
    folded.chars().take(MOST_LETTERS).collect()
}
