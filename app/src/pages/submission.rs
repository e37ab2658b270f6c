//! A submission's page: one view for each state, from "being checked" to what became of each row.

mod by_form;
mod deciding;
mod finding;
mod moving;
mod read_as;
mod undone;

use domain::{
    channel::Channel,
    ids::{RowNumber, SubmissionId},
    plan::{PlannedRow, RowKind},
    problem::Kind,
    submission::{Outcome, State},
};
use gate::{Filter, GateError, KEPT, Review, Row, Submission, Undoing, asks_for_columns};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{deciding::Deciding, finding::Finding, moving::Moving, read_as::ReadNote, undone::UndoThis};
use crate::{
    components::{
        acts::ActOn,
        error_summary::ErrorSummary,
        file_field::FileForm,
        mending::MendingHere,
        pagination::Pagination,
        problems::Problems,
        rows::Rows,
        tags,
        totals::{Tile, Totals},
    },
    forms::{ALSO, BACK, FormState, MENDED},
    once::OnceLinks,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// Which rows the address bar asks for.
#[derive(Clone)]
struct Shown {
    /// As in the address bar: a kind of row, `stale`, `look-alike`, `left-out`, or empty for all.
    show: String,
    after: Option<u32>,
    /// The key of a problem that rows share.
    problem: Option<String>,
    /// What must stand in a row.
    words: String,
    moved: bool,
    /// The row that was mended last, and how many others with it.
    mended: Option<(RowNumber, u32)>,
}

impl Shown {
    fn read() -> Self {
        let query = use_query_map().get_untracked();
        let part = |name: &str| query.get(name).unwrap_or_default();
        Self {
            show: part("show"),
            // Whoever goes to a row begins with it.
            after: part("row")
                .parse()
                .map(|row: u32| row.saturating_sub(1))
                .or(part("after").parse())
                .ok(),
            problem: Some(part("problem")).filter(|key| !key.is_empty()),
            words: part("find"),
            moved: part("moved") == "yes",
            mended: part(MENDED)
                .parse()
                .ok()
                .map(|row| (RowNumber(row), part(ALSO).parse().unwrap_or(0))),
        }
    }

    fn filter(&self) -> Filter {
        let done = DONE.into_iter().find(|(show, _)| *show == self.show);
        let done = done.map(|(_, kind)| (kind, Outcome::Done));
        let (kind, outcome) = done.unzip();
        let left = Outcome::from_slug(&self.show).filter(|is| matches!(is, Outcome::Stale | Outcome::LeftOut));
        Filter {
            kind: kind.or(RowKind::from_slug(&self.show)),
            outcome: outcome.or(left),
            warned: self.show == LOOK_ALIKE,
            after: self.after.map(RowNumber),
            problem: self.problem.clone(),
            words: self.words.clone(),
        }
    }

    /// The address of the same rows, from behind a row on.
    fn page(&self, id: &SubmissionId, after: Option<u32>) -> String {
        let there = Self { after, ..self.clone() }.back();
        let query: Vec<_> = there.iter().map(|(name, text)| (*name, text.as_str())).collect();
        format!("{}#rows", routes::with_query(&routes::submission(id), &query))
    }

    /// As [`BACK`] names it.
    fn back(&self) -> Vec<(&'static str, String)> {
        let after = self.after.map(|row| row.to_string()).unwrap_or_default();
        let problem = self.problem.clone().unwrap_or_default();
        BACK.into_iter()
            .zip([self.show.clone(), problem, self.words.clone(), after])
            .collect()
    }

    fn is_all(&self) -> bool {
        self.show.is_empty() && self.problem.is_none() && self.words.is_empty()
    }
}

const LOOK_ALIKE: &str = "look-alike";

/// What became of the rows of a file, where they were not stopped before.
const DONE: [(&str, RowKind); 3] = [
    ("created", RowKind::Create),
    ("updated", RowKind::Update),
    ("unchanged", RowKind::NoChange),
];

/// Headings of an unknown file that are listed one by one.
const MOST_HEADINGS: usize = 40;

/// The page.
#[component]
pub fn SubmissionPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let shown = Shown::read();
    let OnceLinks(links) = use_context::<OnceLinks>().unwrap_or_default();
    asked(async move {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let visit = visitor.visit()?;
        let review = visit.review(&id, shown.filter()).await?;
        let error = if form.is_sound() { "" } else { "Error: " };
        let undoing = visit.undoing(&review.submission).await?;
        let (title, view) = match review.submission.channel {
            Channel::Undo => undone::page(&visit, review, shown, undoing).await,
            Channel::Portal => by_form::page(&visitor, &visit, review, shown, form, links).await?,
            Channel::Api | Channel::PortalCsv | Channel::EmailCsv | Channel::ChangeFile | Channel::System => {
                let mended = match shown.mended {
                    Some((row, _)) => visit.row_to_mend(&id, row).await.ok().map(|(_, row)| row),
                    None => None,
                };
                of_file(review, shown, form, mended, undoing)
            }
        };
        Ok(view! { <Title text=format!("{error}{title}")/> {view} })
    })
}

/// The page of a file, and its title.
fn of_file(
    review: Review,
    shown: Shown,
    form: FormState,
    mended: Option<Row>,
    undoing: Option<Undoing>,
) -> (String, AnyView) {
    let state = review.submission.state;
    let title = format!("{}: {}", review.submission.file_name, state.name());
    let moving = |label: &'static str| {
        let submission = review.submission.clone();
        view! {
            <Moving review=review.clone() label what="rows" note="You can leave this page: the work goes on, and you find it again under Uploads.">
                <Heading submission/>
            </Moving>
        }
        .into_any()
    };
    let view = match state {
        State::Received => moving("Checking the file"),
        State::Applying => moving("Applying the changes"),
        State::Unreadable => view! { <Unreadable review/> }.into_any(),
        State::Planned => view! { <Planned review shown form=form.clone() mended/> }.into_any(),
        State::Applied | State::Declined | State::Superseded => view! { <Ended review shown undoing/> }.into_any(),
    };
    let page = view! {
        <a class="nhsuk-back-link" href=routes::UPLOADS>"Uploads"</a>
        <ErrorSummary form/>
        {view}
    };
    (title, page.into_any())
}

/// The file, who sent it and when, and how things stand.
#[component]
fn Heading(submission: Submission) -> impl IntoView {
    let format = submission.format.clone().map(|format| format!(", {format} format"));
    view! {
        <h1 class="app-break">
            <span class="nhsuk-caption-l">"Upload " {submission.id.to_string()}</span>
            " "
            {submission.file_name.clone()}
        </h1>
        <p>
            {tags::state(submission.state)}
            " Uploaded by " {submission.actor.name().to_owned()} ", " {words::moment(submission.received_at)}
            " (" {words::size(submission.file_size)} {format} ")"
        </p>
        {submission.trouble.clone().map(|trouble| view! { <div class="nhsuk-inset-text"><p>{trouble}</p></div> })}
    }
}

/// It is no file that can be read: what is wrong with it, and the way to send it again, right here.
#[component]
fn Unreadable(review: Review) -> impl IntoView {
    let submission = review.submission;
    let found = submission.problems.iter().find_map(|problem| match &problem.kind {
        Kind::UnknownFormat { found, format, .. } => Some((found.clone(), format.clone())),
        _ => None,
    });
    let found = found.map(|(found, format)| {
        let many = found.len();
        view! {
            <p class="nhsuk-u-margin-top-4">"It comes nearest to the " {format.to_lowercase()} ". These headings were found:"</p>
            <ul>{found.into_iter().take(MOST_HEADINGS).map(|heading| view! { <li class="app-break">{heading}</li> }).collect_view()}</ul>
            {(many > MOST_HEADINGS).then(|| format!("… and {} more.", many - MOST_HEADINGS))}
        }
    });
    let (problems, layout) = (submission.problems.clone(), submission.layout.clone());
    let columns = (review.is_mine && asks_for_columns(&submission)).then(|| {
        let columns = routes::submission_part(&submission.id, "columns");
        view! {
            <h3>"Use this file as it is"</h3>
            <p>"Say what each column holds. What you do not need is left out."</p>
            <a class="nhsuk-button" href=columns>"Say what the columns hold"</a>
            <h3>"Or change its headings"</h3>
        }
    });
    let again = review.is_mine.then(|| {
        view! {
            <FileForm label="Upload the mended file" button="Upload and check" form=FormState::default()/>
            <p><a href=routes::FORMATS>"What a file must look like"</a></p>
        }
    });
    view! {
        <Heading submission/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h2>"The file cannot be read"</h2>
            <p>"Nothing has been changed."</p>
            <Problems problems layout/>
            {found}
            {columns}
            {again}
        </div></div>
    }
}

/// The plan, waiting for its sender's decision.
#[component]
fn Planned(review: Review, shown: Shown, form: FormState, mended: Option<Row>) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let done = totals.with(Outcome::Done);
    let stale = totals.with(Outcome::Stale);
    let problems = totals.with_problems();
    let heading = match (stale, problems) {
        (0, 0) => "All rows are well".to_owned(),
        (0, problems) => format!(
            "{} {} problems",
            counted(problems, "row", "rows"),
            if problems == 1 { "has" } else { "have" }
        ),
        (stale, _) => format!("{} changed while you were looking", counted(stale, "row", "rows")),
    };
    let moved = view! { <MovedOn shown=shown.clone() is_over=false/> };
    let done = match done {
        0 => "Nothing has been applied yet.".to_owned(),
        done => format!("{} applied.", counted(done, "row is", "rows are")),
    };
    let went_back = (stale > 0).then(|| {
        view! {
            <p>{done} " What has changed in the meantime was checked again and waits for you to look."</p>
        }
    });
    let decide = match review.is_mine {
        true => view! { <Deciding submission=submission.clone() form/> }.into_any(),
        false => view! { <div class="nhsuk-inset-text"><p>"Only " {submission.actor.name().to_owned()} ", who sent this file, can apply it."</p></div> }.into_any(),
    };
    view! {
        <Heading submission=submission.clone()/>
        {moved}
        <SentBefore before=review.before.clone()/>
        <ReadNote submission=submission.clone() is_mine=review.is_mine/>
        <h2>{heading}</h2>
        {went_back}
        {decide}
        <KeptByHand review=review.clone()/>
        {mended.map(|row| view! { <Mended row also=shown.mended.map_or(0, |(_, also)| also)/> })}
        <Listing review shown/>
    }
}

/// What was pressed on a page that was no longer true was not done.
#[component]
fn MovedOn(shown: Shown, is_over: bool) -> impl IntoView {
    let said = match is_over {
        false => "This has moved on since the page you came from was shown. Look at it again before you decide.",
        true => {
            "This was decided on before you pressed that button, here or in another window. What you pressed was not done."
        }
    };
    shown
        .moved
        .then(|| view! { <div class="nhsuk-inset-text"><p>{said}</p></div> })
}

/// Values that were changed by hand stay.
#[component]
fn KeptByHand(review: Review) -> impl IntoView {
    let href = routes::with_query(&routes::submission(&review.submission.id), &[("problem", KEPT)]);
    let rows = counted(review.kept, "row", "rows");
    (review.kept > 0).then(|| view! {
        <div class="nhsuk-inset-text"><p>
            "In " {rows} " the file still has what somebody has changed by hand since. That stays as it is, unless you say otherwise. "
            <a href=format!("{href}#rows")>"Show these rows"</a>
        </p></div>
    })
}

/// What came of mending a row.
#[component]
fn Mended(row: Row, also: u32) -> impl IntoView {
    let PlannedRow { row: number, name, .. } = &row.planned;
    let comes = match row.planned.step.kind() {
        RowKind::Create => format!("Row {number} is mended. It creates an account for {name}."),
        RowKind::Update => format!("Row {number} is mended. It changes the account of {name}."),
        RowKind::NoChange | RowKind::Kept => format!("Row {number} is mended. What it says of {name} is so already."),
        RowKind::Problem => format!("Row {number} was checked again. It still has a problem."),
    };
    let others = match also {
        0 => String::new(),
        1 => " The same was written into one other row.".to_owned(),
        also => format!(" The same was written into {} other rows.", words::thousands(also)),
    };
    let there = (row.planned.step.kind() == RowKind::Problem)
        .then(|| view! { " " <a href=format!("#row-{number}")>"Go to row " {number.to_string()}</a> });
    view! { <div class="nhsuk-inset-text" id=MENDED role="status"><p>{comes} {others} {there}</p></div> }
}

/// The same file was here before.
#[component]
fn SentBefore(before: Option<Submission>) -> impl IntoView {
    before.map(|before| {
        let became = match before.state {
            State::Applied => "it was applied",
            State::Declined => "it was thrown away",
            State::Applying => "it is being applied",
            _ => "it still waits to be decided on",
        };
        view! {
            <div class="nhsuk-inset-text"><p>
                "This is the very file that " {before.actor.name().to_owned()} " uploaded on " {words::moment(before.received_at)} "; "
                <a href=routes::submission(&before.id)>{became}</a> "."
            </p></div>
        }
    })
}

/// How it ended: totals, files to take away, the outcome of each row.
#[component]
fn Ended(review: Review, shown: Shown, undoing: Option<Undoing>) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let count = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    let (created, updated) = (count(RowKind::Create), count(RowKind::Update));
    let left_out = totals.with(Outcome::LeftOut);
    let is_applied = submission.state == State::Applied;
    let heading = if is_applied { "Applied" } else { submission.state.name() };
    let sum = match is_applied {
        true => format!(
            "{} created, {} updated, {} left out.",
            counted(created, "account", "accounts"),
            counted(updated, "account", "accounts"),
            counted(left_out, "row", "rows"),
        ),
        false => "Nothing has been changed.".to_owned(),
    };
    let result = routes::submission_part(&submission.id, "result.csv");
    let mend = (left_out > 0 && is_applied)
        .then(|| view! { <Mending submission=submission.clone() left_out is_mine=review.is_mine/> });
    view! {
        <Heading submission=submission.clone()/>
        <MovedOn shown=shown.clone() is_over=true/>
        <div class="nhsuk-panel"><h2 class="nhsuk-panel__title">{heading}</h2><div class="nhsuk-panel__body">{sum}</div></div>
        <p><a href=result download>"Download the result file"</a> ": your file, with what became of each row."</p>
        {mend}
        {is_applied.then(|| view! { <ActOn id=submission.id.clone() created updated/> })}
        {undoing.map(|undoing| view! { <UndoThis id=submission.id.clone() undoing what="upload"/> })}
        <Listing review shown/>
    }
}

/// What to do with the rows left out.
#[component]
fn Mending(submission: Submission, left_out: u32, is_mine: bool) -> impl IntoView {
    let problems = routes::submission_part(&submission.id, "problems.csv");
    view! {
        <section>
            <h2>"Mend what was left out"</h2>
            <ol>
                <li><a href=problems download>"Download the problem file"</a> ": " {counted(left_out, "row", "rows")} ", each with why it was left out."</li>
                <li>"Correct the cells in your spreadsheet. The column Problems may stay as it is."</li>
                <li>"Upload that file."</li>
            </ol>
            {is_mine.then(|| view! { <FileForm label="Upload the mended file" button="Upload and check" form=FormState::default()/> })}
        </section>
    }
}

/// Tiles that filter, and a page of rows: a file's rows, or the people of a form.
#[component]
fn Listing(review: Review, shown: Shown) -> impl IntoView {
    let submission = review.submission;
    let channel = submission.channel;
    let by_form = channel == Channel::Portal;
    let all = shown.is_all();
    let what = match (by_form, &shown.problem, shown.words.as_str()) {
        (true, ..) => people_shown(&shown.show).to_owned(),
        (false, Some(key), _) if key == KEPT => "Rows that keep what was changed by hand".to_owned(),
        (false, Some(_), _) => "Rows with this problem".to_owned(),
        (false, None, "") if channel == Channel::Undo => undone::rows_shown(&shown.show).to_owned(),
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
        let none = if by_form {
            "There is nobody like that."
        } else {
            "There are no such rows."
        };
        view! { <p>{none}</p> }.into_any()
    } else {
        let layout = submission.layout.clone();
        let is_waiting = submission.state == State::Planned && review.is_mine;
        let has_cells = !by_form && channel != Channel::Undo;
        let mending = (is_waiting && has_cells).then(|| MendingHere {
            id: submission.id.clone(),
            others: review.others,
            back: shown.back(),
            opened: shown.mended.map(|(row, _)| row),
        });
        view! { <Rows rows=review.rows layout channel mending editors=review.editors/> <Pagination first next/> }
            .into_any()
    };
    view! {
        <section aria-labelledby="rows">
            <Totals tiles=tiles(&submission, &shown.show)/>
            {(!by_form).then(|| view! { <Finding submission=submission.clone() shown=shown.clone() shared=review.shared/> })}
            <h2 id="rows">{what}</h2>
            {everything}
            {list}
        </section>
    }
}

fn rows_shown(show: &str) -> &'static str {
    match show {
        "problem" => "Rows with problems",
        "create" => "Rows that create an account",
        "created" => "Rows that created an account",
        "update" => "Rows that change an account",
        "updated" => "Rows that changed an account",
        "no-change" | "unchanged" => "Rows that change nothing",
        "stale" => "Rows to look at again",
        "left-out" => "Rows left out",
        LOOK_ALIKE => "Rows that may be about the wrong person",
        _ => "All rows",
    }
}

fn people_shown(show: &str) -> &'static str {
    match show {
        "problem" => "People for whom it cannot be done",
        "update" => "People for whom it can be done",
        "no-change" => "People for whom it is so already",
        "stale" => "People to look at again",
        "left-out" => "People left out",
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
    let labels = match (submission.channel, submission.state) {
        (Channel::Undo, State::Applied) => ["not reversed", "created", "reversed", "as before", "kept"],
        (Channel::Undo, _) => ["cannot be reversed", "to create", "to reverse", "as before", "to keep"],
        (Channel::Portal, State::Applied) => ["left out", "created", "changed", "so already", "kept"],
        (Channel::Portal, _) => ["cannot be done", "to create", "to change", "so already", "kept"],
        (_, State::Applied) => ["with problems", "created", "updated", "no change", "kept"],
        _ => ["with problems", "to create", "to update", "no change", "kept"],
    };
    let kinds = RowKind::ALL.into_iter().zip(labels);
    let kinds = kinds.filter(|(kind, _)| match kind {
        // A form about many people creates nobody, and neither does an undo.
        RowKind::Create => !is_undo && submission.channel != Channel::Portal,
        RowKind::Kept => is_undo,
        RowKind::Problem | RowKind::Update | RowKind::NoChange => true,
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
    // What was well and was not done all the same: it was stopped, or its sender left it out.
    let left_out = totals.with(Outcome::LeftOut);
    if is_over && left_out > totals.of(RowKind::Problem) {
        tiles.push(tile("problem", "left-out", "left out", left_out));
    }
    if totals.with(Outcome::Stale) > 0 {
        tiles.insert(
            0,
            tile("stale", "stale", "to look at again", totals.with(Outcome::Stale)),
        );
    }
    let alike = totals.count(|tally| tally.warned);
    if alike > 0 {
        let label = if is_undo { "in part only" } else { "wrong person?" };
        tiles.push(tile("stale", LOOK_ALIKE, label, alike));
    }
    tiles
}
