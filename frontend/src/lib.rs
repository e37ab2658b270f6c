//! Wakes, in the browser, the islands that the server rendered. Nothing else: pages and components live in `app`.

// Islands are looked up by name when the page has loaded, so no Rust code calls them: without this line they are not
// linked at all, and every one of them stays asleep without an error.
use app as _;

/// Called by the page's script as soon as the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
