use super::*;
use crate::{
    problem::{Kind, Problem},
    rules::Rules,
    values::{email_address::MailDomain, ids::RowNumber},
};

fn rules() -> Rules {
    Rules::standard(MailDomain::parse("health.example").unwrap())
}

fn parsed(attribute: Attribute, raw: &str) -> Result<String, Kind> {
    attribute.parse(raw, ';', &rules()).map(|value| value.to_string())
}

#[test]
fn the_dictionary_holds_every_attribute_once_and_in_order() {
    assert!(Attribute::ALL.is_sorted());
    for attribute in Attribute::ALL {
        let (entry, guide) = (attribute.entry(), attribute.guide());
        assert!(!entry.name.is_empty() && guide.hint.ends_with('.') && entry.limit > 0);
        if !guide.example.is_empty() {
            parsed(attribute, guide.example).unwrap();
        }
    }
}

#[test]
fn every_value_read_reads_again_as_itself() {
    let samples = [
        (Attribute::Mobile, "07700 900123"),
        (Attribute::WebPage, "www.health.example/about"),
        (Attribute::Quota, "10 GB"),
        (Attribute::Role, "nurse;Consultant; nurse"),
        (Attribute::HideMobile, "TRUE"),
        (Attribute::Notes, "a\r\nb"),
        (Attribute::Telephone, "01632 960123 x4512"),
        (Attribute::Telephone, "4512"),
        (Attribute::Pager, "Bleep 0028"),
        (Attribute::LocalId, "=\"='1012.0\""),
        (Attribute::LocalId, "'\u{AD}AB\u{2011}5"),
        (Attribute::EmailAddress, "<mailto:O’Hara@health.example>;"),
        (Attribute::SipAddress, "sip:jane@health.example"),
        (Attribute::WebPage, "<HTTPS://health.example/About>"),
        (Attribute::LastName, "=\"O'Neill\""),
        (Attribute::Language, "EN_us"),
        (Attribute::TimeZone, "us/central"),
        (Attribute::Country, "no"),
        (Attribute::PostalAddress, "1 Quay Street\r\nHarbour"),
        (Attribute::FederationType, "Modified_Federated"),
    ];
    for (attribute, raw) in samples {
        let once = parsed(attribute, raw).unwrap();
        assert_eq!(parsed(attribute, &once).as_ref(), Ok(&once));
    }
    assert_eq!(
        parsed(Attribute::Role, "nurse;Consultant").unwrap(),
        "Consultant; Nurse"
    );
}

#[test]
fn what_change_files_give_is_kept_by_one_name() {
    let read = [
        (Attribute::Language, "EN_us", "en-US"),
        (Attribute::TimeZone, "America/Central", "America/Chicago"),
        (Attribute::Country, "no", "NO"),
        (Attribute::AlternateEmail, "Jane@Home.Example", "jane@home.example"),
        (Attribute::FederationType, "non_federated", "non-federated"),
        (
            Attribute::NotesName,
            "CN=Jane Smith/O=Harbour",
            "CN=Jane Smith/O=Harbour",
        ),
    ];
    for (attribute, raw, kept) in read {
        assert_eq!(parsed(attribute, raw).as_deref(), Ok(kept));
        assert!(attribute.is_kept() && attribute.is_of_change_files());
    }
    assert_eq!(Attribute::FederationType.shown("non-federated"), "Not federated");
    for (attribute, raw, kind, hint) in [
        (
            Attribute::Country,
            "UK",
            Kind::NotACountry,
            "Write GB for the United Kingdom.",
        ),
        (
            Attribute::Country,
            "XX",
            Kind::NotACountry,
            "Enter the two letters of ISO 3166, like GB.",
        ),
        (
            Attribute::Language,
            "en-UK",
            Kind::NotALanguage,
            "Enter two letters, or two letters and a country, like en or en-GB.",
        ),
        (
            Attribute::TimeZone,
            "London",
            Kind::NotATimeZone,
            "Enter a name like Europe/London.",
        ),
        (
            Attribute::FederationType,
            "PARTIAL",
            Kind::NotAFederationType,
            "Enter NON_FEDERATED, FEDERATED or MODIFIED_FEDERATED.",
        ),
    ] {
        assert_eq!(parsed(attribute, raw), Err(kind.clone()));
        let problem = Problem::in_cell(RowNumber(2), attribute, raw, kind);
        assert_eq!(problem.hint(crate::problem::Audience::Program), hint);
    }
    let long = parsed(Attribute::Language, "en-GB-x");
    assert_eq!(
        long,
        Err(Kind::TooLong {
            attribute: Attribute::Language,
            limit: 5,
            length: 7
        })
    );
}

#[test]
fn a_limit_is_a_limit() {
    let length = Attribute::JobTitle.entry().limit;
    assert!(parsed(Attribute::JobTitle, &"é".repeat(length)).is_ok());
    let expected = Kind::TooLong {
        attribute: Attribute::JobTitle,
        limit: 100,
        length: 101,
    };
    assert_eq!(parsed(Attribute::JobTitle, &"é".repeat(length + 1)), Err(expected));
}

#[test]
fn web_pages_that_are_scripts_are_refused() {
    for raw in [
        "javascript:alert(1)",
        "https://",
        "https://x y.example",
        "data:text/html,x",
        "https://a.example/\"><b>",
        "https://a.example\\.b.example/",
    ] {
        assert_eq!(parsed(Attribute::WebPage, raw), Err(Kind::NotAWebPage), "{raw}");
    }
}

#[test]
fn web_pages_that_carry_a_sign_in_are_refused_and_not_said_back() {
    for raw in [
        "https://jane:secret@a.example/",
        "www.jane@a.example",
        "https://jane@intranet",
        "http://:secret@a.example?q",
    ] {
        assert_eq!(parsed(Attribute::WebPage, raw), Err(Kind::WebPageWithSignIn), "{raw}");
        let told = Problem::in_cell(RowNumber(1), Attribute::WebPage, raw, Kind::WebPageWithSignIn);
        assert_eq!(
            told.to_string(),
            "The web page’s address has a user name or a password in it. Take them out: everybody can read this \
             address."
        );
        assert_eq!(told.value, "");
    }
    assert!(parsed(Attribute::WebPage, "https://a.example/@jane?to=b@c.example").is_ok());
}

#[test]
fn a_picture_is_refused_with_what_may_stand_there_and_what_to_take_out() {
    let told = |attribute, raw| {
        let kind = parsed(attribute, raw).unwrap_err();
        Problem::in_cell(RowNumber(1), attribute, raw, kind).to_string()
    };
    assert_eq!(
        told(Attribute::FirstName, "Jane 😀"),
        "First name can only have letters, spaces, hyphens and apostrophes. Take out “😀”."
    );
    assert_eq!(
        told(Attribute::LastName, "😀"),
        "“😀” is not a last name. Enter it in letters; check that the columns have not moved."
    );
    assert_eq!(
        told(Attribute::DisplayName, "SMITH, Jane (A&E) 🎈"),
        "Display name can only have letters, numbers and punctuation marks. Take out “🎈”."
    );
    for attribute in [
        Attribute::Title,
        Attribute::Initials,
        Attribute::JobTitle,
        Attribute::Department,
    ] {
        assert!(matches!(parsed(attribute, "A 😀"), Err(Kind::HasSigns { .. })));
    }
    let written = "SMITH, Jane [Ward 7/8] (A&E, 2nd floor)";
    assert_eq!(parsed(Attribute::DisplayName, written).as_deref(), Ok(written));
}

#[test]
fn a_refusal_names_the_part_that_is_wrong_and_what_may_be_meant() {
    let told = |attribute, raw| {
        let kind = parsed(attribute, raw).unwrap_err();
        Problem::in_cell(RowNumber(1), attribute, raw, kind).to_string()
    };
    for (attribute, raw, sentence) in [
        (
            Attribute::FirstName,
            "Jan\u{200B}e",
            "First name has an invisible character (U+200B) after the 3rd character (“Jan”). Type it again instead of pasting it.",
        ),
        (
            Attribute::JobTitle,
            "Nurse\nBand 5",
            "Job title has a line break after the 5th character (“Nurse”). Write it on one line.",
        ),
        (
            Attribute::LastName,
            "Ren\u{FFFD}e",
            "Last name has a character that was lost (�) after the 3rd character (“Ren”). Type the character that was there.",
        ),
        (
            Attribute::FirstName,
            "Jane1",
            "First name can only have letters, spaces, hyphens and apostrophes. Take out “1”.",
        ),
        (
            Attribute::EmailAddress,
            "renée@health.example",
            "“renée@health.example” is not an email address: email addresses cannot have the letter “é”. Did you mean \
             renee@health.example?",
        ),
        (
            Attribute::EmailAddress,
            "jane smith@health.example",
            "“jane smith@health.example” is not an email address: it has a space in it. Take the space out, or enter a dot in \
             its place.",
        ),
        (
            Attribute::EmailAddress,
            "jane@health",
            "“jane@health” is not an email address: the part after the @ has no dot. Enter the whole address with its ending, \
             like jane.smith@example.org.",
        ),
        (
            Attribute::Mobile,
            "07700 90012",
            "“07700 90012” is not a UK mobile number: it has only 10 digits. Enter eleven digits that begin with 07, like 07700 \
             900123.",
        ),
        (
            Attribute::Role,
            "Astronaut; Nurse; Pilot; astronaut; Astronaut",
            "“Astronaut” and “Pilot” are not in the list for role. Choose a value from the list on the page “What a \
             file must look like”.",
        ),
        (
            Attribute::Role,
            "Staff Nurse Band 5; Matron",
            "“Staff Nurse Band 5” and “Matron” are not in the list for role. Choose a value from the list on the page \
             “What a file must look like”.",
        ),
        (
            Attribute::Fax,
            "01632 960123 / 07700 900123",
            "“01632 960123 / 07700 900123” is not a fax number: it is more than one number. Enter it like 01632 960123 or +33 1 \
             23 45 67 89.",
        ),
    ] {
        assert_eq!(told(attribute, raw), sentence);
    }
}

#[test]
fn a_username_is_read_as_it_is_written_without_what_cannot_be_seen() {
    for (raw, read) in [
        (" jsmith ", "jsmith"),
        ("'00451", "'00451"),
        ("1012.0", "1012.0"),
        ("NULL", "NULL"),
        ("Zoë@CORP", "Zoë@CORP"),
        ("\u{A0}", ""),
    ] {
        assert_eq!(parsed(Attribute::UserName, raw).as_deref(), Ok(read), "{raw}");
    }
    assert!(matches!(
        parsed(Attribute::UserName, "js\u{200B}mith"),
        Err(Kind::Unseen { .. })
    ));
    let long = "a".repeat(255);
    assert!(matches!(
        parsed(Attribute::UserName, &long),
        Err(Kind::TooLong { limit: 254, .. })
    ));
}

#[test]
fn a_word_for_nothing_among_values_of_a_list_is_no_value() {
    assert_eq!(parsed(Attribute::Role, "Nurse; n/a").as_deref(), Ok("Nurse"));
    let attribute = Attribute::Role;
    assert_eq!(parsed(attribute, "-; N/A"), Err(Kind::StandsForNothing { attribute }));
}

#[test]
fn a_refusal_is_read_back_as_it_was_kept() {
    for (attribute, raw) in [
        (Attribute::FirstName, "Jan\u{200B}e"),
        (Attribute::EmailAddress, "renée@health.example"),
        (Attribute::EmailAddress, "jane@health"),
        (Attribute::Mobile, "O7700 900123"),
        (Attribute::Telephone, "12"),
        (Attribute::LocalId, "1.23E+11"),
        (Attribute::Role, "Astronaut; Pilot"),
    ] {
        let kind = parsed(attribute, raw).unwrap_err();
        let problem = Problem::in_cell(RowNumber(1), attribute, raw, kind);
        let kept = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&kept).unwrap(), problem, "{kept}");
    }
}

#[test]
fn values_are_shown_as_people_write_them_and_read_again_as_themselves() {
    let shown = |attribute: Attribute, raw: &str| attribute.shown(&parsed(attribute, raw).unwrap());
    assert_eq!(shown(Attribute::Quota, "4"), "4 GB");
    assert_eq!(shown(Attribute::Mobile, "+447700900123"), "07700 900123");
    assert_eq!(shown(Attribute::Fax, "+33 1 23 45 67 89"), "+33123456789");
    assert_eq!(shown(Attribute::JobTitle, "Nurse"), "Nurse");
    for attribute in Attribute::ALL {
        let example = attribute.guide().example;
        if !example.is_empty() {
            let value = parsed(attribute, example).unwrap();
            assert_eq!(
                parsed(attribute, &attribute.shown(&value).replace("; ", ";")),
                Ok(value)
            );
        }
    }
}

#[test]
fn a_person_is_known_by_address_and_local_id() {
    let known = |pairs: &[(Attribute, &str)]| {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(attribute, text)| (*attribute, Value::stored((*text).to_owned())));
        pairs.collect::<Attributes>().known_as()
    };
    let (address, local_id) = (
        (Attribute::EmailAddress, "jem@health.example"),
        (Attribute::LocalId, "1001"),
    );
    assert_eq!(known(&[address, local_id]), "jem@health.example, local ID 1001");
    assert_eq!(known(&[local_id]), "local ID 1001");
    assert_eq!(
        (known(&[address]).as_str(), known(&[]).as_str()),
        ("jem@health.example", "")
    );
}
