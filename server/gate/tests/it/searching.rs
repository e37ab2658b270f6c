//! Finding people: by what they have now and by the addresses that they had before, and no further than one may see.

use domain::{
    dictionary::Attribute,
    email_address::EmailAddress,
    ids::AccountId,
    policy::Actor,
    request::{Cells, Wish},
};
use gate::Query;
use testkit::{Kind, Portal, on_both};

const BEFORE: &str = "jem.larkspur@health.example";
const NOW: &str = "jem.bright@health.example";

async fn edit(portal: &Portal, account: AccountId, cells: &[(Attribute, &str)]) {
    let cells = Cells::of(cells.iter().copied());
    let wish = Wish::EditAccount { account, cells };
    portal
        .gate
        .on_behalf_of(&Actor::System)
        .establish(vec![wish])
        .await
        .unwrap();
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

on_both! {
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
        let events = store::events::all(portal.gate.store().reader()).await.unwrap();
        let tx = rebuilt.gate.store().begin().await.unwrap();
        store::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        let truth = store::apply::state(portal.gate.store().reader()).await.unwrap();
        assert_eq!(store::apply::state(rebuilt.gate.store().reader()).await.unwrap(), truth);
        let ben = rebuilt.persona("Ben").await;
        for earlier in [BEFORE, NOW] {
            assert_eq!(found(&rebuilt, &ben, earlier).await, [(jem, Some(earlier.to_owned()))]);
        }
    }
}
