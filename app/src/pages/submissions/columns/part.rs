//! Which sheet of a workbook is read, and which row holds the headings: guessed, shown with the first rows, and chosen by
//! looking at another part before anything is said of its columns.

use domain::values::ids::RowNumber;
use gate::ColumnsAsked;
use leptos::prelude::*;

use crate::forms::{HEADINGS, SHEET};

/// Cells of a row that tell it from others.
const TELLING: usize = 6;

/// Characters of a cell that are shown.
const SHOWN: usize = 30;

/// Offers the other sheets and rows; closed where the likely one is likely enough.
#[component]
pub(super) fn ChoosePart(asked: ColumnsAsked, action: String) -> impl IntoView {
    let held = asked.layout.columns.iter().filter(|(_, held)| held.is_some()).count();
    // A cover sheet or a title has no columns that could be guessed.
    let is_open = held < 2 && !asked.layout.is_chosen;
    let sheet = asked.sheet.clone();
    let has_choice = asked.sheets.len() > 1;
    let read = match sheet.as_deref().filter(|_| has_choice) {
        Some(sheet) => format!("Sheet “{sheet}”, headings in row {}", asked.headings),
        None => format!("Headings in row {}", asked.headings),
    };
    let sheets = has_choice.then(|| sheets(&asked, sheet.as_deref(), action.clone()));
    let rows = rows(&asked, action);
    view! {
        <details class="nhsuk-details" open=is_open>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text app-break">{read} ". Choose another"</span>
            </summary>
            <div class="nhsuk-details__text">{sheets} {rows}</div>
        </details>
    }
}

fn sheets(asked: &ColumnsAsked, chosen: Option<&str>, action: String) -> impl IntoView + use<> {
    let option = |sheet: &String| {
        let is_chosen = chosen == Some(sheet.as_str());
        view! { <option value=sheet.clone() selected=is_chosen>{sheet.clone()}</option> }
    };
    let options = asked.sheets.iter().map(option).collect_view();
    view! {
        <form method="get" action=action>
            <div class="nhsuk-form-group">
                <label class="nhsuk-label" for=SHEET>"Sheet with the rows"</label>
                <select class="nhsuk-select" id=SHEET name=SHEET>{options}</select>
            </div>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small">"Show this sheet"</button>
        </form>
    }
}

fn rows(asked: &ColumnsAsked, action: String) -> impl IntoView + use<> {
    let sheet = asked.layout.part.sheet.clone();
    let sheet = sheet.map(|sheet| view! { <input type="hidden" name=SHEET value=sheet/> });
    let headings = asked.headings;
    let radio = |(row, cells): &(RowNumber, Vec<String>)| {
        let id = format!("{HEADINGS}-{row}");
        let is_chosen = *row == headings;
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id.clone() name=HEADINGS type="radio" value=row.to_string() checked=is_chosen/>
                <label class="nhsuk-label nhsuk-radios__label app-break" for=id>"Row " {row.to_string()} ": " {told(cells)}</label>
            </div>
        }
    };
    let radios = asked.preview.iter().map(radio).collect_view();
    view! {
        <form method="get" action=action>
            {sheet}
            <fieldset class="nhsuk-fieldset nhsuk-u-margin-bottom-4">
                <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">"Row with the headings"</legend>
                <p class="nhsuk-hint">"Rows above it are not read."</p>
                <div class="nhsuk-radios nhsuk-radios--small">{radios}</div>
            </fieldset>
            <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-bottom-0">"Show the columns below this row"</button>
        </form>
    }
}

/// The first cells of a row that are not empty.
fn told(cells: &[String]) -> String {
    let filled: Vec<_> = cells.iter().filter(|cell| !cell.trim().is_empty()).collect();
    let more = if filled.len() > TELLING { " …" } else { "" };
    let shown = filled
        .into_iter()
        .take(TELLING)
        .map(|cell| match cell.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &cell[..end]),
            None => cell.clone(),
        });
    shown.collect::<Vec<_>>().join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_by_its_first_cells() {
        let cells = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(told(&cells(&["Staff list", "", " ", "March"])), "Staff list, March");
        assert_eq!(told(&cells(&["a", "b", "c", "d", "e", "f", "g"])), "a, b, c, d, e, f …");
        assert_eq!(told(&cells(&[&"é".repeat(31)])), "é".repeat(30) + "…");
    }
}
