//! Activation links of the people whom an upload created: giving them out, and the sheet to print.

mod slips;

use domain::{trail::GivenOut, values::ids::SubmissionId};
use gate::{GateError, Giving, LINKS_AT_ONCE, NewcomerCounts, Newcomers};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::slips::Slips;
use crate::{
    calls::{about, activation::GiveLinks},
    components::{done_banner::DoneBanner, error_summary::ErrorSummary, field::TickBox},
    forms::{AFTER, FormState, HOW, STARTERS},
    once::OnceSlips,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// The page: what can be done, or once the links that were made a moment ago.
#[component]
pub fn NewcomersPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let given = use_context::<OnceSlips>();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let number = |name: &str| query.get(name).and_then(|number| number.parse::<u32>().ok());
    let (sent, after) = (number("sent"), number(AFTER));
    let goes_on = query.get(STARTERS).is_some();
    asked(async move {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        if let Some(OnceSlips(given)) = given {
            let portal = visitor.gate.rules().url.clone();
            return Ok(view! { <Slips given portal/> }.into_any());
        }
        let newcomers = visitor.visit()?.newcomers(&id).await?;
        Ok(view! { <Choosing newcomers sent after goes_on form/> }.into_any())
    })
}

/// Which way the links go.
#[component]
fn Choosing(
    newcomers: Newcomers,
    sent: Option<u32>,
    after: Option<u32>,
    goes_on: bool,
    form: FormState,
) -> impl IntoView {
    let Newcomers {
        submission,
        counts,
        given,
    } = newcomers;
    let title = if form.is_sound() {
        "Activation links"
    } else {
        "Error: Activation links"
    };
    let sent = sent.map(|sent| {
        let told = format!(
            "{} sent by email.",
            counted(sent, "activation link was", "activation links were")
        );
        view! { <DoneBanner said=told/> }
    });
    let expired = counts.ready().saturating_sub(counts.with_link);
    let standing = match counts.waiting {
        0 => "Nobody created by this upload is waiting for an activation link.".to_owned(),
        1 => "1 person created by this upload has not activated their account.".to_owned(),
        many => format!(
            "{} people created by this upload have not activated their accounts.",
            words::thousands(many)
        ),
    };
    let expired = (expired > 0).then(|| {
        let have = if expired == 1 { "has" } else { "have" };
        format!(
            " {} of them {have} no link that still works.",
            words::thousands(expired)
        )
    });
    let ways = (counts.waiting > 0).then(|| {
        let action = about::<GiveLinks>(&submission.id);
        let again = !given.is_empty();
        view! { <Ways action counts after goes_on again form=form.clone()/> }
    });
    let later = (counts.starting > 0).then(|| view! { <p>{left_out(counts.starting)}</p> });
    let earlier = (!given.is_empty()).then(|| view! { <Earlier given/> });
    view! {
        <Title text=title/>
        <a class="nhsuk-back-link" href=routes::submission(&submission.id)>{submission.file_name.clone()}</a>
        <ErrorSummary form/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1><span class="nhsuk-caption-l app-break">{submission.file_name.clone()}</span> " Activation links"</h1>
            {sent}
            <p class="nhsuk-lede-text">{standing} {expired}</p>
            {later}
            {ways}
            {earlier}
        </div></div>
    }
}

/// That people get no link yet whose first day is still to come.
fn left_out(starting: u32) -> String {
    match starting {
        1 => "The first day of 1 of them is still to come: their link is sent on that day.".to_owned(),
        many => format!(
            "The first day of {} of them is still to come: their links are sent on that day.",
            words::thousands(many)
        ),
    }
}

/// The box that includes people whose first day is still to come.
#[component]
fn IncludeStarters(starting: u32, checked: bool, form: FormState) -> impl IntoView {
    let label = match starting {
        1 => "Include 1 person whose first day is still to come (their link works at once)".to_owned(),
        many => format!(
            "Include {} people whose first day is still to come (their links work at once)",
            words::thousands(many)
        ),
    };
    view! { <TickBox field=STARTERS label checked small=true form/> }
}

/// The three ways, each a button.
#[component]
fn Ways(
    action: String,
    counts: NewcomerCounts,
    after: Option<u32>,
    goes_on: bool,
    again: bool,
    form: FormState,
) -> impl IntoView {
    let most = u32::try_from(LINKS_AT_ONCE).unwrap_or(u32::MAX);
    let starting = counts.starting;
    let include = (starting > 0).then(|| view! { <IncludeStarters starting checked=goes_on form/> });
    let many = match after {
        // How many there are is settled by the box.
        None if starting > 0 && counts.waiting <= most => "links".to_owned(),
        None if counts.waiting <= most => counted(counts.waiting, "link", "links"),
        None => format!("the first {} links", words::thousands(most)),
        Some(_) => format!("the next {} links", words::thousands(most)),
    };
    let way = |how: GivenOut, heading: &'static str, says: &'static str, button: String, secondary: bool| {
        view! {
            <h2 class="nhsuk-heading-m">{heading}</h2>
            <p>{says}</p>
            <button class="nhsuk-button" class=("nhsuk-button--secondary", secondary) name=HOW value=how.slug()>{button}</button>
        }
    };
    let replaced = again.then(|| {
        view! {
            <div class="nhsuk-warning-callout">
                <h2 class="nhsuk-warning-callout__label">"Links were given out before"</h2>
                <p>"If you continue, new links are made. The earlier links and codes stop working."</p>
            </div>
        }
    });
    view! {
        <p>"New people cannot read their mailbox before they activate their account. Give them their link another way."</p>
        {replaced}
        <form class="app-sheet" method="post" action=action novalidate>
            <input type="hidden" name=AFTER value=after.map(|after| after.to_string()).unwrap_or_default()/>
            {include}
            {way(
                GivenOut::Printed,
                "Print a slip for each person",
                "Each slip has the link, a code that can be read out, and what to do. No email is sent.",
                format!("Show {many} to print"),
                false,
            )}
            {way(
                GivenOut::Downloaded,
                "Download a CSV file",
                "For a mail merge or your own letters. Keep the file safe and delete it afterwards. No email is sent.",
                format!("Download {many}"),
                true,
            )}
            {way(
                GivenOut::Emailed,
                "Send by email again",
                "Links go to the private email address from the file, if it is still kept. If not, they go to the new mailbox.",
                format!("Send {many}"),
                true,
            )}
        </form>
        <p>"You may have to show that it is you. The audit log records this. People who hold a role get their link by email only."</p>
    }
}

/// When links were given out before.
#[component]
fn Earlier(given: Vec<(Giving, String)>) -> impl IntoView {
    let lines = given
        .into_iter()
        .map(|(giving, name)| {
            let links = counted(giving.people, "link", "links");
            let did = match giving.how {
                GivenOut::Printed => format!("{name} showed {links} to print"),
                GivenOut::Downloaded => format!("{name} downloaded {links}"),
                GivenOut::Emailed | GivenOut::EmailedPrivately | GivenOut::PrivatelyLater => {
                    format!("{name} sent {links} by email")
                }
            };
            view! { <li>{words::moment(giving.at)} ": " {did}</li> }
        })
        .collect_view();
    view! {
        <section aria-labelledby="given">
            <h2 class="nhsuk-heading-m" id="given">"Given out before"</h2>
            <ul class="nhsuk-list nhsuk-list--bullet">{lines}</ul>
        </section>
    }
}

/// The way there from the page of what is applied.
#[component]
pub fn ToNewcomers(id: SubmissionId, created: u32) -> impl IntoView {
    let href = routes::activation_links(&id);
    let people = counted(created, "new person", "new people");
    view! {
        <section aria-labelledby="newcomers">
            <h2 id="newcomers">"Activation links"</h2>
            <p>"If the " {people} " cannot read email yet, print their links, download them, or send them again."</p>
            <p><a href=href>"Give out activation links"</a></p>
        </section>
    }
}
