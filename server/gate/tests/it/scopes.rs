//! What one may not see does not exist: it is not shown, not counted, not named in a problem, not matched by a file.

use demo::PRACTICE_FILE;
use domain::{plan::RowKind, submission::State};
use gate::{Confirmation, Filter, GateError, Query, Report, SentBy, seen};
use testkit::on_both;

use crate::{apply, file, review, told};

on_both! {
    async fn an_administrator_elsewhere_finds_nothing_of_a_submission(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        let visit = portal.gate.on_behalf_of(&gwen);
        assert!(matches!(visit.review(&id, Filter::default()).await, Err(GateError::NotFound)));
        assert!(matches!(visit.report(&id, Report::Result).await, Err(GateError::NotFound)));
        let said = Confirmation { seen: 0, look_alikes: None, typed: None };
        assert!(matches!(visit.confirm(&id, said).await, Err(GateError::NotFound)));
        assert!(matches!(visit.decline(&id).await, Err(GateError::NotFound)));
        assert!(visit.submissions(SentBy::Anybody, None, 10).await.unwrap().is_empty());
    }

    async fn colleagues_see_a_submission_but_only_its_sender_decides_on_it(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, PRACTICE_FILE).await;
        for name in ["Priya", "Aled", "Grace"] {
            let colleague = portal.persona(name).await;
            let shown = review(&portal, &colleague, &id).await;
            assert!(!shown.is_mine);
            let said = Confirmation { seen: seen(&shown.submission), look_alikes: None, typed: None };
            assert!(matches!(portal.gate.on_behalf_of(&colleague).confirm(&id, said).await, Err(GateError::Denied)), "{name}");
        }
        for name in ["Hamid", "Una"] {
            let outsider = portal.persona(name).await;
            let looked = portal.gate.on_behalf_of(&outsider).review(&id, Filter::default()).await;
            assert!(matches!(looked, Err(GateError::NotFound)), "{name}");
        }
    }

    async fn a_file_reaches_nobody_outside_its_senders_scope(portal: Portal) {
        let gwen = portal.persona("Gwen").await;
        let ben_id = portal.account("ben.cartwright@health.example").await;
        let text = format!(
            "ID,LocalID,ODSCode,FirstName,LastName,EmailAddress\n\
            {ben_id},,,Mallory,,\n,1001,RIV,Mallory,Grey,\n,1001,XXX,Mallory,Grey,\n,1001,G7H8J,Mallory,Grey,\n,,G7H8J,Nia,Bold,ben.cartwright@health.example\n,,,Nia,Bold,ben.cartwright@health.example\n"
        );
        let id = portal.upload(&gwen, &text).await;
        let shown = review(&portal, &gwen, &id).await;
        insta::assert_snapshot!(told(&shown));
        let reason = |row: usize| shown.rows[row].planned.step.problems()[0].kind.clone();
        assert_eq!(reason(1), reason(2), "a code out of scope is answered like one that does not exist");
    }

    async fn lists_and_persons_end_at_the_scope(portal: Portal) {
        let gwen = portal.persona("Gwen").await;
        let visit = portal.gate.on_behalf_of(&gwen);
        let all = visit.accounts(&Query::default()).await.unwrap();
        assert_eq!(all.people.len(), 14);
        assert!(all.people.iter().all(|listed| listed.person.organisation.as_str() == "G7H8J"));
        let ben = portal.account("ben.cartwright@health.example").await;
        assert!(matches!(visit.account(ben).await, Err(GateError::NotFound)));
        assert!(visit.account_history(ben).await.unwrap().is_none());
        let search = Query { words: "cartwright".into(), ..Query::default() };
        assert!(visit.accounts(&search).await.unwrap().people.is_empty());
        assert_eq!(visit.organisations(100).await.unwrap().len(), 1);
    }

    async fn who_may_not_upload_is_told_so_and_nothing_is_kept(portal: Portal) {
        for name in ["Hamid", "Aled"] {
            let person = portal.persona(name).await;
            let arriving = gate::Arriving {
                channel: domain::channel::Channel::PortalCsv,
                file_name: "x.csv".into(),
                bytes: PRACTICE_FILE.as_bytes().to_vec(),
            };
            let sent = portal.gate.on_behalf_of(&person).submit(arriving).await;
            assert!(matches!(sent, Err(GateError::Denied)), "{name}");
        }
    }

    async fn an_administrator_of_one_unit_creates_and_changes_people_of_that_unit_only(portal: Portal) {
        let una = portal.persona("Una").await;
        let people = portal.gate.on_behalf_of(&una).accounts(&Query::default()).await.unwrap().people;
        assert!(!people.is_empty());
        for listed in &people {
            assert!(listed.person.attributes.text(domain::dictionary::Attribute::Unit).starts_with("Medicine"));
        }
        let text = "LocalID,ODSCode,OrganisationalUnit,FirstName,LastName\n\
            9001,RIV,Ward 7,Ada,Bright\n9002,RIV,Surgery,Ann,Lee\n9003,RIV,,Amy,Moon\n";
        let id = portal.upload(&una, text).await;
        insta::assert_snapshot!(told(&review(&portal, &una, &id).await));
        apply(&portal, &una, &id).await;
        let applied = review(&portal, &una, &id).await;
        assert_eq!(applied.submission.state, State::Applied);
        let ada = domain::values::ids::AccountId(applied.rows[0].subject.unwrap());
        assert_eq!(portal.gate.on_behalf_of(&una).account_history(ada).await.unwrap().unwrap().len(), 1);
    }

    async fn the_trusts_administrator_works_in_the_child_organisations_too(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = portal.upload(&ben, &file(&["9001,RIV01,Ada,Bright,", "2001,RIV01,,,07700 900999"])).await;
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!((totals.of(RowKind::Create), totals.of(RowKind::Update)), (1, 1));
    }
}
