//! A scope is part of the query: what lies outside is not read, not counted and not found by its ID.

use domain::policy::Scope;
use store::directory::people::{self, Query};
use testkit::on_both;

use crate::{below, everything, unit};

const BEN: &str = "ben.cartwright@health.example";

on_both! {
    async fn lists_counts_and_single_reads_end_at_the_organisation(portal: Portal) {
        let (db, mill, all) = (portal.gate.store().reader(), below("/G7H8J/"), Query::default());
        let everybody = people::accounts(db, &everything(), &all, 1_000).await.unwrap();
        let there = everybody.iter().filter(|listed| listed.person.organisation.as_str() == "G7H8J").count();
        let listed = people::accounts(db, &mill, &all, 1_000).await.unwrap();
        assert!(there > 0 && there < everybody.len());
        assert_eq!(listed.len(), there);
        assert!(listed.iter().all(|listed| listed.person.organisation.as_str() == "G7H8J"));
        assert_eq!(people::count(db, &mill, &all).await.unwrap(), there as u64);

        // Asking for another organisation by name does not lead there.
        let elsewhere = Query { organisation: Some("RIV".to_owned()), ..Query::default() };
        assert!(people::accounts(db, &mill, &elsewhere, 10).await.unwrap().is_empty());
        let ben = portal.account(BEN).await;
        assert!(people::account(db, &mill, ben).await.unwrap().is_none());
        assert!(people::account(db, &below("/RIV/"), ben).await.unwrap().is_some());
        assert!(people::ids_within(db, &mill, &[ben.0]).await.unwrap().is_empty());
    }

    async fn a_unit_reaches_the_units_below_it_and_no_name_like_it(portal: Portal) {
        let (db, all) = (portal.gate.store().reader(), Query::default());
        let medicine = people::accounts(db, &unit("/RIV/", "Medicine"), &all, 1_000).await.unwrap();
        let units: Vec<_> = medicine.iter().map(|listed| listed.person.unit().unwrap()).collect();
        assert!(units.iter().any(|unit| unit.as_str() == "Medicine"));
        assert!(units.iter().any(|unit| unit.as_str() == "Medicine / Ward 7"));
        assert!(units.iter().all(|unit| unit.as_str() == "Medicine" || unit.as_str().starts_with("Medicine / ")));
        // Of another organisation, half a name, and a sign that means anything to the database.
        for nobodys in [unit("/G7H8J/", "Medicine"), unit("/RIV/", "Medic"), unit("/RIV/", "Medicin_"), unit("/RIV/", "%")] {
            assert_eq!(people::count(db, &nobodys, &all).await.unwrap(), 0, "{nobodys:?}");
        }
    }

    async fn an_empty_scope_holds_nobody(portal: Portal) {
        let (db, nowhere) = (portal.gate.store().reader(), Scope::default());
        assert!(people::accounts(db, &nowhere, &Query::default(), 10).await.unwrap().is_empty());
        assert_eq!(people::count_contacts(db, &nowhere, &Query::default()).await.unwrap(), 0);
        let ben = portal.account(BEN).await;
        assert!(people::account(db, &nowhere, ben).await.unwrap().is_none());
    }
}
