//! One subscription: what it is, how many of its seats are used, and who has one.

use domain::subscription::{Subscription, SubscriptionNumber, SubscriptionState};
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{customer::SeatShares, manages, sees};
use crate::{
    components::{
        about_person::{NothingChanged, nothing_changed},
        actions::{Actions, link},
        pagination::{Page, Pagination},
        seat_holders::SeatHoldersTable,
        summary_line::summary_line,
        tags,
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, thousands},
};

/// The page.
#[component]
pub fn SubscriptionPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().to_owned();
    let after = Some(given("after")).filter(|after| !after.is_empty());
    let page = Page::read(after.is_some(), &given("page"));
    let nothing = nothing_changed();
    asked(async move {
        let number: SubscriptionNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (known, customer) = visit.subscription(number).await?;
        let may_manage = manages(&visit).await?;
        let of = known.subscription.clone();
        let stands = visit.stands(&of);
        let (back, above) = match (may_manage, sees(&visit, of.customer).await?) {
            (true, _) => (routes::customer(&of.customer), format!("Customer {}", of.customer)),
            (false, true) => (routes::seats_of(&customer.organisation), "Seats".to_owned()),
            (false, false) => (routes::PEOPLE.to_owned(), "People".to_owned()),
        };
        let actions = match may_manage {
            true => vec![link("Change subscription", routes::subscription_part(&number, "edit"))],
            false => vec![],
        };
        let here = routes::subscription(&number);
        let first = after.is_some().then(|| here.clone());
        let holders = match of.offering.is_storage() {
            true => None,
            false => {
                let found = visit.seat_holders(number, after).await?;
                let goes_on = |next: String| routes::with_query(&here, &[("after", &next), ("page", &page.next())]);
                let next = found.next.map(goes_on);
                Some(view! {
                    <SeatShares subscriptions=vec![known]/>
                    <h2>"Who has a seat"</h2>
                    <SeatHoldersTable holders=found.people/>
                    <Pagination first next/>
                })
            }
        };
        Ok(view! {
            <Title text=page.title(&format!("Subscription {number}: {}", of.name))/>
            <a class="nhsuk-back-link" href=back>{above}</a>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Subscription " {number.to_string()}</span> " " {of.name.clone()}</h1>
            {nothing.then(|| view! { <NothingChanged/> })}
            <Actions actions/>
            <About of stands/>
            {holders}
        })
    })
}

#[component]
fn About(
    of: Subscription,
    /// Where it stands today by its days.
    stands: SubscriptionState,
) -> impl IntoView {
    let day = |day: Option<domain::values::day::Day>| {
        let at = day.and_then(gate::calendar::begins);
        at.map_or_else(|| "Not set".to_owned(), words::day)
    };
    let is_over = stands == SubscriptionState::Cancelled && of.state != stands;
    let ended = is_over.then(|| format!(" Ended on {}.", day(of.ends_on)));
    let state = view! { {tags::subscription(stands)} {ended} };
    let size = match of.offering.is_storage() {
        true => summary_line("Gigabytes", thousands(of.gigabytes)),
        false => summary_line("Seats", thousands(of.seats)),
    };
    let parent = of.parent.map(|parent| {
        let parent = view! { <a href=routes::subscription(&parent)>{parent.to_string()}</a> };
        summary_line("Part of subscription", parent)
    });
    let part = (!of.part.is_empty()).then(|| summary_line("Part number", of.part.clone()));
    view! {
        <dl class="nhsuk-summary-list">
            {summary_line("For", of.offering.name())}
            {summary_line("State", state)}
            {size}
            {part}
            {parent}
            {summary_line("First day", day(of.starts_on))}
            {summary_line("Last day", day(of.ends_on))}
        </dl>
    }
}
