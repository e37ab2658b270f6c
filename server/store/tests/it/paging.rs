//! Pages begin behind the last of the page before: together they are the whole list, in its order.

use store::directory::people::{self, Query, Sort};
use testkit::{Portal, on_both};
use uuid::Uuid;

use crate::everything;

async fn whole(portal: &Portal, query: &Query) -> Vec<Uuid> {
    let all = people::accounts(portal.gate.store().reader(), &everything(), query, 10_000).await;
    all.unwrap().iter().map(|listed| listed.person.id.0).collect()
}

async fn in_pages(portal: &Portal, query: &Query, size: u64) -> Vec<Uuid> {
    let (db, mut query, mut found) = (portal.gate.store().reader(), query.clone(), Vec::new());
    loop {
        let page = people::accounts(db, &everything(), &query, size).await.unwrap();
        let Some(last) = page.last() else { return found };
        query.after = Some(last.position.clone());
        found.extend(page.iter().map(|listed| listed.person.id.0));
    }
}

on_both! {
    async fn pages_add_up_to_the_list_whatever_it_is_sorted_by(portal: Portal) {
        for sort in Sort::ALL {
            for descending in [false, true] {
                let query = Query { sort, descending, ..Query::default() };
                let list = whole(&portal, &query).await;
                assert!(list.len() > 60);
                assert_eq!(in_pages(&portal, &query, 20).await, list, "{sort:?}, descending: {descending}");
            }
        }
    }

    async fn a_page_goes_on_where_it_was_left_when_the_last_seen_is_gone(portal: Portal) {
        let (db, query) = (portal.gate.store().reader(), Query::default());
        let list = whole(&portal, &query).await;
        let page = people::accounts(db, &everything(), &query, 10).await.unwrap();
        let mut position = page.last().unwrap().position.clone();
        // As if that person had been deleted for good: nobody has this ID.
        position.1 = Uuid::from_u128(position.1.as_u128() - 1);
        let after = Query { after: Some(position), ..query };
        let next = people::accounts(db, &everything(), &after, 10).await.unwrap();
        assert_eq!(next.first().unwrap().person.id.0, list[9]);
    }
}
