//! Letters about connectors that are silent, or that fail: to the connector and to those who manage its places, once.

use std::collections::BTreeMap;

use domain::{
    connector::{ProposalKind, ProposalReason},
    policy::{Actor, Role},
};
use gate::{Noted, ProposalSubject, Proposed};
use store::access::{
    alarms::{self, Alarm},
    proposals,
};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::{
    grants::{DAY, done, revoke},
    tokens::connector,
};

const SILENT: [&str; 2] = [
    "Your connector has stopped sending",
    "The connector Jem Larkspur has stopped sending",
];
const FAILING: [&str; 2] = [
    "Many requests from your connector failed",
    "Many requests from the connector Jem Larkspur failed",
];

const BRAKED: [&str; 2] = [
    "Your connector has disabled many people",
    "The connector Jem Larkspur has disabled many people",
];

fn refused() -> Noted {
    Noted::Refused {
        status: 409,
        sentence: "This user name or address is not available.".into(),
        hint: String::new(),
        example: "K0".into(),
    }
}

/// Has a connector's program send so many requests, all of which come to the same.
async fn sends(portal: &Portal, jem: &Actor, outcome: &Noted, many: usize) {
    for _ in 0..many {
        portal.gate.note_request(jem.account().unwrap(), outcome.clone()).await;
    }
    portal.gate.write_noted().await.unwrap();
}

/// How many letters the connector, its Primary Local Administrator, and everybody else nearby got.
async fn told(portal: &Portal, subjects: [&str; 2]) -> (usize, usize, usize) {
    let count = async |name: &str, subject: &str| {
        let address = match name {
            "Jem" => "jem.larkspur@health.example".to_owned(),
            name => {
                let mut personas = demo::PERSONAS.iter();
                personas
                    .find(|persona| persona.first == name)
                    .unwrap()
                    .address(testkit::MAIL_DOMAIN)
            }
        };
        let sent = portal.letters_to(&address).await;
        sent.iter().filter(|sent| *sent == subject).count()
    };
    let mut others = 0;
    for name in ["Ben", "Una", "Hamid", "Gwen", "Aled", "Grace"] {
        others += count(name, subjects[1]).await;
    }
    (
        count("Jem", subjects[0]).await,
        count("Priya", subjects[1]).await,
        others,
    )
}

/// Automatic changes by two processes at once, and by one again.
async fn sweep(portal: &Portal) {
    let (one, other) = tokio::join!(portal.gate.sweep(&SERVICE), portal.gate.sweep(&SERVICE));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    portal.sweep().await;
}

on_both! {
    async fn each_silence_of_a_connector_is_told_once(portal: Portal) {
        let portal = portal.ruled(|rules| rules.timers.unused_days = 0);
        let jem = connector(&portal).await;
        for _ in 0..5 {
            sends(&portal, &jem, &Noted::Read, 1).await;
            portal.sweep().await;
            portal.pass_seconds(DAY);
        }
        portal.sweep().await;
        assert_eq!(told(&portal, SILENT).await, (0, 0, 0), "a day is nothing unusual");
        portal.pass_seconds(2 * DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, SILENT).await, (1, 1, 0));
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, SILENT).await, (1, 1, 0), "it is the same silence");
        // It was silent for four days, so the next is one only after longer than that.
        sends(&portal, &jem, &Noted::Read, 1).await;
        portal.pass_seconds(5 * DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, SILENT).await, (1, 1, 0));
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, SILENT).await, (2, 2, 0), "another silence");
        portal.adds_up().await;
    }

    async fn each_failing_day_of_a_connector_is_told_once(portal: Portal) {
        let jem = connector(&portal).await;
        sends(&portal, &jem, &Noted::Read, 4).await;
        sends(&portal, &jem, &refused(), 6).await;
        sweep(&portal).await;
        assert_eq!(told(&portal, FAILING).await, (0, 0, 0), "the day is not over");
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, FAILING).await, (1, 1, 0));
        // As many refused as not, and then very many too fast.
        sends(&portal, &jem, &Noted::Read, 5).await;
        sends(&portal, &jem, &refused(), 5).await;
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, FAILING).await, (1, 1, 0));
        sends(&portal, &jem, &Noted::Read, 2_000).await;
        sends(&portal, &jem, &Noted::Throttled, 1_000).await;
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, FAILING).await, (2, 2, 0));
    }

    async fn people_who_wait_by_the_access_brake_are_told_of_once(portal: Portal) {
        let jem = connector(&portal).await;
        sends(&portal, &jem, &Noted::Read, 1).await;
        sweep(&portal).await;
        assert_eq!(told(&portal, BRAKED).await, (0, 0, 0));
        let of = jem.account().unwrap();
        let fintan = portal.account("fintan.gillespie@health.example").await;
        let account = portal.standing(fintan).await;
        let (subject, kind) = (ProposalSubject::Account(fintan), ProposalKind::Disable);
        let proposed = Proposed {
            subject,
            organisation: account.organisation.clone(),
            unit: account.unit(),
            kind,
            asked: BTreeMap::new(),
        };
        let tx = portal.gate.store().begin().await.unwrap();
        proposals::put_open(&tx, of, proposed, portal.gate.now()).await.unwrap();
        proposals::set_reason(&tx, of, subject, kind, ProposalReason::ManyLoseAccess).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..3 {
            sweep(&portal).await;
            assert_eq!(told(&portal, BRAKED).await, (1, 1, 0));
            portal.pass_seconds(DAY / 2);
        }
    }

    async fn whoever_is_no_connector_any_more_is_not_written_about(portal: Portal) {
        let jem = connector(&portal).await;
        sends(&portal, &jem, &refused(), 10).await;
        let priya = portal.persona("Priya").await;
        let role = portal.gate.on_behalf_of(&priya).administrators(Some(Role::Connector)).await.unwrap().grants.remove(0);
        done(&portal, &priya, revoke(&role)).await;
        portal.pass_seconds(DAY);
        sweep(&portal).await;
        assert_eq!(told(&portal, FAILING).await, (0, 0, 0));
    }

    async fn nothing_is_told_twice_and_of_one_connector_one_thing_a_day(portal: Portal) {
        let jem = connector(&portal).await.account().unwrap();
        let silent = Alarm::Silent(NOON);
        let mut came = Vec::new();
        for (alarm, today) in [(silent, 7), (Alarm::Failing(6), 7), (silent, 8), (Alarm::Failing(6), 8)] {
            let tx = portal.gate.store().begin().await.unwrap();
            let is_new = alarms::tell(&tx, jem, alarm, today).await.unwrap();
            tx.commit().await.unwrap();
            came.push(is_new);
        }
        assert_eq!(came, [true, false, false, true]);
    }
}
