//! A submission's page: one view for each state, from "being checked" to what became of each row.

mod by_change_file;
mod by_email;
mod by_form;
mod deciding;
mod finding;
mod heading;
mod listing;
mod moving;
mod read_as;
mod shown;
mod told;
mod undo_this;
mod undone;

use domain::{
    channel::Channel,
    dictionary::Attribute,
    plan::RowKind,
    problem::Kind,
    submission::{Outcome, RowResult, State, WOULD_BE_HELD},
    values::ids::SubmissionId,
};
use gate::{EmailOfSubmission, GateError, Review, Row, Submission, Undoing, asks_for_columns, needs_columns};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use self::{
    by_change_file::LinesShown,
    by_email::{BeforeTheRun, ByEmail, LeftOut, Withdraw},
    deciding::Deciding,
    heading::Heading,
    listing::{Listing, is_left_to_decide},
    moving::Moving,
    read_as::{ReadNote, UnknownNames},
    shown::Shown,
    told::{Held, KeptByHand, Mended, SentBefore},
    undo_this::UndoThis,
};
use crate::{
    calls::{
        at,
        uploads::{ImportOrganisations, Upload},
    },
    components::{acts::ActOn, error_summary::ErrorSummary, file_field::FileForm, problems::Problems, tags},
    forms::FormState,
    once::OnceLinks,
    pages::{accounts::newcomers::ToNewcomers, asked},
    routes,
    visitor::Visitor,
    words::{counted, thousands},
};

/// Headings of an unknown file that are listed one by one.
const MOST_HEADINGS: usize = 40;

/// The page.
#[component]
pub fn SubmissionPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let (shown, lines) = (Shown::read(), LinesShown::read());
    let OnceLinks(links) = use_context::<OnceLinks>().unwrap_or_default();
    asked(async move {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let visit = visitor.visit()?;
        let review = visit.review(&id, shown.filter()).await?;
        let error = if form.is_sound() { "" } else { "Error: " };
        let undoing = visit.undoing(&review.submission).await?;
        let gives_links = visit.may_give_links(&review.submission).await?;
        let (title, view) = match review.submission.channel {
            Channel::Undo => undone::page(&visit, review, shown, undoing, form).await?,
            Channel::Portal => by_form::page(&visitor, &visit, review, (shown, undoing), form, links).await?,
            Channel::ChangeFile => by_change_file::page(&visit, review, lines, undoing, form).await?,
            Channel::Api | Channel::PortalCsv | Channel::EmailCsv | Channel::Organisations | Channel::System => {
                let mended = match shown.mended {
                    // What cannot be mended any more is simply not told of.
                    Some((row, _)) => visit.row_to_mend(&id, row).await.ok().map(|(_, row)| row),
                    None => None,
                };
                let email = match review.submission.channel {
                    Channel::EmailCsv => visit.email_of(&id).await?,
                    _ => None,
                };
                of_file(review, shown, form, mended, (undoing, gives_links, email))
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
    (undoing, gives_links, email): (Option<Undoing>, bool, Option<EmailOfSubmission>),
) -> (String, AnyView) {
    let state = review.submission.state;
    let is_of_organisations = review.submission.channel == Channel::Organisations;
    let summary = still_wrong(&form, &review, mended.as_ref());
    // Where it is the form that is wrong, the page says so itself.
    let error = if form.is_sound() && !summary.is_sound() {
        "Error: "
    } else {
        ""
    };
    let title = format!(
        "{error}{}: {}",
        review.submission.file_name,
        match email.as_ref().is_some_and(|email| email.is_replaced) {
            false => tags::stands(&review.submission),
            true => State::Superseded.name().into(),
        }
    );
    let moving = |label: &'static str| {
        let submission = review.submission.clone();
        let what = if submission.hashing { "passwords" } else { "rows" };
        view! {
            <Moving review=review.clone() label what note="You can leave this page. The work continues, and you can find it under Uploads.">
                <Heading submission/>
            </Moving>
        }
        .into_any()
    };
    let view = match state {
        State::Received if review.submission.hashing => moving("Protecting the passwords"),
        State::Received => moving("Checking the file"),
        State::Applying => moving("Applying the changes"),
        State::Unreadable => view! { <Unreadable review email/> }.into_any(),
        State::Planned => {
            view! { <Planned review shown form mended is_told_above=!summary.is_sound() email/> }.into_any()
        }
        State::Applied | State::Declined | State::Superseded => {
            view! { <Ended review shown undoing gives_links email/> }.into_any()
        }
    };
    let (back, above) = match (is_of_organisations, Visitor::of_page().sees.uploads) {
        (true, _) => (routes::ORGANISATIONS, "Organisations"),
        (false, true) => (routes::UPLOADS, "Uploads"),
        // Whoever is only a connector finds what they sent on a page of their own.
        (false, false) => (routes::OWN_TOKENS, "What you send"),
    };
    let page = view! {
        <a class="nhsuk-back-link" href=back>{above}</a>
        <ErrorSummary form=summary/>
        {view}
    };
    (title, page.into_any())
}

/// What the summary tells: what is wrong with the form, or still wrong with the row that was just checked, cell by cell.
fn still_wrong(form: &FormState, review: &Review, mended: Option<&Row>) -> FormState {
    let mut told = form.clone();
    let is_shown = |row: &&Row| review.rows.iter().any(|shown| shown.planned.row == row.planned.row);
    let is_wrong = |row: &&Row| row.planned.step.kind() == RowKind::Problem;
    let Some(row) = mended.filter(is_shown).filter(is_wrong).filter(|_| form.is_sound()) else {
        return told;
    };
    let number = row.planned.row;
    for problem in row.planned.step.problems() {
        let (field, place) = match problem.place.attribute() {
            Some(attribute) => {
                let heading = review.submission.layout.heading(attribute).unwrap_or(attribute.name());
                (
                    format!("row-{number}-{}", attribute.slug()),
                    format!("Row {number}, {heading}"),
                )
            }
            None => (format!("row-{number}"), format!("Row {number}")),
        };
        told.problem(field, &format!("{place}: {problem}"));
    }
    told
}

/// A file that cannot be read: what is wrong with it, and the way to send it again, right here.
#[component]
fn Unreadable(review: Review, #[prop(optional_no_strip)] email: Option<EmailOfSubmission>) -> impl IntoView {
    let submission = review.submission;
    let is_mail = submission.channel == Channel::EmailCsv;
    let by_email = email.map(|email| view! { <ByEmail email submission=submission.clone()/> });
    let found = submission.problems.iter().find_map(|problem| match &problem.kind {
        Kind::UnknownFormat { found, format, .. } => Some((found.clone(), format.clone())),
        _ => None,
    });
    let found = found.map(|(found, format)| {
        let many = found.len();
        view! {
            <p class="nhsuk-u-margin-top-4">"It is most like the " {format.to_lowercase()} ". These headings were found:"</p>
            <ul>{found.into_iter().take(MOST_HEADINGS).map(|heading| view! { <li class="app-break">{heading}</li> }).collect_view()}</ul>
            {(many > MOST_HEADINGS).then(|| format!("… and {} more.", many - MOST_HEADINGS))}
        }
    });
    let (problems, layout) = (submission.problems.clone(), submission.layout.clone());
    let columns = (review.is_mine && asks_for_columns(&submission)).then(|| {
        let columns = routes::submission_part(&submission.id, "columns");
        let has_headings = found.is_some();
        let (heading, what, button, otherwise) = match has_headings {
            true => (
                "Use this file as it is",
                "Say what each column holds. You do not need to use every column. If the rows are on another sheet, or the headings are in another row, choose these first.",
                "Say what the columns hold",
                "Or change its headings",
            ),
            false => (
                "Are the rows on another sheet?",
                "The workbook has more sheets. Choose the one with the rows.",
                "Choose the sheet",
                "Or upload another file",
            ),
        };
        view! {
            <h3>{heading}</h3>
            <p>{what}</p>
            <a class="nhsuk-button" href=columns>{button}</a>
            <h3>{otherwise}</h3>
        }
    });
    // Two ways side by side, of which the problem's hint would name one only.
    let is_explained = needs_columns(&submission) && review.is_mine;
    let heading = match (needs_columns(&submission), review.is_mine) {
        (true, true) => "Say what the columns of this file hold",
        (true, false) => "The sender must say what the columns of this file hold",
        (false, _) => "The file cannot be read",
    };
    let by_sender = (needs_columns(&submission) && !review.is_mine).then(|| {
        view! { <p>"The sender can do it here: on this page they find the button “Say what the columns hold”."</p> }
    });
    let (action, formats) = posted_to(submission.channel);
    let again = review.is_mine.then(|| {
        let form = match is_mail {
            true => view! { <SendAgain/> }.into_any(),
            false => view! {
                <FileForm label="Upload the corrected file" button="Upload and check" action form=FormState::default()/>
            }
            .into_any(),
        };
        view! {
            {form}
            <p><a href=formats>"What a file must look like"</a></p>
        }
    });
    view! {
        <Heading submission/>
        {by_email}
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h2>{heading}</h2>
            <p>"Nothing has been changed."</p>
            {by_sender}
            <Problems problems layout unhinted=is_explained/>
            {found}
            {columns}
            {again}
        </div></div>
    }
}

/// Where a corrected file is sent that came by email.
#[component]
fn SendAgain() -> impl IntoView {
    let address = Visitor::of_page().gate.rules().email.address.clone();
    view! {
        <p>"Send the corrected file to " <a class="app-break" href=format!("mailto:{address}")>{address.clone()}</a> ". It is checked again, and you get another receipt."</p>
    }
}

/// Where another file of the same sort is posted to, and the page that says what it must look like.
fn posted_to(channel: Channel) -> (&'static str, &'static str) {
    match channel {
        Channel::Organisations => (at::<ImportOrganisations>(), routes::NEW_ORGANISATION_IMPORT),
        _ => (at::<Upload>(), routes::FORMATS),
    }
}

/// The plan, waiting for its sender's decision.
#[component]
fn Planned(
    review: Review,
    shown: Shown,
    form: FormState,
    mended: Option<Row>,
    is_told_above: bool,
    #[prop(optional_no_strip)] email: Option<EmailOfSubmission>,
) -> impl IntoView {
    let submission = review.submission.clone();
    let totals = &submission.totals;
    let done = totals.with(Outcome::Done);
    let stale = totals.with(Outcome::Stale);
    let problems = totals.with_problems();
    let heading = match (stale, problems) {
        (0, 0) if totals.warned() > 0 => counted(totals.warned(), "row needs a decision", "rows need a decision"),
        (0, 0) => "No problems found".to_owned(),
        (0, problems) => format!(
            "{} {} problems",
            counted(problems, "row", "rows"),
            if problems == 1 { "has" } else { "have" }
        ),
        (stale, _) => format!("{} changed since you opened this", counted(stale, "row", "rows")),
    };
    let done = match done {
        0 => "Nothing has been applied yet.".to_owned(),
        done => format!("{} applied.", counted(done, "row is", "rows are")),
    };
    let went_back = (stale > 0).then(|| {
        view! {
            <p>{done} " Rows that changed since then were checked again. Look at them before you decide."</p>
        }
    });
    let by_email = email
        .clone()
        .map(|email| view! { <ByEmail email submission=submission.clone()/> });
    let is_replaced = email.as_ref().is_some_and(|email| email.is_replaced);
    let may_withdraw = email.as_ref().is_some_and(|email| email.may_withdraw);
    let decide = match (review.may_decide, submission.is_held()) {
        _ if submission.waits_for_the_run() => {
            email.map(|email| view! { <BeforeTheRun email submission=submission.clone() form/> }).into_any()
        }
        (false, true) if may_withdraw => view! {
            <div class="nhsuk-inset-text"><p>"It changes or creates more accounts than usual, so the run does not apply it. An administrator who manages every organisation in it must apply or discard it."</p></div>
            <Withdraw submission=submission.clone()/>
        }
        .into_any(),
        (true, false) => view! { <Deciding submission=submission.clone() form/> }.into_any(),
        (true, true) => {
            let left = email.as_ref().and_then(|email| email.left.clone()).unwrap_or_else(|| submission.clone());
            view! {
                <Held submission=submission.clone()/>
                {email.map(|email| view! { <LeftOut email submission=submission.clone()/> })}
                <Deciding submission=left form/>
            }
            .into_any()
        }
        (false, true) => view! { <div class="nhsuk-inset-text"><p>"An administrator who manages every organisation that these changes were sent for must apply or discard them."</p></div> }.into_any(),
        (false, false) => view! { <div class="nhsuk-inset-text"><p>"Only " {submission.actor.name().to_owned()} ", who sent this file, can apply it."</p></div> }.into_any(),
    };
    view! {
        <Heading submission=submission.clone() is_replaced/>
        {by_email}
        <SentBefore before=review.before.clone()/>
        <ReadNote submission=submission.clone() is_mine=review.is_mine/>
        <h2>{heading}</h2>
        <UnknownNames submission=submission.clone() is_mine=review.is_mine/>
        {went_back}
        {decide}
        <KeptByHand review=review.clone()/>
        {mended.zip(shown.mended).map(|(row, (_, checked))| view! { <Mended row checked is_told_above/> })}
        <Listing review shown/>
    }
}

/// How it ended: totals, files to take away, the outcome of each row.
#[component]
fn Ended(
    review: Review,
    shown: Shown,
    undoing: Option<Undoing>,
    gives_links: bool,
    #[prop(optional_no_strip)] email: Option<EmailOfSubmission>,
) -> impl IntoView {
    let submission = review.submission.clone();
    let by_email = email.map(|email| view! { <ByEmail email submission=submission.clone()/> });
    let totals = &submission.totals;
    let count = |kind: RowKind| totals.count(|tally| tally.kind == kind && tally.outcome == Outcome::Done);
    let (created, updated) = (count(RowKind::Create), count(RowKind::Update));
    let undecided = match is_left_to_decide(&submission) {
        true => totals.undecided(),
        false => 0,
    };
    let skipped = totals.skipped().saturating_sub(undecided);
    let (rejected, replaced) = (totals.rejected(), totals.with(Outcome::Superseded));
    // What was skipped row by row is done with.
    let to_fix = totals.count(|tally| tally.outcome == Outcome::LeftOut && tally.kind != RowKind::Skipped);
    let is_applied = submission.state == State::Applied;
    let heading = match is_applied {
        true => "Applied".to_owned(),
        false => tags::stands(&submission).into_owned(),
    };
    let is_of_organisations = submission.channel == Channel::Organisations;
    let (one, many) = match is_of_organisations {
        true => ("organisation", "organisations"),
        false => ("account", "accounts"),
    };
    let sum = match is_applied {
        false if submission.rehearsal => would_be(&submission),
        true => format!(
            "{} created, {} updated, {} rejected{}{}{}.",
            counted(created, one, many),
            counted(updated, one, many),
            counted(rejected, "row", "rows"),
            match undecided {
                0 => String::new(),
                1 => ", 1 row needs a decision".to_owned(),
                undecided => format!(", {} rows need a decision", thousands(undecided)),
            },
            match skipped {
                0 => String::new(),
                skipped => format!(", {} skipped", counted(skipped, "row", "rows")),
            },
            match replaced {
                0 => String::new(),
                replaced => format!(", {} replaced by a later file", counted(replaced, "row", "rows")),
            },
        ),
        false => "Nothing has been changed.".to_owned(),
    };
    let what = if submission.channel.is_machine() {
        "submission"
    } else {
        "upload"
    };
    let result = routes::submission_part(&submission.id, "result.csv");
    let take = match submission.file_gone {
        true => view! { <p>"The file is no longer kept. What became of each row is shown below."</p> }.into_any(),
        false => view! { <p><a href=result download>"Download the result file"</a> ": the file, with what became of each row."</p> }.into_any(),
    };
    let mend = (to_fix > 0 && is_applied && !submission.file_gone)
        .then(|| view! { <Mending submission=submission.clone() to_fix is_mine=review.is_mine/> });
    let would_wait = submission.would_be_held().then(|| {
        view! { <div class="nhsuk-inset-text"><p>{WOULD_BE_HELD}</p></div> }
    });
    view! {
        <Heading submission=submission.clone()/>
        <div class="nhsuk-panel"><h2 class="nhsuk-panel__title">{heading}</h2><div class="nhsuk-panel__body">{sum}</div></div>
        {would_wait}
        {by_email}
        {take}
        <ReadNote submission=submission.clone() is_mine=review.is_mine/>
        {mend}
        {(gives_links && created > 0).then(|| view! { <ToNewcomers id=submission.id.clone() created/> })}
        {(is_applied && !is_of_organisations).then(|| view! { <ActOn id=submission.id.clone() created updated/> })}
        {undoing.map(|undoing| view! { <UndoThis id=submission.id.clone() undoing what/> })}
        <Listing review shown/>
    }
}

/// What the rows of a dry run would come to.
fn would_be(submission: &Submission) -> String {
    let count = |result: RowResult| {
        submission
            .totals
            .count(|tally| RowResult::of(true, tally.outcome, tally.kind, tally.warned) == result)
    };
    let undecided = match count(RowResult::Undecided) {
        0 => String::new(),
        rows => format!(
            ", {} need a decision and would be skipped",
            counted(rows, "row", "rows")
        ),
    };
    format!(
        "Nothing has been changed. {} would be created, {} would be updated, {} would be rejected{undecided}.",
        counted(count(RowResult::Would(RowKind::Create)), "account", "accounts"),
        counted(count(RowResult::Would(RowKind::Update)), "account", "accounts"),
        counted(count(RowResult::Rejected), "row", "rows"),
    )
}

/// What to do with the rows that were not applied.
#[component]
fn Mending(submission: Submission, to_fix: u32, is_mine: bool) -> impl IntoView {
    let problems = routes::submission_part(&submission.id, "problems.csv");
    let (action, _) = posted_to(submission.channel);
    let is_mail = submission.channel == Channel::EmailCsv;
    let last = match is_mail {
        true => {
            "Add these rows to your next list. If no other list for the organisation waits, you can also send that file by email."
        }
        false => "Upload that file.",
    };
    let again = is_mine.then(|| match is_mail {
        true => view! { <SendAgain/> }.into_any(),
        false => view! {
            <FileForm label="Upload the corrected file" button="Upload and check" action form=FormState::default()/>
        }
        .into_any(),
    });
    let gives_passwords = submission.layout.position(Attribute::Password).is_some();
    let passwords = gives_passwords.then(|| {
        view! { <li>"Enter the one-time passwords again, because they are not kept. New accounts without one get an activation link."</li> }
    });
    view! {
        <section>
            <h2>"Fix the rows that were not applied"</h2>
            <ol>
                <li><a href=problems download>"Download the problem file"</a> ": " {counted(to_fix, "row", "rows")} ", each with the reason."</li>
                <li>"Correct the cells in your spreadsheet. The column Problems may stay as it is."</li>
                {passwords}
                <li>{last}</li>
            </ol>
            {again}
        </section>
    }
}
