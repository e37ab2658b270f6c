//! The files within an Excel workbook, and how one points at another.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Cursor},
};

use domain::problem::Problem;
use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use crate::workbook::xml::{attribute, broken};

/// Relations of one file that are kept; each that counts is to a file of its own.
const MOST: usize = 10_000;

/// A workbook's files.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Where each is, by its name in small letters: Windows does not tell `Sheet1.xml` from `sheet1.xml`.
    places: HashMap<String, usize>,
}

/// What one file says of another.
pub(super) struct Relation {
    pub(super) id: String,
    /// What the other is to it, such as `worksheet`.
    pub(super) kind: String,
    /// The other's name.
    pub(super) target: String,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Problem> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
        let mut places = HashMap::new();
        for place in 0..archive.len() {
            let part = archive.by_index(place).map_err(|_| broken())?;
            let name = part.name().map_err(|_| broken())?;
            places.entry(resolved("", &name)).or_insert(place);
        }
        Ok(Self { archive, places })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(&name.to_lowercase())
    }

    /// Reads a file.
    pub(super) fn xml(&mut self, name: &str) -> Result<Reader<impl BufRead>, Problem> {
        let place = self.places.get(&name.to_lowercase()).ok_or_else(broken)?;
        let part = self.archive.by_index(*place).map_err(|_| broken())?;
        let mut xml = Reader::from_reader(BufReader::new(part));
        xml.config_mut().expand_empty_elements = true;
        Ok(xml)
    }

    /// The name of a file's outermost element; empty where it has none.
    pub(super) fn root(&mut self, name: &str) -> Result<String, Problem> {
        let mut xml = self.xml(name)?;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
                Event::Start(element) => return Ok(element.local_name().as_ref().to_owned()),
                Event::Eof => return Ok(String::new()),
                _ => {}
            }
        }
    }

    /// What a file says of others; the workbook as a whole where it has no name.
    pub(super) fn relations(&mut self, of: &str) -> Result<Vec<Relation>, Problem> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let list = resolved("", &format!("{folder}/_rels/{name}.rels"));
        if !self.has(&list) {
            return Ok(vec![]);
        }
        let mut xml = self.xml(&list)?;
        let mut buffer = Vec::new();
        let mut relations = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
                Event::Start(element) if relations.len() < MOST && element.local_name().as_ref() == "Relationship" => {
                    let said = |name| Ok::<_, Problem>(attribute(&element, name)?.unwrap_or_default());
                    let kind = said("Type")?;
                    relations.push(Relation {
                        id: said("Id")?,
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolved(folder, &said("Target")?),
                    });
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    }
}

/// The name of a file, in small letters, as a file in a folder points at it.
fn resolved(folder: &str, target: &str) -> String {
    let is_absolute = target.starts_with(['/', '\\']);
    let from = if is_absolute { "" } else { folder };
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_however_they_are_pointed_at() {
        let named = [
            ("xl", "worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../sharedStrings.xml", "xl/sharedstrings.xml"),
            ("", "xl\\workbook.xml", "xl/workbook.xml"),
        ];
        for (folder, target, name) in named {
            assert_eq!(resolved(folder, target), name);
        }
    }
}
