//! Several at once: one file sent ten times over at the same moment, and two administrators whose files overlap.

use std::time::Duration;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    policy::Actor,
    submission::{LookAlikes, Outcome, State},
    values::ids::SubmissionId,
};
use futures::future::join_all;
use gate::{Arriving, Confirmation, Filter, Gate, GateError, Worker, seen, to_type};
use testkit::{Kind, Portal, on_both};
use tokio::task::JoinHandle;

use crate::{confirm, file, review};

/// Workers that work until they are let go.
struct Workers(Vec<JoinHandle<()>>);

impl Workers {
    fn of(gate: &Gate, many: usize) -> Self {
        let work = |worker: Worker| tokio::spawn(async move { worker.run().await });
        Self((0..many).map(|_| work(Worker::new(gate.clone()))).collect())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Waits until neither check nor application of a submission is under way.
async fn settled(gate: &Gate, sender: &Actor, id: &SubmissionId) -> State {
    let visit = gate.on_behalf_of(sender);
    let settles = async {
        loop {
            let state = visit.submission(id).await.expect("it is theirs").state;
            if !matches!(state, State::Received | State::Applying) {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let settled = tokio::time::timeout(Duration::from_secs(150), settles).await;
    settled.expect("it is checked and applied in the end")
}

/// Uploads a file and confirms what is shown of it, again and again until nothing of it waits any more: rows that somebody
/// else changed meanwhile come back to be looked at.
async fn carry_through(gate: Gate, sender: Actor, text: String) -> SubmissionId {
    let visit = gate.on_behalf_of(&sender);
    let arriving = Arriving {
        channel: Channel::PortalCsv,
        file_name: "staff list.csv".to_owned(),
        bytes: text.into_bytes(),
    };
    let id = visit.submit(arriving).await.expect("the file is taken");
    while settled(&gate, &sender, &id).await == State::Planned {
        let shown = visit.submission(&id).await.expect("it is theirs");
        let said = Confirmation {
            seen: seen(&shown),
            look_alikes: Some(LookAlikes::Create),
            typed: to_type(&shown),
        };
        visit.confirm(&id, said).await.expect("the plan can be confirmed");
    }
    id
}

async fn ten_at_once(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    let ben = portal.persona("Ben").await;
    let before = portal.everybody().await.len();
    // With and without an ID of its own; two of one name, so that addresses have to be numbered.
    let rows: Vec<_> = (0..30).map(|number| format!("7{number:03},RIV,Sam,Same,")).collect();
    let text = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let workers = Workers::of(&portal.gate, 4);
    let all = (0..10).map(|_| tokio::spawn(carry_through(portal.gate.clone(), ben.clone(), text.clone())));
    let ids: Vec<_> = join_all(all)
        .await
        .into_iter()
        .map(|id| id.expect("no panic"))
        .collect();
    drop(workers);
    assert_eq!(portal.everybody().await.len() - before, 30);
    let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
    assert_eq!(
        events.iter().filter(|event| ids.contains(&event.submission)).count(),
        30
    );
    for id in &ids {
        let submission = review(&portal, &ben, id).await.submission;
        assert_eq!(
            (submission.state, submission.totals.with(Outcome::Done)),
            (State::Applied, 30),
            "{:?}",
            submission.totals
        );
    }
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_who_upload_and_confirm_one_file_at_once_make_nobody_twice_on_sqlite() {
    ten_at_once(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_who_upload_and_confirm_one_file_at_once_make_nobody_twice_on_postgres() {
    ten_at_once(Kind::Postgres).await;
}

/// Thirty people of the seeds' trust, each with a mobile number of one administrator's.
fn mobiles(people: std::ops::Range<usize>, prefix: &str) -> String {
    let rows: Vec<_> = people
        .map(|number| format!("{},RIV,,,07700 {prefix}{number:03}", 1001 + number))
        .collect();
    file(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

on_both! {
    async fn where_two_administrators_files_overlap_nothing_is_overwritten_unseen(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let first = portal.upload(&ben, &mobiles(0..20, "900")).await;
        let second = portal.upload(&priya, &mobiles(10..30, "901")).await;
        let theirs = portal.gate.on_behalf_of(&priya).review(&first, Filter::default()).await.unwrap();
        assert!(!theirs.is_mine, "a colleague looks at it");
        let said = Confirmation { seen: 0, look_alikes: None, typed: None };
        let tried = portal.gate.on_behalf_of(&priya).confirm(&first, said).await;
        assert!(matches!(tried, Err(GateError::Denied)), "and does not decide on it");

        let good = |review: &gate::Review| review.submission.totals.count(|tally| tally.kind.changes_something());
        let asked = [good(&review(&portal, &ben, &first).await), good(&review(&portal, &priya, &second).await)];
        tokio::join!(confirm(&portal, &ben, &first), confirm(&portal, &priya, &second));
        let workers = [(); 2].map(|()| Worker::new(portal.gate.clone()));
        let work = |worker: Worker| async move { while worker.work_once().await.unwrap_or(true) {} };
        let [one, other] = workers.map(work);
        tokio::join!(one, other);

        // Of each person whom both asked for, one came first, and the other is shown what it has come to.
        let rows = [review(&portal, &ben, &first).await.rows, review(&portal, &priya, &second).await.rows];
        let outcome = |of: usize, id: usize| {
            let row = rows[of].iter().find(|row| row.request.row.0 as usize == id + 2);
            row.map(|row| row.outcome)
        };
        let mut back = 0;
        for person in 10..20 {
            let outcomes = [outcome(0, person), outcome(1, person - 10)];
            if outcomes == [Some(Outcome::LeftOut); 2] {
                continue;
            }
            let stale = outcomes.iter().filter(|outcome| **outcome == Some(Outcome::Stale)).count();
            assert_eq!(stale, 1, "{person}: {outcomes:?}");
            back += 1;
        }
        assert!(back > 5, "too few of the rows overlap: {back} of {asked:?}");
        for (sender, id) in [(&ben, &first), (&priya, &second)] {
            if review(&portal, sender, id).await.submission.state == State::Planned {
                confirm(&portal, sender, id).await;
                portal.work().await;
            }
            assert_eq!(review(&portal, sender, id).await.submission.state, State::Applied);
        }
        // Each number that was asked for is there, or was replaced by one that was confirmed after it was seen.
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let written = events.iter().filter(|event| event.submission == first || event.submission == second).count();
        assert_eq!(written, (asked[0] + asked[1]) as usize);
        for account in portal.everybody().await {
            let id: usize = account.attributes.text(Attribute::LocalId).parse().unwrap_or_default();
            let mobile = account.attributes.text(Attribute::Mobile);
            if (1001..1011).contains(&id) && outcome(0, id - 1001) == Some(Outcome::Done) {
                assert!(mobile.contains("7700900"), "{id}: {mobile}");
            }
        }
        portal.adds_up().await;
    }
}
