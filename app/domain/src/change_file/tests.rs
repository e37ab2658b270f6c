use std::{collections::BTreeSet, fmt::Write};

use super::*;
use crate::{
    account::status::AccountStatus,
    customer::{CustomerNumber, Federation},
    dictionary::Attribute,
    plan::{PlannedRow, Step},
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
    submission::Outcome,
    subscription::{Offering, Side, SubscriptionState},
    values::{email_address::AddressFault, ids::RowNumber},
};

/// The table as people read it: a row a field, a column an action.
fn table() -> String {
    let mut table = String::from("| field |");
    for action in Action::ALL {
        table += &format!(" {} |", action.word());
    }
    table += "\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for field in Field::ALL {
        write!(table, "| {} ({}) |", field.word(), field.limit()).unwrap();
        for action in Action::ALL {
            write!(table, " {} |", taken(action, field).letter()).unwrap();
        }
        table.push('\n');
    }
    table
}

#[test]
fn the_table_of_actions_and_fields_is_the_approved_one() {
    insta::assert_snapshot!(table());
}

#[test]
fn the_table_says_what_the_guide_says_of_single_cells() {
    for (action, field, expected) in [
        (Action::Add, Field::GivenName, Taken::Required),
        (Action::Update, Field::GivenName, Taken::Optional),
        (Action::Add, Field::Password, Taken::WithMail),
        (Action::AssignSeat, Field::SubscriptionId, Taken::Required),
        (Action::AssignSeat, Field::AltEmailAddress, Taken::WithMail),
        (Action::ChangeSeat, Field::SubscriptionId2, Taken::See(3)),
        (Action::RevokeSeat, Field::AssignTo, Taken::See(6)),
        (Action::Rename, Field::AltEmailAddress, Taken::Required),
        (Action::ChangeStorage, Field::MailExtraStorage, Taken::See(7)),
        (Action::Suspend, Field::SubscriptionId, Taken::Not),
        (Action::Remove, Field::AssignTo, Taken::Optional),
    ] {
        assert_eq!(taken(action, field), expected, "{action:?} {field:?}");
    }
    for action in Action::ALL {
        assert_eq!(taken(action, Field::EmailAddress), Taken::Required);
    }
}

#[test]
fn actions_fields_and_keywords_are_read_in_any_case() {
    for action in Action::ALL {
        assert_eq!(Action::read(&action.word().to_uppercase()), Some(action));
    }
    assert_eq!(Action::read("addstorage"), Some(Action::ChangeStorage));
    assert_eq!(Action::read("Delete"), None);
    for field in Field::ALL {
        assert_eq!(Field::read(&field.word().to_lowercase()), Some(field));
    }
    assert_eq!(Field::read("SupressInvitation"), Some(Field::SuppressInvitation));
    assert_eq!(Field::read("Surname"), None);
    assert_eq!(Field::nearest("GivenNmae"), Some(Field::GivenName));
    assert_eq!(Field::nearest("xyz"), None);
    assert_eq!(Keyword::read("ibm_docs"), Some(Keyword::Seat(Offering::Docs)));
    assert_eq!(Keyword::read("deletemail"), Some(Keyword::DeleteMail));
    assert_eq!(Keyword::read("69051"), None);
}

#[test]
fn a_files_name_is_read_from_both_ends() {
    let read = |name: &str| FileName::read(name).map(|name| (name.customer.get(), name.source, name.number));
    for (name, source, number) in [
        ("30020506_HRDatabase_PRV_1260226223.CSV", "hrdatabase", 1_260_226_223),
        ("30020506_PRV_1260226223.csv", "", 1_260_226_223),
        ("30020506_hr_data.base-2_prv_0.csv", "hr_data.base-2", 0),
        ("30020506_PRV_PRV_9223372036854775807.csv", "prv", i64::MAX),
    ] {
        assert_eq!(read(name), Ok((30_020_506, source.to_owned(), number)), "{name}");
    }
}

#[test]
fn a_name_that_is_none_is_refused_with_its_sentence() {
    for name in [
        "",
        "30020506.csv",
        "30020506_PRV_.csv",
        "30020506_PRV_1.txt",
        "30020506__PRV_1.csv",
        "x_PRV_1.csv",
        "30020506_PRV_9223372036854775808.csv",
        "30020506_PRV_10000000000000000000.csv",
        "30020506_../x_PRV_1.csv",
        "30020506_a\0b_PRV_1.csv",
        "30020506_\u{202E}a_PRV_1.csv",
        "30020506_PRV_-1.csv",
        "-1_PRV_1.csv",
        " 30020506_PRV_1.csv",
        "30020506_PRV_1.csv.filepart",
        "../30020506_PRV_1.csv",
    ] {
        let read = FileName::read(name);
        assert!(matches!(read, Err(FileFault::Name { .. })), "{name:?}: {read:?}");
    }
    let long = format!("30020506_{}_PRV_1.csv", "a".repeat(65));
    assert_eq!(
        FileName::read(&long),
        Err(FileFault::Name {
            part: NamePart::LongSource
        })
    );
    for name in [
        "30020506_PRV_1.ldif",
        "30020506_Sales_PROFILES_1.csv",
        "30020506_profiles_1.CSV",
    ] {
        assert_eq!(FileName::read(name), Err(FileFault::Type), "{name}");
    }
}

#[test]
fn a_name_that_is_none_says_which_part_is_wrong() {
    for (name, part) in [
        ("30020506_PRV_1.txt", NamePart::Ending),
        ("30020506_PRV_1", NamePart::Ending),
        ("staff.csv", NamePart::Kind),
        ("30020506_hr_1.csv", NamePart::Kind),
        ("30020506_PRV_9223372036854775808.csv", NamePart::Number),
        ("30020506_PRV_-1.csv", NamePart::Number),
        ("30020506_PRV_1e3.csv", NamePart::Number),
        ("0778_PRV_2.csv", NamePart::Customer),
        ("30020506_.._PRV_1.csv", NamePart::SourceStart),
        ("30020506__PRV_1.csv", NamePart::NoSource),
        ("30020506_Büro_PRV_1.csv", NamePart::Source('ü')),
        ("30020506_HR data_PRV_1.csv", NamePart::Source(' ')),
        ("30020506_PRV_7 (1).csv", NamePart::Copy),
        ("30020506_PRV_7(12).csv", NamePart::Copy),
        ("30020506_PRV_7 - Copy.csv", NamePart::Copy),
        ("30020506_PRV_(1).csv", NamePart::Number),
        ("x_PRV_1.csv", NamePart::Any),
    ] {
        assert_eq!(FileName::read(name), Err(FileFault::Name { part }), "{name}");
    }
    assert_eq!(FileName::read("0_PRV_1.csv").map(|name| name.customer.get()), Ok(0));
    // What was kept before parts were told still reads.
    let kept = serde_json::from_str::<FileFault>(r#"{"fault":"name"}"#);
    assert_eq!(kept.unwrap(), FileFault::Name { part: NamePart::Any });
}

#[test]
fn a_number_is_never_lower_and_starts_again_behind_the_highest() {
    assert_eq!(after(None, 0), Ok(Sequence::Next));
    assert_eq!(after(Some(9), 10), Ok(Sequence::Next));
    assert_eq!(after(Some(9), 9), Ok(Sequence::Again));
    assert_eq!(after(Some(i64::MAX), 1), Ok(Sequence::Next));
    assert_eq!(after(Some(i64::MAX), i64::MAX), Ok(Sequence::Again));
    assert_eq!(after(Some(i64::MAX), 0), Err(FileFault::SeqZeroAfterMax));
    let name = FileName::read("30020506_HR_PRV_7.csv").unwrap();
    let low = name.follows(Some(9)).unwrap_err();
    assert_eq!(low.code(), "seq.low");
    assert_eq!(
        low.sentence(),
        "Number 7 is lower than 9, the last one processed for hr. Send it again with a higher number."
    );
}

/// One of each fault of a row, with what a report says of it.
fn faults() -> Vec<ChangeFault> {
    let email = || "jane.smith@river.example".to_owned();
    let name = || "Staff mail".to_owned();
    vec![
        ChangeFault::Cells { values: 3, headings: 5 },
        ChangeFault::Quotes,
        ChangeFault::ActionMissing,
        ChangeFault::ActionUnknown {
            action: "Delete".into(),
        },
        ChangeFault::ActionOlder,
        ChangeFault::EmailMissing,
        ChangeFault::EmailBad {
            field: Field::EmailAddress,
            address: "jane".into(),
            why: AddressFault::NoAt,
        },
        ChangeFault::EmailLong { length: 260 },
        ChangeFault::FieldRequired {
            action: Action::Add,
            field: Field::GivenName,
        },
        ChangeFault::FieldRequiredMail { field: Field::Password },
        ChangeFault::FieldNotTaken {
            action: Action::Suspend,
            field: Field::AssignTo,
        },
        ChangeFault::FieldIgnored {
            action: Action::Suspend,
            field: Field::JobTitle,
        },
        ChangeFault::FieldWithoutMail {
            field: Field::NotesTemplate,
        },
        ChangeFault::FieldLong {
            field: Field::Country,
            limit: 2,
            length: 3,
        },
        ChangeFault::FieldEmpty {
            field: Field::GivenName,
        },
        ChangeFault::FieldControl {
            field: Field::Department,
            sign: '\u{7}',
        },
        ChangeFault::Value {
            field: Field::NotesMigration,
            value: "yes".into(),
            list: "true, false, 1, 0".into(),
        },
        ChangeFault::UpdateEmpty,
        ChangeFault::AccountNone { email: email() },
        ChangeFault::AccountExists { email: email() },
        ChangeFault::AddressOlder {
            email: "jane.jones@river.example".into(),
            present: email(),
        },
        ChangeFault::AddressReserved { email: email() },
        ChangeFault::AddressDeleted {
            email: email(),
            until: Some("30 December 2026".into()),
        },
        ChangeFault::AddressPromised { email: email() },
        ChangeFault::DomainForeign {
            domain: "elsewhere.example".into(),
        },
        ChangeFault::Held {
            email: email(),
            reason: "Investigation".into(),
            since: "1 June 2026".into(),
        },
        ChangeFault::State {
            email: email(),
            status: AccountStatus::Disabled,
            action: Action::Rename,
        },
        ChangeFault::State {
            email: email(),
            status: AccountStatus::Leaver,
            action: Action::Update,
        },
        ChangeFault::DisabledByPerson { email: email() },
        ChangeFault::DisabledForAbsence { email: email() },
        ChangeFault::LooksLike {
            name: "Jane Smith".into(),
            email: email(),
        },
        ChangeFault::Restorable {
            until: "30 December 2026".into(),
        },
        ChangeFault::PasswordKept { email: email() },
        ChangeFault::SubscriptionNone { id: "69999".into() },
        ChangeFault::SubscriptionInactive {
            id: "69052".into(),
            state: SubscriptionState::Suspended,
            ended: None,
        },
        ChangeFault::SubscriptionInactive {
            id: "69052".into(),
            state: SubscriptionState::Cancelled,
            ended: Some("1 January 2026".into()),
        },
        ChangeFault::SubscriptionStorage {
            name: "Extra mail storage".into(),
        },
        ChangeFault::SubscriptionTwice,
        ChangeFault::SeatsFull {
            name: name(),
            seats: 10,
        },
        ChangeFault::SecondSeat {
            email: email(),
            side: Side::Collab,
            name: "Collaboration".into(),
            instead: Instead::ThatSeat,
        },
        ChangeFault::SecondSeat {
            email: email(),
            side: Side::Mail,
            name: name(),
            instead: Instead::ChangeSeat,
        },
        ChangeFault::SecondSeat {
            email: email(),
            side: Side::Mail,
            name: name(),
            instead: Instead::Revoke,
        },
        ChangeFault::SecondAccessory {
            email: email(),
            offering: Offering::Docs,
        },
        ChangeFault::SeatNotHeld {
            email: email(),
            what: name(),
        },
        ChangeFault::SeatWhich {
            email: email(),
            seats: 2,
        },
        ChangeFault::SeatNeeds {
            offering: Offering::Docs,
            side: Side::Collab,
        },
        ChangeFault::SeatNeeded {
            offering: Offering::Traveler,
            side: Side::Mail,
            by_form: false,
        },
        ChangeFault::SeatNeeded {
            offering: Offering::Traveler,
            side: Side::Mail,
            by_form: true,
        },
        ChangeFault::SeatGoesToo {
            offering: Offering::Traveler,
            side: Side::Mail,
        },
        ChangeFault::ChangeIncompatible {
            from: "Staff bundle".into(),
            to: name(),
        },
        ChangeFault::ChangeSame {
            email: email(),
            name: name(),
        },
        ChangeFault::KeywordMissing { side: Side::Mail },
        ChangeFault::KeywordWrong {
            keyword: "DELETEMAIL".into(),
        },
        ChangeFault::MailCredentials,
        ChangeFault::MailCredentialsNotTaken { field: Field::Password },
        ChangeFault::AssignToNone { email: email() },
        ChangeFault::AssignToSelf,
        ChangeFault::AssignToNoCollab { email: email() },
        ChangeFault::AssignToMail,
        ChangeFault::RenameTaken { email: email() },
        ChangeFault::RenameDomainFederated {
            domain: "elsewhere.example".into(),
        },
        ChangeFault::RenameDirectoryFirst { email: email() },
        ChangeFault::RenameWaiting { email: email() },
        ChangeFault::RenameNoSeat { email: email() },
        ChangeFault::RenameSame { email: email() },
        ChangeFault::StorageNone,
        ChangeFault::StorageNumber {
            field: Field::MailExtraStorage,
            value: "-1".into(),
        },
        ChangeFault::StoragePool {
            side: Side::Mail,
            needed: 10,
            free: 4,
        },
        ChangeFault::StorageSide {
            field: Field::MailExtraStorage,
            name: "Collaboration".into(),
        },
        ChangeFault::StorageBack {
            side: Side::Collab,
            gigabytes: 5,
        },
        ChangeFault::FederationValue {
            value: "FEDERATED".into(),
            organisation: Federation::NonFederated,
        },
        ChangeFault::ActivationValue { value: "YES".into() },
        ChangeFault::ActivationNotFederated,
        ChangeFault::ActivationVerificationOn,
        ChangeFault::ActivationDomain {
            domain: "elsewhere.example".into(),
        },
        ChangeFault::InvitationNothing { email: email() },
        ChangeFault::InvitationFederated { email: email() },
        ChangeFault::InvitationRecent { email: email() },
        ChangeFault::MigrationNone { email: email() },
        ChangeFault::TemplateUnknown {
            template: "StdR85Mail".into(),
        },
        ChangeFault::DnTaken {
            name: "Jane Smith/River".into(),
        },
        ChangeFault::Clashed,
    ]
}

#[test]
fn every_sentence_of_a_file_and_of_a_row_is_the_approved_one() {
    let mut text = String::new();
    for fault in FileFault::examples() {
        let notice = if fault.is_notice() { " (notice)" } else { "" };
        writeln!(text, "{}{notice}: {}", fault.code(), fault.sentence()).unwrap();
    }
    text.push('\n');
    for fault in faults() {
        let notice = if fault.is_notice() { " (notice)" } else { "" };
        writeln!(text, "{}{notice}: {}", fault.code(), fault.sentence()).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_fault_has_an_example_and_a_sentence() {
    let source = include_str!("fault.rs");
    let variants = source.split_once("pub enum ChangeFault {").unwrap().1;
    let variants = variants.split_once("\n}\n").unwrap().0;
    let is_variant = |line: &&str| {
        line.strip_prefix("    ")
            .is_some_and(|rest| rest.starts_with(char::is_uppercase))
    };
    let tags: BTreeSet<_> = faults()
        .iter()
        .map(|fault| serde_json::to_value(fault).unwrap()["fault"].to_string())
        .collect();
    assert_eq!(tags.len(), variants.lines().filter(is_variant).count());
    for fault in faults() {
        assert!(
            fault.sentence().ends_with(['.', ')']),
            "{fault:?}: {}",
            fault.sentence()
        );
        let stored = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<ChangeFault>(&stored).unwrap(), fault);
    }
    for fault in FileFault::examples() {
        let stored = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<FileFault>(&stored).unwrap(), fault);
    }
}

#[test]
fn the_sentences_of_the_guide_are_said_word_for_word() {
    let said: Vec<_> = faults().iter().map(ChangeFault::sentence).collect();
    for sentence in [
        "This row has 3 values, the header has 5.",
        "Add needs GivenName.",
        "Password is needed because the subscription includes mail.",
        "Suspend does not take AssignTo.",
        "Country may have 2 characters; this has 3.",
        "yes is not one of true, false, 1, 0.",
        "There is no account jane.smith@river.example for this customer.",
        "jane.smith@river.example already has an account. Use Update or AssignSeat.",
        "elsewhere.example is not a domain of this customer.",
        "jane.smith@river.example is held (Investigation) since 1 June 2026.",
        "jane.smith@river.example is disabled; Rename is not possible.",
        "jane.smith@river.example was disabled by an administrator; enable it in the portal.",
        "69999 is not a subscription of this customer.",
        "69052 is suspended.",
        "No seat of Staff mail is free (10 of 10 used).",
        "jane.smith@river.example already has a mail seat (Staff mail). Use ChangeSeat.",
        "jane.smith@river.example has 2 seats; name one.",
        "Docs needs a collaboration seat.",
        "A Staff bundle seat cannot become Staff mail.",
        "The new seat has no mail. Add DELETEMAIL to confirm that it goes.",
        "Give Password or AltEmailAddress: this seat brings mail.",
        "Mail content cannot be reassigned.",
        "Give CollabExtraStorage or MailExtraStorage.",
        "10 GB more are needed; 4 GB are free.",
        "FEDERATED does not fit an organisation that is not federated.",
        "There is no migrated mail for jane.smith@river.example.",
        "jane.smith@river.example has nothing to activate.",
        "This row changes nothing.",
    ] {
        assert!(said.iter().any(|one| one == sentence), "{sentence}");
    }
}

#[test]
fn a_password_that_is_another_rows_is_not_to_be_left_out() {
    let row = RowNumber(3);
    let kind = Kind::PasswordTwiceInFile { other: RowNumber(2) };
    let planned = PlannedRow {
        row,
        name: "Jane Smith".to_owned(),
        step: Step::LeaveOut {
            problems: vec![Problem::in_cell(row, Attribute::Password, "", kind)],
        },
        warnings: vec![],
        kept: vec![],
        overwrites: vec![],
        matched: None,
    };
    let asked = ChangeRow::of(CustomerNumber::new(7).unwrap(), "Add", []);
    let request = ChangeRequest {
        row,
        wish: Wish::ChangeRow(Box::new(asked)),
        promised: None,
    };
    let lines = report_lines(&request, &planned, Outcome::LeftOut);
    let told: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(
        told,
        ["Password: The file gives row 2 the same password. Give each person a different password."]
    );
}

#[test]
fn a_row_says_what_it_has_and_whom_it_names() {
    let customer = CustomerNumber::new(7).unwrap();
    let row = ChangeRow::of(
        customer,
        "RENAME",
        [
            (Field::EmailAddress, " Jane.Smith@River.example "),
            (Field::AltEmailAddress, "Jane.Jones@River.example"),
            (Field::Department, ""),
        ],
    );
    assert_eq!(row.what(), Some(Action::Rename));
    assert!(row.has(Field::Department) && row.filled(Field::Department).is_none());
    assert!(!row.has(Field::Password) && row.has(Field::Action));
    assert_eq!(
        row.addresses(),
        ["jane.smith@river.example", "jane.jones@river.example"]
    );
    let stored = serde_json::to_string(&row).unwrap();
    assert_eq!(serde_json::from_str::<ChangeRow>(&stored).unwrap(), row);
}
