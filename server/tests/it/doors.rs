//! What stands at the door of every request: whose forms are taken, what browsers are told, how much may be sent.

use axum::{
    body::Body,
    http::{Request, StatusCode, header, request::Builder},
};
use server::{http::router::handled, operate::config::Config};
use testkit::{Kind, PASSWORD, Portal};

use crate::{
    browser::{Answer, Site, Visitor},
    endpoints::verbs,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// A form of a visitor's, with these headers and no others.
async fn post(visitor: &Visitor<'_>, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
    let mut request = visitor.request("POST", path).header(header::CONTENT_TYPE, FORM);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.raw(request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn only_the_portals_own_forms_are_taken() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let account = site.portal.account("jem.larkspur@health.example").await;
    let path = format!("/accounts/{account}/turns");
    let elsewhere = ("origin", "https://evil.example");
    for (headers, expected) in [
        (&[("sec-fetch-site", "same-origin")][..], StatusCode::SEE_OTHER),
        // Typed into the address bar, or a bookmark.
        (&[("sec-fetch-site", "none")], StatusCode::SEE_OTHER),
        // Every browser says one of the two.
        (&[], StatusCode::FORBIDDEN),
        // A neighbour under the same domain is another site.
        (&[("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "cross-site"), elsewhere], StatusCode::FORBIDDEN),
        (
            &[("sec-fetch-site", "same-site"), ("origin", "null")],
            StatusCode::FORBIDDEN,
        ),
        (&[("sec-fetch-site", "Same-Origin")], StatusCode::FORBIDDEN),
        // An old browser says only where the form was.
        (&[("host", "portal.example"), elsewhere], StatusCode::FORBIDDEN),
        (&[("host", "portal.example"), ("origin", "null")], StatusCode::FORBIDDEN),
        (
            &[("host", "portal.example"), ("origin", "https://portal.example")],
            StatusCode::SEE_OTHER,
        ),
        (
            &[("host", "portal.example"), ("origin", "https://portal.example:8443")],
            StatusCode::FORBIDDEN,
        ),
        // A proxy has changed the host, and the portal knows its own address.
        (
            &[("host", "inside"), ("origin", "http://127.0.0.1:3000")],
            StatusCode::SEE_OTHER,
        ),
        (
            &[("host", "inside"), ("origin", "http://127.0.0.1:3000.evil.example")],
            StatusCode::FORBIDDEN,
        ),
    ] {
        let answer = post(&ben, &path, headers, "turn=disable").await;
        assert_eq!(answer.status, expected, "{headers:?}");
        let is_said = answer
            .body
            .contains("We could not tell that this came from the portal, so nothing was changed.");
        assert_eq!(is_said, expected == StatusCode::FORBIDDEN, "{headers:?}");
    }
}

#[tokio::test]
async fn who_brings_no_session_need_not_say_where_a_form_was() {
    let site = Site::open(Kind::Sqlite).await;
    let answer = post(&site.nobody(), "/sign-in", &[], "address=&password=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = [("cookie", "theme=session; mysession=1")];
    let answer = post(&site.nobody(), "/sign-in", &other, "address=&password=").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_field_with_two_texts_is_refused_with_a_sentence() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for (path, form) in [
        ("/sign-in", "address=a%40b.example&address=c%40d.example&password=x"),
        ("/me/tokens", "name=one&name=two&days=7"),
        ("/me", "seen=1&notes=one&notes=two"),
    ] {
        let answer = ben.post(path, form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "text/plain; charset=utf-8",
            "{path}"
        );
        assert!(answer.body.contains("Nothing was done."), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn nothing_is_posted_by_other_sites() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let handled = handled().filter(|(method, _)| *method == "POST");
    let handled = handled.map(|(_, path)| path.to_owned());
    for path in handled.chain(verbs()) {
        let answer = post(&ben, &path, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(
        ben.get("/people").await.status,
        StatusCode::OK,
        "Ben was not signed out"
    );
}

#[tokio::test]
async fn a_machine_needs_no_browsers_headers_and_is_refused_as_json() {
    let site = Site::open(Kind::Sqlite).await;
    let nobody = site.nobody();
    let token = ("authorization", "Bearer no-such-token");
    let let_in = post(&nobody, "/api/find-people", &[token], "words=ben").await;
    assert_ne!(let_in.status, StatusCode::FORBIDDEN);
    let refused = post(
        &nobody,
        "/api/find-people",
        &[token, ("sec-fetch-site", "cross-site")],
        "words=ben",
    )
    .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
    let said: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(said["status"], 403);
}

#[tokio::test]
async fn every_answer_tells_browsers_what_to_keep_from() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for path in [
        "/",
        "/people",
        "/nowhere",
        "/favicon.svg",
        "/pkg/nowhere.js",
        "/uploads/practice.csv",
        "/healthz",
    ] {
        let answer = ben.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-permitted-cross-domain-policies", "none"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let permitted = answer.headers["permissions-policy"].to_str().unwrap();
        assert!(permitted.contains("camera=()") && permitted.contains("geolocation=()"));
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let directives: Vec<_> = policy.split(';').map(str::trim).collect();
        for directive in [
            "default-src 'none'",
            "style-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(directives.contains(&directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'));
    }
    let nonce = |answer: &Answer| answer.headers[header::CONTENT_SECURITY_POLICY].clone();
    assert_ne!(
        nonce(&ben.get("/").await),
        nonce(&ben.get("/").await),
        "each answer has a nonce of its own"
    );
}

#[tokio::test]
async fn browsers_are_told_to_use_tls_where_it_is_there() {
    for (url, days, expected) in [
        ("https://portal.example", 365, Some("max-age=31536000")),
        ("https://portal.example", 0, None),
        ("http://127.0.0.1:3000", 365, None),
    ] {
        let config = Config {
            url: url.to_owned(),
            hsts_days: days,
            ..Site::config()
        };
        let site = Site::configured(Portal::empty(Kind::Sqlite).await, config);
        let answer = site.nobody().get("/sign-in").await;
        let told = answer.headers.get(header::STRICT_TRANSPORT_SECURITY);
        assert_eq!(told.map(|told| told.to_str().unwrap()), expected, "{url}");
    }
}

#[tokio::test]
async fn the_sessions_cookie_belongs_to_this_host_alone() {
    let config = Config {
        development: false,
        ..Site::config()
    };
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config);
    let form = format!("address=ben.cartwright@health.example&password={PASSWORD}");
    let answer = site.nobody().post("/sign-in", &form).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let parts: Vec<_> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-session="), "{cookie}");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(parts.contains(&part), "{part}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn nothing_personal_is_kept_by_a_cache() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let actor = site.actor("Ben").await;
    let account = site.portal.account("jem.larkspur@health.example").await;
    let submission = site.portal.upload(&actor, demo::PRACTICE_FILE).await;
    for path in [
        "/".to_owned(),
        "/sign-in".to_owned(),
        "/people".to_owned(),
        "/people/export.csv".to_owned(),
        "/me".to_owned(),
        "/directory".to_owned(),
        format!("/directory/{account}/card.vcf"),
        format!("/accounts/{account}"),
        format!("/accounts/{account}/history.csv"),
        format!("/submissions/{submission}"),
        format!("/submissions/{submission}/result.csv"),
        "/nowhere".to_owned(),
    ] {
        assert_eq!(
            ben.get(&path).await.headers[header::CACHE_CONTROL],
            "no-store",
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_uploaded_never_comes_back_as_a_page() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let markup = "<html><script>alert(1)</script>";
    let text = format!("{markup}\nLocalID,ODSCode,FirstName,LastName,Mobile\n");
    let body = |name: &str, text: &str| {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n{text}\r\n--edge--\r\n"
        )
    };
    let good = format!("LocalID,ODSCode,FirstName,LastName,Mobile\n1,RIV,{markup},Smith,\n");
    for (name, text) in [
        ("page.html", &text),
        ("page.html\\\"; x=\\\"", &good),
        ("ü\\r\\n<b>.svg", &good),
    ] {
        let sent = ben
            .send(
                "POST",
                "/uploads/new",
                "multipart/form-data; boundary=edge",
                &body(name, text),
            )
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        site.portal.work().await;
        assert!(!ben.get(sent.location()).await.body.contains("<script>alert"));
        for report in ["result.csv", "problems.csv"] {
            let answer = ben.get(&format!("{}/{report}", sent.location())).await;
            if [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&answer.status) {
                assert_eq!(text, &format!("{markup}\nLocalID,ODSCode,FirstName,LastName,Mobile\n"));
                continue;
            }
            assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
            assert_eq!(answer.headers["x-content-type-options"], "nosniff");
            let kept_as = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(
                kept_as.starts_with("attachment; filename=\"") && !kept_as.contains('<'),
                "{kept_as}"
            );
            assert_eq!(kept_as.matches('"').count(), 2, "{kept_as}");
        }
    }
}

#[tokio::test]
async fn a_country_s_organisations_are_uploaded_as_one_file() {
    use std::fmt::Write as _;

    let site = Site::open(Kind::Sqlite).await;
    let grace = site.sign_in("Grace").await;
    let mut file = String::from("Code,Name,ShortName,Parent,Status,Sites,Units\n");
    for number in 0..15_352 {
        writeln!(
            file,
            "N{number:05},Organisation {number} of the federation,Org {number},,open,,"
        )
        .unwrap();
    }
    let sent = grace
        .upload_to("/organisation-imports/new", "organisations.csv", &file)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = grace.get(sent.location()).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn only_files_may_be_large() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let large = "x".repeat(300 * 1024);
    let refused = ben.post("/me", &format!("notes={large}")).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        refused
            .body
            .contains("Nothing was changed. Go back, shorten what you typed, and try again.")
    );
    let machine = ben.post("/api/find-people", &format!("words={large}")).await;
    assert_eq!(machine.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(machine.headers[header::CONTENT_TYPE], "application/problem+json");
    // Who announces no length is cut off.
    for path in ["/sign-in", "/api/find-people"] {
        let pieces = futures::stream::iter((0..300).map(|_| Ok::<_, std::io::Error>("x".repeat(1024))));
        let request: Builder = ben
            .request("POST", path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, FORM);
        let request: Request<Body> = request.body(Body::from_stream(pieces)).unwrap();
        let cut = ben.raw(request).await;
        assert!(
            cut.status.is_client_error() || cut.status.is_server_error(),
            "{path}: {}",
            cut.status
        );
    }
    let file = format!("LocalID,ODSCode,FirstName,LastName,Mobile\n1,RIV,Jane,Smith,{large}\n");
    assert_eq!(ben.upload("staff.csv", &file).await.status, StatusCode::SEE_OTHER);
}
