//! Proving who one is: waits after failures, the lock, hashes of other times, second factors and recovery codes.

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use domain::{
    account::AccountStatus,
    life::Turn,
    policy::Actor,
    request::{AccountWish, Wish},
    values::ids::AccountId,
};
use gate::{Attempt, Checked, Gate, Need, SignIn, WrongFactor, calendar};
use testkit::{Kind, PASSWORD, Portal, SERVICE, on_both};

const BEN: &str = "ben.cartwright@health.example";
const NOBODY: &str = "nobody.here@health.example";

/// What so many wrong passwords one after the other are answered, each as soon as it is looked at.
pub(crate) async fn guesses(portal: &Portal, address: &str, many: usize) -> Vec<SignIn> {
    let mut answers = Vec::new();
    while answers.iter().filter(|answer| **answer == SignIn::Refused).count() < many {
        let answer = portal.sign_in(address, "wrong-password").await;
        if let SignIn::Wait(seconds) = answer {
            portal.pass_seconds(seconds);
        }
        answers.push(answer);
    }
    answers
}

/// An account's status; the lock comes a moment after the answer.
pub(crate) async fn status_becomes(portal: &Portal, address: &str, status: AccountStatus) -> bool {
    for _ in 0..100 {
        let account = portal.gate.account_by_address(address).await.unwrap().unwrap();
        if account.status == status {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    false
}

async fn letters_to(portal: &Portal, address: &str, subject: &str) -> usize {
    let subjects = store::outbox::subjects_to(portal.gate.store().reader(), address)
        .await
        .unwrap();
    subjects.iter().filter(|told| *told == subject).count()
}

/// Sets an authenticator app up for somebody; its secret and the recovery codes.
pub(crate) async fn set_up(portal: &Portal, actor: &Actor) -> (String, Vec<String>) {
    let secret = Gate::new_totp_secret();
    let first = portal.app_code(&secret);
    let added = portal
        .gate
        .on_behalf_of(actor)
        .add_totp(None, &secret, "My phone", &first)
        .await;
    (secret, added.unwrap().unwrap())
}

async fn prove(portal: &Portal, actor: &Actor, code: &str) -> Checked {
    let visit = portal.gate.on_behalf_of(actor);
    visit.prove_by_code(&SERVICE, code).await.unwrap()
}

on_both! {
    async fn whoever_guesses_waits_whether_or_not_there_is_such_an_account(portal: Portal) {
        let known = guesses(&portal, BEN, 9).await;
        let waits: Vec<_> = known.iter().filter(|answer| matches!(answer, SignIn::Wait(_))).collect();
        assert_eq!(waits, [&SignIn::Wait(15), &SignIn::Wait(30), &SignIn::Wait(60)]);
        assert_eq!(guesses(&portal, NOBODY, 9).await, known);
        // The right password is not looked at either while it waits, and lets in afterwards.
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Wait(15), "of 120, the other one's waits are over");
        portal.pass_seconds(15);
        assert!(matches!(portal.sign_in(&BEN.to_uppercase(), PASSWORD).await, SignIn::Welcome(_)));
        assert_eq!(guesses(&portal, BEN, 5).await.len(), 5, "what had failed is forgotten");
    }

    async fn many_guesses_at_once_are_not_looked_at_together(portal: Portal) {
        let tries = (0..40).map(|_| portal.sign_in(BEN, "wrong-password"));
        let answers = futures::future::join_all(tries).await;
        let looked_at = answers.iter().filter(|answer| **answer == SignIn::Refused).count();
        assert_eq!(looked_at, 6, "five cost nothing, and after the sixth one waits");
    }

    async fn an_account_that_is_guessed_at_is_locked_and_its_person_told(portal: Portal) {
        guesses(&portal, BEN, 10).await;
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
        assert_eq!(letters_to(&portal, BEN, "Your account is locked").await, 1);
        let ben = portal.account(BEN).await;
        portal.pass_seconds(900);
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Refused, "not even by the right password");
        let priya = portal.persona("Priya").await;
        let history = portal.gate.on_behalf_of(&priya).account_history(ben).await.unwrap().unwrap();
        let locked = history.iter().find(|event| event.fact.sentence(calendar::day).starts_with("Account locked")).unwrap();
        assert_eq!(locked.actor_name, "Staffbook");
        // The helpdesk unlocks it, and nothing of what failed counts any more.
        let unlock = Wish::Account(ben, AccountWish::Turn(Turn::Unlock));
        crate::lifecycle::done(&portal, &portal.persona("Hamid").await, unlock).await;
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(ben));
    }

    async fn wrong_present_passwords_wait_and_leave_signing_in_alone(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        for _ in 0..6 {
            let tried = visit.change_password(&SERVICE, "wrong-password", "teapot-lantern-9", None).await;
            assert_eq!(tried.unwrap(), Err(gate::WrongPassword::Present));
        }
        let tried = visit.change_password(&SERVICE, PASSWORD, "teapot-lantern-9", None).await;
        assert_eq!(tried.unwrap(), Err(gate::WrongPassword::Wait(15)));
        assert!(matches!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(_)));
    }

    async fn strangers_who_guess_keep_nobody_else_waiting(portal: Portal) {
        let from = |client: &'static str, password: &'static str| {
            let gate = portal.gate.clone();
            async move {
                let attempt = Attempt { address: BEN, password, client: Some(client) };
                gate.sign_in(&SERVICE, &attempt).await.unwrap()
            }
        };
        for _ in 0..6 {
            assert_eq!(from("192.0.2.7", "wrong-password").await, SignIn::Refused);
        }
        assert_eq!(from("192.0.2.7", PASSWORD).await, SignIn::Wait(15));
        assert!(matches!(from("192.0.2.8", PASSWORD).await, SignIn::Welcome(_)), "the holder elsewhere does not wait");
        // From many places together they lock it all the same, and then nobody's try is looked at.
        for number in 0..10 {
            let client = format!("198.51.100.{number}");
            let attempt = Attempt { address: BEN, password: "wrong-password", client: Some(&client) };
            assert_eq!(portal.gate.sign_in(&SERVICE, &attempt).await.unwrap(), SignIn::Refused, "{number}");
        }
        assert_eq!(from("192.0.2.9", PASSWORD).await, SignIn::Wait(900));
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
    }

    async fn an_alias_signs_in_and_counts_with_the_address(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let renamed = "LocalID,ODSCode,FirstName,LastName,EmailAddress\n2,RIV,,,b.married@health.example\n";
        let id = portal.upload(&priya, renamed).await;
        crate::apply(&portal, &priya, &id).await;
        let married = "b.married@health.example";
        let account = ben.account().unwrap();
        for address in [BEN, married] {
            assert_eq!(portal.sign_in(address, PASSWORD).await, SignIn::Welcome(account), "{address}");
        }
        for address in [BEN, married, BEN, married, BEN, married] {
            assert_eq!(portal.sign_in(address, "wrong-password").await, SignIn::Refused);
        }
        assert_eq!(portal.sign_in(married, PASSWORD).await, SignIn::Wait(15));
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Wait(15));
    }

    async fn an_address_is_understood_as_people_type_it(portal: Portal) {
        let ben = portal.account(BEN).await;
        for typed in [
            "Ben.Cartwright@Health.Example",
            "ben.cartwright@health.example ",
            " ben.cartwright@health.example\t",
            "\u{200B}ben.cartwright@health.example",
            "ben.cartwright@\u{A0}health.example\u{200E}",
        ] {
            assert_eq!(portal.sign_in(typed, PASSWORD).await, SignIn::Welcome(ben), "{typed:?}");
        }
    }

    async fn an_unknown_address_is_recorded_under_a_salt_that_is_forgotten(portal: Portal) {
        let digests = async || -> Vec<String> {
            let entries = store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap();
            let told = entries.iter().rev().take(2).map(|entry| entry.sentence(calendar::day));
            told.map(|said| said.rsplit('(').next().unwrap().to_owned()).collect()
        };
        portal.sign_in(NOBODY, "wrong-password").await;
        portal.sign_in(&NOBODY.to_uppercase(), "wrong-password").await;
        let first = digests().await;
        assert_eq!(first[0], first[1], "tries of one day can be told apart");
        portal.pass_seconds(86_400);
        portal.sign_in(NOBODY, "wrong-password").await;
        let later = digests().await;
        assert_ne!(later[0], first[0], "and those of another day are not to be compared with them");
        portal.pass_seconds(29 * 86_400);
        portal.gate.forget_salts().await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        let day = portal.gate.now().0 / 86_400_000;
        let kept = store::access::salts::of_day(&tx, day - 30, "made anew".into()).await.unwrap();
        assert_ne!(kept, "made anew", "it is kept for thirty days");
        tx.rollback().await.unwrap();
        portal.pass_seconds(86_400);
        portal.gate.forget_salts().await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        let kept = store::access::salts::of_day(&tx, day - 30, "made anew".into()).await.unwrap();
        assert_eq!(kept, "made anew");
    }

    async fn failures_from_one_place_count_whatever_address_they_try(portal: Portal) {
        let from = |client: &'static str, number: usize| {
            let gate = portal.gate.clone();
            async move {
                let address = format!("guess{number}@health.example");
                let attempt = Attempt { address: &address, password: "wrong-password", client: Some(client) };
                gate.sign_in(&SERVICE, &attempt).await.unwrap()
            }
        };
        let allowed = portal.gate.rules().sign_in.client_failures as usize / 2;
        for number in 0..=allowed {
            assert_eq!(from("192.0.2.7", number).await, SignIn::Refused, "{number}");
        }
        assert_eq!(from("192.0.2.7", 1000).await, SignIn::Wait(15));
        assert_eq!(from("192.0.2.8", 1000).await, SignIn::Refused, "somebody elsewhere does not wait");
    }

    async fn an_old_hash_is_replaced_at_the_next_sign_in(portal: Portal) {
        let ben = portal.account(BEN).await;
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let cheap = cheap.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
        let store = portal.gate.store();
        let tx = store.begin().await.unwrap();
        store::access::credentials::set(&tx, ben, cheap, false, portal.gate.now()).await.unwrap();
        tx.commit().await.unwrap();
        let before = store::access::credentials::get(store.reader(), ben).await.unwrap().unwrap();
        portal.pass_seconds(60);
        assert_eq!(portal.sign_in(BEN, "wrong-password").await, SignIn::Refused);
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(ben));
        let after = store::access::credentials::get(store.reader(), ben).await.unwrap().unwrap();
        assert!(before.password_hash.contains("m=8,t=1") && after.password_hash.contains("m=19456,t=2"));
        assert_eq!((after.set_at, after.former), (before.set_at, before.former), "it is the same password");
        assert_eq!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(ben));
    }

    async fn a_code_is_good_once_and_a_recovery_code_stands_in_for_it_once(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (secret, codes) = set_up(&portal, &ben).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(portal.gate.needs_factor(ben.account().unwrap()).await.unwrap(), Need::Prove);
        // The code that set it up is spent; the next is good, once.
        let first = portal.app_code(&secret);
        assert_eq!(prove(&portal, &ben, &first).await, Checked::Wrong);
        portal.pass_seconds(30);
        let next = portal.app_code(&secret);
        assert_eq!(prove(&portal, &ben, &next).await, Checked::Right);
        assert_eq!(prove(&portal, &ben, &next).await, Checked::Wrong);
        assert_eq!(prove(&portal, &ben, &first).await, Checked::Wrong, "nor one from before it");
        let shouted = codes[3].to_uppercase().replace('-', " ");
        assert_eq!(prove(&portal, &ben, &shouted).await, Checked::Right);
        assert_eq!(prove(&portal, &ben, &codes[3]).await, Checked::Wrong);
        let left = portal.gate.on_behalf_of(&ben).factors().await.unwrap().codes_left;
        assert_eq!(left, 9);
        // Somebody else's code is nothing of Ben's.
        let priya = portal.persona("Priya").await;
        let (_, others) = set_up(&portal, &priya).await;
        assert_eq!(prove(&portal, &ben, &others[0]).await, Checked::Wrong);
        let anew = portal.gate.on_behalf_of(&ben).renew_recovery_codes().await.unwrap();
        assert_eq!(prove(&portal, &ben, &codes[4]).await, Checked::Wrong, "those before are good no more");
        portal.pass_seconds(900);
        assert_eq!(prove(&portal, &ben, &anew[0]).await, Checked::Right);
    }

    async fn of_one_code_sent_many_times_at_once_one_is_taken(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (secret, _) = set_up(&portal, &ben).await;
        portal.pass_seconds(30);
        let code = portal.app_code(&secret);
        let tries = (0..5).map(|_| prove(&portal, &ben, &code));
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| **answer == Checked::Right).count(), 1, "{answers:?}");
    }

    async fn whoever_guesses_codes_waits_and_is_locked_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (_, codes) = set_up(&portal, &ben).await;
        let (mut wrong, mut waited) = (0, 0);
        while wrong < 10 {
            // A right password in between forgives no wrong code.
            match prove(&portal, &ben, "no code").await {
                Checked::Wait(seconds) => {
                    assert_eq!(prove(&portal, &ben, &codes[0]).await, Checked::Wait(seconds));
                    waited += 1;
                    portal.pass_seconds(seconds);
                    assert!(matches!(portal.sign_in(BEN, PASSWORD).await, SignIn::Welcome(_)));
                }
                Checked::Wrong => wrong += 1,
                Checked::Right => panic!("it is no code"),
            }
        }
        assert_eq!(waited, 4);
        assert!(status_becomes(&portal, BEN, AccountStatus::Locked).await);
    }

    async fn the_helpdesk_resets_the_factor_of_a_lost_phone(portal: Portal) {
        let address = "jem.larkspur@health.example";
        let jem = portal.person(address).await;
        let account = jem.account().unwrap();
        let (_, codes) = set_up(&portal, &jem).await;
        let hamid = portal.persona("Hamid").await;
        let links = crate::lifecycle::done(&portal, &hamid, Wish::Account(account, AccountWish::ResetFactors)).await;
        assert_eq!(links, []);
        assert_eq!(portal.gate.needs_factor(account).await.unwrap(), Need::Nothing);
        assert_eq!(prove(&portal, &jem, &codes[0]).await, Checked::Wrong);
        let priya = portal.persona("Priya").await;
        let history = portal.gate.on_behalf_of(&priya).account_history(account).await.unwrap().unwrap();
        let reset = history.iter().find(|event| event.fact.sentence(calendar::day) == "Second factor reset").unwrap();
        assert_eq!(reset.actor_name, "Hamid Noorzai");
        assert_eq!(letters_to(&portal, address, "The second factor of your account was reset").await, 1);
        // Nobody resets somebody whom they do not manage, and nobody their own unasked.
        let gwen = portal.persona("Gwen").await;
        let reset = Wish::Account(account, AccountWish::ResetFactors);
        let asked = portal.gate.on_behalf_of(&gwen).ask("Test", reset).await.unwrap();
        assert!(matches!(asked, gate::Asked::Wrong(_)));
        let asked = portal.gate.on_behalf_of(&jem).ask("Test", Wish::Account(account, AccountWish::ResetFactors)).await;
        assert!(!matches!(asked, Ok(gate::Asked::Planned(_))), "{asked:?}");
    }

    async fn factors_are_named_and_removed_by_their_person_alone(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        set_up(&portal, &ben).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let shown = visit.factors().await.unwrap().all;
        assert_eq!((shown.len(), shown[0].name.as_str(), shown[0].secret.as_str()), (1, "My phone", ""));
        let id = shown[0].id;
        let others = portal.gate.on_behalf_of(&priya);
        assert!(matches!(others.rename_factor(id, "Mine").await, Err(gate::GateError::NotFound)));
        assert!(matches!(others.remove_factor(id).await, Err(gate::GateError::NotFound)));
        assert_eq!(visit.rename_factor(id, " ").await.unwrap(), Err(WrongFactor::Name));
        assert_eq!(visit.rename_factor(id, "Work phone").await.unwrap(), Ok(()));
        assert_eq!(visit.factors().await.unwrap().all[0].name, "Work phone");
        visit.renew_recovery_codes().await.unwrap();
        assert_eq!(visit.remove_factor(id).await.unwrap(), Ok(()));
        let told = store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap();
        let told: Vec<_> = told.iter().rev().take(3).map(|entry| entry.sentence(calendar::day)).collect();
        assert_eq!(told, ["Removed a second factor", "Made new recovery codes", "Set up a second factor"]);
        let left = visit.factors().await.unwrap();
        assert_eq!((left.all.len(), left.codes_left), (0, 0));
    }
}

#[tokio::test]
async fn role_holders_must_have_a_second_factor_where_it_is_required() {
    use domain::sign_in::SecondFactor::Required;
    let portal = Portal::open_with(Kind::Sqlite, |rules| rules.sign_in.second_factor = Required).await;
    let account = |actor: &Actor| -> AccountId { actor.account().unwrap() };
    let ben = portal.persona("Ben").await;
    let jem = portal.person("jem.larkspur@health.example").await;
    assert_eq!(portal.gate.needs_factor(account(&ben)).await.unwrap(), Need::SetUp);
    assert_eq!(portal.gate.needs_factor(account(&jem)).await.unwrap(), Need::Nothing);
    let (secret, _) = set_up(&portal, &ben).await;
    let visit = portal.gate.on_behalf_of(&ben);
    let first = visit.factors().await.unwrap().all[0].id;
    assert_eq!(visit.remove_factor(first).await.unwrap(), Err(WrongFactor::Last));
    assert_eq!(portal.gate.needs_factor(account(&ben)).await.unwrap(), Need::Prove);
    let wrong = visit.add_totp(None, &secret, "Another", "123").await.unwrap();
    assert_eq!(wrong, Err(WrongFactor::Code));
    let second = Gate::new_totp_secret();
    let code = portal.app_code(&second);
    let codes = visit.add_totp(None, &second, "Another", &code).await.unwrap().unwrap();
    assert_eq!(codes, Vec::<String>::new(), "recovery codes come with the first only");
    assert_eq!(visit.remove_factor(first).await.unwrap(), Ok(()));
}

/// A passkey as it is kept; nobody has its other half.
const PASSKEY: &str = r#"{"cred":{
    "cred_id":"a2V5LWhlbGQtYnktbm9ib2R5",
    "cred":{"type_":"ES256","key":{"EC_EC2":{
        "curve":"SECP256R1",
        "x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}}},
    "counter":0,"transports":null,"user_verified":true,"backup_eligible":false,"backup_state":false,
    "registration_policy":"required","extensions":{},
    "attestation":{"data":"None","metadata":"None"},"attestation_format":"none"}}"#;

#[tokio::test]
async fn wrong_passkeys_are_recorded_and_counted() {
    // Passkeys belong to a name.
    let portal = Portal::open_with(Kind::Sqlite, |rules| rules.url = "http://localhost:3000".to_owned()).await;
    let ben = portal.persona("Ben").await;
    let held = store::access::factors::Factor {
        id: uuid::Uuid::now_v7(),
        kind: domain::sign_in::FactorKind::Passkey,
        name: "Key".to_owned(),
        secret: PASSKEY.to_owned(),
        made_at: portal.gate.now(),
        used_at: None,
    };
    let db = portal.gate.store().reader();
    store::access::factors::add(db, ben.account().unwrap(), &held, None)
        .await
        .unwrap();
    let visit = portal.gate.on_behalf_of(&ben);
    for _ in 0..6 {
        let state = visit.ask_for_passkey().await.unwrap().state;
        let tried = visit.prove_by_passkey(&SERVICE, &state, "{}").await.unwrap();
        assert_eq!(tried, Checked::Wrong);
        let last = store::trail::after(db, 0, 100_000).await.unwrap().pop().unwrap();
        assert_eq!(last.sentence(calendar::day), "A sign-in failed");
        assert_eq!(last.person, ben.account().map(|account| account.0));
    }
    let state = visit.ask_for_passkey().await.unwrap().state;
    let tried = visit.prove_by_passkey(&SERVICE, &state, "{}").await.unwrap();
    assert_eq!(tried, Checked::Wait(15));
}
