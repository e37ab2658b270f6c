//! The lines of a change file, cut into cells. Nothing between two commas (absent) is told apart from a pair of quotation
//! marks (zero length), which the `csv` crate does not do. The text of a cell that is never closed ends with its line, so it
//! takes no other line with it.

use std::{borrow::Cow, ops::Range};

use domain::change_file::Action;

/// What some programs write in front of a file to say that it is UTF-8.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell<'t> {
    /// Its text: empty where it is a pair of quotation marks, and none where nothing stands between the commas. Blanks around
    /// it count only within quotation marks.
    pub(super) text: Option<Cow<'t, str>>,
    /// Where it stands in the file's text, with its quotation marks.
    pub(super) span: Range<usize>,
}

/// A line: a physical one, or several where a quoted cell has line ends in it. Its cells are given beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The number of its first physical line, counted from 1.
    pub(super) number: u32,
    /// Where it stands in the text, without the line end.
    pub(super) span: Range<usize>,
    /// Where a quoted cell begins that is never closed, has text behind its closing mark, or has rows in it. It and what
    /// follows in its line are not among the cells.
    pub(super) broken: Option<usize>,
}

/// By what a line within a quoted cell is known as a row of its own: somebody forgot a quotation mark above it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// The place of the email address.
    pub(super) address: usize,
    /// The place of the action.
    pub(super) action: usize,
    /// How many cells a row has.
    pub(super) width: usize,
}

/// Reads lines one after the other.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: u32,
    shape: Option<Shape>,
}

impl Shape {
    fn is_row(self, line: &str) -> bool {
        let mut width = 0;
        let (mut has_address, mut has_action) = (false, false);
        for (place, cell) in line.split(',').enumerate() {
            has_address |= place == self.address && cell.contains('@');
            has_action |= place == self.action && Action::read(cell.trim_matches([' ', '\t', '"'])).is_some();
            width = place + 1;
        }
        has_address && (has_action || width >= self.width)
    }
}

impl<'t> Lines<'t> {
    /// The lines of a text, behind the marks with which some programs say that it is UTF-8.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            text,
            at: text.len() - text.trim_start_matches(BYTE_ORDER_MARK).len(),
            number: 1,
            shape: None,
        }
    }

    /// Says what rows look like, once the header is known.
    pub(super) const fn expect(&mut self, shape: Shape) {
        self.shape = Some(shape);
    }

    /// The next line that is not empty, with its cells instead of those of the line before.
    pub(super) fn next_into(&mut self, cells: &mut Vec<Cell<'t>>) -> Option<Line> {
        cells.clear();
        while self.byte(self.at).is_some_and(is_line_end) {
            self.pass_line_end();
        }
        let (start, number) = (self.at, self.number);
        self.byte(start)?;
        let mut broken = None;
        let mut at = start;
        loop {
            let cell = at;
            let opening = self.behind_blanks(cell);
            if self.byte(opening) == Some(b'"') {
                let Some((text, end)) = self.quoted(opening + 1) else {
                    broken = Some(cell);
                    at = self.line_end(cell);
                    break;
                };
                self.number += line_ends(&self.text.as_bytes()[cell..end]);
                let text = Some(text);
                cells.push(Cell { text, span: cell..end });
                at = end;
            } else {
                at = self.plain_end(cell);
                let text = self.text[cell..at].trim_matches([' ', '\t']);
                let text = (!text.is_empty()).then_some(Cow::Borrowed(text));
                cells.push(Cell { text, span: cell..at });
            }
            if self.byte(at) != Some(b',') {
                break;
            }
            at += 1;
        }
        self.at = at;
        self.pass_line_end();
        Some(Line {
            number,
            span: start..at,
            broken,
        })
    }

    /// The text of a quoted cell and where it ends, blanks behind it included. None where it has no sound end.
    fn quoted(&self, from: usize) -> Option<(Cow<'t, str>, usize)> {
        let bytes = self.text.as_bytes();
        let mut is_doubled = false;
        let mut at = from;
        loop {
            let mark = at + bytes[at..].iter().position(|byte| *byte == b'"')?;
            if self.byte(mark + 1) == Some(b'"') {
                is_doubled = true;
                at = mark + 2;
                continue;
            }
            let end = self.behind_blanks(mark + 1);
            let is_end = self.byte(end).is_none_or(|byte| byte == b',' || is_line_end(byte));
            let raw = &self.text[from..mark];
            if !is_end || self.holds_row(raw) {
                return None;
            }
            let text = match is_doubled {
                true => Cow::Owned(raw.replace("\"\"", "\"")),
                false => Cow::Borrowed(raw),
            };
            return Some((text, end));
        }
    }

    fn holds_row(&self, raw: &str) -> bool {
        let Some(shape) = self.shape else {
            return false;
        };
        raw.split(['\r', '\n']).skip(1).any(|line| shape.is_row(line))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn behind_blanks(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn plain_end(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        let is_end = |byte: &u8| *byte == b',' || is_line_end(*byte);
        at + rest.iter().position(is_end).unwrap_or(rest.len())
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text.as_bytes()[at..];
        at + rest.iter().position(|byte| is_line_end(*byte)).unwrap_or(rest.len())
    }

    /// Goes behind a line end, if there is one: LF, CR, or both.
    fn pass_line_end(&mut self) {
        let width = match self.text.as_bytes()[self.at..] {
            [] => return,
            [b'\r', b'\n', ..] => 2,
            _ => 1,
        };
        self.at += width;
        self.number += 1;
    }
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// How many line ends a text has: LF, CR, or both together.
pub(super) fn line_ends(text: &[u8]) -> u32 {
    let mut ends = 0;
    let mut before = 0;
    for &byte in text {
        ends += u32::from(byte == b'\r' || (byte == b'\n' && before != b'\r'));
        before = byte;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        address: 0,
        action: 1,
        width: 3,
    };

    /// A line's number, its cells, and what is broken.
    type Read<'a> = (u32, Vec<Option<String>>, Option<&'a str>);

    fn read(text: &str) -> Vec<Read<'_>> {
        let mut lines = Lines::of(text);
        lines.expect(SHAPE);
        let mut cells = Vec::new();
        let mut all = Vec::new();
        while let Some(line) = lines.next_into(&mut cells) {
            let texts = cells.iter().map(|cell| cell.text.as_deref().map(str::to_owned));
            let broken = line.broken.map(|place| &text[place..line.span.end]);
            all.push((line.number, texts.collect(), broken));
        }
        all
    }

    fn cells(texts: &[&str]) -> Vec<Option<String>> {
        let absent_or = |text: &&str| (*text != "-").then(|| (*text).to_owned());
        texts.iter().map(absent_or).collect()
    }

    #[test]
    fn nothing_and_a_pair_of_quotation_marks_are_told_apart() {
        let read = read("a,,\"\", ,\" \",\"\"\n,\n\"\"\n");
        assert_eq!(
            read,
            [
                (1, cells(&["a", "-", "", "-", " ", ""]), None),
                (2, cells(&["-", "-"]), None),
                (3, cells(&[""]), None),
            ]
        );
    }

    #[test]
    fn quotation_marks_keep_commas_marks_blanks_and_line_ends() {
        let read = read("\"Smith, Jo\", \"a \"\"b\"\"\" ,\"  x \"\r\n\"1 High St\r\nLeeds\rUK\n\",y, z \nend");
        assert_eq!(
            read,
            [
                (1, cells(&["Smith, Jo", "a \"b\"", "  x "]), None),
                (2, cells(&["1 High St\r\nLeeds\rUK\n", "y", "z"]), None),
                (6, cells(&["end"]), None),
            ]
        );
    }

    #[test]
    fn a_quotation_mark_within_a_plain_cell_is_a_character() {
        assert_eq!(
            read("O\"Neill,6\"\"2,a\"\n"),
            [(1, cells(&["O\"Neill", "6\"\"2", "a\""]), None)]
        );
    }

    #[test]
    fn every_line_end_counts_as_one_line() {
        let numbers = |text: &str| read(text).into_iter().map(|(number, ..)| number).collect::<Vec<_>>();
        assert_eq!(numbers("a\r\nb\r\n\r\nc"), [1, 2, 4]);
        assert_eq!(numbers("a\nb\n\nc\n"), [1, 2, 4]);
        assert_eq!(numbers("a\rb\r\rc\r"), [1, 2, 4]);
        assert_eq!(numbers("\n\r\na"), [3]);
        assert_eq!(numbers(""), [0; 0]);
        assert_eq!(numbers("\u{FEFF}"), [0; 0]);
    }

    #[test]
    fn a_cell_that_is_never_closed_ends_with_its_line() {
        assert_eq!(
            read("a@x,Add,\"Ann\nb@x,Add,Bea\nc@x,Add,Cy\n"),
            [
                (1, cells(&["a@x", "Add"]), Some("\"Ann")),
                (2, cells(&["b@x", "Add", "Bea"]), None),
                (3, cells(&["c@x", "Add", "Cy"]), None),
            ]
        );
    }

    #[test]
    fn text_behind_a_closing_mark_breaks_its_line_alone() {
        assert_eq!(
            read("a@x,Add,\"Ann\" B,d\r\nb@x,\"Add\"x\nc@x,Add,Cy"),
            [
                (1, cells(&["a@x", "Add"]), Some("\"Ann\" B,d")),
                (2, cells(&["b@x"]), Some("\"Add\"x")),
                (3, cells(&["c@x", "Add", "Cy"]), None),
            ]
        );
    }

    #[test]
    fn two_forgotten_marks_do_not_swallow_the_rows_between_them() {
        assert_eq!(
            read("a@x,Add,\"Ann\nb@x,suspend,\nc@x,Add,\"Cy\"\nd@x,Add,\"\ne@x,Sus,Eve\nf@x,Add,\"\n"),
            [
                (1, cells(&["a@x", "Add"]), Some("\"Ann")),
                (2, cells(&["b@x", "suspend", "-"]), None),
                (3, cells(&["c@x", "Add", "Cy"]), None),
                (4, cells(&["d@x", "Add"]), Some("\"")),
                (5, cells(&["e@x", "Sus", "Eve"]), None),
                (6, cells(&["f@x", "Add"]), Some("\"")),
            ]
        );
    }

    #[test]
    fn many_forgotten_marks_are_read_in_one_go() {
        // Were each of them looked for to the end of the file, this would take hours.
        let text = "a@x,Add,\"\n\"\"\n".repeat(200_000);
        let lines = read(&text);
        assert_eq!(lines.last().map(|(number, ..)| *number), Some(400_000));
    }
}
