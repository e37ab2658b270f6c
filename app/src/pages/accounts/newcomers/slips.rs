//! The sheet to print: a slip for each person, to be cut out and handed over.

use domain::{trail::GivenOut, values::spoken_code::MOST_TRIES};
use gate::{GivenLinks, LINKS_AT_ONCE, MadeLink, Starters};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    calls::{about, activation::GiveLinks},
    components::breakable::Breakable,
    forms::{AFTER, HOW, STARTERS},
    routes,
    words::{self, counted},
};

/// The links that were made a moment ago, shown this once.
#[component]
pub(super) fn Slips(given: GivenLinks, portal: String) -> impl IntoView {
    let GivenLinks {
        submission,
        links,
        by_email_alone,
        again,
        starters,
        more_after,
        ..
    } = given;
    let many = counted(u32::try_from(links.len()).unwrap_or(u32::MAX), "slip", "slips");
    let replaced = again.then_some(" Links and codes given out earlier no longer work.");
    let alone = (by_email_alone > 0).then(|| {
        let people = counted(by_email_alone, "person holds", "people hold");
        view! { <p>{people} " a role: a new link was sent by email only, and there is no slip."</p> }
    });
    let next = more_after.map(|after| {
        let action = about::<GiveLinks>(&submission.id);
        let included =
            (starters == Starters::Included).then(|| view! { <input type="hidden" name=STARTERS value="yes"/> });
        view! {
            <form class="app-slips__aside" method="post" action=action>
                <input type="hidden" name=AFTER value=after.to_string()/>
                {included}
                <button class="nhsuk-button nhsuk-button--secondary" name=HOW value=GivenOut::Printed.slug()>
                    "Show the next " {LINKS_AT_ONCE.to_string()} " links"
                </button>
                " There are more people. Print this sheet first."
            </form>
        }
    });
    let slips = links
        .into_iter()
        .map(|link| view! { <Slip link portal=portal.clone()/> })
        .collect_view();
    view! {
        <Title text="Activation links to print"/>
        <div class="app-slips__aside">
            <a class="nhsuk-back-link" href=routes::submission(&submission.id)>{submission.file_name.clone()}</a>
            <h1><span class="nhsuk-caption-l app-break">{submission.file_name.clone()}</span> " Activation links to print"</h1>
            <div class="nhsuk-inset-text">
                <p>{many} ". They are shown only now. Print this page, cut out the slips, and give each person their own." {replaced}</p>
                {alone}
            </div>
            {next}
        </div>
        <div class="app-slips">{slips}</div>
    }
}

/// One person's slip.
#[component]
fn Slip(link: MadeLink, portal: String) -> impl IntoView {
    let MadeLink {
        account,
        name,
        address,
        url,
        expires,
        code,
    } = link;
    let id = format!("slip-{account}");
    let named_by = id.clone();
    let by_code = code.map(|made| {
        let until = words::moment(made.expires);
        view! {
            <li>
                "Or go to " <strong class="app-break">{format!("{portal}{}", routes::ACTIVATE)}</strong>
                " and enter your email address and the code " <strong class="app-slip__code">{made.code.to_string()}</strong>
                ". The code works until " {until} " and stops working after " {MOST_TRIES.to_string()} " wrong attempts."
            </li>
        }
    });
    view! {
        <section class="app-slip" aria-labelledby=named_by>
            <h2 class="nhsuk-heading-s" id=id>{name}</h2>
            <p>"Your email address: " <strong><Breakable text=address/></strong></p>
            <p>"Activate your account and choose a password:"</p>
            <ul class="nhsuk-list">
                <li>"Open this link: " <code class="app-break">{url}</code> " It works once, until " {words::day(expires)} "."</li>
                {by_code}
            </ul>
            <p>"Keep this slip to yourself. If neither works, ask your local administrator for a new one."</p>
        </section>
    }
}
