//! Inactivity counts every known use, and deletes nobody unless the operator says so.

use domain::{
    account::AccountStatus,
    channel::Channel,
    grant::Terms,
    life::Timers,
    organisation::OrganisationCode,
    policy::Role,
    request::{RoleWish, Wish},
    values::ids::Timestamp,
};
use gate::NotedUses;
use testkit::{NOON, Portal, SERVICE, on_both};

const DAY: i64 = 86_400;
const JEM: &str = "jem.larkspur@health.example";

fn on_day(day: i64) -> Timestamp {
    NOON.plus_seconds(day * DAY)
}

async fn sweep_on_day(portal: &Portal, day: i64) {
    portal.pass_seconds((on_day(day).0 - portal.gate.now().0) / 1000);
    portal.gate.sweep(&SERVICE).await.unwrap();
}

async fn report(portal: &Portal, day: i64) -> NotedUses {
    let reported = [
        (JEM.to_owned(), on_day(day)),
        ("nobody@health.example".to_owned(), on_day(day)),
    ];
    portal.gate.note_reported_uses(&SERVICE, &reported).await.unwrap()
}

on_both! {
    async fn who_reads_mail_only_is_not_inactive_and_not_deleted(portal: Portal) {
        let jem = portal.account(JEM).await;
        sweep_on_day(&portal, 20).await;
        assert_eq!(report(&portal, 20).await, NotedUses { known: 1, unknown: 1, awake: 0 });
        // A report that comes late takes nothing back.
        report(&portal, 5).await;
        sweep_on_day(&portal, 49).await;
        assert_eq!(portal.standing(jem).await.status, AccountStatus::Active);
        sweep_on_day(&portal, 50).await;
        assert_eq!(portal.standing(jem).await.status, AccountStatus::Inactive);
        sweep_on_day(&portal, 60).await;
        assert_eq!(report(&portal, 59).await.awake, 1);
        assert_eq!(portal.standing(jem).await.status, AccountStatus::Active);
        sweep_on_day(&portal, 88).await;
        assert_eq!(portal.standing(jem).await.status, AccountStatus::Active);
    }

    async fn who_sends_by_a_token_alone_is_not_inactive_and_is_woken_by_it(portal: Portal) {
        let jem = portal.person(JEM).await;
        let account = jem.account().unwrap();
        let grant = RoleWish::Grant {
            role: Role::Connector,
            organisation: OrganisationCode::parse("RIV").unwrap(),
            unit: None,
            terms: Terms { channels: vec![Channel::Api], ..Terms::default() },
        };
        let grant = Wish::Role(account, grant);
        portal.gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
        let visit = portal.gate.on_behalf_of(&jem);
        let token = visit.make_token("Payroll", 300).await.unwrap().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        sweep_on_day(&portal, 29).await;
        assert!(portal.gate.bearer(&token.secret).await.unwrap().is_some());
        sweep_on_day(&portal, 58).await;
        assert_eq!(portal.standing(account).await.status, AccountStatus::Active);
        sweep_on_day(&portal, 59).await;
        assert_eq!(portal.standing(account).await.status, AccountStatus::Inactive);
        assert!(portal.gate.bearer(&token.secret).await.unwrap().is_some(), "an inactive account works");
        visit.wake().await.unwrap();
        assert_eq!(portal.standing(account).await.status, AccountStatus::Active);
        assert!(!visit.sending().await.unwrap().is_empty());
    }

    async fn nobody_is_deleted_for_not_visiting_by_default(portal: Portal) {
        let portal = portal.ruled(|rules| rules.timers = Timers::STANDARD);
        let jem = portal.account(JEM).await;
        for day in [30, 90, 2_000] {
            sweep_on_day(&portal, day).await;
            assert_eq!(portal.standing(jem).await.status, AccountStatus::Inactive, "day {day}");
        }
        let found = store::directory::people::by_ids(portal.gate.store().reader(), &[jem.0]).await.unwrap();
        let grace = portal.persona("Grace").await;
        portal.gate.on_behalf_of(&grace).note_use().await.unwrap();
        let visit = portal.gate.on_behalf_of(&grace);
        let (_, home) = visit.account(jem).await.unwrap();
        assert_eq!(visit.prospects(&found[0], &home).await.unwrap().next, None);
    }
}
