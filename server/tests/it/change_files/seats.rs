//! Seats as spreadsheets and programs are told of them.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{
    request::{AccountWish, SeatWish, Wish},
    subscription::{Offering, Subscription, SubscriptionState},
};
use serde_json::{Value, json};
use testkit::{Portal, SERVICE, on_both};

use super::{customer, customer_number};
use crate::{api::connector, browser::Site};

/// Whoever has seats.
const HOLDER: &str = "ben.cartwright@health.example";

/// Has the customer subscribe to something, and gives Ben a seat of it.
async fn give_seat(portal: &Portal, subscription: &str, offering: Offering) {
    let holder = portal.account(HOLDER).await;
    let subscription = Subscription {
        number: subscription.parse().expect("a number"),
        customer: customer_number(),
        name: offering.name().to_owned(),
        part: String::new(),
        offering,
        parent: None,
        seats: 5,
        gigabytes: 0,
        state: SubscriptionState::Active,
        starts_on: None,
        ends_on: None,
    };
    let seat = AccountWish::Seats(SeatWish::Assign(subscription.number));
    for wish in [Wish::Subscription(Box::new(subscription)), Wish::Account(holder, seat)] {
        let established = portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await;
        established.expect("it can be done");
    }
}

/// What a connector is answered.
async fn read(site: &Site, token: &str, path: &str) -> Value {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = site.nobody().raw(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

on_both! {
    async fn seats_stand_in_exports_and_in_entitlements(portal: Portal) {
        let site = Site::over(portal);
        let jem = connector(&site, "jem.larkspur@health.example", "RIV").await;
        let id = site.portal.account(HOLDER).await;
        let ben = site.sign_in("Ben").await;
        let before = ben.get("/people/export.csv").await.body;
        assert!(!before.lines().next().unwrap().contains("Seats"), "{before}");
        let one = format!("/scim/v2/Users/{id}");
        assert!(read(&site, &jem.token, &one).await.get("entitlements").is_none());

        customer(&site.portal).await;
        give_seat(&site.portal, "69051", Offering::Bundle).await;
        give_seat(&site.portal, "69053", Offering::Traveler).await;
        let export = ben.get("/people/export.csv").await.body;
        assert!(export.lines().next().unwrap().ends_with("Seats"), "{export}");
        let line = export.lines().find(|line| line.contains(HOLDER)).unwrap();
        assert!(line.ends_with("Collaboration and mail (69051); Traveler (69053)"), "{line}");
        assert_eq!(export.matches("69051").count(), 1, "{export}");

        let expected = json!([
            {"value": "69051", "display": "Collaboration and mail", "type": "bundle"},
            {"value": "69053", "display": "Traveler", "type": "traveler"},
        ]);
        assert_eq!(read(&site, &jem.token, &one).await["entitlements"], expected);
        let list = read(&site, &jem.token, "/scim/v2/Users?count=200").await;
        let users = list["Resources"].as_array().unwrap();
        let seated: Vec<_> = users.iter().filter(|user| user.get("entitlements").is_some()).collect();
        assert_eq!(seated.len(), 1, "{list}");
        assert_eq!((&seated[0]["id"], &seated[0]["entitlements"]), (&json!(id.to_string()), &expected));
        // Who sees no customer is told of no seats.
        let other = site.sign_in("Gwen").await.get("/people/export.csv").await.body;
        assert!(!other.contains("Seats"), "{other}");
    }
}
