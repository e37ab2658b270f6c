//! Workbooks: one sheet of those that are shown, as the CSV text that a person would save it as.
//!
//! What a workbook unpacks to is measured before anything of it is read, and cells are taken one by one: none is repeated,
//! and no empty space between them is filled, beyond the limits. What a cell is besides its text is kept beside the text.

mod excel;
mod headings;
mod lines;
mod marks;
mod moment;
mod number_format;
mod open_document;
mod sheet_text;
mod xml;

use std::io::{Cursor, Read};

use domain::{
    layout::Part,
    problem::{Kind, Problem},
};
use zip::{ZipArchive, result::ZipError};

use self::xml::broken;
pub(crate) use self::{marks::Marks, sheet_text::SheetText};
use crate::{
    definition::Formats,
    kind_of_file::{self, Archive, Workbook, ZIP},
    limits::Limits,
    structure::Names,
};

/// Files that a workbook may consist of.
const MOST_PARTS: usize = 2000;

/// The sheet that is wanted, where the bytes are those of a workbook.
///
/// # Errors
/// A workbook that is broken, too large, or of a kind that is not read; and any other file that is neither a workbook nor
/// text.
pub(crate) fn read(bytes: &[u8], formats: &Formats, part: &Part) -> Result<Option<SheetText>, Problem> {
    let limits = formats.limits();
    let read = match workbook(bytes, limits)? {
        Some(Workbook::Excel) => excel::read(bytes, limits, &Names::of(formats), part)?,
        Some(Workbook::OpenDocument) => open_document::read(bytes, limits, &Names::of(formats), part)?,
        None => return Ok(None),
    };
    Ok(Some(read))
}

/// The names of a workbook's sheets that are shown, in their order; none where it is no workbook that can be read.
#[must_use]
pub fn sheet_names(bytes: &[u8], limits: &Limits) -> Vec<String> {
    let names = match workbook(bytes, limits) {
        Ok(Some(Workbook::Excel)) => excel::sheet_names(bytes),
        Ok(Some(Workbook::OpenDocument)) => open_document::sheet_names(bytes),
        Ok(None) | Err(_) => Ok(vec![]),
    };
    names.unwrap_or_default()
}

/// Which workbook a file is, once it is known to be no larger than is read.
fn workbook(bytes: &[u8], limits: &Limits) -> Result<Option<Workbook>, Problem> {
    if let Some(kind) = kind_of_file::refused(bytes) {
        return Err(Problem::in_file(kind));
    }
    if !bytes.starts_with(ZIP) {
        return Ok(None);
    }
    let archive = measure(bytes, limits)?;
    archive.workbook().map(Some).map_err(Problem::in_file)
}

/// An archive's files, once all that they hold has been unpacked and counted.
fn measure(bytes: &[u8], limits: &Limits) -> Result<Archive, Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(broken());
    }
    let most = u64::from(limits.unpacked_mib()) * 1024 * 1024;
    let mut unpacked = 0;
    let mut known = Archive::default();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(|error| match error {
            // No spreadsheet locks its files one by one.
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Problem::in_file(Kind::Archive),
            _ => broken(),
        })?;
        let name = part.name().map_err(|_| broken())?.to_lowercase().replace('\\', "/");
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
        let start = String::from_utf8_lossy(&start);
        match name.as_str() {
            "mimetype" => start.trim().clone_into(&mut known.media_type),
            "meta-inf/manifest.xml" => known.is_locked = start.contains("encryption-data"),
            _ => {}
        }
        known.names.push(name.trim_start_matches('/').to_owned());
    }
    Ok(known)
}

#[cfg(test)]
mod tests;
