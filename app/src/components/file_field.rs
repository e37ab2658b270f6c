//! The form that takes a file: on the page for uploads, and right where a file could not be read.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    calls::{at, uploads::Upload},
    components::{error_summary::FieldError, field::Tied},
    forms::FormState,
};

/// A file field with its button. A file may be dropped on the field. Where there are scripts, with the size of the chosen file
/// and how far it has been sent. One on a page.
#[component]
pub fn FileForm(
    label: &'static str,
    button: &'static str,
    form: FormState,
    /// Where the file is posted to.
    #[prop(default = at::<Upload>())]
    action: &'static str,
) -> impl IntoView {
    let tied = Tied::to("file", &form).hinted(true);
    view! {
        <form class="app-sheet" method="post" action=action enctype="multipart/form-data" data-sends novalidate>
            <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong())>
                <label class="nhsuk-label nhsuk-label--m" for="file">{label}</label>
                <div class="nhsuk-hint" id="file-hint">
                    "A CSV file, or an Excel (.xlsx) or OpenDocument (.ods) spreadsheet. You can also drop it on the field. Nothing is changed until you have seen what each row will do."
                </div>
                <FieldError field="file" form/>
                <input
                    class="app-drop"
                    id="file"
                    name="file"
                    type="file"
                    accept=".csv,.txt,.xlsx,.ods,text/csv"
                    aria-describedby=tied.described()
                    aria-invalid=tied.invalid()
                />
                <p class="app-drop__chosen" aria-live="polite"></p>
            </div>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">{button}</button>
            <div class="app-progress" hidden>
                <label class="app-progress__label" for="sending"></label>
                <progress class="app-progress__bar" id="sending" max="1" value="0"></progress>
            </div>
        </form>
        <script type="module" nonce=use_nonce()>{include_str!("file_field.js")}</script>
    }
}
