//! The second factor from outside: who is asked for it and when, what is shown once, and being asked again.

use axum::http::{StatusCode, header};
use domain::sign_in::{FactorKind, SecondFactor};
use store::access::factors::Factor;
use testkit::{Kind, PASSWORD, Portal, on_both};
use uuid::Uuid;

use crate::browser::{Answer, Site, Visitor};

const BEN: &str = "ben.cartwright@health.example";

async fn with_password<'a>(site: &'a Site, next: &str) -> (Visitor<'a>, Answer) {
    let mut visitor = site.nobody();
    let answer = visitor
        .enter("/sign-in", &format!("address={BEN}&password={PASSWORD}&next={next}"))
        .await;
    (visitor, answer)
}

/// The secret that the page shows, without the gaps that make it easy to type.
fn secret(page: &str) -> String {
    let (_, rest) = page.split_once("id=\"secret\"").expect("a secret");
    let (_, rest) = rest.split_once('>').expect("its text");
    rest.split('<').next().unwrap_or_default().replace(' ', "")
}

/// Sets an app up by the pages; its secret, and the recovery codes that are shown.
pub async fn set_up(site: &Site, visitor: &Visitor<'_>) -> (String, Vec<String>) {
    let secret = secret(&visitor.get("/me/second-factor/app").await.body);
    let form = format!("name=My+phone&code={}", site.portal.app_code(&secret));
    let shown = visitor.post("/me/second-factor/app", &form).await;
    assert_eq!(
        (shown.status, &shown.headers[header::CACHE_CONTROL]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    let codes = shown
        .body
        .split("<code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned());
    (secret, codes.collect())
}

on_both! {
    async fn a_code_is_asked_for_after_the_password_and_leads_on(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let (secret, codes) = set_up(&site, &ben).await;
        assert_eq!(codes.len(), 10);
        assert!(!ben.get("/me/second-factor").await.body.contains(&codes[0]), "the codes are shown once");

        let (mut again, answer) = with_password(&site, "/people").await;
        assert_eq!(answer.location(), "/sign-in/second?next=/people");
        for path in ["/", "/people", "/me", "/me/second-factor", "/me/sessions", "/people/export.csv"] {
            let goal = if path == "/" { String::new() } else { format!("?next={path}") };
            assert_eq!(again.get(path).await.location(), format!("/sign-in/second{goal}"), "{path}");
        }
        assert_eq!(again.post("/me/second-factor/codes", "").await.location(), "/sign-in/second");
        let page = again.get("/sign-in/second?next=/people").await;
        assert!(page.body.contains("value=\"/people\"") && !page.body.contains("href=\"/people\""));
        let wrong = again.post("/sign-in/second", "code=12&next=/people").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        site.portal.pass_seconds(30);
        let form = format!("code={}&next=/people", site.portal.app_code(&secret));
        let before = again.get("/people").await.location().to_owned();
        assert_eq!(again.enter("/sign-in/second", &form).await.location(), "/people");
        assert_eq!((before.as_str(), again.get("/people").await.status), ("/sign-in/second?next=/people", StatusCode::OK));

        // The same code lets nobody else in; a recovery code does, once.
        let (mut other, _) = with_password(&site, "").await;
        assert_eq!(other.post("/sign-in/second", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let recovery = format!("code={}", codes[0]);
        assert_eq!(other.enter("/sign-in/second", &recovery).await.location(), "/");
        let (third, _) = with_password(&site, "").await;
        assert_eq!(third.post("/sign-in/second", &recovery).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_passkey_whose_answer_is_sent_again_is_there_already(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let early = ben.post("/me/second-factor/passkey", "credential=x&name=Key").await;
        assert!(early.body.contains("Your browser did not make a passkey"), "{}", early.body);
        let key = Factor {
            id: Uuid::now_v7(),
            kind: FactorKind::Passkey,
            name: "Key".into(),
            secret: String::new(),
            made_at: site.portal.gate.now(),
            used_at: None,
        };
        let account = site.actor("Ben").await.account().unwrap();
        store::access::factors::add(site.portal.gate.store().reader(), account, &key, None).await.unwrap();
        let again = ben.post("/me/second-factor/passkey", "credential=x&name=Key").await;
        assert_eq!(again.location(), "/me/second-factor?there=yes");
        let page = ben.get(again.location()).await;
        assert!(page.body.contains("Your passkey is set up already"), "{}", page.body);
    }

    async fn a_wrong_code_does_not_hide_a_name_that_is_too_long(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        let answer = ben.post("/me/second-factor/app", &format!("code=1&name={}", "x".repeat(61))).await;
        assert!(answer.body.contains("<a href=\"#code\">") && answer.body.contains("<a href=\"#name\">"), "{}", answer.body);
    }

    async fn a_reset_link_leads_past_no_second_factor(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.sign_in("Ben").await;
        set_up(&site, &ben).await;
        let account = site.actor("Ben").await.account().unwrap();
        let store = site.portal.gate.store();
        let token = "a-token-that-somebody-holds";
        let hash = {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            use sha2::{Digest, Sha256};
            URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
        };
        let expires = site.portal.gate.now().plus_seconds(3600);
        store::access::credentials::make_link(store.reader(), account, hash, expires).await.unwrap();
        let mut holder = site.nobody();
        let chosen = holder.enter(&format!("/start/{token}"), "password=teapot-lantern-9").await;
        assert_eq!(chosen.location(), "/sign-in/second");
        assert_eq!(holder.get("/people").await.location(), "/sign-in/second?next=/people");
    }
}

#[tokio::test]
async fn whoever_holds_a_role_sets_one_up_before_anything_else_where_it_is_required() {
    let portal = Portal::open_with(Kind::Sqlite, |rules| {
        rules.sign_in.second_factor = SecondFactor::Required
    })
    .await;
    let site = Site::over(portal);
    let (ben, answer) = with_password(&site, "").await;
    assert_eq!(answer.location(), "/");
    for path in ["/", "/people", "/me", "/uploads/practice.csv", "/me/sessions"] {
        assert_eq!(ben.get(path).await.location(), "/me/second-factor", "{path}");
    }
    assert_eq!(ben.post("/accounts/new", "").await.location(), "/me/second-factor");
    let page = ben.get("/me/second-factor").await;
    assert!(
        page.body.contains("You hold a role, so a password is not enough.") && !page.body.contains("href=\"/people\"")
    );
    let wrong = ben.post("/me/second-factor/app", "name=My+phone&code=12").await;
    assert!(wrong.body.contains("This is not the code") && wrong.body.contains("href=\"#code\""));
    set_up(&site, &ben).await;
    assert_eq!(ben.get("/people").await.status, StatusCode::OK);
    let page = ben.get("/me/second-factor").await.body;
    let (_, rest) = page
        .split_once("action=\"/me/second-factor/0")
        .expect("the form of the one there is");
    let id = format!("/me/second-factor/0{}", rest.split('"').next().unwrap());
    let last = ben.post(&id, "act=remove").await;
    assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(last.body.contains("Set up another before you remove this one."));
    assert_eq!(
        ben.post(&id, "act=rename&name=Work+phone").await.location(),
        "/me/second-factor"
    );
    assert!(ben.get("/me/second-factor").await.body.contains("Work phone"));
}

#[tokio::test]
async fn sessions_that_began_by_a_password_alone_end_when_a_factor_is_set_up() {
    let site = Site::open(Kind::Sqlite).await;
    let (here, elsewhere) = (site.sign_in("Ben").await, site.sign_in("Ben").await);
    set_up(&site, &here).await;
    assert_eq!(here.get("/").await.status, StatusCode::OK);
    assert!(elsewhere.get("/").await.location().starts_with("/sign-in"));
}

/// Asks for the deletion of some; where it waits to be confirmed.
async fn deletion(visitor: &Visitor<'_>, ids: &str) -> String {
    let asked = visitor.post("/people/actions", &format!("act=delete{ids}")).await;
    asked.location().to_owned()
}

#[tokio::test]
async fn what_cannot_be_undone_asks_again_and_does_nothing_before() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let jem = site.portal.account("jem.larkspur@health.example").await;
    let other = site.portal.account("una.mossley@health.example").await;
    let many = deletion(&ben, &format!("&id={jem}&id={other}")).await;
    let single = deletion(&ben, &format!("&id={jem}")).await;
    let actor = site.actor("Ben").await;
    site.portal.work().await;
    let confirmation = |page: &str| {
        let (page, gate, actor) = (page.to_owned(), site.portal.gate.clone(), actor.clone());
        async move {
            let id = domain::values::ids::SubmissionId::parse(page.rsplit('/').next().unwrap()).unwrap();
            let shown = gate.on_behalf_of(&actor).submission(&id).await.unwrap();
            format!("seen={}", gate::seen(&shown))
        }
    };
    site.portal.pass_seconds(601);
    let asked = ben
        .post(&format!("{many}/confirmation"), &confirmation(&many).await)
        .await;
    assert_eq!(asked.location(), format!("/sign-in/again?next={many}"));
    assert!(
        ben.get(&many).await.body.contains("Delete"),
        "it still waits to be confirmed"
    );
    let page = ben.get(asked.location()).await;
    assert!(page.body.contains("Show that it is you") && page.body.contains(&format!("value=\"{many}\"")));
    let wrong = ben
        .post("/sign-in/again", &format!("password=wrong-password&next={many}"))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        ben.post("/sign-in/again", "password=wrong-password&next=//evil.example")
            .await
            .location(),
        ""
    );
    let proved = ben
        .post("/sign-in/again", &format!("password={PASSWORD}&next={many}"))
        .await;
    assert_eq!(proved.location(), many);
    let done = ben
        .post(&format!("{many}/confirmation"), &confirmation(&many).await)
        .await;
    assert_eq!(done.location(), many);
    // One at a time is looked at one at a time: nobody is asked again.
    site.portal.pass_seconds(601);
    let alone = ben
        .post(&format!("{single}/confirmation"), &confirmation(&single).await)
        .await;
    assert!(!alone.location().starts_with("/sign-in"), "{}", alone.location());
}

#[tokio::test]
async fn whoever_has_an_app_proves_themselves_again_by_it() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let (secret, _) = set_up(&site, &ben).await;
    site.portal.pass_seconds(601);
    let asked = ben.post("/me/second-factor/codes", "").await;
    assert_eq!(asked.location(), "/sign-in/again?next=/me/second-factor");
    let by_password = ben.post("/sign-in/again", &format!("password={PASSWORD}")).await;
    assert_eq!(by_password.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("code={}&next=/me/second-factor", site.portal.app_code(&secret));
    assert_eq!(ben.post("/sign-in/again", &form).await.location(), "/me/second-factor");
    let codes = ben.post("/me/second-factor/codes", "").await;
    assert_eq!(codes.body.matches("<code>").count(), 10);
}
