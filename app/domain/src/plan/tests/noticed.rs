use super::*;
use crate::values::email_address::EmailAddress;

const NEW: [(Attribute, &str); 3] = [
    (Attribute::FirstName, "Ada"),
    (Attribute::LastName, "Bright"),
    (Attribute::Organisation, "RIV"),
];

/// What a file's row of these cells comes to, on top of a name and an organisation.
fn planned(channel: Channel, cells: &[(Attribute, &str)], known: Vec<Account>) -> PlannedRow {
    let all = NEW.into_iter().chain(cells.iter().copied());
    let world = snapshot(channel, known, vec![]);
    plan(&world, &[row(2, Wish::AccountInFile(Cells::of(all)))])
        .rows
        .remove(0)
}

fn given(planned: &PlannedRow, attribute: Attribute) -> &str {
    match &planned.step {
        Step::CreateAccount { attributes, .. } => attributes.text(attribute),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_local_id_with_a_fraction_finds_its_person_and_is_asked_about() {
    let mut known = JEM.to_vec();
    known.push((Attribute::LocalId, "1012"));
    let row = planned(
        Channel::PortalCsv,
        &[
            (Attribute::LocalId, "1012.0"),
            (Attribute::FirstName, "Jem"),
            (Attribute::LastName, "Larkspur"),
        ],
        vec![account(1, "RIV", &known)],
    );
    assert!(matches!(row.step, Step::Nothing { account: Some(_) }), "{row:?}");
    let kinds: Vec<_> = row.warnings.iter().map(|warning| &warning.kind).collect();
    let read = "1012".to_owned();
    let attribute = Attribute::LocalId;
    assert_eq!(kinds, [&Kind::ReadWithoutFraction { attribute, read }]);
    assert!(
        row.warnings
            .iter()
            .all(|warning| !warning.is_remark() && warning.is_of_a_column())
    );
}

#[test]
fn a_word_for_nothing_empties_no_title_and_gets_a_remark() {
    let row = planned(
        Channel::PortalCsv,
        &[(Attribute::JobTitle, "NULL"), (Attribute::Notes, "None of it")],
        vec![],
    );
    assert_eq!(
        (given(&row, Attribute::JobTitle), given(&row, Attribute::Notes)),
        ("", "None of it")
    );
    let told: Vec<_> = row.warnings.iter().map(Problem::message).collect();
    assert_eq!(told, ["“NULL” in job title is read as an empty cell."]);
    assert!(row.warnings[0].is_remark());
}

#[test]
fn a_word_for_nothing_is_an_empty_cell_in_every_optional_detail() {
    for attribute in Attribute::ALL
        .into_iter()
        .filter(|attribute| attribute.may_be_nothing())
    {
        for word in ["N/A", "NULL", "TBC", "-", "none"] {
            let row = planned(Channel::PortalCsv, &[(attribute, word)], vec![]);
            let Step::CreateAccount { attributes, .. } = &row.step else {
                panic!("{attribute:?} {word}: {row:?}")
            };
            let made = matches!(attribute, Attribute::DisplayName | Attribute::Quota);
            assert!(made || attributes.get(attribute).is_none(), "{attribute:?} {word}");
            let word = word.to_owned();
            let kinds: Vec<_> = row.warnings.iter().map(|warning| warning.kind.clone()).collect();
            assert_eq!(kinds, [Kind::ReadAsEmpty { attribute, word }]);
        }
    }
    for attribute in [Attribute::LocalId, Attribute::EmailAddress] {
        let row = planned(Channel::PortalCsv, &[(attribute, "N/A")], vec![]);
        let kinds: Vec<_> = row.step.problems().iter().map(|problem| &problem.kind).collect();
        assert_eq!(kinds, [&Kind::StandsForNothing { attribute }]);
    }
    // A form has a field to leave empty.
    let cells = Cells::of(NEW.into_iter().chain([(Attribute::Mobile, "N/A")]));
    let form = plan(
        &snapshot(Channel::Portal, vec![], vec![]),
        &[row(1, Wish::NewAccount(cells))],
    );
    assert_eq!(form.rows[0].step.problems().len(), 1);
}

#[test]
fn what_is_noticed_about_a_name_is_shared_by_its_column() {
    let told = |first| {
        let row = planned(Channel::PortalCsv, &[(Attribute::FirstName, first)], vec![]);
        let warnings = row.warnings.iter().map(Problem::shared).collect::<Vec<_>>();
        warnings.join(" ")
    };
    assert_eq!(told("ADA"), "First name “…” is in capital letters.");
    assert_eq!(told("BEA"), told("ADA"));
    assert_eq!(told("Dr Ada"), "First name “…” starts with a title.");
    assert_eq!(told("Ada"), "");
}

#[test]
fn an_only_name_is_told_what_to_enter_and_two_in_one_are_told_apart() {
    let told = |first: &str, last: &str| {
        let cells = Cells::of([
            (Attribute::FirstName, first),
            (Attribute::LastName, last),
            (Attribute::Organisation, "RIV"),
        ]);
        let world = snapshot(Channel::PortalCsv, vec![], vec![]);
        let planned = plan(&world, &[row(2, Wish::AccountInFile(cells))]);
        let problems = planned.rows[0].step.problems().iter();
        problems.map(Problem::to_string).collect::<Vec<_>>().join(" ")
    };
    let one = "For somebody with only one name, enter that name as both first and last name.";
    assert_eq!(
        told("Suharti", ""),
        format!("Last name is missing. Enter the last name. {one}")
    );
    assert_eq!(
        told("", "Okonkwo, Nerys"),
        "First name is missing. Last name may hold both names. Enter Nerys as the first name and Okonkwo as the last name."
    );
    assert_eq!(
        told("Nerys Okonkwo", "\u{200B}"),
        "Last name is missing. First name may hold both names. Enter Nerys as the first name and Okonkwo as the last name."
    );
}

#[test]
fn words_in_place_of_a_name_are_problems_and_names_like_them_asked_about() {
    let told = |last| {
        let row = planned(Channel::PortalCsv, &[(Attribute::LastName, last)], vec![]);
        let all = row.step.problems().iter().chain(&row.warnings);
        all.map(Problem::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        told("NULL"),
        "“NULL” is not a last name. Enter the last name. If that is the person’s name, write it as Null."
    );
    let one = "For somebody with only one name, enter that name as both first and last name.";
    for text in ["TBC", "n/a", "Unknown", "xxx", "-", "(null)"] {
        assert_eq!(
            told(text),
            format!("“{text}” is not a last name. Enter the last name. {one}")
        );
    }
    assert_eq!(
        told("Null"),
        "“Null” may stand for a missing last name. If it is the person’s name, include the row. If not, enter the last name."
    );
    assert_eq!(told("Tan"), "");
    // Who is called so already is asked about no more.
    let known = [NEW[0], (Attribute::LastName, "Null"), (Attribute::LocalId, "1")];
    let again = [(Attribute::LastName, "Null"), (Attribute::LocalId, "1")];
    let unchanged = planned(Channel::PortalCsv, &again, vec![account(1, "RIV", &known)]);
    assert!(
        matches!(unchanged.step, Step::Nothing { .. }) && unchanged.warnings.is_empty(),
        "{unchanged:?}"
    );
    // A form says what somebody has typed, but for what is no name at all.
    let form = |last| {
        let cells = Cells::of([NEW[0], (Attribute::LastName, last), NEW[2]]);
        let world = snapshot(Channel::Portal, vec![], vec![]);
        let planned = plan(&world, &[row(1, Wish::NewAccount(cells))]).rows.remove(0);
        (planned.step.problems().len(), planned.warnings.len())
    };
    assert_eq!((form("Null"), form("TBC")), ((0, 0), (1, 0)));
}

/// What a file's row makes of somebody’s names, and what is said of it.
fn renamed(here: (&str, &str), first: &str, last: &str, mended: bool) -> (PlannedRow, Vec<String>) {
    let known = [
        (Attribute::FirstName, here.0),
        (Attribute::LastName, here.1),
        (Attribute::LocalId, "1"),
    ];
    let mut cells = Cells::of([
        (Attribute::LocalId, "1"),
        (Attribute::Organisation, "RIV"),
        (Attribute::FirstName, first),
        (Attribute::LastName, last),
    ]);
    if mended {
        cells.mended.insert(Attribute::FirstName, "x".to_owned());
    }
    let world = snapshot(Channel::PortalCsv, vec![account(1, "RIV", &known)], vec![]);
    let planned = plan(&world, &[row(2, Wish::AccountInFile(cells))]).rows.remove(0);
    let said = planned.warnings.iter().map(Problem::shared).collect();
    (planned, said)
}

#[test]
fn a_name_that_a_file_writes_with_less_care_stays_as_it_is_here() {
    for (here, first, last, said) in [
        (
            ("Lowri", "Penhaligon"),
            "LOWRI",
            "PENHALIGON",
            vec![
                "First name “…” differs from the name here only in capital letters. The first name here is kept.",
                "Last name “…” differs from the name here only in capital letters. The last name here is kept.",
            ],
        ),
        (
            ("Leif", "O’Brien"),
            "Dr Leif",
            "O'Brien",
            vec![
                "First name “…” differs from the name here only by a title. The first name here is kept.",
                "Last name “…” differs from the name here only in apostrophes, hyphens or spaces. The last name here is kept.",
            ],
        ),
        (
            ("Zoë", "Smith-Jones"),
            "Zoe",
            "Smith-Jones",
            vec!["First name “…” is the name here without its accents. The first name here is kept."],
        ),
    ] {
        let (row, told) = renamed(here, first, last, false);
        assert!(matches!(row.step, Step::Nothing { .. }), "{row:?}");
        assert_eq!(told, said);
        assert!(row.warnings.iter().all(Problem::is_remark));
    }
    let (row, told) = renamed(("Ann", "Mcdonald"), "Ann", "McDonald", false);
    assert_eq!(row.step.changes().len(), 1, "{row:?}");
    assert!(told.is_empty());
    // What its sender has typed into the row themselves is what they want.
    let (row, told) = renamed(("Lowri", "Penhaligon"), "LOWRI", "Penhaligon", true);
    assert_eq!(row.step.changes().len(), 1, "{row:?}");
    assert_eq!(told, ["First name “…” is in capital letters."]);
}

#[test]
fn a_private_address_that_another_has_is_asked_about() {
    let mut world = snapshot(Channel::PortalCsv, vec![], vec![]);
    let address = EmailAddress::parse("jo@home.example").unwrap();
    let account = AccountId(Uuid::from_u128(7));
    world.private_here = HashMap::from([(address, (account, "Jem Larkspur".to_owned()))]);
    world.file = FileKeys::default().with_private(HashMap::from([(RowNumber(2), RowNumber(5))]));
    let cells = NEW.into_iter().chain([(Attribute::ActivationEmail, "Jo@home.example")]);
    let row = plan(&world, &[row(2, Wish::AccountInFile(Cells::of(cells)))])
        .rows
        .remove(0);
    let told: Vec<_> = row.warnings.iter().map(Problem::message).collect();
    assert_eq!(
        told,
        [
            "Row 5 has the same private email address.",
            "Jem Larkspur was given the same private email address.",
        ]
    );
    assert!(row.questions().count() == 2 && row.warnings.iter().all(|warning| warning.value.is_empty()));
}

#[test]
fn a_private_address_of_an_activated_account_gets_a_remark() {
    let mut known = JEM.to_vec();
    known.push((Attribute::LocalId, "7"));
    let with = |status, address| {
        let account = Account {
            status,
            ..account(1, "RIV", &known)
        };
        let cells = Cells::of([
            (Attribute::LocalId, "7"),
            (Attribute::Organisation, "RIV"),
            (Attribute::ActivationEmail, address),
        ]);
        let world = snapshot(Channel::PortalCsv, vec![account], vec![]);
        let planned = plan(&world, &[row(2, Wish::AccountInFile(cells))]).rows.remove(0);
        assert!(
            planned
                .warnings
                .iter()
                .all(|warning| warning.is_remark() && warning.value.is_empty())
        );
        let told = planned.warnings.into_iter().map(|warning| warning.kind);
        told.collect::<Vec<_>>()
    };
    assert_eq!(with(AccountStatus::Active, "jo@home.example"), [Kind::PrivateNotNeeded]);
    assert_eq!(with(AccountStatus::Pending, "jo@home.example"), [Kind::PrivateNotUsed]);
    assert!(with(AccountStatus::Active, " ").is_empty());
}

#[test]
fn a_whole_name_is_split_and_how_is_told() {
    let planned = |text: &str, more: &[(Attribute, &str)], known: Vec<Account>| {
        let own = [(Attribute::WholeName, text), (Attribute::Organisation, "RIV")];
        let cells = Cells::of(own.into_iter().chain(more.iter().copied()));
        let world = snapshot(Channel::PortalCsv, known, vec![]);
        plan(&world, &[row(2, Wish::AccountInFile(cells))]).rows.remove(0)
    };
    let row = planned("Dr Jane Smith-Jones (Janey)", &[], vec![]);
    let names = [Attribute::Title, Attribute::FirstName, Attribute::LastName].map(|name| given(&row, name));
    assert_eq!(names, ["Dr", "Jane", "Smith-Jones"]);
    let told: Vec<_> = row.warnings.iter().map(Problem::message).collect();
    assert_eq!(
        told,
        [
            "“Dr Jane Smith-Jones (Janey)” is read as Jane / Smith-Jones (first name / last name). “(Janey)” is not \
             used."
        ]
    );
    assert!(row.warnings[0].is_remark());
    assert_eq!(
        row.warnings[0].shared(),
        "Whole name: “…” is read as … / … (first name / last name). “…” is not used."
    );
    // A comma leaves no doubt, unless something beside the names was dropped.
    let told = |text: &str| {
        let told: Vec<_> = planned(text, &[], vec![])
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        told.join(" ")
    };
    assert_eq!(told("Jones, Alan"), "");
    assert_eq!(
        told("Jones, Alan (Bank)"),
        "“Jones, Alan (Bank)” is read as Alan / Jones (first name / last name). “(Bank)” is not used. If it is part \
         of the name, put the first and last names in separate columns."
    );
    assert_eq!(
        told("Alan Jones"),
        "“Alan Jones” is read as Alan / Jones (first name / last name). If that is wrong, write it with a comma after \
         the last name: Smith, Jane."
    );
    let vacant = planned("Vacant Post", &[], vec![]);
    let vacant = vacant
        .step
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert_eq!(
        vacant,
        ["“Vacant Post” is not a first name. Skip this row if nobody has the post yet."]
    );
    // A name that has a cell of its own stands as it is there.
    let row = planned(
        "Smith, Jane",
        &[(Attribute::FirstName, "Janey"), (Attribute::Title, "Ms")],
        vec![],
    );
    let names = [Attribute::Title, Attribute::FirstName, Attribute::LastName].map(|name| given(&row, name));
    assert_eq!(names, ["Ms", "Janey", "Smith"]);
    // One word is a problem of its cell, and no name is missing besides.
    let row = planned("Suharti", &[], vec![]);
    let [problem] = row.step.problems() else {
        panic!("{row:?}")
    };
    assert_eq!(
        (problem.place.attribute(), &problem.kind),
        (Some(Attribute::WholeName), &Kind::NotSplit)
    );
    assert_eq!(row.name, "Suharti");
    assert_eq!(planned("TBC", &[], vec![]).step.problems().len(), 1);
    let jem = [JEM[0], JEM[1], (Attribute::LocalId, "1")];
    let row = planned(
        "LARKSPUR, Jem",
        &[(Attribute::LocalId, "1")],
        vec![account(1, "RIV", &jem)],
    );
    assert!(matches!(row.step, Step::Nothing { .. }), "{row:?}");
    let told: Vec<_> = row.warnings.iter().map(Problem::message).collect();
    assert_eq!(
        told,
        ["Last name “LARKSPUR” differs from the name here only in capital letters. The last name here is kept."]
    );
}
