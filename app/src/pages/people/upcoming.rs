//! Automatic changes in the next days: who, what and when, day by day.

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    life::{Then, Timers, Turn},
    offer::Offer,
    organisation::{Organisation, OrganisationCode},
    values::ids::Timestamp,
};
use gate::{Due, GateError, Offered, UPCOMING_NAMED, Upcoming, UpcomingFilter, UpcomingKind, Visit, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        printed_filters::PrintedFilters,
        select_field::select,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// How far one can look ahead, in days.
const AHEAD: [u32; 3] = [7, 30, 90];

/// How far it is looked ahead unless something else is chosen.
const STANDARD: u32 = 30;

/// Organisations offered as a filter.
const OFFERED: u64 = 200;

/// The page; only for those who manage people's lives.
#[component]
pub fn UpcomingPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let query = use_query_map().get_untracked();
    let given = |name| query.get(name).unwrap_or_default().trim().to_owned();
    let mut unknown = UnknownFilters::default();
    let days = unknown.read(&given("days"), days_ahead).unwrap_or(STANDARD);
    let code = |text: &str| OrganisationCode::parse(text).ok();
    let filter = UpcomingFilter {
        organisation: unknown.read(&given("organisation"), code),
        kind: unknown.read(&given("kind"), UpcomingKind::from_slug),
    };
    asked(async move {
        let visit = visitor.visit()?;
        let due = visit.upcoming_among(days, &filter).await?;
        let offered = offered(&visit, &due).await?;
        let organisations = visit.organisations(OFFERED).await?;
        let timers = visitor.gate.rules().timers;
        let in_use = counted(visitor.gate.in_use_days(), "day", "days");
        let many = due.len();
        let list = match due.is_empty() {
            true => nothing_due(&filter).into_any(),
            false => by_day(due, timers, &offered).into_any(),
        };
        let cut = (many >= UPCOMING_NAMED).then(
            || view! { <p>"These are the first " {UPCOMING_NAMED} ". The others appear here when these are done."</p> },
        );
        let heading = format!("Automatic changes in the next {days} days");
        let filters = in_words(&filter);
        let title = titled(&heading, &filter);
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::PEOPLE>"People"</a>
            <h1>{heading}</h1>
            <LookAhead days filter organisations/>
            <PrintedFilters filters=filters/>
            <UnknownNote filters=unknown/>
            <p>"An account that was used in the last " {in_use} " is not listed as becoming inactive."</p>
            {list}
            {cut}
        })
    })
}

/// The period that is offered and is nearest to so many days. `None` if it is no number.
fn days_ahead(text: &str) -> Option<u32> {
    let days: u32 = text.parse().ok()?;
    AHEAD.into_iter().min_by_key(|ahead| ahead.abs_diff(days))
}

/// What the list is narrowed by.
fn in_words(filter: &UpcomingFilter) -> Vec<String> {
    let organisation = filter.organisation.as_ref().map(ToString::to_string);
    let kind = filter.kind.map(|kind| kind.name().to_owned());
    organisation.into_iter().chain(kind).collect()
}

/// What the page is called: by what is filtered, too.
fn titled(heading: &str, filter: &UpcomingFilter) -> String {
    let filters = in_words(filter);
    match filters.is_empty() {
        true => heading.to_owned(),
        false => format!("{}: {heading}", filters.join(", ")),
    }
}

fn nothing_due(filter: &UpcomingFilter) -> impl IntoView + use<> {
    let said = match *filter == UpcomingFilter::default() {
        true => {
            "No automatic changes are due in this period. Leavers, unused accounts, long absences and deleted people appear here when they are due."
        }
        false => "No automatic changes found. Choose all organisations or all changes, or look further ahead.",
    };
    view! { <div class="nhsuk-inset-text"><p>{said}</p></div> }
}

#[component]
fn LookAhead(days: u32, filter: UpcomingFilter, organisations: Vec<Organisation>) -> impl IntoView {
    let choices = AHEAD.map(|ahead| (ahead.to_string(), format!("{ahead} days"))).to_vec();
    let chosen = filter.organisation.map(|code| code.to_string()).unwrap_or_default();
    let mut places = vec![(String::new(), "All organisations you manage".to_owned())];
    places.extend(organisations.into_iter().map(|place| {
        let code = place.code.to_string();
        let label = format!("{} ({code})", place.name);
        (code, label)
    }));
    let mut kinds = vec![(String::new(), "All changes".to_owned())];
    kinds.extend(UpcomingKind::ALL.map(|kind| (kind.slug().to_owned(), kind.name().to_owned())));
    let kind = filter.kind.map(UpcomingKind::slug).unwrap_or_default();
    let form = FormState::default();
    view! {
        <form class="app-search" method="get" action=routes::UPCOMING>
            <div class="app-search__filters">
                {select("days", "Look ahead", None, choices, &days.to_string(), &form)}
                {select("organisation", "Organisation", None, places, &chosen, &form)}
                {select("kind", "Change", None, kinds, kind, &form)}
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
        </form>
    }
}

/// The offers of the visitor's side, where any of them lapses: for the names in them.
async fn offered(visit: &Visit<'_>, due: &[Due]) -> Result<Option<Offered>, GateError> {
    match due.iter().any(|due| matches!(due.what, Upcoming::Lapse(_))) {
        true => visit.offers().await.map(Some),
        false => Ok(None),
    }
}

/// A section for each day.
pub(crate) fn by_day(due: Vec<Due>, timers: Timers, offered: &Option<Offered>) -> impl IntoView + use<> {
    let mut days: Vec<(Timestamp, Vec<Due>)> = Vec::new();
    for due in due {
        let day = calendar::day_of(due.at);
        match days.last_mut() {
            Some((last, those)) if *last == day => those.push(due),
            _ => days.push((day, vec![due])),
        }
    }
    let section = move |(day, due): (Timestamp, Vec<Due>)| {
        let lines = due
            .into_iter()
            .map(|due| line(due, timers, offered.as_ref()))
            .collect_view();
        view! {
            <section class="app-sheet app-upcoming">
                <h2 class="nhsuk-heading-m">{words::day(day)}</h2>
                <ul class="app-upcoming__list">{lines}</ul>
            </section>
        }
    };
    days.into_iter().map(section).collect_view()
}

fn line(due: Due, timers: Timers, offered: Option<&Offered>) -> impl IntoView + use<> {
    let moment = words::moment(due.at);
    let (who, what) = match due.what {
        Upcoming::Account(account, then) => {
            let what = becomes(&account, then, timers);
            (person(account.full_name(), routes::account(&account.id)), what)
        }
        Upcoming::EraseContact(contact) => {
            let what = "Permanently deleted. Until then the contact can be restored.".to_owned();
            (person(contact.full_name(), routes::contact(&contact.id)), what)
        }
        Upcoming::Lapse(offer) => {
            let what = "Expires, unless it is answered.".to_owned();
            (person(named(&offer, offered), routes::OFFERS.to_owned()), what)
        }
        Upcoming::EndRole(granted) => {
            let (holder, held) = (&granted.holder, &granted.held);
            let what = format!("No longer {} of {}: its end date.", held.role.name(), held.organisation);
            (person(holder.full_name(), routes::grant(&held.grant)), what)
        }
        // Of an erased account nobody is left to look.
        Upcoming::FreeAddresses(_) => (().into_any(), "Reserved email addresses can be used again.".to_owned()),
        Upcoming::ThrowAway(asked) => (
            asked.file_name.into_any(),
            "Discarded, unless somebody decides on it.".to_owned(),
        ),
    };
    view! {
        <li class="app-upcoming__item">
            {who} " " <span class="app-upcoming__what">{what}</span> " "
            <time class="app-upcoming__when" datetime=words::machine_moment(due.at)>{moment}</time>
        </li>
    }
}

/// An offer by the names in it: whom it is about, from whom and to whom.
fn named(offer: &Offer, offered: Option<&Offered>) -> String {
    let place = |code: &OrganisationCode| {
        let mut known = offered.iter().flat_map(|offered| &offered.organisations);
        let found = known.find(|organisation| organisation.code == *code);
        found.map_or_else(|| code.to_string(), |organisation| organisation.name.clone())
    };
    let mut listed = offered
        .iter()
        .flat_map(|offered| offered.sent.iter().chain(&offered.received));
    let listed = listed.find(|listed| listed.offer.id == offer.id);
    let contact = listed
        .and_then(|listed| listed.contact.as_ref())
        .map(Contact::full_name);
    let contact = contact.unwrap_or_else(|| "a contact".to_owned());
    format!(
        "Offer of {contact}, from {} to {}",
        place(&offer.from),
        place(&offer.to)
    )
}

fn person(name: String, href: String) -> AnyView {
    view! { <a class="app-upcoming__who" href=href>{name}</a> }.into_any()
}

/// What becomes of an account, and why.
fn becomes(account: &Account, then: Then, timers: Timers) -> String {
    let days = |days| counted(days, "day", "days");
    match then {
        Then::Start => "Activation link sent: this is their first day.".to_owned(),
        Then::GiveUpAbsence => "The planned absence is cancelled, because it is over.".to_owned(),
        Then::Turn(Turn::Disable) => "Disabled: this is the first day of their absence.".to_owned(),
        Then::Turn(Turn::Enable) => "Enabled: this is the day they come back.".to_owned(),
        Then::Erase => "Permanently deleted. Until then the account can be restored.".to_owned(),
        Then::Turn(Turn::MarkLeaver) => "Leaves: this is the leaving date.".to_owned(),
        Then::Turn(Turn::Idle) => {
            format!(
                "Becomes inactive, unless it is used: not used for {}.",
                days(timers.unused_days)
            )
        }
        Then::Turn(Turn::Delete) => match account.status {
            AccountStatus::Leaver => format!("Deleted: a leaver for {}.", days(timers.leaver_days)),
            AccountStatus::Inactive => {
                format!(
                    "Deleted, unless it is used: inactive for {}.",
                    days(timers.inactive_days)
                )
            }
            AccountStatus::Disabled => {
                format!(
                    "Deleted: disabled for {}.",
                    counted(timers.disabled_months, "month", "months")
                )
            }
            status => format!("{} → {}", status.name(), AccountStatus::Deleted.name()),
        },
        Then::Turn(turn) => turn.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_period_that_is_offered_is_chosen() {
        let days = ["30", "7", "99999", "0", "70", "soon", "-1"].map(days_ahead);
        assert_eq!(days, [Some(30), Some(7), Some(90), Some(7), Some(90), None, None]);
    }

    #[test]
    fn the_title_says_what_is_filtered() {
        let filter = UpcomingFilter {
            organisation: OrganisationCode::parse("RIV01").ok(),
            kind: UpcomingKind::from_slug("leaves"),
        };
        assert_eq!(titled("Changes", &filter), "RIV01, Leaves: Changes");
        assert_eq!(titled("Changes", &UpcomingFilter::default()), "Changes");
    }
}
