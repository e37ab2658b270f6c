//! What granting and revoking need to know beyond roles: who holds a role in the scope without belonging to it, and tokens.

use domain::{
    policy::Scope,
    request::{ChangeRequest, RoleWish, TokenWish, Wish},
    values::ids::{AccountId, Timestamp, TokenId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    StoreError,
    access::tokens::good_at,
    directory::scope::within,
    entities::{api_token, role_grant},
    word,
};

/// Of the accounts whose roles or tokens requests would end, those that hold a role in the scope: whoever manages the
/// place ends it there, wherever the holder belongs.
pub(super) async fn holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    requests: &[ChangeRequest],
) -> Result<Vec<AccountId>, StoreError> {
    let named = requests.iter().filter_map(|request| match request.wish {
        Wish::Role(account, RoleWish::Revoke { .. }) | Wish::Token(account, _, TokenWish::Revoke) => Some(account.0),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Ok(vec![]);
    }
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::Account.is_in(named))
        .filter(within(
            scope,
            role_grant::Column::Organisation,
            Some(role_grant::Column::Unit),
        ));
    Ok(held
        .all(db)
        .await?
        .into_iter()
        .map(|row| AccountId(row.account))
        .collect())
}

/// The good tokens of the accounts whose tokens requests make or revoke, each with its name.
pub(super) async fn tokens(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    now: Timestamp,
) -> Result<Vec<(AccountId, TokenId, String)>, StoreError> {
    let named = requests.iter().filter_map(|request| match request.wish {
        Wish::Token(account, ..) => Some(account.0),
        _ => None,
    });
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Ok(vec![]);
    }
    let good = api_token::Entity::find()
        .filter(api_token::Column::Account.is_in(named))
        .filter(good_at(now));
    let token = |row: api_token::Model| Ok((AccountId(row.account), word(&row.id, TokenId::parse)?, row.name));
    good.all(db).await?.into_iter().map(token).collect()
}
