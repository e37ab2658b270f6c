//! What is made from a name while it is typed: the display name, and the addresses that are free. Without JavaScript the
//! server makes the same, and shows it as soon as it knows the name.

use std::time::Duration;

use domain::dictionary::Attribute;
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    calls::{Made, name_suggestions},
    islands::{
        breaking::breakable,
        checked_field::{CheckedInput, Field},
    },
};

/// The field by which one of the addresses is chosen.
pub const ADDRESS_CHOICE: &str = "email-address-choice";
/// The address that is made from the name when the account is created.
pub const MADE: &str = "made";
/// The address that the account has.
pub const KEPT: &str = "kept";
/// An address that is typed.
pub const ANOTHER: &str = "another";

/// Pauses shorter than this are typing.
const PAUSE: Duration = Duration::from_millis(400);

/// The addresses that an account can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressChoice {
    /// The one it has; none for a new account.
    pub current: Option<String>,
    /// What is chosen: [`MADE`], [`KEPT`], [`ANOTHER`], or one of the addresses that were made.
    pub chosen: String,
    /// One that is typed.
    pub another: Field,
}

/// Shows what is made from the name in the fields for first and last name, wherever on the page they are. `addresses` are
/// an account's; a contact has none to choose from.
#[island]
pub fn NameMaker(organisation: String, made: Made, addresses: Option<AddressChoice>) -> impl IntoView {
    let made = RwSignal::new(made);
    let organisation = StoredValue::new(organisation);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let follow = move || {
        let (first, last) = typed_names();
        if first.trim().is_empty() || last.trim().is_empty() {
            made.set(Made::default());
            return;
        }
        spawn_local(async move {
            let now = name_suggestions(first.clone(), last.clone(), organisation.get_value()).await;
            // An answer may come when another name has been typed since.
            if let Ok(now) = now
                && typed_names() == (first, last)
            {
                made.set(now);
            }
        });
    };
    Effect::new(move |_| {
        // The listener lives as long as the page does.
        let _ = window_event_listener(ev::input, move |event| {
            let typed = event_target::<HtmlInputElement>(&event).id();
            if typed != Attribute::FirstName.slug() && typed != Attribute::LastName.slug() {
                return;
            }
            timer.update_value(|timer| {
                if let Some(earlier) = timer.take() {
                    earlier.clear();
                }
                *timer = set_timeout_with_handle(follow, PAUSE).ok();
            });
        });
    });
    let is_new = addresses.as_ref().is_none_or(|choice| choice.current.is_none());
    let display_name = move || {
        let name = made.read().display_name.clone();
        (!name.is_empty()).then(|| view! { "Left empty, the display name becomes " <strong>{name}</strong> "." })
    };
    view! {
        {is_new.then(|| view! { <div class="app-made" role="status">{display_name}</div> })}
        {addresses.map(|choice| view! { <Addresses choice made/> })}
    }
}

/// The texts in the fields for first and last name.
fn typed_names() -> (String, String) {
    (text_of(Attribute::FirstName), text_of(Attribute::LastName))
}

/// The text in the field of an attribute.
fn text_of(attribute: Attribute) -> String {
    let found = document().get_element_by_id(attribute.slug());
    let input = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}

#[component]
fn Addresses(choice: AddressChoice, made: RwSignal<Made>) -> impl IntoView {
    let chosen = RwSignal::new(choice.chosen);
    let is_new = choice.current.is_none();
    let own = if is_new { MADE } else { KEPT };
    // A new account is given the first of them without more ado.
    let offered = move || {
        let made = made.read();
        made.addresses
            .iter()
            .skip(usize::from(is_new))
            .cloned()
            .collect::<Vec<_>>()
    };
    Effect::new(move |_| {
        let offered = offered();
        let now = chosen.get_untracked();
        if now != own && now != ANOTHER && !offered.contains(&now) {
            chosen.set(own.to_owned());
        }
    });
    let own_label = match &choice.current {
        Some(current) => format!("Keep {current}"),
        None => "Make it from the name".to_owned(),
    };
    let example = is_new.then(|| {
        let like = format!(
            "Like first.last@{}. It is shown when the name is known.",
            choice.another.limits.mail_domain
        );
        let address = move || made.read().addresses.first().cloned().unwrap_or_else(|| like.clone());
        view! { <div class="nhsuk-hint app-address__made app-break" id="email-address-made-hint">{address}</div> }
    });
    let others = move || {
        let other = |(place, address): (usize, String)| {
            view! { <AddressRadio value=address.clone() label=address id=format!("offered-{place}") chosen/> }
        };
        offered().into_iter().enumerate().map(other).collect_view()
    };
    let on_typed = Callback::new(move |()| chosen.set(ANOTHER.to_owned()));
    let hint = (!is_new).then(|| view! {
        <div class="nhsuk-hint" id="email-address-choice-hint">"If you change the address, email to the old one still arrives."</div>
    });
    view! {
        <div class="nhsuk-form-group">
            <fieldset class="nhsuk-fieldset" aria-describedby=(!is_new).then_some("email-address-choice-hint")>
                <legend class="nhsuk-fieldset__legend">{Attribute::EmailAddress.name()}</legend>
                {hint}
                <div class="nhsuk-radios nhsuk-radios--small">
                    <AddressRadio value=own.to_owned() label=own_label id=own.to_owned() chosen/>
                    {example}
                    {others}
                    <AddressRadio value=ANOTHER.to_owned() label="Another address".to_owned() id=ANOTHER.to_owned() chosen/>
                    <div class="nhsuk-radios__conditional"><CheckedInput field=choice.another on_typed/></div>
                </div>
            </fieldset>
        </div>
    }
}

#[component]
fn AddressRadio(value: String, label: String, id: String, chosen: RwSignal<String>) -> impl IntoView {
    let id = format!("email-address-{id}");
    let at_first = chosen.with_untracked(|chosen| *chosen == value);
    let is_chosen = {
        let value = value.clone();
        move || *chosen.read() == value
    };
    let choose = {
        let value = value.clone();
        move |_| chosen.set(value.clone())
    };
    let described = (value == MADE).then_some("email-address-made-hint");
    view! {
        <div class="nhsuk-radios__item">
            <input
                class="nhsuk-radios__input"
                id=id.clone()
                name=ADDRESS_CHOICE
                type="radio"
                value=value
                checked=at_first
                prop:checked=is_chosen
                on:change=choose
                aria-describedby=described
            />
            <label class="nhsuk-label nhsuk-radios__label app-break" for=id inner_html=breakable(&label)></label>
        </div>
    }
}
