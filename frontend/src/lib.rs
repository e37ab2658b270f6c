//! Wakes, in the browser, the islands that the server rendered. Nothing else: pages and components live in `app`.

use std::time::Duration;

// Islands are looked up by name when the page has loaded, so no Rust code calls them: without this line they are not
// linked at all, and every one of them stays asleep without an error.
use app as _;
use leptos::leptos_dom::helpers::{document, set_timeout};
use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlInputElement};

/// Called by the page's script as soon as the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    // Their effects run once this has returned, and listen from then on.
    set_timeout(tell_what_was_typed, Duration::ZERO);
}

/// Islands sleep while the module loads, and who types meanwhile would not be heard.
fn tell_what_was_typed() {
    let focused = document().active_element();
    let Some(input) = focused.and_then(|focused| focused.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    if input.value() == input.default_value() {
        return;
    }
    let bubbling = EventInit::new();
    bubbling.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &bubbling) {
        let _ = input.dispatch_event(&event);
    }
}
