//! People as a table, which becomes cards on a phone: its columns sort, and its lines can be ticked.

use leptos::prelude::*;

use crate::islands::breakable;

/// A column's heading.
pub struct Heading {
    /// What it says.
    pub label: &'static str,
    /// How the table is sorted by it, where it can be.
    pub sort: Option<Sorting>,
}

/// How a table is sorted by a column.
pub struct Sorting {
    /// Where it is sorted by this one, or the other way round.
    pub href: String,
    /// How it is sorted by it now, where it is.
    pub now: Option<Direction>,
}

/// Which way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first to the last.
    Ascending,
    /// From the last to the first.
    Descending,
}

/// One person of a list.
pub struct Line {
    /// Their page.
    pub href: String,
    /// Last name, first name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// Their job and unit, where others of the list have the same name.
    pub work: Option<String>,
    /// What stands in the other columns, in their order.
    pub cells: Vec<AnyView>,
    /// How they are ticked, where they can be.
    pub tick: Option<Tick>,
}

/// A person's tick.
pub struct Tick {
    /// What is sent for them.
    pub id: String,
    /// Their name in reading order, with what tells them apart from others of their name.
    pub name: String,
    /// Whether they are ticked.
    pub ticked: bool,
}

/// The table; `columns` are those behind the name.
#[component]
pub fn PeopleTable(caption: String, name: Heading, columns: Vec<Heading>, lines: Vec<Line>) -> impl IntoView {
    let ticks = lines.iter().any(|line| line.tick.is_some());
    let labels: Vec<_> = columns.iter().map(|column| column.label).collect();
    let headings = columns.into_iter().map(heading).collect_view();
    let select = ticks.then(|| {
        view! {
            <th class="app-people__tick" scope="col"><span class="nhsuk-u-visually-hidden">"Select"</span></th>
        }
    });
    let lines = lines.into_iter().map(|line| row(line, &labels)).collect_view();
    view! {
        <div class="app-people-frame">
            <table class="app-people app-people--sorts">
                <caption class="app-people__caption">{caption}</caption>
                <thead><tr>{select} {heading(name)} {headings}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn heading(heading: Heading) -> AnyView {
    let Some(sorting) = heading.sort else {
        return view! { <th scope="col">{heading.label}</th> }.into_any();
    };
    let (sorted, arrow) = match sorting.now {
        None => ("none", None),
        Some(Direction::Ascending) => ("ascending", Some(" ▲")),
        Some(Direction::Descending) => ("descending", Some(" ▼")),
    };
    let arrow = arrow.map(|arrow| view! { <span class="app-people__arrow" aria-hidden="true">{arrow}</span> });
    view! {
        <th scope="col" aria-sort=sorted>
            <a class="app-people__sort" href=sorting.href>{heading.label} {arrow}</a>
        </th>
    }
    .into_any()
}

fn row(line: Line, labels: &[&'static str]) -> AnyView {
    let cells = labels.iter().copied().zip(line.cells);
    let cells = cells
        .map(|(label, cell)| view! { <td data-label=label>{cell}</td> })
        .collect_view();
    let tick = line.tick.map(|tick| {
        let label = format!("Select {}", tick.name);
        view! {
            <td class="app-people__tick">
                <input class="app-people__box" type="checkbox" name="id" value=tick.id aria-label=label checked=tick.ticked/>
            </td>
        }
    });
    view! {
        <tr>
            {tick}
            <th scope="row">
                <a class="app-people__name" href=line.href>{line.name}</a>
                " "
                <span class="app-people__address" inner_html=breakable(&line.address)></span>
                {line.work.map(|work| view! { " " <span class="app-people__address">{work}</span> })}
            </th>
            {cells}
        </tr>
    }
    .into_any()
}
