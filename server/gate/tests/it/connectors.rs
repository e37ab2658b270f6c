//! Connectors of the sync service: how they are answered, what they propose, and how they get on.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    connector::{ConnectorSettings, Deletes, ProposalKind, WhichDialect},
    dictionary::Attribute,
    life::Turn,
    policy::{Actor, Role},
    request::{AccountWish, Cells, Wish},
    submission::State,
    trail::Action,
    values::ids::{AccountId, ProposalId},
};
use gate::{GateError, Noted, ProposalQuery, ProposalSubject, Proposed, ProposedFor, TrailQuery};
use store::{
    StoreError,
    access::{
        links::{self, Link},
        proposals,
    },
};
use testkit::{NOON, Portal, SERVICE, on_both};

use crate::{
    apply,
    grants::{DAY, done, wish},
    review,
    tokens::connector,
};

const FINTAN: &str = "fintan.gillespie@health.example";
const PERRIN: &str = "perrin.holloway@health.example";

fn settings() -> ConnectorSettings {
    ConnectorSettings {
        dialect: WhichDialect::Strict,
        deletes: Deletes::Propose,
        shadow: true,
    }
}

/// What setting a connector comes to, in a word.
async fn set(portal: &Portal, by: &Actor, connector: &Actor) -> &'static str {
    let visit = portal.gate.on_behalf_of(by);
    match visit.set_connector(connector.account().unwrap(), settings()).await {
        Ok(()) => "set",
        Err(GateError::Denied) => "denied",
        Err(GateError::NotFound) => "not found",
        Err(error) => panic!("{error}"),
    }
}

/// What is recorded of an action: in whose trail, and in which words.
async fn recorded(portal: &Portal, action: Action) -> Vec<(String, String)> {
    let grace = portal.persona("Grace").await;
    let query = TrailQuery {
        action: Some(action),
        ..TrailQuery::default()
    };
    let page = portal.gate.on_behalf_of(&grace).trail(&query, None, 50).await.unwrap();
    let of = |entry: &domain::trail::Entry| entry.organisation.as_ref().map(ToString::to_string);
    let entries = page.entries.iter();
    entries
        .map(|entry| (of(entry).unwrap_or_default(), entry.sentence(gate::calendar::day)))
        .collect()
}

fn link(connector: &Actor, account: AccountId, external_id: &str) -> Link {
    Link {
        connector: connector.account().unwrap(),
        account,
        external_id: Some(external_id.to_owned()),
        as_sent: BTreeMap::new(),
        version: 1,
        created_by_it: false,
        hidden: false,
        disabled_by_it: false,
        asserted_at: NOON,
        asserted: BTreeMap::new(),
    }
}

async fn put(portal: &Portal, link: &Link) -> Result<(), StoreError> {
    let tx = portal.gate.store().begin().await?;
    links::put(&tx, link).await?;
    tx.commit().await
}

/// Has a machine propose something for an account.
async fn propose(portal: &Portal, by: &Actor, account: AccountId, kind: ProposalKind, to: Option<&str>) {
    let grace = portal.persona("Grace").await;
    let (subject, _) = portal.gate.on_behalf_of(&grace).account(account).await.unwrap();
    let proposed = Proposed {
        subject: ProposalSubject::Account(account),
        organisation: subject.organisation.clone(),
        unit: subject.unit(),
        kind,
        asked: to
            .into_iter()
            .map(|to| (Attribute::Organisation, to.to_owned()))
            .collect(),
    };
    let tx = portal.gate.store().begin().await.unwrap();
    let connector = by.account().unwrap();
    proposals::put_open(&tx, connector, proposed, portal.gate.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// The proposals that somebody decides on: the kind, whose, and how often it was said.
async fn listed(portal: &Portal, by: &str) -> Vec<(ProposalKind, String, u32)> {
    let person = portal.persona(by).await;
    let visit = portal.gate.on_behalf_of(&person);
    let found = visit.proposals(ProposalQuery::default()).await.unwrap().proposals;
    let count = visit.proposal_count().await.unwrap();
    assert_eq!(count, found.len() as u64, "{by}");
    let told = found.into_iter().map(|listed| {
        assert_eq!(listed.connector_name, "Jem Larkspur");
        let ProposedFor::Account(account) = listed.subject else {
            panic!("nobody proposed anything for a contact")
        };
        (listed.kind, account.full_name(), listed.times)
    });
    told.collect()
}

async fn ids(portal: &Portal, by: &Actor) -> Vec<ProposalId> {
    let found = portal.gate.on_behalf_of(by).proposals(ProposalQuery::default()).await;
    found.unwrap().proposals.into_iter().map(|listed| listed.id).collect()
}

on_both! {
    async fn only_who_could_have_appointed_a_connector_sets_it(portal: Portal) {
        let jem = connector(&portal).await;
        let of = jem.account().unwrap();
        let own = portal.gate.on_behalf_of(&jem);
        assert_eq!(own.connector_settings(of).await.unwrap(), ConnectorSettings::default());
        for (name, told) in [("Ben", "denied"), ("Hamid", "denied"), ("Gwen", "not found"), ("Aled", "denied")] {
            let person = portal.persona(name).await;
            assert_eq!(set(&portal, &person, &jem).await, told, "{name}");
        }
        assert_eq!(set(&portal, &jem, &jem).await, "denied", "nobody sets their own");
        let priya = portal.persona("Priya").await;
        assert_eq!(set(&portal, &priya, &jem).await, "set");
        assert_eq!(set(&portal, &priya, &jem).await, "set", "again, which is not recorded again");
        assert_eq!(own.connector_settings(of).await.unwrap(), settings());
        let sentence = format!("Changed how the connector is answered: {}", settings().in_words());
        assert_eq!(recorded(&portal, Action::ConnectorSet).await, [("RIV".to_owned(), sentence)]);
        let gwen = portal.persona("Gwen").await;
        let unseen = portal.gate.on_behalf_of(&gwen).connector_settings(of).await;
        assert!(matches!(unseen, Err(GateError::NotFound)));
    }

    async fn a_connector_of_several_places_is_set_by_who_reaches_all_of_them(portal: Portal) {
        let jem = connector(&portal).await;
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        done(&portal, &grace, wish(jem.account().unwrap(), Role::Connector, "G7H8J", None)).await;
        assert_eq!(set(&portal, &priya, &jem).await, "denied");
        assert_eq!(set(&portal, &grace, &jem).await, "set");
        assert_eq!(recorded(&portal, Action::ConnectorSet).await.len(), 2, "once for each place");
    }

    async fn a_key_is_one_account_s_for_each_connector(portal: Portal) {
        let jem = connector(&portal).await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        put(&portal, &link(&jem, fintan, "K1")).await.unwrap();
        let taken = put(&portal, &link(&jem, perrin, "K1")).await;
        assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
        let mut again = link(&jem, fintan, "K2");
        again.version = 2;
        again.as_sent.insert(Attribute::Mobile, "07700 900138".to_owned());
        put(&portal, &again).await.unwrap();
        put(&portal, &link(&jem, perrin, "K1")).await.unwrap();
        let ben = portal.persona("Ben").await;
        put(&portal, &link(&ben, perrin, "K2")).await.unwrap();
        let (db, of) = (portal.gate.store().reader(), jem.account().unwrap());
        assert_eq!(links::by_external_id(db, of, "K2").await.unwrap(), Some(again.clone()));
        assert_eq!(links::of(db, of, fintan).await.unwrap(), Some(again));
        let other = links::of(db, of, perrin).await.unwrap().unwrap();
        assert_eq!((other.external_id.as_deref(), links::count(db, of).await.unwrap()), (Some("K1"), 2));
    }

    async fn an_erased_person_leaves_no_link_and_no_proposal(portal: Portal) {
        let jem = connector(&portal).await;
        let fintan = portal.account(FINTAN).await;
        put(&portal, &link(&jem, fintan, "K1")).await.unwrap();
        propose(&portal, &jem, fintan, ProposalKind::Disable, None).await;
        for wish in [AccountWish::Turn(Turn::Delete), AccountWish::Erase] {
            let wish = Wish::Account(fintan, wish);
            portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
        }
        let db = portal.gate.store().reader();
        assert_eq!(links::of(db, jem.account().unwrap(), fintan).await.unwrap(), None);
        assert!(listed(&portal, "Grace").await.is_empty());
    }

    async fn proposals_are_listed_for_those_who_may_do_them_there(portal: Portal) {
        use ProposalKind::{Delete, Disable};
        let jem = connector(&portal).await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        propose(&portal, &jem, fintan, Delete, None).await;
        propose(&portal, &jem, fintan, Delete, None).await;
        portal.pass_seconds(1);
        propose(&portal, &jem, perrin, Disable, None).await;
        let gone = (Delete, "Fintan Gillespie".to_owned(), 2);
        let off = (Disable, "Perrin Holloway".to_owned(), 1);
        for name in ["Ben", "Priya", "Grace"] {
            assert_eq!(listed(&portal, name).await, [gone.clone(), off.clone()], "{name}");
        }
        assert_eq!(listed(&portal, "Hamid").await, std::slice::from_ref(&off), "the helpdesk deletes nobody");
        assert_eq!(listed(&portal, "Una").await, [off], "one unit");
        assert!(listed(&portal, "Gwen").await.is_empty());
        for person in [portal.persona("Aled").await, jem] {
            let visit = portal.gate.on_behalf_of(&person);
            assert!(matches!(visit.proposals(ProposalQuery::default()).await, Err(GateError::Denied)));
            assert_eq!(visit.proposal_count().await.unwrap(), 0);
        }
    }

    async fn accepted_proposals_become_one_submission_to_confirm(portal: Portal) {
        let jem = connector(&portal).await;
        let ben = portal.persona("Ben").await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        for account in [fintan, perrin] {
            propose(&portal, &jem, account, ProposalKind::Disable, None).await;
        }
        let visit = portal.gate.on_behalf_of(&ben);
        let two = ids(&portal, &ben).await;
        let id = visit.accept_proposals(&two).await.unwrap();
        assert!(matches!(visit.accept_proposals(&two).await, Err(GateError::NotFound)), "once");
        portal.work().await;
        let shown = review(&portal, &ben, &id).await;
        assert_eq!((shown.submission.state, shown.rows.len()), (State::Planned, 2));
        assert_eq!(portal.standing(fintan).await.status, AccountStatus::Active, "nothing before it is confirmed");
        propose(&portal, &jem, fintan, ProposalKind::Disable, None).await;
        assert!(listed(&portal, "Ben").await.is_empty(), "it is answered");
        apply(&portal, &ben, &id).await;
        for account in [fintan, perrin] {
            assert_eq!(portal.standing(account).await.status, AccountStatus::Disabled);
        }
        let sentence = format!("Accepted what a connector proposed: disable account ({id})");
        let told = ("RIV".to_owned(), sentence);
        assert_eq!(recorded(&portal, Action::ProposalAccepted).await, [told.clone(), told]);
        portal.adds_up().await;
    }

    async fn proposals_of_a_kind_may_ask_for_different_things(portal: Portal) {
        let jem = connector(&portal).await;
        let ben = portal.persona("Ben").await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        for (account, to) in [(fintan, "RIV01"), (perrin, "RIV02")] {
            propose(&portal, &jem, account, ProposalKind::Move, Some(to)).await;
        }
        let id = portal.gate.on_behalf_of(&ben).accept_proposals(&ids(&portal, &ben).await).await.unwrap();
        portal.work().await;
        apply(&portal, &ben, &id).await;
        assert_eq!(portal.standing(fintan).await.organisation.as_str(), "RIV01");
        assert_eq!(portal.standing(perrin).await.organisation.as_str(), "RIV02");
    }

    async fn nobody_decides_on_what_is_not_theirs_or_on_several_kinds(portal: Portal) {
        let jem = connector(&portal).await;
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        propose(&portal, &jem, fintan, ProposalKind::Delete, None).await;
        propose(&portal, &jem, perrin, ProposalKind::Disable, None).await;
        let ben = portal.persona("Ben").await;
        let both = ids(&portal, &ben).await;
        let visit = portal.gate.on_behalf_of(&ben);
        assert!(matches!(visit.accept_proposals(&both).await, Err(GateError::Unanswered)));
        assert!(matches!(visit.accept_proposals(&[]).await, Err(GateError::NotFound)));
        for name in ["Hamid", "Gwen", "Aled"] {
            let person = portal.persona(name).await;
            let visit = portal.gate.on_behalf_of(&person);
            assert!(matches!(visit.accept_proposals(&both).await, Err(GateError::NotFound)), "{name}");
            for id in &both {
                let is_hamids = name == "Hamid" && *id == both[1];
                let declined = visit.decline_proposal(*id).await;
                assert_eq!(declined.is_ok(), is_hamids, "{name}");
            }
        }
        assert_eq!(listed(&portal, "Ben").await.len(), 1);
    }

    async fn a_declined_proposal_stays_declined_until_it_was_taken_back(portal: Portal) {
        let jem = connector(&portal).await;
        let ben = portal.persona("Ben").await;
        let fintan = portal.account(FINTAN).await;
        propose(&portal, &jem, fintan, ProposalKind::Delete, None).await;
        let only = ids(&portal, &ben).await[0];
        portal.gate.on_behalf_of(&ben).decline_proposal(only).await.unwrap();
        let sentence = "Declined what a connector proposed: delete account".to_owned();
        assert_eq!(recorded(&portal, Action::ProposalDeclined).await, [("RIV".to_owned(), sentence)]);
        portal.pass_seconds(30 * DAY);
        propose(&portal, &jem, fintan, ProposalKind::Delete, None).await;
        assert!(listed(&portal, "Ben").await.is_empty());
        let tx = portal.gate.store().begin().await.unwrap();
        let subject = ProposalSubject::Account(fintan);
        proposals::gone(&tx, jem.account().unwrap(), subject, &ProposalKind::ALL).await.unwrap();
        tx.commit().await.unwrap();
        propose(&portal, &jem, fintan, ProposalKind::Delete, None).await;
        assert_eq!(listed(&portal, "Ben").await.len(), 1);
    }

    async fn a_proposal_goes_once_it_is_so(portal: Portal) {
        let jem = connector(&portal).await;
        let fintan = portal.account(FINTAN).await;
        propose(&portal, &jem, fintan, ProposalKind::Disable, None).await;
        assert_eq!(listed(&portal, "Ben").await.len(), 1);
        portal.turn(FINTAN, Turn::Disable).await;
        let ben = portal.persona("Ben").await;
        assert!(ids(&portal, &ben).await.is_empty());
        portal.turn(FINTAN, Turn::Enable).await;
        assert!(listed(&portal, "Ben").await.is_empty(), "it does not come back by itself");
    }

    async fn counts_of_requests_add_up_over_writes(portal: Portal) {
        let jem = connector(&portal).await;
        let of = jem.account().unwrap();
        let refused = |example: &str| Noted::Refused {
            status: 409,
            sentence: "The key is known already.".into(),
            hint: "Read the account first.".into(),
            example: example.into(),
        };
        for round in ["first", "second"] {
            for outcome in [Noted::Read, Noted::Changed, Noted::Throttled, refused("K0"), refused(round)] {
                portal.gate.note_request(of, outcome).await;
            }
            portal.gate.write_noted().await.unwrap();
            portal.pass_seconds(60);
        }
        portal.gate.write_noted().await.unwrap();
        let health = portal.gate.on_behalf_of(&jem).connector_health(of).await.unwrap();
        let day = &health.days[0];
        assert_eq!((day.requests, day.changes, day.refused, day.throttled), (10, 2, 4, 2));
        assert_eq!((health.days.len(), health.last_contact), (1, Some(NOON.plus_seconds(60))));
        let group = &health.refusals[0];
        assert_eq!((group.times, group.status, group.example.as_str()), (4, 409, "second"));
        assert_eq!((group.first, group.last), (NOON, NOON.plus_seconds(60)));
        assert_eq!((health.refusals.len(), health.usual_gap, health.silent_since), (1, None, None));
        assert_eq!(health.reasons, 1);
        let gwen = portal.persona("Gwen").await;
        let unseen = portal.gate.on_behalf_of(&gwen).connector_health(of).await;
        assert!(matches!(unseen, Err(GateError::NotFound)));
    }

    async fn more_reasons_than_are_kept_are_counted_as_others(portal: Portal) {
        let jem = connector(&portal).await;
        let of = jem.account().unwrap();
        for number in 0..502 {
            let refused = Noted::Refused {
                status: 400,
                sentence: format!("Reason {number}"),
                hint: String::new(),
                example: "k".repeat(300),
            };
            portal.gate.note_request(of, refused).await;
        }
        portal.gate.write_noted().await.unwrap();
        let visit = portal.gate.on_behalf_of(&jem);
        let health = visit.connector_health(of).await.unwrap();
        assert_eq!((health.refusals.len(), health.reasons), (500, 501));
        let all = visit.connector_refusals(of).await.unwrap();
        let others = all.iter().find(|group| group.sentence.starts_with("Other reasons")).unwrap();
        assert_eq!((all.len(), others.times, others.example.len()), (501, 2, 100));
        let gwen = portal.persona("Gwen").await;
        let unseen = portal.gate.on_behalf_of(&gwen).connector_refusals(of).await;
        assert!(matches!(unseen, Err(GateError::NotFound)));
    }

    async fn a_machine_that_stays_away_is_called_silent(portal: Portal) {
        let jem = connector(&portal).await;
        let of = jem.account().unwrap();
        for _ in 0..5 {
            portal.gate.note_request(of, Noted::Read).await;
            portal.gate.write_noted().await.unwrap();
            portal.pass_seconds(DAY);
        }
        let visit = portal.gate.on_behalf_of(&jem);
        let health = visit.connector_health(of).await.unwrap();
        assert_eq!((health.usual_gap, health.silent_since), (Some(DAY), None));
        portal.pass_seconds(2 * DAY);
        let since = visit.connector_health(of).await.unwrap().silent_since;
        assert_eq!(since, Some(NOON.plus_seconds(4 * DAY)));
        portal.pass_seconds(500 * DAY);
        portal.gate.write_noted().await.unwrap();
        let health = visit.connector_health(of).await.unwrap();
        assert_eq!((health.days.len(), health.last_contact), (0, None), "old days are not kept");
    }

    async fn drift_names_only_people_in_scope(portal: Portal) {
        let jem = connector(&portal).await;
        let (priya, ben, una) = (portal.persona("Priya").await, portal.persona("Ben").await, portal.persona("Una").await);
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        let mut said = link(&jem, fintan, "K1");
        said.asserted.insert(Attribute::JobTitle, "Nurse".to_owned());
        said.asserted.insert(Attribute::Mobile, "07700 900138".to_owned());
        put(&portal, &said).await.unwrap();
        put(&portal, &link(&jem, perrin, "K2")).await.unwrap();
        let mut others = link(&ben, fintan, "X");
        others.asserted.insert(Attribute::JobTitle, "Matron".to_owned());
        others.asserted.insert(Attribute::Mobile, "+44 7700 900138".to_owned());
        put(&portal, &others).await.unwrap();
        let edit = Wish::Account(fintan, AccountWish::Edit(Cells::of([(Attribute::JobTitle, "Porter")])));
        done(&portal, &priya, edit).await;
        portal.pass_seconds(31 * DAY);

        let of = jem.account().unwrap();
        let health = portal.gate.on_behalf_of(&priya).connector_health(of).await.unwrap();
        assert_eq!(health.links, 2);
        let [edited] = health.differences.edited.as_slice() else { panic!("{:?}", health.differences) };
        assert_eq!((edited.account.id, edited.attribute), (fintan, Attribute::JobTitle));
        assert_eq!((edited.asserted.as_str(), edited.now.as_str()), ("Nurse", "Porter"));
        let silent: Vec<_> = health.differences.unmentioned.iter().map(|one| (one.account.id, one.last)).collect();
        assert_eq!(silent.len(), 2);
        assert!(silent.contains(&(perrin, NOON)));
        let [one] = health.differences.disagreements.as_slice() else { panic!("{:?}", health.differences) };
        assert_eq!((one.attribute, one.own.as_str(), one.other.as_str()), (Attribute::JobTitle, "Nurse", "Matron"));
        assert_eq!(one.other_name, "Ben Cartwright");

        // Una manages Medicine, where Perrin works and Fintan does not; she sees no connector of the whole trust.
        let within_unit = portal.gate.on_behalf_of(&una).connector_health(of).await;
        assert!(matches!(within_unit, Err(GateError::NotFound)));
        let grace = portal.persona("Grace").await;
        done(&portal, &grace, wish(of, Role::Connector, "RIV", Some("Medicine"))).await;
        let differences = portal.gate.on_behalf_of(&una).connector_health(of).await.unwrap().differences;
        assert!(differences.edited.is_empty() && differences.disagreements.is_empty());
        assert_eq!(differences.unmentioned.iter().map(|one| one.account.id).collect::<Vec<_>>(), [perrin]);
    }
}
