//! What a cell of an OpenDocument sheet holds, and the text that it shows.

use std::io::BufRead;

use domain::problem::Problem;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::workbook::{
    marks::{Is, Shown, undressed},
    moment::{self, Epoch},
    number_format::NumberFormat,
    xml::{broken, count, meant},
};

/// What a cell says of its value.
#[derive(Debug, Default)]
pub(super) struct Value {
    kind: Kind,
    is_error: bool,
    formula: Option<String>,
    number: Option<String>,
    day: Option<String>,
    yes_or_no: Option<String>,
    text: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Nothing,
    Text,
    Number,
    /// A percentage, an amount of money, a time: what the cell shows is all that is known of it.
    AsShown,
    Day,
    YesOrNo,
}

impl Value {
    pub(super) fn of(element: &BytesStart<'_>) -> Result<Self, Problem> {
        let mut value = Self::default();
        let mut all = element.attributes();
        for found in all.with_checks(false) {
            let found = found.map_err(|_| broken())?;
            let text = || {
                let text = quick_xml::escape::unescape(&found.value).map_err(|_| broken())?;
                Ok::<_, Problem>(Some(text.into_owned()))
            };
            match found.key.as_ref() {
                "office:value-type" => value.kind = Kind::of(&found.value),
                "calcext:value-type" => value.is_error = &*found.value == "error",
                "table:formula" => value.formula = text()?,
                "office:value" => value.number = text()?,
                "office:date-value" => value.day = text()?,
                "office:boolean-value" => value.yes_or_no = text()?,
                "office:string-value" => value.text = text()?,
                _ => {}
            }
        }
        Ok(value)
    }

    /// Reads to the end of the cell that has begun, and says what it shows.
    pub(super) fn shown<R: BufRead>(
        self,
        xml: &mut Reader<R>,
        cell: &str,
        buffer: &mut Vec<u8>,
    ) -> Result<Shown, Problem> {
        let text = paragraphs(xml, cell, buffer)?;
        if self.is_error || (self.formula.is_some() && is_an_error(&text)) {
            let text = if text.is_empty() { "Error".to_owned() } else { text };
            return Ok(Shown { text, is: Is::Error });
        }
        let text = match self.kind {
            Kind::Nothing if text.is_empty() => match self.formula {
                // Which grammar it is written in is said before it.
                Some(formula) => {
                    let formula = formula.split_once('=').map_or(formula.as_str(), |(_, formula)| formula);
                    let text = format!("={formula}");
                    return Ok(Shown {
                        text,
                        is: Is::NotCalculated,
                    });
                }
                None => text,
            },
            Kind::Text if text.is_empty() => self.text.unwrap_or_default(),
            Kind::Number => return Ok(number(text, self.number.as_deref())),
            Kind::AsShown if text.is_empty() => self.number.unwrap_or_default(),
            Kind::Day => day(text, self.day.as_deref()),
            Kind::YesOrNo => match self.yes_or_no.as_deref() {
                Some("true") => "TRUE".to_owned(),
                Some("false") => "FALSE".to_owned(),
                _ => text,
            },
            Kind::Nothing | Kind::Text | Kind::AsShown => text,
        };
        Ok(Shown { text, is: Is::Text })
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "string" => Self::Text,
            "float" => Self::Number,
            "percentage" | "currency" | "time" => Self::AsShown,
            "date" => Self::Day,
            "boolean" => Self::YesOrNo,
            _ => Self::Nothing,
        }
    }
}

/// Whether a formula shows an error: programs that do not say so write its name as text.
fn is_an_error(text: &str) -> bool {
    text == "#N/A" || text.starts_with("Err:") || (text.starts_with('#') && text.ends_with(['!', '?']))
}

/// A number as it is shown, unless that is an exponent or too narrow for it.
fn number(text: String, value: Option<&str>) -> Shown {
    let Some(value) = value else {
        return Shown { text, is: Is::Text };
    };
    let plain = NumberFormat::default().shown(value, Epoch::default());
    let has_exponent = text.contains(['E', 'e']) && text.parse::<f64>().is_ok();
    if text.is_empty() || has_exponent || text.bytes().all(|byte| byte == b'#') || text == plain.text {
        return plain;
    }
    let is = if text.starts_with('0') || undressed(&text) != plain.text {
        Is::Text
    } else {
        Is::DressedNumber
    };
    Shown { text, is }
}

/// A day as people here write it; its time only where the cell shows that.
fn day(text: String, value: Option<&str>) -> String {
    let shows_time = text.contains(':');
    let value = value.and_then(|value| if shows_time { Some(value) } else { value.get(..10) });
    value.and_then(moment::from_iso).unwrap_or(text)
}

/// The text that a cell shows: its paragraphs, without notes and drawings that hang on it, and without readings.
fn paragraphs<R: BufRead>(xml: &mut Reader<R>, cell: &str, buffer: &mut Vec<u8>) -> Result<String, Problem> {
    let is_aside = |name: &str| matches!(name, "office:annotation" | "text:ruby-text") || name.starts_with("draw:");
    let mut text = String::new();
    let (mut paragraphs, mut within, mut aside) = (0_usize, 0_usize, 0_usize);
    loop {
        buffer.clear();
        let is_text = within > 0 && aside == 0;
        match xml.read_event_into(buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.name().as_ref() {
                name if is_aside(name) => aside += 1,
                "text:p" if aside == 0 => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                    within += 1;
                }
                "text:s" if aside == 0 => {
                    let spaces = count(&element, "c")?.min(1000) as usize;
                    text.push_str(&" ".repeat(spaces));
                }
                "text:tab" if aside == 0 => text.push('\t'),
                "text:line-break" if aside == 0 => text.push('\n'),
                _ => {}
            },
            Event::Text(part) if is_text => push(&mut text, &part.xml10_content()),
            Event::CData(part) if is_text => push(&mut text, &part.xml10_content()),
            Event::GeneralRef(reference) if is_text => text.push(meant(&reference)?),
            Event::End(element) => match element.name().as_ref() {
                name if is_aside(name) => aside -= 1,
                "text:p" if aside == 0 => within -= 1,
                name if name == cell && aside == 0 => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}

/// Adds text in which any run of spaces and line ends is one space: more are written otherwise.
fn push(text: &mut String, part: &str) {
    for c in part.chars() {
        match c {
            ' ' | '\n' | '\r' | '\t' if text.is_empty() || text.ends_with([' ', '\n']) => {}
            ' ' | '\n' | '\r' | '\t' => text.push(' '),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: &str) -> (String, Is) {
        let mut xml = Reader::from_reader(cell.as_bytes());
        xml.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        let value = match xml.read_event_into(&mut buffer).unwrap() {
            Event::Start(element) => Value::of(&element).unwrap(),
            other => panic!("{other:?}"),
        };
        let Shown { text, is } = value.shown(&mut xml, "table:table-cell", &mut Vec::new()).unwrap();
        (text, is)
    }

    fn cell(attributes: &str, text: &str) -> (String, Is) {
        shown(&format!(
            "<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"
        ))
    }

    #[test]
    fn cells_are_read_by_their_kind() {
        let as_text = |text: &str| (text.to_owned(), Is::Text);
        assert_eq!(
            cell("office:value-type=\"float\" office:value=\"123\"", "00123"),
            as_text("00123")
        );
        assert_eq!(
            cell("office:value-type=\"percentage\" office:value=\"0.5\"", "50%"),
            as_text("50%")
        );
        assert_eq!(
            cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "WAHR"),
            as_text("TRUE")
        );
        let day = "office:value-type=\"date\" office:date-value=\"2026-11-03T14:30:00\"";
        assert_eq!(cell(day, "3 Nov 26"), as_text("03/11/2026"));
        assert_eq!(cell(day, "03.11.26 14:30"), as_text("03/11/2026 14:30"));
        let number = "office:value-type=\"float\" office:value=\"123456789012\"";
        assert_eq!(cell(number, "1.23E+11"), ("123456789012".to_owned(), Is::PlainNumber));
        assert_eq!(cell(number, "###"), ("123456789012".to_owned(), Is::PlainNumber));
        assert_eq!(
            cell(number, "123,456,789,012"),
            ("123,456,789,012".to_owned(), Is::DressedNumber)
        );
        assert_eq!(
            cell("office:value-type=\"string\"", "a\n   b<text:s/>c"),
            as_text("a b c")
        );
        assert_eq!(
            shown("<table:table-cell office:value-type=\"string\" office:string-value=\"x\"/>"),
            as_text("x")
        );
    }

    #[test]
    fn errors_and_formulas_without_a_result_are_no_text() {
        let error = ("#N/A".to_owned(), Is::Error);
        let formula = "table:formula=\"of:=VLOOKUP([.A2];[.H:.I];2)\"";
        let string = "office:value-type=\"string\"";
        assert_eq!(
            cell(&format!("{formula} {string} calcext:value-type=\"error\""), "#N/A"),
            error
        );
        assert_eq!(cell(&format!("{formula} {string}"), "#N/A"), error);
        assert_eq!(cell(string, "#N/A").1, Is::Text);
        let open = shown(&format!("<table:table-cell {formula}/>"));
        assert_eq!(open, ("=VLOOKUP([.A2];[.H:.I];2)".to_owned(), Is::NotCalculated));
        let empty = shown(&format!(
            "<table:table-cell {formula} {string} office:string-value=\"\"><text:p/></table:table-cell>"
        ));
        assert_eq!(empty, (String::new(), Is::Text));
    }
}
