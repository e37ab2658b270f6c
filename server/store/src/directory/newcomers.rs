//! People whom a submission made and who have not activated their accounts yet: who they are, to which private addresses
//! their links go, and when their links were given out.

use std::collections::HashMap;

use domain::{
    account::AccountStatus,
    plan::RowKind,
    policy::Scope,
    submission::Outcome,
    trail::GivenOut,
    values::ids::{AccountId, RowNumber, SubmissionId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::scope::within,
    entities::{account, links_given_out, one_time_link, private_address, submission_row},
    lists::insert_all,
    number, word,
};

/// How many there are, within a scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All who have not activated their accounts.
    pub waiting: u32,
    /// Of them, those whose first day is still to come: their link is sent on that day.
    pub starting: u32,
    /// Of them, those who have a link that is still good.
    pub with_link: u32,
}

impl Counts {
    /// Those whose first day is not still to come.
    #[must_use]
    pub const fn ready(&self) -> u32 {
        self.waiting.saturating_sub(self.starting)
    }
}

/// Whether people are meant whose first day is still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Starters {
    /// They are left out: their link is sent on that day.
    #[default]
    LeftOut,
    /// They are meant as well.
    Included,
}

/// Somebody who has not activated their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The row that made them.
    pub row: RowNumber,
    /// Their account.
    pub account: AccountId,
}

/// Counts the people of a submission who have not activated their accounts.
///
/// # Errors
/// When the database fails.
pub async fn count(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    scope: &Scope,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let counted = |found: Select<account::Entity>| {
        found
            .select_only()
            .column_as(account::Column::Id.count(), "people")
            .into_tuple::<i64>()
    };
    let with_live_link = one_time_link::Entity::find()
        .select_only()
        .column(one_time_link::Column::Account)
        .filter(one_time_link::Column::ExpiresAt.gt(now.0))
        .into_query();
    let all = counted(waiting(id, scope)).one(db).await?;
    let starting = waiting(id, scope).filter(account::Column::StartsAt.gt(now.0));
    let starting = counted(starting).one(db).await?;
    let with_link = waiting(id, scope).filter(account::Column::Id.in_subquery(with_live_link));
    let with_link = counted(with_link).one(db).await?;
    let people = |counted: Option<i64>| number(counted.unwrap_or_default(), "people counted");
    Ok(Counts {
        waiting: people(all)?,
        starting: people(starting)?,
        with_link: people(with_link)?,
    })
}

/// The people of a submission who have not activated their accounts, in the file's order from behind a row on, at most so
/// many. Those whose first day is after `now` are left out, unless they are included.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    id: &SubmissionId,
    scope: &Scope,
    (starters, now): (Starters, Timestamp),
    after: Option<RowNumber>,
    limit: u64,
) -> Result<Vec<Newcomer>, StoreError> {
    let meant = match starters {
        Starters::Included => waiting(id, scope),
        Starters::LeftOut => {
            let is_ready = Condition::any()
                .add(account::Column::StartsAt.is_null())
                .add(account::Column::StartsAt.lte(now.0));
            waiting(id, scope).filter(is_ready)
        }
    };
    let after = after.map_or(0, |row| i32::try_from(row.0).unwrap_or(i32::MAX));
    let found: Vec<(i32, Uuid)> = meant
        .filter(submission_row::Column::Row.gt(after))
        .select_only()
        .column(submission_row::Column::Row)
        .column(account::Column::Id)
        .order_by_asc(submission_row::Column::Row)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let newcomer = |(row, account): (i32, Uuid)| {
        Ok(Newcomer {
            row: RowNumber(number(row, "a row")?),
            account: AccountId(account),
        })
    };
    found.into_iter().map(newcomer).collect()
}

fn waiting(id: &SubmissionId, scope: &Scope) -> Select<account::Entity> {
    let rows = account::Entity::belongs_to(submission_row::Entity)
        .from(account::Column::Id)
        .to(submission_row::Column::Subject);
    account::Entity::find()
        .join(JoinType::InnerJoin, rows.into())
        .filter(submission_row::Column::Submission.eq(id.as_str()))
        .filter(submission_row::Column::Kind.eq(RowKind::Create.slug()))
        .filter(submission_row::Column::Outcome.eq(Outcome::Done.slug()))
        .filter(account::Column::Status.eq(AccountStatus::Pending.name()))
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
}

/// Keeps the private addresses of new people until they activate their accounts.
///
/// # Errors
/// When the database fails.
pub async fn keep_private_addresses(
    db: &impl ConnectionTrait,
    addresses: &[(AccountId, String)],
) -> Result<(), StoreError> {
    let row = |(account, address): &(AccountId, String)| private_address::ActiveModel {
        account: Set(account.0),
        address: Set(address.clone()),
    };
    insert_all(db, addresses.iter().map(row).collect()).await
}

/// The private addresses of those of these people who have one.
///
/// # Errors
/// When the database fails.
pub async fn private_addresses(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<HashMap<AccountId, String>, StoreError> {
    let mut found = HashMap::new();
    for chunk in people.chunks(500) {
        let rows = private_address::Entity::find()
            .filter(private_address::Column::Account.is_in(chunk.iter().map(|account| account.0)));
        let rows = rows.all(db).await?;
        found.extend(rows.into_iter().map(|row| (AccountId(row.account), row.address)));
    }
    Ok(found)
}

/// Forgets private addresses: their people have activated their accounts, or are gone.
///
/// # Errors
/// When the database fails.
pub async fn forget_private_addresses(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    private_address::Entity::delete_many()
        .filter(private_address::Column::Account.is_in(people.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// One time that links of a submission's people were given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Giving {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<AccountId>,
    /// How.
    pub how: GivenOut,
    /// Of how many people.
    pub people: u32,
}

/// Notes that links were given out.
///
/// # Errors
/// When the database fails.
pub async fn note_giving(db: &impl ConnectionTrait, id: &SubmissionId, giving: &Giving) -> Result<(), StoreError> {
    let last = links_given_out::Entity::find()
        .filter(links_given_out::Column::Submission.eq(id.as_str()))
        .order_by_desc(links_given_out::Column::Number)
        .one(db)
        .await?;
    let row = links_given_out::ActiveModel {
        submission: Set(id.to_string()),
        number: Set(last.map_or(1, |last| last.number + 1)),
        at: Set(giving.at.0),
        given_by: Set(giving.by.map(|by| by.0)),
        how: Set(giving.how.slug().to_owned()),
        people: Set(i32::try_from(giving.people).unwrap_or(i32::MAX)),
    };
    insert_all(db, vec![row]).await
}

/// When links of a submission's people were given out, the latest first, at most so often.
///
/// # Errors
/// When the database fails.
pub async fn givings(db: &impl ConnectionTrait, id: &SubmissionId, limit: u64) -> Result<Vec<Giving>, StoreError> {
    let rows = links_given_out::Entity::find()
        .filter(links_given_out::Column::Submission.eq(id.as_str()))
        .order_by_desc(links_given_out::Column::Number)
        .limit(limit);
    let read = |row: links_given_out::Model| {
        Ok(Giving {
            at: Timestamp(row.at),
            by: row.given_by.map(AccountId),
            how: word(&row.how, GivenOut::from_slug)?,
            people: number(row.people, "people given links")?,
        })
    };
    rows.all(db).await?.into_iter().map(read).collect()
}
