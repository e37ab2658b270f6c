//! The audit log is one chain: what is changed, taken out or cut off afterwards is found, and where.

use store::{
    ConnectionTrait,
    trail::{self, Fault},
};
use testkit::{Portal, on_both};

async fn faults(portal: &Portal) -> Vec<Fault> {
    trail::verify(portal.gate.store().reader(), &[]).await.unwrap().faults
}

async fn run(portal: &Portal, statement: &str) {
    let done = portal.gate.store().reader().execute_unprepared(statement).await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

on_both! {
    async fn a_changed_entry_is_found_at_its_number(portal: Portal) {
        assert_eq!(faults(&portal).await, vec![]);
        run(&portal, "UPDATE trail SET at = at + 1 WHERE number = 3").await;
        let found = faults(&portal).await;
        assert!(matches!(found[..], [Fault::Broken(3) | Fault::Changed(3), ..]), "{found:?}");
        run(&portal, "UPDATE trail SET at = at - 1 WHERE number = 3").await;
        assert_eq!(faults(&portal).await, vec![]);
    }

    async fn an_entry_that_is_taken_out_is_missed(portal: Portal) {
        run(&portal, "DELETE FROM trail WHERE number = 5").await;
        let found = faults(&portal).await;
        assert!(found.contains(&Fault::Missing { from: 5, through: 5 }), "{found:?}");
    }

    async fn a_trail_that_was_cut_short_does_not_end_where_its_head_says(portal: Portal) {
        let head = trail::head(portal.gate.store().reader()).await.unwrap();
        run(&portal, &format!("DELETE FROM trail WHERE number = {}", head.number)).await;
        assert!(!faults(&portal).await.is_empty());
    }
}
