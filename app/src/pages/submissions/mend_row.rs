//! One row of an uploaded file with all its cells, to be fixed; and what is decided about it as a whole.

use domain::{
    problem::Place,
    values::ids::{RowNumber, SubmissionId},
};
use gate::{GateError, cells_to_mend, seen};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::fixing::row_of,
    components::{
        error_summary::ErrorSummary,
        mending::{Back, CellField, SurplusField},
        problems::Problems,
        row_decision::{DecideRow, DecisionForm},
    },
    forms::{BACK, FormState, SURPLUS},
    pages::asked_of,
    routes,
    visitor::Visitor,
};

/// The page.
#[component]
pub fn MendRowPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let named = use_params_map().get_untracked();
    let named = (
        named.get("id").unwrap_or_default(),
        named.get("row").unwrap_or_default(),
    );
    let query = use_query_map().get_untracked();
    let back: Vec<_> = BACK
        .into_iter()
        .map(|name| (name, query.get(name).unwrap_or_default()))
        .collect();
    asked_of(named.0.clone(), async move {
        let id = SubmissionId::parse(&named.0).ok_or(GateError::NotFound)?;
        let number = RowNumber(named.1.parse().map_err(|_| GateError::NotFound)?);
        let (submission, row) = visitor.visit()?.row_to_mend(&id, number).await?;
        let error = if form.is_sound() { "" } else { "Error: " };
        let cells = cells_to_mend(&submission, &row);
        let (seen, back_again) = (seen(&submission), back.clone());
        let layout = submission.layout;
        let fields = cells
            .iter()
            .copied()
            .map(|attribute| {
                view! { <CellField row=row.clone() attribute layout=layout.clone() others=None alone=form.clone()/> }
            })
            .collect_view();
        // A problem of the whole row has no field to stand at.
        let problems = row.planned.step.problems().iter().chain(&row.planned.warnings);
        let has_no_field = |place: &Place| place.attribute().is_none_or(|attribute| !cells.contains(&attribute));
        let elsewhere: Vec<_> = problems
            .filter(|problem| has_no_field(&problem.place))
            .cloned()
            .collect();
        let rows = routes::with_query(
            &routes::submission(&id),
            &back
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect::<Vec<_>>(),
        );
        Ok(view! {
            <Title text=format!("{error}Row {number}: {}", submission.file_name)/>
            <a class="nhsuk-back-link" href=format!("{rows}#rows")>{submission.file_name.clone()}</a>
            <ErrorSummary form=form.clone()/>
            <h1><span class="nhsuk-caption-l app-break">{submission.file_name.clone()}</span> " Fix row " {number.to_string()}</h1>
            <p>"What you enter here is used instead of the file’s values. Nothing is applied yet."</p>
            <Problems problems=elsewhere layout=layout.clone()/>
            <form class="app-sheet" method="post" action=row_of(&id, number) novalidate>
                <Back back/>
                {fields}
                <SurplusField row=row.clone() id=SURPLUS.to_owned()/>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Check this row again"</button>
            </form>
            <DecisionForm seen back=back_again.clone()/>
            <DecideRow row id=id.clone() back=back_again/>
        })
    })
}
