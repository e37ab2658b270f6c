//! Canaille, an identity provider with a SCIM client of its own, against the service as it runs.

use domain::{account::AccountStatus, dictionary::Attribute};
use testkit::{Kind, Portal};

use super::{BASE, Machine, SETTINGS, TOLERANT, script};
use crate::{
    assert_approved,
    under_fire::process::{Running, free_address},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canaille_creates_and_renames_and_is_refused() {
    let portal = Portal::open_live(Kind::Sqlite).await;
    let address = free_address();
    let _running = Running::serve(&portal.url, address, &SETTINGS).await;
    let machine = Machine::made(&portal, "jem.bassey@health.example", "G7H8J", TOLERANT).await;
    let url = format!("http://{address}{BASE}");
    let before = portal.everybody().await.len();
    let said = script("provider", "identity_provider.py", &url, &machine.token);
    assert_approved("scim-canaille.txt", &said);

    let everybody = portal.everybody().await;
    assert_eq!(everybody.len(), before + 1);
    let jo = portal.account("jo.fenn@health.example").await;
    let jo = portal.standing(jo).await;
    let text = |attribute| jo.attributes.text(attribute);
    assert_eq!(jo.organisation.as_str(), "G7H8J");
    assert_eq!(
        [
            text(Attribute::FirstName),
            text(Attribute::LastName),
            text(Attribute::JobTitle),
            text(Attribute::Department),
            text(Attribute::LocalId),
            text(Attribute::Telephone),
            text(Attribute::UserName),
        ],
        [
            "Joanna",
            "Fenn",
            "Staff nurse",
            "Medicine",
            "4711",
            "+441632960123",
            "jo.fenn"
        ]
    );
    // Whom it would have deleted is still there, and nothing of the refused change is.
    assert_eq!(jo.status, AccountStatus::Pending);
    portal.adds_up().await;
}
