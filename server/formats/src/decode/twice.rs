//! Text that was read in the wrong encoding, and saved again as if that were what it says: `ZoÃ«` for `Zoë`.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// How often a text may have gone through the wrong encoding.
const MOST_TIMES: usize = 3;

/// What a text was before it was saved in the wrong encoding; none where it was not.
pub(crate) fn meant(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut read = unwrapped(text)?;
    for _ in 1..MOST_TIMES {
        match unwrapped(&read) {
            Some(again) => read = again,
            None => break,
        }
    }
    let is_half_read = read.contains(|c: char| matches!(c, '\u{80}'..='\u{9F}'));
    (!is_half_read).then_some(read)
}

/// The text with each run of other signs than ASCII as what it says once it is taken for UTF-8; none where no run is.
fn unwrapped(text: &str) -> Option<String> {
    let mut read = String::with_capacity(text.len());
    let mut is_other = false;
    let mut rest = text;
    while !rest.is_empty() {
        let run = run(rest);
        rest = &rest[run.len()..];
        let meant = (!run.is_ascii()).then(|| meant_by(run)).flatten();
        is_other |= meant.is_some();
        read.push_str(meant.as_deref().unwrap_or(run));
    }
    is_other.then_some(read)
}

/// The start of a text, as far as it is ASCII, or as far as it is not.
fn run(text: &str) -> &str {
    let is_ascii = text.starts_with(|c: char| c.is_ascii());
    let end = text.find(|c: char| c.is_ascii() != is_ascii);
    &text[..end.unwrap_or(text.len())]
}

fn meant_by(run: &str) -> Option<String> {
    taken_for().into_iter().find_map(|encoding| {
        let (bytes, _, has_foreign) = encoding.encode(run);
        let meant = std::str::from_utf8(&bytes).ok().filter(|_| !has_foreign)?;
        let is_likely = |c: char| match encoding == WINDOWS_1252 {
            true => is_written_here(c),
            // Letters and quotation marks of the Macintosh are other letters in UTF-8 now and then.
            false => is_written_here(c) && !matches!(c, '\u{100}'..='\u{1EFF}'),
        };
        meant.chars().all(is_likely).then(|| meant.to_owned())
    })
}

/// Encodings that UTF-8 is taken for.
fn taken_for() -> [&'static Encoding; 2] {
    [WINDOWS_1252, MACINTOSH]
}

/// Signs of European and Vietnamese names and of running text, and what is left of them after another wrong turn.
const fn is_written_here(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{17F}'
        | '\u{192}'
        | '\u{218}'..='\u{21B}'
        | '\u{2C6}'
        | '\u{2DC}'
        | '\u{1E00}'..='\u{1EFF}'
        | '\u{2010}'..='\u{203A}'
        | '\u{20AC}'
        | '\u{2122}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text in UTF-8 as a program shows it that takes it for something else.
    fn seen_as(encoding: &'static Encoding, text: &str) -> String {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_encoded_twice_is_read_as_it_was_meant() {
        assert_eq!(meant("ZoÃ«").as_deref(), Some("Zoë"));
        assert_eq!(meant("Oâ€™Neill").as_deref(), Some("O’Neill"));
        for text in [
            "Zoë",
            "Renée",
            "François Müller",
            "O’Neill",
            "Łukasz Żak",
            "Ștefan",
            "Đặng",
            "À bientôt",
            "£5 – “now”",
        ] {
            let once = seen_as(WINDOWS_1252, text);
            assert_eq!(meant(&once).as_deref(), Some(text), "{once}");
            let twice = seen_as(WINDOWS_1252, &once);
            assert_eq!(meant(&twice).as_deref(), Some(text), "{twice}");
        }
        for text in ["Zoë", "Renée", "François Müller", "O’Neill", "À bientôt", "£5 – “now”"] {
            let once = seen_as(MACINTOSH, text);
            assert_eq!(meant(&once).as_deref(), Some(text), "{once}");
        }
    }

    #[test]
    fn what_is_written_as_it_is_meant_stays() {
        for text in [
            "Zoë",
            "ZOË",
            "Émile",
            "CAFÉ’S",
            "Strauß–Meyer",
            "«École»",
            "“été”",
            "Müller…",
            "£5",
            "Ñuñez",
            "Åse Ærø",
            "Łódź",
            "Ørjan",
            "李",
            "محمد",
            "Ελένη",
            "½ – ¾",
            "DÖ“",
            "À",
            "naïve café",
            "MERCÈ’S",
            "SÃO",
            "Ã",
        ] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
