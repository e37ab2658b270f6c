//! API tokens, and what is sent with them.

use domain::{
    account::AccountStatus,
    channel::Channel,
    event::{Fact, TokenFact},
    life::Turn,
    policy::{Actor, Role},
    problem::Kind,
    request::{AccountWish, RoleWish, Wish},
    submission::{Outcome, State},
    trail::Action,
    values::ids::SubmissionId,
};
use gate::{
    Arriving, Filter, GateError, MadeToken, Report, TokenStanding, TrailQuery, WhichGrants, WhichTokens, Worker,
};
use testkit::{Portal, SERVICE, on_both};

use crate::{
    file,
    grants::{DAY, done, revoke, wish, wish_between},
};

/// Jem, Connector of the trust through the API.
pub async fn connector(portal: &Portal) -> Actor {
    let priya = portal.persona("Priya").await;
    let jem = portal.person("jem.larkspur@health.example").await;
    done(
        portal,
        &priya,
        wish(jem.account().unwrap(), Role::Connector, "RIV", None),
    )
    .await;
    jem
}

async fn token(portal: &Portal, of: &Actor) -> MadeToken {
    let made = portal.gate.on_behalf_of(of).make_token("Payroll", 30).await.unwrap();
    made.unwrap_or_else(|problems| panic!("{problems:?}"))
}

async fn opens(portal: &Portal, token: &MadeToken) -> bool {
    portal.gate.bearer(&token.secret).await.unwrap().is_some()
}

/// Sends a file as a program does; it is not checked yet.
pub async fn send(portal: &Portal, sender: &Actor, text: &str) -> SubmissionId {
    let arriving = Arriving {
        channel: Channel::Api,
        file_name: "api.csv".into(),
        bytes: text.as_bytes().to_vec(),
    };
    portal.gate.on_behalf_of(sender).submit(arriving).await.unwrap()
}

on_both! {
    async fn a_token_opens_until_it_is_revoked_and_leaves_no_secret_behind(portal: Portal) {
        let jem = connector(&portal).await;
        let made = token(&portal, &jem).await;
        assert!(opens(&portal, &made).await);
        let visit = portal.gate.on_behalf_of(&jem);
        let own = visit.own_tokens().await.unwrap().tokens;
        assert!(own[0].last_used.is_some() && made.secret.starts_with(&format!("pat_{}", own[0].id)));
        visit.revoke_token(&own[0].id).await.unwrap();
        assert!(!opens(&portal, &made).await);
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert!(matches!(&events[events.len() - 2].fact, Fact::Token { name, what: TokenFact::Made { .. }, .. } if name == "Payroll"));
        assert!(matches!(&events.last().unwrap().fact, Fact::Token { what: TokenFact::Revoked, .. }));
        assert!(!format!("{events:?}").contains(&made.secret[12..]));
    }

    async fn a_lock_stops_no_machine_and_ends_no_role(portal: Portal) {
        let jem = connector(&portal).await;
        let made = token(&portal, &jem).await;
        let address = "jem.larkspur@health.example";
        crate::proving::guesses(&portal, address, 10).await;
        assert!(crate::proving::status_becomes(&portal, address, AccountStatus::Locked).await);
        assert!(opens(&portal, &made).await);
        let id = send(&portal, &jem, &file(&["9001,RIV,Ada,Bright,"])).await;
        portal.work().await;
        let sent = portal.gate.on_behalf_of(&jem).sent(&id, Filter::default()).await.unwrap();
        assert_eq!(sent.submission.state, State::Applied);
    }

    async fn refused_tokens_are_recorded_without_flooding_the_trail(portal: Portal) {
        let jem = connector(&portal).await;
        let made = token(&portal, &jem).await;
        let visit = portal.gate.on_behalf_of(&jem);
        let own = visit.own_tokens().await.unwrap().tokens.remove(0);
        visit.revoke_token(&own.id).await.unwrap();
        let told = async || -> Vec<String> {
            let entries = store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap();
            let refused = entries.iter().filter(|entry| entry.action == Some(Action::TokenRefused));
            refused.map(|entry| entry.sentence(gate::calendar::day)).collect()
        };
        for _ in 0..30 {
            portal.gate.note_token_refused(&made.secret, Some("192.0.2.7")).await.unwrap();
            portal.gate.note_token_refused("made-up", Some("192.0.2.7")).await.unwrap();
        }
        let once = [
            format!("An API token that does not work was refused ({}), from 192.0.2.7", own.id),
            "An API token that does not work was refused, from 192.0.2.7".to_owned(),
        ];
        assert_eq!(told().await, once);
        portal.gate.note_token_refused("made-up", Some("192.0.2.8")).await.unwrap();
        assert_eq!(told().await.len(), 3);
        let (entries, jems) = (store::trail::after(portal.gate.store().reader(), 0, 100_000).await.unwrap(), jem.account());
        let known = entries.iter().find(|entry| entry.action == Some(Action::TokenRefused)).unwrap();
        assert_eq!(known.person, jems.map(|account| account.0), "its holder's administrators see it");
    }

    async fn only_those_who_send_through_the_api_make_tokens(portal: Portal) {
        for name in ["Ben", "Priya", "Hamid", "Grace"] {
            let person = portal.persona(name).await;
            let made = portal.gate.on_behalf_of(&person).make_token("Mine", 30).await;
            assert!(matches!(made, Err(GateError::Denied)), "{name}");
        }
        let jem = connector(&portal).await;
        let visit = portal.gate.on_behalf_of(&jem);
        let wrong = async |name: &str, days: u32| match visit.make_token(name, days).await.unwrap() {
            Ok(_) => panic!("{name}, {days}"),
            Err(problems) => problems.into_iter().map(|problem| problem.kind).collect::<Vec<_>>(),
        };
        let limit = Kind::TokenNameTooLong { limit: 100, length: 101 };
        assert_eq!(wrong(" ", 30).await, [Kind::NoTokenName]);
        assert_eq!(wrong("Mine", 366).await, [Kind::TokenTooLong { days: 365 }]);
        assert_eq!(wrong("Mine", u32::MAX).await, [Kind::TokenTooLong { days: 365 }]);
        assert_eq!(wrong(&"x".repeat(101), 0).await, [limit, Kind::TokenForNoTime { days: 365 }]);
        for unseen in ["Pay\u{200b}roll", "Pay\u{202e}roll", "Pay\u{7}roll"] {
            assert_eq!(wrong(unseen, 30).await, [Kind::TokenNameUnprintable], "{unseen:?}");
        }
        assert!(visit.own_tokens().await.unwrap().tokens.is_empty());
    }

    async fn a_token_s_name_is_its_only_one_until_it_is_revoked(portal: Portal) {
        let jem = connector(&portal).await;
        token(&portal, &jem).await;
        let visit = portal.gate.on_behalf_of(&jem);
        let Err(problems) = visit.make_token(" Payroll ", 30).await.unwrap() else { panic!("made twice") };
        assert_eq!(problems.into_iter().map(|problem| problem.kind).collect::<Vec<_>>(), [Kind::TokenNameTaken]);
        let own = visit.own_tokens().await.unwrap().tokens;
        assert_eq!(own.len(), 1);
        visit.revoke_token(&own[0].id).await.unwrap();
        token(&portal, &jem).await;
    }

    async fn a_token_ends_with_its_time_its_role_and_its_persons_leaving_and_does_not_come_back(portal: Portal) {
        let jem = connector(&portal).await;
        let priya = portal.persona("Priya").await;
        let account = jem.account().unwrap();
        let first = token(&portal, &jem).await;
        portal.pass_seconds(31 * DAY);
        assert!(!opens(&portal, &first).await, "it has expired");

        let second = token(&portal, &jem).await;
        let role = portal.gate.on_behalf_of(&priya).administrators(Some(Role::Connector)).await.unwrap().grants.remove(0);
        done(&portal, &priya, revoke(&role)).await;
        assert!(!opens(&portal, &second).await, "the role has ended");
        done(&portal, &priya, wish(account, Role::Connector, "RIV", None)).await;
        assert!(!opens(&portal, &second).await, "another role does not bring it back");

        let third = token(&portal, &jem).await;
        done(&portal, &priya, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        assert!(!opens(&portal, &third).await);
        done(&portal, &priya, Wish::Account(account, AccountWish::Turn(Turn::KeepOn))).await;
        done(&portal, &priya, wish(account, Role::Connector, "RIV", None)).await;
        assert!(!opens(&portal, &third).await);
    }

    async fn ones_own_page_knows_when_the_role_ends_and_the_places_that_the_api_is_for(portal: Portal) {
        let (priya, jem) = (portal.persona("Priya").await, portal.person("jem.larkspur@health.example").await);
        let account = jem.account().unwrap();
        let visit = portal.gate.on_behalf_of(&jem);
        done(&portal, &priya, wish_between(account, Role::Connector, None, Some(10))).await;
        let first = visit.own_tokens().await.unwrap().until;
        assert!(first.is_some());
        let mut by_mail = wish(account, Role::Connector, "RIV01", None);
        if let Wish::Role(_, RoleWish::Grant { terms, .. }) = &mut by_mail {
            terms.channels = vec![Channel::EmailCsv];
        }
        done(&portal, &priya, by_mail).await;
        assert_eq!(visit.own_tokens().await.unwrap().until, first);
        let sends: Vec<_> = visit.sends_for().await.unwrap().into_iter().map(|(place, _)| place.code.to_string()).collect();
        assert_eq!(sends, ["RIV"]);
        done(&portal, &priya, wish(account, Role::Connector, "RIV02", None)).await;
        assert_eq!(visit.own_tokens().await.unwrap().until, None);
    }

    async fn only_those_who_appoint_connectors_revoke_their_tokens(portal: Portal) {
        let jem = connector(&portal).await;
        let made = token(&portal, &jem).await;
        let own = portal.gate.on_behalf_of(&jem).own_tokens().await.unwrap().tokens[0].id.clone();
        for (name, found) in [("Gwen", "not found"), ("Una", "not found"), ("Hamid", "denied"), ("Aled", "denied"), ("Ben", "denied")] {
            let other = portal.persona(name).await;
            let tried = match portal.gate.on_behalf_of(&other).revoke_token(&own).await {
                Err(GateError::NotFound) => "not found",
                Err(GateError::Denied) => "denied",
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(tried, found, "{name}");
        }
        assert!(opens(&portal, &made).await);
        let priya = portal.persona("Priya").await;
        portal.gate.on_behalf_of(&priya).revoke_token(&own).await.unwrap();
        assert!(!opens(&portal, &made).await);
    }

    async fn a_token_is_revoked_by_whoever_may_revoke_the_role_wherever_its_holder_belongs(portal: Portal) {
        // At home below the organisation of the role, beside it, and in another tree.
        let homes = [
            ("seren.wolstenholme", "RIV", "Priya"),
            ("merryn.coldwell", "RIV", "Grace"),
            ("adaeze.adeyemi", "RIV01", "Priya"),
            ("yusuf.nkemelu", "RIV01", "Olwen"),
            ("olwen.adeyemi", "RIV01", "Priya"),
        ];
        let olwen = portal.person("olwen.adeyemi@health.example").await;
        let service = portal.gate.on_behalf_of(&SERVICE);
        let primary = wish(olwen.account().unwrap(), Role::PrimaryLocalAdministrator, "RIV01", None);
        for (name, organisation, revoker) in homes {
            let holder = portal.person(&format!("{name}@health.example")).await;
            let role = wish(holder.account().unwrap(), Role::Connector, organisation, None);
            service.establish(vec![role]).await.unwrap();
            let made = token(&portal, &holder).await;
            let id = portal.gate.on_behalf_of(&holder).own_tokens().await.unwrap().tokens[0].id.clone();
            let revoker = match revoker {
                "Olwen" => {
                    service.establish(vec![primary.clone()]).await.unwrap();
                    olwen.clone()
                }
                name => portal.persona(name).await,
            };
            let visit = portal.gate.on_behalf_of(&revoker);
            assert!(visit.token(&id).await.is_ok(), "{name}");
            visit.revoke_token(&id).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!opens(&portal, &made).await, "{name}");
            let db = portal.gate.store().reader();
            let letters = store::outbox::subjects_to(db, &format!("{name}@health.example")).await.unwrap();
            assert!(letters.iter().any(|subject| subject.starts_with("Your API token")), "{name}: {letters:?}");
        }
        // Each is recorded with the right by which it was done.
        let grace = portal.persona("Grace").await;
        let query = TrailQuery { action: Some(Action::TokenRevoked), ..TrailQuery::default() };
        let entries = portal.gate.on_behalf_of(&grace).trail(&query, None, 50).await.unwrap().entries;
        assert_eq!(entries.len(), homes.len());
        assert!(entries.iter().all(|entry| entry.rights.len() == 1), "{entries:?}");
    }

    async fn a_role_is_revoked_by_those_who_may_grant_it_wherever_its_holder_is(portal: Portal) {
        let service = portal.gate.on_behalf_of(&SERVICE);
        for (name, organisation, revoker) in [
            ("seren.wolstenholme", "RIV", "Priya"),
            ("merryn.coldwell", "RIV", "Grace"),
            ("adaeze.adeyemi", "RIV01", "Priya"),
            ("olwen.adeyemi", "RIV01", "Priya"),
        ] {
            let holder = portal.person(&format!("{name}@health.example")).await;
            let role = wish(holder.account().unwrap(), Role::LocalHelpdesk, organisation, None);
            service.establish(vec![role]).await.unwrap();
            let revoker = portal.persona(revoker).await;
            let which = WhichGrants { account: holder.account(), ..WhichGrants::default() };
            let held = portal.gate.on_behalf_of(&revoker).administrators(which).await.unwrap().grants.remove(0);
            done(&portal, &revoker, revoke(&held)).await;
        }
    }

    async fn the_tokens_of_a_scope_are_listed_for_those_who_may_revoke_them(portal: Portal) {
        let service = portal.gate.on_behalf_of(&SERVICE);
        let seren = portal.person("seren.wolstenholme@health.example").await;
        let olwen = portal.person("olwen.adeyemi@health.example").await;
        let elsewhere = wish(olwen.account().unwrap(), Role::PrimaryLocalAdministrator, "G7H8J", None);
        let here = wish(seren.account().unwrap(), Role::Connector, "RIV01", None);
        service.establish(vec![elsewhere, here]).await.unwrap();
        let jem = connector(&portal).await;
        let (old, new) = (token(&portal, &jem).await, token(&portal, &seren).await);
        let priya = portal.persona("Priya").await;
        let visit = portal.gate.on_behalf_of(&priya);
        let listed = async |standing: TokenStanding, words: &str| {
            let which = WhichTokens { standing, words: words.to_owned(), ..WhichTokens::default() };
            let page = visit.tokens(&which).await.unwrap();
            let names = page.tokens.iter().map(|listed| listed.holder.full_name());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        };
        let (of_jem, of_seren) = ("Jem Larkspur".to_owned(), "Seren Wolstenholme".to_owned());
        assert_eq!(listed(TokenStanding::Good, "").await, [of_jem.clone(), of_seren.clone()]);
        assert_eq!(listed(TokenStanding::Good, "wolstenholme").await, std::slice::from_ref(&of_seren));
        assert_eq!(listed(TokenStanding::Good, "PAYROLL").await, [of_jem.clone(), of_seren.clone()]);
        assert_eq!(listed(TokenStanding::Good, &old.secret[..12]).await, std::slice::from_ref(&of_jem));
        assert_eq!(listed(TokenStanding::Good, &new.secret).await, std::slice::from_ref(&of_seren));
        assert!(listed(TokenStanding::Good, "%").await.is_empty());
        // They are good for 30 days, and were never used.
        assert!(listed(TokenStanding::Unused, "").await.is_empty());
        portal.pass_seconds(1);
        assert_eq!(listed(TokenStanding::Expiring, "").await, [of_jem.clone(), of_seren.clone()]);
        portal.pass_seconds(30 * DAY);
        assert!(listed(TokenStanding::Good, "").await.is_empty());
        assert_eq!(listed(TokenStanding::Over, "").await, [of_jem, of_seren]);

        for name in ["Ben", "Gwen", "Hamid", "Aled", "Una"] {
            let person = portal.persona(name).await;
            let refused = portal.gate.on_behalf_of(&person).tokens(&WhichTokens::default()).await;
            assert!(matches!(refused, Err(GateError::Denied)), "{name}");
        }
        let all = WhichTokens { standing: TokenStanding::Any, ..WhichTokens::default() };
        let other = portal.gate.on_behalf_of(&olwen);
        assert!(other.tokens(&all).await.unwrap().tokens.is_empty());
        let id = visit.tokens(&all).await.unwrap().tokens[0].token.id.clone();
        assert!(matches!(other.token(&id).await, Err(GateError::NotFound)));
    }

    async fn the_list_of_tokens_goes_on_behind_its_last_one(portal: Portal) {
        let jem = connector(&portal).await;
        let visit = portal.gate.on_behalf_of(&jem);
        for number in 0..20 {
            portal.pass_seconds(60);
            visit.make_token(&format!("Payroll {number}"), 30).await.unwrap().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        }
        let scope = portal.gate.store().reader();
        let everything = domain::policy::Scope { everything: true, parts: vec![] };
        let mut which = WhichTokens::default();
        let mut names = Vec::new();
        loop {
            let page = store::access::tokens::list(scope, &everything, &which, portal.gate.now(), 7).await.unwrap();
            let Some(last) = page.last() else { break };
            which.after = Some(last.id.clone());
            names.extend(page.into_iter().map(|token| token.name));
        }
        let expected: Vec<_> = (0..20).rev().map(|number| format!("Payroll {number}")).collect();
        assert_eq!(names, expected);
    }

    async fn what_is_sent_is_applied_at_once_within_the_scope_and_left_out_beyond(portal: Portal) {
        let jem = connector(&portal).await;
        let id = send(&portal, &jem, &file(&["9001,RIV,Ada,Bright,", "9002,G7H8J,Ann,Lee,", "9003,RIV,,Moon,", "1001,RIV,,,07700 900555"])).await;
        portal.work().await;
        let visit = portal.gate.on_behalf_of(&jem);
        let sent = visit.sent(&id, Filter::default()).await.unwrap();
        assert_eq!(sent.submission.state, State::Applied);
        let outcomes: Vec<_> = sent.rows.iter().map(|row| row.outcome).collect();
        assert_eq!(outcomes, [Outcome::Done, Outcome::LeftOut, Outcome::LeftOut, Outcome::Done]);
        let (_, result) = visit.report(&id, Report::Result).await.unwrap();
        let result = String::from_utf8(result).unwrap();
        assert!(result.contains("Created ada.bright@health.example.") && result.contains("Rejected."), "{result}");
        // Nobody else's, by the API; those who manage the places see it in the portal.
        let ben = portal.persona("Ben").await;
        assert!(matches!(portal.gate.on_behalf_of(&ben).sent(&id, Filter::default()).await, Err(GateError::NotFound)));
        let priya = portal.persona("Priya").await;
        let seen = portal.gate.on_behalf_of(&priya).connector(jem.account().unwrap()).await.unwrap();
        assert_eq!(seen.sent[0].id, id);
        assert!(portal.gate.on_behalf_of(&portal.persona("Gwen").await).connector(jem.account().unwrap()).await.is_err());
    }

    async fn a_column_that_would_move_somebody_or_give_a_role_gives_nothing(portal: Portal) {
        let jem = connector(&portal).await;
        let before = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let text = "LocalID,ODSCode,FirstName,LastName,RoleGrant\n1002,RIV,,,global-admin\n";
        let id = send(&portal, &jem, text).await;
        let other = send(&portal, &jem, &file(&["1002,RIV01,,,"])).await;
        portal.work().await;
        let visit = portal.gate.on_behalf_of(&jem);
        assert_eq!(visit.sent(&id, Filter::default()).await.unwrap().submission.state, State::Unreadable);
        let moved = visit.sent(&other, Filter::default()).await.unwrap();
        assert_eq!(moved.submission.totals.with(Outcome::Done), 0, "{:?}", moved.rows[0].planned.step);
        // The attribute “Role” is a person's work, and no right.
        let work = send(&portal, &jem, "LocalID,ODSCode,FirstName,LastName,Role\n1001,RIV,,,Global Administrator\n").await;
        portal.work().await;
        assert_eq!(visit.sent(&work, Filter::default()).await.unwrap().submission.totals.with(Outcome::Done), 0);
        assert_eq!(store::directory::apply::state(portal.gate.store().reader()).await.unwrap(), before);
    }

    async fn a_role_lost_before_its_turn_applies_nothing_and_the_sender_is_told(portal: Portal) {
        let jem = connector(&portal).await;
        let priya = portal.persona("Priya").await;
        let id = send(&portal, &jem, &file(&["9001,RIV,Ada,Bright,"])).await;
        // Checked, and released to be applied.
        assert!(Worker::new(portal.gate.clone()).work_once().await.unwrap());
        let role = portal.gate.on_behalf_of(&priya).administrators(Some(Role::Connector)).await.unwrap().grants.remove(0);
        done(&portal, &priya, revoke(&role)).await;
        portal.work().await;
        let grace = portal.persona("Grace").await;
        let left = portal.gate.on_behalf_of(&grace).submission(&id).await.unwrap();
        assert_eq!((left.state, left.totals.with(Outcome::Done), left.totals.with(Outcome::LeftOut)), (State::Applied, 0, 0));
        let sent = portal.gate.on_behalf_of(&grace).review(&id, Filter::default()).await.unwrap();
        assert_eq!(sent.rows[0].outcome, Outcome::Stale);
    }
}
