//! Workbooks as programs save them, and as somebody would make them who wants the portal to fall over.

mod cells;
mod sheets;

use std::io::Write;

use domain::{dictionary::Attribute, layout::ReadAs, problem::Kind, request::Wish, values::ids::RowNumber};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Formats, Limits, Sheet};

fn open(bytes: &[u8]) -> Result<Sheet, Kind> {
    opened(bytes, Limits::default())
}

fn opened(bytes: &[u8], limits: Limits) -> Result<Sheet, Kind> {
    Sheet::open(&Formats::shipped().within(limits), bytes).map_err(|problems| problems[0].kind.clone())
}

fn texts(sheet: &Sheet, attribute: Attribute) -> Vec<(RowNumber, String)> {
    let text = |wish| match wish {
        Wish::AccountInFile(cells) => cells.text(attribute).to_owned(),
        other => panic!("{other:?}"),
    };
    let requests = sheet.requests().map(|request| (request.row, text(request.wish)));
    requests.collect()
}

fn texts_of(sheet: &Sheet, attribute: Attribute) -> Vec<String> {
    texts(sheet, attribute).into_iter().map(|(_, text)| text).collect()
}

const HEADINGS: [&str; 5] = ["LocalID", "ODSCode", "FirstName", "LastName", "Notes"];

#[test]
fn an_excel_workbook_is_read_as_its_first_shown_sheet_shows_it() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Old").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_name("Staff").unwrap().set_active(true);
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write(0, column, heading).unwrap();
    }
    let (five_digits, day) = (
        Format::new().set_num_format("00000"),
        Format::new().set_num_format("dd/mm/yyyy"),
    );
    sheet.write_with_format(1, 0, 123, &five_digits).unwrap();
    sheet.write_row(1, 1, ["RIV", "Zoë, \"Zo\"\nAnn", "Smith"]).unwrap();
    let starts = ExcelDateTime::from_ymd(2026, 11, 3).unwrap();
    sheet.write_with_format(1, 4, &starts, &day).unwrap();
    // Rows that are empty count; what a formula gives is read, not the formula.
    sheet.write(4, 0, 4711).unwrap();
    sheet.write_row(4, 1, ["RIV", "Ann"]).unwrap();
    sheet
        .write_formula(4, 3, rust_xlsxwriter::Formula::new("=\"Le\"&\"e\"").set_result("Lee"))
        .unwrap();
    sheet.write(4, 4, 0.1 + 0.2).unwrap();
    book.add_worksheet().set_name("Notes").unwrap();
    let sheet = open(&book.save_to_buffer().unwrap()).unwrap();
    let ids = [(RowNumber(2), "00123".to_owned()), (RowNumber(5), "4711".to_owned())];
    assert_eq!(texts(&sheet, Attribute::LocalId), ids);
    assert_eq!(texts_of(&sheet, Attribute::FirstName), ["Zoë, \"Zo\"\nAnn", "Ann"]);
    assert_eq!(texts_of(&sheet, Attribute::LastName), ["Smith", "Lee"]);
    assert_eq!(texts_of(&sheet, Attribute::Notes), ["03/11/2026", "0.3"]);
    let read_as = ReadAs::Excel {
        sheet: "Staff".into(),
        is_only: false,
    };
    assert_eq!(
        (&sheet.layout.read_as, &sheet.layout.plain_numbers),
        (&read_as, &vec![0, 4])
    );
    assert_eq!(sheet.count(), 2);
}

#[test]
fn a_workbook_without_anything_in_it_says_so() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Staff").unwrap();
    assert_eq!(
        open(&book.save_to_buffer().unwrap()).unwrap_err(),
        Kind::EmptySpreadsheet { sheet: None }
    );
    // Where there are other sheets, the empty one is named.
    book.add_worksheet().set_name("Notes").unwrap();
    let sheet = Some("Staff".to_owned());
    assert_eq!(
        open(&book.save_to_buffer().unwrap()).unwrap_err(),
        Kind::EmptySpreadsheet { sheet }
    );
}

/// An archive of these files.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An Excel workbook of sheets, each with its name, whether it is `hidden`, and what stands in its XML.
fn excel(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut listed, mut related, mut files) = (String::new(), String::new(), Vec::new());
    for (number, (name, state, content)) in (1..).zip(sheets) {
        let state = if state.is_empty() { "visible" } else { *state };
        listed += &format!(r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>"#);
        let target = format!("worksheets/sheet{number}.xml");
        related += &format!(r#"<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="{target}"/>"#);
        files.push((format!("xl/{target}"), format!("<worksheet>{content}</worksheet>")));
    }
    let book = format!(r#"<workbook xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>"#);
    let related = format!("<Relationships>{related}</Relationships>");
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let book = [
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", related.as_str()),
    ];
    archive(&book.into_iter().chain(files).collect::<Vec<_>>())
}

/// A cell of an Excel sheet that stands behind the one before it.
fn inline(text: &str) -> String {
    format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn open_document(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">
        <office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
        <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ])
}

fn row(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    format!(
        "<table:table-row>{}</table:table-row>",
        cells.iter().map(cell).collect::<String>()
    )
}

#[test]
fn an_open_document_is_read_as_its_first_shown_sheet_shows_it() {
    let hidden = r#"<table:table table:name="Old" table:style-name="ta2"><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;
    let more = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="5"/></table:table-row>
        <table:table-row>
        <table:table-cell office:value-type="float" office:value="123"><text:p>00123</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>RIV</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>Zo&#235;<text:s text:c="2"/>&amp;</text:p><text:p>Ann</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p><text:span>Smith</text:span></text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2026-11-03"><text:p>03/11/26</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="16379"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let staff = format!(
        r#"<table:table table:name="Staff" table:style-name="ta1">{}{more}</table:table>"#,
        row(&HEADINGS)
    );
    let sheet = open(&open_document(&format!("{hidden}{staff}"))).unwrap();
    assert_eq!(texts(&sheet, Attribute::LocalId), [(RowNumber(4), "00123".to_owned())]);
    assert_eq!(texts_of(&sheet, Attribute::Organisation), ["RIV"]);
    assert_eq!(texts_of(&sheet, Attribute::FirstName), ["Zoë  &\nAnn"]);
    assert_eq!(texts_of(&sheet, Attribute::Notes), ["03/11/2026"]);
    let read_as = ReadAs::OpenDocument {
        sheet: "Staff".into(),
        is_only: true,
    };
    assert_eq!((&sheet.layout.read_as, sheet.layout.plain_numbers.len()), (&read_as, 0));
}

#[test]
fn what_repeats_without_end_is_refused_before_it_is_repeated() {
    let wide = r#"<table:table table:name="A"><table:table-row><table:table-cell table:number-columns-repeated="4000000000"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;
    let most = Limits::default();
    let columns = Kind::TooManyColumns {
        found: most.columns + 1,
        most: most.columns,
    };
    assert_eq!(open(&open_document(wide)).unwrap_err(), columns);
    let tall = format!(
        r#"<table:table table:name="A">{}</table:table>"#,
        row(&HEADINGS)
            + &row(&["1", "RIV", "Ann", "Lee"]).replace(
                "<table:table-row>",
                r#"<table:table-row table:number-rows-repeated="4000000000">"#
            )
    );
    let rows = Kind::TooManyRows { most: most.rows };
    assert_eq!(open(&open_document(&tall)).unwrap_err(), rows);
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() {
    let zeros = "0".repeat(17 * 1024 * 1024);
    let bomb = archive(&[("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 100_000);
    let limits = Limits {
        mib: 1,
        ..Limits::default()
    };
    assert_eq!(
        opened(&bomb, limits).unwrap_err(),
        Kind::UnpacksTooLarge { limit_mib: 16 }
    );
    // Room for a hundred thousand million texts is not made.
    let texts = r#"<sst uniqueCount = '100000000000'></sst>"#;
    let greedy = archive(&[("xl/workbook.xml", "<workbook/>"), ("xl/sharedStrings.xml", texts)]);
    assert_eq!(open(&greedy).unwrap_err(), Kind::BrokenWorkbook);
}

#[test]
fn entities_of_a_documents_own_are_not_looked_up() {
    let laughs = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"#;
    let table = format!(r#"<table:table table:name="A">{}</table:table>"#, row(&["&b;"]));
    let content = format!("{laughs}<office:body>{table}</office:body>");
    assert_eq!(
        open(&archive(&[("content.xml", &content)])).unwrap_err(),
        Kind::BrokenWorkbook
    );
}

#[test]
fn workbooks_that_are_none_are_refused_with_what_to_do() {
    assert_eq!(open(b"PK\x03\x04 and no more").unwrap_err(), Kind::BrokenWorkbook);
    assert_eq!(
        open(&archive(&[("word/document.xml", "<w/>")])).unwrap_err(),
        Kind::TextDocument
    );
    assert_eq!(
        open(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....").unwrap_err(),
        Kind::OldWorkbook
    );
    let nothing = open_document(r#"<table:table table:name="A"></table:table>"#);
    assert!(open(&nothing).is_err());
    let cut = {
        let mut book = Workbook::new();
        book.add_worksheet().write_row(0, 0, HEADINGS).unwrap();
        book.save_to_buffer().unwrap()
    };
    for length in (4..cut.len()).step_by(97) {
        assert!(open(&cut[..length]).is_err());
    }
}
