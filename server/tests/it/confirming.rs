//! Confirming by the page's form: nothing is done for whoever does not say which plan they saw.

use axum::http::StatusCode;
use demo::PRACTICE_FILE;
use domain::submission::State;
use testkit::Kind;

use crate::browser::Site;

#[tokio::test]
async fn a_confirmation_that_names_no_plan_leads_back_to_the_page_and_loses_nothing() {
    let site = Site::open(Kind::Sqlite).await;
    let (visitor, ben) = (site.sign_in("Ben").await, site.actor("Ben").await);
    let id = site.portal.upload(&ben, PRACTICE_FILE).await;
    let confirmation = format!("/submissions/{id}/confirmation");
    let state = || async { site.portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap().state };
    for said in [
        "look_alikes=create",
        "seen=&look_alikes=create",
        "seen=x&look_alikes=create",
    ] {
        let answer = visitor.post(&confirmation, said).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{said}");
        assert!(answer.body.contains("Check it again before you decide."), "{said}");
        assert_eq!(state().await, State::Planned, "{said}");
    }
    // Whose it is not learns nothing by it.
    let gwen = site.sign_in("Gwen").await;
    assert_eq!(gwen.post(&confirmation, "").await.status, StatusCode::NOT_FOUND);
    visitor.post(&confirmation, "seen=0&look_alikes=create").await;
    assert_eq!(state().await, State::Applying);
}
