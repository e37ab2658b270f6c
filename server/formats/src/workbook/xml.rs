//! What both kinds of workbook are read with: attributes, references, and the text within an element.

use std::io::BufRead;

use domain::problem::{Kind, Problem};
use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

pub(super) fn broken() -> Problem {
    Problem::in_file(Kind::BrokenWorkbook)
}

/// An attribute's text, by its name without a prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let mut all = element.attributes();
    for found in all.with_checks(false) {
        let found = found.map_err(|_| broken())?;
        if found.key.local_name().as_ref() == name {
            let text = quick_xml::escape::unescape(&found.value).map_err(|_| broken())?;
            return Ok(Some(text.into_owned()));
        }
    }
    Ok(None)
}

/// A number among an element's attributes, such as how often it is repeated; one where it is not said.
pub(super) fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, Problem> {
    attribute(element, name)?.map_or(Ok(1), |number| number.trim().parse().map_err(|_| broken()))
}

/// The character that a reference stands for: one by its number, or one of the five that XML knows. A document's own
/// ones are not looked up, so that none can grow.
pub(super) fn meant(reference: &BytesRef<'_>) -> Result<char, Problem> {
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

/// All text up to the end of the element that has begun.
pub(super) fn text_within<R: BufRead>(xml: &mut Reader<R>, buffer: &mut Vec<u8>) -> Result<String, Problem> {
    let mut text = String::new();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        match xml.read_event_into(buffer).map_err(|_| broken())? {
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => text.push(meant(&reference)?),
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}
