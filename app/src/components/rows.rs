//! The rows of a review: what each will do, or what became of it.

use domain::{dictionary::Attribute, layout::Layout, plan::Step, submission::Outcome};
use gate::Row;
use leptos::prelude::*;

use crate::{
    components::{
        changes::{Changes, Given},
        problems::Problems,
        tags,
    },
    routes,
};

/// The page's rows.
#[component]
pub fn Rows(rows: Vec<Row>, layout: Layout) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(move |row| view! { <RowCard row layout=layout.clone()/> })
        .collect_view();
    view! { <ol class="app-rows">{rows}</ol> }
}

#[component]
fn RowCard(row: Row, layout: Layout) -> impl IntoView {
    let number = row.planned.row;
    let (kind, outcome) = (row.planned.step.kind(), row.outcome);
    let name = match row.planned.name.as_str() {
        "" => "No name".to_owned(),
        name => name.to_owned(),
    };
    let is_person = !matches!(row.planned.step, Step::FoundOrganisation { .. });
    let is_contact = row.planned.step.is_about_a_contact();
    let path = |id: &domain::ids::AccountId| if is_contact { routes::contact(id) } else { routes::account(id) };
    let person = row.subject.filter(|_| is_person).map(|id| path(&domain::ids::AccountId(id)));
    let name = match person {
        Some(href) => view! { <a class="app-row__name" href=href>{name}</a> }.into_any(),
        None => view! { <span class="app-row__name">{name}</span> }.into_any(),
    };
    let warnings = row.planned.warnings.clone();
    let warned = (!warnings.is_empty() && outcome != Outcome::Done)
        .then(|| view! { <Problems problems=warnings layout=layout.clone() warning=true/> });
    view! {
        <li class=format!("app-row app-row--{}", tags::row_style(kind, outcome)) id=format!("row-{number}")>
            <span class="app-row__place">"Row " {number.to_string()}</span>
            <div class="app-row__who">
                {name}
                " "
                <span class="app-row__address">{address(&row)}</span>
            </div>
            {tags::row(kind, outcome)}
            <div class="app-row__what">{warned} {what(row, layout)}</div>
        </li>
    }
}

/// The address that a new account gets, or was given.
fn address(row: &Row) -> String {
    let given = row.address.clone();
    given
        .or_else(|| {
            row.planned
                .step
                .new_address()
                .map(|address| address.as_str().to_owned())
        })
        .unwrap_or_default()
}

fn what(row: Row, layout: Layout) -> AnyView {
    match row.planned.step {
        Step::LeaveOut { problems } => view! { <Problems problems layout/> }.into_any(),
        Step::UpdateAccount { changes, .. } => view! { <Changes changes/> }.into_any(),
        Step::CreateAccount {
            organisation,
            attributes,
            with_password,
        } => {
            let telling =
                [Attribute::LocalId, Attribute::JobTitle, Attribute::Unit].map(|telling| attributes.text(telling));
            let told = telling
                .into_iter()
                .filter(|text| !text.is_empty())
                .fold(organisation.to_string(), |told, text| told + ", " + text);
            let values = attributes
                .iter()
                .map(|(attribute, value)| (attribute, value.clone()))
                .collect();
            let password = with_password.then(|| view! { <p>"With a one-time password from the file."</p> });
            view! {
                <p>"New account: " {told}</p>
                <details class="nhsuk-details">
                    <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Details"</span></summary>
                    <div class="nhsuk-details__text"><Given values/> {password}</div>
                </details>
            }
            .into_any()
        }
        Step::Nothing { .. } => view! { <p>"It is so already."</p> }.into_any(),
        step => view! { <p>{crate::components::doing::doing(&step)}</p> }.into_any(),
    }
}
