//! Signing in: by password, then by the second factor; and proving again who one is.

pub mod activate;
pub mod begin;
pub mod password;
pub mod password_reset;
pub mod rename;
pub mod second_factor;
pub mod start;
pub mod stay;

use axum::{extract::Query, http::request::Parts};
use domain::sign_in::FactorKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::Deserialize;

use crate::{
    components::{
        done_banner::DoneBanner,
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        passkey_form::{Does, PasskeyForm},
        provider_link::ProviderLink,
    },
    forms::FormState,
    pages::{asked, sign_in::begin::BeginPage},
    routes,
    visitor::Visitor,
    words::counted,
};

/// What the address says of where to go on to.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

/// The form; while there is nobody who could sign in, how to begin.
#[component]
pub fn SignInPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    asked(async move {
        Ok(match visitor.gate.is_empty().await? {
            true => view! { <BeginPage/> }.into_any(),
            false => view! { <SignInForm/> }.into_any(),
        })
    })
}

/// After a failed try, what was typed is still there but for the password.
#[component]
fn SignInForm() -> impl IntoView {
    let form = use_context::<FormState>().unwrap_or_default();
    let said = |name: &str| use_query_map().get_untracked().get(name);
    let ended = match said("ended").as_deref() {
        Some("yes") => Some("You were signed out. Your changes were not saved. Sign in, then try again."),
        Some("kept") => Some(
            "You were signed out. Nothing has been saved yet, and what you typed is kept. Sign in to go on with it.",
        ),
        _ => None,
    };
    let unlocked = said("unlocked").as_deref() == Some("yes");
    let next = next_of(&form);
    let title = if form.is_sound() { "Sign in" } else { "Error: Sign in" };
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>"Sign in"</h1>
            {unlocked.then(|| view! { <DoneBanner said="Your account is unlocked. Sign in with your password."/> })}
            {ended.map(|ended| view! { <div class="nhsuk-inset-text"><p>{ended}</p></div> })}
            <form class="app-sheet" method="post" action=routes::SIGN_IN novalidate>
                <input type="hidden" name="next" value=next.clone()/>
                <TextField field="address" label="Email address" keys=Keys::OwnAddress form=form.clone()/>
                <TextField field="password" label="Password" keys=Keys::OwnPassword form=form.clone()/>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Sign in"</button>
            </form>
            <ProviderLink next form/>
            <p><a href=routes::PASSWORD_RESET>"Forgotten your password, or locked out?"</a></p>
            <p><a href=routes::ACTIVATE>"New here? Activate your account with a code"</a></p>
        </div></div>
    }
}

/// The second factor, for whoever has given the right password.
#[component]
pub fn SecondPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        let held = visitor.visit()?.factors().await?.all;
        let has_passkey = held.iter().any(|factor| factor.kind == FactorKind::Passkey) && visitor.gate.takes_passkeys();
        Ok(view! { <Second has_passkey form/> })
    })
}

#[component]
fn Second(has_passkey: bool, form: FormState) -> impl IntoView {
    let title = titled("Enter your code", &form);
    let passkey = has_passkey.then(|| {
        let form = form.clone();
        view! { <PasskeyAt action=routes::PASSKEY options=routes::PASSKEY_OPTIONS form/> }
    });
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>"Enter your code"</h1>
            {passkey}
            <form class="app-sheet" method="post" action=routes::SIGN_IN_SECOND novalidate>
                <Next form=form.clone()/>
                <CodeField form/>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            </form>
            <p>
                "Lost your phone? Use one of your recovery codes in place of the code. "
                "If you have none left, ask your local administrator or helpdesk to reset your second factor."
            </p>
        </div></div>
    }
}

/// The form that asks for a passkey.
#[component]
fn PasskeyAt(action: &'static str, options: &'static str, form: FormState) -> impl IntoView {
    view! {
        <PasskeyForm does=Does::Use action=action options=options>
            <Next form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Use your passkey"</button>
        </PasskeyForm>
    }
}

/// Before something that cannot be undone: a passkey or a code where there is a second factor, else the password.
#[component]
pub fn AgainPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        let visit = visitor.visit()?;
        let minutes = counted(visitor.gate.rules().sign_in.fresh_minutes, "minute", "minutes");
        let held = visit.factors().await?.all;
        let by_code = !held.is_empty();
        let has_password = visit.has_password().await?;
        let has_passkey = held.iter().any(|factor| factor.kind == FactorKind::Passkey) && visitor.gate.takes_passkeys();
        let passkey = has_passkey.then(|| {
            let form = form.clone();
            view! { <PasskeyAt action=routes::PASSKEY_AGAIN options=routes::PASSKEY_AGAIN_OPTIONS form/> }
        });
        let field = if by_code {
            Some(view! { <CodeField form=form.clone()/> }.into_any())
        } else {
            // Somebody who signs in by a provider may have none, and shows there that it is them.
            has_password.then(|| view! { <PasswordField form=form.clone()/> }.into_any())
        };
        let typing = field.map(|field| {
            view! {
                <form class="app-sheet" method="post" action=routes::SIGN_IN_AGAIN novalidate>
                    <Next form=form.clone()/>
                    {field}
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                </form>
            }
        });
        let provider = (!by_code).then(|| {
            let (form, alone) = (form.clone(), !has_password);
            view! { <ProviderLink next=next_of(&form) form alone/> }
        });
        Ok(view! {
            <Title text=titled("Show that it is you", &form)/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Show that it is you"</h1>
                <p class="nhsuk-lede-text">"This action needs it. You are not asked again for " {minutes} "."</p>
                {passkey}
                {typing}
                {provider}
            </div></div>
        })
    })
}

/// Where the form leads on to.
#[component]
fn Next(form: FormState) -> impl IntoView {
    view! { <input type="hidden" name="next" value=next_of(&form)/> }
}

/// Where the page leads on to. leptos' own map of the query would decode what stands in it twice, and so spoil a search
/// for two words.
fn next_of(form: &FormState) -> String {
    let asked = || {
        let parts = use_context::<Parts>();
        let said = parts.and_then(|parts| Query::<Asked>::try_from_uri(&parts.uri).ok());
        said.map_or_else(String::new, |Query(asked)| asked.next)
    };
    Some(form.value_of("next"))
        .filter(|next| !next.is_empty())
        .unwrap_or_else(asked)
}

#[component]
fn CodeField(form: FormState) -> impl IntoView {
    let hint = "The 6 digits that your authenticator app shows, or a recovery code.";
    view! { <TextField field="code" label="Code" hint keys=Keys::OnceCode width="nhsuk-input--width-10" form/> }
}

#[component]
fn PasswordField(form: FormState) -> impl IntoView {
    view! { <TextField field="password" label="Password" keys=Keys::OwnPassword form/> }
}

fn titled(title: &str, form: &FormState) -> String {
    if form.is_sound() {
        title.to_owned()
    } else {
        format!("Error: {title}")
    }
}
