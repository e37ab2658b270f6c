//! New addresses that wait until a link sent to them is used.

use domain::{
    dictionary::Attribute,
    life::Turn,
    policy::Role,
    request::{AccountWish, Cells},
    trail::Action,
};
use gate::{
    GateError,
    service::letters::{self, WrittenOut},
};
use store::ConnectionTrait;
use testkit::{NOON, Portal, SERVICE, change_files::TestCustomer, on_both};

use super::{LOWRI, MAREK, by_form};
use crate::{email_runs::recorded, grants};

const NEW: &str = "lowri@riverside.example";
const A_DAY: i64 = 86_400;

/// The token of the latest link to a new address that was sent there.
async fn token_sent_to(portal: &Portal, address: &str) -> String {
    let mut found = None;
    while let Some((letter, written)) = letters::claim(&portal.gate, "a test").await.unwrap() {
        let WrittenOut::Whole(written) = written else { continue };
        let mut words = written.text.split_whitespace();
        let link = words.find_map(|word| word.split_once("/rename/"));
        if let Some((_, token)) = link.filter(|_| letter.address == address) {
            found = Some(token.to_owned());
        }
    }
    found.expect("a letter with a link")
}

/// Asks for Lowri's new address; she has a seat.
async fn asked(portal: &Portal) -> TestCustomer {
    let customer = portal.customer(|_| {}).await;
    let seat = format!("EmailAddress,Action,SubscriptionId\n{LOWRI},AssignSeat,69050\n");
    assert_eq!(portal.change_file(&customer, &seat).await.results(), ["Done"]);
    assert_eq!(renamed(portal, &customer, NEW).await, ["Accepted"]);
    customer
}

async fn renamed(portal: &Portal, customer: &TestCustomer, to: &str) -> Vec<String> {
    let text = format!("EmailAddress,Action,AltEmailAddress\n{LOWRI},Rename,{to}\n");
    portal.change_file(customer, &text).await.results()
}

/// How using a link ends, in words.
async fn ended(portal: &Portal, token: &str) -> &'static str {
    match portal.gate.confirm_rename(&SERVICE, token).await {
        Ok(_) => "renamed",
        Err(GateError::NotFound) => "not found",
        Err(GateError::Stale) => "taken",
        Err(error) => panic!("{error}"),
    }
}

on_both! {
    async fn a_new_address_is_theirs_once_its_link_is_used(portal: Portal) {
        let customer = asked(&portal).await;
        let lowri = portal.account(LOWRI).await;
        assert_eq!(renamed(&portal, &customer, "other@riverside.example").await, ["Rejected"], "one waits already");
        let token = token_sent_to(&portal, NEW).await;
        let waiting = portal.gate.renaming(&token).await.unwrap();
        assert_eq!((waiting.from.as_str(), waiting.to.as_str()), (LOWRI, NEW));
        assert!(!waiting.is_pending, "she can sign in");
        assert_eq!(portal.account(LOWRI).await, lowri, "looking changes nothing");
        let renamed = portal.gate.confirm_rename(&SERVICE, &token).await.unwrap();
        assert_eq!(renamed, waiting);
        assert_eq!(ended(&portal, &token).await, "not found");
        assert!(matches!(portal.gate.renaming(&token).await, Err(GateError::NotFound)));
        // The old address stays an alias.
        assert_eq!((portal.account(NEW).await, portal.account(LOWRI).await), (lowri, lowri));
        portal.adds_up().await;
    }

    async fn a_link_to_a_new_address_knows_who_never_activated(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let rows = format!(
            "EmailAddress,Action,GivenName,FamilyName,SubscriptionId,AltEmailAddress\n\
             ida.quill@riverside.example,Add,Ida,Quill,69050,\n\
             ida.quill@riverside.example,Rename,,,,{NEW}\n"
        );
        assert_eq!(portal.change_file(&customer, &rows).await.results(), ["Done", "Accepted"]);
        let token = token_sent_to(&portal, NEW).await;
        assert!(portal.gate.renaming(&token).await.unwrap().is_pending);
        assert!(portal.gate.confirm_rename(&SERVICE, &token).await.unwrap().is_pending);
    }

    async fn a_link_to_a_new_address_lapses_after_seven_days(portal: Portal) {
        let customer = asked(&portal).await;
        let token = token_sent_to(&portal, NEW).await;
        portal.pass_seconds(7 * A_DAY - 60);
        assert!(portal.gate.renaming(&token).await.is_ok());
        portal.pass_seconds(60);
        assert_eq!(ended(&portal, &token).await, "not found");
        portal.sweep().await;
        assert_eq!(renamed(&portal, &customer, NEW).await, ["Accepted"], "it can be asked for again");
    }

    async fn a_new_address_that_somebody_took_meanwhile_is_over(portal: Portal) {
        let customer = asked(&portal).await;
        let token = token_sent_to(&portal, NEW).await;
        // To a file it is promised; an administrator can give it to somebody else all the same.
        let add = format!("EmailAddress,Action,GivenName,FamilyName\n{NEW},Add,Ida,Quill\n");
        let refused = portal.change_file(&customer, &add).await.lines();
        assert_eq!((refused[0].result.as_str(), refused[0].code.as_str()), ("Rejected", "address.promised"));
        let given = Cells::of([(Attribute::EmailAddress, NEW)]);
        by_form(&portal, &portal.persona("Priya").await, MAREK, AccountWish::Edit(given)).await;
        assert_eq!(ended(&portal, &token).await, "taken");
        assert_eq!(ended(&portal, &token).await, "not found");
        assert_ne!(portal.account(LOWRI).await, portal.account(NEW).await);
    }

    async fn what_is_decided_anew_about_somebody_ends_their_rename(portal: Portal) {
        let customer = asked(&portal).await;
        let priya = portal.persona("Priya").await;
        let corrected = Cells::of([(Attribute::EmailAddress, "lowri.corrected@health.example")]);
        for (wish, back) in [
            (AccountWish::Hold("An odd rename".to_owned()), Some(AccountWish::Release)),
            (AccountWish::Turn(Turn::Disable), Some(AccountWish::Turn(Turn::Enable))),
            (AccountWish::Edit(corrected), None),
        ] {
            let token = token_sent_to(&portal, NEW).await;
            assert!(portal.gate.renaming(&token).await.is_ok());
            by_form(&portal, &priya, LOWRI, wish).await;
            assert_eq!(ended(&portal, &token).await, "not found");
            if let Some(back) = back {
                by_form(&portal, &priya, LOWRI, back).await;
            }
            assert_eq!(renamed(&portal, &customer, NEW).await, ["Accepted"], "it can be asked for again");
        }
        let token = token_sent_to(&portal, NEW).await;
        let lowri = portal.account(LOWRI).await;
        portal.make_so(vec![grants::wish(lowri, Role::LocalAdministrator, "RIV", None)]).await;
        assert_eq!(ended(&portal, &token).await, "not found");
        portal.adds_up().await;
    }

    async fn a_link_is_over_where_what_stood_when_it_was_asked_for_is_gone(portal: Portal) {
        let customer = asked(&portal).await;
        let lowri = portal.account(LOWRI).await;
        for other in ["before_address = 'lowri@elsewhere.example'", "customer = 7"] {
            let token = token_sent_to(&portal, NEW).await;
            let tx = portal.gate.store().begin().await.unwrap();
            tx.execute_unprepared(&format!("UPDATE pending_rename SET {other}")).await.unwrap();
            tx.commit().await.unwrap();
            assert!(matches!(portal.gate.renaming(&token).await, Err(GateError::NotFound)), "{other}");
            assert_eq!(ended(&portal, &token).await, "taken", "{other}");
            assert_eq!(ended(&portal, &token).await, "not found", "{other}");
            assert_eq!(renamed(&portal, &customer, NEW).await, ["Accepted"]);
        }
        assert_eq!(portal.account(LOWRI).await, lowri);
    }

    async fn who_may_edit_somebody_sees_and_cancels_a_rename_that_waits(portal: Portal) {
        asked(&portal).await;
        let lowri = portal.account(LOWRI).await;
        let token = token_sent_to(&portal, NEW).await;
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let waiting = visit.waiting_rename(lowri).await.unwrap().unwrap();
        assert_eq!((waiting.to.as_str(), waiting.asked_at), (NEW, NOON));
        assert_eq!(waiting.expires, NOON.plus_seconds(7 * A_DAY));
        let outsider = portal.person("niamh.adeyemi@health.example").await;
        let refused = portal.gate.on_behalf_of(&outsider).cancel_rename(lowri).await;
        assert!(matches!(refused, Err(GateError::NotFound)), "{refused:?}");
        visit.cancel_rename(lowri).await.unwrap();
        visit.cancel_rename(lowri).await.unwrap();
        assert_eq!(visit.waiting_rename(lowri).await.unwrap(), None);
        assert_eq!(ended(&portal, &token).await, "not found");
        let told = recorded(&portal, Action::RenameCancelled).await;
        let sentences: Vec<_> = told.iter().map(|(_, _, sentence)| sentence.as_str()).collect();
        assert_eq!(sentences, ["Cancelled a change of email address that waited for confirmation"]);
    }

    async fn no_link_to_a_new_address_stands_in_the_database(portal: Portal) {
        asked(&portal).await;
        let token = token_sent_to(&portal, NEW).await;
        let reader = portal.gate.store().reader();
        let lowri = portal.account(LOWRI).await;
        let now = portal.gate.now();
        let kept = store::access::change_files::renames::of(reader, lowri, now).await.unwrap().unwrap();
        assert!(!format!("{kept:?}").contains(&token));
        let by_its_text = store::access::change_files::renames::by_token(reader, &token, now).await.unwrap();
        assert_eq!(by_its_text, None, "only its hash is kept");
    }
}
