use super::*;

const NEW: [(Attribute, &str); 3] = [
    (Attribute::FirstName, "Ada"),
    (Attribute::LastName, "Bright"),
    (Attribute::Organisation, "RIV"),
];

/// What a file's row of these cells comes to, on top of a name and an organisation.
fn planned(channel: Channel, cells: &[(Attribute, &str)], known: Vec<Account>) -> PlannedRow {
    let all = NEW.into_iter().chain(cells.iter().copied());
    let world = snapshot(channel, known, vec![]);
    plan(&world, &[row(2, Wish::Account(Cells::of(all)))]).rows.remove(0)
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
fn a_word_for_nothing_empties_no_title_and_is_remarked_upon() {
    let row = planned(
        Channel::PortalCsv,
        &[(Attribute::JobTitle, "NULL"), (Attribute::Notes, "None")],
        vec![],
    );
    assert_eq!(
        (given(&row, Attribute::JobTitle), given(&row, Attribute::Notes)),
        ("", "None")
    );
    let told: Vec<_> = row.warnings.iter().map(Problem::message).collect();
    assert_eq!(told, ["“NULL” in job title is read as an empty cell."]);
    assert!(row.warnings[0].is_remark());
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
        let planned = plan(&world, &[row(2, Wish::Account(cells))]);
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
