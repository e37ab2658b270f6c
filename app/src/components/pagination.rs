//! On to the next page, or back to the first; lists are long and are read onwards.

use leptos::prelude::*;

/// Which page of a list an address asks for. A list goes on from an entry; the number is for its title only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The first.
    #[default]
    First,
    /// The second or a later one.
    Numbered(u32),
    /// A later one, by an address without its number.
    Later,
}

impl Page {
    /// Reads the number in an address that goes on from an entry, or begins with the first.
    #[must_use]
    pub fn read(goes_on: bool, number: &str) -> Self {
        match (goes_on, number.parse::<u32>()) {
            (false, _) => Self::First,
            (true, Ok(number @ 2..)) => Self::Numbered(number),
            (true, _) => Self::Later,
        }
    }

    /// The number of the next page, as its address has it; empty if it is not known.
    #[must_use]
    pub fn next(self) -> String {
        match self {
            Self::First => "2".to_owned(),
            Self::Numbered(number) => number.saturating_add(1).to_string(),
            Self::Later => String::new(),
        }
    }

    /// A title with the page behind it: `smith: 12 accounts, page 2`.
    #[must_use]
    pub fn title(self, list: &str) -> String {
        match self {
            Self::First => list.to_owned(),
            Self::Numbered(number) => format!("{list}, page {number}"),
            Self::Later => format!("{list}, further page"),
        }
    }
}

/// `first` where this is not the first page, `next` where there is more.
#[component]
pub fn Pagination(first: Option<String>, next: Option<String>) -> impl IntoView {
    let is_alone = first.is_none() && next.is_none();
    let link = |side: &'static str, href: String, label: &'static str| {
        view! {
            <li class=format!("nhsuk-pagination-item--{side}")>
                <a class=format!("nhsuk-pagination__link nhsuk-pagination__link--{}", if side == "next" { "next" } else { "prev" }) href=href>
                    <span class="nhsuk-pagination__title">{label}</span>
                </a>
            </li>
        }
    };
    (!is_alone).then(move || {
        view! {
            <nav class="nhsuk-pagination" aria-label="Pages">
                <ul class="nhsuk-list nhsuk-pagination__list">
                    {first.map(|href| link("previous", href, "First page"))}
                    {next.map(|href| link("next", href, "Next page"))}
                </ul>
            </nav>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_tells_the_page_and_the_next_address_its_number() {
        let second = Page::read(true, "2");
        assert_eq!(second.title("smith: 12 accounts"), "smith: 12 accounts, page 2");
        assert_eq!((second.next().as_str(), Page::First.next().as_str()), ("3", "2"));
        assert_eq!(Page::read(false, "7").title("Uploads"), "Uploads");
        for odd in ["", "1", "-3", "x"] {
            let later = Page::read(true, odd);
            assert_eq!(
                (later.title("Uploads").as_str(), later.next().as_str()),
                ("Uploads, further page", "")
            );
        }
    }
}
