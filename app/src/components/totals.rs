//! How many rows of each sort, as tiles that filter the rows below.

use leptos::prelude::*;

use crate::words::thousands;

/// One tile.
#[derive(Clone, Debug)]
pub struct Tile {
    /// The name style sheets know the sort by.
    pub style: &'static str,
    /// How many.
    pub count: u32,
    /// What they are.
    pub label: &'static str,
    /// Where they are shown.
    pub href: String,
    /// Whether they are what is shown.
    pub current: bool,
}

/// The tiles side by side; one that counts nothing leads nowhere.
#[component]
pub fn Totals(tiles: Vec<Tile>) -> impl IntoView {
    let tile = |tile: Tile| {
        let inside = view! {
            <span class="app-totals__count">{thousands(tile.count)}</span>
            " "
            <span class="app-totals__label">{tile.label}</span>
        };
        let link = match tile.count {
            0 => view! { <span class="app-totals__link">{inside}</span> }.into_any(),
            _ => view! {
                <a class="app-totals__link" href=tile.href aria-current=tile.current.then_some("true")>{inside}</a>
            }
            .into_any(),
        };
        view! { <li class=format!("app-totals__item app-totals__item--{}", tile.style)>{link}</li> }
    };
    view! { <ul class="app-totals">{tiles.into_iter().map(tile).collect_view()}</ul> }
}
