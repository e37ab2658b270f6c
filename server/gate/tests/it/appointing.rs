//! Appointing by the operator's command: an empty portal can be begun, nobody is made Global Administrator past those that
//! there are, and the way back in is told of.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    policy::{Actor, Role},
    request::{AccountWish, Wish},
    values::ids::Timestamp,
};
use gate::{Appointed, Appointing, GateError, NotAppointed, Recovery, ServiceOrganisation, TheRole, WhichGrants};
use store::outbox;
use testkit::{Kind, PASSWORD, Portal, SERVICE};

const DAY: i64 = 86_400;

fn code(text: &str) -> OrganisationCode {
    OrganisationCode::parse(text).unwrap()
}

fn global(address: &str, name: Option<&str>, recovery: Recovery) -> Appointing {
    Appointing {
        address: address.to_owned(),
        name: name.map(ToOwned::to_owned),
        role: TheRole::Global {
            service: ServiceOrganisation {
                code: code("FED00"),
                name: "Staffbook service".to_owned(),
            },
            recovery,
        },
    }
}

fn primary(address: &str, name: Option<&str>, of: &str) -> Appointing {
    Appointing {
        address: address.to_owned(),
        name: name.map(ToOwned::to_owned),
        role: TheRole::Primary(code(of)),
    }
}

async fn appoint(portal: &Portal, appointing: &Appointing) -> Result<Appointed, NotAppointed> {
    portal.gate.on_behalf_of(&SERVICE).appoint(appointing).await
}

async fn why_not(portal: &Portal, appointing: &Appointing) -> String {
    appoint(portal, appointing).await.unwrap_err().to_string()
}

/// The token at the end of a link.
fn token(appointed: &Appointed) -> &str {
    let link = appointed.link.as_ref().expect("a link");
    link.url.rsplit('/').next().expect("a token")
}

/// Takes the account up by its link.
async fn activate(portal: &Portal, appointed: &Appointed) -> Actor {
    let account = portal.gate.invited(token(appointed)).await.expect("the link is good");
    let person = Actor::person(account.id, account.full_name());
    let chosen = portal.gate.on_behalf_of(&person).choose_password(PASSWORD).await;
    chosen.expect("the database answers").expect("a good password");
    person
}

#[tokio::test]
async fn an_empty_portal_is_begun_by_one_command_on_sqlite() {
    begun_by_one_command(Kind::Sqlite).await;
}

#[tokio::test]
async fn an_empty_portal_is_begun_by_one_command_on_postgres() {
    begun_by_one_command(Kind::Postgres).await;
}

async fn begun_by_one_command(kind: Kind) {
    let portal = Portal::empty(kind).await;
    assert!(portal.gate.is_empty().await.unwrap());
    let appointing = global("ada.bright@health.example", Some("Ada Mary Bright"), Recovery::No);
    let appointed = appoint(&portal, &appointing).await.unwrap();
    assert!(appointed.founded && appointed.created && appointed.granted);
    assert_eq!((appointed.organisation.code.as_str(), appointed.until), ("FED00", None));
    let text = |attribute| appointed.account.attributes.text(attribute).to_owned();
    assert_eq!(text(Attribute::FirstName), "Ada Mary");
    assert_eq!(text(Attribute::EmailAddress), "ada.bright@health.example");
    assert!(!portal.gate.is_empty().await.unwrap());

    let ada = activate(&portal, &appointed).await;
    let visit = portal.gate.on_behalf_of(&ada);
    visit.manages_organisations().await.unwrap();
    // Now there is one, who appoints the others.
    let again = why_not(
        &portal,
        &global("eve.other@health.example", Some("Eve Other"), Recovery::No),
    )
    .await;
    assert!(
        again.starts_with("there is already a Global Administrator: Ada Mary Bright."),
        "{again}"
    );
    assert_eq!(visit.count_accounts(&gate::Query::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_lost_activation_link_is_made_again() {
    let portal = Portal::empty(Kind::Sqlite).await;
    let appointing = global("ada.bright@health.example", Some("Ada Bright"), Recovery::No);
    let first = appoint(&portal, &appointing).await.unwrap();
    let second = appoint(&portal, &appointing).await.unwrap();
    assert!(!second.founded && !second.created && !second.granted);
    assert!(matches!(
        portal.gate.invited(token(&first)).await,
        Err(GateError::NotFound)
    ));
    activate(&portal, &second).await;
}

#[tokio::test]
async fn a_locked_global_administrator_is_still_one() {
    let portal = Portal::open(Kind::Sqlite).await;
    let grace = portal.account("grace.lindholm@health.example").await;
    let turn = Wish::Account(grace, AccountWish::Turn(Turn::Lock));
    let service = portal.gate.on_behalf_of(&SERVICE);
    service.establish(vec![turn]).await.unwrap();
    let appointing = global("ada.bright@health.example", Some("Ada Bright"), Recovery::No);
    let said = why_not(&portal, &appointing).await;
    assert!(
        said.starts_with("there is already a Global Administrator: Grace Lindholm."),
        "{said}"
    );
}

#[tokio::test]
async fn recovery_is_recorded_told_and_over_after_seven_days() {
    let portal = Portal::open(Kind::Sqlite).await;
    let appointing = global("ada.bright@health.example", Some("Ada Bright"), Recovery::Yes);
    let appointed = appoint(&portal, &appointing).await.unwrap();
    let until = Timestamp(portal.gate.now().0 + 7 * DAY * 1000);
    assert_eq!((appointed.told, appointed.until), (1, Some(until)));
    let ada = activate(&portal, &appointed).await;
    portal.gate.on_behalf_of(&ada).manages_organisations().await.unwrap();

    let reader = portal.gate.store().reader();
    let to_grace = outbox::subjects_to(reader, "grace.lindholm@health.example")
        .await
        .unwrap();
    let subject = "The operator has made Ada Bright a Global Administrator".to_owned();
    assert_eq!(to_grace, [subject], "one letter tells of it all");
    let grace = portal.persona("Grace").await;
    let held = portal
        .gate
        .on_behalf_of(&grace)
        .administrators(Some(Role::GlobalAdministrator))
        .await
        .unwrap();
    let of_ada = held
        .grants
        .iter()
        .find(|listed| Some(listed.granted.holder.id) == ada.account())
        .unwrap();
    assert_eq!(of_ada.granted.held.terms.reason, "Recovery by the operator");

    portal.pass_seconds(7 * DAY);
    let over = portal.gate.on_behalf_of(&ada).manages_organisations().await;
    assert!(matches!(over, Err(GateError::NotFound)));
    portal.adds_up().await;
}

#[tokio::test]
async fn a_primary_administrator_is_appointed_with_or_without_an_account() {
    let portal = Portal::open(Kind::Sqlite).await;
    let new = appoint(
        &portal,
        &primary("ada.bright@health.example", Some("Ada Bright"), "G7H8J"),
    )
    .await
    .unwrap();
    assert!(new.created && new.granted && new.link.is_some());
    assert_eq!(new.account.organisation, code("G7H8J"));
    let here = appoint(&portal, &primary("jem.larkspur@health.example", None, "RIV01"))
        .await
        .unwrap();
    assert!(!here.created && here.granted && here.link.is_none());
    let again = appoint(&portal, &primary("jem.larkspur@health.example", None, "RIV01"))
        .await
        .unwrap();
    assert!(!again.granted);
    let grace = portal.persona("Grace").await;
    let which = WhichGrants {
        account: Some(here.account.id),
        ..WhichGrants::default()
    };
    let held = portal.gate.on_behalf_of(&grace).administrators(which).await.unwrap();
    assert_eq!(held.grants.len(), 1);
    assert_eq!(held.grants[0].granted.held.role, Role::PrimaryLocalAdministrator);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence_and_changes_nothing() {
    let portal = Portal::open(Kind::Sqlite).await;
    let before = store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap();
    let name = Some("Ada Bright");
    for (appointing, why) in [
        (primary("ada", name, "RIV"), "“ada” is not an email address"),
        (
            primary("ada@elsewhere.example", name, "RIV"),
            "ada@elsewhere.example is not in the mail domain health.example.",
        ),
        (
            primary("ada.bright@health.example", None, "RIV"),
            "nobody here has the address",
        ),
        (
            primary("ada.bright@health.example", Some("Ada"), "RIV"),
            "nobody here has the address",
        ),
        (
            primary("ada.bright@health.example", name, "NONE1"),
            "there is no organisation with the code NONE1.",
        ),
        (
            primary("ada.bright@health.example", name, "RIV09"),
            "Riverside Day Centre (RIV09) is closed",
        ),
        (
            global("grace.lindholm@health.example", None, Recovery::No),
            "there is already a Global Administrator: Grace Lindholm.",
        ),
    ] {
        let said = why_not(&portal, &appointing).await;
        assert!(said.starts_with(why), "{said}");
    }
    let gone = portal
        .everybody()
        .await
        .into_iter()
        .find(|account| account.status == AccountStatus::Disabled);
    let gone = gone.unwrap().attributes.text(Attribute::EmailAddress).to_owned();
    let said = why_not(&portal, &primary(&gone, None, "RIV")).await;
    assert!(said.contains("Enable or restore the account first"), "{said}");
    let after = store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap();
    assert_eq!(before, after);
    let ben = portal.persona("Ben").await;
    let by_ben = portal
        .gate
        .on_behalf_of(&ben)
        .appoint(&primary("ada.bright@health.example", name, "RIV"))
        .await;
    assert!(matches!(by_ben, Err(NotAppointed::Gate(GateError::Denied))));
}
