//! Customers of the service, for those who manage them: the list, one of them, its subscriptions, and the forms.

mod customer;
mod form;
mod sheet;
mod subscription;
mod subscription_form;

use domain::{channel::Operation, customer::CustomerNumber};
use gate::{CustomerShown, GateError, Visit};
use leptos::prelude::*;
use leptos_meta::Title;

pub(crate) use self::customer::{PoolShares, SeatShares};
pub use self::{
    customer::CustomerPage,
    form::{EditCustomerPage, NewCustomerPage},
    subscription::SubscriptionPage,
    subscription_form::{EditSubscriptionPage, NewSubscriptionPage},
};
use crate::{
    components::{
        about_person::{NothingChanged, nothing_changed},
        table::{Column, Table},
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words::{counted, thousands},
};

/// The list, by number.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let nothing = nothing_changed();
    asked(async move {
        let customers = visitor.visit()?.customers().await?;
        let list = match customers.is_empty() {
            true => view! { <NoneYet/> }.into_any(),
            false => {
                let many = u32::try_from(customers.len()).unwrap_or(u32::MAX);
                view! { <p>{counted(many, "customer", "customers")}</p> <CustomersTable customers/> }.into_any()
            }
        };
        Ok(view! {
            <Title text="Customers"/>
            <a class="nhsuk-back-link" href=routes::ORGANISATIONS>"Organisations"</a>
            <div class="app-title">
                <h1>"Customers"</h1>
                <a class="nhsuk-button" href=routes::NEW_CUSTOMER>"Add customer"</a>
            </div>
            {nothing.then(|| view! { <NothingChanged/> })}
            <p>"A customer is an organisation that has subscriptions, with seats for its people. It can also send change files."</p>
            {list}
        })
    })
}

/// What it means that there are no customers, and what to do.
#[component]
fn NoneYet() -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text">
            <p>"There are no customers yet. People in other organisations do not need seats: every account has a mailbox."</p>
            <p>"To give out seats in an organisation, or to accept its change files, add it as a customer. Then add its subscriptions."</p>
            <p><a href=routes::HELP_CHANGE_FILES>"How change files work"</a></p>
        </div>
    }
}

#[component]
fn CustomersTable(customers: Vec<CustomerShown>) -> impl IntoView {
    let row = |shown: CustomerShown| {
        let customer = shown.customer;
        let name = view! {
            <a class="app-people__name" href=routes::customer(&customer.number)>{shown.organisation.name}</a>
            " "
            <span class="app-people__address">{customer.number.to_string()}</span>
        };
        let with_seats = shown.subscriptions.iter();
        let with_seats = with_seats.filter(|known| !known.subscription.offering.is_storage());
        let (taken, seats) = with_seats.fold((0_u32, 0_u32), |(taken, seats), known| {
            (
                taken.saturating_add(known.taken),
                seats.saturating_add(known.subscription.seats),
            )
        });
        let files = if customer.change_files { "On" } else { "Off" };
        vec![
            name.into_any(),
            customer.organisation.to_string().into_any(),
            shown.subscriptions.len().to_string().into_any(),
            format!("{} of {} used", thousands(taken), thousands(seats)).into_any(),
            files.into_any(),
        ]
    };
    let rows = customers.into_iter().map(row).collect();
    let columns = ["Customer", "Organisation", "Subscriptions", "Seats", "Change files"]
        .map(Column::Named)
        .to_vec();
    view! { <Table caption="Customers, by number" columns rows/> }
}

/// Whether the visitor sees a customer as a whole, not only the seats of a part of it.
pub(crate) async fn sees(visit: &Visit<'_>, number: CustomerNumber) -> Result<bool, GateError> {
    match visit.customer(number).await {
        Ok(_) => Ok(true),
        Err(GateError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the visitor manages customers.
pub(crate) async fn manages(visit: &Visit<'_>) -> Result<bool, GateError> {
    match visit.allowed(Operation::ManageCustomers).await {
        Ok(()) => Ok(true),
        Err(GateError::Denied) => Ok(false),
        Err(error) => Err(error),
    }
}
