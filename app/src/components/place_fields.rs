//! Where somebody goes: the organisation, chosen first, and then their place in it.

use domain::{
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
};
use gate::PersonKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        error_summary::FieldError,
        select_field::{described, select},
    },
    forms::FormState,
};

/// The organisation that the address bar names; a form that was sent on without one says so.
pub fn said_organisation(form: &mut FormState) -> String {
    let said = use_query_map().get_untracked().get("organisation");
    if said.as_deref() == Some("") && form.is_sound() {
        form.problem("organisation", "Choose an organisation.");
    }
    said.unwrap_or_default()
}

/// A choice of organisations, with its label; `chosen` is the code of the one that is chosen already.
#[component]
pub fn OrganisationField(
    label: &'static str,
    organisations: Vec<Organisation>,
    chosen: String,
    form: FormState,
) -> impl IntoView {
    let choices = organisations.into_iter().map(|organisation| {
        let code = organisation.code.to_string();
        (code.clone(), format!("{} ({code})", organisation.name))
    });
    let choices = std::iter::once((String::new(), "Choose an organisation".to_owned())).chain(choices);
    select("organisation", label, None, choices.collect(), &chosen, &form)
}

/// Of an organisation: site, unit and local ID for an account, the unit for a contact. `whole` says whether somebody may
/// be there without a unit. What was typed before is still there.
#[component]
pub fn PlaceFields(organisation: Organisation, whole: bool, kind: PersonKind, form: FormState) -> impl IntoView {
    let local_id = (kind == PersonKind::Account).then(|| view! { <LocalIdField form=form.clone()/> });
    view! { <SiteAndUnit organisation whole kind form/> {local_id} }
}

/// As [`PlaceFields`], for many who get the same place but keep numbers of their own.
#[component]
pub fn SiteAndUnit(organisation: Organisation, whole: bool, kind: PersonKind, form: FormState) -> impl IntoView {
    let sites = organisation
        .sites
        .iter()
        .map(|site| (site.code.clone(), format!("{} ({})", site.name, site.code)));
    let sites: Vec<_> = std::iter::once((String::new(), "None".to_owned()))
        .chain(sites)
        .collect();
    let none = if whole { "None" } else { "Choose a unit" };
    let units = organisation
        .units
        .iter()
        .map(|unit| (unit.to_string(), unit.to_string()));
    let units: Vec<_> = std::iter::once((String::new(), none.to_owned())).chain(units).collect();
    let unit_hint = (!whole).then_some("One of the units that you manage.");
    // A list that offers nothing is not shown.
    let site = (kind == PersonKind::Account && sites.len() > 1).then(|| {
        select(
            "site",
            Attribute::Site.name(),
            None,
            sites,
            &form.value_of("site"),
            &form,
        )
    });
    let unit = (units.len() > 1 || !whole).then(|| {
        let chosen = form.value_of("unit");
        select("unit", Attribute::Unit.name(), unit_hint, units, &chosen, &form)
    });
    view! { {site} {unit} }
}

/// The code of an organisation among others, where it is one of theirs.
#[must_use]
pub fn chosen_of(organisations: &[Organisation], asked: &str) -> Option<OrganisationCode> {
    let mut codes = organisations.iter().map(|organisation| &organisation.code);
    match organisations {
        [only] => Some(only.code.clone()),
        _ => codes.find(|code| code.as_str() == asked).cloned(),
    }
}

#[component]
fn LocalIdField(form: FormState) -> impl IntoView {
    let wrong = form.problem_of("local-id").is_some();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label" for="local-id">{Attribute::LocalId.name()}</label>
            <div class="nhsuk-hint" id="local-id-hint">"Your own number for the person, such as the payroll number. Leave it empty if there is none."</div>
            <FieldError field="local-id" form=form.clone()/>
            <input
                class="nhsuk-input nhsuk-input--width-20"
                class=("nhsuk-input--error", wrong)
                id="local-id"
                name="local-id"
                type="text"
                autocomplete="off"
                spellcheck="false"
                value=form.value_of("local-id")
                aria-describedby=described("local-id", true, wrong)
            />
        </div>
    }
}
