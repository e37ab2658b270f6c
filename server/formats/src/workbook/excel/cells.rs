//! The cells of an Excel sheet, one by one, each as the sheet shows it.

use std::io::BufRead;

use domain::problem::Problem;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::texts::{rich, unescaped};
use crate::workbook::{
    lines::{Lines, Merge},
    marks::{Is, Shown},
    moment::{self, Epoch},
    number_format::NumberFormat,
    xml::{attribute, broken, text_within},
};

/// What the cells of all sheets share.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) texts: Vec<String>,
    pub(super) formats: Vec<NumberFormat>,
    pub(super) epoch: Epoch,
}

/// How far a sheet is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Until it is known where the headings are.
    Firsts,
    End,
}

/// Reads a sheet, and says which of its cells are merged: that stands behind the cells.
pub(super) fn read<R: BufRead>(
    xml: &mut Reader<R>,
    known: &Known,
    lines: &mut Lines,
    until: Until,
) -> Result<Vec<Merge>, Problem> {
    let mut merges = Vec::new();
    let (mut row, mut column) = (0_u32, 0_usize);
    let mut is_data = false;
    let (mut buffer, mut inner) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheetData" => is_data = true,
                "col" if !is_data => hide_columns(&element, lines)?,
                "row" if is_data => {
                    if let Some(number) = attribute(&element, "r")? {
                        let number: u32 = number.trim().parse().map_err(|_| broken())?;
                        row = number.checked_sub(1).ok_or_else(broken)?;
                    }
                    column = 0;
                    if is_hidden(&element, "ht")? {
                        lines.hide_row(row);
                    }
                }
                "c" if is_data => {
                    let cell = Cell::of(&element, (row, column))?;
                    let found = Found::within(xml, &mut inner)?;
                    (row, column) = cell.place;
                    cell.put(found, known, lines)?;
                    column += 1;
                }
                "mergeCell" if merges.len() < Merge::MOST => {
                    merges.extend(attribute(&element, "ref")?.and_then(|cells| merge(&cells)));
                }
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "row" if is_data => {
                    row = row.saturating_add(1);
                    if until == Until::Firsts && lines.has_firsts() {
                        return Ok(vec![]);
                    }
                }
                "sheetData" if until == Until::Firsts => return Ok(vec![]),
                "sheetData" => is_data = false,
                _ => {}
            },
            Event::Eof if is_data => return Err(broken()),
            Event::Eof => return Ok(merges),
            _ => {}
        }
    }
}

/// Whether a row or column is hidden, or has no room at all.
fn is_hidden(element: &BytesStart<'_>, room: &str) -> Result<bool, Problem> {
    if matches!(attribute(element, "hidden")?.as_deref(), Some("1" | "true")) {
        return Ok(true);
    }
    let room = attribute(element, room)?.and_then(|room| room.trim().parse::<f64>().ok());
    Ok(room == Some(0.0))
}

fn hide_columns(element: &BytesStart<'_>, lines: &mut Lines) -> Result<(), Problem> {
    if !is_hidden(element, "width")? {
        return Ok(());
    }
    let number =
        |name| Ok::<_, Problem>(attribute(element, name)?.and_then(|number| number.trim().parse::<usize>().ok()));
    if let Some((first, last)) = number("min")?.zip(number("max")?) {
        lines.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
    }
    Ok(())
}

/// What a cell's value is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Number,
    /// The number of a text that cells share.
    Shared,
    Text,
    YesOrNo,
    Error,
    Moment,
}

/// A cell, before its value.
struct Cell {
    place: (u32, usize),
    style: usize,
    written: Written,
}

impl Cell {
    /// A cell that stands where it says, else at `next`.
    fn of(element: &BytesStart<'_>, next: (u32, usize)) -> Result<Self, Problem> {
        let (mut place, mut style, mut written) = (next, 0, Written::Number);
        let mut all = element.attributes();
        for found in all.with_checks(false) {
            let found = found.map_err(|_| broken())?;
            let value = found.value.trim();
            match found.key.local_name().as_ref() {
                "r" => place = position(value).ok_or_else(broken)?,
                "s" => style = value.parse().unwrap_or(0),
                "t" => {
                    written = match value {
                        "s" => Written::Shared,
                        "str" | "inlineStr" => Written::Text,
                        "b" => Written::YesOrNo,
                        "e" => Written::Error,
                        "d" => Written::Moment,
                        _ => Written::Number,
                    }
                }
                _ => {}
            }
        }
        Ok(Self { place, style, written })
    }

    /// Writes it as it is shown.
    fn put(&self, found: Found, known: &Known, lines: &mut Lines) -> Result<(), Problem> {
        let Found { formula, value, inline } = found;
        let (row, column) = self.place;
        let mut put = |text: &str, is| lines.put(row, column, text, is);
        if let Some(text) = inline {
            return put(&text, Is::Text);
        }
        // A text may be empty; a number, or anything else, that a formula gives is not.
        let is_given = value
            .as_ref()
            .is_some_and(|value| self.written == Written::Text || !value.trim().is_empty());
        let value = match (value, formula) {
            (Some(value), _) if is_given => value,
            (_, Some(formula)) => return put(&format!("={formula}"), Is::NotCalculated),
            (_, None) => return Ok(()),
        };
        match self.written {
            Written::Text => put(&unescaped(value), Is::Text),
            Written::Shared => {
                let place = value.trim().parse().ok();
                let text = place
                    .and_then(|place: usize| known.texts.get(place))
                    .ok_or_else(broken)?;
                put(text, Is::Text)
            }
            Written::YesOrNo => match value.trim() {
                "1" | "true" => put("TRUE", Is::Text),
                "0" | "false" => put("FALSE", Is::Text),
                other => put(other, Is::Text),
            },
            Written::Error => put(&value, Is::Error),
            Written::Moment => put(&moment::from_iso(&value).unwrap_or(value), Is::Text),
            Written::Number => {
                let format = known.formats.get(self.style);
                let shown = match format {
                    Some(format) => format.shown(&value, known.epoch),
                    None => NumberFormat::default().shown(&value, known.epoch),
                };
                let Shown { text, is } = shown;
                put(&text, is)
            }
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Default)]
struct Found {
    formula: Option<String>,
    value: Option<String>,
    inline: Option<String>,
}

/// One of the elements of a cell that are read.
#[derive(Clone, Copy)]
enum Element {
    Formula,
    Value,
    Inline,
}

impl Found {
    /// Reads to the end of the cell that has begun.
    fn within<R: BufRead>(xml: &mut Reader<R>, buffer: &mut Vec<u8>) -> Result<Self, Problem> {
        let mut found = Self::default();
        let mut aside = 0_usize;
        loop {
            buffer.clear();
            let element = match xml.read_event_into(buffer).map_err(|_| broken())? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "f" if aside == 0 => Element::Formula,
                    "v" if aside == 0 => Element::Value,
                    "is" if aside == 0 => Element::Inline,
                    _ => {
                        aside += 1;
                        continue;
                    }
                },
                Event::End(_) if aside == 0 => return Ok(found),
                Event::End(_) => {
                    aside -= 1;
                    continue;
                }
                Event::Eof => return Err(broken()),
                _ => continue,
            };
            match element {
                Element::Formula => found.formula = Some(text_within(xml, buffer)?),
                Element::Value => found.value = Some(text_within(xml, buffer)?),
                Element::Inline => found.inline = Some(rich(xml, buffer)?),
            }
        }
    }
}

/// A cell's row and column, from 0, by its name such as `B7`.
fn position(name: &str) -> Option<(u32, usize)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at(letters);
    if !(1..=3).contains(&letters.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = |column: usize, letter: u8| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, value);
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

/// Cells that are merged, by their name such as `B2:B4`.
fn merge(name: &str) -> Option<Merge> {
    let (first, last) = name.split_once(':')?;
    let (first, last) = (position(first.trim())?, position(last.trim())?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Merge { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_their_names() {
        let named = [
            ("A1", Some((0, 0))),
            ("b7", Some((6, 1))),
            ("XFD1048576", Some((1_048_575, 16_383))),
        ];
        for (name, place) in named {
            assert_eq!(position(name), place);
        }
        for name in ["", "A", "7", "A0", "AAAA1", "A1B", "Ä1"] {
            assert_eq!(position(name), None, "{name}");
        }
        let first_to_last = Merge {
            first: (1, 1),
            last: (3, 1),
        };
        assert_eq!(
            (merge("B2:B4"), merge("B4:B2"), merge("B2")),
            (Some(first_to_last), None, None)
        );
    }
}
