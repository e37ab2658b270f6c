//! The names of sites, by which the people there are found. An account's row has only the code of its site.

use std::collections::HashMap;

use domain::values::text::fold;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, Func, LikeExpr},
};

use crate::{
    StoreError,
    directory::{organisations::site_names, person_columns::BEHIND_NAMES, scope::escaped},
    entities::{account, site},
};

/// The sites of some accounts.
#[derive(Debug, Default)]
pub(super) struct Sites(HashMap<(String, String), String>);

impl Sites {
    /// Reads the sites of some accounts.
    pub(super) async fn of(db: &impl ConnectionTrait, accounts: &[&account::Model]) -> Result<Self, StoreError> {
        let places = accounts
            .iter()
            .filter_map(|row| Some((row.organisation.as_str(), row.site.as_deref()?)));
        let places: Vec<_> = places.collect();
        Ok(Self(site_names(db, &places).await?))
    }

    /// The name of an account's site; empty where it has none.
    pub(super) fn name(&self, row: &account::Model) -> &str {
        let place = row.site.clone().map(|code| (row.organisation.clone(), code));
        place.and_then(|place| self.0.get(&place)).map_or("", String::as_str)
    }
}

/// Finds the people of a site by its new name.
pub(super) async fn rename(db: &impl ConnectionTrait, before: &site::Model, name: &str) -> Result<(), StoreError> {
    let behind = |name: &str| {
        let site = [fold(&before.code), fold(name)];
        let site: Vec<_> = site.into_iter().filter(|text| !text.is_empty()).collect();
        format!(" {BEHIND_NAMES} {}", site.join(" "))
    };
    let (old, new) = (behind(&before.name), behind(name));
    if old == new {
        return Ok(());
    }
    let search = Expr::col(account::Column::Search);
    let renamed = Func::cust("replace").args([search, Expr::value(old.as_str()), Expr::value(new.as_str())]);
    account::Entity::update_many()
        .col_expr(account::Column::Search, Expr::from(renamed))
        .filter(account::Column::Organisation.eq(before.organisation.as_str()))
        .filter(account::Column::Site.eq(before.code.as_str()))
        .filter(account::Column::Search.like(LikeExpr::new(format!("%{}%", escaped(&old))).escape('\\')))
        .exec(db)
        .await?;
    Ok(())
}
