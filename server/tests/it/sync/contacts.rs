//! Contacts, which a connector's program reads, and of which it can only say what is different.

use axum::http::header;
use domain::{connector::ProposalKind, dictionary::Attribute, values::ids::ContactId};
use gate::{ListedProposal, ProposalQuery};
use serde_json::json;
use testkit::on_both;

use super::{ask, assert_refused, jem};
use crate::{
    api::{Connector, connector},
    browser::{Answer, Site},
};

/// What waits for Ben.
async fn waiting(site: &Site) -> Vec<ListedProposal> {
    let ben = site.actor("Ben").await;
    let found = site
        .portal
        .gate
        .on_behalf_of(&ben)
        .proposals(ProposalQuery::default())
        .await;
    found.unwrap().proposals
}

async fn some_contact(site: &Site) -> ContactId {
    let ben = site.actor("Ben").await;
    let found = site
        .portal
        .gate
        .on_behalf_of(&ben)
        .contacts(&gate::Query::default())
        .await;
    found.unwrap().people[0].person.id
}

async fn write(site: &Site, by: &Connector, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    ask(site, &by.token, line, headers, body).await
}

on_both! {
    async fn a_write_to_a_contact_is_refused_and_asked_for(portal: Portal) {
        let site = Site::over(portal);
        let jem = jem(&site).await;
        let contact = some_contact(&site).await;
        let path = format!("/scim/v2/Contacts/{contact}");
        let body = json!({
            "schemas": ["urn:staffbook:scim:schemas:2.0:Contact"],
            "phoneNumbers": [{"type": "work", "value": "01632 960199"}],
            "notes": "Calls back on Mondays",
        });
        let (put, body) = (format!("PUT {path}"), body.to_string());
        let tried = write(&site, &jem, &put, &[("prefer", "rehearse")], &body).await;
        assert_refused(&tried, 405, None);
        assert!(waiting(&site).await.is_empty());
        let refused = write(&site, &jem, &put, &[], &body).await;
        assert_refused(&refused, 405, None);
        assert_eq!(refused.headers[header::ALLOW], "GET");
        assert!(refused.body.contains("Administrators have been asked to make this change."), "{}", refused.body);
        let wrong = json!({"phoneNumbers": [{"type": "work", "value": "nonsense"}]}).to_string();
        let refused = write(&site, &jem, &put, &[], &wrong).await;
        assert_refused(&refused, 405, None);
        assert!(refused.body.contains("Nobody was asked about this request: phoneNumbers"), "{}", refused.body);
        let asked = waiting(&site).await;
        assert_eq!((asked.len(), asked[0].kind), (1, ProposalKind::EditContact));
        assert_eq!(asked[0].asked[&Attribute::Notes], "Calls back on Mondays");
        assert_eq!(asked[0].asked[&Attribute::Telephone], "01632 960199");
        let operations = json!([{"op": "replace", "path": "notes", "value": "Calls back on Tuesdays"}]);
        let patch = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        let refused = write(&site, &jem, &format!("PATCH {path}"), &[], &patch.to_string()).await;
        assert_refused(&refused, 405, None);
        let asked = waiting(&site).await;
        assert_eq!((asked.len(), asked[0].asked[&Attribute::Notes].as_str()), (1, "Calls back on Tuesdays"));
        // Whoever is not asked about something reads why.
        let patch = format!("PATCH {path}");
        let same = json!({"Operations": [{"op": "replace", "path": "title", "value": "Nurse"}]}).to_string();
        for (body, why) in [
            ("{}", "Nobody was asked about this request: A PATCH body has a list"),
            (same.as_str(), "Nobody was asked about this request: It names nothing that a contact has."),
        ] {
            let refused = write(&site, &jem, &patch, &[], body).await;
            assert_refused(&refused, 405, None);
            assert!(refused.body.contains(why), "{}", refused.body);
        }
        // Nobody is asked to delete one.
        assert_refused(&write(&site, &jem, &format!("DELETE {path}"), &[], "").await, 405, None);
        assert_eq!(waiting(&site).await.len(), 1);
    }

    async fn a_contact_out_of_the_scope_is_not_there_for_a_write(portal: Portal) {
        let site = Site::over(portal);
        let other = connector(&site, "olwen.adeyemi@health.example", "G7H8J").await;
        let jem = jem(&site).await;
        let contact = some_contact(&site).await;
        for path in [format!("/scim/v2/Contacts/{contact}"), "/scim/v2/Contacts/none".to_owned()] {
            for (method, body) in [("PUT", r#"{"notes": "Mine"}"#), ("PATCH", "{}"), ("DELETE", "")] {
                assert_refused(&write(&site, &other, &format!("{method} {path}"), &[], body).await, 404, None);
            }
        }
        // Bodies have the same limits as everywhere.
        let put = format!("PUT /scim/v2/Contacts/{contact}");
        let large = format!("{{\"notes\": \"{}\"}}", "x".repeat(scim::bulk::LARGEST));
        assert_refused(&write(&site, &jem, &put, &[], &large).await, 413, None);
        assert_refused(&write(&site, &jem, &put, &[("content-type", "text/csv")], "{}").await, 415, None);
        // What cannot be read is refused like the rest.
        assert_refused(&write(&site, &jem, &put, &[], "{").await, 405, None);
        assert!(waiting(&site).await.is_empty());
    }
}
