//! People one at a time: created, changed, leaving, joining, moved and offered, each asked for by a form.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    offer::OfferEnd,
    organisation::OrganisationCode,
    policy::Actor,
    problem::Kind,
    request::{AccountWish, Cells, ContactWish, Wish},
    submission::State,
    values::ids::{ContactId, OfferId},
};
use gate::{Asked, GateError, MadeLink, calendar};
use testkit::{Portal, SERVICE, on_both};

use crate::{confirm, review};

/// Asks, confirms what is shown, and gives back the links made on the way.
pub(crate) async fn done(portal: &Portal, actor: &Actor, wish: Wish) -> Vec<MadeLink> {
    let visit = portal.gate.on_behalf_of(actor);
    let Asked::Planned(id) = visit.ask("Test", wish.clone()).await.unwrap() else {
        panic!("cannot be done: {wish:?}")
    };
    let said = gate::Confirmation {
        seen: gate::seen(&visit.submission(&id).await.unwrap()),
        look_alikes: Some(domain::submission::LookAlikes::Create),
        typed: None,
    };
    let links = visit.confirm(&id, said).await.unwrap();
    assert_eq!(visit.submission(&id).await.unwrap().state, State::Applied, "{wish:?}");
    links
}

/// Why it cannot be done.
pub(crate) async fn refused(portal: &Portal, actor: &Actor, wish: Wish) -> Vec<Kind> {
    match portal.gate.on_behalf_of(actor).ask("Test", wish).await.unwrap() {
        Asked::Wrong(problems) => problems.into_iter().map(|problem| problem.kind).collect(),
        other => panic!("{other:?}"),
    }
}

async fn denied(portal: &Portal, actor: &Actor, wish: Wish) -> bool {
    let asked = portal.gate.on_behalf_of(actor).ask("Test", wish).await;
    matches!(asked, Err(GateError::Denied))
}

pub(crate) fn new_person(first: &str, last: &str, local_id: &str) -> Wish {
    Wish::NewAccount(Cells::of([
        (Attribute::FirstName, first),
        (Attribute::LastName, last),
        (Attribute::LocalId, local_id),
        (Attribute::Organisation, "RIV"),
    ]))
}

pub(crate) fn in_organisation(code: &str) -> Cells {
    Cells::of([(Attribute::Organisation, code)])
}

pub(crate) async fn contact(portal: &Portal, actor: &Actor, code: &str) -> ContactId {
    let cells = Cells::of([
        (Attribute::FirstName, "Wanda"),
        (Attribute::LastName, "Outside"),
        (Attribute::EmailAddress, "wanda@council.example"),
        (Attribute::Organisation, code),
    ]);
    done(portal, actor, Wish::NewContact(cells)).await;
    let query = gate::Query {
        words: "wanda outside".into(),
        ..gate::Query::default()
    };
    let found = portal.gate.on_behalf_of(actor).contacts(&query).await.unwrap();
    found.people.last().unwrap().person.id
}

/// What the trust's history says last, and how many details that changed.
async fn last_of_riverside(portal: &Portal, actor: &Actor) -> (String, usize) {
    let code = OrganisationCode::parse("RIV").unwrap();
    let visit = portal.gate.on_behalf_of(actor);
    let trail = visit.organisation_history(&code, None, 1).await.unwrap();
    let fact = &trail.events[0].1.fact;
    (fact.sentence_in(&code, calendar::day), fact.changes().len())
}

on_both! {
    async fn a_form_creates_and_never_changes_somebody_who_is_here(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let links = done(&portal, &ben, new_person("Ada", "Bright", "n1")).await;
        assert!(links[0].url.starts_with("http://127.0.0.1:3000/start/"));
        let ada = portal.account("ada.bright@health.example").await;
        assert_eq!(portal.standing(ada).await.status, AccountStatus::Pending);
        assert_eq!(portal.letters_to("ada.bright@health.example").await.len(), 1);
        let holder = Some("Ada Bright".to_owned());
        // The same local ID is somebody's now, and a form does not fall back to changing them.
        assert_eq!(refused(&portal, &ben, new_person("Eve", "Other", "n1")).await, [Kind::LocalIdTaken { holder }]);
        let alike = portal.gate.on_behalf_of(&ben).ask("Test", new_person("Ada", "Bright", "n2")).await.unwrap();
        let Asked::Planned(id) = alike else { panic!("{alike:?}") };
        let row = &review(&portal, &ben, &id).await.rows[0];
        assert_eq!(row.planned.warnings.len(), 1);
        assert_eq!(row.planned.step.new_address().unwrap().as_str(), "ada.bright2@health.example");
    }

    async fn nobody_creates_where_they_may_not(portal: Portal) {
        let hamid = portal.persona("Hamid").await;
        assert!(refused_or_denied(&portal, &hamid, new_person("Ada", "Bright", "n1")).await);
        let gwen = portal.persona("Gwen").await;
        assert_eq!(refused(&portal, &gwen, new_person("Ada", "Bright", "n1")).await, [Kind::UnknownOrganisation]);
        let una = portal.persona("Una").await;
        let missing = refused(&portal, &una, new_person("Ada", "Bright", "n1")).await;
        assert_eq!(missing, [Kind::Missing { attribute: Attribute::Unit }]);
    }

    async fn two_who_edit_one_account_overwrite_nothing_unseen(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let hamid = portal.account("hamid.noorzai@health.example").await;
        let (account, _) = portal.gate.on_behalf_of(&ben).account(hamid).await.unwrap();
        let form = |title: &str| vec![(Attribute::JobTitle, title.to_owned())];
        let visit = portal.gate.on_behalf_of(&ben);
        let Asked::Planned(late) = visit.ask_to_edit_account(hamid, account.version, &form("Late")).await.unwrap() else { panic!() };
        let cells = Cells::of([(Attribute::JobTitle, "Early"), (Attribute::Department, "Theatre")]);
        done(&portal, &priya, Wish::Account(hamid, AccountWish::Edit(cells))).await;
        // Planned before, confirmed after: it goes back to review and shows what it would overwrite now.
        confirm(&portal, &ben, &late).await;
        let back = review(&portal, &ben, &late).await;
        assert_eq!(back.submission.state, State::Planned);
        assert_eq!(back.rows[0].planned.step.changes()[0].before.as_ref().unwrap().as_str(), "Early");
        // A form shown before is told apart, with what has moved.
        let stale = visit.ask_to_edit_account(hamid, account.version, &form("Late")).await;
        assert!(matches!(stale, Err(GateError::Stale)));
        let (now, _) = visit.account(hamid).await.unwrap();
        let (moved, then) = visit.moved_since(hamid.0, &now.attributes, now.version - account.version).await.unwrap();
        assert_eq!(moved.len(), 2);
        assert_eq!(then, account.attributes);
        assert!(moved.iter().all(|moved| moved.by.as_deref() == Some("Priya Ramanathan") && !moved.by_oneself));
        let subject = hamid.to_string();
        assert!(!visit.changed_it_oneself(&back.submission, &subject).await.unwrap());
        // In another window one is told that it was oneself.
        portal.pass_seconds(60);
        let Asked::Planned(later) = visit.ask_to_edit_account(hamid, now.version, &form("Later")).await.unwrap() else { panic!() };
        let cells = Cells::of([(Attribute::Department, "Surgery")]);
        done(&portal, &ben, Wish::Account(hamid, AccountWish::Edit(cells))).await;
        let later = review(&portal, &ben, &later).await.submission;
        assert!(visit.changed_it_oneself(&later, &subject).await.unwrap());
        let (current, _) = visit.account(hamid).await.unwrap();
        let (moved, _) = visit.moved_since(hamid.0, &current.attributes, current.version - now.version).await.unwrap();
        assert!(moved.iter().all(|moved| moved.by_oneself));
    }

    async fn marking_a_leaver_ends_their_roles_and_tells_them(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let hamid = portal.persona("Hamid").await;
        let account = hamid.account().unwrap();
        done(&portal, &priya, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        assert!(portal.gate.on_behalf_of(&hamid).profile().await.unwrap().roles.is_empty());
        let mail = portal.letters_to("hamid.noorzai@health.example").await;
        assert_eq!(mail.len(), 1, "{mail:?}");
        done(&portal, &priya, Wish::Account(account, AccountWish::Turn(Turn::KeepOn))).await;
        assert_eq!(portal.standing(account).await.status, AccountStatus::Active);
        // A role that ended stays ended.
        assert!(portal.gate.on_behalf_of(&hamid).profile().await.unwrap().roles.is_empty());
        let last = priya.account().unwrap();
        let kinds = refused(&portal, &ben, Wish::Account(last, AccountWish::Turn(Turn::MarkLeaver))).await;
        assert!(matches!(kinds[..], [Kind::LastPrimary { .. }]), "{kinds:?}");
    }

    async fn a_leaver_is_shown_to_their_finder_alone_and_becomes_what_is_asked(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let account = portal.account("jem.larkspur@health.example").await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        let mut cells = in_organisation("G7H8J");
        let becomes = [(Attribute::JobTitle, "Practice nurse"), (Attribute::Department, "(clear)"), (Attribute::LocalId, "77")];
        cells.texts.extend(becomes.map(|(attribute, text)| (attribute, text.to_owned())));
        let join = Wish::Join { address: "jem.larkspur@health.example".into(), cells };
        let visit = portal.gate.on_behalf_of(&gwen);
        let Asked::Planned(id) = visit.ask("Test", join.clone()).await.unwrap() else { panic!() };
        let along = visit.coming_along(&id).await.unwrap().unwrap();
        assert_eq!((along.text(Attribute::JobTitle), along.text(Attribute::Department)), ("Receptionist", "Support services"));
        assert_eq!((along.text(Attribute::Telephone), along.text(Attribute::LocalId)), ("+441632960991", ""));
        assert!(portal.gate.on_behalf_of(&ben).coming_along(&id).await.unwrap().is_none());
        done(&portal, &gwen, join).await;
        let joined = visit.account(account).await.unwrap().0.attributes;
        assert_eq!((joined.text(Attribute::JobTitle), joined.text(Attribute::Department)), ("Practice nurse", ""));
        assert_eq!((joined.text(Attribute::Telephone), joined.text(Attribute::LocalId)), ("+441632960991", "77"));
        assert!(visit.coming_along(&id).await.unwrap().is_none(), "nothing is shown once they are no leaver");
    }

    async fn a_leaver_is_taken_in_by_exact_address_and_nobody_else_is(portal: Portal) {
        let (ben, gwen, priya) = (portal.persona("Ben").await, portal.persona("Gwen").await, portal.persona("Priya").await);
        let join = |address: &str| Wish::Join { address: address.into(), cells: in_organisation("G7H8J") };
        // Somebody who is no leaver, and somebody who is not there at all, are answered alike.
        assert_eq!(refused(&portal, &gwen, join("hamid.noorzai@health.example")).await, [Kind::NoSuchLeaver]);
        assert_eq!(refused(&portal, &gwen, join("nobody.here@health.example")).await, [Kind::NoSuchLeaver]);
        let account = portal.account("hamid.noorzai@health.example").await;
        let quota = Cells::of([(Attribute::Quota, "20")]);
        done(&portal, &ben, Wish::Account(account, AccountWish::Edit(quota))).await;
        done(&portal, &priya, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        done(&portal, &gwen, join("HAMID.Noorzai@health.example")).await;
        let (joined, home) = portal.gate.on_behalf_of(&gwen).account(account).await.unwrap();
        assert_eq!((joined.status, home.code.as_str()), (AccountStatus::Active, "G7H8J"));
        assert_eq!(joined.attributes.text(Attribute::Quota), "4");
        assert_eq!((joined.attributes.text(Attribute::Unit), joined.attributes.text(Attribute::LocalId)), ("", ""));
        assert!(joined.attributes.text(Attribute::DisplayName).starts_with("NOORZAI, Hamid ("));
        // What happened to them elsewhere stays there; of the move each side sees its own.
        let history = portal.gate.on_behalf_of(&gwen).account_history(account).await.unwrap().unwrap();
        assert_eq!(history.len(), 1);
        let changes = history[0].fact.changes();
        assert!(changes.iter().all(|change| change.before.is_none() && change.after.is_some()), "{changes:?}");
        // The other side sees them no more, but that they went, and where to.
        assert!(matches!(portal.gate.on_behalf_of(&ben).account(account).await, Err(GateError::NotFound)));
        assert_eq!(last_of_riverside(&portal, &ben).await, ("Left for G7H8J".to_owned(), 0));
    }

    async fn a_contact_that_was_accepted_has_left_for_the_other_side(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let id = contact(&portal, &gwen, "G7H8J").await;
        done(&portal, &gwen, Wish::Contact(id, ContactWish::Offer("RIV".into()))).await;
        let offer = portal.gate.on_behalf_of(&ben).offers().await.unwrap().received[0].offer.id;
        let cells = Cells::of([(Attribute::Unit, "Estates")]);
        done(&portal, &ben, Wish::AcceptOffer(offer, cells)).await;
        let code = OrganisationCode::parse("G7H8J").unwrap();
        let trail = portal.gate.on_behalf_of(&gwen).organisation_history(&code, None, 2).await.unwrap();
        let told: Vec<_> = trail.events.iter().map(|(_, event)| event.fact.sentence_in(&code, calendar::day)).collect();
        assert_eq!(told, ["The offer to RIV was accepted", "Left for RIV"]);
        assert!(trail.events.iter().all(|(_, event)| event.fact.changes().is_empty()), "{trail:?}");
        // The side that took it in sees what it has from now on.
        let history = portal.gate.on_behalf_of(&ben).contact_history(id).await.unwrap().unwrap();
        let moved = history.iter().find(|event| !event.fact.changes().is_empty()).unwrap();
        assert!(moved.fact.changes().iter().all(|change| change.before.is_none() && change.after.is_some()));
    }

    async fn a_contact_is_not_offered_where_its_asker_could_transfer_it(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let id = contact(&portal, &ben, "RIV").await;
        let offer = |to: &str| Wish::Contact(id, ContactWish::Offer(to.into()));
        assert!(matches!(refused(&portal, &ben, offer("riv")).await[..], [Kind::ContactThereAlready { .. }]));
        assert!(matches!(refused(&portal, &ben, offer("RIV01")).await[..], [Kind::OfferToOwn { .. }]));
        assert!(matches!(refused(&portal, &grace, offer("G7H8J")).await[..], [Kind::OfferToOwn { .. }]));
        let Asked::Wrong(problems) = portal.gate.on_behalf_of(&ben).ask("Test", offer("RIV01")).await.unwrap() else { panic!() };
        assert_eq!(problems[0].place.attribute(), Some(Attribute::Organisation));
        let to_riv = Wish::Contact(id, ContactWish::Move(in_organisation("RIV")));
        assert!(matches!(refused(&portal, &ben, to_riv).await[..], [Kind::ContactThereAlready { .. }]));
        done(&portal, &ben, offer("G7H8J")).await;
    }

    async fn somebody_restored_who_never_signed_in_gets_a_new_link(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let first = done(&portal, &ben, new_person("Ada", "Bright", "n1")).await;
        let account = portal.account("ada.bright@health.example").await;
        assert_eq!(done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Delete))).await, []);
        let second = done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Restore))).await;
        assert_eq!(second.len(), 1);
        assert_eq!(portal.standing(account).await.status, AccountStatus::Pending);
        let token = |links: &[MadeLink]| links[0].url.rsplit('/').next().unwrap().to_owned();
        assert!(matches!(portal.gate.invited(&token(&first)).await, Err(GateError::NotFound)));
        assert_eq!(portal.gate.invited(&token(&second)).await.unwrap().id, account);
        assert_eq!(portal.letters_to("ada.bright@health.example").await.len(), 2);
        // Another can be made, and whoever has signed in before needs none.
        let (found, home) = portal.gate.on_behalf_of(&ben).account(account).await.unwrap();
        assert!(portal.gate.on_behalf_of(&ben).prospects(&found, &home).await.unwrap().reset_password);
        let lark = portal.account("jem.larkspur@health.example").await;
        done(&portal, &ben, Wish::Account(lark, AccountWish::Turn(Turn::Delete))).await;
        assert_eq!(done(&portal, &ben, Wish::Account(lark, AccountWish::Turn(Turn::Restore))).await, []);
    }

    async fn a_transfer_needs_both_sides_and_carries_no_rights_along(portal: Portal) {
        let (ben, grace, priya) = (portal.persona("Ben").await, portal.persona("Grace").await, portal.persona("Priya").await);
        let account = portal.account("hamid.noorzai@health.example").await;
        let to = |code| Wish::Account(account, AccountWish::Move(in_organisation(code)));
        assert_eq!(refused(&portal, &ben, to("G7H8J")).await, [Kind::UnknownOrganisation]);
        assert!(matches!(refused(&portal, &ben, to("RIV")).await[..], [Kind::SameOrganisation { .. }]));
        done(&portal, &priya, to("RIV01")).await;
        let hamid = portal.persona("Hamid").await;
        assert!(portal.gate.on_behalf_of(&hamid).profile().await.unwrap().roles.is_empty());
        done(&portal, &grace, to("G7H8J")).await;
        assert!(matches!(portal.gate.on_behalf_of(&ben).account(account).await, Err(GateError::NotFound)));
    }

    async fn an_offer_is_accepted_declined_withdrawn_and_ends_with_its_contact(portal: Portal) {
        let (ben, gwen, hamid) = (portal.persona("Ben").await, portal.persona("Gwen").await, portal.persona("Hamid").await);
        let id = contact(&portal, &ben, "RIV").await;
        let offer = || Wish::Contact(id, ContactWish::Offer("g7h8j".into()));
        assert!(refused_or_denied(&portal, &hamid, offer()).await);
        let to_nowhere = Wish::Contact(id, ContactWish::Offer("NOWHERE".into()));
        assert_eq!(refused(&portal, &ben, to_nowhere).await, [Kind::NoSuchOrganisation]);
        done(&portal, &ben, offer()).await;
        assert!(matches!(refused(&portal, &ben, offer()).await[..], [Kind::AlreadyOffered { .. }]));
        assert_eq!(portal.letters_to("gwen.ashcombe@health.example").await.len(), 1);
        let open = |portal: &Portal, gwen: &Actor| {
            let visit_gate = portal.gate.clone();
            let gwen = gwen.clone();
            async move { visit_gate.on_behalf_of(&gwen).offers().await.unwrap().received[0].offer.id }
        };
        let first: OfferId = open(&portal, &gwen).await;
        assert_eq!(portal.gate.on_behalf_of(&gwen).offers_waiting().await.unwrap(), 1);
        // Whose contact it is cannot accept for the other side, nor the other side withdraw.
        assert!(refused_or_denied(&portal, &ben, Wish::AcceptOffer(first, Cells::of([]))).await);
        assert!(refused_or_denied(&portal, &gwen, Wish::EndOffer(first, OfferEnd::Withdrawn)).await);
        done(&portal, &gwen, Wish::EndOffer(first, OfferEnd::Declined)).await;
        assert_eq!(portal.letters_to("ben.cartwright@health.example").await.len(), 1);
        done(&portal, &ben, offer()).await;
        let second = open(&portal, &gwen).await;
        done(&portal, &ben, Wish::EndOffer(second, OfferEnd::Withdrawn)).await;
        assert_eq!(refused(&portal, &gwen, Wish::AcceptOffer(second, Cells::of([]))).await, [Kind::OfferOver]);
        // Changed meanwhile, the offer follows; deleted, it ends.
        done(&portal, &ben, offer()).await;
        done(&portal, &ben, Wish::Contact(id, ContactWish::Edit(Cells::of([(Attribute::LastName, "Changed")])))).await;
        let third = open(&portal, &gwen).await;
        let (_, shown, _) = portal.gate.on_behalf_of(&gwen).received_offer(third).await.unwrap();
        assert_eq!(shown.attributes.text(Attribute::LastName), "Changed");
        done(&portal, &ben, Wish::Contact(id, ContactWish::Delete)).await;
        assert!(matches!(portal.gate.on_behalf_of(&gwen).received_offer(third).await, Err(GateError::NotFound)));
        done(&portal, &ben, Wish::Contact(id, ContactWish::Restore)).await;
        done(&portal, &ben, offer()).await;
        let fourth = open(&portal, &gwen).await;
        done(&portal, &gwen, Wish::AcceptOffer(fourth, Cells::of([]))).await;
        assert_eq!(portal.gate.on_behalf_of(&gwen).contact(id).await.unwrap().1.code.as_str(), "G7H8J");
        assert!(matches!(portal.gate.on_behalf_of(&ben).contact(id).await, Err(GateError::NotFound)));
    }

    async fn nobody_ends_themselves_and_the_helpdesk_ends_no_roles(portal: Portal) {
        let (ben, hamid) = (portal.persona("Ben").await, portal.persona("Hamid").await);
        let own = Wish::Account(ben.account().unwrap(), AccountWish::Turn(Turn::Disable));
        assert_eq!(refused(&portal, &ben, own.clone()).await, [Kind::OwnAccount]);
        assert!(matches!(refused(&portal, &hamid, own).await[..], [Kind::HoldsRole { .. }]));
        let account = portal.account("jem.larkspur@health.example").await;
        done(&portal, &hamid, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await;
    }

    async fn an_earlier_address_can_be_had_back_by_form(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = portal.account("jem.larkspur@health.example").await;
        for address in ["jem.other@health.example", "jem.larkspur@health.example"] {
            let cells = Cells::of([(Attribute::EmailAddress, address)]);
            done(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
            assert_eq!(portal.account(address).await, account);
        }
        let cells = Cells::of([(Attribute::EmailAddress, "postmaster@health.example")]);
        assert_eq!(refused(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await, [Kind::AddressTaken]);
    }

    async fn a_second_contact_with_one_address_is_asked_about(portal: Portal) {
        let ben = portal.persona("Ben").await;
        contact(&portal, &ben, "RIV").await;
        let cells = Cells::of([
            (Attribute::FirstName, "Wendy"),
            (Attribute::LastName, "Else"),
            (Attribute::EmailAddress, "Wanda@Council.example"),
            (Attribute::Organisation, "RIV"),
        ]);
        let Asked::Planned(id) = portal.gate.on_behalf_of(&ben).ask("Test", Wish::NewContact(cells)).await.unwrap() else { panic!() };
        assert_eq!(review(&portal, &ben, &id).await.rows[0].planned.warnings.len(), 1);
    }

    async fn a_contact_has_no_address_in_the_mail_domain(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let id = contact(&portal, &ben, "RIV").await;
        for trick in ["A@HEALTH.EXAMPLE", "a@sub.health.example", "a@health.example.", "a@ｈealth.example"] {
            let cells = Cells::of([(Attribute::EmailAddress, trick)]);
            let kinds = refused(&portal, &ben, Wish::Contact(id, ContactWish::Edit(cells))).await;
            assert!(matches!(kinds[..], [Kind::InsideMailDomain { .. } | Kind::WrongAddress { .. }]), "{trick}: {kinds:?}");
        }
        let cleared = Cells::of([(Attribute::EmailAddress, "(clear)")]);
        assert!(!refused(&portal, &ben, Wish::Contact(id, ContactWish::Edit(cleared))).await.is_empty());
    }

    async fn people_keep_their_own_few_details_and_no_others(portal: Portal) {
        let lark = portal.person("jem.larkspur@health.example").await;
        let account = lark.account().unwrap();
        let visit = portal.gate.on_behalf_of(&lark);
        let seen = visit.own().await.unwrap().version;
        let form = [(Attribute::Telephone, "01632 960777".to_owned()), (Attribute::JobTitle, "Chief".to_owned())];
        visit.keep_own(seen, &form).await.unwrap();
        let own = visit.own().await.unwrap().attributes;
        assert_eq!((own.text(Attribute::Telephone), own.text(Attribute::JobTitle)), ("+441632960777", "Receptionist"));
        let title = Cells::of([(Attribute::JobTitle, "Chief")]);
        assert!(denied(&portal, &lark, Wish::Account(account, AccountWish::Edit(title))).await);
        let other = portal.account("ben.cartwright@health.example").await;
        let phone = Cells::of([(Attribute::Telephone, "01632 960777")]);
        assert!(denied(&portal, &lark, Wish::Account(other, AccountWish::Edit(phone))).await);
        assert!(refused_or_denied(&portal, &lark, Wish::Account(account, AccountWish::Turn(Turn::Disable))).await);
    }

    async fn a_reset_takes_the_old_password_away_and_makes_a_link(portal: Portal) {
        let hamid = portal.persona("Hamid").await;
        let account = portal.account("jem.larkspur@health.example").await;
        portal.gate.on_behalf_of(&SERVICE).set_password(account, "teapot-lantern-9").await.unwrap();
        let links = done(&portal, &hamid, Wish::Account(account, AccountWish::ResetPassword)).await;
        assert_eq!(links.len(), 1);
        let tried = portal.sign_in("jem.larkspur@health.example", "teapot-lantern-9").await;
        assert_eq!(tried, gate::SignIn::Refused);
        let token = links[0].url.rsplit('/').next().unwrap();
        assert_eq!(portal.gate.invited(token).await.unwrap().id, account);
        // Of somebody with a role nobody is shown the link: it would be their role's, too.
        let priya = portal.account("priya.ramanathan@health.example").await;
        assert_eq!(done(&portal, &hamid, Wish::Account(priya, AccountWish::ResetPassword)).await, []);
        assert_eq!(portal.letters_to("priya.ramanathan@health.example").await.len(), 1);
    }
}

async fn refused_or_denied(portal: &Portal, actor: &Actor, wish: Wish) -> bool {
    match portal.gate.on_behalf_of(actor).ask("Test", wish).await {
        Err(GateError::Denied) | Ok(Asked::Wrong(_)) => true,
        other => panic!("{other:?}"),
    }
}
