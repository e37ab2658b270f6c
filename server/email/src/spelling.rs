//! How structured fields are spelt (RFC 5322): white space, comments within comments, quoted texts and words.

/// Comments within comments are read so deep at most.
const MOST_DEEP: usize = 20;

/// What is left of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    pub(crate) rest: &'t str,
    /// What the comments that were passed over quote.
    pub(crate) quotes: Quotes,
}

/// What comments quote. A quotation mark protects nothing in a comment, but mail servers put them there around what a
/// sender has chosen: a bracket in it ends the comment, and what follows would be read as the mail server's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Quotes {
    /// Nothing.
    Nothing,
    /// Whole quotations, without brackets.
    Whole,
    /// A quotation with a bracket, one that its comment does not end, or a backslash.
    Doubtful,
}

/// The field is not spelt as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Misspelt;

impl<'t> Cursor<'t> {
    pub(crate) const fn new(rest: &'t str) -> Self {
        Self {
            rest,
            quotes: Quotes::Nothing,
        }
    }

    /// Passes over white space and comments.
    ///
    /// # Errors
    /// A comment that does not end, or lies too deep within others.
    pub(crate) fn skip(&mut self) -> Result<(), Misspelt> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t']);
            if !self.rest.starts_with('(') {
                return Ok(());
            }
            let (end, quotes) = comment(self.rest)?;
            self.rest = &self.rest[end..];
            self.quotes = self.quotes.max(quotes);
        }
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Passes over a sign, if it comes next.
    pub(crate) fn eat(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What comes next, as long as its signs belong to it.
    pub(crate) fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|sign| !belongs(sign)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    /// A quoted text, if one comes next.
    ///
    /// # Errors
    /// It does not end.
    pub(crate) fn quoted(&mut self) -> Result<Option<String>, Misspelt> {
        let Some(body) = self.rest.strip_prefix('"') else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut signs = body.char_indices();
        while let Some((place, sign)) = signs.next() {
            match sign {
                '"' => {
                    self.rest = &body[place + 1..];
                    return Ok(Some(text));
                }
                '\\' => text.extend(signs.next().map(|(_, sign)| sign)),
                _ => text.push(sign),
            }
        }
        Err(Misspelt)
    }
}

/// Where the comment ends that a text begins with, and what it quotes.
fn comment(text: &str) -> Result<(usize, Quotes), Misspelt> {
    let (mut depth, mut quotes, mut is_quoted) = (0, Quotes::Nothing, false);
    let mut signs = text.char_indices();
    while let Some((place, sign)) = signs.next() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\\' => _ = signs.next(),
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        quotes = quotes.max(match sign {
            '\\' => Quotes::Doubtful,
            '(' | ')' if is_quoted => Quotes::Doubtful,
            '"' => Quotes::Whole,
            _ => Quotes::Nothing,
        });
        if depth == 0 {
            return Ok((place + 1, quotes));
        }
        if depth > MOST_DEEP {
            return Err(Misspelt);
        }
    }
    Err(Misspelt)
}

/// Whether a text has only signs of addresses, domains and the like: none that ends a value, a comment or a quotation.
pub(crate) fn is_plain(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.@:[]<>".contains(sign);
    text.chars().all(is_sign)
}

/// Whether a text has signs that no field may have: what is left of line ends, zeros and their like.
pub(crate) fn has_controls(text: &str) -> bool {
    text.chars().any(|sign| sign.is_control() && sign != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_within_comments_are_passed_over() {
        let mut cursor = Cursor::new(" (a (b \\) c) d) \t(e)word");
        assert_eq!(cursor.skip(), Ok(()));
        assert_eq!(cursor.rest, "word");
    }

    #[test]
    fn what_comments_quote_is_doubtful_where_it_could_end_them() {
        for (comment, quotes) in [
            ("(a) (b (c))", Quotes::Nothing),
            ("(\"body hash did not verify\")", Quotes::Whole),
            ("(domain of \"a;b\"@x.example) (c)", Quotes::Whole),
            ("(domain of \"x) (y\"@x.example)", Quotes::Doubtful),
            ("(domain of \"x)", Quotes::Doubtful),
            ("(domain of \"x (y) z\")", Quotes::Doubtful),
            ("(a) (b\\) c)", Quotes::Doubtful),
        ] {
            let mut cursor = Cursor::new(comment);
            assert_eq!(cursor.skip(), Ok(()), "{comment}");
            assert_eq!((cursor.rest, cursor.quotes), ("", quotes), "{comment}");
        }
    }

    #[test]
    fn signs_that_end_something_are_not_plain() {
        assert!(is_plain("srs0=aB+1=x.example=d.o'neill@m\u{fc}ller.example"));
        assert!(is_plain("postmaster@[IPv6:2001:db8::1]"));
        for sign in ["(", ")", "\"", "\\", ";", ",", " ", "\t", "\u{A0}", "\r", "\0"] {
            assert!(!is_plain(&format!("a{sign}b@x.example")), "{sign:?}");
        }
    }

    #[test]
    fn comments_that_do_not_end_or_lie_too_deep_are_refused() {
        assert_eq!(Cursor::new("(a").skip(), Err(Misspelt));
        assert_eq!(Cursor::new("(a\\").skip(), Err(Misspelt));
        assert_eq!(Cursor::new(&"(".repeat(100_000)).skip(), Err(Misspelt));
    }

    #[test]
    fn quoted_texts_are_read_with_their_escapes() {
        let mut cursor = Cursor::new(r#""a \"b\" \\ ë"rest"#);
        assert_eq!(cursor.quoted(), Ok(Some("a \"b\" \\ ë".to_owned())));
        assert_eq!(cursor.rest, "rest");
        assert_eq!(cursor.quoted(), Ok(None));
        assert_eq!(Cursor::new("\"a").quoted(), Err(Misspelt));
    }
}
