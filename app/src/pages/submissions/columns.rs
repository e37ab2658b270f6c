//! Saying which part of a file is read, what its columns hold, what every row has, and what the file's texts mean.

mod part;
mod places;

use domain::{
    dictionary::Attribute,
    layout::{Part, column_letters},
    submission::State,
    values::ids::{RowNumber, SubmissionId},
};
use gate::{ColumnsAsked, GateError, LookingAt, NEEDED};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    part::ChoosePart,
    places::{ForAll, Meanings},
};
use crate::{
    calls::{
        about,
        columns::{ChooseColumns, read},
    },
    components::{
        error_summary::{ErrorSummary, FieldError},
        field::Tied,
        table::{Column, Row, Table},
    },
    forms::{COLUMNS, FormState, HEADINGS, SHEET, column_field},
    pages::asked_of,
    routes,
    visitor::Visitor,
};

/// The form: which sheet and which row, a line for each column, what every row has, a line for each text to be explained.
#[component]
pub fn ColumnsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let mut form = use_context::<FormState>().unwrap_or_default();
    if let Some(layout) = form.sent_late().map(read) {
        form.columns = Some(Box::new(layout));
    }
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let looking_at = match form.columns.clone() {
        Some(said) => LookingAt::Said(said),
        None => part_of_address(),
    };
    asked_of(id.clone(), async move {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let asked = visitor.visit()?.columns(&id, &looking_at).await?;
        let title = match form.is_sound() {
            true => "What the columns hold",
            false => "Error: What the columns hold",
        };
        let action = about::<ChooseColumns>(&id);
        let file_name = asked.submission.file_name.clone();
        let part = asked.layout.part.clone();
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::submission(&id)>{file_name.clone()}</a>
            <ErrorSummary form=form.clone()/>
            <h1><span class="nhsuk-caption-l app-break">{file_name}</span> " What the columns hold"</h1>
            <Beforehand asked=asked.clone()/>
            <ChoosePart asked=asked.clone() action=action.clone()/>
            <form class="app-sheet" method="post" action=action novalidate>
                {part.sheet.map(|sheet| view! { <input type="hidden" name=SHEET value=sheet/> })}
                {part.headings.map(|row| view! { <input type="hidden" name=HEADINGS value=row.to_string()/> })}
                <Columns asked=asked.clone() form=form.clone()/>
                <ForAll asked=asked.clone() form=form.clone()/>
                <Meanings asked form/>
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Check the file"</button>
            </form>
        })
    })
}

/// The part of the file that the address bar names.
fn part_of_address() -> LookingAt {
    let query = use_query_map().get_untracked();
    let part = Part {
        sheet: query.get(SHEET).filter(|sheet| !sheet.is_empty()),
        headings: query.get(HEADINGS).and_then(|row| row.parse().ok()).map(RowNumber),
    };
    match part.is_whole() {
        true => LookingAt::Likely,
        false => LookingAt::Part(part),
    }
}

/// What there is to know before anything is chosen.
#[component]
fn Beforehand(asked: ColumnsAsked) -> impl IntoView {
    let is_planned = asked.submission.state == State::Planned;
    let remembered = match asked.recognised.is_some() {
        true => {
            "Your choice of columns counts for this file only, because its headings match a file format. What you say about names is kept for the next file."
        }
        false => {
            "Your answers are kept. The next file with the same headings is read the same way, for everybody in your organisation."
        }
    };
    let again = is_planned.then(
        || view! { <p>"When you press “Check the file”, the file is read again. Cells that you fixed in the portal go back to the file’s values."</p> },
    );
    let is_blanked = is_planned && asked.submission.layout.position(Attribute::Password).is_some();
    let blanked = is_blanked.then(|| {
        view! { <p>"Passwords are not kept, so the password column is empty now. New accounts get an activation link instead. To use the passwords, upload the file again."</p> }
    });
    view! {
        <p class="nhsuk-lede-text">"Choose what each column of your file holds. Columns that you do not choose are not read."</p>
        <p>"Every row needs a first name and a last name, or both as a whole name, and an organisation. If no column holds the organisation, choose one for all rows, below the table."</p>
        <p>{remembered}</p>
        {again}
        {blanked}
    }
}

/// The table of columns.
#[component]
fn Columns(asked: ColumnsAsked, form: FormState) -> impl IntoView {
    let tied = Tied::to(COLUMNS, &form);
    let described = tied.described();
    let rows = rows(&asked, &form);
    let columns = ["Column", "Examples", "It holds"].map(Column::Named).to_vec();
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong()) id=COLUMNS tabindex="-1">
            <FieldError field=COLUMNS form/>
            <Table caption="The columns of your file" columns rows described/>
        </div>
    }
}

fn rows(asked: &ColumnsAsked, form: &FormState) -> Vec<Row> {
    let is_needed = |own: &Attribute| NEEDED.contains(own) || *own == Attribute::WholeName;
    let (needed, others): (Vec<_>, Vec<_>) = asked.format.offered().partition(is_needed);
    let columns = asked.layout.columns.iter().enumerate();
    columns
        .map(|(place, (heading, held))| {
            let held = *held;
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
            let cells = if cells.is_empty() {
                "Empty in the first rows".to_owned()
            } else {
                cells.join(", ")
            };
            let name = column_field(place);
            let warning = held.and_then(warning_about);
            let tied = Tied::to(&name, form).hinted(warning.is_some());
            let hint = format!("{name}-hint");
            let warned = warning.map(|warning| view! { <div class="nhsuk-hint" id=hint>{warning}</div> });
            let option = |attribute: Attribute| {
                view! { <option value=attribute.slug() selected=held == Some(attribute)>{words_of(attribute)}</option> }
            };
            let needed = needed.iter().copied().map(option).collect_view();
            let others = others.iter().copied().map(option).collect_view();
            let column = view! {
                <span class="app-people__name">{heading.clone()}</span> " "
                <span class="app-people__address">"Column " {letters.clone()}</span>
            };
            let choice = view! {
                <FieldError field=name.clone() form=form.clone()/>
                {warned}
                <select
                    class="nhsuk-select"
                    class=("nhsuk-select--error", tied.is_wrong())
                    id=name.clone()
                    name=name
                    aria-label=format!("What column {letters}, {heading}, holds")
                    aria-describedby=tied.described()
                    aria-invalid=tied.invalid()
                >
                    <option value="">"Do not read this column"</option>
                    <optgroup label="Needed">{needed}</optgroup>
                    <optgroup label="Other details">{others}</optgroup>
                </select>
            };
            let cells = view! { <span class="app-break">{cells}</span> };
            vec![column.into_any(), cells.into_any(), choice.into_any()]
        })
        .collect()
}

/// What a column may hold, as it is chosen: with who reads it, where that is more than those who manage the person.
fn words_of(attribute: Attribute) -> String {
    match attribute {
        Attribute::Notes => format!("{} (everybody can read them)", attribute.name()),
        other => other.name().to_owned(),
    }
}

/// What to know of a column that holds an attribute.
const fn warning_about(attribute: Attribute) -> Option<&'static str> {
    match attribute {
        Attribute::Notes => Some(
            "Notes are shown in the directory to everybody who signs in, in every organisation. Do not read this column if it holds anything private.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_notes_says_that_everybody_reads_them() {
        assert_eq!(words_of(Attribute::Notes), "Notes (everybody can read them)");
        assert!(warning_about(Attribute::Notes).is_some_and(|told| told.contains("everybody who signs in")));
        assert_eq!(words_of(Attribute::JobTitle), "Job title");
        assert_eq!(warning_about(Attribute::JobTitle), None);
    }
}
