//! What requests meet that no page of the portal makes: others' forms, malformed ones, markup in place of text.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use testkit::Kind;

use crate::browser::Site;

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
        let answer = site
            .nobody()
            .raw(request.header(header::ACCEPT, PAGE).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let reference = answer.headers["x-request-id"].to_str().unwrap();
        for text in ["This came from another website", "nothing was changed", reference] {
            assert!(answer.body.contains(text), "{text}: {}", answer.body);
        }
    }
}

/// What a browser says that it takes, on its way to another page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn an_error_is_a_page_for_a_browser_and_a_sentence_for_a_program() {
    let site = Site::open(Kind::Sqlite).await;
    for (method, path, status, told) in [
        ("POST", "/sign-in", 400, "We could not read what you sent"),
        ("POST", "/password-reset", 400, "We could not read what you sent"),
        ("POST", "/activate", 400, "We could not read what you sent"),
        ("PUT", "/sign-in", 405, "Method not allowed"),
        ("DELETE", "/activate", 405, "Method not allowed"),
        ("POST", "/images/none.svg", 405, "Method not allowed"),
        ("GET", "/images/none.svg", 404, "Page not found"),
    ] {
        for (accept, is_page) in [(PAGE, true), ("*/*", false)] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, accept);
            let answer = site.nobody().raw(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}");
            let reference = answer.headers["x-request-id"].to_str().unwrap();
            assert!(answer.body.contains(told), "{method} {path}: {}", answer.body);
            let kind = match is_page {
                true => "text/html; charset=utf-8",
                false => "text/plain; charset=utf-8",
            };
            assert_eq!(answer.headers[header::CONTENT_TYPE], kind, "{method} {path}");
            assert_eq!(
                answer.body.contains(reference),
                is_page,
                "{method} {path}: {}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn strange_requests_are_answered_and_break_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for (method, path, kind, body) in [
        ("POST", "/uploads/new", "text/plain", "x"),
        (
            "POST",
            "/uploads/new",
            "multipart/form-data; boundary=edge",
            "--edge\r\nbroken",
        ),
        ("POST", "/uploads/new", "multipart/form-data", ""),
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
async fn two_files_in_one_upload_are_refused_with_a_sentence() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let part = |name: &str| {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n\
             LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n\r\n"
        )
    };
    let body = format!("{}{}--edge--\r\n", part("one.csv"), part("two.csv"));
    let answer = ben
        .send("POST", "/uploads/new", "multipart/form-data; boundary=edge", body)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Upload one file at a time."), "{}", answer.body);
    assert!(!ben.get("/uploads").await.body.contains("one.csv"));
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

// The library writes what stands within a text area as it is.
#[tokio::test]
async fn a_text_cannot_leave_the_text_area_it_stands_in() {
    let site = Site::open(Kind::Sqlite).await;
    let (ben, priya) = (site.sign_in("Ben").await, site.sign_in("Priya").await);
    let actor = site.actor("Ben").await;
    let file = "LocalID,ODSCode,FirstName,LastName,Mobile,Notes\n1,RIV,Ada,Bright,12,</textarea><b>out</b>\n";
    let id = site.portal.upload(&actor, file).await;
    let row = ben.get(&format!("/submissions/{id}/rows/2")).await;
    let form = "address=&role=&organisation=RIV&unit=&until-day=&until-month=&until-year=&reason=%3C/textarea%3E%3Cb%3Eout%3C/b%3E";
    let reason = priya.post("/administrators/new", form).await;
    assert_eq!(
        (row.status, reason.status),
        (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY)
    );
    for page in [row.body, reason.body] {
        assert!(
            page.contains("&lt;/textarea&gt;&lt;b&gt;out&lt;/b&gt;</textarea>"),
            "{page}"
        );
        assert!(!page.contains("<b>out"), "{page}");
    }
}

#[tokio::test]
async fn an_unknown_filter_in_an_address_is_told_above_every_list() {
    let site = Site::open(Kind::Sqlite).await;
    let told = "The filter “Bogus” is not known and was not used.";
    let (ben, priya, grace) = (
        site.sign_in("Ben").await,
        site.sign_in("Priya").await,
        site.sign_in("Grace").await,
    );
    for (who, address) in [
        (&ben, "/people?status=Bogus"),
        (&ben, "/people?used=Bogus"),
        (&ben, "/people/upcoming?kind=Bogus"),
        (&ben, "/people/upcoming?days=Bogus"),
        (&ben, "/uploads?by=Bogus"),
        (&priya, "/administrators?role=Bogus"),
        (&priya, "/tokens?show=Bogus"),
        (&grace, "/organisations?status=Bogus"),
    ] {
        let page = who.get(address).await.body;
        assert!(page.contains(told), "{address}: {page}");
    }
    // No file holds everybody for want of a filter.
    let export = ben.get("/people/export.csv?status=Bogus").await;
    assert_eq!(
        (export.status, export.location()),
        (StatusCode::SEE_OTHER, "/people?status=Bogus")
    );
    let far = ben.get("/people/upcoming?days=99999").await.body;
    assert!(far.contains("Automatic changes in the next 90 days"), "{far}");
    let known = ben.get("/people?status=Active").await.body;
    assert!(!known.contains("is not known and was not used"), "{known}");
}
