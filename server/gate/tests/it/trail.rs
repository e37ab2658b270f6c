//! The audit log: whole after everything, broken by every tampering, and seen within one's scope only.

use domain::{
    dictionary::Attribute,
    life::Turn,
    policy::{Actor, Right, Role},
    request::{AccountWish, Cells, Wish},
    submission::LookAlikes,
    trail::{Action, Entry, Happening, Told, Topic},
    values::ids::AccountId,
};
use gate::{Asked, Confirmation, GateError, SignIn, TrailQuery, Verifying, calendar, seen};
use store::{
    ConnectionTrait, Store,
    trail::{Anchor, Fault, Verified},
};
use testkit::{Kind, MAIL_DOMAIN, PASSWORD, Portal, SERVICE, on_both};

const DAY: i64 = 86_400;

async fn verified(portal: &Portal) -> Verified {
    portal.gate.verify_trail(&[]).await.unwrap()
}

async fn run(portal: &Portal, statements: &[&str]) {
    for statement in statements {
        let done = portal.gate.store().reader().execute_unprepared(statement).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

async fn ask(portal: &Portal, actor: &Actor, wish: Wish) {
    let visit = portal.gate.on_behalf_of(actor);
    let Asked::Planned(id) = visit.ask("Test", wish.clone()).await.unwrap() else {
        panic!("cannot be done: {wish:?}")
    };
    let said = Confirmation {
        seen: seen(&visit.submission(&id).await.unwrap()),
        look_alikes: Some(LookAlikes::Create),
        typed: None,
    };
    visit.confirm(&id, said).await.unwrap();
}

async fn new_person(portal: &Portal, by: &Actor) -> AccountId {
    let cells = [
        (Attribute::FirstName, "Quillon"),
        (Attribute::LastName, "Zephyrine"),
        (Attribute::Organisation, "RIV"),
    ];
    ask(portal, by, Wish::NewAccount(Cells::of(cells))).await;
    portal.account("quillon.zephyrine@health.example").await
}

fn job_title(account: AccountId, title: &str) -> Wish {
    Wish::Account(account, AccountWish::Edit(Cells::of([(Attribute::JobTitle, title)])))
}

/// Signs somebody in, as the server does.
async fn sign_in(portal: &Portal, address: &str, password: &str) -> SignIn {
    let came_to = portal.sign_in(address, password).await;
    if let SignIn::Welcome(account) = came_to {
        let actor = Actor::person(account, String::new());
        portal.gate.on_behalf_of(&actor).note_use().await.unwrap();
    }
    came_to
}

async fn read(portal: &Portal, who: &str, query: &TrailQuery) -> Vec<Entry> {
    let actor = portal.persona(who).await;
    portal
        .gate
        .on_behalf_of(&actor)
        .trail(query, None, 1000)
        .await
        .unwrap()
        .entries
}

on_both! {
    async fn every_tampering_is_found_and_where(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let jem = portal.account("jem.larkspur@health.example").await;
        ask(&portal, &ben, job_title(jem, "Porter")).await;
        sign_in(&portal, "ben.cartwright@health.example", "wrong").await;
        sign_in(&portal, "nobody@health.example", "wrong").await;
        let whole = verified(&portal).await;
        assert_eq!((whole.faults.clone(), whole.first), (vec![], 1));
        assert_eq!(whole.entries, u64::try_from(whole.last).unwrap());
        let last = whole.last;
        let changed = last - 2;

        run(&portal, &[
            "CREATE TABLE kept_trail AS SELECT * FROM trail",
            "CREATE TABLE kept_event AS SELECT * FROM event",
            "CREATE TABLE kept_head AS SELECT * FROM trail_head",
        ]).await;
        let swap = |one: i64, other: i64| format!(
            "UPDATE trail SET number = -1 WHERE number = {one}; UPDATE trail SET number = {one} WHERE number = {other}; UPDATE trail SET number = {other} WHERE number = -1"
        );
        let copy = "INSERT INTO trail SELECT number + 1000000, at, action, actor, actor_name, organisation, other_organisation, person, rights, said, salt, digest, hash FROM trail WHERE number = ";
        let cases: Vec<(String, Fault)> = vec![
            ("UPDATE trail SET organisation = 'XYZ01' WHERE number = 5".into(), Fault::Broken(5)),
            ("UPDATE trail SET at = at + 1 WHERE number = 5".into(), Fault::Broken(5)),
            ("UPDATE trail SET rights = '[]' WHERE number = ".to_owned() + &changed.to_string(), Fault::Broken(changed)),
            ("UPDATE trail SET digest = '' WHERE number = 5".into(), Fault::Broken(5)),
            (format!("UPDATE event SET fact = replace(fact, 'Porter', 'Surgeon') WHERE seq = {changed}"), Fault::Changed(changed)),
            (format!("UPDATE event SET actor_name = 'Somebody Else' WHERE seq = {changed}"), Fault::Changed(changed)),
            (format!("UPDATE event SET at = at + 1 WHERE seq = {changed}"), Fault::Changed(changed)),
            (format!("UPDATE event SET submission = '0000000000' WHERE seq = {changed}"), Fault::Changed(changed)),
            (format!("DELETE FROM event WHERE seq = {changed}"), Fault::Changed(changed)),
            (format!("UPDATE trail SET said = replace(said, 'sign-in-failed', 'signed-in') WHERE number = {last}"), Fault::Changed(last)),
            (format!("UPDATE trail SET said = NULL, salt = NULL WHERE number = {last}"), Fault::TakenOut(last)),
            ("DELETE FROM trail WHERE number = 7".into(), Fault::Missing { from: 7, through: 7 }),
            ("DELETE FROM trail WHERE number BETWEEN 7 AND 9".into(), Fault::Missing { from: 7, through: 9 }),
            ("DELETE FROM trail WHERE number < 4".into(), Fault::Missing { from: 1, through: 3 }),
            (swap(8, 9), Fault::Broken(8)),
            (format!("{copy}5; UPDATE trail SET number = {} WHERE number = 1000005", last + 1), Fault::Broken(last + 1)),
            (format!("INSERT INTO event SELECT {}, at, submission, \"row\", actor, actor_name, channel, organisation, subject, fact, other_organisation FROM event WHERE seq = 5", last + 1), Fault::Unrecorded(last + 1)),
            (format!("DELETE FROM trail WHERE number = {last}"), Fault::Head(last - 1)),
            ("UPDATE trail_head SET dropped_number = 3, dropped_hash = (SELECT hash FROM trail WHERE number = 3); DELETE FROM trail WHERE number <= 3".into(), Fault::Beginning(3)),
        ];
        for (tampering, fault) in cases {
            run(&portal, &[&tampering]).await;
            let found = verified(&portal).await;
            assert_eq!(found.faults.first(), Some(&fault), "{tampering}: {found:?}");
            run(&portal, &[
                "DELETE FROM trail", "DELETE FROM event", "DELETE FROM trail_head",
                "INSERT INTO trail SELECT * FROM kept_trail",
                "INSERT INTO event SELECT * FROM kept_event",
                "INSERT INTO trail_head SELECT * FROM kept_head",
            ]).await;
            assert_eq!(verified(&portal).await, whole);
        }
    }

    async fn a_trail_that_is_cut_short_is_found_by_a_head_noted_elsewhere(portal: Portal) {
        sign_in(&portal, "ben.cartwright@health.example", "wrong").await;
        let head = portal.gate.trail_head().await.unwrap();
        let noted = Anchor::parse(&format!("{}:{}", head.number, head.hash)).unwrap();
        assert_eq!(portal.gate.verify_trail(std::slice::from_ref(&noted)).await.unwrap().faults, vec![]);
        let (cut, last) = (head.number - 1, head.number);
        run(&portal, &[
            &format!("DELETE FROM trail WHERE number = {last}"),
            &format!("UPDATE trail_head SET number = {cut}, hash = (SELECT hash FROM trail WHERE number = {cut})"),
        ]).await;
        assert_eq!(verified(&portal).await.faults, vec![]);
        assert_eq!(portal.gate.verify_trail(std::slice::from_ref(&noted)).await.unwrap().faults, vec![Fault::Anchor(last)]);
        // Written anew, it is another trail.
        sign_in(&portal, "nobody@health.example", "wrong").await;
        assert_eq!(portal.gate.verify_trail(&[noted]).await.unwrap().faults, vec![Fault::Anchor(last)]);
    }

    async fn erasing_somebody_keeps_the_chain_whole_and_leaves_nothing_to_try_names_on(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = new_person(&portal, &ben).await;
        ask(&portal, &ben, job_title(account, "Keeper")).await;
        sign_in(&portal, "quillon.zephyrine@health.example", "wrong").await;
        ask(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Delete))).await;
        let about = TrailQuery { target: account.to_string(), ..TrailQuery::default() };
        let before = read(&portal, "Ben", &about).await;
        portal.pass_seconds(31 * DAY);
        // Ben is at work meanwhile, and so keeps his rights.
        portal.gate.on_behalf_of(&ben).note_use().await.unwrap();
        portal.gate.sweep(&SERVICE).await.unwrap();

        let whole = verified(&portal).await;
        assert_eq!(whole.faults, vec![]);
        let after = read(&portal, "Ben", &about).await;
        assert_eq!(after.len(), before.len() + 2, "the erasure, and that values were taken out");
        let forgotten = after.iter().find(|entry| entry.action == Some(Action::Forgotten)).unwrap();
        let Told::Happening(Happening::Forgotten { left }) = &forgotten.told else {
            panic!("{forgotten:?}")
        };
        assert_eq!(left.len(), 3, "created, changed, and the try to sign in");
        let told = after.iter().map(|entry| entry.sentence(calendar::day)).collect::<Vec<_>>().join("\n");
        assert!(told.contains("Details changed (the values have been erased)"), "{told}");
        assert!(told.contains("Sign-in failed, by or about a person whose data has been erased"), "{told}");

        // What is left of the events still rebuilds the directory, and is chained again.
        let kind = if portal.url.starts_with("sqlite") { Kind::Sqlite } else { Kind::Postgres };
        let rebuilt = Portal::empty(kind).await;
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        let tx = rebuilt.gate.store().begin().await.unwrap();
        store::directory::apply::replay(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        let truth = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        assert_eq!(store::directory::apply::state(rebuilt.gate.store().reader()).await.unwrap(), truth);
        assert_eq!(verified(&rebuilt).await.faults, vec![]);

        // What is left is bound, too.
        let (number, _) = left[0];
        run(&portal, &[&format!("UPDATE event SET fact = replace(fact, 'RIV', 'FED') WHERE seq = {number}")]).await;
        assert_eq!(verified(&portal).await.faults, vec![Fault::Changed(number)]);
    }

    async fn several_processes_write_one_chain(portal: Portal) {
        let mut writers = Vec::new();
        for _ in 0..4 {
            // As another process does: with connections of its own.
            let store = Store::open(&portal.url).await.unwrap();
            writers.push(tokio::spawn(async move {
                for _ in 0..25 {
                    let tx = store.begin().await.unwrap();
                    for _ in 0..3 {
                        tx.record(domain::trail::Record {
                            at: testkit::NOON,
                            actor: None,
                            actor_name: String::new(),
                            organisation: None,
                            person: None,
                            rights: vec![],
                            happening: Happening::SignInFailed { unknown_address: None },
                        });
                    }
                    tx.commit().await.unwrap();
                }
            }));
        }
        let before = verified(&portal).await;
        for writer in writers {
            writer.await.unwrap();
        }
        let after = verified(&portal).await;
        assert_eq!((before.faults, after.faults), (vec![], vec![]));
        let founded = store::trail::events::all(portal.gate.store().reader()).await.unwrap().len();
        assert_eq!(after.entries, founded as u64 + 300);
    }

    async fn a_transaction_that_goes_back_leaves_no_gap(portal: Portal) {
        let before = portal.gate.trail_head().await.unwrap();
        let tx = portal.gate.store().begin().await.unwrap();
        store::trail::drop_through(&tx, 2, portal.gate.now(), "nobody").await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(portal.gate.trail_head().await.unwrap(), before);
        sign_in(&portal, "nobody@health.example", "wrong").await;
        assert_eq!(portal.gate.trail_head().await.unwrap().number, before.number + 1);
        assert_eq!(verified(&portal).await.faults, vec![]);
    }

    async fn old_entries_are_dropped_when_somebody_answers_for_it_and_the_rest_holds(portal: Portal) {
        let founded = portal.gate.trail_head().await.unwrap().number;
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        assert_eq!(portal.gate.old_entries(8, None).await.unwrap(), Err(gate::NotDropped::NothingOld));
        portal.pass_seconds(9 * 366 * DAY);
        sign_in(&portal, "nobody@health.example", "wrong").await;
        let elsewhere = portal.gate.old_entries(8, Some("file:/audit.jsonl")).await.unwrap();
        assert_eq!(elsewhere, Err(gate::NotDropped::NotForwarded(0)));
        let found = portal.gate.old_entries(8, None).await.unwrap().unwrap();
        assert_eq!((found.first, found.through), (1, founded));
        portal.gate.drop_old_entries(found, "Imogen Hale, information governance").await.unwrap();
        let rest = verified(&portal).await;
        assert_eq!((rest.first, rest.entries, rest.faults), (founded + 1, 2, vec![]));
        let told = read(&portal, "Grace", &TrailQuery::default()).await;
        let dropped = format!("Entries up to number {founded} were deleted, signed off by Imogen Hale, information governance");
        assert!(told.iter().any(|entry| entry.sentence(calendar::day) == dropped));
        // The directory still follows from its events.
        assert_eq!(store::trail::events::all(portal.gate.store().reader()).await.unwrap(), events);

        run(&portal, &["UPDATE trail_head SET dropped_number = dropped_number + 1"]).await;
        assert!(!verified(&portal).await.faults.is_empty());
    }

    async fn what_was_there_before_the_trail_is_taken_into_it(portal: Portal) {
        let events = store::trail::events::all(portal.gate.store().reader()).await.unwrap();
        run(&portal, &[
            "DROP TABLE trail", "DROP TABLE trail_head", "DROP TABLE trail_cursor",
            "DELETE FROM seaql_migrations WHERE version LIKE '%_trail'",
            // Numbers had gaps then.
            "UPDATE event SET seq = seq + 1000000", "UPDATE event SET seq = seq * 2",
        ]).await;
        portal.gate.store().migrate().await.unwrap();
        let whole = verified(&portal).await;
        assert_eq!((whole.entries, whole.faults), (events.len() as u64, vec![]));
        assert_eq!(store::trail::events::all(portal.gate.store().reader()).await.unwrap(), events);
    }

    async fn every_entry_says_by_what_right(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = new_person(&portal, &ben).await;
        ask(&portal, &ben, job_title(account, "Keeper")).await;
        assert_eq!(sign_in(&portal, &format!("ben.cartwright@{MAIL_DOMAIN}"), PASSWORD).await, SignIn::Welcome(ben.account().unwrap()));
        let entries = read(&portal, "Ben", &TrailQuery::default()).await;
        let rights = |action| &entries.iter().find(|entry| entry.action == Some(action)).unwrap().rights;
        for action in [Action::AccountChanged, Action::AccountCreated, Action::TrailRead] {
            let [Right::Role { role: Role::LocalAdministrator | Role::PrimaryLocalAdministrator, organisation, unit: None }] = &rights(action)[..] else {
                panic!("{action:?}: {:?}", rights(action))
            };
            assert_eq!(organisation.as_str(), "RIV");
        }
        assert_eq!(rights(Action::SignedIn)[..], [Right::Own]);
        assert_eq!(rights(Action::OrganisationFounded)[..], [Right::Service]);
    }

    async fn the_trail_ends_at_the_scope(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = new_person(&portal, &ben).await;
        sign_in(&portal, "gwen.ashcombe@health.example", "wrong").await;
        sign_in(&portal, "nobody@health.example", "wrong").await;
        let all = TrailQuery::default();
        let of = |entries: Vec<Entry>| {
            let mut codes: Vec<_> = entries.iter().map(|entry| entry.organisation.as_ref().map(ToString::to_string).unwrap_or_default()).collect();
            codes.sort();
            codes.dedup();
            codes
        };
        let riverside = of(read(&portal, "Ben", &all).await);
        assert!(riverside.contains(&"RIV".to_owned()) && riverside.iter().all(|code| code.starts_with("RIV")), "{riverside:?}");
        let elsewhere = of(read(&portal, "Gwen", &all).await);
        assert!(!elsewhere.iter().any(|code| code.starts_with("RIV") || code.is_empty()), "{elsewhere:?}");
        assert!(of(read(&portal, "Grace", &all).await).contains(&String::new()), "an address that nobody has stands in no organisation");

        // Asked for by name or by ID, what is out of scope is not there.
        for target in ["zephyrine".to_owned(), account.to_string()] {
            let about = TrailQuery { target, ..TrailQuery::default() };
            assert_eq!(read(&portal, "Ben", &about).await.len(), 1);
            assert_eq!(read(&portal, "Gwen", &about).await, vec![]);
        }
        let in_riverside = TrailQuery { organisation: "RIV".into(), ..TrailQuery::default() };
        assert_eq!(read(&portal, "Gwen", &in_riverside).await, vec![]);

        // One unit's administrator reads about the people of that unit.
        let una = read(&portal, "Una", &all).await;
        assert!(!una.is_empty() && una.iter().all(|entry| entry.person.is_some() && entry.person != Some(account.0)));

        let hamid = portal.persona("Hamid").await;
        let denied = portal.gate.on_behalf_of(&hamid).trail(&all, None, 10).await;
        assert!(matches!(denied, Err(GateError::Denied)));
    }

    async fn filters_find_what_they_say(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let account = new_person(&portal, &ben).await;
        portal.pass_seconds(2 * DAY);
        let moment = portal.gate.now();
        ask(&portal, &ben, job_title(account, "Keeper")).await;
        sign_in(&portal, "ben.cartwright@health.example", "wrong").await;
        let actions = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.action.unwrap()).collect::<Vec<_>>();
        let ask_for = async |query: TrailQuery| actions(read(&portal, "Ben", &query).await);
        let none = TrailQuery::default;
        assert_eq!(ask_for(TrailQuery { target: "zephyrine".into(), ..none() }).await, [Action::AccountChanged, Action::AccountCreated]);
        assert_eq!(ask_for(TrailQuery { who: "cartwright".into(), topic: Some(Topic::Accounts), ..none() }).await, [Action::AccountChanged, Action::AccountCreated]);
        assert_eq!(ask_for(TrailQuery { from: Some(moment), topic: Some(Topic::Accounts), ..none() }).await, [Action::AccountChanged]);
        assert_eq!(ask_for(TrailQuery { until: Some(moment), who: "cartwright".into(), topic: Some(Topic::Accounts), ..none() }).await, [Action::AccountCreated]);
        assert_eq!(ask_for(TrailQuery { topic: Some(Topic::SignIns), from: Some(moment), ..none() }).await, [Action::SignInFailed]);
        assert_eq!(ask_for(TrailQuery { action: Some(Action::SignInFailed), ..none() }).await, [Action::SignInFailed]);
        assert_eq!(ask_for(TrailQuery { who: "no such person".into(), ..none() }).await, []);
        // Nothing that was typed is kept by the record of having read.
        let read_about = read(&portal, "Ben", &TrailQuery { action: Some(Action::TrailRead), ..none() }).await;
        let told = read_about.iter().map(|entry| entry.sentence(calendar::day)).collect::<Vec<_>>().join("\n");
        assert!(told.contains("(about somebody)") && !told.contains("zephyrine"), "{told}");
    }

    async fn changes_are_filtered_by_detail_and_lead_to_their_submission(portal: Portal) {
        let (ben, aled) = (portal.persona("Ben").await, portal.persona("Aled").await);
        let account = new_person(&portal, &ben).await;
        ask(&portal, &ben, job_title(account, "Keeper of the email address")).await;
        let cells = Cells::of([(Attribute::EmailAddress, "q.zephyrine@health.example")]);
        ask(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
        let changed = |attribute| TrailQuery {
            target: account.to_string(),
            changed: Some(attribute),
            ..TrailQuery::default()
        };
        for (attribute, after) in [
            (Attribute::JobTitle, "Keeper of the email address"),
            (Attribute::EmailAddress, "q.zephyrine@health.example"),
        ] {
            let entries = read(&portal, "Aled", &changed(attribute)).await;
            let [Entry { told: Told::Change(event), .. }] = entries.as_slice() else {
                panic!("{attribute:?}: {entries:?}")
            };
            let changes: Vec<_> = event.fact.changes().iter().filter(|change| change.attribute == attribute).collect();
            assert_eq!(changes[0].after.as_ref().map(ToString::to_string).as_deref(), Some(after));
        }
        // To be created with a detail is no change of it.
        assert_eq!(read(&portal, "Aled", &changed(Attribute::LastName)).await, vec![]);
        let all = TrailQuery { changed: Some(Attribute::EmailAddress), ..TrailQuery::default() };
        assert_eq!(read(&portal, "Gwen", &all).await, vec![]);
        let page = portal.gate.on_behalf_of(&aled).trail(&changed(Attribute::JobTitle), None, 10).await.unwrap();
        let Told::Change(event) = &page.entries[0].told else { panic!("a change") };
        assert!(page.submissions.contains(&event.submission));
        let read_about = read(&portal, "Aled", &TrailQuery { action: Some(Action::TrailRead), ..TrailQuery::default() }).await;
        let told: Vec<_> = read_about.iter().map(|entry| entry.sentence(calendar::day)).collect();
        let said = format!("Read the audit log (about somebody, {} changed)", Attribute::JobTitle.name().to_lowercase());
        assert!(told.contains(&said), "{told:?}");
    }

    async fn readers_of_the_audit_log_verify_as_much_as_they_may_read(portal: Portal) {
        let (grace, ben, gwen) = (portal.persona("Grace").await, portal.persona("Ben").await, portal.persona("Gwen").await);
        let verify = async |actor: &Actor| {
            let visit = portal.gate.on_behalf_of(actor);
            let Verifying::Done(number) = visit.verify_trail().await.unwrap() else { panic!("it is short") };
            (number, visit.verification(number).await.unwrap())
        };
        let (number, all) = verify(&grace).await;
        let whole = verified(&portal).await;
        assert_eq!((all.fault.clone(), all.by.as_str(), all.at), (None, "Grace Lindholm", portal.gate.now()));
        assert_eq!((all.entries, number), (whole.entries - 1, whole.last));
        assert!(all.head.unwrap().starts_with(&format!("{}:", number - 1)));
        let (of_ben, own) = verify(&ben).await;
        assert_eq!((own.head, own.fault), (None, None));
        assert!(own.entries > 0 && own.entries < all.entries);
        assert!(matches!(portal.gate.on_behalf_of(&gwen).verification(of_ben).await, Err(GateError::NotFound)));
        let hamid = portal.persona("Hamid").await;
        assert!(matches!(portal.gate.on_behalf_of(&hamid).verify_trail().await, Err(GateError::Denied)));
        let recorded = read(&portal, "Grace", &TrailQuery { action: Some(Action::TrailVerified), ..TrailQuery::default() }).await;
        assert_eq!(recorded.iter().map(|entry| entry.number).collect::<Vec<_>>(), [of_ben, number]);

        let entries = store::trail::after(portal.gate.store().reader(), 0, 1_000).await.unwrap();
        let of_the_trust = |entry: &&Entry| entry.organisation.as_ref().is_some_and(|code| code.as_str() == "RIV");
        let broken = entries.iter().find(of_the_trust).unwrap().number;
        run(&portal, &[&format!("UPDATE trail SET at = at + 1 WHERE number = {broken}")]).await;
        let told = Fault::Broken(broken).to_string();
        assert_eq!(verify(&grace).await.1.fault.as_ref(), Some(&told));
        assert_eq!(verify(&ben).await.1.fault.as_ref(), Some(&told));
        let elsewhere = verify(&gwen).await.1.fault.unwrap();
        assert_eq!(elsewhere, "an entry outside the organisations they manage is missing or was changed");
    }
}
