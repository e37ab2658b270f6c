//! One thing for many people at once, and looking people up: always within what one may see.

use demo::PRACTICE_FILE;
use domain::{
    account::{Account, AccountStatus},
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    plan::RowKind,
    policy::Actor,
    request::{AccountWish, Cells, Wish},
    submission::State,
};
use gate::{Act, ActKind, GateError, Query, Whom};
use testkit::{Portal, SERVICE, on_both};

use crate::{apply, review};

async fn ask(
    portal: &Portal,
    actor: &Actor,
    whom: &Whom,
    act: Act,
) -> Result<domain::values::ids::SubmissionId, GateError> {
    let asked = portal.gate.on_behalf_of(actor).ask_for_many("Test", whom, &act).await;
    portal.work().await;
    asked
}

fn of_organisation(code: &str) -> Query {
    Query {
        organisation: Some(code.to_owned()),
        statuses: vec![AccountStatus::Active],
        ..Query::default()
    }
}

on_both! {
    async fn those_ticked_are_changed_and_who_is_out_of_sight_is_not_even_counted(portal: Portal) {
        let gwen = portal.persona("Gwen").await;
        let own = portal.gate.on_behalf_of(&gwen).all_accounts(&of_organisation("G7H8J"), 100).await.unwrap();
        let one = own.iter().find(|account| Some(account.id) != gwen.account()).unwrap().id;
        let ben = portal.account("ben.cartwright@health.example").await;
        let whom = Whom::These(vec![ben, one, one]);
        assert_eq!(portal.gate.on_behalf_of(&gwen).how_many(&whom).await.unwrap(), 1);
        let id = ask(&portal, &gwen, &whom, Act::Turn(Turn::Disable)).await.unwrap();
        let shown = review(&portal, &gwen, &id).await;
        assert_eq!((shown.submission.state, shown.rows.len()), (State::Planned, 1));
        assert_eq!(portal.standing(one).await.status, AccountStatus::Active, "nothing before it is confirmed");
        apply(&portal, &gwen, &id).await;
        assert_eq!(portal.standing(one).await.status, AccountStatus::Disabled);
        assert_eq!(portal.standing(ben).await.status, AccountStatus::Active);
        let nobody = ask(&portal, &gwen, &Whom::These(vec![ben]), Act::Turn(Turn::Disable)).await;
        assert!(matches!(nobody, Err(GateError::NotFound)));
    }

    async fn what_was_asked_for_many_is_asked_for_otherwise_in_its_place(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let (jem, hamid) = (
            portal.account("jem.larkspur@health.example").await,
            portal.account("hamid.noorzai@health.example").await,
        );
        let to = |code| Act::Move(Box::new(Cells::of([(Attribute::Organisation, code)])));
        let before = ask(&portal, &ben, &Whom::These(vec![jem, hamid]), to("RIV01")).await.unwrap();
        let again = Whom::Asked(before.clone());
        let visit = portal.gate.on_behalf_of(&ben);
        let (act, _) = visit.open_act(&before).await.unwrap();
        assert!(matches!(act, Act::Move(cells) if cells.text(Attribute::Organisation) == "RIV01"));
        assert_eq!(visit.how_many(&again).await.unwrap(), 2);
        let others = portal.gate.on_behalf_of(&priya).open_act(&before).await;
        assert!(matches!(others, Err(GateError::NotFound)));
        let after = ask(&portal, &ben, &again, to("RIV02")).await.unwrap();
        assert_eq!(review(&portal, &ben, &after).await.rows.len(), 2);
        assert_eq!(review(&portal, &ben, &before).await.submission.state, State::Declined);
        assert!(matches!(visit.open_act(&before).await, Err(GateError::NotFound)));
    }

    async fn all_of_a_search_go_to_another_organisation(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let whom = Whom::Search(of_organisation("RIV02"));
        let many = visit.how_many(&whom).await.unwrap();
        let cells = Cells::of([(Attribute::Organisation, "RIV01"), (Attribute::Unit, "Paediatrics")]);
        let id = ask(&portal, &ben, &whom, Act::Move(Box::new(cells))).await.unwrap();
        let totals = review(&portal, &ben, &id).await.submission.totals;
        assert_eq!(u64::from(totals.of(RowKind::Update)), many);
        apply(&portal, &ben, &id).await;
        assert_eq!(visit.count_accounts(&of_organisation("RIV02")).await.unwrap(), 0);
    }

    async fn those_that_an_upload_made_can_be_acted_on(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let upload = portal.upload(&ben, PRACTICE_FILE).await;
        let whom = Whom::Upload(upload.clone(), RowKind::Create);
        assert_eq!(portal.gate.on_behalf_of(&ben).how_many(&whom).await.unwrap(), 0, "nobody is made yet");
        apply(&portal, &ben, &upload).await;
        let mut names = Vec::new();
        let visit = portal.gate.on_behalf_of(&ben);
        let gather = |accounts: Vec<Account>| {
            names.extend(accounts.iter().map(Account::full_name));
            std::future::ready(Ok(()))
        };
        visit.each_of(&whom, 1000, gather).await.unwrap();
        assert_eq!(names.len(), 30);
        let gwen = portal.persona("Gwen").await;
        assert!(matches!(portal.gate.on_behalf_of(&gwen).meant(&whom).await, Err(GateError::NotFound)));
    }

    async fn only_what_one_may_do_somewhere_is_offered_or_taken(portal: Portal) {
        let (ben, hamid, aled) = (portal.persona("Ben").await, portal.persona("Hamid").await, portal.persona("Aled").await);
        assert_eq!(portal.gate.on_behalf_of(&ben).acts().await.unwrap(), ActKind::ALL);
        let of_hamid = [Turn::Disable, Turn::Enable, Turn::Unlock].map(ActKind::Turn);
        assert_eq!(portal.gate.on_behalf_of(&hamid).acts().await.unwrap(), of_hamid);
        assert!(portal.gate.on_behalf_of(&aled).acts().await.unwrap().is_empty());
        let whom = Whom::Search(of_organisation("RIV02"));
        let tried = ask(&portal, &hamid, &whom, Act::Turn(Turn::Delete)).await;
        assert!(matches!(tried, Err(GateError::Denied)));
    }

    async fn the_directory_is_for_everybody_and_says_no_more_than_it_shows(portal: Portal) {
        let lark = portal.person("jem.larkspur@health.example").await;
        let account = lark.account().unwrap();
        let visit = portal.gate.on_behalf_of(&lark);
        let found = visit.look_up("gwen ashc").await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].organisation, "Mill Lane Surgery");
        assert!(visit.look_up("g").await.unwrap().is_empty());
        // Whose a local ID is, the directory does not say.
        assert!(visit.look_up("1001").await.unwrap().is_empty());
        let entry = visit.entry(account.0).await.unwrap();
        assert!(entry.attributes.get(Attribute::Mobile).is_some());
        assert!(entry.attributes.get(Attribute::LocalId).is_none() && entry.attributes.get(Attribute::Quota).is_none());
        let hide = Cells::of([(Attribute::HideMobile, "yes")]);
        let hidden = vec![Wish::Account(account, AccountWish::Edit(hide))];
        portal.gate.on_behalf_of(&SERVICE).establish(hidden).await.unwrap();
        assert!(visit.entry(account.0).await.unwrap().attributes.get(Attribute::Mobile).is_none());
        let disable = Wish::Account(account, AccountWish::Turn(Turn::Disable));
        portal.gate.on_behalf_of(&SERVICE).establish(vec![disable]).await.unwrap();
        assert!(matches!(visit.entry(account.0).await, Err(GateError::NotFound)));
        assert!(visit.look_up("jem larkspur").await.unwrap().is_empty());
    }

    async fn an_organisations_history_names_only_who_is_still_in_sight(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let code = OrganisationCode::parse("RIV").unwrap();
        let account = portal.account("jem.larkspur@health.example").await;
        let cells = Cells::of([(Attribute::Organisation, "HLD01")]);
        let whom = Whom::These(vec![account]);
        let id = ask(&portal, &grace, &whom, Act::Move(Box::new(cells))).await.unwrap();
        apply(&portal, &grace, &id).await;
        let trail = portal.gate.on_behalf_of(&ben).organisation_history(&code, None, 5).await.unwrap();
        let (last, event) = &trail.events[0];
        assert_eq!(event.fact.person(), Some(account.0));
        assert!(!trail.names.contains_key(&account.0));
        let before = portal.gate.on_behalf_of(&ben).organisation_history(&code, Some(*last), 5).await.unwrap();
        assert!(before.events.iter().all(|(number, _)| number < last));
        for name in ["Gwen", "Hamid", "Una"] {
            let other = portal.persona(name).await;
            let looked = portal.gate.on_behalf_of(&other).organisation_history(&code, None, 5).await;
            assert!(matches!(looked, Err(GateError::NotFound)), "{name}");
        }
    }
}
