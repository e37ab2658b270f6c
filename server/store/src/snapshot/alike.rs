//! People who are here already and whom new ones may be.

use std::collections::HashSet;

use domain::look_alike::are_alike;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait,
};
use uuid::Uuid;

use super::Keys;
use crate::{StoreError, entities::account, person_columns};

/// The people of the requests' own organisations whose names are like those of new ones.
pub(super) async fn within_an_organisation(
    db: &impl ConnectionTrait,
    in_scope: &Condition,
    keys: &Keys,
) -> Result<Vec<account::Model>, StoreError> {
    if keys.looks.is_empty() {
        return Ok(vec![]);
    }
    let organisations = keys.looks.keys().map(|(code, _)| code).collect::<HashSet<_>>();
    let looks = keys.looks.keys().map(|(_, look)| look).collect::<HashSet<_>>();
    let same_look = account::Column::Organisation
        .is_in(organisations)
        .and(account::Column::LookAlike.is_in(looks));
    // A thousand new people share their first letters with most of an organisation: so their names are looked at first.
    let names = account::Entity::find()
        .select_only()
        .columns([
            account::Column::Id,
            account::Column::Organisation,
            account::Column::LookAlike,
            account::Column::FirstName,
            account::Column::LastName,
        ])
        .filter(in_scope.clone())
        .filter(same_look);
    type Named = (Uuid, String, String, Option<String>, Option<String>);
    let names: Vec<Named> = names.into_tuple().all(db).await?;
    let alike = names.into_iter().filter_map(|(id, code, look, first, last)| {
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        let new = keys.looks.get(&(code, look))?;
        new.iter()
            .any(|(new_first, new_last)| are_alike((new_first, new_last), (&first, &last)))
            .then_some(id)
    });
    let alike: Vec<_> = alike.collect();
    if alike.is_empty() {
        return Ok(vec![]);
    }
    Ok(account::Entity::find()
        .filter(account::Column::Id.is_in(alike))
        .order_by_asc(account::Column::Id)
        .all(db)
        .await?)
}

/// People of the scope by the names of new ones: those of the same trees, and elsewhere those who share a fact with any.
pub(super) async fn namesakes(
    db: &impl ConnectionTrait,
    in_scope: Condition,
    keys: &Keys,
    roots: &HashSet<String>,
) -> Result<Vec<account::Model>, StoreError> {
    if keys.names.is_empty() {
        return Ok(vec![]);
    }
    let mut known = Condition::any().add(account::Column::Root.is_in(roots));
    for (fact, values) in &keys.facts {
        known = known.add_option(person_columns::column(*fact).map(|column| column.is_in(values)));
    }
    let namesakes = account::Entity::find()
        .filter(in_scope)
        .filter(account::Column::SortName.is_in(&keys.names))
        .filter(known)
        .order_by_asc(account::Column::Id);
    Ok(namesakes.all(db).await?)
}
