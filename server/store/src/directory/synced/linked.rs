//! Accounts as a connector reads them: each with its organisation, with what the connector keeps beside it, and with the
//! addresses that it had before. One statement reads all of it, and looks up the rest of those alone who are on the page.

use domain::{
    account::Account,
    organisation::Organisation,
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Order, QueryFilter, QueryResult,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, SelectStatement},
};
use uuid::Uuid;

use super::part::{Moments, Sort};
use crate::{
    StoreError,
    access::links::{self, Link},
    directory::{organisations, person_columns},
    entities::{account, address, connector_link, organisation},
};

/// An account, with what a connector is told beside it.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The account.
    pub account: Account,
    /// Its organisation, without sites and units.
    pub home: Option<Organisation>,
    /// What the connector keeps beside it.
    pub link: Option<Link>,
}

/// In front of the names of an organisation's columns.
const HOME: &str = "home_";

/// In front of the names of a link's columns.
const LINK: &str = "link_";

/// Reads a part of a list, in its order.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    connector: AccountId,
    part: Select<account::Entity>,
    sort: Sort,
    order: Order,
) -> Result<Vec<Moments<Linked>>, StoreError> {
    let at_home =
        Expr::col(organisation::Column::Code.as_column_ref()).equals(account::Column::Organisation.as_column_ref());
    let of_it = Condition::all()
        .add(Expr::col(connector_link::Column::Account.as_column_ref()).equals(account::Column::Id.as_column_ref()))
        .add(connector_link::Column::Connector.eq(connector.0));
    let mut all = SelectStatement::new();
    columns::<account::Column>(&mut all, "");
    columns::<organisation::Column>(&mut all, HOME);
    columns::<connector_link::Column>(&mut all, LINK);
    all.expr_as(Expr::from(former(db)), "former")
        .from_subquery(part.into_query(), "account")
        .left_join(organisation::Entity, at_home)
        .left_join(connector_link::Entity, of_it);
    if let Some(key) = sort.key() {
        all.order_by_expr(key, order.clone());
    }
    all.order_by(account::Column::Id.as_column_ref(), order);
    let rows = db.query_all(&all).await?;
    rows.iter().map(|row| read_row(row, sort)).collect()
}

fn columns<C: ColumnTrait>(all: &mut SelectStatement, before: &str) {
    for column in C::iter() {
        all.expr_as(
            Expr::col(column.as_column_ref()),
            format!("{before}{}", column.as_str()),
        );
    }
}

/// The addresses that an account had before, with a space between them.
fn former(db: &impl ConnectionTrait) -> SelectStatement {
    let joined = match db.get_database_backend() {
        DbBackend::Sqlite => "group_concat",
        _ => "string_agg",
    };
    let joined = Func::cust(joined).args([Expr::col(address::Column::Address.as_column_ref()), Expr::value(" ")]);
    let own = Expr::col(address::Column::Account.as_column_ref()).equals(account::Column::Id.as_column_ref());
    let former = address::Entity::find()
        .select_only()
        .expr_as(joined, "former")
        .filter(own)
        .filter(address::Column::Current.eq(false))
        .filter(address::Column::UserName.eq(false));
    former.into_query()
}

fn read_row(row: &QueryResult, sort: Sort) -> Result<Moments<Linked>, StoreError> {
    let person = account::Model::from_query_result(row, "")?;
    let former: Option<String> = row.try_get("", "former")?;
    let unreadable = |_| StoreError::Unreadable(format!("an address of account {}", person.id));
    let aliases = former
        .iter()
        .flat_map(|former| former.split(' '))
        .map(|held| EmailAddress::parse(held).map_err(unreadable))
        .collect::<Result<Vec<_>, _>>()?;
    let home = match row.try_get::<Option<String>>(HOME, "code")? {
        Some(_) => Some(organisations::bare(&organisation::Model::from_query_result(
            row, HOME,
        )?)?),
        None => None,
    };
    let link = match row.try_get::<Option<Uuid>>(LINK, "account")? {
        Some(_) => Some(links::read(connector_link::Model::from_query_result(row, LINK)?)?),
        None => None,
    };
    Ok(Moments {
        person: Linked {
            account: person_columns::account(&person, aliases)?,
            home,
            link,
        },
        created: Timestamp(person.created_at),
        changed: Timestamp(person.changed_at),
        key: match sort {
            Sort::Id => String::new(),
            Sort::Changed => person.changed_at.to_string(),
            Sort::UserName => {
                let name = person.user_name.or(person.email_address);
                name.unwrap_or_default().to_lowercase()
            }
            Sort::FamilyName => person.sort_name,
        },
    })
}
