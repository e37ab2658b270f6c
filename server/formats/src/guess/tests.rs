use domain::values::email_address::MailDomain;

use super::*;

fn headings(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

fn by_headings(line: &str) -> Vec<Option<Attribute>> {
    Formats::shipped().guess_columns(&headings(line), None)
}

fn by_cells(line: &str, rows: &[&str]) -> Vec<Option<Attribute>> {
    let rules = Rules::standard(MailDomain::parse("health.example").unwrap());
    let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<HashSet<_>>();
    let (codes, local_ids) = (set(&["RIV", "RIV01"]), set(&["1001", "1003"]));
    let cells: Vec<_> = rows.iter().map(|row| headings(row)).collect();
    let known = Known {
        rules: &rules,
        codes: &codes,
        local_ids: &local_ids,
    };
    Formats::shipped().guess_columns(&headings(line), Some(FirstRows { cells: &cells, known }))
}

#[test]
fn headings_of_personnel_systems_are_guessed_once_each() {
    use Attribute::{
        Department, EmailAddress, FirstName, JobTitle, LastName, LocalId, Mobile, Organisation, Site, StartDate, Unit,
    };
    let line = "Assignment No,Surname,Forename,Preferred Name,Position Title,Org,Work Email,Mobile No,Start Date,Cost Centre,Ward,Base,Dept.";
    let held = [
        Some(LocalId),
        Some(LastName),
        Some(FirstName),
        None,
        Some(JobTitle),
        Some(Organisation),
        Some(EmailAddress),
        Some(Mobile),
        Some(StartDate),
        None,
        Some(Unit),
        Some(Site),
        Some(Department),
    ];
    assert_eq!(by_headings(line), held);
}

#[test]
fn notes_that_everybody_reads_are_never_guessed_from_comments() {
    for heading in ["Comments", "Comment", "REMARKS", "Remark", "Note"] {
        assert_eq!(by_headings(heading), [None], "{heading}");
        assert_eq!(by_cells(heading, &["Private: clinic", "on leave"]), [None], "{heading}");
    }
    assert_eq!(by_headings("Notes"), [Some(Attribute::Notes)]);
}

#[test]
fn a_whole_name_is_guessed_only_where_no_column_has_a_name_of_its_own() {
    let (whole, organisation) = (Some(Attribute::WholeName), Some(Attribute::Organisation));
    for heading in ["Name", "Full name", "EMPLOYEE NAME", "Staff Name", "Whole name"] {
        assert_eq!(
            by_headings(&format!("{heading},Trust")),
            [whole, organisation],
            "{heading}"
        );
    }
    assert_eq!(by_headings("Name,Surname"), [None, Some(Attribute::LastName)]);
    assert_eq!(by_headings("Full name,Maiden name"), [whole, None]);
}

#[test]
fn short_forms_case_spacing_and_whose_it_is_do_not_matter() {
    let local_id = Some(Attribute::LocalId);
    for heading in [
        "EMPLOYEE NUMBER",
        "Employee_No.",
        "employeeNo",
        "Emp No",
        "Employee #",
        "ESR Assignment Number",
    ] {
        assert_eq!(by_headings(heading), [local_id], "{heading}");
    }
    for (heading, held) in [
        ("Employee First Name", Some(Attribute::FirstName)),
        ("Staff Mobile", Some(Attribute::Mobile)),
        ("Primary E-mail", Some(Attribute::EmailAddress)),
        ("Known as", Some(Attribute::FirstName)),
        ("Personal Email", Some(Attribute::ActivationEmail)),
        ("HOME_E-MAIL ADDR.", Some(Attribute::ActivationEmail)),
        ("Employee start date", Some(Attribute::StartDate)),
        ("Hire Date", Some(Attribute::StartDate)),
        ("Commencement date", Some(Attribute::StartDate)),
        ("Contract end", Some(Attribute::EndDate)),
        ("Leaving date", None),
        ("Shoe size", None),
        ("Status", None),
        ("Result", None),
        ("", None),
    ] {
        assert_eq!(by_headings(heading), [held], "{heading}");
    }
}

#[test]
fn what_other_headings_mean_is_guessed_once_each() {
    let line = "Payroll number,Forename,SURNAME,Trust,Shoe size,Family name,Work phone,,E-mail";
    let held = [
        Some(Attribute::LocalId),
        Some(Attribute::FirstName),
        Some(Attribute::LastName),
        Some(Attribute::Organisation),
        None,
        None,
        Some(Attribute::Telephone),
        None,
        Some(Attribute::EmailAddress),
    ];
    assert_eq!(by_headings(line), held);
}

#[test]
fn cells_tell_what_headings_do_not() {
    let held = by_cells(
        "A,B,C,D,E,F",
        &[
            "1001,RIV,jane@health.example,07700 900123,01632 960123,Nurse",
            "1003,riv01,ann@health.example,07700900124,+441632960124,Porter",
            "1009,RIV,,,,",
        ],
    );
    let guessed = [
        Some(Attribute::LocalId),
        Some(Attribute::Organisation),
        Some(Attribute::EmailAddress),
        Some(Attribute::Mobile),
        Some(Attribute::Telephone),
        None,
    ];
    assert_eq!(held, guessed);
}

#[test]
fn cells_decide_between_columns_with_headings_of_one_meaning() {
    let line = "Staff ID,Employee No,Trust,Org code,Email,Work email,Role";
    let row = "x1,1001,Riverside Hospitals Trust,RIV,jane@home.example,jane@health.example,Ward sister";
    let held = by_cells(line, &[row]);
    let guessed = [
        None,
        Some(Attribute::LocalId),
        None,
        Some(Attribute::Organisation),
        None,
        Some(Attribute::EmailAddress),
        Some(Attribute::JobTitle),
    ];
    assert_eq!(held, guessed);
    let private = ["a@home.example", "b@home.example", "c@home.example"];
    assert_eq!(by_cells("Email", &private), [None]);
    assert_eq!(by_cells("Id", &["x1", "x2"]), [Some(Attribute::LocalId)]);
    let role = by_cells("Role", &["Nurse", "Consultant;Manager"]);
    assert_eq!(role, [Some(Attribute::Role)]);
}

#[test]
fn work_and_private_addresses_go_to_their_own_columns() {
    let (work, private) = (Some(Attribute::EmailAddress), Some(Attribute::ActivationEmail));
    for line in [
        "Work email,Personal email",
        "Email,Home Email Address",
        "E-mail address,Private e-mail",
    ] {
        assert_eq!(by_headings(line), [work, private], "{line}");
        let row = "jane@health.example,jane@home.example";
        assert_eq!(by_cells(line, &[row]), [work, private], "{line}");
    }
    assert_eq!(by_headings("Private email,NHS email"), [private, work]);
    // Addresses of the mail domain are nobody's private ones.
    let rows = ["jane@home.example,jane@health.example"];
    assert_eq!(by_cells("Email,Personal email", &rows), [None, work]);
}

#[test]
fn dates_and_numbers_of_other_things_are_nobodys_local_id() {
    let held = by_cells(
        "Start date,NI number,Cost centre",
        &["1001,1003,RIV", "1003,1001,RIV01"],
    );
    assert_eq!(held, [None, None, None]);
}

#[test]
fn a_column_of_days_is_told_from_one_of_numbers_under_its_heading() {
    let held = by_cells("Start date,End date", &["01/04/2024,31/12/4712", "2027-03-01,"]);
    assert_eq!(held, [Some(Attribute::StartDate), Some(Attribute::EndDate)]);
    // Days as a spreadsheet counts them, and numbers that are none.
    assert_eq!(by_cells("End date", &["46112", "46113"]), [Some(Attribute::EndDate)]);
    assert_eq!(by_cells("End date", &["146112", "4613"]), [None]);
}
