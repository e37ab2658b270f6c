//! The page of an empty portal: what whoever runs it does first.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::visitor::Visitor;

/// The three commands. Nobody can sign in yet, so this stands where signing in would.
#[component]
pub fn BeginPage() -> impl IntoView {
    let domain = Visitor::of_page().gate.rules().mail_domain.as_str().to_owned();
    let appoint = format!("server appoint you@{domain} --global --name \"First Last\"");
    let step = |what: &'static str, command: String, then: &'static str| {
        view! {
            <li>
                <h2 class="nhsuk-heading-m">{what}</h2>
                <p><code class="app-break">{command}</code></p>
                <p>{then}</p>
            </li>
        }
    };
    view! {
        <Title text="Set up this portal"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"This portal is empty"</h1>
            <p class="nhsuk-lede-text">"It has no accounts and no organisations, so nobody can sign in yet."</p>
            <p>"If you run it, set it up with three commands on the machine where it runs. If you do not, tell the people who do."</p>
            <ol>
                {step("Prepare the database", "server migrate".to_owned(), "Brings the database up to date. You can run it again at any time.")}
                {step("Appoint the first Global Administrator", appoint, "Creates an account and prints a link. Open the link, choose a password and sign in.")}
                {step("Import your organisations", "server organisations import organisations.csv".to_owned(), "Adds them from a CSV file or spreadsheet. You can also do this in the portal, on the page Organisations.")}
            </ol>
            <p>"To try the portal with made-up people instead, run " <code>"server seed"</code> "."</p>
        </div></div>
    }
}
