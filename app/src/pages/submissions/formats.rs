//! What a file must look like: every column of every format, from the dictionary, with a sample to begin from.

use domain::{dictionary::Attribute, request::CLEAR, rules::Rules};
use formats::{Format, FormatColumn};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::table::{Column, Row, Table},
    pages::asked,
    routes,
    visitor::Visitor,
};

/// The formats in use.
#[component]
pub fn FormatsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    asked(async move {
        visitor.visit()?;
        let gate = visitor.gate.clone();
        let formats = gate
            .formats()
            .iter()
            .map(|format| view! { <FormatSection format=format.clone() rules=gate.rules().clone() sample=routes::sample(&format.name)/> })
            .collect_view();
        let lists = [Attribute::ClinicalSpecialty, Attribute::Role, Attribute::WorkArea];
        let lists = lists.map(|attribute| {
            let values = attribute.choices(gate.rules()).cloned().unwrap_or_default();
            view! {
                <details class="nhsuk-details" id=format!("list-{}", attribute.name().to_lowercase().replace(' ', "-"))>
                    <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{attribute.name()} ": " {values.len()} " values"</span></summary>
                    <div class="nhsuk-details__text"><ul>{values.into_iter().map(|value| view! { <li>{value}</li> }).collect_view()}</ul></div>
                </details>
            }
        }).collect_view();
        Ok(view! {
            <Title text="What a file must look like"/>
            <h1>"What a file must look like"</h1>
            <p class="nhsuk-lede-text">"One person in each row, with headings in the first row. The columns can be in any order. Capitals and spaces in headings do not matter."</p>
            <h2>"How a row is matched to a person"</h2>
            <ul>
                <li>"By ID; if there is none, by local ID; then by email address. A row that matches nobody creates an account."</li>
                <li>"An empty cell keeps what is there. To empty something, write " <strong>{CLEAR}</strong> " in its cell."</li>
                <li>"A file never moves people between organisations, deletes them or makes them leavers at once. It can set a later day on which a person leaves."</li>
            </ul>
            {formats}
            <h2>"Values to choose from"</h2>
            {lists}
        })
    })
}

/// A format: its columns, and a sample to take away.
#[component]
pub(crate) fn FormatSection(format: Format, rules: Rules, sample: String) -> impl IntoView {
    let separator = format.separator;
    let rows = format
        .columns
        .iter()
        .map(|column| row(column, separator, &rules))
        .collect();
    let columns = ["Heading", "What to put there", "Needed", "Most characters"];
    let caption = format!("Columns of the {}", format.title.to_lowercase());
    view! {
        <section>
            <h2 id=format!("format-{}", format.name)>{format.title.clone()}</h2>
            <p>{format.summary.clone()}</p>
            <p><a href=sample download>"Download a sample: " {format.title.to_lowercase()}</a></p>
            <Table caption shows_caption=true columns=columns.map(Column::Named).to_vec() rows/>
        </section>
    }
}

fn row(column: &FormatColumn, separator: char, rules: &Rules) -> Row {
    let attribute = column.attribute;
    let (entry, guide) = (attribute.entry(), attribute.guide());
    let has_many = attribute.is_many() || matches!(attribute, Attribute::Sites | Attribute::Units);
    let many = has_many.then(|| format!(" Part several with {separator}"));
    let example = (!guide.example.is_empty()).then(|| format!(" For example: {}.", guide.example));
    let domain =
        (attribute == Attribute::EmailAddress).then(|| format!(" It must be at {}.", rules.mail_domain.as_str()));
    let needed = match (column.required, entry.required) {
        _ if attribute == Attribute::Code => "In every row",
        _ if attribute == Attribute::Name => "For new organisations",
        (true, true) => "Heading always; a value for new people",
        (true, false) => "Heading always; the cell may be empty",
        (false, true) => "A value for new people",
        (false, false) => "No",
    };
    vec![
        view! { <span class="app-people__name app-break">{column.heading.clone()}</span> }.into_any(),
        view! { {guide.hint} {domain} {example} {many} }.into_any(),
        needed.into_any(),
        entry.limit.into_any(),
    ]
}
