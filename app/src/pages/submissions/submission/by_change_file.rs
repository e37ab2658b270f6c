//! A change file: what became of it as a whole, and the lines of its report as they stand in the report file.

use domain::{
    change_file::{ReportLine, ReportResult},
    submission::State,
    values::ids::{RowNumber, SubmissionId},
};
use gate::{ChangeFileLines, ChangeFileShown, GateError, Review, Submission, Undoing, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{deciding::Deciding, heading::Heading, moving::Moving, told::Held, undo_this::UndoThis};
use crate::{
    components::{
        breakable::Breakable,
        error_summary::ErrorSummary,
        pagination::Pagination,
        problems::Problems,
        table::{Column, Table},
        tags,
    },
    forms::FormState,
    pages::customers::sees,
    routes,
    visitor::Visitor,
};

/// What the page shows besides the review.
struct Told {
    file: Option<ChangeFileShown>,
    lines: ChangeFileLines,
    shown: LinesShown,
}

/// Which of the report's lines the address bar asks for: those behind a row. It is read before the page waits for anything.
#[derive(Clone, Copy)]
pub(super) struct LinesShown(Option<u32>);

impl LinesShown {
    pub(super) fn read() -> Self {
        let after = use_query_map().get_untracked().get("after");
        Self(after.and_then(|after| after.parse().ok()))
    }
}

/// The page, and its title.
pub(super) async fn page(
    visit: &Visit<'_>,
    review: Review,
    shown: LinesShown,
    undoing: Option<Undoing>,
    form: FormState,
) -> Result<(String, AnyView), GateError> {
    let submission = review.submission.clone();
    let told = Told {
        file: visit.change_file_of(&submission.id).await?,
        lines: visit.change_file_lines(&submission.id, shown.0.map(RowNumber)).await?,
        shown,
    };
    let files_of = match &told.file {
        Some(file) => sees(visit, file.customer).await?.then_some(file.customer),
        None => None,
    };
    let stands = match &told.file {
        Some(file) => tags::change_file_word(file).into(),
        None => tags::stands(&submission),
    };
    let title = format!("{}: {stands}", submission.file_name);
    let file = told.file.clone();
    let moving = |label: &'static str| {
        let (submission, file) = (submission.clone(), file.clone());
        view! {
            <Moving review=review.clone() label what="rows" note="You can leave this page. The work continues.">
                <Heading submission file/>
            </Moving>
        }
        .into_any()
    };
    let view = match submission.state {
        State::Received => moving("Checking the file"),
        State::Applying => moving("Applying the changes"),
        State::Unreadable => view! { <Unreadable submission file/> }.into_any(),
        State::Planned => view! { <Waiting review told form=form.clone()/> }.into_any(),
        State::Applied | State::Declined | State::Superseded => view! { <Ended submission told undoing/> }.into_any(),
    };
    let (back, above) = match (files_of, Visitor::of_page().sees.uploads) {
        (Some(customer), _) => (routes::change_files(&customer), "Change files"),
        (None, true) => (routes::UPLOADS.to_owned(), "Uploads"),
        (None, false) => (routes::OWN_TOKENS.to_owned(), "What you send"),
    };
    let view = view! {
        <a class="nhsuk-back-link" href=back>{above}</a>
        <ErrorSummary form/>
        {view}
    };
    Ok((title, view.into_any()))
}

/// Nothing of it could be read.
#[component]
fn Unreadable(submission: Submission, file: Option<ChangeFileShown>) -> impl IntoView {
    let (problems, layout) = (submission.problems.clone(), submission.layout.clone());
    view! {
        <Heading submission file/>
        <h2>"The file cannot be read"</h2>
        <p>"Nothing has been changed. The customer must send the file again, with a higher number."</p>
        <Problems problems layout/>
    }
}

/// It waits for a person: what it would do, and the decision.
#[component]
fn Waiting(review: Review, told: Told, form: FormState) -> impl IntoView {
    let submission = review.submission;
    let decide = match review.may_decide {
        true => view! { <Held submission=submission.clone()/> <Deciding submission=submission.clone() form/> }.into_any(),
        false => view! {
            <div class="nhsuk-inset-text">
                <p>"An administrator who manages the whole organisation must apply or discard this file. Later files from the same source wait until then."</p>
            </div>
        }
        .into_any(),
    };
    view! {
        <Heading submission=submission.clone() file=told.file.clone()/>
        <h2>"This file waits for an administrator"</h2>
        {decide}
        <Report id=submission.id told waits=true/>
    }
}

/// How it ended.
#[component]
fn Ended(submission: Submission, told: Told, undoing: Option<Undoing>) -> impl IntoView {
    let summary = told.lines.summary;
    let nothing_done = summary.has_problems() && summary.done + summary.accepted + summary.no_change == 0;
    let heading = match &told.file {
        Some(file) => tags::change_file_word(file),
        None => submission.state.name(),
    };
    let sum = match (submission.state, submission.rehearsal) {
        (State::Applied, _) => format!("{}.", summary.sentence()),
        (_, true) => format!("Nothing has been changed. {}.", summary.sentence()),
        (_, false) => "An administrator discarded the rest of this file.".to_owned(),
    };
    let ended = match nothing_done && !submission.rehearsal {
        true => view! { <div class="nhsuk-inset-text"><h2>{heading}</h2><p>{sum}</p></div> }.into_any(),
        false => view! {
            <div class="nhsuk-panel"><h2 class="nhsuk-panel__title">{heading}</h2><div class="nhsuk-panel__body">{sum}</div></div>
        }
        .into_any(),
    };
    let undo = undoing.map(|undoing| view! { <UndoThis id=submission.id.clone() undoing what="submission"/> });
    let would_wait = told
        .lines
        .would_wait
        .iter()
        .map(|fault| view! { <p>{fault.sentence()}</p> });
    let would_wait: Vec<_> = would_wait.collect();
    let would_wait = (!would_wait.is_empty()).then(|| view! { <div class="nhsuk-inset-text">{would_wait}</div> });
    view! {
        <Heading submission=submission.clone() file=told.file.clone()/>
        {ended}
        {would_wait}
        {undo}
        <Report id=submission.id told waits=false/>
    }
}

/// The report: where it lies, and its lines.
#[component]
fn Report(
    id: SubmissionId,
    told: Told,
    /// Whether it waits for a person.
    waits: bool,
) -> impl IntoView {
    let file = told.file.and_then(|file| file.report_name).map(|name| {
        view! { <p>"The customer has this report as a file: " <Breakable text=name/></p> }
    });
    let here = routes::submission(&id);
    let last = told.lines.lines.last().filter(|_| told.lines.more);
    let next = last.map(|last| routes::with_query(&here, &[("after", &last.line.to_string())]));
    let first = told.shown.0.is_some().then_some(here);
    let rows = told.lines.lines.into_iter().map(|line| row(line, waits)).collect();
    let columns = ["Line", "Person", "Action", "Result", "What it says"]
        .map(Column::Named)
        .to_vec();
    let part = |name: &str| routes::submission_part(&id, name);
    let take = (!waits).then(|| {
        view! {
            <p>
                <a href=part("result.csv") download>"Download the report"</a>
                ", or "
                <a href=part("problems.csv") download>"only the rows that were not applied"</a>
            </p>
        }
    });
    let about = waits.then_some("Rows that wait say what they would do. ");
    let empty = "The rows of this file are no longer kept.";
    view! {
        <section aria-labelledby="report">
            <h2 id="report">"Report"</h2>
            <p>{about} "Line is the line of the file: the headings are line 1. " <a href=routes::HELP_CHANGE_FILES>"What the report says"</a></p>
            {file}
            {take}
            <Table caption="Lines of the report" columns rows empty/>
            <Pagination first next/>
        </section>
    }
}

/// A line's cells; `waits` where its file waits for a person.
fn row(line: ReportLine, waits: bool) -> Vec<AnyView> {
    let person = match line.account {
        Some(account) => view! { <a href=routes::account(&account)><Breakable text=line.address/></a> }.into_any(),
        None => view! { <Breakable text=line.address/> }.into_any(),
    };
    // What is wrong says more than what was done.
    let says = match line.message.is_empty() {
        true => line.steps,
        false => line.message,
    };
    let code = (!line.code.is_empty())
        .then(|| view! { <div class="nhsuk-hint nhsuk-u-margin-bottom-0"><code>{line.code}</code></div> });
    let says = view! { <span class="app-break">{says}</span> {code} };
    vec![
        line.line.to_string().into_any(),
        person,
        line.action.into_any(),
        match (waits, line.result) {
            (true, ReportResult::NotAttempted) => tags::waiting_row().into_any(),
            (_, result) => tags::report_result(result).into_any(),
        },
        says.into_any(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_report_says_what_is_wrong_or_else_what_was_done() {
        let line = |code: &str, message: &str| ReportLine {
            line: 2,
            address: "jo@river.example".to_owned(),
            action: "Add".to_owned(),
            result: ReportResult::Done,
            code: code.to_owned(),
            message: message.to_owned(),
            account: None,
            steps: "Account created".to_owned(),
        };
        let says = |line: ReportLine| {
            let cells = Owner::new().with(|| row(line, false));
            cells
                .into_iter()
                .next_back()
                .map(RenderHtml::to_html)
                .unwrap_or_default()
        };
        assert!(says(line("", "")).contains("Account created"));
        let wrong = says(line("seats.full", "No seat is free."));
        assert!(
            wrong.contains("No seat is free.") && wrong.contains("seats.full"),
            "{wrong}"
        );
        assert!(!wrong.contains("Account created"), "{wrong}");
    }
}
