//! Asking for a link by email, for people who have forgotten their password or are locked out.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        error_summary::ErrorSummary,
        field::{Keys, TextField},
    },
    forms::FormState,
    routes,
    visitor::{ProviderName, Visitor},
    words::counted,
};

/// The form, and after it was sent what to do next. It says the same whether or not there is such an account.
#[component]
pub fn PasswordResetPage() -> impl IntoView {
    let form = use_context::<FormState>().unwrap_or_default();
    let sent = form.is_fresh() && use_query_map().get_untracked().get("sent").as_deref() == Some("yes");
    match sent {
        true => view! { <Sent/> }.into_any(),
        false => view! { <Asking form/> }.into_any(),
    }
}

#[component]
fn Asking(form: FormState) -> impl IntoView {
    let title = if form.is_sound() {
        "Get back into your account"
    } else {
        "Error: Get back into your account"
    };
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>"Get back into your account"</h1>
            <p class="nhsuk-lede-text">
                "If you have forgotten your password, or your account is locked, we email you a link. With it you choose a new password, or unlock your account."
            </p>
            <OtherPassword/>
            <form class="app-sheet" method="post" action=routes::PASSWORD_RESET novalidate>
                <TextField
                    field="address"
                    label="Email address"
                    hint="The one that you sign in with."
                    keys=Keys::OwnAddress
                    form
                />
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Email me a link"</button>
            </form>
            <p>"If you cannot read your email, ask your local administrator or helpdesk."</p>
            <p><a href=routes::SIGN_IN>"Back to sign in"</a></p>
        </div></div>
    }
}

/// A provider's password is not the portal's to change.
#[component]
fn OtherPassword() -> impl IntoView {
    use_context::<ProviderName>().map(|ProviderName(name)| {
        view! {
            <p>{format!("If you sign in with {name}, change your password there. The link is for the password of your Staffbook account.")}</p>
        }
    })
}

#[component]
fn Sent() -> impl IntoView {
    // While the routes are listed at start there is no visitor.
    let minutes = use_context::<Visitor>().map(|visitor| {
        let minutes = visitor.gate.rules().sign_in.reset_link_minutes;
        counted(minutes, "minute", "minutes")
    });
    view! {
        <Title text="Check your email"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"Check your email"</h1>
            <p class="nhsuk-lede-text">"If there is an account with this email address, we have sent a link to it."</p>
            <p>"The link works once, for " {minutes} "."</p>
            <p>"If you have no email after a few minutes:"</p>
            <ul class="nhsuk-list nhsuk-list--bullet">
                <li>"look in your junk folder"</li>
                <li><a href=routes::PASSWORD_RESET>"ask again"</a> ", and check the spelling of your email address"</li>
                <li>"ask your local administrator or helpdesk: your account may be disabled"</li>
            </ul>
            <p><a href=routes::SIGN_IN>"Back to sign in"</a></p>
        </div></div>
    }
}
