//! What the texts of a file mean, as its sender said of the whole file.

use domain::{
    dictionary::Attribute,
    layout::{Layout, PLACES},
    request::Cells,
};

/// A row's cells as its sender said of the file: texts by what they mean, and what every row has. What the file has there is
/// kept beside.
pub(crate) fn as_said(layout: &Layout, mut cells: Cells) -> Cells {
    for attribute in layout.values.keys() {
        let text = cells.text(*attribute);
        let meaning = match separator_of(*attribute, cells.separator) {
            None => layout.meaning(*attribute, text).map(str::to_owned),
            Some(separator) => meaning_of_parts(layout, *attribute, text, separator),
        };
        let Some(meaning) = meaning else { continue };
        let written = match meaning.as_str() {
            "" => cells.texts.remove(attribute),
            _ => cells.texts.insert(*attribute, meaning),
        };
        cells.written.extend(written.map(|written| (*attribute, written)));
    }
    for (attribute, value) in &layout.for_all {
        cells.texts.entry(*attribute).or_insert_with(|| value.clone());
    }
    cells
}

/// What parts the texts of a cell, where it may hold several: a place is named by the whole cell.
pub(crate) fn separator_of(attribute: Attribute, separator: char) -> Option<char> {
    (!PLACES.contains(&attribute)).then_some(separator)
}

/// A cell of several texts with those that were said to mean something else; `None` if there are none.
fn meaning_of_parts(layout: &Layout, attribute: Attribute, text: &str, separator: char) -> Option<String> {
    let mut is_said = false;
    let parts = text.split(separator).map(|part| {
        let meaning = layout.meaning(attribute, part);
        is_said |= meaning.is_some();
        meaning.unwrap_or(part).trim()
    });
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    is_said.then(|| parts.join(&separator.to_string()))
}
