//! A snapshot holds what requests may touch within the scope. Of what lies outside it tells only that a key is taken.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    plan::{FileKeys, Snapshot},
    policy::{Authority, Scope},
    request::{Cells, ChangeRequest, Wish},
    values::{email_address::EmailAddress, ids::RowNumber},
};
use store::directory::snapshot::{self, Hold, Known};
use testkit::{NOON, Portal, on_both};

use crate::below;

const BEN: &str = "ben.cartwright@health.example";

/// Loads what one wish may touch, for somebody of Mill Lane Surgery.
async fn load(portal: &Portal, scope: &Scope, wish: Wish) -> Snapshot {
    let known = Known {
        rules: std::sync::Arc::new(portal.gate.rules().clone()),
        channel: Channel::Portal,
        file: FileKeys::default(),
        now: NOON,
        asker: Authority::new(portal.persona("Gwen").await, vec![]),
        day: |_| String::new(),
        begins: |_| None,
        among: None,
    };
    let request = ChangeRequest {
        row: RowNumber(1),
        wish,
        promised: None,
    };
    let loaded = snapshot::load(portal.gate.store().reader(), scope, known, &[request], Hold::Free).await;
    loaded.unwrap()
}

on_both! {
    async fn an_account_out_of_scope_is_not_loaded_by_its_id(portal: Portal) {
        let account = portal.account(BEN).await;
        let id = account.to_string();
        let wish = || Wish::NewAccount(Cells::of([(Attribute::AccountId, id.as_str())]));
        let is_there = |snapshot: &Snapshot| snapshot.accounts.iter().any(|found| found.id == account);
        assert!(is_there(&load(&portal, &below("/RIV/"), wish()).await));
        assert!(!is_there(&load(&portal, &below("/G7H8J/"), wish()).await));
    }

    async fn a_taken_address_is_known_and_its_holder_only_in_scope(portal: Portal) {
        let account = portal.account(BEN).await;
        let wish = |code| {
            let cells = [
                (Attribute::Organisation, code),
                (Attribute::FirstName, "Ben"),
                (Attribute::LastName, "Cartwright"),
                (Attribute::EmailAddress, BEN),
            ];
            Wish::NewAccount(Cells::of(cells))
        };
        let held = EmailAddress::parse(BEN).unwrap();
        let here = load(&portal, &below("/RIV/"), wish("RIV")).await;
        assert_eq!(here.held_addresses.get(&held), Some(&Some(account)));
        let elsewhere = load(&portal, &below("/G7H8J/"), wish("G7H8J")).await;
        assert_eq!(elsewhere.held_addresses.get(&held), Some(&None));
        assert!(elsewhere.accounts.iter().all(|found| found.id != account));
    }

    async fn organisations_out_of_scope_are_as_if_there_were_none(portal: Portal) {
        let cells = |code| Cells::of([(Attribute::Organisation, code), (Attribute::LastName, "Bold")]);
        let knows = |snapshot: &Snapshot, code: &str| snapshot.organisations.keys().any(|known| known.as_str() == code);
        let within = load(&portal, &below("/RIV/"), Wish::NewAccount(cells("RIV"))).await;
        assert!(knows(&within, "RIV"));
        let outside = load(&portal, &below("/G7H8J/"), Wish::NewAccount(cells("RIV"))).await;
        assert!(!knows(&outside, "RIV") && outside.names.iter().all(|named| named.code.as_str() != "RIV"));
    }
}
