//! What an attribute was and what it becomes.

use domain::{
    dictionary::{Attribute, Value},
    plan::Change,
};
use leptos::prelude::*;

/// Before → after, an attribute a line.
#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let line = |change: Change| {
        let (before, after) = (text(change.before), text(change.after));
        let (is_new, is_emptied) = (before.is_none(), after.is_none());
        view! {
            <div class="app-changes__item">
                <dt class="app-changes__attribute">{change.attribute.name()}</dt>
                <dd class="app-changes__values">
                    <span class="nhsuk-u-visually-hidden">"from "</span>
                    <del class="app-changes__before" class=("app-changes__before--empty", is_new)>{before.unwrap_or(NONE.into())}</del>
                    <span class="app-changes__arrow" aria-hidden="true">" → "</span>
                    <span class="nhsuk-u-visually-hidden">" to "</span>
                    <ins class="app-changes__after" class=("app-changes__after--empty", is_emptied)>{after.unwrap_or(NONE.into())}</ins>
                </dd>
            </div>
        }
    };
    view! { <dl class="app-changes">{changes.into_iter().map(line).collect_view()}</dl> }
}

/// What a new person is given, a line an attribute; the most telling ones first.
#[component]
pub fn Given(values: Vec<(Attribute, Value)>) -> impl IntoView {
    let line = |(attribute, value): (Attribute, Value)| {
        view! {
            <div class="app-changes__item">
                <dt class="app-changes__attribute">{attribute.name()}</dt>
                <dd class="app-changes__values">{value.to_string()}</dd>
            </div>
        }
    };
    view! { <dl class="app-changes">{values.into_iter().map(line).collect_view()}</dl> }
}

const NONE: &str = "nothing";

fn text(value: Option<Value>) -> Option<String> {
    value.map(|value| value.to_string())
}
