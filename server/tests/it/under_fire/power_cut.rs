//! The power is cut while people work at the portal, and of the database only what was synced is left. Everything that was
//! confirmed must be in it, and no letter may have gone out about anything that is not.
//!
//! `power_cut.c` is loaded into the server and copies each file of the database whenever it is synced: the copies are what
//! the disk would hold.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use domain::{account::Account, dictionary::Attribute, policy::Actor, submission::State, values::ids::SubmissionId};
use mail_parser::MessageParser;
use rand::{Rng, SeedableRng, rngs::StdRng};
use store::{ConnectionTrait, outbox};
use tempfile::TempDir;
use testkit::{Kind, Portal};

use super::{
    client::Client,
    look, number,
    process::{Running, free_address, library},
    staff::Staff,
};

/// So many files and changes by hand are confirmed before the power is cut.
const FILES: usize = 3;
const HANDS: usize = 12;

/// What a power cut leaves beside the database that the server writes.
struct Disk {
    portal: Portal,
    kept: TempDir,
    letters: TempDir,
    is_cut: AtomicBool,
    files: AtomicUsize,
    hands: AtomicUsize,
}

/// Somebody who works at the portal, and what was confirmed to them.
struct Person<'a> {
    disk: &'a Disk,
    actor: Actor,
    client: Client,
    random: StdRng,
    staff: Staff,
    /// What was asked for last, if it was not confirmed: it may be kept or not.
    asked: Option<(String, u32)>,
}

impl Disk {
    /// Starts a server whose database is copied as it is synced. What was there before is on the disk.
    async fn with_server(synchronous: &str) -> (Self, Running, SocketAddr) {
        let disk = Self {
            portal: Portal::open_live(Kind::Sqlite).await,
            kept: folder(),
            letters: folder(),
            is_cut: AtomicBool::new(false),
            files: AtomicUsize::new(0),
            hands: AtomicUsize::new(0),
        };
        let path = disk.portal.url.trim_start_matches("sqlite://");
        let path = path.split('?').next().unwrap_or_default();
        for end in ["", "-wal"] {
            let copy = disk.kept.path().join(format!("portal.db{end}"));
            fs::copy(format!("{path}{end}"), copy).expect("a copy");
        }
        let library = library(disk.kept.path(), "under_fire/power_cut.c");
        let address = free_address();
        let settings = [
            ("LD_PRELOAD", library.as_str()),
            ("POWER_CUT_FOLDER", text(disk.kept.path())),
            ("PORTAL_MAIL_FOLDER", text(disk.letters.path())),
            ("PORTAL_SQLITE_SYNCHRONOUS", synchronous),
        ];
        let running = Running::serve(&disk.portal.url, address, &settings).await;
        (disk, running, address)
    }

    /// Cuts the power once enough is confirmed, in the middle of what people do then.
    async fn cut(&self, running: &mut Running, random: &mut StdRng) {
        let enough = async {
            while self.files.load(Ordering::Relaxed) < FILES || self.hands.load(Ordering::Relaxed) < HANDS {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(150), enough).await;
        waited.expect("enough is confirmed in time");
        tokio::time::sleep(Duration::from_millis(random.random_range(0..500))).await;
        running.kill();
        self.is_cut.store(true, Ordering::Relaxed);
    }

    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Relaxed)
    }

    /// Opens what the power cut has left.
    async fn left(&self) -> Portal {
        let database = self.kept.path().join("portal.db");
        self.portal
            .again_by(&format!("sqlite://{}?mode=rw", text(&database)))
            .await
    }

    /// The mailbox and the subject of each letter that went out.
    fn letters(&self) -> Vec<(String, String)> {
        let files = fs::read_dir(self.letters.path()).expect("a folder");
        let files = files.map(|file| file.expect("a file").path());
        let whole = files.filter(|path| path.extension().is_some_and(|end| end == "eml"));
        let letter = |path: PathBuf| {
            let bytes = fs::read(path).expect("a letter");
            let message = MessageParser::default().parse(&bytes).expect("a mail");
            let to = message.to().and_then(|to| to.first()).and_then(|to| to.address());
            (
                to.expect("a mailbox").to_owned(),
                message.subject().unwrap_or_default().to_owned(),
            )
        };
        whole.map(letter).collect()
    }
}

impl<'a> Person<'a> {
    async fn at(disk: &'a Disk, address: SocketAddr, first: &str, prefix: char) -> Self {
        Self {
            disk,
            actor: disk.portal.persona(first).await,
            client: Client::sign_in(address, first).await,
            random: StdRng::seed_from_u64(number("FIRE_SEED", 20_261_122) + u64::from(u32::from(prefix))),
            staff: Staff::nobody(prefix),
            asked: None,
        }
    }

    /// Uploads a file of so many new people and waits until they are there; `None` when the power is cut before.
    async fn file(&mut self, prefix: char, rows: usize) -> Option<()> {
        let file = Staff::nobody(prefix).file(rows, &mut self.random);
        let id = self.client.upload(&file.text).await?;
        self.until(&id, |state| state != State::Received).await?;
        self.client.confirm(&self.look(&id).await).await?;
        self.until(&id, |state| state == State::Applied).await?;
        self.staff = file.after();
        self.disk.files.fetch_add(1, Ordering::Relaxed);
        Some(())
    }

    async fn until(&self, id: &SubmissionId, is_it: impl Fn(State) -> bool) -> Option<()> {
        while !is_it(self.look(id).await.state) {
            if self.disk.is_cut() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Some(())
    }

    async fn look(&self, id: &SubmissionId) -> gate::Submission {
        look(&self.disk.portal, &self.actor, id).await
    }

    /// Changes somebody's mobile number by hand; `None` when the power is cut before it is confirmed.
    async fn hand(&mut self) -> Option<()> {
        let (local_id, mobile) = self.staff.anybody(&mut self.random)?;
        let account = find(&self.disk.portal.everybody().await, &local_id)?;
        let form = format!("seen={}&mobile=07700900{mobile:03}", account.version);
        let id = self.client.ask(&format!("/accounts/{}/edit", account.id), form).await?;
        self.asked = Some((local_id.clone(), mobile));
        self.client.confirm(&self.look(&id).await).await?;
        self.until(&id, |state| state == State::Applied).await?;
        self.asked = None;
        self.staff.note(&local_id, mobile);
        self.disk.hands.fetch_add(1, Ordering::Relaxed);
        Some(())
    }

    async fn work_by_hand(&mut self) {
        while self.hand().await.is_some() {}
    }

    fn assert_left(mut self, everybody: &[Account]) {
        if let Some((local_id, mobile)) = self.asked.take()
            && find(everybody, &local_id).is_some_and(|account| mobile_of(&account) == spelt(mobile))
        {
            self.staff.note(&local_id, mobile);
        }
        self.staff.assert_kept(everybody);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_takes_nothing_that_was_confirmed() {
    let (disk, mut running, address) = Disk::with_server("full").await;
    let mut ben = Person::at(&disk, address, "Ben", 'b').await;
    let mut priya = Person::at(&disk, address, "Priya", 'p').await;
    let mut grace = Person::at(&disk, address, "Grace", 'g').await;
    for (person, prefix) in [(&mut ben, 'b'), (&mut priya, 'p')] {
        person.file(prefix, 40).await.expect("the power is on");
    }
    let by_file = async {
        let mut made = Vec::new();
        for prefix in 'q'..='z' {
            match grace.file(prefix, 60).await {
                Some(()) => made.push(grace.staff.clone()),
                None => break,
            }
        }
        made
    };
    let mut random = StdRng::seed_from_u64(number("FIRE_SEED", 20_261_122));
    let ((), (), made, ()) = tokio::join!(
        ben.work_by_hand(),
        priya.work_by_hand(),
        by_file,
        disk.cut(&mut running, &mut random)
    );

    let left = disk.left().await;
    let tx = left.gate.store().begin().await.expect("it opens");
    let check = "CREATE TEMP TABLE found (fault text CHECK (fault = 'ok'));
        INSERT INTO found SELECT * FROM pragma_integrity_check";
    tx.execute_unprepared(check).await.expect("the file is sound");
    tx.rollback().await.expect("it opens");
    left.adds_up().await;
    let everybody = left.everybody().await;
    ben.assert_left(&everybody);
    priya.assert_left(&everybody);
    for staff in made {
        staff.assert_kept(&everybody);
    }
    let letters = disk.letters();
    assert!(!letters.is_empty(), "no letter went out before the power was cut");
    for (mailbox, subject) in letters {
        let known = outbox::subjects_to(left.gate.store().reader(), &mailbox).await;
        let known = known.expect("the outbox can be read");
        assert!(
            known.contains(&subject),
            "{mailbox} was told of what is lost: {subject}"
        );
    }
}

/// Shows that the test above would notice a loss: without syncing there is one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_takes_confirmed_changes_where_sqlite_does_not_sync() {
    let (disk, mut running, address) = Disk::with_server("normal").await;
    let mut ben = Person::at(&disk, address, "Ben", 'b').await;
    ben.file('b', 40).await.expect("the power is on");
    running.kill();
    let lost = ben.staff.anybody(&mut ben.random).expect("whom the file has made").0;
    assert!(find(&disk.portal.everybody().await, &lost).is_some());
    assert!(find(&disk.left().await.everybody().await, &lost).is_none());
}

fn find(everybody: &[Account], local_id: &str) -> Option<Account> {
    let is_it = |account: &&Account| account.attributes.text(Attribute::LocalId) == local_id;
    everybody.iter().find(is_it).cloned()
}

fn mobile_of(account: &Account) -> String {
    account.attributes.text(Attribute::Mobile).to_owned()
}

fn spelt(mobile: u32) -> String {
    format!("+447700900{mobile:03}")
}

/// Compiles what is loaded into the server.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
