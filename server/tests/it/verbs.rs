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
async fn a_verb_answers_a_browser_and_no_address_holds_an_error() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let file = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";
    let id = site.portal.upload(&site.actor("Ben").await, file).await;
    let moved = format!("/submissions/{id}?moved=yes");
    for (path, status, location) in [
        (
            format!("/submissions/{id}/confirmation"),
            StatusCode::SEE_OTHER,
            moved.as_str(),
        ),
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
