//! Getting back in by a link to one's own mailbox: who is sent one, how often, and what it does.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    policy::Role,
    request::{AccountWish, Cells, Wish},
    trail::Action,
};
use gate::SignIn;
use testkit::{PASSWORD, Portal, SERVICE, on_both};

use crate::{
    grants::wish,
    lifecycle::{done, new_person},
    proving::{guesses, status_becomes},
};

const BEN: &str = "ben.cartwright@health.example";

async fn ask(portal: &Portal, address: &str) {
    portal.gate.ask_for_link(address, None).await.unwrap().unwrap();
}

async fn token(portal: &Portal, address: &str) -> String {
    let link = portal.link_sent_to(address).await;
    link.rsplit('/').next().unwrap().to_owned()
}

async fn is_good(portal: &Portal, token: &str) -> bool {
    portal.gate.invited(token).await.is_ok()
}

/// Has a moment pass, in which a letter would have been written.
async fn settled() {
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
}

on_both! {
    async fn a_locked_administrator_gets_back_in_by_their_own_mailbox(portal: Portal) {
        guesses(&portal, BEN, 10).await;
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
        let ben = portal.person(BEN).await;
        assert!(portal.gate.on_behalf_of(&ben).abilities().await.unwrap().has_roles, "a lock ends no role");
        ask(&portal, " Ben.Cartwright@Health.Example").await;
        let token = token(&portal, BEN).await;
        let invitation = portal.gate.invitation(&token).await.unwrap();
        assert!(invitation.may_keep_password);
        portal.gate.on_behalf_of(&ben).unlock_by_link(&SERVICE, &token).await.unwrap();
        assert!(!is_good(&portal, &token).await, "it works once");
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(ben.account().unwrap()), "nobody waits any more");
        let entries = store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let actions: Vec<_> = entries.iter().rev().take(2).filter_map(|entry| entry.action).collect();
        assert_eq!(actions, [Action::AccountUnlocked, Action::ResetLinkSent]);
    }

    async fn choosing_a_password_by_the_link_unlocks_too(portal: Portal) {
        guesses(&portal, BEN, 10).await;
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
        let ben = portal.person(BEN).await;
        ask(&portal, BEN).await;
        let token = token(&portal, BEN).await;
        let chosen = portal.gate.on_behalf_of(&ben).choose_by_link(&SERVICE, &token, "teapot-lantern-9").await;
        assert_eq!(chosen.unwrap(), Ok(()));
        assert_eq!(portal.sign_in(BEN, "teapot-lantern-9").await, SignIn::Welcome(ben.account().unwrap()));
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Refused);
        assert!(portal.letters_to(BEN).await.contains(&"Your password was changed".to_owned()));
    }

    async fn a_newcomer_whose_one_time_password_was_guessed_at_activates_by_the_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let newcomer = "LocalID,ODSCode,FirstName,LastName,Password\nn1,RIV,Ada,Bright,copper-heron-62\n";
        let id = portal.upload(&ben, newcomer).await;
        crate::apply(&portal, &ben, &id).await;
        let ada = "ada.bright@health.example";
        guesses(&portal, ada, 10).await;
        assert!(status_becomes(&portal, ada, AccountStatus::Locked).await);
        ask(&portal, ada).await;
        let token = token(&portal, ada).await;
        assert!(!portal.gate.invitation(&token).await.unwrap().may_keep_password);
        let person = portal.person(ada).await;
        let chosen = portal.gate.on_behalf_of(&person).choose_by_link(&SERVICE, &token, "teapot-lantern-9").await;
        assert_eq!(chosen.unwrap(), Ok(()));
        assert!(status_becomes(&portal, ada, AccountStatus::Active).await);
        let signed_in = portal.sign_in(ada, "teapot-lantern-9").await;
        assert_eq!(signed_in, SignIn::Welcome(person.account().unwrap()));
    }

    async fn only_those_who_could_sign_in_are_sent_a_link(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, "jem.larkspur@health.example");
        let account = portal.account(jem).await;
        portal.gate.on_behalf_of(&SERVICE).set_password(account, PASSWORD).await.unwrap();
        let turn = |turn| Wish::Account(account, AccountWish::Turn(turn));
        done(&portal, &ben, turn(Turn::Disable)).await;
        let before = portal.letters_to(jem).await.len();
        for address in [jem, "nobody.here@health.example", "not an address", ""] {
            ask(&portal, address).await;
        }
        settled().await;
        assert_eq!(portal.letters_to(jem).await.len(), before);
        // The password of a leaver who was disabled is taken away, and does not come back.
        done(&portal, &ben, turn(Turn::MarkLeaver)).await;
        ask(&portal, jem).await;
        settled().await;
        assert!(!portal.letters_to(jem).await.contains(&"Choose a new password".to_owned()));
        // Somebody who waits for their account is sent the link by which they take it up.
        let first = done(&portal, &ben, new_person("Ada", "Bright", "n1")).await;
        let ada = "ada.bright@health.example";
        portal.link_sent_to(ada).await;
        ask(&portal, ada).await;
        let second = token(&portal, ada).await;
        assert!(is_good(&portal, &second).await);
        assert!(is_good(&portal, first[0].url.rsplit('/').next().unwrap()).await, "strangers end nobody's link");
        portal.pass_seconds(13 * 86_400);
        assert!(is_good(&portal, &second).await);
    }

    async fn a_link_lasts_an_hour_and_a_newer_one_takes_its_place(portal: Portal) {
        ask(&portal, BEN).await;
        let first = token(&portal, BEN).await;
        ask(&portal, BEN).await;
        let second = token(&portal, BEN).await;
        assert!(!is_good(&portal, &first).await && is_good(&portal, &second).await);
        portal.pass_seconds(3599);
        assert!(is_good(&portal, &second).await);
        portal.pass_seconds(1);
        assert!(!is_good(&portal, &second).await);
    }

    async fn nobody_is_sent_more_than_three_links_an_hour(portal: Portal) {
        for _ in 0..6 {
            ask(&portal, BEN).await;
            settled().await;
        }
        assert_eq!(portal.letters_to(BEN).await.len(), 3);
        portal.pass_seconds(3600);
        ask(&portal, BEN).await;
        settled().await;
        assert_eq!(portal.letters_to(BEN).await.len(), 4);
    }

    async fn one_network_asks_for_so_many_links_and_then_waits(portal: Portal) {
        let allowed = portal.gate.rules().sign_in.client_failures / 2;
        for number in 0..=allowed {
            let address = format!("nobody{number}@health.example");
            let asked = portal.gate.ask_for_link(&address, Some("192.0.2.7")).await.unwrap();
            assert_eq!(asked, Ok(()), "{number}");
        }
        assert_eq!(portal.gate.ask_for_link(BEN, Some("192.0.2.7")).await.unwrap(), Err(15));
        assert_eq!(portal.gate.ask_for_link(BEN, Some("192.0.2.8")).await.unwrap(), Ok(()));
    }

    async fn a_role_leaves_alone_a_link_that_nobody_else_saw(portal: Portal) {
        let una = "una.mossley@health.example";
        ask(&portal, una).await;
        let token = token(&portal, una).await;
        let priya = portal.persona("Priya").await;
        let account = portal.account(una).await;
        done(&portal, &priya, wish(account, Role::Audit, "RIV", None)).await;
        assert!(is_good(&portal, &token).await);
        assert_eq!(portal.sign_in(una, PASSWORD).await, SignIn::Welcome(account), "strangers take no password away");
    }

    async fn the_former_address_is_told_for_seven_days(portal: Portal) {
        let (ben, jem) = (portal.persona("Ben").await, "jem.larkspur@health.example");
        let account = portal.account(jem).await;
        let cells = Cells::of([(Attribute::EmailAddress, "jem.married@health.example")]);
        done(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
        let told = "A link to choose a password for your account was sent".to_owned();
        // By the former address as well: it is the same person, and the link goes to the present one.
        ask(&portal, jem).await;
        token(&portal, "jem.married@health.example").await;
        assert!(portal.letters_to(jem).await.contains(&told));
        assert!(!portal.letters_to(jem).await.contains(&"Choose a new password".to_owned()));
        portal.pass_seconds(7 * 86_400 + 1);
        let before = portal.letters_to(jem).await.len();
        ask(&portal, jem).await;
        token(&portal, "jem.married@health.example").await;
        assert_eq!(portal.letters_to(jem).await.len(), before);
    }
}
