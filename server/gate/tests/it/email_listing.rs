//! What came by email, as operators, connectors and those who see them are shown it.

use domain::{submission::State, trail::Action};
use gate::GateError;
use testkit::{NOON, mail::TestMail, on_both};

use crate::{
    email_runs::{JEM, NO_LIST, recorded, sender},
    file,
    grants::DAY,
};

on_both! {
    async fn a_connectors_mails_are_shown_to_those_who_see_them(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let id = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        portal.pass_seconds(60);
        portal.mail(&jem, NO_LIST).await;
        let account = jem.account().unwrap();
        for actor in [jem.clone(), portal.persona("Priya").await, portal.persona("Grace").await] {
            let shown = portal.gate.on_behalf_of(&actor).connector_emails(account).await.unwrap();
            let states: Vec<_> = shown.mails.iter().map(|(_, file)| file.as_ref().map(|file| file.state)).collect();
            assert_eq!(states, [Some(State::Unreadable), Some(State::Planned)]);
            assert_eq!(shown.waiting.map(|file| file.id), Some(id.clone()));
            assert_eq!(shown.oldest_waiting, Some(NOON));
            assert_eq!(shown.next_run, NOON.plus_seconds(7 * DAY / 24));
        }
        let gwen = portal.persona("Gwen").await;
        let hidden = portal.gate.on_behalf_of(&gwen).connector_emails(account).await;
        assert!(matches!(hidden, Err(GateError::NotFound | GateError::Denied)));
    }

    async fn a_file_that_a_later_one_replaces_is_so_in_every_list(portal: Portal) {
        let jem = sender(&portal, JEM, "RIV").await;
        let older = portal.mail(&jem, &file(&["1002,RIV,,,07700 900111"])).await;
        portal.mail(&jem, &file(&["1002,RIV,,,07700 900222"])).await;
        let visit = portal.gate.on_behalf_of(&jem);
        let emails = visit.connector_emails(jem.account().unwrap()).await.unwrap();
        assert_eq!(emails.replaced, std::slice::from_ref(&older));
        let sent = visit.own_tokens().await.unwrap().sent;
        assert_eq!(sent.len(), 2);
        assert_eq!(visit.replaced_among(&sent).await.unwrap(), [older]);
        // The operator types how many a run would apply.
        let grace = portal.persona("Grace").await;
        let overview = portal.gate.on_behalf_of(&grace).email_overview().await.unwrap();
        assert_eq!((overview.waiting, overview.to_apply, overview.to_replace, overview.held), (2, 1, 1, 0));
    }

    async fn the_source_of_a_mail_is_for_global_administrators_and_recorded(portal: Portal) {
        let mail = TestMail::of(JEM, &file(&["1002,RIV,,,07700 900222"])).unproved();
        portal.send_mail(&mail).await;
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        let (listed, next) = portal.gate.on_behalf_of(&grace).email_set_aside(None).await.unwrap();
        assert_eq!((listed.len(), next, listed[0].from.as_str(), listed[0].has_source), (1, None, JEM, true));
        let seq = listed[0].seq;
        assert!(matches!(portal.gate.on_behalf_of(&priya).email_source(seq).await, Err(GateError::Denied)));
        let visit = portal.gate.on_behalf_of(&grace);
        let source = String::from_utf8(visit.email_source(seq).await.unwrap()).unwrap();
        assert!(source.contains("Subject: Staff list\r\n") && source.contains("auth=none"), "{source}");
        assert!(matches!(visit.email_source(seq + 1).await, Err(GateError::NotFound)));
        let sentence = format!("Downloaded the source of email {seq}");
        assert_eq!(recorded(&portal, Action::EmailSourceRead).await, [("Grace Lindholm".into(), String::new(), sentence)]);
    }
}
