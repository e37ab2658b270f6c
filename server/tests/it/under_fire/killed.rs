//! Invariant 13 with real processes: the server is killed while it applies, again and again.
//!
//! `KILLS` says how often on both databases together (6, 100 for the long form), `FIRE_SEED` with which luck.

use std::time::Duration;

use domain::submission::State;
use rand::{Rng, SeedableRng, rngs::StdRng};
use testkit::{Kind, Portal};

use super::{
    applied_as_it_says,
    client::Client,
    confirmed, look, number,
    process::{Running, Setting, free_address},
    staff::Staff,
};

/// Rows of a file; with 200 a chunk it can be killed between chunks and within them.
const ROWS: usize = 1000;

/// Whoever falls silent is taken for dead sooner than usual, so that more kills fit into a test.
const SETTINGS: [Setting<'_>; 1] = [("PORTAL_CLAIM_SECONDS", "3")];

async fn killed_while_applying(kind: Kind) {
    let (kills, seed) = (number("KILLS", 6).div_ceil(2), number("FIRE_SEED", 20_261_122));
    println!("{kills} kills on {kind:?}, FIRE_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let portal = Portal::open_live(kind).await;
    let ben = portal.persona("Ben").await;
    let address = free_address();
    let mut running = Running::serve(&portal.url, address, &SETTINGS).await;
    let client = Client::sign_in(address, "Ben").await;
    let (mut staff, mut killed) = (Staff::nobody('k'), 0);
    while killed < kills {
        let file = staff.file(ROWS, &mut random);
        let id = confirmed(&portal, &ben, &client, &file)
            .await
            .expect("nothing is killed yet");
        loop {
            // Some are killed at their first rows, the others wherever they are when they have got on.
            let before = look(&portal, &ben, &id).await.progress;
            if random.random_bool(0.7) {
                let got_on = || async {
                    let now = look(&portal, &ben, &id).await;
                    now.state != State::Applying || now.progress > before
                };
                client.until(got_on).await;
            }
            tokio::time::sleep(Duration::from_millis(random.random_range(0..500))).await;
            if killed == kills || look(&portal, &ben, &id).await.state != State::Applying {
                break;
            }
            running.kill();
            if look(&portal, &ben, &id).await.state == State::Applying {
                killed += 1;
            }
            running = Running::serve(&portal.url, address, &SETTINGS).await;
        }
        applied_as_it_says(&portal, &ben, &client, &id, &file).await;
        staff = file.after();
    }
    portal.adds_up().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_it_applies_goes_on_by_itself_and_does_each_row_once_on_sqlite() {
    killed_while_applying(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_while_it_applies_goes_on_by_itself_and_does_each_row_once_on_postgres() {
    killed_while_applying(Kind::Postgres).await;
}
