//! Grants of a scope: who holds which role where, on which terms, and who granted it.

use domain::{
    account::Account,
    channel::Channel,
    grant::Terms,
    organisation::UnitPath,
    plan::HeldRole,
    policy::{Role, Scope},
    values::ids::{AccountId, GrantId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::{
    StoreError,
    directory::{people, person_columns, scope::within},
    entities::{organisation, role_grant},
    lists::Position,
    trail::events::{channel, channel_word},
    word,
};

/// One role that somebody holds, and how it came to be.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The role, where, and on which terms.
    pub held: HeldRole,
    /// Who holds it.
    pub holder: Account,
    /// When it was granted; none where nobody knows.
    pub at: Option<Timestamp>,
    /// Who granted it, by the name they had.
    pub by: Option<String>,
}

/// Which grants of a scope are listed.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Only those of one role.
    pub role: Option<Role>,
    /// Only those of one account.
    pub account: Option<AccountId>,
    /// Only this one.
    pub grant: Option<GrantId>,
    /// Only those that reach the organisation with this code: over it or a unit of it, or over one above it.
    pub organisation: Option<String>,
    /// Only those behind this one in the list.
    pub after: Option<GrantId>,
}

impl From<Option<Role>> for Which {
    fn from(role: Option<Role>) -> Self {
        Self {
            role,
            ..Self::default()
        }
    }
}

/// The grants of a scope by organisation and unit, those over whole organisations first, and as they were given; at most
/// so many. Those that are over are left out.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    which: Which,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Granted>, StoreError> {
    let mut found = role_grant::Entity::find().filter(of_scope(scope)).filter(not_over(now));
    if let Some(role) = which.role {
        found = found.filter(role_grant::Column::Role.eq(role.slug()));
    }
    if let Some(account) = which.account {
        found = found.filter(role_grant::Column::Account.eq(account.0));
    }
    if let Some(grant) = which.grant {
        found = found.filter(role_grant::Column::Id.eq(grant.0));
    }
    if let Some(code) = &which.organisation {
        found = found.filter(reaching(db, code).await?);
    }
    // Those over the whole organisation come first.
    let unit = Expr::from(Func::coalesce([Expr::col(role_grant::Column::Unit), Expr::value("")]));
    let last = match which.after {
        Some(last) => role_grant::Entity::find_by_id(last.0).one(db).await?,
        None => None,
    };
    if let Some(last) = last {
        let place = [
            Expr::value(last.organisation),
            Expr::value(last.unit.unwrap_or_default()),
            Expr::value(last.id),
        ];
        let here = [
            Expr::col(role_grant::Column::Organisation),
            unit.clone(),
            Expr::col(role_grant::Column::Id),
        ];
        found = found.filter(Expr::tuple(here).gt(Expr::tuple(place)));
    }
    let rows = found
        .order_by_asc(role_grant::Column::Organisation)
        .order_by_asc(unit)
        .order_by_asc(role_grant::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_holders(db, rows).await
}

/// Grants over an organisation, or over all of one above it.
async fn reaching(db: &impl ConnectionTrait, code: &str) -> Result<Condition, StoreError> {
    let there = organisation::Entity::find_by_id(code).one(db).await?;
    let path = there.map(|there| there.path).unwrap_or_default();
    let above = path.split('/').filter(|above| !above.is_empty() && *above != code);
    let above = role_grant::Column::Organisation
        .is_in(above)
        .and(role_grant::Column::Unit.is_null());
    Ok(Condition::any()
        .add(role_grant::Column::Organisation.eq(code))
        .add(above))
}

/// The grants of a scope whose end lies at or before a moment; the earliest first, from behind a position on.
///
/// # Errors
/// When the database fails.
pub async fn over_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: Timestamp,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Granted>, StoreError> {
    let mut found = role_grant::Entity::find()
        .filter(of_scope(scope))
        .filter(role_grant::Column::EndsAt.lte(by.0));
    if let Some((at, id)) = after {
        let same = role_grant::Column::EndsAt.eq(at.0).and(role_grant::Column::Id.gt(id));
        let later = Condition::any().add(role_grant::Column::EndsAt.gt(at.0)).add(same);
        found = found.filter(later);
    }
    let rows = found
        .order_by_asc(role_grant::Column::EndsAt)
        .order_by_asc(role_grant::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    with_holders(db, rows).await
}

async fn with_holders(db: &impl ConnectionTrait, rows: Vec<role_grant::Model>) -> Result<Vec<Granted>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.account).collect();
    let holders = people::by_ids(db, &ids).await?;
    let mut granted = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(holder) = holders.iter().find(|holder| holder.id.0 == row.account) else {
            continue;
        };
        granted.push(Granted {
            held: held(&row)?,
            holder: holder.clone(),
            at: row.granted_at.map(Timestamp),
            by: row.granted_by_name,
        });
    }
    Ok(granted)
}

fn of_scope(scope: &Scope) -> Condition {
    within(scope, role_grant::Column::Organisation, Some(role_grant::Column::Unit))
}

/// A grant that has begun and is not over.
pub(crate) fn in_force(now: Timestamp) -> Condition {
    let begun = Condition::any()
        .add(role_grant::Column::BeginsAt.is_null())
        .add(role_grant::Column::BeginsAt.lte(now.0));
    Condition::all().add(begun).add(not_over(now))
}

fn not_over(now: Timestamp) -> Condition {
    Condition::any()
        .add(role_grant::Column::EndsAt.is_null())
        .add(role_grant::Column::EndsAt.gt(now.0))
}

pub(crate) fn held(row: &role_grant::Model) -> Result<HeldRole, StoreError> {
    Ok(HeldRole {
        grant: GrantId(row.id),
        role: word(&row.role, Role::from_slug)?,
        organisation: person_columns::code(&row.organisation)?,
        unit: row.unit.as_deref().map(UnitPath::parse),
        terms: Terms {
            from: row.begins_at.map(Timestamp),
            until: row.ends_at.map(Timestamp),
            channels: channels(row.channels.as_deref())?,
            may_disable: row.may_disable,
            reason: row.reason.clone().unwrap_or_default(),
        },
    })
}

/// The channels of a Connector as one column holds them; none for other roles.
pub(crate) fn channel_words(channels: &[Channel]) -> Result<Option<String>, StoreError> {
    let words = channels.iter().map(|channel| channel_word(*channel));
    let words: Vec<_> = words.collect::<Result<_, _>>()?;
    Ok((!words.is_empty()).then(|| words.join(" ")))
}

/// Reads [`channel_words`] back.
pub(crate) fn channels(words: Option<&str>) -> Result<Vec<Channel>, StoreError> {
    words.unwrap_or_default().split_whitespace().map(channel).collect()
}
