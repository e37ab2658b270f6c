use domain::{
    layout::{CellRead, OldEncoding},
    problem::Audience,
};

use super::*;

fn open(text: &str) -> Result<Sheet, Vec<Problem>> {
    Sheet::open(&Formats::shipped(), text.as_bytes())
}

fn cells(text: &str) -> Vec<(u32, Cells)> {
    let requests = open(text).unwrap().requests().collect::<Vec<_>>();
    let cells = |wish| match wish {
        Wish::AccountInFile(cells) => cells,
        other => panic!("{other:?}"),
    };
    requests
        .into_iter()
        .map(|request| (request.row.0, cells(request.wish)))
        .collect()
}

fn kinds(text: &str) -> Vec<Kind> {
    open(text)
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.kind)
        .collect()
}

const HEADINGS: &str = "LocalID,ODSCode,FirstName,LastName";

#[test]
fn delimiters_line_ends_and_blank_rows_do_not_matter() {
    for text in [
        format!("{HEADINGS}\n1,RIV,Jane,Smith\n"),
        format!("{HEADINGS},,\r\n1,RIV,Jane,Smith,,\r\n,,,,,\r\n\r\n"),
        format!("{HEADINGS}\r1,RIV,Jane,Smith\r").replace(',', ";"),
        format!("{HEADINGS}\n\"1\",\"RIV\",\"Jane\",\"Smith\"").replace(',', "\t"),
    ] {
        let rows = cells(&text);
        assert_eq!(rows.len(), 1, "{text:?}");
        assert_eq!((rows[0].0, rows[0].1.text(Attribute::LastName)), (2, "Smith"));
    }
}

#[test]
fn blank_rows_count_in_the_numbers() {
    let rows = cells(&format!("{HEADINGS}\n\n,,,\n1,RIV,Jane,Smith\n"));
    assert_eq!(rows[0].0, 4);
}

#[test]
fn a_row_with_too_many_cells_says_so_and_keeps_what_it_has() {
    let rows = cells(&format!("{HEADINGS}\n1,RIV,Jane,Smith,Ward 7,,x,,\n1,RIV\n"));
    assert_eq!(rows[0].1.surplus, Some((7, 4)));
    assert_eq!(rows[0].1.surplus_texts, ["Ward 7", "", "x"]);
    assert_eq!((rows[1].1.surplus, rows[1].1.texts.len()), (None, 2));
}

#[test]
fn a_file_without_rows_or_with_broken_headings_is_not_read() {
    assert_eq!(kinds(HEADINGS), [Kind::NoRows]);
    for headings in [
        "LocalID,ODSCode,FirstName,\"Last\"Name",
        "\"Local\"ID,ODSCode,FirstName,LastName",
    ] {
        let broken = Kind::BrokenHeadings { row: RowNumber(1) };
        assert_eq!(kinds(&format!("{headings}\n1,RIV,Ann,Lee\n")), [broken]);
    }
    assert_eq!(kinds(""), [Kind::Empty]);
}

#[test]
fn headings_of_no_format_are_told_with_their_row() {
    for (text, row) in [
        ("Shoe size,Hat size\n1,2\n", "the first row"),
        (
            "Riverside staff list,\n,\nLocalID,ODSCode,FirstName,Surname\n1,RIV,Ann,Lee\n",
            "row 3",
        ),
    ] {
        let problems = Sheet::open(&Formats::shipped(), text.as_bytes()).unwrap_err();
        let hint = problems[0].hint(Audience::Portal);
        assert_eq!(
            hint,
            format!("Change the headings in {row} to those of the format, and upload the file again.")
        );
    }
}

#[test]
fn a_broken_cell_is_a_problem_of_its_row_and_swallows_nobody() {
    let rows = cells(&format!(
        "{HEADINGS},Notes\n1,RIV,\"Jane,Smith,x\n2,RIV,A,B,\"y\"\n3,RIV,C,\"D\" d,z\n"
    ));
    let found: Vec<_> = rows.iter().map(|(row, cells)| (*row, cells.broken.is_some())).collect();
    assert_eq!(found, [(2, true), (3, false), (4, true)]);
    assert_eq!(rows[0].1.broken.as_ref().unwrap().apart, Some(RowNumber(3)));
    assert_eq!((rows[0].1.texts.len(), rows[0].1.surplus), (2, None));
    assert_eq!(rows[0].1.surplus_texts, ["\"Jane,Smith,x"]);
    assert_eq!(rows[2].1.text(Attribute::FirstName), "C");
    // Case 03: marks that are escaped by backslashes.
    let rows = cells(
        "LocalID,ODSCode,FirstName,LastName,Notes,Telephone\r\n9107,RIV,Dorothea,Fennimore,\"Known as \\\"Dot\\\", ward 7\",01632 \
         960701\r\n9108,RIV,Christopher,Aldermaston,\"Known as \\\"Kit\\\"\",01632 960702\r\n9109,RIV,Lettice,Bransgore,\"\",01632 \
         960703\r\n",
    );
    let found: Vec<_> = rows
        .iter()
        .map(|(_, cells)| (cells.broken.is_some(), cells.texts.len()))
        .collect();
    assert_eq!(found, [(true, 4), (true, 4), (false, 5)]);
    // Case 02: a mark within a cell is a sign like any other.
    let inch = cells(&format!(
        "{HEADINGS},Notes\n1,RIV,A,B,5\" pipe fitter\n2,RIV,A,B,Known as \"Bunty\" here\n"
    ));
    assert_eq!(inch[0].1.text(Attribute::Notes), "5\" pipe fitter");
    assert_eq!(inch[1].1.text(Attribute::Notes), "Known as \"Bunty\" here");
}

#[test]
fn headings_below_a_title_are_found_and_rows_keep_their_numbers() {
    let text = format!("Riverside staff list March 2027,,,\n,,,\n{HEADINGS}\n9115,RIV,A,B\n9116,RIV,C,D\n");
    let sheet = open(&text).unwrap();
    assert_eq!(sheet.layout.notices, [Notice::HeadingsInRow { row: RowNumber(3) }]);
    let rows: Vec<_> = cells(&text).iter().map(|(row, _)| *row).collect();
    assert_eq!((rows, sheet.count()), (vec![4, 5], 2));
    let guess = Sheet::guess(&Formats::shipped(), text.as_bytes()).unwrap();
    assert_eq!(
        (guess.headings, guess.preview.len(), guess.samples[0][0].as_str()),
        (RowNumber(3), 4, "9115")
    );
    assert_eq!(
        guess.preview[0],
        (
            RowNumber(1),
            ["Riverside staff list March 2027", "", "", ""]
                .map(str::to_owned)
                .to_vec()
        )
    );
}

#[test]
fn the_row_that_is_said_to_hold_the_headings_is_taken() {
    let formats = Formats::shipped();
    let text = format!("{HEADINGS}\nNummer,Haus,Vorname,Name\n1,RIV,A,B\n");
    let part = Part {
        headings: Some(RowNumber(2)),
        ..Part::default()
    };
    let guess = Sheet::guess_part(&formats, text.as_bytes(), &part).unwrap();
    assert_eq!(
        (guess.headings, guess.layout.columns[1].0.as_str()),
        (RowNumber(2), "Haus")
    );
    assert!(Sheet::open_part(&formats, text.as_bytes(), &part).is_err());
    let held = [
        Attribute::LocalId,
        Attribute::Organisation,
        Attribute::FirstName,
        Attribute::LastName,
    ];
    let columns = guess.layout.columns.into_iter().zip(held);
    let said = Layout {
        columns: columns.map(|((heading, _), held)| (heading, Some(held))).collect(),
        is_chosen: true,
        part,
        ..Layout::default()
    };
    let sheet = Sheet::open_as(&formats, text.as_bytes(), "new", &said).unwrap();
    assert_eq!((sheet.count(), sheet.layout.part.headings), (1, Some(RowNumber(2))));
    // The same headings are found where they stand in another row.
    let other = text.split_once('\n').unwrap().1;
    let sheet = Sheet::open_as(&formats, other.as_bytes(), "new", &said).unwrap();
    assert_eq!((sheet.count(), sheet.layout.part.headings), (1, None));
}

#[test]
fn headings_that_stand_again_are_no_row_and_are_told() {
    let text = format!("\u{FEFF}{HEADINGS}\n9117,RIV,A,B\n\u{FEFF}{HEADINGS}\n9118,RIV,C,D\n\u{FEFF}9119,RIV,E,F\n");
    let rows: Vec<_> = cells(&text)
        .iter()
        .map(|(row, cells)| (*row, cells.text(Attribute::LocalId).to_owned()))
        .collect();
    assert_eq!(
        rows,
        [(2, "9117".to_owned()), (4, "9118".to_owned()), (5, "9119".to_owned())]
    );
    let sheet = open(&text).unwrap();
    let again = Notice::HeadingsAgain {
        rows: vec![RowNumber(3)],
        more: 0,
    };
    assert_eq!((sheet.layout.notices.as_slice(), sheet.count()), (&[again][..], 3));
}

#[test]
fn headings_that_stand_again_may_be_fewer_and_written_otherwise() {
    let text = format!("{HEADINGS},Mobile\n1,RIV,A,B,\nlocal id,ODS code,First name,Last name\n2,RIV,C,D\n,,Mobile,\n");
    let rows: Vec<_> = cells(&text).iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 4, 5]);
}

#[test]
fn other_headings_among_the_rows_refuse_the_file() {
    let other = Kind::OtherHeadings { row: RowNumber(3) };
    for again in [
        "LocalID,ODSCode,LastName,FirstName",
        "Surname,Forename,ODSCode,LocalID,Mobile",
    ] {
        assert_eq!(
            kinds(&format!("{HEADINGS}\n1,RIV,A,B\n{again}\n2,RIV,C,D\n")),
            std::slice::from_ref(&other)
        );
    }
    assert!(open(&format!("{HEADINGS}\n1,RIV,Title,Notes\n")).is_ok());
}

#[test]
fn rows_of_what_cannot_be_seen_are_none() {
    let text =
        format!("{HEADINGS}\r\n1,RIV,A,B\r\n,,,\r\n\u{A0},\u{A0},,\r\n\u{200B},,,\r\n  ,\t,,\r\n2,RIV,C,D\r\n\u{1A}");
    let rows: Vec<_> = cells(&text).iter().map(|(row, _)| *row).collect();
    assert_eq!((rows, open(&text).unwrap().count()), (vec![2, 7], 2));
}

#[test]
fn quoted_headings_in_lines_that_end_in_cr_are_read() {
    for text in [
        "\u{FEFF}\u{FEFF}\"LocalID\",\"ODSCode\",\"FirstName\",\"LastName\"\r\n\"1\",\"RIV\",\"A\",\"Smith\"\r\n",
        "\"Local\nID\";\"ODS Code\";\"First, Name\";LastName\r1;RIV;A;Smith\r",
        "LocalID|\"ODS\r\nCode\"|FirstName|LastName\n1|RIV|A|Smith",
    ] {
        let rows = cells(text);
        assert_eq!(
            (rows.len(), rows[0].0, rows[0].1.text(Attribute::LastName)),
            (1, 2, "Smith"),
            "{text:?}"
        );
    }
}

#[test]
fn only_the_heading_that_is_unknown_is_said_to_be() {
    let text = "LocalID;ODSCode;FirstName;LastName;\"Notes, as told by ward, team, payroll, HR, manager\"\n1;RIV;A;B;starts in May\n";
    let found = kinds(text);
    let Kind::UnknownFormat { missing, extra, .. } = &found[0] else {
        panic!("{found:?}")
    };
    assert_eq!(
        (missing.len(), extra.join("|").as_str()),
        (0, "Notes, as told by ward, team, payroll, HR, manager")
    );
}

#[test]
fn guessed_letters_are_told_with_their_cells() {
    let formats = Formats::shipped();
    let notices = |bytes: &[u8]| Sheet::open(&formats, bytes).unwrap().layout.notices;
    let read = |cell: &str, text: &str| CellRead {
        cell: cell.into(),
        stands: String::new(),
        read: text.into(),
    };
    // Case 13.
    let mac = b"LocalID,ODSCode,FirstName,LastName\r9134,RIV,Ren\x8Ee,Dubourdieu\r9135,RIV,Fran\x8Dois,Lefanu\r9136,RIV,Zo\x91,Foy\r";
    let told = Notice::OldEncoding {
        encoding: OldEncoding::MacRoman,
        cells: vec![read("C2", "Renée"), read("C3", "François"), read("C4", "Zoë")],
        more: 0,
    };
    assert_eq!(notices(mac), [told]);
    let mixed = b"sep=,\nLocalID,ODSCode,FirstName,LastName,Password\n1,RIV,Zo\xC3\xAB,Lee,\n2,RIV,Ren\xE9,Lee,caf\xE9 once 9\n";
    let told = Notice::OldEncoding {
        encoding: OldEncoding::Windows1252,
        cells: vec![read("C3", "René")],
        more: 0,
    };
    assert_eq!(notices(mixed), [told]);
    assert!(notices(format!("{HEADINGS}\n1,RIV,Zoë,Lee\n").as_bytes()).is_empty());
}

#[test]
fn text_that_was_encoded_twice_is_read_as_it_was_meant_and_told() {
    let text = format!("{HEADINGS}\n1,RIV,ZoÃ«,Oâ€™Neill\n2,RIV,Renée,Lee\n");
    let rows = cells(&text);
    assert_eq!(rows[0].1.text(Attribute::FirstName), "Zoë");
    assert_eq!(rows[0].1.text(Attribute::LastName), "O’Neill");
    let read = |cell: &str, stands: &str, read: &str| CellRead {
        cell: cell.into(),
        stands: stands.into(),
        read: read.into(),
    };
    let told = Notice::EncodedTwice {
        cells: vec![read("C2", "ZoÃ«", "Zoë"), read("D2", "Oâ€™Neill", "O’Neill")],
        more: 0,
    };
    assert_eq!(open(&text).unwrap().layout.notices, [told]);
}

#[test]
fn a_file_with_far_too_many_columns_is_refused_at_once() {
    let began = std::time::Instant::now();
    let problems = open(&"a,".repeat(1_000_000)).unwrap_err();
    assert_eq!(
        problems[0].kind,
        Kind::TooManyColumns {
            found: 1_000_000,
            most: 200
        }
    );
    assert!(began.elapsed().as_secs() < 20);
}

#[test]
fn a_file_whose_columns_somebody_named_is_read_so() {
    let formats = Formats::shipped();
    let file = "Payroll no,Trust,Forename,Surname,Shoe size\n1,RIV,Jane,Smith,38\n\n2,RIV,Ann,Lee,\n";
    assert!(open(file).is_err());
    let Guess {
        format,
        mut layout,
        samples,
        ..
    } = Sheet::guess(&formats, file.as_bytes()).unwrap();
    assert_eq!((samples.len(), samples[0][4].as_str()), (2, "38"));
    // A guess is nobody's word.
    assert!(Sheet::open_as(&formats, file.as_bytes(), &format, &layout).is_err());
    layout.is_chosen = true;
    let sheet = Sheet::open_as(&formats, file.as_bytes(), &format, &layout).unwrap();
    let first = sheet.requests().next().unwrap();
    let Wish::AccountInFile(cells) = first.wish else {
        panic!()
    };
    assert_eq!(
        (cells.text(Attribute::LocalId), cells.text(Attribute::LastName)),
        ("1", "Smith")
    );
    assert_eq!((sheet.count(), cells.texts.len()), (2, 4));
    let other = file.replace("Shoe size", "Hat size");
    assert!(Sheet::open_as(&formats, other.as_bytes(), &format, &layout).is_err());
    assert_eq!(Sheet::guess(&formats, b""), None);
}

#[test]
fn a_line_that_says_what_parts_the_cells_is_believed_and_has_no_number() {
    for start in ["sep=;\r\n", "\"SEP=;\"\n"] {
        let rows = cells(&format!("{start}{HEADINGS}\r\n1,RIV,\"a,b\",Smith\r\n").replace(',', ";"));
        assert_eq!((rows[0].0, rows[0].1.text(Attribute::FirstName)), (2, "a;b"));
    }
}

#[test]
fn too_many_rows_and_far_too_long_cells_are_said_with_the_limit() {
    let limits = Limits {
        rows: 2,
        cell: 30,
        ..Limits::default()
    };
    let formats = Formats::shipped().within(limits);
    let kinds = |text: String| Sheet::open(&formats, text.as_bytes()).map_err(|problems| problems[0].kind.clone());
    let row = "1,RIV,Jane,Smith\n";
    assert_eq!(kinds(format!("{HEADINGS}\n{row}\n{row}")).unwrap().count(), 2);
    let rows = kinds(format!("{HEADINGS}\n{row}{row}{row}")).unwrap_err();
    assert_eq!(rows, Kind::TooManyRows { most: 2 });
    let long = kinds(format!("{HEADINGS}\n{row}2,RIV,{},Smith\n", "é".repeat(31))).unwrap_err();
    assert_eq!(
        long,
        Kind::CellTooLong {
            cell: "C3".into(),
            most: 30
        }
    );
    assert!(kinds(format!("{HEADINGS}\n2,RIV,{},Smith\n", "é".repeat(30))).is_ok());
}

#[test]
fn the_guard_against_formulas_is_taken_off_and_other_marks_stay() {
    assert_eq!(unguarded("'=1+1"), "=1+1");
    assert_eq!(unguarded("'s-Gravenhage"), "'s-Gravenhage");
    assert!(!is_formula("+44 7700 900123") && is_formula("+cmd|' /C calc'!A0") && !is_formula("-5"));
}
