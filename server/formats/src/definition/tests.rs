use super::*;

fn headings(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

#[test]
fn a_format_is_recognised_by_its_headings_in_any_order_and_case() {
    let formats = Formats::shipped();
    let (format, layout) = formats
        .recognise(&headings("lastname,FIRST NAME,Ods_Code,localId,,Result"))
        .unwrap();
    assert_eq!(format.name, "new");
    assert_eq!(layout.position(Attribute::Organisation), Some(2));
    let old = "Mobile,Telephone,ClinicalSpecialty,WorkArea,JobRole,LastName,FirstName,Title,LocalUniqueIdentifier,OrganisationCode";
    assert_eq!(formats.recognise(&headings(old)).unwrap().0.name, "old");
}

#[test]
fn a_file_with_other_headings_is_offered_every_attribute() {
    let formats = Formats::shipped();
    let line = headings("First Name,Surname,Job,Email,Mobile");
    let (format, layout) = formats.guess(&line).unwrap();
    assert_eq!(format.name, "new");
    assert!(format.holds(Attribute::EmailAddress) && format.holds(Attribute::JobTitle));
    let held: Vec<_> = layout.columns.iter().filter_map(|(_, held)| *held).collect();
    let all = [
        Attribute::FirstName,
        Attribute::LastName,
        Attribute::JobTitle,
        Attribute::EmailAddress,
        Attribute::Mobile,
    ];
    assert_eq!(held, all);
    let Kind::UnknownFormat { format, .. } = formats.recognise(&line).unwrap_err().kind else {
        panic!()
    };
    assert_eq!(format, "New format");
}

#[test]
fn columns_of_the_portals_own_lists_are_known_and_not_read() {
    let line = headings("ID,LocalID,ODSCode,FirstName,LastName,Status,Leaving date,Absence,Last sign-in");
    let formats = Formats::shipped();
    let (format, layout) = formats.recognise(&line).unwrap();
    assert_eq!(
        (format.name.as_str(), layout.position(Attribute::Status)),
        ("new", None)
    );
    assert_eq!(layout.columns.iter().filter(|(_, held)| held.is_none()).count(), 4);
}

#[test]
fn what_was_said_holds_for_the_same_headings_in_any_case_and_spacing() {
    let formats = Formats::shipped();
    let (_, mut said) = formats.guess(&headings("Staff No,Forename,Surname,Shoe size")).unwrap();
    said.is_chosen = true;
    let read = |line: &str| formats.as_said("new", &said, &headings(line)).map(|(_, layout)| layout);
    let held = read("SURNAME,staff no.,Shoe_Size,forename,Status,Result").unwrap();
    assert_eq!(held.position(Attribute::LastName), Some(0));
    assert_eq!(held.position(Attribute::LocalId), Some(1));
    assert!(read("Forename,,Surname,Staff No,Shoe size,").is_some());
    assert_eq!(read("Surname,Staff No,Hat size,Forename"), None);
    assert_eq!(read("Surname,Staff No,Forename"), None);
}

#[test]
fn a_file_is_read_by_the_formats_of_its_subject_only() {
    let people = Formats::shipped();
    let organisations = people.about(About::Organisations);
    let line = headings("Code,Name,ShortName,Parent,Status,Sites,Units");
    assert!(people.recognise(&line).is_err());
    assert_eq!(organisations.recognise(&line).unwrap().0.name, "organisations");
    assert!(
        organisations
            .recognise(&headings("LocalID,ODSCode,FirstName,LastName"))
            .is_err()
    );
    assert_eq!(organisations.about(About::People).iter().count(), people.iter().count());
}

#[test]
fn missing_extra_and_repeated_headings_are_said_together() {
    let problem = Formats::shipped()
        .recognise(&headings("LocalID,FirstName,Shoe size,firstname,Mobile"))
        .unwrap_err();
    let Kind::UnknownFormat {
        missing,
        extra,
        repeated,
        ..
    } = &problem.kind
    else {
        panic!("{problem:?}")
    };
    assert_eq!(
        (missing.join(","), extra.join(","), repeated.join(",")),
        ("ODSCode,LastName".into(), "Shoe size".into(), "firstname".into())
    );
}

#[test]
fn a_definition_that_contradicts_itself_is_refused_with_the_reason() {
    let start = "name = \"x\"\ntitle = \"X\"\nsummary = \"X.\"\nseparator = \";\"\n";
    let column =
        |heading: &str, attribute: &str| format!("[[column]]\nheading = \"{heading}\"\nattribute = \"{attribute}\"\n");
    let why = |text: String| parse("x.toml", &text).unwrap_err().to_string();
    let twice = format!("{start}{}{}", column("A", "first-name"), column("a", "last-name"));
    assert_eq!(why(twice), "x.toml: the heading a is there twice");
    let two = format!("{start}{}{}", column("A", "first-name"), column("B", "first-name"));
    assert_eq!(why(two), "x.toml: First name has two columns");
    // What change files alone give is in no file of the portal's.
    assert_eq!(
        why(format!("{start}{}", column("A", "alternate-email"))),
        "x.toml: Alternative email address is not what its rows are about"
    );
    assert!(why(format!("{start}{}", column("A", "shoe-size"))).contains("unknown variant"));
}
