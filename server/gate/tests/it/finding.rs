//! Finding rows of a file: by what stands in them, by the problem that many share.

use domain::{policy::Actor, values::ids::SubmissionId};
use gate::Filter;
use testkit::{Portal, on_both};

use crate::confirm;

const FILE: &str = "LocalID,ODSCode,FirstName,LastName,Mobile
n1,RIV,Zoë,O'Bright,not a number
n2,RIV,Bea,Bright,nor this
n3,RIV,Cay,Clear,07700 900123
n4,RIV,Dot,,07700 900124
";

async fn found(portal: &Portal, actor: &Actor, id: &SubmissionId, filter: Filter) -> Vec<u32> {
    let review = portal.gate.on_behalf_of(actor).review(id, filter).await.unwrap();
    review.rows.iter().map(|row| row.planned.row.0).collect()
}

on_both! {
    async fn rows_are_found_by_what_stands_in_them_and_by_the_problem_that_they_share(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, FILE).await;
        for (words, rows) in [
            ("zoe", vec![2]),
            ("BRIGHT", vec![2, 3]),
            ("Obright", vec![2]),
            ("n3", vec![4]),
            ("900123", vec![4]),
            ("last-name", vec![]),
            ("%", vec![]),
            ("_", vec![]),
        ] {
            let filter = Filter { words: words.to_owned(), ..Filter::default() };
            assert_eq!(found(&portal, &ben, &id, filter).await, rows, "{words}");
        }
        let shared = portal.gate.on_behalf_of(&ben).review(&id, Filter::default()).await.unwrap().shared;
        let said: Vec<_> = shared.iter().map(|shared| (shared.said.as_str(), shared.rows)).collect();
        assert_eq!(said, [("Mobile: “…” is not a UK mobile number: it has no digits.", 2)]);
        let filter = Filter { problem: Some(shared[0].key.clone()), ..Filter::default() };
        assert_eq!(found(&portal, &ben, &id, filter).await, [2, 3]);
        let filter = Filter { problem: Some("none".into()), ..Filter::default() };
        assert_eq!(found(&portal, &ben, &id, filter).await, Vec::<u32>::new());
        // What is applied is still found.
        confirm(&portal, &ben, &id).await;
        portal.work().await;
        let filter = Filter { words: "clear".into(), ..Filter::default() };
        assert_eq!(found(&portal, &ben, &id, filter).await, [4]);
    }
}
