//! How people prove who they are, kept apart from the directory and out of its events: password hashes, one-time links,
//! and when an account was last signed in to. Other known uses are in `uses.rs`.

use domain::{
    account::{AccountStatus, joined_name},
    event::AccountFact,
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    StoreError,
    access::{codes, factors, uses},
    directory::{newcomers, person_columns},
    entities::{account, credential, known_use, one_time_link, session},
    lists::insert_all,
    trail::events,
};

/// Passwords that may not be chosen again: the present one and those before it (H: one of the last 4).
const REMEMBERED: usize = 4;

/// How an account proves who it is.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The argon2id hash, in PHC's text form; empty where no password has been chosen yet.
    pub password_hash: String,
    /// Good for one sign-in, after which another must be chosen.
    pub one_time: bool,
    /// When it was set.
    pub set_at: Timestamp,
    /// The hashes of the passwords before it, the latest first.
    pub former: Vec<String>,
    /// When the account was last signed in to.
    pub last_used: Option<Timestamp>,
}

/// What a session must know of its account at each request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account's status.
    pub status: AccountStatus,
    /// Its person's name, in reading order.
    pub name: String,
    /// Whether the session is over: since it began the password was set, or the status has changed by more than a lock.
    pub is_over: bool,
}

/// What a session that began at a moment must know of its account; `None` if that is gone.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    db: &impl ConnectionTrait,
    account: AccountId,
    began: Timestamp,
) -> Result<Option<Standing>, StoreError> {
    let password = account::Entity::belongs_to(credential::Entity)
        .from(account::Column::Id)
        .to(credential::Column::Account);
    type Row = (String, i64, Option<String>, Option<String>, Option<i64>);
    let found: Option<Row> = account::Entity::find_by_id(account.0)
        .select_only()
        .column(account::Column::Status)
        .column(account::Column::Since)
        .column(account::Column::FirstName)
        .column(account::Column::LastName)
        .column(credential::Column::SetAt)
        .join(JoinType::LeftJoin, password.into())
        .into_tuple()
        .one(db)
        .await?;
    let Some((status, since, first, last, set_at)) = found else {
        return Ok(None);
    };
    Ok(Some(Standing {
        status: person_columns::status(&status)?,
        name: joined_name(&first.unwrap_or_default(), &last.unwrap_or_default()),
        is_over: set_at.is_some_and(|at| at > began.0)
            || (since > began.0 && status_ended_sessions(db, account, began).await?),
    }))
}

/// Whether a status that began behind a moment ended its account's sessions. A lock and its end did not.
async fn status_ended_sessions(
    db: &impl ConnectionTrait,
    account: AccountId,
    after: Timestamp,
) -> Result<bool, StoreError> {
    let later = events::of_subject_after(db, &account.to_string(), after).await?;
    Ok(later.iter().any(|event| match event.fact.of_account() {
        Some(AccountFact::Turned { turn, .. }) => turn.ends_sessions(),
        Some(AccountFact::Moved { before, .. }) => *before == AccountStatus::Leaver,
        _ => false,
    }))
}

/// Sets an account's password; the one before it is remembered, so that it is not chosen again.
///
/// # Errors
/// When the database fails.
pub async fn set(
    db: &impl ConnectionTrait,
    account: AccountId,
    password_hash: String,
    one_time: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(row) = credential::Entity::find_by_id(account.0).one(db).await? else {
        let row = credential::ActiveModel {
            account: Set(account.0),
            password_hash: Set(password_hash),
            one_time: Set(one_time),
            set_at: Set(now.0),
            former: Set("[]".to_owned()),
            last_used: Set(None),
        };
        return insert_all(db, vec![row]).await;
    };
    let mut former: Vec<String> = serde_json::from_str(&row.former)?;
    if !row.one_time && !row.password_hash.is_empty() {
        former.insert(0, row.password_hash.clone());
    }
    former.truncate(REMEMBERED - 1);
    let mut row = row.into_active_model();
    row.password_hash = Set(password_hash);
    row.one_time = Set(one_time);
    row.set_at = Set(now.0);
    row.former = Set(serde_json::to_string(&former)?);
    row.update(db).await?;
    Ok(())
}

/// Takes an account's password away, as when it is reset: nothing signs in until another is chosen.
///
/// # Errors
/// When the database fails.
pub async fn revoke(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    if credential::Entity::find_by_id(account.0).one(db).await?.is_some() {
        set(db, account, String::new(), true, now).await?;
    }
    Ok(())
}

/// Hashes the same password anew: its date stays. Left alone where another password was set meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn rehash(
    db: &impl ConnectionTrait,
    account: AccountId,
    before: &str,
    after: String,
) -> Result<(), StoreError> {
    credential::Entity::update_many()
        .col_expr(credential::Column::PasswordHash, Expr::value(after))
        .filter(credential::Column::Account.eq(account.0))
        .filter(credential::Column::PasswordHash.eq(before))
        .exec(db)
        .await?;
    Ok(())
}

/// An account's credential, where it has one.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Credential>, StoreError> {
    let Some(row) = credential::Entity::find_by_id(account.0).one(db).await? else {
        return Ok(None);
    };
    Ok(Some(Credential {
        password_hash: row.password_hash,
        one_time: row.one_time,
        set_at: Timestamp(row.set_at),
        former: serde_json::from_str(&row.former)?,
        last_used: row.last_used.map(Timestamp),
    }))
}

/// Whether an account has a password, also one for a single sign-in.
///
/// # Errors
/// When the database fails.
pub async fn has_password(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, StoreError> {
    let own = get(db, account).await?;
    Ok(own.is_some_and(|own| !own.password_hash.is_empty()))
}

/// Notes that an account was signed in to.
///
/// # Errors
/// When the database fails.
pub async fn note_use(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<(), StoreError> {
    let noted = credential::Entity::update_many()
        .col_expr(credential::Column::LastUsed, Expr::value(now.0))
        .filter(credential::Column::Account.eq(account.0))
        .exec(db)
        .await?;
    // Somebody who signs in by a provider may have no password.
    if noted.rows_affected == 0 {
        uses::note(db, &[(account, now)]).await?;
    }
    Ok(())
}

/// Keeps a one-time link by its token's hash. The links made before it for the same account are good no more.
///
/// # Errors
/// When the database fails.
pub async fn make_link(
    db: &impl ConnectionTrait,
    account: AccountId,
    token_hash: String,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    end_links(db, account).await?;
    let new = NewLink {
        account,
        token_hash,
        expires: expires_at,
    };
    insert_all(db, vec![link(&new, false)]).await
}

/// Keeps a link that its person asked for themselves and that nobody else was shown. Only those of the same sort are good
/// no more: whoever knows an address could otherwise end the link that a helpdesk has just made.
///
/// # Errors
/// When the database fails.
pub async fn make_own_link(db: &impl ConnectionTrait, new: &NewLink) -> Result<(), StoreError> {
    one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::Account.eq(new.account.0))
        .filter(one_time_link::Column::AskedBySelf.eq(true))
        .exec(db)
        .await?;
    insert_all(db, vec![link(new, true)]).await
}

fn link(new: &NewLink, asked_by_self: bool) -> one_time_link::ActiveModel {
    one_time_link::ActiveModel {
        token_hash: Set(new.token_hash.clone()),
        account: Set(new.account.0),
        expires_at: Set(new.expires.0),
        asked_by_self: Set(asked_by_self),
    }
}

/// A link that a letter will carry. Its token is made when the letter is written out; until then the link is kept under
/// a name that is no token's hash, so nothing opens it. What ends an account's links ends it, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLink {
    /// What it is kept by at this moment.
    name: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

impl PendingLink {
    /// A link that is good until a moment; to be kept by [`keep_links`].
    #[must_use]
    pub fn until(expires: Timestamp) -> Self {
        Self {
            name: format!("pending-{}", Uuid::now_v7().simple()),
            expires,
        }
    }

    /// The link as it is to be kept for an account.
    #[must_use]
    pub fn of(&self, account: AccountId) -> NewLink {
        NewLink {
            account,
            token_hash: self.name.clone(),
            expires: self.expires,
        }
    }
}

/// Gives a pending link its token, in place of the one that it had from an earlier try to send its letter. `None` if the
/// link has ended or expired: its account was activated, disabled or deleted, or another link has replaced it.
///
/// # Errors
/// When the database fails.
pub async fn give_token(
    db: &impl ConnectionTrait,
    link: &PendingLink,
    token_hash: String,
    now: Timestamp,
) -> Result<Option<PendingLink>, StoreError> {
    let live = one_time_link::Entity::update_many()
        .col_expr(one_time_link::Column::TokenHash, Expr::value(token_hash.as_str()))
        .filter(one_time_link::Column::TokenHash.eq(link.name.as_str()))
        .filter(one_time_link::Column::ExpiresAt.gt(now.0));
    let is_there = live.exec(db).await?.rows_affected == 1;
    Ok(is_there.then_some(PendingLink {
        name: token_hash,
        expires: link.expires,
    }))
}

/// A one-time link to be kept.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Whose.
    pub account: AccountId,
    /// Its token's hash.
    pub token_hash: String,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Keeps links beside those that their accounts have already.
///
/// # Errors
/// When the database fails.
pub async fn keep_links(db: &impl ConnectionTrait, links: &[NewLink]) -> Result<(), StoreError> {
    let rows = links.iter().map(|new| link(new, false));
    insert_all(db, rows.collect()).await
}

/// Whose link has this token's hash, while it is good.
///
/// # Errors
/// When the database fails.
pub async fn find_link(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<AccountId>, StoreError> {
    let live = one_time_link::Entity::find_by_id(token_hash)
        .filter(one_time_link::Column::ExpiresAt.gt(now.0))
        .one(db)
        .await?;
    Ok(live.map(|row| AccountId(row.account)))
}

/// Uses a link up: true for one request only, whatever others try it at the same moment.
///
/// # Errors
/// When the database fails.
pub async fn use_link(db: &impl ConnectionTrait, token_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let live = one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::TokenHash.eq(token_hash))
        .filter(one_time_link::Column::ExpiresAt.gt(now.0));
    Ok(live.exec(db).await?.rows_affected == 1)
}

/// Ends an account's links, and the code that stands for them: one was used, or none may be any more.
///
/// # Errors
/// When the database fails.
pub async fn end_links(db: &impl ConnectionTrait, account: AccountId) -> Result<(), StoreError> {
    end_links_of(db, &[account]).await
}

/// Ends the links of accounts, and the codes that stand for them.
///
/// # Errors
/// When the database fails.
pub async fn end_links_of(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<(), StoreError> {
    for some in accounts.chunks(1_000) {
        let some: Vec<_> = some.iter().map(|account| account.0).collect();
        let own = one_time_link::Entity::delete_many().filter(one_time_link::Column::Account.is_in(some.clone()));
        own.exec(db).await?;
        codes::end(db, &some).await?;
    }
    Ok(())
}

/// Whether somebody else may have been shown a way in: a one-time link, a code, or a one-time password, that is still good.
///
/// # Errors
/// When the database fails.
pub async fn was_shown_way_in(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, StoreError> {
    let own = credential::Entity::find_by_id(account.0).one(db).await?;
    if own.is_some_and(|own| own.one_time && !own.password_hash.is_empty()) || codes::has_one(db, account).await? {
        return Ok(true);
    }
    let link = one_time_link::Entity::find()
        .filter(one_time_link::Column::Account.eq(account.0))
        .filter(one_time_link::Column::AskedBySelf.eq(false));
    Ok(link.one(db).await?.is_some())
}

/// Takes away all that forgotten people signed in with.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = credential::Entity::delete_many().filter(credential::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    let own = one_time_link::Entity::delete_many().filter(one_time_link::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    codes::end(db, people).await?;
    newcomers::forget_private_addresses(db, people).await?;
    let own = known_use::Entity::delete_many().filter(known_use::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    let own = session::Entity::delete_many().filter(session::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    factors::remove_all(db, people).await
}
