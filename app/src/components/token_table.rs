//! API tokens and what was sent: on one's own page, and on a connector's.

use domain::ids::Timestamp;
use gate::{Submission, Token};
use leptos::prelude::*;

use crate::{components::tags, routes, words};

/// The tokens, the latest first; with a way to revoke them where the visitor may.
#[component]
pub fn TokenTable(tokens: Vec<Token>, now: Timestamp, may_revoke: bool) -> impl IntoView {
    if tokens.is_empty() {
        return view! { <p>"There is no token."</p> }.into_any();
    }
    let line = move |token: Token| {
        let standing = standing(&token, now);
        let used = token.last_used.map_or_else(|| "Never".to_owned(), words::moment);
        // That page says what follows, and asks.
        let revoke = (may_revoke && token.is_good(now)).then(|| {
            let hidden = format!(" token {}", token.name);
            view! { <a href=routes::token(&token.id)>"Revoke" <span class="nhsuk-u-visually-hidden">{hidden}</span></a> }
        });
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><span class="app-people__name app-break">{token.name}</span></th>
                <td role="cell" data-label="Begins with"><code>{format!("pat_{}", token.id)}</code></td>
                <td role="cell" data-label="Made">{words::day(token.made_at)}</td>
                <td role="cell" data-label="Last used">{used}</td>
                <td role="cell" data-label="Standing">{standing}</td>
                <td role="cell">{revoke}</td>
            </tr>
        }
    };
    view! {
        <table class="app-people" role="table">
            <caption class="app-people__caption nhsuk-u-visually-hidden">"API tokens"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Name"</th>
                    <th role="columnheader" scope="col">"Begins with"</th>
                    <th role="columnheader" scope="col">"Made"</th>
                    <th role="columnheader" scope="col">"Last used"</th>
                    <th role="columnheader" scope="col">"Standing"</th>
                    <th role="columnheader" scope="col"><span class="nhsuk-u-visually-hidden">"What you can do"</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">{tokens.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Whether a token works, and until or since when.
#[must_use]
pub fn standing(token: &Token, now: Timestamp) -> String {
    match &token.ended {
        Some((at, by)) => format!("Ended on {}, by {by}", words::day(*at)),
        None if token.is_good(now) => format!("Good until {}", words::day(token.expires_at)),
        None => format!("Expired on {}", words::day(token.expires_at)),
    }
}

/// What was sent by machines, the latest first.
#[component]
pub fn SentTable(sent: Vec<Submission>) -> impl IntoView {
    if sent.is_empty() {
        return view! { <p>"Nothing was sent yet."</p> }.into_any();
    }
    let line = |submission: Submission| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a class="app-people__name" href=routes::submission(&submission.id)>{submission.id.to_string()}</a></th>
                <td role="cell" data-label="Sent">{words::moment(submission.received_at)}</td>
                <td role="cell" data-label="Through">{words::channels(&[submission.channel])}</td>
                <td role="cell" data-label="Rows">{words::thousands(submission.totals.rows())}</td>
                <td role="cell" data-label="State">{tags::submission(&submission)}</td>
            </tr>
        }
    };
    view! {
        <table class="app-people" role="table">
            <caption class="app-people__caption nhsuk-u-visually-hidden">"What was sent"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"Reference"</th>
                    <th role="columnheader" scope="col">"Sent"</th>
                    <th role="columnheader" scope="col">"Through"</th>
                    <th role="columnheader" scope="col">"Rows"</th>
                    <th role="columnheader" scope="col">"State"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{sent.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
