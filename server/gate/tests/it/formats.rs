//! Formats as data: one wish through each of them is one plan; operators add their own.

use std::sync::Arc;

use domain::{dictionary::Attribute, plan::RowKind, rules::Rules};
use formats::Formats;
use gate::Gate;
use testkit::{PASSWORD, Portal, SERVICE, on_both};

use crate::{review, told};

const NEW: &str = "ODSCode,LocalID,Title,FirstName,LastName,Role,WorkArea,ClinicalSpecialty,Telephone,Mobile\n\
    RIV,7001,Dr,Zoë,O’Neill,consultant;researcher,Acute,Cardiology,(01632) 960-123,+44 7700 900123\n\
    RIV,1001,,,,Manager,,,,07700 900777\n\
    RIV,7002,Ms,Ann,Lee,Astronaut,Wards,,,\n";

const OLD: &str = "Mobile;Telephone;ClinicalSpecialty;WorkArea;JobRole;LastName;FirstName;Title;LocalUniqueIdentifier;OrganisationCode\r\n\
    07700900123;01632 960123;cardiology;acute;\"Researcher;Consultant\";O’Neill;Zoë;Dr;7001;riv\r\n\
    07700900777;;;;manager;;;;1001;RIV\r\n\
    ;;;Wards;Astronaut;Lee;Ann;Ms;7002;RIV\r\n";

on_both! {
    async fn one_wish_through_the_old_and_the_new_format_gives_one_plan(portal: Portal) {
        let ben = portal.persona("Ben").await;
        let mut plans = Vec::new();
        for (format, text) in [("new", NEW), ("old", OLD)] {
            let id = portal.upload(&ben, text).await;
            let shown = review(&portal, &ben, &id).await;
            assert_eq!(shown.submission.format.as_deref(), Some(format));
            plans.push(shown);
        }
        let rows = |index: usize| plans[index].rows.iter().map(|row| row.planned.step.clone()).collect::<Vec<_>>();
        assert_eq!(rows(0), rows(1));
        insta::assert_snapshot!(told(&plans[0]));
    }
}

#[tokio::test]
async fn an_operator_adds_a_third_format_and_replaces_a_shipped_one() {
    let folder = tempfile::tempdir().unwrap();
    let definition = "name = \"payroll\"\ntitle = \"Payroll\"\nsummary = \"As the payroll system writes it.\"\nseparator = \"/\"\n\
        [[column]]\nheading = \"Employee no.\"\nattribute = \"local-id\"\nrequired = true\n\
        [[column]]\nheading = \"Trust\"\nattribute = \"organisation\"\nrequired = true\n\
        [[column]]\nheading = \"Forename\"\nattribute = \"first-name\"\n\
        [[column]]\nheading = \"Surname\"\nattribute = \"last-name\"\n\
        [[column]]\nheading = \"Staff group\"\nattribute = \"role\"\n";
    std::fs::write(folder.path().join("payroll.toml"), definition).unwrap();
    std::fs::write(
        folder.path().join("old.toml"),
        definition.replace("payroll", "old").replace("Trust", "Org"),
    )
    .unwrap();
    let usual = "leave-out = [\"Surname\"]\n[[heading]]\nattribute = \"local-id\"\nnames = [\"Clock card\"]\n";
    std::fs::write(folder.path().join("headings.toml"), usual).unwrap();
    let formats = Formats::with_folder(folder.path()).unwrap();
    let unknown = ["clock-card", "Given name"].map(str::to_owned);
    assert_eq!(formats.guess_columns(&unknown, None), [Some(Attribute::LocalId), None]);
    assert_eq!(
        formats.iter().map(|format| format.name.as_str()).collect::<Vec<_>>(),
        ["new", "old", "payroll"]
    );

    let mut portal = Portal::empty(testkit::Kind::Sqlite).await;
    let rules = Rules::standard(domain::values::email_address::MailDomain::parse(testkit::MAIL_DOMAIN).unwrap());
    portal.gate = Gate::new(portal.gate.store().clone(), rules, formats, Arc::new(|| testkit::NOON));
    demo::establish(&portal.gate, &SERVICE, PASSWORD).await.unwrap();
    let ben = portal.persona("Ben").await;
    let id = portal
        .upload(
            &ben,
            "Employee No;Trust;Forename;Surname;Staff group\n88;RIV;Ada;Bright;Nurse/Manager\n",
        )
        .await;
    let shown = review(&portal, &ben, &id).await;
    assert_eq!(shown.submission.format.as_deref(), Some("payroll"));
    assert_eq!(shown.submission.totals.of(RowKind::Create), 1);
}
