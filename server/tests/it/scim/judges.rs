//! Two judges of the standard, from strangers, against the service as it runs.

use domain::connector::{ConnectorSettings, Deletes, WhichDialect};
use testkit::{Kind, Portal};

use super::{BASE, Machine, SETTINGS, script};
use crate::{
    assert_approved,
    under_fire::process::{Running, Setting, free_address},
};

/// They disable most of the people they make, who are most of the organisation.
const BRAKE: [Setting<'_>; 2] = [
    ("PORTAL_ACCESS_BRAKE_PERCENT", "100"),
    ("PORTAL_ACCESS_BRAKE_PEOPLE", "1000000"),
];

async fn judged(kind: Kind) {
    let portal = Portal::open_live(kind).await;
    let address = free_address();
    let _running = Running::serve(&portal.url, address, &[&SETTINGS[..], &BRAKE[..]].concat()).await;
    let url = format!("http://{address}{BASE}");
    let mut told = String::new();
    for (what, person, deletes) in [
        ("DELETE is refused", "jem.bassey@health.example", Deletes::Refuse),
        (
            "DELETE is a proposal",
            "arun.thackeray@health.example",
            Deletes::Propose,
        ),
    ] {
        let settings = ConnectorSettings {
            dialect: WhichDialect::Strict,
            deletes,
            shadow: false,
        };
        let machine = Machine::made(&portal, person, "G7H8J", settings).await;
        let said = script("compliance", "compliance.py", &url, &machine.token);
        told += &format!("A strict connector; {what}\n{said}");
    }
    portal.adds_up().await;
    assert_approved("scim-judges.txt", &told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn judges_object_to_nothing_but_a_refused_delete_on_sqlite() {
    judged(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn judges_object_to_nothing_but_a_refused_delete_on_postgres() {
    judged(Kind::Postgres).await;
}
