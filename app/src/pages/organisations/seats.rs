//! The seats of a customer's people: how many of each subscription are free, the pool of storage, and who has which seat.

use domain::{
    customer::CustomerNumber,
    organisation::OrganisationCode,
    subscription::{KnownSubscription, SubscriptionNumber},
};
use gate::{CustomerShown, GateError};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    components::{
        pagination::{Page, Pagination},
        seat_holders::{SeatHoldersTable, choice},
        select_field::options,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    pages::{
        asked,
        customers::{PoolShares, SeatShares, manages, sees},
    },
    routes,
    visitor::Visitor,
};

/// The page, for those who manage the seats of an organisation.
#[component]
pub fn SeatsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let code = use_params_map().get_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().to_owned();
    let wanted = given("subscription");
    let after = Some(given("after")).filter(|after| !after.is_empty());
    let page = Page::read(after.is_some(), &given("page"));
    asked(async move {
        let code = OrganisationCode::parse(&code).map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let Some(shown) = visit.customer_of(&code).await? else {
            return Ok(view! { <NoCustomer/> }.into_any());
        };
        let may_manage = manages(&visit).await?;
        let with_seats: Vec<_> = shown
            .subscriptions
            .iter()
            .filter(|known| !known.subscription.offering.is_storage())
            .cloned()
            .collect();
        let mut unknown = UnknownFilters::default();
        let of = unknown.read(&wanted, |text| number_of(&with_seats, text));
        let of = of.or_else(|| with_seats.first().map(|known| known.subscription.number));
        // This very page: whoever manages seats of a part sees not that of the whole.
        let here = routes::seats_of(&code);
        let sees_files = sees(&visit, shown.customer.number).await?;
        let list = match of {
            Some(of) => {
                let chosen = ("subscription", of.to_string());
                let first = after.is_some().then(|| at(&here, std::slice::from_ref(&chosen)));
                let holders = visit.seat_holders(of, after).await?;
                let goes_on = |next: String| at(&here, &[chosen, ("after", next), ("page", page.next())]);
                let next = holders.next.map(goes_on);
                Some(view! {
                    <Choosing here=here.clone() with_seats of/>
                    <UnknownNote filters=unknown/>
                    <SeatHoldersTable holders=holders.people/>
                    <Pagination first next/>
                })
            }
            None => None,
        };
        let name = shown.organisation.name.clone();
        Ok(view! {
            <Title text=page.title(&format!("Seats of {name}"))/>
            <Back number=shown.customer.number may_manage/>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Seats"</span> " " {name}</h1>
            <Overview shown code sees_files/>
            {list}
        }
        .into_any())
    })
}

/// The number of the subscription that an address asks for, if it is one of these.
fn number_of(subscriptions: &[KnownSubscription], text: &str) -> Option<SubscriptionNumber> {
    let wanted: SubscriptionNumber = text.parse().ok()?;
    let mut numbers = subscriptions.iter().map(|known| known.subscription.number);
    numbers.find(|number| *number == wanted)
}

/// This page, asked for so.
fn at(here: &str, query: &[(&str, String)]) -> String {
    let query: Vec<_> = query.iter().map(|(name, text)| (*name, text.as_str())).collect();
    routes::with_query(here, &query)
}

/// The organisation is no customer: there are no seats to see.
#[component]
fn NoCustomer() -> impl IntoView {
    view! {
        <Title text="Seats"/>
        <a class="nhsuk-back-link" href=routes::PEOPLE>"People"</a>
        <h1>"Seats"</h1>
        <div class="nhsuk-inset-text">
            <p>"This organisation has no subscriptions. Its people do not need seats: every account has a mailbox."</p>
            <p>"To give out seats here, ask a Global Administrator to add the organisation as a customer."</p>
        </div>
    }
}

/// The way back: to the customer for those who manage it, to the people for others.
#[component]
fn Back(number: CustomerNumber, may_manage: bool) -> impl IntoView {
    let (href, above) = match may_manage {
        true => (routes::customer(&number), format!("Customer {number}")),
        false => (routes::PEOPLE.to_owned(), "People".to_owned()),
    };
    view! { <a class="nhsuk-back-link" href=href>{above}</a> }
}

/// How many seats and gigabytes are free, and where else to look.
#[component]
fn Overview(
    shown: CustomerShown,
    /// The organisation whose page it is.
    code: OrganisationCode,
    /// Whether the visitor sees the customer's change files.
    sees_files: bool,
) -> impl IntoView {
    let number = shown.customer.number;
    let people = routes::with_query(routes::PEOPLE_EXPORT, &[("organisation", code.as_str())]);
    let files = sees_files.then(|| {
        view! { <li class="app-links__item"><a href=routes::change_files(&number)>"Change files"</a></li> }
    });
    let none = shown.subscriptions.is_empty().then(|| {
        view! {
            <div class="nhsuk-inset-text">
                <p>"There are no subscriptions yet. People do not need seats: every account has a mailbox."</p>
                <p>"If you need seats or storage, ask a Global Administrator to add a subscription."</p>
            </div>
        }
    });
    view! {
        <ul class="app-links">
            {files}
            <li class="app-links__item"><a href=people download>"Download people and their seats (CSV)"</a></li>
        </ul>
        {none}
        <SeatShares subscriptions=shown.subscriptions.clone()/>
        <PoolShares subscriptions=shown.subscriptions storage=shown.storage/>
    }
}

/// The choice of the subscription whose holders are shown.
#[component]
fn Choosing(here: String, with_seats: Vec<KnownSubscription>, of: SubscriptionNumber) -> impl IntoView {
    let choices = with_seats.iter().map(choice).collect();
    view! {
        <h2 id="holders">"Who has a seat"</h2>
        <form class="app-search" method="get" action=here>
            <div class="app-search__filters">
                <div class="nhsuk-form-group">
                    <label class="nhsuk-label" for="subscription">"Subscription"</label>
                    <select class="nhsuk-select" id="subscription" name="subscription">{options(choices, &of.to_string())}</select>
                </div>
            </div>
            <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-top-4">"Show"</button>
        </form>
    }
}
