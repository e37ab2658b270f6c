//! The daily run over files by email: which of several count, what waits, and that nothing is done twice.

use domain::{
    channel::Channel,
    dictionary::Attribute,
    grant::Terms,
    organisation::OrganisationCode,
    plan::RowKind,
    policy::{Actor, Role},
    request::{AccountWish, Cells, RoleWish, Wish},
    submission::{Outcome, State},
    trail::{Action, Told},
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use gate::{GateError, ProposalKind, ProposalQuery, ProposedFor, TrailQuery, calendar::from_iso_8601, to_type};
use store::access::email::runs;
use testkit::{Portal, SERVICE, mail::TestMail, on_both};

use crate::{
    apply, confirm,
    email_order::most_of_the_trust,
    file,
    grants::{done, revoke},
    review,
};

pub const JEM: &str = "jem.larkspur@health.example";
const BEN: &str = "ben.cartwright@health.example";
pub const GWEN: &str = "gwen.ashcombe@health.example";

/// A file that is not about people.
pub const NO_LIST: &str = "Colour,Size\nred,9\n";

/// Somebody who may send files by email for an organisation and those below it.
pub async fn sender(portal: &Portal, address: &str, organisation: &str) -> Actor {
    let grace = portal.persona("Grace").await;
    let actor = portal.person(address).await;
    let grant = RoleWish::Grant {
        role: Role::Connector,
        organisation: OrganisationCode::parse(organisation).unwrap(),
        unit: None,
        terms: Terms {
            channels: vec![Channel::EmailCsv],
            reason: "Sends the staff list".into(),
            ..Terms::default()
        },
    };
    done(portal, &grace, Wish::Role(actor.account().unwrap(), grant)).await;
    actor
}

/// Takes all that somebody may send for from them.
pub async fn revoke_all(portal: &Portal, of: &Actor) {
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let roles = visit.administrators(Some(Role::Connector)).await.unwrap().grants;
    for role in roles.iter().filter(|role| Some(role.granted.holder.id) == of.account()) {
        done(portal, &grace, revoke(role)).await;
    }
}

/// Makes the run that is due, and has applied what it releases.
pub async fn run(portal: &Portal) {
    while portal.gate.tick_email(&SERVICE).await.unwrap() {}
    portal.work().await;
}

/// Lets time pass until the next daily run, and makes it.
pub async fn evening(portal: &Portal) {
    portal.pass_until(portal.gate.next_email_run());
    run(portal).await;
}

/// Where a file stands, and how many of its rows are done and superseded.
pub async fn standing(portal: &Portal, id: &SubmissionId) -> (State, u32, u32) {
    let grace = portal.persona("Grace").await;
    let shown = review(portal, &grace, id).await.submission;
    let with = |outcome| shown.totals.with(outcome);
    (shown.state, with(Outcome::Done), with(Outcome::Superseded))
}

/// The mobile number of the account of the trust with a local ID.
pub async fn mobile(portal: &Portal, local_id: &str) -> String {
    let everybody = portal.everybody().await;
    let mut found = everybody.iter().filter(|account| {
        account.attributes.text(Attribute::LocalId) == local_id && account.organisation.as_str() == "RIV"
    });
    found.next().unwrap().attributes.text(Attribute::Mobile).to_owned()
}

/// How many accounts there are with a last name.
pub async fn called(portal: &Portal, last_name: &str) -> usize {
    let everybody = portal.everybody().await;
    let theirs = everybody
        .iter()
        .filter(|account| account.attributes.text(Attribute::LastName) == last_name);
    theirs.count()
}

async fn directory(portal: &Portal) -> Vec<String> {
    store::directory::apply::state(portal.gate.store().reader())
        .await
        .unwrap()
}

/// How many letters somebody was sent whose subject begins so.
pub async fn letters(portal: &Portal, address: &str, subject: &str) -> usize {
    let sent = portal.letters_to(address).await;
    sent.iter().filter(|sent| sent.starts_with(subject)).count()
}

/// What is recorded of an action: who did it, in whose trail, and in which words.
pub async fn recorded(portal: &Portal, action: Action) -> Vec<(String, String, String)> {
    let grace = portal.persona("Grace").await;
    let query = TrailQuery {
        action: Some(action),
        ..TrailQuery::default()
    };
    let page = portal.gate.on_behalf_of(&grace).trail(&query, None, 50).await.unwrap();
    let told = page
        .entries
        .iter()
        .filter(|entry| matches!(entry.told, Told::Happening(_)));
    told.map(|entry| {
        let organisation = entry.organisation.as_ref().map(ToString::to_string);
        let sentence = entry.sentence(gate::calendar::day);
        (entry.actor_name.clone(), organisation.unwrap_or_default(), sentence)
    })
    .collect()
}

fn at(text: &str) -> Timestamp {
    from_iso_8601(text).unwrap()
}

on_both! {
    async fn of_two_files_of_one_organisation_the_newer_is_applied(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "1003,RIV,,,07700 900112"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900333"])).await;
        let third = mobile(&portal, "1003").await;
        assert_eq!(standing(&portal, &newer).await, (State::Planned, 0, 0), "it waits for the run");
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Superseded, 0, 2));
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!((mobile(&portal, "1002").await, mobile(&portal, "1003").await), ("+447700900333".into(), third));
        assert_eq!(letters(&portal, JEM, "Your file was applied").await, 1);
        let last = runs::last(portal.gate.store().reader()).await.unwrap().unwrap();
        assert_eq!((last.counts.applied, last.counts.superseded, last.counts.held), (1, 1, 0));
        portal.adds_up().await;
    }

    async fn files_of_two_organisations_by_two_people_are_both_applied(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let trust = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let practice = portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await;
        evening(&portal).await;
        for id in [&trust, &practice] {
            assert_eq!(standing(&portal, id).await, (State::Applied, 1, 0));
        }
    }

    async fn rows_for_an_organisation_that_no_newer_file_names_are_applied(portal: Portal) {
        let (jem, ben) = (sender(&portal, JEM, "RIV").await, sender(&portal, BEN, "RIV").await);
        let both = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&ben, &file(&["1003,RIV,,,07700 900222"])).await;
        let before = mobile(&portal, "1002").await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &both).await, (State::Applied, 1, 1));
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!((called(&portal, "Quickly").await, mobile(&portal, "1002").await), (1, before));
    }

    async fn a_file_that_arrives_during_the_run_waits_for_the_next(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let first = portal.mail_unchecked(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        portal.pass_until(portal.gate.next_email_run());
        assert!(portal.gate.tick_email(&SERVICE).await.unwrap(), "the run has begun, and waits for the check");
        assert!(!portal.gate.tick_email(&SERVICE).await.unwrap());
        let second = portal.mail(&jem, &file(&["1003,RIV,,,07700 900222"])).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &first).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &second).await, (State::Planned, 0, 0));
        evening(&portal).await;
        assert_eq!(standing(&portal, &second).await, (State::Applied, 1, 0));
    }

    async fn what_an_earlier_run_has_done_by_then_needs_no_change(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let rows = ["1002,RIV,,,07700 900111", "e1,RIV,Tabitha,Quickly,"];
        portal.mail(&jem, &file(&rows)).await;
        portal.pass_until(portal.gate.next_email_run());
        let same = portal.mail(&jem, &file(&rows)).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &same).await, (State::Planned, 0, 0), "it came in at the time of the run");
        evening(&portal).await;
        assert_eq!(standing(&portal, &same).await, (State::Applied, 2, 0));
        let grace = portal.persona("Grace").await;
        assert_eq!(review(&portal, &grace, &same).await.submission.totals.of(RowKind::NoChange), 2);
        assert_eq!(called(&portal, "Quickly").await, 1);
    }

    async fn newer_files_that_cannot_be_read_or_believed_replace_nothing(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let good = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let unreadable = portal.mail(&jem, NO_LIST).await;
        portal.send_mail(&TestMail::of(JEM, &file(&["1002,RIV,,,07700 900222"])).unproved()).await;
        portal.work().await;
        assert_eq!(standing(&portal, &unreadable).await.0, State::Unreadable);
        evening(&portal).await;
        assert_eq!(standing(&portal, &good).await, (State::Applied, 1, 0));
        assert_eq!(mobile(&portal, "1002").await, "+447700900111");
    }

    async fn a_newer_file_with_row_problems_replaces_the_older(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,no number", "1003,RIV,,,07700 900112"])).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await.0, State::Superseded);
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
    }

    async fn nobody_replaces_files_of_an_organisation_that_they_do_not_send_for(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let trust = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let foreign = portal.mail(&gwen, &file(&["1002,RIV,,,07700 900222"])).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &trust).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &foreign).await, (State::Applied, 0, 0));
        assert_eq!(mobile(&portal, "1002").await, "+447700900111");
    }

    async fn withdrawing_the_newer_file_revives_the_older(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let unchecked = portal.mail_unchecked(&jem, &file(&["1002,RIV,,,07700 900333"])).await;
        let other = portal.gate.on_behalf_of(&gwen).decline(&newer).await;
        assert!(matches!(other, Err(GateError::NotFound)));
        for id in [&newer, &unchecked] {
            portal.gate.on_behalf_of(&jem).decline(id).await.unwrap();
            assert_eq!(standing(&portal, id).await.0, State::Declined);
        }
        let told = |id: &SubmissionId, organisation: &str| {
            let sentence = format!("Withdrew submission {id}, sent by email");
            ("Jem Larkspur".to_owned(), organisation.to_owned(), sentence)
        };
        let recorded = recorded(&portal, Action::EmailWithdrawn).await;
        assert_eq!(recorded, [told(&unchecked, ""), told(&newer, "RIV")]);
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 0));
        let late = portal.gate.on_behalf_of(&jem).decline(&older).await;
        assert!(matches!(late, Err(GateError::Denied | GateError::Stale)));
    }

    async fn a_role_revoked_before_the_run_applies_and_replaces_nothing(portal: Portal) {
        let (jem, ben) = (sender(&portal, JEM, "RIV").await, sender(&portal, BEN, "RIV").await);
        let older = portal.mail(&ben, &file(&["1002,RIV,,,07700 900111"])).await;
        let newer = portal.mail(&jem, &file(&["1003,RIV,,,07700 900222"])).await;
        let before = mobile(&portal, "1003").await;
        revoke_all(&portal, &jem).await;
        evening(&portal).await;
        let (state, done, _) = standing(&portal, &newer).await;
        assert_eq!((state, done), (State::Declined, 0));
        let grace = portal.persona("Grace").await;
        let shown = review(&portal, &grace, &newer).await.submission;
        assert!(shown.is_barred() && shown.totals.with(Outcome::Stale) == 0, "{shown:?}");
        let last = portal.gate.on_behalf_of(&grace).email_overview().await.unwrap().last_run.unwrap();
        assert_eq!((last.applied, last.superseded, last.held, last.not_applied), (1, 0, 0, 1), "they add up");
        assert_eq!(mobile(&portal, "1003").await, before);
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 0));
    }

    async fn a_held_file_replaces_older_ones_and_waits_for_an_administrator(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let held = portal.mail(&jem, &most_of_the_trust()).await;
        let before = directory(&portal).await;
        evening(&portal).await;
        assert_eq!(directory(&portal).await, before);
        assert_eq!(standing(&portal, &older).await, (State::Superseded, 0, 1));
        let priya = portal.persona("Priya").await;
        let waiting = review(&portal, &priya, &held).await.submission;
        assert!(waiting.is_held() && to_type(&waiting).is_some_and(|number| number > 50));
        let last = runs::last(portal.gate.store().reader()).await.unwrap().unwrap();
        assert_eq!((last.counts.applied, last.counts.superseded, last.counts.held), (0, 1, 1));
        evening(&portal).await;
        assert_eq!(standing(&portal, &held).await.0, State::Planned, "another run changes nothing");
        apply(&portal, &priya, &held).await;
        assert_eq!(standing(&portal, &held).await.0, State::Applied);
    }

    async fn an_administrator_who_applies_a_file_at_once_replaces_older_ones(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let (priya, gwen) = (portal.persona("Priya").await, portal.persona("Gwen").await);
        let of_jem = portal.gate.on_behalf_of(&jem).email_of(&newer).await.unwrap().unwrap();
        assert_eq!((of_jem.may_withdraw, of_jem.may_apply), (true, false));
        assert_eq!(of_jem.replaces.iter().map(|file| &file.id).collect::<Vec<_>>(), [&older]);
        let of_priya = portal.gate.on_behalf_of(&priya).email_of(&older).await.unwrap().unwrap();
        assert_eq!((of_priya.may_withdraw, of_priya.may_apply), (false, true));
        assert_eq!(of_priya.replaced_by.map(|file| file.id), Some(newer.clone()));
        assert!(matches!(portal.gate.on_behalf_of(&gwen).email_of(&newer).await, Err(GateError::NotFound)));
        confirm(&portal, &priya, &newer).await;
        portal.work().await;
        assert_eq!(standing(&portal, &newer).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &older).await, (State::Planned, 0, 1));
        let sentence = format!("Applied submission {newer}, sent by Jem Larkspur");
        let told = ("Priya Ramanathan".to_owned(), "RIV".to_owned(), sentence);
        assert_eq!(recorded(&portal, Action::HeldApplied).await, [told]);
        evening(&portal).await;
        assert_eq!(standing(&portal, &older).await, (State::Applied, 1, 1));
        assert_eq!((mobile(&portal, "1002").await, called(&portal, "Quickly").await), ("+447700900222".into(), 1));
    }

    async fn possible_duplicates_are_left_and_become_proposals(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let id = portal.mail(&jem, &file(&[",RIV,Hector,Trelawny,", "1002,RIV,,,07700 900111"])).await;
        evening(&portal).await;
        assert_eq!(standing(&portal, &id).await, (State::Applied, 1, 0));
        assert_eq!(called(&portal, "Trelawny").await, 1);
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let proposed = visit.proposals(ProposalQuery::default()).await.unwrap().proposals;
        assert_eq!(proposed.iter().map(|one| one.kind).collect::<Vec<_>>(), [ProposalKind::Create]);
        let ProposedFor::NewAccount { name, organisation } = &proposed[0].subject else { panic!("{proposed:?}") };
        assert_eq!((name.as_str(), organisation.as_str()), ("Hector Trelawny", "RIV"));
        let accepted = visit.accept_proposals(&[proposed[0].id]).await.unwrap();
        portal.work().await;
        apply(&portal, &priya, &accepted).await;
        assert_eq!(standing(&portal, &accepted).await.0, State::Applied);
        assert_eq!(called(&portal, "Trelawny").await, 2);
        assert!(visit.proposals(ProposalQuery::default()).await.unwrap().proposals.is_empty());
        portal.adds_up().await;
    }

    async fn a_proposal_ends_that_the_next_file_does_not_make(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let priya = portal.persona("Priya").await;
        let proposed = async || {
            let visit = portal.gate.on_behalf_of(&priya);
            visit.proposals(ProposalQuery::default()).await.unwrap().proposals.len()
        };
        for (rows, open) in [
            (&[",RIV,Hector,Trelawny,"][..], 1),
            (&[",RIV,Hector,Trelawny,", "1003,RIV,,,07700 900222"], 1),
            (&["1003,RIV,,,07700 900333"], 0),
        ] {
            portal.mail(&jem, &file(rows)).await;
            evening(&portal).await;
            assert_eq!(proposed().await, open, "{rows:?}");
        }
    }

    async fn what_was_edited_by_hand_outlives_the_same_file(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let priya = portal.persona("Priya").await;
        let row = file(&["h1,RIV,Ada,Bright,07700 900001"]);
        let id = portal.mail(&jem, &row).await;
        evening(&portal).await;
        let ada = AccountId(review(&portal, &priya, &id).await.rows[0].subject.unwrap());
        let cells = Cells::of([(Attribute::Mobile, "07700 900003")]);
        crate::lifecycle::done(&portal, &priya, Wish::Account(ada, AccountWish::Edit(cells))).await;
        portal.mail(&jem, &row).await;
        evening(&portal).await;
        assert_eq!(mobile(&portal, "h1").await, "+447700900003");
    }

    async fn newcomers_of_two_files_who_would_share_an_address_get_two(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let ids = [
            portal.mail(&jem, &file(&["e1,RIV,Tabitha,Quickly,"])).await,
            portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await,
        ];
        evening(&portal).await;
        for id in &ids {
            assert_eq!(standing(&portal, id).await, (State::Applied, 1, 0));
        }
        assert_eq!(called(&portal, "Quickly").await, 2);
        portal.adds_up().await;
    }

    async fn a_second_run_does_nothing(portal: Portal) {
        let (jem, grace) = (sender(&portal, JEM, "RIV").await, portal.persona("Grace").await);
        portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        evening(&portal).await;
        let before = directory(&portal).await;
        assert!(!portal.gate.tick_email(&SERVICE).await.unwrap());
        portal.gate.on_behalf_of(&grace).run_email_now().await.unwrap();
        let begun = portal.gate.run_email(&SERVICE).await.unwrap();
        assert_eq!((begun.run, begun.applied), (0, 0), "nothing waits");
        evening(&portal).await;
        assert_eq!(directory(&portal).await, before);
        assert_eq!(letters(&portal, JEM, "Your file was applied").await, 1);
    }

    async fn a_global_administrator_starts_a_run_before_its_time(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let id = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        for name in ["Priya", "Ben", "Gwen", "Aled"] {
            let person = portal.persona(name).await;
            let visit = portal.gate.on_behalf_of(&person);
            assert!(matches!(visit.run_email_now().await, Err(GateError::Denied)), "{name}");
            assert!(matches!(visit.email_overview().await, Err(GateError::Denied)), "{name}");
            assert!(matches!(visit.email_set_aside(None).await, Err(GateError::Denied)), "{name}");
        }
        let grace = portal.persona("Grace").await;
        let visit = portal.gate.on_behalf_of(&grace);
        assert_eq!(visit.email_overview().await.unwrap().waiting, 1);
        visit.run_email_now().await.unwrap();
        let again = visit.run_email_now().await;
        assert!(matches!(again, Err(GateError::Stale)), "one is under way");
        run(&portal).await;
        assert_eq!(standing(&portal, &id).await, (State::Applied, 1, 0));
        let told = recorded(&portal, Action::EmailRunBegun).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].2.starts_with("Started the run of files sent by email"), "{told:?}");
        let overview = visit.email_overview().await.unwrap();
        let last = overview.last_run.unwrap();
        assert_eq!((overview.waiting, last.by_name.as_str(), last.applied), (0, "Grace Lindholm", 1));
    }

    async fn the_command_runs_at_once_and_says_what_it_did(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let begun = portal.gate.run_email(&SERVICE).await.unwrap();
        assert_eq!((begun.applied, begun.superseded, begun.held), (1, 1, 0));
        assert!(matches!(portal.gate.run_email(&jem).await, Err(GateError::Denied)));
        portal.work().await;
        assert_eq!(mobile(&portal, "1002").await, "+447700900222");
    }

    async fn a_dry_run_says_what_would_be_done_and_changes_nothing(portal: Portal) {
        let (jem, ben) = (sender(&portal, JEM, "RIV").await, sender(&portal, BEN, "RIV").await);
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111", "e1,RIV01,Tabitha,Quickly,"])).await;
        let newer = portal.mail(&ben, &most_of_the_trust()).await;
        let before = directory(&portal).await;
        let would = portal.gate.would_run_email().await.unwrap();
        let told: Vec<_> = would.iter().map(|one| {
            let codes = |codes: &[OrganisationCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            (one.submission.clone(), one.sender.as_str(), codes(&one.applied), codes(&one.superseded), one.held)
        }).collect();
        let expected = [
            (newer.clone(), "Ben Cartwright", "RIV".to_owned(), String::new(), true),
            (older.clone(), "Jem Larkspur", "RIV01".to_owned(), "RIV".to_owned(), false),
        ];
        assert_eq!(told, expected);
        assert_eq!(directory(&portal).await, before);
        assert!(runs::last(portal.gate.store().reader()).await.unwrap().is_none());
        for id in [&older, &newer] {
            assert_eq!(standing(&portal, id).await, (State::Planned, 0, 0));
        }
    }

    async fn two_processes_make_one_run_of_a_day(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let ids = [
            portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await,
            portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await,
        ];
        let other = portal.again_by(&portal.url).await;
        portal.pass_until(portal.gate.next_email_run());
        let (one, two) = tokio::join!(portal.gate.tick_email(&SERVICE), other.gate.tick_email(&SERVICE));
        assert!(one.unwrap() | two.unwrap());
        run(&portal).await;
        let last = runs::last(portal.gate.store().reader()).await.unwrap().unwrap();
        assert_eq!((last.counts.applied, last.finished_at.is_some()), (2, true));
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        for id in &ids {
            assert_eq!(standing(&portal, id).await, (State::Applied, 1, 0));
            assert_eq!(events.iter().filter(|event| event.submission == *id).count(), 1);
        }
        for address in [JEM, GWEN] {
            assert_eq!(letters(&portal, address, "Your file was applied").await, 1);
        }
    }

    async fn a_run_that_was_begun_and_cut_off_goes_on(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let id = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        let tx = portal.gate.store().begin().await.unwrap();
        runs::begin(&tx, None, (None, ""), portal.gate.now()).await.unwrap();
        tx.commit().await.unwrap();
        let later = portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &id).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &later).await, (State::Planned, 0, 0));
    }

    async fn a_missed_run_is_made_later_for_what_had_come_in_by_then(portal: Portal) {
        let (jem, gwen) = (sender(&portal, JEM, "RIV").await, sender(&portal, GWEN, "G7H8J").await);
        let in_time = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        portal.pass_until(at("2026-11-22T08:00:00Z"));
        let late = portal.mail(&gwen, &file(&["e1,G7H8J,Tabitha,Quickly,"])).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &in_time).await, (State::Applied, 1, 0));
        assert_eq!(standing(&portal, &late).await, (State::Planned, 0, 0), "it was promised the next one");
        assert_eq!(portal.gate.next_email_run(), at("2026-11-22T19:00:00Z"));
        evening(&portal).await;
        assert_eq!(standing(&portal, &late).await, (State::Applied, 1, 0));
    }

    async fn a_portal_that_starts_applies_nothing_before_its_time(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let id = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        run(&portal).await;
        assert_eq!(standing(&portal, &id).await, (State::Planned, 0, 0), "yesterday’s run is not for it");
        portal.pass_until(portal.gate.next_email_run());
        portal.pass_seconds(-1);
        run(&portal).await;
        assert_eq!(standing(&portal, &id).await.0, State::Planned);
        portal.pass_seconds(1);
        run(&portal).await;
        assert_eq!(standing(&portal, &id).await.0, State::Applied);
    }

    async fn there_is_one_run_on_days_when_the_clocks_change(portal: Portal) {
        let portal = portal.ruled(|rules| rules.email.run_at = 90);
        let jem = sender(&portal, JEM, "RIV").await;
        for (moment, is_made) in [
            ("2027-03-27T01:30:00Z", true),
            // There is no half past one.
            ("2027-03-28T01:29:59Z", false),
            ("2027-03-28T01:30:00Z", true),
            ("2027-03-28T23:59:00Z", false),
            ("2027-03-29T00:30:00Z", true),
            ("2027-10-30T00:30:00Z", true),
            // There are two, an hour apart.
            ("2027-10-31T00:29:59Z", false),
            ("2027-10-31T00:30:00Z", true),
            ("2027-10-31T01:30:00Z", false),
            ("2027-11-01T01:30:00Z", true),
        ] {
            portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
            portal.pass_until(at(moment));
            assert_eq!(portal.gate.tick_email(&SERVICE).await.unwrap(), is_made, "{moment}");
            portal.work().await;
            assert!(!portal.gate.tick_email(&SERVICE).await.unwrap(), "{moment}");
        }
    }
}
