//! The same by a script of one's own: what to ask, with examples that can be copied.

use leptos::prelude::*;

/// The section.
#[component]
pub(super) fn Script(address: String) -> impl IntoView {
    let examples = [
        ("Who am I, and what can I send?", discovery(&address)),
        ("Find somebody by your own key", find(&address)),
        ("See what a request would do, and change nothing", rehearse(&address)),
        ("Create an account", create(&address)),
        (
            "Change a telephone number, or say that somebody has left",
            change(&address),
        ),
        ("Read everybody, page by page", all(&address)),
    ];
    let examples = examples.map(|(label, code)| {
        view! {
            <details class="nhsuk-details">
                <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">{label}</span></summary>
                <div class="nhsuk-details__text"><pre class="app-code" tabindex="0"><code>{code}</code></pre></div>
            </details>
        }
    });
    view! {
        <h2 id="script">"A script of your own"</h2>
        <p>"Keep the token in the variable TOKEN, not in the script. Bodies and answers are JSON, of the type application/scim+json."</p>
        <p>"In the examples, ID is the account’s id. It is in the answer when you find somebody or create their account."</p>
        {examples.collect_view()}
        <ul>
            <li>"Look people up first, then create or change them. If you create somebody who exists already, the answer is 409 and says which account is theirs."</li>
            <li>"What is refused says why in " <code>"detail"</code> ". The same stands on the connector’s page."</li>
            <li>"After 429 or 503, wait for the seconds in the header Retry-After."</li>
            <li>"Leavers: set active to false. A DELETE deletes nobody: administrators are asked."</li>
        </ul>
    }
}

fn discovery(address: &str) -> String {
    format!(
        r#"curl -H "Authorization: Bearer $TOKEN" {address}/ServiceProviderConfig
curl -H "Authorization: Bearer $TOKEN" {address}/Schemas"#
    )
}

fn find(address: &str) -> String {
    format!(
        r#"curl -G -H "Authorization: Bearer $TOKEN" {address}/Users \
  --data-urlencode 'filter=externalId eq "E1001"'"#
    )
}

/// An account’s ID, as answers hold it.
const AN_ID: &str = "01938f0e-5d3c-7d4e-8a34-6f2b8c0d9e11";

/// The body of a new user.
const NEW: &str = r#"{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
              "urn:staffbook:scim:schemas:2.0:Account"],
  "userName": "jane.smith",
  "externalId": "E1001",
  "name": {"givenName": "Jane", "familyName": "Smith"},
  "urn:staffbook:scim:schemas:2.0:Account": {"organisation": "RIV01"}
}"#;

fn create(address: &str) -> String {
    format!(
        r#"curl -X POST -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/scim+json" {address}/Users \
  -d '{NEW}'"#
    )
}

fn rehearse(address: &str) -> String {
    format!(
        r#"curl -X POST -H "Authorization: Bearer $TOKEN" -H "Prefer: rehearse" \
  -H "Content-Type: application/scim+json" {address}/Users \
  -d '{NEW}'"#
    )
}

fn change(address: &str) -> String {
    let patch = |operation: &str| {
        format!(
            r#"curl -X PATCH -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/scim+json" {address}/Users/$ID \
  -d '{{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
       "Operations": [{operation}]}}'"#
        )
    };
    let mobile = r#"{"op": "replace",
         "path": "phoneNumbers[type eq \"mobile\"].value",
         "value": "+44 7700 900123"}"#;
    let left = r#"{"op": "replace", "path": "active", "value": false}"#;
    format!(
        "# The id that the answer held when you found or created the account.\nID={AN_ID}\n\n{}\n\n{}",
        patch(mobile),
        patch(left)
    )
}

fn all(address: &str) -> String {
    format!(
        r#"curl -G -H "Authorization: Bearer $TOKEN" {address}/Users \
  --data-urlencode 'cursor=' --data-urlencode 'count=1000'
# The next page: cursor= with the nextCursor of the answer."#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_of_an_example_is_set_or_explained() {
        let examples = change("https://portal.example/scim/v2");
        assert!(examples.contains("$ID") && examples.contains(&format!("ID={AN_ID}")));
    }
}
