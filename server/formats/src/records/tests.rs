use proptest::prelude::*;

use super::*;

fn read(text: &str, width: usize) -> Vec<Record> {
    Records::from_place(text, b',', Place::default(), width).collect()
}

fn rows(text: &str) -> Vec<u32> {
    read(text, 0).iter().map(|record| record.row.0).collect()
}

fn cells(record: &Record) -> Vec<&str> {
    record.cells.iter().collect()
}

fn numbers(rows: &[RowNumber]) -> Vec<u32> {
    rows.iter().map(|row| row.0).collect()
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_numbers_them() {
    assert_eq!(rows("a,b\r\n1,2\r\n\r\n3,\"x\r\ny\"\r\n5,6"), [1, 2, 4, 5]);
    assert_eq!(rows("a\r1\r\r2"), [1, 2, 4]);
    assert_eq!(rows("a\n\"say \"\"hi\"\"\n\"\nb"), [1, 2, 3]);
}

#[test]
fn sound_cells_are_read_as_they_were_written() {
    let text = "5\" pipe, \"a, b\" ,\"say \"\"hi\"\"\r\nnow\",\n\u{FEFF}\"\u{FEFF}x\",é";
    let read = read(text, 4);
    assert_eq!(cells(&read[0]), ["5\" pipe", "a, b", "say \"hi\"\r\nnow", ""]);
    assert_eq!(cells(&read[1]), ["x", "é"]);
    assert_eq!((read[1].row, read[1].broken.is_none()), (RowNumber(2), true));
}

#[test]
fn text_behind_a_closing_mark_ends_the_row_at_its_cell() {
    let read = read("7,\"Known as \\\"Dot\\\", ward 7\",01632 960701\n8,x,y\n", 3);
    assert_eq!(cells(&read[0]), ["7"]);
    let broken = read[0].broken.as_ref().unwrap();
    assert_eq!(broken.rest, "\"Known as \\\"Dot\\\", ward 7\",01632 960701");
    assert_eq!((broken.swallowed.len(), broken.apart), (0, None));
    assert_eq!((cells(&read[1]), read[1].broken.is_none()), (vec!["8", "x", "y"], true));
}

#[test]
fn rows_within_a_broken_cell_are_read_by_themselves() {
    let read = read("1,RIV,\"Ann,x\n2,RIV,Bea,\n\n3,RIV,Cy,\"said\"\n4,RIV,Di,y\n", 4);
    let found: Vec<_> = read
        .iter()
        .map(|record| (record.row.0, record.broken.is_some()))
        .collect();
    assert_eq!(found, [(1, true), (2, false), (4, false), (5, false)]);
    assert_eq!(read[0].broken.as_ref().unwrap().apart, Some(RowNumber(2)));
    assert_eq!(cells(&read[2]), ["3", "RIV", "Cy", "said"]);
}

#[test]
fn lines_of_a_broken_cell_that_are_no_rows_are_named() {
    let read = read("1,RIV,Ann,\"one\ntwo\nand \"three\" of\n2,RIV,Bea,x\n", 4);
    let broken = read[0].broken.as_ref().unwrap();
    assert_eq!((numbers(&broken.swallowed), broken.apart), (vec![2, 3], None));
    assert_eq!(broken.rest, "\"one\ntwo\nand \"three\" of");
    assert_eq!((read[1].row, cells(&read[1]).len()), (RowNumber(4), 4));
}

#[test]
fn a_cell_that_closes_behind_whole_rows_names_them() {
    let text = "1,RIV,Ann,\"x\n2,RIV,Bea,y\n3,RIV,Cy,\"\n4,RIV,Di,z\n";
    let found = read(text, 4);
    assert_eq!(numbers(&found[0].broken.as_ref().unwrap().swallowed), [2, 3]);
    assert_eq!((found.len(), found[1].row, cells(&found[1])[0]), (2, RowNumber(4), "4"));
    // Running text is none, whatever it lists.
    let prose = "1,RIV,Ann,\"on\nMon, Tue, Wed, Thu\"\n2,RIV,Bea,z\n";
    assert!(read(prose, 4).iter().all(|record| record.broken.is_none()));
}

#[test]
fn a_mark_that_is_never_closed_costs_its_own_row_only() {
    let rest = "2,RIV,Bea,x\n".repeat(500);
    let read = read(&format!("1,RIV,Ann,\"x\n{rest}"), 4);
    assert_eq!(read.len(), 501);
    assert!(read[0].broken.is_some() && read[1..].iter().all(|record| record.broken.is_none()));
}

#[test]
fn a_text_of_open_marks_is_read_in_time() {
    let began = std::time::Instant::now();
    for line in [
        "a\",\"b\n",
        "x,\"y\n",
        "x,\"\"\"y\n",
        "\"",
        "\"\n",
        "x, \"",
        "\"\"\"\",\n",
        "1,2,3,4\",\"1,2,3\n4,5,6\n",
    ] {
        let text = line.repeat(200_000);
        for text in [format!("\"{text}"), text] {
            assert!(!read(&text, 4).is_empty(), "{line:?}");
        }
    }
    assert!(began.elapsed().as_secs() < 60);
}

proptest! {
    /// Whatever the text: its letters stand in the cells, or in the rest of a broken row, in their order.
    #[test]
    fn nothing_of_a_text_is_lost(text in "[ab,\" \r\n]{0,60}", width in 0_usize..6) {
        let mut found = String::new();
        let mut before = 0;
        for record in read(&text, width) {
            found.extend(record.cells.iter());
            found.extend(record.broken.iter().map(|broken| broken.rest.as_str()));
            prop_assert!(record.row.0 > before);
            before = record.row.0.max(record.broken.map_or(0, |broken| broken.swallowed.last().map_or(0, |row| row.0)));
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        prop_assert_eq!(letters(&found), letters(&text));
    }

    /// What a careful program writes is read as it was.
    #[test]
    fn written_rows_are_read_again(lines in prop::collection::vec(prop::collection::vec("[ab,\"\r\n]{0,6}", 1..5), 0..8)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
        for line in &lines {
            writer.write_record(line).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let read: Vec<Vec<String>> = read(&text, 0)
            .iter()
            .map(|record| record.cells.iter().map(str::to_owned).collect())
            .collect();
        prop_assert_eq!(read, lines);
    }
}
