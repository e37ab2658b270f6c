//! Undoing an upload: what goes back, what is kept and what cannot; undone again, too late, twice, and by whom.

use std::time::Duration;

use domain::{
    account::AccountStatus,
    channel::Channel,
    dictionary::Attribute,
    life::Turn,
    plan::{RowKind, Step},
    policy::Actor,
    problem::Kind as Problem,
    request::{AccountWish, Cells, Wish},
    submission::{Outcome, State},
    values::ids::{AccountId, SubmissionId},
};
use gate::{Act, GateError, Whom, Worker};
use testkit::{Kind, Portal, SERVICE, on_both};

use crate::{
    apply, confirm, file, review,
    undo_helpers::{HECTOR, JEM, adds_up, asked, sentences, somebody, undo},
};

const DAY: i64 = 86_400;
const ADA: &str = "ada.brightwell@health.example";

/// One who is changed, and one who is new.
const TWO: [&str; 2] = ["1001,RIV,,,07700 900111", "n1,RIV,Ada,Brightwell,"];

fn detailed(rows: &[&str]) -> String {
    format!(
        "LocalID,ODSCode,FirstName,LastName,Mobile,JobTitle\n{}\n",
        rows.join("\n")
    )
}

/// An applied upload of these rows.
async fn applied(portal: &Portal, sender: &Actor, text: &str) -> SubmissionId {
    let id = portal.upload(sender, text).await;
    apply(portal, sender, &id).await;
    assert_eq!(review(portal, sender, &id).await.submission.state, State::Applied);
    id
}

async fn detail(portal: &Portal, id: AccountId, attribute: Attribute) -> String {
    somebody(portal, id).await.attributes.text(attribute).to_owned()
}

/// Has one account moved by somebody who manages both sides.
async fn moved(portal: &Portal, actor: &Actor, account: AccountId, to: &str) {
    let act = Act::Move(Box::new(Cells::of([(Attribute::Organisation, to)])));
    let id = asked(portal, actor, &Whom::These(vec![account]), act).await;
    apply(portal, actor, &id).await;
}

/// The kinds of problems of the first row, and the kind of row that it is.
async fn first(portal: &Portal, actor: &Actor, undo: &SubmissionId) -> (Vec<Problem>, RowKind) {
    let row = review(portal, actor, undo).await.rows.remove(0);
    let problems = row.planned.step.problems().iter().map(|problem| problem.kind.clone());
    (problems.collect(), row.planned.step.kind())
}

/// What an upload did goes back, comes again, and goes back again; and the events add up to all of it.
async fn there_and_back(kind: Kind) {
    let portal = Portal::open(kind).await;
    let ben = portal.persona("Ben").await;
    let jem = portal.account(JEM).await;
    let before = detail(&portal, jem, Attribute::Mobile).await;
    let upload = applied(&portal, &ben, &file(&TWO)).await;
    let ada = portal.account(ADA).await;
    let after = detail(&portal, jem, Attribute::Mobile).await;
    assert_ne!(before, after);

    let mut last = upload;
    for round in 0..4 {
        portal.pass_seconds(60);
        let undone = undo(&portal, &ben, &last).await;
        let shown = review(&portal, &ben, &undone).await;
        let (channel, totals) = (shown.submission.channel, &shown.submission.totals);
        assert_eq!(
            (channel, totals.of(RowKind::Update), totals.rows()),
            (Channel::Undo, 2, 2)
        );
        assert_eq!(
            shown.rows.iter().map(|row| row.planned.row.0).collect::<Vec<_>>(),
            [2, 3],
            "rows keep the numbers of the file"
        );
        let title = if round % 2 == 0 {
            "Undo of staff list.csv"
        } else {
            "Redo of staff list.csv"
        };
        assert_eq!(shown.submission.file_name, title);
        apply(&portal, &ben, &undone).await;
        assert_eq!(review(&portal, &ben, &undone).await.submission.state, State::Applied);
        let (mobile, status) = match round % 2 {
            0 => (&before, AccountStatus::Deleted),
            _ => (&after, AccountStatus::Pending),
        };
        assert_eq!(&detail(&portal, jem, Attribute::Mobile).await, mobile, "round {round}");
        assert_eq!(somebody(&portal, ada).await.status, status, "round {round}");
        last = undone;
    }
    adds_up(&portal, kind).await;

    let sentences = sentences(&portal).await;
    let told = |start: &str| sentences.iter().filter(|said| said.starts_with(start)).count();
    assert_eq!(told("Undid the upload staff list.csv ("), 2);
    assert_eq!(told("Applied the upload staff list.csv again"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_back_comes_again_and_adds_up_on_sqlite() {
    there_and_back(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_back_comes_again_and_adds_up_on_postgres() {
    there_and_back(Kind::Postgres).await;
}

on_both! {
    async fn what_somebody_edited_since_is_kept_and_the_rest_goes_back(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let (jem, hector) = (portal.account(JEM).await, portal.account(HECTOR).await);
        let mobile = detail(&portal, jem, Attribute::Mobile).await;
        let rows = ["1001,RIV,,,07700 900111,Porter", "1002,RIV,,,,Porter", "n1,RIV,Ada,Brightwell,,"];
        let upload = applied(&portal, &ben, &detailed(&rows)).await;
        let rows = ["1001,RIV,,,,Matron", "1002,RIV,,,,Matron", "n1,RIV,,,,Matron"];
        applied(&portal, &priya, &detailed(&rows)).await;

        let undone = undo(&portal, &ben, &upload).await;
        let shown = review(&portal, &ben, &undone).await;
        let totals = &shown.submission.totals;
        assert_eq!((totals.of(RowKind::Update), totals.of(RowKind::Kept), totals.warned()), (1, 2, 1));
        let said = shown.rows[0].planned.warnings[0].message();
        assert_eq!(said, "Job title has changed since then, by Priya Ramanathan on 21 November 2026.");
        let said = shown.rows[2].planned.step.problems()[0].message();
        assert_eq!(said, "The account has changed since then, by Priya Ramanathan on 21 November 2026.");
        apply(&portal, &ben, &undone).await;
        let done = review(&portal, &ben, &undone).await.submission;
        assert_eq!((done.totals.with(Outcome::Done), done.totals.with(Outcome::LeftOut)), (1, 2));
        assert_eq!(detail(&portal, jem, Attribute::Mobile).await, mobile);
        for account in [jem, hector, portal.account(ADA).await] {
            assert_eq!(detail(&portal, account, Attribute::JobTitle).await, "Matron");
            assert_ne!(somebody(&portal, account).await.status, AccountStatus::Deleted);
        }
    }

    async fn who_was_transferred_or_deleted_since_is_left_and_out_of_sight_nothing_is_said(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let jem = portal.account(JEM).await;
        let upload = applied(&portal, &ben, &file(&TWO[..1])).await;
        moved(&portal, &grace, jem, "RIV01").await;
        let name = "Riverside Children’s Hospital".to_owned();
        let undone = undo(&portal, &ben, &upload).await;
        assert_eq!(first(&portal, &ben, &undone).await, (vec![Problem::MovedSince { name }], RowKind::Problem));
        portal.gate.on_behalf_of(&ben).decline(&undone).await.unwrap();
        moved(&portal, &grace, jem, "HLD01").await;
        let undone = undo(&portal, &ben, &upload).await;
        assert_eq!(first(&portal, &ben, &undone).await, (vec![Problem::GoneSince], RowKind::Problem));
        let row = &review(&portal, &ben, &undone).await.rows[0];
        assert_eq!(row.planned.name, "");

        let upload = applied(&portal, &ben, &file(&["1002,RIV,,,07700 900111"])).await;
        let account = portal.account(HECTOR).await;
        let delete = Wish::Account(account, AccountWish::Turn(Turn::Delete));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![delete]).await.unwrap();
        let undone = undo(&portal, &ben, &upload).await;
        assert_eq!(first(&portal, &ben, &undone).await, (vec![Problem::DeletedSince], RowKind::Problem));
    }

    async fn a_number_that_somebody_else_has_by_now_stays_and_the_rest_goes_back(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(JEM).await;
        let mobile = detail(&portal, jem, Attribute::Mobile).await;
        let headings = "LocalID,ODSCode,FirstName,LastName,EmailAddress,Mobile";
        let renumbered = format!("{headings}\n77001,RIV,,,{JEM},07700 900111\n");
        let upload = applied(&portal, &ben, &renumbered).await;
        applied(&portal, &ben, &file(&["1001,RIV,Nova,Newcomer,"])).await;
        let undone = undo(&portal, &ben, &upload).await;
        let shown = review(&portal, &ben, &undone).await;
        assert_eq!(shown.rows[0].planned.warnings[0].kind, Problem::TakenSince);
        apply(&portal, &ben, &undone).await;
        assert_eq!(detail(&portal, jem, Attribute::Mobile).await, mobile);
        assert_eq!(detail(&portal, jem, Attribute::LocalId).await, "77001");
    }

    async fn an_address_goes_back_and_the_one_from_the_file_stays_an_alias(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account(JEM).await;
        let headings = "LocalID,ODSCode,FirstName,LastName,EmailAddress";
        let upload = applied(&portal, &ben, &format!("{headings}\n1001,RIV,,,j.larkspur@health.example\n")).await;
        let undone = undo(&portal, &ben, &upload).await;
        apply(&portal, &ben, &undone).await;
        let person = somebody(&portal, jem).await;
        assert_eq!(person.attributes.text(Attribute::EmailAddress), JEM);
        assert_eq!(person.aliases.len(), 1);
    }

    async fn it_is_asked_for_once_in_time_and_by_those_who_may_upload_there(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&TWO)).await;
        let visit = portal.gate.on_behalf_of(&ben);
        assert!(matches!(visit.undo(&id).await, Err(GateError::Stale)), "nothing is applied yet");
        confirm(&portal, &ben, &id).await;
        assert!(matches!(visit.undo(&id).await, Err(GateError::Stale)), "it is being applied");
        portal.work().await;
        let applied = review(&portal, &ben, &id).await.submission;
        assert!(visit.undoing(&applied).await.unwrap().is_some_and(|undoing| undoing.is_open));

        // Who manages a unit only, or elsewhere, does not see it; who reads the trail may not change anything.
        for name in ["Una", "Gwen", "Hamid"] {
            let other = portal.persona(name).await;
            let tried = portal.gate.on_behalf_of(&other).undo(&id).await;
            assert!(matches!(tried, Err(GateError::NotFound)), "{name}");
        }
        let aled = portal.persona("Aled").await;
        assert!(matches!(portal.gate.on_behalf_of(&aled).undo(&id).await, Err(GateError::Denied)));

        let once = undo(&portal, &ben, &id).await;
        assert_eq!(undo(&portal, &ben, &id).await, once);
        let priya = portal.persona("Priya").await;
        let hers = undo(&portal, &priya, &id).await;
        assert_ne!(hers, once, "only its asker decides on an undo");
        apply(&portal, &ben, &once).await;
        apply(&portal, &priya, &hers).await;
        let left = review(&portal, &priya, &hers).await.submission;
        assert_eq!((left.state, left.totals.with(Outcome::Stale)), (State::Planned, 2));
        apply(&portal, &priya, &hers).await;
        let nothing = review(&portal, &priya, &hers).await.submission;
        assert_eq!((nothing.state, nothing.totals.of(RowKind::NoChange)), (State::Applied, 2));
        assert!(portal.gate.on_behalf_of(&priya).undoing(&nothing).await.unwrap().is_none());

        portal.pass_seconds(31 * DAY);
        assert!(matches!(visit.undo(&id).await, Err(GateError::Stale)), "it is too late");
        assert!(!visit.undoing(&applied).await.unwrap().unwrap().is_open);
    }

    async fn what_changes_before_it_is_confirmed_goes_back_to_review(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let upload = applied(&portal, &ben, &file(&TWO)).await;
        let undone = undo(&portal, &ben, &upload).await;
        applied(&portal, &priya, &file(&["1001,RIV,,,07700 900999"])).await;
        apply(&portal, &ben, &undone).await;
        let again = review(&portal, &ben, &undone).await.submission;
        let counted = (again.state, again.totals.with(Outcome::Done), again.totals.with(Outcome::Stale));
        assert_eq!(counted, (State::Planned, 1, 1));
        assert_eq!(again.totals.of(RowKind::Kept), 1);
    }

    async fn a_right_lost_before_its_turn_is_lost_for_an_undo_too(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let upload = applied(&portal, &ben, &file(&TWO)).await;
        let undone = undo(&portal, &ben, &upload).await;
        confirm(&portal, &ben, &undone).await;
        let account = ben.account().unwrap();
        let disable = Wish::Account(account, AccountWish::Turn(Turn::Disable));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![disable]).await.unwrap();
        portal.work().await;
        let grace = portal.persona("Grace").await;
        let left = review(&portal, &grace, &undone).await.submission;
        assert_eq!((left.state, left.totals.with(Outcome::Done)), (State::Planned, 0));
        let ada = portal.account(ADA).await;
        assert_eq!(somebody(&portal, ada).await.status, AccountStatus::Pending);
    }

    async fn an_undo_that_is_cut_off_goes_on_and_doubles_nothing(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let rows: Vec<_> = (0..450).map(|number| format!("8{number:04},RIV,Pat,Patient,")).collect();
        let upload = applied(&portal, &ben, &file(&rows.iter().map(String::as_str).collect::<Vec<_>>())).await;
        let undone = undo(&portal, &ben, &upload).await;
        confirm(&portal, &ben, &undone).await;
        for milliseconds in [1, 20, 150] {
            let worker = Worker::new(portal.gate.clone());
            let cut_off = tokio::time::timeout(Duration::from_millis(milliseconds), worker.work_all()).await;
            portal.pass_seconds(60);
            if cut_off.is_ok() {
                break;
            }
        }
        // What was cut off holds its locks until the database has noticed.
        for _ in 0..100 {
            portal.work().await;
            if review(&portal, &ben, &undone).await.submission.state != State::Applying {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let done = review(&portal, &ben, &undone).await.submission;
        assert_eq!((done.state, done.totals.with(Outcome::Done)), (State::Applied, 450));
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.submission == undone).count(), 450);
    }

    async fn nobody_reaches_beyond_their_unit_by_undoing(portal: Portal) {
        let (una, grace) = (portal.persona("Una").await, portal.persona("Grace").await);
        let text = "LocalID,ODSCode,FirstName,LastName,OrganisationalUnit\nn1,RIV,Ada,Brightwell,Medicine\n";
        let upload = applied(&portal, &una, text).await;
        let ada = portal.account(ADA).await;
        // Gone to another unit, she is out of Una's sight.
        let cells = Cells::of([(Attribute::Unit, "(clear)")]);
        portal.gate.on_behalf_of(&SERVICE).establish(vec![Wish::Account(ada, AccountWish::Edit(cells))]).await.unwrap();
        let undone = undo(&portal, &una, &upload).await;
        assert_eq!(first(&portal, &una, &undone).await.0, [Problem::GoneSince]);
        // Who sees all of it may undo it, but not over what was changed since.
        let undone = undo(&portal, &grace, &upload).await;
        let row = &review(&portal, &grace, &undone).await.rows[0];
        assert!(matches!(&row.planned.step, Step::LeaveOut { .. }) && row.planned.step.kind() == RowKind::Kept);
    }
}
