//! Which sheet is read, and what a sheet shows or hides.

use domain::layout::{Notice, Part};

use super::{
    Attribute, HEADINGS, Kind, ReadAs, RowNumber, archive, excel, inline, open, open_document, row, texts, texts_of,
};
use crate::{Formats, Limits, Sheet, sheet_names, workbook};

/// An Excel sheet with headings and these rows of people, with more XML before and behind its rows.
fn staff(before: &str, rows: &str, behind: &str) -> String {
    let headings: String = HEADINGS.iter().map(|text| inline(text)).collect();
    format!("{before}<sheetData><row r=\"1\">{headings}</row>{rows}</sheetData>{behind}")
}

/// A row of one person, with more attributes.
fn person(number: u32, more: &str) -> String {
    let cells: String = ["1", "RIV", "Ann", "Lee"].iter().map(|text| inline(text)).collect();
    format!("<row r=\"{number}\" {more}>{cells}</row>")
}

/// The name of the sheet that is read.
fn name_read(bytes: &[u8], part: &Part) -> String {
    match workbook::read(bytes, &Formats::shipped(), part)
        .unwrap()
        .unwrap()
        .read_as
    {
        ReadAs::Excel { sheet, .. } | ReadAs::OpenDocument { sheet, .. } => sheet,
        other => panic!("{other:?}"),
    }
}

fn of_sheet(name: &str) -> Part {
    Part {
        sheet: Some(name.to_owned()),
        ..Part::default()
    }
}

#[test]
fn the_sheet_with_headings_is_read_or_the_one_that_is_asked_for() {
    let cover =
        "<sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>Staff list of Riverside</t></is></c></row></sheetData>";
    let (people, more) = (staff("", &person(2, ""), ""), staff("", &person(2, ""), ""));
    let book = excel(&[
        ("Cover", "", cover),
        ("Old", "hidden", &people),
        ("Staff", "", &people),
        ("More", "", &more),
    ]);
    assert_eq!(sheet_names(&book, &Limits::default()), ["Cover", "Staff", "More"]);
    assert_eq!(name_read(&book, &Part::default()), "Staff");
    assert_eq!(name_read(&book, &of_sheet("More")), "More");
    assert_eq!(name_read(&book, &of_sheet("Cover")), "Cover");
    for gone in ["Old", "Nowhere"] {
        assert_eq!(name_read(&book, &of_sheet(gone)), "Staff");
    }
    let table = |name: &str, rows: &str| format!("<table:table table:name=\"{name}\">{rows}</table:table>");
    let people = row(&HEADINGS) + &row(&["1", "RIV", "Ann", "Lee"]);
    let tables = table("Cover", &row(&["Staff list"])) + &table("Staff", &people) + &table("More", &people);
    let document = open_document(&tables);
    assert_eq!(sheet_names(&document, &Limits::default()), ["Cover", "Staff", "More"]);
    assert_eq!(name_read(&document, &Part::default()), "Staff");
    assert_eq!(name_read(&document, &of_sheet("More")), "More");
    assert_eq!(name_read(&document, &of_sheet("Nowhere")), "Staff");
    assert_eq!(
        open(&document).unwrap().layout.read_as,
        ReadAs::OpenDocument {
            sheet: "Staff".into(),
            is_only: false
        }
    );
    assert!(sheet_names(b"LocalID,ODSCode\n", &Limits::default()).is_empty());
}

#[test]
fn charts_and_macros_are_no_sheets() {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheets: String = ["Chart", "Macros", "Dialog", "Staff"]
        .iter()
        .map(|name| format!("<sheet name=\"{name}\" sheetId=\"1\" r:id=\"{name}\"/>"))
        .collect();
    let related: String = [
        ("Chart", "chartsheet"),
        ("Macros", "xlMacrosheet"),
        ("Dialog", "worksheet"),
        ("Staff", "worksheet"),
    ]
    .iter()
    .map(|(name, kind)| format!("<Relationship Id=\"{name}\" Type=\"{relations}/{kind}\" Target=\"{name}.xml\"/>"))
    .collect();
    let people = format!("<worksheet>{}</worksheet>", staff("", &person(2, ""), ""));
    let book = archive(&[
        (
            "xl/workbook.xml",
            &format!("<workbook xmlns:r=\"{relations}\"><sheets>{sheets}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!("<Relationships>{related}</Relationships>"),
        ),
        ("xl/chart.xml", "<chartsheet/>"),
        ("xl/macros.xml", "<macrosheet/>"),
        ("xl/dialog.xml", "<dialogsheet/>"),
        ("xl/staff.xml", &people),
    ]);
    assert_eq!(sheet_names(&book, &Limits::default()), ["Staff"]);
    let read_as = ReadAs::Excel {
        sheet: "Staff".into(),
        is_only: true,
    };
    assert_eq!(open(&book).unwrap().layout.read_as, read_as);
}

#[test]
fn what_is_hidden_is_read_and_told() {
    let hidden = "hidden=\"1\"";
    let rows: String = [
        (2, ""),
        (3, hidden),
        (4, hidden),
        (5, ""),
        (7, "ht=\"0\" customHeight=\"1\""),
    ]
    .iter()
    .map(|(number, more)| person(*number, more))
    .collect();
    // A hidden row and a hidden column without anything in them are nothing to tell of.
    let rows = format!(
        "{rows}<row r=\"8\" hidden=\"1\"/><row r=\"9\" hidden=\"1\"/>{}",
        person(10, "")
    );
    let columns =
        "<cols><col min=\"2\" max=\"3\" width=\"9\" hidden=\"1\"/><col min=\"7\" max=\"16384\" hidden=\"1\"/></cols>";
    let sheet = open(&excel(&[(
        "Staff",
        "",
        &staff(columns, &rows, "<autoFilter ref=\"A1:E10\"/>"),
    )]))
    .unwrap();
    let number = RowNumber;
    let notices = [
        Notice::HiddenRows {
            rows: vec![(number(3), number(4)), (number(7), number(7))],
            count: 3,
        },
        Notice::HiddenColumns {
            columns: vec!["B".into(), "C".into()],
        },
    ];
    assert_eq!((sheet.count(), &sheet.layout.notices[..]), (6, &notices[..]));

    let people = row(&["1", "RIV", "Ann", "Lee"]);
    let filtered = people
        .replace("table-row>", "table-row table:visibility=\"filter\">")
        .replace("</table:table-row table:visibility=\"filter\">", "</table:table-row>");
    let columns =
        "<table:table-column table:number-columns-repeated=\"2\"/><table:table-column table:visibility=\"collapse\"/>";
    let table = format!(
        "<table:table table:name=\"A\">{columns}{}{people}{filtered}</table:table>",
        row(&HEADINGS)
    );
    let sheet = open(&open_document(&table)).unwrap();
    let notices = [
        Notice::HiddenRows {
            rows: vec![(number(3), number(3))],
            count: 1,
        },
        Notice::HiddenColumns {
            columns: vec!["C".into()],
        },
    ];
    assert_eq!((sheet.count(), &sheet.layout.notices[..]), (2, &notices[..]));
}

#[test]
fn merged_cells_below_the_headings_have_their_value() {
    let cells = |number: u32, organisation: &str| {
        let cells: String = ["1", organisation, "Ann", "Lee"]
            .iter()
            .map(|text| inline(text))
            .collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    // The last reaches far below the rows that there are; those of a title, or of nothing, are no cells to fill.
    let rows = cells(2, "RIV") + &cells(3, "") + &cells(4, "RIV01") + &cells(6, "");
    let merged = ["A1:B1", "B2:B3", "B4:B1048576", "E2:E3"].map(|name| format!("<mergeCell ref=\"{name}\"/>"));
    let merged = format!("<mergeCells>{}</mergeCells>", merged.concat());
    let sheet = open(&excel(&[("Staff", "", &staff("", &rows, &merged))])).unwrap();
    let organisation = |row, code: &str| (RowNumber(row), code.to_owned());
    let expected = [
        organisation(2, "RIV"),
        organisation(3, "RIV"),
        organisation(4, "RIV01"),
        organisation(6, "RIV01"),
    ];
    assert_eq!(texts(&sheet, Attribute::Organisation), expected);
    let cells = vec!["B2:B3".to_owned(), "B4:B1048576".to_owned()];
    assert_eq!(sheet.layout.notices, [Notice::MergedCells { cells, count: 2 }]);

    let cell = |text: &str, more: &str| {
        format!("<table:table-cell {more} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let person = |organisation: &str| {
        format!(
            "<table:table-row>{}{organisation}{}{}</table:table-row>",
            cell("1", ""),
            cell("Ann", ""),
            cell("Lee", "")
        )
    };
    let rows = person(&cell(
        "RIV",
        "table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\"",
    )) + &person("<table:covered-table-cell/>");
    let sheet = open(&open_document(&format!(
        "<table:table table:name=\"A\">{}{rows}</table:table>",
        row(&HEADINGS)
    )))
    .unwrap();
    assert_eq!(texts_of(&sheet, Attribute::Organisation), ["RIV", "RIV"]);
    let cells = vec!["B2:B3".to_owned()];
    assert_eq!(sheet.layout.notices, [Notice::MergedCells { cells, count: 1 }]);
}

/// A row of an Excel sheet.
fn cells(number: u32, texts: &[&str]) -> String {
    let cells: String = texts.iter().map(|text| inline(text)).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

/// An Excel sheet of these rows, with merged cells.
fn merged(rows: &str, names: &[&str]) -> Vec<u8> {
    let names: String = names
        .iter()
        .map(|name| format!("<mergeCell ref=\"{name}\"/>"))
        .collect();
    let sheet = format!("<sheetData>{rows}</sheetData><mergeCells>{names}</mergeCells>");
    excel(&[("Staff", "", &sheet)])
}

const PERSON: [&str; 5] = ["1", "RIV", "Ann", "Lee", "On leave"];

/// Whether a sheet has that person alone, in this row below headings in the one above.
fn has_person(sheet: &Sheet, row: u32) {
    let expected = |text: &str| vec![(RowNumber(row), text.to_owned())];
    for (attribute, text) in [
        (Attribute::LocalId, "1"),
        (Attribute::Organisation, "RIV"),
        (Attribute::FirstName, "Ann"),
        (Attribute::LastName, "Lee"),
        (Attribute::Notes, "On leave"),
    ] {
        assert_eq!(texts(sheet, attribute), expected(text));
    }
    let below = Notice::HeadingsInRow {
        row: RowNumber(row - 1),
    };
    assert_eq!(sheet.layout.notices, [below]);
}

#[test]
fn a_title_that_is_merged_over_the_columns_is_no_heading() {
    let rows = cells(1, &["Staff list"]) + &cells(3, &HEADINGS) + &cells(4, &PERSON);
    has_person(&open(&merged(&rows, &["A1:E2"])).unwrap(), 4);
    has_person(&open(&merged(&rows, &["A1:E1"])).unwrap(), 4);
}

#[test]
fn headings_in_two_rows_are_read_with_the_cells_that_are_merged() {
    let rows = cells(1, &["LocalID", "ODSCode", "Name", "", "Notes"])
        + &cells(2, &["", "", "FirstName", "LastName", ""])
        + &cells(3, &PERSON);
    let names = ["A1:A2", "B1:B2", "C1:D1", "E1:E2"];
    has_person(&open(&merged(&rows, &names)).unwrap(), 3);

    let cell = |text: &str, more: &str| {
        format!("<table:table-cell {more} office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let tall = |text: &str| {
        cell(
            text,
            "table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\"",
        )
    };
    let wide = cell(
        "Name",
        "table:number-rows-spanned=\"1\" table:number-columns-spanned=\"2\"",
    );
    let covered = "<table:covered-table-cell/>";
    let upper = tall("LocalID") + &tall("ODSCode") + &wide + covered + &tall("Notes");
    let lower = covered.repeat(2) + &cell("FirstName", "") + &cell("LastName", "") + covered;
    let table = format!(
        "<table:table table:name=\"A\"><table:table-row>{upper}</table:table-row><table:table-row>{lower}</table:table-row>{}</table:table>",
        row(&PERSON)
    );
    has_person(&open(&open_document(&table)).unwrap(), 3);
}

#[test]
fn headings_that_are_merged_with_empty_cells_below_fill_no_row() {
    let rows = cells(1, &HEADINGS) + &cells(2, &["", "RIV", "Ann", "Lee", ""]) + &cells(3, &PERSON);
    let sheet = open(&merged(&rows, &["A1:A2", "E1:E2"])).unwrap();
    let local_ids = [(RowNumber(2), String::new()), (RowNumber(3), "1".to_owned())];
    assert_eq!(texts(&sheet, Attribute::LocalId), local_ids);
    assert!(sheet.layout.notices.is_empty());
}

#[test]
fn the_sheet_with_the_headings_of_an_operators_format_is_read() {
    let folder = std::env::temp_dir().join(format!("headings-of-an-operator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let column = |heading: &str, attribute: &str| {
        format!("[[column]]\nheading = \"{heading}\"\nattribute = \"{attribute}\"\nrequired = true\n")
    };
    let format = [
        "name = \"payroll\"\ntitle = \"Payroll\"\nsummary = \"Of the payroll.\"\nseparator = \";\"\n",
        &column("Kennung", "local-id"),
        &column("Haus", "organisation"),
        &column("Vorname", "first-name"),
        &column("Zuname", "last-name"),
    ]
    .concat();
    std::fs::write(folder.join("payroll.toml"), format).unwrap();
    let formats = Formats::with_folder(&folder).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let sheet = |rows: String| format!("<sheetData>{rows}</sheetData>");
    let cover = sheet(cells(1, &["Stand", "Heft"]) + &cells(2, &["a", "b"]) + &cells(3, &["c", "d"]));
    let people = sheet(
        cells(1, &["Liste", "M\u{e4}rz"])
            + &cells(2, &["Kennung", "Haus", "Vorname", "Zuname"])
            + &cells(3, &["1", "RIV", "Ann", "Lee"]),
    );
    let book = excel(&[("Cover", "", &cover), ("Leute", "", &people)]);
    let sheet = Sheet::open(&formats, &book).unwrap();
    assert_eq!(texts(&sheet, Attribute::LastName), [(RowNumber(3), "Lee".to_owned())]);
    assert_eq!(sheet.format, "payroll");
}

#[test]
fn sheets_that_claim_too_much_are_refused() {
    let far = "<row r=\"4000000000\"><c><v>1</v></c></row>";
    let odd = "<row r=\"0\"/>";
    let wide = "<row r=\"2\"><c r=\"XFD2\"><v>1</v></c></row>";
    let kind = |rows: &str| open(&excel(&[("Staff", "", &staff("", rows, ""))])).unwrap_err();
    assert_eq!(kind(far), Kind::BrokenWorkbook);
    assert_eq!(kind(odd), Kind::BrokenWorkbook);
    assert_eq!(
        kind(wide),
        Kind::TooManyColumns {
            found: 16_384,
            most: 200
        }
    );
}
