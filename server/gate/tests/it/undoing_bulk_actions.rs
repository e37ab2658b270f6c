//! Undoing what was done to many people at once: back to the status, the place and the details before; who may, what is kept,
//! and what does not come back.

use domain::{
    absence::Absence,
    account::AccountStatus,
    channel::Channel,
    dictionary::Attribute,
    life::Turn,
    plan::{AccountStep, RowKind, Step},
    policy::Actor,
    problem::Kind as Problem,
    request::{AccountWish, Cells, RoleWish, Wish},
    submission::{Outcome, State},
    values::ids::{AccountId, SubmissionId},
};
use gate::{Act, ActKind, Confirmation, GateError, Query, Undone, Whom, seen, to_type};
use testkit::{Kind, Portal, SERVICE, on_both};

use crate::{
    apply, file, review,
    undo_helpers::{HECTOR, JEM, adds_up, asked, sentences, somebody, undo},
};

const HAMID: &str = "hamid.noorzai@health.example";

/// Has one thing done to these.
async fn done(portal: &Portal, actor: &Actor, accounts: &[AccountId], act: Act) -> SubmissionId {
    let id = asked(portal, actor, &Whom::These(accounts.to_vec()), act).await;
    apply(portal, actor, &id).await;
    let shown = review(portal, actor, &id).await.submission;
    assert_eq!(shown.state, State::Applied);
    id
}

async fn status(portal: &Portal, id: AccountId) -> AccountStatus {
    somebody(portal, id).await.status
}

fn of_trust() -> Whom {
    Whom::Search(Query {
        organisation: Some("RIV".to_owned()),
        statuses: vec![AccountStatus::Active],
        ..Query::default()
    })
}

fn change(attribute: Attribute, text: &str) -> Act {
    Act::Change(Box::new(Cells::of([(attribute, text)])))
}

/// Leavers come back, become leavers again, and come back; and the events add up to all of it.
async fn there_and_back(kind: Kind) {
    let portal = Portal::open(kind).await;
    let ben = portal.persona("Ben").await;
    let two = [portal.account(JEM).await, portal.account(HECTOR).await];
    let marked = done(&portal, &ben, &two, Act::Turn(Turn::MarkLeaver)).await;
    let mut last = marked.clone();
    for round in 0..3 {
        portal.pass_seconds(60);
        let undone = undo(&portal, &ben, &last).await;
        let shown = review(&portal, &ben, &undone).await;
        let totals = &shown.submission.totals;
        assert_eq!(
            (shown.submission.channel, totals.of(RowKind::Update)),
            (Channel::Undo, 2)
        );
        assert!(shown.known_as[&two[0]].contains(JEM));
        apply(&portal, &ben, &undone).await;
        let expected = match round % 2 {
            0 => AccountStatus::Active,
            _ => AccountStatus::Leaver,
        };
        for account in two {
            assert_eq!(status(&portal, account).await, expected, "round {round}");
        }
        last = undone;
    }
    // Undone once more, it is as before already.
    let again = undo(&portal, &ben, &marked).await;
    let totals = review(&portal, &ben, &again).await.submission.totals;
    assert_eq!(totals.of(RowKind::NoChange), 2);
    adds_up(&portal, kind).await;

    let sentences = sentences(&portal).await;
    let told = |start: &str| sentences.iter().filter(|said| said.starts_with(start)).count();
    assert_eq!((told("Undid “Test” ("), told("Applied “Test” again")), (2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leavers_come_back_leave_again_and_add_up_on_sqlite() {
    there_and_back(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leavers_come_back_leave_again_and_add_up_on_postgres() {
    there_and_back(Kind::Postgres).await;
}

on_both! {
    async fn a_transfer_goes_back_with_place_local_id_and_leaving_date(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let leaves = portal.gate.now().plus_seconds(40 * 86_400);
        let leaving = Wish::Account(two[0], AccountWish::Leaving(Some(leaves)));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![leaving]).await.unwrap();
        let before = somebody(&portal, two[0]).await;
        let to = Cells::of([(Attribute::Organisation, "HLD01")]);
        let moved = done(&portal, &grace, &two, Act::Move(Box::new(to))).await;
        let there = somebody(&portal, two[0]).await;
        assert_eq!((there.organisation.as_str(), there.attributes.text(Attribute::LocalId)), ("HLD01", ""));
        let undone = undo(&portal, &grace, &moved).await;
        apply(&portal, &grace, &undone).await;
        let after = somebody(&portal, two[0]).await;
        assert_eq!((after.organisation, after.attributes), (before.organisation, before.attributes));
        assert_eq!(after.leaving_at, Some(leaves));
        // Who was given a role at the new place stays there.
        let again = done(&portal, &grace, &two, Act::Move(Box::new(Cells::of([(Attribute::Organisation, "HLD01")])))).await;
        let grant = RoleWish::Grant {
            role: domain::policy::Role::LocalHelpdesk,
            organisation: domain::organisation::OrganisationCode::parse("HLD01").unwrap(),
            unit: None,
            terms: domain::grant::Terms::default(),
        };
        let grant = Wish::Role(two[1], grant);
        portal.gate.on_behalf_of(&SERVICE).establish(vec![grant]).await.unwrap();
        let undone = undo(&portal, &grace, &again).await;
        let totals = review(&portal, &grace, &undone).await.submission.totals;
        assert_eq!((totals.of(RowKind::Update), totals.of(RowKind::Kept)), (1, 1));
    }

    async fn helpdesk_undoes_what_it_may_do_and_nobody_else_may(portal: Portal) {
        let (hamid, aled, gwen) = (portal.persona("Hamid").await, portal.persona("Aled").await, portal.persona("Gwen").await);
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let disabled = done(&portal, &hamid, &two, Act::Turn(Turn::Disable)).await;
        let visit = portal.gate.on_behalf_of(&hamid);
        let shown = visit.submission(&disabled).await.unwrap();
        let undoing = visit.undoing(&shown).await.unwrap().unwrap();
        assert_eq!((undoing.undoes, undoing.is_open), (Undone::Act(ActKind::Turn(Turn::Disable)), true));
        assert!(matches!(portal.gate.on_behalf_of(&aled).undo(&disabled).await, Err(GateError::Denied)));
        assert!(matches!(portal.gate.on_behalf_of(&gwen).undo(&disabled).await, Err(GateError::NotFound)));
        let undone = undo(&portal, &hamid, &disabled).await;
        assert_eq!(undo(&portal, &hamid, &disabled).await, undone, "asked for twice, it is the same");
        apply(&portal, &hamid, &undone).await;
        assert_eq!(status(&portal, two[0]).await, AccountStatus::Active);
        let last = visit.undoing(&shown).await.unwrap().unwrap().last.unwrap();
        assert_eq!((last.id, last.state), (undone, State::Applied));
    }

    async fn what_somebody_decided_since_is_kept(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let disabled = done(&portal, &ben, &two, Act::Turn(Turn::Disable)).await;
        done(&portal, &priya, &two[..1], Act::Turn(Turn::MarkLeaver)).await;
        let undone = undo(&portal, &ben, &disabled).await;
        let shown = review(&portal, &ben, &undone).await;
        let row = shown.rows.iter().find(|row| row.subject == Some(two[0].0)).unwrap();
        let said = row.planned.step.problems()[0].message();
        assert_eq!(said, "The account has changed since then, by Priya Ramanathan on 21 November 2026.");
        assert_eq!(row.planned.step.kind(), RowKind::Kept);
        apply(&portal, &ben, &undone).await;
        assert_eq!(status(&portal, two[0]).await, AccountStatus::Leaver);
        assert_eq!(status(&portal, two[1]).await, AccountStatus::Active);
    }

    async fn undoing_says_which_ended_roles_do_not_come_back(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let two = [portal.account(HAMID).await, portal.account(JEM).await];
        let marked = done(&portal, &priya, &two, Act::Turn(Turn::MarkLeaver)).await;
        let undone = undo(&portal, &priya, &marked).await;
        let shown = review(&portal, &priya, &undone).await;
        let row = shown.rows.iter().find(|row| row.subject == Some(two[0].0)).unwrap();
        let roles = "Local Helpdesk of RIV".to_owned();
        assert_eq!(row.planned.warnings[0].kind, Problem::RolesStayEnded { roles });
        apply(&portal, &priya, &undone).await;
        assert_eq!(status(&portal, two[0]).await, AccountStatus::Active);
        let hamid = portal.persona("Hamid").await;
        assert!(portal.gate.on_behalf_of(&hamid).acts().await.unwrap().is_empty());
    }

    async fn a_history_says_what_sort_of_thing_was_undone_and_put_back(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let upload = portal.upload(&ben, &file(&["1001,RIV,,,07700 900111"])).await;
        apply(&portal, &ben, &upload).await;
        let closed = Absence { reason: "the ward is closed".to_owned(), ..Absence::default() };
        let disabled = done(&portal, &ben, &two, Act::Away(closed)).await;
        let back = undo(&portal, &ben, &disabled).await;
        apply(&portal, &ben, &back).await;
        let again = undo(&portal, &ben, &back).await;
        let row = review(&portal, &ben, &again).await.rows.remove(0);
        let Step::Account(_, AccountStep::Turn { away: Some(away), .. }) = &row.planned.step else { panic!("{row:?}") };
        assert_eq!(away.reason, "the ward is closed");
        apply(&portal, &ben, &again).await;
        let last = undo(&portal, &ben, &again).await;
        apply(&portal, &ben, &last).await;
        let of_upload = undo(&portal, &ben, &upload).await;
        apply(&portal, &ben, &of_upload).await;
        let visit = portal.gate.on_behalf_of(&ben);
        let history = visit.account_history(two[0]).await.unwrap().unwrap();
        let undos = visit.undos_in(&history).await.unwrap();
        let told = |id: &SubmissionId| undos[id].name();
        assert_eq!(told(&back), "undoing a change for several accounts");
        assert_eq!(told(&again), "putting back a change for several accounts");
        assert_eq!(told(&last), "undoing a change for several accounts");
        assert_eq!(told(&of_upload), "undoing an upload");
        assert!(!undos.contains_key(&upload));
    }

    async fn a_leaving_date_set_for_many_is_taken_back(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let day = portal.gate.now().plus_seconds(20 * 86_400);
        let set = done(&portal, &ben, &two, Act::Leave(day)).await;
        assert_eq!(somebody(&portal, two[0]).await.leaving_at, Some(day));
        let undone = undo(&portal, &ben, &set).await;
        apply(&portal, &ben, &undone).await;
        for account in two {
            let after = somebody(&portal, account).await;
            assert_eq!((after.leaving_at, after.status), (None, AccountStatus::Active));
        }
    }

    async fn an_unlock_and_what_one_form_did_are_not_undone(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let two = [portal.account(JEM).await, portal.account(HECTOR).await];
        let locks = two.map(|account| Wish::Account(account, AccountWish::Turn(Turn::Lock)));
        portal.gate.on_behalf_of(&SERVICE).establish(locks.to_vec()).await.unwrap();
        let unlocked = done(&portal, &ben, &two, Act::Turn(Turn::Unlock)).await;
        let single = done(&portal, &ben, &two[..1], Act::Turn(Turn::Disable)).await;
        let visit = portal.gate.on_behalf_of(&ben);
        for id in [unlocked, single] {
            let shown = visit.submission(&id).await.unwrap();
            assert!(visit.undoing(&shown).await.unwrap().is_none());
            assert!(matches!(visit.undo(&id).await, Err(GateError::Stale)));
        }
    }

    async fn a_detail_is_changed_for_many_with_problems_per_person_and_undone(portal: Portal) {
        let (ben, hamid) = (portal.persona("Ben").await, portal.persona("Hamid").await);
        let (jem, hector) = (portal.account(JEM).await, portal.account(HECTOR).await);
        let whom = Whom::These(vec![jem, hector]);
        let tried = portal.gate.on_behalf_of(&hamid).ask_for_many("Test", &whom, &change(Attribute::Department, "Surgery")).await;
        assert!(matches!(tried, Err(GateError::Denied)), "the helpdesk changes one at a time");
        let before = [somebody(&portal, jem).await, somebody(&portal, hector).await];
        let text = before[0].attributes.text(Attribute::Department).to_owned();
        let id = asked(&portal, &ben, &whom, change(Attribute::Department, &text)).await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.of(RowKind::Update), totals.of(RowKind::NoChange)), (1, 1));
        apply(&portal, &ben, &id).await;
        assert_eq!(somebody(&portal, hector).await.attributes.text(Attribute::Department), text);
        let changed = done(&portal, &ben, &[jem, hector], change(Attribute::Department, "Day surgery")).await;
        let undone = undo(&portal, &ben, &changed).await;
        apply(&portal, &ben, &undone).await;
        for account in [jem, hector] {
            assert_eq!(somebody(&portal, account).await.attributes.text(Attribute::Department), text);
        }
        // A unit of the trust is none of its other organisations.
        let elsewhere = portal.account("adaeze.adeyemi@health.example").await;
        let whom = Whom::These(vec![jem, elsewhere]);
        assert!(portal.gate.on_behalf_of(&ben).place_of_all(&whom).await.unwrap().is_none());
        let id = asked(&portal, &ben, &whom, change(Attribute::Unit, "Surgery")).await;
        let shown = review(&portal, &ben, &id).await;
        let row = shown.rows.iter().find(|row| row.subject == Some(elsewhere.0)).unwrap();
        assert!(matches!(row.planned.step.problems()[0].kind, Problem::UnknownUnit { .. }));
        assert_eq!(shown.submission.totals.of(RowKind::Update), 1);
    }

    async fn many_accounts_are_changed_and_changed_back_with_the_number_typed(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let id = asked(&portal, &ben, &of_trust(), change(Attribute::Department, "Everywhere")).await;
        let shown = visit.submission(&id).await.unwrap();
        let number = to_type(&shown).expect("more than 50 accounts and a fifth of the trust");
        assert_eq!(number, shown.totals.of(RowKind::Update));
        let said = |typed, shown: &gate::Submission| Confirmation {
            seen: seen(shown),
            look_alikes: None,
            typed,
        };
        for wrong in [None, Some(number - 1)] {
            let tried = visit.confirm(&id, said(wrong, &shown)).await;
            assert!(matches!(tried, Err(GateError::Uncounted)));
        }
        visit.confirm(&id, said(Some(number), &shown)).await.unwrap();
        portal.work().await;
        let undone = undo(&portal, &ben, &id).await;
        let shown = visit.submission(&undone).await.unwrap();
        assert_eq!(to_type(&shown), Some(number));
        let tried = visit.confirm(&undone, said(None, &shown)).await;
        assert!(matches!(tried, Err(GateError::Uncounted)));
        visit.confirm(&undone, said(Some(number), &shown)).await.unwrap();
        portal.work().await;
        let done = visit.submission(&undone).await.unwrap();
        assert_eq!((done.state, done.totals.with(Outcome::Done)), (State::Applied, number));
    }
}
