mod properties;

use std::{fmt::Write, time::Instant};

use domain::change_file::{ReportLine, ReportResult};

use super::*;

fn customer() -> CustomerNumber {
    CustomerNumber::new(30_020_506).unwrap()
}

/// A line of a report with nothing said in it.
pub(super) fn line(number: u32, address: &str, action: &str, result: ReportResult) -> ReportLine {
    ReportLine {
        line: number,
        address: address.to_owned(),
        action: action.to_owned(),
        result,
        code: String::new(),
        message: String::new(),
        account: None,
        steps: String::new(),
    }
}

fn read_text(text: &str) -> Result<ReadFile, FileFault> {
    read(text.as_bytes(), customer(), &Limits::default())
}

fn fault(bytes: &[u8]) -> FileFault {
    read(bytes, customer(), &Limits::default()).unwrap_err()
}

fn row<'a>(action: &str, fields: impl IntoIterator<Item = (Field, &'a str)>) -> ChangeRow {
    ChangeRow::of(customer(), action, fields)
}

fn read_row(line: u32, row: ChangeRow, password: Option<&str>) -> ReadRow {
    ReadRow {
        line,
        row,
        password: password.map(str::to_owned),
    }
}

#[test]
fn a_file_is_read_in_any_order_case_and_line_end() {
    let expected = [
        read_row(
            2,
            row(
                "Add",
                [
                    (Field::EmailAddress, "ann@health.example"),
                    (Field::GivenName, "Ann"),
                    (Field::NotesDn, "CN=Ann, O=Health"),
                    (Field::Telephone, ""),
                ],
            ),
            Some("one Two three"),
        ),
        read_row(3, row("suspend", [(Field::EmailAddress, "bea@health.example")]), None),
    ];
    let lines = [
        "givenname,ACTION,NotesDN,emailaddress,Password, telephone ",
        "Ann,Add,\"CN=Ann, O=Health\",ANN@health.example,one Two three,\"\"",
        ",suspend,,bea@health.example,,",
        "",
    ];
    for line_end in ["\n", "\r\n", "\r"] {
        for mark in ["", "\u{FEFF}", "\u{FEFF}\u{FEFF}"] {
            let file = read_text(&format!("{mark}{}", lines.join(line_end))).unwrap();
            assert_eq!(
                file.header,
                [
                    Field::GivenName,
                    Field::Action,
                    Field::NotesDn,
                    Field::EmailAddress,
                    Field::Password,
                    Field::Telephone,
                ]
            );
            assert_eq!(file.rows, expected, "{line_end:?} {mark:?}");
        }
    }
}

#[test]
fn rows_have_the_numbers_of_their_first_lines() {
    let file = read_text(
        "\r\nEmailAddress,Action,Address\r\n\r\na@x.example,Update,\"1 High St\r\nLeeds\"\r\n,,\r\nb@x.example,Update,\"\"\r\n",
    )
    .unwrap();
    let lines: Vec<_> = file.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [4, 7]);
    assert_eq!(file.rows[0].row.fields[&Field::Address], "1 High St\r\nLeeds");
}

#[test]
fn addresses_are_in_small_letters_and_other_values_as_written() {
    let file =
        read_text("EmailAddress,Action,AltEmailAddress,AssignTo,GivenName\nA@X.Example,ReMove,B@x,C@x,ANN\n").unwrap();
    let expected = row(
        "ReMove",
        [
            (Field::EmailAddress, "a@x.example"),
            (Field::AltEmailAddress, "b@x"),
            (Field::AssignTo, "c@x"),
            (Field::GivenName, "ANN"),
        ],
    );
    assert_eq!(file.rows, [read_row(2, expected, None)]);
}

#[test]
fn a_header_that_is_not_understood_is_said_with_the_field_meant() {
    let unknown = |heading: &str, meant| FileFault::HeaderUnknown {
        heading: heading.to_owned(),
        meant,
    };
    for (header, expected) in [
        (
            "EmailAddress,Action,GivenNmae",
            unknown("GivenNmae", Some(Field::GivenName)),
        ),
        ("EmailAddress,Action,Shoe size", unknown("Shoe size", None)),
        ("EmailAddress,Action,", unknown("“”", None)),
        (
            "EmailAddress,Action,Mobile,MOBILE",
            FileFault::HeaderTwice { field: Field::Mobile },
        ),
        (
            "EmailAddress,GivenName",
            FileFault::HeaderMissing { field: Field::Action },
        ),
        (
            "Action",
            FileFault::HeaderMissing {
                field: Field::EmailAddress,
            },
        ),
        ("EmailAddress,\"Action", FileFault::Quotes { line: 1 }),
        ("\n\nEmailAddress,\"Action\"x", FileFault::Quotes { line: 3 }),
    ] {
        let text = format!("{header}\na@x.example,Suspend,,\n");
        assert_eq!(fault(text.as_bytes()), expected, "{header}");
    }
    for parted in [
        "EmailAddress;Action\n",
        "EmailAddress\tAction\n",
        "emailaddress; Action,Zzz\n",
    ] {
        assert_eq!(fault(parted.as_bytes()), FileFault::HeaderParted, "{parted}");
    }
    assert_eq!(fault(b"EmailAddress,Action,a;b\n"), unknown("a;b", None));
}

#[test]
fn nothing_of_a_row_in_the_place_of_the_header_is_said_back() {
    let missing = FileFault::HeaderMissing {
        field: Field::EmailAddress,
    };
    for row in [
        "Purple-Lighthouse-92,a@x.example,Add,Ann",
        "a@x.example,Add,Ann,Purple-Lighthouse-92",
        "Purple-Lighthouse-92;a@x.example;Add;Ann",
        "Purple-Lighthouse-92,Ann,suspend",
    ] {
        assert_eq!(fault(format!("{row}\n{row}\n").as_bytes()), missing, "{row}");
    }
    // It is a header all the same.
    let said = fault(b"EmailAddress,Action,Shoe@size\na@x.example,Suspend,7\n");
    assert!(matches!(said, FileFault::HeaderUnknown { heading, .. } if heading == "Shoe@size"));
}

#[test]
fn a_heading_of_any_length_is_said_shortened() {
    let FileFault::HeaderUnknown { heading, .. } = fault(format!("{}\t\n", "x".repeat(10_000)).as_bytes()) else {
        panic!("another fault");
    };
    assert_eq!(heading, format!("{}…", "x".repeat(60)));
}

#[test]
fn a_file_in_another_encoding_is_refused_with_its_first_line() {
    assert_eq!(
        fault(b"EmailAddress,Action,GivenName\r\na@x.example,Add,Ann\r\nb@x.example,Add,Zo\xEB\r\n"),
        FileFault::Encoding { line: 3 }
    );
    let utf16: Vec<u8> = "\u{FEFF}EmailAddress,Action\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(fault(&utf16), FileFault::Encoding { line: 1 });
}

#[test]
fn a_file_without_rows_is_refused() {
    for text in [
        "",
        "\u{FEFF}",
        "\r\n\n",
        "EmailAddress,Action",
        "EmailAddress,Action\r\n\r\n,\r\n , \r\n",
    ] {
        assert_eq!(fault(text.as_bytes()), FileFault::Empty, "{text:?}");
    }
}

#[test]
fn a_file_beyond_the_limits_is_refused() {
    let limits = Limits { mib: 1, rows: 2 };
    let text = |rows: usize| format!("EmailAddress,Action\n{}", "a@x.example,Suspend\n".repeat(rows));
    let read = |text: &str| read(text.as_bytes(), customer(), &limits);
    assert_eq!(read(&text(2)).unwrap().rows.len(), 2);
    assert_eq!(read(&text(3)).unwrap_err(), FileFault::TooManyRows { most: 2 });
    let large = text(1024 * 1024);
    assert_eq!(read(&large).unwrap_err(), FileFault::TooLarge { limit_mib: 1 });
}

#[test]
fn a_row_with_more_or_fewer_values_keeps_only_whom_and_what() {
    let file = read_text(
        "EmailAddress,Action,GivenName,JobTitle\n\
         a@x.example,Add,Ann\n\
         b@x.example,Add,Bea,Nurse,7\n\
         c@x.example,Sus\n\
         Leeds,d@x.example,Add\n",
    )
    .unwrap();
    let slipped = |line, action, address: Option<&'static str>, surplus| {
        let mut row = row(action, address.map(|address| (Field::EmailAddress, address)));
        row.surplus = Some(surplus);
        read_row(line, row, None)
    };
    assert_eq!(
        file.rows,
        [
            slipped(2, "Add", Some("a@x.example"), (3, 4)),
            slipped(3, "Add", Some("b@x.example"), (5, 4)),
            slipped(4, "", Some("c@x.example"), (2, 4)),
            slipped(5, "", None, (3, 4)),
        ]
    );
}

#[test]
fn a_row_with_broken_quotation_marks_swallows_nobody() {
    let file = read_text(
        "EmailAddress,Action,GivenName\n\
         a@x.example,Add,\"Ann\n\
         b@x.example,Suspend,\n\
         c@x.example,Add,\"Cy\" B\n\
         d@x.example,Add,\"Dee\n",
    )
    .unwrap();
    let broken = |line, address| {
        let mut row = row("Add", [(Field::EmailAddress, address)]);
        row.notices = vec![ChangeFault::Quotes];
        read_row(line, row, None)
    };
    assert_eq!(
        file.rows,
        [
            broken(2, "a@x.example"),
            read_row(3, row("Suspend", [(Field::EmailAddress, "b@x.example")]), None),
            broken(4, "c@x.example"),
            broken(5, "d@x.example"),
        ]
    );
}

#[test]
fn the_kept_text_is_the_file_without_its_passwords() {
    let text = "\u{FEFF}EmailAddress,PASSWORD,Action,GivenName\r\n\
                a@x.example, pass word 1 ,Add,\" Ann\"\r\n\
                b@x.example,\"pass,\"\"word 2\",Add,Bea\n\
                c@x.example,,Suspend,\r\n\
                d@x.example,\"\",Suspend,\n\
                e@x.example,\"pass\r\nword 3\",Add,Eve\n";
    let file = read_text(text).unwrap();
    assert_eq!(
        file.blanked,
        "\u{FEFF}EmailAddress,PASSWORD,Action,GivenName\r\n\
         a@x.example,•••,Add,\" Ann\"\r\n\
         b@x.example,•••,Add,Bea\n\
         c@x.example,,Suspend,\r\n\
         d@x.example,\"\",Suspend,\n\
         e@x.example,\"•••\n\",Add,Eve\n"
    );
    let passwords: Vec<_> = file.rows.iter().map(|row| row.password.as_deref()).collect();
    assert_eq!(
        passwords,
        [
            Some("pass word 1"),
            Some("pass,\"word 2"),
            None,
            None,
            Some("pass\r\nword 3")
        ]
    );
    let shown = format!("{file:?}");
    assert!(
        !shown.contains("word 1") && !shown.contains("word 2") && !shown.contains("word 3"),
        "{shown}"
    );
}

#[test]
fn a_password_that_has_slipped_is_not_kept() {
    let text = "EmailAddress,Action,JobTitle,Password\n\
                a@x.example,Add,Nurse, night,pass word 1\n\
                b@x.example,Add,pass word 2\n\
                c@x.example,Add,\"Nurse,pass word 3\n\
                d@x.example,Add,\"Nurse\"x,pass word 4\n\
                pass word 5,Add\n";
    let file = read_text(text).unwrap();
    assert_eq!(
        file.blanked,
        "EmailAddress,Action,JobTitle,Password\n\
         a@x.example,Add,•••,•••,•••\n\
         b@x.example,Add,•••\n\
         c@x.example,Add,•••\n\
         d@x.example,Add,•••\n\
         •••,Add\n"
    );
    assert!(!format!("{file:?}").contains("pass word"));
    assert!(file.rows.iter().all(|row| row.password.is_none()));
}

#[test]
fn a_file_without_passwords_is_kept_as_it_is() {
    let text = "EmailAddress,Action\r\na@x.example,Add,7\n\n,,\nb@x.example,\"Add\rc@x.example,Resume";
    assert_eq!(read_text(text).unwrap().blanked, text);
}

#[test]
fn a_file_that_failed_is_kept_without_what_may_be_a_password() {
    let cases: [(&[u8], &str); 8] = [
        (
            b"EmailAddress,Action,Pasword,GivenName\na@x.example,Add,secret,Ann\nb@x.example,Add,se,cret,Bea\n",
            "EmailAddress,Action,Pasword,GivenName\na@x.example,Add,•••,Ann\nb@x.example,Add,•••,•••,•••\n",
        ),
        (
            b"EmailAddress;Action;Password\na@x.example;Add;secret\n",
            "EmailAddress;Action;Password\n•••\n",
        ),
        (
            b"EmailAddress,Action,Password,Password\na@x.example,Add,one,two\n",
            "EmailAddress,Action,Password,Password\na@x.example,Add,•••,•••\n",
        ),
        (
            b"a@x.example,Add,secret\nb@x.example,Add,secret\n",
            "•••,•••,•••\n•••,•••,•••\n",
        ),
        (
            b"EmailAddress,Action,Password,GivenName\na@x.example,Add,secret,Zo\xEB\n",
            "EmailAddress,Action,Password,GivenName\na@x.example,Add,•••,Zo\u{FFFD}\n",
        ),
        (
            b"EmailAddress,Action,\"Password\na@x.example,Add,secret\n",
            "EmailAddress,Action,\"Password\na@x.example,Add,•••\n",
        ),
        (
            b"EmailAddress,GivenName\na@x.example,Ann\n",
            "EmailAddress,GivenName\na@x.example,Ann\n",
        ),
        (b"", ""),
    ];
    for (sent, kept) in cases {
        assert_eq!(blanked(sent), kept);
    }
}

/// Case 64: a file that was read while it was still arriving. The watcher waits for the rest; if it never comes, the last row
/// is rejected, and never as an unknown action.
#[test]
fn case_64_a_row_that_was_cut_is_rejected_and_nothing_else() {
    let first = "EmailAddress,Action,GivenName,FamilyName,SubscriptionId,AltEmailAddress,JobTitle\r\n\
                 ana.alby@health.example,Update,Ana,Alby,,,Nurse\r\n\
                 mia.bell@health.example,Sus";
    let rest = "pend,,,,,\r\n\
                jo.cole@health.example,Resume,,,,,\r\n\
                li.dene@health.example,Update,Li,Dene,,,Porter\r\n";
    let cut = read_text(first).unwrap();
    let mut mia = row("", [(Field::EmailAddress, "mia.bell@health.example")]);
    mia.surplus = Some((2, 7));
    assert_eq!(cut.rows.len(), 2);
    assert_eq!(cut.rows[1], read_row(3, mia, None));
    let whole = read_text(&[first, rest].concat()).unwrap();
    let actions: Vec<_> = whole
        .rows
        .iter()
        .map(|row| (row.line, row.row.action.as_str()))
        .collect();
    assert_eq!(actions, [(2, "Update"), (3, "Suspend"), (4, "Resume"), (5, "Update")]);
    assert!(whole.rows.iter().all(|row| row.row.surplus.is_none()));
}

#[test]
fn a_file_of_200_000_rows_is_read_in_seconds() {
    let header: Vec<_> = Field::ALL.iter().map(|field| field.word()).collect();
    let mut text = header.join(",");
    for number in 0..200_000 {
        let written = write!(
            text,
            "\r\nann.{number}@health.example,Add,69051,,Ann,\"Smith, Jones\",en_GB,Europe/London,one-time-{number},\
             ann.{number}@home.example,,,,,Medicine,\"Nurse \"\"bank\"\"\",GB,01632 960123,,,\"1 High St\nLeeds\",,,,,"
        );
        written.unwrap();
    }
    let began = Instant::now();
    let file = read_text(&text).unwrap();
    assert_eq!((file.rows.len(), file.rows[199_999].line), (200_000, 400_000));
    assert_eq!(file.rows[1].row.fields[&Field::JobTitle], "Nurse \"bank\"");
    // Built for tests it is several times slower than as it is shipped, on a machine that does other things as well.
    assert!(began.elapsed().as_secs() < 20);
}
