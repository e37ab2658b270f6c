//! Roles given and revoked: the table to the letter, dates, the last administrator; and what others may not find out.

use domain::{
    channel::Channel,
    event::{Fact, RoleFact},
    grant::Terms,
    life::Turn,
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    problem::Kind,
    request::{AccountWish, RoleWish, Wish},
    values::ids::AccountId,
};
use gate::{Asked, Confirmation, GateError, ListedGrant, WhichGrants, seen};
use testkit::{NOON, Portal, SERVICE, on_both};

pub const DAY: i64 = 86_400;

/// A wish for a role, with a reason.
pub fn wish(account: AccountId, role: Role, organisation: &str, unit: Option<&str>) -> Wish {
    let channels = match role {
        Role::Connector => vec![Channel::Api],
        _ => vec![],
    };
    Wish::Role(
        account,
        RoleWish::Grant {
            role,
            organisation: OrganisationCode::parse(organisation).unwrap(),
            unit: unit.map(UnitPath::parse),
            terms: Terms {
                channels,
                reason: "Covers for a colleague".into(),
                ..Terms::default()
            },
        },
    )
}

/// The same from one day until another, counted from the tests' beginning.
pub fn wish_between(account: AccountId, role: Role, from: Option<i64>, until: Option<i64>) -> Wish {
    match wish(account, role, "RIV", None) {
        Wish::Role(
            account,
            RoleWish::Grant {
                role,
                organisation,
                unit,
                terms,
            },
        ) => Wish::Role(
            account,
            RoleWish::Grant {
                role,
                organisation,
                unit,
                terms: Terms {
                    from: from.map(|day| NOON.plus_seconds(day * DAY)),
                    until: until.map(|day| NOON.plus_seconds(day * DAY)),
                    ..terms
                },
            },
        ),
        other => other,
    }
}

/// Asks and confirms.
pub async fn done(portal: &Portal, actor: &Actor, wish: Wish) {
    let visit = portal.gate.on_behalf_of(actor);
    let asked = visit.ask("A role", wish).await.unwrap();
    let Asked::Planned(id) = asked else { panic!("{asked:?}") };
    let said = Confirmation {
        seen: seen(&visit.submission(&id).await.unwrap()),
        look_alikes: None,
        typed: None,
    };
    visit.confirm(&id, said).await.unwrap();
}

/// What asking comes to, in a word: `planned`, `nothing`, `denied`, `not found`, or the first problem.
pub async fn told(portal: &Portal, actor: &Actor, wish: Wish) -> String {
    match portal.gate.on_behalf_of(actor).ask("A role", wish).await {
        Ok(Asked::Planned(_)) => "planned".into(),
        Ok(Asked::Nothing) => "nothing".into(),
        Ok(Asked::Wrong(problems)) => problems[0].to_string(),
        Err(GateError::Denied) => "denied".into(),
        Err(GateError::NotFound) => "not found".into(),
        Err(error) => panic!("{error}"),
    }
}

/// A role that somebody holds, as an administrator sees it.
async fn held(portal: &Portal, viewer: &Actor, holder: AccountId, role: Role) -> Option<ListedGrant> {
    let found = portal
        .gate
        .on_behalf_of(viewer)
        .administrators(Some(role))
        .await
        .unwrap();
    found
        .grants
        .into_iter()
        .find(|listed| listed.granted.holder.id == holder)
}

pub fn revoke(listed: &ListedGrant) -> Wish {
    Wish::Role(
        listed.granted.holder.id,
        RoleWish::Revoke {
            grant: listed.granted.held.grant,
            organisation: listed.granted.held.organisation.clone(),
            reason: "No longer needed".into(),
        },
    )
}

on_both! {
    async fn each_grants_what_the_table_says_and_no_more(portal: Portal) {
        let jem = portal.account("jem.larkspur@health.example").await;
        let (priya, grace) = (portal.persona("Priya").await, portal.persona("Grace").await);
        let local = [Role::PrimaryLocalAdministrator, Role::LocalAdministrator, Role::LocalHelpdesk, Role::Connector, Role::Audit];
        for role in local {
            assert_eq!(told(&portal, &priya, wish(jem, role, "RIV", None)).await, "planned", "{role:?}");
            assert_eq!(told(&portal, &priya, wish(jem, role, "RIV01", None)).await, "planned", "{role:?}");
            assert_eq!(told(&portal, &priya, wish(jem, role, "RIV", Some("ward 7"))).await, "planned", "{role:?}");
            for name in ["Ben", "Una", "Hamid", "Aled", "Gwen"] {
                let other = portal.persona(name).await;
                assert_eq!(told(&portal, &other, wish(jem, role, "RIV", None)).await, "denied", "{name} {role:?}");
            }
        }
        for role in [Role::GlobalAdministrator, Role::GlobalHelpdesk] {
            assert_eq!(told(&portal, &priya, wish(jem, role, "RIV", None)).await, "denied", "{role:?}");
            assert_eq!(told(&portal, &grace, wish(jem, role, "FED00", None)).await, "planned", "{role:?}");
        }
        assert_eq!(told(&portal, &grace, wish(jem, Role::PrimaryLocalAdministrator, "RIV", None)).await, "planned");
        // Outside the scope nothing exists: neither the place nor the person.
        let elsewhere = told(&portal, &priya, wish(jem, Role::Audit, "G7H8J", None)).await;
        let nowhere = told(&portal, &priya, wish(jem, Role::Audit, "XXXXX", None)).await;
        assert_eq!(elsewhere.replace("G7H8J", "XXXXX"), nowhere);
        let gwen = portal.account("gwen.ashcombe@health.example").await;
        let nobody = AccountId(uuid::Uuid::nil());
        let unseen = told(&portal, &priya, wish(gwen, Role::Audit, "RIV", None)).await;
        assert_eq!(unseen, told(&portal, &priya, wish(nobody, Role::Audit, "RIV", None)).await);
        let unknown = told(&portal, &priya, wish(jem, Role::Audit, "RIV", Some("Ward 99"))).await;
        assert!(unknown.contains("no unit “Ward 99”"), "{unknown}");
    }

    async fn administrators_of_one_place_are_those_who_reach_it_from_above_as_well(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let of = async |code: &str| {
            let which = WhichGrants { organisation: Some(code.to_owned()), ..WhichGrants::default() };
            let found = portal.gate.on_behalf_of(&priya).administrators(which).await.unwrap();
            let names = found.grants.iter().map(|listed| listed.granted.holder.full_name());
            names.collect::<Vec<_>>()
        };
        let below = of("RIV01").await;
        assert!(below.contains(&"Ben Cartwright".to_owned()), "{below:?}");
        assert!(!below.contains(&"Una Mossley".to_owned()), "a unit above is no place above: {below:?}");
        assert!(of("RIV").await.contains(&"Una Mossley".to_owned()));
        for nowhere in ["ZZZ", "RIV-01", "G7H8J"] {
            assert_eq!(of(nowhere).await, Vec::<String>::new(), "{nowhere}");
        }
    }

    async fn nobody_grants_or_revokes_for_themselves(portal: Portal) {
        for name in ["Priya", "Grace"] {
            let actor = portal.persona(name).await;
            let own = actor.account().unwrap();
            let said = told(&portal, &actor, wish(own, Role::Audit, "RIV", None)).await;
            assert!(said.starts_with("This is your own account."), "{name}: {said}");
        }
        let grace = portal.persona("Grace").await;
        let own = held(&portal, &grace, grace.account().unwrap(), Role::GlobalAdministrator).await.unwrap();
        assert!(!own.may_revoke);
        let said = told(&portal, &grace, revoke(&own)).await;
        assert!(said.starts_with("This is your own account."), "{said}");
    }

    async fn a_role_is_a_right_between_its_dates_alone_and_its_end_is_written_down(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let jem = portal.person("jem.larkspur@health.example").await;
        let account = jem.account().unwrap();
        done(&portal, &priya, wish_between(account, Role::LocalAdministrator, Some(2), Some(5))).await;
        let creates = async || portal.gate.on_behalf_of(&jem).abilities().await.unwrap().creates;
        assert!(!creates().await);
        portal.pass_seconds(2 * DAY);
        assert!(creates().await);
        portal.pass_seconds(3 * DAY - 1);
        assert!(creates().await);
        portal.pass_seconds(1);
        assert!(!creates().await, "its end needs no sweep");
        assert!(held(&portal, &priya, account, Role::LocalAdministrator).await.is_none());
        let swept = portal.gate.sweep(&SERVICE).await.unwrap();
        assert_eq!((swept.done, swept.left.len()), (1, 0));
        assert_eq!(portal.gate.sweep(&SERVICE).await.unwrap().done, 0);
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let last = events.last().unwrap();
        assert!(matches!(&last.fact, Fact::Role { account: whose, what: RoleFact::Ended { .. }, .. } if *whose == account));
        assert_eq!(last.actor_name, "Staffbook");
    }

    async fn dates_reason_and_channels_must_make_sense(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let jem = portal.account("jem.larkspur@health.example").await;
        for (from, until, said) in [
            (Some(-1), None, "The first day has passed."),
            (None, Some(0), "The last day has passed."),
            (Some(5), Some(4), "The last day is before the first."),
        ] {
            let told = told(&portal, &priya, wish_between(jem, Role::Audit, from, until)).await;
            assert!(told.starts_with(said), "{told}");
        }
        let wished = wish(jem, Role::Connector, "RIV", None);
        let Wish::Role(account, RoleWish::Grant { role, organisation, unit, .. }) = wished else {
            panic!("a grant")
        };
        let bare = Wish::Role(account, RoleWish::Grant { role, organisation, unit, terms: Terms::default() });
        let Asked::Wrong(problems) = portal.gate.on_behalf_of(&priya).ask("A role", bare).await.unwrap() else {
            panic!("it has neither channel nor reason")
        };
        let kinds: Vec<_> = problems.into_iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [Kind::NoConnectorChannel, Kind::NoReason]);
        for unseen in ["Cov\u{200b}ers", "Covers\u{202e}for", "Covers\u{1b}for"] {
            let mut wish = wish(jem, Role::Audit, "RIV", None);
            if let Wish::Role(_, RoleWish::Grant { terms, .. }) = &mut wish {
                terms.reason = unseen.into();
            }
            let told = told(&portal, &priya, wish).await;
            assert!(told.starts_with("The reason contains characters that cannot be seen."), "{unseen:?}: {told}");
        }
    }

    async fn the_same_role_twice_is_so_already_and_other_terms_need_the_first_to_end(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let jem = portal.account("jem.larkspur@health.example").await;
        done(&portal, &priya, wish(jem, Role::Audit, "RIV", None)).await;
        assert_eq!(told(&portal, &priya, wish(jem, Role::Audit, "RIV", None)).await, "nothing");
        let other = told(&portal, &priya, wish_between(jem, Role::Audit, None, Some(9))).await;
        assert!(other.contains("Revoke that role first"), "{other}");
        assert_eq!(told(&portal, &priya, wish(jem, Role::Audit, "RIV01", None)).await, "planned");
        let listed = held(&portal, &priya, jem, Role::Audit).await.unwrap();
        done(&portal, &priya, revoke(&listed)).await;
        assert_eq!(told(&portal, &priya, revoke(&listed)).await, "nothing");
        assert!(matches!(portal.gate.on_behalf_of(&priya).grant(listed.granted.held.grant).await, Err(GateError::NotFound)));
    }

    async fn who_leaves_is_given_no_role_and_a_connector_must_be_at_work(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let leaver = portal.gate.on_behalf_of(&priya);
        let query = gate::Query { words: String::new(), ..gate::Query::default() };
        let all = leaver.all_accounts(&query, 1000).await.unwrap();
        let with = |status| all.iter().find(|account| account.status == status).unwrap().id;
        use domain::account::AccountStatus::{Deleted, Disabled, Leaver, Pending};
        for status in [Leaver, Disabled, Deleted] {
            let said = told(&portal, &priya, wish(with(status), Role::LocalHelpdesk, "RIV", None)).await;
            assert!(said.contains("or give the role to another person"), "{status:?}: {said}");
        }
        assert_eq!(told(&portal, &priya, wish(with(Pending), Role::LocalHelpdesk, "RIV", None)).await, "planned");
        let said = told(&portal, &priya, wish(with(Pending), Role::Connector, "RIV", None)).await;
        assert!(said.contains("A Connector needs an active account"), "{said}");
    }

    async fn the_last_primary_administrator_stays_until_another_is_there_for_good(portal: Portal) {
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        let (jem, lowri) = (portal.account("jem.larkspur@health.example").await, portal.account("lowri.umar@health.example").await);
        let last = held(&portal, &grace, priya.account().unwrap(), Role::PrimaryLocalAdministrator).await.unwrap();
        let said = told(&portal, &grace, revoke(&last)).await;
        assert!(said.contains("is the only Primary Local Administrator of RIV without an end date") && said.contains("to appoint another"), "{said}");
        done(&portal, &grace, wish_between(jem, Role::PrimaryLocalAdministrator, None, Some(30))).await;
        assert_ne!(told(&portal, &grace, revoke(&last)).await, "planned", "who holds it for a while is no successor");
        done(&portal, &grace, wish(lowri, Role::PrimaryLocalAdministrator, "RIV", None)).await;
        assert_eq!(told(&portal, &grace, revoke(&last)).await, "planned");
        // Of two plans that would each leave the other, one is applied.
        let other = held(&portal, &grace, lowri, Role::PrimaryLocalAdministrator).await.unwrap();
        let visit = portal.gate.on_behalf_of(&grace);
        let Asked::Planned(second) = visit.ask("A role", revoke(&other)).await.unwrap() else { panic!("not last yet") };
        done(&portal, &grace, revoke(&last)).await;
        let said = Confirmation { seen: seen(&visit.submission(&second).await.unwrap()), look_alikes: None, typed: None };
        visit.confirm(&second, said).await.unwrap();
        assert!(held(&portal, &grace, lowri, Role::PrimaryLocalAdministrator).await.is_some());
    }

    async fn a_right_to_grant_that_was_lost_a_second_ago_grants_nothing(portal: Portal) {
        let (grace, priya) = (portal.persona("Grace").await, portal.persona("Priya").await);
        let lowri = portal.account("lowri.umar@health.example").await;
        let jem = portal.account("jem.larkspur@health.example").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let Asked::Planned(id) = visit.ask("A role", wish(jem, Role::Audit, "RIV", None)).await.unwrap() else {
            panic!("she may")
        };
        let said = Confirmation { seen: seen(&visit.submission(&id).await.unwrap()), look_alikes: None, typed: None };
        done(&portal, &grace, wish(lowri, Role::PrimaryLocalAdministrator, "RIV", None)).await;
        let own = held(&portal, &grace, priya.account().unwrap(), Role::PrimaryLocalAdministrator).await.unwrap();
        done(&portal, &grace, revoke(&own)).await;
        let confirmed = visit.confirm(&id, said).await;
        assert!(matches!(confirmed, Err(GateError::Denied | GateError::NotFound)), "{confirmed:?}");
        assert!(held(&portal, &grace, jem, Role::Audit).await.is_none());
    }

    async fn roles_are_seen_where_one_looks_after_them_and_nowhere_else(portal: Portal) {
        let (priya, aled, una) = (portal.persona("Priya").await, portal.persona("Aled").await, portal.persona("Una").await);
        let all = portal.gate.on_behalf_of(&priya).administrators(None).await.unwrap();
        let names: Vec<_> = all.grants.iter().map(|listed| listed.granted.holder.full_name()).collect();
        assert!(!names.iter().any(|name| name.contains("Ashcombe") || name.contains("Lindholm")), "{names:?}");
        assert_eq!(names.len(), 5);
        assert!(all.grants.iter().filter(|listed| listed.may_revoke).count() == 4, "all but her own");
        let read = portal.gate.on_behalf_of(&aled).administrators(None).await.unwrap();
        assert!(read.may_grant.is_empty() && read.grants.iter().all(|listed| !listed.may_revoke));
        let of_unit = portal.gate.on_behalf_of(&una).administrators(None).await.unwrap();
        assert_eq!(of_unit.grants.len(), 1);
        let hamid = portal.persona("Hamid").await;
        assert!(matches!(portal.gate.on_behalf_of(&hamid).administrators(None).await, Err(GateError::Denied)));
        let gwen = portal.persona("Gwen").await;
        let theirs = all.grants[0].granted.held.grant;
        assert!(matches!(portal.gate.on_behalf_of(&gwen).grant(theirs).await, Err(GateError::NotFound)));
    }

    async fn marking_a_leaver_ends_roles_with_dates_too(portal: Portal) {
        let priya = portal.persona("Priya").await;
        let jem = portal.account("jem.larkspur@health.example").await;
        done(&portal, &priya, wish_between(jem, Role::Audit, Some(3), Some(60))).await;
        done(&portal, &priya, Wish::Account(jem, AccountWish::Turn(Turn::MarkLeaver))).await;
        assert!(held(&portal, &priya, jem, Role::Audit).await.is_none());
        let tables = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let again = Portal::empty(testkit::Kind::Sqlite).await;
        let tx = again.gate.store().begin().await.unwrap();
        store::directory::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store::directory::apply::state(again.gate.store().reader()).await.unwrap(), tables);
    }
}
