//! What was changed while a form was filled in, by somebody else or in another window: a word above the form, a note at each
//! such field, and a question where the same was changed here.

use domain::{
    dictionary::{Attribute, Value},
    values::ids::Timestamp,
};
use gate::Moved;
use leptos::prelude::*;

use crate::{
    components::{breakable::Breakable, values},
    forms::{MovedDetail, THEIRS, whose},
    words::{counted, lately},
};

/// Above the form: who changed how much, and that nothing is saved yet.
#[component]
pub fn MovedInset(details: Vec<MovedDetail>) -> impl IntoView {
    let mut names: Vec<_> = details.iter().map(|detail| who(&detail.moved)).collect();
    names.sort();
    names.dedup();
    let count = u32::try_from(details.len()).unwrap_or(u32::MAX);
    let what = match count {
        0 => "Something else about this person was changed while you were editing.".to_owned(),
        _ => format!(
            "{} changed {} while you were editing.",
            names.join(" and "),
            counted(count, "detail", "details")
        ),
    };
    let what_to_do = match count {
        0 => "Nothing has been saved yet. Continue when you are ready.",
        1 => "Nothing has been saved yet. Check it, then continue.",
        _ => "Nothing has been saved yet. Check them, then continue.",
    };
    let link = |detail: MovedDetail| {
        let attribute = detail.moved.change.attribute;
        view! { <li><a href=format!("#{}", attribute.slug())>{attribute.name()}</a></li> }
    };
    let links = (count > 0).then(|| view! { <ul>{details.into_iter().map(link).collect_view()}</ul> });
    view! {
        <div class="nhsuk-inset-text app-moved-inset" role="alert">
            <p>{what} " " {what_to_do}</p>
            {links}
        </div>
    }
}

/// Who changed a detail.
fn who(moved: &Moved) -> String {
    match moved.by_oneself {
        true => "You".to_owned(),
        false => moved.by.clone().unwrap_or_else(|| "Somebody else".to_owned()),
    }
}

/// At a field: what was made of it meanwhile. The field shows that, unless something else was typed there.
#[component]
pub fn MovedNote(detail: MovedDetail, now: Timestamp) -> impl IntoView {
    let who = who(&detail.moved);
    let (question, take) = match detail.moved.by_oneself {
        true => ("Keep it, or take what you saved before?", "Take what was saved:"),
        false => ("Keep it, or take theirs?", "Take theirs:"),
    };
    let change = detail.moved.change;
    let id = change.attribute.slug();
    let after = text(change.attribute, change.after);
    let before = text(change.attribute, change.before);
    let before = detail.moved.by.is_some().then(|| {
        view! {
            <span class="nhsuk-u-visually-hidden">"from "</span>
            <del class="app-changes__before">{before}</del>
            <span class="app-changes__arrow" aria-hidden="true">" → "</span>
        }
    });
    let asked = detail.typed.map(|typed| {
        let name = whose(change.attribute);
        let radio = |value: &'static str, words: &'static str, what: String, checked: bool| {
            let own = format!("{name}-{value}");
            view! {
                <div class="nhsuk-radios__item">
                    <input class="nhsuk-radios__input" id=own.clone() name=name.clone() type="radio" value=value checked=checked/>
                    <label class="nhsuk-label nhsuk-radios__label" for=own>{words} " " <Breakable text=what/></label>
                </div>
            }
        };
        let shown = if typed.is_empty() { NONE.to_owned() } else { typed };
        let mine = radio("mine", "Keep mine:", shown.clone(), true);
        let theirs = radio(THEIRS, take, after.clone(), false);
        view! {
            <fieldset class="nhsuk-fieldset app-moved__question">
                <legend class="nhsuk-fieldset__legend">"You typed “" {shown} "”. " {question}</legend>
                <div class="nhsuk-radios nhsuk-radios--small">{mine} {theirs}</div>
            </fieldset>
        }
    });
    view! {
        <div class="app-moved" id=format!("{id}-moved")>
            <p class="app-moved__what">
                {who} " changed this " {lately(detail.moved.at, now)} ": "
                {before}
                <span class="nhsuk-u-visually-hidden">" to "</span>
                <ins class="app-changes__after"><Breakable text=after/></ins>
            </p>
            {asked}
        </div>
    }
}

const NONE: &str = "nothing";

fn text(attribute: Attribute, value: Option<Value>) -> String {
    value.map_or_else(
        || NONE.to_owned(),
        |value| values::shown(attribute, value.as_str(), &[]),
    )
}
