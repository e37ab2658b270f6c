//! Where somebody stands, as a line with dates: what was, what is, and what is planned ahead.

use domain::{
    absence::Absence,
    account::{Account, AccountStatus},
    event::{AccountFact, Event, Fact},
    life::{Then, Timers, Turn},
    values::ids::Timestamp,
};
use gate::calendar;
use leptos::prelude::*;

use crate::words;

/// Past stages that are shown: the first, and the last ones. The history below has them all.
const MOST_PAST: usize = 4;

/// Where a stage lies, seen from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It is over.
    Past,
    /// It lasts.
    Now,
    /// It is planned, or comes automatically.
    Ahead,
}

/// A stage in the life of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it is.
    pub what: String,
    /// When it began, or will begin.
    pub at: Timestamp,
    /// Where it lies.
    pub when: When,
}

/// The stages in their order: the past from what the reader knows of the history, the future from dates and timers. `next` is
/// what comes automatically.
#[must_use]
pub fn stages(
    account: &Account,
    events: &[Event],
    next: Option<(Timestamp, Then)>,
    timers: Timers,
    now: Timestamp,
) -> Vec<Stage> {
    let mut past: Vec<_> = events
        .iter()
        .rev()
        .filter(|event| event.at < account.since)
        .filter_map(|event| Some(Stage::new(began(&event.fact)?, event.at, When::Past)))
        .collect();
    if past.len() > MOST_PAST {
        past.drain(1..=past.len() - MOST_PAST);
    }
    let is_away = account.absence.as_ref().is_some_and(|absence| !absence.is_planned());
    let present = Stage::new(status(account.status, is_away), account.since, When::Now);
    let ahead = ahead(account, next, timers, now)
        .into_iter()
        .map(|(what, at)| Stage::new(what.to_owned(), at.max(now), When::Ahead));
    past.into_iter().chain([present]).chain(ahead).collect()
}

impl Stage {
    const fn new(what: String, at: Timestamp, when: When) -> Self {
        Self { what, at, when }
    }
}

/// The stage that began with a fact; `None` if none did, or only one that says little: a lock, or a time without use.
fn began(fact: &Fact) -> Option<String> {
    let says_little = |turn: &Turn| matches!(turn, Turn::Idle | Turn::Wake | Turn::Lock | Turn::Unlock);
    match fact {
        Fact::Account(_, _, AccountFact::Created { .. }) => Some("Created".to_owned()),
        Fact::Account(_, _, AccountFact::Turned { turn, after, away, .. }) if !says_little(turn) => {
            Some(status(*after, away.is_some()))
        }
        Fact::Account(_, organisation, AccountFact::Moved { .. }) => Some(format!("Moved to {organisation}")),
        _ => None,
    }
}

fn status(status: AccountStatus, is_away: bool) -> String {
    match (status, is_away) {
        (AccountStatus::Disabled, true) => AWAY.to_owned(),
        (status, _) => status.name().to_owned(),
    }
}

const AWAY: &str = "Away (disabled)";

/// What lies ahead, with its day, in order.
fn ahead(
    account: &Account,
    next: Option<(Timestamp, Then)>,
    timers: Timers,
    now: Timestamp,
) -> Vec<(&'static str, Timestamp)> {
    let is_pending = account.status == AccountStatus::Pending;
    let absence = account.absence.as_ref();
    // An account that was never activated outlives its leaving date.
    let leaves = account.leaving_at.filter(|at| !is_pending || *at > now);
    let dated = [
        ("Activation link sent", account.starts_at.filter(|_| is_pending)),
        (AWAY, absence.and_then(|absence: &Absence| absence.from)),
        ("Back", absence.and_then(|absence| absence.until)),
        (if is_pending { "Leaves" } else { "Leaver" }, leaves),
    ];
    let mut ahead: Vec<_> = dated.into_iter().filter_map(|(what, at)| Some((what, at?))).collect();
    let in_days = |at, days| calendar::days_after(at, days).filter(|_| days > 0);
    let deleted = match next {
        Some((at, Then::Turn(Turn::Delete))) => Some(at),
        Some((at, Then::Erase)) => {
            ahead.push((ERASED, at));
            None
        }
        _ => leaves
            .filter(|_| !is_pending)
            .and_then(|at| in_days(at, timers.leaver_days)),
    };
    if let Some(at) = deleted {
        let unless_used = account.status == AccountStatus::Inactive && leaves.is_none();
        ahead.push((if unless_used { "Deleted, unless used" } else { "Deleted" }, at));
        ahead.extend(in_days(at.max(now), timers.deleted_days).map(|at| (ERASED, at)));
    }
    ahead.sort_by_key(|(_, at)| *at);
    ahead
}

const ERASED: &str = "Permanently deleted";

/// The line, which may have no more than the present.
#[component]
pub fn Lifeline(stages: Vec<Stage>) -> impl IntoView {
    let stage = |stage: Stage| {
        let day = words::day(stage.at);
        let moment = words::machine_moment(stage.at);
        let (class, said) = match stage.when {
            When::Past => ("app-lifeline__stage app-lifeline__stage--past", ""),
            When::Now => ("app-lifeline__stage app-lifeline__stage--now", "since "),
            When::Ahead => ("app-lifeline__stage app-lifeline__stage--ahead", "Planned for "),
        };
        view! {
            <li class=class aria-current=(stage.when == When::Now).then_some("step")>
                <span class="app-lifeline__what">{stage.what}</span>
                " "
                <span class="app-lifeline__when">{said} <time datetime=moment>{day}</time></span>
            </li>
        }
    };
    view! { <ol class="app-lifeline">{stages.into_iter().map(stage).collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use domain::{
        channel::Channel,
        dictionary::Attributes,
        hand_edit::HandEdits,
        organisation::OrganisationCode,
        values::ids::{AccountId, RowNumber, SubmissionId},
    };

    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    /// 21 November 2026, noon.
    const NOW: Timestamp = Timestamp(1_795_262_400_000);

    fn in_days(days: i64) -> Timestamp {
        NOW.plus_seconds(days * 86_400)
    }

    fn riv() -> OrganisationCode {
        OrganisationCode::parse("RIV").unwrap()
    }

    fn account(status: AccountStatus, since: Timestamp) -> Account {
        Account {
            id: ID.parse().unwrap(),
            organisation: riv(),
            status,
            since,
            leaving_at: None,
            absence: None,
            starts_at: None,
            activated: status != AccountStatus::Pending,
            version: 1,
            attributes: Attributes::default(),
            aliases: vec![],
            by_hand: HandEdits::new(),
            held: None,
            disabled_by: None,
        }
    }

    fn event(at: Timestamp, fact: Fact) -> Event {
        Event {
            at,
            submission: SubmissionId::from_random_bits(1),
            row: RowNumber(1),
            actor: None,
            actor_name: String::new(),
            channel: Channel::System,
            fact,
        }
    }

    fn turned(at: Timestamp, turn: Turn, before: AccountStatus, after: AccountStatus) -> Event {
        let account: AccountId = ID.parse().unwrap();
        let fact = Fact::Account(
            account,
            riv(),
            AccountFact::Turned {
                turn,
                before,
                after,
                leaving: None,
                back: None,
                away: None,
            },
        );
        event(at, fact)
    }

    fn told(stages: &[Stage]) -> Vec<String> {
        let line = |stage: &Stage| format!("{:?} {}: {}", stage.when, stage.what, words::day(stage.at));
        stages.iter().map(line).collect()
    }

    #[test]
    fn a_leavers_line_goes_from_activation_to_permanent_deletion() {
        use AccountStatus::{Active, Inactive, Leaver, Pending};
        let leaver = account(Leaver, in_days(-10));
        // Newest first, as histories are.
        let events = [
            turned(in_days(-10), Turn::MarkLeaver, Active, Leaver),
            turned(in_days(-20), Turn::Wake, Inactive, Active),
            turned(in_days(-40), Turn::Idle, Active, Inactive),
            turned(in_days(-80), Turn::Activate, Pending, Active),
        ];
        let next = Some((in_days(20), Then::Turn(Turn::Delete)));
        assert_eq!(
            told(&stages(&leaver, &events, next, Timers::STANDARD, NOW)),
            [
                "Past Active: 2 September 2026",
                "Now Leaver: 11 November 2026",
                "Ahead Deleted: 11 December 2026",
                "Ahead Permanently deleted: 10 January 2027",
            ]
        );
    }

    #[test]
    fn an_absence_and_a_leaving_date_ahead_stand_in_their_order() {
        let mut away = account(AccountStatus::Active, in_days(-1));
        away.leaving_at = Some(in_days(60));
        away.absence = Some(Absence {
            from: Some(in_days(5)),
            until: Some(in_days(12)),
            reason: String::new(),
        });
        let idle = Some((in_days(29), Then::Turn(Turn::Idle)));
        let never = Timers {
            deleted_days: 0,
            ..Timers::STANDARD
        };
        assert_eq!(
            told(&stages(&away, &[], idle, never, NOW)),
            [
                "Now Active: 20 November 2026",
                "Ahead Away (disabled): 26 November 2026",
                "Ahead Back: 3 December 2026",
                "Ahead Leaver: 20 January 2027",
                "Ahead Deleted: 19 February 2027",
            ]
        );
    }

    #[test]
    fn a_pending_account_is_not_deleted_for_its_leaving_date() {
        let mut pending = account(AccountStatus::Pending, NOW);
        pending.starts_at = Some(in_days(1));
        pending.leaving_at = Some(in_days(40));
        assert_eq!(
            told(&stages(&pending, &[], None, Timers::STANDARD, NOW)),
            [
                "Now Pending: 21 November 2026",
                "Ahead Activation link sent: 22 November 2026",
                "Ahead Leaves: 31 December 2026",
            ]
        );
        pending.leaving_at = Some(in_days(-1));
        pending.starts_at = None;
        assert_eq!(stages(&pending, &[], None, Timers::STANDARD, NOW).len(), 1);
    }

    #[test]
    fn a_pending_account_with_nothing_ahead_is_pending_since_a_day() {
        let pending = account(AccountStatus::Pending, NOW);
        let stages = stages(&pending, &[], None, Timers::STANDARD, NOW);
        let html = view! { <Lifeline stages/> }.to_html();
        let (_, stage) = html.split_once("<li").expect("a stage");
        assert!(stage.contains("aria-current=\"step\""), "{html}");
        let said = stage.replace("<!>", "");
        let (pending, since) = (said.find(">Pending<"), said.find("since "));
        assert!(pending.is_some() && pending < since, "{html}");
        assert!(said.contains("21 November 2026"), "{html}");
    }

    #[test]
    fn of_many_past_stages_the_first_and_the_last_are_shown() {
        use AccountStatus::{Active, Disabled};
        let mut events: Vec<_> = (1..=6)
            .map(|ago| turned(in_days(-ago), Turn::Disable, Active, Disabled))
            .collect();
        events.push(turned(in_days(-9), Turn::Restore, AccountStatus::Deleted, Active));
        let shown = stages(&account(Active, NOW), &events, None, Timers::STANDARD, NOW);
        let ago = |stage: &Stage| (NOW.0 - stage.at.0) / 86_400_000;
        assert_eq!(shown.iter().map(ago).collect::<Vec<_>>(), [9, 3, 2, 1, 0]);
    }
}
