//! Rows that build on one another.

use super::*;

const TOM: &str = "tom.hall@river.example";
const AMY: &str = "amy.bell@river.example";

fn known(world: &Snapshot, email: &str) -> Account {
    let mut accounts = world.accounts.iter();
    accounts.find(|account| account.answers_to(email)).unwrap().clone()
}

fn taken(world: &Snapshot, id: &str) -> i64 {
    world.file.carried.taking().seats_of(number(id))
}

#[test]
fn a_bundle_becomes_a_single_seat_and_a_bundle_again() {
    let mut world = world(vec![]);
    let alternate = (Field::AltEmailAddress, "jane@home.example");
    let rows = [
        change(2, "Add", JANE, &NAMED),
        change(3, "AssignSeat", JANE, &[(Field::SubscriptionId, BUNDLE), alternate]),
        change(4, "ChangeStorage", JANE, &[(Field::MailExtraStorage, "5")]),
        change(
            5,
            "ChangeSeat",
            JANE,
            &[(Field::SubscriptionId, COLLAB), (Field::SubscriptionId2, "DELETEMAIL")],
        ),
        change(6, "ChangeSeat", JANE, &[(Field::SubscriptionId, BUNDLE), alternate]),
        change(7, "RevokeSeat", JANE, &[(Field::SubscriptionId, "BUNDLE")]),
    ];
    assert_eq!(
        reported(&mut world, &rows),
        [
            "2 Done create account; send invitation",
            "3 Done assign Collaboration and mail (69051); change alternative email address, notes name",
            "3 Notice invitation.recent jane.smith@river.example was invited less than an hour ago. No further invitation is \
             sent.",
            "4 Done set extra storage of Collaboration and mail (69051) to 0 GB collaboration, 5 GB mail",
            "5 Done change Collaboration and mail (69051) to Collaboration (69054)",
            "5 Notice storage.back 5 GB of extra mail storage are free again.",
            "5 Notice invitation.recent jane.smith@river.example was invited less than an hour ago. No further invitation is \
             sent.",
            "6 Done change Collaboration (69054) to Collaboration and mail (69051)",
            "6 Notice invitation.recent jane.smith@river.example was invited less than an hour ago. No further invitation is \
             sent.",
            "7 Done revoke Collaboration and mail (69051)",
        ]
    );
    assert_eq!((taken(&world, BUNDLE), taken(&world, COLLAB)), (0, 0));
    let taking = world.file.carried.taking();
    assert_eq!(taking.storage_of(riverside(), crate::subscription::Side::Mail), 0);
    assert!(world.seats[&known(&world, JANE).id].is_empty());
}

#[test]
fn seats_run_out_in_the_middle_and_one_that_is_given_back_is_given_again() {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    world.subscriptions.get_mut(&number(COLLAB)).unwrap().subscription.seats = 2;
    let with_seat = named(&[(Field::SubscriptionId, COLLAB)]);
    let rows = [
        change(2, "Add", TOM, &with_seat),
        change(3, "Add", AMY, &with_seat),
        change(4, "RevokeSeat", JANE, &[]),
        change(5, "Add", "lee.park@river.example", &with_seat),
        change(6, "AssignSeat", JANE, &[(Field::SubscriptionId, COLLAB)]),
    ];
    let told: Vec<_> = reported(&mut world, &rows)
        .into_iter()
        .filter(|line| !line.contains("looks_like"))
        .collect();
    assert_eq!(
        told,
        [
            "2 Done create account; assign Collaboration (69054); send invitation",
            "3 Rejected seats.full No seat of Staff files is free (2 of 2 used).",
            "4 Done revoke Collaboration (69054)",
            "5 Done create account; assign Collaboration (69054); send invitation",
            "6 Rejected seats.full No seat of Staff files is free (2 of 2 used).",
        ]
    );
}

#[test]
fn an_address_that_is_added_and_removed_is_not_added_again() {
    let mut world = world(vec![]);
    let rows = [
        change(2, "Add", JANE, &NAMED),
        change(3, "Add", JANE, &NAMED),
        change(4, "Remove", JANE, &[]),
        change(5, "Remove", JANE, &[]),
        change(6, "Add", JANE, &NAMED),
    ];
    let told = reported(&mut world, &rows);
    let told: Vec<_> = told.iter().filter(|line| !line.contains("Notice")).collect();
    assert_eq!(
        told,
        [
            "2 Done create account; send invitation",
            "3 Rejected account.exists jane.smith@river.example already has an account. Use Update or AssignSeat.",
            "4 Done delete account",
            "5 NoChange",
            "6 Rejected address.reserved jane.smith@river.example was deleted. An administrator can restore the account in the \
             portal until day 2592000000.",
        ]
    );
}

#[test]
fn what_is_carried_is_what_the_directory_would_say() {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    world.customers[0].federation = Federation::Federated;
    world.now = Timestamp(5_000);
    let new = "jane.jones@river.example";
    let rows = [
        change(2, "Update", JANE, &[(Field::JobTitle, "Nurse")]),
        change(3, "Rename", JANE, &[(Field::AltEmailAddress, new)]),
        change(4, "Suspend", new, &[]),
        change(5, "AssignSeat", JANE, &[(Field::SubscriptionId, DOCS)]),
    ];
    let told = reported(&mut world, &rows);
    assert!(
        told.iter()
            .all(|line| line.contains("Done") || line.contains("address.older")),
        "{told:?}"
    );
    let mut expected = jane();
    expected
        .attributes
        .set(Attribute::JobTitle, Some(Value::stored("Nurse".to_owned())));
    expected
        .attributes
        .set(Attribute::EmailAddress, Some(Value::stored(new.to_owned())));
    expected.aliases = vec![EmailAddress::parse(JANE).unwrap()];
    expected.status = AccountStatus::Disabled;
    expected.since = Timestamp(5_000);
    expected.disabled_by = Some(Channel::ChangeFile);
    expected.version = 5;
    assert_eq!(known(&world, JANE), expected);
    let seats: Vec<_> = world.seats[&jane().id]
        .iter()
        .map(|seat| (seat.subscription, seat.active))
        .collect();
    assert_eq!(seats, [(number(COLLAB), true), (number(DOCS), true)]);
    for address in [JANE, new] {
        let address = EmailAddress::parse(address).unwrap();
        assert_eq!(world.held_addresses[&address], Some(jane().id));
    }
}

#[test]
fn a_later_chunk_knows_what_earlier_ones_have_come_to() {
    let fresh = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    let with_seat = named(&[(Field::SubscriptionId, COLLAB)]);
    let all = [
        change(2, "Add", TOM, &with_seat),
        change(3, "RevokeSeat", JANE, &[]),
        change(4, "Add", AMY, &NAMED),
        change(5, "ChangeStorage", TOM, &[(Field::CollabExtraStorage, "20")]),
        change(6, "AssignSeat", JANE, &[(Field::SubscriptionId, COLLAB)]),
        change(7, "ChangeStorage", JANE, &[(Field::CollabExtraStorage, "1")]),
    ];
    for carried in [Carried::default(), Carried::of_file(&all)] {
        let mut first = fresh.clone();
        first.file.carried = carried;
        let mut told = reported(&mut first, &all[..3]);
        let mut second = fresh.clone();
        second.file = first.file;
        told.extend(reported(&mut second, &all[3..]));
        let told: Vec<_> = told.into_iter().filter(|line| !line.contains("Notice")).collect();
        assert_eq!(
            told,
            [
                "2 Done create account; assign Collaboration (69054); send invitation",
                "3 Done revoke Collaboration (69054)",
                "4 Done create account; send invitation",
                "5 Done set extra storage of Collaboration (69054) to 20 GB collaboration, 0 GB mail",
                "6 Done assign Collaboration (69054)",
                "7 Rejected storage.pool 1 GB more are needed; 0 GB are free.",
            ]
        );
        assert_eq!(
            taken(&second, COLLAB),
            1,
            "Tom’s; Jane’s was given back and taken again"
        );
    }
}

#[test]
fn a_run_names_nobody_twice() {
    let rows = [
        change(2, "Add", JANE, &NAMED),
        change(3, "Add", TOM, &NAMED),
        change(4, "Remove", "Jane.Smith@river.example", &[(Field::AssignTo, AMY)]),
        change(5, "Rename", "lee@river.example", &[(Field::AltEmailAddress, AMY)]),
        change(6, "Suspend", TOM, &[]),
    ];
    assert_eq!(runs(&rows), [0..2, 2..3, 3..5]);
    assert_eq!(runs(&[]), Vec::<std::ops::Range<usize>>::new());
}

#[test]
fn somebody_named_by_two_addresses_is_planned_in_order() {
    let mut here = jane();
    let older = "jane.jones@river.example";
    here.aliases = vec![EmailAddress::parse(older).unwrap()];
    let mut world = world(vec![here]);
    let rows = [change(2, "Suspend", JANE, &[]), change(3, "Resume", older, &[])];
    let planned = plan(&world, &rows);
    assert_eq!(applied_together(&planned.rows), 1);
    let told = reported(&mut world, &rows);
    assert_eq!(told[..2], ["2 Done disable account", "3 Done enable account"]);
}

#[test]
fn a_rename_that_waits_refuses_another_and_an_added_person_is_not_invited_at_once_again() {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    let to = |text| [(Field::AltEmailAddress, text)];
    let rows = [
        change(2, "Rename", JANE, &to("jane.jones@river.example")),
        change(3, "Rename", JANE, &to("jane.brown@river.example")),
        change(4, "Add", TOM, &NAMED),
        change(5, "ResendInvitation", TOM, &[]),
        change(6, "Add", AMY, &named(&[(Field::SuppressInvitation, "SUPPRESS_ALL")])),
        change(7, "ResendInvitation", AMY, &[]),
    ];
    let told = reported(&mut world, &rows);
    let codes: Vec<_> = told
        .iter()
        .filter(|line| !line.contains("looks_like"))
        .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        codes,
        [
            "2 Accepted send",
            "3 Rejected rename.waiting",
            "4 Done create",
            "5 NoChange invitation.recent",
            "6 Done create",
            "7 Done send",
        ]
    );
}

#[test]
fn a_seat_for_somebody_just_invited_sends_no_other_link() {
    let pending = Account {
        status: AccountStatus::Pending,
        activated: false,
        ..jane()
    };
    let mut world = world(vec![pending]);
    let seat = [(Field::SubscriptionId, COLLAB)];
    let rows = [change(2, "AssignSeat", JANE, &seat)];
    let told = reported(&mut world.clone(), &rows);
    assert_eq!(told, ["2 Done assign Collaboration (69054); send invitation"]);
    let now = world.now;
    world.file.carried.note_invitation(jane().id, now);
    assert_eq!(
        reported(&mut world, &rows),
        [
            "2 Done assign Collaboration (69054)",
            "2 Notice invitation.recent jane.smith@river.example was invited less than an hour ago. No further invitation is \
             sent.",
        ]
    );
}

#[test]
fn people_who_come_with_the_same_file_are_not_said_to_look_alike() {
    let rows = [
        change(2, "Add", JANE, &NAMED),
        change(3, "Update", JANE, &[(Field::JobTitle, "Porter")]),
        change(4, "Update", JANE, &[(Field::JobTitle, "Nurse")]),
        change(5, "Add", "jane.smith9@river.example", &NAMED),
    ];
    let told = reported(&mut world(vec![]), &rows);
    assert_eq!(told[3..], ["5 Done create account; send invitation"]);
}

#[test]
fn content_is_not_given_to_somebody_whom_a_row_before_removes() {
    let bob = |status| Account {
        aliases: vec![EmailAddress::parse("bobby@river.example").unwrap()],
        status,
        ..account(2, "RIV", &[(Attribute::EmailAddress, TOM)])
    };
    let mut world = world(vec![jane(), bob(AccountStatus::Active)]);
    for (number, person) in [(11, jane().id), (12, bob(AccountStatus::Active).id)] {
        world.seats.insert(person, vec![seat(number, COLLAB, Offering::Collab)]);
    }
    let to_bobby = [(Field::AssignTo, "bobby@river.example")];
    for action in ["Remove", "RevokeSeat"] {
        let rows = [change(2, "Remove", TOM, &[]), change(3, action, JANE, &to_bobby)];
        assert_eq!(applied_together(&plan(&world, &rows).rows), 1, "{action}");
        let told = reported(&mut world.clone(), &rows);
        let told: Vec<_> = told.iter().filter(|line| !line.contains("Notice")).collect();
        assert_eq!(
            told[1],
            "3 Rejected assign_to.none There is no active account bobby@river.example for this customer that could take \
             the content.",
            "{action}"
        );
    }
    // A row before may give the heir what is missing, too.
    world.seats.remove(&bob(AccountStatus::Active).id);
    let rows = [
        change(2, "AssignSeat", TOM, &[(Field::SubscriptionId, COLLAB)]),
        change(3, "Remove", JANE, &to_bobby),
    ];
    let told = reported(&mut world, &rows);
    assert_eq!(
        told[1],
        "3 Done revoke Collaboration (69054); reassign its content; delete account"
    );
}

#[test]
fn a_seat_to_activate_is_an_invitation_unless_nobody_is_written_to() {
    let mut world = world(vec![
        Account {
            status: AccountStatus::Pending,
            activated: false,
            ..jane()
        },
        Account {
            status: AccountStatus::Pending,
            activated: false,
            ..account(2, "RIV", &[(Attribute::EmailAddress, TOM)])
        },
    ]);
    let seat = (Field::SubscriptionId, COLLAB);
    let rows = [
        change(2, "AssignSeat", JANE, &[seat]),
        change(3, "ResendInvitation", JANE, &[]),
        change(
            4,
            "AssignSeat",
            TOM,
            &[seat, (Field::SuppressInvitation, "SUPPRESS_ALL")],
        ),
        change(5, "ResendInvitation", TOM, &[]),
    ];
    let told = reported(&mut world, &rows);
    let words: Vec<_> = told
        .iter()
        .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        words,
        [
            "2 Done assign",
            "3 NoChange invitation.recent",
            "4 Done assign",
            "5 Done send"
        ]
    );
}

#[test]
fn a_rename_that_waits_is_over_once_its_person_is_suspended() {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    world.renaming.insert(jane().id);
    let to = [(Field::AltEmailAddress, "jane.jones@river.example")];
    let rows = [
        change(2, "Rename", JANE, &to),
        change(3, "Suspend", JANE, &[]),
        change(4, "Rename", JANE, &to),
    ];
    let told = reported(&mut world, &rows);
    assert!(told[0].starts_with("2 Rejected rename.waiting "), "{told:?}");
    assert_eq!(told[2], "4 Accepted send link to jane.jones@river.example");
}
