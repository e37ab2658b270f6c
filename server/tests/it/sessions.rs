//! Sessions from outside: their limits, the list of them, ending them; and waiting after failures, as the pages say it.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use testkit::{Kind, PASSWORD, on_both};

use crate::browser::{Answer, Site};

const BEN: &str = "ben.cartwright@health.example";

/// A request from a network address, by a browser.
async fn from(site: &Site, client: &str, method: &str, path: &str, form: &str) -> Answer {
    let client: IpAddr = client.parse().unwrap();
    let address = SocketAddr::new(client, 4711);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(
            header::USER_AGENT,
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(address));
    site.nobody()
        .raw(request.body(Body::from(form.to_owned())).unwrap())
        .await
}

on_both! {
    async fn a_session_ends_twelve_hours_after_it_began_however_much_it_is_used(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        for _ in 0..23 {
            site.portal.pass_seconds(1800);
            assert_eq!(ben.get("/").await.status, StatusCode::OK);
        }
        site.portal.pass_seconds(1800);
        assert!(ben.get("/").await.location().starts_with("/sign-in"));
    }

    async fn people_see_where_they_are_signed_in_and_end_what_they_do_not_know(portal: Portal) {
        let site = Site::over(portal);
        // Sessions expire by the time that it is, not by the tests' own.
        let (here, there) = (site.sign_in("Ben").await, site.sign_in("Ben").await);
        let priya = site.sign_in("Priya").await;
        let form = format!("address={BEN}&password={PASSWORD}");
        let far = from(&site, "192.0.2.7", "POST", "/sign-in", &form).await;
        assert_eq!(far.location(), "/");
        let page = here.get("/me/sessions").await.body;
        assert_eq!((page.matches("<th scope=\"row\">").count(), page.matches("This one").count()), (3, 1));
        assert!(page.contains("Firefox on Linux") && page.contains("192.0.2.7"), "{page}");
        let ends = |page: &str| -> Vec<String> {
            let values = page.split("name=\"end\" value=\"").skip(1);
            values.map(|rest| rest.split('"').next().unwrap().to_owned()).filter(|end| end != "all").collect()
        };
        // What is not one's own cannot be ended.
        let others = ends(&page);
        assert_eq!(others.len(), 2);
        for end in &others {
            priya.post("/me/sessions", &format!("end={end}")).await;
        }
        assert_eq!(there.get("/").await.status, StatusCode::OK);
        for end in &others {
            assert_eq!(here.post("/me/sessions", &format!("end={end}")).await.location(), "/me/sessions");
        }
        assert!(there.get("/").await.location().starts_with("/sign-in"));
        assert_eq!(here.get("/").await.status, StatusCode::OK);
        let once_more = site.sign_in("Ben").await;
        assert_eq!(once_more.post("/me/sessions", "end=all").await.location(), "/sign-in");
        for ended in [here, once_more] {
            assert!(ended.get("/").await.location().starts_with("/sign-in"));
        }
        assert_eq!(priya.get("/").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn whoever_fails_too_often_is_told_how_long_to_wait() {
    let site = Site::open(Kind::Sqlite).await;
    let mut told = Vec::new();
    for address in [BEN, "nobody.here@health.example"] {
        let form = format!("address={address}&password=wrong-password");
        for _ in 0..6 {
            assert_eq!(
                site.nobody().post("/sign-in", &form).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        let refused = site.nobody().post("/sign-in", &form).await;
        assert_eq!(
            (refused.status, &refused.headers[header::RETRY_AFTER]),
            (StatusCode::TOO_MANY_REQUESTS, &"15".parse().unwrap())
        );
        assert!(
            refused
                .body
                .contains("Too many attempts have failed. Try again in 1 minute.")
        );
        let words = refused.body.replace(address, "");
        told.push(words.split("<main").nth(1).unwrap().len());
    }
    assert_eq!(told[0], told[1], "nobody learns from it who is here");
}

#[tokio::test]
async fn whoever_tries_links_that_are_none_must_wait_like_those_who_guess() {
    let site = Site::open(Kind::Sqlite).await;
    for number in 0..=site.portal.gate.rules().sign_in.client_failures / 2 {
        let answer = from(&site, "192.0.2.7", "GET", &format!("/start/guess{number}"), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{number}");
    }
    let refused = from(&site, "192.0.2.7", "GET", "/start/another", "").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(
        from(&site, "192.0.2.8", "GET", "/start/another", "").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn one_network_of_ipv6_waits_whichever_address_it_takes() {
    let site = Site::open(Kind::Sqlite).await;
    let form = format!("address={BEN}&password=wrong-password");
    for number in 1..=6 {
        let refused = from(&site, &format!("2001:db8:1:2::{number}"), "POST", "/sign-in", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
    let waits = from(&site, "2001:db8:1:2:ffff::7", "POST", "/sign-in", &form).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = from(&site, "2001:db8:1:3::7", "POST", "/sign-in", &form).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
}
