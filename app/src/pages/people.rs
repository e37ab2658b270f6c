//! The people of one's scope: accounts or contacts, searched, sorted, with the columns that one wants; and what can be
//! done with many of them at once.

pub mod bulk_actions;
mod choosing;
pub mod directory;
mod filters;
mod lines;
pub mod upcoming;

use domain::{
    account::Account, channel::Operation, contact::Contact, dictionary::Attribute, organisation::Organisation,
    values::ids::Timestamp,
};
use gate::{Abilities, COUNTED, GateError, Listed, PersonKind, Visit};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{
    choosing::Choosing,
    filters::Filters,
    lines::{account_line, contact_line, namesakes},
};
use crate::{
    components::{
        error_summary::ErrorSummary,
        pagination::Pagination,
        people_table::{Direction, Heading, Line, PeopleTable, Sorting},
        printed_filters::PrintedFilters,
        unknown_filters::UnknownNote,
    },
    forms::FormState,
    pages::asked,
    routes,
    searches::people::{Column, MOST_EXPORTED, Search},
    visitor::Visitor,
    words::{self, thousands},
};

/// Organisations offered as a filter.
const OFFERED: u64 = 200;

/// The list.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let search = Search::read(use_query_map().get_untracked());
    asked(async move {
        let visit = visitor.visit()?;
        let abilities = visit.abilities().await?;
        let offered = visit.organisations(OFFERED).await?;
        let chosen: Vec<_> = offered
            .iter()
            .filter(|organisation| organisation.code.as_str() == search.organisation)
            .cloned()
            .collect();
        let audited = visit.audited(&chosen).await?;
        let place = match (chosen.as_slice(), offered.as_slice()) {
            ([place], _) | ([], [place]) => visit.places_of(&place.code).await?,
            _ => None,
        };
        let found = find(&visit, &search, &form, visitor.gate.now()).await?;
        let all = found.all;
        let list = if found.lines.is_empty() {
            let deleted = deleted(&visit, &search, visitor.gate.now()).await?;
            view! { <Nobody search=search.clone() creates=abilities.creates deleted/> }.into_any()
        } else {
            let acts = match search.kind {
                PersonKind::Account => visit.acts().await?,
                PersonKind::Contact => vec![],
            };
            let first = (!search.after.is_empty()).then(|| search.path());
            let pages = view! { <Pagination first next=found.next.clone()/> };
            let here = found.ids.len();
            let ids = found.ids.join(" ");
            let table = table(&search, found);
            match search.kind {
                PersonKind::Account => view! {
                    <Choosing search=search.clone() acts ids here all form=form.clone()>{table} {pages}</Choosing>
                }
                .into_any(),
                PersonKind::Contact => view! { {table} {pages} }.into_any(),
            }
        };
        let title = match form.is_sound() {
            true => search.title(all),
            false => format!("Error: {}", search.title(all)),
        };
        let seats = match chosen
            .first()
            .or(offered.first().filter(|_| !abilities.manages_organisations))
        {
            Some(place) => seats_page(&visit, place).await?,
            None => None,
        };
        let history = audited.first().map(|code| {
            view! { <p class="app-screen"><a href=routes::organisation_history(code)>"History of this organisation"</a></p> }
        });
        Ok(view! {
            <Title text=title/>
            <ErrorSummary form=form.clone()/>
            <Heads abilities seats/>
            <Kinds search=search.clone()/>
            <Filters search=search.clone() offered place/>
            {history}
            <PrintedFilters filters=search.filters()/>
            <UnknownNote filters=search.unknown.clone()/>
            {list}
        })
    })
}

/// The page of the seats at a place. `None` if its people need no seats, or the visitor does not manage them.
async fn seats_page(visit: &Visit<'_>, place: &Organisation) -> Result<Option<String>, GateError> {
    if !visit.may(Operation::SeatsAndStorage, place, None).await? {
        return Ok(None);
    }
    match visit.customer_of(&place.code).await {
        Ok(shown) => Ok(shown.map(|_| routes::seats_of(&place.code))),
        Err(GateError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The heading, with what else there is to do.
#[component]
fn Heads(
    abilities: Abilities,
    /// Where the seats of the people are shown.
    seats: Option<String>,
) -> impl IntoView {
    let button = |label: &'static str, href: &'static str| {
        view! { <a class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" href=href>{label}</a> }
    };
    let create = abilities.creates.then(|| {
        view! { {button("Create account", routes::NEW_ACCOUNT)} " " {button("Create contact", routes::NEW_CONTACT)} }
    });
    let join = abilities.moves.then(|| button("Take in a leaver", routes::NEW_JOINER));
    let upcoming = abilities.moves.then(|| {
        view! { <li class="app-links__item"><a href=routes::UPCOMING>"Automatic changes"</a></li> }
    });
    let proposals = abilities.decides_proposals.then(|| {
        view! { <li class="app-links__item"><a href=routes::PROPOSALS>"Proposals of connectors"</a></li> }
    });
    view! {
        <div class="app-title">
            <h1>"People"</h1>
            <div class="app-title__actions">{create} " " {join}</div>
        </div>
        <ul class="app-links">
            {upcoming}
            {proposals}
            {seats.map(|page| view! { <li class="app-links__item"><a href=page>"Seats"</a></li> })}
            <li class="app-links__item"><a href=routes::DIRECTORY>"Directory"</a></li>
        </ul>
    }
}

#[component]
fn Kinds(search: Search) -> impl IntoView {
    let tab = |kind: PersonKind, label: &'static str| {
        let path = Search {
            kind,
            words: search.words.clone(),
            ..Search::default()
        }
        .path();
        let current = kind == search.kind;
        view! {
            <li class="app-tabs__item">
                <a class="app-tabs__link" href=path aria-current=current.then_some("page")>{label}</a>
            </li>
        }
    };
    view! {
        <nav class="app-tabs" aria-label="Kinds of people">
            <ul class="app-tabs__list">{tab(PersonKind::Account, "Accounts")} {tab(PersonKind::Contact, "Contacts")}</ul>
        </nav>
    }
}

/// Nobody was found: why that may be, and what to do.
#[component]
fn Nobody(search: Search, creates: bool, deleted: u64) -> impl IntoView {
    let (one, many) = match search.kind {
        PersonKind::Account => ("deleted account", "deleted accounts"),
        PersonKind::Contact => ("deleted contact", "deleted contacts"),
    };
    let deleted = search.of_deleted().filter(|_| deleted > 0).map(|search| {
        let matches = if deleted == 1 { " matches. " } else { " match. " };
        view! { <p>{words::found(deleted, one, many)} {matches} <a href=search.path()>"Show " {many}</a></p> }
    });
    let kind = Search {
        kind: search.kind,
        ..Search::default()
    };
    if search.is_narrow() {
        let words = match search.kind {
            PersonKind::Account => {
                "Check the spelling, or use part of a name, email address, telephone number, local ID, job title, unit or site."
            }
            PersonKind::Contact => {
                "Check the spelling, or use part of a name, email address, telephone number or unit."
            }
        };
        let filters = "Filters may hide people. Remove a filter, or clear the search.";
        let has_filters = Search {
            words: String::new(),
            ..search
        }
        .is_narrow();
        return view! {
            <div class="nhsuk-inset-text">
                <p>"No people found. " {words}</p>
                {deleted}
                {has_filters.then(|| view! { <p>{filters}</p> })}
                <p><a href=kind.path()>"Clear the search"</a></p>
            </div>
        }
        .into_any();
    }
    let (what, path) = match search.kind {
        PersonKind::Account => ("There are no accounts here yet.", routes::NEW_ACCOUNT),
        PersonKind::Contact => (
            "There are no contacts here yet. A contact is a person without a mailbox here who should be in the directory.",
            routes::NEW_CONTACT,
        ),
    };
    let create = creates.then(|| view! { <p><a href=path>"Create the first one"</a></p> });
    view! { <div class="nhsuk-inset-text"><p>{what}</p>{deleted}{create}</div> }.into_any()
}

/// How many deleted people a search would find that does not ask for them.
async fn deleted(visit: &Visit<'_>, search: &Search, now: Timestamp) -> Result<u64, GateError> {
    let Some(of_deleted) = search.of_deleted() else {
        return Ok(0);
    };
    let query = of_deleted.query(now);
    match search.kind {
        PersonKind::Account => visit.count_accounts(&query).await,
        PersonKind::Contact => visit.count_contacts(&query).await,
    }
}

/// A page of what was found.
struct Found {
    lines: Vec<Line>,
    ids: Vec<String>,
    next: Option<String>,
    all: u64,
}

async fn find(visit: &Visit<'_>, search: &Search, form: &FormState, now: Timestamp) -> Result<Found, GateError> {
    let query = search.query(now);
    let ticked = form.value_of("id");
    let columns = search.columns();
    match search.kind {
        PersonKind::Account => {
            let listing = visit.accounts(&query).await?;
            let places = places(visit, &listing.organisations, &columns).await?;
            let namesakes = namesakes(listing.people.iter().map(|listed| listed.person.full_name()));
            let line = |listed: &Listed<Account>| {
                let is_namesake = namesakes.contains(&listed.person.full_name());
                account_line(listed, &columns, &places, &ticked, is_namesake)
            };
            Ok(Found {
                lines: listing.people.iter().map(line).collect(),
                ids: listing
                    .people
                    .iter()
                    .map(|listed| listed.person.id.to_string())
                    .collect(),
                next: listing
                    .people
                    .last()
                    .filter(|_| listing.more)
                    .map(|last| search.path_after(&last.position)),
                all: visit.count_accounts(&query).await?,
            })
        }
        PersonKind::Contact => {
            let listing = visit.contacts(&query).await?;
            let line = |listed: &Listed<Contact>| contact_line(&listed.person, &columns, &listing.organisations);
            Ok(Found {
                lines: listing.people.iter().map(line).collect(),
                ids: listing
                    .people
                    .iter()
                    .map(|listed| listed.person.id.to_string())
                    .collect(),
                next: listing
                    .people
                    .last()
                    .filter(|_| listing.more)
                    .map(|last| search.path_after(&last.position)),
                all: visit.count_contacts(&query).await?,
            })
        }
    }
}

/// The organisations of a list; with their sites, where it shows those.
async fn places(
    visit: &Visit<'_>,
    organisations: &[Organisation],
    columns: &[Column],
) -> Result<Vec<Organisation>, GateError> {
    if !columns.contains(&Column::Attribute(Attribute::Site)) {
        return Ok(organisations.to_vec());
    }
    let codes: Vec<_> = organisations.iter().map(|place| place.code.clone()).collect();
    visit.with_sites(&codes).await
}

fn table(search: &Search, found: Found) -> impl IntoView + use<> {
    let all = u32::try_from(found.all).unwrap_or(u32::MAX);
    let (one, many) = match search.kind {
        PersonKind::Account => ("account", "accounts"),
        PersonKind::Contact => ("contact", "contacts"),
    };
    let counted = words::found(found.all, one, many);
    let here = u32::try_from(found.lines.len()).unwrap_or(u32::MAX);
    let caption = if here == all {
        counted
    } else {
        format!("{counted}, {} on this page", thousands(here))
    };
    let sorting = |sort: gate::Sort| Sorting {
        href: search.sorted_by(sort).path(),
        now: (search.sort == sort).then_some(match search.descending {
            false => Direction::Ascending,
            true => Direction::Descending,
        }),
    };
    let heading = |column: Column| Heading {
        label: column.name(),
        sort: column.sort().map(sorting),
    };
    let columns = search.columns().into_iter().map(heading).collect();
    let name = Heading {
        label: "Name",
        sort: Some(sorting(gate::Sort::Name)),
    };
    let saved =
        (!search.is_plain()).then(|| view! { " " <span>"Bookmark this page to come back to this search."</span> });
    let export = search.export();
    let what = downloaded(all, one, many);
    view! {
        <PeopleTable caption name columns lines=found.lines/>
        <p class="app-people__note app-screen"><a href=export download>{what}</a> "." {saved}</p>
    }
}

/// What the file holds: an export ends somewhere.
fn downloaded(all: u32, one: &str, many: &str) -> String {
    let most = u32::try_from(MOST_EXPORTED).unwrap_or(u32::MAX);
    match all {
        1 => format!("Download this {one} as a CSV file"),
        all if u64::from(all) >= COUNTED => {
            format!("Download these {many} as a CSV file, at most {}", thousands(most))
        }
        all => format!("Download these {} {many} as a CSV file", thousands(all)),
    }
}

#[cfg(test)]
mod tests {
    use super::downloaded;

    #[test]
    fn a_download_says_what_it_holds() {
        let said = |all| downloaded(all, "account", "accounts");
        assert_eq!(said(1), "Download this account as a CSV file");
        assert_eq!(said(1_312), "Download these 1,312 accounts as a CSV file");
        assert_eq!(said(20_001), "Download these accounts as a CSV file, at most 200,000");
    }
}
