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
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};

use super::row::{Row, read, stored};
use crate::{StoreError, entities::submission_row};

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
    for row in hashed {
        rewrite(db, id, row.planned.row, &row.request).await?;
    }
    Ok(())
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
        if let Some(Some(OneTimePassword::Hashed(hash))) = row.request.wish.cells().map(|cells| &cells.one_time) {
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
    const STRETCH: u64 = 500;
    loop {
        let left_out = with(id, HASHED)
            .filter(submission_row::Column::Outcome.is_in([Outcome::LeftOut.slug(), Outcome::Superseded.slug()]))
            .limit(STRETCH);
        let left_out = left_out.all(db).await?;
        if left_out.is_empty() {
            return Ok(());
        }
        for row in left_out {
            let mut row = read(row)?;
            if let Wish::AccountInFile(cells) = &mut row.request.wish {
                cells.one_time = Some(OneTimePassword::Dropped);
            }
            rewrite(db, id, row.planned.row, &row.request).await?;
        }
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
        for row in found {
            let row = read(row)?;
            after = row.planned.row;
            let had_password = row.request.wish.cells().is_some_and(|cells| cells.one_time.is_some());
            let mut request = without_secret(&row.request);
            if let Wish::AccountInFile(cells) = &mut request.wish
                && had_password
            {
                cells.one_time = Some(OneTimePassword::Dropped);
            }
            rewrite(db, id, after, &request).await?;
        }
    }
}

fn with(id: &SubmissionId, pattern: &str) -> Select<submission_row::Entity> {
    submission_row::Entity::find()
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Request.like(pattern))
}

async fn rewrite(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    row: RowNumber,
    request: &ChangeRequest,
) -> Result<(), StoreError> {
    submission_row::Entity::update_many()
        .col_expr(
            submission_row::Column::Request,
            Expr::value(serde_json::to_string(request)?),
        )
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Row.eq(stored(row)))
        .exec(db)
        .await?;
    Ok(())
}

/// What no row holds once it is applied.
const SECRET: [Attribute; 2] = [Attribute::Password, Attribute::ActivationEmail];

/// Whether anything of a password or a private address stands in a request.
pub(super) fn has_secret(request: &ChangeRequest) -> bool {
    let holds = |cells: &Cells| {
        let is_there =
            |attribute: &Attribute| cells.texts.contains_key(attribute) || cells.mended.contains_key(attribute);
        cells.one_time.is_some() || SECRET.iter().any(is_there)
    };
    request.wish.cells().is_some_and(holds)
}

/// A one-time password and a private address have done their duty once their account is made; no copy stays in the row.
pub(super) fn without_secret(request: &ChangeRequest) -> ChangeRequest {
    let mut request = request.clone();
    if let Wish::AccountInFile(cells) | Wish::NewAccount(cells) = &mut request.wish {
        for attribute in SECRET {
            cells.texts.remove(&attribute);
            cells.mended.remove(&attribute);
        }
        cells.one_time = None;
    }
    request
}
