//! The directory is what its events say: each noun has its rows, and what does not add up is not kept.

use std::collections::HashSet;

use domain::{account::AccountStatus, dictionary::Attribute};
use store::{
    StoreError,
    directory::{apply, people},
    trail::events,
};
use testkit::{Kind, Portal, on_both};

/// A portal of the same kind with nobody in it.
async fn empty_like(portal: &Portal) -> Portal {
    Portal::empty(match portal.url.starts_with("sqlite") {
        true => Kind::Sqlite,
        false => Kind::Postgres,
    })
    .await
}

on_both! {
    async fn every_noun_has_rows_and_replaying_makes_the_same_ones(portal: Portal) {
        let db = portal.gate.store().reader();
        let state = apply::state(db).await.unwrap();
        for table in ["organisation", "site", "unit", "account", "contact", "address", "person_number", "role_grant"] {
            assert!(state.iter().any(|row| row.starts_with(&format!("{table} "))), "no row of {table}");
        }
        let told = events::all(db).await.unwrap();
        let rebuilt = empty_like(&portal).await;
        let tx = rebuilt.gate.store().begin().await.unwrap();
        apply::replay(&tx, &told).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(apply::state(rebuilt.gate.store().reader()).await.unwrap(), state);
        assert_eq!(events::all(rebuilt.gate.store().reader()).await.unwrap(), told);
    }

    async fn a_created_account_is_found_by_its_address_and_once(portal: Portal) {
        let told = events::all(portal.gate.store().reader()).await.unwrap();
        let first = told.iter().position(|event| event.fact.account().is_some()).unwrap();
        let account = told[first].fact.account().unwrap();
        let address = portal.standing(account).await.attributes.text(Attribute::EmailAddress).to_owned();
        let rebuilt = empty_like(&portal).await;
        let (store, db) = (rebuilt.gate.store(), rebuilt.gate.store().reader());
        let tx = store.begin().await.unwrap();
        apply::replay(&tx, &told[..=first]).await.unwrap();
        tx.commit().await.unwrap();
        let found = people::by_address(db, &address).await.unwrap().unwrap();
        assert_eq!((found.id, found.status, found.version), (account, AccountStatus::Pending, 1));

        // Nobody gets an address that somebody has, and nothing of the attempt is kept.
        let before = apply::state(db).await.unwrap();
        let tx = store.begin().await.unwrap();
        let again = apply::replay(&tx, &told[first..=first]).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
        drop(tx);
        assert_eq!(apply::state(db).await.unwrap(), before);
        assert_eq!(events::all(db).await.unwrap().len(), first + 1);
    }

    async fn a_change_of_nobody_is_an_error_and_leaves_nothing(portal: Portal) {
        let told = events::all(portal.gate.store().reader()).await.unwrap();
        let mut seen = HashSet::new();
        let mut later = told.iter().filter(|event| event.fact.account().is_some_and(|account| !seen.insert(account)));
        // Each account begins by being created; what comes later changes it.
        let changed = later.next().unwrap().clone();
        let empty = empty_like(&portal).await;
        let tx = empty.gate.store().begin().await.unwrap();
        let refused = apply::replay(&tx, &[changed]).await;
        assert!(matches!(refused, Err(StoreError::Unreadable(_))), "{refused:?}");
        tx.rollback().await.unwrap();
        assert!(apply::state(empty.gate.store().reader()).await.unwrap().is_empty());
    }
}
