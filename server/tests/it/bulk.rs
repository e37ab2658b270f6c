//! One thing for many people, by the pages' own forms: what they say before and after, who may, and the way back.

use axum::http::StatusCode;
use testkit::Kind;

use crate::browser::Site;

const JEM: &str = "jem.larkspur@health.example";
const HECTOR: &str = "hector.trelawny@health.example";

#[tokio::test]
async fn leavers_marked_together_are_shown_confirmed_and_brought_back() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let (jem, hector) = (site.portal.account(JEM).await, site.portal.account(HECTOR).await);
    let form = format!("act=mark-leaver&step=details&when=today&whom=ticked&id={jem}&id={hector}");
    let asked = ben.post("/people/actions", &form).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = asked.location().to_owned();
    site.portal.work().await;
    let plan = ben.get(&page).await.body;
    for said in [
        JEM,
        HECTOR,
        "nhsuk-button--warning",
        ">Mark 2 accounts as leavers<",
        ">Mark as leaver<",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    ben.post(&format!("{page}/confirmation"), "seen=0&look_alikes=create")
        .await;
    site.portal.work().await;
    let done = ben.get(&page).await.body;
    for said in [
        "2 people changed",
        "Undo this change",
        "You can undo it until 21 December 2026",
        "Roles and API tokens that ended do not come back",
    ] {
        assert!(done.contains(said), "{said}: {done}");
    }
    let undo = ben.post(&format!("{page}/undo"), "").await.location().to_owned();
    assert_ne!(undo, page);
    site.portal.work().await;
    let plan = ben.get(&undo).await.body;
    for said in [
        "2 accounts can be reversed",
        "Reverse 2 accounts",
        JEM,
        "Not a leaver after all: Leaver → Active",
        "We will write to these people.",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    ben.post(&format!("{undo}/confirmation"), "seen=0&look_alikes=create")
        .await;
    site.portal.work().await;
    let undone = ben.get(&undo).await.body;
    assert!(
        undone.contains("2 accounts reversed, 0 kept, 0 not reversed."),
        "{undone}"
    );
    assert!(
        ben.get(&page)
            .await
            .body
            .contains("Ben Cartwright undid it on 21 November 2026")
    );
}

#[tokio::test]
async fn who_was_disabled_together_is_put_back_with_the_reason() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let (jem, hector) = (site.portal.account(JEM).await, site.portal.account(HECTOR).await);
    let form = format!("act=disable&step=details&reason=the+ward+is+closed&whom=ticked&id={jem}&id={hector}");
    let mut page = ben.post("/people/actions", &form).await.location().to_owned();
    site.portal.work().await;
    let confirm = async |page: &str| {
        let said = "seen=0&look_alikes=create";
        ben.post(&format!("{page}/confirmation"), said).await;
        site.portal.work().await;
        ben.get(page).await.body
    };
    confirm(&page).await;
    let (mut plan, mut done) = (String::new(), String::new());
    for _ in ["undo", "put back"] {
        page = ben.post(&format!("{page}/undo"), "").await.location().to_owned();
        site.portal.work().await;
        plan = ben.get(&page).await.body;
        done = confirm(&page).await;
    }
    for said in [
        "2 accounts can be put back",
        "Put back 2 accounts",
        "Do not put it back",
        "Disable: Active → Disabled",
        "Reason: the ward is closed",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    assert!(
        !plan.contains("can be reversed") && !plan.contains("Reverse 2"),
        "{plan}"
    );
    for said in [
        ">Put back<",
        "2 accounts put back, 0 kept, 0 not put back.",
        "Undo these changes",
    ] {
        assert!(done.contains(said), "{said}: {done}");
    }
    let history = ben.get(&format!("/accounts/{jem}")).await.body;
    for said in [
        "By Ben Cartwright, undoing a change for several accounts",
        "By Ben Cartwright, putting back a change for several accounts",
    ] {
        assert!(history.contains(said), "{said}: {history}");
    }
    // There was no file, so no row of one is named.
    assert!(!history.contains(&page.replace("/submissions/", " of ")), "{history}");
}

#[tokio::test]
async fn a_detail_is_chosen_then_its_value_and_the_button_says_both() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let (jem, hector) = (site.portal.account(JEM).await, site.portal.account(HECTOR).await);
    let ids = format!("whom=ticked&id={jem}&id={hector}");
    let which = ben.post("/people/actions", &format!("act=change&{ids}")).await;
    assert!(
        which.body.contains("Which detail do you want to change?"),
        "{}",
        which.body
    );
    let unit = ben
        .post("/people/actions", &format!("act=change&step=details&detail=unit&{ids}"))
        .await;
    assert!(
        unit.body.contains("Medicine / Ward 7"),
        "the units of their organisation are offered"
    );
    let nothing = ben
        .post(
            "/people/actions",
            &format!("act=change&step=details&detail=department&value=&{ids}"),
        )
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Enter the department."));
    let form = format!("act=change&step=details&detail=department&value=Day+surgery&{ids}");
    let asked = ben.post("/people/actions", &form).await;
    let page = asked.location().to_owned();
    site.portal.work().await;
    let plan = ben.get(&page).await.body;
    for said in [
        ">Change department for 2 accounts<",
        ">Change<",
        "Day surgery",
        "Medicine",
    ] {
        assert!(plan.contains(said), "{said}: {plan}");
    }
    assert!(!plan.contains("nhsuk-button--warning"), "{plan}");
    let again = ben
        .get(&format!("/people/actions?from={}", page.rsplit('/').next().unwrap()))
        .await;
    assert!(again.body.contains("Day surgery"), "{}", again.body);
}

#[tokio::test]
async fn nobody_is_asked_for_more_where_nobody_is_meant_or_they_may_not() {
    let site = Site::open(Kind::Sqlite).await;
    let (ben, hamid) = (site.sign_in("Ben").await, site.sign_in("Hamid").await);
    let jem = site.portal.account(JEM).await;
    for act in ["mark-leaver", "transfer", "change", "delete"] {
        let refused = hamid.post("/people/actions", &format!("act={act}&id={jem}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{act}");
    }
    for act in ["mark-leaver", "transfer", "change"] {
        let nobody = ben
            .post(
                "/people/actions",
                &format!("act={act}&whom=search&search-words=nobody-of-this-name"),
            )
            .await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        // The title says how many the search finds.
        let (_, main) = nobody.body.split_once("<main").unwrap();
        assert!(!main.contains("0 accounts"), "{main}");
    }
}

#[tokio::test]
async fn whoever_cannot_mark_a_role_holder_is_told_who_can() {
    let site = Site::open(Kind::Sqlite).await;
    let (ben, hamid) = (site.sign_in("Ben").await, site.sign_in("Hamid").await);
    let priya = site.portal.account("priya.ramanathan@health.example").await;
    let page = format!("/accounts/{priya}/leaver");
    let told = ben.get(&page).await;
    assert_eq!(told.status, StatusCode::OK);
    let said = "You cannot mark Priya Ramanathan as a leaver: they hold a role that you cannot end. Ask a Primary Local \
                Administrator of the organisation where they hold the role, or a Global Administrator.";
    assert!(told.body.contains(said), "{}", told.body);
    assert_eq!(hamid.get(&page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_is_to_be_deleted_is_named_with_address_and_local_id() {
    let site = Site::open(Kind::Sqlite).await;
    let ben = site.sign_in("Ben").await;
    let (jem, hector) = (site.portal.account(JEM).await, site.portal.account(HECTOR).await);
    let actor = site.actor("Ben").await;
    let visit = site.portal.gate.on_behalf_of(&actor);
    let known_as = visit.account(jem).await.unwrap().0.attributes.known_as();
    assert!(known_as.starts_with(&format!("{JEM}, local ID ")), "{known_as}");
    let list = ben.get("/people?words=larkspur").await.body;
    let tick = format!("aria-label=\"Select Jem Larkspur, {known_as}\"");
    assert!(list.contains(&tick), "{tick}: {list}");

    let asked = ben
        .post(
            "/people/actions",
            &format!("act=delete&whom=ticked&id={jem}&id={hector}"),
        )
        .await;
    site.portal.work().await;
    let many = ben.get(asked.location()).await.body;
    for said in [known_as.as_str(), ">Delete 2 accounts<", "nhsuk-button--warning"] {
        assert!(many.contains(said), "{said}: {many}");
    }
    let asked = ben.post(&format!("/accounts/{jem}/turns"), "turn=delete").await;
    let one = ben.get(asked.location()).await.body;
    for said in [known_as.as_str(), ">Delete account<", "nhsuk-button--warning"] {
        assert!(one.contains(said), "{said}: {one}");
    }
    // The same of rows that are about people who are here.
    let local_id = known_as.rsplit(' ').next().unwrap();
    let text =
        format!("LocalID,ODSCode,FirstName,LastName,Mobile\n{local_id},RIV,,,07700 900555\n{local_id}x,RIV,Ada,,\n");
    let id = site.portal.upload(&actor, &text).await;
    let rows = ben.get(&format!("/submissions/{id}")).await.body;
    assert!(rows.contains(&known_as), "{rows}");
}
