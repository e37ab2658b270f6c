//! How a connector is doing: when it was last here, what it did in the last week, what was refused and what to do about it.

use domain::values::ids::{AccountId, Timestamp};
use gate::{ConnectorDay, ConnectorHealth, ConnectorRefusal};
use leptos::prelude::*;

use crate::{
    components::table::{Column, Table},
    routes,
    words::{self, counted, thousands},
};

/// Days that are told.
const DAYS: i64 = 7;

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
) -> impl IntoView {
    let Some(last) = health.last_contact else {
        return view! {
            <h2 id="doing">"How it is doing"</h2>
            <div class="nhsuk-inset-text">
                <p>"The other system has not been here yet. Enter the address and a token there, then test the connection."</p>
                <p><a href=routes::HELP_SYNC>"How to set up each product"</a></p>
            </div>
        }
        .into_any();
    };
    let shadow = shadow.then(|| {
        view! { <div class="nhsuk-inset-text"><p>"Nothing that the other system sends is applied: the settings say so."</p></div> }
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
            <Refusals refusals=health.refusals/>
            <p><a href=routes::connector_part(&connector, "refusals.csv")>"Download the refusals (CSV)"</a></p>
        }
        .into_any(),
    };
    view! {
        <h2 id="doing">"How it is doing"</h2>
        {shadow}
        {silent}
        <p>"Last contact: " {words::moment(last)} ". It keeps " {counted(told(health.links), "account", "accounts")} " up to date."</p>
        <Week days=health.days now/>
        <h3>"Refused requests"</h3>
        {refused}
    }
    .into_any()
}

/// A number of a long count.
fn told(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// The last week, a day a line, also those on which nothing came.
#[component]
fn Week(days: Vec<ConnectorDay>, now: Timestamp) -> impl IntoView {
    let today = now.0.div_euclid(LONG);
    let line = |ago: i64| {
        let day = today - ago;
        let found = days.iter().find(|found| found.day == day);
        let number = |of: fn(&ConnectorDay) -> i64| thousands(told(found.map_or(0, of))).into_any();
        // Noon, so that summer time makes no other day of it.
        let name = words::day(Timestamp(day * LONG + LONG / 2));
        vec![
            name.into_any(),
            number(|day| day.requests),
            number(|day| day.changes),
            number(|day| day.refused),
            number(|day| day.throttled),
        ]
    };
    let rows = (0..DAYS).map(line).collect();
    let columns = ["Day", "Requests", "Changed something", "Refused", "Too fast"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="The last 7 days" shows_caption=true columns rows/> }
}

/// Refusals by their reason, the latest first, each with what helps.
#[component]
fn Refusals(refusals: Vec<ConnectorRefusal>) -> impl IntoView {
    let line = |refusal: ConnectorRefusal| {
        let times = counted(told(refusal.times), "time", "times");
        let help = words::help_with(refusal.status, &refusal.hint).to_owned();
        let example = match refusal.example.parse::<AccountId>() {
            Ok(account) => view! { <a href=routes::account(&account)>"An account that it was about"</a> }.into_any(),
            Err(_) => view! { <span class="app-break">{refusal.example}</span> }.into_any(),
        };
        vec![
            view! { <span class="app-people__name app-break">{refusal.sentence}</span> }.into_any(),
            format!("{times}, last on {}", words::moment(refusal.last)).into_any(),
            example,
            view! { <span class="app-break">{help}</span> }.into_any(),
        ]
    };
    let rows = refusals.into_iter().map(line).collect();
    let columns = ["Why", "How often", "For example", "What to do"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="Refused requests by reason" columns rows/> }
}
