//! What is chosen rather than typed: yes or no, values of a list, a site or unit of the organisation.

use domain::dictionary::Attribute;
use leptos::prelude::*;

use super::about::{About, label};
use crate::{
    components::{
        error_summary::FieldError,
        field::{TickBox, Tied},
        select_field::options,
    },
    forms::{FormState, Need},
};

/// One box to tick.
pub(super) fn yes_or_no(form: &FormState, attribute: Attribute) -> AnyView {
    let id = attribute.slug();
    let words = match attribute {
        Attribute::HideMobile => "Keep the mobile number out of the address book",
        other => other.name(),
    };
    let checked = form.value_of(id) == "yes";
    let note = form.moved(attribute).map(|_| format!("{id}-moved"));
    view! { <TickBox field=id label=words checked small=true note form=form.clone()/> }.into_any()
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
    let tied = tied(form, attribute).hinted(true);
    let (wrong, invalid) = (tied.is_wrong(), tied.invalid());
    let name = Need::of(attribute, about.subject, about.whole).label(attribute.name());
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
                <input class="nhsuk-checkboxes__input" id=own.clone() name=id type="checkbox" value=entry.clone() checked=ticked aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-checkboxes__label" for=own>{entry}</label>
            </div>
        }
    };
    let items = list.into_iter().enumerate().map(item).collect_view();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <details class="nhsuk-details app-choices" open=open>
                <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{name.clone()}</span></summary>
                <div class="nhsuk-details__text">
                    <fieldset class="nhsuk-fieldset" aria-describedby=tied.described()>
                        <legend class="nhsuk-fieldset__legend nhsuk-u-visually-hidden">{name}</legend>
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
    let tied = tied(form, attribute).hinted(required);
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label" for=id>{label(about, attribute)}</label>
            {hint}
            <FieldError field=id form=form.clone()/>
            <select
                class="nhsuk-select"
                class=("nhsuk-select--error", tied.is_wrong())
                id=id
                name=id
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// A field, tied to what somebody else made of it as well.
fn tied(form: &FormState, attribute: Attribute) -> Tied {
    let id = attribute.slug();
    Tied::to(id, form).noted(form.moved(attribute).map(|_| format!("{id}-moved")))
}
