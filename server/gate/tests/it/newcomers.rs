//! Activation links of people whom a file made: given out, sent to private addresses, and spoken as codes.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    plan::Step,
    policy::{Actor, Role},
    problem::Kind,
    request::{AccountWish, Wish},
    submission::{LookAlikes, Outcome, State},
    trail::{Action, GivenOut},
    values::{
        email_address::AddressFault,
        ids::{RowNumber, SubmissionId, Timestamp},
        spoken_code::{GOOD_FOR, MOST_TRIES, SpokenCode},
    },
};
use gate::{ByCode, Confirmation, GateError, GivenLinks, MadeLink, Starters, TrailQuery, calendar, seen};
use testkit::{PASSWORD, Portal, SERVICE, on_both};

use crate::{
    apply, file,
    grants::wish,
    lifecycle::{done, new_person},
    review,
};

const ADA: &str = "ada.bright@health.example";
const TAMSIN: &str = "tamsin.oakes@health.example";

/// Two new people by a file, whose letters have gone out.
async fn two_new(portal: &Portal, ben: &Actor) -> SubmissionId {
    let text = file(&[
        "9001,RIV,Ada,Bright,",
        "9002,RIV,Tamsin,Oakes,",
        "1001,RIV,,,07700 902001",
    ]);
    let id = portal.upload(ben, &text).await;
    apply(portal, ben, &id).await;
    id
}

async fn give(portal: &Portal, who: &Actor, id: &SubmissionId, how: GivenOut) -> Result<GivenLinks, GateError> {
    give_to(portal, who, id, Starters::LeftOut, how).await
}

async fn give_to(
    portal: &Portal,
    who: &Actor,
    id: &SubmissionId,
    starters: Starters,
    how: GivenOut,
) -> Result<GivenLinks, GateError> {
    let visit = portal.gate.on_behalf_of(who);
    visit.give_links(id, None, starters, how).await
}

const HOME: &str = "ada@home.example";

/// Ada, who starts on 7 December and whose link goes to a private address, and Tamsin, whose link has gone out.
async fn one_starts_later(portal: &Portal, ben: &Actor) -> SubmissionId {
    let text = format!(
        "LocalID,ODSCode,FirstName,LastName,StartDate,ActivationEmail\n9001,RIV,Ada,Bright,07/12/2026,{HOME}\n9002,RIV,Tamsin,Oakes,,\n"
    );
    let id = portal.upload(ben, &text).await;
    apply(portal, ben, &id).await;
    id
}

/// When somebody starts, if their link is still to be sent.
async fn first_day(portal: &Portal, address: &str) -> Option<Timestamp> {
    let account = portal.account(address).await;
    let db = portal.gate.store().reader();
    let found = store::directory::people::by_ids(db, &[account.0])
        .await
        .unwrap()
        .remove(0);
    found.starts_at
}

fn token(link: &MadeLink) -> &str {
    link.url.rsplit('/').next().unwrap()
}

fn code(link: &MadeLink) -> String {
    link.code.as_ref().expect("a code").code.to_string()
}

/// A code that is not this one.
fn another(code: &str) -> String {
    let digits: u64 = code.replace(' ', "").parse().unwrap();
    SpokenCode::from_random_bits(digits + 1).to_string()
}

/// Tries a code until it is looked at, however long that takes.
async fn patiently(portal: &Portal, address: &str, code: &str) -> ByCode {
    loop {
        match portal.gate.open_by_code(address, code, None).await.unwrap() {
            ByCode::Wait(seconds) => portal.pass_seconds(seconds),
            tried => return tried,
        }
    }
}

async fn activate(portal: &Portal, address: &str, token: &str) {
    let person = portal.person(address).await;
    let visit = portal.gate.on_behalf_of(&person);
    visit.choose_by_link(&SERVICE, token, PASSWORD).await.unwrap().unwrap();
}

on_both! {
    async fn links_of_new_people_are_shown_in_the_files_order_without_a_letter(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = two_new(&portal, &ben).await;
        let mailed = portal.link_sent_to(ADA).await;
        let before = portal.letters_to(ADA).await.len();
        let shown = portal.gate.on_behalf_of(&ben).newcomers(&id).await.unwrap();
        assert_eq!((shown.counts.waiting, shown.counts.with_link, shown.given.len()), (2, 2, 0));

        let given = give(&portal, &ben, &id, GivenOut::Printed).await.unwrap();
        let told: Vec<_> = given.links.iter().map(|link| (link.name.as_str(), link.address.as_str())).collect();
        assert_eq!(told, [("Ada Bright", ADA), ("Tamsin Oakes", TAMSIN)]);
        assert_eq!((given.people, given.by_email_alone, given.again, given.more_after), (2, 0, false, None));
        assert_eq!(portal.letters_to(ADA).await.len(), before, "nobody is written to");
        let mailed = mailed.rsplit('/').next().unwrap();
        assert!(portal.gate.invited(mailed).await.is_err(), "the link in the letter is replaced");
        assert!(portal.gate.invited(token(&given.links[0])).await.is_ok());

        activate(&portal, ADA, token(&given.links[0])).await;
        let again = give(&portal, &ben, &id, GivenOut::Downloaded).await.unwrap();
        assert_eq!((again.people, again.again, again.links[0].address.as_str()), (1, true, TAMSIN));
        assert!(portal.gate.invited(token(&given.links[1])).await.is_err(), "the second showing makes another");
        assert!(portal.sign_in(ADA, PASSWORD).await == gate::SignIn::Welcome(portal.account(ADA).await), "whoever is there stays");
        portal.adds_up().await;
    }

    async fn every_giving_of_links_is_recorded_with_its_number(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let id = two_new(&portal, &ben).await;
        give(&portal, &ben, &id, GivenOut::Printed).await.unwrap();
        give(&portal, &ben, &id, GivenOut::Emailed).await.unwrap();
        let query = TrailQuery { action: Some(Action::LinksGivenOut), ..TrailQuery::default() };
        let page = portal.gate.on_behalf_of(&priya).trail(&query, None, 10).await.unwrap();
        let told: Vec<_> = page.entries.iter().map(|entry| (entry.actor_name.as_str(), entry.sentence(calendar::day))).collect();
        let file = format!("for people created by staff list.csv ({id})");
        assert_eq!(told, [
            ("Ben Cartwright", format!("Sent 2 activation links by email, {file}; earlier links stopped working")),
            ("Ben Cartwright", format!("Showed 2 activation links to print, {file}")),
        ]);
        let shown = portal.gate.on_behalf_of(&ben).newcomers(&id).await.unwrap();
        let given: Vec<_> = shown.given.iter().map(|(giving, by)| (giving.how, giving.people, by.as_str())).collect();
        assert_eq!(given, [(GivenOut::Emailed, 2, "Ben Cartwright"), (GivenOut::Printed, 2, "Ben Cartwright")]);
    }

    async fn a_slip_is_an_activation_link_in_the_history(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = two_new(&portal, &ben).await;
        give(&portal, &ben, &id, GivenOut::Printed).await.unwrap();
        let ada = portal.account(ADA).await;
        let history = portal.gate.on_behalf_of(&ben).account_history(ada).await.unwrap().unwrap();
        let told = history[0].fact.sentence(calendar::day);
        assert_eq!((told.as_str(), history[0].actor_name.as_str()), ("Activation link given out", "Ben Cartwright"));
        // Whoever has an account in use has their password reset.
        let jem = portal.account("jem.larkspur@health.example").await;
        done(&portal, &ben, Wish::Account(jem, AccountWish::ResetPassword)).await;
        let history = portal.gate.on_behalf_of(&ben).account_history(jem).await.unwrap().unwrap();
        assert!(history[0].fact.sentence(calendar::day).starts_with("Password reset"), "{history:?}");
        portal.adds_up().await;
    }

    async fn only_those_who_reset_passwords_there_give_links_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = two_new(&portal, &ben).await;
        let (gwen, aled) = (portal.persona("Gwen").await, portal.persona("Aled").await);
        assert!(matches!(give(&portal, &gwen, &id, GivenOut::Printed).await, Err(GateError::NotFound)));
        assert!(matches!(give(&portal, &aled, &id, GivenOut::Printed).await, Err(GateError::Denied)));
    }

    async fn whoever_holds_a_role_is_sent_their_link_and_shown_to_nobody(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let id = two_new(&portal, &ben).await;
        let ada = portal.account(ADA).await;
        done(&portal, &priya, wish(ada, Role::LocalHelpdesk, "RIV", None)).await;
        let before = portal.letters_to(ADA).await.len();
        let given = give(&portal, &ben, &id, GivenOut::Printed).await.unwrap();
        assert_eq!((given.people, given.by_email_alone, given.links.len()), (2, 1, 1));
        assert_eq!(portal.letters_to(ADA).await.len(), before + 1);
    }

    async fn links_that_expired_are_sent_again_by_email(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = two_new(&portal, &ben).await;
        let days = i64::from(portal.gate.rules().timers.link_days);
        portal.pass_seconds((days + 1) * 86_400);
        let shown = portal.gate.on_behalf_of(&ben).newcomers(&id).await.unwrap();
        assert_eq!((shown.counts.waiting, shown.counts.with_link), (2, 0));
        let given = give(&portal, &ben, &id, GivenOut::Emailed).await.unwrap();
        assert_eq!((given.people, given.links.len()), (2, 0));
        let link = portal.link_sent_to(TAMSIN).await;
        assert!(portal.gate.invited(link.rsplit('/').next().unwrap()).await.is_ok());
    }

    async fn a_link_goes_to_the_private_address_that_a_file_gives(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n9001,RIV,Ada,Bright,Ada@Home.example\n9002,RIV,Tamsin,Oakes,\n";
        let id = portal.upload(&ben, text).await;
        let planned = review(&portal, &ben, &id).await;
        let Step::CreateAccount { attributes, .. } = &planned.rows[0].planned.step else { panic!("{planned:?}") };
        assert_eq!(attributes.get(Attribute::ActivationEmail), None, "no account has it");
        apply(&portal, &ben, &id).await;
        assert_eq!((portal.letters_to("ada@home.example").await.len(), portal.letters_to(ADA).await.len()), (1, 0));
        assert_eq!(portal.letters_to(TAMSIN).await.len(), 1, "who has none is written to at the new mailbox");
        let row = review(&portal, &ben, &id).await.rows[0].request.clone();
        assert_eq!(row.wish.cells().unwrap().text(Attribute::ActivationEmail), "");
        let file = store::submissions::bytes(portal.gate.store().files(), &id).await.unwrap().unwrap();
        let file = String::from_utf8(file).unwrap();
        assert!(!file.to_lowercase().contains("home.example") && file.contains("Bright"), "{file}");

        // Sent again, it goes there again, until the account is activated.
        give(&portal, &ben, &id, GivenOut::Emailed).await.unwrap();
        let link = portal.link_sent_to("ada@home.example").await;
        activate(&portal, ADA, link.rsplit('/').next().unwrap()).await;
        let ada = portal.account(ADA).await;
        let kept = store::directory::newcomers::private_addresses(portal.gate.store().reader(), &[ada]).await.unwrap();
        assert!(kept.is_empty(), "{kept:?}");
        let query = TrailQuery { action: Some(Action::LinksGivenOut), ..TrailQuery::default() };
        let page = portal.gate.on_behalf_of(&ben).trail(&query, None, 10).await.unwrap();
        let first = page.entries.last().unwrap().sentence(calendar::day);
        assert!(first.starts_with("Sent 1 activation link to private email addresses"), "{first}");
    }

    async fn the_private_address_of_who_starts_later_is_kept_for_every_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = one_starts_later(&portal, &ben).await;
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (0, 0));
        let query = TrailQuery { action: Some(Action::LinksGivenOut), ..TrailQuery::default() };
        let page = portal.gate.on_behalf_of(&ben).trail(&query, None, 10).await.unwrap();
        let told = page.entries[0].sentence(calendar::day);
        assert!(told.starts_with("Set private email addresses for 1 activation link that are sent later"), "{told}");
        // Sent now, from the account's page.
        let account = portal.account(ADA).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (1, 0));
        // Printed, then sent, with the others of the file.
        give(&portal, &ben, &id, GivenOut::Printed).await.unwrap();
        give(&portal, &ben, &id, GivenOut::Emailed).await.unwrap();
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (2, 0));
        let link = portal.link_sent_to(HOME).await;
        activate(&portal, ADA, link.rsplit('/').next().unwrap()).await;
        let kept = store::directory::newcomers::private_addresses(portal.gate.store().reader(), &[account]).await.unwrap();
        assert!(kept.is_empty(), "{kept:?}");
        portal.adds_up().await;
    }

    async fn a_link_of_the_first_day_goes_to_the_private_address(portal: Portal) {
        let ben = portal.persona("Ben").await;
        one_starts_later(&portal, &ben).await;
        let first = calendar::day_begins(2026, 12, 7).unwrap();
        portal.pass_seconds((first.0 - portal.gate.now().0) / 1000);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (1, 0));
    }

    async fn who_starts_earlier_by_another_file_gets_their_link_privately(portal: Portal) {
        let ben = portal.persona("Ben").await;
        one_starts_later(&portal, &ben).await;
        let sooner = portal.upload(&ben, "LocalID,ODSCode,FirstName,LastName,StartDate\n9001,RIV,,,01/12/2026\n").await;
        apply(&portal, &ben, &sooner).await;
        let first = calendar::day_begins(2026, 12, 1).unwrap();
        assert_eq!(first_day(&portal, ADA).await, Some(first));
        portal.pass_seconds((first.0 - portal.gate.now().0) / 1000);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (1, 0));
    }

    async fn a_link_that_somebody_new_asks_for_goes_to_the_private_address(portal: Portal) {
        let ben = portal.persona("Ben").await;
        one_starts_later(&portal, &ben).await;
        let account = portal.account(ADA).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        portal.gate.ask_for_link(ADA, None).await.unwrap().unwrap();
        for _ in 0..100 {
            if portal.letters_to(HOME).await.len() > 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (2, 0));
    }

    async fn who_starts_later_is_left_out_unless_they_are_included(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = one_starts_later(&portal, &ben).await;
        let counts = portal.gate.on_behalf_of(&ben).newcomers(&id).await.unwrap().counts;
        assert_eq!((counts.waiting, counts.starting, counts.ready(), counts.with_link), (2, 1, 1, 1));
        let day = calendar::day_begins(2026, 12, 7);
        for how in GivenOut::CHOSEN {
            let given = give(&portal, &ben, &id, how).await.unwrap();
            let whom: Vec<_> = given.links.iter().map(|link| link.address.as_str()).collect();
            let shown = if how == GivenOut::Emailed { vec![] } else { vec![TAMSIN] };
            assert_eq!((given.people, whom), (1, shown), "{how:?}");
            assert_eq!(first_day(&portal, ADA).await, day);
        }
        assert_eq!((portal.letters_to(HOME).await.len(), portal.letters_to(ADA).await.len()), (0, 0));
        let given = give_to(&portal, &ben, &id, Starters::Included, GivenOut::Printed).await.unwrap();
        assert_eq!((given.people, given.links.len()), (2, 2));
        assert_eq!(first_day(&portal, ADA).await, None);
        let counts = portal.gate.on_behalf_of(&ben).newcomers(&id).await.unwrap().counts;
        assert_eq!((counts.waiting, counts.starting), (2, 0));
        portal.adds_up().await;
    }

    async fn a_row_that_was_rejected_keeps_its_private_address_in_the_file(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n9001,RIV,Ada,Bright,ada@home.example\n9003,RIV,Kit,,kit@home.example\n";
        let id = portal.upload(&ben, text).await;
        apply(&portal, &ben, &id).await;
        let (_, problems) = portal.gate.on_behalf_of(&ben).report(&id, gate::Report::Problems).await.unwrap();
        let problems = String::from_utf8(problems).unwrap();
        assert!(problems.contains("kit@home.example") && !problems.contains("ada@home.example"), "{problems}");
    }

    async fn a_private_address_of_somebody_who_waits_is_said_to_be_left_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        two_new(&portal, &ben).await;
        let text = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n9001,RIV,,,ada@home.example\n";
        let id = portal.upload(&ben, text).await;
        let row = review(&portal, &ben, &id).await.rows.remove(0);
        let kinds: Vec<_> = row.planned.warnings.iter().map(|warning| &warning.kind).collect();
        assert_eq!(kinds, [&Kind::PrivateNotUsed]);
        assert!(row.planned.questions().next().is_none() && row.planned.warnings[0].value.is_empty());
        let (_, result) = portal.gate.on_behalf_of(&ben).report(&id, gate::Report::Result).await.unwrap();
        let result = String::from_utf8(result).unwrap();
        assert!(result.contains("The activation email address is not used"), "{result}");
    }

    async fn a_first_day_and_an_address_of_who_is_active_are_said_to_be_left_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let headings = "LocalID,ODSCode,FirstName,LastName,StartDate,ActivationEmail";
        let id = portal.upload(&ben, &format!("{headings}\n1001,RIV,,,10/12/2026,jem@home.example\n")).await;
        let row = review(&portal, &ben, &id).await.rows.remove(0);
        let mut kinds: Vec<_> = row.planned.warnings.iter().map(|warning| warning.kind.clone()).collect();
        kinds.sort_by_key(|kind| *kind == Kind::PrivateNotNeeded);
        assert_eq!(kinds, [Kind::StartNotUsed, Kind::PrivateNotNeeded]);
        assert!(matches!(row.planned.step, Step::Nothing { .. }));
        // A personnel system’s file goes on saying when somebody began.
        let id = portal.upload(&ben, &format!("{headings}\n1001,RIV,,,01/04/2020,\n")).await;
        assert!(review(&portal, &ben, &id).await.rows[0].planned.warnings.is_empty());
    }

    async fn a_new_role_ends_what_went_to_a_private_address(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let id = portal.upload(&ben, "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n9001,RIV,Ada,Bright,ada@home.example\n").await;
        apply(&portal, &ben, &id).await;
        let private = portal.link_sent_to("ada@home.example").await;
        let ada = portal.account(ADA).await;
        done(&portal, &priya, wish(ada, Role::LocalHelpdesk, "RIV", None)).await;
        assert!(portal.gate.invited(private.rsplit('/').next().unwrap()).await.is_err());
        portal.link_sent_to(ADA).await;
        assert_eq!(portal.letters_to("ada@home.example").await.len(), 1);
    }

    async fn a_private_address_in_the_mail_domain_is_a_problem(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let text = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n9001,RIV,Ada,Bright,ada@health.example\n9002,RIV,Tamsin,Oakes,tamsin@sub.health.example\n9003,RIV,Kit,Vale,kit\n";
        let id = portal.upload(&ben, text).await;
        let rows = review(&portal, &ben, &id).await.rows;
        let kinds: Vec<_> = rows.iter().flat_map(|row| row.planned.step.problems()).map(|problem| &problem.kind).collect();
        let inside = Kind::PrivateInsideMailDomain { domain: "health.example".to_owned() };
        assert_eq!(kinds[..2], [&inside, &inside]);
        assert!(matches!(kinds[2], Kind::WrongAddress { why: AddressFault::NoAt, .. }));
        // An account that is here already needs none, so nothing is read of it.
        let text = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n1001,RIV,,,old@health.example\n";
        let id = portal.upload(&ben, text).await;
        assert!(matches!(review(&portal, &ben, &id).await.rows[0].planned.step, Step::Nothing { .. }));
    }

    async fn a_private_address_of_two_people_is_asked_about_in_the_file_and_later(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let headings = "LocalID,ODSCode,FirstName,LastName,ActivationEmail";
        let text = format!("{headings}\n9001,RIV,Ada,Bright,home@home.example\n9002,RIV,Tamsin,Oakes,HOME@home.example\n9003,RIV,Kit,Vale,\n");
        let id = portal.upload(&ben, &text).await;
        let asked = |shown: &gate::Review| -> Vec<(u32, Kind)> {
            let rows = shown.rows.iter().map(|row| &row.planned);
            rows.flat_map(|row| row.questions().map(move |question| (row.row.0, question.kind.clone()))).collect()
        };
        let in_row = |other| Kind::PrivateInOtherRow { other: RowNumber(other) };
        assert_eq!(asked(&review(&portal, &ben, &id).await), [(2, in_row(3)), (3, in_row(2))]);
        let said = Confirmation {
            seen: seen(&review(&portal, &ben, &id).await.submission),
            look_alikes: Some(LookAlikes::Create),
            typed: None,
        };
        portal.gate.on_behalf_of(&ben).confirm(&id, said).await.unwrap();
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.submission.state, shown.submission.totals.with(Outcome::Done)), (State::Applied, 3));
        // The same file again changes nothing and asks nothing; somebody else with the address is asked about.
        let again = portal.upload(&ben, &text).await;
        assert!(asked(&review(&portal, &ben, &again).await).is_empty());
        let other = portal.upload(&ben, &format!("{headings}\n9004,RIV,Bea,Clear,home@home.example\n")).await;
        let asked = asked(&review(&portal, &ben, &other).await);
        assert!(matches!(asked.as_slice(), [(2, Kind::PrivateHere { .. })]), "{asked:?}");
    }

    async fn a_spoken_code_opens_the_way_to_choose_a_password_once(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let made = done(&portal, &ben, new_person("Ada", "Bright", "9001")).await;
        let said = code(&made[0]);
        let ByCode::Opened(opened) = portal.gate.open_by_code(" Ada.Bright@health.example", &said.replace(' ', "-"), None).await.unwrap() else {
            panic!("the code is right")
        };
        assert_eq!(portal.gate.open_by_code(ADA, &said, None).await.unwrap(), ByCode::Wrong, "it works once");
        activate(&portal, ADA, &opened).await;
        assert!(portal.gate.invited(token(&made[0])).await.is_err(), "the link beside it has ended, too");
        portal.adds_up().await;
    }

    async fn a_code_is_void_after_five_wrong_tries(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let made = done(&portal, &ben, new_person("Ada", "Bright", "9001")).await;
        let said = code(&made[0]);
        for _ in 0..MOST_TRIES {
            assert_eq!(patiently(&portal, ADA, &another(&said)).await, ByCode::Wrong);
        }
        assert_eq!(patiently(&portal, ADA, &said).await, ByCode::Wrong, "the right one is dead");
        assert!(portal.gate.invited(token(&made[0])).await.is_ok(), "the link is not");
        // Whoever manages the person makes another.
        let account = portal.account(ADA).await;
        let again = done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert!(matches!(patiently(&portal, ADA, &code(&again[0])).await, ByCode::Opened(_)));
    }

    async fn codes_end_with_their_day_and_with_a_new_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let made = done(&portal, &ben, new_person("Ada", "Bright", "9001")).await;
        let account = portal.account(ADA).await;
        let again = done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!(portal.gate.open_by_code(ADA, &code(&made[0]), None).await.unwrap(), ByCode::Wrong, "replaced");
        portal.pass_seconds(GOOD_FOR - 1);
        let last = done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!(portal.gate.open_by_code(ADA, &code(&again[0]), None).await.unwrap(), ByCode::Wrong);
        portal.pass_seconds(GOOD_FOR);
        assert_eq!(portal.gate.open_by_code(ADA, &code(&last[0]), None).await.unwrap(), ByCode::Wrong, "a day is over");
    }

    async fn a_code_of_a_disabled_account_opens_nothing(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account("jem.larkspur@health.example").await;
        let made = done(&portal, &ben, Wish::Account(account, AccountWish::ResetPassword)).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
        let tried = portal.gate.open_by_code("jem.larkspur@health.example", &code(&made[0]), None).await;
        assert_eq!(tried.unwrap(), ByCode::Wrong);
        let jem = portal.gate.on_behalf_of(&ben).account(account).await.unwrap().0;
        assert_eq!(jem.status, AccountStatus::Disabled);
    }

    async fn whoever_guesses_codes_waits_whether_or_not_there_is_one(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let made = done(&portal, &ben, new_person("Ada", "Bright", "9001")).await;
        let wrong = another(&code(&made[0]));
        let mut answers = Vec::new();
        for address in [ADA, "nobody.here@health.example"] {
            let mut told = Vec::new();
            for _ in 0..8 {
                told.push(portal.gate.open_by_code(address, &wrong, None).await.unwrap());
            }
            answers.push(told);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].iter().filter(|answer| **answer == ByCode::Wrong).count(), 6, "{answers:?}");
        // From one network, whoever it is about.
        let network = Some("203.0.113.0/24");
        let many = portal.gate.rules().sign_in.client_failures;
        let mut waits = false;
        for number in 0..many {
            let tried = portal.gate.open_by_code(&format!("guess{number}@health.example"), &wrong, network).await.unwrap();
            waits |= matches!(tried, ByCode::Wait(_));
        }
        assert!(waits, "a hundred addresses from one network are not all looked at");
    }
}
