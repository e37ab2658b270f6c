//! Saying what the columns of a file hold whose headings are those of no format.

use domain::{
    dictionary::Attribute, ids::SubmissionId, layout::column_letters, problem::in_sentence, submission::State,
};
use gate::{ColumnsAsked, GateError};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::error_summary::{ErrorSummary, FieldError},
    forms::{COLUMNS, FormState},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// The form: a line for each column, with the first cells in it and what it may hold.
#[component]
pub fn ColumnsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let asked = visitor.visit()?.columns(&id).await?;
        let title = match form.is_sound() {
            true => "What the columns hold",
            false => "Error: What the columns hold",
        };
        let needed: Vec<_> = asked
            .format
            .columns
            .iter()
            .filter(|column| column.required)
            .map(|column| in_sentence(column.attribute))
            .collect();
        let (last, others) = needed
            .split_last()
            .map_or(("", &[][..]), |(last, others)| (last.as_str(), others));
        let needed = format!("{} and {last}", others.join(", "));
        let lines = lines(&asked, &form);
        let again = (asked.submission.state == State::Planned)
            .then(|| view! { <p>"The file is read afresh: cells that you have mended in the page go back to what the file has."</p> });
        let layout = &asked.submission.layout;
        let is_blanked = asked.submission.state == State::Planned && layout.position(Attribute::Password).is_some();
        let blanked = is_blanked.then(|| {
            view! { <p>"The column that was read as passwords is empty now: passwords are not kept. New accounts get an activation link. To give passwords after all, upload the file again."</p> }
        });
        let wrong = form.problem_of(COLUMNS).is_some();
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::submission(&id)>{asked.submission.file_name.clone()}</a>
            <ErrorSummary form=form.clone()/>
            <h1><span class="nhsuk-caption-l app-break">{asked.submission.file_name.clone()}</span> " What the columns hold"</h1>
            <p class="nhsuk-lede-text">"Choose what each column of your file holds. What you leave out is not read."</p>
            <p>"There must be a column for " {needed} ". Files with the same headings are read the same way from now on, for everybody in your organisation."</p>
            {again}
            {blanked}
            <form class="app-sheet" id=COLUMNS tabindex="-1" method="post" action=routes::submission_part(&id, "columns") novalidate>
                <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
                    <FieldError field=COLUMNS form/>
                    <table class="app-people" role="table">
                        <caption class="app-people__caption nhsuk-u-visually-hidden">"The columns of your file"</caption>
                        <thead role="rowgroup">
                            <tr role="row">
                                <th role="columnheader" scope="col">"Column"</th>
                                <th role="columnheader" scope="col">"First cells"</th>
                                <th role="columnheader" scope="col">"It holds"</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{lines}</tbody>
                    </table>
                </div>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Read the file so"</button>
            </form>
        })
    })
}

fn lines(asked: &ColumnsAsked, form: &FormState) -> Vec<AnyView> {
    let said = form.value_of(COLUMNS);
    let said: Vec<_> = said.split(',').collect();
    let offered: Vec<_> = asked.format.columns.iter().map(|column| column.attribute).collect();
    let columns = asked.layout.columns.iter().enumerate();
    columns
        .map(|(place, (heading, held))| {
            let held = match form.is_sound() {
                true => *held,
                false => said.get(place).and_then(|slug| Attribute::from_slug(slug)),
            };
            let letters = column_letters(place);
            let heading = match heading.as_str() {
                "" => "No heading".to_owned(),
                heading => heading.to_owned(),
            };
            let cells: Vec<_> = asked
                .samples
                .iter()
                .filter_map(|cells| cells.get(place))
                .filter(|cell| !cell.is_empty())
                .cloned()
                .collect();
            let cells = if cells.is_empty() { "Nothing in the first rows".to_owned() } else { cells.join(", ") };
            let name = format!("column-{place}");
            let option = |attribute: Attribute| {
                view! { <option value=attribute.slug() selected=held == Some(attribute)>{attribute.name()}</option> }
            };
            let options = offered.iter().copied().map(option).collect_view();
            view! {
                <tr role="row">
                    <th scope="row" role="rowheader" class="app-break">
                        <span class="app-people__name">{heading.clone()}</span> " "
                        <span class="app-people__address">"Column " {letters.clone()}</span>
                    </th>
                    <td role="cell" data-label="First cells" class="app-break">{cells}</td>
                    <td role="cell" data-label="It holds">
                        <select class="nhsuk-select" name=name aria-label=format!("What column {letters}, {heading}, holds")>
                            <option value="">"Leave this column out"</option>
                            {options}
                        </select>
                    </td>
                </tr>
            }
            .into_any()
        })
        .collect()
}
