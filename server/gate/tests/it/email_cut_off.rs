//! A run, and the workers that apply what it releases, cut off wherever they are at it.

use std::{ops::Range, time::Duration};

use domain::{submission::State, values::ids::SubmissionId};
use gate::Worker;
use store::access::email::runs;
use testkit::{Portal, SERVICE, on_both};

use crate::{
    HEADINGS,
    email_runs::{GWEN, JEM, letters, run, sender, standing},
};

/// After how many milliseconds they are cut off, evening by evening. At the sixth beginning without getting on, a job is given
/// back to its sender: on no evening are there so many.
const CUTS: [&[u64]; 3] = [&[0, 1, 2, 4], &[8, 16, 32, 64], &[150, 300]];

/// The rows of each file.
const ROWS: u32 = 500;

/// New people of an organisation whose names are nobody else's.
fn newcomers(organisation: &str, initial: char, numbers: Range<u32>) -> String {
    let letter = |number: u32| char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    let row = |number: u32| {
        let name: String = [number / 26, number, number / 26, number]
            .map(letter)
            .into_iter()
            .collect();
        format!("{initial}{number},{organisation},{initial}o{name},{initial}ill{name},\n")
    };
    format!("{HEADINGS}\n{}", numbers.map(row).collect::<String>())
}

/// Lets runs and workers go on until files are applied, and nothing is left to decide.
async fn until_applied(portal: &Portal, files: &[SubmissionId]) {
    for _ in 0..100 {
        run(portal).await;
        let under_way = runs::unfinished(portal.gate.store().reader()).await.unwrap();
        let mut states = vec![];
        for id in files {
            states.push(standing(portal, id).await.0);
        }
        if under_way.is_none() && states.iter().all(|state| *state == State::Applied) {
            return;
        }
        // PostgreSQL is still at what the last worker was cut off from, and holds its job.
        tokio::time::sleep(Duration::from_millis(50)).await;
        portal.pass_seconds(60);
    }
    panic!("it comes to no end");
}

on_both! {
    async fn a_run_cut_off_anywhere_loses_and_doubles_nothing(portal: Portal) {
        let portal = portal.ruled(|rules| rules.new_by_machine.accounts = 10_000);
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let initials = [['A', 'B', 'C', 'D'], ['E', 'F', 'G', 'H'], ['I', 'J', 'K', 'L']];
        for (evenings, (cuts, [a, b, c, d])) in (1..).zip(CUTS.into_iter().zip(initials)) {
            let replaced = portal.mail(&jem, &newcomers("RIV", a, 0..50)).await;
            let files = [
                portal.mail(&jem, &newcomers("RIV", b, 0..ROWS)).await,
                portal.mail(&gwen, &newcomers("G7H8J", c, 0..ROWS)).await,
                portal.mail(&jem, &newcomers("RIV01", d, 0..ROWS)).await,
            ];
            portal.pass_until(portal.gate.next_email_run());
            for milliseconds in cuts {
                let limit = Duration::from_millis(*milliseconds);
                let _ = tokio::time::timeout(limit, portal.gate.tick_email(&SERVICE)).await;
                let worker = Worker::new(portal.gate.clone());
                let _ = tokio::time::timeout(limit, worker.work_all()).await;
                portal.pass_seconds(60);
            }
            until_applied(&portal, &files).await;
            assert_eq!(standing(&portal, &replaced).await, (State::Superseded, 0, 50));
            let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
            for id in &files {
                assert_eq!(standing(&portal, id).await, (State::Applied, ROWS, 0));
                assert_eq!(events.iter().filter(|event| event.submission == *id).count(), ROWS as usize);
            }
            assert_eq!(letters(&portal, JEM, "Your file was applied").await, 2 * evenings);
            assert_eq!(letters(&portal, GWEN, "Your file was applied").await, evenings);
        }
    }
}
