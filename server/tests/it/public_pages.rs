//! Pages that everybody may read, and what pages about people show besides.

use axum::http::StatusCode;
use demo::PRACTICE_FILE;
use server::operate::config::Config;
use testkit::{Kind, PASSWORD, Portal};

use crate::browser::Site;

const PAGES: [(&str, &str); 4] = [
    ("/help", "Help"),
    ("/contact", "Contact"),
    ("/privacy", "Privacy"),
    ("/accessibility", "Accessibility statement"),
];

#[tokio::test]
async fn pages_of_the_footer_are_readable_signed_out_and_linked_everywhere() {
    let site = Site::open(Kind::Sqlite).await;
    let (nobody, ben) = (site.nobody(), site.sign_in("Ben").await);
    let (sign_in, home) = (nobody.get("/sign-in").await, ben.get("/").await);
    for (path, title) in PAGES {
        for answer in [nobody.get(path).await, ben.get(path).await] {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(
                answer.body.contains(&format!("<title>{title} – Staffbook</title>")),
                "{path}: {}",
                answer.body
            );
        }
        for page in [&sign_in, &home] {
            assert!(page.body.contains(&format!("href=\"{path}\"")), "{path}");
        }
    }
}

#[tokio::test]
async fn contact_names_ones_own_administrators_and_nobody_to_strangers() {
    let site = Site::open(Kind::Sqlite).await;
    let hamid = site.sign_in("Hamid").await.get("/contact").await;
    for address in ["ben.cartwright@health.example", "priya.ramanathan@health.example"] {
        assert!(
            hamid.body.contains(&format!("href=\"mailto:{address}\"")),
            "{}",
            hamid.body
        );
    }
    assert!(!hamid.body.contains("gwen.ashcombe@"), "{}", hamid.body);
    let gwen = site.sign_in("Gwen").await.get("/contact").await;
    assert!(gwen.body.contains("You are the only administrator"), "{}", gwen.body);
    let nobody = site.nobody().get("/contact").await;
    assert!(!nobody.body.contains("mailto:"), "{}", nobody.body);
    assert!(
        nobody.body.contains("href=\"/sign-in?next=/contact\""),
        "{}",
        nobody.body
    );
}

#[tokio::test]
async fn what_the_operator_has_set_stands_on_the_public_pages() {
    let config = Config {
        support_contact: Some("desk@portal.example".to_owned()),
        privacy_url: Some("https://portal.example/privacy".to_owned()),
        session_minutes: 45,
        audit_years: 7,
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    let nobody = site.nobody();
    for path in ["/contact", "/accessibility"] {
        let page = nobody.get(path).await;
        assert!(
            page.body.contains("href=\"mailto:desk@portal.example\""),
            "{}",
            page.body
        );
    }
    let privacy = nobody.get("/privacy").await;
    assert!(
        privacy.body.contains("href=\"https://portal.example/privacy\""),
        "{}",
        privacy.body
    );
    for said in ["45 minutes without use", "At least 7 years"] {
        assert!(privacy.body.contains(said), "{said}: {}", privacy.body);
    }
}

#[tokio::test]
async fn an_accounts_page_shows_what_lies_ahead_as_a_line_with_dates() {
    let site = Site::open(Kind::Sqlite).await;
    let leaver = site.portal.account("dermot.dunmore@health.example").await;
    let page = site.sign_in("Ben").await.get(&format!("/accounts/{leaver}")).await;
    let (_, line) = page.body.split_once("<ol class=\"app-lifeline\">").expect("a line");
    let (line, _) = line.split_once("</ol>").expect("its end");
    let stages: Vec<_> = line.split("</li>").filter(|stage| stage.contains("<li")).collect();
    assert_eq!(stages.len(), 3, "{line}");
    for (stage, (what, day)) in stages.iter().zip([
        ("Leaver", "21 November 2026"),
        ("Deleted", "21 December 2026"),
        ("Permanently deleted", "20 January 2027"),
    ]) {
        assert!(stage.contains(what) && stage.contains(day), "{what}, {day}: {stage}");
    }
    assert!(stages[0].contains("aria-current=\"step\""), "{}", stages[0]);
}

#[tokio::test]
async fn home_begins_with_what_waits_and_says_so_where_nothing_does() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let quiet = ben.get("/").await;
    assert!(quiet.body.contains("Nothing needs your attention."), "{}", quiet.body);
    let sender = site.actor("Ben").await;
    let first = site.portal.upload(&sender, PRACTICE_FILE).await;
    let one = ben.get("/").await.body;
    assert!(one.contains("1 upload to review: "), "{one}");
    assert!(one.contains(&format!("href=\"/submissions/{first}\"")), "{one}");
    assert!(!one.contains("Nothing needs your attention."), "{one}");
    let other = "Payroll no,Trust,Forename,Surname\nn1,RIV,Ada,Bright\n";
    let second = site.portal.upload(&sender, other).await;
    let both = ben.get("/").await.body;
    let columns = format!("href=\"/submissions/{second}/columns\"");
    assert!(
        both.contains("Say what the columns of 1 upload hold: ") && both.contains(&columns),
        "{both}"
    );
    // Priya sees it, but it is not hers to decide on.
    let priya = site.sign_in("Priya").await.get("/").await;
    assert!(!priya.body.contains("1 upload to review"), "{}", priya.body);
    // Who holds no role has nothing to do here.
    let jem = "jem.larkspur@health.example";
    let person = site.portal.person(jem).await;
    let chosen = site.portal.gate.on_behalf_of(&person).choose_password(PASSWORD).await;
    chosen.unwrap().unwrap();
    let none = site.sign_in_at(jem).await.get("/").await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(!none.body.contains("To do"), "{}", none.body);
}
