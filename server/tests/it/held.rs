//! Automatic changes that are held back: a Global Administrator is told, looks at them, and confirms the number.

use axum::http::StatusCode;
use domain::rules::Brake;
use testkit::{Kind, Portal, SERVICE};

use crate::browser::Site;

const PAGE: &str = "/automatic-changes/held";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_back_is_confirmed_by_a_global_administrator() {
    let portal = Portal::open(Kind::Sqlite).await.ruled(|rules| {
        rules.timers.unused_days = 0;
        rules.brake = Brake {
            percent: 100,
            accounts: 1,
        };
    });
    // The demonstration's leaver is deleted, and who is deleted there is erased.
    portal.pass_seconds(30 * 86_400);
    let site = Site::over(portal);
    let gate = &site.portal.gate;
    let quiet = site.sign_in("Grace").await;
    assert!(!quiet.get("/").await.body.contains(PAGE));
    assert!(
        quiet
            .get(PAGE)
            .await
            .body
            .contains("No automatic changes are held back.")
    );
    let swept = gate.sweep(&SERVICE).await.unwrap();
    assert_eq!((swept.held, swept.done), (Some(2), 0));

    let (grace, ben) = (site.sign_in("Grace").await, site.sign_in("Ben").await);
    assert!(grace.get("/").await.body.contains(PAGE));
    assert!(!ben.get("/").await.body.contains(PAGE));
    assert_eq!(ben.get(PAGE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ben.post(PAGE, "number=2").await.status, StatusCode::FORBIDDEN);
    let shown = grace.get(PAGE).await.body;
    assert!(
        shown.contains("1 account is deleted") && shown.contains("1 account is permanently deleted"),
        "{shown}"
    );
    for (typed, says) in [
        ("", "Type the number"),
        ("many", "Type the number"),
        ("3", "2 automatic changes are held back now."),
    ] {
        let answer = grace.post(PAGE, &format!("number={typed}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.body.contains(says), "{typed}: {}", answer.body);
    }
    let saved = grace.post(PAGE, "number=2").await;
    assert_eq!(saved.location(), "/automatic-changes/held?confirmed=yes");
    let confirmed = grace.get(saved.location()).await.body;
    assert!(
        confirmed.contains("Your confirmation is saved.") && confirmed.contains("Grace Lindholm"),
        "{confirmed}"
    );
    let swept = gate.sweep(&SERVICE).await.unwrap();
    assert_eq!((swept.held, swept.done), (None, 2));
    assert!(!grace.get("/").await.body.contains(PAGE));
}
