//! A file as it is kept once its passwords were looked at: the same rows under the same numbers, without those columns.

use domain::dictionary::Attribute;

use crate::{
    records::Records,
    sheet::{Sheet, csv_reader},
};

/// The file as CSV text in which the columns of an attribute are empty below their heading. A workbook becomes the text that
/// it was read as.
#[must_use]
pub fn without(sheet: &Sheet, attribute: Attribute) -> Vec<u8> {
    let is_blank = |place: usize| {
        let column = sheet.layout.columns.get(place);
        column.is_some_and(|(_, held)| *held == Some(attribute))
    };
    // What parts the cells is said, because it might be guessed otherwise; the line has no row number.
    let mut kept = vec![b's', b'e', b'p', b'=', sheet.delimiter, b'\n'];
    let numbered = Records::of(&sheet.text, sheet.delimiter);
    let records = csv_reader(&sheet.text, sheet.delimiter).into_records();
    let (mut number, mut is_heading) = (1, true);
    for (record, cells) in numbered.zip(records) {
        let Ok(cells) = cells else { continue };
        while number < record.row.0 {
            kept.push(b'\n');
            number += 1;
        }
        let shown = cells.iter().enumerate();
        let shown = shown.map(|(place, cell)| if !is_heading && is_blank(place) { "" } else { cell });
        let mut line = csv::WriterBuilder::new()
            .delimiter(sheet.delimiter)
            .flexible(true)
            .from_writer(Vec::new());
        // A writer into memory has nothing to fail on.
        let _ = line.write_record(shown);
        kept.extend(line.into_inner().unwrap_or_default());
        (number, is_heading) = (number + 1, false);
    }
    kept
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
        if let Wish::Account(cells) = &mut request.wish {
            cells.take_password();
        }
        request
    }

    #[test]
    fn only_the_passwords_are_gone_and_every_row_keeps_its_number() {
        let file = "LocalID;ODSCode;FirstName;LastName;Password;Notes\n\n1;RIV;Jane;\"O;Neill\nSmith\"; once only 9 ;a,b,c,d\n\n\n                    2;RIV;Ann;Lee;\"say \"\"hi\"\" once\";\n3;RIV;Li;Wu\n";
        let sheet = open(file.as_bytes());
        let kept = without(&sheet, Attribute::Password);
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("once") && text.contains("Password"), "{text}");
        let again = open(&kept);
        let sent: Vec<_> = sheet.requests().map(blanked).collect();
        assert_eq!(again.requests().collect::<Vec<_>>(), sent);
        assert_eq!(again.layout.columns, sheet.layout.columns);
        assert_eq!(without(&again, Attribute::Password), kept);
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
        let kept = without(&sheet, Attribute::Password);
        assert!(kept.starts_with(b"sep=,\n"));
        let sent: Vec<_> = sheet.requests().map(blanked).collect();
        assert_eq!(open(&kept).requests().collect::<Vec<_>>(), sent);
    }
}
