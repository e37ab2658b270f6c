//! What connectors propose: who, what, by which connector, since when; each accepted by the check page, or declined.

use domain::{
    connector::ProposalKind,
    dictionary::{Attribute, CLEAR},
    values::ids::{AccountId, ProposalId},
};
use gate::{ListedProposal, ProposalQuery, ProposalReview, ProposedFor};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    calls::{
        at,
        proposals::{AcceptProposals, DeclineProposal},
    },
    components::{
        done_banner::DoneBanner,
        error_summary::{ErrorSummary, FieldError},
        pagination::{Page, Pagination},
        select_field::options,
        table::{Column, Row, Table},
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    forms::{FormState, PROPOSAL, TICKED},
    islands::breakable,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// The list, the longest ago first, for those who may do what is proposed.
#[component]
pub fn ProposalsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let (after, page, declined) = (given("after"), given("page"), given("declined") == "yes");
    let mut unknown = UnknownFilters::default();
    let kind = unknown.read(&given("kind"), ProposalKind::from_slug);
    let connector: Option<AccountId> = unknown.read(&given("connector"), |text| text.parse().ok());
    let page = Page::read(!after.is_empty(), &page);
    let address = move |after: &str, page: &str| {
        let kind = kind.map_or("", ProposalKind::slug);
        let connector = connector.map(|connector| connector.to_string()).unwrap_or_default();
        let parts = [
            ("kind", kind),
            ("connector", &connector),
            ("after", after),
            ("page", page),
        ];
        routes::with_query(routes::PROPOSALS, &parts)
    };
    asked(async move {
        let asked = ProposalQuery {
            kind,
            connector,
            after: Some(after).filter(|after| !after.is_empty()),
        };
        let found = visitor.visit()?.proposals(asked).await?;
        let first = (page != Page::First).then(|| address("", ""));
        let next = found.next.as_deref().map(|next| address(next, &page.next()));
        let title = match form.is_sound() {
            true => page.title("Proposals"),
            false => "Error: Proposals".to_owned(),
        };
        let by = connector.map(|_| match found.proposals.first() {
            Some(one) => format!("Only those of {}.", one.connector_name),
            None => "Only those of one connector.".to_owned(),
        });
        let by = by.map(|by| view! { <p>{by} " " <a href=routes::PROPOSALS>"Show all proposals"</a></p> });
        let is_filtered = kind.is_some() || connector.is_some();
        let list = match found.proposals.is_empty() {
            true => view! { <Nothing is_filtered/> }.into_any(),
            false => view! { <Deciding proposals=found.proposals kind connector form=form.clone()/> }.into_any(),
        };
        Ok(view! {
            <Title text=title/>
            <ErrorSummary form/>
            {declined.then(|| view! { <DoneBanner said="The proposal is declined. Nothing was changed."/> })}
            <h1>"Proposals"</h1>
            <p>"These are changes that other systems ask for and connectors may not make on their own. Nothing changes until you accept. A proposal goes away when the other system no longer asks for it."</p>
            <Filter kind connector/>
            <UnknownNote filters=unknown/>
            {by}
            <Reviews reviews=found.reviews/>
            {list}
            <Pagination first next/>
        })
    })
}

/// Proposals that somebody has accepted and not yet confirmed.
#[component]
fn Reviews(reviews: Vec<ProposalReview>) -> impl IntoView {
    if reviews.is_empty() {
        return ().into_any();
    }
    let line = |review: ProposalReview| {
        let number = u32::try_from(review.proposals).unwrap_or(u32::MAX);
        let proposals = counted(number, "proposal", "proposals");
        match review.is_own {
            true => {
                let said = format!("Go on with your review of {proposals}");
                view! { <li><a href=routes::submission(&review.submission)>{said}</a></li> }.into_any()
            }
            false => view! { <li>{format!("{} is reviewing {proposals}.", review.by)}</li> }.into_any(),
        }
    };
    let lines = reviews.into_iter().map(line).collect_view();
    view! {
        <div class="nhsuk-inset-text">
            <p>"These proposals are accepted and not confirmed yet. If the review is discarded, they come back to the list."</p>
            <ul class="nhsuk-list nhsuk-list--bullet">{lines}</ul>
        </div>
    }
    .into_any()
}

/// Why there is nothing, and what to do.
#[component]
fn Nothing(is_filtered: bool) -> impl IntoView {
    match is_filtered {
        true => view! {
            <div class="nhsuk-inset-text">
                <p>"No proposals of this kind wait for an answer."</p>
                <p><a href=routes::PROPOSALS>"Show all proposals"</a></p>
            </div>
        }
        .into_any(),
        false => view! {
            <div class="nhsuk-inset-text">
                <p>"No proposals wait for an answer. When another system wants to delete an account, or do something else that its connector may not do, you find it here."</p>
                <p><a href=routes::HELP_SYNC>"How other systems are connected"</a></p>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Filter(kind: Option<ProposalKind>, connector: Option<AccountId>) -> impl IntoView {
    let kinds = ProposalKind::ALL.map(|kind| (kind.slug().to_owned(), kind.name().to_owned()));
    let kinds = [(String::new(), "All kinds".to_owned())].into_iter().chain(kinds);
    let kinds = options(kinds.collect(), kind.map_or("", ProposalKind::slug));
    let connector = connector.map(|id| view! { <input type="hidden" name="connector" value=id.to_string()/> });
    view! {
        <form class="app-search" method="get" action=routes::PROPOSALS>
            {connector}
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="kind">"What is proposed"</label>
                    <select class="nhsuk-select" id="kind" name="kind">{kinds}</select>
                </div>
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
        </form>
    }
}

/// The table, whose ticks belong to the form below it: a line has a form of its own, and no form may be in another.
#[component]
fn Deciding(
    proposals: Vec<ListedProposal>,
    kind: Option<ProposalKind>,
    connector: Option<AccountId>,
    form: FormState,
) -> impl IntoView {
    let sees_connectors = Visitor::of_page().sees.administrators;
    let ticked = form.value_of("id");
    let is_ticked = |id: &ProposalId| ticked.split(' ').any(|other| other == id.to_string());
    let rows = proposals.into_iter().map(|listed| {
        let ticked = is_ticked(&listed.id);
        row(listed, ticked, sees_connectors)
    });
    let rows = rows.collect();
    let columns = vec![
        Column::Named("Person"),
        Column::Named("Proposed"),
        Column::Named("By"),
        Column::Named("Since"),
        Column::Acts("What you can do"),
    ];
    let kind = kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.slug()/> });
    let connector = connector.map(|id| view! { <input type="hidden" name="connector" value=id.to_string()/> });
    view! {
        <Table caption="Proposals, oldest first" columns rows/>
        <form class="app-sheet" id=TICKED tabindex="-1" method="post" action={at::<AcceptProposals>()}>
            {kind}
            {connector}
            <FieldError field=TICKED form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Accept selected"</button>
            <p class="nhsuk-hint nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-0">
                "You see what will happen to each person before anything is done."
            </p>
        </form>
    }
}

fn row(listed: ListedProposal, ticked: bool, sees_connectors: bool) -> Row {
    let ListedProposal { id, subject, .. } = &listed;
    let (href, person, known) = match subject {
        ProposedFor::Account(account) => (routes::account(&account.id), account.full_name(), &account.attributes),
        ProposedFor::Contact(contact) => (routes::contact(&contact.id), contact.full_name(), &contact.attributes),
    };
    let what = what(&listed);
    let known = [Attribute::EmailAddress, Attribute::LocalId].map(|attribute| known.text(attribute));
    let known = known
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| view! { " " <span class="app-people__address" inner_html=breakable(text)></span> })
        .collect_view();
    let label = format!("Select {person}: {what}");
    let who = view! {
        <input class="app-people__box" type="checkbox" name="id" form=TICKED value=id.to_string() aria-label=label checked=ticked/>
        <a class="app-people__name" href=href>{person.clone()}</a>
        {known}
    };
    let by = match sees_connectors {
        true => view! { <a href=routes::connector(&listed.connector)>{listed.connector_name.clone()}</a> }.into_any(),
        false => listed.connector_name.clone().into_any(),
    };
    let again = (listed.times > 1).then(|| {
        let times = counted(listed.times, "time", "times");
        view! { <br/> <span class="app-people__note">{format!("asked {times}, last on {}", words::moment(listed.said_last))}</span> }
    });
    let since = view! { {words::day(listed.said_first)} {again} };
    let decline = view! {
        <form class="app-actions__form" method="post" action={at::<DeclineProposal>()}>
            <input type="hidden" name=PROPOSAL value=id.to_string()/>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">
                "Decline" <span class="nhsuk-u-visually-hidden">{format!(" {what}, {person}")}</span>
            </button>
        </form>
    };
    vec![
        who.into_any(),
        what.into_any(),
        by,
        since.into_any(),
        decline.into_any(),
    ]
}

/// What is proposed, with the values that it is proposed with.
fn what(listed: &ListedProposal) -> String {
    let asked = listed.asked.iter().filter(|(_, text)| !text.is_empty());
    let asked: Vec<_> = asked
        .map(|(attribute, text)| match text.as_str() {
            CLEAR => format!("{}: none", attribute.name()),
            text => format!("{}: {text}", attribute.name()),
        })
        .collect();
    match asked.is_empty() {
        true => listed.kind.name().to_owned(),
        false => format!("{} ({})", listed.kind.name(), asked.join("; ")),
    }
}
