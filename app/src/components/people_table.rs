//! People as a table, which becomes cards on a phone.

use leptos::prelude::*;

/// One person of a list.
pub struct Line {
    /// Their page.
    pub href: String,
    /// Last name, first name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// What stands in the other columns, in their order.
    pub cells: Vec<AnyView>,
}

/// The table; `columns` names the columns behind the name.
#[component]
pub fn PeopleTable(caption: String, columns: Vec<&'static str>, lines: Vec<Line>) -> impl IntoView {
    let headings = columns
        .iter()
        .map(|column| view! { <th role="columnheader" scope="col">{*column}</th> })
        .collect_view();
    let line = move |line: Line| {
        let cells = columns.clone().into_iter().zip(line.cells);
        let cells = cells
            .map(|(column, cell)| view! { <td role="cell" data-label=column>{cell}</td> })
            .collect_view();
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">
                    <a class="app-people__name" href=line.href>{line.name}</a>
                    " "
                    <span class="app-people__address">{line.address}</span>
                </th>
                {cells}
            </tr>
        }
    };
    view! {
        <table class="app-people" role="table">
            <caption class="app-people__caption">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row"><th role="columnheader" scope="col">"Name"</th>{headings}</tr>
            </thead>
            <tbody role="rowgroup">{lines.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
}
