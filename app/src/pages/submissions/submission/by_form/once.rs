//! A one-time link that a confirmation has just made, with the code that stands for it.

use domain::values::spoken_code::MOST_TRIES;
use gate::{MadeCode, MadeLink};
use leptos::prelude::*;

use crate::{islands::CopyLink, words};

/// A one-time link, shown this once.
#[component]
pub(super) fn Once(link: MadeLink) -> impl IntoView {
    let until = words::day(link.expires);
    let id = format!("once-{}", link.account);
    let named_by = id.clone();
    view! {
        <section class="app-sheet app-once" aria-labelledby=named_by>
            <h2 class="nhsuk-heading-m" id=id>"Give " {link.name} " this link, if the email does not reach them"</h2>
            <p class="app-once__link"><code>{link.url.clone()}</code></p>
            <CopyLink link=link.url/>
            <p>"It works once, until " {until} ", and is shown only now. Give it to nobody else."</p>
            {link.code.map(|made| view! { <Spoken made/> })}
        </section>
    }
}

/// A code that stands for the link, for the telephone.
#[component]
fn Spoken(made: MadeCode) -> impl IntoView {
    view! {
        <p>
            "On the telephone, tell them to choose "<strong>"Activate your account with a code"</strong>" on the sign-in page, and to enter their email address and this code:"
        </p>
        <p class="app-once__link"><code>{made.code.to_string()}</code></p>
        <p>"The code works once, until " {words::moment(made.expires)} ", and stops working after " {MOST_TRIES.to_string()} " wrong attempts."</p>
    }
}
