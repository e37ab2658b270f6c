//! The conditions of a lookup as those of a statement, each answered from an index.

use domain::{
    account::AccountStatus,
    lookup::{Addresses, Bound, Condition as Looked, Match},
    policy::Scope,
    values::{ids::AccountId, names, text::fold},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, SelectStatement},
};

use super::reader::Reader;
use crate::{
    access::shadow,
    directory::scope::nothing,
    entities::{account, address, connector_link, contact, shadow_account},
};

/// Behind every text that begins so: no character comes later.
const END: char = '\u{10FFFF}';

/// Accounts that a connector did not give up. It is asked of each account: a connector has a link to most of its own.
pub(super) fn not_given_up(connector: AccountId) -> Expr {
    let own = Expr::col(connector_link::Column::Account.as_column_ref()).equals(account::Column::Id.as_column_ref());
    let given_up = links(connector)
        .filter(own)
        .filter(connector_link::Column::Hidden.eq(true));
    Expr::exists(given_up.into_query()).not()
}

/// Accounts for which a connector that is only tried out has tried nothing.
pub(super) fn not_tried(connector: AccountId) -> Expr {
    let own = Expr::col(shadow_account::Column::Account.as_column_ref()).equals(account::Column::Id.as_column_ref());
    let tried = shadow::accounts_tried(connector).filter(own);
    Expr::exists(tried.into_query()).not()
}

fn links(connector: AccountId) -> sea_orm::Select<connector_link::Entity> {
    connector_link::Entity::find()
        .select_only()
        .column(connector_link::Column::Account)
        .filter(connector_link::Column::Connector.eq(connector.0))
}

/// One condition of accounts.
pub(super) fn of_accounts(reader: Reader<'_>, looked: &Looked) -> Condition {
    match looked {
        Looked::Id(None) => Condition::all().add(nothing()),
        Looked::Id(Some(id)) => Condition::all().add(account::Column::Id.eq(*id)),
        Looked::ExternalId(key) => {
            let linked = links(reader.connector).filter(connector_link::Column::ExternalId.eq(key.as_str()));
            Condition::all().add(account::Column::Id.in_subquery(linked.into_query()))
        }
        Looked::UserName(name) => user_name(name),
        Looked::EmployeeNumber(number) => Condition::all().add(roots(reader.scope)).add(matched(
            account::Column::LocalId.into_expr(),
            number,
            Clone::clone,
        )),
        Looked::Email { address, among } => email(address, *among),
        Looked::Organisation(code) => {
            Condition::all().add(account::Column::Organisation.eq(code.trim().to_uppercase()))
        }
        Looked::FamilyName(name) => family_name(account::Column::SortName, account::Column::LastName, name),
        Looked::DisplayName(beginning) => display_name(account::Column::DisplayName.into_expr(), beginning),
        Looked::LastModified { bound, at } => Condition::all().add(bounded(account::Column::ChangedAt, *bound, at.0)),
        Looked::Active(is_active) => {
            let disabled = AccountStatus::Disabled.name();
            Condition::all().add(match is_active {
                true => account::Column::Status.ne(disabled),
                false => account::Column::Status.eq(disabled),
            })
        }
    }
}

/// One condition of contacts; what they do not have, nobody matches.
pub(super) fn of_contacts(looked: &Looked) -> Condition {
    match looked {
        Looked::Id(Some(id)) => Condition::all().add(contact::Column::Id.eq(*id)),
        Looked::Id(None)
        | Looked::ExternalId(_)
        | Looked::UserName(_)
        | Looked::EmployeeNumber(_)
        | Looked::Active(_)
        | Looked::Email {
            among: Addresses::Former,
            ..
        } => Condition::all().add(nothing()),
        Looked::Email { address, .. } => matched(contact::Column::EmailAddress.into_expr(), address, |text| {
            text.trim().to_lowercase()
        }),
        Looked::Organisation(code) => {
            Condition::all().add(contact::Column::Organisation.eq(code.trim().to_uppercase()))
        }
        Looked::FamilyName(name) => family_name(contact::Column::SortName, contact::Column::LastName, name),
        Looked::DisplayName(beginning) => display_name(contact::Column::DisplayName.into_expr(), beginning),
        Looked::LastModified { bound, at } => Condition::all().add(bounded(contact::Column::ChangedAt, *bound, at.0)),
    }
}

/// The name to sign in with: the one that was set, or the address. Both are held among the addresses, whose index leads to
/// the few who can be meant.
fn user_name(name: &Match) -> Condition {
    let lower = |text: &String| text.trim().to_lowercase();
    let held = || {
        let held = address::Entity::find().select_only().column(address::Column::Account);
        held.filter(matched(address::Column::Address.into_expr(), name, lower))
    };
    let set = held().filter(address::Column::UserName.eq(true));
    let is_unset = Condition::all().add(account::Column::UserName.is_null()).add(matched(
        account::Column::EmailAddress.into_expr(),
        name,
        lower,
    ));
    // Whoever chose their own address as their name has no second entry.
    let own = Expr::from(Func::lower(Expr::col(account::Column::UserName)));
    let is_theirs = Condition::any()
        .add(account::Column::Id.in_subquery(set.into_query()))
        .add(is_unset)
        .add(matched(own, name, lower));
    Condition::all()
        .add(account::Column::Id.in_subquery(held().into_query()))
        .add(is_theirs)
}

fn email(sent: &Match, among: Addresses) -> Condition {
    let lower = |text: &String| text.trim().to_lowercase();
    let held: SelectStatement = {
        let mut held = address::Entity::find()
            .select_only()
            .column(address::Column::Account)
            .filter(address::Column::UserName.eq(false))
            .filter(matched(address::Column::Address.into_expr(), sent, lower));
        match among {
            Addresses::All => {}
            Addresses::Present => held = held.filter(address::Column::Current.eq(true)),
            Addresses::Former => held = held.filter(address::Column::Current.eq(false)),
        }
        held.into_query()
    };
    Condition::all().add(account::Column::Id.in_subquery(held))
}

/// Names are looked up as lists sort them, the last name, a space, the first. Of a whole name it is then asked whether it is
/// the whole last name.
fn family_name<C: ColumnTrait>(sorted: C, last: C, name: &Match) -> Condition {
    match name {
        Match::Is(text) => {
            let text = text.trim();
            let whole = Expr::from(Func::lower(last.into_expr())).eq(text.to_lowercase());
            begins(sorted.into_expr(), &format!("{} ", fold(&names::bare(text))))
                .add(Condition::any().add(last.eq(text)).add(whole))
        }
        Match::Starts(text) => begins(sorted.into_expr(), &fold(&names::bare(text))),
    }
}

fn display_name(column: Expr, beginning: &str) -> Condition {
    begins(Func::lower(column).into(), &beginning.trim().to_lowercase())
}

fn matched(column: Expr, text: &Match, spelt: impl Fn(&String) -> String) -> Condition {
    match text {
        Match::Is(text) => Condition::all().add(column.eq(spelt(text))),
        Match::Starts(text) => begins(column, &spelt(text)),
    }
}

fn begins(column: Expr, beginning: &str) -> Condition {
    Condition::all()
        .add(column.clone().gte(beginning))
        .add(column.lt(format!("{beginning}{END}")))
}

fn bounded(column: impl ColumnTrait, bound: Bound, at: i64) -> Expr {
    match bound {
        Bound::After => column.gt(at),
        Bound::AtOrAfter => column.gte(at),
        Bound::Before => column.lt(at),
        Bound::AtOrBefore => column.lte(at),
    }
}

/// The trees that a scope lies in: local IDs are indexed below these.
fn roots(scope: &Scope) -> Condition {
    if scope.everything {
        return Condition::all();
    }
    let roots = scope.parts.iter().map(|part| part.path.root().to_owned());
    Condition::all().add(account::Column::Root.is_in(roots))
}
