//! A progress bar that moves by itself, and shows the next page when there is one.

use domain::numbers::{pace, thousands};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// `source` sends `done/all` while it moves and `done` at the end; without one the bar stands still. The page as rendered
/// is right at its moment, `pace` with it. `what` are the things counted: rows, people.
#[island]
pub fn LiveProgress(
    source: String,
    label: String,
    what: String,
    done: u32,
    all: u32,
    #[prop(optional_no_strip)] pace: Option<String>,
) -> impl IntoView {
    let at = RwSignal::new((done, all));
    let pace = RwSignal::new(pace);
    Effect::new(move |_| {
        if !source.is_empty() {
            follow(&source, at, pace);
        }
    });
    let share = move || {
        let (done, all) = at.get();
        let pace = pace.get().map(|pace| format!(": {pace}")).unwrap_or_default();
        format!("{} of {} {what}{pace}", thousands(done), thousands(all))
    };
    view! {
        <div class="app-progress">
            <label class="app-progress__label" for="progress">{label}</label>
            <progress class="app-progress__bar" id="progress" max=move || at.get().1.max(1) value=move || at.get().0></progress>
            <p class="app-progress__note" role="status">{share}</p>
        </div>
    }
}

fn follow(source: &str, at: RwSignal<(u32, u32)>, told: RwSignal<Option<String>>) {
    let (before, began) = (at.get_untracked().0, js_sys::Date::now());
    let Ok(events) = EventSource::new(source) else { return };
    let stream = events.clone();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if text == "done" {
            stream.close();
            let _ = window().location().reload();
        } else if let Some((done, all)) = text.split_once('/') {
            let (done, all): (u32, u32) = (done.parse().unwrap_or_default(), all.parse().unwrap_or_default());
            at.set((done, all));
            let passed = (js_sys::Date::now() - began) as i64;
            if let Some(pace) = pace(done.saturating_sub(before), passed, all.saturating_sub(done)) {
                told.set(Some(pace));
            }
        }
    });
    events.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // The page lives as long as the stream does.
    hear.forget();
}
