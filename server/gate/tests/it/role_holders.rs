//! Touching somebody who holds a role: for those who could end every role that they hold, whatever page or file it comes
//! from; and the roles that must never end.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    policy::{Actor, Ender, Role, Touch},
    problem::Kind,
    request::{AccountWish, Cells, RoleWish, Wish},
    submission::LookAlikes,
    values::ids::{AccountId, GrantId, SubmissionId},
};
use gate::{Act, Asked, Confirmation, SignIn, WhichGrants, Whom, seen};
use testkit::{PASSWORD, Portal, on_both};

use crate::{
    apply,
    grants::{DAY, wish, wish_between},
    lifecycle::{done, in_organisation, new_person, refused},
    review,
};

const PRIYA: &str = "priya.ramanathan@health.example";
const GRACE: &str = "grace.lindholm@health.example";

fn readdressed(account: AccountId, address: &str) -> Wish {
    let cells = Cells::of([(Attribute::EmailAddress, address)]);
    Wish::Account(account, AccountWish::Edit(cells))
}

fn holds_role(name: &str, touch: Touch) -> Kind {
    Kind::HoldsRole {
        name: name.to_owned(),
        touch,
        ender: Ender::PrimaryThere,
    }
}

async fn grants_of(portal: &Portal, role: Role) -> Vec<(AccountId, GrantId)> {
    let grace = portal.persona("Grace").await;
    let visit = portal.gate.on_behalf_of(&grace);
    let found = visit.administrators(WhichGrants::default()).await.unwrap();
    let of_role = found
        .grants
        .into_iter()
        .map(|listed| listed.granted)
        .filter(|granted| granted.held.role == role);
    of_role.map(|granted| (granted.holder.id, granted.held.grant)).collect()
}

fn revoked((account, grant): (AccountId, GrantId), organisation: &str) -> Wish {
    Wish::Role(
        account,
        RoleWish::Revoke {
            grant,
            organisation: OrganisationCode::parse(organisation).unwrap(),
            reason: "Works elsewhere now".into(),
        },
    )
}

async fn planned(portal: &Portal, actor: &Actor, wish: Wish) -> SubmissionId {
    match portal.gate.on_behalf_of(actor).ask("Test", wish).await.unwrap() {
        Asked::Planned(id) => id,
        other => panic!("{other:?}"),
    }
}

/// Confirms; an act that is refused by now leaves its row behind.
async fn confirmed(portal: &Portal, actor: &Actor, id: &SubmissionId) {
    let visit = portal.gate.on_behalf_of(actor);
    let shown = visit.submission(id).await.unwrap();
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: None,
    };
    drop(visit.confirm(id, said).await);
}

async fn asks_for_proof(portal: &Portal, actor: &Actor, wish: Wish) -> bool {
    let id = planned(portal, actor, wish).await;
    portal.gate.on_behalf_of(actor).asks_for_proof(&id).await.unwrap()
}

on_both! {
    async fn helpdesk_cannot_take_over_a_primary_administrator(portal: Portal) {
        let (hamid, priya) = (portal.persona("Hamid").await, portal.account(PRIYA).await);
        let name = "Priya Ramanathan";
        let shared = readdressed(priya, "shared.box@health.example");
        let Asked::Wrong(problems) = portal.gate.on_behalf_of(&hamid).ask("Test", shared).await.unwrap() else { panic!() };
        assert_eq!(problems[0].kind, holds_role(name, Touch::ChangeAddress));
        let said = "You cannot change Priya Ramanathan’s email address: they hold a role that you cannot end. Ask a Primary \
                    Local Administrator of the organisation where they hold the role, or a Global Administrator.";
        assert_eq!(problems[0].to_string(), said);
        assert_eq!(problems[0].place.attribute(), Some(Attribute::EmailAddress), "it is said at the field");
        let reset = Wish::Account(priya, AccountWish::ResetFactors);
        assert_eq!(refused(&portal, &hamid, reset).await, [holds_role(name, Touch::ResetFactors)]);
        let disable = Wish::Account(portal.account("ben.cartwright@health.example").await, AccountWish::Turn(Turn::Disable));
        assert_eq!(refused(&portal, &hamid, disable).await, [holds_role("Ben Cartwright", Touch::Turn(Turn::Disable))]);
        // Other details, and a reset that goes to her own mailbox and is shown to nobody, stay the helpdesk's.
        let cells = Cells::of([(Attribute::JobTitle, "Directorate manager")]);
        done(&portal, &hamid, Wish::Account(priya, AccountWish::Edit(cells))).await;
        assert_eq!(done(&portal, &hamid, Wish::Account(priya, AccountWish::ResetPassword)).await, []);
    }

    async fn local_administrators_end_nobody_above_them(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.account(PRIYA).await);
        let turns = [Turn::Disable, Turn::MarkLeaver, Turn::Delete].map(|turn| Wish::Account(priya, AccountWish::Turn(turn)));
        let leaving = Wish::Account(priya, AccountWish::Leaving(Some(portal.gate.now().plus_seconds(9 * DAY))));
        let moved = Wish::Account(priya, AccountWish::Move(in_organisation("RIV01")));
        for wish in turns.into_iter().chain([leaving, moved]) {
            let kinds = refused(&portal, &ben, wish.clone()).await;
            assert!(matches!(kinds[..], [Kind::HoldsRole { .. } | Kind::LastPrimary { .. }]), "{wish:?}: {kinds:?}");
        }
        let page = portal.gate.on_behalf_of(&ben);
        let (account, home) = page.account(priya).await.unwrap();
        let prospects = page.prospects(&account, &home).await.unwrap();
        assert_eq!((prospects.turns, prospects.transfer), (vec![], false));
        assert_eq!(prospects.held_up, Some(Ender::PrimaryThere));
    }

    async fn files_change_no_role_holders_address(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (priya, hamid) = (portal.account(PRIYA).await, portal.account("hamid.noorzai@health.example").await);
        let ada = done(&portal, &ben, new_person("Ada", "Bright", "n1")).await[0].account;
        let text = format!(
            "ID,LocalID,ODSCode,FirstName,LastName,EmailAddress,JobTitle\n\
             {priya},,RIV,,,box.one@health.example,\n{hamid},,RIV,,,,Lead\n{ada},,RIV,,,ada.bell@health.example,\n"
        );
        let id = portal.upload(&ben, &text).await;
        let shown = review(&portal, &ben, &id).await;
        let kinds: Vec<_> = shown.rows.iter().map(|row| row.planned.step.problems().to_vec()).collect();
        assert_eq!(kinds[0][0].kind, holds_role("Priya Ramanathan", Touch::ChangeAddress));
        assert_eq!(kinds[0][0].value, "box.one@health.example");
        assert!(kinds[1].is_empty() && kinds[2].is_empty(), "{kinds:?}");
        apply(&portal, &ben, &id).await;
        assert_eq!(portal.account(PRIYA).await, priya);
        assert_eq!(portal.account("ada.bell@health.example").await, ada);
    }

    async fn a_reset_waits_seven_days_after_a_new_address(portal: Portal) {
        let (hamid, priya, grace) = (portal.persona("Hamid").await, portal.persona("Priya").await, portal.persona("Grace").await);
        let ben = portal.account("ben.cartwright@health.example").await;
        done(&portal, &priya, readdressed(ben, "ben.carter@health.example")).await;
        let reset = Wish::Account(ben, AccountWish::ResetPassword);
        let name = "Ben Cartwright".to_owned();
        assert_eq!(refused(&portal, &hamid, reset.clone()).await, [Kind::AddressJustChanged { name }]);
        assert_eq!(done(&portal, &grace, reset.clone()).await, [], "it is shown to nobody");
        portal.pass_seconds(7 * DAY + 1);
        done(&portal, &hamid, reset).await;
    }

    async fn primary_administrators_appoint_and_end_their_colleagues(portal: Portal) {
        let (priya, ben) = (portal.persona("Priya").await, portal.account("ben.cartwright@health.example").await);
        done(&portal, &priya, wish(ben, Role::PrimaryLocalAdministrator, "RIV", None)).await;
        let all = grants_of(&portal, Role::PrimaryLocalAdministrator).await;
        let of_ben = *all.iter().find(|(account, _)| *account == ben).unwrap();
        done(&portal, &priya, revoked(of_ben, "RIV")).await;
        let elsewhere = wish(ben, Role::PrimaryLocalAdministrator, "G7H8J", None);
        assert_ne!(crate::grants::told(&portal, &priya, elsewhere).await, "planned");
        assert_eq!(grants_of(&portal, Role::PrimaryLocalAdministrator).await.len(), all.len() - 1);
    }

    async fn the_last_global_administrator_stays(portal: Portal) {
        let grace = portal.persona("Grace").await;
        let of_grace = grants_of(&portal, Role::GlobalAdministrator).await[0];
        let priya = portal.account(PRIYA).await;
        // Somebody who is Global Administrator for a week only is no successor.
        done(&portal, &grace, wish_between(priya, Role::GlobalAdministrator, None, Some(7))).await;
        let actor = portal.persona("Priya").await;
        let last = Kind::LastGlobal { name: "Grace Lindholm".to_owned() };
        let revocation = revoked(of_grace, "FED00");
        assert_eq!(refused(&portal, &actor, revocation.clone()).await, std::slice::from_ref(&last));
        for turn in [Turn::Disable, Turn::MarkLeaver, Turn::Delete] {
            let account = of_grace.0;
            let wish = Wish::Account(account, AccountWish::Turn(turn));
            assert_eq!(refused(&portal, &actor, wish).await, std::slice::from_ref(&last));
        }
        let ben = portal.account("ben.cartwright@health.example").await;
        done(&portal, &grace, wish(ben, Role::GlobalAdministrator, "FED00", None)).await;
        done(&portal, &actor, revocation).await;
    }

    async fn two_who_end_each_other_leave_one(portal: Portal) {
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        let (of_grace, of_priya) = (portal.account(GRACE).await, portal.account(PRIYA).await);
        done(&portal, &grace, wish(of_priya, Role::GlobalAdministrator, "FED00", None)).await;
        let ben = portal.account("ben.cartwright@health.example").await;
        done(&portal, &grace, wish(ben, Role::PrimaryLocalAdministrator, "RIV", None)).await;
        let by_grace = planned(&portal, &grace, Wish::Account(of_priya, AccountWish::Turn(Turn::Disable))).await;
        let by_priya = planned(&portal, &priya, Wish::Account(of_grace, AccountWish::Turn(Turn::Disable))).await;
        tokio::join!(confirmed(&portal, &grace, &by_grace), confirmed(&portal, &priya, &by_priya));
        let db = portal.gate.store().reader();
        let both = store::directory::people::by_ids(db, &[of_grace.0, of_priya.0]).await.unwrap();
        let disabled = both.iter().filter(|account| account.status == AccountStatus::Disabled).count();
        assert_eq!(disabled, 1, "one of them is left");
    }

    async fn a_leaver_taken_in_is_sent_their_link_alone(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let account = portal.account("jem.larkspur@health.example").await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        let address = "jem.larkspur@health.example".to_owned();
        let join = Wish::Join { address, cells: in_organisation("G7H8J") };
        assert!(asks_for_proof(&portal, &gwen, join.clone()).await);
        done(&portal, &gwen, join).await;
        assert_eq!(done(&portal, &gwen, Wish::Account(account, AccountWish::ResetPassword)).await, [], "shown to nobody");
        portal.pass_seconds(7 * DAY + 1);
        assert_eq!(done(&portal, &gwen, Wish::Account(account, AccountWish::ResetPassword)).await.len(), 1);
    }

    async fn ten_addresses_of_no_leaver_are_enough_for_a_day(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let account = portal.account("jem.larkspur@health.example").await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        let join = |address: &str| Wish::Join { address: address.to_owned(), cells: in_organisation("G7H8J") };
        for number in 0..10 {
            let missed = refused(&portal, &gwen, join(&format!("guess{number}@health.example"))).await;
            assert_eq!(missed, [Kind::NoSuchLeaver]);
            // What is counted over a day outlives the window of sign-ins.
            portal.pass_seconds(1_000);
            portal.gate.forget_old_failures().await.unwrap();
        }
        let right = join("jem.larkspur@health.example");
        assert_eq!(refused(&portal, &gwen, right.clone()).await, [Kind::TooManyMisses { most: 10 }]);
        portal.pass_seconds(DAY + 1);
        done(&portal, &gwen, right).await;
    }

    async fn proof_is_asked_for_by_what_is_done(portal: Portal) {
        let (ben, priya, hamid) = (portal.persona("Ben").await, portal.persona("Priya").await, portal.persona("Hamid").await);
        let jem = portal.account("jem.larkspur@health.example").await;
        let of_ben = portal.account("ben.cartwright@health.example").await;
        let plain = Cells::of([(Attribute::JobTitle, "Nurse")]);
        assert!(!asks_for_proof(&portal, &ben, Wish::Account(jem, AccountWish::Edit(plain))).await);
        assert!(!asks_for_proof(&portal, &ben, Wish::Account(jem, AccountWish::Turn(Turn::Disable))).await);
        assert!(!asks_for_proof(&portal, &ben, readdressed(jem, "jem.lark@health.example")).await);
        assert!(!asks_for_proof(&portal, &ben, Wish::Account(jem, AccountWish::Move(in_organisation("RIV01")))).await);
        // It shows a link, changes the address of a role holder, ends a role.
        assert!(asks_for_proof(&portal, &hamid, Wish::Account(jem, AccountWish::ResetPassword)).await);
        assert!(asks_for_proof(&portal, &priya, readdressed(of_ben, "ben.carter@health.example")).await);
        assert!(asks_for_proof(&portal, &priya, Wish::Account(of_ben, AccountWish::Turn(Turn::Disable))).await);
        let at = Some(portal.gate.now().plus_seconds(9 * DAY));
        assert!(asks_for_proof(&portal, &priya, Wish::Account(of_ben, AccountWish::Leaving(at))).await);
        // A file that changes the address of a role holder asks like the form.
        let text = format!("ID,LocalID,ODSCode,FirstName,LastName,EmailAddress\n{of_ben},,RIV,,,ben.carter@health.example\n");
        let id = portal.upload(&priya, &text).await;
        assert!(portal.gate.on_behalf_of(&priya).asks_for_proof(&id).await.unwrap());
        // So does disabling many, also where the first cannot be: it is the asker's own account.
        let first = Whom::These(vec![of_ben, jem]);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = visit.ask_for_many("Disable 2", &first, &Act::Turn(Turn::Disable)).await.unwrap();
        portal.work().await;
        assert!(!review(&portal, &ben, &id).await.rows[0].planned.step.problems().is_empty());
        assert!(visit.asks_for_proof(&id).await.unwrap());
        // And moving more than one.
        let two = Whom::These(vec![jem, portal.account("zoe.stannard@health.example").await]);
        let visit = portal.gate.on_behalf_of(&ben);
        let id = visit.ask_for_many("Transfer 2", &two, &Act::Move(Box::new(in_organisation("RIV01")))).await.unwrap();
        portal.work().await;
        assert!(visit.asks_for_proof(&id).await.unwrap());
    }

    async fn a_stale_form_tells_a_helpdesk_no_history(portal: Portal) {
        let (ben, hamid) = (portal.persona("Ben").await, portal.persona("Hamid").await);
        let jem = portal.account("jem.larkspur@health.example").await;
        let (before, _) = portal.gate.on_behalf_of(&hamid).account(jem).await.unwrap();
        for title in ["Bank nurse", "Charge nurse"] {
            let cells = Cells::of([(Attribute::JobTitle, title)]);
            done(&portal, &ben, Wish::Account(jem, AccountWish::Edit(cells))).await;
        }
        let visit = portal.gate.on_behalf_of(&hamid);
        let (now, _) = visit.account(jem).await.unwrap();
        let (moved, _) = visit.moved_since(jem.0, &now.attributes, now.version - before.version).await.unwrap();
        let [only] = &moved[..] else { panic!("{moved:?}") };
        assert_eq!((&only.by, &only.change.before), (&None, &None), "who, and what it was, is history");
        assert_eq!(only.change.after.as_ref().map(domain::dictionary::Value::as_str), Some("Charge nurse"));
    }

    async fn a_stale_form_stops_at_the_last_move(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let account = portal.account("jem.larkspur@health.example").await;
        let cells = Cells::of([(Attribute::Notes, "Under investigation")]);
        done(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
        let cells = Cells::of([(Attribute::Notes, "Cleared")]);
        done(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
        done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        let address = "jem.larkspur@health.example".to_owned();
        done(&portal, &gwen, Wish::Join { address, cells: in_organisation("G7H8J") }).await;
        let visit = portal.gate.on_behalf_of(&gwen);
        let (now, _) = visit.account(account).await.unwrap();
        let (moved, then) = visit.moved_since(account.0, &now.attributes, 1_000).await.unwrap();
        assert!(moved.is_empty(), "{moved:?}");
        assert_eq!(then, now.attributes);
    }

    async fn a_leaver_is_disabled_at_once_and_still_leaves(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let (jem, other) = (portal.account("jem.larkspur@health.example").await, portal.account("zoe.stannard@health.example").await);
        for account in [jem, other] {
            done(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        }
        done(&portal, &ben, Wish::Account(jem, AccountWish::Turn(Turn::Disable))).await;
        let (account, _) = portal.gate.on_behalf_of(&ben).account(jem).await.unwrap();
        let in_thirty_days = portal.gate.now().plus_seconds(30 * DAY);
        assert_eq!((account.status, account.leaving_at), (AccountStatus::Disabled, Some(in_thirty_days)));
        let tried = portal.sign_in("jem.larkspur@health.example", PASSWORD).await;
        assert!(matches!(tried, SignIn::Refused), "{tried:?}");
        // Many at once, too.
        let visit = portal.gate.on_behalf_of(&ben);
        let id = visit.ask_for_many("Disable 1", &Whom::These(vec![other]), &Act::Turn(Turn::Disable)).await.unwrap();
        portal.work().await;
        apply(&portal, &ben, &id).await;
        assert_eq!(visit.account(other).await.unwrap().0.status, AccountStatus::Disabled);
    }
}
