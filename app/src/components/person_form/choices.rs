//! What is chosen rather than typed: yes or no, values of a list, a site or unit of the organisation.

use domain::dictionary::Attribute;
use leptos::prelude::*;

use super::{About, label};
use crate::{
    components::{error_summary::FieldError, select_field::options},
    forms::FormState,
};

/// One box to tick.
pub(super) fn yes_or_no(form: &FormState, attribute: Attribute) -> AnyView {
    let id = attribute.slug();
    let words = match attribute {
        Attribute::HideMobile => "Keep the mobile number out of the address book",
        other => other.name(),
    };
    let wrong = form.problem_of(id).is_some();
    let ticked = form.value_of(id) == "yes";
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <FieldError field=id form=form.clone()/>
            <div class="nhsuk-checkboxes nhsuk-checkboxes--small">
                <div class="nhsuk-checkboxes__item">
                    <input class="nhsuk-checkboxes__input" id=id name=id type="checkbox" value="yes" checked=ticked aria-describedby=described(form, attribute, false)/>
                    <label class="nhsuk-label nhsuk-checkboxes__label" for=id>{words}</label>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// A list to tick any number of, folded away while nothing in it is chosen.
pub(super) fn choices(about: &About, form: &FormState, attribute: Attribute) -> AnyView {
    let id = attribute.slug();
    let value = form.value_of(id);
    let chosen: Vec<_> = value
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let mut list = attribute.choices(&about.rules).cloned().unwrap_or_default();
    // What is chosen and in the list no more is still to be seen, and is not lost by going on.
    let gone: Vec<_> = chosen
        .iter()
        .filter(|part| !list.iter().any(|entry| entry == *part))
        .collect();
    list.extend(gone.into_iter().map(|part| (*part).to_owned()));
    let wrong = form.problem_of(id).is_some();
    let open = wrong || !chosen.is_empty() || form.moved(attribute).is_some();
    let item = |(place, entry): (usize, String)| {
        // The first has the field's own ID, which the summary of problems leads to.
        let own = if place == 0 {
            id.to_owned()
        } else {
            format!("{id}-{place}")
        };
        let ticked = chosen.contains(&entry.as_str());
        view! {
            <div class="nhsuk-checkboxes__item">
                <input class="nhsuk-checkboxes__input" id=own.clone() name=id type="checkbox" value=entry.clone() checked=ticked/>
                <label class="nhsuk-label nhsuk-checkboxes__label" for=own>{entry}</label>
            </div>
        }
    };
    let items = list.into_iter().enumerate().map(item).collect_view();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <details class="nhsuk-details app-choices" open=open>
                <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{attribute.name()}</span></summary>
                <div class="nhsuk-details__text">
                    <fieldset class="nhsuk-fieldset" aria-describedby=described(form, attribute, true)>
                        <legend class="nhsuk-fieldset__legend nhsuk-u-visually-hidden">{attribute.name()}</legend>
                        <div class="nhsuk-hint" id=format!("{id}-hint")>"Choose all that apply."</div>
                        <FieldError field=id form=form.clone()/>
                        <div class="nhsuk-checkboxes nhsuk-checkboxes--small app-choices__list">{items}</div>
                    </fieldset>
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// A site or a unit of the organisation; nothing where it has none to choose from.
pub(super) fn place(about: &About, form: &FormState, attribute: Attribute) -> AnyView {
    let id = attribute.slug();
    let chosen = form.value_of(id);
    let mut choices: Vec<(String, String)> = match attribute {
        Attribute::Site => {
            let sites = about.home.sites.iter();
            sites
                .map(|site| (site.code.clone(), format!("{} ({})", site.name, site.code)))
                .collect()
        }
        _ => {
            let units = about.home.units.iter();
            units.map(|unit| (unit.to_string(), unit.to_string())).collect()
        }
    };
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    if !chosen.is_empty() && choices.iter().all(|(value, _)| *value != chosen) {
        choices.push((chosen.clone(), chosen.clone()));
    }
    let required = attribute == Attribute::Unit && !about.whole;
    if choices.is_empty() && !required {
        return ().into_any();
    }
    let none = if required { "Choose a unit" } else { "None" };
    choices.insert(0, (String::new(), none.to_owned()));
    let options = options(choices, &chosen);
    let hint = required.then(|| {
        view! {
            <div class="nhsuk-hint" id=format!("{id}-hint")>"One of the units that you manage."</div>
        }
    });
    let wrong = form.problem_of(id).is_some();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label" for=id>{label(about, attribute)}</label>
            {hint}
            <FieldError field=id form=form.clone()/>
            <select class="nhsuk-select" class=("nhsuk-select--error", wrong) id=id name=id aria-describedby=described(form, attribute, required)>
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// The IDs of what describes a field: its hint, what is wrong with it, what somebody else made of it.
fn described(form: &FormState, attribute: Attribute, has_hint: bool) -> Option<String> {
    let id = attribute.slug();
    let parts = [
        (has_hint, "hint"),
        (form.problem_of(id).is_some(), "error"),
        (form.moved(attribute).is_some(), "moved"),
    ];
    let said = parts.iter().filter(|(there, _)| *there);
    let ids: Vec<_> = said.map(|(_, part)| format!("{id}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
