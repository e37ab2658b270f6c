//! What machines send: held beyond the threshold, decided on by administrators, undone by them, and told of once a day.

use domain::{
    channel::Channel,
    policy::{Actor, Role},
    submission::{LookAlikes, Outcome, State},
    trail::{Action, Told},
    values::ids::SubmissionId,
};
use gate::{Arriving, Confirmation, Filter, GateError, SentBy, TrailQuery, seen, to_type};
use store::trail::digests::{self, MachineChanges};
use testkit::{Portal, SERVICE, on_both};

use crate::{
    HEADINGS, apply, file,
    grants::{DAY, done, revoke},
    review,
    tokens::connector,
};

const JEM: &str = "jem.larkspur@health.example";
const HELD: &str = "Changes from Jem Larkspur are waiting for you";
const DISCARDED: &str = "Changes that you sent were discarded";
const DIGEST: &str = "Changes made by connectors";

async fn send(portal: &Portal, sender: &Actor, text: &str) -> SubmissionId {
    let arriving = Arriving {
        channel: Channel::Api,
        file_name: "api.csv".into(),
        bytes: text.as_bytes().to_vec(),
    };
    let id = portal.gate.on_behalf_of(sender).submit(arriving).await.unwrap();
    portal.work().await;
    id
}

/// New mobile numbers for most of the trust: more than 50 accounts, and more than 20 percent.
fn most_of_the_trust() -> String {
    let rows = (1001..=1062).map(|id| format!("{id},RIV,,,07700 90{}", id + 1000));
    format!("{HEADINGS}\n{}\n", rows.collect::<Vec<_>>().join("\n"))
}

/// New people of the trust, whose names are nobody else's.
fn newcomers(numbers: std::ops::Range<u32>) -> String {
    let letter = |number: u32| char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    let row = |number: u32| {
        let name: String = [number / 26, number, number / 26, number]
            .map(letter)
            .into_iter()
            .collect();
        format!("m{number},RIV,Zo{name},Quill{name}\n")
    };
    "LocalID,ODSCode,FirstName,LastName\n".to_owned() + &numbers.map(row).collect::<String>()
}

/// A submission that waits, and how many accounts it would change.
async fn held(portal: &Portal, sender: &Actor) -> (SubmissionId, u32) {
    let id = send(portal, sender, &most_of_the_trust()).await;
    let ben = portal.persona("Ben").await;
    let waiting = portal.gate.on_behalf_of(&ben).submission(&id).await.unwrap();
    assert_eq!((waiting.state, waiting.is_held()), (State::Planned, true));
    (id, to_type(&waiting).unwrap())
}

async fn confirm(portal: &Portal, by: &Actor, id: &SubmissionId, typed: Option<u32>) -> Result<(), GateError> {
    let visit = portal.gate.on_behalf_of(by);
    let said = Confirmation {
        seen: seen(&visit.submission(id).await?),
        look_alikes: Some(LookAlikes::LeaveOut),
        typed,
    };
    visit.confirm(id, said).await.map(drop)
}

/// How many letters with a subject somebody was sent.
async fn letters(portal: &Portal, name: &str, subject: &str) -> usize {
    let address = match name {
        "Jem" => JEM.to_owned(),
        name => demo::PERSONAS
            .iter()
            .find(|persona| persona.first == name)
            .unwrap()
            .address(testkit::MAIL_DOMAIN),
    };
    let subjects = store::outbox::subjects_to(portal.gate.store().reader(), &address).await;
    subjects.unwrap().iter().filter(|sent| *sent == subject).count()
}

/// What the trust's trail holds of an action: who did it, and in which words.
async fn recorded(portal: &Portal, action: Action) -> Vec<(String, String)> {
    let grace = portal.persona("Grace").await;
    let query = TrailQuery {
        action: Some(action),
        ..TrailQuery::default()
    };
    let page = portal.gate.on_behalf_of(&grace).trail(&query, None, 50).await.unwrap();
    let entries = page.entries.into_iter();
    let told = entries.filter(|entry| matches!(entry.told, Told::Happening(_)));
    told.map(|entry| (entry.actor_name.clone(), entry.sentence(gate::calendar::day)))
        .collect()
}

on_both! {
    async fn a_machine_beyond_the_threshold_waits_for_an_administrator_of_all_places(portal: Portal) {
        let jem = connector(&portal).await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let (id, changed) = held(&portal, &jem).await;
        assert!(changed > 50, "{changed}");
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap(), before);
        for (name, told) in [("Ben", 1), ("Priya", 1), ("Una", 0), ("Gwen", 0), ("Hamid", 0), ("Aled", 0), ("Grace", 0)] {
            assert_eq!(letters(&portal, name, HELD).await, told, "{name}");
            let person = portal.persona(name).await;
            let waiting = portal.gate.on_behalf_of(&person).held(10).await.unwrap();
            assert_eq!(waiting.len(), usize::from(told == 1 || name == "Grace"), "{name}");
        }
        for (name, found) in [("Una", "not found"), ("Gwen", "not found"), ("Hamid", "not found"), ("Aled", "denied")] {
            let person = portal.persona(name).await;
            let tried = match confirm(&portal, &person, &id, Some(changed)).await {
                Err(GateError::NotFound) => "not found",
                Err(GateError::Denied) => "denied",
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(tried, found, "{name}");
        }
        assert!(matches!(confirm(&portal, &jem, &id, Some(changed)).await, Err(GateError::Denied)));
        let priya = portal.persona("Priya").await;
        assert!(matches!(confirm(&portal, &priya, &id, None).await, Err(GateError::Uncounted)));
        confirm(&portal, &priya, &id, Some(changed)).await.unwrap();
        portal.work().await;
        let applied = review(&portal, &priya, &id).await.submission;
        assert_eq!((applied.state, applied.applied_by), (State::Applied, Some(priya.clone())));
        assert_eq!(applied.totals.with(Outcome::Done), changed);
        let sentence = format!("Applied submission {id}, sent by Jem Larkspur");
        assert_eq!(recorded(&portal, Action::HeldApplied).await, [("Priya Ramanathan".to_owned(), sentence)]);
        assert!(portal.gate.on_behalf_of(&priya).held(10).await.unwrap().is_empty());
        portal.adds_up().await;
    }

    async fn a_machine_that_creates_many_waits_for_an_administrator(portal: Portal) {
        let jem = connector(&portal).await;
        let few = send(&portal, &jem, &newcomers(0..50)).await;
        let ben = portal.persona("Ben").await;
        assert_eq!(review(&portal, &ben, &few).await.submission.state, State::Applied, "as many as are always allowed");
        let id = send(&portal, &jem, &newcomers(100..160)).await;
        let waiting = review(&portal, &ben, &id).await.submission;
        assert!(waiting.is_held() && letters(&portal, "Ben", HELD).await == 1);
        let touched = &waiting.touches[..];
        assert_eq!((touched.len(), touched[0].changed, touched[0].created, to_type(&waiting)), (1, 0, 60, Some(60)));
        assert!(matches!(confirm(&portal, &ben, &id, None).await, Err(GateError::Uncounted)));
        confirm(&portal, &ben, &id, Some(60)).await.unwrap();
        portal.work().await;
        assert_eq!(review(&portal, &ben, &id).await.submission.totals.with(Outcome::Done), 60);
        // Who sends a file in the portal is shown the number anyway.
        let uploaded = portal.upload(&ben, &newcomers(200..260)).await;
        assert_eq!(to_type(&review(&portal, &ben, &uploaded).await.submission), None);
    }

    async fn a_held_submission_needs_the_connectors_right_when_it_is_applied(portal: Portal) {
        let jem = connector(&portal).await;
        let (id, changed) = held(&portal, &jem).await;
        let priya = portal.persona("Priya").await;
        let role = portal.gate.on_behalf_of(&priya).administrators(Some(Role::Connector)).await.unwrap().grants.remove(0);
        done(&portal, &priya, revoke(&role)).await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        confirm(&portal, &priya, &id, Some(changed)).await.unwrap();
        portal.work().await;
        let waits = review(&portal, &priya, &id).await.submission;
        assert_eq!((waits.state, waits.totals.with(Outcome::Done)), (State::Planned, 0));
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap(), before);
    }

    async fn a_held_submission_needs_the_administrators_right_when_it_is_applied(portal: Portal) {
        let jem = connector(&portal).await;
        let (id, changed) = held(&portal, &jem).await;
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        confirm(&portal, &ben, &id, Some(changed)).await.unwrap();
        let roles = portal.gate.on_behalf_of(&priya).administrators(Some(Role::LocalAdministrator)).await.unwrap().grants;
        let of_ben = roles.iter().find(|listed| Some(listed.granted.holder.id) == ben.account()).unwrap();
        done(&portal, &priya, revoke(of_ben)).await;
        portal.work().await;
        let waits = review(&portal, &priya, &id).await.submission;
        assert_eq!((waits.state, waits.totals.with(Outcome::Done)), (State::Planned, 0));
        // Another administrator can still decide.
        confirm(&portal, &priya, &id, None).await.unwrap();
        portal.work().await;
        let applied = review(&portal, &priya, &id).await.submission;
        assert_eq!((applied.state, applied.applied_by), (State::Applied, Some(priya)));
    }

    async fn a_held_submission_is_discarded_by_an_administrator_and_its_connector_told(portal: Portal) {
        let jem = connector(&portal).await;
        let (id, _) = held(&portal, &jem).await;
        let ben = portal.persona("Ben").await;
        let aled = portal.persona("Aled").await;
        assert!(matches!(portal.gate.on_behalf_of(&aled).decline(&id).await, Err(GateError::Denied)));
        portal.gate.on_behalf_of(&ben).decline(&id).await.unwrap();
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Declined);
        assert_eq!(letters(&portal, "Jem", DISCARDED).await, 1);
        let sentence = format!("Discarded submission {id}, sent by Jem Larkspur");
        assert_eq!(recorded(&portal, Action::HeldDiscarded).await, [("Ben Cartwright".to_owned(), sentence)]);
    }

    async fn a_held_submission_is_discarded_after_fourteen_days(portal: Portal) {
        let jem = connector(&portal).await;
        let (id, changed) = held(&portal, &jem).await;
        let ben = portal.persona("Ben").await;
        portal.pass_seconds(14 * DAY - 1);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Planned);
        portal.pass_seconds(1);
        assert_eq!(portal.gate.sweep(&SERVICE).await.unwrap().done, 1);
        assert_eq!(review(&portal, &ben, &id).await.submission.state, State::Declined);
        assert_eq!(letters(&portal, "Jem", DISCARDED).await, 1);
        assert!(matches!(confirm(&portal, &ben, &id, Some(changed)).await, Err(GateError::Stale)));
    }

    async fn several_held_submissions_wait_beside_each_other(portal: Portal) {
        let jem = connector(&portal).await;
        let (first, changed) = held(&portal, &jem).await;
        let (second, _) = held(&portal, &jem).await;
        let ben = portal.persona("Ben").await;
        confirm(&portal, &ben, &second, Some(changed)).await.unwrap();
        portal.work().await;
        assert_eq!(review(&portal, &ben, &first).await.submission.state, State::Planned);
        // What the other has done already is not done again: the rows go back to be looked at.
        confirm(&portal, &ben, &first, Some(changed)).await.unwrap();
        portal.work().await;
        let again = review(&portal, &ben, &first).await.submission;
        assert_eq!((again.state, again.totals.with(Outcome::Stale)), (State::Planned, changed));
    }

    async fn what_a_machine_applied_is_listed_and_undone_by_its_administrators(portal: Portal) {
        let jem = connector(&portal).await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let id = send(&portal, &jem, &file(&["1002,RIV,,,07700 900555", "1003,RIV,,,07700 900556"])).await;
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        for (by, listed) in [(SentBy::Anybody, true), (SentBy::Machines, true), (SentBy::People, false)] {
            let uploads = visit.submissions(by, None, 10).await.unwrap();
            assert_eq!(uploads.iter().any(|upload| upload.id == id), listed, "{by:?}");
        }
        for (name, found) in [("Una", "not found"), ("Gwen", "not found"), ("Hamid", "not found"), ("Aled", "denied")] {
            let person = portal.persona(name).await;
            let tried = match portal.gate.on_behalf_of(&person).undo(&id).await {
                Err(GateError::NotFound) => "not found",
                Err(GateError::Denied) => "denied",
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(tried, found, "{name}");
        }
        // A connector without a role that uploads undoes nothing.
        assert!(matches!(portal.gate.on_behalf_of(&jem).undo(&id).await, Err(GateError::Denied)));
        let undo = visit.undo(&id).await.unwrap();
        portal.work().await;
        apply(&portal, &ben, &undo).await;
        assert_eq!(review(&portal, &ben, &undo).await.submission.state, State::Applied);
        let after = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        assert_eq!(before.len(), after.len());
        let sent = portal.gate.on_behalf_of(&ben).review(&id, Filter::default()).await.unwrap();
        let account = sent.rows[0].subject.unwrap();
        let (account, _) = visit.account(domain::values::ids::AccountId(account)).await.unwrap();
        assert_ne!(account.attributes.text(domain::dictionary::Attribute::Mobile), "+447700900555");
    }

    async fn a_digest_of_machine_changes_goes_to_primary_administrators_once_a_day(portal: Portal) {
        let jem = connector(&portal).await;
        let reader = portal.gate.store().reader();
        let start = digests::reached(reader).await.unwrap();
        send(&portal, &jem, &file(&["9001,RIV,Ada,Bright,", "1002,RIV,,,07700 900555", "9003,RIV,,Moon,"])).await;
        let end = store::trail::head(reader).await.unwrap().number;
        let changes = digests::changes_between(reader, start.through, end).await.unwrap();
        let of_jem = MachineChanges {
            organisation: domain::organisation::OrganisationCode::parse("RIV").unwrap(),
            connector: jem.account(),
            name: "Jem Larkspur".to_owned(),
            created: 1,
            changed: 1,
        };
        assert_eq!(changes, [of_jem]);
        portal.pass_seconds(DAY);
        let (one, other) = tokio::join!(portal.gate.sweep(&SERVICE), portal.gate.sweep(&SERVICE));
        assert!(one.is_ok() && other.is_ok());
        portal.gate.sweep(&SERVICE).await.unwrap();
        for (name, told) in [("Priya", 1), ("Ben", 0), ("Una", 0), ("Aled", 0), ("Grace", 0)] {
            assert_eq!(letters(&portal, name, DIGEST).await, told, "{name}");
        }
        // Without changes there is no letter.
        portal.pass_seconds(DAY);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(letters(&portal, "Priya", DIGEST).await, 1);
        send(&portal, &jem, &file(&["1003,RIV,,,07700 900556"])).await;
        portal.pass_seconds(DAY);
        portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!(letters(&portal, "Priya", DIGEST).await, 2);
    }
}
