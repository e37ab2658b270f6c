//! What a connector's program asks for and may not do: kept for the administrators, with the values, until it is taken back or
//! has come true.

use std::collections::BTreeMap;

use domain::{
    connector::ProposalKind,
    dictionary::{Attribute, CLEAR},
    request::{AccountWish, Cells, Wish},
    values::ids::{AccountId, ContactId, ProposalId},
};
use gate::{GateError, ProposalQuery, SyncOutcome, SyncSubject, SyncWish};
use testkit::{Portal, on_both};

use crate::{
    apply,
    grants::done,
    syncing::{Program, connector},
};

type Asked = BTreeMap<Attribute, String>;

fn asked(texts: &[(Attribute, &str)]) -> Asked {
    let texts = texts.iter();
    texts
        .map(|(attribute, text)| (*attribute, (*text).to_owned()))
        .collect()
}

fn to(code: &str) -> Asked {
    asked(&[(Attribute::Organisation, code)])
}

/// What waits for Ben: the IDs, the kinds, and the values.
async fn waiting(portal: &Portal) -> Vec<(ProposalId, ProposalKind, Asked)> {
    let ben = portal.persona("Ben").await;
    let visit = portal.gate.on_behalf_of(&ben);
    let found = visit.proposals(ProposalQuery::default()).await.unwrap().proposals;
    found
        .into_iter()
        .map(|listed| (listed.id, listed.kind, listed.asked))
        .collect()
}

impl Program<'_> {
    async fn moves(&self, id: AccountId, code: &str) {
        let seen = self.reads(id).await.unwrap();
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        let subject = SyncSubject::Account(&seen);
        visit
            .sync_propose(&self.to, subject, ProposalKind::Move, to(code))
            .await
            .unwrap();
    }

    async fn says(&self, id: ContactId, texts: &[(Attribute, &str)]) {
        let visit = self.portal.gate.on_behalf_of(&self.actor);
        let seen = visit.synced_contact(&self.to, id).await.unwrap();
        let (subject, kind) = (SyncSubject::Contact(&seen), ProposalKind::EditContact);
        visit.sync_propose(&self.to, subject, kind, asked(texts)).await.unwrap();
    }
}

on_both! {
    async fn a_move_is_proposed_within_the_scope_until_it_is_taken_back(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account("fintan.gillespie@health.example").await;
        for code in ["G7H8J", "NOSUCH", "no code", ""] {
            program.moves(fintan, code).await;
            assert!(waiting(&portal).await.is_empty(), "{code}");
        }
        program.moves(fintan, " riv01 ").await;
        let found = waiting(&portal).await;
        assert_eq!((found.len(), found[0].1, &found[0].2), (1, ProposalKind::Move, &to("RIV01")));
        // A change of something else takes nothing back.
        let edit = SyncWish { cells: Cells::of([(Attribute::JobTitle, "Phlebotomist")]), ..SyncWish::default() };
        assert!(matches!(program.changes(fintan, &edit).await, SyncOutcome::Changed(_)));
        assert_eq!(waiting(&portal).await.len(), 1);
        let stays = SyncWish { stays: true, ..SyncWish::default() };
        assert!(matches!(program.changes(fintan, &stays).await, SyncOutcome::Unchanged(_)));
        assert!(waiting(&portal).await.is_empty());
        program.moves(fintan, "RIV01").await;
        assert_eq!(waiting(&portal).await.len(), 1);
        let moved = AccountWish::Move(Cells::of([(Attribute::Organisation, "RIV01")]));
        done(&portal, &portal.persona("Priya").await, Wish::Account(fintan, moved)).await;
        assert!(waiting(&portal).await.is_empty(), "they are there");
    }

    async fn what_was_refused_is_taken_back_where_nothing_changes(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account("fintan.gillespie@health.example").await;
        let off = SyncWish { active: Some(false), says_active: Some(false), ..SyncWish::default() };
        assert!(matches!(program.changes(fintan, &off).await, SyncOutcome::Refused(_)));
        assert_eq!(waiting(&portal).await.len(), 1);
        // The account is active still, so to say so asks for no change.
        let on = SyncWish { says_active: Some(true), ..SyncWish::default() };
        assert!(matches!(program.changes(fintan, &on).await, SyncOutcome::Unchanged(_)));
        assert!(waiting(&portal).await.is_empty());
    }

    async fn what_is_said_of_a_contact_is_kept_and_can_be_accepted(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let contact = visit.contacts(&gate::Query::default()).await.unwrap().people[0].person.clone();
        let notes = (Attribute::Notes, "Calls back on Mondays");
        program.says(contact.id, &[]).await;
        assert!(waiting(&portal).await.is_empty());
        program.says(contact.id, &[(Attribute::Telephone, "01632 960199")]).await;
        program.says(contact.id, &[notes, (Attribute::LastName, contact.attributes.text(Attribute::LastName))]).await;
        let found = waiting(&portal).await;
        let both = asked(&[(Attribute::Telephone, "01632 960199"), notes]);
        assert_eq!((found.len(), found[0].1, &found[0].2), (1, ProposalKind::EditContact, &both));
        // What is as it is again is asked for no longer.
        let telephone = match contact.attributes.text(Attribute::Telephone) {
            "" => CLEAR,
            there => there,
        };
        program.says(contact.id, &[(Attribute::Telephone, telephone)]).await;
        let found = waiting(&portal).await;
        assert_eq!((found.len(), &found[0].2), (1, &asked(&[notes])));
        let id = visit.accept_proposals(&[found[0].0]).await.unwrap();
        portal.work().await;
        apply(&portal, &ben, &id).await;
        let now = visit.contact(contact.id).await.unwrap().0;
        assert_eq!(now.attributes.text(Attribute::Notes), notes.1);
        assert!(waiting(&portal).await.is_empty());
        portal.adds_up().await;
    }

    async fn nobody_proposes_without_the_right_or_on_what_has_changed(portal: Portal) {
        let program = Program::of(&portal, connector(&portal, false, None).await).await;
        let fintan = portal.account("fintan.gillespie@health.example").await;
        let seen = program.reads(fintan).await.unwrap();
        let aled = portal.persona("Aled").await;
        let visit = portal.gate.on_behalf_of(&aled);
        let refused = visit.sync_propose(&program.to, SyncSubject::Account(&seen), ProposalKind::Move, to("RIV01")).await;
        assert!(matches!(refused, Err(GateError::Denied)), "{refused:?}");
        let edit = SyncWish { cells: Cells::of([(Attribute::JobTitle, "Phlebotomist")]), ..SyncWish::default() };
        program.changes(fintan, &edit).await;
        let visit = portal.gate.on_behalf_of(&program.actor);
        let late = visit.sync_propose(&program.to, SyncSubject::Account(&seen), ProposalKind::Move, to("RIV01")).await;
        assert!(matches!(late, Err(GateError::Stale)), "{late:?}");
        assert!(waiting(&portal).await.is_empty());
    }
}
