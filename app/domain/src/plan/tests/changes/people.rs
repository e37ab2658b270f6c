use super::*;
use crate::{account::Held, life::Turn, policy::Role, values::ids::GrantId};

/// A world of Jane in this status.
fn standing(status: AccountStatus) -> Snapshot {
    world(vec![Account { status, ..jane() }])
}

/// A world in which Jane is a Local Administrator.
pub(super) fn with_role() -> Snapshot {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    let held = HeldRole {
        grant: GrantId(Uuid::from_u128(5)),
        role: Role::LocalAdministrator,
        organisation: code("RIV"),
        unit: None,
        terms: crate::grant::Terms::default(),
    };
    world.holders.roles.insert(jane().id, vec![held]);
    world
}

#[test]
fn an_update_changes_what_it_gives_and_empties_what_is_empty() {
    let mut here = jane();
    here.attributes
        .set(Attribute::Department, Some(Value::stored("Wards".to_owned())));
    let fields = [
        (Field::JobTitle, "Nurse"),
        (Field::Department, ""),
        (Field::Language, "CY_gb"),
        (Field::TimeZone, "America/Central"),
    ];
    let planned = one(&world(vec![here]), &change(2, "Update", JANE, &fields));
    let changed: Vec<_> = planned
        .step
        .changes()
        .iter()
        .map(|change| (change.attribute, change.after.as_ref().map_or("", Value::as_str)))
        .collect();
    assert_eq!(
        changed,
        [
            (Attribute::JobTitle, "Nurse"),
            (Attribute::Department, ""),
            (Attribute::Language, "cy-GB"),
            (Attribute::TimeZone, "America/Chicago"),
        ]
    );
}

#[test]
fn an_update_needs_a_value_and_clears_no_name() {
    let world = world(vec![jane()]);
    assert_eq!(
        told(&world, "Update", JANE, &[(Field::SuppressInvitation, "SUPPRESS_ALL")]),
        ["Rejected update.empty This row changes nothing."]
    );
    assert_eq!(
        told(
            &world,
            "Update",
            JANE,
            &[(Field::GivenName, ""), (Field::FederationType, "")]
        ),
        [
            "Rejected field.empty FederationType cannot be empty.",
            "Rejected field.empty GivenName cannot be empty.",
        ]
    );
    assert_eq!(
        told(&world, "Update", JANE, &[(Field::GivenName, "Jane")]),
        ["NoChange"]
    );
    assert_eq!(
        told(
            &world,
            "Update",
            JANE,
            &[
                (Field::Password, "x"),
                (Field::SubscriptionId, COLLAB),
                (Field::Fax, "")
            ]
        ),
        ["Rejected field.not_taken Update does not take SubscriptionId."],
        "a password never stands among the fields"
    );
}

#[test]
fn a_field_of_no_harm_that_is_not_taken_is_ignored_with_a_notice() {
    assert_eq!(
        told(&world(vec![jane()]), "Suspend", JANE, &[(Field::JobTitle, "Nurse")]),
        [
            "Done disable account",
            "Notice field.not_taken Suspend does not take JobTitle. It is ignored.",
        ]
    );
}

#[test]
fn people_are_found_by_an_older_address_and_told_by_the_present_one() {
    let mut here = jane();
    here.aliases = vec![EmailAddress::parse("jane.jones@river.example").unwrap()];
    let world = world(vec![here]);
    let request = change(2, "Suspend", "Jane.Jones@river.example", &[]);
    let lines = report_lines(&request, &one(&world, &request), Outcome::Done);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.address.as_str(), line.code.as_str()))
        .collect();
    assert_eq!(told, [(JANE, ""), (JANE, "address.older")]);
}

#[test]
fn nobody_of_another_customer_is_found() {
    let mut other = jane();
    other.organisation = code("HLD01");
    let none = ["Rejected account.none There is no account jane.smith@river.example for this customer."];
    for action in [
        "Update",
        "Suspend",
        "Resume",
        "Remove",
        "RevokeSeat",
        "ResendInvitation",
    ] {
        let nurse = [(Field::JobTitle, "Nurse")];
        let fields = if action == "Update" { &nurse[..] } else { &[][..] };
        assert_eq!(
            told(&world(vec![other.clone()]), action, JANE, fields),
            none,
            "{action}"
        );
        assert_eq!(told(&world(vec![]), action, JANE, fields), none, "{action}");
    }
}

#[test]
fn every_row_for_somebody_who_is_held_is_rejected_as_held() {
    let held = Held {
        reason: "Investigation".to_owned(),
        by: "Priya Example".to_owned(),
        since: Timestamp(5),
    };
    let here = Account {
        held: Some(held),
        ..jane()
    };
    let mut world = world(vec![here]);
    world.seats.insert(jane().id, vec![seat(11, COLLAB, Offering::Collab)]);
    let expected = ["Held held jane.smith@river.example is held (Investigation) since day 5."];
    for action in ["Suspend", "Resume", "Remove", "RevokeSeat"] {
        assert_eq!(told(&world, action, JANE, &[]), expected, "{action}");
    }
    let add = told(&world, "Add", JANE, &NAMED);
    assert!(add.iter().all(|line| line.starts_with("Held ")), "{add:?}");
}

#[test]
fn a_status_says_what_can_be_done() {
    use AccountStatus::{Active, Deleted, Disabled, Inactive, Leaver, Locked, Pending};
    let leaving = "Rejected state jane.smith@river.example is leaving; this is handled in the portal.";
    for (status, action, expected) in [
        (Pending, "Suspend", "Done disable account"),
        (Active, "Suspend", "Done disable account"),
        (Inactive, "Suspend", "Done disable account"),
        (Locked, "Suspend", "Done disable account"),
        (Disabled, "Suspend", "NoChange"),
        (Leaver, "Suspend", leaving),
        (
            Deleted,
            "Suspend",
            "Rejected state jane.smith@river.example is deleted; Suspend is not possible.",
        ),
        (Active, "Resume", "NoChange"),
        (Locked, "Resume", "NoChange"),
        (Leaver, "Resume", leaving),
        (
            Disabled,
            "Resume",
            "Rejected disabled.by_person jane.smith@river.example was disabled by an administrator; enable it in the portal.",
        ),
        (Deleted, "Remove", "NoChange"),
        (
            Disabled,
            "ResendInvitation",
            "Rejected state jane.smith@river.example is disabled; ResendInvitation is not possible.",
        ),
    ] {
        assert_eq!(
            told(&standing(status), action, JANE, &[]),
            [expected],
            "{status:?} {action}"
        );
    }
    let update = told(&standing(Leaver), "Update", JANE, &[(Field::JobTitle, "Nurse")]);
    assert_eq!(update, [leaving]);
    assert!(told(&standing(Leaver), "Remove", JANE, &[])[0].starts_with("Done delete account"));
}

#[test]
fn a_machine_enables_whom_a_machine_disabled() {
    for (by, expected) in [
        (Some(Channel::ChangeFile), "Done enable account"),
        (Some(Channel::Api), "Done enable account"),
        (Some(Channel::Portal), "Rejected disabled.by_person"),
        (Some(Channel::System), "Rejected disabled.by_person"),
        (None, "Rejected disabled.by_person"),
    ] {
        let here = Account {
            status: AccountStatus::Disabled,
            disabled_by: by,
            ..jane()
        };
        let lines = told(&world(vec![here]), "Resume", JANE, &[]);
        assert!(lines[0].starts_with(expected), "{by:?} {lines:?}");
    }
    let away = Account {
        status: AccountStatus::Disabled,
        disabled_by: Some(Channel::System),
        ..jane()
    };
    assert_eq!(
        told(&world(vec![away]), "Resume", JANE, &[]),
        [
            "Rejected disabled.by_person jane.smith@river.example is disabled for a planned absence; enable it in the \
             portal."
        ]
    );
}

#[test]
fn a_removal_gives_the_content_to_somebody_with_a_seat_for_it() {
    let heir = account(2, "RIV", &[(Attribute::EmailAddress, "tom.hall@river.example")]);
    let mut world = world(vec![jane(), heir.clone()]);
    world.seats.insert(
        jane().id,
        vec![seat(11, COLLAB, Offering::Collab), seat(12, MAIL, Offering::Mail)],
    );
    let to = |text| told(&world, "Remove", JANE, &[(Field::AssignTo, text)]);
    assert_eq!(
        to("tom.hall@river.example"),
        ["Rejected assign_to.no_collab tom.hall@river.example has no collaboration seat to take the content."]
    );
    assert_eq!(
        to(JANE),
        ["Rejected assign_to.self AssignTo names the same person. Name another one, or leave it out."]
    );
    assert_eq!(
        to("nobody@river.example"),
        [
            "Rejected assign_to.none There is no active account nobody@river.example for this customer that could take the content."
        ]
    );
    world.seats.insert(heir.id, vec![seat(21, COLLAB, Offering::Collab)]);
    let fields = [(Field::AssignTo, "Tom.Hall@river.example")];
    let planned = one(&world, &change(2, "Remove", JANE, &fields));
    let ends: Vec<_> = planned
        .step
        .seat_ends()
        .iter()
        .map(|end| (end.seat.id, end.content_to))
        .collect();
    let id = |number| SeatId(Uuid::from_u128(number));
    assert_eq!(ends, [(id(11), Some(heir.id)), (id(12), None)]);
    assert_eq!(
        told(&world, "Remove", JANE, &fields),
        [
            "Done revoke Collaboration (69054); reassign its content; revoke Mail (69052); delete account",
            "Notice restorable An administrator can restore the account in the portal until day 2592000000.",
        ]
    );
    world.seats.insert(jane().id, vec![seat(12, MAIL, Offering::Mail)]);
    assert_eq!(
        told(&world, "Remove", JANE, &fields),
        ["Rejected assign_to.mail Mail content cannot be reassigned."]
    );
}

#[test]
fn nobody_who_holds_a_role_is_suspended_removed_or_renamed() {
    for (action, fields) in [
        ("Suspend", &[][..]),
        ("Remove", &[][..]),
        ("Rename", &[(Field::AltEmailAddress, "jane.jones@river.example")][..]),
    ] {
        let lines = told(&with_role(), action, JANE, fields);
        assert!(lines[0].starts_with("Rejected role "), "{action} {lines:?}");
    }
    let update = told(&with_role(), "Update", JANE, &[(Field::JobTitle, "Nurse")]);
    assert_eq!(update, ["Done change job title"]);
}

#[test]
fn no_row_changes_how_a_role_holder_signs_in_or_where_links_go() {
    let mut world = with_role();
    world.accounts[0].status = AccountStatus::Pending;
    world.customers[0].federation = Federation::Partial;
    let alternate = (Field::AltEmailAddress, "evil@elsewhere.example");
    for (action, fields) in [
        ("ResendInvitation", &[][..]),
        ("AssignSeat", &[(Field::SubscriptionId, MAIL), alternate][..]),
        ("Update", &[(Field::FederationType, "FEDERATED")][..]),
    ] {
        let lines = told(&world, action, JANE, fields);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("Rejected role "), "{action} {lines:?}");
    }
    let seat = told(&world, "AssignSeat", JANE, &[(Field::SubscriptionId, DOCS)]);
    assert_eq!(seat, ["Done assign Docs (69056)"]);
}

#[test]
fn who_is_locked_before_they_activate_is_sent_no_invitation() {
    let mut world = standing(AccountStatus::Locked);
    let invited = Seat {
        active: false,
        ..seat(11, COLLAB, Offering::Collab)
    };
    world.seats.insert(jane().id, vec![invited]);
    assert_eq!(
        told(&world, "ResendInvitation", JANE, &[]),
        ["Rejected state jane.smith@river.example is locked; ResendInvitation is not possible."]
    );
}

#[test]
fn an_invitation_goes_to_who_has_something_to_activate() {
    let resent = ["Done send invitation"];
    assert_eq!(
        told(&standing(AccountStatus::Pending), "ResendInvitation", JANE, &[]),
        resent
    );
    assert_eq!(
        told(&standing(AccountStatus::Active), "ResendInvitation", JANE, &[]),
        ["Rejected invitation.nothing jane.smith@river.example has nothing to activate."]
    );
    let invited = Seat {
        active: false,
        ..seat(11, COLLAB, Offering::Collab)
    };
    assert_eq!(told(&with_seats(vec![invited]), "ResendInvitation", JANE, &[]), resent);
    let mut federated = standing(AccountStatus::Pending);
    federated.customers[0].federation = Federation::Federated;
    assert_eq!(
        told(&federated, "ResendInvitation", JANE, &[]),
        ["Rejected invitation.federated jane.smith@river.example is federated and signs in without an invitation."]
    );
}

#[test]
fn nobody_is_invited_twice_within_an_hour() {
    let mut world = standing(AccountStatus::Pending);
    world.now = Timestamp(10_000_000);
    let hour_ago = Timestamp(10_000_000 - 3_600_000);
    world.file.carried.note_invitation(jane().id, hour_ago);
    assert_eq!(told(&world, "ResendInvitation", JANE, &[]), ["Done send invitation"]);
    world.file.carried.note_invitation(jane().id, Timestamp(hour_ago.0 + 1));
    assert_eq!(
        told(&world, "ResendInvitation", JANE, &[]),
        [
            "NoChange invitation.recent jane.smith@river.example was invited less than an hour ago. No further invitation is \
             sent."
        ]
    );
}

#[test]
fn a_turn_of_a_row_is_the_turn_of_a_form() {
    let planned = one(&standing(AccountStatus::Active), &change(2, "Suspend", JANE, &[]));
    assert!(matches!(
        planned.step,
        Step::Account(
            _,
            AccountStep::Turn {
                turn: Turn::Disable,
                ..
            }
        )
    ));
}

#[test]
fn a_row_that_was_not_tried_or_is_of_somebody_held_has_one_line() {
    let mut world = world(vec![jane()]);
    let lines = |world: &Snapshot, request: &ChangeRequest, outcome| {
        let lines = report_lines(request, &one(world, request), outcome);
        let told = lines.into_iter().map(|line| (line.result.word(), line.code));
        told.collect::<Vec<_>>()
    };
    let remove = change(2, "Remove", JANE, &[]);
    assert_eq!(
        lines(&world, &remove, Outcome::Done),
        [("Done", String::new()), ("Notice", "restorable".to_owned())]
    );
    assert_eq!(
        lines(&world, &remove, Outcome::Waiting),
        [("NotAttempted", String::new())]
    );
    world.accounts[0].held = Some(Held {
        reason: "Merger under way".to_owned(),
        by: "Priya Ramanathan".to_owned(),
        since: world.now,
    });
    let suspended = world.subscriptions.get_mut(&number(COLLAB)).unwrap();
    suspended.subscription.state = SubscriptionState::Suspended;
    let assign = change(2, "AssignSeat", JANE, &[(Field::SubscriptionId, COLLAB)]);
    assert_eq!(lines(&world, &assign, Outcome::Done), [("Held", "held".to_owned())]);
}
