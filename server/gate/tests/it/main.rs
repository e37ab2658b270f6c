//! The gate from the outside, on both databases: what people can do with it, and what nobody can.

#![expect(clippy::disallowed_methods, reason = "tests look behind the doors that they guard")]

mod absence;
mod alarms;
mod applying;
mod appointing;
mod brake;
mod bulk_actions;
mod cases_text;
mod cases_values;
mod cases_workbooks;
mod change_file_faults;
mod change_file_reports;
mod change_file_sentences;
mod change_file_walks;
mod change_files;
mod columns;
mod connectors;
mod days;
mod email_again;
mod email_cases;
mod email_cut_off;
mod email_intake;
mod email_letters;
mod email_listing;
mod email_order;
mod email_privacy;
mod email_runs;
mod email_store;
mod email_withdrawn;
mod federation;
mod finding;
mod for_all_rows;
mod formats;
mod grants;
mod hand_edits;
mod holding;
mod invariants;
mod leaving;
mod letters;
mod lifecycle;
mod long_lists;
mod look_alikes;
mod machines;
mod meanings;
mod mending;
mod migrating;
mod newcomers;
mod one_time;
mod one_wish;
mod organisations;
mod proving;
mod recovery;
mod role_holders;
mod row_decisions;
mod scopes;
mod searching;
mod shadow;
mod sweeping;
mod sync_decisions;
mod sync_proposals;
mod syncing;
mod table;
mod together;
mod tokens;
mod told;
mod trail;
mod undo_helpers;
mod undoing;
mod undoing_bulk_actions;
mod uploading;
mod user_names;
mod uses;
mod waiting;
mod walks;
mod ways_in;

use domain::{policy::Actor, submission::LookAlikes, values::ids::SubmissionId};
use gate::{Confirmation, Filter, Review, seen, to_type};
use testkit::Portal;

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName,Mobile";

/// A file in the new format with these rows below [`HEADINGS`].
fn file(rows: &[&str]) -> String {
    format!("{HEADINGS}\n{}\n", rows.join("\n"))
}

async fn review(portal: &Portal, actor: &Actor, id: &SubmissionId) -> Review {
    portal
        .gate
        .on_behalf_of(actor)
        .review(id, Filter::default())
        .await
        .expect("the submission is theirs to see")
}

/// Confirms what is shown now.
async fn confirm(portal: &Portal, actor: &Actor, id: &SubmissionId) {
    let shown = review(portal, actor, id).await.submission;
    let said = Confirmation {
        seen: seen(&shown),
        look_alikes: Some(LookAlikes::Create),
        typed: to_type(&shown),
    };
    portal
        .gate
        .on_behalf_of(actor)
        .confirm(id, said)
        .await
        .expect("the plan can be confirmed");
}

/// Confirms what is shown and has it applied.
async fn apply(portal: &Portal, actor: &Actor, id: &SubmissionId) {
    confirm(portal, actor, id).await;
    portal.work().await;
}

/// A review as text: a line a row, with its outcome and what it does.
fn told(review: &Review) -> String {
    use domain::plan::{AccountStep, Step};
    let mut text = String::new();
    for row in &review.rows {
        let does = match &row.planned.step {
            Step::CreateAccount {
                organisation,
                attributes,
                ..
            } => {
                let values: Vec<_> = attributes
                    .iter()
                    .map(|(attribute, value)| format!("{}={value}", attribute.name()))
                    .collect();
                format!("create in {organisation}: {}", values.join(", "))
            }
            Step::Account(_, AccountStep::Update { changes, .. }) => {
                let text = |value: &Option<domain::dictionary::Value>| {
                    value.as_ref().map_or("–".to_owned(), ToString::to_string)
                };
                let changes = changes.iter().map(|change| {
                    format!(
                        "{}: {} → {}",
                        change.attribute.name(),
                        text(&change.before),
                        text(&change.after)
                    )
                });
                format!("update: {}", changes.collect::<Vec<_>>().join(", "))
            }
            Step::LeaveOut { problems } => {
                let layout = &review.submission.layout;
                let said: Vec<_> = problems
                    .iter()
                    .map(|problem| format!("{}: {problem}", problem.place.name(layout)))
                    .collect();
                format!("leave out: {}", said.join(" | "))
            }
            Step::Nothing { .. } => "no change".to_owned(),
            other => format!("{other:?}"),
        };
        let warnings: String = row
            .planned
            .warnings
            .iter()
            .map(|warning| format!(" [{warning}]"))
            .collect();
        text += &format!(
            "{} {} ({}): {does}{warnings}\n",
            row.planned.row,
            row.planned.name,
            row.outcome.slug()
        );
    }
    text
}
