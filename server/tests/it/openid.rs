//! Signing in by an OpenID Connect provider: who is let in, and what of its answers is not believed.

mod provider;

use std::collections::HashMap;

use axum::http::StatusCode;
use domain::{account::AccountStatus, life::Turn, request::Wish, sign_in::SecondFactor, values::ids::AccountId};
use gate::calendar;
use serde_json::{Value, json};
use server::operate::config::{Config, openid::AsksForFactor};
use testkit::{Kind, PASSWORD, Portal, SERVICE, on_both};

use self::provider::{Provider, SECRET, SignedBy};
use crate::{
    browser::{Answer, Site, Visitor},
    returning::expire,
};

const BEN: &str = "ben.cartwright@health.example";
const JEM: &str = "jem.larkspur@health.example";
const NO_WAY_IN: &str = "There is no account that you can sign in to in this way.";
const NOT_CHECKED: &str = "could not be checked, so you were not signed in";
const STALE: &str = "This sign-in took too long, was already used, or did not start here.";

fn config(issuer: &str) -> Config {
    Config {
        openid_issuer: Some(issuer.to_owned()),
        openid_client: Some("portal".to_owned()),
        openid_secret: Some(SECRET.to_owned().into()),
        openid_name: "Federation ID".to_owned(),
        ..Site::config()
    }
}

async fn open(portal: Portal) -> (Site, Provider) {
    let provider = Provider::open().await;
    let site = Site::configured(portal, config(&provider.issuer));
    (site, provider)
}

/// What a provider claims that tells the truth about whoever has an address.
fn claims(site: &Site, provider: &Provider, asked: &HashMap<String, String>, email: &str) -> Value {
    let now = site.portal.gate.now().0 / 1000;
    json!({
        "iss": provider.issuer,
        "sub": "somebody",
        "aud": "portal",
        "nonce": asked["nonce"],
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
        "email": email,
        "email_verified": true,
    })
}

/// Follows the link to the provider; what that is asked.
async fn begin(visitor: &mut Visitor<'_>, provider: &Provider, next: &str) -> HashMap<String, String> {
    let led = visitor.go(&format!("/sign-in/openid?next={next}")).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.body);
    let url: url::Url = led.location().parse().unwrap();
    assert!(led.location().starts_with(&format!("{}/authorize?", provider.issuer)));
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    provider.says().challenge.clone_from(&asked["code_challenge"]);
    asked
}

/// Comes back from the provider, which claims what it is told to.
async fn come_back(visitor: &mut Visitor<'_>, state: &str) -> Answer {
    visitor
        .go(&format!("/sign-in/openid/return?code=good&state={state}"))
        .await
}

/// Signs in by the provider, which claims of a truth what a test makes of it.
async fn sign_in<'a>(
    site: &'a Site,
    provider: &Provider,
    email: &str,
    change: impl FnOnce(&mut Value),
) -> (Visitor<'a>, Answer) {
    let mut visitor = site.nobody();
    let asked = begin(&mut visitor, provider, "/directory").await;
    let mut claimed = claims(site, provider, &asked, email);
    change(&mut claimed);
    provider.says().claims = claimed;
    let answer = come_back(&mut visitor, &asked["state"]).await;
    (visitor, answer)
}

#[tokio::test]
async fn a_form_sent_too_late_is_shown_again_after_a_sign_in_by_the_provider() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let mut ben = site.sign_in("Ben").await;
    expire(&site).await;
    ben.enter("/contacts/new", "organisation=RIV&last-name=Quillfeather")
        .await;
    let asked = begin(&mut ben, &provider, "").await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    assert_eq!(come_back(&mut ben, &asked["state"]).await.location(), "/contacts/new");
    let shown = ben.get("/contacts/new").await.body;
    assert!(shown.contains("value=\"Quillfeather\""), "{shown}");
}

/// The trust is a customer whose people sign in at their own organisation, among them one with a password and no role.
async fn federated(site: &Site) -> AccountId {
    let customer = r#"{"number":30020506,"organisation":"RIV","federation":"federated"}"#;
    let customer = Wish::Customer(serde_json::from_str(customer).unwrap());
    let visit = site.portal.gate.on_behalf_of(&SERVICE);
    visit.establish(vec![customer]).await.unwrap();
    let jem = site.portal.account(JEM).await;
    visit.set_password(jem, PASSWORD).await.unwrap();
    jem
}

#[tokio::test]
async fn federated_people_sign_in_by_the_provider_and_by_no_password() {
    const SENTENCE: &str = "People in your organisation sign in with Federation ID, not with a password here.";
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let jem = federated(&site).await;
    let by_password = format!("address={JEM}&password={PASSWORD}");
    let refused = site.nobody().post("/sign-in", &by_password).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(SENTENCE), "{}", refused.body);
    // To a wrong password nothing is said of it.
    let wrong = site
        .nobody()
        .post("/sign-in", &format!("address={JEM}&password=wrong"))
        .await;
    assert!(!wrong.body.contains(SENTENCE), "{}", wrong.body);
    // Nor is another password chosen, by whoever has come in by the provider.
    let (visitor, answer) = sign_in(&site, &provider, JEM, |_| ()).await;
    assert_eq!(answer.location(), "/directory");
    let form = format!("present={PASSWORD}&password=teapot-lantern-9");
    let refused = visitor.post("/me/password", &form).await;
    assert!(refused.body.contains(SENTENCE), "{}", refused.body);
    assert!(site.portal.gate.signs_in_elsewhere(jem).await.unwrap());
    // Whoever holds a role keeps the way in that they have.
    site.sign_in("Ben").await;
}

#[tokio::test]
async fn federated_people_keep_their_passwords_where_there_is_no_provider() {
    let site = Site::open(Kind::Sqlite).await;
    federated(&site).await;
    site.sign_in_at(JEM).await;
}

/// The answer is a page that says so, from which nobody is signed in.
async fn assert_told(visitor: &Visitor<'_>, answer: &Answer, sentence: &str) {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{sentence}: {}",
        answer.body
    );
    assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
    assert!(answer.body.contains("Sign in with Federation ID") && answer.body.contains("name=\"password\""));
    assert!(visitor.get("/directory").await.location().starts_with("/sign-in?"));
}

async fn last_told(site: &Site) -> String {
    let entries = store::trail::after(site.portal.gate.store().reader(), 0, 100_000).await;
    entries
        .unwrap()
        .last()
        .map(|entry| entry.sentence(calendar::day))
        .unwrap()
}

on_both! {
    async fn whom_the_provider_vouches_for_is_led_to_where_they_wanted(portal: Portal) {
        let (site, provider) = open(portal).await;
        let page = site.nobody().get("/sign-in?next=/directory").await;
        assert!(page.body.contains("href=\"/sign-in/openid?next=/directory\""), "{}", page.body);
        let mut ben = site.nobody();
        let asked = begin(&mut ben, &provider, "/directory").await;
        assert_eq!(asked["redirect_uri"], "http://127.0.0.1:3000/sign-in/openid/return");
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", "portal"));
        assert_eq!((asked["scope"].as_str(), asked["code_challenge_method"].as_str()), ("openid email", "S256"));
        assert!(asked["state"].len() > 20 && asked["nonce"].len() > 20);
        assert!(!asked.contains_key("prompt"));
        let planted = ben.cookie().to_owned();
        provider.says().claims = claims(&site, &provider, &asked, "Ben.Cartwright@Health.Example");
        let answer = come_back(&mut ben, &asked["state"]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/directory"));
        assert_ne!(ben.cookie(), planted, "the session has another ID");
        assert!(ben.get("/").await.body.contains("Ben Cartwright"));
        assert_eq!(last_told(&site).await, "Signed in");
    }

    async fn whoever_has_no_account_to_sign_in_to_is_told_one_sentence(portal: Portal) {
        let (site, provider) = open(portal).await;
        let (visitor, answer) = sign_in(&site, &provider, "somebody@elsewhere.example", |_| ()).await;
        assert_told(&visitor, &answer, NO_WAY_IN).await;
        assert!(last_told(&site).await.starts_with("A sign-in failed, with an email address that no account has"));
        let jem = "jem.larkspur@health.example";
        // Those who guess at a password shut nobody out who signs in otherwise.
        site.portal.turn(jem, Turn::Lock).await;
        assert_eq!(sign_in(&site, &provider, jem, |_| ()).await.1.location(), "/directory");
        for ended in [Turn::Disable, Turn::Delete] {
            site.portal.turn(jem, ended).await;
            let (visitor, answer) = sign_in(&site, &provider, jem, |_| ()).await;
            assert_told(&visitor, &answer, NO_WAY_IN).await;
            assert_eq!(last_told(&site).await, "A sign-in failed");
        }
        let una = "una.mossley@health.example";
        site.portal.turn(una, Turn::Idle).await;
        let (visitor, answer) = sign_in(&site, &provider, una, |_| ()).await;
        assert_eq!(answer.location(), "/directory");
        assert_eq!(visitor.get("/").await.status, StatusCode::OK);
        let status = site.portal.gate.account_by_address(una).await.unwrap().unwrap().status;
        assert_eq!(status, AccountStatus::Active, "whoever signs in uses their account");
    }
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_opens_nothing() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    for said in [json!(false), Value::Null] {
        let change = |claims: &mut Value| claims["email_verified"] = said;
        let (visitor, answer) = sign_in(&site, &provider, BEN, change).await;
        assert_told(&visitor, &answer, "does not say that your email address is confirmed").await;
        assert_eq!(last_told(&site).await, "A sign-in failed");
    }
    // Where the ID token has no address the provider is asked for one, about the same person only.
    let without = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("email"));
    for (more, is_let_in) in [
        (json!({ "sub": "somebody", "email": BEN, "email_verified": true }), true),
        (json!({ "sub": "somebody", "email": BEN }), false),
        (json!({ "sub": "another", "email": BEN, "email_verified": true }), false),
        (json!({ "sub": "somebody" }), false),
    ] {
        provider.says().more = more.clone();
        let (_, answer) = sign_in(&site, &provider, BEN, without).await;
        assert_eq!(answer.location() == "/directory", is_let_in, "{more}");
    }
}

#[tokio::test]
async fn a_false_answer_is_not_believed() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let lies: [(&str, Value); 7] = [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another portal")),
        ("aud", json!(["portal", "another portal"])),
        ("nonce", json!("of another sign-in")),
        ("nonce", Value::Null),
        ("exp", json!(site.portal.gate.now().0 / 1000 - 1)),
        ("at_hash", json!("of-another-token")),
    ];
    for (claim, lie) in lies {
        let (visitor, answer) = sign_in(&site, &provider, BEN, |claims| claims[claim] = lie.clone()).await;
        assert_told(&visitor, &answer, NOT_CHECKED).await;
    }
    for signed_by in [SignedBy::AnotherKey, SignedBy::TheSecret, SignedBy::Nobody] {
        provider.says().signed_by = signed_by;
        let (visitor, answer) = sign_in(&site, &provider, BEN, |_| ()).await;
        assert_told(&visitor, &answer, NOT_CHECKED).await;
    }
    provider.says().signed_by = SignedBy::ItsKey;
    // A code that was asked for by somebody else does not fit what this session keeps.
    let mut visitor = site.nobody();
    let asked = begin(&mut visitor, &provider, "").await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    provider.says().challenge = "of another sign-in".to_owned();
    let answer = come_back(&mut visitor, &asked["state"]).await;
    assert_told(&visitor, &answer, NOT_CHECKED).await;
    assert_eq!(sign_in(&site, &provider, BEN, |_| ()).await.1.location(), "/directory");
}

#[tokio::test]
async fn an_answer_is_good_once_and_only_where_it_was_asked_for() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let mut ben = site.nobody();
    let asked = begin(&mut ben, &provider, "").await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    let mut other = site.nobody();
    let answer = come_back(&mut other, &asked["state"]).await;
    assert_told(&other, &answer, STALE).await;
    let answer = come_back(&mut ben, "made-up").await;
    assert_told(&ben, &answer, STALE).await;
    // The false state has ended it.
    let answer = come_back(&mut ben, &asked["state"]).await;
    assert_told(&ben, &answer, STALE).await;

    let asked = begin(&mut ben, &provider, "").await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    assert_eq!(come_back(&mut ben, &asked["state"]).await.location(), "/");
    let again = come_back(&mut ben, &asked["state"]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains(STALE));

    let mut late = site.nobody();
    let asked = begin(&mut late, &provider, "").await;
    site.portal.pass_seconds(600);
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    let answer = come_back(&mut late, &asked["state"]).await;
    assert_told(&late, &answer, STALE).await;

    let asked = begin(&mut late, &provider, "//evil.example").await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    assert_eq!(come_back(&mut late, &asked["state"]).await.location(), "/");

    let mut turned_back = site.nobody();
    let asked = begin(&mut turned_back, &provider, "").await;
    let path = format!("/sign-in/openid/return?error=access_denied&state={}", asked["state"]);
    let answer = turned_back.go(&path).await;
    assert_told(&turned_back, &answer, "You were not signed in with Federation ID.").await;
}

#[tokio::test]
async fn whoever_brings_many_false_answers_must_wait() {
    let portal = Portal::open_with(Kind::Sqlite, |rules| rules.sign_in.client_failures = 2).await;
    let (site, provider) = open(portal).await;
    for _ in 0..2 {
        let (_, answer) = sign_in(&site, &provider, BEN, |claims| claims["nonce"] = Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = site.nobody().get("/sign-in/openid").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key("retry-after") && answer.body.contains("Too many attempts have failed."));
}

#[tokio::test]
async fn trouble_of_the_provider_is_counted_against_nobody() {
    let portal = Portal::open_with(Kind::Sqlite, |rules| rules.sign_in.client_failures = 2).await;
    let (site, provider) = open(portal).await;
    provider.says().is_in_trouble = true;
    for _ in 0..3 {
        let (_, answer) = sign_in(&site, &provider, BEN, |_| ()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            answer
                .body
                .contains("You cannot sign in with Federation ID at the moment.")
        );
    }
    // Nor is what another site's page could bring here.
    for _ in 0..3 {
        let answer = site
            .nobody()
            .get("/sign-in/openid/return?code=good&state=made-up")
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    provider.says().is_in_trouble = false;
    assert_eq!(sign_in(&site, &provider, BEN, |_| ()).await.1.location(), "/directory");
}

#[tokio::test]
async fn what_the_provider_says_of_itself_is_kept_until_its_keys_change() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    for _ in 0..3 {
        assert_eq!(sign_in(&site, &provider, BEN, |_| ()).await.1.location(), "/directory");
    }
    assert_eq!(provider.says().discovered, 1);
    provider.says().keys = 1;
    // A minute must pass, or else anybody could make the portal ask and ask.
    assert!(
        sign_in(&site, &provider, BEN, |_| ())
            .await
            .1
            .body
            .contains(NOT_CHECKED)
    );
    assert_eq!(provider.says().discovered, 1);
    site.portal.pass_seconds(60);
    assert_eq!(sign_in(&site, &provider, BEN, |_| ()).await.1.location(), "/directory");
    assert_eq!(provider.says().discovered, 2);
    site.portal.pass_seconds(3600);
    assert_eq!(sign_in(&site, &provider, BEN, |_| ()).await.1.location(), "/directory");
    assert_eq!(provider.says().discovered, 3);
}

#[tokio::test]
async fn without_the_provider_passwords_open_as_before() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let site = Site::configured(Portal::open(Kind::Sqlite).await, config(&nowhere));
    let mut ben = site.nobody();
    for _ in 0..2 {
        let answer = ben.go("/sign-in/openid?next=/directory").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            answer
                .body
                .contains("You cannot sign in with Federation ID at the moment.")
        );
        assert!(answer.body.contains("name=\"password\"") && answer.body.contains("value=\"/directory\""));
    }
    let form = format!("address={BEN}&password={PASSWORD}&next=/directory");
    assert_eq!(ben.enter("/sign-in", &form).await.location(), "/directory");
    let again = ben.go("/sign-in/openid?next=/me").await;
    assert!(again.body.contains("Show that it is you") && again.body.contains("at the moment."));

    let without = Site::open(Kind::Sqlite).await;
    assert!(!without.nobody().get("/sign-in").await.body.contains("openid"));
    for path in ["/sign-in/openid", "/sign-in/openid/return?code=good&state=made-up"] {
        assert_eq!(without.nobody().get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_second_factor_is_asked_for_unless_the_provider_asks_for_it() {
    for asks in [AsksForFactor::Portal, AsksForFactor::Provider] {
        let portal = Portal::open_with(Kind::Sqlite, |rules| {
            rules.sign_in.second_factor = SecondFactor::Required;
        });
        let provider = Provider::open().await;
        let config = Config {
            openid_second_factor: asks,
            ..config(&provider.issuer)
        };
        let site = Site::configured(portal.await, config);
        let (ben, answer) = sign_in(&site, &provider, BEN, |_| ()).await;
        assert_eq!(answer.location(), "/directory");
        let led_to = ben.get("/people").await.location().to_owned();
        match asks {
            AsksForFactor::Portal => assert_eq!(led_to, "/me/second-factor"),
            AsksForFactor::Provider => assert_eq!(led_to, ""),
        }
        crate::second_factor::set_up(&site, &ben).await;
        let (ben, answer) = sign_in(&site, &provider, BEN, |_| ()).await;
        match asks {
            AsksForFactor::Portal => {
                assert_eq!(answer.location(), "/sign-in/second?next=/directory");
                assert_eq!(ben.get("/people").await.location(), "/sign-in/second?next=/people");
            }
            AsksForFactor::Provider => assert_eq!(ben.get("/people").await.status, StatusCode::OK),
        }
    }
}

#[tokio::test]
async fn silent_single_sign_on_is_no_fresh_proof() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let now = site.portal.gate.now().0 / 1000;
    let asks = "/me/second-factor/app";
    for (proved_at, is_fresh) in [
        (json!(now), true),
        (json!(now + 5), true),
        (json!(now - 540), true),
        (json!(now - 600), false),
        (json!(now - 7200), false),
        (Value::Null, false),
    ] {
        let change = |claims: &mut Value| claims["auth_time"] = proved_at.clone();
        let (ben, answer) = sign_in(&site, &provider, BEN, change).await;
        assert_eq!(answer.location(), "/directory");
        let led_to = ben.get(asks).await.location().to_owned();
        let expected = if is_fresh {
            String::new()
        } else {
            format!("/sign-in/again?next={asks}")
        };
        assert_eq!(led_to, expected, "{proved_at}");
    }
    // Whoever has neither a password nor a factor here is asked for neither.
    let jem = "jem.larkspur@health.example";
    let (jem, _) = sign_in(&site, &provider, jem, |claims| claims["auth_time"] = Value::Null).await;
    let page = jem.get(&format!("/sign-in/again?next={asks}")).await;
    assert!(page.body.contains("href=\"/sign-in/openid?next="), "{}", page.body);
    assert!(!page.body.contains("name=\"password\"") && !page.body.contains("name=\"code\""));
}

#[tokio::test]
async fn whoever_is_signed_in_proves_themselves_anew_by_the_provider() {
    let (site, provider) = open(Portal::open(Kind::Sqlite).await).await;
    let (mut ben, _) = sign_in(&site, &provider, BEN, |_| ()).await;
    site.portal.pass_seconds(601);
    let asks = "/me/second-factor/app";
    let led = ben.get(asks).await;
    assert_eq!(led.location(), format!("/sign-in/again?next={asks}"));
    let page = ben.get(led.location()).await;
    assert!(page.body.contains(&format!("href=\"/sign-in/openid?next={asks}\"")));

    // Another person, or one who proved themselves before they were asked to, is not believed.
    let gwen = "gwen.ashcombe@health.example";
    let earlier = json!(site.portal.gate.now().0 / 1000 - 120);
    for (email, proved_at) in [(gwen, None), (BEN, Some(earlier)), (BEN, Some(Value::Null))] {
        let asked = begin(&mut ben, &provider, asks).await;
        assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "0"));
        let mut claimed = claims(&site, &provider, &asked, email);
        if let Some(at) = proved_at {
            claimed["auth_time"] = at;
        }
        provider.says().claims = claimed;
        let answer = come_back(&mut ben, &asked["state"]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("Show that it is you"), "{}", answer.body);
        assert!(ben.get(asks).await.location().starts_with("/sign-in/again"));
    }
    let asked = begin(&mut ben, &provider, asks).await;
    provider.says().claims = claims(&site, &provider, &asked, BEN);
    assert_eq!(come_back(&mut ben, &asked["state"]).await.location(), asks);
    assert_eq!(ben.get(asks).await.status, StatusCode::OK);

    // Whoever has an app proves themselves by it.
    crate::second_factor::set_up(&site, &ben).await;
    let led = ben.go("/sign-in/openid?next=/directory").await;
    assert_eq!(led.location(), "/sign-in/again?next=/directory");
    assert!(!ben.get("/sign-in/again").await.body.contains("openid"));
}
