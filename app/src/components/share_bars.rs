//! How much is used of how much, a bar for each: seats of subscriptions, gigabytes of a pool.

use leptos::prelude::*;

use crate::{
    components::table::{Column, Table},
    words::thousands,
};

/// Something of which there is so much.
pub struct Share {
    /// What it is.
    pub label: AnyView,
    /// How much of it is used.
    pub used: u32,
    /// How much of it there is.
    pub of: u32,
}

impl Share {
    /// What is said of it: `12 of 50 used, 38 free`. `unit` stands behind the numbers: ` GB`.
    fn sentence(used: u32, of: u32, unit: &str) -> String {
        let free = of.saturating_sub(used);
        format!(
            "{} of {}{unit} used, {}{unit} free",
            thousands(used),
            thousands(of),
            thousands(free)
        )
    }
}

/// The shares below each other. A bar says nothing that its sentence does not.
#[component]
pub fn ShareBars(
    /// What is shared out, above the bars.
    #[prop(into)]
    caption: String,
    /// The headings: of what it is, and of how much is used.
    headings: [&'static str; 2],
    /// What stands behind the numbers.
    #[prop(optional)]
    unit: &'static str,
    shares: Vec<Share>,
) -> impl IntoView {
    let line = |share: Share| {
        let said = Share::sentence(share.used, share.of, unit);
        let used = view! {
            <span class="app-count-bars__number">{said}</span>
            " "
            <span class="app-count-bars__bar" aria-hidden="true" inner_html=bar(share.used, share.of)></span>
        };
        vec![share.label, used.into_any()]
    };
    let rows = shares.into_iter().map(line).collect();
    view! { <Table caption shows_caption=true columns=headings.map(Column::Named).to_vec() rows/> }
}

/// The used part of the whole. A drawing needs no inline style.
fn bar(used: u32, of: u32) -> String {
    let width = u64::from(used)
        .saturating_mul(100)
        .div_ceil(u64::from(of.max(1)))
        .min(100);
    format!(
        r#"<svg viewBox="0 0 100 4" preserveAspectRatio="none" focusable="false"><rect width="100" height="4" fill="currentColor" opacity="0.2"/><rect width="{width}" height="4" fill="currentColor"/></svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_says_what_is_used_and_what_is_free() {
        assert_eq!(Share::sentence(12, 1_050, ""), "12 of 1,050 used, 1,038 free");
        assert_eq!(Share::sentence(120, 100, " GB"), "120 of 100 GB used, 0 GB free");
    }

    #[test]
    fn a_bar_is_as_long_as_the_used_part_and_never_longer_than_the_whole() {
        for (used, of, width) in [
            (0, 0, 0),
            (0, 7, 0),
            (7, 7, 100),
            (1, 2, 50),
            (1, 5_000, 1),
            (9, 5, 100),
        ] {
            let drawn = bar(used, of);
            assert!(
                drawn.contains(&format!("<rect width=\"{width}\"")),
                "{used} of {of}: {drawn}"
            );
        }
    }
}
