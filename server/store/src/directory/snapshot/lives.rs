//! What turns in a life need to know: leavers of other organisations, addresses that become free.

use std::collections::{HashMap, HashSet};

use domain::{
    account::{Account, AccountStatus},
    organisation::{Organisation, OrganisationCode},
    plan::Reserved,
    request::{AccountWish, ChangeRequest, ContactWish, Wish},
    values::{email_address::EmailAddress, ids::AccountId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::hold::Hold;
use crate::{
    StoreError,
    directory::{aliases::with_aliases, organisations, person_columns},
    entities::{account, address},
};

/// Leavers, wherever they are, whose exact address a request gives.
pub(super) async fn leavers(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    hold: Hold,
) -> Result<Vec<Account>, StoreError> {
    let given = requests.iter().filter_map(|request| match &request.wish {
        Wish::Join { address, .. } => EmailAddress::read(address).ok(),
        _ => None,
    });
    let given: Vec<_> = given.map(|address| address.as_str().to_owned()).collect();
    if given.is_empty() {
        return Ok(vec![]);
    }
    let held = address::Entity::find()
        .filter(address::Column::Address.is_in(given))
        .filter(address::Column::UserName.eq(false))
        .all(db)
        .await?;
    let leavers = account::Entity::find()
        .filter(account::Column::Id.is_in(held.into_iter().map(|row| row.account)))
        .filter(account::Column::Status.eq(AccountStatus::Leaver.name()));
    let rows = match hold {
        Hold::Free => leavers.all(db).await?,
        Hold::Locked => leavers.lock_exclusive().all(db).await?,
    };
    with_aliases(db, &rows).await
}

/// The code of the organisation that something would be offered to, wherever it is.
pub(super) fn code_asked_for(wish: &Wish) -> Option<String> {
    match wish {
        Wish::Contact(_, ContactWish::Offer(to)) => OrganisationCode::parse(to).ok().map(|code| code.to_string()),
        _ => None,
    }
}

/// Organisations by exact code that the scope does not hold.
pub(super) async fn elsewhere(
    db: &impl ConnectionTrait,
    codes: HashSet<String>,
    known: &[Organisation],
) -> Result<HashMap<OrganisationCode, Organisation>, StoreError> {
    let unknown = codes.into_iter().filter_map(|code| OrganisationCode::parse(&code).ok());
    let unknown: Vec<_> = unknown
        .filter(|code| known.iter().all(|organisation| organisation.code != *code))
        .collect();
    if unknown.is_empty() {
        return Ok(HashMap::new());
    }
    let found = organisations::by_codes(db, &unknown).await?;
    Ok(found
        .into_iter()
        .map(|organisation| (organisation.code.clone(), organisation))
        .collect())
}

/// The addresses of erased accounts that requests would give free.
pub(super) async fn reserved(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
) -> Result<Vec<Reserved>, StoreError> {
    let erased = requests.iter().filter_map(|request| match request.wish {
        Wish::Account(account, AccountWish::FreeAddresses) => Some(account.0),
        _ => None,
    });
    let erased: Vec<_> = erased.collect();
    if erased.is_empty() {
        return Ok(vec![]);
    }
    let rows = address::Entity::find()
        .filter(address::Column::Account.is_in(erased))
        .filter(address::Column::ErasedAt.is_not_null())
        .all(db)
        .await?;
    let mut reserved: Vec<Reserved> = Vec::new();
    for row in rows {
        let held = person_columns::address(&row)?;
        match reserved.iter_mut().find(|other| other.account.0 == row.account) {
            Some(other) => other.addresses.push(held),
            None => reserved.push(Reserved {
                account: AccountId(row.account),
                organisation: person_columns::code(row.organisation.as_deref().unwrap_or_default())?,
                addresses: vec![held],
            }),
        }
    }
    Ok(reserved)
}
