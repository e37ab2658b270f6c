//! What an attribute was and what it becomes.

use domain::{
    dictionary::{Attribute, Value},
    organisation::Site,
    plan::{Change, DayChange},
};
use leptos::prelude::*;

use crate::{components::values, words};

/// Before → after, an attribute a line, and behind them the days that change. The sites are told by name, as far as they are
/// known.
#[component]
pub fn Changes(
    changes: Vec<Change>,
    #[prop(optional)] sites: Vec<Site>,
    #[prop(optional)] days: Vec<DayChange>,
) -> impl IntoView {
    let text = |attribute: Attribute, value: Option<Value>| {
        value.map(|value| values::shown(attribute, value.as_str(), &sites))
    };
    let line = |change: Change| BeforeAfter {
        what: change.attribute.name(),
        before: text(change.attribute, change.before),
        after: text(change.attribute, change.after),
    };
    let lines = changes.into_iter().map(line).chain(days.iter().map(day_line));
    view! { <BeforeAfters lines=lines.collect()/> }
}

/// A day of somebody's stay that changes.
fn day_line(day: &DayChange) -> BeforeAfter {
    BeforeAfter {
        what: day.attribute.name(),
        before: day.before.map(words::day),
        after: day.after.map(words::day),
    }
}

/// Anything that was one thing and becomes another; none where it was, or becomes, nothing.
pub struct BeforeAfter {
    /// What it is.
    pub what: &'static str,
    /// What it was.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// Before → after, a thing a line.
#[component]
pub fn BeforeAfters(lines: Vec<BeforeAfter>) -> impl IntoView {
    let line = |line: BeforeAfter| {
        let (is_new, is_emptied) = (line.before.is_none(), line.after.is_none());
        view! {
            <div class="app-changes__item">
                <dt class="app-changes__attribute">{line.what}</dt>
                <dd class="app-changes__values">
                    <span class="nhsuk-u-visually-hidden">"before: "</span>
                    <del class="app-changes__before" class=("app-changes__before--empty", is_new)>{line.before.unwrap_or(NONE.into())}</del>
                    <span class="app-changes__arrow" aria-hidden="true">" → "</span>
                    <span class="nhsuk-u-visually-hidden">", after: "</span>
                    <ins class="app-changes__after" class=("app-changes__after--empty", is_emptied)>{line.after.unwrap_or(NONE.into())}</ins>
                </dd>
            </div>
        }
    };
    view! { <dl class="app-changes">{lines.into_iter().map(line).collect_view()}</dl> }
}

/// What a new person is given, a line an attribute; the most telling ones first. The sites are told as in [`Changes`].
#[component]
pub fn Given(values: Vec<(Attribute, Value)>, #[prop(optional)] sites: Vec<Site>) -> impl IntoView {
    let line = |(attribute, value): (Attribute, Value)| {
        view! {
            <div>
                <dt>{attribute.name()}</dt>
                <dd>{values::shown(attribute, value.as_str(), &sites)}</dd>
            </div>
        }
    };
    // Fifty of them stand on a page of a review: the list alone has a class.
    view! { <dl class="app-changes app-given">{values.into_iter().map(line).collect_view()}</dl> }
}

const NONE: &str = "nothing";
