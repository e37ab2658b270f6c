//! Who helps where nobody in the organisation can, as the operator has set it.

use leptos::prelude::*;

use crate::visitor::Operator;

/// The sentence that names them; nothing where the operator has set nobody.
#[component]
pub fn SupportContact() -> impl IntoView {
    let contact = use_context::<Operator>().and_then(|operator| operator.support_contact);
    contact.map(
        |contact| view! { <p>"If they cannot help you, contact the people who run this portal: " {way(contact)}</p> },
    )
}

/// An email or a web address as a link; other words as they are.
fn way(contact: String) -> AnyView {
    match href(&contact) {
        Some(href) => view! { <a class="app-break" href=href>{contact}</a> }.into_any(),
        None => contact.into_any(),
    }
}

fn href(contact: &str) -> Option<String> {
    let is_one_word = !contact.contains(char::is_whitespace);
    match contact {
        page if page.starts_with("https://") || page.starts_with("http://") => is_one_word.then(|| page.to_owned()),
        address if address.contains('@') => is_one_word.then(|| format!("mailto:{address}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::href;

    #[test]
    fn addresses_are_links_and_other_words_are_not() {
        assert_eq!(
            href("help@portal.example").as_deref(),
            Some("mailto:help@portal.example")
        );
        assert_eq!(
            href("https://portal.example/help").as_deref(),
            Some("https://portal.example/help")
        );
        assert_eq!(href("Service desk, 01632 960001"), None);
        assert_eq!(href("desk@portal.example or 01632 960001"), None);
        assert_eq!(href("javascript:alert(1)"), None);
    }
}
