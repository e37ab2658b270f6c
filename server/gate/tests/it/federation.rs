//! The made-up federation: the same numbers make the same one, it follows from its events, and its people are found.

use demo::federation::{self, Administrator, Size};
use domain::{dictionary::Attribute, problem::Kind as Problem};
use gate::Query;
use testkit::{Kind, NOON, PASSWORD, Portal, SERVICE, on_both};

const SMALL: Size = Size {
    people: 900,
    organisations: 140,
};

async fn establish(portal: &Portal) -> Administrator {
    federation::establish(&portal.gate, &SERVICE, SMALL, PASSWORD)
        .await
        .expect("the federation is sound")
        .expect("somebody manages it")
}

async fn state(portal: &Portal) -> Vec<String> {
    store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap()
}

const fn kind(portal: &Portal) -> Kind {
    match portal.url.as_bytes() {
        [b's', ..] => Kind::Sqlite,
        _ => Kind::Postgres,
    }
}

on_both! {
    async fn a_federation_is_the_same_each_time_and_follows_from_its_events(portal: Portal) {
        let (one, other, replayed) = (Portal::empty(kind(&portal)).await, Portal::empty(kind(&portal)).await, Portal::empty(kind(&portal)).await);
        assert_eq!(establish(&one).await, establish(&other).await);
        let made = state(&one).await;
        assert_eq!(made, state(&other).await);
        let counted = |table: &str| made.iter().filter(|line| line.starts_with(table)).count();
        assert_eq!(
            (counted("account "), counted("contact "), counted("organisation "), counted("address ")),
            (855, 45, 140, 855)
        );
        let events = store::trail::events::all(one.gate.store().reader()).await.unwrap();
        assert!(events.iter().all(|event| event.at == NOON && event.actor.is_none()));
        let tx = replayed.gate.store().begin().await.unwrap();
        store::directory::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(state(&replayed).await, made);
        assert_eq!(one.gate.verify_trail(&[]).await.unwrap().faults, vec![]);
    }

    async fn its_people_are_found_by_who_looks_after_them_and_by_nobody_else(portal: Portal) {
        let administrator = establish(&portal).await;
        let primary = portal.person(&administrator.address).await;
        let query = |words: &str| Query { words: words.to_owned(), ..Query::default() };
        let own = portal.gate.on_behalf_of(&primary);
        let (accounts, contacts) = (own.count_accounts(&query("")).await.unwrap(), own.count_contacts(&query("")).await.unwrap());
        assert_eq!(accounts + contacts, u64::from(administrator.people));
        let listed = own.accounts(&query("")).await.unwrap().people;
        let somebody = &listed[3].person;
        let found = own.accounts(&query(somebody.attributes.text(Attribute::EmailAddress))).await.unwrap();
        assert_eq!(found.people[0].person.id, somebody.id);
        let gwen = portal.persona("Gwen").await;
        let elsewhere = portal.gate.on_behalf_of(&gwen);
        let found = elsewhere.accounts(&query(somebody.attributes.text(Attribute::LastName))).await.unwrap();
        assert!(found.people.iter().all(|listed| listed.person.organisation.as_str() == "G7H8J"));
    }

    async fn what_is_made_up_is_spelt_as_the_dictionary_spells_it(portal: Portal) {
        establish(&portal).await;
        let grace = portal.persona("Grace").await;
        let listed = portal.gate.on_behalf_of(&grace).accounts(&Query::default()).await.unwrap().people;
        let rules = portal.gate.rules();
        for (attribute, value) in listed.iter().flat_map(|listed| listed.person.attributes.iter()) {
            let read: Result<_, Problem> = attribute.parse(value.as_str(), ';', rules);
            assert_eq!(read.as_ref(), Ok(value), "{attribute:?}");
        }
    }
}

#[tokio::test]
async fn only_the_service_makes_a_federation_up() {
    let portal = Portal::open(Kind::Sqlite).await;
    let grace = portal.persona("Grace").await;
    let denied = federation::establish(&portal.gate, &grace, SMALL, PASSWORD).await;
    assert!(matches!(denied, Err(gate::GateError::Denied)));
}
