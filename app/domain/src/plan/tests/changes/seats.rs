use super::*;

fn collab() -> Seat {
    seat(11, COLLAB, Offering::Collab)
}

fn mail() -> Seat {
    seat(12, MAIL, Offering::Mail)
}

fn bundle() -> Seat {
    Seat {
        collab_extra_gb: 3,
        mail_extra_gb: 5,
        ..seat(13, BUNDLE, Offering::Bundle)
    }
}

fn steps(planned: &PlannedRow) -> (&[SeatStep], &[Change]) {
    match &planned.step {
        Step::Account(_, AccountStep::Seats { seats, changes }) => (seats, changes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_seat_is_assigned_to_who_has_none_of_its_side() {
    let assign = |seats, id| told(&with_seats(seats), "AssignSeat", JANE, &[(Field::SubscriptionId, id)]);
    assert_eq!(assign(vec![], COLLAB), ["Done assign Collaboration (69054)"]);
    assert_eq!(
        assign(vec![bundle()], COLLAB),
        [
            "Rejected seat.second_collab jane.smith@river.example already has a collaboration seat (Staff bundle). Use \
             ChangeSeat."
        ]
    );
    assert_eq!(assign(vec![collab()], DOCS), ["Done assign Docs (69056)"]);
    assert_eq!(
        assign(vec![mail()], DOCS),
        ["Rejected seat.needs Docs needs a collaboration seat."]
    );
    let docs = seat(21, DOCS, Offering::Docs);
    assert_eq!(
        assign(vec![collab(), docs], DOCS),
        ["Rejected seat.second_accessory jane.smith@river.example already has a Docs seat."]
    );
    assert_eq!(
        assign(vec![], ""),
        ["Rejected field.required AssignSeat needs SubscriptionId."]
    );
    assert_eq!(
        assign(vec![], "COLLAB"),
        ["Rejected subscription.none COLLAB is not a subscription of this customer."]
    );
}

#[test]
fn a_seat_with_mail_brings_another_address_and_a_name() {
    let world = with_seats(vec![]);
    assert_eq!(
        told(&world, "AssignSeat", JANE, &[(Field::SubscriptionId, MAIL)]),
        ["Rejected field.required_mail AltEmailAddress is needed because the subscription includes mail."]
    );
    let fields = [
        (Field::SubscriptionId, MAIL),
        (Field::AltEmailAddress, "Jane@Home.example"),
    ];
    let planned = one(&world, &change(2, "AssignSeat", JANE, &fields));
    let (seats, changes) = steps(&planned);
    let new = NewSeat {
        subscription: number(MAIL),
        offering: Offering::Mail,
        active: true,
    };
    assert_eq!(seats, [SeatStep::Assign(new)]);
    let given: Vec<_> = changes
        .iter()
        .map(|change| (change.attribute, change.after.as_ref().map_or("", Value::as_str)))
        .collect();
    assert_eq!(
        given,
        [
            (Attribute::AlternateEmail, "jane@home.example"),
            (Attribute::NotesName, "Jane Smith")
        ]
    );
}

#[test]
fn who_has_not_activated_is_invited_to_a_new_seat() {
    let mut world = with_seats(vec![]);
    world.accounts[0].status = AccountStatus::Pending;
    world.accounts[0].activated = false;
    let planned = one(
        &world,
        &change(2, "AssignSeat", JANE, &[(Field::SubscriptionId, COLLAB)]),
    );
    let is_active = |step: &SeatStep| matches!(step, SeatStep::Assign(new) if new.active);
    assert!(!steps(&planned).0.iter().any(is_active));
}

#[test]
fn half_a_bundle_goes_where_the_row_says_so() {
    let mut world = with_seats(vec![bundle()]);
    let to = |world: &Snapshot, first, second| {
        let fields = [(Field::SubscriptionId, first), (Field::SubscriptionId2, second)];
        told(world, "ChangeSeat", JANE, &fields)
    };
    let done = [
        "Done change Collaboration and mail (69051) to Collaboration (69054)",
        "Notice storage.back 5 GB of extra mail storage are free again.",
    ];
    assert_eq!(to(&world, COLLAB, "DELETEMAIL"), done);
    assert_eq!(to(&world, "deletemail", COLLAB), done);
    assert_eq!(
        to(&world, COLLAB, ""),
        ["Rejected change.keyword_missing The new seat has no mail. Add DELETEMAIL to confirm that it goes."]
    );
    assert_eq!(
        to(&world, MAIL, ""),
        [
            "Rejected change.keyword_missing The new seat has no collaboration. Add DELETECOLLAB to confirm that it goes."
        ]
    );
    let wrong = to(&world, COLLAB, "DELETECOLLAB");
    assert!(
        wrong[0].starts_with("Rejected change.keyword_wrong DELETECOLLAB is only for"),
        "{wrong:?}"
    );
    assert_eq!(
        to(&world, "DELETEMAIL", ""),
        ["Rejected field.required ChangeSeat needs SubscriptionId."]
    );
    assert_eq!(
        to(&world, COLLAB, MAIL),
        [
            "Rejected field.not_taken ChangeSeat does not take SubscriptionId2.",
            "Rejected change.keyword_missing The new seat has no mail. Add DELETEMAIL to confirm that it goes.",
        ]
    );
    let planned = one(
        &world,
        &change(
            2,
            "ChangeSeat",
            JANE,
            &[(Field::SubscriptionId, COLLAB), (Field::SubscriptionId2, "DELETEMAIL")],
        ),
    );
    let changed = SeatStep::Change {
        from: bundle(),
        to: NewSeat {
            subscription: number(COLLAB),
            offering: Offering::Collab,
            active: true,
        },
        collab_extra_gb: 3,
        mail_extra_gb: 0,
    };
    assert_eq!(steps(&planned).0, [changed]);
    let held = vec![bundle(), seat(22, TRAVELER, Offering::Traveler)];
    world.seats.insert(jane().id, held);
    assert_eq!(
        to(&world, COLLAB, "DELETEMAIL"),
        ["Rejected seat.needed Traveler needs the mail seat. Revoke it first, in an earlier row."]
    );
}

#[test]
fn a_step_says_of_which_sides_it_deletes_the_content() {
    let change = |from: Seat, id, offering| SeatStep::Change {
        from,
        to: NewSeat {
            subscription: number(id),
            offering,
            active: true,
        },
        collab_extra_gb: 0,
        mail_extra_gb: 0,
    };
    let revoke = |seat, content_to| SeatStep::Revoke(SeatEnd { seat, content_to });
    let heir = Some(jane().id);
    for (step, expected) in [
        (change(bundle(), COLLAB, Offering::Collab), vec![Side::Mail]),
        (change(bundle(), MAIL, Offering::Mail), vec![Side::Collab]),
        (change(collab(), BUNDLE, Offering::Bundle), vec![]),
        (revoke(bundle(), None), vec![Side::Collab, Side::Mail]),
        (revoke(bundle(), heir), vec![Side::Mail]),
        (revoke(collab(), heir), vec![]),
        (revoke(seat(22, TRAVELER, Offering::Traveler), None), vec![]),
    ] {
        assert_eq!(step.deletes(), expected, "{step:?}");
    }
}

#[test]
fn a_change_that_brings_mail_needs_credentials_and_no_other_takes_them() {
    let world = with_seats(vec![collab()]);
    let fields = [(Field::SubscriptionId, BUNDLE)];
    assert_eq!(
        told(&world, "ChangeSeat", JANE, &fields),
        ["Rejected mail.credentials Give Password or AltEmailAddress: this seat brings mail."]
    );
    let mut with = world.clone();
    let request = with_password(change(2, "ChangeSeat", JANE, &fields));
    assert_eq!(
        reported(&mut with, &[request]),
        [
            "2 Done change Collaboration (69054) to Collaboration and mail (69051); change notes name",
            "2 Notice password.kept The password in this row is not used: ChangeSeat sets none for jane.smith@river.example.",
        ]
    );
    let fields = [
        (Field::SubscriptionId, COLLAB),
        (Field::SubscriptionId2, "DELETEMAIL"),
        (Field::AltEmailAddress, "jane@home.example"),
    ];
    let lines = told(&with_seats(vec![bundle()]), "ChangeSeat", JANE, &fields);
    let expected = "Rejected field.not_taken ChangeSeat takes AltEmailAddress only if the new seat brings mail.";
    assert_eq!(lines[0], expected);
}

#[test]
fn only_compatible_seats_become_one_another() {
    let change = |seats, id| told(&with_seats(seats), "ChangeSeat", JANE, &[(Field::SubscriptionId, id)]);
    assert_eq!(
        change(vec![collab()], COLLAB_PLUS),
        ["Rejected change.incompatible A Staff files seat cannot become Staff files plus."]
    );
    assert_eq!(
        change(vec![collab()], COLLAB),
        ["NoChange change.same jane.smith@river.example has a seat of Staff files already."]
    );
    assert_eq!(
        change(vec![collab()], MAIL),
        ["Rejected seat.not_held jane.smith@river.example has no mail seat."]
    );
    assert_eq!(
        change(vec![], BUNDLE),
        ["Rejected seat.not_held jane.smith@river.example has no collaboration or mail seat."]
    );
}

#[test]
fn a_change_to_a_bundle_needs_the_other_seat_revoked_first() {
    let world = with_seats(vec![collab(), mail()]);
    let fields = [
        (Field::SubscriptionId, BUNDLE),
        (Field::AltEmailAddress, "jane@home.example"),
    ];
    let lines = told(&world, "ChangeSeat", JANE, &fields);
    let expected =
        "Rejected seat.second_mail jane.smith@river.example already has a mail seat (Staff mail). Revoke it first.";
    assert!(lines.contains(&expected.to_owned()), "{lines:?}");
}

#[test]
fn a_full_subscription_takes_no_change_though_a_seat_is_given_back() {
    let mut world = with_seats(vec![bundle()]);
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().taken = 10;
    let fields = [(Field::SubscriptionId, COLLAB), (Field::SubscriptionId2, "DELETEMAIL")];
    assert_eq!(
        told(&world, "ChangeSeat", JANE, &fields),
        ["Rejected seats.full No seat of Staff files is free (10 of 10 used)."]
    );
}

#[test]
fn a_seat_is_revoked_by_number_by_keyword_or_as_the_only_one() {
    let revoke = |seats, id: &str| {
        let fields = [(Field::SubscriptionId, id)];
        told(
            &with_seats(seats),
            "RevokeSeat",
            JANE,
            if id.is_empty() { &[][..] } else { &fields[..] },
        )
    };
    let done = ["Done revoke Collaboration (69054)"];
    for id in [COLLAB, "collab", ""] {
        assert_eq!(revoke(vec![collab()], id), done, "{id}");
    }
    assert_eq!(
        revoke(vec![collab(), mail()], ""),
        ["Rejected seat.which jane.smith@river.example has 2 seats; name one."]
    );
    assert_eq!(
        revoke(vec![], ""),
        ["Rejected seat.which jane.smith@river.example has no seat."]
    );
    assert_eq!(
        revoke(vec![collab()], "MAIL"),
        ["Rejected seat.not_held jane.smith@river.example has no Mail seat."]
    );
    assert_eq!(
        revoke(vec![collab()], MAIL),
        ["Rejected seat.not_held jane.smith@river.example has no Staff mail seat."]
    );
}

#[test]
fn what_needs_a_seat_goes_with_it_and_storage_goes_back() {
    let held = vec![
        bundle(),
        seat(21, DOCS, Offering::Docs),
        seat(22, TRAVELER, Offering::Traveler),
    ];
    assert_eq!(
        told(
            &with_seats(held),
            "RevokeSeat",
            JANE,
            &[(Field::SubscriptionId, "BUNDLE")]
        ),
        [
            "Done revoke Docs (69056); revoke Traveler (69053); revoke Collaboration and mail (69051)",
            "Notice seat.goes_too The Docs seat goes too: it needs a collaboration seat.",
            "Notice seat.goes_too The Traveler seat goes too: it needs a mail seat.",
            "Notice storage.back 3 GB of extra collaboration storage are free again.",
            "Notice storage.back 5 GB of extra mail storage are free again.",
        ]
    );
    let fields = [(Field::SubscriptionId, "MAIL"), (Field::AssignTo, JANE)];
    let lines = told(&with_seats(vec![collab(), mail()]), "RevokeSeat", JANE, &fields);
    assert!(
        lines.contains(&"Rejected assign_to.mail Mail content cannot be reassigned.".to_owned()),
        "{lines:?}"
    );
}

#[test]
fn storage_is_set_within_the_pool_on_a_seat_of_its_side() {
    let mut world = with_seats(vec![bundle()]);
    world.storage_used.insert(riverside(), (3, 18));
    let set = |world: &Snapshot, collab, mail| {
        let fields = [(Field::CollabExtraStorage, collab), (Field::MailExtraStorage, mail)];
        told(world, "ChangeStorage", JANE, &fields)
    };
    assert_eq!(
        set(&world, "4", "7"),
        ["Done set extra storage of Collaboration and mail (69051) to 4 GB collaboration, 7 GB mail"]
    );
    assert_eq!(
        set(&world, "", "8"),
        ["Rejected storage.pool 3 GB more are needed; 2 GB are free."]
    );
    assert_eq!(set(&world, "3", "5"), ["NoChange"]);
    assert_eq!(
        set(&world, "", ""),
        ["Rejected storage.none Give CollabExtraStorage or MailExtraStorage."]
    );
    for bad in ["-1", "1.5", "+2", "x", "99999999999"] {
        let expected = format!("Rejected storage.number {bad} in MailExtraStorage is not a whole number of gigabytes.");
        assert_eq!(set(&world, "", bad), [expected]);
    }
    assert_eq!(
        told(&world, "AddStorage", JANE, &[(Field::MailExtraStorage, "0")]),
        [
            "Done set extra storage of Collaboration and mail (69051) to 3 GB collaboration, 0 GB mail",
            "Notice action.older AddStorage is an older name of ChangeStorage.",
        ]
    );
    let fields = [(Field::SubscriptionId, COLLAB), (Field::MailExtraStorage, "1")];
    assert_eq!(
        told(&with_seats(vec![collab()]), "ChangeStorage", JANE, &fields),
        ["Rejected storage.side MailExtraStorage does not go with a seat of Staff files."]
    );
    world.seats.insert(jane().id, vec![]);
    assert_eq!(
        set(&world, "1", ""),
        ["Rejected seat.which jane.smith@river.example has no seat."]
    );
}

#[test]
fn a_leaver_keeps_or_gives_back_seats_and_gets_no_other() {
    let mut world = with_seats(vec![collab()]);
    world.accounts[0].status = AccountStatus::Leaver;
    assert_eq!(
        told(&world, "AssignSeat", JANE, &[(Field::SubscriptionId, DOCS)]),
        ["Rejected state jane.smith@river.example is leaving; this is handled in the portal."]
    );
    assert_eq!(
        told(&world, "RevokeSeat", JANE, &[]),
        ["Done revoke Collaboration (69054)"]
    );
}
