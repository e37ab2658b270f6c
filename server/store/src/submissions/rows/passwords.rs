//! The one-time passwords of rows: kept as hashes only, and only until their row is done with. Private addresses for
//! activation links leave their rows at the same time.

use domain::{
    dictionary::Attribute,
    password::OneTimePassword,
    request::{Cells, ChangeRequest, Wish},
    submission::Outcome,
    values::ids::{RowNumber, SubmissionId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, IntoIden, Query, TableRef, ValueTuple},
};

use super::row::{Row, read, stored};
use crate::{StoreError, entities::submission_row, lists::ROWS_A_STATEMENT, number};

/// How a request says that its password waits to be hashed, and that it is.
const SOUND: &str = r#"%"one_time":"sound"%"#;
const HASHED: &str = r#"%"one_time":{"hashed":%"#;

/// How a request says that a private address stands in it.
const PRIVATE: &str = r#"%"activation-email":%"#;

/// The next rows behind a row whose passwords wait to be hashed, in the file's order, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn unhashed(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    after: RowNumber,
    limit: u64,
) -> Result<Vec<Row>, StoreError> {
    let waiting = with(id, SOUND).filter(submission_row::Column::Row.gt(stored(after)));
    let waiting = waiting.order_by_asc(submission_row::Column::Row).limit(limit);
    waiting.all(db).await?.into_iter().map(read).collect()
}

/// Keeps the hashes of rows' passwords.
///
/// # Errors
/// When the database fails.
pub async fn keep_hashes(db: &impl ConnectionTrait, id: &SubmissionId, hashed: &[Row]) -> Result<(), StoreError> {
    let requests = hashed.iter().map(|row| (row.planned.row, &row.request));
    rewrite(db, id, requests).await
}

/// The hashes of the passwords that other open rows give, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn passwords_of_others(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    but: RowNumber,
    limit: u64,
) -> Result<Vec<(RowNumber, String)>, StoreError> {
    let others = with(id, HASHED)
        .filter(submission_row::Column::Row.ne(stored(but)))
        .filter(submission_row::Column::Outcome.is_in([Outcome::Waiting.slug(), Outcome::Stale.slug()]))
        .order_by_asc(submission_row::Column::Row)
        .limit(limit);
    let mut hashes = Vec::new();
    for row in others.all(db).await? {
        let row = read(row)?;
        if let Some(OneTimePassword::Hashed(hash)) = one_time(&row.request) {
            hashes.push((row.planned.row, hash.clone()));
        }
    }
    Ok(hashes)
}

/// Takes the passwords out of rows that were not applied and will not be.
///
/// # Errors
/// When the database fails.
pub async fn drop_passwords(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let left_out: Vec<(i32, String)> = with(id, HASHED)
            .select_only()
            .columns([submission_row::Column::Row, submission_row::Column::Request])
            .filter(submission_row::Column::Outcome.is_in([Outcome::LeftOut.slug(), Outcome::Superseded.slug()]))
            // Each row is looked at once, however many there are.
            .filter(submission_row::Column::Row.gt(after))
            .order_by_asc(submission_row::Column::Row)
            .limit(ROWS_A_STATEMENT as u64)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _)) = left_out.last() else {
            return Ok(());
        };
        after = *last;
        let mut dropped = Vec::with_capacity(left_out.len());
        for (row, request) in left_out {
            let mut request: ChangeRequest = serde_json::from_str(&request)?;
            drop_password(&mut request);
            dropped.push((RowNumber(number(row, "a row")?), request));
        }
        rewrite(db, id, dropped.iter().map(|(row, request)| (*row, request))).await?;
    }
}

/// Says of a request's password that it is gone.
fn drop_password(request: &mut ChangeRequest) {
    match &mut request.wish {
        Wish::AccountInFile(cells) => cells.one_time = Some(OneTimePassword::Dropped),
        Wish::ChangeRow(row) => row.one_time = Some(OneTimePassword::Dropped),
        _ => {}
    }
}

/// Takes passwords and private addresses out of the rows with an outcome, which nobody will apply any more.
///
/// # Errors
/// When the database fails.
pub async fn drop_secrets(db: &impl ConnectionTrait, id: &SubmissionId, of: Outcome) -> Result<(), StoreError> {
    const STRETCH: u64 = 500;
    let mut after = RowNumber(0);
    loop {
        let holds = [HASHED, PRIVATE].map(|pattern| submission_row::Column::Request.like(pattern));
        let holds = holds.into_iter().fold(Condition::any(), Condition::add);
        let found = submission_row::Entity::find()
            .filter(submission_row::Column::Submission.eq(id.as_str()))
            .filter(submission_row::Column::Outcome.eq(of.slug()))
            .filter(submission_row::Column::Row.gt(stored(after)))
            .filter(holds)
            .order_by_asc(submission_row::Column::Row)
            .limit(STRETCH);
        let found = found.all(db).await?;
        if found.is_empty() {
            return Ok(());
        }
        let mut dropped = Vec::with_capacity(found.len());
        for row in found {
            let row = read(row)?;
            after = row.planned.row;
            let had_password = one_time(&row.request).is_some();
            let mut request = without_secret(&row.request);
            if had_password {
                drop_password(&mut request);
            }
            dropped.push((after, request));
        }
        rewrite(db, id, dropped.iter().map(|(row, request)| (*row, request))).await?;
    }
}

fn with(id: &SubmissionId, pattern: &str) -> Select<submission_row::Entity> {
    submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Request.like(pattern))
}

/// Keeps requests in the place of those of rows.
async fn rewrite<'r>(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    requests: impl Iterator<Item = (RowNumber, &'r ChangeRequest)>,
) -> Result<(), StoreError> {
    let mut written = Vec::new();
    for (row, request) in requests {
        written.push((stored(row), serde_json::to_string(request)?));
    }
    let kept = Alias::new("kept");
    // What databases call the columns of such a list.
    let [number, request] = ["column1", "column2"].map(|column| Expr::col((kept.clone(), Alias::new(column))));
    for chunk in written.chunks(ROWS_A_STATEMENT) {
        let values = chunk
            .iter()
            .map(|(row, request)| ValueTuple::Two((*row).into(), request.clone().into()));
        let update = Query::update()
            .table(submission_row::Entity)
            .from(TableRef::ValuesList(values.collect(), kept.clone().into_iden()))
            .value(submission_row::Column::Request, request.clone())
            .and_where(submission_row::Column::Submission.eq(id.as_str()))
            .and_where(Expr::col((submission_row::Entity, submission_row::Column::Row)).eq(number.clone()))
            .to_owned();
        db.execute(&update).await?;
    }
    Ok(())
}

/// What no row holds once it is applied.
const SECRET: [Attribute; 2] = [Attribute::Password, Attribute::ActivationEmail];

/// Whether anything of a password or a private address stands in a request.
pub(super) fn has_secret(request: &ChangeRequest) -> bool {
    let holds = |cells: &Cells| {
        let is_there =
            |attribute: &Attribute| cells.texts.contains_key(attribute) || cells.mended.contains_key(attribute);
        SECRET.iter().any(is_there)
    };
    one_time(request).is_some() || request.wish.cells().is_some_and(holds)
}

/// What a request keeps of its one-time password.
fn one_time(request: &ChangeRequest) -> Option<&OneTimePassword> {
    match &request.wish {
        Wish::ChangeRow(row) => row.one_time.as_ref(),
        wish => wish.cells()?.one_time.as_ref(),
    }
}

/// A one-time password and a private address have done their duty once their account is made; no copy stays in the row.
pub(super) fn without_secret(request: &ChangeRequest) -> ChangeRequest {
    let mut request = request.clone();
    match &mut request.wish {
        Wish::AccountInFile(cells) | Wish::NewAccount(cells) => {
            for attribute in SECRET {
                cells.texts.remove(&attribute);
                cells.mended.remove(&attribute);
            }
            cells.one_time = None;
        }
        Wish::ChangeRow(row) => row.one_time = None,
        _ => {}
    }
    request
}
