//! The interface for programs, as a program meets it: by token and nothing else.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    channel::Channel,
    grant::Terms,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{AccountWish, RoleWish, Wish},
    values::ids::TokenId,
};
use testkit::{Kind, SERVICE, on_both};

use crate::{
    assert_approved,
    bad_files::excel,
    browser::{Answer, Site},
};

const FILE: &str = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n9002,G7H8J,Ann,Lee\n9003,RIV,,Moon\n";

/// A connector with a token.
pub struct Connector {
    pub actor: Actor,
    pub token: String,
}

impl Connector {
    /// What the token is recognised by.
    pub fn id(&self) -> String {
        self.token[4..12].to_owned()
    }
}

/// Makes somebody a Connector through the API, with a token.
pub async fn connector(site: &Site, address: &str, organisation: &str) -> Connector {
    let actor = site.portal.person(address).await;
    let grant = Wish::Role(
        actor.account().unwrap(),
        RoleWish::Grant {
            role: Role::Connector,
            organisation: OrganisationCode::parse(organisation).unwrap(),
            unit: None,
            terms: Terms {
                channels: vec![Channel::Api],
                ..Terms::default()
            },
        },
    );
    let gate = &site.portal.gate;
    gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
    let made = gate.on_behalf_of(&actor).make_token("Payroll", 30).await.unwrap();
    let token = made.unwrap_or_else(|problems| panic!("{problems:?}")).secret;
    Connector { actor, token }
}

/// Sends a request as a program would: no cookie, no Fetch metadata.
async fn ask(site: &Site, method: &str, path: &str, token: &str, body: &str) -> Answer {
    ask_with(site, method, path, token, body.as_bytes()).await
}

/// The same with a body of any bytes, which are said to be CSV.
async fn ask_with(site: &Site, method: &str, path: &str, token: &str, body: &[u8]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "text/csv; charset=utf-8");
    }
    let answer = site
        .nobody()
        .raw(request.body(Body::from(body.to_vec())).unwrap())
        .await;
    assert!(
        !answer.headers.contains_key(header::SET_COOKIE),
        "no session begins here"
    );
    answer
}

/// Sends the file, and has it done.
async fn send(site: &Site, token: &str) -> String {
    send_text(site, token, FILE).await.location().to_owned()
}

/// Sends some file, has it done, and gives back the answer.
pub async fn send_text(site: &Site, token: &str, text: &str) -> Answer {
    let answer = send_to(site, "/api/v1/submissions", token, text).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    answer
}

/// The same, to a path with its query, whatever the answer is.
async fn send_to(site: &Site, path: &str, token: &str, text: &str) -> Answer {
    send_bytes(site, path, token, text.as_bytes()).await
}

async fn send_bytes(site: &Site, path: &str, token: &str, bytes: &[u8]) -> Answer {
    let is_answered = AtomicBool::new(false);
    let sending = async {
        let answer = ask_with(site, "POST", path, token, bytes).await;
        is_answered.store(true, Ordering::SeqCst);
        answer
    };
    let working = async {
        while !is_answered.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(15)).await;
            site.portal.work().await;
        }
    };
    let (answer, ()) = tokio::join!(sending, working);
    site.portal.work().await;
    answer
}

fn read(answer: &Answer) -> serde_json::Value {
    serde_json::from_str(&answer.body).unwrap()
}

/// New mobile numbers for most of the trust: more than 50 accounts, and more than 20 percent.
pub fn most_of_the_trust() -> String {
    let rows = (1001..=1062).map(|id| format!("{id},RIV,,,07700 90{}\n", id + 1000));
    "LocalID,ODSCode,FirstName,LastName,Mobile\n".to_owned() + &rows.collect::<String>()
}

on_both! {
    async fn a_program_is_told_only_what_a_program_can_do(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let text = "LocalID,ODSCode,FirstName,LastName,Mobile\n,RIV,Ben,Cartwright,\n";
        let address = send_text(&site, &jem.token, text).await.location().to_owned();
        let told = ask(&site, "GET", &address, &jem.token, "").await;
        let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        let hint = "If it is the same person, send the local ID 2. If not, create the account in the portal.";
        assert_eq!((&told["rows"][0]["result"], &told["rows"][0]["problems"][0]["hint"]), (&"left-out".into(), &hint.into()));
        let result = ask(&site, "GET", &format!("{address}/result.csv"), &jem.token, "").await;
        assert!(result.body.contains("Skipped: this row needs a decision.") && result.body.contains(hint), "{}", result.body);
    }

    async fn a_program_sends_a_file_and_reads_what_became_of_each_row(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let me = ask(&site, "GET", "/api/v1/me", &jem.token, "").await;
        assert!(me.status == StatusCode::OK && me.body.contains("Jem Larkspur") && me.body.contains("\"RIV\""), "{}", me.body);

        let address = send(&site, &jem.token).await;
        let told = ask(&site, "GET", &address, &jem.token, "").await;
        let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        assert_eq!(told["state"], "applied");
        assert_eq!((&told["totals"]["created"], &told["totals"]["left_out"]), (&1.into(), &2.into()));
        assert_eq!(told["rows"][0]["address"], "ada.bright@health.example");
        assert_eq!(told["rows"][1]["problems"][0]["column"], "ODSCode");
        let said = told["rows"][1]["problems"][0]["message"].as_str().unwrap();
        assert_eq!(said, "The sender does not have the role Connector for “G7H8J”.");
        assert_eq!(told["next"], serde_json::Value::Null);

        let result = ask(&site, "GET", &format!("{address}/result.csv"), &jem.token, "").await;
        assert!(result.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
        assert!(result.body.contains("Created ada.bright@health.example."), "{}", result.body);
        let behind = ask(&site, "GET", &format!("{address}?after=3"), &jem.token, "").await;
        for (method, path, status) in [("GET", format!("{address}?after=abc"), 400), ("POST", address.clone(), 405), ("DELETE", "/api/v1/me".into(), 405)] {
            let wrong = ask(&site, method, &path, &jem.token, "").await;
            assert_eq!(wrong.status.as_u16(), status, "{path}");
            assert_eq!(wrong.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
            assert_eq!(wrong.headers.contains_key(header::ALLOW), status == 405, "{path}");
        }
        assert!(behind.body.contains("\"row\":4") && !behind.body.contains("\"row\":3"), "{}", behind.body);
    }

    async fn a_workbook_that_is_sent_as_csv_is_read_by_its_content(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let row = |line: &str| format!("<row>{}</row>", line.split(',').map(cell).collect::<String>());
        let rows: String = FILE.lines().take(2).map(row).collect();
        let book = excel(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"));
        let sent = send_bytes(&site, "/api/v1/submissions", &jem.token, &book).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
        let told = read(&ask(&site, "GET", sent.location(), &jem.token, "").await);
        assert_eq!((&told["state"], &told["totals"]["created"]), (&"applied".into(), &1.into()), "{told}");
        // What is neither is told so.
        let picture = send_bytes(&site, "/api/v1/submissions", &jem.token, b"\x89PNG\r\n\x1a\n....").await;
        assert_eq!(picture.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", picture.body);
    }

    async fn a_revoked_token_is_refused_at_once_and_says_how_to_prove_oneself(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        assert_eq!(ask(&site, "GET", "/api/v1/me", &jem.token, "").await.status, StatusCode::OK);
        let priya = site.sign_in("Priya").await;
        let revoked = priya.post(&format!("/tokens/{}/revocation", jem.id()), "").await;
        assert_eq!(revoked.status, StatusCode::SEE_OTHER, "{}", revoked.body);
        let refused = ask(&site, "GET", "/api/v1/me", &jem.token, "").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
        assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(!refused.body.contains(&jem.token));
        let entries = store::trail::after(site.portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let last = entries.last().unwrap().sentence(gate::calendar::day);
        assert!(last.starts_with(&format!("An API token that does not work was refused ({})", jem.id())), "{last}");
    }

    async fn a_dry_run_tells_the_plan_and_applies_nothing(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let text = "LocalID,ODSCode,FirstName,LastName,Mobile\n9001,RIV,Ada,Bright,\n1001,RIV,,,07700 902001\n9003,RIV,,Moon,\n";
        let answer = send_to(&site, "/api/v1/submissions?dry_run=true", &jem.token, text).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let told = read(&answer);
        assert_eq!((&told["state"], &told["dry_run"]), (&"dry-run".into(), &true.into()));
        let totals: Vec<_> = ["rows", "created", "updated", "left_out", "waiting"].iter().map(|name| told["totals"][name].as_u64().unwrap()).collect();
        assert_eq!(totals, [3, 1, 1, 1, 0]);
        let results: Vec<_> = told["rows"].as_array().unwrap().iter().map(|row| row["result"].as_str().unwrap()).collect();
        assert_eq!(results, ["created", "updated", "left-out"]);
        assert_eq!(told["rows"][0]["address"], "ada.bright@health.example");
        assert_eq!((&told["rows"][1]["changes"][0]["column"], &told["rows"][1]["changes"][0]["after"]), (&"Mobile".into(), &"+447700902001".into()));
        assert!(site.portal.gate.account_by_address("ada.bright@health.example").await.unwrap().is_none(), "nothing is applied");
        let listed = read(&ask(&site, "GET", "/api/v1/submissions", &jem.token, "").await);
        assert_eq!(listed["submissions"][0]["state"], "dry-run");
        let result = format!("/api/v1/submissions/{}/result.csv", told["id"].as_str().unwrap());
        let result = ask(&site, "GET", &result, &jem.token, "").await.body;
        assert!(result.contains("Dry run: nothing was applied. This row would create an account."), "{result}");
        let page = site.sign_in("Ben").await.get(&format!("/submissions/{}", told["id"].as_str().unwrap())).await.body;
        assert!(page.contains("Would be created") && page.contains("Would be updated"), "{page}");
        assert!(page.contains("1 account would be created, 1 account would be updated, 1 row would be rejected."), "{page}");
        assert!(!page.contains(">Skipped<"), "{page}");
        for odd in ["dry_run=perhaps", "dryrun=true", "dry_run=true&now=1"] {
            let wrong = ask(&site, "POST", &format!("/api/v1/submissions?{odd}"), &jem.token, text).await;
            assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{odd}");
        }
        // The same sent for good does what was told.
        let done = read(&send_text(&site, &jem.token, text).await);
        assert!(done["state"] != "dry-run" && done["dry_run"] == false, "{done}");
        assert!(site.portal.gate.account_by_address("ada.bright@health.example").await.unwrap().is_some());
    }

    async fn an_answer_says_how_the_file_was_read_and_what_new_accounts_get(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let text = "Staff of Riverside,,,,,,,\nLocalID,ODSCode,FirstName,LastName,StartDate,EndDate,ActivationEmail,Problems\n\
                    9001,RIV,Ada,Bright,2026-12-09,2027-03-31,ada@home.example,\n1006,RIV,,,,2027-07-01,,\n";
        let answer = send_to(&site, "/api/v1/submissions?dry_run=true", &jem.token, text).await;
        let told = read(&answer);
        let notices = ["The headings were found in row 2. The rows above it were not read."];
        assert_eq!(told["notices"], serde_json::json!(notices), "{told}");
        let columns = told["columns"].as_array().unwrap();
        assert_eq!(columns[0], serde_json::json!({ "heading": "LocalID", "attribute": "local-id" }));
        assert_eq!(columns[7], serde_json::json!({ "heading": "Problems", "attribute": null }));
        let change = |row: usize, column: &str| {
            let changes = told["rows"][row]["changes"].as_array().unwrap();
            changes.iter().find(|change| change["column"] == column).cloned().unwrap_or_default()
        };
        for (column, after) in [
            ("ODSCode", "RIV"),
            ("LocalID", "9001"),
            ("FirstName", "Ada"),
            ("StartDate", "2026-12-09"),
            ("EndDate", "2027-03-31"),
            ("Email address", "ada.bright@health.example"),
        ] {
            let given = serde_json::json!({ "column": column, "before": null, "after": after });
            assert_eq!(change(0, column), given, "{told}");
        }
        assert_eq!(change(0, "ActivationEmail"), serde_json::Value::Null);
        assert!(!answer.body.contains("home.example"), "{}", answer.body);
        // A program cannot change the last day of somebody who is here.
        assert_eq!(change(1, "EndDate"), serde_json::Value::Null, "{told}");
        // The list stays short.
        let listed = read(&ask(&site, "GET", "/api/v1/submissions", &jem.token, "").await);
        assert_eq!(listed["submissions"][0]["notices"], serde_json::Value::Null);
        let page = site.sign_in("Ben").await.get(&format!("/submissions/{}", told["id"].as_str().unwrap())).await.body;
        assert!(page.contains(notices[0]), "{page}");
    }

    async fn a_dry_run_that_would_be_held_says_so_on_its_page(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let told = read(&send_to(&site, "/api/v1/submissions?dry_run=true", &jem.token, &most_of_the_trust()).await);
        let message = told["held"]["message"].as_str().unwrap();
        assert!(message.starts_with("An administrator would have to apply these changes"), "{told}");
        let page = told["held"]["link"].as_str().unwrap();
        let (_, path) = page.split_once("/submissions/").unwrap();
        let shown = site.sign_in("Ben").await.get(&format!("/submissions/{path}")).await.body;
        assert!(shown.contains(message), "{shown}");
    }

    async fn an_unreadable_file_is_answered_422_with_all_problems(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let answer = send_to(&site, "/api/v1/submissions", &jem.token, "colour;size\nred;large\n").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        let told = read(&answer);
        assert_eq!(told["state"], "unreadable");
        assert!(!told["problems"].as_array().unwrap().is_empty() && told["rows"].as_array().unwrap().is_empty(), "{told}");
        let columns = serde_json::json!([{ "heading": "colour", "attribute": null }, { "heading": "size", "attribute": null }]);
        assert_eq!(told["columns"], columns);
        assert!(answer.location().ends_with(told["id"].as_str().unwrap()));
    }

    async fn what_was_sent_is_listed_by_pages_newest_first(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let lowri = connector(&site, "lowri.umar@health.example", "RIV").await;
        let visit = site.portal.gate.on_behalf_of(&jem.actor);
        for _ in 0..52 {
            let arriving = gate::Arriving { channel: Channel::Api, file_name: "api.csv".into(), bytes: FILE.as_bytes().to_vec() };
            visit.rehearse(arriving).await.unwrap();
            site.portal.pass_seconds(1);
        }
        site.portal.work().await;
        let first = read(&ask(&site, "GET", "/api/v1/submissions", &jem.token, "").await);
        let next = first["next"].as_str().unwrap();
        let second = read(&ask(&site, "GET", next, &jem.token, "").await);
        let (first, second) = (first["submissions"].as_array().unwrap(), second["submissions"].as_array().unwrap());
        assert_eq!((first.len(), second.len()), (50, 2));
        let received: Vec<_> = first.iter().chain(second).map(|sent| sent["received_at"].as_str().unwrap()).collect();
        assert!(received.is_sorted_by(|newer, older| newer > older), "{received:?}");
        assert!(received[0].ends_with('Z') && first[0].get("rows").is_none(), "{}", first[0]);
        let of_others = read(&ask(&site, "GET", "/api/v1/submissions", &lowri.token, "").await);
        assert_eq!((&of_others["submissions"], &of_others["next"]), (&serde_json::json!([]), &serde_json::Value::Null));
        let wrong = ask(&site, "GET", "/api/v1/submissions?after=!", &jem.token, "").await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    }

    async fn what_is_no_file_is_told_so(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let bare = ask(&site, "POST", "/api/v1/submissions", &jem.token, "").await;
        assert_eq!(bare.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let none = ask(&site, "GET", "/api/v1/elsewhere", &jem.token, "").await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        assert!(none.body.contains("\"detail\""), "{}", none.body);
    }
}

/// Every path of the interface, to every kind of token: another's submission is one that is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_are_answered_as_approved() {
    let site = Site::open(Kind::Sqlite).await;
    let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
    let lowri = connector(&site, "lowri.umar@health.example", "RIV").await;
    let olwen = connector(&site, "olwen.adeyemi@health.example", "G7H8J").await;
    let left = connector(&site, "perrin.holloway@health.example", "RIV").await;
    let address = send(&site, &jem.token).await;
    let leave = Wish::Account(
        left.actor.account().unwrap(),
        AccountWish::Turn(domain::life::Turn::MarkLeaver),
    );
    site.portal
        .gate
        .on_behalf_of(&SERVICE)
        .establish(vec![leave])
        .await
        .unwrap();
    let mut slip = jem.token.clone();
    slip.pop();
    let tokens = [
        ("none", ""),
        ("slip", slip.as_str()),
        ("leaver", left.token.as_str()),
        ("own", jem.token.as_str()),
        ("peer", lowri.token.as_str()),
        ("other", olwen.token.as_str()),
    ];
    let mut table = format!("{:<46}", "");
    for (name, _) in tokens {
        table += &format!(" {name:<7}");
    }
    table = table.trim_end().to_owned() + "\n";
    for (method, path) in [
        ("GET", "/api/v1/me".to_owned()),
        ("GET", "/api/v1/submissions".to_owned()),
        ("POST", "/api/v1/submissions".to_owned()),
        ("GET", address.clone()),
        ("GET", format!("{address}/result.csv")),
        ("GET", "/api/v1/elsewhere".to_owned()),
    ] {
        let shown = path.replace(address.rsplit('/').next().unwrap(), "{id}");
        let mut line = format!("{method:<5} {shown:<40}");
        for (_, token) in tokens {
            let body = if method == "POST" { FILE } else { "" };
            let answer = ask(&site, method, &path, token, body).await;
            line += &format!(" {:<7}", answer.status.as_u16());
        }
        table += line.trim_end();
        table.push('\n');
    }
    let answer = send_text(&site, &jem.token, &most_of_the_trust()).await;
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    table += "\nA submission that waits for an administrator:\n";
    for (name, value) in [
        ("state", &told["state"]),
        ("held.message", &told["held"]["message"]),
        ("held.link", &told["held"]["link"]),
    ] {
        let said = value.as_str().unwrap_or_default();
        table += &format!("{name}: {}\n", said.replace(told["id"].as_str().unwrap(), "{id}"));
    }
    assert_approved("api.txt", &table);
    assert!(TokenId::parse(&jem.id()).is_some());
}
