//! Where a one-time link leads: somebody new, or whose password was reset, chooses a password and is signed in.

use axum::http::StatusCode;
use domain::{account::AccountStatus, dictionary::Attribute};
use gate::{GateError, Invitation};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{breakable::Breakable, error_summary::ErrorSummary, field::TickBox, password_field::NewPasswordField},
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
};

/// What somebody accepts when they take their account up, a rule a line.
const USE_POLICY: &str = include_str!("use_policy.txt");

/// The page; open to whoever holds the link.
#[component]
pub fn StartPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let token = use_params_map().get_untracked().get("token").unwrap_or_default();
    asked(async move {
        match visitor.gate.invitation(&token).await {
            Ok(invitation) => Ok(view! { <Choosing invitation token form/> }.into_any()),
            Err(GateError::NotFound) => Ok(view! { <SpentLink/> }.into_any()),
            Err(error) => Err(error),
        }
    })
}

#[component]
fn Choosing(invitation: Invitation, token: String, form: FormState) -> impl IntoView {
    let Invitation {
        account,
        organisation,
        may_keep_password,
        asks_terms,
    } = invitation;
    let is_new = !account.activated;
    let first = account.attributes.text(Attribute::FirstName).to_owned();
    let address = account.attributes.text(Attribute::EmailAddress).to_owned();
    let (title, heading, lede) = if is_new {
        (
            "Welcome",
            format!("Welcome, {first}"),
            "Your account is ready. Choose a password to sign in.",
        )
    } else if account.status == AccountStatus::Locked {
        (
            "Unlock your account",
            format!("Unlock your account, {first}"),
            "Your account is locked, because too many attempts to sign in have failed.",
        )
    } else {
        (
            "Choose a new password",
            format!("Choose a new password, {first}"),
            "Your new password replaces the old one. You are signed out everywhere else.",
        )
    };
    let keeping = may_keep_password.then(|| view! { <Keeping token=token.clone()/> });
    let title = if form.is_sound() {
        title.to_owned()
    } else {
        format!("Error: {title}")
    };
    let accepting = asks_terms.then(|| view! { <Policy form=form.clone()/> });
    view! {
        <Title text=title/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <ErrorSummary form=form.clone()/>
            <h1>{heading}</h1>
            <p class="nhsuk-lede-text">{lede}</p>
            <dl class="nhsuk-summary-list">
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Organisation"</dt>
                    <dd class="nhsuk-summary-list__value">{organisation.name.clone()}</dd>
                </div>
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Sign in with"</dt>
                    <dd class="nhsuk-summary-list__value"><Breakable text=address/></dd>
                </div>
            </dl>
            {keeping}
            <form class="app-sheet" method="post" action=routes::start(&token) novalidate>
                <NewPasswordField account home=organisation label="Password" form/>
                {accepting}
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Choose password and sign in"</button>
            </form>
        </div></div>
    }
}

/// The way for whoever knows their password: nothing changes but that the account is unlocked.
#[component]
fn Keeping(token: String) -> impl IntoView {
    view! {
        <form class="app-sheet" method="post" action=routes::start(&token) novalidate>
            <input type="hidden" name="keep" value="yes"/>
            <p>"If you know your password, unlock your account and sign in with it."</p>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Unlock account and keep my password"</button>
        </form>
        <p>"If you have forgotten it, or think that someone else knows it, choose a new one."</p>
    }
}

#[component]
fn Policy(form: FormState) -> impl IntoView {
    let accepted = form.value_of("accept") == "yes";
    let rules = USE_POLICY
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <section class="app-policy" aria-labelledby="use-policy">
            <h2 class="nhsuk-heading-m" id="use-policy">"Use policy"</h2>
            <ul class="nhsuk-list nhsuk-list--bullet">{rules}</ul>
        </section>
        <TickBox field="accept" label="I accept the use policy" checked=accepted form/>
    }
}

/// The link was used, is too old, was replaced by a newer one, or never was any: nobody is told which.
#[component]
fn SpentLink() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="This link no longer works"/>
        <h1>"This link no longer works"</h1>
        <p class="nhsuk-lede-text">"A link works once, and for a limited time. A newer link replaces it."</p>
        <ul class="nhsuk-list nhsuk-list--bullet">
            <li>"If you have already chosen a password, " <a href=routes::SIGN_IN>"sign in with it"</a> "."</li>
            <li>"If you have more than one email with a link, use the latest."</li>
            <li><a href=routes::PASSWORD_RESET>"Ask for a new link by email"</a> ", or ask your local administrator or helpdesk for one."</li>
        </ul>
    }
}
