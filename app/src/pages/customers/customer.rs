//! One customer: what is set for it, its subscriptions with their seats, its pool of storage, its latest change files.

use domain::{customer::CustomerNumber, subscription::KnownSubscription};
use gate::{CustomerShown, GateError, Pool, Storage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::manages;
use crate::{
    components::{
        about_person::{NothingChanged, nothing_changed},
        actions::{Actions, link},
        breakable::Breakable,
        change_files::ChangeFilesTable,
        share_bars::{Share, ShareBars},
        summary_line::summary_line,
        table::{Column, Table},
        tags,
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words::{counted, thousands},
};

/// What is said of a connector whose files would fail.
const NO_ROLE: &str = ". This account does not have the role Connector with the channel change file for the whole \
                       organisation, so every change file will fail.";

/// The page.
#[component]
pub fn CustomerPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let nothing = nothing_changed();
    asked(async move {
        let number: CustomerNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let shown = visit.customer(number).await?;
        let may_manage = manages(&visit).await?;
        let name = shown.organisation.name.clone();
        let back = match may_manage {
            true => view! { <a class="nhsuk-back-link" href=routes::CUSTOMERS>"Customers"</a> }.into_any(),
            false => {
                let seats = routes::seats_of(&shown.customer.organisation);
                view! { <a class="nhsuk-back-link" href=seats>"Seats of " {name.clone()}</a> }.into_any()
            }
        };
        let actions = match may_manage {
            true => vec![
                link("Change settings", routes::customer_part(&number, "edit")),
                link("Add subscription", routes::customer_part(&number, "subscriptions/new")),
            ],
            false => vec![],
        };
        Ok(view! {
            <Title text=format!("Customer {number}: {name}")/>
            {back}
            <h1 class="app-break"><span class="nhsuk-caption-l">"Customer " {number.to_string()}</span> " " {name}</h1>
            {nothing.then(|| view! { <NothingChanged/> })}
            <Actions actions/>
            <Subscriptions shown=shown.clone() may_manage/>
            <h2>"Latest change files"</h2>
            <ChangeFilesTable files=shown.files.clone()/>
            <p><a href=routes::change_files(&number)>"All change files"</a></p>
            <Settings shown/>
        })
    })
}

/// The subscriptions, how many of their seats are used, and the pool.
#[component]
fn Subscriptions(shown: CustomerShown, may_manage: bool) -> impl IntoView {
    let number = shown.customer.number;
    let add = may_manage.then(|| {
        let form = routes::customer_part(&number, "subscriptions/new");
        view! { <a href=form>"Add a subscription"</a> }
    });
    if shown.subscriptions.is_empty() {
        return view! {
            <h2>"Subscriptions"</h2>
            <div class="nhsuk-inset-text">
                <p>"This customer has no subscriptions yet. Its people do not need seats: every account has a mailbox." " " {add}</p>
            </div>
        }
        .into_any();
    }
    let seats = routes::seats_of(&shown.customer.organisation);
    view! {
        <h2>"Subscriptions"</h2>
        <SubscriptionsTable subscriptions=shown.subscriptions.clone()/>
        <SeatShares subscriptions=shown.subscriptions.clone()/>
        <PoolShares subscriptions=shown.subscriptions storage=shown.storage/>
        <p><a href=seats>"Who has which seat"</a></p>
    }
    .into_any()
}

#[component]
fn SubscriptionsTable(subscriptions: Vec<KnownSubscription>) -> impl IntoView {
    let row = |known: KnownSubscription| {
        let of = known.subscription;
        let name = view! {
            <a class="app-people__name" href=routes::subscription(&of.number)>{of.name}</a>
            " "
            <span class="app-people__address">{of.number.to_string()}</span>
        };
        let size = match of.offering.is_storage() {
            true => format!("{} GB", thousands(of.gigabytes)),
            false => counted(of.seats, "seat", "seats"),
        };
        let part = match of.part.is_empty() {
            true => "None".to_owned(),
            false => of.part,
        };
        vec![
            name.into_any(),
            of.offering.name().into_any(),
            part.into_any(),
            size.into_any(),
            tags::subscription(of.state).into_any(),
        ]
    };
    let rows = subscriptions.into_iter().map(row).collect();
    let columns = ["Subscription", "For", "Part number", "Size", "State"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="Subscriptions of this customer" columns rows/> }
}

/// How many seats of each subscription are used; nothing where none has seats.
#[component]
pub(crate) fn SeatShares(subscriptions: Vec<KnownSubscription>) -> impl IntoView {
    let share = |known: KnownSubscription| Share {
        used: known.taken,
        of: known.subscription.seats,
        label: view! { <a href=routes::subscription(&known.subscription.number)>{known.subscription.name.clone()}</a> }
            .into_any(),
    };
    let with_seats = subscriptions
        .into_iter()
        .filter(|known| !known.subscription.offering.is_storage());
    let shares: Vec<_> = with_seats.map(share).collect();
    let headings = ["Subscription", "Seats"];
    (!shares.is_empty()).then(|| view! { <ShareBars caption="Seats used and free" headings shares/> })
}

/// How much of the pool is given out; nothing where there is no pool.
#[component]
pub(crate) fn PoolShares(subscriptions: Vec<KnownSubscription>, storage: Storage) -> impl IntoView {
    let has_pool = subscriptions
        .iter()
        .any(|known| known.subscription.offering.is_storage());
    let share = |label: &'static str, pool: Pool| Share {
        label: label.into_any(),
        used: pool.taken,
        of: pool.gigabytes,
    };
    let headings = ["Storage", "Gigabytes"];
    has_pool.then(|| {
        let shares = vec![share("Collaboration", storage.collab), share("Mail", storage.mail)];
        view! { <ShareBars caption="Extra storage given out and free" headings unit=" GB" shares/> }
    })
}

/// What is set.
#[component]
fn Settings(shown: CustomerShown) -> impl IntoView {
    let customer = shown.customer;
    let organisation = format!("{} ({})", shown.organisation.name, customer.organisation);
    let yes_or_no = |is_so: bool| if is_so { "Yes" } else { "No" };
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "Not set".to_owned());
    let connector = match shown.connector {
        Some(account) => {
            let warning = shown.connector_fails.then_some(NO_ROLE);
            view! { <a class="app-break" href=routes::connector(&account.id)>{account.full_name()}</a> {warning} }
                .into_any()
        }
        None => "Not set. No change files are applied until you choose one.".into_any(),
    };
    let contact = match customer.contact {
        Some(contact) => view! { <Breakable text=contact.to_string()/> }.into_any(),
        None => "Not set".into_any(),
    };
    let pairs = customer
        .compatible
        .iter()
        .map(|(from, to)| format!("{from} can become {to}"));
    view! {
        <h2>"Settings"</h2>
        <dl class="nhsuk-summary-list">
            {summary_line("Organisation", organisation)}
            {summary_line("Federation", customer.federation.name())}
            {summary_line("People confirm their email address", yes_or_no(customer.verifies_email))}
            {summary_line("Terms of use accepted for everybody", yes_or_no(customer.accepts_terms))}
            {summary_line("Hybrid mail", yes_or_no(customer.hybrid))}
            {summary_line("Takes change files", yes_or_no(customer.change_files))}
            {summary_line("Connector", connector)}
            {summary_line("Contact for problems", contact)}
            {summary_line("Language", or_none(customer.language))}
            {summary_line("Time zone", or_none(customer.time_zone))}
            {summary_line("Mail domains", listed(customer.domains.clone()))}
            {summary_line("Seats that can change", listed(pairs.collect()))}
            {summary_line("Mail templates", listed(customer.templates.clone()))}
        </dl>
    }
}

/// One on each line.
fn listed(all: Vec<String>) -> AnyView {
    if all.is_empty() {
        return "None".into_any();
    }
    let items = all.into_iter().map(|one| view! { <li class="app-break">{one}</li> });
    view! { <ul class="nhsuk-list nhsuk-u-margin-bottom-0">{items.collect_view()}</ul> }.into_any()
}
