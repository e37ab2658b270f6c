//! Excel workbooks (`.xlsx`), read by calamine: numbers and dates as the sheet shows them.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx};
use domain::{
    layout::ReadAs,
    problem::{Kind, Problem},
};

use super::{FirstSheet, Lines};

/// The first sheet that is not hidden.
pub(super) fn read(bytes: &[u8], mut lines: Lines) -> Result<FirstSheet, Problem> {
    let broken = || Problem::in_file(Kind::BrokenWorkbook);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let sheets = book.sheets_metadata().to_vec();
    let mut shown = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let sheet = shown.next().ok_or_else(broken)?.name.clone();
    let is_only = shown.next().is_none();
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| broken())?;
    let mut plain_numbers = BTreeSet::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let format = format.map_or("General", |format| format.format_code.as_str());
        let column = column as usize;
        if matches!(cell.get_value(), DataRef::Int(_) | DataRef::Float(_))
            && width(format).is_none()
            && !lines.is_first()
        {
            plain_numbers.insert(column);
        }
        lines.put(row, column, &in_words(cell.get_value(), format))?;
    }
    Ok(FirstSheet {
        text: lines.finish()?,
        read_as: ReadAs::Excel { sheet, is_only },
        plain_numbers: plain_numbers.into_iter().collect(),
    })
}

/// A value as its sheet shows it.
fn in_words(value: &DataRef<'_>, format: &str) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => day(*at),
        DataRef::Int(number) => match width(format) {
            Some(width) => format!("{number:0width$}"),
            None => number.to_string(),
        },
        DataRef::Float(number) => match width(format) {
            Some(width) => format!("{number:0width$.0}"),
            // Shortest digits that are the number again; a whole one has no point.
            None => number.to_string(),
        },
    }
}

/// How many digits a format shows at least: `00000` is five. None where it shows no zeros in front.
fn width(format: &str) -> Option<usize> {
    let is_zeros = format.len() > 1 && format.bytes().all(|byte| byte == b'0');
    is_zeros.then_some(format.len())
}

/// A day as people here write it, with the time where it is not midnight.
fn day(at: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    let date = format!("{day:02}/{month:02}/{year}");
    match (hour, minute) {
        (0, 0) => date,
        _ => format!("{date} {hour:02}:{minute:02}"),
    }
}
