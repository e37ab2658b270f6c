//! API tokens and what was sent: on one's own page, and on a connector's.

use domain::{
    plan::RowKind,
    submission::{Outcome, Totals},
    values::ids::{SubmissionId, Timestamp},
};
use gate::{Submission, Token};
use leptos::prelude::*;

use crate::{
    components::{
        table::{Column, Table},
        tags,
    },
    islands::breakable,
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
            view! { <span class="app-people__name" inner_html=breakable(&token.name)></span> }.into_any(),
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
pub fn SentTable(
    sent: Vec<Submission>,
    /// Of the files by email that wait, those that later ones replace altogether.
    replaced: Vec<SubmissionId>,
) -> impl IntoView {
    let line = |submission: Submission| {
        let what = view! {
            <a class="app-people__name" href=routes::submission(&submission.id) inner_html=breakable(&submission.file_name)></a>
            " "
            <span class="app-people__address">{submission.id.to_string()}</span>
        };
        let did = match submission.rehearsal {
            true => would_come_to(&submission.totals),
            false => came_to(&submission.totals),
        };
        vec![
            what.into_any(),
            words::moment(submission.received_at).into_any(),
            words::channels(&[submission.channel]).into_any(),
            did.into_any(),
            tags::beside_others(&submission, &replaced),
        ]
    };
    let rows = sent.into_iter().map(line).collect();
    let columns = ["What was sent", "When", "Through", "What it did", "State"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="What was sent" columns rows empty="Nothing has been sent yet."/> }
}

/// What rows came to, in words; only what there is: `1 created, 12 changed`.
fn came_to(totals: &Totals) -> String {
    let done = |kind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    let waiting = totals.count(|tally| tally.outcome.is_open() && tally.kind.changes_something());
    let parts = [
        (done(RowKind::Create), "created"),
        (done(RowKind::Update), "changed"),
        (done(RowKind::NoChange), "without a change"),
        (totals.rejected() + totals.with_problems(), "with problems"),
        (totals.skipped(), "skipped"),
        (waiting, "waiting"),
    ];
    in_words(&parts)
}

/// What rows would have come to, if they were not a dry run.
fn would_come_to(totals: &Totals) -> String {
    in_words(&[
        (totals.of(RowKind::Create), "would be created"),
        (totals.of(RowKind::Update), "would be changed"),
        (totals.of(RowKind::NoChange), "without a change"),
        (totals.of(RowKind::Problem), "with problems"),
    ])
}

/// Only the counts that there are.
fn in_words(parts: &[(u32, &str)]) -> String {
    let some = parts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<_> = some
        .map(|(count, what)| format!("{} {what}", words::thousands(*count)))
        .collect();
    match said.is_empty() {
        true => "Nothing".to_owned(),
        false => said.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use domain::submission::Tally;

    use super::*;

    #[test]
    fn what_was_sent_says_in_words_what_it_did() {
        let tally = |kind, outcome, rows| Tally {
            kind,
            outcome,
            warned: false,
            rows,
        };
        let totals = Totals(vec![
            tally(RowKind::Create, Outcome::Done, 1),
            tally(RowKind::Update, Outcome::Done, 1_200),
            tally(RowKind::Problem, Outcome::LeftOut, 2),
            tally(RowKind::Update, Outcome::Stale, 3),
        ]);
        assert_eq!(came_to(&totals), "1 created, 1,200 changed, 2 with problems, 3 waiting");
        assert_eq!(came_to(&Totals::default()), "Nothing");
        let tried = Totals(vec![tally(RowKind::Create, Outcome::Waiting, 4)]);
        assert_eq!(would_come_to(&tried), "4 would be created");
    }
}
