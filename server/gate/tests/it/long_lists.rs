//! Finding people among many: by the index as by looking at every one, page after page, and as they change.

use demo::federation::{self, Size};
use domain::{
    account::Account,
    dictionary::Attribute,
    life::Turn,
    organisation::{OrganisationCode, OrganisationPath},
    policy::{Scope, ScopePart},
    request::{AccountWish, Cells, Wish},
    values::{ids::AccountId, text::fold},
};
use gate::{Listed, Query, Sort};
use store::directory::{organisations, people};
use testkit::{PASSWORD, Portal, SERVICE, on_both};

/// More than are looked through one by one.
const MANY: Size = Size {
    people: 11_500,
    organisations: 200,
};

const EVERYWHERE: Scope = Scope {
    everything: true,
    parts: vec![],
};

/// Somebody as they are looked at: the name that they are sorted by, the text that is searched, and their numbers.
struct Known {
    id: AccountId,
    organisation: String,
    name: String,
    text: String,
    numbers: Vec<String>,
}

/// Everybody in the list's order.
async fn everybody(portal: &Portal) -> Vec<Known> {
    let db = portal.gate.store().reader();
    let listed = people::accounts(db, &EVERYWHERE, &Query::default(), 1_000_000).await;
    let places = organisations::list(db, &EVERYWHERE, 1_000).await.unwrap();
    let codes = places.iter().map(|place| place.code.to_string());
    let places = organisations::complete(db, &EVERYWHERE, codes).await.unwrap();
    let searched = [
        Attribute::FirstName,
        Attribute::LastName,
        Attribute::DisplayName,
        Attribute::EmailAddress,
        Attribute::LocalId,
        Attribute::Site,
        Attribute::JobTitle,
        Attribute::Unit,
    ];
    let told = |listed: Listed<Account>| {
        let of = |attribute| listed.person.attributes.text(attribute);
        let home = places.iter().find(|place| place.code == listed.person.organisation);
        let site = home.and_then(|home| home.sites.iter().find(|site| site.code == of(Attribute::Site)));
        let site = site.map(|site| fold(&site.name)).unwrap_or_default();
        let numbers = [Attribute::Telephone, Attribute::Mobile].map(|attribute| of(attribute).replace("+44", "0"));
        Known {
            id: listed.person.id,
            organisation: listed.person.organisation.to_string(),
            name: listed.position.0.clone(),
            text: format!("{} {site}", searched.map(|attribute| fold(of(attribute))).join(" ")),
            numbers: numbers.to_vec(),
        }
    };
    listed.unwrap().into_iter().map(told).collect()
}

/// Whom words find where every one is looked at; short words alone begin a last name, where there are many.
fn looked_through<'a>(everybody: impl IntoIterator<Item = &'a Known>, words: &str, are_many: bool) -> Vec<AccountId> {
    let folded = fold(words);
    let begin_a_name = are_many && folded.split(' ').all(|word| word.len() < 3);
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() > 3 && !words.contains(char::is_alphabetic);
    let found = everybody.into_iter().filter(|known| match begin_a_name {
        true => known.name.starts_with(&folded),
        false => {
            let has_words = folded.split(' ').all(|word| known.text.contains(word));
            has_words || (is_number && known.numbers.iter().any(|number| number.ends_with(&digits)))
        }
    });
    found.map(|known| known.id).collect()
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
        federation::establish(&portal.gate, &SERVICE, MANY, PASSWORD).await.unwrap();
        let db = portal.gate.store().reader();
        let everybody = everybody(&portal).await;
        let mut sizes = Vec::new();
        for words in [
            "olivia", "tho", "xanthe", "xanthe lang", "ridge horn", "a", "as", "as o", "nobody-has-this", "li ridge",
            // Numbers: whole ones, the ends of some, and digits of local IDs.
            "01632 960123", "960123", "07700900007", "(07700) 900-007", "0007", "0000123", "99999",
            // Places: by name and by code, beside names.
            "surgery team", "olivia general hospital", "R00001", "infirmary medicine", "li surgery team 4",
        ] {
            let expected = looked_through(&everybody, words, true);
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
        assert_eq!(found(&portal, &of("+44 1632 960123"), 97).await, looked_through(&everybody, "01632 960123", true));
    }

    async fn a_scope_finds_whom_looking_at_every_one_of_it_finds(portal: Portal) {
        federation::establish(&portal.gate, &SERVICE, MANY, PASSWORD).await.unwrap();
        let db = portal.gate.store().reader();
        let everybody = everybody(&portal).await;
        let trust = OrganisationPath::below(None, &OrganisationCode::parse("R0000").unwrap());
        let scope = Scope { everything: false, parts: vec![ScopePart { path: trust, unit: None }] };
        let codes: Vec<_> = organisations::list(db, &scope, 1_000).await.unwrap().into_iter().map(|place| place.code.to_string()).collect();
        let own: Vec<_> = everybody.iter().filter(|known| codes.contains(&known.organisation)).collect();
        assert!(own.len() > 1_000 && own.len() < everybody.len());
        for words in ["olivia", "xanthe lang", "960123", "01632 960123", "surgery team 2", "general hospital tho", "R00001", "0000123"] {
            let expected = looked_through(own.iter().copied(), words, false);
            let listed = people::accounts(db, &scope, &of(words), 100_000).await.unwrap();
            let listed: Vec<_> = listed.into_iter().map(|listed| listed.person.id).collect();
            assert_eq!(listed, expected, "{words}");
            assert_eq!(people::count(db, &scope, &of(words)).await.unwrap(), expected.len() as u64, "{words}");
        }
    }

    async fn the_index_follows_whoever_changes_and_goes(portal: Portal) {
        federation::establish(&portal.gate, &SERVICE, MANY, PASSWORD).await.unwrap();
        let account = found(&portal, &of("xanthe"), 50).await[0];
        let edit = Cells::of([(Attribute::LastName, "Quillwhistle"), (Attribute::FirstName, "Zebedee")]);
        let service = portal.gate.on_behalf_of(&SERVICE);
        service.establish(vec![Wish::Account(account, AccountWish::Edit(edit))]).await.unwrap();
        assert_eq!(found(&portal, &of("illwhis"), 50).await, [account]);
        let left = looked_through(&everybody(&portal).await, "xanthe", true);
        assert_eq!(found(&portal, &of("xanthe"), 50_000).await, left);
        service.establish(vec![Wish::Account(account, AccountWish::Turn(Turn::Delete))]).await.unwrap();
        portal.pass_seconds(31 * 86_400);
        service.establish(vec![Wish::Account(account, AccountWish::Erase)]).await.unwrap();
        assert_eq!(found(&portal, &of("illwhis"), 50).await, []);
    }
}
