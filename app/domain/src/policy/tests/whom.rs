//! What each role may do to whom: the approved table asks about the target, too.

use super::*;
use crate::{
    account::AccountStatus,
    grant::Terms,
    life::Turn,
    plan::{Change, HeldRole, SeatStep},
    subscription::{NewSeat, Offering, SubscriptionNumber},
    values::{email_address::EmailAddress, ids::GrantId},
};

const TARGETS: [Option<Role>; 5] = [
    None,
    Some(Role::LocalHelpdesk),
    Some(Role::LocalAdministrator),
    Some(Role::PrimaryLocalAdministrator),
    Some(Role::GlobalAdministrator),
];

/// What is done to the target. Each is a change that an account of that status takes.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    ChangeJobTitle,
    ChangeAddress,
    ResetPassword,
    ResetPasswordAfterNewAddress,
    ResetFactors,
    Unlock,
    Turn(Turn),
    PlanLeaving,
    PlanAbsence,
    Transfer,
    AssignSeat,
    Hold,
    AskRename,
}

const ACTS: [(Act, &str); 15] = [
    (Act::ChangeJobTitle, "change job title"),
    (Act::ChangeAddress, "change email address"),
    (Act::ResetPassword, "reset password"),
    (
        Act::ResetPasswordAfterNewAddress,
        "reset password, 7 days from a new address",
    ),
    (Act::ResetFactors, "reset second factor"),
    (Act::Unlock, "unlock"),
    (Act::Turn(Turn::Disable), "disable"),
    (Act::Turn(Turn::MarkLeaver), "mark as leaver"),
    (Act::PlanLeaving, "plan leaving date"),
    (Act::PlanAbsence, "plan absence"),
    (Act::Turn(Turn::Delete), "delete"),
    (Act::Transfer, "transfer"),
    (Act::AssignSeat, "assign seat"),
    (Act::Hold, "hold"),
    (Act::AskRename, "ask for another email address"),
];

fn target() -> AccountId {
    AccountId(Uuid::max())
}

fn held(role: Role) -> HeldRole {
    HeldRole {
        grant: GrantId(Uuid::max()),
        role,
        organisation: tree()[0].code.clone(),
        unit: None,
        terms: Terms::default(),
    }
}

fn step(act: Act, role: Option<Role>) -> Step {
    let organisations = tree();
    let of = AccountRef {
        account: target(),
        version: 1,
        organisation: organisations[0].code.clone(),
        unit: None,
    };
    let change = |attribute, text: &str| Change {
        attribute,
        before: None,
        after: Some(Value::stored(text.into())),
    };
    let ends: Vec<_> = role.map(held).into_iter().collect();
    let turn = |turn: Turn, before, after, ends| {
        Step::Account(
            of.clone(),
            AccountStep::Turn {
                turn,
                before,
                after,
                leaving: None,
                leaves_on: None,
                back: None,
                away: None,
                ends,
                seats: vec![],
            },
        )
    };
    match act {
        Act::AssignSeat => Step::Account(
            of,
            AccountStep::Seats {
                seats: vec![SeatStep::Assign(NewSeat {
                    subscription: SubscriptionNumber::new(69_051).unwrap(),
                    offering: Offering::Bundle,
                    active: false,
                })],
                changes: vec![],
            },
        ),
        Act::Hold => Step::Account(
            of,
            AccountStep::Hold {
                reason: "merger".to_owned(),
            },
        ),
        Act::AskRename => Step::Account(
            of,
            AccountStep::AskRename {
                to: EmailAddress::parse("shared.box@health.example").unwrap(),
            },
        ),
        Act::ChangeJobTitle => Step::Account(
            of,
            AccountStep::Update {
                changes: vec![change(Attribute::JobTitle, "Nurse")],
                days: vec![],
            },
        ),
        Act::ChangeAddress => Step::Account(
            of,
            AccountStep::Update {
                changes: vec![change(Attribute::EmailAddress, "shared.box@health.example")],
                days: vec![],
            },
        ),
        Act::ResetPassword | Act::ResetPasswordAfterNewAddress => Step::Account(
            of,
            AccountStep::ResetPassword {
                link: crate::life::LinkFor::AnotherPassword,
            },
        ),
        Act::ResetFactors => Step::Account(of, AccountStep::ResetFactors),
        Act::Unlock => turn(Turn::Unlock, AccountStatus::Locked, AccountStatus::Active, vec![]),
        Act::Turn(each) => turn(each, AccountStatus::Active, AccountStatus::Deleted, ends),
        Act::PlanLeaving => Step::Account(
            of,
            AccountStep::PlanLeaving {
                before: None,
                after: Some(crate::values::ids::Timestamp(1)),
            },
        ),
        Act::PlanAbsence => Step::Account(
            of,
            AccountStep::PlanAbsence {
                before: None,
                after: Some(crate::absence::Absence::default()),
            },
        ),
        Act::Transfer => Step::Account(
            of,
            AccountStep::Move {
                to: organisations[1].code.clone(),
                before: AccountStatus::Active,
                changes: vec![],
                leaving: None,
                leaves_on: None,
                ends,
                seats: vec![],
            },
        ),
    }
}

fn may(asker: Role, act: Act, role: Option<Role>) -> bool {
    let organisations = tree();
    let place = &organisations[0];
    let authority = Authority::new(
        person(),
        vec![Grant {
            role: asker,
            path: place.path.clone(),
            unit: None,
            channels: vec![],
            may_disable: false,
        }],
    );
    let mut holders = Holders::default();
    holders.places.insert(place.code.clone(), place.path.clone());
    holders.roles.extend(role.map(|role| (target(), vec![held(role)])));
    if act == Act::ResetPasswordAfterNewAddress {
        holders.readdressed.insert(target());
    }
    let row = PlannedRow {
        row: RowNumber(1),
        name: String::new(),
        step: step(act, role),
        warnings: vec![],
        kept: vec![],
        overwrites: vec![],
        matched: None,
    };
    let plan = Plan {
        channel: Channel::Portal,
        organisations,
        holders,
        rows: vec![row],
    };
    authorise(&authority, plan).is_ok()
}

#[test]
fn who_may_do_what_to_whom_is_as_approved() {
    let name = |target: Option<Role>| target.map_or("somebody without a role", Role::name);
    let mut text = String::new();
    for asker in Role::ALL {
        text += &format!("\n{}, of the same organisation\n\n| |", asker.name());
        for target in TARGETS {
            text += &format!(" {} |", name(target));
        }
        text += "\n|---|---|---|---|---|---|\n";
        for (act, words) in ACTS {
            text += &format!("| {words} |");
            for target in TARGETS {
                text += if may(asker, act, target) { " yes |" } else { " |" };
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn who_could_end_a_role_is_told_by_its_kind_and_its_places() {
    let asker = |role| {
        let path = OrganisationPath::stored("/AAA/".into());
        let grant = Grant {
            role,
            path,
            unit: None,
            channels: vec![],
            may_disable: false,
        };
        Authority::new(person(), vec![grant])
    };
    let at = |role, place: usize| HeldRole {
        organisation: tree()[place].code.clone(),
        ..held(role)
    };
    let ender = |asker: &Authority, roles: Vec<HeldRole>| {
        let places = tree().into_iter().map(|known| (known.code, known.path));
        let holders = Holders {
            roles: [(target(), roles)].into(),
            places: places.collect(),
            ..Holders::default()
        };
        asker.who_ends(target(), &holders)
    };
    let (local, primary) = (asker(Role::LocalAdministrator), asker(Role::PrimaryLocalAdministrator));
    let helpdesk = |place| at(Role::LocalHelpdesk, place);
    assert_eq!(ender(&primary, vec![helpdesk(0), helpdesk(1)]), None);
    assert_eq!(ender(&local, vec![helpdesk(0)]), Some(Ender::PrimaryThere));
    assert_eq!(ender(&local, vec![helpdesk(0), helpdesk(1)]), Some(Ender::PrimaryThere));
    // Nobody else reaches two trees.
    assert_eq!(ender(&primary, vec![helpdesk(0), helpdesk(3)]), Some(Ender::Global));
    assert_eq!(ender(&primary, vec![at(Role::GlobalHelpdesk, 0)]), Some(Ender::Global));
}
