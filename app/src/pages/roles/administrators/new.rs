//! Giving a role: to whom, which, over what, from when until when, and why.

use domain::{
    account::Account,
    channel::Channel,
    grant::CONNECTOR_CHANNELS,
    organisation::Organisation,
    policy::Role,
    request::{RoleWish, Wish},
    values::ids::AccountId,
};
use gate::{GateError, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::grant::ReasonField;
use crate::{
    calls::{at, roles::GrantRole},
    components::{
        date_field::DateField,
        error_summary::ErrorSummary,
        field::{Group, Keys, TextField, Tied},
        place_fields::OrganisationField,
    },
    forms::{Answers, FIRST_DAY, FormState, LAST_DAY, MAY_DISABLE, Need, WHOLE, channel_field, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// Organisations that a list offers. Of more than these, one is named by its code.
const OFFERED: u64 = 500;

/// The form, for those who may give any role.
#[component]
pub fn NewGrantPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let query = use_query_map().get_untracked();
    let asked_of = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let (account, place) = (asked_of("account"), asked_of("organisation"));
    let from = said_from();
    asked(async move {
        let visit = visitor.visit()?;
        let roles = visit.grantable().await?;
        let person = match account.as_str() {
            "" => None,
            id => {
                let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
                Some(visit.account(id).await?.0)
            }
        };
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), answers).await?;
        let organisations = visit.organisations_to_grant(OFFERED + 1).await?;
        let today = visitor.gate.now();
        let back = match &person {
            Some(person) => (routes::account(&person.id), person.full_name()),
            None => (routes::ADMINISTRATORS.to_owned(), "Administrators".to_owned()),
        };
        let title = if form.is_sound() {
            "Give a role"
        } else {
            "Error: Give a role"
        };
        let hint = |days, what: &str| {
            let (year, month, day) = calendar::date_parts(calendar::days_after(today, days).unwrap_or(today));
            format!("For example, {day} {month} {year}. {what}")
        };
        let begins = hint(7, "Leave it empty to begin at once.");
        let ends = hint(90, "Leave it empty if the role should last until you revoke it.");
        let chosen = form.value_of("organisation");
        let chosen = match (chosen.as_str(), &person, organisations.as_slice()) {
            ("", _, _) if !place.is_empty() => place,
            ("", Some(person), _) => person.organisation.to_string(),
            ("", None, [only]) => only.code.to_string(),
            _ => chosen,
        };
        let connects = roles.contains(&Role::Connector);
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=back.0>{back.1}</a>
            <ErrorSummary form=form.clone()/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1>"Give a role"</h1>
                <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={at::<GrantRole>()} novalidate>
                    {form.carried()}
                    <To person form=form.clone()/>
                    <Roles roles form=form.clone()/>
                    {connects.then(|| view! { <Channels form=form.clone()/> })}
                    <Over organisations chosen form=form.clone()/>
                    <DateField legend=Need::Optional.label("First day") hint=begins names=FIRST_DAY form=form.clone()/>
                    <DateField legend=Need::Optional.label("Last day") hint=ends names=LAST_DAY form=form.clone()/>
                    <ReasonField label="Why do they need it?" form/>
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
                </form>
                <p>"Before anything is done, you can check what they will be able to do, and where."</p>
            </div></div>
        })
    })
}

/// What was answered where this form asked for a wish.
fn answers(wish: &Wish) -> Option<Answers> {
    let Wish::Role(
        _,
        RoleWish::Grant {
            role,
            organisation,
            unit,
            terms,
        },
    ) = wish
    else {
        return None;
    };
    let mut said = vec![
        ("role", role.slug().to_owned()),
        ("organisation", organisation.to_string()),
        ("unit", unit.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("reason", terms.reason.clone()),
    ];
    said.extend(
        terms
            .channels
            .iter()
            .map(|channel| (channel_field(*channel), "yes".to_owned())),
    );
    said.extend(terms.may_disable.then(|| (MAY_DISABLE, "yes".to_owned())));
    // The last day is a whole one, and ends with the day behind it.
    let last = terms.until.map(|until| until.plus_seconds(-1));
    for (names, at) in [(FIRST_DAY, terms.from), (LAST_DAY, last)] {
        said.extend(at.into_iter().flat_map(|at| names.answers(at)));
    }
    Some(said)
}

/// Whoever is to hold it: known already, or found by their address.
#[component]
fn To(person: Option<Account>, form: FormState) -> impl IntoView {
    if let Some(person) = person {
        let id = person.id.to_string();
        return view! {
            <p class="app-break">"To " <strong>{person.full_name()}</strong></p>
            <input type="hidden" name="account" value=id/>
        }
        .into_any();
    }
    let hint = "The whole email address of a person you manage.";
    view! { <TextField field="address" label="Email address" hint keys=Keys::Address form/> }.into_any()
}

#[component]
fn Roles(roles: Vec<Role>, form: FormState) -> impl IntoView {
    let invalid = Tied::to("role", &form).invalid();
    let chosen = form.value_of("role");
    let radio = |(place, role): (usize, Role)| {
        // The first is where a summary of errors leads to.
        let id = if place == 0 {
            "role".to_owned()
        } else {
            format!("role-{}", role.slug())
        };
        let checked = chosen == role.slug();
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id.clone() name="role" type="radio" value=role.slug() checked=checked aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{role.name()}</label>
            </div>
        }
    };
    let radios = roles.into_iter().enumerate().map(radio).collect_view();
    view! {
        <Group field="role" legend="Which role?" form>
            <div class="nhsuk-radios">{radios}</div>
        </Group>
    }
}

/// What to know before a Connector is let disable accounts.
const DISABLING: &str = "Only with the API. The other system can then disable and enable accounts at once, for example when \
                         somebody leaves. Otherwise each time is a proposal that an administrator decides on.";

/// What a Connector may send through, and whether it may disable accounts.
#[component]
fn Channels(form: FormState) -> impl IntoView {
    let invalid = Tied::to("channels", &form).invalid();
    let offered = CONNECTOR_CHANNELS.into_iter().filter(|channel| channel.is_here());
    let boxes = offered
        .enumerate()
        .map(|(place, channel): (usize, Channel)| {
            let field = channel_field(channel);
            // The list of problems leads to the first.
            let id = if place == 0 { "channels" } else { field };
            let checked = form.value_of(field) == "yes";
            let label = words::with_capital(channel.name());
            view! {
                <div class="nhsuk-checkboxes__item">
                    <input class="nhsuk-checkboxes__input" id=id name=field type="checkbox" value="yes" checked=checked aria-invalid=invalid/>
                    <label class="nhsuk-label nhsuk-checkboxes__label" for=id>{label}</label>
                </div>
            }
        })
        .collect_view();
    let disables = form.value_of(MAY_DISABLE) == "yes";
    let legend = "What may a Connector send through?";
    let hint = "Only for the role Connector. Files sent by email are applied once a day; change files, and what a program sends through the API, are applied at once.";
    // The style sheet shows them once that role is chosen, or where something is ticked or wrong.
    view! {
        <div class="app-of-connectors">
            <Group field="channels" legend look="" hint form=form.clone()>
                <div class="nhsuk-checkboxes">{boxes}</div>
            </Group>
            <Group field=MAY_DISABLE legend="May a Connector disable accounts?" look="" hint=DISABLING form=form.clone()>
                <div class="nhsuk-checkboxes">
                    <div class="nhsuk-checkboxes__item">
                        <input class="nhsuk-checkboxes__input" id=MAY_DISABLE name=MAY_DISABLE type="checkbox" value="yes" checked=disables aria-invalid=Tied::to(MAY_DISABLE, &form).invalid()/>
                        <label class="nhsuk-label nhsuk-checkboxes__label" for=MAY_DISABLE>"May disable accounts"</label>
                    </div>
                </div>
            </Group>
        </div>
    }
}

#[component]
fn Over(organisations: Vec<Organisation>, chosen: String, form: FormState) -> impl IntoView {
    let label = "For which organisation?";
    let organisation = match organisations.len() as u64 > OFFERED {
        true => view! { <CodeField label chosen form=form.clone()/> }.into_any(),
        false => view! { <OrganisationField label organisations chosen form=form.clone()/> }.into_any(),
    };
    let unit = Need::Optional.label("Only for one unit");
    let hint = "Its name, like Medicine / Ward 7. Leave it empty for the whole organisation and those below it.";
    view! {
        {organisation}
        <TextField field="unit" label=unit hint keys=Keys::Words form/>
    }
}

/// An organisation by its code, where a list of all would be too long.
#[component]
fn CodeField(label: &'static str, chosen: String, form: FormState) -> impl IntoView {
    let (hint, width) = ("Its ODS code, like G7H8J.", "nhsuk-input--width-10");
    view! { <TextField field="organisation" label hint keys=Keys::Code width value=Some(chosen) form/> }
}
