//! Finding people among many: by the index as by looking at every one, page after page, and as they change.

use domain::{
    account::Account,
    dictionary::Attribute,
    ids::AccountId,
    life::Turn,
    policy::{Actor, Scope},
    request::{Cells, Wish},
    text::fold,
};
use gate::{
    Listed, Query, Sort,
    federation::{self, Size},
};
use store::people;
use testkit::{PASSWORD, Portal, on_both};

/// More than are looked through one by one.
const MANY: Size = Size {
    people: 11_500,
    organisations: 200,
};

const EVERYWHERE: Scope = Scope {
    everything: true,
    parts: vec![],
};

/// Everybody in the list's order: who they are, and the text that is searched.
async fn everybody(portal: &Portal) -> Vec<(AccountId, String, String)> {
    let listed = people::accounts(portal.gate.store().reader(), &EVERYWHERE, &Query::default(), 1_000_000).await;
    let searched = [
        Attribute::FirstName,
        Attribute::LastName,
        Attribute::DisplayName,
        Attribute::EmailAddress,
        Attribute::LocalId,
    ];
    let told = |listed: Listed<Account>| {
        let texts = searched.map(|attribute| fold(listed.person.attributes.text(attribute)));
        (listed.person.id, listed.position.0, texts.join(" "))
    };
    listed.unwrap().into_iter().map(told).collect()
}

/// Whom words find where every one is looked at; short words alone begin a last name.
fn looked_through(everybody: &[(AccountId, String, String)], words: &str) -> Vec<AccountId> {
    let folded = fold(words);
    let are_short = folded.split(' ').all(|word| word.len() < 3);
    let found = everybody.iter().filter(|(_, name, text)| match are_short {
        true => name.starts_with(&folded),
        false => folded.split(' ').all(|word| text.contains(word)),
    });
    found.map(|(id, ..)| *id).collect()
}

/// Whom the store finds, so many a page.
async fn found(portal: &Portal, query: &Query, a_page: u64) -> Vec<AccountId> {
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let page = people::accounts(portal.gate.store().reader(), &EVERYWHERE, &query, a_page)
            .await
            .unwrap();
        found.extend(page.iter().map(|listed| listed.person.id));
        match page.last() {
            Some(last) if page.len() as u64 == a_page => query.after = Some(last.position.clone()),
            _ => return found,
        }
    }
}

fn of(words: &str) -> Query {
    Query {
        words: words.to_owned(),
        ..Query::default()
    }
}

on_both! {
    async fn the_index_finds_whom_looking_at_every_one_finds(portal: Portal) {
        federation::establish(&portal.gate, &Actor::System, MANY, PASSWORD).await.unwrap();
        let db = portal.gate.store().reader();
        let everybody = everybody(&portal).await;
        let mut sizes = Vec::new();
        for words in ["olivia", "tho", "xanthe", "xanthe lang", "ridge horn", "a", "as", "as o", "nobody-has-this", "li ridge"] {
            let expected = looked_through(&everybody, words);
            sizes.push(expected.len());
            assert_eq!(found(&portal, &of(words), 100_000).await, expected, "{words}");
            assert_eq!(found(&portal, &of(words), 97).await, expected, "{words}, page after page");
            assert_eq!(people::count(db, &EVERYWHERE, &of(words)).await.unwrap(), expected.len() as u64, "{words}");
            let first = people::ids(db, &EVERYWHERE, &of(words), 30).await.unwrap();
            assert_eq!(first, expected[..expected.len().min(30)], "{words}");
            let backwards = Query { descending: true, ..of(words) };
            let backwards: Vec<_> = found(&portal, &backwards, 97).await.into_iter().rev().collect();
            assert_eq!(backwards, expected, "{words}, backwards");
            let mut by_title = found(&portal, &Query { sort: Sort::JobTitle, ..of(words) }, 97).await;
            by_title.sort();
            let mut sorted = expected;
            sorted.sort();
            assert_eq!(by_title, sorted, "{words}, by job title");
        }
        for signs in ["%", "*", "' \"", "-", "\u{1f600}"] {
            assert_eq!(found(&portal, &of(signs), 97).await, [], "{signs}");
            assert_eq!(people::count(db, &EVERYWHERE, &of(signs)).await.unwrap(), 0, "{signs}");
            assert_eq!(people::ids(db, &EVERYWHERE, &of(signs), 30).await.unwrap(), [], "{signs}");
        }
        assert!(sizes.iter().any(|size| *size > 500) && sizes.contains(&0), "{sizes:?}");
    }

    async fn the_index_follows_whoever_changes_and_goes(portal: Portal) {
        federation::establish(&portal.gate, &Actor::System, MANY, PASSWORD).await.unwrap();
        let account = found(&portal, &of("xanthe"), 50).await[0];
        let edit = Cells::of([(Attribute::LastName, "Quillwhistle"), (Attribute::FirstName, "Zebedee")]);
        let service = portal.gate.on_behalf_of(&Actor::System);
        service.establish(vec![Wish::EditAccount { account, cells: edit }]).await.unwrap();
        assert_eq!(found(&portal, &of("illwhis"), 50).await, [account]);
        let left = looked_through(&everybody(&portal).await, "xanthe");
        assert_eq!(found(&portal, &of("xanthe"), 50_000).await, left);
        service.establish(vec![Wish::Turn { account, turn: Turn::Delete }]).await.unwrap();
        portal.pass_seconds(31 * 86_400);
        service.establish(vec![Wish::EraseAccount { account }]).await.unwrap();
        assert_eq!(found(&portal, &of("illwhis"), 50).await, []);
    }
}
