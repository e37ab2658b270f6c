//! What to enter in each product, what to turn off there, and what it does about leavers.

use leptos::prelude::*;

use crate::islands::breakable;

/// The sections, each with its heading.
#[component]
pub(super) fn Products(address: String) -> impl IntoView {
    view! {
        <Entra address=address.clone()/>
        <Okta address=address.clone()/>
        <Authentik address=address.clone()/>
        <Rauthy address=address.clone()/>
        <Mim address/>
    }
}

#[component]
fn Entra(address: String) -> impl IntoView {
    view! {
        <h2 id="entra">"Microsoft Entra ID"</h2>
        <ol>
            <li>"Under Enterprise applications, create your own application (non-gallery)."</li>
            <li>"Open Provisioning. Enter " <code class="app-break" inner_html=breakable(&address)></code> " as the Tenant URL and the token as the Secret Token. Choose Test Connection."</li>
            <li>"Under Mappings, turn off the groups: set Enabled to No."</li>
            <li>"Open the mapping of users. Under Target Object Actions leave Create and Update ticked, and " <strong>"untick Delete"</strong> "."</li>
            <li>"Map externalId to objectId. It is mapped to mailNickname at first, which can change."</li>
            <li>"If you map emails or addresses, remove those mappings: they are not used."</li>
            <li>"Under Settings, turn on the prevention of accidental deletions. Then start provisioning."</li>
        </ol>
        <p><strong>"Leavers: "</strong> "when somebody is disabled in Entra ID, or is no longer assigned to the application, Entra ID sets them to inactive here. It deletes them 30 days after they were deleted there. With Delete unticked it does not, and nothing fails."</p>
        <p>"Entra ID comes about every 40 minutes. If too much fails, it puts the application into quarantine and comes less often."</p>
    }
}

#[component]
fn Okta(address: String) -> impl IntoView {
    view! {
        <h2 id="okta">"Okta"</h2>
        <ol>
            <li>"Add the catalogue application SCIM 2.0 Test App (OAuth Bearer Token), or turn on SCIM provisioning in an application of your own."</li>
            <li>"On the tab Provisioning, under Integration, enter " <code class="app-break" inner_html=breakable(&address)></code> " as the base URL and the token. In an application of your own, enter userName as the unique identifier field, and choose HTTP Header as the authentication mode."</li>
            <li>"Tick Push New Users and Push Profile Updates. Leave " <strong>"Push Groups unticked"</strong> "."</li>
            <li>"Under To App, turn on Create Users, Update User Attributes and Deactivate Users. Leave Sync Password off: there are no passwords in SCIM here."</li>
            <li>"Assign the people."</li>
        </ol>
        <p><strong>"Leavers: "</strong> "Okta never deletes. It sets people to inactive when they are deactivated there or no longer assigned. Allow the connector to disable accounts if that should happen at once."</p>
        <p>"Okta comes as soon as something changes there."</p>
    }
}

#[component]
fn Authentik(address: String) -> impl IntoView {
    view! {
        <h2 id="authentik">"authentik"</h2>
        <ol>
            <li>"Create a SCIM provider. Enter " <code class="app-break" inner_html=breakable(&address)></code> " as the URL and the token as the static token."</li>
            <li>"Turn on the dry run for the first time, and read what it would send."</li>
            <li>"Exclude service accounts, and choose the group whose members are to be synchronised."</li>
            <li>"In the property mapping of users, send the first and last name apart, as givenName and familyName. Remove the mapping of groups."</li>
            <li>"Add the provider to an application under Backchannel Providers."</li>
        </ol>
        <p><strong>"Leavers: "</strong> "authentik sets a user to inactive when they are deactivated there. It deletes them when they are deleted there or leave the chosen group. On the connector’s page, choose “Propose it to administrators” for that: otherwise each deletion is an error in authentik."</p>
        <p>"authentik sends everything again every hour. A user who has not changed costs nothing here."</p>
    }
}

#[component]
fn Rauthy(address: String) -> impl IntoView {
    view! {
        <h2 id="rauthy">"Rauthy"</h2>
        <ol>
            <li>"In Rauthy’s configuration set " <code>"sync_delete_users = false"</code> " in the section scim."</li>
            <li>"Open the client and turn on SCIM. Enter " <code class="app-break" inner_html=breakable(&address)></code> " as the base URI, and the token."</li>
            <li>"Leave the groups unticked, and save. Rauthy then sends everybody."</li>
        </ol>
        <p><strong>"Leavers: "</strong> "Rauthy sets users to inactive when they are disabled there. With the setting above it does not delete."</p>
        <p>"Rauthy sends the email address as userName. If it is in our mail domain and free, new accounts get it."</p>
    }
}

#[component]
fn Mim(address: String) -> impl IntoView {
    view! {
        <h2 id="mim">"Microsoft Identity Manager"</h2>
        <p>"MIM has no SCIM connector of its own. Use its Web Service connector, or a PowerShell connector that calls the same addresses as " <a href="#script">"a script"</a> "."</p>
        <ol>
            <li>"Use the address " <code class="app-break" inner_html=breakable(&address)></code> " and send the token in the header Authorization."</li>
            <li>"Import: read /Users page by page with count=1000, and cursor for more than 10,000. For a delta import, read /Users/.delta with the delta token from the last run."</li>
            <li>"Export: search for the person by externalId. If there is no match, POST to /Users. Otherwise PATCH what changed."</li>
            <li>"Join on externalId, or on employeeNumber if you have used the portal before. Confirm each export by an import: addresses are made here and come back to you."</li>
            <li>"Under Configure Deprovisioning, choose " <strong>"Make them disconnectors"</strong> ", and not “Stage a delete”."</li>
        </ol>
        <p><strong>"Leavers: "</strong> "let an export flow set active to false. A staged delete deletes nobody: administrators are asked."</p>
    }
}
