//! The telephone numbers that people are found by, beside what the directory says of them: each by its digits, the last one
//! first, so that its end is looked up in an index.

use std::collections::BTreeMap;

use domain::{
    dictionary::{Attribute, Attributes},
    searching::{backwards, numbers_in},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{StoreError, entities::person_number, lists::ROWS_A_STATEMENT};

/// What holds a number.
const HOLD_NUMBERS: [Attribute; 4] = [
    Attribute::Telephone,
    Attribute::Mobile,
    Attribute::Pager,
    Attribute::Fax,
];

/// Numbers that one statement takes away: each is a condition of its own.
const TAKEN_AWAY_AT_ONCE: usize = 200;

/// The numbers of somebody new.
pub(super) fn rows(attributes: &Attributes, person: Uuid) -> Vec<person_number::ActiveModel> {
    let row = |(backwards, shown)| person_number::ActiveModel {
        backwards: Set(backwards),
        person: Set(person),
        shown: Set(shown),
    };
    held(attributes).into_iter().map(row).collect()
}

/// Puts the numbers that people have now in the place of those that they had.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    changed: Vec<(Uuid, Attributes, Attributes)>,
) -> Result<(), StoreError> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for (person, before, after) in changed {
        let (before, after) = (held(&before), held(&after));
        if before == after {
            continue;
        }
        let lost = before.keys().filter(|number| !after.contains_key(*number));
        gone.extend(lost.map(|number| (number.clone(), person)));
        let found = after
            .into_iter()
            .filter(|(number, shown)| before.get(number) != Some(shown));
        new.extend(found.map(|(number, shown)| person_number::ActiveModel {
            backwards: Set(number),
            person: Set(person),
            shown: Set(shown),
        }));
    }
    for chunk in gone.chunks(TAKEN_AWAY_AT_ONCE) {
        let those = chunk.iter().fold(Condition::any(), |any, (number, person)| {
            let one = Condition::all()
                .add(person_number::Column::Backwards.eq(number))
                .add(person_number::Column::Person.eq(*person));
            any.add(one)
        });
        person_number::Entity::delete_many().filter(those).exec(db).await?;
    }
    for chunk in new.chunks(ROWS_A_STATEMENT) {
        let kept = OnConflict::columns([person_number::Column::Backwards, person_number::Column::Person])
            .update_column(person_number::Column::Shown)
            .to_owned();
        person_number::Entity::insert_many(chunk.to_vec())
            .on_conflict(kept)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Somebody's numbers, each with whether everybody may find them by it: a hidden mobile is found by none but those who
/// manage its person.
fn held(attributes: &Attributes) -> BTreeMap<String, bool> {
    let hides = attributes.text(Attribute::HideMobile) == "yes";
    let mut held = BTreeMap::new();
    for attribute in HOLD_NUMBERS {
        let shown = !(hides && attribute == Attribute::Mobile);
        for number in numbers_in(attributes.text(attribute)) {
            *held.entry(backwards(&number)).or_insert(false) |= shown;
        }
    }
    held
}
