//! What to enter in the other system.

use leptos::prelude::*;

use crate::{islands::breakable, routes};

/// Organisations whose own addresses are listed.
const LISTED: usize = 10;

/// The address, and that a token is needed. `places` are the codes and names of where the connector sends for.
#[component]
pub(super) fn Connection(
    portal: String,
    places: Vec<(String, String)>,
    /// Whether the connector itself looks.
    #[prop(optional)]
    own: bool,
) -> impl IntoView {
    let address = format!("{portal}{}", routes::SCIM);
    let several = places.len() > 1;
    let more = places.len() > LISTED;
    let line = |(code, name): (String, String)| {
        let address = format!("{portal}{}", routes::scim_of(&code));
        view! { <li><code class="app-break" inner_html=breakable(&address)></code> <br/> {name}</li> }
    };
    let lines = places.into_iter().take(LISTED).map(line).collect_view();
    let which = match several {
        true => {
            "New accounts then need the organisation’s code. Where one organisation is enough, use its own address:"
        }
        false => "The same, and people are created in this organisation unless they say otherwise:",
    };
    let token = match own {
        true => view! { "One of your API tokens, which are listed on this page." }.into_any(),
        false => view! { "An API token. Only the connector can make one: they sign in and go to Your API tokens." }
            .into_any(),
    };
    view! {
        <h2 id="connection">"Connection"</h2>
        <p>"Enter these in the other system, such as Microsoft Entra ID. It must speak SCIM 2.0. " <a href=routes::HELP_SYNC>"How to set up each product"</a></p>
        <dl class="nhsuk-summary-list">
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Address"</dt>
                <dd class="nhsuk-summary-list__value"><code class="app-break" inner_html=breakable(&address)></code></dd>
            </div>
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"For one organisation"</dt>
                <dd class="nhsuk-summary-list__value">
                    <p>{which}</p>
                    <ul class="nhsuk-list">{lines}</ul>
                    {more.then(|| view! { <p>"… and so on for the others, by their ODS codes."</p> })}
                </dd>
            </div>
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">"Token"</dt>
                <dd class="nhsuk-summary-list__value">{token}</dd>
            </div>
        </dl>
    }
}
