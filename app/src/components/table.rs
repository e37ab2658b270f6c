//! A table, which turns into cards on a phone: a row becomes a card, on which each cell begins with its column's heading.
//!
//! The markup repeats no roles: HTML does not allow them here, and browsers see a table where a style sheet shows blocks.

use leptos::prelude::*;

/// A column's heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Shown above the column, and on a phone in each cell.
    Named(&'static str),
    /// Said only to those who do not see the table: the cells hold what can be done.
    Acts(&'static str),
}

/// A row: what it is about, and then a cell for each further column. A cell of `()` is left out on a phone.
pub type Row = Vec<AnyView>;

/// The table, or a sentence where there is nothing to put into it.
#[component]
pub fn Table(
    /// What the table holds; said to those who do not see it.
    #[prop(into)]
    caption: String,
    /// Shows the caption to all.
    #[prop(optional)]
    shows_caption: bool,
    /// Their headings, in order.
    columns: Vec<Column>,
    /// A cell for each column.
    rows: Vec<Row>,
    /// What stands in place of a table without rows, and says what to do.
    #[prop(optional)]
    empty: &'static str,
    /// The ID of what is said of the table as a whole.
    #[prop(optional_no_strip)]
    described: Option<String>,
    /// The box by which each row is ticked, in a column of its own before the others.
    #[prop(optional)]
    ticks: Vec<AnyView>,
) -> impl IntoView {
    if rows.is_empty() && !empty.is_empty() {
        return view! { <p>{empty}</p> }.into_any();
    }
    let heading = |column: &Column| match *column {
        Column::Named(label) => view! { <th scope="col">{label}</th> }.into_any(),
        Column::Acts(label) => {
            view! { <th scope="col"><span class="nhsuk-u-visually-hidden">{label}</span></th> }.into_any()
        }
    };
    let headings = columns.iter().map(heading).collect_view();
    let cell = |(column, cell): (&Column, AnyView)| match *column {
        Column::Named(label) => view! { <td data-label=label>{cell}</td> }.into_any(),
        Column::Acts(_) => view! { <td class="app-people__act">{cell}</td> }.into_any(),
    };
    let select = (!ticks.is_empty()).then(|| {
        view! { <th class="app-people__tick" scope="col"><span class="nhsuk-u-visually-hidden">"Select"</span></th> }
    });
    let mut ticks = ticks.into_iter();
    let row = |row: Row| {
        let tick = ticks
            .next()
            .map(|tick| view! { <td class="app-people__tick">{tick}</td> });
        let mut cells = row.into_iter();
        let about = cells.next();
        let cells = columns.iter().skip(1).zip(cells).map(cell).collect_view();
        view! { <tr>{tick} <th scope="row">{about}</th> {cells}</tr> }
    };
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <table class="app-people" aria-describedby=described>
            <caption class="app-people__caption" class=("nhsuk-u-visually-hidden", !shows_caption)>{caption}</caption>
            <thead><tr>{select} {headings}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(view: impl IntoView) -> String {
        view.to_html().replace("<!>", "").replace("<!--<() />-->", "")
    }

    #[test]
    fn each_cell_has_its_columns_heading_but_those_with_acts() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let columns = vec![Column::Named("File"), Column::Named("Rows"), Column::Acts("Open")];
            let rows = vec![vec!["staff.csv".into_any(), 12_u32.into_any(), ().into_any()]];
            written(view! { <Table caption="Uploads" columns rows/> })
        });
        assert_eq!(
            html,
            "<table class=\"app-people\"><caption class=\"app-people__caption nhsuk-u-visually-hidden\">Uploads</caption>\
             <thead><tr><th scope=\"col\">File</th><th scope=\"col\">Rows</th>\
             <th scope=\"col\"><span class=\"nhsuk-u-visually-hidden\">Open</span></th></tr></thead>\
             <tbody><tr><th scope=\"row\">staff.csv</th><td data-label=\"Rows\">12</td>\
             <td class=\"app-people__act\"></td></tr></tbody></table>"
        );
    }

    #[test]
    fn boxes_to_tick_have_a_column_of_their_own() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let columns = vec![Column::Named("Person"), Column::Named("Organisation")];
            let rows = vec![vec!["Jem Larkspur".into_any(), "RIV01".into_any()]];
            let ticks = vec![view! { <input type="checkbox" name="id"/> }.into_any()];
            written(view! { <Table caption="Proposals" columns rows ticks/> })
        });
        for part in [
            "<tr><th scope=\"col\" class=\"app-people__tick\"><span class=\"nhsuk-u-visually-hidden\">Select</span></th>\
             <th scope=\"col\">Person</th>",
            "<tr><td class=\"app-people__tick\"><input type=\"checkbox\" name=\"id\"></td>\
             <th scope=\"row\">Jem Larkspur</th>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn an_empty_table_says_so_in_a_sentence() {
        let owner = Owner::new();
        let html = owner.with(|| {
            let columns = vec![Column::Named("File")];
            written(view! { <Table caption="Uploads" columns rows=vec![] empty="No files uploaded yet."/> })
        });
        assert_eq!(html, "<p>No files uploaded yet.</p>");
    }
}
