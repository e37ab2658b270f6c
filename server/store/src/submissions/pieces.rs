//! The bytes of submissions. A small file is one row, as files have always been; a larger one is kept in pieces, so that
//! it is never bound or read as one value.

use domain::values::ids::SubmissionId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    StoreError,
    entities::{submission_file, submission_piece},
};

/// The bytes of a piece; the last one of a file may be shorter.
pub const PIECE: usize = 1024 * 1024;

/// Returns a submission's file: without its passwords once they were looked at. `None` if it is no longer kept.
///
/// # Errors
/// When the database fails.
pub async fn bytes(db: &impl ConnectionTrait, id: &SubmissionId) -> Result<Option<Vec<u8>>, StoreError> {
    if let Some(whole) = submission_file::Entity::find_by_id(id.as_str()).one(db).await? {
        return Ok(Some(whole.bytes));
    }
    let pieces = submission_piece::Entity::find().filter(submission_piece::Column::Submission.eq(id.as_str()));
    let count = i32::try_from(pieces.count(db).await?).unwrap_or(i32::MAX);
    if count == 0 {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(count).unwrap_or_default() * PIECE);
    // One by one: the driver reads ahead whole rows, which would be the whole file once more.
    for number in 0..count {
        let piece = submission_piece::Entity::find_by_id((id.to_string(), number))
            .one(db)
            .await?;
        let lost = || StoreError::Unreadable(format!("piece {number} of {id}"));
        bytes.extend_from_slice(&piece.ok_or_else(lost)?.bytes);
    }
    Ok(Some(bytes))
}

/// Keeps other bytes in the place of a submission's file; nothing, if it is no longer kept.
///
/// # Errors
/// When the database fails.
pub async fn replace_file(tx: &impl ConnectionTrait, id: &SubmissionId, bytes: Vec<u8>) -> Result<(), StoreError> {
    match delete_files(tx, &[id.to_string()]).await? {
        0 => Ok(()),
        _ => keep_file(tx, id, bytes).await,
    }
}

/// Deletes the files of submissions, and returns of how many rows they were.
pub(super) async fn delete_files(tx: &impl ConnectionTrait, ids: &[String]) -> Result<u64, StoreError> {
    let of = || ids.iter().map(String::as_str);
    let whole = submission_file::Entity::delete_many().filter(submission_file::Column::Submission.is_in(of()));
    let pieces = submission_piece::Entity::delete_many().filter(submission_piece::Column::Submission.is_in(of()));
    Ok(whole.exec(tx).await?.rows_affected + pieces.exec(tx).await?.rows_affected)
}

/// Keeps the file of a submission that has none yet.
pub(super) async fn keep_file(tx: &impl ConnectionTrait, id: &SubmissionId, bytes: Vec<u8>) -> Result<(), StoreError> {
    if bytes.len() > PIECE {
        for (number, piece) in (0..).zip(bytes.chunks(PIECE)) {
            keep_piece(tx, id, number, piece.to_vec()).await?;
        }
        return Ok(());
    }
    let whole = submission_file::ActiveModel {
        submission: Set(id.to_string()),
        bytes: Set(bytes),
    };
    submission_file::Entity::insert(whole)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Keeps one piece of a file that is longer than [`PIECE`]; the first is number 0, and all but the last are full.
///
/// # Errors
/// When the database fails.
pub async fn keep_piece(
    tx: &impl ConnectionTrait,
    id: &SubmissionId,
    number: i32,
    bytes: Vec<u8>,
) -> Result<(), StoreError> {
    let piece = submission_piece::ActiveModel {
        submission: Set(id.to_string()),
        number: Set(number),
        bytes: Set(bytes),
    };
    submission_piece::Entity::insert(piece)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
