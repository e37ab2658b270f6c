//! The verbs as plain forms post them: each answers by itself, and leptos' own way of answering forms shows nowhere.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use testkit::Kind;

use crate::browser::{Answer, Site, Visitor};

/// A form as a browser posts it on its way to a page.
async fn post(visitor: &Visitor<'_>, path: &str, form: &str) -> Answer {
    let request = visitor
        .request("POST", path)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        .header(header::REFERER, "http://127.0.0.1:3000/people?words=larkspur")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    visitor.raw(request.body(Body::from(form.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_page_of_an_upload_that_was_applied_says_so() {
    let site = Site::open(Kind::Sqlite).await;
    let (visitor, ben) = (site.sign_in("Ben").await, site.actor("Ben").await);
    let file = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";
    let id = site.portal.upload(&ben, file).await;
    let page = format!("/submissions/{id}");
    assert_eq!(visitor.get(&format!("{page}/columns")).await.status, StatusCode::OK);
    assert_eq!(visitor.get(&format!("{page}/rows/2")).await.status, StatusCode::OK);
    let confirmed = visitor.post(&format!("{page}/confirmation"), "seen=0").await;
    assert_eq!(confirmed.location(), page);
    site.portal.work().await;
    let told = |answer: &Answer, path: &str| {
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}");
        let body = answer.body.replace("<!>", "");
        assert!(body.contains("It was applied on "), "{path}: {body}");
        assert!(body.contains(&format!("href=\"{page}\"")), "{path}: {body}");
    };
    for part in ["columns", "rows/2"] {
        let path = format!("{page}/{part}");
        told(&visitor.get(&path).await, &path);
    }
    for (part, form) in [
        ("columns", "column-0=local-id"),
        ("rows/2", "first-name=Bea"),
        ("rows/2", "decide=skip&seen=0"),
        ("confirmation", "seen=0"),
        ("refusal", ""),
        ("pause", ""),
    ] {
        let path = format!("{page}/{part}");
        told(&visitor.post(&path, form).await, &path);
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_form_is_told_at_once() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let jem = site.portal.account("jem.larkspur@health.example").await;
    let long = "x".repeat(201);
    let form =
        format!("when=date&away-day=31&away-month=2&away-year=2027&back-day=&back-month=&back-year=&reason={long}");
    let absence = ben.post(&format!("/accounts/{jem}/absence"), &form).await;
    assert_eq!(absence.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["away-day", "reason"] {
        assert!(absence.body.contains(&format!("href=\"#{field}\"")), "{}", absence.body);
    }
    let form = "organisation=RIV&first-name=Ada&last-name=&mobile=0770&start-day=31&start-month=2&start-year=2027";
    let new = ben.post("/accounts/new", form).await;
    assert_eq!(new.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["last-name", "mobile", "start-day"] {
        assert!(new.body.contains(&format!("href=\"#{field}\"")), "{}", new.body);
    }
    let many = ben.post("/people/actions", "").await;
    assert!(many.body.contains("Tick the accounts") && many.body.contains("Choose what should be done."));
}

#[tokio::test]
async fn a_verb_answers_a_browser_and_no_address_holds_an_error() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let file = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";
    let id = site.portal.upload(&site.actor("Ben").await, file).await;
    for (path, status, location) in [
        (format!("/submissions/{id}/confirmation"), StatusCode::CONFLICT, ""),
        (
            "/submissions/nothing/confirmation".to_owned(),
            StatusCode::NOT_FOUND,
            "",
        ),
        ("/submissions/7Q4K9TZM2X/undo".to_owned(), StatusCode::NOT_FOUND, ""),
    ] {
        let answer = post(&ben, &path, "seen=99").await;
        assert_eq!((answer.status, answer.location()), (status, location), "{path}");
        assert!(!answer.headers.contains_key("serverfnredirect"), "{path}");
    }
    let page = format!("/submissions/{id}");
    let refused = post(&ben, &format!("{page}/refusal"), "").await;
    assert_eq!(
        (refused.status, refused.location()),
        (StatusCode::SEE_OTHER, page.as_str())
    );
}
