//! Every address of the portal, to everybody: the approved table. A new route fails here until it stands in it.

use std::collections::{HashMap, HashSet};

use app::App;
use axum::http::StatusCode;
use demo::{PERSONAS, PRACTICE_FILE};
use domain::{
    grant::{CONNECTOR_CHANNELS, Terms},
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{ContactWish, RoleWish, Wish},
    values::ids::{ContactId, OfferId},
};
use gate::{Asked, Confirmation, seen};
use leptos::prelude::Owner;
use leptos_axum::generate_route_list;
use server::http::router::handled;
use testkit::{Kind, MAIL_DOMAIN, PASSWORD, Portal, SERVICE};

use crate::{
    api, assert_approved,
    browser::{Answer, Site, Visitor},
};

/// Who asks: the table's heading, the address before the `@`, and the role that somebody is given for it.
type Asking = (&'static str, &'static str, Option<(Role, &'static str)>);

/// In the table's order: each role within the scope (`in`), and the same role over another organisation (`out`).
const VISITORS: [Asking; 15] = [
    ("nobody", "", None),
    ("no role", "perrin.holloway", None),
    ("PLA in", "priya.ramanathan", None),
    (
        "PLA out",
        "olwen.adeyemi",
        Some((Role::PrimaryLocalAdministrator, "G7H8J")),
    ),
    ("LA in", "ben.cartwright", None),
    ("LA unit", "una.mossley", None),
    ("LA out", "gwen.ashcombe", None),
    ("HD in", "hamid.noorzai", None),
    ("HD out", "arun.thackeray", Some((Role::LocalHelpdesk, "G7H8J"))),
    ("Con in", "hector.trelawny", Some((Role::Connector, "RIV"))),
    ("Con out", "elowen.stannard", Some((Role::Connector, "G7H8J"))),
    ("Aud in", "aled.pritchard", None),
    ("Aud out", "corin.ravenscroft", Some((Role::Audit, "G7H8J"))),
    ("Global", "grace.lindholm", None),
    ("GHD", "fintan.gillespie", Some((Role::GlobalHelpdesk, "FED00"))),
];

/// The trust's number as a customer.
const CUSTOMER: &str = "30020506";

/// What it subscribes to.
const SUBSCRIPTION: &str = "69051";

/// A file that something may be decided on.
const ONE_ROW: &str = "LocalID,ODSCode,FirstName,LastName\n9001,RIV,Ada,Bright\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_answers_everybody_as_approved_on_sqlite() {
    answers_as_approved(patient(Kind::Sqlite).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_answers_everybody_as_approved_on_postgres() {
    answers_as_approved(patient(Kind::Postgres).await).await;
}

/// A portal that goes on answering: everybody tries links that do not exist, all from one address.
async fn patient(kind: Kind) -> Site {
    Site::over(Portal::open_with(kind, |rules| rules.sign_in.client_failures = 1_000).await)
}

async fn answers_as_approved(site: Site) {
    let account = site.portal.account("jem.larkspur@health.example").await.to_string();
    let ben = site.actor("Ben").await;
    let visit = site.portal.gate.on_behalf_of(&ben);
    let contacts = visit.contacts(&gate::Query::default()).await.unwrap();
    let contact = contacts.people[0].person.id.to_string();
    let offer = offer(&site, &ben, contact.parse().unwrap()).await.to_string();
    let niamh = "niamh.adeyemi@health.example";
    let (token, connector) = (
        api::connector(&site, niamh, "RIV").await.id(),
        site.portal.account(niamh).await.to_string(),
    );
    let priya = site.actor("Priya").await;
    let visit = site.portal.gate.on_behalf_of(&priya);
    let roles = visit.administrators(Some(Role::LocalAdministrator));
    let roles = roles.await.unwrap().grants;
    let of_ben = roles
        .iter()
        .find(|listed| Some(listed.granted.holder.id) == ben.account());
    let grant = of_ben.unwrap().granted.held.grant.to_string();
    // Looked at by everybody; who may decide on one gets another.
    let looked_at = site.portal.upload(&ben, PRACTICE_FILE).await.to_string();

    for wish in customer() {
        // A subscription is added to a customer that is there.
        let service = site.portal.gate.on_behalf_of(&SERVICE);
        service.establish(vec![wish]).await.unwrap();
    }

    let mut visitors = HashMap::new();
    for (heading, name, role) in &VISITORS[1..] {
        visitors.insert(*heading, visitor(&site, name, *role).await);
    }
    let mut addresses: Vec<(String, String)> = handled()
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    addresses.extend(verbs().into_iter().map(|path| ("POST".to_owned(), path)));
    addresses.extend(pages().into_iter().map(|path| ("GET".to_owned(), path)));
    addresses.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));

    // A file that waits for a decision; who may not decide leaves it for the next visitor.
    let mut undecided: Option<String> = None;
    let mut table = format!(
        "{:<5} {:<40}{}\n",
        "",
        "",
        VISITORS.map(|(heading, ..)| format!(" {heading:<7}")).concat()
    );
    for (method, path) in addresses {
        let mut line = format!("{method:<5} {path:<40}");
        for (heading, name, _) in VISITORS {
            let fresh;
            let visitor = match (heading, path.as_str()) {
                // Whoever signs out is gone.
                ("nobody", _) => {
                    fresh = site.nobody();
                    &fresh
                }
                (_, "/sign-out") => {
                    fresh = site.sign_in_at(&format!("{name}@{MAIL_DOMAIN}")).await;
                    &fresh
                }
                _ => &visitors[heading],
            };
            let id = match path.split('/').nth(1) {
                Some("accounts" | "directory" | "scim") => account.clone(),
                Some("connectors") => connector.clone(),
                Some("administrators") => grant.clone(),
                Some("tokens") => token.clone(),
                Some("api") => "7Q4K9TZM2X".to_owned(),
                Some("organisations") => "RIV".to_owned(),
                Some("customers" | "change-files") => CUSTOMER.to_owned(),
                Some("subscriptions") => SUBSCRIPTION.to_owned(),
                Some("contacts") => contact.clone(),
                Some("offers") => offer.clone(),
                Some("submissions") if method == "POST" => match undecided.take() {
                    Some(id) => id,
                    None => site.portal.upload(&ben, ONE_ROW).await.to_string(),
                },
                Some("submissions") => looked_at.clone(),
                _ => String::new(),
            };
            let address = path
                .replace("{id}", &id)
                .replace("{code}", "RIV")
                .replace("{row}", "2")
                .replace("{seq}", "1")
                .replace(":id", &id)
                .replace("{*rest}", "nothing")
                .replace("{name}", "new")
                .replace("{token}", "no-such-token");
            let answer = ask(visitor, &method, &path, &address, &account).await;
            let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in");
            let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status);
            if method == "POST" && path.starts_with("/submissions/") && (to_sign_in || refused) {
                undecided = Some(id);
            }
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

/// Asks as a browser would: with the least that the address's form sends.
async fn ask(visitor: &Visitor<'_>, method: &str, path: &str, address: &str, account: &str) -> Answer {
    match (method, path) {
        ("POST", "/uploads/new") => visitor.upload("staff.csv", PRACTICE_FILE).await,
        ("POST", "/api/find-people") => visitor.post(address, "words=ben").await,
        ("POST", "/api/name-suggestions") => visitor.post(address, "first=Jane&last=Smith&organisation=RIV").await,
        ("POST", "/accounts/{id}/turns") => visitor.post(address, "turn=disable").await,
        ("POST", "/people/actions") => {
            visitor
                .post(address, &format!("act=disable&reason=leave&id={account}"))
                .await
        }
        ("POST", _) => visitor.post(address, "seen=0").await,
        ("PUT" | "PATCH" | "DELETE", _) => visitor.send(method, address, "application/scim+json", "{}").await,
        _ => visitor.get(address).await,
    }
}

/// Somebody who is signed in, with a role that they are given first.
async fn visitor<'a>(site: &'a Site, name: &str, role: Option<(Role, &str)>) -> Visitor<'a> {
    let address = format!("{name}@{MAIL_DOMAIN}");
    let person = site.portal.person(&address).await;
    let gate = &site.portal.gate;
    if let Some((role, organisation)) = role {
        let grant = Wish::Role(
            person.account().unwrap(),
            RoleWish::Grant {
                role,
                organisation: OrganisationCode::parse(organisation).unwrap(),
                unit: None,
                terms: Terms {
                    channels: if role == Role::Connector {
                        CONNECTOR_CHANNELS.to_vec()
                    } else {
                        vec![]
                    },
                    ..Terms::default()
                },
            },
        );
        gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
    }
    if PERSONAS.iter().all(|persona| persona.address(MAIL_DOMAIN) != address) {
        gate.on_behalf_of(&person)
            .choose_password(PASSWORD)
            .await
            .unwrap()
            .unwrap();
    }
    site.sign_in_at(&address).await
}

/// The trust as a customer, with a subscription.
fn customer() -> [Wish; 2] {
    let customer = serde_json::json!({ "number": CUSTOMER.parse::<i64>().unwrap(), "organisation": "RIV" });
    let subscription = serde_json::json!({
        "number": SUBSCRIPTION.parse::<i64>().unwrap(),
        "customer": CUSTOMER.parse::<i64>().unwrap(),
        "name": "Staff",
        "offering": "bundle",
        "seats": 10,
    });
    [
        Wish::Customer(serde_json::from_value(customer).unwrap()),
        Wish::Subscription(serde_json::from_value(subscription).unwrap()),
    ]
}

/// An open offer of Ben's to Gwen's organisation.
async fn offer(site: &Site, ben: &Actor, contact: ContactId) -> OfferId {
    let visit = site.portal.gate.on_behalf_of(ben);
    let wish = Wish::Contact(contact, ContactWish::Offer("G7H8J".to_owned()));
    let Asked::Planned(id) = visit.ask("Offer", wish).await.unwrap() else {
        panic!("it can be offered")
    };
    let said = Confirmation {
        seen: seen(&visit.submission(&id).await.unwrap()),
        look_alikes: None,
        typed: None,
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

/// Where the server functions are posted to, as they are declared.
pub fn verbs() -> Vec<String> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[test]
fn every_handled_route_stands_in_the_table() {
    // The table makes both the list and the routes; beside it stands only what programs find nothing at.
    let source = include_str!("../../src/http/router.rs");
    assert_eq!(source.matches(".route(").count(), 3);
    let listed: Vec<_> = handled().collect();
    let distinct: HashSet<_> = listed.iter().collect();
    assert_eq!((listed.len() > 40, distinct.len()), (true, listed.len()));
}

#[tokio::test]
async fn where_something_is_only_posted_one_is_led_to_the_page_it_belongs_to() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for (path, page) in [
        ("/submissions/7Q4K9TZM2X/confirmation", "/submissions/7Q4K9TZM2X"),
        ("/sign-out", "/"),
    ] {
        let answer = ben.get(path).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, page),
            "{path}"
        );
    }
}
