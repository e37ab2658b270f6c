//! One's own API tokens: made here, shown once, revoked at once; and the files that one sends by email.

mod email_key;
mod using;

use domain::values::ids::{AccountId, Timestamp};
use gate::{GateError, MadeToken, OwnTokens};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{
    email_key::{OnceKey, OwnKey},
    using::UsingTheApi,
};
use super::{
    by_email::FilesByEmail,
    connection::Connection,
    differences::DifferencesSection,
    doing::{ALL_REFUSALS, Doing},
    settings::SettingsSaid,
};
use crate::{
    calls::{at, tokens::MakeToken},
    components::{
        done_banner::DoneBanner,
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        select_field::select,
        token_table::{SentTable, TokenTable},
    },
    forms::{FormState, WHOLE},
    once::{OnceEmailKey, OnceToken},
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// Days that are chosen where nothing else is.
const PRESET: u32 = 90;

/// For how many days a token may be asked for, as far as the operator allows it.
const DAYS: [u32; 4] = [30, 90, 180, 365];

/// The page; once with the token that was made a moment ago.
#[component]
pub fn OwnTokensPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let mut form = use_context::<FormState>().unwrap_or_default();
    let made = use_context::<OnceToken>();
    let made_key = use_context::<OnceEmailKey>();
    let query = use_query_map().get_untracked();
    let all_refusals = query.get_str(ALL_REFUSALS) == Some("all");
    let done = match (query.get_str("revoked"), query.get_str("key")) {
        (Some("yes"), _) => Some("The token is revoked. It no longer works."),
        (_, Some("removed")) => Some("The key is removed. Files are taken without it again."),
        _ => None,
    };
    // Back from showing who one is, with what was typed.
    for field in ["name", "days"] {
        if let Some(typed) = query.get(field).filter(|_| form.value_of(field).is_empty()) {
            form.keep(field, &typed);
        }
    }
    asked(async move {
        let visit = visitor.visit()?;
        let own = visit.own_tokens().await?;
        let OwnTokens {
            mut tokens,
            may_make,
            days,
            until,
            sent,
        } = own;
        if let Some(until) = until {
            for token in &mut tokens {
                token.expires_at = token.expires_at.min(until);
            }
        }
        let ends = until.map(|until| {
            let last = words::day(until.plus_seconds(-1));
            view! {
                <div class="nhsuk-inset-text">
                    <p>"You send through the API as a Connector until " {last} ". Your tokens stop working then, even if they were made for longer."</p>
                </div>
            }
        });
        let own_account = visitor.actor.as_ref().and_then(|actor| actor.account());
        let by_email = match (own_account, visit.sends_by_email().await?) {
            (Some(account), true) => Some(by_email(&visitor, account).await?),
            _ => None,
        };
        // Who only sends files by email has no use for tokens.
        let has_tokens = may_make || !tokens.is_empty() || by_email.is_none();
        let heading = if has_tokens {
            "Your API tokens"
        } else {
            "Your files by email"
        };
        let title = match (&made, &made_key, form.is_sound()) {
            (Some(_), ..) => "Your new token".to_owned(),
            (None, Some(_), _) => "Your new address key".to_owned(),
            (None, None, true) => heading.to_owned(),
            (None, None, false) => format!("Error: {heading}"),
        };
        let now = visitor.gate.now();
        let make = match may_make {
            true => view! { <Make days form=form.clone()/> }.into_any(),
            false => view! { <NoUse/> }.into_any(),
        };
        let own_tokens = has_tokens.then(|| {
            view! {
                <p>"With a token, a program can send files or synchronise people in your name, for the organisations where you are a Connector."</p>
                {ends}
                <TokenTable tokens now may_revoke=true/>
                {make}
            }
        });
        let using = may_make.then(|| {
            let portal = visitor.gate.rules().url.clone();
            view! { <UsingTheApi portal/> }
        });
        let synchronising = match own_account {
            Some(account) if may_make => Some(synchronising(&visitor, account, all_refusals).await?),
            _ => None,
        };
        let replaced = visit.replaced_among(&sent).await?;
        let what_was_sent =
            (!sent.is_empty() || may_make).then(|| view! { <h2>"What was sent"</h2> <SentTable sent replaced/> });
        let once_key = made_key.map(|OnceEmailKey(key)| {
            let address = visitor.gate.rules().email.tagged(&key);
            view! { <OnceKey key address/> }
        });
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::OWN>"Your record"</a>
            <ErrorSummary form/>
            {done.map(|said| view! { <DoneBanner said/> })}
            <h1>{heading}</h1>
            {made.map(|made| view! { <Once made=made.0 until/> })}
            {once_key}
            {own_tokens}
            {by_email}
            {synchronising}
            {using}
            {what_was_sent}
        })
    })
}

/// The files that one sends by email, and the key in the address for them.
async fn by_email(visitor: &Visitor, own: AccountId) -> Result<AnyView, GateError> {
    let visit = visitor.visit()?;
    let emails = visit.connector_emails(own).await?;
    let made = visit.email_key().await?;
    let address = visitor.gate.rules().email.address.clone();
    Ok(view! {
        <FilesByEmail emails address/>
        <OwnKey made/>
    }
    .into_any())
}

/// How another system is connected with such a token, how it is doing, what differs, and how it is answered.
async fn synchronising(visitor: &Visitor, own: AccountId, all: bool) -> Result<AnyView, GateError> {
    let visit = visitor.visit()?;
    let places = visit.sends_for().await?.into_iter();
    let mut places: Vec<_> = places.map(|(place, _)| (place.code.to_string(), place.name)).collect();
    places.sort();
    places.dedup();
    let (health, settings) = (visit.connector_health(own).await?, visit.connector_settings(own).await?);
    let (differences, links) = (health.differences.clone(), health.links);
    let (portal, now) = (visitor.gate.rules().url.clone(), visitor.gate.now());
    Ok(view! {
        <Connection portal places own=true/>
        <Doing health connector=own shadow=settings.shadow now own=true all/>
        <DifferencesSection differences links connector=own/>
        <SettingsSaid settings/>
    }
    .into_any())
}

/// Why one makes no tokens.
#[component]
fn NoUse() -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text">
            <p>"Tokens are for those who send files through the API. Ask your Primary Local Administrator to make you a Connector."</p>
        </div>
    }
}

/// A token, shown this once.
#[component]
fn Once(made: MadeToken, until: Option<Timestamp>) -> impl IntoView {
    let until = match until.filter(|until| *until < made.expires_at) {
        None => words::day(made.expires_at),
        Some(until) => format!("{}, when your role ends", words::day(until.plus_seconds(-1))),
    };
    view! {
        <section class="app-sheet app-once" aria-labelledby="once">
            <h2 class="nhsuk-heading-m" id="once">"Copy your new token now"</h2>
            <label class="nhsuk-label" for="new-token">{made.name}</label>
            <input class="nhsuk-input" id="new-token" type="text" readonly spellcheck="false" autocomplete="off" value=made.secret/>
            <p class="nhsuk-u-margin-top-3">
                "It is shown only now, and works until " {until} ". Keep it where you keep passwords, and do not give it to anybody."
            </p>
        </section>
    }
}

#[component]
fn Make(days: u32, form: FormState) -> impl IntoView {
    let choices = DAYS.into_iter().filter(|offered| *offered < days).chain([days]);
    let choices = choices.map(|days| (days.to_string(), counted(days, "day", "days")));
    let chosen = match form.value_of("days") {
        // A token that is renewed now and then is one that somebody still knows of.
        chosen if chosen.is_empty() => days.min(PRESET).to_string(),
        chosen => chosen,
    };
    let expiry = select(
        "days",
        "How long it should work",
        None,
        choices.collect(),
        &chosen,
        &form,
    );
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={at::<MakeToken>()} novalidate>
            <h2 class="nhsuk-heading-m">"Make a token"</h2>
            <TextField
                field="name"
                label="Name"
                hint="What it is for, such as the name of the system that uses it."
                keys=Keys::Words
                width="nhsuk-input--width-20"
                most=100
                form
            />
            {expiry}
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Make token"</button>
        </form>
    }
}
