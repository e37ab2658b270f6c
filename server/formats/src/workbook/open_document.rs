//! OpenDocument spreadsheets (`.ods`), cell by cell: each as the text that the sheet shows.
//!
//! Read here and not by calamine, which repeats cells and rows in memory, as often as the file says, before anybody can
//! stop it; and which gives numbers where the file holds the text that a person sees.

use std::io::{BufRead, BufReader, Cursor};

use domain::{
    layout::ReadAs,
    problem::{Kind, Problem},
};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::ZipArchive;

use super::{FirstSheet, Lines};

/// The first sheet that is not hidden.
pub(super) fn read(bytes: &[u8], lines: Lines) -> Result<FirstSheet, Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let content = archive.by_name("content.xml").map_err(|_| broken())?;
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    sheet(&mut xml, lines)
}

fn broken() -> Problem {
    Problem::in_file(Kind::BrokenWorkbook)
}

/// Goes through the document until the first sheet that is shown has ended; the others are only counted.
fn sheet<R: BufRead>(xml: &mut Reader<R>, lines: Lines) -> Result<FirstSheet, Problem> {
    let mut hidden = Vec::new();
    let mut style = String::new();
    let mut lines = Some(lines);
    let mut found: Option<FirstSheet> = None;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.name().as_ref() {
                "style:style" => style = said(&element, "style:name")?.unwrap_or_default(),
                "style:table-properties" => {
                    if said(&element, "table:display")?.as_deref() == Some("false") {
                        hidden.push(style.clone());
                    }
                }
                "table:table" => {
                    let of = said(&element, "table:style-name")?.unwrap_or_default();
                    let name = said(&element, "table:name")?.unwrap_or_default();
                    let is_shown = !hidden.contains(&of);
                    match (is_shown, lines.take()) {
                        (true, Some(own)) => {
                            let read_as = ReadAs::OpenDocument {
                                sheet: name,
                                is_only: true,
                            };
                            let (text, plain_numbers) = rows(xml, own)?;
                            found = Some(FirstSheet {
                                text,
                                read_as,
                                plain_numbers,
                            });
                        }
                        (true, None) => {
                            if let Some(ReadAs::OpenDocument { is_only, .. }) =
                                found.as_mut().map(|found| &mut found.read_as)
                            {
                                *is_only = false;
                            }
                            break;
                        }
                        (false, own) => lines = own,
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    found.ok_or_else(broken)
}

/// A sheet's rows. What is repeated is put down once for each repetition that has anything in it.
fn rows<R: BufRead>(xml: &mut Reader<R>, mut lines: Lines) -> Result<(String, Vec<usize>), Problem> {
    let mut plain_numbers = std::collections::BTreeSet::new();
    let (mut row, mut times) = (0_u32, 1_u32);
    let mut cells: Vec<(usize, String)> = Vec::new();
    let mut column = 0_usize;
    let mut depth = 0;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.name().as_ref() {
                "table:table" => depth += 1,
                "table:table-row" if depth == 0 => {
                    times = count(&element, "table:number-rows-repeated")?;
                    column = 0;
                }
                "table:table-cell" | "table:covered-table-cell" if depth == 0 => {
                    let repeated = count(&element, "table:number-columns-repeated")?;
                    let kind = said(&element, "office:value-type")?;
                    let is_number = kind.as_deref() == Some("float");
                    let name = element.name().as_ref().to_owned();
                    let text = shown(xml, &name)?;
                    if text.is_empty() {
                        column = column.saturating_add(repeated as usize);
                        continue;
                    }
                    for _ in 0..repeated {
                        // One too many is enough to be told so.
                        lines.admits(column)?;
                        if is_number && !lines.is_first() && !text.starts_with('0') {
                            plain_numbers.insert(column);
                        }
                        cells.push((column, text.clone()));
                        column += 1;
                    }
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "table:table" if depth == 0 => break,
                "table:table" => depth -= 1,
                "table:table-row" if depth == 0 => {
                    if !cells.is_empty() {
                        for offset in 0..times {
                            for (column, text) in &cells {
                                lines.put(row.saturating_add(offset), *column, text)?;
                            }
                        }
                    }
                    cells.clear();
                    row = row.saturating_add(times);
                }
                _ => {}
            },
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
    Ok((lines.finish()?, plain_numbers.into_iter().collect()))
}

/// The text that a cell shows: its paragraphs, without notes that hang on it.
fn shown<R: BufRead>(xml: &mut Reader<R>, cell: &str) -> Result<String, Problem> {
    let mut text = String::new();
    let (mut paragraphs, mut within, mut aside) = (0, 0, 0);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.name().as_ref() {
                "office:annotation" | "draw:frame" => aside += 1,
                "text:p" if aside == 0 => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    within += 1;
                }
                "text:s" if aside == 0 => {
                    let spaces = count(&element, "text:c")?.min(1000) as usize;
                    text.push_str(&" ".repeat(spaces));
                }
                "text:tab" if aside == 0 => text.push('\t'),
                "text:line-break" if aside == 0 => text.push('\n'),
                _ => {}
            },
            Event::Text(part) if within > 0 && aside == 0 => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if within > 0 && aside == 0 => text.push(meant(&reference)?),
            Event::End(element) => match element.name().as_ref() {
                "office:annotation" | "draw:frame" => aside -= 1,
                "text:p" if aside == 0 => within -= 1,
                name if name == cell => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}

/// The character that a reference stands for: one by its number, or one of the five that XML knows. A document's own
/// ones are not looked up, so that none can grow.
fn meant(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, Problem> {
    if let Some(c) = reference.resolve_char_ref().map_err(|_| broken())? {
        return Ok(c);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(broken()),
    }
}

fn said(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let found = element.try_get_attribute(name).map_err(|_| broken())?;
    let value = found.map(|attribute| quick_xml::escape::unescape(&attribute.value).map(std::borrow::Cow::into_owned));
    value.transpose().map_err(|_| broken())
}

/// How often something is repeated; once where that is not said.
fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, Problem> {
    said(element, name)?.map_or(Ok(1), |times| times.trim().parse().map_err(|_| broken()))
}
