//! How many requests one person, one token and one address may make, and what they are told when it is too many.

use std::net::SocketAddr;

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use futures::{StreamExt, stream};
use server::operate::{config::Config, observe};
use testkit::{Kind, Portal};
use tower::ServiceExt;

use crate::{
    api::connector,
    browser::{Answer, Site, Visitor},
};

async fn site(config: Config) -> Site {
    Site::configured(Portal::open(Kind::Sqlite).await, config)
}

/// A request for the sign-in page that comes by a peer's connection.
async fn from(site: &Site, peer: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().uri("/sign-in");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    site.nobody().raw(request).await
}

/// The beginning of an upload that never ends.
fn endless(request: axum::http::request::Builder) -> Request<Body> {
    let start = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"staff.csv\"\r\n\r\nLocalID";
    let start = stream::iter([Ok::<_, std::convert::Infallible>(start)]);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    request.body(Body::from_stream(start.chain(stream::pending()))).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_upload_too_many_is_asked_to_come_back_and_taken_later() {
    let site = site(Config {
        uploads_at_once: 1,
        ..Site::config()
    })
    .await;
    let (ben, priya) = (site.sign_in("Ben").await, site.sign_in("Priya").await);
    let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
    let file = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";
    let request = priya
        .request("POST", "/uploads/new")
        .header("sec-fetch-site", "same-origin");
    let machine = Request::post("/api/v1/submissions")
        .header(header::AUTHORIZATION, format!("Bearer {}", jem.token))
        .header(header::CONTENT_TYPE, "text/csv");
    let nobody = site.nobody();
    let refused = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        tokio::join!(
            ben.upload("staff.csv", file),
            nobody.raw(machine.body(Body::from(file)).unwrap())
        )
    };
    let (page, problem) = tokio::select! {
        _ = priya.open(endless(request)) => panic!("it has not come whole"),
        refused = refused => refused,
    };
    for refused in [&page, &problem] {
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
        assert_eq!(refused.headers[header::RETRY_AFTER], "10");
        assert!(
            refused.body.contains("Wait 10 seconds, then upload it again."),
            "{}",
            refused.body
        );
    }
    assert_eq!(problem.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(ben.upload("staff.csv", file).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seventh_stream_of_progress_is_told_once_and_asked_to_come_back() {
    let site = site(Site::config()).await;
    let (ben, priya) = (site.sign_in("Ben").await, site.sign_in("Priya").await);
    // Nobody works here: it stays as it is.
    let uploaded = ben
        .upload("staff.csv", "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n")
        .await;
    let path = format!("{}/progress", uploaded.location());
    let of = |visitor: &Visitor<'_>| visitor.request("GET", &path).body(Body::empty()).unwrap();
    let mut open = Vec::new();
    for _ in 0..6 {
        open.push(ben.open(of(&ben)).await);
    }
    let seventh = ben.get(&path).await;
    assert!(
        seventh.body.contains("data: 0/0") && seventh.body.contains("retry: 5000"),
        "{}",
        seventh.body
    );
    let ends = async |visitor: &Visitor<'_>| {
        let reading = async { to_bytes(visitor.open(of(visitor)).await.into_body(), usize::MAX).await };
        tokio::time::timeout(std::time::Duration::from_millis(300), reading)
            .await
            .is_ok()
    };
    assert!(ends(&ben).await && !ends(&priya).await);
    open.pop();
    assert!(!ends(&ben).await, "one of six was closed");
}

#[tokio::test]
async fn who_asks_too_much_is_asked_to_wait_and_nobody_else() {
    let (_, metrics) = observe::metrics();
    let site = site(Config {
        requests_per_minute: 1,
        requests_burst: 5,
        ..Site::config()
    })
    .await;
    let (ben, gwen) = (site.sign_in("Ben").await, site.sign_in("Gwen").await);
    for _ in 0..5 {
        assert_eq!(ben.get("/people").await.status, StatusCode::OK);
    }
    let before = site
        .portal
        .gate
        .on_behalf_of(&site.actor("Ben").await)
        .profile()
        .await
        .unwrap();
    let refused = ben.post("/me", "mobile=07700900123").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = refused.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((2..=60).contains(&wait), "{wait}");
    assert!(refused.body.contains(&format!("Wait {wait} seconds, then try again.")));
    assert!(refused.body.contains("Wait a moment") && refused.body.contains("This one changed nothing."));
    let after = site
        .portal
        .gate
        .on_behalf_of(&site.actor("Ben").await)
        .profile()
        .await
        .unwrap();
    assert_eq!(before.account.version, after.account.version);
    // A session more does not help.
    assert_eq!(
        site.sign_in("Ben").await.get("/people").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let island = ben.post("/api/find-people", "words=ben").await;
    assert_eq!(
        (island.status, island.headers[header::CONTENT_TYPE].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "application/problem+json")
    );
    assert_eq!(gwen.get("/people").await.status, StatusCode::OK);
    let counted = metrics
        .oneshot(Request::builder().uri("/metrics").body(Body::empty()).unwrap())
        .await
        .unwrap();
    let counted = axum::body::to_bytes(counted.into_body(), usize::MAX).await.unwrap();
    let counted = String::from_utf8_lossy(&counted);
    assert!(
        counted.contains("portal_refused_requests_total{why=\"person\"} 3"),
        "{counted}"
    );
}

#[tokio::test]
async fn an_address_is_counted_whoever_is_behind_it() {
    let site = site(Config {
        address_requests_per_minute: 1,
        address_requests_burst: 3,
        ..Site::config()
    })
    .await;
    for number in 0..3 {
        // What a stranger says of themselves changes nothing.
        let said = format!("203.0.113.{number}");
        let answer = from(&site, "198.51.100.7", &[("x-forwarded-for", &said)]).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    let refused = from(&site, "198.51.100.7", &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(from(&site, "198.51.100.8", &[]).await.status, StatusCode::OK);
    // Whoever runs the process still learns how it is, and the page that asks to wait looks like one.
    for path in ["/healthz", "/pkg/portal.css", "/favicon.svg", "/images/nowhere.svg"] {
        let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let peer: SocketAddr = "198.51.100.7:1".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let status = site.nobody().raw(request).await.status;
        assert_ne!(status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_its_clients_are_counted_apart() {
    let site = site(Config {
        address_requests_per_minute: 1,
        address_requests_burst: 2,
        trusted_proxies: "10.0.0.0/8".to_owned().try_into().unwrap(),
        ..Site::config()
    })
    .await;
    for number in 0..10 {
        let client = format!("203.0.113.{number}");
        let answer = from(&site, "10.0.0.1", &[("x-forwarded-for", &client)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{client}");
    }
    // Names that a client puts before its own do not help it.
    let mut last = StatusCode::OK;
    for number in 0..3 {
        let line = format!("192.0.2.{number}, 203.0.113.77");
        last = from(&site, "10.0.0.1", &[("x-forwarded-for", &line)]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_token_is_counted_wherever_it_is_used() {
    let site = site(Config {
        requests_per_minute: 1,
        requests_burst: 2,
        ..Site::config()
    })
    .await;
    let mut statuses = Vec::new();
    for number in 1..=3 {
        let peer = format!("198.51.100.{number}");
        statuses.push(from(&site, &peer, &[("authorization", "Bearer one")]).await);
    }
    assert_eq!(statuses[1].status, StatusCode::OK);
    assert_eq!(statuses[2].status, StatusCode::TOO_MANY_REQUESTS);
    let said: serde_json::Value = serde_json::from_str(&statuses[2].body).unwrap();
    assert_eq!(
        (&said["status"], &said["title"]),
        (&429.into(), &"Wait a moment".into())
    );
    let another = from(&site, "198.51.100.1", &[("authorization", "bearer two")]).await;
    assert_eq!(another.status, StatusCode::OK);
}
