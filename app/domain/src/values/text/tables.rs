//! What needs Unicode's tables. A browser has them, and need not load them again: together they would be a tenth of what it
//! does load.

/// The text with composed characters (NFC).
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn composed(raw: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    raw.nfc().collect()
}

/// The same by what the browser has for it.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn composed(raw: &str) -> String {
    js_sys::JsString::from(raw).normalize("NFC").into()
}

/// The text with each accent as a character of its own (NFD).
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn decomposed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd().collect()
}

/// The same by what the browser has for it.
#[cfg(target_arch = "wasm32")]
pub(super) fn decomposed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFD").into()
}

/// Whether a character is an accent or another mark on the one before it.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The same by what the browser has for it.
#[cfg(target_arch = "wasm32")]
pub(super) fn is_mark(c: char) -> bool {
    // No mark stands before this one, and most characters of a text do.
    c >= '\u{300}' && js_sys::RegExp::new("\\p{M}", "u").test(c.encode_utf8(&mut [0; 4]))
}

/// The text in small letters.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn small(text: &str) -> String {
    text.to_lowercase()
}

/// The same by what the browser has for it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn small(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_are_marks_and_letters_and_signs_are_none() {
        for mark in ['\u{300}', '\u{323}', '\u{670}', '\u{94D}', '\u{20DD}'] {
            assert!(is_mark(mark), "{mark:?}");
        }
        for other in ['a', 'é', '^', '´', '\u{2FF}', '李', '\u{200D}'] {
            assert!(!is_mark(other), "{other:?}");
        }
    }

    #[test]
    fn a_text_is_made_small_letter_by_letter_and_its_end_with_it() {
        assert_eq!(small("YES, Ärzte ΟΔΟΣ"), "yes, ärzte οδος");
    }
}
