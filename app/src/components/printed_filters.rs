//! What a list was narrowed by, for paper: on a screen the search above it shows that.

use leptos::prelude::*;

/// The filters, in a line that is printed only; nothing if everything is listed.
#[component]
pub fn PrintedFilters(filters: Vec<String>) -> impl IntoView {
    (!filters.is_empty()).then(|| view! { <p class="app-printed">"Filters: " {filters.join(", ")}</p> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_printed_and_no_line_is_where_there_are_none() {
        let filters = ["RIV", "Pending"].map(ToOwned::to_owned).to_vec();
        let html = view! { <PrintedFilters filters/> }.to_html();
        assert!(html.contains("app-printed") && html.contains("RIV, Pending"), "{html}");
        let none = view! { <PrintedFilters filters=vec![]/> }.to_html();
        assert!(!none.contains("app-printed"), "{none}");
    }
}
