//! What connectors send, as administrators meet it: the tokens of their scope, what waits for them, what they undo.

use axum::http::StatusCode;
use testkit::Kind;

use crate::{
    api::{connector, most_of_the_trust, send_text},
    browser::Site,
};

#[tokio::test]
async fn a_token_is_found_in_the_list_and_revoked_after_a_question() {
    let site = Site::open(Kind::Sqlite).await;
    let priya = site.sign_in("Priya").await;
    let empty = priya.get("/tokens").await;
    assert!(empty.body.contains("No tokens are active."), "{}", empty.body);
    // At home below the organisation of the role.
    let seren = connector(&site, "seren.wolstenholme@health.example", "RIV").await;
    let page = priya.get("/administrators").await;
    assert!(page.body.contains("href=\"/tokens\""), "{}", page.body);
    let list = priya.get("/tokens").await;
    for said in [
        &format!("pat_{}", seren.id()),
        "Seren Wolstenholme",
        "Never",
        "Works until",
    ] {
        assert!(list.body.contains(said), "{said}: {}", list.body);
    }
    let none = priya.get("/tokens?find=nobody").await;
    assert!(none.body.contains("No tokens found."), "{}", none.body);
    // Whoever found a whole token somewhere pastes it: no address ever holds more than its beginning.
    let found = priya.post("/tokens", &format!("find={}&show=all", seren.token)).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    assert_eq!(found.location(), format!("/tokens?show=all&find=pat_{}", seren.id()));
    let list = priya.get(found.location()).await;
    assert!(
        list.body.contains("Seren Wolstenholme") && !list.body.contains(&seren.token),
        "{}",
        list.body
    );
    assert!(
        list.body.contains("method=\"post\" action=\"/tokens\""),
        "{}",
        list.body
    );
    let by_name = priya.post("/tokens", "find=Payroll&show=").await;
    assert_eq!(by_name.location(), "/tokens?find=Payroll");
    let old = priya.get(&format!("/tokens?find={}", seren.token)).await;
    assert!(
        old.body.contains("Seren Wolstenholme") && !old.body.contains(&seren.token),
        "{}",
        old.body
    );
    let token = format!("/tokens/{}", seren.id());
    let page = priya.get(&token).await;
    assert!(
        page.body.contains("Revoke token") && page.body.contains("Seren Wolstenholme"),
        "{}",
        page.body
    );
    let revoked = priya.post(&format!("{token}/revocation"), "").await;
    assert_eq!(
        (revoked.status, revoked.location()),
        (StatusCode::SEE_OTHER, "/tokens?revoked=yes")
    );
    let list = priya.get(revoked.location()).await;
    assert!(
        list.body.contains("The token is revoked.") && !list.body.contains(&seren.id()),
        "{}",
        list.body
    );
    let page = priya.get(&token).await;
    assert!(
        page.body.contains("by Priya Ramanathan") && !page.body.contains("Revoke token"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn a_held_submission_is_applied_by_its_number_and_can_be_undone() {
    let site = Site::open(Kind::Sqlite).await;
    let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
    let told = send_text(&site, &jem.token, &most_of_the_trust()).await;
    let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["totals"]["updated"], 0);
    let page = format!("/submissions/{}", told["id"].as_str().unwrap());
    let ben = site.sign_in("Ben").await;
    for address in ["/", "/uploads", "/uploads?by=machines"] {
        let shown = ben.get(address).await;
        assert!(
            shown.body.contains("1 submission waits for you"),
            "{address}: {}",
            shown.body
        );
        assert!(shown.body.contains("Jem Larkspur"), "{address}");
    }
    let people = ben.get("/uploads?by=people").await;
    assert!(people.body.contains("No files uploaded yet."), "{}", people.body);
    let gwen = site.sign_in("Gwen").await;
    assert_eq!(gwen.get(&page).await.status, StatusCode::NOT_FOUND);
    assert!(!gwen.get("/").await.body.contains("waits for you"));

    let shown = ben.get(&page).await;
    assert!(
        shown.body.contains("they wait for you") && shown.body.contains("Discard"),
        "{}",
        shown.body
    );
    let (_, rest) = shown.body.split_once("type the number ").unwrap();
    let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let wrong = ben.post(&format!("{page}/confirmation"), "seen=0&number=1").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = format!("seen=0&number={number}");
    assert_eq!(
        ben.post(&format!("{page}/confirmation"), &said).await.status,
        StatusCode::SEE_OTHER
    );
    site.portal.work().await;
    let applied = ben.get(&page).await;
    assert!(
        applied.body.contains(&format!("{number} accounts updated")),
        "{}",
        applied.body
    );
    assert!(applied.body.contains("Applied by Ben Cartwright."), "{}", applied.body);
    assert!(applied.body.contains("Undo this submission"), "{}", applied.body);
    let undo = ben.post(&format!("{page}/undo"), "").await;
    site.portal.work().await;
    let plan = ben.get(undo.location()).await;
    assert!(plan.body.contains(&format!("Reverse {number} rows")), "{}", plan.body);
}

#[tokio::test]
async fn an_administrator_who_sent_it_is_not_told_to_ask_the_connector() {
    let site = Site::open(Kind::Sqlite).await;
    let own = connector(&site, "ben.cartwright@health.example", "RIV").await;
    let told = send_text(&site, &own.token, &most_of_the_trust()).await;
    let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(told["state"], "held", "{told}");
    let page = format!("/submissions/{}", told["id"].as_str().unwrap());
    let shown = site.sign_in("Ben").await.get(&page).await.body;
    assert!(
        shown.contains("A program with your token sent these changes"),
        "{shown}"
    );
    assert!(!shown.contains("ask the connector"), "{shown}");
    let others = site.sign_in("Priya").await.get(&page).await.body;
    assert!(others.contains("ask the connector"), "{others}");
}
