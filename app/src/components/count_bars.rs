//! Counts below each other, each with a bar as long as its number is large.

use leptos::prelude::*;

use crate::{
    components::table::{Column, Table},
    words::thousands,
};

/// The counts. A bar says nothing that its number does not.
#[component]
pub fn CountBars(
    /// What is counted, above the counts.
    #[prop(into)]
    caption: String,
    /// The headings: of what is counted, and of the numbers.
    headings: [&'static str; 2],
    lines: Vec<(String, u64)>,
) -> impl IntoView {
    let most = lines.iter().map(|(_, number)| *number).max().unwrap_or_default();
    let line = |(label, number): (String, u64)| {
        let shown = thousands(u32::try_from(number).unwrap_or(u32::MAX));
        let count = view! {
            <span class="app-count-bars__number">{shown}</span>
            " "
            <span class="app-count-bars__bar" aria-hidden="true" inner_html=bar(number, most)></span>
        };
        vec![label.into_any(), count.into_any()]
    };
    let rows = lines.into_iter().map(line).collect();
    view! { <Table caption shows_caption=true columns=headings.map(Column::Named).to_vec() rows/> }
}

/// The bar of a number, where the largest is as long as there is room. A drawing needs no inline style.
fn bar(number: u64, most: u64) -> String {
    let width = number.saturating_mul(100).div_ceil(most.max(1)).min(100);
    format!(
        r#"<svg viewBox="0 0 100 4" preserveAspectRatio="none" focusable="false"><rect width="{width}" height="4" fill="currentColor"/></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn the_largest_number_has_the_longest_bar_and_one_of_many_can_be_seen() {
        for (number, most, width) in [(0, 0, 0), (0, 7, 0), (7, 7, 100), (1, 2, 50), (1, 5_000, 1)] {
            let drawn = bar(number, most);
            assert!(
                drawn.contains(&format!("width=\"{width}\"")),
                "{number} of {most}: {drawn}"
            );
        }
    }
}
