//! A file as it is kept once its passwords were looked at, or its private addresses used: the same rows under the same
//! numbers, without those cells.

use std::io;

use domain::{dictionary::Attribute, values::ids::RowNumber};

use crate::{mark::surplus, records::Record, sheet::Sheet};

/// What stands for the rest of a row from a broken cell on: another such cell, without what was in it.
const BROKEN: &str = "\"\"…";

/// The file as CSV text in which the cells of an attribute are empty in the rows that are picked. A workbook becomes the text
/// that it was read as.
///
/// # Errors
/// When a line cannot be written.
pub fn without(sheet: &Sheet, attribute: Attribute, is_picked: impl Fn(RowNumber) -> bool) -> io::Result<Vec<u8>> {
    // What parts the cells is said, because it might be guessed otherwise; the line has no row number.
    let mut kept = vec![b's', b'e', b'p', b'=', sheet.delimiter, b'\n'];
    kept.extend(&sheet.text.as_bytes()[..sheet.below.at]);
    let mut number = sheet.below.number + 1;
    for record in sheet.records() {
        while number < record.row.0 {
            kept.push(b'\n');
            number += 1;
        }
        let blanked = Some(attribute).filter(|_| is_picked(record.row));
        kept.extend(line(sheet, blanked, &record)?);
        number += 1;
    }
    Ok(kept)
}

fn line(sheet: &Sheet, blanked: Option<Attribute>, record: &Record) -> io::Result<Vec<u8>> {
    // The headings may stand there again.
    let is_heading = sheet.repeats_headings(record);
    let held = sheet.layout.columns.iter().map(|(_, held)| *held);
    let cells = record.cells.iter().zip(held).map(|(text, held)| {
        let is_blanked = held.is_some() && held == blanked && !is_heading;
        if is_blanked { "" } else { text }
    });
    if record.broken.is_none() {
        return written(sheet, cells.chain(surplus(sheet, record)));
    }
    let mut line = match record.cells.len() {
        0 => vec![],
        _ => written(sheet, cells)?,
    };
    if line.pop().is_some() {
        line.push(sheet.delimiter);
    }
    line.extend(BROKEN.bytes());
    line.push(b'\n');
    Ok(line)
}

fn written<'c>(sheet: &Sheet, cells: impl Iterator<Item = &'c str>) -> io::Result<Vec<u8>> {
    let mut line = csv::WriterBuilder::new()
        .delimiter(sheet.delimiter)
        .flexible(true)
        .from_writer(Vec::new());
    line.write_record(cells)?;
    line.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use domain::request::{ChangeRequest, Wish};

    use super::*;
    use crate::Formats;

    fn open(bytes: &[u8]) -> Sheet {
        Sheet::open(&Formats::shipped(), bytes).unwrap()
    }

    fn blanked(mut request: ChangeRequest) -> ChangeRequest {
        if let Wish::AccountInFile(cells) = &mut request.wish {
            cells.take_password();
        }
        request
    }

    #[test]
    fn only_the_passwords_are_gone_and_every_row_keeps_its_number() {
        let file = "LocalID;ODSCode;FirstName;LastName;Password;Notes\n\n1;RIV;Jane;\"O;Neill\nSmith\"; once only 9 ;a,b,c,d\n\n\n                    2;RIV;Ann;Lee;\"say \"\"hi\"\" once\";\n3;RIV;Li;Wu\n";
        let sheet = open(file.as_bytes());
        let kept = without(&sheet, Attribute::Password, |_| true).unwrap();
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("once") && text.contains("Password"), "{text}");
        let again = open(&kept);
        let sent: Vec<_> = sheet.requests().map(blanked).collect();
        assert_eq!(again.requests().collect::<Vec<_>>(), sent);
        assert_eq!(again.layout.columns, sheet.layout.columns);
        assert_eq!(without(&again, Attribute::Password, |_| true).unwrap(), kept);
    }

    #[test]
    fn only_the_cells_of_picked_rows_are_blanked() {
        let file = "LocalID,ODSCode,FirstName,LastName,ActivationEmail\n1,RIV,Jane,Smith,jane@home.example\n\n2,RIV,Ann,Lee,ann@home.example\n";
        let sheet = open(file.as_bytes());
        let kept = without(&sheet, Attribute::ActivationEmail, |row| row.0 == 2).unwrap();
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("jane@") && text.contains("ann@home.example"), "{text}");
        let again = open(&kept);
        let rows: Vec<_> = again.requests().map(|request| request.row.0).collect();
        assert_eq!(rows, [2, 4]);
        assert_eq!(
            without(&again, Attribute::ActivationEmail, |row| row.0 == 2).unwrap(),
            kept
        );
    }

    #[test]
    fn passwords_that_have_slipped_are_gone_too() {
        let file = "LocalID,ODSCode,FirstName,LastName,Password\n1,RIV,Jane,Smith,once,only 9\n2,RIV,\"Ann\"n,Lee,once only 9\n\
                    3,RIV,Li,Wu,once only 9\n";
        let sheet = open(file.as_bytes());
        let kept = without(&sheet, Attribute::Password, |_| true).unwrap();
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("once") && !text.contains("only"), "{text}");
        let rows = |sheet: &Sheet| {
            let rows = sheet.requests().map(blanked).map(|request| match request.wish {
                Wish::AccountInFile(cells) => (request.row, cells),
                other => panic!("{other:?}"),
            });
            rows.collect::<Vec<_>>()
        };
        let (sent, again) = (rows(&sheet), rows(&open(&kept)));
        assert_eq!(again, sent);
        assert_eq!((sent[0].1.surplus, sent[0].1.surplus_texts.len()), (Some((6, 5)), 0));
        assert!(sent[1].1.broken.is_some() && sent[1].1.surplus_texts.is_empty());
    }

    #[test]
    fn a_workbook_becomes_the_text_that_it_was_read_as() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        page.write_row(0, 0, ["LocalID", "ODSCode", "FirstName", "LastName", "Password"])
            .unwrap();
        page.write_row(3, 0, ["1", "RIV", "Jane", "Smith, the elder", " once only 9 "])
            .unwrap();
        let sheet = open(&book.save_to_buffer().unwrap());
        let kept = without(&sheet, Attribute::Password, |_| true).unwrap();
        assert!(kept.starts_with(b"sep=,\n"));
        let sent: Vec<_> = sheet.requests().map(blanked).collect();
        assert_eq!(open(&kept).requests().collect::<Vec<_>>(), sent);
    }
}
