//! For tests only: a fresh database of either kind with the demonstration in it, its personas, and files to send.
//!
//! PostgreSQL comes from `postgres.sh` beside this, which starts a private cluster and names it in `TEST_POSTGRES_URL`.

#![expect(
    clippy::disallowed_methods,
    reason = "tests are whoever they need to be, and look behind the doors that they guard"
)]

pub mod change_files;
mod databases;
pub mod mail;
mod templates;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use domain::{
    account::Account,
    dictionary::Attribute,
    life::Turn,
    policy::Actor,
    request::{AccountWish, Wish},
    rules::{Brake, Rules},
    sign_in::SecondFactor,
    values::{
        email_address::MailDomain,
        ids::{AccountId, SubmissionId, Timestamp},
    },
};
use formats::{Formats, Limits};
use gate::{
    Arriving, Attempt, Gate, Query, SignIn, Swept, Worker,
    service::letters::{self, WrittenOut},
};
use store::{Store, Synchronous};
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

pub use self::databases::{Kind, fresh_database};
use self::{databases::Made, templates::Template};

/// The mail domain of all tests.
pub const MAIL_DOMAIN: &str = "health.example";
/// The password of every persona.
pub const PASSWORD: &str = "correct-horse-battery";
/// When tests begin: 21 November 2026, 12:00 UTC.
pub const NOON: Timestamp = Timestamp(1_795_262_400_000);

/// The service itself.
pub static SERVICE: Actor = Actor::service();

/// Writes an async test for each database: `on_both! { async fn name(portal: Portal) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($portal:ident: Portal) $body:block)*) => {
        $($(#[$attribute])* mod $name {
            use super::*;

            async fn story($portal: $crate::Portal) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story($crate::Portal::open($crate::Kind::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story($crate::Portal::open($crate::Kind::Postgres).await).await;
            }
        })*
    };
}

/// A gate before a fresh database with the demonstration in it, and a clock that the test moves.
pub struct Portal {
    /// The gate.
    pub gate: Gate,
    /// Where the database is.
    pub url: String,
    kind: Kind,
    clock: Arc<AtomicI64>,
    folder: Option<TempDir>,
}

impl Portal {
    /// Opens a fresh database of one kind.
    pub async fn open(kind: Kind) -> Self {
        let place = templates::copy(kind, Template::Demonstration, template).await;
        Self::over(kind, place, Time::Stands, |_| {}).await
    }

    /// As [`Self::open`], with other rules than those of tests, by which the demonstration is established, too.
    pub async fn open_with(kind: Kind, rule: impl FnOnce(&mut Rules)) -> Self {
        Self::made(kind, Time::Stands, rule).await.seeded().await
    }

    /// As [`Self::open`], with the clock that processes of their own go by.
    pub async fn open_live(kind: Kind) -> Self {
        Self::made(kind, Time::Passes, |_| {}).await.seeded().await
    }

    async fn seeded(self) -> Self {
        demo::establish(&self.gate, &SERVICE, PASSWORD)
            .await
            .expect("the demonstration is sound");
        self
    }

    /// As [`Self::open`], with nobody in it.
    pub async fn empty(kind: Kind) -> Self {
        Self::made(kind, Time::Stands, |_| {}).await
    }

    async fn made(kind: Kind, time: Time, rule: impl FnOnce(&mut Rules)) -> Self {
        let place = templates::copy(kind, Template::Schema, template).await;
        Self::over(kind, place, time, rule).await
    }

    async fn over(
        kind: Kind,
        (url, folder): (String, Option<TempDir>),
        time: Time,
        rule: impl FnOnce(&mut Rules),
    ) -> Self {
        let store = open(&url).await;
        let start = match time {
            Time::Stands => NOON.0,
            Time::Passes => milliseconds(SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")),
        };
        let clock = Arc::new(AtomicI64::new(start));
        let (hands, began) = (clock.clone(), Instant::now());
        let passed = move || match time {
            Time::Stands => 0,
            Time::Passes => milliseconds(began.elapsed()),
        };
        let mut rules = Rules::standard(MailDomain::parse(MAIL_DOMAIN).expect("a domain"));
        // The personas sign in by their password alone, but for the tests of the second factor.
        rules.sign_in.second_factor = SecondFactor::Optional;
        // Tests meet every timer, and let time pass for everybody at once; the brake has its own.
        rules.timers.inactive_days = 30;
        rules.brake = Brake {
            percent: u32::MAX,
            accounts: u32::MAX,
        };
        rule(&mut rules);
        let gate = Gate::new(
            store,
            rules,
            Formats::shipped(),
            Arc::new(move || Timestamp(hands.load(Ordering::SeqCst) + passed())),
        );
        Self {
            gate,
            url,
            kind,
            clock,
            folder,
        }
    }

    /// The same database by another URL, with the same rules and the same clock.
    pub async fn again_by(&self, url: &str) -> Self {
        let now = self.gate.clone();
        let gate = Gate::new(
            open(url).await,
            self.gate.rules().clone(),
            self.gate.formats().clone(),
            Arc::new(move || now.now()),
        );
        Self {
            gate,
            url: url.to_owned(),
            kind: self.kind,
            clock: self.clock.clone(),
            folder: None,
        }
    }

    /// The same portal, with other limits on files.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        let (old, formats) = (self.gate.clone(), Formats::shipped().within(limits));
        let (store, rules) = (old.store().clone(), old.rules().clone());
        self.gate = Gate::new(store, rules, formats, Arc::new(move || old.now()));
        self
    }

    /// The same portal, with other rules.
    #[must_use]
    pub fn ruled(mut self, rule: impl FnOnce(&mut Rules)) -> Self {
        let old = self.gate.clone();
        let (store, formats, mut rules) = (old.store().clone(), old.formats().clone(), old.rules().clone());
        rule(&mut rules);
        self.gate = Gate::new(store, rules, formats, Arc::new(move || old.now()));
        self
    }

    /// Moves the clock on.
    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Moves the clock on to a moment.
    pub fn pass_until(&self, moment: Timestamp) {
        self.pass_seconds((moment.0 - self.gate.now().0) / 1000);
    }

    /// Makes the automatic changes that are due.
    pub async fn sweep(&self) -> Swept {
        self.gate.sweep(&SERVICE).await.expect("the database answers")
    }

    /// Has the service turn the account with this address.
    pub async fn turn(&self, address: &str, turn: Turn) {
        let account = self.account(address).await;
        let visit = self.gate.on_behalf_of(&SERVICE);
        let turned = visit
            .establish(vec![Wish::Account(account, AccountWish::Turn(turn))])
            .await;
        turned.expect("the account can be turned so");
    }

    /// How an account stands, whoever may see it.
    pub async fn standing(&self, id: AccountId) -> Account {
        let found = store::directory::people::by_ids(self.gate.store().reader(), &[id.0]).await;
        found.expect("the database answers").pop().expect("an account")
    }

    /// The subjects of all letters to an address, sent or not.
    pub async fn letters_to(&self, address: &str) -> Vec<String> {
        let told = store::outbox::subjects_to(self.gate.store().reader(), address).await;
        told.expect("the database answers")
    }

    /// What an authenticator app shows now that was set up by this secret.
    #[must_use]
    pub fn app_code(&self, secret: &str) -> String {
        let secret = Secret::try_from_base32(secret).expect("a secret");
        let app = Builder::new().with_secret(secret).build().expect("an app");
        let seconds = u64::try_from(self.gate.now().0 / 1000).expect("after 1970");
        app.generate(seconds).to_string()
    }

    /// Tries to sign in, from nowhere in particular.
    pub async fn sign_in(&self, address: &str, password: &str) -> SignIn {
        let attempt = Attempt {
            address,
            password,
            client: None,
        };
        let tried = self.gate.sign_in(&SERVICE, &attempt).await;
        tried.expect("the database answers")
    }

    /// A persona, by first name.
    pub async fn persona(&self, first: &str) -> Actor {
        let persona = demo::PERSONAS
            .iter()
            .find(|persona| persona.first == first)
            .expect("a persona");
        self.person(&persona.address(MAIL_DOMAIN)).await
    }

    /// Anybody, by address.
    pub async fn person(&self, address: &str) -> Actor {
        let account = self
            .gate
            .account_by_address(address)
            .await
            .expect("the database answers")
            .expect("an account");
        Actor::person(account.id, account.full_name())
    }

    /// The ID of the account with this address.
    pub async fn account(&self, address: &str) -> AccountId {
        self.person(address).await.account().expect("a person")
    }

    /// Where the link leads that the latest letter to an address holds: `/start/…`. The letter may come a moment after what
    /// asked for it. Every letter that waits is taken out on the way.
    pub async fn link_sent_to(&self, address: &str) -> String {
        for _ in 0..100 {
            let mut found = None;
            while let Some((letter, written)) = letters::claim(&self.gate, "a test")
                .await
                .expect("the outbox can be read")
            {
                let WrittenOut::Whole(written) = written else {
                    continue;
                };
                let mut words = written.text.split_whitespace();
                let link = words.find_map(|word| word.split_once("/start/"));
                if let Some((_, token)) = link.filter(|_| letter.address == address) {
                    found = Some(format!("/start/{token}"));
                }
            }
            if let Some(found) = found {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no letter with a link came to {address}");
    }

    /// Uploads a file as somebody and has it checked.
    pub async fn upload(&self, sender: &Actor, text: &str) -> SubmissionId {
        let id = self.hand_over(sender, text).await;
        self.work().await;
        id
    }

    /// Uploads a file as somebody; nobody checks it yet.
    pub async fn hand_over(&self, sender: &Actor, text: &str) -> SubmissionId {
        let arriving = Arriving {
            channel: domain::channel::Channel::PortalCsv,
            file_name: "staff list.csv".to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let taken = self.gate.on_behalf_of(sender).submit(arriving).await;
        taken.expect("the file is taken")
    }

    /// Asserts what holds at any moment: the trail is whole, the events rebuild the directory, and nobody has the address
    /// of another.
    pub async fn adds_up(&self) {
        let trail = self.gate.verify_trail(&[]).await.expect("the trail can be read");
        assert_eq!(trail.faults, vec![]);
        let reader = self.gate.store().reader();
        let events = store::trail::events::all(reader).await.expect("the events can be read");
        let rebuilt = Self::empty(self.kind).await;
        let tx = rebuilt.gate.store().begin().await.expect("a transaction");
        store::directory::apply::replay(&tx, &events)
            .await
            .expect("the events are sound");
        tx.commit().await.expect("a transaction");
        let truth = store::directory::apply::state(reader)
            .await
            .expect("the directory can be read");
        let replayed = store::directory::apply::state(rebuilt.gate.store().reader()).await;
        let replayed = replayed.expect("the directory can be read");
        for (one, other) in truth.iter().zip(&replayed) {
            assert_eq!(one, other);
        }
        assert_eq!(truth.len(), replayed.len());
        let kept = store::trail::events::all(rebuilt.gate.store().reader()).await;
        assert_eq!(kept.expect("the events can be read"), events);
        let mut addresses: Vec<_> = self.everybody().await.iter().map(address_of).collect();
        let all = addresses.len();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), all, "two accounts have one address");
    }

    /// Every account there is.
    pub async fn everybody(&self) -> Vec<Account> {
        let grace = self.persona("Grace").await;
        let (visit, all) = (self.gate.on_behalf_of(&grace), Query::default());
        let accounts = visit.all_accounts(&all, 1_000_000).await;
        accounts.expect("the accounts can be read")
    }

    /// Does all jobs in line.
    pub async fn work(&self) {
        Worker::new(self.gate.clone())
            .work_all()
            .await
            .expect("the jobs are done");
    }
}

/// No test's own process outlives a power cut, so none waits for the disk.
async fn open(url: &str) -> Store {
    let store = Store::open_with(url, Synchronous::Normal).await;
    store.expect("the database opens")
}

/// Makes a template.
async fn template(kind: Kind, template: Template) -> Made {
    let portal = Portal::over(kind, fresh_database(kind).await, Time::Stands, |_| {}).await;
    portal.gate.store().migrate().await.expect("the schema is made");
    let portal = match template {
        Template::Schema => portal,
        Template::Demonstration => portal.seeded().await,
    };
    Made {
        store: portal.gate.store().clone(),
        url: portal.url,
        folder: portal.folder,
    }
}

/// How a portal's clock goes.
#[derive(Clone, Copy)]
enum Time {
    /// Only when the test moves it.
    Stands,
    /// As everybody's does.
    Passes,
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).expect("a moment of this age")
}

fn address_of(account: &Account) -> String {
    account.attributes.text(Attribute::EmailAddress).to_owned()
}
