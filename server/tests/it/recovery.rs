//! Getting back in, from outside: the page that asks for a link, where the link leads, and what a lock leaves alone.

use axum::http::StatusCode;
use domain::{account::AccountStatus, life::Turn};
use testkit::{Kind, PASSWORD, on_both};

use crate::browser::Site;

const BEN: &str = "ben.cartwright@health.example";

async fn status(site: &Site, address: &str) -> AccountStatus {
    site.portal
        .gate
        .account_by_address(address)
        .await
        .unwrap()
        .unwrap()
        .status
}

on_both! {
    async fn a_lock_lets_nobody_new_in_and_leaves_sessions_alone(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        site.portal.pass_seconds(1);
        site.portal.turn(BEN, Turn::Lock).await;
        for page in ["/", "/people", "/me"] {
            assert_eq!(ben.get(page).await.status, StatusCode::OK, "{page}");
        }
        let form = format!("address={BEN}&password={PASSWORD}");
        assert_eq!(site.nobody().post("/sign-in", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What they are doing goes on, and so does proving that it is them.
        let again = ben.post("/sign-in/again", &format!("password={PASSWORD}&next=/people")).await;
        assert_eq!(again.location(), "/people");
        site.portal.turn(BEN, Turn::Unlock).await;
        assert_eq!(ben.get("/people").await.status, StatusCode::OK);
        site.portal.pass_seconds(1);
        site.portal.turn(BEN, Turn::Disable).await;
        site.portal.turn(BEN, Turn::Enable).await;
        assert!(ben.get("/").await.location().starts_with("/sign-in"), "what ends sessions ends them, used or not");
    }

    async fn a_forgotten_password_is_chosen_anew_and_other_sessions_end(portal: Portal) {
        let site = Site::over(portal);
        let elsewhere = site.sign_in("Ben").await;
        site.portal.pass_seconds(1);
        assert!(site.nobody().get("/sign-in").await.body.contains("href=\"/password-reset\""));
        let page = site.nobody().get("/password-reset").await;
        assert!(page.status == StatusCode::OK && page.body.contains("Email me a link"), "{}", page.body);
        let asked = site.nobody().post("/password-reset", &format!("address={BEN}")).await;
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/password-reset?sent=yes"));
        let link = site.portal.link_sent_to(BEN).await;
        let page = site.nobody().get(&link).await;
        assert!(page.body.contains("Choose a new password, Ben") && !page.body.contains("keep my password"), "{}", page.body);
        // Asking changes nothing yet.
        assert_eq!(elsewhere.get("/").await.status, StatusCode::OK);
        let mut ben = site.nobody();
        assert_eq!(ben.enter(&link, "password=teapot-lantern-9").await.location(), "/");
        assert_eq!(ben.get("/people").await.status, StatusCode::OK);
        assert!(elsewhere.get("/").await.location().starts_with("/sign-in"));
        assert_eq!(site.nobody().get(&link).await.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_is_locked_out_unlocks_by_the_link_and_keeps_their_password(portal: Portal) {
        let site = Site::over(portal);
        site.portal.turn(BEN, Turn::Lock).await;
        site.nobody().post("/password-reset", &format!("address={BEN}")).await;
        let link = site.portal.link_sent_to(BEN).await;
        let page = site.nobody().get(&link).await;
        assert!(page.body.contains("Unlock your account, Ben") && page.body.contains("keep my password"), "{}", page.body);
        assert_eq!(status(&site, BEN).await, AccountStatus::Locked, "looking at a link does nothing");
        let mut ben = site.nobody();
        let unlocked = ben.enter(&link, "keep=yes").await;
        assert_eq!(unlocked.location(), "/sign-in?unlocked=yes");
        assert!(ben.get(unlocked.location()).await.body.contains("Your account is unlocked."));
        assert!(ben.get("/people").await.location().starts_with("/sign-in"), "the password is still asked for");
        assert_eq!(ben.enter("/sign-in", &format!("address={BEN}&password={PASSWORD}")).await.location(), "/");
        assert_eq!(site.nobody().post(&link, "keep=yes").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_answer_says_nothing_about_who_is_here(portal: Portal) {
        let site = Site::over(portal);
        site.portal.turn("jem.larkspur@health.example", Turn::Disable).await;
        for address in [BEN, "jem.larkspur@health.example", "nobody.here@health.example", "not an address"] {
            let asked = site.nobody().post("/password-reset", &format!("address={address}")).await;
            assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/password-reset?sent=yes"), "{address}");
        }
        let told = site.nobody().get("/password-reset?sent=yes").await;
        assert!(told.body.contains("If there is an account") && told.body.contains("60 minutes"), "{}", told.body);
        let empty = site.nobody().post("/password-reset", "address=%E2%80%8B+").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("<a href=\"#address\">Enter your email address."), "{}", empty.body);
    }
}

#[tokio::test]
async fn a_link_that_was_asked_for_leads_past_no_second_factor() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    crate::second_factor::set_up(&site, &ben).await;
    site.nobody().post("/password-reset", &format!("address={BEN}")).await;
    let link = site.portal.link_sent_to(BEN).await;
    let mut again = site.nobody();
    let led_to = again.enter(&link, "password=teapot-lantern-9").await;
    assert_eq!(led_to.location(), "/sign-in/second");
    assert_eq!(again.get("/people").await.location(), "/sign-in/second?next=/people");
}
