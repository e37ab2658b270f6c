//! What holds an upload up: a number that must be typed in, a pause, a stop; and a file that was here before.

use domain::{
    channel::Channel,
    organisation::OrganisationCode,
    rules::Threshold,
    submission::{LookAlikes, Outcome, State, Touched},
};
use gate::{Confirmation, GateError, Worker, seen, to_type};
use testkit::{Kind, Portal, on_both};

use crate::review;

const THREE: &str = "LocalID,ODSCode,FirstName,LastName,Mobile
1001,RIV,Jem,Larkspur,07700 900011
1003,RIV,Perrin,Holloway,07700 900012
";

fn newcomers(many: usize) -> String {
    let letters = |n: usize| ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][n % 10];
    let row = |n: usize| {
        let name = format!("{}{}{}", letters(n / 100), letters(n / 10), letters(n));
        format!("n{n},RIV,Ada{name},Bright{name}\n")
    };
    "LocalID,ODSCode,FirstName,LastName\n".to_owned() + &(0..many).map(row).collect::<String>()
}

async fn changes_suspiciously_many(kind: Kind) {
    let few = Threshold {
        percent: 1,
        accounts: 1,
    };
    let portal = Portal::open_with(kind, |rules| rules.threshold = few).await;
    let ben = portal.persona("Ben").await;
    let visit = portal.gate.on_behalf_of(&ben);
    let id = portal.upload(&ben, THREE).await;
    let shown = visit.submission(&id).await.unwrap();
    let Touched {
        organisation,
        changed,
        all,
        ..
    } = &shown.touches[0];
    let organisation = organisation.as_ref().map(OrganisationCode::as_str);
    assert_eq!((organisation, *changed, to_type(&shown)), (Some("RIV"), 2, Some(2)));
    assert!(*all > 50);
    let mut said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: None,
    };
    for typed in [None, Some(0), Some(3)] {
        said.typed = typed;
        assert!(
            matches!(visit.confirm(&id, said).await, Err(GateError::Uncounted)),
            "{typed:?}"
        );
        assert_eq!(visit.submission(&id).await.unwrap().state, State::Planned);
    }
    said.typed = Some(2);
    visit.confirm(&id, said).await.unwrap();
    portal.work().await;
    assert_eq!(visit.submission(&id).await.unwrap().state, State::Applied);
    // One change is not many, and whoever creates changes nobody.
    for file in [
        THREE.rsplit_once("1003").unwrap().0.replace("900011", "900013"),
        newcomers(5),
    ] {
        let id = portal.upload(&ben, &file).await;
        assert_eq!(to_type(&visit.submission(&id).await.unwrap()), None);
    }
}

#[tokio::test]
async fn a_file_that_changes_suspiciously_many_is_applied_once_the_number_is_typed_in_on_sqlite() {
    changes_suspiciously_many(Kind::Sqlite).await;
}

#[tokio::test]
async fn a_file_that_changes_suspiciously_many_is_applied_once_the_number_is_typed_in_on_postgres() {
    changes_suspiciously_many(Kind::Postgres).await;
}

async fn confirmed(portal: &Portal, rows: usize) -> domain::values::ids::SubmissionId {
    let ben = portal.persona("Ben").await;
    let id = portal.upload(&ben, &newcomers(rows)).await;
    crate::confirm(portal, &ben, &id).await;
    id
}

on_both! {
    async fn what_is_paused_waits_until_its_sender_goes_on(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = confirmed(&portal, 5).await;
        assert!(matches!(portal.gate.on_behalf_of(&priya).pause(&id).await, Err(GateError::Denied)));
        assert!(matches!(visit.resume(&id).await, Err(GateError::Stale)));
        visit.pause(&id).await.unwrap();
        assert!(matches!(visit.pause(&id).await, Err(GateError::Stale)));
        portal.pass_seconds(86_400);
        portal.work().await;
        let waits = visit.submission(&id).await.unwrap();
        assert_eq!((waits.state, waits.paused, waits.progress), (State::Applying, true, 0));
        visit.resume(&id).await.unwrap();
        portal.work().await;
        let done = review(&portal, &ben, &id).await.submission;
        assert_eq!((done.state, done.paused, done.totals.with(Outcome::Done)), (State::Applied, false, 5));
        assert!(matches!(visit.pause(&id).await, Err(GateError::Stale)));
    }

    async fn what_is_stopped_before_anything_was_applied_is_thrown_away(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = confirmed(&portal, 5).await;
        visit.pause(&id).await.unwrap();
        visit.decline(&id).await.unwrap();
        portal.work().await;
        let ended = visit.submission(&id).await.unwrap();
        assert_eq!((ended.state, ended.paused, ended.totals.with(Outcome::LeftOut)), (State::Declined, false, 5));
    }

    async fn what_is_stopped_half_way_says_of_each_row_what_became_of_it(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = confirmed(&portal, 900).await;
        let worker = Worker::new(portal.gate.clone());
        let working = tokio::spawn(async move { worker.work_all().await });
        while visit.submission(&id).await.unwrap().progress == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        visit.decline(&id).await.unwrap();
        working.await.unwrap().unwrap();
        let ended = visit.submission(&id).await.unwrap();
        let (done, left_out) = (ended.totals.with(Outcome::Done), ended.totals.with(Outcome::LeftOut));
        assert_eq!((ended.state, done + left_out), (State::Applied, 900));
        assert!(done > 0 && left_out > 0, "{done} {left_out}");
        let query = gate::Query { words: "Bright".into(), ..gate::Query::default() };
        let found = visit.count_accounts(&query).await.unwrap();
        assert_eq!(u64::from(done), found);
    }

    async fn a_file_that_was_here_before_is_recognised_by_those_who_may_know(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let first = portal.upload(&ben, THREE).await;
        assert!(review(&portal, &ben, &first).await.before.is_none());
        portal.pass_seconds(60);
        let second = portal.upload(&ben, THREE).await;
        assert_eq!(review(&portal, &ben, &second).await.before.unwrap().id, first);
        let elsewhere = portal.upload(&gwen, THREE).await;
        let shown = review(&portal, &gwen, &elsewhere).await;
        assert_eq!((shown.submission.channel, shown.before.is_none()), (Channel::PortalCsv, true));
    }
}
