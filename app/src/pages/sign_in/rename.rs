//! Where the link leads that was sent to a new email address: its person looks at the change and confirms it.

use axum::http::StatusCode;
use gate::{GateError, Renaming};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{breakable::Breakable, summary_line::summary_line},
    once::OnceRenamed,
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page; open to whoever holds the link. Opening it changes nothing: mail programs open links, too.
#[component]
pub fn RenamePage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let token = use_params_map().get_untracked().get("token").unwrap_or_default();
    let ended = use_context::<OnceRenamed>().map(|OnceRenamed(ended)| ended);
    asked(async move {
        match ended {
            Some(Some(renamed)) => Ok(view! { <Done renamed/> }.into_any()),
            Some(None) => Ok(view! { <Taken/> }.into_any()),
            None => match visitor.gate.renaming(&token).await {
                Ok(waiting) => Ok(view! { <Asking waiting token/> }.into_any()),
                Err(GateError::NotFound) => Ok(view! { <SpentLink/> }.into_any()),
                Err(error) => Err(error),
            },
        }
    })
}

#[component]
fn Asking(waiting: Renaming, token: String) -> impl IntoView {
    let from_then = match waiting.is_pending {
        true => "Activate your account by the activation link in your email. After that, sign in with the new address.",
        false => "From then on, sign in with the new address. Email to the old address still reaches you.",
    };
    view! {
        <Title text="Confirm your new email address"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"Confirm your new email address"</h1>
            <p class="nhsuk-lede-text">"Your organisation has asked for a new email address for your account."</p>
            <dl class="nhsuk-summary-list">
                {summary_line("Name", waiting.name)}
                {summary_line("Email address now", view! { <Breakable text=waiting.from.to_string()/> })}
                {summary_line("New email address", view! { <Breakable text=waiting.to.to_string()/> })}
            </dl>
            <form class="app-sheet" method="post" action=routes::rename(&token)>
                <p>{from_then}</p>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Confirm new address"</button>
            </form>
            <p>"The link works until " {words::moment(waiting.expires)} ". If you do not want the new address, do nothing, and tell your local administrator."</p>
        </div></div>
    }
}

#[component]
fn Done(renamed: Renaming) -> impl IntoView {
    let (from, to) = (renamed.from.to_string(), renamed.to.to_string());
    let next = match renamed.is_pending {
        true => view! {
            <p>"Your account is not activated yet. Use the activation link in the email that you were sent. After that, sign in with the new address."</p>
            <p>"If the link has expired, ask your local administrator for a new one."</p>
        }
        .into_any(),
        false => view! {
            <p>"Sign in with the new address from now on. Email to " <Breakable text=from/> " still reaches you."</p>
            <p><a class="nhsuk-button" href=routes::SIGN_IN>"Sign in"</a></p>
        }
        .into_any(),
    };
    view! {
        <Title text="Email address changed"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <div class="nhsuk-panel">
                <h1 class="nhsuk-panel__title">"Email address changed"</h1>
                <div class="nhsuk-panel__body"><Breakable text=to/></div>
            </div>
            {next}
        </div></div>
    }
}

/// Something came between while the link waited: another account got the address, or its own was held or given a role.
#[component]
fn Taken() -> impl IntoView {
    view! {
        <Title text="The email address was not changed"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"The email address was not changed"</h1>
            <p class="nhsuk-lede-text">"This change is no longer possible. Your account keeps its present address."</p>
            <p>"If you need another address, ask your local administrator."</p>
        </div></div>
    }
}

/// The link was used, has expired, was replaced by a newer one, or never was any: nobody is told which.
#[component]
fn SpentLink() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="This link no longer works"/>
        <h1>"This link no longer works"</h1>
        <p class="nhsuk-lede-text">"A link works once, and for 7 days. A newer link replaces it."</p>
        <ul class="nhsuk-list nhsuk-list--bullet">
            <li>"If you have already confirmed your new email address, " <a href=routes::SIGN_IN>"sign in with it"</a> "."</li>
            <li>"Otherwise your account keeps its present address. Ask your local administrator for a new link."</li>
        </ul>
    }
}
