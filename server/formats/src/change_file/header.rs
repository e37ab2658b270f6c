//! The header of a change file: S2's fields in any case and order.

use domain::change_file::{Action, Field, FileFault};

use super::lines::{Cell, Lines};

/// The most characters of a heading that is not understood that are said back.
const MOST_SAID: usize = 60;

/// Reads the header: the first line that is not empty.
pub(super) fn read<'t>(lines: &mut Lines<'t>, cells: &mut Vec<Cell<'t>>) -> Result<Vec<Field>, FileFault> {
    let line = lines.next_into(cells).ok_or(FileFault::Empty)?;
    if line.broken.is_some() {
        return Err(FileFault::Quotes { line: line.number });
    }
    // It may be somebody's row, and nothing of that is said back: it may be a password.
    if is_row(cells) {
        let [field, _] = FileFault::NEEDED;
        return Err(FileFault::HeaderMissing { field });
    }
    let mut header = Vec::with_capacity(cells.len());
    for cell in cells.iter() {
        let heading = cell.text.as_deref().unwrap_or_default();
        let field = Field::read(heading).ok_or_else(|| unknown(heading))?;
        if header.contains(&field) {
            return Err(FileFault::HeaderTwice { field });
        }
        header.push(field);
    }
    match FileFault::NEEDED.into_iter().find(|needed| !header.contains(needed)) {
        Some(field) => Err(FileFault::HeaderMissing { field }),
        None => Ok(header),
    }
}

/// Whether a line is a row rather than a header: an email address or an action stands in it, and it names neither of the
/// fields that every header has.
fn is_row(cells: &[Cell<'_>]) -> bool {
    let texts = || cells.iter().map(|cell| cell.text.as_deref().unwrap_or_default());
    let names = |text: &str| Field::read(text).is_some_and(|field| FileFault::NEEDED.contains(&field));
    !texts().any(names) && texts().any(|text| text.contains('@') || Action::read(text).is_some())
}

/// What other programs put between values.
const OTHER_SIGNS: [char; 2] = [';', '\t'];

fn unknown(heading: &str) -> FileFault {
    let mut parts = heading.split(OTHER_SIGNS);
    if heading.contains(OTHER_SIGNS) && parts.any(|part| Field::read(part.trim()).is_some()) {
        return FileFault::HeaderParted;
    }
    let said = heading.chars().map(|sign| if sign.is_control() { ' ' } else { sign });
    let mut said: String = said.take(MOST_SAID).collect();
    if heading.chars().nth(MOST_SAID).is_some() {
        said.push('…');
    }
    if said.is_empty() {
        said.push_str("“”");
    }
    FileFault::HeaderUnknown {
        heading: said,
        meant: Field::nearest(heading),
    }
}
