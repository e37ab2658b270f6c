//! The uploads of one's scope, and the form for a new one.

use domain::{ids::SubmissionId, plan::RowKind, submission::Outcome};
use gate::{GateError, Submission};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{error_summary::ErrorSummary, file_field::FileForm, pagination::Pagination, tags},
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// Uploads a page shows.
const A_PAGE: u64 = 25;

/// The list, newest first.
#[component]
pub fn UploadsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let after = use_query_map()
        .get_untracked()
        .get("after")
        .and_then(|after| SubmissionId::parse(&after));
    asked(async move {
        let visit = visitor.visit()?;
        let may_upload = visit.abilities().await?.uploads;
        let mut uploads = visit.submissions(after.as_ref(), A_PAGE + 1).await?;
        let more = uploads.len() as u64 > A_PAGE;
        uploads.truncate(A_PAGE as usize);
        let next = uploads
            .last()
            .filter(|_| more)
            .map(|last| routes::with_query(routes::UPLOADS, &[("after", last.id.as_str())]));
        let first = after.is_some().then(|| routes::UPLOADS.to_owned());
        let list = if uploads.is_empty() {
            view! { <p>"Nobody has uploaded a file yet. When somebody does, it is listed here with what came of it."</p> }.into_any()
        } else {
            view! { <UploadsTable uploads/> <Pagination first next/> }.into_any()
        };
        let button = may_upload.then(|| view! { <a class="nhsuk-button" href=routes::NEW_UPLOAD>"Upload a file"</a> });
        Ok(view! {
            <Title text="Uploads"/>
            <div class="app-title"><h1>"Uploads"</h1> {button}</div>
            {list}
        })
    })
}

#[component]
fn UploadsTable(uploads: Vec<Submission>) -> impl IntoView {
    let line = |upload: Submission| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">
                    <a class="app-people__name" href=routes::submission(&upload.id)>{upload.file_name.clone()}</a>
                    " "
                    <span class="app-people__address">{upload.id.to_string()}</span>
                </th>
                <td role="cell" data-label="State">{tags::state(upload.state)}</td>
                <td role="cell" data-label="Rows">{counts(&upload)}</td>
                <td role="cell" data-label="Uploaded">{upload.actor.name().to_owned()} <br/> {words::moment(upload.received_at)}</td>
            </tr>
        }
    };
    view! {
        <table class="app-people" role="table">
            <caption class="app-people__caption nhsuk-u-visually-hidden">"Uploads, newest first"</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"File"</th>
                    <th role="columnheader" scope="col">"State"</th>
                    <th role="columnheader" scope="col">"Rows"</th>
                    <th role="columnheader" scope="col">"Uploaded"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{uploads.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}

/// What the rows come to, in words; only what there is.
fn counts(upload: &Submission) -> String {
    let totals = &upload.totals;
    let done = totals.with(Outcome::Done);
    let parts = [
        (done, "done"),
        (totals.with(Outcome::LeftOut), "left out"),
        (totals.with(Outcome::Stale), "to look at again"),
        (
            totals.count(|tally| {
                tally.outcome == Outcome::Waiting && !matches!(tally.kind, RowKind::Problem | RowKind::Kept)
            }),
            "waiting",
        ),
        (
            totals.count(|tally| tally.outcome == Outcome::Waiting && tally.kind == RowKind::Kept),
            "kept",
        ),
        (
            totals.count(|tally| tally.outcome == Outcome::Waiting && tally.kind == RowKind::Problem),
            "with problems",
        ),
    ];
    let said: Vec<_> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", words::thousands(*count)))
        .collect();
    if said.is_empty() {
        "–".to_owned()
    } else {
        said.join(", ")
    }
}

/// The form; only for those who may upload.
#[component]
pub fn NewUploadPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        if !visitor.visit()?.abilities().await?.uploads {
            return Err(GateError::Denied);
        }
        let title = if form.is_sound() {
            "Upload a file"
        } else {
            "Error: Upload a file"
        };
        let practice = visitor.development.then(|| view! {
            <p>"To try it out, take the " <a href=routes::PRACTICE download>"practice file"</a> ": 50 rows for Riverside, 5 of them with mistakes."</p>
        });
        Ok(view! {
            <Title text=title/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Upload a file"</h1>
                <FileForm label="Staff list" button="Upload and check" form/>
                <h2>"What happens next"</h2>
                <ol>
                    <li>"Each row is checked, and you see what it will do."</li>
                    <li>"You apply the good rows with one button, or throw all of it away."</li>
                    <li>"Rows with mistakes come back to you in a file. Mend them there, and upload that file."</li>
                </ol>
                <p><a href=routes::FORMATS>"What a file must look like"</a></p>
                {practice}
            </div></div>
        })
    })
}
