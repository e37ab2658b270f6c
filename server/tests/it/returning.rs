//! Coming back after a session has ended: to the page that one wanted, and to the form that one sent too late.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::values::ids::Timestamp;
use store::ConnectionTrait;
use testkit::{Kind, PASSWORD, on_both};

use crate::{
    browser::{Site, Visitor},
    second_factor::set_up,
};

const BEN: &str = "ben.cartwright@health.example";
const PRIYA: &str = "priya.ramanathan@health.example";
const FORM: &str = "organisation=RIV&first-name=Zephyrine&last-name=Quillfeather&local-id=q1&job-title=Nurse&email-address-choice=made";
const TOLD: &str = "You were signed out. Nothing has been saved yet.";

/// Sessions expire by the time that it is, whatever the tests' clock says.
fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// How many sessions a statement changes.
async fn change(site: &Site, sql: &str) -> u64 {
    let store = site.portal.gate.store();
    store.reader().execute_unprepared(sql).await.unwrap().rows_affected()
}

/// Lets every session end, as half an hour without a request does.
pub async fn expire(site: &Site) {
    let ended = now() - 60_000;
    change(site, &format!("UPDATE session SET expires_at = {ended}")).await;
}

async fn sessions(site: &Site) -> u64 {
    change(site, "UPDATE session SET data = data").await
}

/// How many sessions hold a text.
async fn holding(site: &Site, text: &str) -> u64 {
    change(
        site,
        &format!("UPDATE session SET data = data WHERE data LIKE '%{text}%'"),
    )
    .await
}

async fn sign_in(visitor: &mut Visitor<'_>, address: &str, next: &str) -> String {
    let form = format!("address={address}&password={PASSWORD}&next={next}");
    visitor.enter("/sign-in", &form).await.location().to_owned()
}

on_both! {
    async fn a_form_sent_too_late_is_shown_again_to_its_sender_once(portal: Portal) {
        let site = Site::over(portal);
        let mut ben = site.sign_in("Ben").await;
        expire(&site).await;
        let late = ben.enter("/accounts/new", FORM).await;
        assert_eq!(late.location(), "/sign-in?ended=kept&next=/accounts/new");
        let page = ben.get(late.location()).await.body;
        assert!(page.contains("what you typed is kept") && !page.contains("Quillfeather"), "{page}");
        assert_eq!(sign_in(&mut ben, BEN, "/accounts/new").await, "/accounts/new");
        let shown = ben.get("/accounts/new").await;
        assert_eq!(shown.status, StatusCode::OK);
        for text in [TOLD, "value=\"Zephyrine\"", "value=\"Quillfeather\"", "value=\"q1\"", "value=\"Nurse\""] {
            assert!(shown.body.contains(text), "{text}: {}", shown.body);
        }
        assert!(shown.body.contains("<title>Create an account – Staffbook"), "{}", shown.body);
        let again = ben.get("/accounts/new?organisation=RIV").await.body;
        assert!(!again.contains("Quillfeather") && !again.contains(TOLD), "{again}");
        // Nothing was sent meanwhile; sent again it waits to be confirmed.
        assert!(!ben.get("/uploads").await.body.contains("Quillfeather"));
        assert!(ben.post("/accounts/new", FORM).await.location().starts_with("/submissions/"));
    }

    async fn a_form_sent_too_late_is_never_shown_to_somebody_else(portal: Portal) {
        let site = Site::over(portal);
        let mut visitor = site.sign_in("Ben").await;
        expire(&site).await;
        visitor.enter("/accounts/new", FORM).await;
        assert_eq!(sign_in(&mut visitor, PRIYA, "").await, "/");
        for path in ["/accounts/new", "/accounts/new?organisation=RIV", "/"] {
            let page = visitor.get(path).await.body;
            assert!(!page.contains("Quillfeather") && !page.contains(TOLD), "{path}: {page}");
        }
        // It is gone for good.
        expire(&site).await;
        assert_eq!(sign_in(&mut visitor, BEN, "").await, "/");
        assert!(!visitor.get("/accounts/new?organisation=RIV").await.body.contains("Quillfeather"));
    }

    async fn a_second_factor_leads_back_to_the_form_too(portal: Portal) {
        let site = Site::over(portal);
        let mut ben = site.sign_in("Ben").await;
        let (_, codes) = set_up(&site, &ben).await;
        expire(&site).await;
        ben.enter("/contacts/new", "organisation=RIV&last-name=Quillfeather").await;
        // Wherever the sign-in page was come to, the form is where it leads.
        assert_eq!(sign_in(&mut ben, BEN, "").await, "/sign-in/second");
        let proved = ben.enter("/sign-in/second", &format!("code={}", codes[0])).await;
        assert_eq!(proved.location(), "/contacts/new");
        let shown = ben.get("/contacts/new").await.body;
        assert!(shown.contains("value=\"Quillfeather\"") && shown.contains(TOLD), "{shown}");
    }

    async fn an_ended_session_opens_nothing_and_is_deleted_later(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        expire(&site).await;
        for path in ["/people", "/me", "/stay/left"] {
            assert!(ben.get(path).await.location().starts_with("/sign-in?next="), "{path}");
        }
        let reader = site.portal.gate.store().reader();
        let hours = |hours: i64| Timestamp(now()).plus_seconds(-3600 * hours);
        store::access::sessions::sweep(reader, hours(0), hours(12)).await.unwrap();
        assert_eq!(sessions(&site).await, 1);
        // What is kept of it lasts no longer than a session of nobody.
        ben.post("/accounts/new", FORM).await;
        expire(&site).await;
        store::access::sessions::sweep(reader, hours(0), hours(12)).await.unwrap();
        assert_eq!(sessions(&site).await, 0);
    }
}

#[tokio::test]
async fn a_form_sent_after_the_longest_session_is_kept_too() {
    let site = Site::open(Kind::Sqlite).await;
    let mut ben = site.sign_in("Ben").await;
    site.portal.pass_seconds(12 * 3600);
    let late = ben
        .enter("/contacts/new", "organisation=RIV&last-name=Quillfeather")
        .await;
    assert_eq!(late.location(), "/sign-in?ended=kept&next=/contacts/new");
    // An hour later it is not shown any more.
    site.portal.pass_seconds(1800);
    assert_eq!(sign_in(&mut ben, BEN, "").await, "/contacts/new");
    site.portal.pass_seconds(1800);
    let page = ben.get("/contacts/new?organisation=RIV").await.body;
    assert!(!page.contains("Quillfeather") && !page.contains(TOLD), "{page}");
}

#[tokio::test]
async fn a_cell_that_was_fixed_too_late_is_shown_on_the_rows_own_page() {
    let site = Site::open(Kind::Sqlite).await;
    let mut ben = site.sign_in("Ben").await;
    let file = "LocalID,ODSCode,FirstName,LastName,Mobile\n9001,RIV,Ada,Bright,12\n";
    let id = site.portal.upload(&site.actor("Ben").await, file).await;
    expire(&site).await;
    let row = format!("/submissions/{id}/rows/2");
    let late = ben
        .request("POST", &row)
        .header("sec-fetch-site", "same-origin")
        .header(
            header::REFERER,
            format!("https://portal.example/submissions/{id}?show=problem"),
        )
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let late = ben
        .raw(late.body(Body::from("mobile=07700+900555&was-mobile=12")).unwrap())
        .await;
    assert_eq!(late.location(), format!("/sign-in?ended=kept&next={row}"));
    sign_in(&mut ben, BEN, &row).await;
    let shown = ben.get(&row).await.body;
    assert!(
        shown.contains("value=\"07700 900555\"") && shown.contains(TOLD),
        "{shown}"
    );
}

#[tokio::test]
async fn a_file_is_not_kept_and_is_asked_for_again() {
    let site = Site::open(Kind::Sqlite).await;
    let mut ben = site.sign_in("Ben").await;
    expire(&site).await;
    let late = ben.upload("staff.csv", "LocalID\nsecret-row\n").await;
    assert_eq!(late.location(), "/sign-in?ended=kept&next=/uploads/new");
    assert_eq!(holding(&site, "secret-row").await, 0);
    sign_in(&mut ben, BEN, "/uploads/new").await;
    let shown = ben.get("/uploads/new").await.body;
    assert!(
        shown.contains(TOLD) && shown.contains("Choose the file again."),
        "{shown}"
    );
}

#[tokio::test]
async fn a_password_that_was_typed_is_not_kept() {
    let site = Site::open(Kind::Sqlite).await;
    let mut ben = site.sign_in("Ben").await;
    expire(&site).await;
    let typed = format!("{FORM}&password=teapot-lantern-9");
    ben.enter("/accounts/new", &typed).await;
    // One's own password is no verb's form at all.
    let own = ben
        .post("/me/password", "present=teapot-lantern-9&password=lantern-teapot-8")
        .await;
    assert_eq!(own.location(), "/sign-in?ended=yes");
    assert_eq!(holding(&site, "teapot").await, 0);
    sign_in(&mut ben, BEN, "/accounts/new").await;
    let shown = ben.get("/accounts/new").await.body;
    assert!(
        shown.contains("value=\"Quillfeather\"") && shown.contains("Passwords and codes are not kept."),
        "{shown}"
    );
}

#[tokio::test]
async fn a_form_that_is_too_large_is_not_kept() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    expire(&site).await;
    let large = format!("{FORM}&notes={}", "x".repeat(65 * 1024));
    assert_eq!(
        ben.post("/accounts/new", &large).await.location(),
        "/sign-in?ended=yes&next=/accounts/new"
    );
    assert_eq!(holding(&site, "Quillfeather").await, 0);
}

#[tokio::test]
async fn one_session_keeps_three_forms_at_most() {
    let site = Site::open(Kind::Sqlite).await;
    let mut ben = site.sign_in("Ben").await;
    expire(&site).await;
    for (path, place) in [
        ("/accounts/new", 1),
        ("/contacts/new", 2),
        ("/joiners/new", 3),
        ("/administrators/new", 4),
    ] {
        let late = ben
            .post(path, &format!("organisation=RIV&reason=form-number-{place}"))
            .await;
        assert_eq!(late.location(), format!("/sign-in?ended=kept&next={path}"));
    }
    assert_eq!(sessions(&site).await, 1);
    for (place, kept) in [(1, 0), (2, 1), (3, 1), (4, 1)] {
        assert_eq!(holding(&site, &format!("form-number-{place}")).await, kept, "{place}");
    }
    // The one sent last is led to, where nothing else was wanted.
    assert_eq!(sign_in(&mut ben, BEN, "").await, "/administrators/new");
}

#[tokio::test]
async fn strangers_and_other_sites_leave_nothing_behind() {
    let site = Site::open(Kind::Sqlite).await;
    let gone = site.sign_in("Ben").await;
    let ben = site.sign_in("Ben").await;
    gone.post("/sign-out", "").await;
    expire(&site).await;
    let unknown = site.nobody().request("POST", "/accounts/new");
    let unknown = unknown.header(header::COOKIE, "session=AAAAAAAAAAAAAAAAAAAAAA");
    let posted = |request: axum::http::request::Builder, whence: &str| -> Request<Body> {
        let kind = "application/x-www-form-urlencoded";
        let request = request
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", whence);
        request.body(Body::from(FORM)).unwrap()
    };
    let never = "/sign-in?ended=yes&next=/accounts/new";
    assert_eq!(site.nobody().post("/accounts/new", FORM).await.location(), never);
    assert_eq!(gone.post("/accounts/new", FORM).await.location(), never);
    assert_eq!(
        site.nobody().raw(posted(unknown, "same-origin")).await.location(),
        never
    );
    let foreign = ben
        .raw(posted(ben.request("POST", "/accounts/new"), "cross-site"))
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert_eq!(sessions(&site).await, 1);
    assert_eq!(holding(&site, "Quillfeather").await, 0);
}

#[tokio::test]
async fn whoever_signs_in_comes_to_the_page_that_they_wanted() {
    let site = Site::open(Kind::Sqlite).await;
    for (wanted, goal) in [
        ("/", "/"),
        (
            "/people?words=zoe%20x&status=active",
            "/people?words=zoe%20x&status=active",
        ),
        ("/people?words=R%26D%25", "/people?words=R%26D%25"),
        ("/accounts/new?organisation=RIV01", "/accounts/new?organisation=RIV01"),
        ("/people/export.csv?words=zoe", "/people/export.csv?words=zoe"),
        ("https://portal.example/directory?words=a%20b", "/directory?words=a%20b"),
        ("/sign-in/second?next=/people", "/people"),
        ("/sign-in/again?next=/me/tokens", "/me/tokens"),
        ("/sign-in/again?next=//evil.example", "/"),
        ("/password/new", "/"),
    ] {
        let mut visitor = site.nobody();
        let asked = visitor.get(wanted).await;
        let page = visitor.get(asked.location()).await.body;
        let (_, hidden) = page.split_once("name=\"next\" value=\"").unwrap_or(("", ""));
        let next = hidden.split('"').next().unwrap_or_default().replace("&amp;", "&");
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("address", BEN)
            .append_pair("password", PASSWORD)
            .append_pair("next", &next)
            .finish();
        assert_eq!(
            visitor.enter("/sign-in", &form).await.location(),
            goal,
            "{wanted}: {next}"
        );
    }
}
