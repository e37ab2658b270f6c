//! Second factors and recovery codes, beside the passwords: kept apart from the directory, and out of its events.

use domain::{
    sign_in::FactorKind,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{factor, recovery_code},
    lists::insert_all,
    word,
};

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its ID.
    pub id: Uuid,
    /// What it is.
    pub kind: FactorKind,
    /// What its person calls it.
    pub name: String,
    /// What it is checked against: a TOTP secret in base 32, or a passkey's public half as JSON.
    pub secret: String,
    /// When it was set up.
    pub made_at: Timestamp,
    /// When it last proved who somebody is.
    pub used_at: Option<Timestamp>,
}

/// An account's factors, in the order in which they were set up.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Factor>, StoreError> {
    let rows = factor::Entity::find()
        .filter(factor::Column::Account.eq(account.0))
        .order_by_asc(factor::Column::MadeAt)
        .order_by_asc(factor::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Whether an account has any factor.
///
/// # Errors
/// When the database fails.
pub async fn has_any(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, StoreError> {
    let own = factor::Entity::find().filter(factor::Column::Account.eq(account.0));
    Ok(own.one(db).await?.is_some())
}

/// Keeps a new factor. `step` is the TOTP step of the code that set it up: it is spent.
///
/// # Errors
/// When the database fails.
pub async fn add(
    db: &impl ConnectionTrait,
    account: AccountId,
    new: &Factor,
    step: Option<u64>,
) -> Result<(), StoreError> {
    let row = factor::ActiveModel {
        id: Set(new.id),
        account: Set(account.0),
        kind: Set(new.kind.slug().to_owned()),
        name: Set(new.name.clone()),
        secret: Set(new.secret.clone()),
        made_at: Set(new.made_at.0),
        used_at: Set(new.used_at.map(|at| at.0)),
        last_step: Set(step.map(stored)),
    };
    insert_all(db, vec![row]).await
}

/// A step as it is stored. One beyond what can be is the last of all, so that no code is taken twice.
fn stored(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

/// Notes that a factor was used; false where its TOTP step was used before, by whatever request came first.
///
/// # Errors
/// When the database fails.
pub async fn spend(db: &impl ConnectionTrait, id: Uuid, step: Option<u64>, now: Timestamp) -> Result<bool, StoreError> {
    let mut used = factor::Entity::update_many()
        .col_expr(factor::Column::UsedAt, Expr::value(now.0))
        .filter(factor::Column::Id.eq(id));
    if let Some(step) = step.map(stored) {
        let later = Condition::any()
            .add(factor::Column::LastStep.is_null())
            .add(factor::Column::LastStep.lt(step));
        used = used.col_expr(factor::Column::LastStep, Expr::value(step)).filter(later);
    }
    Ok(used.exec(db).await?.rows_affected == 1)
}

/// Writes what a factor is checked against anew: a passkey counts its uses.
///
/// # Errors
/// When the database fails.
pub async fn update(db: &impl ConnectionTrait, id: Uuid, secret: String) -> Result<(), StoreError> {
    factor::Entity::update_many()
        .col_expr(factor::Column::Secret, Expr::value(secret))
        .filter(factor::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Calls an account's factor by another name; false where it has none with that ID.
///
/// # Errors
/// When the database fails.
pub async fn rename(db: &impl ConnectionTrait, account: AccountId, id: Uuid, name: &str) -> Result<bool, StoreError> {
    let own = factor::Entity::update_many()
        .col_expr(factor::Column::Name, Expr::value(name))
        .filter(factor::Column::Id.eq(id))
        .filter(factor::Column::Account.eq(account.0));
    Ok(own.exec(db).await?.rows_affected == 1)
}

/// Takes one of an account's factors away; false where it has none with that ID.
///
/// # Errors
/// When the database fails.
pub async fn remove(db: &impl ConnectionTrait, account: AccountId, id: Uuid) -> Result<bool, StoreError> {
    let own = factor::Entity::delete_many()
        .filter(factor::Column::Id.eq(id))
        .filter(factor::Column::Account.eq(account.0));
    Ok(own.exec(db).await?.rows_affected == 1)
}

/// Takes all factors and recovery codes of accounts away.
///
/// # Errors
/// When the database fails.
pub async fn remove_all(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<(), StoreError> {
    let own = factor::Entity::delete_many().filter(factor::Column::Account.is_in(accounts.iter().copied()));
    own.exec(db).await?;
    let own =
        recovery_code::Entity::delete_many().filter(recovery_code::Column::Account.is_in(accounts.iter().copied()));
    own.exec(db).await?;
    Ok(())
}

/// Keeps an account's recovery codes, by their hashes, in place of those before.
///
/// # Errors
/// When the database fails.
pub async fn set_recovery_codes(
    db: &impl ConnectionTrait,
    account: AccountId,
    hashes: Vec<String>,
) -> Result<(), StoreError> {
    let own = recovery_code::Entity::delete_many().filter(recovery_code::Column::Account.eq(account.0));
    own.exec(db).await?;
    let rows = hashes.into_iter().map(|hash| recovery_code::ActiveModel {
        code_hash: Set(hash),
        account: Set(account.0),
    });
    insert_all(db, rows.collect()).await
}

/// Uses a recovery code up: true for one request only.
///
/// # Errors
/// When the database fails.
pub async fn use_recovery_code(db: &impl ConnectionTrait, account: AccountId, hash: &str) -> Result<bool, StoreError> {
    let own = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::CodeHash.eq(hash))
        .filter(recovery_code::Column::Account.eq(account.0));
    Ok(own.exec(db).await?.rows_affected == 1)
}

/// How many recovery codes an account has left.
///
/// # Errors
/// When the database fails.
pub async fn recovery_codes_left(db: &impl ConnectionTrait, account: AccountId) -> Result<u64, StoreError> {
    let own = recovery_code::Entity::find().filter(recovery_code::Column::Account.eq(account.0));
    Ok(own.count(db).await?)
}

fn read(row: factor::Model) -> Result<Factor, StoreError> {
    Ok(Factor {
        id: row.id,
        kind: word(&row.kind, FactorKind::from_slug)?,
        name: row.name,
        secret: row.secret,
        made_at: Timestamp(row.made_at),
        used_at: row.used_at.map(Timestamp),
    })
}
