//! What cells are besides their text.

use domain::request::{CellMark, Cells};

use super::{Attribute, HEADINGS, RowNumber, Wish, excel, inline, open, open_document, row, texts_of};
use crate::Sheet;

fn marks(sheet: &Sheet) -> Vec<(RowNumber, Attribute, CellMark)> {
    let cells = |wish| match wish {
        Wish::AccountInFile(Cells { marks, .. }) => marks,
        other => panic!("{other:?}"),
    };
    let requests = sheet.requests().map(|request| (request.row, cells(request.wish)));
    let marks =
        requests.flat_map(|(row, marks)| marks.into_iter().map(move |(attribute, mark)| (row, attribute, mark)));
    marks.collect()
}

/// A row of an Excel sheet: the headings' cells, with this XML instead of the notes'.
fn with_notes(number: u32, notes: &str) -> String {
    let cells: String = ["1", "RIV", "Ann", "Lee"].iter().map(|text| inline(text)).collect();
    format!("<row r=\"{number}\">{cells}{notes}</row>")
}

fn headings() -> String {
    let cells: String = HEADINGS.iter().map(|text| inline(text)).collect();
    format!("<row r=\"1\">{cells}</row>")
}

#[test]
fn errors_and_open_formulas_of_excel_are_marked_in_their_cells() {
    let notes = [
        "<c t=\"e\"><f>A1/0</f><v>#DIV/0!</v></c>",
        // Newer than most readers.
        "<c t=\"e\"><v>#SPILL!</v></c>",
        "<c><f>A1&amp;\"x\"</f></c>",
        "<c><f>A1</f><v/></c>",
        // A formula that gives an empty text, a kind of cell that is not known, and parts that are not read.
        "<c t=\"str\"><f>\"\"</f><v></v></c>",
        "<c t=\"n\"><v>7</v><extLst><ext><v>8</v></ext></extLst></c>",
    ];
    let rows: String = (2..)
        .zip(notes)
        .map(|(number, notes)| with_notes(number, notes))
        .collect();
    // A row that has nothing but an error is a row.
    let last = "<row r=\"9\"><c r=\"A9\" t=\"e\"><v>#N/A</v></c></row>";
    let sheet = open(&excel(&[(
        "Staff",
        "",
        &format!("<sheetData>{}{rows}{last}</sheetData>", headings()),
    )]))
    .unwrap();
    let error = |error: &str| CellMark::Error(error.to_owned());
    let expected = [
        (RowNumber(2), Attribute::Notes, error("#DIV/0!")),
        (RowNumber(3), Attribute::Notes, error("#SPILL!")),
        (RowNumber(4), Attribute::Notes, CellMark::NotCalculated),
        (RowNumber(5), Attribute::Notes, CellMark::NotCalculated),
        (RowNumber(9), Attribute::LocalId, error("#N/A")),
    ];
    assert_eq!(marks(&sheet), expected);
    let notes = ["#DIV/0!", "#SPILL!", "=A1&\"x\"", "=A1", "", "7", ""];
    assert_eq!(texts_of(&sheet, Attribute::Notes), notes);
}

#[test]
fn errors_and_open_formulas_of_open_document_are_marked_in_their_cells() {
    let notes = [
        "<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p></table:table-cell>",
        "<table:table-cell table:formula=\"of:=[.A1]\"/>",
    ];
    let people = row(&["1", "RIV", "Ann", "Lee"]);
    let rows: String = notes
        .iter()
        .map(|notes| people.replace("</table:table-row>", &format!("{notes}</table:table-row>")))
        .collect();
    let table = format!("<table:table table:name=\"A\">{}{rows}</table:table>", row(&HEADINGS));
    let sheet = open(&open_document(&table)).unwrap();
    let expected = [
        (RowNumber(2), Attribute::Notes, CellMark::Error("#DIV/0!".to_owned())),
        (RowNumber(3), Attribute::Notes, CellMark::NotCalculated),
    ];
    assert_eq!(marks(&sheet), expected);
}

#[test]
fn a_number_is_digits_in_a_code_and_as_its_cell_shows_it_in_notes() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_row(0, 0, HEADINGS).unwrap();
    page.write_row(1, 1, ["RIV", "Ann", "Lee"]).unwrap();
    let thousands = rust_xlsxwriter::Format::new().set_num_format("#,##0.00");
    for column in [0, 4] {
        page.write_with_format(1, column, 9150, &thousands).unwrap();
    }
    let code = rust_xlsxwriter::Format::new().set_num_format("\"RIV\"0000");
    page.write_with_format(2, 0, 42, &code).unwrap();
    page.write_row(2, 1, ["RIV", "Bea", "Moore"]).unwrap();
    page.write_boolean(2, 4, true).unwrap();
    let sheet = open(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(texts_of(&sheet, Attribute::LocalId), ["9150", "RIV0042"]);
    assert_eq!(texts_of(&sheet, Attribute::Notes), ["9,150.00", "TRUE"]);
    assert_eq!(sheet.layout.plain_numbers, [0, 4]);
}
