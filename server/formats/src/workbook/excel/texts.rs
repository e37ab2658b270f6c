//! Texts as Excel keeps them: in pieces of several looks, with readings beside them, and with signs written as escapes.

use std::io::BufRead;

use domain::problem::Problem;
use quick_xml::{Reader, events::Event};

use crate::workbook::xml::{broken, meant};

/// Texts that a workbook may have: more than the cells of as many rows as are read. An empty one takes five bytes of its
/// file, and many more here.
const MOST: usize = 5_000_000;

/// The texts that the cells of a workbook share.
pub(super) fn shared<R: BufRead>(xml: &mut Reader<R>) -> Result<Vec<String>, Problem> {
    let mut texts = Vec::new();
    let (mut buffer, mut inner) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                if texts.len() >= MOST {
                    return Err(broken());
                }
                texts.push(rich(xml, &mut inner)?);
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// The text up to the end of the element that has begun: all its pieces, without how they are to be read out.
pub(super) fn rich<R: BufRead>(xml: &mut Reader<R>, buffer: &mut Vec<u8>) -> Result<String, Problem> {
    let mut text = String::new();
    let (mut depth, mut within, mut aside) = (0_usize, 0_usize, 0_usize);
    loop {
        buffer.clear();
        let is_text = within > 0 && aside == 0;
        match xml.read_event_into(buffer).map_err(|_| broken())? {
            Event::Start(element) => {
                depth += 1;
                match element.local_name().as_ref() {
                    "rPh" => aside += 1,
                    "t" => within += 1,
                    _ => {}
                }
            }
            Event::End(_) if depth == 0 => return Ok(unescaped(text)),
            Event::End(element) => {
                depth -= 1;
                match element.local_name().as_ref() {
                    "rPh" => aside -= 1,
                    "t" => within -= 1,
                    _ => {}
                }
            }
            Event::Text(part) if is_text => text.push_str(&part.xml10_content()),
            Event::CData(part) if is_text => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if is_text => text.push(meant(&reference)?),
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}

/// A text whose signs that XML cannot hold are written as `_x000D_`; `_x005F_` is the `_` of one that is not meant so.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text.as_str();
    loop {
        if let Some((unit, behind)) = escape(rest) {
            units.push(unit);
            rest = behind;
            continue;
        }
        plain.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        let mut signs = rest.chars();
        match signs.next() {
            Some(c) => plain.push(c),
            None => return plain,
        }
        rest = signs.as_str();
    }
}

/// The half of a sign that a text begins with as an escape, and what is behind it.
fn escape(text: &str) -> Option<(u16, &str)> {
    let (digits, behind) = text.strip_prefix("_x")?.split_at_checked(4)?;
    let behind = behind.strip_prefix('_')?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((unit, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_the_signs_that_they_stand_for() {
        let named = [
            ("Ward 7_x000D_\nBay 2", "Ward 7\r\nBay 2"),
            ("code _x005F_x0041_ here", "code _x0041_ here"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_", "\u{FFFD}"),
            ("a_x00E9_b_x", "aéb_x"),
            ("_x+0D_ _x00", "_x+0D_ _x00"),
        ];
        for (text, plain) in named {
            assert_eq!(unescaped(text.to_owned()), plain);
        }
    }

    #[test]
    fn pieces_are_joined_and_readings_are_left_out() {
        let list = "<sst><si><r><t>Ann</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">a &amp; </t></r></si>\
                    <si><t>花子</t><rPh sb=\"0\" eb=\"2\"><t>ハナコ</t></rPh><phoneticPr fontId=\"0\"/></si><si/></sst>";
        let mut xml = Reader::from_reader(list.as_bytes());
        xml.config_mut().expand_empty_elements = true;
        assert_eq!(shared(&mut xml).unwrap(), ["Anna & ", "花子", ""]);
    }
}
