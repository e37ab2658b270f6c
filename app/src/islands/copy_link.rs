//! A button that copies a link, for those who pass it on. Without JavaScript, and where the browser lets no page copy, there
//! is none: the link itself stands above it.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::{JsValue, closure::Closure};

/// What is said once the link is copied.
const COPIED: &str = "Copied.";

/// What is said where the browser would not have it.
const NOT_COPIED: &str = "It could not be copied. Select the link, and copy it by hand.";

/// The button, and what came of it.
#[island]
pub fn CopyLink(link: String) -> impl IntoView {
    let (awake, told) = (RwSignal::new(false), RwSignal::new(""));
    let link = StoredValue::new(link);
    // Effects run in the browser only; a browser lets pages copy that came over a connection it trusts.
    Effect::new(move |_| awake.set(window().is_secure_context()));
    let copy = move |_: MouseEvent| {
        let copied = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| told.set(COPIED));
        let refused = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| told.set(NOT_COPIED));
        let clipboard = window().navigator().clipboard();
        let _ = link
            .with_value(|link| clipboard.write_text(link))
            .then2(&copied, &refused);
        // They are called once, in a moment, and the page is soon left.
        copied.forget();
        refused.forget();
    };
    let button = move || {
        awake.get().then(|| view! {
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-copy__button" type="button" on:click=copy>
                "Copy the link"
            </button>
        })
    };
    view! {
        <div class="app-copy">
            {button}
            <p class="app-copy__told" role="status">{move || told.get()}</p>
        </div>
    }
}
