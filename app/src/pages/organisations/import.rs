//! The form that imports a file of organisations, with what such a file holds.

use formats::About;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    calls::{at, uploads::ImportOrganisations},
    components::{error_summary::ErrorSummary, file_field::FileForm},
    forms::FormState,
    pages::{asked, submissions::formats::FormatSection},
    routes,
    visitor::Visitor,
};

/// The form; only for those who manage organisations.
#[component]
pub fn NewImportPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        visitor.visit()?.manages_organisations().await?;
        let title = if form.is_sound() {
            "Import organisations"
        } else {
            "Error: Import organisations"
        };
        let gate = visitor.gate.clone();
        let formats = gate.formats().about(About::Organisations);
        let formats = formats
            .iter()
            .map(|format| {
                let sample = routes::ORGANISATIONS_SAMPLE.to_owned();
                view! { <FormatSection format=format.clone() rules=gate.rules().clone() sample/> }
            })
            .collect_view();
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::ORGANISATIONS>"Organisations"</a>
            <ErrorSummary form=form.clone()/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1>"Import organisations"</h1>
                <FileForm label="Organisations" button="Upload and check" action={at::<ImportOrganisations>()} form/>
                <h2>"What happens next"</h2>
                <ol>
                    <li>"Each row is checked, and you see what it will do."</li>
                    <li>"You apply the good rows with one button, all at once, or discard the file."</li>
                    <li>"Rows with problems are rejected. You get them back in a file."</li>
                </ol>
                <p>"An empty cell keeps what is there. Sites and units are added, never removed. A file cannot move an organisation, or close one that has people."</p>
            </div></div>
            {formats}
        })
    })
}
