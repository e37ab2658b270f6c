//! Everybody read by cursor while others write: nobody is missed, and who comes twice has changed in between.

use std::collections::{BTreeMap, BTreeSet};

use demo::federation::{self, Size};
use domain::account::AccountStatus;
use serde_json::{Value, json};
use testkit::{PASSWORD, Portal, SERVICE, on_both};

use super::{Provider, id_of};
use crate::browser::Site;

/// People of the made-up federation, of whom four fifths are in its only trust.
const SIZE: Size = Size {
    people: 2_700,
    organisations: 10,
};

async fn page(provider: &Provider<'_>, cursor: &str) -> (Vec<Value>, Option<String>) {
    let path = format!("/Users?count=100&attributes=userName,title&cursor={cursor}");
    let mut page = provider.get(&path).await.with(200);
    let next = page["nextCursor"].as_str().map(ToOwned::to_owned);
    let Value::Array(people) = page["Resources"].take() else {
        panic!("{page:#}")
    };
    (people, next)
}

on_both! {
    async fn a_cursor_misses_nobody_while_others_write(portal: Portal) {
        let made = federation::establish(&portal.gate, &SERVICE, SIZE, PASSWORD).await.unwrap();
        let administrator = made.expect("an administrator").address;
        let site = Site::over(portal);
        let reader = Provider::of(&site, &administrator, "R0000").await;
        let writer = Provider::of(&site, "jem.bassey@health.example", "R0000").await;
        let before: BTreeSet<String> = everybody(&site.portal, &administrator).await;
        assert!(before.len() >= 2_000, "{}", before.len());

        let (mut seen, mut changed) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
        let (mut cursor, mut pages) = (String::new(), 0);
        let known: Vec<_> = before.iter().cloned().collect();
        loop {
            // Behind and before where the reader is; and somebody new.
            let touched = [known[pages * 37 % known.len()].clone(), known[(pages * 911 + 5) % known.len()].clone()];
            let writes = async {
                if pages >= 20 {
                    return;
                }
                for id in &touched {
                    let title = json!([{"op": "replace", "path": "title", "value": format!("Porter {pages}")}]);
                    writer.patch(&format!("/Users/{id}"), &title).await.with(200);
                }
                let letter = char::from(b'a' + u8::try_from(pages).unwrap());
                let person = json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": format!("new.{letter}"),
                    "name": {"familyName": format!("New{letter}{letter}"), "givenName": "Zola"},
                    "urn:staffbook:scim:schemas:2.0:Account": {"organisation": "R0000"},
                });
                writer.post("/Users", &person).await.with(201);
            };
            site.portal.pass_seconds(1);
            let ((people, next), ()) = tokio::join!(page(&reader, &cursor), writes);
            if pages < 20 {
                changed.extend(touched);
            }
            assert!(people.len() <= 100);
            for person in &people {
                *seen.entry(id_of(person)).or_default() += 1;
            }
            pages += 1;
            match next {
                Some(next) => cursor = next,
                None => break,
            }
            assert!(pages < 100, "it comes to no end");
        }
        let missed: Vec<_> = before.iter().filter(|id| !seen.contains_key(*id)).collect();
        assert_eq!(missed, Vec::<&String>::new());
        for (id, times) in &seen {
            assert!(*times == 1 || changed.contains(id), "{id} came {times} times and did not change");
        }
        // Nothing of elsewhere came with it.
        let after = everybody(&site.portal, &administrator).await;
        assert!(seen.keys().all(|id| after.contains(id)));
        // A cursor is good for the request that it was made for, and for nobody else's.
        let (_, next) = page(&reader, "").await;
        let next = next.expect("more than a page");
        let other = format!("/Users?count=100&attributes=userName,title&filter=active%20eq%20true&cursor={next}");
        reader.get(&other).await.refused(400, Some("invalidCursor"));
        let same = format!("/Users?count=100&attributes=userName,title&cursor={next}");
        writer.get(&same).await.refused(400, Some("invalidCursor"));
    }
}

/// The IDs of everybody whom an administrator manages and who is not deleted.
async fn everybody(portal: &Portal, administrator: &str) -> BTreeSet<String> {
    let administrator = portal.person(administrator).await;
    let visit = portal.gate.on_behalf_of(&administrator);
    let accounts = visit.all_accounts(&gate::Query::default(), 1_000_000).await;
    let accounts = accounts.expect("the accounts can be read").into_iter();
    let there = accounts.filter(|account| account.status != AccountStatus::Deleted);
    there.map(|account| account.id.to_string()).collect()
}
