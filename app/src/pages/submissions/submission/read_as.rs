//! What a person should know of how their file was read, before they trust what became of it.

use std::collections::BTreeMap;

use domain::{dictionary::Attribute, problem::in_sentence};
use gate::{Submission, asks_for_columns};
use leptos::prelude::*;

use crate::{
    forms::texts_table,
    routes,
    words::{counted, thousands},
};

/// Says what was guessed or passed over; nothing where nothing was.
#[component]
pub(super) fn ReadNote(submission: Submission, is_mine: bool) -> impl IntoView {
    let said = submission.layout.told(&formats::left_out(&submission.layout));
    let note = (!said.is_empty()).then(|| {
        view! {
            <div class="nhsuk-inset-text app-break">
                {said.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            </div>
        }
    });
    let change = (is_mine && asks_for_columns(&submission)).then(|| {
        let columns = routes::submission_part(&submission.id, "columns");
        view! { <p><a href=columns>"Change what the columns hold"</a></p> }
    });
    view! { {note} {change} }
}

/// Names in a file that are not known here: the way to say what they mean, for this file and the next. Once no row has a
/// problem, there is nothing to say.
#[component]
pub(super) fn UnknownNames(submission: Submission, is_mine: bool) -> impl IntoView {
    let unknown = &submission.layout.unknown;
    let many = unknown.values().fold(0, |all: u32, many| all.saturating_add(*many));
    let is_asked = is_mine && asks_for_columns(&submission) && submission.totals.with_problems() > 0;
    let table = unknown.keys().next().filter(|_| is_asked).copied();
    table.map(|first| {
        let columns = routes::submission_part(&submission.id, "columns");
        let button = match many {
            1 => "Say what this name means".to_owned(),
            many => format!("Say what these {} mean", counted(many, "name", "names")),
        };
        view! {
            <div class="nhsuk-inset-text">
                <p><strong>{counted(many, "name in your file is", "names in your file are")} " not known here: "</strong> {told(unknown)}</p>
                <p>"Say what they mean. The rows are then checked again, and the next file is read the same way."</p>
                <a class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0" href=format!("{columns}#{}", texts_table(first))>{button}</a>
            </div>
        }
    })
}

/// What unknown names are of, such as “2 for the organisation and 1 for the role”.
fn told(unknown: &BTreeMap<Attribute, u32>) -> String {
    let each = unknown
        .iter()
        .map(|(attribute, many)| format!("{} for the {}", thousands(*many), in_sentence(*attribute)));
    let each: Vec<_> = each.collect();
    match each.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}.", before.join(", ")),
        Some((only, _)) => format!("{only}."),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_counted_for_each_attribute() {
        let unknown = [(Attribute::Organisation, 2), (Attribute::Unit, 1)];
        let sentence = "2 for the organisation and 1 for the organisational unit.";
        assert_eq!(told(&unknown.into()), sentence);
        assert_eq!(told(&[(Attribute::Role, 1)].into()), "1 for the role.");
    }
}
