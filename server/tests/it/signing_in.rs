//! Signing in and out, and what a stranger's request meets.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{account::AccountStatus, policy::Actor, request::Wish};
use testkit::{Kind, on_both};

use crate::browser::Site;

on_both! {
    async fn a_session_lives_in_the_database_and_ends_with_signing_out(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        assert_eq!(ben.get("/").await.status, StatusCode::OK);
        assert_eq!(ben.post("/sign-out", "").await.location(), "/sign-in");
        assert!(ben.get("/").await.location().starts_with("/sign-in"));
    }

    async fn an_account_that_is_no_longer_active_is_signed_in_no_longer(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let account = site.actor("Ben").await.account().unwrap();
        let disable = Wish::Status { account, status: AccountStatus::Disabled };
        site.portal.gate.on_behalf_of(&Actor::System).establish(vec![disable]).await.unwrap();
        assert!(ben.get("/").await.location().starts_with("/sign-in"));
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let site = Site::open(Kind::Sqlite).await;
    let mut answers = Vec::new();
    for address in [
        "ben.cartwright@health.example",
        "nobody.here@health.example",
        "not an address",
    ] {
        let answer = site
            .nobody()
            .post("/sign-in", &format!("address={address}&password=wrong-password"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("The e-mail address or the password is not right."));
        answers.push(answer.body.matches(address).count());
    }
    assert_eq!(answers, [1, 1, 1], "what was typed is still there");
}

#[tokio::test]
async fn one_is_led_on_to_where_one_wanted_to_go_but_never_elsewhere() {
    let site = Site::open(Kind::Sqlite).await;
    let asked = site.nobody().get("/people?words=zoe%20x").await;
    assert_eq!(asked.location(), "/sign-in?next=/people%3Fwords%3Dzoe%2520x");
    for (next, goal) in [
        ("/people?words=zoe", "/people?words=zoe"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        let form = format!(
            "address=ben.cartwright@health.example&password={}&next={next}",
            testkit::PASSWORD
        );
        assert_eq!(site.nobody().post("/sign-in", &form).await.location(), goal);
    }
}

#[tokio::test]
async fn a_form_on_a_strangers_page_does_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        [("host", "portal.example"), ("origin", "https://evil.example")],
    ] {
        let mut request = Request::builder()
            .method("POST")
            .uri("/sign-out")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = site.nobody().raw(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn strange_requests_are_answered_and_break_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for (method, path, kind, body) in [
        ("POST", "/uploads", "text/plain", "x"),
        (
            "POST",
            "/uploads",
            "multipart/form-data; boundary=edge",
            "--edge\r\nbroken",
        ),
        ("POST", "/uploads", "multipart/form-data", ""),
        ("POST", "/sign-in", "application/json", "{}"),
        (
            "POST",
            "/submissions/nonsense/confirmation",
            "application/x-www-form-urlencoded",
            "seen=x",
        ),
        (
            "POST",
            "/submissions/0000000000/refusal",
            "application/x-www-form-urlencoded",
            "",
        ),
        ("GET", "/accounts/nonsense", "", ""),
        ("GET", "/submissions/..%2F..%2Fetc", "", ""),
        ("GET", "/people?after=x~y&status=%00&organisation=%27", "", ""),
        ("GET", "/uploads/formats/%2e%2e/sample.csv", "", ""),
        ("DELETE", "/people", "", ""),
    ] {
        let answer = ben.send(method, path, kind, body).await;
        assert!(answer.status.as_u16() < 500, "{method} {path}: {}", answer.status);
    }
}

#[tokio::test]
async fn an_upload_without_a_file_says_what_to_do() {
    let site = Site::open(Kind::Sqlite).await;
    let answer = site.sign_in("Ben").await.upload("", "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Choose the file that you want to upload.") && answer.body.contains("href=\"#file\""));
}

#[tokio::test]
async fn names_and_values_are_shown_as_text_never_as_markup() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let script = "<script>alert(1)</script>";
    let sent = ben
        .upload(
            &format!("{script}.csv"),
            &format!("LocalID,ODSCode,FirstName,LastName,Mobile\n{script},RIV,{script},{script},{script}\n"),
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let actor = site.actor("Ben").await;
    let id = site
        .portal
        .upload(
            &actor,
            &format!("LocalID,ODSCode,FirstName,LastName,Mobile\n{script},RIV,{script},{script},{script}\n"),
        )
        .await;
    for path in [
        sent.location().to_owned(),
        format!("/submissions/{id}"),
        format!("/people?words={}", "%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("/{script}").replace('<', "%3C").replace('>', "%3E"),
    ] {
        assert!(!ben.get(&path).await.body.contains("<script>alert"), "{path}");
    }
}
