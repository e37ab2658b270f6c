//! Names to sign in with: how people sign in by them, whose they are, and when they are free again. And the Connectors who
//! may disable accounts.

use domain::{
    account::AccountStatus,
    channel::{Channel, Operation},
    dictionary::Attribute,
    event::{Fact, RoleFact},
    life::Turn,
    organisation::OrganisationPath,
    policy::{Authority, Ender, Role, Touch},
    problem::Kind,
    request::{AccountWish, Cells, RoleWish, Wish},
    values::ids::{AccountId, Timestamp},
};
use gate::SignIn;
use store::directory::people;
use testkit::{NOON, PASSWORD, Portal, on_both};

use crate::{
    grants::{DAY, wish},
    lifecycle::{done, new_person, refused},
    proving::{guesses, status_becomes},
};

const BEN: &str = "ben.cartwright@health.example";
const JEM: &str = "jem.larkspur@health.example";

fn named(account: AccountId, name: &str) -> Wish {
    let cells = Cells::of([(Attribute::UserName, name)]);
    Wish::Account(account, AccountWish::Edit(cells))
}

fn new_with(name: &str) -> Wish {
    let Wish::NewAccount(mut cells) = new_person("Ada", "Bright", "n1") else {
        unreachable!()
    };
    cells.texts.insert(Attribute::UserName, name.to_owned());
    Wish::NewAccount(cells)
}

/// Who signs in by what was typed.
async fn holder(portal: &Portal, typed: &str) -> Option<AccountId> {
    let db = portal.gate.store().reader();
    let found = people::by_sign_in_name(db, typed).await.unwrap();
    found.map(|account| account.id)
}

/// When somebody was created and last changed.
async fn moments(portal: &Portal, account: AccountId) -> (i64, i64) {
    let told = store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap();
    let row = told
        .iter()
        .find(|row| row.starts_with("account ") && row.contains(&account.to_string()));
    let number = |column: &str| {
        let (_, rest) = row.unwrap().split_once(&format!("{column}: ")).unwrap();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap();
        rest[..end].parse().unwrap()
    };
    (number("created_at"), number("changed_at"))
}

on_both! {
    async fn a_person_signs_in_by_their_username_in_any_case(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let ben = portal.account(BEN).await;
        done(&portal, &priya, named(ben, "RIV Cartwright")).await;
        for typed in ["riv cartwright", "RIV  Cartwright ", BEN] {
            assert_eq!(portal.sign_in(typed, PASSWORD).await, SignIn::Welcome(ben), "{typed}");
        }
        assert_eq!(portal.sign_in("riv cartwrong", PASSWORD).await, SignIn::Refused);
        assert_eq!(portal.sign_in("riv cartwright", "wrong").await, SignIn::Refused);
        // By whichever name somebody guesses, it is one account that they guess at.
        guesses(&portal, "riv cartwright", 5).await;
        guesses(&portal, BEN, 5).await;
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
        portal.adds_up().await;
    }

    async fn a_link_that_is_asked_for_by_username_goes_to_its_person(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let ben = portal.account(BEN).await;
        done(&portal, &priya, named(ben, "riv-bc")).await;
        portal.gate.ask_for_link("RIV-BC", None).await.unwrap().unwrap();
        let link = portal.link_sent_to(BEN).await;
        let invited = portal.gate.invited(link.rsplit('/').next().unwrap()).await.unwrap();
        assert_eq!(invited.id, ben);
    }

    async fn a_username_is_one_persons_and_is_no_address(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (jem, perrin) = (portal.account(JEM).await, portal.account("perrin.holloway@health.example").await);
        done(&portal, &ben, named(jem, "Jem.L@health.example")).await;
        assert_eq!(portal.standing(jem).await.attributes.text(Attribute::EmailAddress), JEM);
        assert!(portal.standing(jem).await.aliases.is_empty());
        assert_eq!(portal.gate.account_by_address("jem.l@health.example").await.unwrap(), None);
        assert_eq!(holder(&portal, "jem.l@HEALTH.example").await, Some(jem));
        // Neither the name nor the address is anybody else's.
        for name in ["JEM.L@health.example", JEM, "postmaster@health.example"] {
            assert_eq!(refused(&portal, &ben, named(perrin, name)).await, [Kind::UserNameTaken], "{name}");
        }
        let address = Cells::of([(Attribute::EmailAddress, "jem.l@health.example")]);
        let readdressed = |account| Wish::Account(account, AccountWish::Edit(address.clone()));
        let problems = refused(&portal, &ben, readdressed(perrin)).await;
        assert!(matches!(problems[..], [Kind::PointsAtAnother { .. } | Kind::AddressTaken]), "{problems:?}");
        let first = portal.gate.on_behalf_of(&ben).free_addresses("Jem", "L", 1).await.unwrap();
        assert_ne!(first[0].as_str(), "jem.l@health.example");
        // Its holder gets it as an address, and keeps it as one.
        done(&portal, &ben, readdressed(jem)).await;
        done(&portal, &ben, named(jem, "(clear)")).await;
        assert_eq!(holder(&portal, "jem.l@health.example").await, Some(jem));
        portal.adds_up().await;
    }

    async fn a_username_is_free_again_once_it_changes_or_its_holder_is_erased(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(JEM).await;
        done(&portal, &ben, new_with("ABright")).await;
        let ada = portal.account("ada.bright@health.example").await;
        assert_eq!(refused(&portal, &ben, named(jem, "abright")).await, [Kind::UserNameTaken]);
        done(&portal, &ben, named(ada, "Ada-B")).await;
        done(&portal, &ben, named(jem, "abright")).await;
        assert_eq!((holder(&portal, "ABRIGHT").await, holder(&portal, "ada-b").await), (Some(jem), Some(ada)));
        done(&portal, &ben, Wish::Account(ada, AccountWish::Turn(Turn::Delete))).await;
        assert_eq!(refused(&portal, &ben, named(jem, "ada-b")).await, [Kind::UserNameTaken]);
        portal.pass_seconds(40 * DAY);
        portal.sweep().await;
        assert_eq!(holder(&portal, "ada-b").await, None);
        done(&portal, &ben, named(jem, "ada-b")).await;
        assert_eq!(holder(&portal, "Ada-B").await, Some(jem));
        portal.adds_up().await;
    }

    async fn a_new_person_gets_the_address_that_their_username_is(portal: Portal) {
        let ben = portal.persona("Ben").await;
        done(&portal, &ben, new_with("A.Bright@health.example")).await;
        let ada = portal.account("a.bright@health.example").await;
        assert_eq!(portal.standing(ada).await.attributes.text(Attribute::UserName), "A.Bright@health.example");
        let mut again = new_with(JEM);
        if let Wish::NewAccount(cells) = &mut again {
            cells.texts.insert(Attribute::LocalId, "n2".to_owned());
        }
        assert_eq!(refused(&portal, &ben, again).await, [Kind::UserNameTaken]);
        portal.adds_up().await;
    }

    async fn the_helpdesk_changes_no_administrators_username(portal: Portal) {
        let hamid = portal.persona("Hamid").await;
        let ben = portal.account(BEN).await;
        let kind = Kind::HoldsRole {
            name: "Ben Cartwright".to_owned(),
            touch: Touch::ChangeUserName,
            ender: Ender::PrimaryThere,
        };
        assert_eq!(refused(&portal, &hamid, named(ben, "mine")).await, [kind]);
    }

    async fn a_person_is_changed_when_their_events_say_so(portal: Portal) {
        let ben = portal.persona("Ben").await;
        done(&portal, &ben, new_person("Ada", "Bright", "n1")).await;
        let ada = portal.account("ada.bright@health.example").await;
        let Timestamp(created) = portal.gate.now();
        assert_eq!(moments(&portal, ada).await, (created, created));
        portal.pass_seconds(60);
        done(&portal, &ben, named(ada, "abright")).await;
        assert_eq!(moments(&portal, ada).await, (created, created + 60_000));
        portal.adds_up().await;
    }

    async fn a_grant_that_lets_a_connector_disable_is_read_back_and_told(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let jem = portal.account(JEM).await;
        let Wish::Role(_, RoleWish::Grant { role, organisation, unit, mut terms }) = wish(jem, Role::Connector, "RIV", None) else {
            panic!("a role")
        };
        terms.may_disable = true;
        let granted = Wish::Role(jem, RoleWish::Grant { role, organisation, unit, terms: terms.clone() });
        done(&portal, &priya, granted).await;
        let db = portal.gate.store().reader();
        let grants = store::access::rights::grants_of(db, jem, NOON).await.unwrap();
        assert!(grants[0].may_disable);
        let authority = Authority::new(portal.person(JEM).await, grants);
        let place = OrganisationPath::stored("/RIV/RIV01/".to_owned());
        assert!(authority.may(Operation::DisableOrEnable, Channel::Api, &place, None));
        assert!(!authority.may(Operation::DisableOrEnable, Channel::ChangeFile, &place, None));
        let events = store::trail::events::all(db).await.unwrap();
        let told = events.iter().any(|event| {
            matches!(&event.fact, Fact::Role { what: RoleFact::Granted { terms: told }, .. } if *told == terms)
        });
        assert!(told);
        portal.adds_up().await;
    }
}
