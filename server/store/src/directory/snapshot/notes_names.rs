//! Who has a name in the mail directory that a row of a change file would give to somebody: nobody has that of another.
//!
//! Names are compared whatever their capital letters, of those of ASCII: the databases agree on no others.

use std::collections::{BTreeSet, HashSet};

use domain::{
    account::joined_name,
    change_file::{Action, ChangeRow, Field},
    policy::Scope,
    request::ChangeRequest,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use uuid::Uuid;

use crate::{
    StoreError,
    directory::scope::{escaped, within},
    entities::account,
    lists::padded,
};

/// The accounts that are found already, and those of the scope that have such a name.
pub(super) async fn with_holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    requests: &[ChangeRequest],
    mut found: Vec<account::Model>,
) -> Result<Vec<account::Model>, StoreError> {
    let asked = asked(requests, &found);
    if asked.is_empty() {
        return Ok(found);
    }
    let same = Condition::all().add(notes_name().is_in(padded(asked)));
    let mut held = holders(db, scope, same).await?;
    let taken: BTreeSet<_> = held.iter().filter_map(|row| row.notes_name.as_deref()).collect();
    // Of a name that somebody has, others have it with a number behind it.
    let numbered = taken.into_iter().fold(Condition::any(), |any, name| {
        let like = LikeExpr::new(format!("{} %", escaped(&name.to_ascii_lowercase()))).escape('\\');
        any.add(notes_name().like(like))
    });
    if !numbered.is_empty() {
        held.extend(holders(db, scope, numbered).await?);
    }
    let mut have: HashSet<Uuid> = found.iter().map(|row| row.id).collect();
    found.extend(held.into_iter().filter(|row| have.insert(row.id)));
    Ok(found)
}

/// The names that rows give, or that are made of their people's names, in small letters.
fn asked(requests: &[ChangeRequest], found: &[account::Model]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_for_somebody_here = false;
    let rows = requests.iter().filter_map(|request| request.wish.change_row());
    for row in rows.filter(|row| row.filled(Field::SubscriptionId).is_some()) {
        match (row.what(), row.filled(Field::NotesDn)) {
            (Some(Action::Add | Action::AssignSeat), Some(name)) => _ = names.insert(name.to_ascii_lowercase()),
            (Some(Action::Add), None) => names.extend(made_of(row)),
            (Some(Action::AssignSeat | Action::ChangeSeat), _) => is_for_somebody_here = true,
            _ => {}
        }
    }
    if is_for_somebody_here {
        let nameless = found.iter().filter(|row| row.notes_name.is_none());
        let name = |row: &account::Model| {
            let (first, last) = (row.first_name.as_deref(), row.last_name.as_deref());
            joined_name(first.unwrap_or_default(), last.unwrap_or_default()).to_ascii_lowercase()
        };
        names.extend(nameless.map(name).filter(|name| !name.is_empty()));
    }
    names
}

/// The name that is made of a new person's names.
fn made_of(row: &ChangeRow) -> Option<String> {
    let name = |field| {
        let words: Vec<_> = row.filled(field)?.split_whitespace().collect();
        Some(words.join(" "))
    };
    let (first, last) = (name(Field::GivenName)?, name(Field::FamilyName)?);
    Some(joined_name(&first, &last).to_ascii_lowercase())
}

async fn holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    named: Condition,
) -> Result<Vec<account::Model>, StoreError> {
    let holders = account::Entity::find()
        .filter(named)
        // Hardly anybody has one, and the index holds only those who do.
        .filter(account::Column::NotesName.is_not_null())
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
        .order_by_asc(account::Column::Id);
    Ok(holders.all(db).await?)
}

fn notes_name() -> Expr {
    Expr::from(Func::lower(Expr::col(account::Column::NotesName)))
}
