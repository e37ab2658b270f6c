//! Who is written to about what others do with an account: its holder, also where they were to be reached before, and the
//! administrators whom it concerns.

use domain::{
    dictionary::Attribute,
    life::Turn,
    policy::Role,
    request::{AccountWish, Cells, Wish},
    values::ids::AccountId,
};
use gate::{
    Act, Query, Whom,
    service::letters::{self, WrittenOut},
};
use testkit::{Portal, SERVICE, on_both};

use crate::{
    grants::{self, DAY, wish, wish_between},
    lifecycle::{done, in_organisation},
    proving::set_up,
};

const JEM: &str = "jem.larkspur@health.example";
const NEW: &str = "jem.heron@health.example";
const PRIYA: &str = "priya.ramanathan@health.example";

/// A letter as it is sent.
struct Sent {
    to: String,
    subject: String,
    text: String,
}

/// Takes all letters that wait, in the order in which they are sent. A minute passes, as letters that gather need.
async fn sent(portal: &Portal) -> Vec<Sent> {
    portal.pass_seconds(60);
    let mut sent = Vec::new();
    while let Some((mail, written)) = letters::claim(&portal.gate, "a test").await.unwrap() {
        if let WrittenOut::Whole(letter) = written {
            sent.push(Sent {
                to: mail.address,
                subject: letter.subject,
                text: letter.text,
            });
        }
    }
    sent.sort_by(|one, other| (&one.to, &one.subject).cmp(&(&other.to, &other.subject)));
    sent
}

/// To whom the letters are, and what about.
fn told(sent: &[Sent]) -> Vec<(&str, &str)> {
    sent.iter()
        .map(|letter| (letter.to.as_str(), letter.subject.as_str()))
        .collect()
}

async fn change_address(portal: &Portal, to: &str) -> AccountId {
    let account = portal.account(JEM).await;
    let cells = Cells::of([(Attribute::EmailAddress, to)]);
    let priya = portal.persona("Priya").await;
    done(portal, &priya, Wish::Account(account, AccountWish::Edit(cells))).await;
    account
}

on_both! {
    async fn a_changed_address_is_told_to_both_addresses(portal: Portal) {
        change_address(&portal, NEW).await;
        let sent = sent(&portal).await;
        let subject = "The email address of your account was changed";
        assert_eq!(told(&sent), [(NEW, subject), (JEM, subject)]);
        for letter in sent {
            for said in ["Priya Ramanathan has changed", JEM, NEW, "If you did not agree to this change"] {
                assert!(letter.text.contains(said), "{said}: {}", letter.text);
            }
        }
    }

    async fn a_reset_is_told_to_a_former_address_without_its_link(portal: Portal) {
        let account = change_address(&portal, NEW).await;
        portal.pass_seconds(20 * DAY);
        sent(&portal).await;
        let priya = portal.persona("Priya").await;
        done(&portal, &priya, Wish::Account(account, AccountWish::ResetPassword)).await;
        let letters = sent(&portal).await;
        assert_eq!(
            told(&letters),
            [(NEW, "Choose a new password"), (JEM, "A link to choose a password for your account was sent")]
        );
        assert!(letters[0].text.contains("/start/"));
        assert!(!letters[1].text.contains("/start/") && letters[1].text.contains(NEW), "{}", letters[1].text);

        let jem = portal.person(NEW).await;
        set_up(&portal, &jem).await;
        sent(&portal).await;
        done(&portal, &priya, Wish::Account(account, AccountWish::ResetFactors)).await;
        let subject = "The second factor of your account was reset";
        assert_eq!(told(&sent(&portal).await), [(NEW, subject), (JEM, subject)]);

        // After thirty days an address is no longer a recent one.
        portal.pass_seconds(11 * DAY);
        done(&portal, &priya, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!(told(&sent(&portal).await), [(NEW, "Choose a new password")]);
    }

    async fn a_leaver_taken_in_is_told_with_the_administrators_they_left(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let account = portal.account(JEM).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        sent(&portal).await;
        done(&portal, &gwen, Wish::Join { address: JEM.into(), cells: in_organisation("G7H8J") }).await;
        let letters = sent(&portal).await;
        let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(to, ["ben.cartwright@health.example", JEM, PRIYA]);
        for letter in letters {
            assert!(letter.subject.contains("Mill Lane Surgery"), "{}", letter.subject);
            for said in ["Gwen Ashcombe", "Mill Lane Surgery", "not joining"] {
                assert!(letter.text.contains(said), "{said}: {}", letter.text);
            }
        }
    }

    async fn a_transfer_is_told_to_administrators_who_have_not_made_it(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let account = portal.account(JEM).await;
        let to = |code| Wish::Account(account, AccountWish::Move(in_organisation(code)));
        done(&portal, &ben, to("RIV01")).await;
        assert_eq!(told(&sent(&portal).await), [(JEM, "Your account is now with Riverside Children’s Hospital")]);
        done(&portal, &grace, to("G7H8J")).await;
        let subject = "Transferred from Riverside Children’s Hospital to Mill Lane Surgery: Jem Larkspur";
        assert_eq!(
            told(&sent(&portal).await),
            [
                ("ben.cartwright@health.example", subject),
                (JEM, "Your account is now with Mill Lane Surgery"),
                (PRIYA, subject),
            ]
        );
    }

    async fn a_role_is_told_to_its_holder_and_to_their_colleagues(portal: Portal) {
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        let account = portal.account(JEM).await;
        done(&portal, &grace, wish(account, Role::LocalHelpdesk, "RIV01", None)).await;
        let letters = sent(&portal).await;
        assert_eq!(
            told(&letters),
            [
                (JEM, "You have a new role: Local Helpdesk"),
                (PRIYA, "Jem Larkspur has a new role: Local Helpdesk"),
            ]
        );
        let line = "Jem Larkspur: now Local Helpdesk, Riverside Children’s Hospital";
        assert!(letters[1].text.contains(line), "{}", letters[1].text);

        // One who gives a role is not told of it.
        done(&portal, &priya, wish_between(account, Role::Audit, None, Some(2))).await;
        assert_eq!(told(&sent(&portal).await), [(JEM, "You have a new role: Audit")]);

        // A role that ends with its date is told to both.
        portal.pass_seconds(2 * DAY);
        portal.gate.sweep(&SERVICE).await.unwrap();
        let letters = sent(&portal).await;
        let about_jem: Vec<_> = told(&letters).into_iter().filter(|(_, subject)| subject.contains("Audit")).collect();
        assert_eq!(
            about_jem,
            [(JEM, "Your role has ended: Audit"), (PRIYA, "Jem Larkspur no longer has a role: Audit")]
        );
    }

    async fn a_role_given_to_somebody_who_leaves_says_that_it_ends_then(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let account = portal.account(JEM).await;
        let at = Some(portal.gate.now().plus_seconds(10 * DAY));
        done(&portal, &ben, Wish::Account(account, AccountWish::Leaving(at))).await;
        sent(&portal).await;
        done(&portal, &grace, wish(account, Role::LocalHelpdesk, "RIV01", None)).await;
        let letters = sent(&portal).await;
        assert_eq!(letters.len(), 2);
        let line = "Local Helpdesk, Riverside Children’s Hospital, until the leaving date, 1 December 2026";
        for letter in letters {
            let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(line), "{text}");
        }
    }

    async fn roles_that_end_with_one_act_are_told_in_one_letter(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let account = portal.account(JEM).await;
        for role in [Role::LocalHelpdesk, Role::Audit] {
            grants::done(&portal, &grace, wish(account, role, "RIV", None)).await;
        }
        sent(&portal).await;
        done(&portal, &grace, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
        let letters = sent(&portal).await;
        assert_eq!(
            told(&letters),
            [(JEM, "Your roles have ended"), (PRIYA, "Roles in your organisation have changed")]
        );
        for letter in letters {
            let because = letter.text.matches("because the account was disabled").count();
            assert_eq!(because, 2, "{}", letter.text);
        }
    }

    async fn many_roles_that_end_at_once_make_one_short_letter(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let visit = portal.gate.on_behalf_of(&grace);
        let query = Query { organisation: Some("RIV".into()), statuses: vec![domain::account::AccountStatus::Active], ..Query::default() };
        let people = visit.all_accounts(&query, 1000).await.unwrap();
        let people: Vec<_> = people.into_iter().filter(|person| !is_persona(person.attributes.text(Attribute::FirstName))).collect();
        let people: Vec<_> = people.into_iter().take(25).map(|person| person.id).collect();
        let given = people.iter().map(|account| wish(*account, Role::Audit, "RIV", None));
        portal.gate.on_behalf_of(&SERVICE).establish(given.collect()).await.unwrap();
        sent(&portal).await;
        let id = visit.ask_for_many("Test", &Whom::These(people.clone()), &Act::Turn(Turn::Disable)).await.unwrap();
        portal.work().await;
        crate::apply(&portal, &grace, &id).await;
        let letters = sent(&portal).await;
        assert_eq!(people.len(), 25);
        let to_priya: Vec<_> = letters.iter().filter(|letter| letter.to == PRIYA).collect();
        assert_eq!(to_priya.len(), 1);
        let text = &to_priya[0].text;
        assert_eq!(text.matches("no longer Audit").count(), 20, "{text}");
        assert!(text.contains("And 5 more."), "{text}");
        assert_eq!(letters.len(), 1 + 25, "one for each of them, and one for their colleague");
    }
}

fn is_persona(first_name: &str) -> bool {
    let mut personas = demo::PERSONAS.iter();
    personas.any(|persona| persona.first == first_name)
}
