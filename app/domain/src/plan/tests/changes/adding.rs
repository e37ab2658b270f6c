use std::sync::Arc;

use super::*;
use crate::values::day::Day;

fn provision(planned: &PlannedRow) -> (&Attributes, &Provision, bool) {
    match &planned.step {
        Step::CreateAccount {
            attributes,
            provision,
            with_password,
            ..
        } => (attributes, provision, *with_password),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_add_makes_an_account_with_its_seat_and_the_customers_language() {
    let fields = named(&[(Field::SubscriptionId, COLLAB), (Field::Telephone, "01632 960123")]);
    let planned = one(&world(vec![]), &change(2, "add", " Jane.Smith@River.example ", &fields));
    let (attributes, provision, with_password) = provision(&planned);
    let seat = NewSeat {
        subscription: number(COLLAB),
        offering: Offering::Collab,
        active: false,
    };
    assert_eq!((provision.status, &provision.seats[..]), (None, &[seat][..]));
    assert!(!provision.suppressed && !with_password);
    for (attribute, text) in [
        (Attribute::EmailAddress, JANE),
        (Attribute::Telephone, "+441632960123"),
        (Attribute::Language, "en-GB"),
        (Attribute::FederationType, "non-federated"),
        (Attribute::DisplayName, "SMITH, Jane (Riverside)"),
        (Attribute::NotesName, ""),
    ] {
        assert_eq!(attributes.text(attribute), text, "{attribute:?}");
    }
    let world = world(vec![]);
    assert_eq!(
        told(&world, "Add", JANE, &fields),
        ["Done create account; assign Collaboration (69054); send invitation"]
    );
    let quiet = named(&[(Field::SuppressInvitation, "suppress_all")]);
    assert_eq!(told(&world, "Add", JANE, &quiet), ["Done create account"]);
}

#[test]
fn all_that_is_wrong_with_an_add_is_told_at_once() {
    let fields = [
        (Field::FamilyName, "Smith"),
        (Field::AssignTo, "tom.hall@river.example"),
        (Field::Country, "GBR"),
        (Field::SubscriptionId, "99"),
        (Field::CollabExtraStorage, "5"),
    ];
    assert_eq!(
        told(&world(vec![]), "Add", JANE, &fields),
        [
            "Rejected field.required Add needs GivenName.",
            "Rejected field.not_taken Add does not take AssignTo.",
            "Rejected field.long Country may have 2 characters; this has 3.",
            "Rejected field.not_taken Add does not take CollabExtraStorage.",
            "Rejected subscription.none 99 is not a subscription of this customer.",
        ]
    );
}

#[test]
fn what_the_dictionary_refuses_is_told_by_the_words_of_the_file() {
    let fields = named(&[(Field::Country, "UK"), (Field::Mobile, "0123"), (Field::Language, "qq")]);
    let told = told(&world(vec![]), "Add", JANE, &fields);
    assert_eq!(told.len(), 3, "{told:?}");
    for (field, said) in [
        ("Language: ", "is not a language."),
        ("Country: ", "Write GB for the United Kingdom."),
        ("Mobile: ", "is not a UK mobile number"),
    ] {
        let is_told = told.iter().any(|line| line.contains(field) && line.contains(said));
        assert!(is_told, "{field} {told:?}");
    }
}

#[test]
fn federated_people_are_active_at_once_and_so_are_their_seats() {
    let mut world = world(vec![]);
    world.customers[0].federation = Federation::Federated;
    let fields = named(&[(Field::SubscriptionId, COLLAB)]);
    let planned = one(&world, &change(2, "Add", JANE, &fields));
    let (attributes, provision, _) = provision(&planned);
    assert_eq!(attributes.text(Attribute::FederationType), "federated");
    assert_eq!(provision.status, Some(AccountStatus::Active));
    assert!(provision.seats[0].active);
    assert_eq!(
        told(&world, "Add", JANE, &fields),
        ["Done create account; assign Collaboration (69054); activate account"]
    );
}

#[test]
fn a_federation_type_must_be_one_and_fit_the_organisation() {
    let world = world(vec![]);
    let with = |text| named(&[(Field::FederationType, text)]);
    assert_eq!(
        told(&world, "Add", JANE, &with("FEDERATED")),
        ["Rejected federation.value FEDERATED does not fit an organisation that is not federated."]
    );
    assert_eq!(
        told(&world, "Add", JANE, &with("PARTIAL")),
        ["Rejected value PARTIAL is not one of NON_FEDERATED, FEDERATED, MODIFIED_FEDERATED."]
    );
    let mut partial = world;
    partial.customers[0].federation = Federation::Partial;
    let planned = one(&partial, &change(2, "Add", JANE, &with("modified_federated")));
    let (attributes, provision, _) = provision(&planned);
    assert_eq!(attributes.text(Attribute::FederationType), "modified-federated");
    assert_eq!(provision.status, None, "they register by their invitation");
}

#[test]
fn a_seat_with_mail_needs_a_password_and_another_address() {
    let world = world(vec![]);
    let fields = named(&[(Field::SubscriptionId, MAIL)]);
    assert_eq!(
        told(&world, "Add", JANE, &fields),
        [
            "Rejected field.required_mail Password is needed because the subscription includes mail.",
            "Rejected field.required_mail AltEmailAddress is needed because the subscription includes mail.",
        ]
    );
    let fields = named(&[
        (Field::SubscriptionId, MAIL),
        (Field::AltEmailAddress, "jane@home.example"),
    ]);
    let planned = one(&world, &with_password(change(2, "Add", JANE, &fields)));
    let (attributes, _, with_password) = provision(&planned);
    assert!(with_password && planned.needs_password());
    assert_eq!(attributes.text(Attribute::AlternateEmail), "jane@home.example");
    assert_eq!(attributes.text(Attribute::NotesName), "Jane Smith");
}

#[test]
fn a_rejected_row_keeps_no_password() {
    let request = with_password(change(2, "Add", JANE, &[(Field::FamilyName, "Smith")]));
    let planned = one(&world(vec![]), &request);
    let kept = planned.kept_request(&request).into_owned();
    let one_time = kept.wish.change_row().and_then(|row| row.one_time.clone());
    assert_eq!(one_time, Some(OneTimePassword::Dropped));
}

#[test]
fn a_name_in_the_mail_directory_is_given_once() {
    let mut here = jane();
    here.attributes
        .set(Attribute::NotesName, Some(Value::stored("Jane Smith".to_owned())));
    let world = world(vec![here]);
    let fields = named(&[
        (Field::SubscriptionId, MAIL),
        (Field::AltEmailAddress, "jane@home.example"),
    ]);
    let planned = one(
        &world,
        &with_password(change(2, "Add", "jane.smith2@river.example", &fields)),
    );
    assert_eq!(provision(&planned).0.text(Attribute::NotesName), "Jane Smith 2");
    let fields = [&fields[..], &[(Field::NotesDn, "jane smith")]].concat();
    let planned = one(
        &world,
        &with_password(change(2, "Add", "jane.smith2@river.example", &fields)),
    );
    let problems: Vec<_> = planned.step.problems().iter().map(Problem::message).collect();
    assert_eq!(problems, ["jane smith is the NotesDN of another person."]);
}

#[test]
fn fields_of_mail_are_ignored_without_it_and_none_is_migrated() {
    let fields = named(&[
        (Field::SubscriptionId, COLLAB),
        (Field::NotesTemplate, "StdR85Mail"),
        (Field::NotesMigration, "false"),
    ]);
    let mut world = world(vec![]);
    assert_eq!(
        told(&world, "Add", JANE, &fields),
        [
            "Done create account; assign Collaboration (69054); send invitation",
            "Notice field.without_mail NotesTemplate is ignored because there is no mail seat.",
            "Notice field.without_mail NotesMigration is ignored because there is no mail seat.",
        ]
    );
    world.customers[0].templates = vec!["StdR85Mail,8.5,en_GB".to_owned()];
    let mail = |template, migration| {
        let fields = named(&[
            (Field::SubscriptionId, MAIL),
            (Field::AltEmailAddress, "jane@home.example"),
            (Field::NotesTemplate, template),
            (Field::NotesMigration, migration),
        ]);
        let planned = one(&world, &with_password(change(2, "Add", JANE, &fields)));
        let problems = planned.step.problems().iter().map(Problem::message);
        problems.collect::<Vec<_>>()
    };
    assert!(mail("StdR85Mail,8.5,en_GB,forms.nsf", "0").is_empty());
    assert_eq!(
        mail("StdR85Mail", "1"),
        [
            "StdR85Mail is not a mail template of this customer.",
            "There is no migrated mail for jane.smith@river.example.",
        ]
    );
    assert_eq!(mail("", "yes"), ["yes is not one of true, false, 1, 0."]);
}

#[test]
fn nobody_gets_an_address_that_is_or_was_somebodys() {
    let mut gone = account(2, "RIV", &[(Attribute::EmailAddress, "gone@river.example")]);
    gone.status = AccountStatus::Deleted;
    let mut other = account(3, "HLD01", &[(Attribute::EmailAddress, "other@river.example")]);
    other.aliases = vec![EmailAddress::parse("older@river.example").unwrap()];
    let mut world = world(vec![jane(), gone, other]);
    let out_of_sight = EmailAddress::parse("hidden@river.example").unwrap();
    world.held_addresses.insert(out_of_sight, None);
    for other in ["other@river.example", "older@river.example"] {
        let address = EmailAddress::parse(other).unwrap();
        let holder = AccountId(Uuid::from_u128(3));
        world.held_addresses.insert(address, Some(holder));
    }
    assert_eq!(
        told(&world, "Add", JANE, &NAMED),
        ["Rejected account.exists jane.smith@river.example already has an account. Use Update or AssignSeat."]
    );
    let deleted = "gone@river.example was deleted. An administrator can restore the account in the portal";
    for (days, until) in [(30, " until day 2592000000"), (0, "")] {
        Arc::make_mut(&mut world.rules).timers.deleted_days = days;
        let expected = format!("Rejected address.reserved {deleted}{until}.");
        assert_eq!(told(&world, "Add", "gone@river.example", &NAMED), [expected]);
    }
    for reserved in ["other", "older", "hidden", "postmaster"] {
        let email = format!("{reserved}@river.example");
        let expected = format!("Rejected address.reserved {email} is not available.");
        assert_eq!(told(&world, "Add", &email, &NAMED), [expected]);
    }
}

#[test]
fn an_address_is_in_the_mail_domain_or_in_one_of_the_customer() {
    let world = world(vec![]);
    let done = ["Done create account; send invitation"];
    assert_eq!(told(&world, "Add", "jane.smith@health.example", &NAMED), done);
    assert_eq!(told(&world, "Add", JANE, &NAMED), done);
    assert_eq!(
        told(&world, "Add", "jane@elsewhere.example", &NAMED),
        ["Rejected domain.foreign elsewhere.example is not a domain of this customer."]
    );
}

#[test]
fn activation_is_forced_for_federated_people_of_the_customer_alone() {
    let forced = named(&[
        (Field::Activation, "force_activation"),
        (Field::FederationType, "FEDERATED"),
    ]);
    let mut world = world(vec![]);
    world.customers[0].federation = Federation::Partial;
    assert_eq!(
        told(&world, "Add", "jane@health.example", &forced),
        [
            "Rejected activation.verification_on FORCE_ACTIVATION is only for organisations that do not verify email addresses.",
            "Rejected activation.domain FORCE_ACTIVATION needs an address of the customer; health.example is not its domain.",
        ]
    );
    world.customers[0].verifies_email = false;
    assert_eq!(
        told(&world, "Add", JANE, &forced),
        ["Done create account; activate account"]
    );
    let not_federated = named(&[(Field::Activation, "FORCE_ACTIVATION")]);
    assert_eq!(
        told(&world, "Add", JANE, &not_federated),
        ["Rejected activation.not_federated FORCE_ACTIVATION is only for federated people."]
    );
    let other = named(&[(Field::Activation, "YES"), (Field::FederationType, "FEDERATED")]);
    assert_eq!(
        told(&world, "Add", JANE, &other),
        ["Rejected activation.value YES is not FORCE_ACTIVATION."]
    );
}

#[test]
fn two_seats_of_an_add_are_of_two_sides_and_accessories_need_theirs() {
    let world = world(vec![]);
    let both = |first, second| {
        let fields = named(&[(Field::SubscriptionId, first), (Field::SubscriptionId2, second)]);
        told(&world, "Add", JANE, &fields)
    };
    assert_eq!(
        both(DOCS, COLLAB),
        ["Done create account; assign Collaboration (69054); assign Docs (69056); send invitation"]
    );
    assert_eq!(
        both(COLLAB, COLLAB_PLUS),
        [
            "Rejected seat.second_collab jane.smith@river.example already has a collaboration seat (Staff files). Use ChangeSeat."
        ]
    );
    assert_eq!(
        both(COLLAB, COLLAB),
        ["Rejected subscription.twice SubscriptionId and SubscriptionId2 name the same subscription."]
    );
    assert_eq!(
        both(COLLAB, TRAVELER),
        ["Rejected seat.needs Traveler needs a mail seat."]
    );
    assert_eq!(
        both(COLLAB, MAIL_POOL),
        ["Rejected subscription.storage More mail has no seats. Use ChangeStorage."]
    );
    assert_eq!(
        both(COLLAB, "DeleteMail"),
        [
            "Rejected change.keyword_wrong DELETEMAIL is only for changing a bundle to a single seat, with the number of the \
             new subscription in the other field."
        ]
    );
}

#[test]
fn seats_are_given_from_the_first_day_of_a_subscription_to_its_last() {
    let with = |starts_on, ends_on| {
        let mut world = world(vec![]);
        let known = world.subscriptions.get_mut(&number(COLLAB)).unwrap();
        known.subscription.starts_on = starts_on;
        known.subscription.ends_on = ends_on;
        // Today is 1 January 1970.
        told(&world, "Add", JANE, &named(&[(Field::SubscriptionId, COLLAB)])).remove(0)
    };
    let given = "Done create account; assign Collaboration (69054); send invitation";
    let (yesterday, today, tomorrow) = (Day::of(1969, 12, 31), Day::of(1970, 1, 1), Day::of(1970, 1, 2));
    assert_eq!(with(today, today), given);
    assert_eq!(with(tomorrow, None), "Rejected subscription.inactive 69054 is pending.");
    assert_eq!(
        with(None, yesterday),
        "Rejected subscription.inactive 69054 ended on day -86400000."
    );
}

#[test]
fn seats_of_subscriptions_that_are_full_or_not_active_are_not_given() {
    let mut world = world(vec![]);
    let full = world.subscriptions.get_mut(&number(COLLAB)).unwrap();
    full.taken = 10;
    let suspended = world.subscriptions.get_mut(&number(COLLAB_PLUS)).unwrap();
    suspended.subscription.state = SubscriptionState::Suspended;
    let with = |id| told(&world, "Add", JANE, &named(&[(Field::SubscriptionId, id)]));
    assert_eq!(
        with(COLLAB),
        ["Rejected seats.full No seat of Staff files is free (10 of 10 used)."]
    );
    assert_eq!(
        with(COLLAB_PLUS),
        ["Rejected subscription.inactive 69055 is suspended."]
    );
    let elsewhere = world.subscriptions.get_mut(&number(DOCS)).unwrap();
    elsewhere.subscription.customer = CustomerNumber::new(8).unwrap();
    let planned = told(&world, "Add", JANE, &named(&[(Field::SubscriptionId, DOCS)]));
    assert_eq!(
        planned,
        ["Rejected subscription.none 69056 is not a subscription of this customer."]
    );
}

#[test]
fn somebody_who_looks_like_one_who_is_here_is_noticed_and_made() {
    let world = world(vec![jane()]);
    assert_eq!(
        told(&world, "Add", "jane.smith9@river.example", &NAMED),
        [
            "Done create account; send invitation",
            "Notice looks_like Jane Smith (jane.smith@river.example) may be the same person.",
        ]
    );
}

#[test]
fn of_many_who_look_like_somebody_new_the_nearest_two_are_told() {
    let like = |id: u128, first: &str| {
        let email = format!("jane.smith{id}@river.example");
        let known = [
            (Attribute::FirstName, first),
            (Attribute::LastName, "Smith"),
            (Attribute::EmailAddress, email.as_str()),
        ];
        account(id, "RIV", &known)
    };
    let world = world(vec![
        like(1, "Janet"),
        like(2, "Jane"),
        like(3, "Jane"),
        like(4, "Jane"),
    ]);
    assert_eq!(
        told(&world, "Add", "jane.smith9@river.example", &NAMED),
        [
            "Done create account; send invitation",
            "Notice looks_like Jane Smith (jane.smith2@river.example) may be the same person.",
            "Notice looks_like Jane Smith (jane.smith3@river.example) may be the same person.",
        ]
    );
}

#[test]
fn without_subscriptions_an_add_makes_a_person_without_seats() {
    let mut world = world(vec![]);
    world.subscriptions.clear();
    let fields = named(&[(Field::NotesTemplate, "StdR85Mail")]);
    assert_eq!(
        told(&world, "Add", JANE, &fields),
        ["Done create account; send invitation"]
    );
}
