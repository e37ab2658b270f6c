//! Mails that were set aside, for those who run the portal: from whom they say they are, why they were not taken, and their
//! headers.

use domain::email::Intake;
use gate::EmailMessage;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        pagination::{Page, Pagination},
        table::{Column, Row, Table},
    },
    islands::breakable,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// The list, newest first.
#[component]
pub fn SetAsidePage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let query = use_query_map().get_untracked();
    let before: Option<i64> = query.get_str("before").and_then(|before| before.trim().parse().ok());
    let page = Page::read(before.is_some(), query.get_str("page").unwrap_or_default());
    asked(async move {
        let (mails, next) = visitor.visit()?.email_set_aside(before).await?;
        let address = |before: &str, page: &str| {
            routes::with_query(routes::EMAIL_SET_ASIDE, &[("before", before), ("page", page)])
        };
        let first = before.is_some().then(|| address("", ""));
        let next = next.map(|next| address(&next.to_string(), &page.next()));
        let days = visitor.gate.rules().email.set_aside_days;
        let kept = format!("They are listed for {}.", counted(days, "day", "days"));
        let (refused, aside): (Vec<_>, Vec<_>) = mails.into_iter().partition(|mail| mail.intake == Intake::Refused);
        let aside = aside.into_iter().map(row).collect();
        let refused = refused.into_iter().map(row).collect();
        let columns = vec![
            Column::Named("Subject"),
            Column::Named("From"),
            Column::Named("Received"),
            Column::Named("Size"),
            Column::Named("Why, and what to do"),
            Column::Acts("Headers"),
        ];
        Ok(view! {
            <Title text=page.title("Emails that were set aside or refused")/>
            <a class="nhsuk-back-link" href=routes::EMAIL>"Files by email"</a>
            <h1>"Emails that were set aside or refused"</h1>
            <p>"These emails changed nothing. " {kept}</p>
            <p>"Attached files and the text of an email are not kept. You can download its headers, which show who sent it, and a list of its parts. Downloading them is recorded in the audit log."</p>
            <h2>"Set aside"</h2>
            <p>"Their sender may be forged: it is what the email itself says."</p>
            <Table caption="Emails that were set aside, newest first" columns=columns.clone() rows=aside empty="No email on this page was set aside."/>
            <h2>"Refused"</h2>
            <p>"Their sender is proved. They got an answer that says what to do."</p>
            <Table caption="Emails that were refused, newest first" columns rows=refused empty="No email on this page was refused."/>
            <Pagination first next/>
        })
    })
}

fn row(mail: EmailMessage) -> Row {
    let EmailMessage {
        seq,
        received,
        from,
        subject,
        size,
        intake,
        why,
        has_source,
        ..
    } = mail;
    let subject = match subject.is_empty() {
        true => "No subject".to_owned(),
        false => subject,
    };
    let from = match from.is_empty() {
        true => "Not said".to_owned(),
        false => from,
    };
    let source = has_source.then(|| {
        view! {
            <a href=routes::email_source(&seq) download>
                "Download" <span class="nhsuk-u-visually-hidden">{format!(" the headers of the email “{subject}”")}</span>
            </a>
        }
    });
    let why = match why {
        Some(why) => view! { <p class="nhsuk-u-margin-bottom-1">{why.to_operator()}</p> <p class="app-people__note nhsuk-u-margin-bottom-0">{why.cure_by_operator()}</p> }.into_any(),
        None => intake.name().into_any(),
    };
    vec![
        view! { <span class="app-people__name" inner_html=breakable(&subject)></span> }.into_any(),
        view! { <span class="app-people__address" inner_html=breakable(&from)></span> }.into_any(),
        words::moment(received).into_any(),
        words::size(size).into_any(),
        view! { <div class="app-break">{why}</div> }.into_any(),
        source.into_any(),
    ]
}
