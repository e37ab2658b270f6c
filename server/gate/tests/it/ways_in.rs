//! Ways into somebody's account that others have seen, and what becomes of them when its person is given a role.

use domain::{
    account::AccountStatus,
    policy::Role,
    problem::Kind,
    request::{AccountWish, Wish},
};
use gate::{Asked, SignIn};
use testkit::{PASSWORD, Portal, SERVICE, on_both};

use crate::{
    grants::wish,
    lifecycle::{done, new_person},
    proving::{guesses, status_becomes},
};

async fn is_good(portal: &Portal, url: &str) -> bool {
    portal.gate.invited(url.rsplit('/').next().unwrap()).await.is_ok()
}

on_both! {
    async fn a_role_ends_the_links_that_others_were_shown_and_sends_another_to_its_person_alone(portal: Portal) {
        let (ben, hamid, priya) = (portal.persona("Ben").await, portal.persona("Hamid").await, portal.persona("Priya").await);
        done(&portal, &ben, new_person("Ada", "Bright", "n1")).await;
        let account = portal.account("ada.bright@health.example").await;
        let shown = done(&portal, &hamid, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert!(is_good(&portal, &shown[0].url).await);
        let after = done(&portal, &priya, wish(account, Role::LocalAdministrator, "RIV", None)).await;
        assert_eq!(after, []);
        assert!(!is_good(&portal, &shown[0].url).await, "the helpdesk could take the role up");
        // Another one went out, and a link that is sent again now is shown to nobody.
        let db = portal.gate.store().reader();
        let mut letters = store::outbox::subjects_to(db, "ada.bright@health.example").await.unwrap();
        letters.retain(|subject| subject == "Activate your account");
        assert_eq!(letters.len(), 3, "{letters:?}");
        assert_eq!(done(&portal, &hamid, Wish::Account(account, AccountWish::ResetPassword)).await, []);
    }

    async fn a_role_ends_a_one_time_password_that_its_giver_knows(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let file = "LocalID,ODSCode,FirstName,LastName,Password\nn1,RIV,Ada,Bright,teapot-lantern-9\n";
        let id = portal.upload(&ben, file).await;
        crate::confirm(&portal, &ben, &id).await;
        portal.work().await;
        let address = "ada.bright@health.example";
        let tried = portal.sign_in(address, "teapot-lantern-9").await;
        assert!(matches!(tried, SignIn::MustChoose(_)), "{tried:?}");
        let account = portal.account(address).await;
        done(&portal, &priya, wish(account, Role::LocalAdministrator, "RIV", None)).await;
        let tried = portal.sign_in(address, "teapot-lantern-9").await;
        assert!(matches!(tried, SignIn::Refused), "{tried:?}");
    }

    async fn a_role_leaves_alone_who_signs_in_with_a_password_of_their_own(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let address = "ben.cartwright@health.example";
        let account = portal.account(address).await;
        done(&portal, &priya, wish(account, Role::Audit, "RIV", None)).await;
        let tried = portal.sign_in(address, PASSWORD).await;
        assert!(matches!(tried, SignIn::Welcome(_)), "{tried:?}");
    }

    async fn nobody_resets_their_own_second_factor(portal: Portal) {
        let hamid = portal.persona("Hamid").await;
        let account = hamid.account().unwrap();
        let reset = Wish::Account(account, AccountWish::ResetFactors);
        let asked = portal.gate.on_behalf_of(&hamid).ask("Mine", reset).await.unwrap();
        let Asked::Wrong(problems) = asked else { panic!("{asked:?}") };
        assert_eq!(problems[0].kind, Kind::OwnAccount);
    }

    async fn the_operator_unlocks_whom_nobody_else_could(portal: Portal) {
        let address = "grace.lindholm@health.example";
        guesses(&portal, address, 10).await;
        assert!(status_becomes(&portal, address, AccountStatus::Locked).await);
        let operator = portal.gate.on_behalf_of(&SERVICE);
        assert!(operator.unlock(address).await.unwrap());
        let tried = portal.sign_in(address, PASSWORD).await;
        assert!(matches!(tried, SignIn::Welcome(_)), "{tried:?}");
        assert!(!operator.unlock(address).await.unwrap(), "it is locked no more");
        assert!(!operator.unlock("nobody@health.example").await.unwrap());
        let grace = portal.persona("Grace").await;
        assert!(portal.gate.on_behalf_of(&grace).unlock(address).await.is_err());
    }
}
