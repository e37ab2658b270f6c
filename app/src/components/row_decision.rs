//! Deciding on one row of an uploaded file: it is skipped, it is included, or it is about somebody who is already here. The
//! buttons of all rows belong to one form, and each posts it to its own row: a page of many rows says only once what is the
//! same for all.

use domain::{
    dictionary::Attribute,
    plan::RowKind,
    problem::{Kind, Problem},
    request::Decision,
    values::ids::SubmissionId,
};
use gate::{Row, RowDecision, cells_of, key_asked_for};
use leptos::prelude::*;

use crate::{
    calls::fixing::row_of,
    components::{breakable::Breakable, mending::Back},
    forms::{DECIDE, SEEN, was},
};

/// The form that the rows' buttons belong to.
const FORM: &str = "decisions";

/// People for whom a row may stand that are offered by one press.
const MOST_OFFERED: usize = 3;

/// What can be decided about the row; nothing where it changes nothing.
#[component]
pub fn DecideRow(
    row: Row,
    id: SubmissionId,
    /// The query of the page to come back to.
    back: Vec<(&'static str, String)>,
) -> impl IntoView {
    let kind = row.planned.step.kind();
    let is_asked = row.planned.is_asked_about(&row.request);
    let offered: &[RowDecision] = match kind {
        RowKind::NoChange | RowKind::Kept => return ().into_any(),
        RowKind::Skipped => &[RowDecision::Include],
        RowKind::Create | RowKind::Update if is_asked => &[RowDecision::Include, RowDecision::Skip],
        RowKind::Create | RowKind::Update | RowKind::Problem => &[RowDecision::Skip],
    };
    let number = row.planned.row;
    let action = row_of(&id, number);
    let buttons = offered
        .iter()
        .map(|decision| {
            let label = match decision {
                RowDecision::Skip => "Skip this row",
                RowDecision::Include => "Include this row",
            };
            view! {
                <button
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-bottom-1"
                    form=FORM
                    formaction=action.clone()
                    name=DECIDE
                    value=decision.slug()
                    aria-label=format!("{label}: row {number}")
                >
                    {label}
                </button>
            }
        })
        .collect_view();
    let is_included = matches!(
        cells_of(&row.request).and_then(|cells| cells.decision.as_ref()),
        Some(Decision::Include { .. })
    );
    let included = (is_included && !is_asked && row.planned.questions().next().is_some())
        .then(|| view! { <p>"You chose to include this row."</p> });
    let same = is_asked.then(|| {
        let offered = row.planned.warnings.iter().filter_map(same_person).take(MOST_OFFERED);
        offered
            .map(|(attribute, key, label)| {
                let had = cells_of(&row.request).map_or("", |cells| cells.text(attribute)).to_owned();
                view! {
                    <form class="app-actions__form" method="post" action=action.clone()>
                        <Back back=back.clone()/>
                        <input type="hidden" name=was(attribute) value=had/>
                        <input type="hidden" name=attribute.slug() value=key/>
                        <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-bottom-1">
                            <Breakable text=label/> <span class="nhsuk-u-visually-hidden">": row " {number.to_string()}</span>
                        </button>
                    </form>
                }
            })
            .collect_view()
    });
    view! {
        {included}
        <div class="app-actions">
            {same} {buttons}
        </div>
    }
    .into_any()
}

/// What every decision on a row says besides, once a page that has any.
#[component]
pub fn DecisionForm(
    /// The plan that is shown: a decision counts only for that.
    seen: i64,
    /// The query of the page to come back to.
    back: Vec<(&'static str, String)>,
) -> impl IntoView {
    view! {
        <form method="post" id=FORM>
            <Back back/>
            <input type="hidden" name=SEEN value=seen.to_string()/>
        </form>
    }
}

/// The cell and its text that make a row be about the person of a warning, and how that is offered.
fn same_person(warning: &Problem) -> Option<(Attribute, String, String)> {
    let attribute = key_asked_for(warning)?;
    let Kind::LooksLike {
        name,
        local_id,
        address,
        ..
    } = &warning.kind
    else {
        return None;
    };
    let (key, known_as) = match attribute {
        Attribute::LocalId => (local_id, format!("local ID {local_id}")),
        _ => (address, address.clone()),
    };
    Some((attribute, key.clone(), format!("This is {name}, {known_as}")))
}
