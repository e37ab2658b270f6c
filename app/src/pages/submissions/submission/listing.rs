//! The rows of a submission: tiles that filter them, and a page of them.

use domain::{
    channel::Channel,
    plan::RowKind,
    submission::{Outcome, State},
};
use gate::{KEPT, Review, Submission, UndoWay, seen, to_decide};
use leptos::prelude::*;

use super::{
    finding::Finding,
    shown::{DONE, LOOK_ALIKE, Shown},
};
use crate::{
    components::{
        mending::MendingHere,
        pagination::Pagination,
        rows::Rows,
        totals::{Tile, Totals},
        unknown_filters::UnknownNote,
    },
    routes,
};

/// Tiles that filter, and a page of rows: a file's rows, or the people of a form.
#[component]
pub(super) fn Listing(review: Review, shown: Shown) -> impl IntoView {
    let submission = review.submission;
    let channel = submission.channel;
    let by_form = channel == Channel::Portal;
    let all = shown.is_all();
    let what = match (by_form, &shown.problem, shown.words.as_str()) {
        (true, ..) => people_shown(&shown.show).to_owned(),
        (false, Some(key), _) if key == KEPT => "Rows that keep what was changed by hand".to_owned(),
        (false, Some(_), _) => "Rows with this problem".to_owned(),
        (false, None, "") if channel == Channel::Undo => {
            rows_reversed(&shown.show, UndoWay::of(&submission)).to_owned()
        }
        (false, None, "") if channel == Channel::Organisations => {
            rows_shown(&shown.show).replace("an account", "an organisation")
        }
        (false, None, "") => rows_shown(&shown.show).to_owned(),
        (false, None, words) => format!("Rows with “{words}”"),
    };
    let next = review
        .rows
        .last()
        .filter(|_| review.more)
        .map(|last| shown.page(&submission.id, Some(last.planned.row.0)));
    let first = shown.after.map(|_| shown.page(&submission.id, None));
    let show_all = if by_form { "Show everybody" } else { "Show all rows" };
    let everything =
        (!all).then(|| view! { <p><a href=format!("{}#rows", routes::submission(&submission.id))>{show_all}</a></p> });
    let list = if review.rows.is_empty() {
        let none = if by_form { "No people found." } else { "No rows found." };
        view! { <p>{none}</p> }.into_any()
    } else {
        let layout = submission.layout.clone();
        let way = UndoWay::of(&submission);
        let is_waiting = submission.state == State::Planned && review.is_mine;
        // What a machine sent is applied or discarded as it is.
        let has_cells = channel == Channel::PortalCsv;
        let mending = (is_waiting && has_cells).then(|| MendingHere {
            id: submission.id.clone(),
            others: review.others,
            back: shown.back(),
            seen: seen(&submission),
            opened: shown.mended.map(|(row, _)| row),
        });
        let undecided = is_left_to_decide(&submission);
        view! { <Rows rows=review.rows layout channel way rehearsal=submission.rehearsal undecided mending editors=review.editors known_as=review.known_as/> <Pagination first next/> }
            .into_any()
    };
    view! {
        <section aria-labelledby="rows">
            <Totals tiles=tiles(&submission, &shown.show)/>
            {(!by_form).then(|| view! { <Finding submission=submission.clone() shown=shown.clone() shared=review.shared/> })}
            <h2 id="rows">{what}</h2>
            <UnknownNote filters=shown.unknown()/>
            {everything}
            {list}
        </section>
    }
}

/// Whether rows that needed a decision still do: nobody looks at what a machine sends, unless an administrator applied it.
pub(super) fn is_left_to_decide(submission: &Submission) -> bool {
    submission.channel.is_machine() && !submission.rehearsal && submission.applied_by.is_none()
}

fn rows_shown(show: &str) -> &'static str {
    match show {
        "problem" => "Rows with problems",
        "create" => "Rows that create an account",
        "created" => "Rows that created an account",
        "update" => "Rows that change an account",
        "updated" => "Rows that changed an account",
        "no-change" | "unchanged" => "Rows that change nothing",
        "stale" => "Rows to check again",
        "skipped" => "Skipped rows",
        "superseded" => "Rows replaced by a later file",
        LOOK_ALIKE => "Rows that need a decision",
        _ => "All rows",
    }
}

/// The same of an undo.
fn rows_reversed(show: &str, way: UndoWay) -> &'static str {
    match (show, way) {
        ("problem", UndoWay::Reverses) => "Rows that cannot be reversed",
        ("problem", UndoWay::PutsBack) => "Rows that cannot be put back",
        ("update", UndoWay::Reverses) => "Rows that are reversed",
        ("update", UndoWay::PutsBack) => "Rows that are put back",
        (LOOK_ALIKE, UndoWay::Reverses) => "Rows that are reversed in part only",
        (LOOK_ALIKE, UndoWay::PutsBack) => "Rows that are put back in part only",
        (show, _) => rows_of_undo(show),
    }
}

fn rows_of_undo(show: &str) -> &'static str {
    match show {
        "no-change" => "Rows that are as before already",
        "kept" => "Rows that are kept, because they have been changed since",
        "stale" => "Rows to check again",
        "left-out" => "Rows that were not applied",
        _ => "All rows",
    }
}

fn people_shown(show: &str) -> &'static str {
    match show {
        "problem" => "People you cannot do this for",
        "create" => "People who get an account",
        "update" => "People you can do this for",
        "no-change" => "People who need no change",
        "stale" => "People to check again",
        "skipped" => "People who were skipped",
        _ => "Everybody",
    }
}

fn tiles(submission: &Submission, show: &str) -> Vec<Tile> {
    let totals = &submission.totals;
    let tile = |style: &'static str, show_as: &'static str, label, count| Tile {
        style,
        count,
        label,
        href: routes::submission_rows(&submission.id, show_as, None),
        current: show == show_as,
    };
    let is_undo = submission.channel == Channel::Undo;
    let puts_back = UndoWay::of(submission) == UndoWay::PutsBack;
    let labels = match (submission.channel, submission.state) {
        (Channel::Undo, State::Applied) if puts_back => ["not put back", "created", "put back", "as before", "kept"],
        (Channel::Undo, _) if puts_back => ["cannot be put back", "to create", "to put back", "as before", "to keep"],
        (Channel::Undo, State::Applied) => ["not reversed", "created", "reversed", "as before", "kept"],
        (Channel::Undo, _) => ["cannot be reversed", "to create", "to reverse", "as before", "to keep"],
        (Channel::Portal, State::Applied) => ["rejected", "created", "changed", "no change", "kept"],
        (Channel::Portal, _) => ["cannot be done", "to create", "to change", "no change", "kept"],
        (_, State::Applied) => ["rejected", "created", "updated", "no change", "kept"],
        (_, State::Declined) if submission.rehearsal => [
            "with problems",
            "would be created",
            "would be updated",
            "no change",
            "kept",
        ],
        _ => ["with problems", "to create", "to update", "no change", "kept"],
    };
    // The skipped ones have a tile where there are any.
    let kinds = RowKind::ALL.into_iter().zip(labels);
    let kinds = kinds.filter(|(kind, _)| match kind {
        // An undo creates nobody, and of what is asked by form only accepted proposals do.
        RowKind::Create => !is_undo && (submission.channel != Channel::Portal || totals.of(RowKind::Create) > 0),
        RowKind::Kept => is_undo,
        RowKind::Problem | RowKind::Update | RowKind::NoChange => true,
        RowKind::Skipped => false,
    });
    let is_file = !is_undo && submission.channel != Channel::Portal;
    let is_over = is_file && submission.state == State::Applied;
    let of_kind = |(kind, label): (RowKind, &'static str)| {
        let done = DONE.into_iter().find(|(_, done)| is_over && *done == kind);
        match done {
            Some((show, _)) => {
                let count = totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
                tile(kind.slug(), show, label, count)
            }
            // What is done of it already is to be done no more.
            None if submission.state == State::Planned => {
                let count = totals.count(|tally| tally.kind == kind && tally.outcome != Outcome::Done);
                tile(kind.slug(), kind.slug(), label, count)
            }
            None => tile(kind.slug(), kind.slug(), label, totals.of(kind)),
        }
    };
    let mut tiles: Vec<_> = kinds.map(of_kind).collect();
    let skipped = totals.skipped();
    // Nobody skipped anything of a dry run.
    if is_file && skipped > 0 && !submission.rehearsal {
        tiles.push(tile("skipped", "skipped", "skipped", skipped));
    }
    let replaced = totals.with(Outcome::Superseded);
    if replaced > 0 {
        let show = Outcome::Superseded.slug();
        tiles.push(tile("skipped", show, "replaced by a later file", replaced));
    }
    if totals.with(Outcome::Stale) > 0 {
        tiles.insert(0, tile("stale", "stale", "to check again", totals.with(Outcome::Stale)));
    }
    let alike = to_decide(submission);
    if alike > 0 {
        let label = if is_undo { "in part only" } else { "to decide" };
        tiles.push(tile("stale", LOOK_ALIKE, label, alike));
    }
    tiles
}
