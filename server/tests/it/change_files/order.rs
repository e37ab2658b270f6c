//! In which order files are taken: the numbers of a source upwards, sources one after the other, and each file once, however
//! many look.
//!
//! `CHANGE_FILES` says how many files come at once (30).

use std::time::{Duration, Instant};

use domain::{life::Turn, rules::Threshold};
use server::channels::change_files::{looked::Outcome, watching::Watching};
use testkit::{Portal, on_both};

use super::{
    CUSTOMER, Folder, HEADER, PATIENCE, ROBOT, add, adds, customer, customer_number, is_there, letters, look,
    nothing_is_taken_for, until_reported,
};
use crate::under_fire::number;

/// Watches until so many files are reported, by whomever.
async fn until_there_are(watching: &mut Watching, portal: &Portal, folder: &Folder, reports: usize) {
    let begun = Instant::now();
    while folder.reports().len() < reports || !folder.names("in").is_empty() {
        look(watching, portal).await;
        assert!(
            begun.elapsed() < PATIENCE,
            "{:?} {:?}",
            folder.names("in"),
            folder.reports()
        );
    }
}

on_both! {
    async fn sources_are_interleaved_and_their_numbers_go_up(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        for (number, name) in ["hr_PRV_20", "AD_PRV_7", "HR_PRV_10", "ad_PRV_8", "hr_PRV_9"].iter().enumerate() {
            folder.put(&format!("{CUSTOMER}_{name}.csv"), adds("Zoe", &letters(number)));
            // A file system may count its moments in hundredths of a second.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        let ended = until_reported(&mut watching, &portal, 5).await;
        assert!(ended.iter().all(|ended| ended.outcome == Outcome::Processed), "{ended:?}");
        let names: Vec<_> = ended.iter().map(|ended| ended.file.name.trim_end_matches(".csv")).collect();
        let names: Vec<_> = names.iter().map(|name| name.trim_start_matches("30020506_")).collect();
        assert_eq!(names, ["AD_PRV_7", "ad_PRV_8", "hr_PRV_9", "HR_PRV_10", "hr_PRV_20"]);
    }

    async fn a_lower_number_is_refused_and_does_not_count(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        for (number, file, outcome, said) in [
            (9, adds("Zoe", "Nine"), Outcome::Processed, ""),
            (8, adds("Zoe", "Eight"), Outcome::Refused, "Number 8 is lower than 9, the last one processed."),
            (10, HEADER.to_owned(), Outcome::Failed, "The file has no rows."),
            // A number counts also if its file failed.
            (9, adds("Zoe", "Again"), Outcome::Refused, "Number 9 is lower than 10, the last one processed."),
            (i64::MAX, adds("Zoe", "Last"), Outcome::Processed, ""),
            (0, adds("Zoe", "Zero"), Outcome::Refused, "After 9223372036854775807 the next number must be 1 or higher."),
            (1, adds("Zoe", "One"), Outcome::Processed, ""),
        ] {
            folder.put(&format!("{CUSTOMER}_PRV_{number}.csv"), file);
            let ended = until_reported(&mut watching, &portal, 1).await.remove(0);
            assert_eq!(ended.outcome, outcome, "{number}: {ended:?}");
            let report = folder.report(&ended.report);
            assert!(report.contains(said), "{number}: {report}");
        }
        assert!(is_there(&portal, "zoe.one").await && !is_there(&portal, "zoe.eight").await);
        assert_eq!(folder.names("refused").len(), 3);
    }

    async fn the_same_number_again_is_answered_again(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let name = format!("{CUSTOMER}_PRV_1.csv");
        for (last, outcome, report) in [
            ("First", Outcome::Processed, "30020506_PRV_1.report.csv"),
            ("First", Outcome::Again, "30020506_PRV_1.report.2.csv"),
            ("Second", Outcome::Processed, "30020506_PRV_1.report.3.csv"),
        ] {
            folder.put(&name, adds("Zoe", last));
            let ended = until_reported(&mut watching, &portal, 1).await.remove(0);
            assert_eq!((ended.outcome, ended.report.as_str()), (outcome, report));
        }
        let [first, again, second] = ["", "2.", "3."].map(|by| folder.report(&format!("{CUSTOMER}_PRV_1.report.{by}csv")));
        assert!(again.contains("seq.same") && !first.contains("seq.same"), "{again}");
        assert_eq!(again.lines().last(), first.lines().last());
        assert!(second.contains("seq.repeated") && !first.contains("seq.repeated"), "{second}");
        assert!(is_there(&portal, "zoe.second").await);
        assert_eq!(folder.names("done/2026-11").len(), 2);
    }

    async fn a_file_to_check_changes_nothing_and_uses_no_number(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        for number in [5, 3] {
            folder.put_in("check", &format!("{CUSTOMER}_PRV_{number}.csv"), adds("Zoe", "First"));
        }
        folder.put_in("check", "list.csv", "x\n");
        let ended = until_reported(&mut watching, &portal, 3).await;
        let checked = ended.iter().filter(|ended| ended.outcome == Outcome::Checked);
        for ended in checked.clone() {
            assert!(ended.summary.starts_with("Only checked: 1 row: "), "{ended:?}");
            assert!(ended.report.ends_with(".check.report.csv"), "{ended:?}");
        }
        assert_eq!(checked.count(), 2, "{ended:?}");
        assert_eq!(folder.names("check"), Vec::<String>::new());
        assert_eq!(folder.names("refused"), ["list.check.csv"]);
        assert!(!is_there(&portal, "zoe.first").await);
        folder.put(&format!("{CUSTOMER}_PRV_3.csv"), adds("Zoe", "First"));
        let ended = until_reported(&mut watching, &portal, 1).await;
        // The report of what was only tried is not in its way.
        assert_eq!((ended[0].outcome, ended[0].report.as_str()), (Outcome::Processed, "30020506_PRV_3.report.csv"));
        assert!(is_there(&portal, "zoe.first").await);
    }

    async fn without_its_connector_a_file_fails_and_its_number_counts(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        portal.turn(ROBOT, Turn::Disable).await;
        folder.put(&format!("{CUSTOMER}_PRV_2.csv"), adds("Zoe", "First"));
        let ended = until_reported(&mut watching, &portal, 1).await.remove(0);
        assert_eq!(ended.outcome, Outcome::Failed);
        let report = folder.report(&ended.report);
        assert!(report.contains(",grant.gone,") && report.contains("may not send change files for 30020506."), "{report}");
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "First"));
        assert_eq!(until_reported(&mut watching, &portal, 1).await[0].outcome, Outcome::Refused);
    }

    async fn a_file_that_waits_for_a_person_holds_up_its_source_alone(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let people: String = (0..3).map(|number| add("Zoe", &letters(number))).collect();
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), format!("{HEADER}{people}"));
        until_reported(&mut watching, &portal, 1).await;
        let portal = portal.ruled(|rules| {
            rules.threshold = Threshold {
                percent: 1,
                accounts: 2,
            };
        });
        let changes: String = (0..3)
            .map(|number| format!("zoe.{}@health.example,Update,,,,,Porter\r\n", letters(number).to_lowercase()))
            .collect();
        let waits = format!("{CUSTOMER}_PRV_2.csv");
        folder.put(&waits, format!("{HEADER}{changes}"));
        let ended = until_reported(&mut watching, &portal, 1).await.remove(0);
        assert_eq!((ended.outcome, ended.report.as_str()), (Outcome::Waits, "30020506_PRV_2.report.csv"));
        let report = folder.report(&ended.report);
        assert!(report.contains("/submissions/") && report.contains("NotAttempted"), "{report}");
        let behind = format!("{CUSTOMER}_PRV_3.csv");
        folder.put(&behind, adds("Zoe", "Behind"));
        folder.put(&format!("{CUSTOMER}_ad_PRV_1.csv"), adds("Zoe", "Beside"));
        let ended = until_reported(&mut watching, &portal, 1).await;
        assert_eq!(ended[0].file.name, format!("{CUSTOMER}_ad_PRV_1.csv"));
        nothing_is_taken_for(&mut watching, &portal, 3).await;
        // It may wait for days, and has no place where others read its passwords.
        assert_eq!(folder.names("in"), [behind.as_str()]);
        assert!(folder.names("done/2026-11").contains(&waits));
        // Another process does not report it once more.
        let mut watching = folder.watch();
        assert_eq!(until_reported(&mut watching, &portal, 1).await[0].outcome, Outcome::Waits);
        assert_eq!(folder.reports().len(), 3, "{:?}", folder.reports());

        let unreported = portal.gate.unreported_change_files(customer_number()).await.unwrap();
        let submission = unreported[0].submission.clone().unwrap();
        let priya = portal.persona("Priya").await;
        portal.gate.on_behalf_of(&priya).decline(&submission).await.unwrap();
        let ended = until_reported(&mut watching, &portal, 2).await;
        let reports: Vec<_> = ended.iter().map(|ended| ended.report.as_str()).collect();
        assert_eq!(reports, ["30020506_PRV_2.report.2.csv", "30020506_PRV_3.report.csv"]);
        assert_eq!(folder.names("in"), Vec::<String>::new());
    }

    async fn a_process_that_ends_is_followed_by_another_at_each_step(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "First"));
        // Taken, and not checked; checked, and not reported.
        let mut watching = folder.watch();
        while watching.look(&portal.gate).await.unwrap().working == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for _ in 0..2 {
            watching = folder.watch();
            let look = watching.look(&portal.gate).await.unwrap();
            assert_eq!((look.working, look.has_moved, look.ended.len()), (1, false, 0));
            // Its passwords are nobody's to read while it is worked on.
            assert_eq!(folder.names("in"), Vec::<String>::new());
            assert_eq!(folder.names("done/2026-11").len(), 1);
        }
        portal.work().await;
        let mut watching = folder.watch();
        let ended = until_reported(&mut watching, &portal, 1).await;
        assert_eq!(ended[0].outcome, Outcome::Processed);
        nothing_is_taken_for(&mut watching, &portal, 3).await;
        assert_eq!(folder.reports().len(), 1);
        assert_eq!(folder.names("done/2026-11").len(), 1);
    }

    async fn two_who_watch_one_folder_take_each_file_once(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        for number in 0..12 {
            let source = if number % 3 == 0 { "ad_" } else { "" };
            folder.put(&format!("{CUSTOMER}_{source}PRV_{number}.csv"), adds("Zoe", &letters(number)));
        }
        let other = portal.again_by(&portal.url).await;
        let (mut first, mut second) = (folder.watch(), folder.watch());
        tokio::join!(
            until_there_are(&mut first, &portal, &folder, 12),
            until_there_are(&mut second, &other, &folder, 12)
        );
        assert_eq!(folder.reports().len(), 12, "{:?}", folder.reports());
        assert_eq!(folder.names("done/2026-11").len(), 12);
        for number in 0..12 {
            let name = letters(number).to_lowercase();
            assert!(is_there(&portal, &format!("zoe.{name}")).await, "{name}");
        }
        for report in folder.reports() {
            let report = folder.report(&report);
            assert!(report.contains("1 row: 1 done"), "{report}");
        }
        portal.adds_up().await;
    }

    async fn very_many_files_that_come_at_once_are_taken_in_their_order(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let many = usize::try_from(number("CHANGE_FILES", 30)).unwrap();
        for number in (0..many).rev() {
            folder.put(&format!("{CUSTOMER}_PRV_{number}.csv"), adds("Zoe", &letters(number)));
        }
        let (mut watching, mut names) = (folder.watch(), Vec::new());
        let begun = Instant::now();
        while names.len() < many {
            let look = look(&mut watching, &portal).await;
            assert!(look.troubled.is_empty(), "{look:?}");
            names.extend(look.ended.into_iter().map(|ended| ended.file.name));
            assert!(begun.elapsed() < PATIENCE * u32::try_from(many.div_ceil(30)).unwrap(), "{names:?}");
        }
        let expected: Vec<_> = (0..many).map(|number| format!("{CUSTOMER}_PRV_{number}.csv")).collect();
        assert_eq!(names, expected);
        assert_eq!(folder.reports().len(), many);
    }
}
