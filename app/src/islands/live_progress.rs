//! A progress bar that moves by itself, and shows the next page when there is one.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// `source` sends `done/all` while it moves and `done` at the end; without one the bar stands still. The page as rendered
/// is right at its moment. `what` are the things counted: rows, people.
#[island]
pub fn LiveProgress(source: String, label: String, what: String, done: u32, all: u32) -> impl IntoView {
    let at = RwSignal::new((done, all));
    Effect::new(move |_| {
        if !source.is_empty() {
            follow(&source, at);
        }
    });
    let share = move || {
        let (done, all) = at.get();
        format!("{done} of {all} {what}")
    };
    view! {
        <div class="app-progress">
            <label class="app-progress__label" for="progress">{label}</label>
            <progress class="app-progress__bar" id="progress" max=move || at.get().1.max(1) value=move || at.get().0></progress>
            <p class="app-progress__note" role="status">{share}</p>
        </div>
    }
}

fn follow(source: &str, at: RwSignal<(u32, u32)>) {
    let Ok(events) = EventSource::new(source) else { return };
    let stream = events.clone();
    let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if text == "done" {
            stream.close();
            let _ = window().location().reload();
        } else if let Some((done, all)) = text.split_once('/') {
            at.set((done.parse().unwrap_or_default(), all.parse().unwrap_or_default()));
        }
    });
    events.set_onmessage(Some(told.as_ref().unchecked_ref()));
    // The page lives as long as the stream does.
    told.forget();
}
