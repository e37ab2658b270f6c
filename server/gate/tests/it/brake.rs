//! The brake of the sweep: a run that would end unusually many ends nobody, until the very number is confirmed.

use domain::{
    account::AccountStatus,
    life::Turn,
    request::{AccountWish, Wish},
    rules::Brake,
};
use gate::{Asked, GateError, NotConfirmed, TrailQuery, calendar};
use testkit::{NOON, PASSWORD, Portal, SERVICE, on_both};

const DAY: i64 = 86_400;

/// With the brake as it is shipped.
fn braked(portal: Portal) -> Portal {
    portal.ruled(|rules| rules.brake = Brake::STANDARD)
}

/// Everybody is inactive since day 30 and due to be deleted on day 60, but for these, who signed in on a day between.
async fn neglected(portal: &Portal, used: &[(&str, i64)]) {
    for (address, day) in used {
        portal.pass_until(NOON.plus_seconds(day * DAY));
        portal.sign_in(address, PASSWORD).await;
        let actor = portal.person(address).await;
        portal.gate.on_behalf_of(&actor).note_use().await.unwrap();
        portal.gate.sweep(&SERVICE).await.unwrap();
    }
}

async fn count(portal: &Portal, status: AccountStatus) -> usize {
    let everybody = store::directory::people::by_ids(portal.gate.store().reader(), &ids(portal).await)
        .await
        .unwrap();
    everybody.iter().filter(|account| account.status == status).count()
}

/// Every account there is, by the events.
async fn ids(portal: &Portal) -> Vec<uuid::Uuid> {
    let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
    let mut ids: Vec<_> = events
        .iter()
        .filter_map(|event| event.fact.account())
        .map(|account| account.0)
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

on_both! {
    async fn a_run_that_would_delete_too_many_waits_for_the_exact_number(portal: Portal) {
        let portal = braked(portal);
        let (grace, ben) = (portal.persona("Grace").await, portal.persona("Ben").await);
        portal.pass_until(NOON.plus_seconds(30 * DAY));
        // That everybody is marked as inactive takes nothing from anybody.
        let marked = portal.gate.sweep(&SERVICE).await.unwrap();
        assert!(marked.done > 50 && marked.held.is_none(), "{marked:?}");
        let deleted = count(&portal, AccountStatus::Deleted).await;
        neglected(&portal, &[("grace.lindholm@health.example", 59), ("ben.cartwright@health.example", 59)]).await;
        let account = portal.account("jem.larkspur@health.example").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let asked = visit.ask("Test", Wish::Account(account, AccountWish::Turn(Turn::Disable))).await.unwrap();
        assert!(matches!(asked, Asked::Planned(_)), "{asked:?}");

        portal.pass_until(NOON.plus_seconds(60 * DAY));
        let swept = portal.gate.sweep(&SERVICE).await.unwrap();
        let held = swept.held.expect("it is held back");
        assert!(held > 50, "{held}");
        // What takes nothing from anybody goes on: what nobody decided on is thrown away.
        assert_eq!((swept.done, count(&portal, AccountStatus::Deleted).await), (1, deleted));
        let told = portal.gate.on_behalf_of(&grace).held_back().await.unwrap().unwrap();
        // The leaver of the demonstration, deleted on day 30, is to be erased.
        assert_eq!((told.waiting, told.of.deleted, told.of.erased), (held, held - 1, 1));
        assert_eq!(portal.gate.sweep(&SERVICE).await.unwrap().held, Some(held));

        for name in ["Ben", "Hamid"] {
            let other = portal.persona(name).await;
            let confirmed = portal.gate.on_behalf_of(&other).confirm_held(held, None).await;
            assert!(matches!(confirmed, Err(GateError::Denied)), "{name}: {confirmed:?}");
        }
        let visit = portal.gate.on_behalf_of(&grace);
        assert_eq!(visit.confirm_held(held - 1, None).await.unwrap(), Err(NotConfirmed::OtherNumber(held)));
        assert_eq!(visit.confirm_held(held, None).await.unwrap(), Ok(()));
        let trail = visit.trail(&TrailQuery::default(), None, 3).await.unwrap();
        let said: Vec<_> = trail.entries.iter().map(|entry| (entry.actor, entry.sentence(calendar::day))).collect();
        let expected = (grace.account(), format!("Confirmed {held} automatic changes that were held back"));
        assert!(said.contains(&expected), "{said:?}");

        // Another process does it.
        let other = portal.again_by(&portal.url).await;
        let done = other.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!((done.held, (done.done + done.left.len()) as u64), (None, held));
        assert_eq!(count(&portal, AccountStatus::Deleted).await, told.of.deleted as usize - done.left.len());
        assert_eq!(visit.held_back().await.unwrap(), None);
        assert_eq!(visit.confirm_held(held, None).await.unwrap(), Err(NotConfirmed::NothingHeld));
    }

    async fn what_became_due_after_it_was_counted_is_not_confirmed(portal: Portal) {
        let portal = braked(portal);
        let ben = portal.account("ben.cartwright@health.example").await;
        let status = async || {
            let found = store::directory::people::by_ids(portal.gate.store().reader(), &[ben.0]).await.unwrap();
            found[0].status
        };
        // Ben becomes inactive on day 40, and is due on day 70.
        neglected(&portal, &[("ben.cartwright@health.example", 10)]).await;
        for day in [30, 40] {
            portal.pass_until(NOON.plus_seconds(day * DAY));
            portal.gate.sweep(&SERVICE).await.unwrap();
        }
        portal.pass_until(NOON.plus_seconds(60 * DAY));
        let held = portal.gate.sweep(&SERVICE).await.unwrap().held.expect("it is held back");
        let service = portal.gate.on_behalf_of(&SERVICE);
        assert_eq!(service.confirm_held(held, Some("J. Ops")).await.unwrap(), Ok(()));
        portal.pass_until(NOON.plus_seconds(70 * DAY));
        let done = portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!((done.held, (done.done + done.left.len()) as u64), (None, held));
        assert_eq!(status().await, AccountStatus::Inactive);
        // What is left is little enough for the next run.
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(status().await, AccountStatus::Deleted);
    }
}
