//! The way of an uploaded file, for people who would rather look than read.

use leptos::prelude::*;

/// A step: its picture, its name, and what happens there.
type Step = (&'static str, &'static str, &'static str);

const STEPS: [Step; 4] = [
    (
        r#"<svg viewBox="0 0 48 48" width="48" height="48" focusable="false"><path d="M24 34V12M15 20l9-9 9 9M8 30v10h32V30" fill="none" stroke="currentColor" stroke-width="3"/></svg>"#,
        "Upload",
        "Send your staff list. Nothing changes yet.",
    ),
    (
        r#"<svg viewBox="0 0 48 48" width="48" height="48" focusable="false"><path d="M8 10h22M8 19h14M8 28h10" fill="none" stroke="currentColor" stroke-width="3"/><circle cx="30" cy="28" r="9" fill="none" stroke="currentColor" stroke-width="3"/><path d="M36 35l7 7" stroke="currentColor" stroke-width="3"/></svg>"#,
        "Review",
        "See what each row would do, and fix rows with problems.",
    ),
    (
        r#"<svg viewBox="0 0 48 48" width="48" height="48" focusable="false"><circle cx="24" cy="24" r="17" fill="none" stroke="currentColor" stroke-width="3"/><path d="M16 25l6 6 11-13" fill="none" stroke="currentColor" stroke-width="3"/></svg>"#,
        "Apply",
        "Confirm once. Good rows are applied, the others are rejected.",
    ),
    (
        r#"<svg viewBox="0 0 48 48" width="48" height="48" focusable="false"><path d="M12 6h16l9 9v27H12zM28 6v9h9M24 22v14M18 31l6 6 6-6" fill="none" stroke="currentColor" stroke-width="3"/></svg>"#,
        "Result",
        "Download the result, and the rows with problems to fix.",
    ),
];

/// The steps in their order, each with a picture. The words say all that the pictures do.
#[component]
pub fn WayOfAFile() -> impl IntoView {
    let step = |(icon, what, how): Step| {
        view! {
            <li class="app-way__step">
                <span class="app-way__icon" aria-hidden="true" inner_html=icon></span>
                <strong class="app-way__what">{what}</strong>
                <span class="app-way__how">{how}</span>
            </li>
        }
    };
    view! { <ol class="app-way">{STEPS.map(step).collect_view()}</ol> }
}
