//! Parts of lists: by what they are sorted, where they begin, and who is on them.

use domain::{
    lookup::{Condition as Looked, Match},
    values::ids::Timestamp,
};
use sea_orm::{
    Order,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use crate::entities::account;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The ID, which nothing changes.
    #[default]
    Id,
    /// When it last changed.
    Changed,
    /// The user name, in lower case.
    UserName,
    /// The last name, then the first.
    FamilyName,
}

impl Sort {
    /// What accounts are sorted by, in front of their IDs.
    pub(super) fn key(self) -> Option<Expr> {
        match self {
            Self::Id => None,
            Self::Changed => Some(Expr::col(account::Column::ChangedAt)),
            Self::UserName => Some(user_name()),
            Self::FamilyName => Some(Expr::col(account::Column::SortName)),
        }
    }
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the first.
    #[default]
    First,
    /// Behind so many.
    Skip(u64),
    /// Behind the one with this sorted text and this ID.
    After(String, Uuid),
}

/// A part of a list.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// They hold together.
    pub conditions: Vec<Looked>,
    /// By what it is sorted.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// Where it begins.
    pub start: Start,
    /// The most of them.
    pub count: u64,
}

impl Part {
    pub(super) const fn order(&self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }

    /// Whether it is about somebody whom one of their keys names, from the beginning.
    pub(super) fn names_few(&self) -> bool {
        let is_key = |looked: &Looked| {
            matches!(
                looked,
                Looked::Id(_)
                    | Looked::ExternalId(_)
                    | Looked::UserName(Match::Is(_))
                    | Looked::EmployeeNumber(Match::Is(_))
                    | Looked::Email {
                        address: Match::Is(_),
                        ..
                    }
            )
        };
        matches!(self.start, Start::First | Start::Skip(0)) && self.conditions.iter().any(is_key)
    }
}

/// Somebody with the moments of their record.
#[derive(Clone, Debug)]
pub struct Moments<P> {
    /// The person.
    pub person: P,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub changed: Timestamp,
    /// The sorted text, for the page behind.
    pub key: String,
}

/// The user name: the address, where nobody set another.
fn user_name() -> Expr {
    let own = Expr::col(account::Column::UserName);
    let own = Func::coalesce([own, Expr::col(account::Column::EmailAddress), Expr::value("")]);
    Func::lower(own).into()
}
