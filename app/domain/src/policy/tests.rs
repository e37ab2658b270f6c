mod whom;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    absence::Stay,
    dictionary::{Attribute, Attributes, Value},
    organisation::{Organisation, OrganisationCode, OrganisationStatus},
    plan::{AccountRef, AccountStep, OrganisationStep, Plan, PlannedRow, Provision, Step},
    values::ids::RowNumber,
};

#[test]
fn the_role_table_is_the_published_one() {
    insta::assert_snapshot!(table::printed());
}

/// A small tree: A, A1 below A, A11 below A1, B.
fn tree() -> Vec<Organisation> {
    let path = |text: &str| OrganisationPath::stored(text.to_owned());
    [
        ("AAA", "/AAA/"),
        ("AA1", "/AAA/AA1/"),
        ("A11", "/AAA/AA1/A11/"),
        ("BBB", "/BBB/"),
    ]
    .into_iter()
    .map(|(code, place)| Organisation {
        code: OrganisationCode::parse(code).unwrap(),
        name: code.into(),
        short_name: code.into(),
        status: OrganisationStatus::Open,
        path: path(place),
        sites: vec![],
        units: vec![],
    })
    .collect()
}

fn creation_at(place: usize, unit: Option<&str>, channel: Channel) -> Plan {
    let organisations = tree();
    let unit = unit.map(|unit| (Attribute::Unit, Value::stored(unit.into())));
    let attributes: Attributes = unit.into_iter().collect();
    let step = Step::CreateAccount {
        organisation: organisations[place].code.clone(),
        attributes,
        with_password: false,
        stay: Stay::default(),
        provision: Provision::default(),
    };
    Plan {
        channel,
        organisations,
        holders: Holders::default(),
        rows: vec![PlannedRow {
            row: RowNumber(2),
            name: String::new(),
            step,
            warnings: vec![],
            kept: vec![],
            overwrites: vec![],
            matched: None,
        }],
    }
}

fn person() -> Actor {
    Actor::Person {
        account: AccountId(Uuid::nil()),
        name: "Ben".into(),
    }
}

proptest! {
    /// The gate's answer against the table's sentence: "the grant's organisation and its descendants".
    #[test]
    fn an_upload_is_allowed_exactly_in_the_sub_trees_of_administrators(
        grants in prop::collection::vec((0usize..7, 0usize..4, prop::option::of(prop::sample::select(vec!["W", "W / X", "V"]))), 0..4),
        place in 0usize..4,
        unit in prop::option::of(prop::sample::select(vec!["W", "W / X", "V", "WX"])),
    ) {
        let organisations = tree();
        let held: Vec<Grant> = grants.iter().map(|(role, at, unit)| Grant {
            role: Role::ALL[*role],
            path: organisations[*at].path.clone(),
            unit: unit.map(UnitPath::parse),
            channels: vec![],
            may_disable: false,
        }).collect();
        let expected = grants.iter().any(|(role, at, over)| match Role::ALL[*role] {
            Role::GlobalAdministrator => true,
            Role::PrimaryLocalAdministrator | Role::LocalAdministrator => {
                let below = organisations[place].path.as_str().starts_with(organisations[*at].path.as_str());
                match over {
                    None => below,
                    Some(over) => place == *at && unit.is_some_and(|unit| unit == *over || unit.starts_with(&format!("{over} / "))),
                }
            }
            _ => false,
        });
        let authority = Authority::new(person(), held);
        prop_assert_eq!(authorise(&authority, creation_at(place, unit, Channel::PortalCsv)).is_ok(), expected);
    }
}

#[test]
fn nobody_founds_organisations_but_the_service() {
    let organisation = tree().remove(0);
    let step = Step::Organisation(OrganisationStep::Found(organisation));
    let row = PlannedRow {
        row: RowNumber(1),
        name: String::new(),
        step,
        warnings: vec![],
        kept: vec![],
        overwrites: vec![],
        matched: None,
    };
    let plan = |channel| Plan {
        channel,
        organisations: tree(),
        holders: Holders::default(),
        rows: vec![row.clone()],
    };
    let root = OrganisationPath::stored("/".into());
    let global = Authority::new(
        person(),
        vec![Grant {
            role: Role::GlobalAdministrator,
            path: root,
            unit: None,
            channels: vec![],
            may_disable: false,
        }],
    );
    assert!(authorise(&global, plan(Channel::Portal)).is_err());
    assert!(authorise(&Authority::new(Actor::System, vec![]), plan(Channel::System)).is_ok());
}

#[test]
fn an_administrator_sends_by_machine_only_with_connector_over_the_same_place() {
    let at = |place: &str| OrganisationPath::stored(place.to_owned());
    let la = Grant {
        role: Role::LocalAdministrator,
        path: at("/AAA/AA1/"),
        unit: None,
        channels: vec![],
        may_disable: false,
    };
    let connector = |place: &str| Grant {
        role: Role::Connector,
        path: at(place),
        unit: None,
        channels: vec![Channel::EmailCsv],
        may_disable: false,
    };
    let through = |grants: Vec<Grant>, channel| {
        authorise(&Authority::new(person(), grants), creation_at(1, None, channel)).is_ok()
    };
    let allowed = |grants: Vec<Grant>| through(grants, Channel::EmailCsv);
    assert!(!allowed(vec![la.clone()]));
    assert!(!allowed(vec![la.clone(), connector("/BBB/")]));
    assert!(allowed(vec![la.clone(), connector("/AAA/")]));
    assert!(allowed(vec![connector("/AAA/AA1/")]));
    // Each channel is given by itself.
    assert!(!through(vec![connector("/AAA/AA1/")], Channel::Api));
    assert!(!through(vec![la, connector("/AAA/")], Channel::ChangeFile));
}

#[test]
fn a_connector_disables_by_api_only_where_its_grant_says_so() {
    let place = OrganisationPath::stored("/AAA/AA1/".into());
    let connector = |may_disable, channels: &[Channel]| Grant {
        role: Role::Connector,
        path: place.clone(),
        unit: None,
        channels: channels.to_vec(),
        may_disable,
    };
    let primary = Grant {
        role: Role::PrimaryLocalAdministrator,
        may_disable: false,
        channels: vec![],
        ..connector(false, &[])
    };
    let may = |grants: Vec<Grant>, channel| {
        let authority = Authority::new(person(), grants);
        authority.may(Operation::DisableOrEnable, channel, &place, None)
    };
    let both = [Channel::Api, Channel::ChangeFile];
    assert!(may(vec![connector(true, &both)], Channel::Api));
    assert!(!may(vec![connector(false, &both)], Channel::Api));
    assert!(!may(vec![connector(true, &[Channel::ChangeFile])], Channel::Api));
    // An administrator who sends through the API is a Connector there, too.
    assert!(!may(vec![primary.clone(), connector(false, &both)], Channel::Api));
    assert!(may(vec![primary, connector(true, &both)], Channel::Api));
    assert!(may(vec![connector(false, &both)], Channel::ChangeFile));
    assert!(!may(vec![connector(true, &both)], Channel::Portal));
}

#[test]
fn a_connector_does_all_that_change_files_ask_for_and_nothing_by_form() {
    let place = OrganisationPath::stored("/AAA/".into());
    let grant = |role, channels: &[Channel]| Grant {
        role,
        path: place.clone(),
        unit: None,
        channels: channels.to_vec(),
        may_disable: false,
    };
    let may =
        |grant: Grant, operation, channel| Authority::new(person(), vec![grant]).may(operation, channel, &place, None);
    let asked = [
        Operation::CreateAccount,
        Operation::EditAccount,
        Operation::DisableOrEnable,
        Operation::DeleteOrRestoreAccount,
        Operation::SeatsAndStorage,
    ];
    for operation in asked {
        let by = |channels: &[Channel], channel| may(grant(Role::Connector, channels), operation, channel);
        assert!(by(&[Channel::ChangeFile], Channel::ChangeFile), "{operation:?}");
        assert!(
            !by(&[Channel::Api, Channel::EmailCsv], Channel::ChangeFile),
            "{operation:?}"
        );
        assert!(!by(&[Channel::ChangeFile], Channel::Portal), "{operation:?}");
        // Whoever manages the people does not send for them.
        let primary = grant(Role::PrimaryLocalAdministrator, &[]);
        assert!(!may(primary, operation, Channel::ChangeFile), "{operation:?}");
    }
    let by_form = |role| {
        [
            Operation::SeatsAndStorage,
            Operation::HoldOrRelease,
            Operation::ManageCustomers,
        ]
        .map(|operation| may(grant(role, &[]), operation, Channel::Portal))
    };
    assert_eq!(by_form(Role::PrimaryLocalAdministrator), [true, true, false]);
    assert_eq!(by_form(Role::LocalAdministrator), [false, false, false]);
    assert_eq!(by_form(Role::GlobalAdministrator), [true, true, true]);
    assert_eq!(by_form(Role::GlobalHelpdesk), [false, false, false]);
}

#[test]
fn only_global_administrators_change_customers_and_subscriptions() {
    let organisations = tree();
    let customer: crate::customer::Customer =
        serde_json::from_str(r#"{"number":7,"organisation":"AAA","change_files":true}"#).unwrap();
    let subscription: crate::subscription::Subscription =
        serde_json::from_str(r#"{"number":8,"customer":7,"name":"Staff","offering":"mail"}"#).unwrap();
    let steps = [
        Step::Customer {
            before: None,
            after: Box::new(customer),
        },
        Step::Subscription {
            organisation: organisations[0].code.clone(),
            before: None,
            after: Box::new(subscription),
        },
    ];
    for step in steps {
        let plan = Plan {
            channel: Channel::Portal,
            organisations: organisations.clone(),
            holders: Holders::default(),
            rows: vec![PlannedRow {
                row: RowNumber(1),
                name: String::new(),
                step,
                warnings: vec![],
                kept: vec![],
                overwrites: vec![],
                matched: None,
            }],
        };
        for role in Role::ALL {
            let grant = Grant {
                role,
                path: organisations[0].path.clone(),
                unit: None,
                channels: vec![Channel::ChangeFile],
                may_disable: true,
            };
            let allowed = authorise(&Authority::new(person(), vec![grant]), plan.clone()).is_ok();
            assert_eq!(allowed, role == Role::GlobalAdministrator, "{role:?}");
        }
    }
}

#[test]
fn local_administrators_grant_connector_only_where_the_operator_has_said_so() {
    let trust = OrganisationPath::stored("/AAA/".into());
    let grant = Grant {
        role: Role::LocalAdministrator,
        path: trust.clone(),
        unit: None,
        channels: vec![],
        may_disable: false,
    };
    let authority = Authority::new(person(), vec![grant]);
    let domain = crate::values::email_address::MailDomain::parse("health.example").unwrap();
    let mut rules = Rules::standard(domain);
    let may = |rules: &Rules, role| {
        authority
            .clone()
            .under(rules)
            .may_grant(AccountId(Uuid::max()), role, &trust, None)
    };
    assert!(!may(&rules, Role::Connector) && authority.granting().is_empty());
    rules.administrators_grant_connector = true;
    assert!(may(&rules, Role::Connector) && !may(&rules, Role::Audit));
    assert!(!authority.clone().under(&rules).granting().is_empty());
}

#[test]
fn moving_a_person_out_of_the_looked_after_unit_is_denied() {
    let change = crate::plan::Change {
        attribute: Attribute::Unit,
        before: Some(Value::stored("W".into())),
        after: Some(Value::stored("V".into())),
    };
    let organisations = tree();
    let step = Step::Account(
        AccountRef {
            account: AccountId(Uuid::nil()),
            version: 1,
            organisation: organisations[0].code.clone(),
            unit: Some(UnitPath::parse("W")),
        },
        AccountStep::Update {
            changes: vec![change],
            days: vec![],
        },
    );
    let row = PlannedRow {
        row: RowNumber(2),
        name: String::new(),
        step,
        warnings: vec![],
        kept: vec![],
        overwrites: vec![],
        matched: None,
    };
    let plan = Plan {
        channel: Channel::PortalCsv,
        organisations,
        holders: Holders::default(),
        rows: vec![row],
    };
    let path = OrganisationPath::stored("/AAA/".into());
    let grant = Grant {
        role: Role::LocalAdministrator,
        path,
        unit: Some(UnitPath::parse("W")),
        channels: vec![],
        may_disable: false,
    };
    assert_eq!(
        authorise(&Authority::new(person(), vec![grant]), plan).map(|_| ()),
        Err(Denied)
    );
}

#[test]
fn nobody_grants_above_their_own_table_or_to_themselves() {
    let own = AccountId(Uuid::nil());
    let other = AccountId(Uuid::max());
    let trust = OrganisationPath::stored("/AAA/".into());
    let elsewhere = OrganisationPath::stored("/BBB/".into());
    let with = |role| {
        Authority::new(
            person(),
            vec![Grant {
                role,
                path: trust.clone(),
                unit: None,
                channels: vec![],
                may_disable: false,
            }],
        )
    };
    let primary = with(Role::PrimaryLocalAdministrator);
    assert!(primary.may_grant(other, Role::Connector, &trust, None));
    assert!(!primary.may_grant(own, Role::Connector, &trust, None));
    assert!(!primary.may_grant(other, Role::Connector, &elsewhere, None));
    assert!(primary.may_grant(other, Role::PrimaryLocalAdministrator, &trust, None));
    assert!(!primary.may_grant(own, Role::PrimaryLocalAdministrator, &trust, None));
    assert!(!primary.may_grant(other, Role::GlobalAdministrator, &trust, None));
    assert!(!with(Role::LocalAdministrator).may_grant(other, Role::Connector, &trust, None));
    let global = with(Role::GlobalAdministrator);
    assert!(global.may_grant(other, Role::PrimaryLocalAdministrator, &elsewhere, None));
    assert!(global.may_grant(other, Role::GlobalAdministrator, &elsewhere, None));
    assert!(!global.may_grant(own, Role::GlobalAdministrator, &elsewhere, None));
}
