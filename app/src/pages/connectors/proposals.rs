//! What connectors propose, kind by kind: for whom, why, by which connector, since when; accepted by the check page, or declined.

mod of_kind;

use std::collections::BTreeSet;

use domain::{connector::ProposalKind, values::ids::AccountId};
use gate::{ListedProposal, ProposalQuery, ProposalReview};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::of_kind::{Filters, OfKind};
use crate::{
    components::{
        done_banner::DoneBanner,
        error_summary::{ErrorSummary, FieldError},
        pagination::{Page, Pagination},
        select_field::options,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    forms::{FormState, ticked_of},
    pages::asked,
    routes,
    visitor::Visitor,
    words::counted,
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
    let number = page;
    let page = Page::read(!after.is_empty(), &number);
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
        let filters = Filters::of([
            ("kind", kind.map_or("", ProposalKind::slug)),
            (
                "connector",
                &connector.map(|connector| connector.to_string()).unwrap_or_default(),
            ),
            ("after", asked.after.as_deref().unwrap_or_default()),
            ("page", &number),
        ]);
        let visit = visitor.visit()?;
        let found = visit.proposals(asked).await?;
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
        let places: BTreeSet<_> = found
            .proposals
            .iter()
            .map(|listed| listed.organisation.clone())
            .collect();
        let places: Vec<_> = places.into_iter().collect();
        let places = match places.is_empty() {
            true => vec![],
            false => visit.named(&places).await?,
        };
        let groups = by_kind(found.proposals);
        let kinds: Vec<_> = groups.iter().map(|(kind, _)| *kind).collect();
        let gone = not_listed(&form, &kinds);
        let list = match groups.is_empty() {
            true => view! { <Nothing is_filtered/> }.into_any(),
            false => {
                let group = |(kind, proposals): (ProposalKind, Vec<ListedProposal>)| {
                    let (places, filters, form) = (places.clone(), filters.clone(), form.clone());
                    view! { <OfKind kind proposals places filters form/> }
                };
                groups.into_iter().map(group).collect_view().into_any()
            }
        };
        Ok(view! {
            <Title text=title/>
            <ErrorSummary form/>
            {declined.then(|| view! { <DoneBanner said="The proposal is declined. Nothing was changed."/> })}
            <h1>"Proposals"</h1>
            <p>"These are changes that other systems or files by email ask for and connectors may not make on their own. Nothing changes until you accept them and confirm. A proposal goes away when the other system no longer asks for it."</p>
            <p>"If you decline a proposal, nothing changes. You are not asked again while the other system asks for the very same."</p>
            <Filter kind connector/>
            <UnknownNote filters=unknown/>
            {by}
            <Unconfirmed reviews=found.reviews/>
            {gone}
            {list}
            <Pagination first next/>
        })
    })
}

/// What was accepted and is not confirmed: nobody is asked about it meanwhile, and it must not be forgotten.
#[component]
fn Unconfirmed(reviews: Vec<ProposalReview>) -> impl IntoView {
    let line = |review: ProposalReview| {
        let many = u32::try_from(review.proposals).unwrap_or(u32::MAX);
        let many = counted(many, "proposal", "proposals");
        match review.is_own {
            true => view! {
                <li>{format!("You accepted {many}. ")} <a href=routes::submission(&review.submission)>"Check and confirm"</a></li>
            }
            .into_any(),
            false => view! { <li>{format!("{} accepted {many}.", review.by)}</li> }.into_any(),
        }
    };
    (!reviews.is_empty()).then(|| {
        view! {
            <section class="app-sheet" aria-labelledby="unconfirmed">
                <h2 id="unconfirmed">"Accepted and not confirmed yet"</h2>
                <p>"Nothing is changed before it is confirmed. If no changes are made, the proposals are open again."</p>
                <ul>{reviews.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
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
                <p>"No proposals wait for an answer. When another system or a file by email asks for something that its connector may not do, you find it here."</p>
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

/// A form about kinds of which nothing is listed any more, to which its problems lead.
fn not_listed(form: &FormState, listed: &[ProposalKind]) -> Option<AnyView> {
    let is_listed = |field: &str| listed.iter().any(|kind| ticked_of(*kind) == field);
    let (field, _) = form.problems().iter().find(|(field, _)| !is_listed(field))?;
    let field = field.to_string();
    let id = field.clone();
    Some(view! { <div id=id tabindex="-1"><FieldError field form=form.clone()/></div> }.into_any())
}

/// The proposals of each kind, in the order in which kinds are told.
fn by_kind(proposals: Vec<ListedProposal>) -> Vec<(ProposalKind, Vec<ListedProposal>)> {
    let mut groups: Vec<_> = ProposalKind::ALL.into_iter().map(|kind| (kind, vec![])).collect();
    for listed in proposals {
        if let Some((_, group)) = groups.iter_mut().find(|(kind, _)| *kind == listed.kind) {
            group.push(listed);
        }
    }
    groups.retain(|(_, group)| !group.is_empty());
    groups
}
