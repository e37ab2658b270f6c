//! Staying signed in, and what programs look for at addresses of their own.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use server::operate::config::Config;
use testkit::{Kind, Portal};

use crate::browser::{Site, Visitor};

async fn left(visitor: &Visitor<'_>) -> i64 {
    visitor.get("/stay/left").await.body.parse().unwrap()
}

#[tokio::test]
async fn a_page_warns_two_minutes_before_the_session_may_end() {
    let site = Site::open(Kind::Sqlite).await;
    let page = site.sign_in("Ben").await.get("/").await.body;
    for text in [
        "app-stay app-stay--0000 app-stay--000 app-stay--20 app-stay--8",
        "data-stay=\"/stay/left\"",
        "data-after=\"1680\"",
        "action=\"/stay\"",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let open = site.nobody().get("/sign-in").await.body;
    assert!(!open.contains("app-stay"), "{open}");
}

#[tokio::test]
async fn asking_how_long_a_session_lasts_does_not_prolong_it_but_staying_does() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    ben.get("/").await;
    assert_eq!(left(&ben).await, 35 * 60);
    site.portal.pass_seconds(600);
    assert_eq!((left(&ben).await, left(&ben).await), (25 * 60, 25 * 60));
    assert_eq!(ben.post("/stay", "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(left(&ben).await, 35 * 60);
    // Another tab prolongs it for all.
    site.portal.pass_seconds(900);
    ben.get("/people").await;
    assert_eq!(left(&ben).await, 35 * 60);
}

#[tokio::test]
async fn without_a_script_staying_signed_in_is_a_page_of_its_own() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let request = ben
        .request("POST", "/stay")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = ben.raw(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/stay"));
    let page = ben.get("/stay").await.body;
    assert!(
        page.contains("You are still signed in") && page.contains("30 minutes"),
        "{page}"
    );
    // Whose session has ended signs in, and is told the same.
    assert_eq!(site.nobody().post("/stay", "").await.location(), "/sign-in?next=/stay");
}

#[tokio::test]
async fn programs_find_the_page_to_change_a_password() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for visitor in [&site.nobody(), &ben] {
        let answer = visitor.get("/.well-known/change-password").await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/me/password")
        );
    }
}

#[tokio::test]
async fn security_txt_is_there_once_a_contact_is_set() {
    let site = Site::open(Kind::Sqlite).await;
    assert_eq!(
        site.nobody().get("/.well-known/security.txt").await.status,
        StatusCode::NOT_FOUND
    );
    let config = Config {
        security_contact: Some("mailto:security@health.example".to_owned()),
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    let answer = site.nobody().get("/.well-known/security.txt").await;
    assert_eq!(
        (answer.status, &answer.headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &"text/plain; charset=utf-8".parse().unwrap())
    );
    for line in [
        "Contact: mailto:security@health.example\n",
        "Expires: 2027-05-20T00:00:00Z\n",
        "Preferred-Languages: en\n",
    ] {
        assert!(answer.body.contains(line), "{line}: {}", answer.body);
    }
}
