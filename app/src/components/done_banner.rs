//! What came of the last thing that was done. It takes the focus, as the summary of errors does: those who hear the page or
//! see a part of it are told first, with JavaScript and without.

use leptos::prelude::*;

/// Something was done.
#[component]
pub fn DoneBanner(
    /// What, in a sentence.
    #[prop(into)]
    said: String,
) -> impl IntoView {
    view! {
        <div
            class="nhsuk-notification-banner nhsuk-notification-banner--success"
            role="alert"
            aria-labelledby="done"
            tabindex="-1"
            autofocus
        >
            <div class="nhsuk-notification-banner__header">
                <h2 class="nhsuk-notification-banner__title" id="done">"Done"</h2>
            </div>
            <div class="nhsuk-notification-banner__content">
                <p class="nhsuk-notification-banner__heading">{said}</p>
            </div>
        </div>
    }
}

/// Nothing was done, because nothing was to be done.
#[component]
pub fn NothingDone(
    /// Why, in a sentence.
    said: &'static str,
) -> impl IntoView {
    view! { <div class="nhsuk-inset-text" role="status" tabindex="-1" autofocus><p>{said}</p></div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_takes_the_focus_with_and_without_scripts() {
        let html = view! { <DoneBanner said="The token is revoked."/> }.to_html();
        for said in [
            r#"role="alert""#,
            r#"aria-labelledby="done""#,
            r#"tabindex="-1""#,
            " autofocus",
            "The token is revoked.",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
    }
}
