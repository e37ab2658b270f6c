//! A visitor without JavaScript: sends requests, keeps the cookie, checks what holds for every page.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use demo::PERSONAS;
use domain::policy::Actor;
use server::{http::router, operate::config::Config};
use testkit::{MAIL_DOMAIN, PASSWORD, Portal};
use tower::ServiceExt;

/// A portal as it is served, with the database behind it.
pub struct Site {
    pub portal: Portal,
    router: Router,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub body: String,
}

/// One visitor, signed in or not.
pub struct Visitor<'a> {
    site: &'a Site,
    cookie: Option<String>,
}

impl Site {
    pub async fn open(kind: testkit::Kind) -> Self {
        Self::over(Portal::open(kind).await)
    }

    pub fn over(portal: Portal) -> Self {
        Self::configured(portal, Self::config())
    }

    /// The configuration of a developer's machine, without limits: tests are faster than people.
    pub fn config() -> Config {
        Config {
            development: true,
            mail_domain: MAIL_DOMAIN.to_owned(),
            requests_per_minute: 0,
            address_requests_per_minute: 0,
            sync_requests_per_second: 0,
            ..Config::default()
        }
    }

    pub fn configured(portal: Portal, config: Config) -> Self {
        let router = router::portal(portal.gate.clone(), &config);
        Self { portal, router }
    }

    pub const fn nobody(&self) -> Visitor<'_> {
        Visitor {
            site: self,
            cookie: None,
        }
    }

    /// A persona, signed in by the form.
    pub async fn sign_in(&self, first: &str) -> Visitor<'_> {
        let persona = PERSONAS
            .iter()
            .find(|persona| persona.first == first)
            .expect("a persona");
        self.sign_in_at(&persona.address(MAIL_DOMAIN)).await
    }

    /// Whoever has an address and the password of all, signed in by the form.
    pub async fn sign_in_at(&self, address: &str) -> Visitor<'_> {
        let mut visitor = self.nobody();
        let form = format!("address={address}&password={PASSWORD}");
        let answer = visitor.post("/sign-in", &form).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/"),
            "{}",
            answer.body
        );
        let cookie = answer.headers[header::SET_COOKIE].to_str().expect("a cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        visitor.cookie = cookie.split(';').next().map(ToOwned::to_owned);
        visitor
    }

    pub async fn actor(&self, first: &str) -> Actor {
        self.portal.persona(first).await
    }
}

impl Visitor<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "").await
    }

    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.send("POST", path, "application/x-www-form-urlencoded", form).await
    }

    /// Posts a form, and keeps the cookie that comes back.
    pub async fn enter(&mut self, path: &str, form: &str) -> Answer {
        let answer = self.post(path, form).await;
        self.keep_cookie(&answer);
        answer
    }

    /// Asks for a page, and keeps the cookie that comes back.
    pub async fn go(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        self.keep_cookie(&answer);
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        let cookie = answer.headers.get(header::SET_COOKIE);
        if let Some(cookie) = cookie.and_then(|cookie| cookie.to_str().ok()) {
            self.cookie = cookie.split(';').next().map(ToOwned::to_owned);
        }
    }

    /// Uploads a file by the form.
    pub async fn upload(&self, name: &str, text: impl AsRef<[u8]>) -> Answer {
        self.upload_to("/uploads/new", name, text).await
    }

    /// Uploads a file by the form of a page.
    pub async fn upload_to(&self, path: &str, name: &str, text: impl AsRef<[u8]>) -> Answer {
        let start = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        let body = [start.as_bytes(), text.as_ref(), b"\r\n--edge--\r\n"].concat();
        self.send("POST", path, "multipart/form-data; boundary=edge", body)
            .await
    }

    pub async fn send(&self, method: &str, path: &str, kind: &str, body: impl AsRef<[u8]>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin");
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.raw(request.body(Body::from(body.as_ref().to_vec())).expect("a request"))
            .await
    }

    /// A request that brings the visitor's cookie and nothing else.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// The same person at another site over the same database.
    pub fn at<'b>(&self, site: &'b Site) -> Visitor<'b> {
        let cookie = self.cookie.clone();
        Visitor { site, cookie }
    }

    /// The session's cookie, as it is sent.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// The answer to a request, of which nothing is read yet.
    pub async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.site.router.clone().oneshot(request).await.expect("an answer")
    }

    pub async fn raw(&self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let mut answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        answer.check();
        // Where a long word may break is no part of it.
        answer.body = answer.body.replace("<wbr>", "");
        answer
    }
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|location| location.to_str().ok())
            .unwrap_or_default()
    }

    /// What holds for every answer there is.
    fn check(&self) {
        let policy = self.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("a policy");
        assert!(
            policy.starts_with("default-src 'none'")
                && !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
        );
        assert!(self.headers.contains_key("x-request-id"));
        let is_page = self
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
        if !is_page {
            return;
        }
        assert_eq!(self.body.matches("<h1").count(), 1, "one h1: {}", self.body);
        assert!(self.body.contains(" – Staffbook</title>"), "a title: {}", self.body);
        assert!(self.body.contains("lang=\"en-GB\""));
        assert!(
            self.body.starts_with("<!DOCTYPE html>") && self.body.ends_with("</html>"),
            "something before or after the document: {}",
            self.body
        );
        assert!(!self.body.contains("<!>"), "a mark that is no comment: {}", self.body);
        assert_eq!(
            self.body.contains("modulepreload"),
            self.body.contains("<leptos-island"),
            "the browser's part is loaded where there is an island, and nowhere else: {}",
            self.body
        );
        let tags = self.body.split('<').filter_map(|rest| rest.split('>').next());
        for tag in tags {
            assert!(
                !tag.contains("style=\""),
                "an inline style, which the policy forbids: {tag}"
            );
        }
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .expect("a nonce");
        for script in self.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(nonce), "a script without the header's nonce: {tag}");
        }
    }
}
