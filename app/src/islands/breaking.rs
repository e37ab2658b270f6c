//! Long words as HTML that breaks where people would break them.

/// A text as it stands within an element, with the places where a line may end: behind the `@`, slashes and underscores of
/// addresses and names of files, and before their dots. A line ends elsewhere in a word only where nothing else helps.
pub(crate) fn breakable(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let goes_on = letters.peek().is_some_and(|next| !matches!(next, ' ' | '\n'));
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            // A full stop ends a sentence, and stays with it.
            '.' if goes_on => html.push_str("<wbr>."),
            '@' | '/' | '_' if goes_on => {
                html.push(letter);
                html.push_str("<wbr>");
            }
            letter => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::breakable;

    #[test]
    fn an_address_breaks_behind_its_at_and_before_its_dots() {
        assert_eq!(
            breakable("Keep jem.larkspur@health.example"),
            "Keep jem<wbr>.larkspur@<wbr>health<wbr>.example"
        );
    }

    #[test]
    fn a_files_name_breaks_behind_underscores_and_slashes() {
        assert_eq!(
            breakable("/in/staff_list.csv"),
            "/<wbr>in/<wbr>staff_<wbr>list<wbr>.csv"
        );
    }

    #[test]
    fn what_a_space_follows_stays_with_its_word() {
        for text in ["It is done. Go on.", "Medicine / Ward 7"] {
            assert_eq!(breakable(text), text);
        }
    }

    #[test]
    fn a_text_cannot_leave_the_element_it_stands_in() {
        assert_eq!(breakable("<b>&"), "&lt;b&gt;&amp;");
    }
}
