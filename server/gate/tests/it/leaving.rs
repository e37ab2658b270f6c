//! Leaving dates that lie ahead: what they outlive, and what they are given up with, said before and afterwards.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    event::{AccountFact, Event, Fact},
    life::{Then, Turn},
    plan::{AccountStep, Step},
    policy::Actor,
    request::{AccountWish, Cells, Wish},
    values::ids::{AccountId, Timestamp},
};
use gate::{Asked, GateError, SignIn, Upcoming, calendar};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::{
    lifecycle::{done, in_organisation},
    review,
};

const DAY: i64 = 86_400;
const JEM: &str = "jem.larkspur@health.example";

/// 3 December 2026, when a day begins.
fn third_of_december() -> Timestamp {
    calendar::day_begins(2026, 12, 3).unwrap()
}

/// Jem, who leaves on 3 December.
async fn leaving(portal: &Portal, ben: &Actor) -> AccountId {
    let account = portal.account(JEM).await;
    let at = Some(third_of_december());
    done(portal, ben, Wish::Account(account, AccountWish::Leaving(at))).await;
    account
}

/// The leaving date that the check page is shown with.
async fn told(portal: &Portal, actor: &Actor, wish: &Wish) -> Option<Timestamp> {
    let visit = portal.gate.on_behalf_of(actor);
    let Asked::Planned(id) = visit.ask("Test", wish.clone()).await.unwrap() else {
        panic!("it can be done")
    };
    let leaving = review(portal, actor, &id).await.rows[0].planned.step.leaving();
    visit.decline(&id).await.unwrap();
    leaving
}

/// Whether the last events give a leaving date up.
fn gives_up(events: &[Event]) -> bool {
    let latest = events.iter().take(2);
    latest.into_iter().any(|event| match &event.fact {
        Fact::Account(_, _, AccountFact::LeavingPlanned { before, after }) => {
            *before == Some(third_of_december()) && after.is_none()
        }
        _ => false,
    })
}

on_both! {
    async fn a_leaving_date_outlives_a_long_leave(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = leaving(&portal, &ben).await;
        let date = Some(third_of_december());
        for (turn, status) in [(Turn::Disable, AccountStatus::Disabled), (Turn::Enable, AccountStatus::Active)] {
            let wish = Wish::Account(account, AccountWish::Turn(turn));
            assert_eq!(told(&portal, &ben, &wish).await, date);
            done(&portal, &ben, wish).await;
            let found = portal.standing(account).await;
            assert_eq!((found.status, found.leaving_at), (status, date));
        }
    }

    async fn who_leaves_while_on_leave_is_a_leaver_and_stays_shut_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let service = portal.gate.on_behalf_of(&SERVICE);
        let account = leaving(&portal, &ben).await;
        service.set_password(account, "teapot-lantern-9").await.unwrap();
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
        portal.pass_seconds((third_of_december().0 - NOON.0) / 1000 - 1);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(portal.standing(account).await.status, AccountStatus::Disabled);
        portal.pass_seconds(1);
        assert_eq!(portal.gate.due(portal.gate.now()).await.unwrap().len(), 1);
        portal.gate.sweep(&SERVICE).await.unwrap();
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.leaving_at), (AccountStatus::Leaver, None));
        let tried = portal.sign_in(JEM, "teapot-lantern-9").await;
        assert_eq!(tried, SignIn::Refused);
        let (found, home) = portal.gate.on_behalf_of(&ben).account(account).await.unwrap();
        let prospects = portal.gate.on_behalf_of(&ben).prospects(&found, &home).await.unwrap();
        assert!(prospects.no_password && prospects.reset_password);
        // Undone, it is as after any leaving that was undone.
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::KeepOn))).await;
        assert_eq!(portal.standing(account).await.status, AccountStatus::Active);
    }

    async fn a_transfer_gives_the_leaving_date_up_and_says_so(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let account = leaving(&portal, &ben).await;
        let wish = Wish::Account(account, AccountWish::Move(in_organisation("G7H8J")));
        assert_eq!(told(&portal, &grace, &wish).await, Some(third_of_december()));
        done(&portal, &grace, wish).await;
        assert_eq!(portal.standing(account).await.leaving_at, None);
        let history = portal.gate.on_behalf_of(&grace).account_history(account).await.unwrap().unwrap();
        assert!(gives_up(&history), "{history:?}");
        assert_eq!(history[1].fact.sentence(calendar::day), "Leaving date cancelled");
        // The organisation that it came to reads nothing of it.
        let gwen = portal.persona("Gwen").await;
        let history = portal.gate.on_behalf_of(&gwen).account_history(account).await.unwrap().unwrap();
        assert!(!gives_up(&history) && history.len() == 1, "{history:?}");
    }

    async fn a_deletion_gives_the_leaving_date_up_and_a_leaver_leaves_at_once(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = leaving(&portal, &ben).await;
        let delete = Wish::Account(account, AccountWish::Turn(Turn::Delete));
        assert_eq!(told(&portal, &ben, &delete).await, Some(third_of_december()));
        done(&portal, &ben, delete).await;
        let history = portal.gate.on_behalf_of(&ben).account_history(account).await.unwrap().unwrap();
        assert!(gives_up(&history), "{history:?}");
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Restore))).await;
        let found = portal.standing(account).await;
        assert_eq!((found.status, found.leaving_at), (AccountStatus::Active, None));
        leaving(&portal, &ben).await;
        let leaver = Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver));
        assert_eq!(told(&portal, &ben, &leaver).await, Some(third_of_december()));
        done(&portal, &ben, leaver).await;
        assert_eq!(portal.standing(account).await.leaving_at, None);
    }

    async fn a_date_that_was_set_meanwhile_sends_the_plan_back(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let account = portal.account(JEM).await;
        let wish = Wish::Account(account, AccountWish::Turn(Turn::Delete));
        let Asked::Planned(id) = portal.gate.on_behalf_of(&ben).ask("Test", wish).await.unwrap() else { panic!() };
        leaving(&portal, &priya).await;
        crate::confirm(&portal, &ben, &id).await;
        let row = &review(&portal, &ben, &id).await.rows[0];
        assert!(matches!(row.planned.step, Step::Account(_, AccountStep::Turn { .. })));
        assert_eq!(row.planned.step.leaving(), Some(third_of_december()));
        assert_eq!(portal.standing(account).await.status, AccountStatus::Active);
    }

    async fn of_somebody_who_leaves_nothing_is_announced_after_that_day(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = leaving(&portal, &ben).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let announced = || async {
            let due = visit.upcoming(90).await.unwrap();
            let own = due.into_iter().filter_map(|due| match due.what {
                Upcoming::Account(found, Then::Turn(turn)) if found.id == account => Some(turn),
                _ => None,
            });
            own.collect::<Vec<_>>()
        };
        assert_eq!(announced().await, [Turn::MarkLeaver]);
        let next = || async {
            let (found, home) = visit.account(account).await.unwrap();
            visit.prospects(&found, &home).await.unwrap().next
        };
        assert_eq!(next().await, None);
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
        assert_eq!((announced().await, next().await), (vec![Turn::MarkLeaver], None));
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Enable))).await;
        // Becoming inactive before then is told, and that they leave is, too.
        let late = Some(NOON.plus_seconds(60 * DAY - 3600));
        done(&portal, &ben, Wish::Account(account, AccountWish::Leaving(late))).await;
        assert_eq!(announced().await, [Turn::Idle, Turn::MarkLeaver]);
        // Whoever is deleted before their date does not leave on it.
        let very_late = Some(NOON.plus_seconds(80 * DAY));
        done(&portal, &ben, Wish::Account(account, AccountWish::Leaving(very_late))).await;
        let idle = Wish::Account(account, AccountWish::Turn(Turn::Idle));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![idle]).await.unwrap();
        assert_eq!(announced().await, [Turn::Delete]);
    }

    async fn the_file_of_a_history_and_its_rebuilding_know_of_what_was_given_up(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let account = leaving(&portal, &ben).await;
        done(&portal, &grace, Wish::Account(account, AccountWish::Move(in_organisation("G7H8J")))).await;
        let cells = Cells::of([(Attribute::JobTitle, "Porter")]);
        done(&portal, &grace, Wish::Account(account, AccountWish::Edit(cells))).await;
        let other = portal.account("hamid.noorzai@health.example").await;
        done(&portal, &grace, Wish::Account(other, AccountWish::Leaving(Some(third_of_december())))).await;
        done(&portal, &grace, Wish::Account(other, AccountWish::Turn(Turn::Disable))).await;
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let rebuilt = Portal::empty(testkit::Kind::Sqlite).await;
        let tx = rebuilt.gate.store().begin().await.unwrap();
        store::directory::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        let truth = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let replayed = store::directory::apply::state(rebuilt.gate.store().reader()).await.unwrap();
        assert_eq!(truth, replayed);
        assert!(matches!(portal.gate.on_behalf_of(&ben).account(account).await, Err(GateError::NotFound)));
    }
}
