//! What becomes of proposals while administrators decide on them, and what a program is told of it.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    connector::{ConnectorSettings, Deletes, ProposalKind, ProposalReason},
    dictionary::Attribute,
    request::{AccountWish, Cells, Wish},
    values::ids::{AccountId, ProposalId},
};
use gate::{GateError, KnownKey, ProposalList, ProposalQuery, SyncOutcome, SyncRefusal, SyncSubject, SyncWish};
use testkit::{Portal, on_both};

use crate::{
    apply,
    grants::done,
    syncing::{Program, active, connector, edit, newcomer, refusal},
};

const FINTAN: &str = "fintan.gillespie@health.example";
const PERRIN: &str = "perrin.holloway@health.example";

/// What somebody is shown under Proposals.
async fn proposals(portal: &Portal, by: &str) -> ProposalList {
    let person = portal.persona(by).await;
    let visit = portal.gate.on_behalf_of(&person);
    let found = visit.proposals(ProposalQuery::default()).await.unwrap();
    let count = visit.proposal_count().await.unwrap();
    assert_eq!(count, found.proposals.len() as u64, "{by}");
    found
}

async fn ids(portal: &Portal, by: &str) -> Vec<ProposalId> {
    let found = proposals(portal, by).await.proposals;
    found.into_iter().map(|listed| listed.id).collect()
}

/// A program whose deletions become proposals.
async fn proposing(portal: &Portal) -> Program<'_> {
    let jem = connector(portal, false, None).await;
    let settings = ConnectorSettings {
        deletes: Deletes::Propose,
        ..ConnectorSettings::default()
    };
    let priya = portal.persona("Priya").await;
    let visit = portal.gate.on_behalf_of(&priya);
    visit.set_connector(jem.account().unwrap(), settings).await.unwrap();
    Program::of(portal, jem).await
}

impl Program<'_> {
    async fn deletes(&self, id: AccountId) -> SyncOutcome {
        let seen = self.reads(id).await.unwrap();
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        visit.sync_delete(&self.to, &seen).await.unwrap()
    }
}

on_both! {
    async fn accepted_proposals_are_open_again_where_the_review_is_discarded(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        for address in [FINTAN, PERRIN] {
            let id = portal.account(address).await;
            assert_eq!(refusal(program.changes(id, &active(false)).await), SyncRefusal::MayNotDisable);
        }
        let both = ids(&portal, "Ben").await;
        assert_eq!(both.len(), 2);
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let review = visit.accept_proposals(&both).await.unwrap();
        portal.work().await;
        // While it waits, nobody else is asked, and everybody sees who decides.
        for (name, is_own) in [("Ben", true), ("Priya", false)] {
            let shown = proposals(&portal, name).await;
            assert!(shown.proposals.is_empty(), "{name}");
            let [waits] = shown.reviews.as_slice() else { panic!("{shown:?}") };
            assert_eq!((&waits.submission, waits.by.as_str(), waits.is_own), (&review, "Ben Cartwright", is_own));
            assert_eq!(waits.proposals, 2);
        }
        // The program says it again: it is not asked twice.
        let fintan = portal.account(FINTAN).await;
        program.changes(fintan, &active(false)).await;
        assert!(ids(&portal, "Ben").await.is_empty());
        visit.decline(&review).await.unwrap();
        let again = proposals(&portal, "Priya").await;
        assert!(again.reviews.is_empty());
        let mut back: Vec<_> = again.proposals.iter().map(|listed| listed.id).collect();
        back.sort();
        let mut both = both;
        both.sort();
        assert_eq!(back, both);
        assert_eq!(again.proposals[0].reason, Some(ProposalReason::NoRight));
        assert_eq!(again.proposals[0].organisation.as_str(), "RIV");
        // Accepted and applied, they are over, and are not asked again on the same day.
        let review = visit.accept_proposals(&both).await.unwrap();
        portal.work().await;
        apply(&portal, &ben, &review).await;
        let over = proposals(&portal, "Ben").await;
        assert!(over.proposals.is_empty() && over.reviews.is_empty());
        assert_eq!(portal.standing(fintan).await.status, AccountStatus::Disabled);
        let enabled = AccountWish::Turn(domain::life::Turn::Enable);
        done(&portal, &portal.persona("Priya").await, Wish::Account(fintan, enabled)).await;
        program.changes(fintan, &active(false)).await;
        assert!(ids(&portal, "Ben").await.is_empty(), "answered for a day");
        portal.pass_seconds(86_401);
        program.changes(fintan, &active(false)).await;
        assert_eq!(ids(&portal, "Ben").await.len(), 1);
        portal.adds_up().await;
    }

    async fn a_review_discarded_before_its_plan_loses_no_proposal(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account(FINTAN).await;
        program.changes(fintan, &active(false)).await;
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let review = visit.accept_proposals(&ids(&portal, "Ben").await).await.unwrap();
        // Before it is planned: nothing is lost either.
        visit.decline(&review).await.unwrap();
        portal.work().await;
        assert_eq!(ids(&portal, "Ben").await.len(), 1);
        // Taken back by the program while somebody decides, it does not return.
        let review = visit.accept_proposals(&ids(&portal, "Ben").await).await.unwrap();
        let on = SyncWish { says_active: Some(true), ..SyncWish::default() };
        program.changes(fintan, &on).await;
        visit.decline(&review).await.unwrap();
        assert!(ids(&portal, "Ben").await.is_empty());
    }

    async fn a_declined_deletion_hides_nobody_and_is_refused_from_then_on(portal: Portal) {
        let program = proposing(&portal).await;
        let fintan = portal.account(FINTAN).await;
        assert!(matches!(program.deletes(fintan).await, SyncOutcome::Hidden));
        assert!(matches!(program.reads(fintan).await, Err(GateError::NotFound)));
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let only = ids(&portal, "Ben").await[0];
        visit.decline_proposal(only).await.unwrap();
        assert!(program.reads(fintan).await.is_ok(), "seen again");
        assert_eq!(refusal(program.deletes(fintan).await), SyncRefusal::Declined);
        let seen = program.reads(fintan).await.unwrap();
        let own = portal.gate.on_behalf_of(&program.actor);
        assert!(own.is_delete_declined(&program.to, &seen).await.unwrap());
        assert!(ids(&portal, "Ben").await.is_empty());
        // To say that the account is active takes it back, and then it can be asked again.
        let on = SyncWish { says_active: Some(true), ..SyncWish::default() };
        program.changes(fintan, &on).await;
        assert!(matches!(program.deletes(fintan).await, SyncOutcome::Hidden));
        assert_eq!(ids(&portal, "Ben").await.len(), 1);
    }

    async fn a_deleted_account_is_seen_again_by_each_of_its_keys(portal: Portal) {
        let program = proposing(&portal).await;
        let with_local_id = |name: &str| {
            let mut new = newcomer(name, None);
            new.cells.texts.insert(Attribute::LocalId, "Q77".into());
            new
        };
        let id = program.made(&with_local_id("OQuennell")).await.account.id;
        for (again, key) in [
            (newcomer("oquennell", None), KnownKey::UserName),
            (with_local_id("another"), KnownKey::EmployeeNumber),
            (newcomer("ottilie.quennell@health.example", None), KnownKey::EmailAddress),
        ] {
            assert!(matches!(program.deletes(id).await, SyncOutcome::Hidden), "{key:?}");
            assert!(matches!(program.reads(id).await, Err(GateError::NotFound)), "{key:?}");
            let visit = portal.gate.on_behalf_of(&program.actor);
            let rehearsed = visit.rehearse_create(&program.to, &again).await.unwrap();
            assert_eq!(refusal(rehearsed), SyncRefusal::Known { key, id });
            assert!(matches!(program.reads(id).await, Err(GateError::NotFound)), "{key:?}");
            assert_eq!(refusal(program.creates(&again).await), SyncRefusal::Known { key, id });
            assert!(program.reads(id).await.is_ok(), "{key:?}");
            assert!(ids(&portal, "Ben").await.is_empty(), "taken back: {key:?}");
        }
        portal.adds_up().await;
    }

    async fn a_declined_disabling_is_refused_as_declined(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account(FINTAN).await;
        program.changes(fintan, &active(false)).await;
        let ben = portal.persona("Ben").await;
        let only = ids(&portal, "Ben").await[0];
        portal.gate.on_behalf_of(&ben).decline_proposal(only).await.unwrap();
        assert_eq!(refusal(program.changes(fintan, &active(false)).await), SyncRefusal::Declined);
    }

    async fn whoever_holds_a_role_is_proposed_where_the_connector_may_disable(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, true, None).await).await;
        let una = portal.account("una.mossley@health.example").await;
        assert_eq!(refusal(program.changes(una, &active(false)).await), SyncRefusal::RoleHolderStays);
        let asked = proposals(&portal, "Priya").await.proposals;
        assert_eq!((asked.len(), asked[0].kind, asked[0].reason), (1, ProposalKind::Disable, Some(ProposalReason::RoleHolder)));
        // Of somebody who is leaving nobody is asked.
        let dermot = portal.account("dermot.dunmore@health.example").await;
        assert_eq!(refusal(program.changes(dermot, &active(false)).await), SyncRefusal::Leaver);
        assert_eq!(ids(&portal, "Priya").await.len(), 1);
        // What is declined stays so.
        let only = ids(&portal, "Priya").await[0];
        let priya = portal.persona("Priya").await;
        portal.gate.on_behalf_of(&priya).decline_proposal(only).await.unwrap();
        assert_eq!(refusal(program.changes(una, &active(false)).await), SyncRefusal::Declined);
    }

    async fn no_program_proposes_the_end_of_its_own_connector(portal: Portal) {
        let proposing = proposing(&portal).await;
        let with_right = Program::of(&portal, connector(&portal, true, None).await).await;
        for program in [&proposing, &with_right] {
            let own = program.actor.account().unwrap();
            assert_eq!(refusal(program.changes(own, &active(false)).await), SyncRefusal::OwnAccount);
            assert_eq!(refusal(program.deletes(own).await), SyncRefusal::OwnAccount);
            let seen = program.reads(own).await.unwrap();
            let asked = BTreeMap::from([(Attribute::Organisation, "RIV01".to_owned())]);
            let visit = portal.gate.on_behalf_of(&program.actor);
            let (whom, kind) = (SyncSubject::Account(&seen), ProposalKind::Move);
            assert_eq!(visit.sync_propose(&program.to, whom, kind, asked).await.unwrap(), None);
        }
        assert!(ids(&portal, "Priya").await.is_empty());
    }

    async fn the_access_brake_counts_people_who_lost_access_once(portal: Portal) {
        let portal = portal.ruled(|rules| rules.access_brake.people = 2);
        let program = Program::of(&portal, connector(&portal, true, None).await).await;
        // Whoever is created without access loses none.
        for name in ["never1", "never2", "never3"] {
            let new = SyncWish { active: Some(false), ..newcomer(name, None) };
            assert_eq!(program.made(&new).await.account.status, AccountStatus::Disabled);
        }
        let (fintan, perrin) = (portal.account(FINTAN).await, portal.account(PERRIN).await);
        for _ in 0..4 {
            for turn in [false, true] {
                assert!(matches!(program.changes(fintan, &active(turn)).await, SyncOutcome::Changed(_)));
            }
        }
        for id in [fintan, perrin] {
            assert!(matches!(program.changes(id, &active(false)).await, SyncOutcome::Changed(_)));
        }
        let third = program.made(&newcomer("third", None)).await.account.id;
        assert_eq!(refusal(program.changes(third, &active(false)).await), SyncRefusal::Braked);
        let asked = proposals(&portal, "Priya").await.proposals;
        assert_eq!((asked.len(), asked[0].reason), (1, Some(ProposalReason::ManyLoseAccess)));
    }

    async fn a_new_account_was_mentioned_when_it_was_made(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        program.made(&newcomer("oquennell", Some("emp-7"))).await;
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let of = program.actor.account().unwrap();
        assert!(visit.connector_health(of).await.unwrap().differences.unmentioned.is_empty());
        portal.pass_seconds(31 * 86_400);
        assert_eq!(visit.connector_health(of).await.unwrap().differences.unmentioned.len(), 1);
    }

    async fn nobody_is_created_inactive_without_the_right(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let new = SyncWish { active: Some(false), ..newcomer("oquennell", None) };
        assert_eq!(refusal(program.creates(&new).await), SyncRefusal::MayNotCreateDisabled);
        assert!(ids(&portal, "Priya").await.is_empty());
    }

    async fn a_change_to_a_name_in_the_scope_says_whose_it_is(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let first = program.made(&newcomer("first", None)).await.account.id;
        let mut other = newcomer("second", None);
        other.cells.texts.insert(Attribute::FirstName, "Perdita".into());
        let second = program.made(&other).await.account.id;
        let known = SyncRefusal::Known { key: KnownKey::UserName, id: first };
        assert_eq!(refusal(program.changes(second, &edit(Attribute::UserName, "FIRST")).await), known);
        let ben = portal.account("ben.cartwright@health.example").await;
        let known = SyncRefusal::Known { key: KnownKey::EmployeeNumber, id: ben };
        assert_eq!(refusal(program.changes(second, &edit(Attribute::LocalId, "2")).await), known);
        let gwen = edit(Attribute::UserName, "gwen.ashcombe@health.example");
        assert_eq!(refusal(program.changes(second, &gwen).await), SyncRefusal::Taken, "out of sight");
    }

    async fn what_a_program_repeats_is_its_own_from_then_on(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account(FINTAN).await;
        assert!(program.reads(fintan).await.unwrap().link.said().is_empty());
        let title = "Phlebotomist".to_owned();
        let by_hand = AccountWish::Edit(Cells::of([(Attribute::JobTitle, title.as_str())]));
        done(&portal, &portal.persona("Priya").await, Wish::Account(fintan, by_hand)).await;
        let repeats = SyncWish { repeated: [(Attribute::JobTitle, title)].into(), ..SyncWish::default() };
        for _ in 0..2 {
            assert!(matches!(program.changes(fintan, &repeats).await, SyncOutcome::Unchanged(_)));
            let said = program.reads(fintan).await.unwrap().link.said();
            assert_eq!(said.into_iter().collect::<Vec<_>>(), [Attribute::JobTitle]);
        }
        program.changes(fintan, &edit(Attribute::JobTitle, domain::dictionary::CLEAR)).await;
        assert!(program.reads(fintan).await.unwrap().link.said().is_empty(), "emptied, it is nobody's");
    }
}
