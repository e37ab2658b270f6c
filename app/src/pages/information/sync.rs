//! How other systems are set up to synchronise people by SCIM, product by product; readable signed out, because those who
//! set them up often have no account here.

mod products;
mod script;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{products::Products, script::Script};
use crate::{components::field_list::FieldList, islands::breakable, routes, visitor::Visitor};

/// What is read of a user, by the name that SCIM has for it.
const READ: [(&str, &str); 11] = [
    (
        "userName",
        "The name to sign in with. If it is a free address in our mail domain, it also becomes the email address. \
         Otherwise the email address is made from the name.",
    ),
    (
        "name.givenName, name.familyName",
        "First and last name. Needed for every new account.",
    ),
    (
        "externalId",
        "Your system’s own key for the person. Send one that never changes, such as an object ID.",
    ),
    ("active", "false disables the account. See “What happens to leavers”."),
    ("employeeNumber", "The local ID, in the extension for enterprise users."),
    ("title, department", "Job title, and department in the same extension."),
    (
        "phoneNumbers",
        "One each of the types work, mobile, pager and fax, such as +44 7700 900123.",
    ),
    (
        "displayName",
        "The name in the address book. Leave it out, and it is made from the name.",
    ),
    (
        "organisation",
        "The ODS code, in our own extension urn:staffbook:scim:schemas:2.0:Account. Needed for new accounts if the token \
         is for several organisations and the address names none.",
    ),
    ("emails", "Read only. Addresses are changed in the portal."),
    ("manager, groups, photos", "Not used."),
];

/// The page.
#[component]
pub fn SyncHelpPage() -> impl IntoView {
    let portal = Visitor::of_page().gate.rules().url.clone();
    let address = format!("{portal}{}", routes::SCIM);
    let one = format!("{portal}{}", routes::scim_of(&"RIV01"));
    let contents = [
        ("before", "Before you begin"),
        ("leavers", "What happens to leavers"),
        ("entra", "Microsoft Entra ID"),
        ("okta", "Okta"),
        ("authentik", "authentik"),
        ("rauthy", "Rauthy"),
        ("mim", "Microsoft Identity Manager"),
        ("script", "A script of your own"),
        ("read", "What is read of a user"),
        ("after", "After the first run"),
    ];
    let contents = contents.map(|(id, label)| view! { <li><a href=format!("#{id}")>{label}</a></li> });
    view! {
        <Title text="Connect another system"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <a class="nhsuk-back-link" href=routes::HELP>"Help"</a>
            <h1>"Connect another system"</h1>
            <p>"A system that knows your staff, such as Microsoft Entra ID, can keep their accounts here up to date. It uses SCIM 2.0."</p>
            <nav aria-label="On this page"><ul>{contents.collect_view()}</ul></nav>
            <h2 id="before">"Before you begin"</h2>
            <ol>
                <li>"Create an account for the system, or choose the person who runs it. A Primary Local Administrator then " <a href=routes::NEW_GRANT>"gives the role Connector"</a> " with the channel API."</li>
                <li>"The connector signs in, goes to " <a href=routes::OWN_TOKENS>"Your API tokens"</a> " and makes a token. It is shown once."</li>
                <li>"Enter the address and the token in your system:"</li>
            </ol>
            <dl class="nhsuk-summary-list">
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Address"</dt>
                    <dd class="nhsuk-summary-list__value"><code class="app-break" inner_html=breakable(&address)></code></dd>
                </div>
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Address for one organisation"</dt>
                    <dd class="nhsuk-summary-list__value">
                        <code class="app-break" inner_html=breakable(&one)></code> <br/>
                        "With the ODS code in place of RIV01. New accounts go to this organisation. Only people in it and in the organisations below it are seen."
                    </dd>
                </div>
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Token"</dt>
                    <dd class="nhsuk-summary-list__value">"Sent as " <code>"Authorization: Bearer …"</code> ". Renew it before it expires."</dd>
                </div>
            </dl>
            <p>"Groups are not synchronised. Turn them off in your system."</p>
            <Leavers/>
            <Products address=address.clone()/>
            <Script address/>
            <h2 id="read">"What is read of a user"</h2>
            <FieldList fields=&READ/>
            <p>"Anything else is ignored. For a connector that is set to strict, it is refused."</p>
            <h2 id="after">"After the first run"</h2>
            <ul>
                <li>"The connector’s page shows when your system was last here, what was refused and what to do about it. Administrators find it under " <a href=routes::ADMINISTRATORS>"Administrators"</a> "; the connector finds the same under " <a href=routes::OWN_TOKENS>"Your API tokens"</a> "."</li>
                <li>"What your system may not do is listed for administrators under " <a href=routes::PROPOSALS>"Proposals"</a> "."</li>
                <li>"If one system would take away access from unusually many people within a day, the rest waits. It gets the answer 503 and tries again later."</li>
            </ul>
        </div></div>
    }
}

/// What `active: false` and a deletion come to.
#[component]
fn Leavers() -> impl IntoView {
    view! {
        <h2 id="leavers">"What happens to leavers"</h2>
        <p>"Most systems say that somebody has left in two ways. First they set the user to inactive. Later, some delete the user."</p>
        <ul>
            <li>
                <strong>"Set to inactive."</strong>
                " If the connector may disable accounts, the account is disabled at once and its sessions end. If not, the request is refused, and administrators see it under "
                <a href=routes::PROPOSALS>"Proposals"</a> "."
            </li>
            <li>
                <strong>"Deleted."</strong>
                " No system deletes an account here: administrators decide under Proposals. The system itself is refused with the status 405, or told that it is done. The connector’s page has the setting for that."
            </li>
            <li><strong>"Active again."</strong> " An account that the connector disabled is enabled. If an administrator disabled it, only an administrator can enable it: that becomes a proposal."</li>
        </ul>
        <p>"Mark somebody as a leaver, transfer them or take them in here in the portal. SCIM has no words for that."</p>
    }
}
