//! Pages of customers, seats and held accounts, as they are asked for over HTTP.

use axum::http::StatusCode;
use domain::{
    grant::Terms,
    organisation::OrganisationCode,
    policy::Role,
    request::{AccountWish, RoleWish, SeatWish, Wish},
};
use testkit::{Kind, PASSWORD, SERVICE};

use crate::browser::Site;

const JEM: &str = "jem.larkspur@health.example";

/// The trust is a customer with ten seats, of which Jem has one.
async fn with_a_seat(site: &Site) {
    let visit = site.portal.gate.on_behalf_of(&SERVICE);
    let customer = r#"{"number":30020506,"organisation":"RIV"}"#;
    let subscription =
        r#"{"number":69051,"customer":30020506,"name":"Staff","offering":"bundle","seats":10,"state":"active"}"#;
    let jem = site.portal.account(JEM).await;
    let seat = SeatWish::Assign("69051".parse().unwrap());
    for wish in [
        Wish::Customer(serde_json::from_str(customer).unwrap()),
        Wish::Subscription(serde_json::from_str(subscription).unwrap()),
        Wish::Account(jem, AccountWish::Seats(seat)),
    ] {
        // Each builds on the one before.
        visit.establish(vec![wish]).await.unwrap();
    }
}

/// A page's text without the marks between its parts.
fn plain(body: &str) -> String {
    body.replace("<!>", "")
        .replace("<!--<() />-->", "")
        .replace("<wbr>", "")
}

#[tokio::test]
async fn seats_are_shown_to_those_who_manage_them() {
    let site = Site::open(Kind::Sqlite).await;
    with_a_seat(&site).await;
    let priya = site.sign_in("Priya").await;
    let seats = priya.get("/organisations/RIV/seats").await;
    assert_eq!(seats.status, StatusCode::OK);
    let seats = plain(&seats.body);
    for said in ["1 of 10 used, 9 free", "Larkspur", JEM] {
        assert!(seats.contains(said), "{said}: {seats}");
    }
    // An organisation below has the seats of the one at the top.
    let below = priya.get("/organisations/RIV01/seats").await;
    assert!(plain(&below.body).contains("1 of 10 used, 9 free"), "{}", below.body);
    let jem = site.portal.account(JEM).await;
    let page = plain(&priya.get(&format!("/accounts/{jem}")).await.body);
    assert!(
        page.contains("Staff (69051)") && page.contains("Change seats"),
        "{page}"
    );
    let ben = site.sign_in("Ben").await;
    let page = plain(&ben.get(&format!("/accounts/{jem}")).await.body);
    assert!(
        page.contains("Staff (69051)") && !page.contains("Change seats"),
        "{page}"
    );
    assert_eq!(ben.get("/organisations/RIV/seats").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_manages_seats_of_a_part_sees_the_page_of_that_part() {
    let site = Site::open(Kind::Sqlite).await;
    with_a_seat(&site).await;
    let olwen = site.portal.account("olwen.adeyemi@health.example").await;
    let role = RoleWish::Grant {
        role: Role::PrimaryLocalAdministrator,
        organisation: OrganisationCode::parse("RIV01").unwrap(),
        unit: None,
        terms: Terms::default(),
    };
    let visit = site.portal.gate.on_behalf_of(&SERVICE);
    visit.establish(vec![Wish::Role(olwen, role)]).await.unwrap();
    visit.set_password(olwen, PASSWORD).await.unwrap();
    let olwen = site.sign_in_at("olwen.adeyemi@health.example").await;
    let page = olwen.get("/organisations/RIV01/seats").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let body = plain(&page.body);
    assert!(body.contains("1 of 10 used, 9 free"), "{body}");
    // Whom she does not manage she does not see, nor what is of the customer as a whole.
    for unseen in [JEM, "/30020506\"", "href=\"/organisations/RIV/seats"] {
        assert!(!body.contains(unseen), "{unseen}: {body}");
    }
    assert_eq!(olwen.get("/subscriptions/69051").await.status, StatusCode::OK);
    assert_eq!(
        olwen.get("/organisations/RIV/seats").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_new_address_that_waits_is_shown_and_can_be_cancelled() {
    let site = Site::open(Kind::Sqlite).await;
    let customer = site.portal.customer(|_| {}).await;
    let lowri = "lowri.umar@health.example";
    for rows in [
        format!("EmailAddress,Action,SubscriptionId\n{lowri},AssignSeat,69050\n"),
        format!("EmailAddress,Action,AltEmailAddress\n{lowri},Rename,lowri@riverside.example\n"),
    ] {
        site.portal.change_file(&customer, &rows).await;
    }
    let page = format!("/accounts/{}", site.portal.account(lowri).await);
    let cancel = format!("{page}/cancel-rename");
    let waits = "A new email address waits to be confirmed.";
    let (aled, ben) = (site.sign_in("Aled").await, site.sign_in("Ben").await);
    let seen = plain(&aled.get(&page).await.body);
    assert!(
        seen.contains(waits) && seen.contains("lowri@riverside.example"),
        "{seen}"
    );
    assert!(!seen.contains(&cancel), "{seen}");
    assert_eq!(aled.post(&cancel, "").await.status, StatusCode::FORBIDDEN);
    let seen = plain(&ben.get(&page).await.body);
    assert!(seen.contains(waits) && seen.contains(&cancel), "{seen}");
    let cancelled = ben.post(&cancel, "").await;
    assert_eq!(
        (cancelled.status, cancelled.location()),
        (StatusCode::SEE_OTHER, page.as_str())
    );
    assert!(!plain(&ben.get(&page).await.body).contains(waits));
}

#[tokio::test]
async fn a_seat_is_asked_for_by_form_and_checked_before_it_is_given() {
    let site = Site::open(Kind::Sqlite).await;
    with_a_seat(&site).await;
    let priya = site.sign_in("Priya").await;
    let account = site.portal.account("perrin.holloway@health.example").await;
    let page = format!("/accounts/{account}/seats");
    let wrong = priya.post(&page, "does=assign&subscription=").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("href=\"#subscription\""), "{}", wrong.body);
    let asked = priya.post(&page, "does=assign&subscription=69051").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let check = plain(&priya.get(asked.location()).await.body);
    assert!(
        check.contains("Check before it is done") && check.contains("Assign seat"),
        "{check}"
    );
}

#[tokio::test]
async fn a_seat_that_loses_mail_says_so_before_it_is_changed() {
    let site = Site::open(Kind::Sqlite).await;
    with_a_seat(&site).await;
    let customer = r#"{"number":30020506,"organisation":"RIV","compatible":[["B1","C1"]]}"#;
    let staff = r#"{"number":69051,"customer":30020506,"name":"Staff","part":"B1","offering":"bundle","seats":10}"#;
    let files = r#"{"number":69052,"customer":30020506,"name":"Files","part":"C1","offering":"collab","seats":10}"#;
    let visit = site.portal.gate.on_behalf_of(&SERVICE);
    for wish in [
        Wish::Customer(serde_json::from_str(customer).unwrap()),
        Wish::Subscription(serde_json::from_str(staff).unwrap()),
        Wish::Subscription(serde_json::from_str(files).unwrap()),
    ] {
        visit.establish(vec![wish]).await.unwrap();
    }
    let jem = site.portal.account(JEM).await;
    let priya = site.portal.persona("Priya").await;
    let held = site.portal.gate.on_behalf_of(&priya).seats(jem).await.unwrap();
    let seat = held[0].seat.id;
    let priya = site.sign_in("Priya").await;
    let page = format!("/accounts/{jem}/seats");
    let form = format!("does=change&seat={seat}&subscription=69052");
    let asked = priya.post(&page, &form).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let check = plain(&priya.get(asked.location()).await.body);
    for said in ["Change seat", "Mail is deleted.", "nhsuk-button--warning"] {
        assert!(check.contains(said), "{said}: {check}");
    }
    assert!(!check.contains("Collaboration content is deleted."), "{check}");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_customers_form_is_told_at_once() {
    let site = Site::open(Kind::Sqlite).await;
    let grace = site.sign_in("Grace").await;
    let form = "number=x&organisation=&connector=nobody%40health.example&contact=it&domains=river&compatible=A100\
                &language=xx&time-zone=Mars%2FNorth";
    let wrong = grace.post("/customers/new", form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in [
        "number",
        "organisation",
        "federation",
        "connector",
        "contact",
        "domains",
        "compatible",
        "language",
        "time-zone",
    ] {
        let (link, id) = (format!("href=\"#{field}\""), format!("id=\"{field}\""));
        assert!(
            wrong.body.contains(&link) && wrong.body.contains(&id),
            "{field}: {}",
            wrong.body
        );
    }
    let right = "number=30020506&organisation=RIV&federation=partial&change-files=yes&domains=river.example";
    let asked = grace.post("/customers/new", right).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let check = plain(&grace.get(asked.location()).await.body);
    for said in ["Add customer 30020506", "river.example", "Partial"] {
        assert!(check.contains(said), "{said}: {check}");
    }
}

#[tokio::test]
async fn what_the_gate_finds_wrong_with_a_subscription_is_told_at_its_field() {
    let site = Site::open(Kind::Sqlite).await;
    with_a_seat(&site).await;
    let grace = site.sign_in("Grace").await;
    let form =
        |offering: &str, seats: u32| format!("name=Staff&offering={offering}&seats={seats}&state=active&number=69051");
    let fewer = grace.post("/subscriptions/69051/edit", &form("bundle", 0)).await;
    assert_eq!(fewer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        fewer.body.contains("href=\"#seats\"") && fewer.body.contains("id=\"seats\""),
        "{}",
        fewer.body
    );
    let other = grace.post("/subscriptions/69051/edit", &form("mail", 10)).await;
    assert!(other.body.contains("href=\"#offering\""), "{}", other.body);
    // A number that is taken is no new subscription.
    let again = grace
        .post("/customers/30020506/subscriptions/new", &form("bundle", 10))
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("href=\"#number\""), "{}", again.body);
    let customer = "number=30020506&organisation=G7H8J&federation=partial";
    let again = grace.post("/customers/new", customer).await;
    assert!(
        again.body.contains("There is a customer 30020506 already."),
        "{}",
        again.body
    );
}

#[tokio::test]
async fn a_held_account_says_so_with_the_reason_and_the_way_to_release_it() {
    let site = Site::open(Kind::Sqlite).await;
    let jem = site.portal.account(JEM).await;
    let hold = Wish::Account(jem, AccountWish::Hold("Two records are merged".to_owned()));
    let visit = site.portal.gate.on_behalf_of(&SERVICE);
    visit.establish(vec![hold]).await.unwrap();
    let page = format!("/accounts/{jem}");
    let priya = plain(&site.sign_in("Priya").await.get(&page).await.body);
    for said in [
        "This account is held.",
        "Reason: Two records are merged",
        "Release account",
    ] {
        assert!(priya.contains(said), "{said}: {priya}");
    }
    let ben = plain(&site.sign_in("Ben").await.get(&page).await.body);
    assert!(
        ben.contains("This account is held.") && !ben.contains("Release account"),
        "{ben}"
    );
}

#[tokio::test]
async fn a_link_to_a_new_address_that_was_none_changes_nothing_and_says_so() {
    let site = Site::open(Kind::Sqlite).await;
    let nobody = site.nobody();
    for answer in [
        nobody.get("/rename/no-such-token").await,
        nobody.post("/rename/no-such-token", "").await,
    ] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.body.contains("This link no longer works"), "{}", answer.body);
    }
}
