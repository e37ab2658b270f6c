//! What one proves oneself with besides a password: setting it up, naming it, taking it away.

use domain::sign_in::FactorKind;
use gate::{Factor, GateError};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        error_summary::{ErrorSummary, FieldError},
        field::{Keys, TextField},
        passkey_form::{Does, PasskeyForm},
    },
    forms::{FormState, WHOLE},
    once::OnceCodes,
    pages::asked,
    routes,
    visitor::{NewSecret, Visitor},
    words,
};

/// All that there is; with the recovery codes that were just made, this once.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let codes = use_context::<OnceCodes>().unwrap_or_default().0;
    let is_there = use_query_map().get_untracked().get("there").as_deref() == Some("yes");
    asked(async move {
        let factors = visitor.visit()?.factors().await?;
        let is_there = is_there && factors.all.iter().any(|factor| factor.kind == FactorKind::Passkey);
        let has_any = !factors.all.is_empty();
        let must = factors.required && !has_any;
        let title = if form.is_sound() {
            "Second factor"
        } else {
            "Error: Second factor"
        };
        let now = visitor.gate.now();
        let list = factors
            .all
            .into_iter()
            .map(|factor| view! { <One factor now/> })
            .collect_view();
        let back = (!visitor.sees.must_choose)
            .then(|| view! { <a class="nhsuk-back-link" href=routes::OWN>"Your record"</a> });
        let left = factors.codes_left;
        Ok(view! {
            <Title text=title/>
            {back}
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Second factor"</h1>
                <p class="nhsuk-lede-text">
                    {if must {
                        "You hold a role, so a password is not enough. Set up a second factor before you continue."
                    } else {
                        "With a second factor, your password alone is not enough to sign in as you."
                    }}
                </p>
                <Codes codes/>
                {is_there.then(|| view! { <div class="nhsuk-inset-text"><p>"Your passkey is set up already. It was not set up a second time, and recovery codes are shown only once."</p></div> })}
                <div id=WHOLE tabindex="-1"><FieldError field=WHOLE form/> {list}</div>
                <p><a class="nhsuk-button" href=routes::NEW_APP>"Set up an authenticator app"</a></p>
                {visitor.gate.takes_passkeys().then(|| view! { <NewPasskey/> })}
                {has_any.then(|| view! { <NewCodes left/> })}
            </div></div>
        })
    })
}

/// One of them, with the form that names it and the button that takes it away.
#[component]
fn One(factor: Factor, now: domain::values::ids::Timestamp) -> impl IntoView {
    let action = routes::factor(&factor.id);
    let field = format!("name-{}", factor.id);
    let used = factor
        .used_at
        .map(|at| format!(", last used {}", words::lately(at, now)));
    view! {
        <section class="app-sheet">
            <h2 class="nhsuk-heading-m app-break">{factor.name.clone()}</h2>
            <p>{factor.kind.name()} ", set up on " {words::day(factor.made_at)} {used} "."</p>
            <form method="post" action=action.clone()>
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for=field.clone()>"Name"</label>
                    <input class="nhsuk-input nhsuk-input--width-20" id=field name="name" type="text" autocomplete="off" maxlength="60" value=factor.name.clone()/>
                </div>
                <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" name="act" value="rename">"Save name"</button>
                " "
                <button class="nhsuk-button nhsuk-button--warning nhsuk-button--small" name="act" value="remove">
                    "Remove" <span class="nhsuk-u-visually-hidden">" " {factor.name}</span>
                </button>
            </form>
        </section>
    }
}

/// The codes that were just made; no other page shows them.
#[component]
fn Codes(codes: Vec<String>) -> impl IntoView {
    let any = !codes.is_empty();
    let codes = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    any.then(|| {
        view! {
            <section class="nhsuk-inset-text" aria-labelledby="codes">
                <h2 class="nhsuk-heading-m" id="codes">"Your recovery codes"</h2>
                <p>
                    "Print or copy them now, and keep them where only you can find them. They are not shown again. "
                    "If you lose your phone, each code lets you sign in once."
                </p>
                <ul class="nhsuk-list">{codes}</ul>
                <p><a href=routes::HOME>"I have saved them: continue"</a></p>
            </section>
        }
    })
}

#[component]
fn NewPasskey() -> impl IntoView {
    view! {
        <PasskeyForm does=Does::Make action=routes::NEW_PASSKEY options=routes::NEW_PASSKEY_OPTIONS>
            <h2 class="nhsuk-heading-m">"A passkey"</h2>
            <p>"This device or a security key keeps it, and you use it with your fingerprint, your face or a PIN."</p>
            <div class="nhsuk-form-group">
                <label class="nhsuk-label" for="passkey-name">"Name, so that you recognise it"</label>
                <input class="nhsuk-input nhsuk-input--width-20" id="passkey-name" name="name" type="text" autocomplete="off" maxlength="60" value="Passkey"/>
            </div>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">"Set up a passkey"</button>
        </PasskeyForm>
    }
}

#[component]
fn NewCodes(left: u64) -> impl IntoView {
    let left = match left {
        0 => "You have no recovery codes left.".to_owned(),
        1 => "You have 1 recovery code left.".to_owned(),
        many => format!("You have {many} recovery codes left."),
    };
    view! {
        <h2>"Recovery codes"</h2>
        <p>{left} " When you make new ones, the earlier ones stop working."</p>
        <form method="post" action=routes::RECOVERY_CODES>
            <button class="nhsuk-button nhsuk-button--secondary">"Make new recovery codes"</button>
        </form>
    }
}

/// Setting up an authenticator app: its secret as a picture and in letters, and the first code.
#[component]
pub fn NewAppPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let secret = use_context::<NewSecret>();
    asked(async move {
        let NewSecret(secret) = secret.ok_or(GateError::NotFound)?;
        let new = visitor.visit()?.show_totp(&secret).await?;
        let picture = format!(
            "data:image/svg+xml,{}",
            percent_encoding::utf8_percent_encode(&new.picture, percent_encoding::NON_ALPHANUMERIC)
        );
        let title = if form.is_sound() {
            "Set up an authenticator app"
        } else {
            "Error: Set up an authenticator app"
        };
        let wrong_name = form.problem_of("name").is_some();
        let name = Some(form.value_of("name")).filter(|name| !name.is_empty() || wrong_name);
        let name = name.unwrap_or_else(|| FactorKind::Totp.name().to_owned());
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::SECOND_FACTOR>"Second factor"</a>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Set up an authenticator app"</h1>
                <p>"You can use any app that makes one-time codes, on your phone or in your password manager."</p>
                <form class="app-sheet" method="post" action=routes::NEW_APP novalidate>
                    <h2 class="nhsuk-heading-m">"1. Scan this with the app"</h2>
                    <p><img src=picture alt="A QR code with the same letters and digits as below" width="240" height="240"/></p>
                    <p>"Or type these letters and digits into it:"</p>
                    <p><code class="app-break" id="secret">{grouped(&new.secret)}</code></p>
                    <h2 class="nhsuk-heading-m">"2. Enter the code that it shows"</h2>
                    <TextField
                        field="code"
                        label="Code of 6 digits"
                        keys=Keys::OnceDigits
                        width="nhsuk-input--width-10"
                        form=form.clone()
                    />
                    <TextField
                        field="name"
                        label="Name, so that you recognise it"
                        keys=Keys::Words
                        width="nhsuk-input--width-20"
                        most=60
                        value=Some(name)
                        form
                    />
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Set it up"</button>
                </form>
            </div></div>
        })
    })
}

/// Groups of four, which are easier to type.
fn grouped(secret: &str) -> String {
    let signs: Vec<_> = secret.chars().collect();
    signs
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}
