//! What waits for the visitor of the first page: counts that lead to where it is done, most pressing first.

use gate::{SOON_DAYS, Submission, UpcomingKind, WAITING_COUNTED, Waiting};
use leptos::prelude::*;

use crate::{routes, words::counted};

/// What comes automatically, in the order in which it is listed: what ends something first.
const SOON: [UpcomingKind; 6] = [
    UpcomingKind::Deleted,
    UpcomingKind::RoleEnds,
    UpcomingKind::Leaves,
    UpcomingKind::AbsenceBegins,
    UpcomingKind::AbsenceEnds,
    UpcomingKind::Starts,
];

/// The list; a sentence where there is nothing, unless something is held back or waits above it.
#[component]
pub(super) fn ToDo(
    waiting: Waiting,
    offers: u64,
    proposals: u64,
    /// One's own file that came by email and waits.
    #[prop(optional_no_strip)]
    by_email: Option<Submission>,
    nothing_held: bool,
) -> impl IntoView {
    let mut lines = lines(&waiting, offers, proposals);
    lines.extend(by_email.map(|file| {
        let whom = if file.is_held() { "an administrator" } else { "the run" };
        let label = format!("Your file waits for {whom}: {}", file.file_name);
        (label, routes::submission(&file.id))
    }));
    let body = match (lines.is_empty(), nothing_held) {
        (true, true) => view! {
            <p>"Nothing needs your attention. Uploads to review, offers and proposals to answer, and changes that are due soon are listed here."</p>
        }
        .into_any(),
        (true, false) => return None,
        (false, _) => {
            let line = |(label, href): (String, String)| view! { <li><a class="app-break" href=href>{label}</a></li> };
            view! { <ul class="nhsuk-list nhsuk-u-margin-bottom-0">{lines.into_iter().map(line).collect_view()}</ul> }
                .into_any()
        }
    };
    Some(view! {
        <section class="app-sheet" aria-labelledby="to-do">
            <h2 id="to-do">"To do"</h2>
            {body}
        </section>
    })
}

/// Each with where it is done.
fn lines(waiting: &Waiting, offers: u64, proposals: u64) -> Vec<(String, String)> {
    let proposals = u32::try_from(proposals).unwrap_or(u32::MAX);
    let proposed = (proposals > 0).then(|| {
        let label = format!("{} to answer", counted(proposals, "proposal", "proposals"));
        (label, routes::PROPOSALS.to_owned())
    });
    let offers = u32::try_from(offers).unwrap_or(u32::MAX);
    let expired = u32::try_from(waiting.expired_links).unwrap_or(u32::MAX);
    let links = expired_links(expired);
    let unexplained = unexplained(&waiting.columns_needed);
    let uploads = uploads(&waiting.uploads);
    let offered = (offers > 0).then(|| {
        let label = format!("{} to answer", counted(offers, "offer", "offers"));
        (label, routes::OFFERS.to_owned())
    });
    let soon = SOON.into_iter().filter_map(|kind| {
        let (_, number) = waiting.soon.iter().find(|(of, _)| *of == kind)?;
        let number = u32::try_from(*number).unwrap_or(u32::MAX);
        Some((soon(kind, number)?, coming(kind)))
    });
    let decided = uploads.into_iter().chain(unexplained).chain(proposed).chain(offered);
    decided.chain(links).chain(soon).collect()
}

fn uploads(uploads: &[Submission]) -> Option<(String, String)> {
    match uploads {
        [] => None,
        [one] => Some((
            format!("1 upload to review: {}", one.file_name),
            routes::submission(&one.id),
        )),
        several => {
            let label = format!("{} uploads to review", up_to(several.len()));
            Some((label, routes::with_query(routes::UPLOADS, &[("by", "people")])))
        }
    }
}

/// Files that are read as soon as somebody says what their columns hold.
fn unexplained(uploads: &[Submission]) -> Option<(String, String)> {
    match uploads {
        [] => None,
        [one] => Some((
            format!("Say what the columns of 1 upload hold: {}", one.file_name),
            routes::submission_part(&one.id, "columns"),
        )),
        several => {
            let label = format!("Say what the columns of {} uploads hold", up_to(several.len()));
            Some((label, routes::with_query(routes::UPLOADS, &[("by", "people")])))
        }
    }
}

fn expired_links(people: u32) -> Option<(String, String)> {
    let href = routes::with_query(routes::PEOPLE, &[("status", "Pending")]);
    match people {
        0 => None,
        1 => Some(("1 person has an activation link that no longer works".to_owned(), href)),
        many => {
            let many = up_to(many as usize);
            Some((
                format!("{many} people have an activation link that no longer works"),
                href,
            ))
        }
    }
}

/// A number that is counted only so far.
fn up_to(number: usize) -> String {
    match number as u64 >= WAITING_COUNTED {
        true => format!("{WAITING_COUNTED} or more"),
        false => number.to_string(),
    }
}

/// `2 accounts are deleted in the next 7 days`; `None` for what nobody need prepare for.
fn soon(kind: UpcomingKind, number: u32) -> Option<String> {
    let (one, many) = match kind {
        UpcomingKind::Deleted => ("account is deleted", "accounts are deleted"),
        UpcomingKind::RoleEnds => ("role ends", "roles end"),
        UpcomingKind::Leaves => ("person leaves", "people leave"),
        UpcomingKind::AbsenceBegins => ("person goes on leave", "people go on leave"),
        UpcomingKind::AbsenceEnds => ("person comes back", "people come back"),
        UpcomingKind::Starts => ("person starts", "people start"),
        UpcomingKind::BecomesInactive | UpcomingKind::PermanentlyDeleted | UpcomingKind::OfferLapses => return None,
    };
    Some(format!("{} in the next {SOON_DAYS} days", counted(number, one, many)))
}

fn coming(kind: UpcomingKind) -> String {
    let days = SOON_DAYS.to_string();
    routes::with_query(routes::UPCOMING, &[("days", &days), ("kind", kind.slug())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_listed_with_its_count_the_most_pressing_first() {
        let waiting = Waiting {
            uploads: vec![],
            columns_needed: vec![],
            expired_links: 1,
            soon: vec![
                (UpcomingKind::Starts, 2),
                (UpcomingKind::Leaves, 1),
                (UpcomingKind::Deleted, 3),
            ],
        };
        let expected = [
            ("1 proposal to answer", "/proposals"),
            ("2 offers to answer", "/offers"),
            (
                "1 person has an activation link that no longer works",
                "/people?status=Pending",
            ),
            (
                "3 accounts are deleted in the next 7 days",
                "/people/upcoming?days=7&kind=deleted",
            ),
            (
                "1 person leaves in the next 7 days",
                "/people/upcoming?days=7&kind=leaves",
            ),
            (
                "2 people start in the next 7 days",
                "/people/upcoming?days=7&kind=starts",
            ),
        ];
        let expected = expected.map(|(label, href)| (label.to_owned(), href.to_owned()));
        assert_eq!(lines(&waiting, 2, 1), expected);
    }

    #[test]
    fn what_is_counted_only_so_far_is_said_to_be_that_many_or_more() {
        let waiting = Waiting {
            uploads: vec![],
            columns_needed: vec![],
            expired_links: WAITING_COUNTED,
            soon: vec![],
        };
        let lines = lines(&waiting, 0, 0);
        assert_eq!(
            lines[0].0,
            "100 or more people have an activation link that no longer works"
        );
        assert_eq!(lines.len(), 1);
    }
}
