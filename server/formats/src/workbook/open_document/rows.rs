//! The rows of an OpenDocument sheet. What is repeated is put down once for each repetition that has anything in it.

use std::io::BufRead;

use domain::problem::Problem;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::values::Value;
use crate::workbook::{
    lines::{Lines, Merge},
    marks::Shown,
    xml::{attribute, broken, count},
};

/// How far a sheet is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Until it is known where the headings are; the sheet may not have ended then.
    Firsts,
    End,
}

/// Reads the sheet that has begun.
pub(super) fn read<R: BufRead>(xml: &mut Reader<R>, mut lines: Lines, until: Until) -> Result<Lines, Problem> {
    let (mut row, mut times, mut is_shown) = (0_u32, 1_u32, true);
    let mut cells: Vec<(usize, Shown)> = Vec::new();
    let (mut column, mut columns) = (0_usize, 0_usize);
    let mut depth = 0_usize;
    let (mut buffer, mut inner) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| broken())? {
            Event::Start(element) => match element.name().as_ref() {
                "table:table" => depth += 1,
                "table:table-column" if depth == 0 => {
                    let repeated = count(&element, "number-columns-repeated")? as usize;
                    let next = columns.saturating_add(repeated);
                    if is_hidden(&element)? && repeated > 0 {
                        lines.hide_columns(columns, next - 1);
                    }
                    columns = next;
                }
                "table:table-row" if depth == 0 => {
                    times = count(&element, "number-rows-repeated")?;
                    is_shown = !is_hidden(&element)?;
                    column = 0;
                }
                name @ ("table:table-cell" | "table:covered-table-cell") if depth == 0 => {
                    let value = Value::of(&element)?;
                    let repeated = count(&element, "number-columns-repeated")?;
                    let shown = value.shown(xml, name, &mut inner)?;
                    if shown.text.is_empty() {
                        column = column.saturating_add(repeated as usize);
                        continue;
                    }
                    if let Some(merge) = merge(&element, (row, column))?.filter(|_| times == 1) {
                        lines.merge(merge);
                    }
                    for _ in 0..repeated {
                        // One too many is enough to be told so.
                        lines.admits(column)?;
                        cells.push((column, shown.clone()));
                        column += 1;
                    }
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "table:table" if depth == 0 => return Ok(lines),
                "table:table" => depth -= 1,
                "table:table-row" if depth == 0 => {
                    let has_any = !cells.is_empty();
                    for row in (row..row.saturating_add(times)).take_while(|_| has_any) {
                        if !is_shown {
                            lines.hide_row(row);
                        }
                        for (column, Shown { text, is }) in &cells {
                            lines.put(row, *column, text, *is)?;
                        }
                        if until == Until::Firsts && lines.has_firsts() {
                            return Ok(lines);
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
}

/// Whether a row or column is hidden or filtered out.
fn is_hidden(element: &BytesStart<'_>) -> Result<bool, Problem> {
    let visibility = attribute(element, "visibility")?;
    Ok(matches!(visibility.as_deref(), Some("collapse" | "filter")))
}

/// The cells that are shown as one from this one on, where there are more.
fn merge(element: &BytesStart<'_>, first: (u32, usize)) -> Result<Option<Merge>, Problem> {
    let rows = count(element, "number-rows-spanned")?.max(1);
    let columns = count(element, "number-columns-spanned")?.max(1);
    let last = (
        first.0.saturating_add(rows - 1),
        first.1.saturating_add(columns as usize - 1),
    );
    Ok((last != first).then_some(Merge { first, last }))
}
