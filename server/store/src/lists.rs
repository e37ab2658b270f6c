//! Lists within statements: of values, of rows to insert, and where a list goes on.

use domain::values::ids::Timestamp;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::StoreError;

/// Rows an insert statement carries: some 60 columns each stay below SQLite's 32,766 bound variables.
pub(crate) const ROWS_A_STATEMENT: usize = 500;

/// Where a list ordered by a moment and an ID goes on.
pub type Position = (Timestamp, Uuid);

/// Beyond this, SQLite's limit of 32,766 is near.
const MOST: usize = 16_384;

/// The values, the last of them again and again until there are a power of two. A statement with any other number of
/// values is another statement, to be parsed, planned and remembered by itself, in driver and database; this way there are
/// a few. More than a statement may have are left to whoever cuts them.
pub(crate) fn padded<T: Clone>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    let many = values.len().next_power_of_two();
    if let (Some(last), true) = (values.last().cloned(), many <= MOST) {
        values.resize(many, last);
    }
    values
}

/// Inserts rows of one table, as many at once as a statement carries.
pub(crate) async fn insert_all<A>(db: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + Clone,
    A::Entity: EntityTrait,
{
    for chunk in rows.chunks(ROWS_A_STATEMENT) {
        A::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Rows behind a position in the order of two columns.
pub(crate) fn behind<C: ColumnTrait>(moment: C, id: C, (at, last): Position) -> Condition {
    let same = Condition::all().add(moment.eq(at.0)).add(id.gt(last));
    Condition::any().add(moment.gt(at.0)).add(same)
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn lists_have_few_lengths_and_the_same_values() {
        assert_eq!(padded([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5, 5, 5, 5]);
        assert_eq!(padded([1, 2]), [1, 2]);
        assert!(padded::<i32>([]).is_empty());
        assert_eq!(padded(0..20_000).len(), 20_000);
    }
}
