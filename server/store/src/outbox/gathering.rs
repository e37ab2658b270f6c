//! Letters that gather: what one submission does to many people is told in one letter to each recipient, however many
//! transactions the submission takes. Such a letter waits a little, and what comes meanwhile joins it.

use domain::values::ids::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{NewMail, State, row};
use crate::{StoreError, entities::outbox, lists::insert_all};

/// For so many seconds a letter that gathers waits for more: longer than two transactions of one submission are apart.
const PAUSE: i64 = 60;

/// A letter that waits and can take more in. Nobody sends it while the transaction lasts.
pub struct Gathering {
    id: Uuid,
    /// Its kind and parameters.
    pub letter: String,
}

/// The waiting letter to an address that gathers under a key. `None` if there is none, or it is being sent.
///
/// # Errors
/// When the database fails.
pub async fn gathering(db: &impl ConnectionTrait, address: &str, key: &str) -> Result<Option<Gathering>, StoreError> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::Gathers.eq(key))
        .filter(outbox::Column::Address.eq(address))
        .filter(outbox::Column::State.eq(State::Unwritten.slug()))
        .lock_exclusive();
    let found = waiting.one(db).await?;
    Ok(found.and_then(|row| {
        Some(Gathering {
            id: row.id,
            letter: row.letter?,
        })
    }))
}

/// Puts a letter in line that gathers under a key.
///
/// # Errors
/// When the database fails.
pub async fn put_gathering(
    db: &impl ConnectionTrait,
    mail: &NewMail,
    key: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut row = row(mail, now);
    row.gathers = Set(Some(key.to_owned()));
    row.run_after = Set(now.plus_seconds(PAUSE).0);
    insert_all(db, vec![row]).await
}

/// Puts more into a letter that gathers, which waits for what else may come.
///
/// # Errors
/// When the database fails.
pub async fn regather(
    db: &impl ConnectionTrait,
    waiting: &Gathering,
    mail: NewMail,
    now: Timestamp,
) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::Subject, Expr::value(mail.subject))
        .col_expr(outbox::Column::Letter, Expr::value(Some(mail.letter)))
        .col_expr(outbox::Column::RunAfter, Expr::value(now.plus_seconds(PAUSE).0))
        .filter(outbox::Column::Id.eq(waiting.id))
        .exec(db)
        .await?;
    Ok(())
}
