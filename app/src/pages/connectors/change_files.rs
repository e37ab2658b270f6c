//! The change files of a customer: which wait for a person, which are in progress, and what became of the others.

use domain::{
    customer::{Customer, CustomerNumber},
    organisation::OrganisationCode,
    values::ids::AccountId,
};
use gate::{ChangeFileShown, GateError, Visit};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    components::{change_file_stage::Stage, change_files::ChangeFilesTable, pagination::Pagination},
    pages::{asked, customers::manages},
    routes,
    visitor::Visitor,
};

/// The page: files that wait first, then those in progress, then the others, newest first.
#[component]
pub fn ChangeFilesPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let before = use_query_map().get_untracked().get("before");
    asked(async move {
        let number: CustomerNumber = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let found = visit.change_files(number, before.clone()).await?;
        let here = routes::change_files(&number);
        let next = found.next.map(|next| routes::with_query(&here, &[("before", &next)]));
        let first = before.is_some().then_some(here);
        let code = found.customer.organisation.clone();
        let named = visit.named(std::slice::from_ref(&code)).await?;
        let name = named
            .into_iter()
            .next()
            .map_or_else(|| code.to_string(), |organisation| organisation.name);
        let (back, above) = match manages(&visit).await? {
            true => (routes::customer(&number), format!("Customer {number}")),
            false => (routes::seats_of(&code), "Seats".to_owned()),
        };
        let list = match found.files.is_empty() {
            true => view! { <NoneYet customer=found.customer/> }.into_any(),
            false => view! { <ByStage files=found.files/> <Pagination first next/> }.into_any(),
        };
        Ok(view! {
            <Title text=format!("Change files of {name}")/>
            <a class="nhsuk-back-link" href=back>{above}</a>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Change files"</span> " " {name}</h1>
            <p>"Files that the customer has uploaded to its folder, newest first. " <a href=routes::HELP_CHANGE_FILES>"How change files work"</a></p>
            {list}
        })
    })
}

/// Why there are no change files, and what to do.
#[component]
fn NoneYet(customer: Customer) -> impl IntoView {
    let number = customer.number;
    let why = match customer.change_files {
        true => format!(
            "No change files have arrived yet. The customer uploads them to the folder {number}/in. Their names start with \
             {number}_."
        ),
        false => {
            "Change files are turned off for this customer. A Global Administrator can turn them on in its settings."
                .to_owned()
        }
    };
    view! { <div class="nhsuk-inset-text"><p>{why}</p></div> }
}

/// The files in sections: what waits comes first.
#[component]
fn ByStage(files: Vec<ChangeFileShown>) -> impl IntoView {
    let section = |heading: &'static str, says: &'static str, stages: &[Stage]| {
        let files: Vec<_> = files
            .iter()
            .filter(|file| stages.contains(&Stage::of(file)))
            .cloned()
            .collect();
        let says = (!says.is_empty()).then(|| view! { <p>{says}</p> });
        (!files.is_empty()).then(|| view! { <h2>{heading}</h2> {says} <ChangeFilesTable files/> })
    };
    let waiting = section(
        "Waiting for an administrator",
        "These files would change an unusually large number of accounts, or remove access from many people. Open each file to apply or discard it. Later files from the same source wait until then.",
        &[Stage::Waiting],
    );
    let moving = section("In progress", "", &[Stage::Working, Stage::Reporting]);
    let ended = section("Finished", "", &[Stage::Ended]);
    view! { {waiting} {moving} {ended} }
}

/// The customers whose change files a connector sends, of those at these places.
pub(super) async fn customers_of(
    visit: &Visit<'_>,
    places: &[String],
    connector: AccountId,
) -> Result<Vec<(CustomerNumber, String)>, GateError> {
    let mut customers = Vec::new();
    for place in places {
        let Ok(code) = OrganisationCode::parse(place) else {
            continue;
        };
        match visit.customer_of(&code).await {
            Ok(Some(shown)) if shown.customer.connector == Some(connector) => {
                customers.push((shown.customer.number, shown.organisation.name));
            }
            Ok(_) | Err(GateError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    customers.sort();
    customers.dedup();
    Ok(customers)
}

/// On the connector's page: for which customers it sends change files.
#[component]
pub(super) fn OfConnector(customers: Vec<(CustomerNumber, String)>) -> impl IntoView {
    let none = customers.is_empty().then(|| {
        view! { <p>"No customer that you manage has this account as its connector. A Global Administrator chooses it in the settings of the customer."</p> }
    });
    let lines = customers.into_iter().map(|(number, name)| {
        view! { <li><a class="app-break" href=routes::change_files(&number)>"Change files of " {name}</a></li> }
    });
    let lines = lines.collect_view();
    let list = none.is_none().then(|| view! { <ul>{lines}</ul> });
    view! {
        <h2 id="change-files">"Change files"</h2>
        {none}
        {list}
        <p><a href=routes::HELP_CHANGE_FILES>"How change files work"</a></p>
    }
}
