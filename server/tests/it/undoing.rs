//! Undoing by the page's buttons: from what is applied to what is undone, and what each page says on the way.

use axum::http::StatusCode;
use domain::submission::{LookAlikes, State};
use gate::{Confirmation, seen};
use testkit::Kind;

use crate::browser::Site;

const THREE: &str = "LocalID,ODSCode,FirstName,LastName,Mobile
1001,RIV,,,07700 900111
1003,RIV,,,07700 900112
n1,RIV,Ada,Brightwell,
";

#[tokio::test]
async fn an_upload_is_undone_from_its_page_and_each_page_says_how_things_stand() {
    let site = Site::open(Kind::Sqlite).await;
    let (visitor, ben) = (site.sign_in("Ben").await, site.actor("Ben").await);
    let gate = &site.portal.gate;
    let id = site.portal.upload(&ben, THREE).await;
    let page = format!("/submissions/{id}");
    // What is not applied yet cannot be undone, and its page does not offer it.
    let early = visitor.post(&format!("{page}/undo"), "").await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.body.contains("Nothing was changed just now.") && early.body.contains(&page));
    assert!(!visitor.get(&page).await.body.contains("Undo this"));

    let shown = gate.on_behalf_of(&ben).submission(&id).await.unwrap();
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: None,
    };
    gate.on_behalf_of(&ben).confirm(&id, said).await.unwrap();
    site.portal.work().await;
    let applied = visitor.get(&page).await.body;
    assert!(applied.contains("You can undo it until 21 December 2026"), "{applied}");
    // Who reads the trail sees until when, and no button.
    let aled = site.sign_in("Aled").await;
    let looked_at = aled.get(&page).await.body;
    assert!(looked_at.contains("It can be undone until 21 December 2026"));
    assert!(!looked_at.contains(&format!("{page}/undo")));

    let asked = visitor.post(&format!("{page}/undo"), "").await;
    let undo = asked.location().to_owned();
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert_ne!(undo, page);
    site.portal.work().await;
    let plan = visitor.get(&undo).await.body;
    for said in [
        "Undo of staff list.csv",
        "3 rows can be reversed",
        "Reverse 3 rows",
        "Delete: Pending → Deleted",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    let again = visitor.get(&page).await.body;
    assert!(again.contains("You have asked for this already."));

    visitor
        .post(&format!("{undo}/confirmation"), "seen=0&look_alikes=create")
        .await;
    site.portal.work().await;
    let done = visitor.get(&undo).await.body;
    assert!(done.contains("3 rows reversed, 0 kept, 0 not reversed."), "{done}");
    assert!(done.contains("Put these changes back"));
    assert!(
        visitor
            .get(&page)
            .await
            .body
            .contains("Ben Cartwright undid it on 21 November 2026")
    );
    assert!(visitor.get("/uploads").await.body.contains("Undo of staff list.csv"));
    let state = gate.on_behalf_of(&ben).submission(&id).await.unwrap().state;
    assert_eq!(state, State::Applied);
}
