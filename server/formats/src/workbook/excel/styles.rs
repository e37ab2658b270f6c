//! The number formats of an Excel workbook's cells.

use std::{collections::HashMap, io::BufRead};

use domain::problem::Problem;
use quick_xml::{Reader, events::Event};

use crate::workbook::{
    number_format::NumberFormat,
    xml::{attribute, broken},
};

/// Styles, and formats of its own, that a workbook may have; Excel makes no more. Others are as good as none.
const MOST: usize = 65_536;

/// The format of each style, in the order by which cells name them.
pub(super) fn formats<R: BufRead>(xml: &mut Reader<R>) -> Result<Vec<NumberFormat>, Problem> {
    let mut own: HashMap<u32, NumberFormat> = HashMap::new();
    let mut styles: Vec<u32> = Vec::new();
    let (mut is_own, mut is_style) = (false, false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmts" => is_own = true,
                "cellXfs" => is_style = true,
                "numFmt" if is_own && own.len() < MOST => {
                    let number = attribute(&element, "numFmtId")?.and_then(|number| number.trim().parse::<u32>().ok());
                    let code = attribute(&element, "formatCode")?;
                    own.extend(number.zip(code).map(|(number, code)| (number, NumberFormat::of(&code))));
                }
                "xf" if is_style && styles.len() < MOST => {
                    let number = attribute(&element, "numFmtId")?.and_then(|number| number.trim().parse().ok());
                    styles.push(number.unwrap_or_default());
                }
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "numFmts" => is_own = false,
                "cellXfs" => is_style = false,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let format = |number: &u32| {
        own.get(number)
            .cloned()
            .unwrap_or_else(|| NumberFormat::built_in(*number))
    };
    Ok(styles.iter().map(format).collect())
}
