//! Reading the trail within a scope, by what is asked for.

use std::collections::HashMap;

use domain::{
    dictionary::Attribute,
    organisation::OrganisationCode,
    policy::Scope,
    trail::{Action, Entry, Told},
    values::ids::{AccountId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SelectStatement},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::scope::{escaped, nothing, within},
    entities::{account, contact, event, organisation, trail},
    trail::events,
    word,
};

/// Which entries are asked for; all that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who did it: one of these accounts, or a part of the name recorded, in any case.
    pub who: Option<(Vec<Uuid>, String)>,
    /// Whom it is about: one of these.
    pub people: Option<Vec<Uuid>>,
    /// In whose trail it stands.
    pub organisation: Option<OrganisationCode>,
    /// One of these; any where there is none.
    pub actions: Vec<Action>,
    /// This was changed.
    pub attribute: Option<Attribute>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// Entries of a scope, newest first; on from behind an entry.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    let mut found = filtered(filter).filter(visible(scope));
    if let Some(before) = before {
        found = found.filter(trail::Column::Number.lt(before));
    }
    let rows = found.order_by_desc(trail::Column::Number).limit(limit).all(db).await?;
    read(db, rows).await
}

/// How many entries of a scope there are, up to a number.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &impl ConnectionTrait, scope: &Scope, through: i64) -> Result<u64, StoreError> {
    let readable = trail::Entity::find()
        .filter(visible(scope))
        .filter(trail::Column::Number.lte(through));
    Ok(readable.count(db).await?)
}

/// Whether an entry is there and stands in a scope.
///
/// # Errors
/// When the database fails.
pub async fn is_readable(db: &impl ConnectionTrait, scope: &Scope, number: i64) -> Result<bool, StoreError> {
    let one = trail::Entity::find_by_id(number).filter(visible(scope));
    Ok(one.one(db).await?.is_some())
}

/// One entry, wherever it stands; for those who know already that they may read it.
///
/// # Errors
/// When the database fails.
pub async fn entry(db: &impl ConnectionTrait, number: i64) -> Result<Option<Entry>, StoreError> {
    let found = trail::Entity::find_by_id(number).all(db).await?;
    Ok(read(db, found).await?.pop())
}

/// The last entry of a sort that somebody made.
///
/// # Errors
/// When the database fails.
pub async fn last_of(db: &impl ConnectionTrait, actor: AccountId, action: Action) -> Result<Option<Entry>, StoreError> {
    let own = trail::Entity::find()
        .filter(trail::Column::Actor.eq(actor.0))
        .filter(trail::Column::Action.eq(action.slug()))
        .order_by_desc(trail::Column::Number)
        .limit(1);
    Ok(read(db, own.all(db).await?).await?.pop())
}

/// Every entry behind a number, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn after(db: &impl ConnectionTrait, number: i64, limit: u64) -> Result<Vec<Entry>, StoreError> {
    let behind = trail::Entity::find()
        .filter(trail::Column::Number.gt(number))
        .order_by_asc(trail::Column::Number)
        .limit(limit);
    read(db, behind.all(db).await?).await
}

fn filtered(filter: &Filter) -> Select<trail::Entity> {
    let mut found = trail::Entity::find();
    if let Some((accounts, name)) = &filter.who {
        let part = LikeExpr::new(format!("%{}%", escaped(&name.to_lowercase()))).escape('\\');
        let lower = Expr::expr(Func::lower(Expr::col(trail::Column::ActorName)));
        let who = Condition::any()
            .add(trail::Column::Actor.is_in(accounts.iter().copied()))
            .add(lower.like(part));
        found = found.filter(who);
    }
    if let Some(people) = &filter.people {
        found = found.filter(trail::Column::Person.is_in(people.iter().copied()));
    }
    if let Some(code) = &filter.organisation {
        let stands = Condition::any()
            .add(trail::Column::Organisation.eq(code.as_str()))
            .add(trail::Column::OtherOrganisation.eq(code.as_str()));
        found = found.filter(stands);
    }
    if !filter.actions.is_empty() {
        let slugs = filter.actions.iter().map(|action| action.slug());
        found = found.filter(trail::Column::Action.is_in(slugs));
    }
    if let Some(attribute) = filter.attribute {
        // A change says its attribute so, and no value that somebody typed does: its quotation marks are escaped.
        let changed = LikeExpr::new(format!("%\"attribute\":\"{}\"%", escaped(attribute.slug()))).escape('\\');
        let number = Expr::col(trail::Column::Number.as_column_ref());
        let of_entry = Expr::col(event::Column::Seq.as_column_ref()).equals(trail::Column::Number.as_column_ref());
        let change = event::Entity::find()
            .select_only()
            .column(event::Column::Seq)
            .filter(of_entry)
            .filter(event::Column::Fact.like(changed));
        found = found.filter(number.in_subquery(change.into_query()));
    }
    if let Some(from) = filter.from {
        found = found.filter(trail::Column::At.gte(from.0));
    }
    if let Some(until) = filter.until {
        found = found.filter(trail::Column::At.lt(until.0));
    }
    found
}

/// Entries that stand in an organisation of the scope; of an organisation of which the scope holds only a unit, those
/// about people who are in that unit.
fn visible(scope: &Scope) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    let none = None::<trail::Column>;
    let mut any = Condition::any()
        .add(nothing())
        .add(within(scope, trail::Column::Organisation, none))
        .add(within(scope, trail::Column::OtherOrganisation, none));
    for part in scope.parts.iter().filter(|part| part.unit.is_some()) {
        let of_unit = Scope {
            everything: false,
            parts: vec![part.clone()],
        };
        let about = Condition::any()
            .add(trail::Column::Person.in_subquery(accounts(&of_unit)))
            .add(trail::Column::Person.in_subquery(contacts(&of_unit)));
        let here = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Code)
            .filter(organisation::Column::Path.eq(part.path.as_str()))
            .into_query();
        any = any.add(
            Condition::all()
                .add(trail::Column::Organisation.in_subquery(here))
                .add(about),
        );
    }
    any
}

fn accounts(scope: &Scope) -> SelectStatement {
    let own = within(scope, account::Column::Organisation, Some(account::Column::Unit));
    let ids = account::Entity::find().select_only().column(account::Column::Id);
    ids.filter(own).into_query()
}

fn contacts(scope: &Scope) -> SelectStatement {
    let own = within(scope, contact::Column::Organisation, Some(contact::Column::Unit));
    let ids = contact::Entity::find().select_only().column(contact::Column::Id);
    ids.filter(own).into_query()
}

/// Rows with the events that they bear the numbers of.
async fn read(db: &impl ConnectionTrait, rows: Vec<trail::Model>) -> Result<Vec<Entry>, StoreError> {
    let mut changes = HashMap::new();
    let of_changes: Vec<_> = rows
        .iter()
        .filter(|row| row.said.is_none())
        .map(|row| row.number)
        .collect();
    for some in of_changes.chunks(500) {
        let found = event::Entity::find().filter(event::Column::Seq.is_in(some.iter().copied()));
        changes.extend(found.all(db).await?.into_iter().map(|row| (row.seq, row)));
    }
    let entry = |row: trail::Model| {
        let told = match (&row.said, changes.remove(&row.number)) {
            (Some(said), _) => Told::Happening(serde_json::from_str(said)?),
            (None, Some(change)) => Told::Change(Box::new(events::read(change)?)),
            (None, None) => Told::Nothing,
        };
        let code = |code: String| word(&code, |code| OrganisationCode::parse(code).ok());
        Ok(Entry {
            number: row.number,
            at: Timestamp(row.at),
            action: Action::from_slug(&row.action),
            actor: row.actor.map(AccountId),
            actor_name: row.actor_name.unwrap_or_default(),
            organisation: row.organisation.map(code).transpose()?,
            person: row.person,
            rights: serde_json::from_str(&row.rights)?,
            told,
            hash: row.hash,
        })
    };
    rows.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_its_attribute_by_the_slug_that_is_looked_for() {
        for attribute in Attribute::ALL {
            let written = serde_json::to_string(&attribute).unwrap();
            assert_eq!(written, format!("\"{}\"", attribute.slug()));
        }
    }
}
