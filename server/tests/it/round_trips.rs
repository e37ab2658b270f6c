//! What the portal gives out, it takes back: exports, result files and problem files are uploaded again as they are.

use axum::http::StatusCode;
use domain::{plan::RowKind, submission::State};
use testkit::{Kind, on_both};

use crate::browser::Site;

/// Every column that a list of accounts may have.
const ALL_COLUMNS: &str = "organisation,site,unit,job-title,department,local-id,telephone,mobile,pager,role,\
                           clinical-specialty,work-area,title,initials,display-name,notes,quota,status,leaving";

on_both! {
    async fn an_export_of_people_uploaded_again_changes_nothing(portal: Portal) {
        let site = Site::over(portal);
        let (ben, actor) = (site.sign_in("Ben").await, site.actor("Ben").await);
        let visit = site.portal.gate.on_behalf_of(&actor);
        for columns in ["", &format!("&columns={ALL_COLUMNS}")] {
            let export = ben.get(&format!("/people/export.csv?status=Active,Pending{columns}")).await;
            assert_eq!(export.status, StatusCode::OK);
            let id = site.portal.upload(&actor, &export.body).await;
            let told = visit.submission(&id).await.unwrap();
            assert_eq!(told.state, State::Planned, "{:?}", told.problems);
            assert!(told.totals.rows() > 20, "{:?}", told.totals);
            assert_eq!(told.totals.of(RowKind::NoChange), told.totals.rows(), "{:?}", told.totals);
        }
    }

    async fn result_and_problem_files_are_uploaded_again_without_a_question(portal: Portal) {
        let site = Site::over(portal);
        let (ben, actor) = (site.sign_in("Ben").await, site.actor("Ben").await);
        let visit = site.portal.gate.on_behalf_of(&actor);
        let file = "LocalID,ODSCode,FirstName,LastName,Mobile,Status\nn1,RIV,Ada,Bright,07700 900123,on leave\nn2,RIV,Bea,Bright,0770,\n";
        let id = site.portal.upload(&actor, file).await;
        let confirmed = ben.post(&format!("/submissions/{id}/confirmation"), "seen=0").await;
        assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
        site.portal.work().await;
        for (name, same, problems) in [("result.csv", 1, 1), ("problems.csv", 0, 1)] {
            let given = ben.get(&format!("/submissions/{id}/{name}")).await;
            let again = site.portal.upload(&actor, &given.body).await;
            let told = visit.submission(&again).await.unwrap();
            assert_eq!(told.state, State::Planned, "{name}: {:?}", told.problems);
            let totals = (told.totals.of(RowKind::NoChange), told.totals.with_problems());
            assert_eq!(totals, (same, problems), "{name}: {}", given.body);
            assert!(given.body.contains("Status"), "a column of the sender's own stays");
        }
    }
}

#[tokio::test]
async fn a_site_of_another_organisation_is_refused_at_its_field() {
    let site = Site::open(Kind::Sqlite).await;
    let (ben, actor) = (site.sign_in("Ben").await, site.actor("Ben").await);
    let id = site
        .portal
        .upload(&actor, "First Name,Surname,Job\nAda,Bright,Nurse\n")
        .await;
    let said =
        "column-0=first-name&column-1=last-name&column-2=job-title&all-organisation=RIV01&all-site=RIVG&all-unit=";
    let refused = ben.post(&format!("/submissions/{id}/columns"), said).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("RIV01 has no such site."), "{}", refused.body);
    for chosen in ["RIV01", "RIVG"] {
        let (_, option) = refused.body.split_once(&format!("<option value=\"{chosen}\"")).unwrap();
        assert!(
            option.split('>').next().unwrap().contains("selected"),
            "{chosen}: {}",
            refused.body
        );
    }
}
