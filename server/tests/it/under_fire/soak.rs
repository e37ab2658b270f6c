//! Everything at once for a while: people who upload, confirm, throw away and change by hand, and a server that is killed
//! again and again. `SOAK_MINUTES` says for how long on each database; some seconds where nothing is said.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use domain::{
    dictionary::Attribute,
    policy::Actor,
    submission::{Outcome, State},
    values::ids::SubmissionId,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use testkit::{Kind, Portal};

use super::{
    client::Client,
    look, number,
    process::{Running, Setting, free_address},
    staff::Staff,
};

const SETTINGS: [Setting<'_>; 1] = [("PORTAL_CLAIM_SECONDS", "3")];

/// The short form, which shows only that the long one still runs.
const SECONDS: u64 = 6;

/// What was done, by name.
type Done = BTreeMap<&'static str, u64>;

/// Somebody who does one thing after the other, to people of their own.
struct Busy<'a> {
    portal: &'a Portal,
    actor: Actor,
    client: Client,
    staff: Staff,
    random: StdRng,
    done: Done,
}

impl Busy<'_> {
    async fn until(mut self, end: &AtomicBool) -> (Staff, Done) {
        while !end.load(Ordering::Relaxed) {
            match self.random.random_range(0..10) {
                0..5 => self.file().await,
                5 => self.thrown_away().await,
                _ => self.by_hand().await,
            }
        }
        (self.staff, self.done)
    }

    fn note(&mut self, what: &'static str, many: u64) {
        *self.done.entry(what).or_default() += many;
    }

    /// Where a file is taken by a server that dies before it can say so, nobody confirms it.
    async fn file(&mut self) {
        let rows = self.random.random_range(1..400);
        let file = self.staff.file(rows, &mut self.random);
        let Some(id) = self.client.upload(&file.text).await else {
            return self.rest().await;
        };
        if !self.carried_through(&id).await {
            return self.note("files given back", 1);
        }
        assert_eq!(self.look(&id).await.totals.with(Outcome::Done) as usize, file.done());
        self.note("files applied", 1);
        self.note("rows applied", file.done() as u64);
        self.staff = file.after();
    }

    async fn thrown_away(&mut self) {
        let file = self.staff.file(50, &mut self.random);
        let Some(id) = self.client.upload(&file.text).await else {
            return self.rest().await;
        };
        while ![State::Declined, State::Unreadable].contains(&self.look(&id).await.state) {
            if self.client.decline(&id).await.is_none() {
                self.rest().await;
            }
        }
        self.note("files thrown away", 1);
    }

    async fn by_hand(&mut self) {
        let Some((local_id, mobile)) = self.staff.anybody(&mut self.random) else {
            return self.rest().await;
        };
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        let words = gate::Query {
            words: local_id.clone(),
            ..gate::Query::default()
        };
        let found = visit.accounts(&words).await.expect("the database answers").people;
        let account = found.into_iter().map(|listed| listed.person);
        let account = account
            .into_iter()
            .find(|account| account.attributes.text(Attribute::LocalId) == local_id);
        let account = account.expect("whom a file has made");
        let form = format!("seen={}&mobile=07700900{mobile:03}", account.version);
        let Some(id) = self.client.ask(&format!("/accounts/{}/edit", account.id), form).await else {
            // It was so already, or nobody answered.
            return self.rest().await;
        };
        assert!(
            self.carried_through(&id).await,
            "what is done by hand is given back to nobody"
        );
        self.staff.note(&local_id, mobile);
        self.note("changes by hand", 1);
    }

    /// Confirms until it is applied: a server that dies may have heard it or not. Says whether it came so far; a file whose
    /// check met with one death after the other is given back to its sender, who would send it again.
    async fn carried_through(&mut self, id: &SubmissionId) -> bool {
        let began = Instant::now();
        loop {
            let now = self.look(id).await;
            match now.state {
                State::Applied => return true,
                State::Unreadable if now.trouble.is_some() => return false,
                State::Planned => drop(self.client.confirm(&now).await),
                State::Received | State::Applying => self.rest().await,
                State::Unreadable | State::Declined | State::Superseded => panic!("{now:?}"),
            }
            assert!(began.elapsed() < Duration::from_secs(150), "{now:?}");
        }
    }

    async fn look(&self, id: &SubmissionId) -> gate::Submission {
        look(self.portal, &self.actor, id).await
    }

    async fn rest(&self) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn soak(kind: Kind) {
    let (minutes, seed) = (number("SOAK_MINUTES", 0), number("FIRE_SEED", 20_261_122));
    let length = Duration::from_secs(if minutes == 0 { SECONDS } else { minutes * 60 });
    println!("{kind:?} for {length:?}, FIRE_SEED={seed}");
    let portal = Portal::open_live(kind).await;
    let address = free_address();
    let mut running = Running::serve(&portal.url, address, &SETTINGS).await;
    let mut people = Vec::new();
    for (prefix, first) in [('b', "Ben"), ('p', "Priya"), ('g', "Grace")] {
        people.push(Busy {
            portal: &portal,
            actor: portal.persona(first).await,
            client: Client::sign_in(address, first).await,
            staff: Staff::nobody(prefix),
            random: StdRng::seed_from_u64(seed + u64::from(u32::from(prefix))),
            done: Done::new(),
        });
    }
    let (end, kills) = (AtomicBool::new(false), AtomicU64::new(0));
    let killing = async {
        let (mut random, began) = (StdRng::seed_from_u64(seed), Instant::now());
        while began.elapsed() < length {
            tokio::time::sleep(Duration::from_millis(random.random_range(1000..10_000)).min(length)).await;
            running.kill();
            kills.fetch_add(1, Ordering::Relaxed);
            running = Running::serve(&portal.url, address, &SETTINGS).await;
        }
        end.store(true, Ordering::Relaxed);
    };
    let working = futures::future::join_all(people.into_iter().map(|person| person.until(&end)));
    let ((), ended) = tokio::join!(killing, working);

    let everybody = portal.everybody().await;
    let mut done = Done::from([("kills", kills.into_inner())]);
    for (staff, own) in ended {
        staff.assert_kept(&everybody);
        *done.entry("people made").or_default() += staff.count() as u64;
        for (what, many) in own {
            *done.entry(what).or_default() += many;
        }
    }
    portal.adds_up().await;
    for (what, many) in done {
        println!("| {:<8} | {what:<20} | {many:>7} |", format!("{kind:?}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soaked_in_work_and_killed_again_and_again_the_portal_adds_up_on_sqlite() {
    soak(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soaked_in_work_and_killed_again_and_again_the_portal_adds_up_on_postgres() {
    soak(Kind::Postgres).await;
}
