//! Files by email that are withdrawn, discarded or not applied, and what the senders of the files are told that they replaced.

use domain::submission::{LookAlikes, Outcome, State};
use testkit::on_both;

use crate::{
    confirm,
    email_order::most_of_the_trust,
    email_runs::{JEM, evening, letters, revoke_all, run, sender, standing},
    file,
};

const BEN: &str = "ben.cartwright@health.example";
const NOTHING_COUNTS: &str = "No file counts for your organisations now";

on_both! {
    async fn a_sender_skipped_for_a_withdrawn_file_learns_that_nothing_counts(portal: Portal) {
        let (jem, ben) = (sender(&portal, JEM, "RIV").await, sender(&portal, BEN, "RIV01").await);
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&ben, &file(&["e2,RIV01,Ada,Bright,"])).await;
        let priya = portal.persona("Priya").await;
        // The page counts what would be applied now, and the rows that would not.
        let shown = portal.gate.on_behalf_of(&priya).email_of(&older).await.unwrap().unwrap();
        let left = shown.left.expect("a later file takes a row");
        let counted = (left.totals.to_apply(LookAlikes::Create), left.totals.with(Outcome::Superseded));
        assert_eq!(counted, (1, 1));
        confirm(&portal, &priya, &older).await;
        portal.work().await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 1));
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 0);
        portal.gate.on_behalf_of(&ben).decline(&newer).await.unwrap();
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 1);
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 1), "it does not come back");
    }

    async fn senders_whose_file_still_counts_are_told_nothing(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        portal.gate.on_behalf_of(&jem).decline(&newer).await.unwrap();
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 0, "the older one waits");
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 0));
        let last = portal.mail(&jem, &file(&["1002,RIV,,,07700 900333"])).await;
        portal.gate.on_behalf_of(&jem).decline(&last).await.unwrap();
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 0, "the older one was applied");
    }

    async fn senders_replaced_by_a_held_file_are_told_when_it_is_discarded(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let held = portal.mail(&jem, &most_of_the_trust()).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await.0, State::Superseded);
        let priya = portal.persona("Priya").await;
        portal.gate.on_behalf_of(&priya).decline(&held).await.unwrap();
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 1);
    }

    async fn rows_skipped_for_a_former_connectors_file_do_not_come_back(portal: Portal) {
        let (jem, ben) = (sender(&portal, JEM, "RIV").await, sender(&portal, BEN, "RIV01").await);
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&ben, &file(&["e2,RIV01,Ada,Bright,"])).await;
        confirm(&portal, &portal.persona("Priya").await, &older).await;
        portal.work().await;
        revoke_all(&portal, &ben).await;
        let shown = portal.gate.on_behalf_of(&portal.persona("Priya").await).email_of(&newer).await.unwrap().unwrap();
        assert!(shown.is_barred && !shown.may_apply);
        evening(&portal).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &newer).await, (State::Declined, 0, 0));
        assert_eq!(letters(&portal, JEM, NOTHING_COUNTS).await, 1);
    }
}
