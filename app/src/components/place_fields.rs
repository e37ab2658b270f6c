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
        field::{Keys, TextField, Tied},
        select_field::select,
    },
    forms::{FormState, Need},
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

/// The organisation that was chosen in the step before, and the way back to that choice.
#[component]
pub fn SettledOrganisation(
    /// The words before its name.
    lead: &'static str,
    organisation: Organisation,
    change: Option<String>,
    form: FormState,
) -> impl IntoView {
    let field = Attribute::Organisation.slug();
    let tied = Tied::to(field, &form);
    let change = change.map(|change| {
        view! { " " <a href=change>"Change" <span class="nhsuk-u-visually-hidden">" the organisation"</span></a> }
    });
    let (name, code) = (organisation.name, organisation.code.to_string());
    view! {
        <div
            class="nhsuk-form-group"
            class=("nhsuk-form-group--error", tied.is_wrong())
            id=field
            tabindex="-1"
            role="group"
            aria-label=Attribute::Organisation.name()
            aria-describedby=tied.described()
        >
            <FieldError field form/>
            <p class="nhsuk-u-margin-bottom-0">{lead} <strong>{name}</strong> " (" {code.clone()} ")" {change}</p>
            <input type="hidden" name=field value=code/>
        </div>
    }
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
            &Need::Optional.label(Attribute::Site.name()),
            None,
            sites,
            &form.value_of("site"),
            &form,
        )
    });
    let unit = (units.len() > 1 || !whole).then(|| {
        let chosen = form.value_of("unit");
        let need = if whole { Need::Optional } else { Need::Required };
        let label = need.label(Attribute::Unit.name());
        select("unit", &label, unit_hint, units, &chosen, &form)
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
    let label = Need::Optional.label(Attribute::LocalId.name());
    let hint = "Your own number for the person, such as the payroll number.";
    view! { <TextField field="local-id" label hint keys=Keys::Code width="nhsuk-input--width-20" form/> }
}
