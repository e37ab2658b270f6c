//! What looks like a connector's key is kept nowhere, whoever's mail it is in and whether it is right: it may be the key of
//! somebody whose mail was not believed, or one that was mistyped by a sign.

/// What keys are spelt with: 5 bits a sign, and none that is taken for another. An address has no capitals that count.
pub const KEY_SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many signs a key has.
pub const KEY_LENGTH: usize = 16;

/// What stands where a key may have stood.
const HIDDEN: &str = "…";

/// The longest tag of an address that is looked for, in characters.
const LONGEST_TAG: usize = 100;

/// A text without anything that may be a key: tags of addresses behind a plus sign, words that are spelt as keys are, and
/// what follows `key:` or `key=`.
#[must_use]
pub fn without_keys(text: &str) -> String {
    without_named(&without_spelt(&without_tags(text)))
}

fn without_tags(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(plus) = rest.find('+') {
        let (before, after) = rest.split_at(plus + 1);
        said.push_str(before);
        rest = after;
        let ends = |sign: &(usize, char)| !is_of_address(sign.1);
        if let Some((end, '@')) = after.char_indices().take(LONGEST_TAG).find(ends)
            && end > 0
        {
            said.push_str(HIDDEN);
            rest = &after[end..];
        }
    }
    said.push_str(rest);
    said
}

fn is_of_address(sign: char) -> bool {
    !sign.is_whitespace() && !matches!(sign, '@' | '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"')
}

fn without_spelt(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (before, after) = rest.split_at(start);
        let end = after.find(|sign: char| !sign.is_alphanumeric()).unwrap_or(after.len());
        let (word, next) = after.split_at(end);
        said.push_str(before);
        said.push_str(if is_spelt_as_a_key(word) { HIDDEN } else { word });
        rest = next;
    }
    said.push_str(rest);
    said
}

fn is_spelt_as_a_key(word: &str) -> bool {
    let small = word.to_lowercase();
    small.len() == KEY_LENGTH && small.bytes().all(|sign| KEY_SIGNS.contains(&sign))
}

fn without_named(text: &str) -> String {
    const NAME: &str = "key";
    let small = text.to_ascii_lowercase();
    let mut said = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = small[at..].find(NAME) {
        let (start, end) = (at + found, at + found + NAME.len());
        said.push_str(&text[at..end]);
        at = end;
        let is_a_word = !text[..start].ends_with(char::is_alphanumeric);
        let Some(value) = text[end..].trim_start().strip_prefix([':', '=']).filter(|_| is_a_word) else {
            continue;
        };
        let value = value.trim_start();
        let length = value.find(char::is_whitespace).unwrap_or(value.len());
        if length > 0 {
            let value = text.len() - value.len();
            said.push_str(&text[end..value]);
            said.push_str(HIDDEN);
            at = value + length;
        }
    }
    said.push_str(&text[at..]);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_be_a_key_is_hidden_and_the_rest_stays() {
        let key = "k3y0abcdefgh7mnp";
        assert_eq!(key.len(), KEY_LENGTH);
        for (text, kept) in [
            (format!("Staff list {key}"), "Staff list …"),
            (format!("Staff list key:{}", key.to_uppercase()), "Staff list key:…"),
            (format!("[{key}] staff"), "[…] staff"),
            (format!("{key}=x, _{key}_"), "…=x, _…_"),
            ("Key = hunter2 of today".to_owned(), "Key = … of today"),
            ("key: key:a".to_owned(), "key: …"),
            ("monkey: a, key".to_owned(), "monkey: a, key"),
            (
                "for <connector.data+K3Y@health.example>; a+b".to_owned(),
                "for <connector.data+…@health.example>; a+b",
            ),
            (
                "a+b+c@x.example, d+@x.example".to_owned(),
                "a+…@x.example, d+@x.example",
            ),
            ("Ä+ö@x Zoë".to_owned(), "Ä+…@x Zoë"),
            (
                format!("{key}q and {}", &key[1..]),
                "k3y0abcdefgh7mnpq and 3y0abcdefgh7mnp",
            ),
        ] {
            assert_eq!(without_keys(&text), kept, "{text}");
        }
    }

    #[test]
    fn long_texts_of_plus_signs_are_read_once() {
        let text = "+".repeat(1_000_000);
        assert_eq!(without_keys(&text), text);
    }
}
