//! What waits for somebody: their own files, expired links, and what comes soon; within their scope.

use demo::PRACTICE_FILE;
use domain::{
    policy::Actor,
    request::{AccountWish, Wish},
    submission::State,
};
use gate::{Asked, Confirmation, LookingAt, UpcomingKind, Waiting, seen};
use testkit::{Portal, on_both};

use crate::columns::{held, saying};

const DAY: i64 = 86_400;

const NOTHING: (usize, u64, &[(UpcomingKind, usize)]) = (0, 0, &[]);

async fn waiting(portal: &Portal, actor: &Actor) -> Waiting {
    portal.gate.on_behalf_of(actor).waiting().await.unwrap()
}

/// How many files wait, how many links have expired, and what comes soon.
fn told(waiting: &Waiting) -> (usize, u64, &[(UpcomingKind, usize)]) {
    (waiting.uploads.len(), waiting.expired_links, &waiting.soon)
}

on_both! {
    async fn a_file_waits_for_its_sender_until_it_is_decided_on(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        let waits = waiting(&portal, &ben).await;
        assert_eq!(waits.uploads.iter().map(|upload| &upload.id).collect::<Vec<_>>(), [&id]);
        assert_eq!(told(&waiting(&portal, &priya).await), NOTHING);
        portal.gate.on_behalf_of(&ben).decline(&id).await.unwrap();
        assert_eq!(told(&waiting(&portal, &ben).await), NOTHING);
    }

    async fn a_file_waits_for_its_sender_until_its_columns_are_explained(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let id = portal.upload(&ben, "Payroll no,Trust,Forename,Surname\nn1,RIV,Ada,Bright\n").await;
        let waits = waiting(&portal, &ben).await;
        assert_eq!(waits.columns_needed.iter().map(|upload| &upload.id).collect::<Vec<_>>(), [&id]);
        assert_eq!(told(&waits), NOTHING);
        assert!(waiting(&portal, &priya).await.columns_needed.is_empty());
        // A file without rows has nothing to explain.
        portal.upload(&ben, "LocalID,ODSCode,FirstName,LastName\n").await;
        let visit = portal.gate.on_behalf_of(&ben);
        assert_eq!(waiting(&portal, &ben).await.columns_needed.len(), 1);
        let asked = visit.columns(&id, &LookingAt::Likely).await.unwrap();
        visit.choose_columns(&id, &saying(&held(&asked.layout))).await.unwrap().unwrap();
        portal.work().await;
        let waits = waiting(&portal, &ben).await;
        assert_eq!((waits.columns_needed.len(), waits.uploads.len()), (0, 1));
    }

    async fn expired_activation_links_are_counted_for_those_who_may_renew_them(portal: Portal) {
        let (ben, hamid) = (portal.persona("Ben").await, portal.persona("Hamid").await);
        let (gwen, aled) = (portal.persona("Gwen").await, portal.persona("Aled").await);
        let account = portal.account("kezia.bassey@health.example").await;
        send_link(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        portal.pass_seconds(13 * DAY);
        assert_eq!(waiting(&portal, &ben).await.expired_links, 0);
        portal.pass_seconds(2 * DAY);
        for (actor, expired) in [(&ben, 1), (&hamid, 1), (&gwen, 0), (&aled, 0)] {
            assert_eq!(waiting(&portal, actor).await.expired_links, expired, "{}", actor.name());
        }
        send_link(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!(waiting(&portal, &ben).await.expired_links, 0);
    }

    async fn what_comes_within_a_week_is_counted_by_kind_within_the_scope(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let hamid = portal.persona("Hamid").await;
        // The demonstration's leaver is deleted on day 30.
        portal.pass_seconds(22 * DAY);
        assert_eq!(told(&waiting(&portal, &ben).await), NOTHING);
        portal.pass_seconds(2 * DAY);
        assert_eq!(told(&waiting(&portal, &ben).await), (0, 0, &[(UpcomingKind::Deleted, 1)][..]));
        for other in [&gwen, &hamid] {
            assert_eq!(told(&waiting(&portal, other).await), NOTHING, "{}", other.name());
        }
    }
}

/// Asks for a link and confirms it.
async fn send_link(portal: &Portal, actor: &Actor, wish: Wish) {
    let visit = portal.gate.on_behalf_of(actor);
    let Asked::Planned(id) = visit.ask("Test", wish).await.unwrap() else {
        panic!("a link can be sent")
    };
    let said = Confirmation {
        seen: seen(&visit.submission(&id).await.unwrap()),
        look_alikes: None,
        typed: None,
    };
    visit.confirm(&id, said).await.unwrap();
    assert_eq!(visit.submission(&id).await.unwrap().state, State::Applied);
}
