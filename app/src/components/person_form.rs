//! The form about one person: an account or a contact, new or changed. The dictionary says what it asks for and how.

mod about;
mod choices;
mod moved;
mod organisation;
mod stay;

use domain::dictionary::{Attribute, Input};
use gate::PersonKind;
use leptos::prelude::*;

pub use self::{
    about::About,
    moved::MovedInset,
    organisation::{ASKED, CODE, OrganisationChoice, SIDE_BY_SIDE},
    stay::stay_answers,
};
use self::{about::label, moved::MovedNote};
use crate::{
    calls::{
        about,
        accounts::{CreateAccount, EditAccount},
        at,
        contacts::{CreateContact, EditContact},
    },
    components::{error_summary::FieldError, field::Tied},
    forms::{FROM, FormState, SEEN, Subject, WHOLE},
    islands::{ADDRESS_CHOICE, ANOTHER, AddressChoice, CheckedField, Field, KEPT, Limits, MADE, NameMaker, Side},
};

/// Where the form is posted to: its own page.
fn posted_to(subject: Subject) -> String {
    match subject {
        Subject::NewAccount => at::<CreateAccount>().to_owned(),
        Subject::NewContact => at::<CreateContact>().to_owned(),
        Subject::Account(id) => about::<EditAccount>(&id),
        Subject::Contact(id) => about::<EditContact>(&id),
    }
}

/// The form; it goes on to "Check your answers". What was typed before is still there.
#[component]
pub fn PersonForm(about: About, form: FormState, cancel: String) -> impl IntoView {
    let subject = about.subject;
    let section = |section: &crate::forms::Section| {
        let fields = section
            .attributes
            .iter()
            .map(|attribute| field(&about, &form, *attribute))
            .collect_view();
        view! {
            <section class="app-form__section">
                <h2 class="nhsuk-heading-m">{section.heading}</h2>
                {fields}
            </section>
        }
    };
    let sections = subject.sections().iter().map(section).collect_view();
    let days = match subject {
        Subject::NewAccount => Some(stay::stay(&about, &form)),
        _ if about.starts => Some(stay::first_day(&about, &form)),
        _ => None,
    };
    let hidden = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value/> })
    };
    let organisation = if subject.is_new() {
        about.home.code.to_string()
    } else {
        String::new()
    };
    view! {
        <form class="app-sheet app-form" id=WHOLE tabindex="-1" method="post" action=posted_to(subject) novalidate>
            <FieldError field=WHOLE form=form.clone()/>
            {hidden(SEEN, form.value_of(SEEN))}
            {hidden(FROM, form.value_of(FROM))}
            {hidden(Attribute::Organisation.slug(), organisation)}
            {sections}
            {days}
            <div class="app-form__end">
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                " "
                <a href=cancel>"Cancel"</a>
            </div>
        </form>
    }
}

/// One attribute's field, with a note where somebody else changed it meanwhile.
fn field(about: &About, form: &FormState, attribute: Attribute) -> AnyView {
    let is_account = about.subject.kind() == PersonKind::Account;
    let control = match (attribute, attribute.input()) {
        (Attribute::Organisation, _) => organisation(about, form),
        (Attribute::EmailAddress, _) if is_account => addresses(about, form),
        (_, Input::YesOrNo) => choices::yes_or_no(form, attribute),
        (_, Input::Choices) => choices::choices(about, form, attribute),
        (_, Input::Reference) => choices::place(about, form, attribute),
        (
            _,
            Input::Line
            | Input::Lines
            | Input::Address
            | Input::Telephone
            | Input::WebPage
            | Input::Gigabytes
            | Input::Secret,
        ) => view! { <CheckedField field=typed(about, form, attribute)/> }.into_any(),
    };
    // An account's display name is shown with its addresses, which are made from the name too.
    let made = (attribute == Attribute::DisplayName && about.subject == Subject::NewContact).then(|| {
        view! {
            <NameMaker organisation=about.home.code.to_string() made=about.made.clone() addresses=None/>
        }
    });
    let note = form
        .moved(attribute)
        .cloned()
        .map(|detail| view! { <MovedNote detail now=about.now/> });
    view! { {control} {made} {note} }.into_any()
}

/// A field that is typed into.
fn typed(about: &About, form: &FormState, attribute: Attribute) -> Field {
    let id = attribute.slug();
    Field {
        attribute,
        label: label(about, attribute),
        hint: hint(about, attribute),
        value: form.value_of(id),
        problem: form.problem_of(id),
        notes: form
            .moved(attribute)
            .map(|_| format!("{id}-moved"))
            .into_iter()
            .collect(),
        autocomplete: "off".to_owned(),
        limits: Limits {
            mail_domain: about.rules.mail_domain.as_str().to_owned(),
            largest_quota_gb: about.rules.largest_quota_gb,
            side: match about.subject.kind() {
                PersonKind::Account => Side::Inside,
                PersonKind::Contact => Side::Outside,
            },
        },
    }
}

/// What to put there: the dictionary's sentence, where that does not speak of a file's cells.
fn hint(about: &About, attribute: Attribute) -> String {
    let domain = about.rules.mail_domain.as_str();
    match (attribute, about.subject.kind()) {
        (Attribute::Notes, PersonKind::Contact) => "Why was this contact added? Everybody can read it.".to_owned(),
        (Attribute::EmailAddress, PersonKind::Contact) => format!("An address elsewhere, not at {domain}."),
        (Attribute::DisplayName, _) if !about.subject.is_new() => {
            "The name that the address book shows. If it was made from the name, it changes with the name.".to_owned()
        }
        (Attribute::Quota, _) if about.subject.is_new() => {
            let standard = about.rules.standard_quota_gb;
            format!("The mailbox’s size in gigabytes. Left empty, it is {standard}.")
        }
        _ => attribute.guide().hint.to_owned(),
    }
}

/// The organisation, which another page decides on.
fn organisation(about: &About, form: &FormState) -> AnyView {
    let id = Attribute::Organisation.slug();
    let tied = Tied::to(id, form);
    let way = about
        .elsewhere
        .clone()
        .map(|(words, path)| view! { " " <a href=path>{words}</a> });
    view! {
        <div
            class="nhsuk-form-group"
            class=("nhsuk-form-group--error", tied.is_wrong())
            id=id
            tabindex="-1"
            role="group"
            aria-label=Attribute::Organisation.name()
            aria-describedby=tied.described()
        >
            <FieldError field=id form=form.clone()/>
            <p class="app-form__settled">
                <span class="app-form__settled-name">{Attribute::Organisation.name()}</span>
                " "
                {about.home.name.clone()} " (" {about.home.code.to_string()} ")"
                {way}
            </p>
        </div>
    }
    .into_any()
}

/// An account's address: made from the name, kept, or another one.
fn addresses(about: &About, form: &FormState) -> AnyView {
    let is_new = about.subject.is_new();
    let own = if is_new { MADE } else { KEPT };
    let mut another = typed(about, form, Attribute::EmailAddress);
    another.label = "The other address".to_owned();
    another.hint = format!("An address at {}.", about.rules.mail_domain.as_str());
    let asked = form.value_of(ADDRESS_CHOICE);
    let is_offered = about
        .made
        .addresses
        .iter()
        .skip(usize::from(is_new))
        .any(|offered| *offered == asked);
    let chosen = match asked.as_str() {
        "" | MADE | KEPT => own.to_owned(),
        ANOTHER => asked,
        _ if is_offered => asked,
        // It was made from the name, but is free no more, or the name is another now.
        _ => {
            another.value = asked;
            ANOTHER.to_owned()
        }
    };
    let choice = AddressChoice {
        current: (!is_new).then(|| about.address.clone()),
        chosen,
        another,
    };
    view! { <NameMaker organisation=about.home.code.to_string() made=about.made.clone() addresses=Some(choice)/> }
        .into_any()
}
