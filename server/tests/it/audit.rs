//! The audit log from outside: what is recorded without anybody's doing, its page, its files, and handing it on.

use axum::http::{StatusCode, header};
use gate::{TrailQuery, calendar};
use server::operate::forward::{Place, hand_on};
use store::ConnectionTrait;
use testkit::{Kind, on_both};

use crate::browser::Site;

/// What the trail says, newest first, read by the service and so recorded for nobody's filters.
async fn told(site: &Site) -> Vec<String> {
    let db = site.portal.gate.store().reader();
    let mut entries = store::trail::after(db, 0, 100_000).await.unwrap();
    entries.reverse();
    entries.iter().map(|entry| entry.sentence(calendar::day)).collect()
}

on_both! {
    async fn signing_in_is_recorded_and_what_was_typed_is_not(portal: Portal) {
        let site = Site::over(portal);
        site.sign_in("Ben").await;
        assert_eq!(told(&site).await[0], "Signed in");
        let nobody = site.nobody();
        nobody.post("/sign-in", "address=ben.cartwright@health.example&password=wrong").await;
        assert_eq!(told(&site).await[0], "A sign-in failed");
        nobody.post("/sign-in", "address=quillon.zephyrine@health.example&password=hunter22").await;
        let last = told(&site).await.remove(0);
        assert!(last.starts_with("A sign-in failed, with an email address that no account has ("), "{last}");
        let entries = store::trail::after(site.portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let all = format!("{entries:?}").to_lowercase();
        assert!(!all.contains("hunter22") && !all.contains("zephyrine"));
    }

    async fn what_is_taken_away_looked_up_or_refused_is_recorded(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let gwen = site.sign_in("Gwen").await;
        let jem = site.portal.account("jem.larkspur@health.example").await;
        let export = ben.get("/people/export.csv?words=larkspur&organisation=RIV").await;
        assert_eq!(export.status, StatusCode::OK);
        ben.get("/directory?words=gwen").await;
        ben.get("/people?words=jem").await;
        assert_eq!(gwen.get(&format!("/accounts/{jem}")).await.status, StatusCode::NOT_FOUND);
        let hamid = site.sign_in("Hamid").await;
        assert_eq!(hamid.get("/accounts/new").await.status, StatusCode::FORBIDDEN);
        assert_eq!(hamid.get("/no-such-page").await.status, StatusCode::NOT_FOUND);
        let told = told(&site).await;
        assert_eq!(told[..5], [
            "Was refused access to /accounts/new".to_owned(),
            "Signed in".to_owned(),
            format!("Asked for /accounts/{jem}, which they cannot see"),
            "Searched the national directory (/directory?words=…)".to_owned(),
            "Downloaded people (/people/export.csv?words=…&organisation=RIV)".to_owned(),
        ]);
    }

    async fn the_page_says_who_did_what_by_what_right_and_reading_it_is_recorded(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let jem = site.portal.account("jem.larkspur@health.example").await;
        let form = "when=today&reason=parental+leave";
        let disabled = ben.post(&format!("/accounts/{jem}/absence"), form).await;
        let submission = disabled.location().to_owned();
        ben.post(&format!("{submission}/confirmation"), "seen=0").await;
        let aled = site.sign_in("Aled").await;
        assert!(aled.get("/").await.body.contains("href=\"/audit\""));
        let page = aled.get(&format!("/audit?target={jem}&type=accounts")).await;
        assert_eq!(page.status, StatusCode::OK);
        for says in ["Account disabled: Active", "Acting as: Local Administrator of Riverside", "Ben Cartwright"] {
            assert!(page.body.contains(says), "{says}: {}", page.body);
        }
        for says in [
            "Channel: portal, single. Reference: ".to_owned(),
            format!("<a href=\"{submission}\">"),
            format!("<title>{jem}, Accounts: Audit log"),
        ] {
            assert!(page.body.contains(&says), "{says}: {}", page.body);
        }
        assert_eq!(aled.get(&submission).await.status, StatusCode::OK);
        let again = aled.get("/audit?action=trail-read").await;
        assert!(again.body.contains("Read the audit log (about somebody, accounts)"), "{}", again.body);
        let wrong = aled.get("/audit?from=yesterday").await;
        assert!(wrong.body.contains("“yesterday” is not a date") && wrong.body.contains("href=\"#from-day\""));
        for days in ["from=2026-02-31", "to=garbage", "from=2026-11-21&to=2026-11-20"] {
            let page = aled.get(&format!("/audit?{days}")).await;
            assert!(page.body.contains("There is a problem") && !page.body.contains("app-timeline"), "{days}");
            for file in ["csv", "jsonl"] {
                let export = aled.get(&format!("/audit/export.{file}?{days}")).await;
                assert_eq!(export.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}");
                assert!(export.body.contains("There is a problem"), "{days}");
            }
        }
        for (list, file) in [("type", "csv"), ("action", "jsonl")] {
            let page = aled.get(&format!("/audit?{list}=nonsense")).await;
            assert!(page.body.contains(&format!("<a href=\"#{list}\">“nonsense” is not in the list.")), "{}", page.body);
            let export = aled.get(&format!("/audit/export.{file}?{list}=nonsense")).await;
            assert_eq!(export.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let nobody = aled.get("/audit?who=%25").await;
        assert!(nobody.body.contains("No entries found"), "{}", nobody.body);

        let csv = aled.get(&format!("/audit/export.csv?target={jem}")).await;
        assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(csv.body.contains("Local Administrator of RIV"), "{}", csv.body);
        let lines = aled.get(&format!("/audit/export.jsonl?target={jem}")).await;
        let first: serde_json::Value = serde_json::from_str(lines.body.lines().next().unwrap()).unwrap();
        assert_eq!((&first["action"], &first["person_id"]), (&"account-disabled".into(), &jem.to_string().into()));
        assert!(told(&site).await[0].starts_with("Downloaded the audit log"));

        let hamid = site.sign_in("Hamid").await;
        assert!(!hamid.get("/").await.body.contains("href=\"/audit\""));
        for path in ["/audit", "/audit/export.csv", "/audit/export.jsonl"] {
            assert_eq!(hamid.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let gwen = site.sign_in("Gwen").await;
        assert!(!gwen.get(&format!("/audit?target={jem}")).await.body.contains("Account disabled: Active"));
        assert!(site.portal.gate.verify_trail(&[]).await.unwrap().faults.is_empty());
    }

    async fn the_trail_is_verified_from_its_page_and_the_result_is_recorded(portal: Portal) {
        let site = Site::over(portal);
        let (aled, grace) = (site.sign_in("Aled").await, site.sign_in("Grace").await);
        assert!(aled.get("/audit").await.body.contains("action=\"/audit/verification\""));
        let done = aled.post("/audit/verification", "").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(done.location().starts_with("/audit?verified="), "{}", done.location());
        let page = aled.get(done.location()).await;
        for says in ["The audit log is whole", "of the organisations you manage: each is there", ", by Aled Pritchard."] {
            assert!(page.body.contains(says), "{says}: {}", page.body);
        }
        assert!(!page.body.contains("Head:"));
        // Nobody is shown what somebody else asked for.
        assert!(!grace.get(done.location()).await.body.contains("The audit log is whole"));
        let done = grace.post("/audit/verification", "").await;
        let page = grace.get(done.location()).await;
        assert!(page.body.contains("The audit log is whole") && page.body.contains("Head: "), "{}", page.body);
        assert!(told(&site).await.iter().any(|told| told.starts_with("Verified the audit log: whole, ")));
        let db = site.portal.gate.store().reader();
        db.execute_unprepared("UPDATE trail SET at = at + 1 WHERE number = 3").await.unwrap();
        let page = grace.get(grace.post("/audit/verification", "").await.location()).await;
        for says in ["The audit log is not whole", "The first fault: entry 3 does not follow from the one before it"] {
            assert!(page.body.contains(says), "{says}: {}", page.body);
        }
        let hamid = site.sign_in("Hamid").await;
        assert_eq!(hamid.post("/audit/verification", "").await.status, StatusCode::FORBIDDEN);
    }

    async fn the_trail_is_handed_on_whole_and_in_order(portal: Portal) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let place = Place::parse(&format!("file:{}", path.display())).unwrap();
        let gate = &portal.gate;
        let head = gate.trail_head().await.unwrap();
        while hand_on(gate, &place, "one").await.unwrap() > 0 {}
        // While one process is at it, another leaves it alone; when the first falls silent, the other goes on.
        portal.sign_in("nobody@health.example", "wrong").await;
        assert_eq!(hand_on(gate, &place, "another").await.unwrap(), 0);
        portal.pass_seconds(61);
        assert_eq!(hand_on(gate, &place, "another").await.unwrap(), 1);
        let text = std::fs::read_to_string(&path).unwrap();
        let numbers: Vec<_> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["entry"].as_i64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=head.number + 1).collect::<Vec<_>>());
        // A place that cannot be written to loses nothing.
        let nowhere = Place::parse("file:/no/such/folder/audit.jsonl").unwrap();
        assert!(hand_on(gate, &nowhere, "one").await.is_err());
        let cursor = store::trail::cursor(gate.store().reader(), &nowhere.to_string()).await.unwrap();
        assert_eq!(cursor.unwrap().number, 0);
    }

    async fn syslog_gets_each_entry_as_a_message(portal: Portal) {
        let listener = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let place = Place::parse(&format!("udp://{}", listener.local_addr().unwrap())).unwrap();
        hand_on(&portal.gate, &place, "one").await.unwrap();
        let mut bytes = vec![0; 65_536];
        let length = listener.recv(&mut bytes).await.unwrap();
        let message = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let begins = "<110>1 2026-11-21T12:00:00Z - staffbook - organisation-founded - {";
        assert!(message.starts_with(begins), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_trail_follow_each_other() {
    let site = Site::open(Kind::Sqlite).await;
    let aled = site.sign_in("Aled").await;
    let mut address = "/audit?type=accounts".to_owned();
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page = aled.get(&address).await.body;
        let numbers = page.split("id=\"entry-").skip(1);
        seen.extend(numbers.map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()));
        pages += 1;
        let next = page.split("nhsuk-pagination-item--next").nth(1);
        let Some(next) = next.and_then(|rest| rest.split("href=\"").nth(1)) else {
            break;
        };
        address = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    let aled = site.actor("Aled").await;
    let query = TrailQuery {
        topic: Some(domain::trail::Topic::Accounts),
        ..TrailQuery::default()
    };
    let all = site
        .portal
        .gate
        .on_behalf_of(&aled)
        .trail(&query, None, 100_000)
        .await
        .unwrap();
    assert!(pages > 1);
    assert_eq!(seen, all.entries.iter().map(|entry| entry.number).collect::<Vec<_>>());
}

/// Where the operator mistypes the database's name, an empty one is not made and called whole.
#[test]
fn a_database_that_is_not_there_is_not_made_to_be_verified() {
    let folder = tempfile::tempdir().unwrap();
    for command in [&["audit", "verify"][..], &["audit", "head"], &["sweep", "--dry-run"]] {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_server"))
            .args(command)
            .current_dir(folder.path())
            .env_clear()
            .env("PORTAL_DATABASE_URL", "sqlite://mistyped.db?mode=rwc")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(
            !done.status.success() && said.contains("there is no database at mistyped.db"),
            "{said}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
