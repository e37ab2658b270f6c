//! The files that a connector sends by email: where to, what waits for the run, and what became of the latest emails.

use domain::{email::Intake, values::ids::SubmissionId};
use gate::{ConnectorEmails, EmailMessage, Submission};
use leptos::prelude::*;

use crate::{
    components::{
        table::{Column, Row, Table},
        tags,
    },
    islands::breakable,
    routes,
    words::{self, counted},
};

/// The section, on the connector's page and on their own.
#[component]
pub(super) fn FilesByEmail(
    emails: ConnectorEmails,
    /// Where the files are sent.
    address: String,
) -> impl IntoView {
    let silent = emails.silent_since.map(|since| {
        view! {
            <div class="nhsuk-warning-callout">
                <h3 class="nhsuk-warning-callout__label">"Silent for longer than usual"</h3>
                <p>"No file has come since " {words::moment(since)} ". Check that it was sent, and that the sender got a receipt."</p>
            </div>
        }
    });
    let waiting = match emails.waiting {
        Some(waiting) => {
            view! { <a href=routes::submission(&waiting.id) inner_html=breakable(&waiting.file_name)></a> }.into_any()
        }
        None => "None".into_any(),
    };
    let oldest = emails
        .oldest_waiting
        .map(|oldest| view! { " (the oldest waits since " {words::moment(oldest)} ")" });
    let last = emails.last_contact.map_or_else(|| "Never".to_owned(), words::moment);
    let elsewhere = (emails.elsewhere > 0).then(|| {
        let others = counted(emails.elsewhere, "other email is", "other emails are");
        view! { <p>{others} " not shown: you do not see all organisations that this connector sends for."</p> }
    });
    let rows = emails
        .mails
        .into_iter()
        .map(|mail| row(mail, &emails.replaced))
        .collect();
    let columns = ["File or subject", "Received", "What became of it"]
        .map(Column::Named)
        .to_vec();
    view! {
        <h2 id="email">"Files by email"</h2>
        <p>"A file that is sent as an attachment gets a receipt, and waits for the daily run. " <a href=routes::HELP_EMAIL>"How to send a file by email"</a></p>
        {silent}
        <dl class="nhsuk-summary-list">
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Send files to"</dt>
                <dd class="nhsuk-summary-list__value"><a class="app-break" href=format!("mailto:{address}") inner_html=breakable(&address)></a></dd>
            </div>
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Latest waiting file"</dt>
                <dd class="nhsuk-summary-list__value">{waiting} {oldest}</dd>
            </div>
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Next run"</dt>
                <dd class="nhsuk-summary-list__value">{words::moment(emails.next_run)}</dd>
            </div>
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Last contact"</dt>
                <dd class="nhsuk-summary-list__value">{last}</dd>
            </div>
        </dl>
        <Table
            caption="The latest emails"
            shows_caption=true
            columns
            rows
            empty="No file has come by email yet. A file counts only if it is sent from the email address of the connector’s account."
        />
        {elsewhere}
    }
}

fn row((mail, submission): (EmailMessage, Option<Submission>), replaced: &[SubmissionId]) -> Row {
    let name = mail.file_name.as_deref().unwrap_or(&mail.subject);
    let name = match name.is_empty() {
        true => "No subject",
        false => name,
    };
    let file = match &submission {
        Some(submission) => {
            view! { <a class="app-people__name" href=routes::submission(&submission.id) inner_html=breakable(name)></a> }
                .into_any()
        }
        None => view! { <span class="app-people__name" inner_html=breakable(name)></span> }.into_any(),
    };
    let became = match (&submission, mail.intake, &mail.why) {
        (_, Intake::Duplicate, _) => view! { {mail.intake.name()} ": the same email came before" }.into_any(),
        (Some(submission), _, _) => tags::beside_others(submission, replaced),
        (None, intake, Some(why)) => {
            view! { {intake.name()} ". " {why.sentence()} <br/> <span class="app-people__note">{why.cure()}</span> }
                .into_any()
        }
        (None, intake, None) => intake.name().into_any(),
    };
    vec![
        file,
        words::moment(mail.received).into_any(),
        view! { <span class="app-break">{became}</span> }.into_any(),
    ]
}
