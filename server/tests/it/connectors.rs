//! What administrators see of connectors and decide on for them, and what connectors see of themselves.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::{
    connector::{ConnectorSettings, Deletes, ProposalKind, WhichDialect},
    values::ids::AccountId,
};
use gate::{Noted, ProposalQuery, ProposalSubject, Proposed};
use store::access::proposals;
use testkit::{Kind, on_both};

use crate::{api::connector, browser::Site};

const NIAMH: &str = "niamh.adeyemi@health.example";
const JEM: &str = "jem.larkspur@health.example";

/// Has a connector's machine propose something for an account.
async fn propose(site: &Site, by: AccountId, address: &str, kind: ProposalKind) {
    let grace = site.actor("Grace").await;
    let account = site.portal.account(address).await;
    let (subject, _) = site.portal.gate.on_behalf_of(&grace).account(account).await.unwrap();
    let proposed = Proposed {
        subject: ProposalSubject::Account(account),
        organisation: subject.organisation.clone(),
        unit: subject.unit(),
        kind,
        asked: BTreeMap::new(),
    };
    let tx = site.portal.gate.store().begin().await.unwrap();
    proposals::put_open(&tx, by, proposed, site.portal.gate.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Has a connector's machine be refused, and has that written down.
async fn refuse(site: &Site, connector: AccountId) {
    let refused = Noted::Refused {
        status: 405,
        sentence: "Accounts are not deleted by this connection.".to_owned(),
        hint: "Untick Delete in the other system.".to_owned(),
        example: "E1001".to_owned(),
    };
    site.portal.gate.note_request(connector, Noted::Changed).await;
    site.portal.gate.note_request(connector, refused).await;
    site.portal.gate.write_noted().await.unwrap();
}

on_both! {
    async fn a_connectors_page_says_what_to_enter_and_how_it_is_doing(portal: Portal) {
        let site = Site::over(portal);
        let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
        let page = format!("/connectors/{niamh}");
        let (priya, ben) = (site.sign_in("Priya").await, site.sign_in("Ben").await);
        let empty = priya.get(&page).await.body.replace("<wbr>", "");
        for says in [
            "/scim/v2/organisations/RIV",
            "The other system has not been here yet.",
            "Nothing to compare yet.",
            "Save settings",
        ] {
            assert!(empty.contains(says), "{says}: {empty}");
        }
        refuse(&site, niamh).await;
        let seen = ben.get(&page).await.body;
        for says in [
            "Recent activity",
            "No requests came on the other 6 days.",
            "Last contact: ",
            "Accounts are not deleted by this connection.",
            "Untick Delete in the other system.",
            "E1001",
        ] {
            assert!(seen.contains(says), "{says}: {seen}");
        }
        assert!(!seen.contains("Save settings") && seen.contains("Tolerant"), "{seen}");
        let file = ben.get(&format!("{page}/refusals.csv")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.body.contains("Untick Delete in the other system.,405,1,"), "{}", file.body);
        let differences = ben.get(&format!("{page}/differences.csv")).await;
        assert!(differences.body.contains("Difference,ID,First name"), "{}", differences.body);
    }

    async fn settings_are_set_by_those_who_could_appoint_the_connector(portal: Portal) {
        let site = Site::over(portal);
        let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
        let page = format!("/connectors/{niamh}");
        let priya = site.sign_in("Priya").await;
        let nothing = priya.post(&page, "").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["dialect", "deletes"] {
            assert!(nothing.body.contains(&format!("<a href=\"#{field}\">")), "{field}: {}", nothing.body);
        }
        let form = "dialect=strict&deletes=propose&shadow=yes";
        assert_eq!(site.sign_in("Ben").await.post(&page, form).await.status, StatusCode::FORBIDDEN);
        let set = priya.post(&page, form).await;
        assert_eq!((set.status, set.location()), (StatusCode::SEE_OTHER, format!("{page}?saved=yes").as_str()));
        let saved = priya.get(set.location()).await.body;
        assert!(saved.contains("The settings are saved.") && saved.contains("name=\"shadow\""), "{saved}");
        let actor = site.actor("Priya").await;
        let settings = site.portal.gate.on_behalf_of(&actor).connector_settings(niamh).await.unwrap();
        let expected = ConnectorSettings {
            dialect: WhichDialect::Strict,
            deletes: Deletes::Propose,
            shadow: true,
        };
        assert_eq!(settings, expected);
    }

    async fn a_proposal_is_accepted_by_the_check_page(portal: Portal) {
        let site = Site::over(portal);
        let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
        let ben = site.sign_in("Ben").await;
        assert!(ben.get("/proposals").await.body.contains("No proposals wait for an answer."));
        propose(&site, niamh, JEM, ProposalKind::Delete).await;
        propose(&site, niamh, JEM, ProposalKind::Delete).await;
        let home = ben.get("/").await.body;
        assert!(home.contains("1 proposal to answer"), "{home}");
        let listed = ben.get("/proposals?kind=delete").await.body;
        for says in ["Jem Larkspur", JEM, "Delete account", "Niamh Adeyemi", "asked 2 times"] {
            assert!(listed.contains(says), "{says}: {listed}");
        }
        assert!(!ben.get("/proposals?kind=disable").await.body.contains("Jem Larkspur"));
        let nothing = ben.post("/proposals", "kind=delete").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("Tick the proposals that you want to accept."), "{}", nothing.body);
        let actor = site.actor("Ben").await;
        let visit = site.portal.gate.on_behalf_of(&actor);
        let found = visit.proposals(ProposalQuery::default()).await.unwrap();
        let id = found.proposals[0].id;
        let accepted = ben.post("/proposals", &format!("id={id}")).await;
        assert!(accepted.location().starts_with("/submissions/"), "{}", accepted.body);
        site.portal.work().await;
        let check = ben.get(accepted.location()).await.body;
        assert!(check.contains("Check before it is done") && check.contains("Delete account"), "{check}");
        let again = ben.post("/proposals", &format!("id={id}")).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("are no longer open"), "{}", again.body);
        let listed = ben.get("/proposals").await.body;
        assert!(listed.contains("You accepted 1 proposal."), "{listed}");
        assert!(site.sign_in("Priya").await.get("/proposals").await.body.contains("Ben Cartwright accepted 1 proposal."));
    }
}

#[tokio::test]
async fn proposals_are_for_those_who_may_do_what_they_say() {
    let site = Site::open(Kind::Sqlite).await;
    let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
    propose(&site, niamh, JEM, ProposalKind::Delete).await;
    propose(&site, niamh, JEM, ProposalKind::Disable).await;
    let hamid = site.sign_in("Hamid").await;
    let listed = hamid.get("/proposals").await.body;
    assert!(listed.contains("Disable 1 account"), "{listed}");
    assert!(!listed.contains("Select Jem Larkspur: Delete account"), "{listed}");
    // Who sees no connectors is not led to one.
    assert!(!listed.contains("href=\"/connectors/"), "{listed}");
    assert_eq!(
        site.sign_in("Aled").await.get("/proposals").await.status,
        StatusCode::FORBIDDEN
    );
    // Only those who decide on proposals are led to them.
    for (persona, leads) in [("Hamid", true), ("Aled", false)] {
        let people = site.sign_in(persona).await.get("/people").await.body;
        assert_eq!(people.contains("href=\"/proposals\""), leads, "{persona}: {people}");
    }
    let gwen = site.sign_in("Gwen").await.get("/proposals").await.body;
    assert!(!gwen.contains("Jem Larkspur"), "{gwen}");
    let actor = site.actor("Hamid").await;
    let visit = site.portal.gate.on_behalf_of(&actor);
    let id = visit.proposals(ProposalQuery::default()).await.unwrap().proposals[0].id;
    let declined = hamid.post("/proposals/refusal", &format!("proposal={id}")).await;
    assert_eq!(
        (declined.status, declined.location()),
        (StatusCode::SEE_OTHER, "/proposals?declined=yes")
    );
    assert!(
        hamid
            .get(declined.location())
            .await
            .body
            .contains("The proposal is declined.")
    );
    assert_eq!(
        hamid.post("/proposals/refusal", &format!("proposal={id}")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn proposals_of_several_kinds_are_accepted_one_kind_at_a_time() {
    let site = Site::open(Kind::Sqlite).await;
    let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
    propose(&site, niamh, JEM, ProposalKind::Delete).await;
    propose(&site, niamh, JEM, ProposalKind::Disable).await;
    let actor = site.actor("Ben").await;
    let visit = site.portal.gate.on_behalf_of(&actor);
    let found = visit.proposals(ProposalQuery::default()).await.unwrap().proposals;
    let form: Vec<_> = found.iter().map(|listed| format!("id={}", listed.id)).collect();
    let ben = site.sign_in("Ben").await;
    let several = ben.post("/proposals", &form.join("&")).await;
    assert_eq!(several.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        several.body.contains("You ticked proposals of several kinds."),
        "{}",
        several.body
    );
}

#[tokio::test]
async fn all_proposals_of_a_kind_that_are_shown_are_accepted_at_once() {
    let site = Site::open(Kind::Sqlite).await;
    let niamh = connector(&site, NIAMH, "RIV").await.actor.account().unwrap();
    let fintan = "fintan.gillespie@health.example";
    for address in [JEM, fintan] {
        propose(&site, niamh, address, ProposalKind::Disable).await;
    }
    propose(&site, niamh, JEM, ProposalKind::Delete).await;
    let ben = site.sign_in("Ben").await;
    let listed = ben.get("/proposals").await.body;
    for says in [
        "<h2 id=\"kind-disable\">Disable 2 accounts</h2>",
        "<h2 id=\"kind-delete\">Delete 1 account</h2>",
        "Accept all 2 shown",
        "Riverside",
    ] {
        assert!(listed.contains(says), "{says}: {listed}");
    }
    let actor = site.actor("Ben").await;
    let visit = site.portal.gate.on_behalf_of(&actor);
    let found = visit.proposals(ProposalQuery::default()).await.unwrap().proposals;
    let disabling = found.iter().filter(|listed| listed.kind == ProposalKind::Disable);
    let shown: Vec<_> = disabling.map(|listed| listed.id.to_string()).collect();
    let form = format!("of=disable&shown={}", shown.join("+"));
    // Without the button that accepts all of them, only those count that are ticked.
    let none = ben.post("/proposals", &form).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("<a href=\"#ticked-disable\">"), "{}", none.body);
    let accepted = ben.post("/proposals", &format!("{form}&all=yes")).await;
    assert!(accepted.location().starts_with("/submissions/"), "{}", accepted.body);
    site.portal.work().await;
    let check = ben.get(accepted.location()).await.body;
    assert!(check.contains("Disable 2 accounts"), "{check}");
    // What is not confirmed is not forgotten.
    let waiting = ben.get("/proposals").await.body;
    for says in ["You accepted 2 proposals", accepted.location()] {
        assert!(waiting.contains(says), "{says}: {waiting}");
    }
    assert!(!waiting.contains("Disable 2 accounts"), "{waiting}");
}

#[tokio::test]
async fn a_connector_sees_how_its_own_machine_is_doing() {
    let site = Site::open(Kind::Sqlite).await;
    let address = "ben.cartwright@health.example";
    let ben = connector(&site, address, "RIV").await.actor.account().unwrap();
    refuse(&site, ben).await;
    let own = site.sign_in("Ben").await;
    let page = own.get("/me/tokens").await.body.replace("<wbr>", "");
    for says in [
        "/scim/v2/organisations/RIV",
        "Untick Delete in the other system.",
        "Tolerant",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let file = own.get(&format!("/connectors/{ben}/refusals.csv")).await;
    assert_eq!(file.status, StatusCode::OK);
}

#[tokio::test]
async fn a_role_that_may_disable_accounts_says_so_before_it_is_given() {
    let site = Site::open(Kind::Sqlite).await;
    let priya = site.sign_in("Priya").await;
    let account = site.portal.account(JEM).await;
    let form = format!(
        "account={account}&role=connector&organisation=RIV&unit=&may-disable=yes&reason=Entra&{}",
        "from-day=&from-month=&from-year=&until-day=&until-month=&until-year="
    );
    let without = priya.post("/administrators/new", &form).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["channels", "may-disable"] {
        assert!(
            without.body.contains(&format!("<a href=\"#{field}\">")),
            "{field}: {}",
            without.body
        );
    }
    let asked = priya
        .post("/administrators/new", &format!("{form}&channel-api=yes"))
        .await;
    let check = priya.get(asked.location()).await.body;
    assert!(check.contains("disable and enable accounts through the API"), "{check}");
    let again = format!(
        "/administrators/new?from={}",
        asked.location().rsplit('/').next().unwrap()
    );
    let form = priya.get(&again).await.body;
    let (_, ticked) = form
        .split_once("id=\"may-disable\"")
        .unwrap_or_else(|| panic!("{form}"));
    assert!(ticked.split('>').next().unwrap().contains("checked"), "{form}");
}

#[tokio::test]
async fn what_only_a_connector_has_is_refused_for_another_role() {
    let site = Site::open(Kind::Sqlite).await;
    let priya = site.sign_in("Priya").await;
    let account = site.portal.account(JEM).await;
    let form = format!(
        "account={account}&role=audit&organisation=RIV&unit=&channel-api=yes&may-disable=yes&reason=Review&{}",
        "from-day=&from-month=&from-year=&until-day=&until-month=&until-year="
    );
    let refused = priya.post("/administrators/new", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in [
        "<a href=\"#channels\">",
        "<a href=\"#may-disable\">",
        "The role Audit sends nothing.",
    ] {
        assert!(refused.body.contains(says), "{says}: {}", refused.body);
    }
    let (_, ticked) = refused
        .body
        .split_once("name=\"channel-api\"")
        .unwrap_or_else(|| panic!("{}", refused.body));
    assert!(
        ticked.split('>').next().unwrap().contains("checked"),
        "{}",
        refused.body
    );
}
