//! What holds of any file, and what another reader reads in it.

use proptest::prelude::*;

use super::*;

/// Every cell's text, absent ones empty. None if a cell is broken.
fn texts(text: &str) -> Option<Vec<Vec<String>>> {
    let mut lines = Lines::of(text);
    let (mut cells, mut all) = (Vec::new(), Vec::new());
    while let Some(line) = lines.next_into(&mut cells) {
        if line.broken.is_some() {
            return None;
        }
        let texts = cells
            .iter()
            .map(|cell| cell.text.as_deref().unwrap_or_default().to_owned());
        all.push(texts.collect());
    }
    Some(all)
}

/// The same by another reader, which does not tell an absent cell from an empty one.
fn texts_by_csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true);
    let mut reader = reader.from_reader(text.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

proptest! {
    /// What a careful program writes is read as it was.
    #[test]
    fn written_cells_are_read_again(
        rows in prop::collection::vec(prop::collection::vec("[aé@,\"\r\n ]{0,6}", 1..5), 0..8),
        is_quoted in any::<bool>(),
    ) {
        let style = if is_quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().flexible(true).quote_style(style).from_writer(vec![]);
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        // That program puts no marks around a cell for its blanks.
        let kept = |cell: &String| match is_quoted || cell.contains([',', '"', '\r', '\n']) {
            true => cell.clone(),
            false => cell.trim_matches(' ').to_owned(),
        };
        let expected: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(kept).collect()).collect();
        prop_assert_eq!(texts(&text), Some(expected));
    }

    /// Whatever is sound is read as the `csv` crate reads it.
    #[test]
    fn sound_files_are_read_as_another_reader_reads_them(text in "[aé@,\"\r\n]{0,40}") {
        if let Some(read) = texts(&text) {
            prop_assert_eq!(read, texts_by_csv(&text));
        }
    }

    /// Each physical line that has something in it belongs to exactly one row.
    #[test]
    fn nothing_of_a_file_is_lost(text in "[ab@,\" \r\n]{0,60}") {
        let text = format!("Action,EmailAddress,Password\n{text}\nAdd,last@x.example,\n");
        let file = read_text(&text).unwrap();
        let mut before = 1;
        for row in &file.rows {
            prop_assert!(row.line > before);
            before = row.line;
        }
        let last = file.rows.last().unwrap();
        prop_assert_eq!(last.row.text(Field::EmailAddress), Some("last@x.example"));
        let again = read_text(&file.blanked).unwrap();
        prop_assert_eq!(again.rows.last().unwrap().line, last.line);
    }
}
