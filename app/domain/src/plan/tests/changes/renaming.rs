use super::*;

const NEW: &str = "jane.jones@river.example";

fn renamed(world: &Snapshot, to: &str) -> Vec<String> {
    told(world, "Rename", JANE, &[(Field::AltEmailAddress, to)])
}

/// Jane with a collaboration seat, of a customer of this federation type.
fn of(federation: Federation) -> Snapshot {
    let mut world = with_seats(vec![seat(11, COLLAB, Offering::Collab)]);
    world.customers[0].federation = federation;
    world
}

#[test]
fn federated_people_are_renamed_at_once_and_others_asked() {
    for federation in [Federation::Federated, Federation::Modified] {
        assert_eq!(renamed(&of(federation), NEW), ["Done set email address"]);
    }
    let asked = ["Accepted send link to jane.jones@river.example"];
    assert_eq!(
        renamed(&of(Federation::NonFederated), "Jane.Jones@River.example"),
        asked
    );
    assert_eq!(renamed(&of(Federation::Partial), NEW), asked);
}

#[test]
fn who_came_federated_to_a_customer_that_is_not_is_asked() {
    let mut world = of(Federation::NonFederated);
    let federated = Value::stored("federated".to_owned());
    world.accounts[0]
        .attributes
        .set(Attribute::FederationType, Some(federated));
    assert_eq!(renamed(&world, NEW), ["Accepted send link to jane.jones@river.example"]);
    world.customers[0].federation = Federation::Partial;
    assert_eq!(renamed(&world, NEW), ["Done set email address"]);
}

#[test]
fn a_new_address_is_free_and_in_a_domain_that_fits() {
    let other = account(2, "RIV", &[(Attribute::EmailAddress, NEW)]);
    for federation in [Federation::Federated, Federation::NonFederated] {
        let mut world = of(federation);
        world.accounts.push(other.clone());
        let held = EmailAddress::parse(NEW).unwrap();
        world.held_addresses.insert(held, Some(other.id));
        assert_eq!(
            renamed(&world, NEW),
            ["Rejected rename.taken jane.jones@river.example is not available."]
        );
    }
    assert_eq!(
        renamed(&of(Federation::Federated), "jane@health.example"),
        [
            "Rejected rename.domain_federated health.example is not a domain of this customer. Federated people need an \
             address in one."
        ]
    );
    assert_eq!(
        renamed(&of(Federation::NonFederated), "jane@health.example"),
        ["Accepted send link to jane@health.example"]
    );
    assert_eq!(
        renamed(&of(Federation::NonFederated), "jane@elsewhere.example"),
        ["Rejected domain.foreign elsewhere.example is not a domain of this customer."]
    );
}

#[test]
fn a_rename_needs_another_address_a_seat_and_no_other_rename() {
    assert_eq!(
        told(&of(Federation::NonFederated), "Rename", JANE, &[]),
        ["Rejected field.required Rename needs AltEmailAddress."]
    );
    assert_eq!(
        renamed(&of(Federation::NonFederated), JANE),
        ["NoChange rename.same jane.smith@river.example is the address already."]
    );
    let mut without = world(vec![jane()]);
    assert_eq!(
        renamed(&without, NEW),
        ["Rejected rename.no_seat jane.smith@river.example has no collaboration or mail seat. Rename needs one."]
    );
    without.subscriptions.clear();
    assert_eq!(
        renamed(&without, NEW),
        ["Accepted send link to jane.jones@river.example"]
    );
    let mut waiting = of(Federation::NonFederated);
    waiting.renaming.insert(jane().id);
    assert_eq!(
        renamed(&waiting, NEW),
        [
            "Rejected rename.waiting jane.smith@river.example is being renamed already. The link sent to the new address must \
             be used first."
        ]
    );
}

#[test]
fn an_address_that_a_rename_has_promised_is_taken_for_the_rows_behind_it() {
    let ned = account(
        2,
        "RIV",
        &[
            (Attribute::FirstName, "Ned"),
            (Attribute::LastName, "Marsh"),
            (Attribute::EmailAddress, "ned.marsh@river.example"),
        ],
    );
    let mut world = of(Federation::NonFederated);
    world.seats.insert(ned.id, vec![seat(12, COLLAB, Offering::Collab)]);
    world.accounts.push(ned);
    let to = [(Field::AltEmailAddress, NEW)];
    let promised = "address.promised jane.jones@river.example is promised to another person until they use the link of their \
                    Rename. Use another address.";
    let rows = [
        change(2, "Rename", JANE, &to),
        change(3, "Rename", "ned.marsh@river.example", &to),
        change(4, "Add", NEW, &NAMED),
        change(5, "Suspend", JANE, &[]),
        change(6, "Rename", "ned.marsh@river.example", &to),
        // What she was asked about first counts no more.
        change(
            7,
            "Rename",
            JANE,
            &[(Field::AltEmailAddress, "jane.hill@river.example")],
        ),
        change(8, "Suspend", "ned.marsh@river.example", &[]),
        change(9, "Add", NEW, &[(Field::GivenName, "Una"), (Field::FamilyName, "Pell")]),
    ];
    assert_eq!(
        reported(&mut world, &rows),
        [
            "2 Accepted send link to jane.jones@river.example".to_owned(),
            format!("3 Rejected {promised}"),
            format!("4 Rejected {promised}"),
            "5 Done disable account".to_owned(),
            "6 Accepted send link to jane.jones@river.example".to_owned(),
            "7 Accepted send link to jane.hill@river.example".to_owned(),
            "8 Done disable account".to_owned(),
            "9 Done create account; send invitation".to_owned(),
        ]
    );
}

#[test]
fn the_directory_of_a_hybrid_customer_leads() {
    let mut world = with_seats(vec![seat(12, MAIL, Offering::Mail)]);
    world.customers[0].hybrid = true;
    world.customers[0].federation = Federation::Federated;
    assert_eq!(
        renamed(&world, NEW),
        [
            "Rejected rename.directory_first Change the mail directory first: it does not show jane.jones@river.example yet."
        ]
    );
    world.accounts[0].aliases = vec![EmailAddress::parse(NEW).unwrap()];
    assert_eq!(renamed(&world, NEW), ["Done set email address"]);
}

#[test]
fn who_has_used_the_link_is_renamed_at_once_without_a_seat() {
    let mut world = of(Federation::NonFederated);
    world.channel = Channel::System;
    world.renaming.insert(jane().id);
    world.seats.clear();
    assert_eq!(renamed(&world, NEW), ["Done set email address"]);
    assert_eq!(
        renamed(&world, "jane@elsewhere.example"),
        ["Rejected domain.foreign elsewhere.example is not a domain of this customer."]
    );
}

#[test]
fn a_link_renames_nobody_who_is_held_or_holds_a_role_by_now() {
    let mut held = of(Federation::NonFederated);
    held.channel = Channel::System;
    held.accounts[0].held = Some(crate::account::Held {
        reason: "Investigation".to_owned(),
        by: "Priya Example".to_owned(),
        since: Timestamp(5),
    });
    assert_eq!(
        renamed(&held, NEW),
        ["Held held jane.smith@river.example is held (Investigation) since day 5."]
    );
    let mut with_role = super::people::with_role();
    with_role.channel = Channel::System;
    let refused = renamed(&with_role, NEW);
    assert!(refused[0].starts_with("Rejected role "), "{refused:?}");
}
