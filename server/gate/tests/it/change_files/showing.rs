//! Who sees which customer, seats and files.

use domain::{
    customer::Customer,
    grant::Terms,
    organisation::OrganisationCode,
    policy::Role,
    request::{RoleWish, Wish},
};
use gate::{ChangeFileShown, CustomerGaps, FileState, GateError, Pool};
use testkit::{
    change_files::{COLLAB, MAIL_STORAGE},
    on_both,
};

use super::{FINTAN, LOWRI, MAREK, begun, bring, titled};

fn code(text: &str) -> OrganisationCode {
    OrganisationCode::parse(text).unwrap()
}

on_both! {
    async fn customers_are_seen_by_those_who_manage_them_or_their_seats(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let (grace, priya, ben) = (portal.persona("Grace").await, portal.persona("Priya").await, portal.persona("Ben").await);
        let listed = portal.gate.on_behalf_of(&grace).customers().await.unwrap();
        assert_eq!(listed.iter().map(|shown| shown.customer.number).collect::<Vec<_>>(), [customer.number]);
        assert_eq!(listed[0].subscriptions.len(), 10);
        for (actor, sees) in [(&grace, true), (&priya, true), (&ben, false)] {
            let visit = portal.gate.on_behalf_of(actor);
            assert_eq!(visit.customer(customer.number).await.is_ok(), sees);
            assert_eq!(visit.change_files(customer.number, None).await.is_ok(), sees);
            assert_eq!(visit.seat_holders(COLLAB.to_string().parse().unwrap(), None).await.is_ok(), sees);
            // An organisation below it belongs to the same customer.
            assert_eq!(visit.customer_of(&code("RIV01")).await.is_ok(), sees);
        }
        let by_ben = portal.gate.on_behalf_of(&ben).customers().await;
        assert!(matches!(by_ben, Err(GateError::NotFound)));
        let elsewhere = portal.gate.on_behalf_of(&grace).customer_of(&code("G7H8J")).await.unwrap();
        assert!(elsewhere.is_none(), "it is no customer");
    }

    async fn a_connector_that_may_not_send_files_is_told_of(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let grace = portal.persona("Grace").await;
        let visit = portal.gate.on_behalf_of(&grace);
        let known = visit.customer(customer.number).await.unwrap();
        assert!(!known.connector_fails);
        assert_eq!(visit.customer_gaps(&known.customer).await.unwrap(), CustomerGaps::default());
        let mut other = Customer { connector: Some(portal.account(LOWRI).await), ..known.customer };
        // Before it is set, too.
        other.compatible.push(("C1".to_owned(), "B200".to_owned()));
        let gaps = visit.customer_gaps(&other).await.unwrap();
        assert_eq!((gaps.connector_fails, gaps.parts), (true, vec!["B200".to_owned()]));
        portal.make_so(vec![Wish::Customer(Box::new(other))]).await;
        assert!(portal.gate.on_behalf_of(&grace).customer(customer.number).await.unwrap().connector_fails);
    }

    async fn who_manages_seats_of_a_part_sees_who_has_one_and_no_files(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let olwen = portal.person("olwen.adeyemi@health.example").await;
        let role = RoleWish::Grant {
            role: Role::PrimaryLocalAdministrator,
            organisation: code("RIV01"),
            unit: None,
            terms: Terms::default(),
        };
        portal.make_so(vec![Wish::Role(olwen.account().unwrap(), role)]).await;
        let visit = portal.gate.on_behalf_of(&olwen);
        assert!(visit.customer_of(&code("RIV01")).await.unwrap().is_some());
        assert!(visit.seat_holders(COLLAB.to_string().parse().unwrap(), None).await.is_ok());
        assert!(visit.subscription(COLLAB.to_string().parse().unwrap()).await.is_ok());
        assert!(matches!(visit.customer(customer.number).await, Err(GateError::NotFound)));
        assert!(matches!(visit.change_files(customer.number, None).await, Err(GateError::NotFound)));
    }

    async fn seats_and_storage_are_shown_as_files_give_them(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let rows = format!(
            "EmailAddress,Action,SubscriptionId,AltEmailAddress,MailExtraStorage\n\
             {FINTAN},AssignSeat,69052,fintan@home.example,\n\
             {FINTAN},ChangeStorage,69052,,10\n\
             {MAREK},AssignSeat,69050,,\n\
             {LOWRI},AssignSeat,69050,,\n"
        );
        assert_eq!(portal.change_file(&customer, &rows).await.results(), ["Done"; 4]);
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let shown = visit.customer(customer.number).await.unwrap();
        assert_eq!(shown.storage.mail, Pool { gigabytes: 30, taken: 10 });
        let collab = shown.subscriptions.iter().find(|known| known.subscription.number.get() == COLLAB).unwrap();
        assert_eq!((collab.taken, collab.free()), (2, 2));
        let holders = visit.seat_holders(collab.subscription.number, None).await.unwrap();
        let mut held: Vec<_> = holders.people.iter().map(|holder| holder.address.as_str()).collect();
        held.sort_unstable();
        assert_eq!((held, holders.next), (vec![LOWRI, MAREK], None));
        let fintan = portal.account(FINTAN).await;
        let seats = visit.seats(fintan).await.unwrap();
        assert_eq!(seats.iter().map(|shown| shown.subscription.name.as_str()).collect::<Vec<_>>(), ["Mail"]);
        assert_eq!(seats[0].seat.mail_extra_gb, 10);
        assert_eq!(visit.subscriptions_for(fintan).await.unwrap().len(), 10);
        let (known, of) = visit.subscription(MAIL_STORAGE.to_string().parse().unwrap()).await.unwrap();
        assert_eq!((known.subscription.gigabytes, of.number), (30, customer.number));
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        assert_eq!(visit.seats(fintan).await.unwrap().len(), 1, "who sees the account sees its seats");
        assert_eq!(visit.subscriptions_for(fintan).await.unwrap(), vec![]);
    }

    async fn files_are_listed_with_where_they_stand(portal: Portal) {
        let customer = portal.customer(|_| {}).await;
        let first = portal.change_file(&customer, &titled(FINTAN, "Porter")).await;
        portal.pass_seconds(60);
        portal.change_file(&customer, "no header\n").await;
        portal.pass_seconds(60);
        let last = begun(bring(&portal, &customer, "30020506_hr_PRV_9.csv", &titled(FINTAN, "Nurse")).await);
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let listed = visit.change_files(customer.number, None).await.unwrap();
        let told = |file: &ChangeFileShown| (file.number, file.state, file.why.is_some(), file.reported_at.is_some());
        assert_eq!(listed.files.iter().map(told).collect::<Vec<_>>(), [
            (Some(9), FileState::Taken, false, false),
            (Some(2), FileState::Failed, true, true),
            (Some(1), FileState::Taken, false, true),
        ]);
        let counts = |file: &ChangeFileShown| file.counts.map(|counts| counts.sentence());
        let counted: Vec<_> = listed.files.iter().map(counts).collect();
        assert_eq!(counted, [None, None, Some("1 row: 1 done".to_owned())]);
        assert_eq!((listed.files[0].id.as_str(), listed.next), (last.as_str(), None));
        let of = first.submission.unwrap();
        assert_eq!(visit.change_file_of(&of).await.unwrap().unwrap().number, Some(1));
        let lines = visit.change_file_lines(&of, None).await.unwrap();
        assert_eq!((lines.lines.len(), lines.more, lines.summary.done), (1, false, 1));
        // Whatever is downloaded of it is its report.
        let (name, report) = visit.report(&of, gate::Report::Result).await.unwrap();
        assert_eq!(name, "30020506_hr_PRV_1.report.csv");
        assert!(String::from_utf8(report).unwrap().starts_with("Line,EmailAddress,Action,Result"));
    }
}
