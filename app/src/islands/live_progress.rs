//! A progress bar that moves by itself, and shows the next page when there is one.

use domain::values::numbers::{pace, thousands};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// `source` sends `done/all` while it moves and `done` at the end; without one the bar stands still. The page as rendered
/// is right at its moment, `pace` with it. `what` are the things counted: rows, people. Those who hear the page are told now
/// and then, not with every move.
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
    let heard = RwSignal::new(None::<(u32, f64)>);
    Effect::new(move |_| {
        if !source.is_empty() {
            follow(&source, at, pace, heard);
        }
    });
    let share = move || {
        let (done, all) = at.get();
        let pace = pace.get().map(|pace| format!(": {pace}")).unwrap_or_default();
        format!("{} of {} {what}{pace}", thousands(done), thousands(all))
    };
    let told = move || heard.get().map(|(percent, _)| format!("{percent}%"));
    view! {
        <div class="app-progress">
            <label class="app-progress__label" for="progress">{label}</label>
            <progress class="app-progress__bar" id="progress" max=move || at.get().1.max(1) value=move || at.get().0></progress>
            <p class="app-progress__note">{share}</p>
            <p class="nhsuk-u-visually-hidden" role="status">{told}</p>
        </div>
    }
}

/// So many percent further, or so many milliseconds later, it is told again.
const TOLD_AGAIN: (u32, f64) = (10, 10_000.0);

/// `heard` is what was told last, and when.
fn follow(source: &str, at: RwSignal<(u32, u32)>, told: RwSignal<Option<String>>, heard: RwSignal<Option<(u32, f64)>>) {
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
            let now = js_sys::Date::now();
            let percent = (u64::from(done) * 100 / u64::from(all.max(1))) as u32;
            let is_due = heard.get_untracked().is_none_or(|(said, since)| {
                percent >= said + TOLD_AGAIN.0 || (percent != said && now - since >= TOLD_AGAIN.1)
            });
            if is_due {
                heard.set(Some((percent, now)));
            }
            let passed = (now - began) as i64;
            if let Some(pace) = pace(done.saturating_sub(before), passed, all.saturating_sub(done)) {
                told.set(Some(pace));
            }
        }
    });
    events.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // The page lives as long as the stream does.
    hear.forget();
}
