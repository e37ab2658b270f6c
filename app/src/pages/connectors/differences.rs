//! Where the other system and the portal differ: what was changed here by hand, whom it has not mentioned for long, where two
//! connectors disagree.

use domain::{account::Account, dictionary::Attribute, values::ids::AccountId};
use gate::{Differences, Disagreement, Edited, Unmentioned};
use leptos::prelude::*;

use crate::{
    components::{
        breakable::Breakable,
        table::{Column, Table},
    },
    islands::breakable,
    routes, words,
};

/// The section; `links` is how many accounts the connector keeps.
#[component]
pub(super) fn DifferencesSection(differences: Differences, links: u64, connector: AccountId) -> impl IntoView {
    let body = if links == 0 {
        view! { <p>"Nothing to compare yet. Differences are shown once the connector has created or changed accounts."</p> }
            .into_any()
    } else if differences.are_none() {
        view! { <p>"No differences. The other system and the portal agree on every account that it keeps."</p> }
            .into_any()
    } else {
        view! {
            <h3>"Changed here by hand since"</h3>
            <EditedTable edited=differences.edited/>
            <h3>"Not mentioned for 30 days"</h3>
            <UnmentionedTable unmentioned=differences.unmentioned/>
            <h3>"Connectors disagree"</h3>
            <DisagreementTable disagreements=differences.disagreements/>
            <p><a href=routes::connector_part(&connector, "differences.csv")>"Download the differences (CSV)"</a></p>
        }
        .into_any()
    };
    view! { <h2 id="differences">"Differences"</h2> {body} }
}

/// Somebody, with the way to them and what they are known by.
fn who(account: &Account) -> AnyView {
    let address = breakable(account.attributes.text(Attribute::EmailAddress));
    view! {
        <a class="app-people__name" href=routes::account(&account.id)>{account.full_name()}</a>
        " " <span class="app-people__address" inner_html=address></span>
    }
    .into_any()
}

/// A value, or that there is none.
fn text(value: &str) -> AnyView {
    match value {
        "" => "Empty".into_any(),
        value => view! { <Breakable text=value/> }.into_any(),
    }
}

/// Values that were changed in the portal after the other system had set them.
#[component]
fn EditedTable(edited: Vec<Edited>) -> impl IntoView {
    let line = |edited: Edited| {
        let Edited {
            account,
            attribute,
            asserted,
            now,
        } = edited;
        vec![who(&account), attribute.name().into_any(), text(&asserted), text(&now)]
    };
    let rows = edited.into_iter().map(line).collect();
    let columns = ["Person", "Detail", "The other system says", "It is now"]
        .map(Column::Named)
        .to_vec();
    let empty = "Nobody has changed by hand what the other system says.";
    view! {
        <Table caption="Changed here by hand since the other system set it" columns rows empty/>
    }
}

/// Accounts of which nothing has been heard for long.
#[component]
fn UnmentionedTable(unmentioned: Vec<Unmentioned>) -> impl IntoView {
    let line = |unmentioned: Unmentioned| vec![who(&unmentioned.account), words::day(unmentioned.last).into_any()];
    let rows = unmentioned.into_iter().map(line).collect();
    let columns = ["Person", "Last mentioned"].map(Column::Named).to_vec();
    let empty = "Every account was mentioned in the last 30 days.";
    view! { <Table caption="Accounts that the other system has not mentioned for 30 days" columns rows empty/> }
}

/// Details about which two connectors say different things.
#[component]
fn DisagreementTable(disagreements: Vec<Disagreement>) -> impl IntoView {
    let line = |disagreement: Disagreement| {
        let Disagreement {
            account,
            attribute,
            own,
            other_name,
            other,
        } = disagreement;
        vec![
            who(&account),
            attribute.name().into_any(),
            text(&own),
            view! { {text(&other)} <br/> <span class="app-people__note">{format!("by {other_name}")}</span> }
                .into_any(),
        ]
    };
    let rows = disagreements.into_iter().map(line).collect();
    let columns = ["Person", "Detail", "This connector says", "Another one says"]
        .map(Column::Named)
        .to_vec();
    let empty = "No other connector says anything else.";
    view! { <Table caption="Details about which connectors disagree" columns rows empty/> }
}
