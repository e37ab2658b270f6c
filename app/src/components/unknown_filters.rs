//! Filters in the address that no list offers: they are told above what is listed, so that nobody takes everything for what
//! they asked for.

use leptos::prelude::*;

/// Letters of an unknown filter that are said back.
const SHOWN: usize = 40;

/// What an address asks for and the page does not know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnknownFilters(Vec<String>);

impl UnknownFilters {
    /// Reads a filter of the address, in capitals or not; what is not known is noted. `None` if nothing is asked for, or it
    /// is not known.
    pub fn read<T>(&mut self, text: &str, known: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = text.trim();
        let read = known(text).or_else(|| known(&text.to_ascii_lowercase()));
        if read.is_none() {
            self.note(text);
        }
        read
    }

    /// Notes what is not known; nothing if nothing was asked for.
    pub fn note(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push(text.chars().take(SHOWN).collect());
        }
    }

    /// What is said of them. `None` if all are known.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let quoted: Vec<_> = self.0.iter().map(|text| format!("“{text}”")).collect();
        match quoted.split_last()? {
            (only, []) => Some(format!("The filter {only} is not known and was not used.")),
            (last, before) => Some(format!(
                "The filters {} and {last} are not known and were not used.",
                before.join(", ")
            )),
        }
    }
}

/// The note above a list.
#[component]
pub fn UnknownNote(filters: UnknownFilters) -> impl IntoView {
    let sentence = filters.sentence();
    sentence.map(|sentence| view! { <div class="nhsuk-inset-text app-break" role="status"><p>{sentence}</p></div> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_filter_is_told_and_an_empty_one_is_not() {
        let known = |text: &str| (text == "open").then_some(1);
        let mut filters = UnknownFilters::default();
        assert_eq!((filters.read("open", known), filters.read("", known)), (Some(1), None));
        assert_eq!(filters.read(" OPEN ", known), Some(1));
        assert_eq!(filters.sentence(), None);
        assert_eq!(filters.read(" Bogus ", known), None);
        let one = "The filter “Bogus” is not known and was not used.";
        assert_eq!(filters.sentence().as_deref(), Some(one));
        filters.note("x");
        let two = "The filters “Bogus” and “x” are not known and were not used.";
        assert_eq!(filters.sentence().as_deref(), Some(two));
    }
}
