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
                <p><strong>{told(many, unknown)}</strong></p>
                <p>"Say what they mean. The rows are then checked again, and the next file is read the same way."</p>
                <a class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0" href=format!("{columns}#{}", texts_table(first))>{button}</a>
            </div>
        }
    })
}

/// How many names are unknown, and in which columns.
fn told(many: u32, unknown: &BTreeMap<Attribute, u32>) -> String {
    let lead = format!(
        "Your file has {} that we do not recognise",
        counted(many, "name", "names")
    );
    let column = |attribute: Attribute| format!("in the {} column", in_sentence(attribute));
    let each = unknown
        .iter()
        .map(|(attribute, many)| format!("{} {}", thousands(*many), column(*attribute)));
    let each: Vec<_> = each.collect();
    match (each.split_last(), unknown.keys().next()) {
        (Some((last, before)), _) if !before.is_empty() => format!("{lead}: {} and {last}.", before.join(", ")),
        (_, Some(only)) => format!("{lead}, {}.", column(*only)),
        (_, None) => format!("{lead}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_counted_for_each_attribute() {
        let unknown = [(Attribute::Organisation, 2), (Attribute::Unit, 1)];
        let sentence = "Your file has 3 names that we do not recognise: 2 in the organisation column and 1 in the \
                        organisational unit column.";
        assert_eq!(told(3, &unknown.into()), sentence);
        let one = "Your file has 1 name that we do not recognise, in the role column.";
        assert_eq!(told(1, &[(Attribute::Role, 1)].into()), one);
    }
}
