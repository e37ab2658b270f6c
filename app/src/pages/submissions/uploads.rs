//! The uploads of one's scope, and the form for a new one.

use domain::{
    plan::RowKind,
    submission::{Outcome, State, Touched},
    values::ids::SubmissionId,
};
use gate::{GateError, SentBy, Submission};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        error_summary::ErrorSummary,
        file_field::FileForm,
        pagination::{Page, Pagination},
        table::{Column, Table},
        tags,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    forms::FormState,
    islands::breakable,
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
    let query = use_query_map().get_untracked();
    let after = query.get("after").and_then(|after| SubmissionId::parse(&after));
    let given = |name| query.get(name).unwrap_or_default();
    let page = Page::read(after.is_some(), &given("page"));
    let mut unknown = UnknownFilters::default();
    let by = unknown.read(&given("by"), sent_by).unwrap_or_default();
    asked(async move {
        let visit = visitor.visit()?;
        let may_upload = visit.abilities().await?.uploads;
        let mut uploads = visit.submissions(by, after.as_ref(), A_PAGE + 1).await?;
        let more = uploads.len() as u64 > A_PAGE;
        uploads.truncate(A_PAGE as usize);
        let replaced = visit.replaced_among(&uploads).await?;
        let address = |after: &str, page: &str| {
            let parts = [("by", slug(by)), ("after", after), ("page", page)];
            routes::with_query(routes::UPLOADS, &parts)
        };
        let next = uploads.last().filter(|_| more);
        let next = next.map(|last| address(last.id.as_str(), &page.next()));
        let first = after.is_some().then(|| address("", ""));
        let list = if uploads.is_empty() {
            let none = match by {
                SentBy::Anybody => {
                    "No files yet. When somebody uploads one, or a connector sends one, it appears here with its result."
                }
                SentBy::People => "No files uploaded yet. When somebody uploads one, it appears here with its result.",
                SentBy::Machines => {
                    "Connectors have sent nothing yet. When one does, it appears here with its result, and you can undo it."
                }
            };
            view! { <p>{none}</p> }.into_any()
        } else {
            view! { <UploadsTable uploads replaced/> <Pagination first next/> }.into_any()
        };
        let button = may_upload.then(|| view! { <a class="nhsuk-button" href=routes::NEW_UPLOAD>"Upload a file"</a> });
        Ok(view! {
            <Title text=page.title(title(by))/>
            <div class="app-title"><h1>"Uploads"</h1> {button}</div>
            <Held held=visit.held(HELD_SHOWN).await?/>
            <Filter by/>
            <UnknownNote filters=unknown/>
            {list}
        })
    })
}

/// Submissions that wait for the visitor, as many as a page names.
pub(crate) const HELD_SHOWN: u64 = 10;

/// What connectors sent and waits for the visitor; nothing where nothing does.
#[component]
pub(crate) fn Held(held: Vec<Submission>) -> impl IntoView {
    let heading = match held.len() {
        1 => "1 submission waits for you".to_owned(),
        many => format!("{many} submissions wait for you"),
    };
    let line = |submission: Submission| {
        let sum = |of: fn(&Touched) -> u32| submission.touches.iter().map(of).sum::<u32>();
        let (changed, created) = (sum(|touched| touched.changed), sum(|touched| touched.created));
        let accounts = |verb: &str, number| format!("{verb} {}", words::counted(number, "account", "accounts"));
        let said = match (changed, created) {
            (changed, 0) => accounts("changes", changed),
            (0, created) => accounts("creates", created),
            (changed, created) => format!("{}, {}", accounts("changes", changed), accounts("creates", created)),
        };
        let sender = submission.actor.name().to_owned();
        view! {
            <li>
                <a href=routes::submission(&submission.id)>"From " {sender}</a>
                ": " {said}
                <div class="nhsuk-hint nhsuk-u-margin-bottom-0">{submission.channel.name()} ", " {words::moment(submission.received_at)}</div>
            </li>
        }
    };
    (!held.is_empty()).then(|| {
        view! {
            <section class="app-sheet" aria-labelledby="held">
                <h2 id="held">{heading}</h2>
                <p>"Connectors sent more changes than usual. Nothing is changed until you apply them."</p>
                <ul class="nhsuk-list">{held.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

/// Reads [`slug`] back.
fn sent_by(slug_of: &str) -> Option<SentBy> {
    let ways = [SentBy::People, SentBy::Machines];
    ways.into_iter().find(|by| slug(*by) == slug_of)
}

/// What the list is called.
const fn title(by: SentBy) -> &'static str {
    match by {
        SentBy::Anybody => "Uploads",
        SentBy::People => "Uploaded by people: Uploads",
        SentBy::Machines => "Sent by connectors: Uploads",
    }
}

const fn slug(by: SentBy) -> &'static str {
    match by {
        SentBy::Anybody => "",
        SentBy::People => "people",
        SentBy::Machines => "machines",
    }
}

/// Whose submissions are listed.
#[component]
fn Filter(by: SentBy) -> impl IntoView {
    let ways = [
        (SentBy::Anybody, "All"),
        (SentBy::People, "Uploaded by people"),
        (SentBy::Machines, "Sent by connectors"),
    ];
    let way = |(way, label): (SentBy, &'static str)| {
        let href = routes::with_query(routes::UPLOADS, &[("by", slug(way))]);
        view! { <li class="app-tabs__item"><a class="app-tabs__link" href=href aria-current=(way == by).then_some("page")>{label}</a></li> }
    };
    view! { <nav class="app-tabs" aria-label="Who sent them"><ul class="app-tabs__list">{ways.map(way).collect_view()}</ul></nav> }
}

#[component]
fn UploadsTable(
    uploads: Vec<Submission>,
    /// Of the files by email that wait, those that later ones replace altogether.
    replaced: Vec<SubmissionId>,
) -> impl IntoView {
    let line = |upload: Submission| {
        let through = upload
            .channel
            .is_machine()
            .then(|| format!(", {}", upload.channel.name()));
        let file = view! {
            <a class="app-people__name" href=routes::submission(&upload.id) inner_html=breakable(&upload.file_name)></a>
            " "
            <span class="app-people__address">{upload.id.to_string()}</span>
        };
        let sent = view! { {upload.actor.name().to_owned()} {through} <br/> {words::moment(upload.received_at)} };
        vec![
            file.into_any(),
            tags::beside_others(&upload, &replaced),
            counts(&upload).into_any(),
            sent.into_any(),
        ]
    };
    let rows = uploads.into_iter().map(line).collect();
    let columns = ["File", "State", "Rows", "Sent"].map(Column::Named).to_vec();
    view! { <Table caption="Uploads, newest first" columns rows/> }
}

/// What the rows come to, in words; only what there is.
fn counts(upload: &Submission) -> String {
    let totals = &upload.totals;
    let done = totals.with(Outcome::Done);
    let parts = [
        (done, "done"),
        (totals.rejected(), "rejected"),
        (totals.skipped(), "skipped"),
        (totals.with(Outcome::Superseded), "replaced by a later file"),
        // Nobody checks again what a machine sent and is over.
        (
            totals.with(Outcome::Stale),
            match upload.state {
                State::Applied => "not applied",
                _ => "to check again",
            },
        ),
        (
            totals.count(|tally| {
                tally.outcome == Outcome::Waiting
                    && !matches!(tally.kind, RowKind::Problem | RowKind::Kept | RowKind::Skipped)
            }),
            "waiting",
        ),
        (
            totals.count(|tally| tally.outcome != Outcome::Stale && tally.kind == RowKind::Kept),
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
                    <li>"You apply the good rows with one button, or discard the file."</li>
                    <li>"Rows with mistakes come back to you in a file. Fix them there, and upload that file."</li>
                </ol>
                <p><a href=routes::FORMATS>"What a file must look like"</a></p>
                {practice}
            </div></div>
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_submissions_are_listed_is_read_back_and_titled() {
        assert_eq!(sent_by("machines"), Some(SentBy::Machines));
        assert_eq!((sent_by("robots"), sent_by("")), (None, None));
        let second = Page::read(true, "2");
        assert_eq!(
            second.title(title(SentBy::Machines)),
            "Sent by connectors: Uploads, page 2"
        );
    }
}
