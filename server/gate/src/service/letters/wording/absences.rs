//! Letters about absences.

use domain::values::ids::Timestamp;

use super::changes::and_others;
use crate::{
    calendar::day,
    service::letters::{
        AbsenceNews, PersonNews,
        part::Part,
        phrases::{IF_WRONG, hello, paragraph},
    },
};

/// The subject, and the parts in their order.
type Said = (String, Vec<Part>);

/// To the person who is away, or was.
pub(super) fn own_absence(first_name: &str, by: Option<&str>, news: AbsenceNews) -> Said {
    let by = by.unwrap_or("Your organisation");
    let then = |until: Option<Timestamp>| match until {
        Some(until) => format!("It will be enabled again on {}.", day(until)),
        None => "It stays disabled until your local administrator enables it.".to_owned(),
    };
    let (subject, what) = match news {
        AbsenceNews::Entered {
            from: Some(from),
            until,
        } => {
            let from = day(from);
            (
                format!("Your account will be disabled on {from}"),
                vec![
                    format!("{by} has entered an absence for you. You cannot sign in to your account from {from}."),
                    then(until),
                ],
            )
        }
        AbsenceNews::Entered { from: None, until } => (
            "Your account is disabled while you are away".to_owned(),
            vec![
                format!("{by} has entered an absence for you. You cannot sign in to your account."),
                then(until),
            ],
        ),
        AbsenceNews::TakenBack => (
            "Your absence was cancelled".to_owned(),
            vec![format!(
                "{by} has cancelled the absence that was planned for you. Your account will not be disabled."
            )],
        ),
        AbsenceNews::Back => (
            "Your account is enabled again".to_owned(),
            vec![
                "Your absence has ended, and you can sign in to your account again.".to_owned(),
                "Roles that you had before do not come back.".to_owned(),
            ],
        ),
    };
    let mut parts = vec![hello(first_name)];
    parts.extend(what.into_iter().map(paragraph));
    parts.push(paragraph(IF_WRONG));
    (subject, parts)
}

/// To the administrators of the organisation whose people are away, or are back.
pub(super) fn absences(
    first_name: &str,
    organisation: &str,
    by: Option<&str>,
    (people, others): (&[PersonNews], u32),
) -> Said {
    let subject = match people {
        [one] if others == 0 => format!("{} {}", one.name, becomes(one.news)),
        _ => format!("Absences at {organisation}"),
    };
    let mut parts = vec![
        hello(first_name),
        paragraph(match by {
            Some(by) => format!("{by} has changed who is away at {organisation}."),
            None => format!("Absences at {organisation} have changed."),
        }),
        Part::List(
            people
                .iter()
                .map(|one| format!("{} {}", one.name, becomes(one.news)))
                .collect(),
        ),
    ];
    parts.extend(and_others(others));
    parts.push(paragraph("You can see and change an absence on the person’s page."));
    (subject, parts)
}

/// `is away from 3 March 2027 until 9 March 2027`.
fn becomes(news: AbsenceNews) -> String {
    match news {
        AbsenceNews::Entered { from, until } => {
            let from = from.map(|from| format!(" from {}", day(from)));
            let until = until.map(|until| format!(" until {}", day(until)));
            let days: String = from.into_iter().chain(until).collect();
            format!("is away{days}")
        }
        AbsenceNews::TakenBack => "is not away after all".to_owned(),
        AbsenceNews::Back => "is back".to_owned(),
    }
}
