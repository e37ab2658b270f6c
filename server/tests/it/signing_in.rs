//! Signing in and out, taking an account up, choosing a password, one's own record.

use std::sync::{Arc, Mutex};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    account::{Account, AccountStatus},
    dictionary::Attribute,
    life::Turn,
    request::{AccountWish, Cells, Wish},
    submission::LookAlikes,
};
use gate::{Asked, Confirmation, MadeLink};
use testkit::{Kind, PASSWORD, Portal, SERVICE, on_both};

use crate::browser::{Site, Visitor};

const ADA: &str = "ada.bright@health.example";
const DAY: i64 = 86_400;

/// Has a persona ask for something and confirm it; gives back the links that were made on the way.
pub(crate) async fn done(site: &Site, who: &str, wish: Wish) -> Vec<MadeLink> {
    let actor = site.actor(who).await;
    let visit = site.portal.gate.on_behalf_of(&actor);
    let Asked::Planned(id) = visit.ask("Test", wish.clone()).await.unwrap() else {
        panic!("cannot be done: {wish:?}")
    };
    let said = Confirmation {
        seen: gate::seen(&visit.submission(&id).await.unwrap()),
        look_alikes: Some(LookAlikes::Create),
        typed: None,
    };
    visit.confirm(&id, said).await.unwrap()
}

/// Where the one-time link leads that was made.
fn path(links: &[MadeLink]) -> String {
    let token = links[0].url.rsplit('/').next().unwrap();
    format!("/start/{token}")
}

/// Somebody whom Ben creates; gives back where their link leads.
async fn newcomer(site: &Site) -> String {
    let cells = Cells::of([
        (Attribute::FirstName, "Ada"),
        (Attribute::LastName, "Bright"),
        (Attribute::LocalId, "n1"),
        (Attribute::Organisation, "RIV"),
    ]);
    path(&done(site, "Ben", Wish::NewAccount(cells)).await)
}

/// Tries to sign in by the form.
async fn signing_in<'a>(site: &'a Site, address: &str, password: &str) -> (Visitor<'a>, String) {
    let mut visitor = site.nobody();
    let form = format!("address={address}&password={password}");
    let answer = visitor.enter("/sign-in", &form).await;
    let led_to = answer.location().to_owned();
    (visitor, led_to)
}

async fn account(site: &Site, address: &str) -> Account {
    site.portal.gate.account_by_address(address).await.unwrap().unwrap()
}

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
        let disable = Wish::Account(account, AccountWish::Turn(domain::life::Turn::Disable));
        site.portal.gate.on_behalf_of(&SERVICE).establish(vec![disable]).await.unwrap();
        assert!(ben.get("/").await.location().starts_with("/sign-in"));
    }

    async fn somebody_new_takes_their_account_up_by_the_link_and_is_signed_in(portal: Portal) {
        let site = Site::over(portal);
        let link = newcomer(&site).await;
        let page = site.nobody().get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        for text in ["Welcome, Ada", ADA, "Riverside Hospitals Trust", "I accept the use policy"] {
            assert!(page.body.contains(text), "{text}");
        }
        // Nobody new has passwords that must not come back.
        assert!(!page.body.contains("last 4 passwords"));
        let mut ada = site.nobody();
        let refused = ada.post(&link, "password=teapot-lantern-9").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Accept the use policy to continue."));
        assert_eq!(account(&site, ADA).await.status, AccountStatus::Pending);
        let taken = ada.enter(&link, "password=teapot-lantern-9&accept=yes").await;
        assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, "/"));
        assert_eq!(account(&site, ADA).await.status, AccountStatus::Active);
        for page in ["/", "/me", "/me/password"] {
            assert_eq!(ada.get(page).await.status, StatusCode::OK, "{page}");
        }
        // The link is spent, for looking and for choosing.
        for again in [site.nobody().get(&link).await, site.nobody().post(&link, "password=lantern-teapot-8&accept=yes").await] {
            assert_eq!(again.status, StatusCode::NOT_FOUND);
            assert!(again.body.contains("This link no longer works"));
        }
        assert_eq!(signing_in(&site, ADA, "teapot-lantern-9").await.1, "/");
        assert_eq!(signing_in(&site, ADA, "lantern-teapot-8").await.1, "");
    }

    async fn terms_that_a_customer_has_accepted_are_not_asked_for(portal: Portal) {
        let site = Site::over(portal);
        let customer = r#"{"number":30020506,"organisation":"RIV","accepts_terms":true}"#;
        let customer = Wish::Customer(serde_json::from_str(customer).unwrap());
        site.portal.gate.on_behalf_of(&SERVICE).establish(vec![customer]).await.unwrap();
        let link = newcomer(&site).await;
        let page = site.nobody().get(&link).await;
        assert!(page.body.contains("Welcome, Ada") && !page.body.contains("use policy"), "{}", page.body);
        let taken = site.nobody().post(&link, "password=teapot-lantern-9").await;
        assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, "/"));
        assert_eq!(account(&site, ADA).await.status, AccountStatus::Active);
    }

    async fn a_session_ends_when_the_helpdesk_resets_the_password(portal: Portal) {
        let site = Site::over(portal);
        let address = "jem.larkspur@health.example";
        let account = account(&site, address).await.id;
        site.portal.gate.on_behalf_of(&SERVICE).set_password(account, PASSWORD).await.unwrap();
        let (jem, _) = signing_in(&site, address, PASSWORD).await;
        site.portal.pass_seconds(1);
        assert_eq!(jem.get("/").await.status, StatusCode::OK);
        let link = path(&done(&site, "Hamid", Wish::Account(account, AccountWish::ResetPassword)).await);
        assert!(jem.get("/").await.location().starts_with("/sign-in"));
        assert_eq!(signing_in(&site, address, PASSWORD).await.1, "");
        // Nothing is accepted a second time; the password before is not taken again.
        let mut jem = site.nobody();
        assert!(!jem.get(&link).await.body.contains("use policy"));
        let same = jem.post(&link, &format!("password={PASSWORD}")).await;
        assert!(same.body.contains("You have used this password before."), "{}", same.body);
        assert_eq!(jem.enter(&link, "password=teapot-lantern-9").await.location(), "/");
        assert_eq!(jem.get("/me").await.status, StatusCode::OK);
    }

    async fn a_one_time_password_from_a_file_is_changed_before_anything_else(portal: Portal) {
        let site = Site::over(portal);
        let ben = site.actor("Ben").await;
        let file = "LocalID,ODSCode,FirstName,LastName,Password\nn1,RIV,Ada,Bright,first-time-only-1\n";
        let id = site.portal.upload(&ben, file).await;
        let visit = site.portal.gate.on_behalf_of(&ben);
        let seen = gate::seen(&visit.submission(&id).await.unwrap());
        visit.confirm(&id, Confirmation { seen, look_alikes: None, typed: None }).await.unwrap();
        site.portal.work().await;
        let (mut ada, led_to) = signing_in(&site, ADA, "first-time-only-1").await;
        assert_eq!(led_to, "/password/new");
        for path in ["/", "/me", "/people", "/uploads/practice.csv"] {
            assert_eq!(ada.get(path).await.location(), "/password/new", "{path}");
        }
        assert_eq!(ada.post("/me", "seen=1&notes=x").await.location(), "/password/new");
        let page = ada.get("/password/new").await;
        assert!(page.body.contains("You signed in with a one-time password."));
        assert!(!page.body.contains("href=\"/me\"") && !page.body.contains("href=\"/people\""));
        let same = ada.post("/password/new", "password=first-time-only-1").await;
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(same.body.contains("You have used this password before."));
        assert_eq!(ada.enter("/password/new", "password=teapot-lantern-9").await.location(), "/");
        assert_eq!(account(&site, ADA).await.status, AccountStatus::Active);
        assert_eq!(ada.get("/").await.status, StatusCode::OK);
        // Whoever need not choose proves who they are by the present one.
        assert_eq!(ada.post("/password/new", "password=lantern-teapot-8").await.location(), "/me/password");
        assert_eq!(signing_in(&site, ADA, "first-time-only-1").await.1, "");
    }

    async fn a_leaver_signs_in_and_holds_no_role(portal: Portal) {
        let site = Site::over(portal);
        let hamid = site.sign_in("Hamid").await;
        assert_eq!(hamid.get("/people").await.status, StatusCode::OK);
        site.portal.pass_seconds(1);
        let account = account(&site, "hamid.noorzai@health.example").await.id;
        done(&site, "Priya", Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        assert!(hamid.get("/").await.location().starts_with("/sign-in"));
        let hamid = site.sign_in("Hamid").await;
        let own = hamid.get("/me").await;
        assert!(own.body.contains("You are leaving your organisation.") && own.body.contains("You have no role."));
        assert_eq!(hamid.get("/").await.status, StatusCode::OK);
        for page in ["/people", "/people/actions"] {
            assert_eq!(hamid.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
        }
        assert!(!own.body.contains("What a file must look like"));
    }

    async fn what_somebody_keeps_of_themselves_is_saved_and_overwrites_nothing_unseen(portal: Portal) {
        let site = Site::over(portal);
        let una = site.sign_in("Una").await;
        let address = "una.mossley@health.example";
        let own = una.get("/me").await;
        for text in ["Priya Ramanathan", "ben.cartwright@health.example", "Medicine", "+441632960161"] {
            assert!(own.body.contains(text), "{text}");
        }
        let form = |seen: i64, mobile: &str, notes: &str| {
            format!("seen={seen}&telephone=%2B441632960161&mobile={mobile}&hide-mobile=no&pager=&fax=&web-page=&notes={notes}")
        };
        let first = account(&site, address).await.version;
        let wrong = una.post("/me", &form(first, "01632+960123", "")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("is not a UK mobile number") && wrong.body.contains("href=\"#mobile\""));
        let unchanged = una.post("/me", &form(first, "%2B447700900976", "")).await;
        assert_eq!(unchanged.location(), "/me?nothing=yes");
        let saved = una.post("/me", &form(first, "07700+900977", "")).await;
        assert_eq!(saved.location(), "/me?saved=yes");
        assert!(una.get("/me?saved=yes").await.body.contains("Your details are saved."));
        assert_eq!(account(&site, address).await.attributes.text(Attribute::Mobile), "+447700900977");

        // Ben corrects the telephone while Una writes a note upon the page as it was.
        let shown = account(&site, address).await;
        let cells = Cells::of([(Attribute::Telephone, "01632 960162")]);
        done(&site, "Ben", Wish::Account(shown.id, AccountWish::Edit(cells))).await;
        let stale = una.post("/me", &form(shown.version, "07700+900977", "On+call")).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        for text in ["Your record has changed", "Ben Cartwright", "value=\"+441632960162\"", "On call"] {
            assert!(stale.body.contains(text), "{text}");
        }
        assert_eq!(account(&site, address).await.attributes.text(Attribute::Notes), "");
    }
}

#[tokio::test]
async fn nobody_is_offered_what_they_cannot_do_to_themselves_or_told_to_ask_themselves() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let own = account(&site, "ben.cartwright@health.example").await.id;
    let page = ben.get(&format!("/accounts/{own}")).await;
    assert!(page.body.contains("This is your own account.") && page.body.contains("href=\"/me/password\""));
    assert!(!page.body.contains("Reset password") && !page.body.contains(">Disable</a>"));
    let record = ben.get("/me").await;
    assert!(record.body.contains("You do, as their administrator, and so do:"));
    assert!(record.body.contains("mailto:priya.ramanathan@health.example"));
    assert!(!record.body.contains("mailto:ben.cartwright@health.example"));
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
        assert!(answer.body.contains("The email address or the password is not right."));
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
async fn a_form_that_comes_after_the_session_has_ended_says_so_and_leads_back_to_its_page() {
    let site = Site::open(Kind::Sqlite).await;
    for (page, goal) in [
        (
            Some("https://portal.example/accounts/new?unit=a%20b"),
            "&next=/accounts/new%3Funit%3Da%2520b",
        ),
        (None, "&next=/accounts/new"),
    ] {
        let mut late = Request::builder()
            .method("POST")
            .uri("/accounts/new")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(page) = page {
            late = late.header(header::REFERER, page);
        }
        let answer = site
            .nobody()
            .raw(late.body(Body::from("LastName=Bright")).unwrap())
            .await;
        assert_eq!(answer.location(), format!("/sign-in?ended=yes{goal}"));
        let told = site.nobody().get(answer.location()).await;
        assert!(told.body.contains("Your changes were not saved"), "{}", told.body);
    }
}

#[tokio::test]
async fn a_link_is_good_for_a_fortnight_and_only_until_a_newer_one_is_made() {
    let site = Site::open(Kind::Sqlite).await;
    let link = newcomer(&site).await;
    let account = account(&site, ADA).await.id;
    let newer = path(&done(&site, "Hamid", Wish::Account(account, AccountWish::ResetPassword)).await);
    assert_eq!(site.nobody().get(&link).await.status, StatusCode::NOT_FOUND);
    site.portal.pass_seconds(14 * DAY - 1);
    assert_eq!(site.nobody().get(&newer).await.status, StatusCode::OK);
    site.portal.pass_seconds(1);
    assert_eq!(site.nobody().get(&newer).await.status, StatusCode::NOT_FOUND);
    let late = site.nobody().post(&newer, "password=teapot-lantern-9&accept=yes").await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_weak_password_is_refused_with_what_to_do_and_never_said_back() {
    let site = Site::open(Kind::Sqlite).await;
    let link = newcomer(&site).await;
    for (password, sentence) in [
        ("", "Enter a new password."),
        ("short-1", "The password is too short. Use at least 12 characters."),
        ("xADAx-lantern", "The password contains your name."),
        (
            "liverpool2019",
            "The password is little more than a word that many people use.",
        ),
        (
            "hospital2026",
            "The password is little more than a word that many people use.",
        ),
        ("xyxyxyxyxyxy", "The password is the same few characters over and over."),
        (
            "abcdefgh1234",
            "The password mostly follows the alphabet, the digits or the keyboard.",
        ),
        (
            "Riverside-2026!",
            "The password is mostly the name of a person, of an organisation or of Staffbook.",
        ),
        (
            "Staffbook2026!",
            "The password is mostly the name of a person, of an organisation or of Staffbook.",
        ),
    ] {
        let answer = site
            .nobody()
            .post(&link, &format!("password={password}&accept=yes"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(answer.body.contains("href=\"#password\""));
        assert!(password.is_empty() || !answer.body.contains(password), "{password}");
    }
    assert_eq!(account(&site, ADA).await.status, AccountStatus::Pending);
}

#[tokio::test]
async fn none_of_the_last_four_passwords_is_taken_again() {
    let site = Site::open(Kind::Sqlite).await;
    let link = newcomer(&site).await;
    let mut ada = site.nobody();
    assert_eq!(
        ada.enter(&link, "password=teapot-lantern-1&accept=yes")
            .await
            .location(),
        "/"
    );
    let form = |present: i32, new: i32| format!("present=teapot-lantern-{present}&password=teapot-lantern-{new}");
    for new in 2..=5 {
        let changed = ada.enter("/me/password", &form(new - 1, new)).await;
        assert_eq!(changed.location(), "/me?saved=password");
    }
    assert!(
        ada.get("/me?saved=password")
            .await
            .body
            .contains("Your password is changed.")
    );
    for used in 2..=5 {
        let answer = ada.post("/me/password", &form(5, used)).await;
        assert!(answer.body.contains("You have used this password before."), "{used}");
    }
    let guessed = ada.post("/me/password", &form(4, 6)).await;
    assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(guessed.body.contains("The current password is not right."));
    assert_eq!(
        ada.enter("/me/password", &form(5, 1)).await.location(),
        "/me?saved=password"
    );
}

#[tokio::test]
async fn changing_ones_password_ends_ones_other_sessions_and_not_this_one() {
    let site = Site::open(Kind::Sqlite).await;
    let (mut here, elsewhere) = (site.sign_in("Ben").await, site.sign_in("Ben").await);
    site.portal.pass_seconds(1);
    let form = format!("present={PASSWORD}&password=teapot-lantern-9");
    assert_eq!(here.enter("/me/password", &form).await.location(), "/me?saved=password");
    assert_eq!(here.get("/").await.status, StatusCode::OK);
    assert!(elsewhere.get("/").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn somebody_inactive_is_active_again_when_they_sign_in() {
    let site = Site::open(Kind::Sqlite).await;
    let address = "una.mossley@health.example";
    site.portal.turn(address, Turn::Idle).await;
    assert_eq!(account(&site, address).await.status, AccountStatus::Inactive);
    let una = site.sign_in("Una").await;
    assert_eq!(account(&site, address).await.status, AccountStatus::Active);
    assert_eq!(una.get("/people").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_password_older_than_the_operator_allows_is_changed_at_the_next_sign_in() {
    let yearly = Portal::open_with(Kind::Sqlite, |rules| rules.timers.password_days = 365).await;
    let site = Site::over(yearly);
    let address = "una.mossley@health.example";
    site.portal.pass_seconds(364 * DAY);
    assert_eq!(signing_in(&site, address, PASSWORD).await.1, "/");
    site.portal.pass_seconds(DAY);
    let (mut una, led_to) = signing_in(&site, address, PASSWORD).await;
    assert_eq!(led_to, "/password/new");
    assert!(una.get("/password/new").await.body.contains("more than 365 days old"));
    assert_eq!(
        una.enter("/password/new", "password=teapot-lantern-9").await.location(),
        "/"
    );
    assert_eq!(una.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_one_time_link_stands_in_no_log_line() {
    let site = Site::open(Kind::Sqlite).await;
    let link = newcomer(&site).await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let logging = tracing::subscriber::set_default(subscriber);
    site.nobody().get(&link).await;
    site.nobody().post(&link, "password=short&accept=yes").await;
    site.nobody().post(&link, "password=teapot-lantern-9&accept=yes").await;
    site.nobody().get(&format!("{link}/more")).await;
    drop(logging);
    let text = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(text.matches("answered").count(), 4, "{text}");
    assert!(text.contains("/start/…") && !text.contains(token), "{text}");
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
