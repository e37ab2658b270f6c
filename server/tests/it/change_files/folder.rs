//! What lies in the folder: whole files only, no links, no odd names; and nothing is lost where nothing can be written.

use std::{
    ffi::OsStr,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
};

use server::{channels::change_files::looked::Outcome, operate::config::Config};
use testkit::on_both;

use super::{
    CUSTOMER, Folder, HEADER, add, adds, customer, customer_of, is_there, look, nothing_is_taken_for, until_reported,
};

on_both! {
    async fn a_file_is_processed_reported_and_put_away_without_passwords(portal: Portal) {
        customer(&portal).await;
        let (folder, name) = (Folder::make(), format!("{CUSTOMER}_HRDatabase_PRV_1260226223.CSV"));
        let mut watching = folder.watch();
        let file = "EmailAddress,Action,GivenName,FamilyName,Password\r\n\
                    zoe.first@health.example,Add,Zoe,First,Purple-Lighthouse-92\r\n\
                    nobody.there@health.example,Suspend,,,\r\n";
        folder.put(&name, file);
        let ended = until_reported(&mut watching, &portal, 1).await;
        assert_eq!(ended[0].outcome, Outcome::Processed);
        assert!(ended[0].summary.starts_with("2 rows: 1 done"), "{}", ended[0].summary);
        let report = folder.report(&ended[0].report);
        for said in [
            "Line,EmailAddress,Action,Result,Code,Message,AccountId,Steps\r\n",
            "2,zoe.first@health.example,Add,Done,",
            "3,nobody.there@health.example,Suspend,Rejected,account.none,",
        ] {
            assert!(report.contains(said), "{said}: {report}");
        }
        assert!(is_there(&portal, "zoe.first").await);
        assert_eq!(folder.names("in"), Vec::<String>::new());
        assert_eq!(folder.names("reports").len(), 3);
        // The clock of the tests stands.
        assert_eq!(folder.names("done/2026-11"), [name.as_str()]);
        let done = fs::read_to_string(folder.part("done/2026-11").join(&name)).unwrap();
        assert!(done.contains("zoe.first@health.example,Add,Zoe,First,•••"), "{done}");
        for part in ["reports", "done/2026-11"] {
            for name in folder.names(part) {
                let text = fs::read_to_string(folder.part(part).join(&name)).unwrap();
                assert!(!text.contains("Purple-Lighthouse"), "{name}: {text}");
            }
        }
    }

    /// A case from the collection: the file is read while it is still arriving.
    async fn a_file_still_being_written_is_taken_once_it_is_whole(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let people: String = [("Ana", "Alby"), ("Mia", "Bell"), ("Jo", "Cole"), ("Li", "Dene")]
            .map(|(first, last)| add(first, last))
            .concat();
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), format!("{HEADER}{people}"));
        until_reported(&mut watching, &portal, 1).await;
        let path = folder.part("in").join(format!("{CUSTOMER}_PRV_100.csv"));
        fs::write(
            &path,
            "EmailAddress,Action,GivenName,FamilyName,SubscriptionId,AltEmailAddress,JobTitle\n\
             ana.alby@health.example,Update,Ana,Alby,,,Porter\nmia.bell@health.example,Sus",
        )
        .unwrap();
        nothing_is_taken_for(&mut watching, &portal, 4).await;
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"pend,,,,,\njo.cole@health.example,Resume,,,,,\nli.dene@health.example,Update,Li,Dene,,,Porter\n")
            .unwrap();
        let ended = until_reported(&mut watching, &portal, 1).await;
        assert_eq!(ended[0].report, format!("{CUSTOMER}_PRV_100.report.csv"));
        assert!(ended[0].summary.starts_with("4 rows: "), "{}", ended[0].summary);
        let report = folder.report(&ended[0].report);
        assert!(!report.contains("action.unknown"), "{report}");
        assert!(report.contains("3,mia.bell@health.example,Suspend,Done,"), "{report}");
        nothing_is_taken_for(&mut watching, &portal, 3).await;
        assert_eq!(folder.reports().len(), 2);
    }

    async fn an_empty_file_is_refused_and_holds_up_no_other(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let empty = format!("{CUSTOMER}_PRV_201.csv");
        folder.put(&empty, "");
        folder.put(&format!("{CUSTOMER}_PRV_202.csv"), adds("Zoe", "Behind"));
        let ended = until_reported(&mut watching, &portal, 2).await;
        let outcome = |number: &str| ended.iter().find(|ended| ended.file.name.contains(number)).map(|ended| ended.outcome);
        assert_eq!((outcome("_201"), outcome("_202")), (Some(Outcome::Refused), Some(Outcome::Processed)));
        let report = folder.report(&format!("{CUSTOMER}_PRV_201.report.csv"));
        assert!(report.contains("The file is empty. Upload it again."), "{report}");
        assert_eq!(folder.names("refused"), [empty]);
        assert!(is_there(&portal, "zoe.behind").await);
    }

    async fn what_is_unfinished_by_its_name_is_left_alone(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        for ending in [".filepart", ".part", ".tmp", ".partial"] {
            folder.put(&format!("{CUSTOMER}_PRV_1.csv{ending}"), adds("Zoe", "First"));
        }
        folder.put(&format!(".{CUSTOMER}_PRV_1.csv"), adds("Zoe", "First"));
        nothing_is_taken_for(&mut watching, &portal, 3).await;
        assert_eq!(folder.names("in").len(), 5);
        // As WinSCP does at the end of an upload.
        let name = format!("{CUSTOMER}_PRV_1.csv");
        fs::rename(folder.part("in").join(format!("{name}.filepart")), folder.part("in").join(&name)).unwrap();
        until_reported(&mut watching, &portal, 1).await;
        assert!(is_there(&portal, "zoe.first").await);
    }

    async fn links_and_odd_names_are_refused_with_a_sentence(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let secret = folder.part("secret");
        fs::write(&secret, "of the machine").unwrap();
        let at = |name: &str| folder.part("in").join(name);
        symlink(&secret, at(&format!("{CUSTOMER}_PRV_1.csv"))).unwrap();
        fs::create_dir(at(&format!("{CUSTOMER}_PRV_2.csv"))).unwrap();
        let not_utf8 = [CUSTOMER.as_bytes(), b"_\xff_PRV_3.csv"].concat();
        fs::write(folder.part("in").join(OsStr::from_bytes(&not_utf8)), adds("Zoe", "First")).unwrap();
        // It is really called as the one before it is shown.
        let alike = format!("{CUSTOMER}_\\xff_PRV_3.csv");
        fs::create_dir(at(&alike)).unwrap();
        for name in [
            format!("{CUSTOMER}_\u{202e}_PRV_4.csv"),
            format!("{CUSTOMER}_..\\..\\_PRV_5.csv"),
            format!("{CUSTOMER}_hr_PROFILES_6.csv"),
            format!("{CUSTOMER}_PRV_7.ldif"),
            "staff list.csv".to_owned(),
            "30020507_PRV_8.csv".to_owned(),
        ] {
            folder.put(&name, adds("Zoe", "First"));
        }
        let ended = until_reported(&mut watching, &portal, 8).await;
        assert!(ended.iter().all(|ended| ended.outcome == Outcome::Refused), "{ended:?}");
        let sentence = |part: &str| {
            let found = ended.iter().find(|ended| ended.file.name.contains(part));
            folder.report(&found.unwrap_or_else(|| panic!("{part}: {ended:?}")).report)
        };
        for (part, said) in [
            ("PRV_1", "This is a link or a folder."),
            ("PRV_3", "The file name must read customerId_sourceId_PRV_number.csv."),
            ("PRV_4", "The file name must read customerId_sourceId_PRV_number.csv."),
            ("PRV_5", "The file name must read customerId_sourceId_PRV_number.csv."),
            ("PROFILES_6", "This service takes PRV files."),
            ("PRV_7", "This service takes PRV files."),
            ("staff", "The file name must read customerId_sourceId_PRV_number.csv."),
            ("PRV_8", "The name says customer 30020507; this folder belongs to customer 30020506."),
        ] {
            let report = sentence(part);
            assert!(report.contains(said) && !report.contains("of the machine"), "{part}: {report}");
        }
        // A folder is nobody's upload, and stays.
        assert_eq!(folder.names("in"), [format!("{CUSTOMER}_PRV_2.csv"), alike]);
        nothing_is_taken_for(&mut watching, &portal, 2).await;
        assert_eq!(folder.names("refused").len(), 8);
        let is_plain = |name: &String| name.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"._-".contains(&sign));
        assert!(folder.names("refused").iter().all(is_plain), "{:?}", folder.names("refused"));
        assert_eq!(fs::read_to_string(&secret).unwrap(), "of the machine");
        assert!(!is_there(&portal, "zoe.first").await);
    }

    async fn a_file_that_is_too_large_is_refused_by_its_size(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let name = format!("{CUSTOMER}_PRV_1.csv");
        folder.put(&name, "x".repeat(1024 * 1024) + "\n");
        let ended = until_reported(&mut watching, &portal, 1).await;
        assert_eq!(ended[0].outcome, Outcome::Refused);
        let report = folder.report(&ended[0].report);
        assert!(report.contains("The file is larger than 1 MB."), "{report}");
        // It may have passwords in it, and nobody has looked.
        assert_eq!(folder.names("refused"), Vec::<String>::new());
        assert_eq!(folder.names("in"), Vec::<String>::new());
        // Its number was not used.
        folder.put(&name, adds("Zoe", "First"));
        assert_eq!(until_reported(&mut watching, &portal, 1).await[0].outcome, Outcome::Processed);
    }

    async fn a_file_that_its_owner_alone_may_read_holds_up_no_other(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let closed = format!("{CUSTOMER}_hr_PRV_1.csv");
        for name in ["notes.txt", closed.as_str()] {
            folder.put(name, adds("Zoe", "Closed"));
            fs::set_permissions(folder.part("in").join(name), fs::Permissions::from_mode(0o000)).unwrap();
        }
        if fs::read(folder.part("in").join(&closed)).is_ok() {
            eprintln!("NOT TRIED: to root nothing is forbidden");
            return;
        }
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "Open"));
        let (mut ended, mut troubled) = (Vec::new(), Vec::new());
        for _ in 0..200 {
            let look = look(&mut watching, &portal).await;
            ended.extend(look.ended);
            troubled.extend(look.troubled);
            if ended.len() == 2 {
                break;
            }
        }
        let mut outcomes: Vec<_> = ended.iter().map(|ended| (ended.file.name.as_str(), ended.outcome)).collect();
        outcomes.sort_by_key(|(name, _)| *name);
        let open = format!("{CUSTOMER}_PRV_1.csv");
        assert_eq!(outcomes, [(open.as_str(), Outcome::Processed), ("notes.txt", Outcome::Refused)]);
        let is_told = |why: &String| why.ends_with(&format!("in/{closed} cannot be read by the portal; give it the mode 644"));
        assert!(!troubled.is_empty() && troubled.iter().all(|(_, why)| is_told(why)), "{troubled:?}");
        assert_eq!(folder.names("in"), [closed]);
    }

    async fn a_file_that_replaces_one_in_hand_is_taken_after_it(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        let name = format!("{CUSTOMER}_PRV_1.csv");
        folder.put(&name, adds("Zoe", "First"));
        while watching.look(&portal.gate).await.unwrap().working == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        folder.put(&name, adds("Zoe", "Second"));
        let ended = until_reported(&mut watching, &portal, 2).await;
        let reports: Vec<_> = ended.into_iter().map(|ended| ended.report).collect();
        assert_eq!(reports, [format!("{CUSTOMER}_PRV_1.report.csv"), format!("{CUSTOMER}_PRV_1.report.2.csv")]);
        assert!(is_there(&portal, "zoe.first").await && is_there(&portal, "zoe.second").await);
        assert_eq!(folder.names("done/2026-11").len(), 2);
    }

    async fn a_folder_that_takes_nothing_loses_nothing(portal: Portal) {
        customer(&portal).await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        look(&mut watching, &portal).await;
        let name = format!("{CUSTOMER}_PRV_1.csv");
        // As when it is full or read-only, which nothing is to whoever is root: nothing can be written there.
        for (part, is_taken) in [("reports", false), ("done/2026-11", true)] {
            drop(fs::remove_dir(folder.part(part)));
            fs::write(folder.part(part), "").unwrap();
            folder.put(&name, adds("Zoe", if is_taken { "Second" } else { "First" }));
            let mut troubles = 0;
            while troubles < 40 {
                let look = look(&mut watching, &portal).await;
                troubles += look.troubled.len();
                assert_eq!(look.ended.len(), 0, "{look:?}");
            }
            assert_eq!(folder.names("in"), [name.as_str()]);
            assert_eq!(is_there(&portal, "zoe.second").await, is_taken);
            fs::remove_file(folder.part(part)).unwrap();
            let ended = until_reported(&mut watching, &portal, 1).await;
            assert_eq!(ended[0].outcome, Outcome::Processed);
            assert_eq!(folder.names("in"), Vec::<String>::new());
            fs::remove_dir_all(folder.part("done/2026-11")).unwrap();
        }
        assert_eq!(folder.reports().len(), 2, "{:?}", folder.reports());
    }

    async fn a_customer_whose_folders_cannot_be_used_holds_up_no_other(portal: Portal) {
        customer(&portal).await;
        let other = "30020507";
        customer_of(&portal, other, "HLD01", "tegan.pettigrew@health.example").await;
        let folder = Folder::make();
        let mut watching = folder.watch();
        fs::remove_dir(folder.part("check")).unwrap();
        fs::write(folder.part("check"), "").unwrap();
        folder.put(&format!("{CUSTOMER}_PRV_1.csv"), adds("Zoe", "Stuck"));
        let others = folder.part("..").join(other).join("in");
        fs::create_dir_all(&others).unwrap();
        fs::write(others.join(format!("{other}_PRV_1.csv")), adds("Zoe", "Free")).unwrap();
        let mut ended = Vec::new();
        for _ in 0..200 {
            let look = look(&mut watching, &portal).await;
            assert_eq!(look.troubled.len(), 1, "{look:?}");
            assert!(look.troubled[0].1.ends_with(&format!("{CUSTOMER}/check: it is no folder")), "{look:?}");
            ended.extend(look.ended);
            if !ended.is_empty() {
                break;
            }
        }
        assert_eq!(ended[0].file.name, format!("{other}_PRV_1.csv"));
        assert!(is_there(&portal, "zoe.free").await && !is_there(&portal, "zoe.stuck").await);
        assert_eq!(folder.names("in").len(), 1);
    }
}

#[test]
fn without_its_folder_the_portal_does_not_start() {
    let config = Config {
        change_files_folder: Some("/nowhere/at/all".into()),
        ..Config::default()
    };
    let why = server::channels::change_files::watching::Watching::of(&config)
        .err()
        .unwrap();
    assert!(
        why.to_string()
            .starts_with("PORTAL_CHANGE_FILES_FOLDER=/nowhere/at/all cannot be used;"),
        "{why:#}"
    );
}
