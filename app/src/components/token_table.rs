//! API tokens and what was sent: on one's own page, and on a connector's.

use domain::values::ids::Timestamp;
use gate::{Submission, Token};
use leptos::prelude::*;

use crate::{
    components::{
        table::{Column, Table},
        tags,
    },
    routes, words,
};

/// The tokens, the latest first; with a way to revoke them where the visitor may.
#[component]
pub fn TokenTable(tokens: Vec<Token>, now: Timestamp, may_revoke: bool) -> impl IntoView {
    let line = |token: Token| {
        let standing = standing(&token, now);
        let used = token.last_used.map_or_else(|| "Never".to_owned(), words::moment);
        // That page says what follows, and asks.
        let revoke = (may_revoke && token.is_good(now)).then(|| {
            let hidden = format!(" token {}", token.name);
            view! { <a href=routes::token(&token.id)>"Revoke" <span class="nhsuk-u-visually-hidden">{hidden}</span></a> }
        });
        vec![
            view! { <span class="app-people__name app-break">{token.name}</span> }.into_any(),
            view! { <code>{format!("pat_{}", token.id)}</code> }.into_any(),
            words::day(token.made_at).into_any(),
            used.into_any(),
            standing.into_any(),
            revoke.into_any(),
        ]
    };
    let rows = tokens.into_iter().map(line).collect();
    let columns = vec![
        Column::Named("Name"),
        Column::Named("Begins with"),
        Column::Named("Made"),
        Column::Named("Last used"),
        Column::Named("Status"),
        Column::Acts("What you can do"),
    ];
    view! { <Table caption="API tokens" columns rows empty="There are no tokens."/> }
}

/// Whether a token works, and until or since when.
#[must_use]
pub fn standing(token: &Token, now: Timestamp) -> String {
    match &token.ended {
        Some((at, by)) => format!("Ended on {}, by {by}", words::day(*at)),
        None if token.is_good(now) => format!("Works until {}", words::day(token.expires_at)),
        None => format!("Expired on {}", words::day(token.expires_at)),
    }
}

/// What was sent by machines, the latest first.
#[component]
pub fn SentTable(sent: Vec<Submission>) -> impl IntoView {
    let line = |submission: Submission| {
        let reference = submission.id.to_string();
        vec![
            view! { <a class="app-people__name" href=routes::submission(&submission.id)>{reference}</a> }.into_any(),
            words::moment(submission.received_at).into_any(),
            words::channels(&[submission.channel]).into_any(),
            words::thousands(submission.totals.rows()).into_any(),
            tags::submission(&submission).into_any(),
        ]
    };
    let rows = sent.into_iter().map(line).collect();
    let columns = ["Reference", "Sent", "Through", "Rows", "State"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="What was sent" columns rows empty="Nothing has been sent yet."/> }
}
