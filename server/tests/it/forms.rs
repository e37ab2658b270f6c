//! What forms and their check pages say to those who hear them, or go through them by the keyboard.

use axum::http::StatusCode;
use testkit::Kind;

use crate::browser::Site;

const JEM: &str = "jem.larkspur@health.example";

#[tokio::test]
async fn a_question_without_an_answer_is_tied_to_its_message() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let jem = site.portal.account(JEM).await;
    let again = ben.post(&format!("/accounts/{jem}/leaver"), "when=").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "href=\"#when\"",
        "id=\"when\"",
        "aria-describedby=\"when-error\"",
        "id=\"when-error\"",
    ] {
        assert!(again.body.contains(said), "{said}: {}", again.body);
    }
    assert_eq!(again.body.matches("aria-invalid=\"true\"").count(), 2, "{}", again.body);
}

#[tokio::test]
async fn a_date_that_is_none_comes_back_as_it_was_typed() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let jem = site.portal.account(JEM).await;
    let typed = "when=date&leaving-day=31&leaving-month=Feb&leaving-year=2027";
    let again = ben.post(&format!("/accounts/{jem}/leaver"), typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "href=\"#leaving-day\"",
        "Leaving date: this month has no such day.",
        "aria-describedby=\"leaving-day-hint leaving-day-error\"",
        "value=\"31\"",
        "value=\"Feb\"",
        "value=\"2027\"",
    ] {
        assert!(again.body.contains(said), "{said}: {}", again.body);
    }
}

#[tokio::test]
async fn a_cell_that_is_fixed_wrongly_is_told_in_the_summary() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let file = "LocalID,ODSCode,FirstName,LastName,Mobile\n9001,RIV,Ada,Bright,0770\n";
    let id = site.portal.upload(&site.actor("Ben").await, file).await;
    let row = format!("/submissions/{id}/rows/2");
    let sent = ben.post(&row, "mobile=0771").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = ben.get(&format!("/submissions/{id}?mended=2&also=0")).await.body;
    for told in [
        "<title>Error: ",
        "There is a problem",
        "href=\"#row-2-mobile\">Row 2, Mobile: ",
        "id=\"row-2-mobile\"",
        "Row 2 was checked again. It still has a problem.",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("id=\"mended\""), "{page}");
    // What cannot even be written into the row comes back on its own page.
    let long = ben.post(&row, &format!("mobile={}", "0".repeat(10_001))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.body.contains("<title>Error: Row 2: "), "{}", long.body);
    let sound = ben.post(&row, "mobile=07700+900998").await;
    assert_eq!(sound.status, StatusCode::SEE_OTHER, "{}", sound.body);
    let page = ben.get(&format!("/submissions/{id}?mended=2&also=0")).await.body;
    assert!(
        page.contains("id=\"mended\"") && !page.contains("There is a problem"),
        "{page}"
    );
}

#[tokio::test]
async fn a_new_account_without_an_organisation_is_told_so_first() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let again = ben
        .post("/accounts/new", "organisation=&first-name=&last-name=Bright")
        .await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = |field: &str| again.body.find(&format!("href=\"#{field}\""));
    let (organisation, name) = (link("organisation"), link("first-name"));
    assert!(organisation.is_some() && organisation < name, "{}", again.body);
}

#[tokio::test]
async fn an_unseen_character_in_a_name_is_told_in_its_field() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    for sign in ["%00", "%E2%80%8B"] {
        let typed = format!("organisation=RIV&first-name=A{sign}da&last-name=Bright");
        let again = ben.post("/accounts/new", &typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{sign}");
        assert!(again.body.contains("href=\"#first-name\""), "{sign}: {}", again.body);
    }
}

#[tokio::test]
async fn beside_each_answer_is_the_way_back_to_its_field() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let jem = site.portal.account(JEM).await;
    let asked = ben.post(&format!("/accounts/{jem}/leaver"), "when=today").await;
    let id = asked.location().rsplit('/').next().unwrap().to_owned();
    let check = ben.get(asked.location()).await.body;
    let way = format!("href=\"/accounts/{jem}/leaver?from={id}#when\"");
    assert!(check.contains(&way), "{way}: {check}");
    // The form has what was answered.
    let form = ben.get(&format!("/accounts/{jem}/leaver?from={id}")).await.body;
    assert!(form.contains("value=\"today\" checked"), "{form}");
}

#[tokio::test]
async fn the_actions_of_a_list_are_one_link_away() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let list = ben.get("/people?words=larkspur").await.body;
    let (before, table) = list.split_once("<table").unwrap();
    assert!(before.contains("href=\"#choosing\""), "{before}");
    assert!(table.contains("id=\"choosing\" tabindex=\"-1\""), "{table}");
}
