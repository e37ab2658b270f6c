//! What the tables of accounts and of contacts have in common, for lists.

use sea_orm::{
    EntityTrait, ModelTrait,
    sea_query::{Expr, Func, IntoColumnRef},
};

use crate::entities::{account, contact};

/// A table of people, by the columns that lists need.
pub(super) trait People: EntityTrait<Model: Send + Sync + ModelTrait> {
    /// Its name.
    const NAME: &str;

    /// One of its columns.
    fn column(which: Which) -> Self::Column;
}

/// A column that both tables have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    Id,
    JobTitle,
    LocalId,
    Organisation,
    Search,
    Site,
    SortName,
    Status,
    Unit,
}

macro_rules! people {
    ($($table:ident),*) => {$(
        impl People for $table::Entity {
            const NAME: &str = stringify!($table);

            fn column(which: Which) -> Self::Column {
                match which {
                    Which::Id => $table::Column::Id,
                    Which::JobTitle => $table::Column::JobTitle,
                    Which::LocalId => $table::Column::LocalId,
                    Which::Organisation => $table::Column::Organisation,
                    Which::Search => $table::Column::Search,
                    Which::Site => $table::Column::Site,
                    Which::SortName => $table::Column::SortName,
                    Which::Status => $table::Column::Status,
                    Which::Unit => $table::Column::Unit,
                }
            }
        }
    )*};
}

people!(account, contact);

/// How the words of a search are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In every one of the list.
    Through,
    /// In the index.
    Index,
    /// As the beginning of a last name.
    Beginning,
}

/// A column, or an empty text where there is none; in no index.
pub(super) fn filled(column: impl IntoColumnRef) -> Expr {
    Expr::from(Func::coalesce([Expr::col(column), Expr::value("")]))
}
