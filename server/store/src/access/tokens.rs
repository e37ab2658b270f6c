//! API tokens: by which connectors' machines prove whose they are. Kept apart from the directory, by their hash alone.

mod listing;

use domain::{
    account::{AccountStatus, joined_name},
    connector::ConnectorSettings,
    event::{AccountFact, Event, Fact, RoleFact, TokenFact},
    policy::Role,
    values::ids::{AccountId, Timestamp, TokenId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

pub use self::listing::{Standing, Which, list};
use crate::{
    StoreError,
    access::connectors,
    directory::{grants::in_force, person_columns},
    entities::{account, api_token, connector, role_grant},
    lists::insert_all,
    word,
};

/// A token as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is recognised by.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// What its maker calls it.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When something was last sent with it, give or take five minutes.
    pub last_used: Option<Timestamp>,
    /// When it ended before its time, and by whom.
    pub ended: Option<(Timestamp, String)>,
}

impl Token {
    /// Whether it opens anything at a moment.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.expires_at > now
    }
}

/// Whoever a good token is of, as a request needs to know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// What the token is recognised by.
    pub token: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// The account's status.
    pub status: AccountStatus,
    /// Its person's name, in reading order.
    pub name: String,
    /// How they are answered as a connector.
    pub settings: ConnectorSettings,
    /// When something was last sent with the token, give or take five minutes.
    pub last_used: Option<Timestamp>,
}

impl Bearer {
    /// Whether the token's use is to be noted: a note waits for other writers, and so is made once in five minutes.
    #[must_use]
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        self.last_used.is_none_or(|last| last.0 + NOTED_EVERY <= now.0)
    }
}

/// Milliseconds between two notes of a token's use.
const NOTED_EVERY: i64 = 300_000;

/// Keeps a new token by its hash.
///
/// # Errors
/// When the database fails.
pub async fn make(
    db: &impl ConnectionTrait,
    account: AccountId,
    (id, name): (&TokenId, &str),
    token_hash: String,
    (made_at, expires_at): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let row = api_token::ActiveModel {
        id: Set(id.to_string()),
        account: Set(account.0),
        name: Set(name.to_owned()),
        token_hash: Set(token_hash),
        made_at: Set(made_at.0),
        expires_at: Set(expires_at.0),
        last_used: Set(None),
        ended_at: Set(None),
        ended_by: Set(None),
    };
    insert_all(db, vec![row]).await
}

/// Whose good token has this hash.
///
/// # Errors
/// When the database fails.
pub async fn bearer(db: &impl ConnectionTrait, token_hash: &str, now: Timestamp) -> Result<Option<Bearer>, StoreError> {
    let holder = api_token::Entity::belongs_to(account::Entity)
        .from(api_token::Column::Account)
        .to(account::Column::Id);
    let settings = api_token::Entity::belongs_to(connector::Entity)
        .from(api_token::Column::Account)
        .to(connector::Column::Account);
    type Row = (
        String,
        Uuid,
        Option<i64>,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<bool>,
    );
    // One query, because it stands before everything that a program does; and without a limit, because SQLite plans a
    // statement with one anew each time.
    let found: Vec<Row> = api_token::Entity::find()
        .select_only()
        .column(api_token::Column::Id)
        .column(api_token::Column::Account)
        .column(api_token::Column::LastUsed)
        .column(account::Column::Status)
        .column(account::Column::FirstName)
        .column(account::Column::LastName)
        .column(connector::Column::Dialect)
        .column(connector::Column::Deletes)
        .column(connector::Column::Shadow)
        .join(JoinType::InnerJoin, holder.into())
        .join(JoinType::LeftJoin, settings.into())
        .filter(api_token::Column::TokenHash.eq(token_hash))
        .filter(good_at(now))
        .into_tuple()
        .all(db)
        .await?;
    let Some((id, account, last_used, status, first, last, dialect, deletes, shadow)) = found.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Bearer {
        token: word(&id, TokenId::parse)?,
        account: AccountId(account),
        status: person_columns::status(&status)?,
        name: joined_name(&first.unwrap_or_default(), &last.unwrap_or_default()),
        settings: match (dialect, deletes, shadow) {
            (Some(dialect), Some(deletes), Some(shadow)) => connectors::settings(&dialect, &deletes, shadow)?,
            _ => ConnectorSettings::default(),
        },
        last_used: last_used.map(Timestamp),
    }))
}

/// An account's tokens, the latest first; those that are over, too.
///
/// # Errors
/// When the database fails.
pub async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Token>, StoreError> {
    let own = api_token::Entity::find()
        .filter(api_token::Column::Account.eq(account.0))
        .order_by_desc(api_token::Column::MadeAt)
        .order_by_asc(api_token::Column::Id);
    own.all(db).await?.into_iter().map(read).collect()
}

/// Whose token this is or was, wherever they belong.
///
/// # Errors
/// When the database fails.
pub async fn holder(db: &impl ConnectionTrait, id: &TokenId) -> Result<Option<AccountId>, StoreError> {
    let row = api_token::Entity::find_by_id(id.as_str()).one(db).await?;
    Ok(row.map(|row| AccountId(row.account)))
}

/// Notes that something was sent with a token.
///
/// # Errors
/// When the database fails.
pub async fn note_use(db: &impl ConnectionTrait, token: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    api_token::Entity::update_many()
        .col_expr(api_token::Column::LastUsed, Expr::value(now.0))
        .filter(api_token::Column::Id.eq(token.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// A token that is neither ended nor expired.
pub(crate) fn good_at(now: Timestamp) -> Condition {
    Condition::all()
        .add(api_token::Column::EndedAt.is_null())
        .add(api_token::Column::ExpiresAt.gt(now.0))
}

/// Ends the tokens that end with what was written: revoked ones, those of people whose rights are over, and those of
/// people who are Connector nowhere any more.
pub(crate) async fn end_with(db: &impl ConnectionTrait, written: &[Event]) -> Result<(), StoreError> {
    for event in written {
        match &event.fact {
            Fact::Token {
                token,
                what: TokenFact::Revoked,
                ..
            } => end(db, api_token::Column::Id.eq(token.as_str()), event).await?,
            Fact::Account(account, _, AccountFact::Turned { turn, .. }) if turn.ends_rights() => {
                end(db, api_token::Column::Account.eq(account.0), event).await?;
            }
            Fact::Account(account, _, AccountFact::Moved { .. }) => {
                end(db, api_token::Column::Account.eq(account.0), event).await?;
            }
            Fact::Role {
                account,
                role: Role::Connector,
                what: RoleFact::Ended { .. },
                ..
            } if !is_connector(db, *account, event.at).await? => {
                end(db, api_token::Column::Account.eq(account.0), event).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whoever becomes a Connector anew begins without tokens: those of a grant whose end has come, and has not been written
/// down yet, do not come back. Asked before the new grant is written.
pub(crate) async fn end_before_granting(db: &impl ConnectionTrait, written: &[Event]) -> Result<(), StoreError> {
    for event in written {
        if let Fact::Role {
            account,
            role: Role::Connector,
            what: RoleFact::Granted { .. },
            ..
        } = &event.fact
            && !is_connector(db, *account, event.at).await?
        {
            end(db, api_token::Column::Account.eq(account.0), event).await?;
        }
    }
    Ok(())
}

async fn is_connector(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<bool, StoreError> {
    let held = role_grant::Entity::find()
        .filter(role_grant::Column::Account.eq(account.0))
        .filter(role_grant::Column::Role.eq(Role::Connector.slug()))
        .filter(in_force(now));
    Ok(held.one(db).await?.is_some())
}

async fn end(db: &impl ConnectionTrait, which: Expr, event: &Event) -> Result<(), StoreError> {
    api_token::Entity::update_many()
        .col_expr(api_token::Column::EndedAt, Expr::value(event.at.0))
        .col_expr(api_token::Column::EndedBy, Expr::value(event.actor_name.clone()))
        .filter(which)
        .filter(good_at(event.at))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes away the tokens of forgotten people.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let own = api_token::Entity::delete_many().filter(api_token::Column::Account.is_in(people.iter().copied()));
    own.exec(db).await?;
    Ok(())
}

fn read(row: api_token::Model) -> Result<Token, StoreError> {
    Ok(Token {
        id: word(&row.id, TokenId::parse)?,
        account: AccountId(row.account),
        name: row.name,
        made_at: Timestamp(row.made_at),
        expires_at: Timestamp(row.expires_at),
        last_used: row.last_used.map(Timestamp),
        ended: row.ended_at.map(|at| (Timestamp(at), row.ended_by.unwrap_or_default())),
    })
}
