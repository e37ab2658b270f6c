//! Every address of the portal, to everybody: the approved table. A new route fails here until it stands in it.

use std::collections::HashMap;

use app::App;
use axum::http::StatusCode;
use domain::{
    ids::{ContactId, OfferId},
    policy::Actor,
    request::Wish,
};
use gate::{Asked, Confirmation, demonstration::PRACTICE_FILE, seen};
use leptos::prelude::Owner;
use leptos_axum::generate_route_list;
use server::router::HANDLED;
use testkit::Kind;

use crate::{assert_approved, browser::Site};

/// In the table's order: nobody, in the scope, another organisation, too weak a role, another role in the scope, one unit.
const VISITORS: [&str; 6] = ["nobody", "Ben", "Gwen", "Hamid", "Aled", "Una"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_answers_everybody_as_approved() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        answers_as_approved(Site::open(kind).await).await;
    }
}

async fn answers_as_approved(site: Site) {
    let account = site.portal.account("jem.larkspur@health.example").await.to_string();
    let ben = site.actor("Ben").await;
    let contact = site
        .portal
        .gate
        .on_behalf_of(&ben)
        .contacts(&gate::Query::default())
        .await
        .unwrap()
        .people[0]
        .person
        .id
        .to_string();

    let offer = offer(&site, &ben, contact.parse().unwrap()).await.to_string();

    let mut visitors = HashMap::new();
    for name in &VISITORS[1..] {
        visitors.insert(*name, site.sign_in(name).await);
    }
    let mut addresses: Vec<(String, String)> = HANDLED
        .iter()
        .map(|(method, path)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    addresses.extend(pages().into_iter().map(|path| ("GET".to_owned(), path)));
    addresses.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));

    let mut table = format!(
        "{:<5} {:<40}{}\n",
        "",
        "",
        VISITORS.map(|name| format!(" {name:<7}")).concat()
    );
    for (method, path) in addresses {
        let mut line = format!("{method:<5} {path:<40}");
        for name in VISITORS {
            let fresh;
            let visitor = match (name, path.as_str()) {
                // Whoever signs out is gone.
                ("nobody", _) => {
                    fresh = site.nobody();
                    &fresh
                }
                (name, "/sign-out") => {
                    fresh = site.sign_in(name).await;
                    &fresh
                }
                _ => &visitors[name],
            };
            let id = match path.split('/').nth(1) {
                Some("accounts" | "directory") => account.clone(),
                Some("organisations") => "RIV".to_owned(),
                Some("contacts") => contact.clone(),
                Some("offers") => offer.clone(),
                // Each gets a submission of Ben's that nobody has decided on yet.
                Some("submissions") => site.portal.upload(&ben, PRACTICE_FILE).await.to_string(),
                _ => String::new(),
            };
            let address = path
                .replace("{id}", &id)
                .replace(":id", &id)
                .replace("{name}", "new")
                .replace("{token}", "no-such-token");
            let answer = match (method.as_str(), path.as_str()) {
                ("POST", "/uploads") => visitor.upload("staff.csv", PRACTICE_FILE).await,
                ("POST", "/api/find-people") => visitor.post(&address, "words=ben").await,
                ("POST", "/api/name-suggestions") => {
                    visitor.post(&address, "first=Jane&last=Smith&organisation=RIV").await
                }
                ("POST", "/accounts/{id}/turns") => visitor.post(&address, "turn=disable").await,
                ("POST", "/people/actions") => visitor.post(&address, &format!("act=disable&id={account}")).await,
                ("POST", _) => visitor.post(&address, "seen=0").await,
                _ => visitor.get(&address).await,
            };
            let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in");
            let told = if to_sign_in {
                "sign in".to_owned()
            } else {
                answer.status.as_u16().to_string()
            };
            line += &format!(" {told:<7}");
        }
        table += line.trim_end();
        table.push('\n');
    }
    assert_approved("endpoints.txt", &table);
}

/// An open offer of Ben's to Gwen's organisation.
async fn offer(site: &Site, ben: &Actor, contact: ContactId) -> OfferId {
    let visit = site.portal.gate.on_behalf_of(ben);
    let wish = Wish::OfferContact {
        contact,
        to: "G7H8J".to_owned(),
    };
    let Asked::Planned(id) = visit.ask("Offer", wish).await.unwrap() else {
        panic!("it can be offered")
    };
    let said = Confirmation {
        seen: seen(&visit.submission(&id).await.unwrap()),
        look_alikes: None,
    };
    visit.confirm(&id, said).await.unwrap();
    visit.offers().await.unwrap().sent[0].offer.id
}

/// The pages, as the app's own routes name them.
fn pages() -> Vec<String> {
    Owner::new()
        .with(|| generate_route_list(App))
        .into_iter()
        .map(|route| route.path().to_owned())
        .collect()
}

#[test]
fn every_server_function_stands_in_the_table() {
    let named: Vec<_> = server_fn_paths()
        .into_iter()
        .filter(|path| HANDLED.iter().all(|(_, handled)| handled != path))
        .collect();
    assert_eq!(named, Vec::<String>::new());
}

fn server_fn_paths() -> Vec<String> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[test]
fn every_route_stands_in_the_table() {
    let source = include_str!("../../src/router.rs");
    let functions = HANDLED.iter().filter(|(_, path)| path.starts_with("/api/")).count();
    assert_eq!(source.matches("        .route(").count(), HANDLED.len() - functions);
}

#[tokio::test]
async fn where_something_is_only_posted_one_is_led_to_the_page_it_belongs_to() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for (path, page) in [
        ("/accounts", "/people"),
        ("/contacts", "/people?kind=contacts"),
        ("/sign-out", "/"),
    ] {
        let answer = ben.get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page), "{path}");
    }
}
