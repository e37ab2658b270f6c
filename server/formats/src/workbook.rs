//! Workbooks: the first sheet that is not hidden, as the CSV text that a person would save it as.
//!
//! What a workbook unpacks to is measured before anything of it is read, and cells are taken one by one: none is repeated,
//! and no empty space between them is filled, beyond the limits.

mod excel;
mod lines;
mod open_document;

use std::io::{Cursor, Read};

use domain::{
    layout::ReadAs,
    problem::{Kind, Problem},
};
use zip::ZipArchive;

use self::lines::Lines;
use crate::limits::Limits;

/// The beginning of a ZIP archive, as newer workbooks are.
const ZIP: &[u8] = b"PK\x03\x04";

/// The beginning of an older workbook, or of one with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Files that a workbook may consist of.
const MOST_PARTS: usize = 2000;

/// A workbook's sheet as text, its cells parted by commas.
#[derive(Debug)]
pub(crate) struct FirstSheet {
    pub(crate) text: String,
    pub(crate) read_as: ReadAs,
    /// The columns, from 0, in which a number stands that may have lost zeros at its front.
    pub(crate) plain_numbers: Vec<usize>,
}

/// The sheet, where the bytes are those of a workbook.
///
/// # Errors
/// A workbook that is broken, too large, or of a kind that is not read.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Option<FirstSheet>, Problem> {
    if bytes.starts_with(COMPOUND) {
        return Err(Problem::in_file(Kind::OldWorkbook));
    }
    if !bytes.starts_with(ZIP) {
        return Ok(None);
    }
    let parts = measure(bytes, limits)?;
    let has = |name: &str| parts.iter().any(|part| part == name);
    let lines = Lines::new(limits);
    let read = if has("xl/workbook.xml") {
        excel::read(bytes, lines)
    } else if has("content.xml") {
        open_document::read(bytes, lines)
    } else {
        return Err(Problem::in_file(Kind::NotText));
    };
    read.map(Some)
}

/// The names of an archive's files, once all that they hold has been unpacked and counted.
fn measure(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, Problem> {
    let broken = || Problem::in_file(Kind::BrokenWorkbook);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(broken());
    }
    let most = u64::from(limits.unpacked_mib()) * 1024 * 1024;
    let mut unpacked = 0;
    let mut names = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|_| broken())?;
        let name = part.name().map_err(|_| broken())?.into_owned();
        let mut start = Vec::new();
        // What the archive says of its sizes is not believed.
        let read = (&mut part).take(4096).read_to_end(&mut start).map_err(|_| broken())?;
        let rest = std::io::copy(&mut (&mut part).take(most + 1), &mut std::io::sink()).map_err(|_| broken())?;
        unpacked += read as u64 + rest;
        if unpacked > most {
            return Err(Problem::in_file(Kind::UnpacksTooLarge {
                limit_mib: limits.unpacked_mib(),
            }));
        }
        // Room is made for as many texts as this says, before the first of them is read.
        if declared_texts(&start).is_some_and(|texts| texts > read as u64 + rest) {
            return Err(broken());
        }
        names.push(name);
    }
    Ok(names)
}

/// How many texts a workbook's list of texts says that it has; a number that is none counts as too many.
fn declared_texts(start: &[u8]) -> Option<u64> {
    let start = String::from_utf8_lossy(start);
    let (_, behind) = start.split_once("uniqueCount")?;
    let behind = behind.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    let digits = behind.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
    Some(digits.trim().parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
