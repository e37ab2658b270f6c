//! What is done with many accounts at once: the choice of it, and the ways to it.

use domain::{plan::RowKind, values::ids::SubmissionId};
use gate::ActKind;
use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
    routes,
    searches::people::EXPORT,
    words::counted,
};

/// The choice; what was chosen before is still chosen.
#[component]
pub fn ActField(acts: Vec<ActKind>, form: FormState) -> impl IntoView {
    let tied = Tied::to("act", &form);
    let said = form.value_of("act");
    let options = acts
        .into_iter()
        .map(|act| (act.slug(), act.name()))
        .chain([(EXPORT, "Download as a CSV file")]);
    let options = options
        .map(|(value, label)| view! { <option value=value selected=said == value>{label}</option> })
        .collect_view();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
            <label class="nhsuk-label nhsuk-u-font-weight-bold" for="act">"What should be done?"</label>
            <FieldError field="act" form/>
            <select
                class="nhsuk-select"
                class=("nhsuk-select--error", tied.is_wrong())
                id="act"
                name="act"
                aria-describedby=tied.described()
                aria-invalid=tied.invalid()
            >
                <option value="">"Choose"</option>
                {options}
            </select>
        </div>
    }
}

/// The ways on from a submission to what can be done with the accounts that it created, or updated.
#[component]
pub fn ActOn(id: SubmissionId, created: u32, updated: u32) -> impl IntoView {
    let way = |kind: RowKind, many: u32, what: &'static str| {
        (many > 0).then(|| {
            let label = format!("Change the {} {what}", counted(many, "account", "accounts"));
            view! { <li><a href=routes::act_on(&id, kind)>{label}</a></li> }
        })
    };
    let created = way(RowKind::Create, created, "just created");
    let updated = way(RowKind::Update, updated, "just updated");
    (created.is_some() || updated.is_some())
        .then(|| view! { <ul class="nhsuk-list nhsuk-list--bullet">{created} {updated}</ul> })
}
