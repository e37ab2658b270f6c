//! How a connector is doing: when it was last here, what it did in the last week, what was refused and what to do about it.

use domain::values::ids::{AccountId, Timestamp};
use gate::{ConnectorDay, ConnectorHealth, ConnectorRefusal};
use leptos::prelude::*;

use crate::{
    components::{
        breakable::Breakable,
        table::{Column, Table},
    },
    islands::breakable,
    routes,
    words::{self, counted, thousands},
};

/// Days that are told.
const DAYS: i64 = 7;

/// Reasons of refusals that are shown unless all are asked for.
const REASONS: usize = 10;

/// The parameter of the page that asks for all reasons.
pub(super) const ALL_REFUSALS: &str = "refusals";

/// Milliseconds of a day.
const LONG: i64 = 86_400_000;

/// The section.
#[component]
pub(super) fn Doing(
    health: ConnectorHealth,
    connector: AccountId,
    /// Whether nothing is applied of what it sends.
    shadow: bool,
    now: Timestamp,
    /// Whether the connector itself looks.
    #[prop(optional)]
    own: bool,
    /// Whether all reasons of refusals are shown.
    all: bool,
) -> impl IntoView {
    let Some(last) = health.last_contact else {
        return view! {
            <h2 id="doing">"Recent activity"</h2>
            <div class="nhsuk-inset-text">
                <p>"The other system has not been here yet. Enter the address and a token there, then test the connection."</p>
                <p><a href=routes::HELP_SYNC>"How to set up each product"</a></p>
            </div>
        }
        .into_any();
    };
    let shadow = shadow.then(|| {
        view! { <div class="nhsuk-inset-text"><p>"This connector is on trial: nothing that the other system sends is applied."</p></div> }
    });
    let silent = health.silent_since.map(|since| {
        view! {
            <div class="nhsuk-warning-callout">
                <h3 class="nhsuk-warning-callout__label">"Silent for longer than usual"</h3>
                <p>"Nothing has come since " {words::moment(since)} ". Check that the other system still runs, and that its token has not expired or been revoked."</p>
            </div>
        }
    });
    let refused = match health.refusals.is_empty() {
        true => view! { <p>"Nothing was refused lately."</p> }.into_any(),
        false => view! {
            {own.then(|| view! { <p>"Only administrators see and decide on what stands under Proposals. They see this list, too."</p> })}
            <Refusals refusals=health.refusals reasons=health.reasons all/>
            <p><a href=routes::connector_part(&connector, "refusals.csv")>"Download the refusals (CSV)"</a></p>
        }
        .into_any(),
    };
    view! {
        <h2 id="doing">"Recent activity"</h2>
        {shadow}
        {silent}
        <p>"Last contact: " {words::moment(last)} ". It keeps " {counted(told(health.links), "account", "accounts")} " up to date. These numbers can be some seconds old, and “Last used” of a token some minutes."</p>
        <Week days=health.days now/>
        <h3 id="refused">"Refused requests"</h3>
        {refused}
    }
    .into_any()
}

/// A number of a long count.
fn told(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// The days of the last week on which something came, the latest first.
fn of_week(days: Vec<ConnectorDay>, today: i64) -> Vec<ConnectorDay> {
    let days = days.into_iter();
    days.filter(|day| day.day > today - DAYS && day.requests > 0).collect()
}

/// The last week, a day a line; days without a request are only counted.
#[component]
fn Week(days: Vec<ConnectorDay>, now: Timestamp) -> impl IntoView {
    let days = of_week(days, now.0.div_euclid(LONG));
    let others = DAYS - i64::try_from(days.len()).unwrap_or(DAYS);
    let others = match (days.is_empty(), others) {
        (true, _) => Some(format!("No requests came in the last {DAYS} days.")),
        (false, ..=0) => None,
        (false, others) => Some(format!(
            "No requests came on the other {}.",
            counted(told(others), "day", "days")
        )),
    };
    let others = others.map(|others| view! { <p>{others}</p> });
    let line = |day: &ConnectorDay| {
        let number = |of: fn(&ConnectorDay) -> i64| thousands(told(of(day))).into_any();
        // Noon, so that summer time makes no other day of it.
        let name = words::day(Timestamp(day.day * LONG + LONG / 2));
        vec![
            name.into_any(),
            number(|day| day.requests),
            number(|day| day.changes),
            number(|day| day.refused),
            number(|day| day.throttled),
        ]
    };
    let rows: Vec<_> = days.iter().map(line).collect();
    let columns = ["Day", "Requests", "Changed something", "Refused", "Too fast"]
        .map(Column::Named)
        .to_vec();
    let table = (!rows.is_empty())
        .then(|| view! { <Table caption=format!("The last {DAYS} days") shows_caption=true columns rows/> });
    view! { {table} {others} }
}

/// What is said where not all reasons are shown; `None` where they are.
fn left_out(shown: usize, reasons: u64) -> Option<String> {
    let is_cut = (shown as u64) < reasons;
    is_cut.then(|| {
        format!(
            "These are the {} most recent of {} reasons.",
            thousands(told(shown)),
            thousands(told(reasons))
        )
    })
}

/// Refusals by their reason, the latest first, each with what helps.
#[component]
fn Refusals(refusals: Vec<ConnectorRefusal>, reasons: u64, all: bool) -> impl IntoView {
    let shown = if all {
        refusals.len()
    } else {
        refusals.len().min(REASONS)
    };
    let others = left_out(shown, reasons).map(|said| {
        let more = match all {
            true => "The file has all of them.".into_any(),
            false => view! { <a href=format!("?{ALL_REFUSALS}=all#refused")>"Show all reasons"</a> }.into_any(),
        };
        view! { <p>{said} " " {more}</p> }
    });
    let line = |refusal: ConnectorRefusal| {
        let help = words::help_with(refusal.status, &refusal.hint).to_owned();
        let times = counted(told(refusal.times), "time", "times");
        let last = format!("{times}, last on {}", words::moment(refusal.last));
        let about = match (refusal.example.as_str(), refusal.example.parse::<AccountId>()) {
            ("", _) => None,
            (_, Ok(account)) => Some(
                view! { <br/> <a href=routes::account(&account)>"Open the account that it was last about"</a> }
                    .into_any(),
            ),
            (key, Err(_)) => Some(view! { <br/> "for " <Breakable text=key/> }.into_any()),
        };
        vec![
            view! { <span class="app-people__name" inner_html=breakable(&refusal.sentence)></span> }.into_any(),
            view! { <span inner_html=breakable(&help)></span> }.into_any(),
            view! { {last} {about} }.into_any(),
        ]
    };
    let rows = refusals.into_iter().take(shown).map(line).collect();
    let columns = ["Why", "What to do", "How often"].map(Column::Named).to_vec();
    view! { <Table caption="Refused requests by reason" columns rows/> {others} }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_are_left_out_are_told() {
        assert_eq!((left_out(0, 0), left_out(10, 10)), (None, None));
        let said = "These are the 10 most recent of 1,213 reasons.";
        assert_eq!(left_out(10, 1_213).as_deref(), Some(said));
    }

    #[test]
    fn only_days_of_the_last_week_with_requests_are_listed() {
        let day = |day, requests| ConnectorDay {
            day,
            requests,
            changes: 0,
            refused: 0,
            throttled: 0,
            last_at: Timestamp(day * LONG),
        };
        let days = vec![day(100, 3), day(98, 0), day(94, 1), day(93, 9)];
        let listed: Vec<_> = of_week(days, 100).into_iter().map(|day| day.day).collect();
        assert_eq!(listed, [100, 94]);
    }
}
