//! The sweep: each timer to the second, across summer time and short months; nothing twice, and nothing of who is erased.

use std::sync::Arc;

use demo::PRACTICE_FILE;
use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    life::{Then, Timers, Turn},
    offer::OfferEnd,
    organisation::OrganisationCode,
    policy::Actor,
    request::{AccountWish, Cells, ContactWish, Wish},
    submission::{LookAlikes, State},
    values::ids::{AccountId, ContactId, Timestamp},
};
use gate::{
    Asked, Confirmation, Gate, GateError, Query, SignIn, Swept, Upcoming, UpcomingFilter, UpcomingKind, calendar, seen,
};
use store::ConnectionTrait;
use testkit::{NOON, PASSWORD, Portal, SERVICE, on_both};

const DAY: i64 = 86_400;

/// 30 days after noon of 21 November 2026, without summer time in between.
const DAY_30: Timestamp = Timestamp(NOON.0 + 30 * DAY * 1000);

/// Has the service do something now.
async fn establish(portal: &Portal, wish: Wish) {
    portal.gate.on_behalf_of(&SERVICE).establish(vec![wish]).await.unwrap();
}

/// Asks for something by a form and confirms it.
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
    assert_eq!(visit.submission(&id).await.unwrap().state, State::Applied, "{wish:?}");
}

/// The account of the trust with a local ID.
async fn account(portal: &Portal, local_id: &str) -> AccountId {
    let ben = portal.persona("Ben").await;
    let found = portal
        .gate
        .on_behalf_of(&ben)
        .all_accounts(&Query::default(), 1000)
        .await
        .unwrap();
    let one = found
        .iter()
        .find(|account| account.attributes.text(Attribute::LocalId) == local_id);
    one.expect("an account of the demonstration").id
}

/// Where an account stands; none where it is erased.
async fn status(portal: &Portal, id: AccountId) -> Option<AccountStatus> {
    let found = store::directory::people::by_ids(portal.gate.store().reader(), &[id.0])
        .await
        .unwrap();
    found.into_iter().next().map(|account| account.status)
}

/// Its time is up at a moment, and not a second earlier.
async fn runs_out(portal: &Portal, id: AccountId, at: Timestamp, before: AccountStatus, after: Option<AccountStatus>) {
    portal.pass_until(at.plus_seconds(-1));
    portal.sweep().await;
    assert_eq!(status(portal, id).await, Some(before), "a second before");
    portal.pass_until(at);
    portal.sweep().await;
    assert_eq!(status(portal, id).await, after, "at its moment");
}

async fn count_events(portal: &Portal) -> usize {
    store::trail::events::all(portal.gate.store().reader())
        .await
        .unwrap()
        .len()
}

/// The rows of a table in which a word stands.
pub async fn mentions(portal: &Portal, table: &str, columns: &[&str], word: &str) -> u64 {
    let found: Vec<_> = columns
        .iter()
        .map(|column| format!("lower({column}) LIKE '%{word}%'"))
        .collect();
    let touch = format!("UPDATE {table} SET {0} = {0} WHERE {1}", columns[0], found.join(" OR "));
    let touched = portal.gate.store().reader().execute_unprepared(&touch).await.unwrap();
    touched.rows_affected()
}

/// Everywhere a person's data is kept for good.
const KEPT: [(&str, &[&str]); 3] = [
    (
        "account",
        &[
            "search",
            "sort_name",
            "look_alike",
            "first_name",
            "last_name",
            "display_name",
            "email_address",
        ],
    ),
    ("event", &["fact", "actor_name"]),
    ("submission_row", &["request", "planned", "address"]),
];

fn new_person(address: &str) -> Wish {
    Wish::NewAccount(Cells::of([
        (Attribute::FirstName, "Quillon"),
        (Attribute::LastName, "Zephyrine"),
        (Attribute::LocalId, "q1"),
        (Attribute::Organisation, "RIV"),
        (Attribute::EmailAddress, address),
    ]))
}

/// Signs in, as the server does.
async fn enter(portal: &Portal, address: &str) -> SignIn {
    let tried = portal.sign_in(address, PASSWORD).await;
    let actor = portal.person(address).await;
    portal.gate.on_behalf_of(&actor).note_use().await.unwrap();
    tried
}

on_both! {
    async fn an_account_that_nobody_uses_becomes_inactive_then_deleted_then_erased(portal: Portal) {
        use AccountStatus::{Active, Deleted, Inactive};
        let id = account(&portal, "1001").await;
        runs_out(&portal, id, DAY_30, Active, Some(Inactive)).await;
        runs_out(&portal, id, DAY_30.plus_seconds(30 * DAY), Inactive, Some(Deleted)).await;
        runs_out(&portal, id, DAY_30.plus_seconds(60 * DAY), Deleted, None).await;
    }

    async fn a_sign_in_starts_the_time_without_use_again(portal: Portal) {
        use AccountStatus::{Active, Inactive};
        let address = "ben.cartwright@health.example";
        let ben = portal.account(address).await;
        portal.pass_until(NOON.plus_seconds(10 * DAY));
        assert_eq!(enter(&portal, address).await, SignIn::Welcome(ben));
        portal.pass_until(DAY_30);
        portal.sweep().await;
        assert_eq!(status(&portal, ben).await, Some(Active));
        runs_out(&portal, ben, NOON.plus_seconds(40 * DAY), Active, Some(Inactive)).await;
        assert_eq!(enter(&portal, address).await, SignIn::Welcome(ben));
        assert_eq!(status(&portal, ben).await, Some(Active));
    }

    async fn who_waits_or_is_locked_is_never_moved_by_itself(portal: Portal) {
        let (waiting, locked) = (account(&portal, "1062").await, account(&portal, "1044").await);
        portal.pass_until(NOON.plus_seconds(2000 * DAY));
        portal.sweep().await;
        assert_eq!(status(&portal, waiting).await, Some(AccountStatus::Pending));
        assert_eq!(status(&portal, locked).await, Some(AccountStatus::Locked));
    }

    async fn a_leaver_keeps_working_for_thirty_days(portal: Portal) {
        let id = account(&portal, "1042").await;
        runs_out(&portal, id, DAY_30, AccountStatus::Leaver, Some(AccountStatus::Deleted)).await;
    }

    async fn thirty_days_across_the_end_of_summer_time_end_at_the_same_time_of_day(portal: Portal) {
        let account = account(&portal, "1001").await;
        // 10 October 2027, 12:00 in London, which is 11:00 UTC; the clocks go back on the 31st.
        portal.pass_until(Timestamp(1_823_166_000_000));
        establish(&portal, Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver))).await;
        // 9 November 2027, 12:00 in London and UTC.
        let end = Timestamp(1_825_761_600_000);
        runs_out(&portal, account, end, AccountStatus::Leaver, Some(AccountStatus::Deleted)).await;
    }

    async fn eighteen_months_of_a_long_leave_are_calendar_months(portal: Portal) {
        use AccountStatus::{Deleted, Disabled};
        let disabled = account(&portal, "1041").await;
        let other = account(&portal, "1001").await;
        // 31 August 2027, 10:00 in London: eighteen months later there is no 31st.
        portal.pass_until(Timestamp(1_819_702_800_000));
        establish(&portal, Wish::Account(other, AccountWish::Turn(Turn::Disable))).await;
        // 21 May 2028, 12:00 in London.
        runs_out(&portal, disabled, Timestamp(1_842_519_600_000), Disabled, Some(Deleted)).await;
        // 28 February 2029, 10:00.
        runs_out(&portal, other, Timestamp(1_866_967_200_000), Disabled, Some(Deleted)).await;
    }

    async fn on_the_leaving_date_somebody_is_a_leaver_and_their_roles_end(portal: Portal) {
        let account = portal.account("hamid.noorzai@health.example").await;
        let at = calendar::day_begins(2026, 12, 1).unwrap();
        let priya = portal.persona("Priya").await;
        ask(&portal, &priya, Wish::Account(account, AccountWish::Leaving(Some(at)))).await;
        runs_out(&portal, account, at, AccountStatus::Active, Some(AccountStatus::Leaver)).await;
        let state = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
        let held = |line: &&String| line.starts_with("role_grant") && line.contains(&account.to_string());
        assert_eq!(state.iter().filter(held).count(), 0);
        runs_out(&portal, account, calendar::days_after(at, 30).unwrap(), AccountStatus::Leaver, Some(AccountStatus::Deleted)).await;
    }

    async fn an_offer_lapses_after_thirty_days_and_the_contact_stays(portal: Portal) {
        let (ben, grace) = (portal.persona("Ben").await, portal.persona("Grace").await);
        let contacts = portal.gate.on_behalf_of(&ben).all_contacts(&Query::default(), 100).await.unwrap();
        let contact: ContactId = contacts[0].id;
        ask(&portal, &ben, Wish::Contact(contact, ContactWish::Offer("HLD01".into()))).await;
        // Grace looks at it after more than a month, so she is about.
        for days in [10, 20] {
            portal.pass_until(NOON.plus_seconds(days * DAY));
            enter(&portal, "grace.lindholm@health.example").await;
        }
        let ended = || async {
            let offers = portal.gate.on_behalf_of(&grace).offers().await.unwrap();
            offers.sent[0].end.as_ref().map(|(end, ..)| *end)
        };
        portal.pass_until(DAY_30.plus_seconds(-1));
        portal.sweep().await;
        assert_eq!(ended().await, None);
        portal.pass_until(DAY_30);
        portal.sweep().await;
        assert_eq!(ended().await, Some(OfferEnd::Lapsed));
        assert_eq!(portal.gate.on_behalf_of(&grace).contact(contact).await.unwrap().0.organisation, contacts[0].organisation);
    }

    async fn a_deleted_contact_is_forgotten_after_thirty_days(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let contacts = portal.gate.on_behalf_of(&ben).all_contacts(&Query::default(), 100).await.unwrap();
        let contact = contacts[0].id;
        ask(&portal, &ben, Wish::Contact(contact, ContactWish::Delete)).await;
        let there = || async {
            let state = store::directory::apply::state(portal.gate.store().reader()).await.unwrap();
            state.iter().any(|line| line.starts_with("contact") && line.contains(&contact.to_string()))
        };
        portal.pass_until(DAY_30.plus_seconds(-1));
        portal.sweep().await;
        assert!(there().await);
        portal.pass_until(DAY_30);
        portal.sweep().await;
        assert!(!there().await);
    }

    async fn of_who_is_erased_no_name_is_left(portal: Portal) {
        let ben = portal.persona("Ben").await;
        // The address stays reserved, so this one says nothing of the name.
        ask(&portal, &ben, new_person("box.seven@health.example")).await;
        let account = portal.account("box.seven@health.example").await;
        let cells = Cells::of([(Attribute::JobTitle, "Keeper of the Zephyrine archive")]);
        ask(&portal, &ben, Wish::Account(account, AccountWish::Edit(cells))).await;
        ask(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Delete))).await;
        for (table, columns) in KEPT {
            assert!(mentions(&portal, table, columns, "zephyrine").await > 0, "{table}");
        }
        runs_out(&portal, account, DAY_30, AccountStatus::Deleted, None).await;
        for (table, columns) in KEPT {
            for word in ["zephyrine", "quillon"] {
                assert_eq!(mentions(&portal, table, columns, word).await, 0, "{table}: {word}");
            }
        }
    }

    async fn an_address_is_free_again_two_years_after_its_person_is_erased(portal: Portal) {
        let ben = portal.persona("Ben").await;
        ask(&portal, &ben, new_person("")).await;
        let account = portal.account("quillon.zephyrine@health.example").await;
        ask(&portal, &ben, Wish::Account(account, AccountWish::Turn(Turn::Delete))).await;
        portal.pass_until(DAY_30);
        portal.sweep().await;
        assert_eq!(status(&portal, account).await, None);
        let first_free = || async {
            let free = portal.gate.on_behalf_of(&ben).free_addresses("Quillon", "Zephyrine", 1).await.unwrap();
            free[0].as_str().to_owned()
        };
        // 21 December 2028, 12:00.
        let end = Timestamp(1_861_012_800_000);
        portal.pass_until(end.plus_seconds(-1));
        portal.sweep().await;
        assert_eq!(first_free().await, "quillon.zephyrine2@health.example");
        portal.pass_until(end);
        portal.sweep().await;
        assert_eq!(first_free().await, "quillon.zephyrine@health.example");
    }

    async fn what_nobody_decides_on_is_thrown_away_after_a_day_and_a_file_is_not(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let account = account(&portal, "1001").await;
        let asked = visit.ask("Test", Wish::Account(account, AccountWish::Turn(Turn::Disable))).await.unwrap();
        let Asked::Planned(id) = asked else { panic!("it can be done") };
        let file = portal.upload(&ben, PRACTICE_FILE).await;
        let shown = seen(&visit.submission(&id).await.unwrap());
        let states = || async {
            let (form, file) = (visit.submission(&id).await.unwrap(), visit.submission(&file).await.unwrap());
            (form.state, file.state)
        };
        portal.pass_until(NOON.plus_seconds(DAY - 1));
        assert_eq!(portal.sweep().await, Swept::default());
        assert_eq!(states().await, (State::Planned, State::Planned));
        portal.pass_until(NOON.plus_seconds(DAY));
        let due = portal.gate.due(portal.gate.now()).await.unwrap();
        assert!(matches!(&due[..], [only] if matches!(only.what, Upcoming::ThrowAway(_))), "{due:?}");
        assert_eq!(portal.sweep().await.done, 1);
        assert_eq!(states().await, (State::Declined, State::Planned));
        assert_eq!(portal.sweep().await, Swept::default());
        let late = visit.confirm(&id, Confirmation { seen: shown, look_alikes: None, typed: None }).await;
        assert!(matches!(late, Err(GateError::Stale)), "{late:?}");
        assert_eq!(status(&portal, account).await, Some(AccountStatus::Active));
    }

    async fn what_went_back_to_its_asker_waits_for_another_day(portal: Portal) {
        let (ben, priya) = (portal.persona("Ben").await, portal.persona("Priya").await);
        let visit = portal.gate.on_behalf_of(&ben);
        let wish = Wish::Account(account(&portal, "1001").await, AccountWish::Turn(Turn::Disable));
        let asked = visit.ask("Test", wish.clone()).await.unwrap();
        let Asked::Planned(id) = asked else { panic!("it can be done") };
        let state = || async { visit.submission(&id).await.unwrap().state };
        let late = NOON.plus_seconds(DAY - 3600);
        portal.pass_until(late);
        ask(&portal, &priya, wish).await;
        let said = Confirmation { seen: seen(&visit.submission(&id).await.unwrap()), look_alikes: None, typed: None };
        visit.confirm(&id, said).await.unwrap();
        portal.pass_until(late.plus_seconds(DAY - 1));
        portal.sweep().await;
        assert_eq!(state().await, State::Planned);
        portal.pass_until(late.plus_seconds(DAY));
        portal.sweep().await;
        assert_eq!(state().await, State::Declined);
    }

    async fn the_dry_run_says_what_the_sweep_does_and_a_second_sweep_does_nothing(portal: Portal) {
        let ahead = portal.gate.due(DAY_30).await.unwrap();
        assert_eq!(portal.gate.due(portal.gate.now()).await.unwrap().len(), 0);
        portal.pass_until(DAY_30);
        let due = portal.gate.due(portal.gate.now()).await.unwrap();
        assert_eq!(due.len(), ahead.len());
        let before = count_events(&portal).await;
        let swept = portal.sweep().await;
        assert_eq!((swept.done, swept.left), (due.len(), vec![]));
        for due in &due {
            assert_eq!(due.at, DAY_30);
            let Upcoming::Account(account, then) = &due.what else {
                panic!("{due:?}")
            };
            let after = match then {
                Then::Turn(turn) => turn.leads(account.status, account.activated),
                Then::Erase | Then::Start | Then::GiveUpAbsence => None,
            };
            assert_eq!(status(&portal, account.id).await, after, "{due:?}");
        }
        let after = count_events(&portal).await;
        assert!(after >= before + due.len());
        assert_eq!(portal.sweep().await, Swept::default());
        assert_eq!(count_events(&portal).await, after);
        assert!(portal.gate.due(portal.gate.now()).await.unwrap().is_empty());
    }

    async fn two_sweeps_at_once_do_everything_once(portal: Portal) {
        portal.pass_until(DAY_30);
        let due = portal.gate.due(portal.gate.now()).await.unwrap().len();
        let (one, other) = tokio::join!(portal.sweep(), portal.sweep());
        assert_eq!(one.done + other.done, due);
        assert!(portal.gate.due(portal.gate.now()).await.unwrap().is_empty());
    }

    async fn the_last_primary_administrator_is_not_ended_by_a_timer_and_holds_up_nobody(portal: Portal) {
        let priya = portal.account("priya.ramanathan@health.example").await;
        let ben = portal.account("ben.cartwright@health.example").await;
        portal.pass_until(DAY_30);
        portal.sweep().await;
        portal.pass_until(DAY_30.plus_seconds(30 * DAY));
        let mut left = portal.sweep().await.left;
        left.sort();
        let last = ["Grace Lindholm: ", "Priya Ramanathan: "];
        assert!(left.len() == 2 && left.iter().zip(last).all(|(left, name)| left.starts_with(name)), "{left:?}");
        assert_eq!(status(&portal, priya).await, Some(AccountStatus::Inactive));
        assert_eq!(status(&portal, ben).await, Some(AccountStatus::Deleted));
    }

    async fn a_timer_of_nothing_never_runs_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let contacts = portal.gate.on_behalf_of(&ben).all_contacts(&Query::default(), 100).await.unwrap();
        ask(&portal, &ben, Wish::Contact(contacts[0].id, ContactWish::Delete)).await;
        let mut rules = portal.gate.rules().clone();
        rules.timers = Timers {
            unused_days: 0,
            inactive_days: 0,
            disabled_months: 0,
            leaver_days: 0,
            deleted_days: 0,
            ..Timers::STANDARD
        };
        let later = NOON.plus_seconds(5000 * DAY);
        let formats = ::formats::Formats::shipped();
        let patient = Gate::new(portal.gate.store().clone(), rules, formats, Arc::new(move || later));
        assert!(patient.due(later).await.unwrap().is_empty());
        assert_eq!(patient.sweep(&SERVICE).await.unwrap(), Swept::default());
    }

    async fn a_timer_that_reaches_beyond_the_calendar_never_runs_out(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let visit = portal.gate.on_behalf_of(&ben);
        let contacts = visit.all_contacts(&Query::default(), 100).await.unwrap();
        ask(&portal, &ben, Wish::Contact(contacts[0].id, ContactWish::Delete)).await;
        ask(&portal, &ben, Wish::Contact(contacts[1].id, ContactWish::Offer("G7H8J".to_owned()))).await;
        visit.ask("Test", Wish::Account(account(&portal, "1001").await, AccountWish::Turn(Turn::Disable))).await.unwrap();
        let far = u32::MAX;
        let portal = portal.ruled(|rules| rules.timers = Timers {
            unused_days: far,
            inactive_days: far,
            disabled_months: 999_999,
            leaver_days: far,
            deleted_days: far,
            reserved_months: far,
            offer_days: far,
            undecided_days: far,
            ..Timers::STANDARD
        });
        portal.pass_until(NOON.plus_seconds(5000 * DAY));
        assert!(portal.gate.due(portal.gate.now()).await.unwrap().is_empty());
        assert_eq!(portal.sweep().await, Swept::default());
        let ben = portal.persona("Ben").await;
        assert!(portal.gate.on_behalf_of(&ben).upcoming(90).await.unwrap().is_empty());
    }

    async fn what_is_coming_up_ends_at_the_scope_and_leaves_out_who_is_about(portal: Portal) {
        let (ben, gwen) = (portal.persona("Ben").await, portal.persona("Gwen").await);
        let (leaver, deleted) = (account(&portal, "1042").await, account(&portal, "1043").await);
        let named = |due: Vec<gate::Due>| -> Vec<AccountId> {
            let accounts = due.into_iter().filter_map(|due| match due.what {
                Upcoming::Account(account, _) => Some(account.id),
                _ => None,
            });
            accounts.collect()
        };
        let unused = account(&portal, "1001").await;
        let of_ben = named(portal.gate.on_behalf_of(&ben).upcoming(30).await.unwrap());
        assert!(of_ben.contains(&leaver) && of_ben.contains(&deleted) && of_ben.contains(&unused));
        assert!(portal.gate.on_behalf_of(&ben).upcoming(29).await.unwrap().is_empty());
        let of_gwen = named(portal.gate.on_behalf_of(&gwen).upcoming(30).await.unwrap());
        assert!(of_gwen.contains(&gwen.account().unwrap()) && !of_gwen.contains(&unused));
        let among = async |organisation: &str, kind: Option<UpcomingKind>| {
            let organisation = OrganisationCode::parse(organisation).ok();
            let filter = UpcomingFilter { organisation, kind };
            named(portal.gate.on_behalf_of(&ben).upcoming_among(30, &filter).await.unwrap())
        };
        let (idle, ended) = (UpcomingKind::BecomesInactive, UpcomingKind::Deleted);
        let becoming_inactive = among("", Some(idle)).await;
        assert!(becoming_inactive.contains(&unused) && !becoming_inactive.contains(&leaver));
        let to_be_deleted = among("RIV", Some(ended)).await;
        assert!(to_be_deleted.contains(&leaver) && !to_be_deleted.contains(&deleted) && !to_be_deleted.contains(&unused));
        assert!(among("RIV", Some(UpcomingKind::PermanentlyDeleted)).await.contains(&deleted));
        assert!(!among("RIV01", None).await.contains(&unused) && among("G7H8J", None).await.is_empty());
        for name in ["Hamid", "Aled"] {
            let other = portal.persona(name).await;
            let looked = portal.gate.on_behalf_of(&other).upcoming(30).await;
            assert!(matches!(looked, Err(GateError::Denied)), "{name}");
        }
        // Of an account that is in use it is not said that it becomes inactive; a week later it is.
        let enters = NOON.plus_seconds(20 * DAY);
        portal.pass_until(enters);
        enter(&portal, "gwen.ashcombe@health.example").await;
        for (days, said) in [(7, false), (8, true)] {
            portal.pass_until(enters.plus_seconds(days * DAY - 1));
            let near = named(portal.gate.on_behalf_of(&gwen).upcoming(30).await.unwrap());
            assert_eq!(near.contains(&gwen.account().unwrap()), said, "{days} days later");
        }
    }
}
