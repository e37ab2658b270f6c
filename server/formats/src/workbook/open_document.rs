//! OpenDocument spreadsheets (`.ods`), cell by cell: each as the text that the sheet shows.
//!
//! Read here and not by a library that repeats cells and rows in memory, as often as the file says, before anybody can stop
//! it; and which gives numbers where the file holds the text that a person sees.

mod rows;
mod values;

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Cursor},
};

use domain::{
    layout::{Part, ReadAs},
    problem::Problem,
};
use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use self::rows::Until;
use super::{
    headings::{Heads, Looks},
    lines::Lines,
    sheet_text::{MOST_TRIED, SheetText, likeliest},
    xml::{attribute, broken},
};
use crate::{limits::Limits, structure::Names};

/// Styles of hidden sheets that are kept.
const MOST_HIDDEN: usize = 10_000;

/// The sheet that is wanted, or whichever has headings.
pub(super) fn read(bytes: &[u8], limits: &Limits, known: &Names, part: &Part) -> Result<SheetText, Problem> {
    let (place, heads) = chosen(bytes, limits, known, part)?;
    let mut archive = open(bytes)?;
    let mut tables = tables(&mut archive)?;
    for _ in 0..place {
        tables.next_shown()?;
        tables.skip()?;
    }
    let sheet = tables.next_shown()?.ok_or_else(broken)?;
    let lines = rows::read(&mut tables.xml, Lines::new(limits, heads.row_or(part)), Until::End)?;
    let is_only = place == 0 && tables.next_shown()?.is_none();
    let read_as = ReadAs::OpenDocument { sheet, is_only };
    Ok(SheetText::of(lines.finish()?, read_as, heads, part))
}

/// The names of the sheets that are shown.
pub(super) fn sheet_names(bytes: &[u8]) -> Result<Vec<String>, Problem> {
    let mut archive = open(bytes)?;
    let mut tables = tables(&mut archive)?;
    let mut names = Vec::new();
    while let Some(name) = tables.next_shown()? {
        names.push(name);
        tables.skip()?;
    }
    Ok(names)
}

/// Which sheet is read, by its place among those that are shown, and what its first rows say: the one that was asked for,
/// else the likeliest.
fn chosen(bytes: &[u8], limits: &Limits, known: &Names, part: &Part) -> Result<(usize, Heads), Problem> {
    let mut archive = open(bytes)?;
    let mut tables = tables(&mut archive)?;
    let mut all = Vec::new();
    while let Some(name) = tables.next_shown()? {
        // What is wrong with a sheet is told where that sheet is read.
        let lines = rows::read(&mut tables.xml, Lines::new(limits, 0), Until::Firsts);
        let is_ended = lines.as_ref().is_ok_and(|lines| !lines.has_firsts());
        let heads = lines.and_then(|lines| lines.heads(known)).unwrap_or_default();
        let found = (all.len(), heads);
        if part.sheet.as_ref() == Some(&name) {
            return Ok(found);
        }
        all.push(found);
        if part.sheet.is_none() && (heads.looks == Looks::Known || all.len() >= MOST_TRIED) {
            break;
        }
        if !is_ended {
            tables.skip()?;
        }
    }
    likeliest(all).ok_or_else(broken)
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Problem> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())
}

/// A document, gone through from sheet to sheet.
struct Tables<R> {
    xml: Reader<R>,
    buffer: Vec<u8>,
    /// The last style that began, and those whose sheets are hidden.
    style: String,
    hidden: HashSet<String>,
}

/// The document in an archive.
fn tables(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Tables<impl BufRead>, Problem> {
    let content = archive.by_name("content.xml").map_err(|_| broken())?;
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    Ok(Tables {
        xml,
        buffer: Vec::new(),
        style: String::new(),
        hidden: HashSet::new(),
    })
}

impl<R: BufRead> Tables<R> {
    /// Goes to the beginning of the next sheet that is shown, and says its name.
    fn next_shown(&mut self) -> Result<Option<String>, Problem> {
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer).map_err(|_| broken())? {
                Event::Start(element) => match element.name().as_ref() {
                    "style:style" => self.style = attribute(&element, "name")?.unwrap_or_default(),
                    "style:table-properties" => {
                        let is_hidden = attribute(&element, "display")?.as_deref() == Some("false");
                        if is_hidden && self.hidden.len() < MOST_HIDDEN {
                            self.hidden.insert(self.style.clone());
                        }
                    }
                    "table:table" => {
                        let style = attribute(&element, "style-name")?.unwrap_or_default();
                        let name = attribute(&element, "name")?.unwrap_or_default();
                        if !self.hidden.contains(&style) {
                            return Ok(Some(name));
                        }
                        skip(&mut self.xml)?;
                    }
                    _ => {}
                },
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Goes to the end of the sheet that has begun.
    fn skip(&mut self) -> Result<(), Problem> {
        skip(&mut self.xml)
    }
}

/// Goes to the end of the table that has begun.
fn skip<R: BufRead>(xml: &mut Reader<R>) -> Result<(), Problem> {
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) if element.name().as_ref() == "table:table" => depth += 1,
            Event::End(element) if element.name().as_ref() == "table:table" => {
                if depth == 0 {
                    return Ok(());
                }
                depth -= 1;
            }
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}
