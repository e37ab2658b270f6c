//! Finding people: by what they have now and by the addresses that they had before, and no further than one may see.

use domain::{
    account::Account,
    dictionary::Attribute,
    policy::Actor,
    request::{AccountWish, Cells, Wish},
    values::{
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use gate::{Import, Imported, Query, TrailQuery};
use store::ConnectionTrait;
use testkit::{Kind, Portal, SERVICE, on_both};

const BEFORE: &str = "jem.larkspur@health.example";
const NOW: &str = "jem.bright@health.example";

async fn edit(portal: &Portal, account: AccountId, cells: &[(Attribute, &str)]) {
    let cells = Cells::of(cells.iter().copied());
    let wish = Wish::Account(account, AccountWish::Edit(cells));
    portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
}

/// Gives Jem Larkspur another name and address.
async fn rename(portal: &Portal) -> AccountId {
    let jem = portal.account(BEFORE).await;
    edit(
        portal,
        jem,
        &[(Attribute::LastName, "Bright"), (Attribute::EmailAddress, NOW)],
    )
    .await;
    jem
}

/// The accounts that words find, with the earlier addresses that they are found by.
async fn found(portal: &Portal, actor: &Actor, words: &str) -> Vec<(AccountId, Option<String>)> {
    let query = Query {
        words: words.to_owned(),
        ..Query::default()
    };
    let listing = portal.gate.on_behalf_of(actor).accounts(&query).await.unwrap();
    let told = |earlier: EmailAddress| earlier.to_string();
    let people = listing.people.into_iter();
    people
        .map(|listed| (listed.person.id, listed.earlier.map(told)))
        .collect()
}

/// Whom a query finds, by their names.
async fn named(portal: &Portal, actor: &Actor, query: &Query) -> Vec<String> {
    let visit = portal.gate.on_behalf_of(actor);
    let listing = visit.accounts(query).await.unwrap();
    let names: Vec<_> = listing.people.iter().map(|listed| listed.person.full_name()).collect();
    assert_eq!(
        visit.count_accounts(query).await.unwrap(),
        names.len() as u64,
        "{query:?}"
    );
    names
}

/// Whom the directory finds.
async fn looked_up(portal: &Portal, actor: &Actor, words: &str) -> Vec<String> {
    let entries = portal.gate.on_behalf_of(actor).look_up(words).await.unwrap();
    entries.into_iter().map(|entry| entry.name).collect()
}

/// Gives Jem Larkspur numbers that nobody else's end like.
async fn give_numbers(portal: &Portal) -> AccountId {
    let jem = portal.account(BEFORE).await;
    let numbers = [
        (Attribute::Mobile, "07911 123836"),
        (Attribute::Telephone, "01632 961457"),
    ];
    edit(portal, jem, &numbers).await;
    jem
}

/// Lines that somebody types, after zotero/zotero#1787, taginfo/taginfo#40, mevdschee/php-crud-api#1038 and nurl-lang/nurl#609.
const SIGNS: &str = include_str!("../../../testkit/cases/50-searching-for-signs/input.txt");

on_both! {
    async fn case_50_signs_find_whom_they_mean_and_never_everybody(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let rourkes: &[&str] = &["Daphne O’Rourke", "Leif O’Rourke"];
        let lines: Vec<_> = SIGNS.lines().collect();
        assert_eq!(lines.len(), 16);
        for line in lines {
            let expected: &[&str] = match line {
                "%" | "_" | "\\" | "\"" | "*" => &[],
                "o'rourke" | "o’rourke" | "orourke" | "O`Rourke" => rourkes,
                "zoe stannard" | "Zoë STANNARD" => &["Zoë Stannard"],
                // A letter, as it is folded.
                "ÿ" => continue,
                _ => &["Daphne Venning"],
            };
            let query = Query { words: line.to_owned(), ..Query::default() };
            assert_eq!(named(&portal, &ben, &query).await, expected, "{line}");
            // The directory shows a contact of that name, too.
            let shown = if expected == rourkes { &["Daphne O’Rourke", "Edda O’Rourke", "Leif O’Rourke"] } else { expected };
            assert_eq!(looked_up(&portal, &gwen, line).await, shown, "{line}");
        }
    }

    async fn a_number_is_found_in_any_writing_and_by_its_end(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = give_numbers(&portal).await;
        for words in [
            "07911 123836", "07911123836", "+44 7911 123836", "+447911123836", "0044 7911 123836", "447911123836",
            "(07911) 123-836", "+44 (0)7911 123 836", "7911123836", "123836", "3836", "larkspur 123836", "Mobile: 07911 123836",
            "\u{202A}07911\u{A0}123836\u{202C}", "01632 961457", "961457", "ext 1457", "01632 961457 larkspur 07911 123836",
        ] {
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words:?}");
        }
        for words in ["07911 123837", "911 123", "836", "cartwright 123836", "01632 961457 07911 123837"] {
            assert_eq!(found(&portal, &ben, words).await, [], "{words}");
        }
        edit(&portal, jem, &[(Attribute::Mobile, "07911 123999"), (Attribute::Telephone, "+33 1 23 45 61 41")]).await;
        assert_eq!(found(&portal, &ben, "123836").await, []);
        for words in ["123999", "+33 1 23 45 61 41", "0033 123456141", "456141"] {
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words}");
        }
        assert_eq!(found(&portal, &portal.persona("Gwen").await, "123999").await, []);
        portal.adds_up().await;
    }

    async fn a_hidden_mobile_is_found_by_those_who_manage_its_person_only(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let jem = give_numbers(&portal).await;
        let way = "07911 123836";
        assert_eq!(looked_up(&portal, &gwen, way).await, ["Jem Larkspur"]);
        edit(&portal, jem, &[(Attribute::HideMobile, "yes")]).await;
        for words in [way, "+447911123836", "123836", "3836", "larkspur 123836"] {
            assert_eq!(looked_up(&portal, &gwen, words).await, [""; 0], "{words}");
            // They see no more there than anybody does.
            assert_eq!(looked_up(&portal, &ben, words).await, [""; 0], "{words}");
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words}");
        }
        // What is not hidden finds them, and the same number where it is shown, too.
        assert_eq!(looked_up(&portal, &gwen, "01632 961457").await, ["Jem Larkspur"]);
        edit(&portal, jem, &[(Attribute::Fax, way)]).await;
        assert_eq!(looked_up(&portal, &gwen, way).await, ["Jem Larkspur"]);
        edit(&portal, jem, &[(Attribute::Fax, "01632 961458"), (Attribute::HideMobile, "no")]).await;
        assert_eq!(looked_up(&portal, &gwen, way).await, ["Jem Larkspur"]);
    }

    async fn work_and_place_find_people_by_name_or_code(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let jem = portal.account(BEFORE).await;
        let emeka = portal.account("emeka.larkspur@health.example").await;
        for (words, who) in [
            ("larkspur northgate", jem), ("larkspur RIVN", jem), ("larkspur estates", jem), ("receptionist estates larkspur", jem),
            ("larkspur riverside general", emeka), ("larkspur rivg", emeka), ("larkspur Medicine", emeka),
        ] {
            assert_eq!(found(&portal, &ben, words).await, [(who, None)], "{words}");
            let entries = portal.gate.on_behalf_of(&gwen).look_up(words).await.unwrap();
            let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
            // The directory shows the names of places, and not their codes.
            let shows = !words.to_lowercase().contains("larkspur riv") || words.contains("general");
            assert_eq!(ids, if shows { vec![who.0] } else { vec![] }, "{words}");
        }
        let entry = portal.gate.on_behalf_of(&gwen).entry(jem.0).await.unwrap();
        assert_eq!((entry.site.as_str(), entry.attributes.text(Attribute::Unit)), ("Northgate Hospital", "Estates"));
        edit(&portal, jem, &[(Attribute::JobTitle, "Perfusionist"), (Attribute::Unit, "Surgery / Theatres")]).await;
        for words in ["perfusionist", "perfus theatres"] {
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words}");
        }
        assert_eq!(found(&portal, &ben, "larkspur estates").await, []);
        // Whom somebody means by a name, nobody is by their work.
        let about = TrailQuery { target: "perfusionist".into(), ..TrailQuery::default() };
        assert!(portal.gate.on_behalf_of(&ben).trail(&about, None, 10).await.unwrap().entries.is_empty());
        let about = TrailQuery { target: "larkspur".into(), ..TrailQuery::default() };
        assert!(!portal.gate.on_behalf_of(&ben).trail(&about, None, 10).await.unwrap().entries.is_empty());
    }

    async fn the_people_of_a_renamed_site_are_found_by_its_new_name(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(BEFORE).await;
        edit(&portal, jem, &[(Attribute::JobTitle, "Northgate porter")]).await;
        let file = "Code,Name,ShortName,Parent,Status,Sites,Units\nRIV,Riverside Hospitals Trust,,,,RIVN: Southgate Infirmary,\n";
        let visit = portal.gate.on_behalf_of(&SERVICE);
        let imported = visit.import_organisations("sites.csv", file.as_bytes().to_vec(), Import::Apply(None)).await.unwrap();
        assert!(matches!(imported, Imported::Read { changed: 1, .. }), "{imported:?}");
        assert_eq!(found(&portal, &ben, "larkspur southgate").await, [(jem, None)]);
        assert_eq!(found(&portal, &ben, "larkspur northgate hospital").await, []);
        assert_eq!(found(&portal, &ben, "larkspur northgate porter").await, [(jem, None)]);
        portal.adds_up().await;
    }

    async fn lists_are_narrowed_by_unit_site_and_last_use(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let of = |unit: &str, site: &str| Query { unit: unit.to_owned(), site: site.to_owned(), ..Query::default() };
        let all = portal.gate.on_behalf_of(&ben).all_accounts(&Query::default(), 1_000).await.unwrap();
        let have = |attribute: Attribute, values: &[&str]| {
            let those = all.iter().filter(|account| values.contains(&account.attributes.text(attribute)));
            let mut names: Vec<_> = those.map(Account::full_name).collect();
            names.sort();
            names
        };
        let units: [(&str, &[&str]); 6] = [
            ("Ward 8", &["Medicine / Ward 8"]),
            ("medicine / ward 8", &["Medicine / Ward 8"]),
            ("Medicine", &["Medicine", "Medicine / Ward 7", "Medicine / Ward 8"]),
            ("ward", &["Medicine / Ward 7", "Medicine / Ward 8"]),
            ("%", &[]),
            ("Nowhere", &[]),
        ];
        for (unit, paths) in units {
            let mut narrowed = named(&portal, &ben, &of(unit, "")).await;
            narrowed.sort();
            assert_eq!(narrowed, have(Attribute::Unit, paths), "{unit}");
        }
        for site in ["RIVN", "rivn", "Northgate Hospital", "northgate"] {
            let mut narrowed = named(&portal, &ben, &of("", site)).await;
            narrowed.sort();
            assert_eq!(narrowed, have(Attribute::Site, &["RIVN"]), "{site}");
        }
        let both = Query { words: "larkspur".into(), ..of("Estates", "RIVN") };
        assert_eq!(named(&portal, &ben, &both).await, ["Jem Larkspur"]);
        assert_eq!(named(&portal, &portal.persona("Gwen").await, &of("Estates", "")).await, [""; 0]);

        let (jem, now) = (portal.account(BEFORE).await, portal.gate.now());
        let day = |days: i64| now.plus_seconds(-days * 86_400);
        let tx = portal.gate.store().begin().await.unwrap();
        store::access::uses::note(&tx, &[(jem, day(40))]).await.unwrap();
        tx.commit().await.unwrap();
        let is_there = async |since: Timestamp| {
            let query = Query { words: "jem larkspur".into(), unused_since: Some(since), ..Query::default() };
            !named(&portal, &ben, &query).await.is_empty()
        };
        assert_eq!([is_there(Timestamp(0)).await, is_there(day(30)).await, is_there(day(90)).await], [false, true, false]);
        let never = Query { words: "emeka larkspur".into(), unused_since: Some(Timestamp(0)), ..Query::default() };
        assert_eq!(named(&portal, &ben, &never).await, ["Emeka Larkspur"]);
    }

    async fn what_people_are_found_by_is_filled_in_for_those_who_are_there(portal: Portal) {
        let jem = give_numbers(&portal).await;
        edit(&portal, jem, &[(Attribute::HideMobile, "yes"), (Attribute::JobTitle, "Sœur O’Neill, No. 2"), (Attribute::Fax, "+33 123456141")]).await;
        rename(&portal).await;
        let db = portal.gate.store().reader();
        let truth = store::directory::apply::state(db).await.unwrap();
        let names_only = match portal.url.starts_with("sqlite") {
            true => "substr(search, 1, instr(search, ' | ') - 1)",
            false => "split_part(search, ' | ', 1)",
        };
        for statement in [
            "DELETE FROM seaql_migrations WHERE version LIKE '%_found_by'".to_owned(),
            "DROP TABLE person_number".to_owned(),
            "DROP INDEX account_by_place".to_owned(),
            "DROP INDEX contact_by_place".to_owned(),
            format!("UPDATE account SET search = {names_only} WHERE search LIKE '%|%'"),
            format!("UPDATE contact SET search = {names_only} WHERE search LIKE '%|%'"),
        ] {
            db.execute_unprepared(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        portal.gate.store().migrate().await.unwrap();
        assert_eq!(store::directory::apply::state(db).await.unwrap(), truth);
        let ben = portal.persona("Ben").await;
        for words in ["123836", "soeur oneill no 2", "bright northgate", "456141"] {
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words}");
        }
    }

    async fn somebody_is_found_by_an_address_that_they_had_before(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = rename(&portal).await;
        let by_earlier = [(jem, Some(BEFORE.to_owned()))];
        for words in [BEFORE, "JEM.LARKSPUR@", "jem.lark", "bright jem.larkspur"] {
            assert_eq!(found(&portal, &ben, words).await, by_earlier, "{words}");
        }
        for words in [NOW, "jem.bright", "jem bright", "1001 bright"] {
            assert_eq!(found(&portal, &ben, words).await, [(jem, None)], "{words}");
        }
        // The same from where the search is counted, and where another detail changes later.
        edit(&portal, jem, &[(Attribute::JobTitle, "Matron")]).await;
        let query = Query { words: BEFORE.to_owned(), ..Query::default() };
        assert_eq!(portal.gate.on_behalf_of(&ben).count_accounts(&query).await.unwrap(), 1);
        // Two addresses ago.
        edit(&portal, jem, &[(Attribute::EmailAddress, "jem.third@health.example")]).await;
        assert_eq!(found(&portal, &ben, BEFORE).await, by_earlier);
        assert_eq!(found(&portal, &ben, NOW).await, [(jem, Some(NOW.to_owned()))]);
        // And back again.
        edit(&portal, jem, &[(Attribute::EmailAddress, BEFORE)]).await;
        assert_eq!(found(&portal, &ben, BEFORE).await, [(jem, None)]);
        assert_eq!(found(&portal, &ben, "jem.third").await, [(jem, Some("jem.third@health.example".to_owned()))]);
    }

    async fn an_underscore_in_an_address_stands_for_itself(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(BEFORE).await;
        edit(&portal, jem, &[(Attribute::EmailAddress, "jem_l@health.example")]).await;
        assert_eq!(found(&portal, &ben, "jem_l").await, [(jem, None)]);
        assert!(found(&portal, &ben, "je_").await.is_empty());
    }

    async fn an_earlier_address_finds_nobody_out_of_sight(portal: Portal) {
        let (gwen, una) = (portal.persona("Gwen").await, portal.persona("Una").await);
        let account = portal.account("hamid.noorzai@health.example").await;
        edit(&portal, account, &[(Attribute::EmailAddress, "h.noorzai@health.example")]).await;
        for actor in [gwen, una] {
            assert!(found(&portal, &actor, "hamid.noorzai@health.example").await.is_empty());
        }
    }

    async fn the_directory_finds_by_a_whole_earlier_address_and_by_no_part_of_it(portal: Portal) {
        let gwen = portal.persona("Gwen").await;
        let jem = rename(&portal).await;
        let visit = portal.gate.on_behalf_of(&gwen);
        let whole = visit.look_up(" Jem.Larkspur@health.example ").await.unwrap();
        assert_eq!(whole.len(), 1);
        assert_eq!((whole[0].id, whole[0].name.as_str()), (jem.0, "Jem Bright"));
        assert_eq!(whole[0].earlier.as_ref().map(EmailAddress::as_str), Some(BEFORE));
        for part in ["jem.larkspur", "jem.larkspur@", "larkspur@health.example", "larkspur"] {
            let entries = visit.look_up(part).await.unwrap();
            assert!(entries.iter().all(|entry| entry.id != jem.0), "{part}");
        }
        let now = visit.look_up(NOW).await.unwrap();
        assert_eq!((now.len(), now[0].earlier.is_none()), (1, true));
        assert!(visit.entry(jem.0).await.unwrap().earlier.is_none());
    }

    async fn the_events_rebuild_what_earlier_addresses_find(portal: Portal) {
        let jem = rename(&portal).await;
        edit(&portal, jem, &[(Attribute::EmailAddress, "jem.third@health.example")]).await;
        edit(&portal, jem, &[(Attribute::JobTitle, "Matron")]).await;
        let kind = if portal.url.starts_with("sqlite") { Kind::Sqlite } else { Kind::Postgres };
        let rebuilt = Portal::empty(kind).await;
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let tx = rebuilt.gate.store().begin().await.unwrap();
        store::directory::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        let truth = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        assert_eq!(store::directory::apply::state(rebuilt.gate.store().reader()).await.unwrap(), truth);
        let ben = rebuilt.persona("Ben").await;
        for earlier in [BEFORE, NOW] {
            assert_eq!(found(&rebuilt, &ben, earlier).await, [(jem, Some(earlier.to_owned()))]);
        }
    }
}
