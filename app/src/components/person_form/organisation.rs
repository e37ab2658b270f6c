//! Which organisation a new person is for, where there are several to choose from.

use domain::{dictionary::Attribute, organisation::Organisation};
use leptos::prelude::*;

use crate::{
    components::{
        field::{Group, Keys, TextField, Tied},
        place_fields::OrganisationField,
    },
    forms::{FROM, FormState, Subject},
};

/// As many organisations as are shown side by side; more of them make a list to open.
pub const SIDE_BY_SIDE: usize = 8;

/// The field for an organisation's code, which is quicker than a long list for those who know it.
pub const CODE: &str = "code";

/// Says that the question was answered, if only by silence.
pub const ASKED: &str = "asked";

/// The question. It goes on by its address, so that the form behind it can be kept as a bookmark.
#[component]
pub fn OrganisationChoice(subject: Subject, open: Vec<Organisation>, form: FormState) -> impl IntoView {
    let id = Attribute::Organisation.slug();
    let from = form.value_of(FROM);
    let from = (!from.is_empty()).then(|| view! { <input type="hidden" name=FROM value=from/> });
    let choice = if open.len() > SIDE_BY_SIDE {
        let chosen = form.value_of(id);
        view! {
            <OrganisationField label="Organisation" organisations=open chosen form=form.clone()/>
            <TextField
                field=CODE
                label="Or enter its code"
                hint="The ODS code, like G7H8J. It is used instead of the choice above."
                keys=Keys::Code
                width="nhsuk-input--width-10"
                form
            />
        }
        .into_any()
    } else {
        side_by_side(open, &form)
    };
    view! {
        <form class="app-sheet" method="get" action=subject.form() novalidate>
            {from}
            {choice}
            <button class="nhsuk-button nhsuk-u-margin-bottom-0" name=ASKED value="yes">"Continue"</button>
        </form>
    }
}

fn side_by_side(open: Vec<Organisation>, form: &FormState) -> AnyView {
    let id = Attribute::Organisation.slug();
    let invalid = Tied::to(id, form).invalid();
    let chosen = form.value_of(id);
    let radio = |(place, organisation): (usize, Organisation)| {
        let own = if place == 0 {
            id.to_owned()
        } else {
            format!("{id}-{place}")
        };
        let code = organisation.code.to_string();
        let is_chosen = code == chosen;
        let words = format!("{} ({code})", organisation.name);
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=own.clone() name=id type="radio" value=code checked=is_chosen aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=own>{words}</label>
            </div>
        }
    };
    let radios = open.into_iter().enumerate().map(radio).collect_view();
    view! {
        <Group field=id legend="Organisation" look="nhsuk-u-visually-hidden" form=form.clone()>
            <div class="nhsuk-radios">{radios}</div>
        </Group>
    }
    .into_any()
}
