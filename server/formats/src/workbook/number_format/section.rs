//! The sections of a number format, each taken apart once.

use super::condition::Condition;
use crate::workbook::moment::Shows;

/// The sections of a code.
#[derive(Clone, Debug)]
pub(super) struct Sections(Vec<(When, Section)>);

/// For which numbers a section is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum When {
    /// Those that its place says: positive, negative, zero.
    ByPlace,
    /// Those of which its condition is true.
    If(Condition),
    /// Nobody can say: its condition cannot be read.
    Unclear,
}

/// The section that a number is shown by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen<'s> {
    pub(super) section: &'s Section,
    /// Whether the section says by itself that the number is negative.
    pub(super) says_sign: bool,
}

/// What a number is shown by.
#[derive(Clone, Debug)]
pub(super) enum Section {
    /// A day, a time, or both.
    Moment(Shows),
    /// Places for digits, with what stands between them.
    Digits(Digits),
    /// The number's own digits, with what stands around them.
    Around { before: String, after: String },
    /// The same for every number.
    Only(String),
}

/// Places for digits.
#[derive(Clone, Debug, Default)]
pub(super) struct Digits {
    /// What stands before the point, from left to right.
    whole: Vec<Place>,
    /// What stands behind it.
    rest: Vec<Place>,
    /// Whether thousands are parted by commas.
    is_grouped: bool,
    /// Powers of ten that the number is multiplied by first: a percentage by two, each thousand taken off by minus three.
    scale: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A digit, 0 where there is none.
    Zero,
    /// A digit where there is one.
    Digit,
    /// The sign itself.
    Sign(char),
}

/// A part of a section's code.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Sign(char),
    Zero,
    Digit,
    Point,
    Comma,
    Percent,
    Exponent,
    Slash,
    General,
    /// A letter that stands for a part of a moment, small.
    Moment(char),
    /// Hours, minutes or seconds that are not cut at a day.
    Elapsed,
}

impl Sections {
    /// Takes a code apart. Its section for text is left out.
    pub(super) fn of(code: &str) -> Self {
        let sections = tokens(code).into_iter().take(3);
        Self(sections.map(|(when, tokens)| (when, Section::of(&tokens))).collect())
    }

    /// The section that a number is shown by; `None` if that cannot be told, or if no section is for it.
    pub(super) fn choose(&self, number: f64) -> Option<Chosen<'_>> {
        let has_conditions = self.0.iter().any(|(when, _)| *when != When::ByPlace);
        let (place, says_sign) = match has_conditions {
            true => self.by_condition(number)?,
            false if number < 0.0 && self.0.len() > 1 => (1, true),
            false if number == 0.0 && self.0.len() > 2 => (2, true),
            false => (0, false),
        };
        let (_, section) = self.0.get(place)?;
        Some(Chosen { section, says_sign })
    }

    /// As spreadsheets do it: the first section whose condition is true, else the one behind the conditions.
    fn by_condition(&self, number: f64) -> Option<(usize, bool)> {
        let mut is_negative_left = false;
        for (place, (when, _)) in self.0.iter().enumerate() {
            match when {
                When::If(condition) if condition.is_true_of(number) => {
                    return Some((place, is_negative_left || condition.is_of_negatives()));
                }
                When::If(condition) => is_negative_left |= condition.leaves_negatives(),
                // The first has none: it is for those that no other is for.
                When::ByPlace if place == 0 => {}
                When::ByPlace => return Some((place, is_negative_left)),
                When::Unclear => return None,
            }
        }
        matches!(self.0.first(), Some((When::ByPlace, _))).then_some((0, false))
    }
}

/// The tokens of each section of a code, and for which numbers it is.
fn tokens(code: &str) -> Vec<(When, Vec<Token>)> {
    let mut all = Vec::new();
    let mut tokens = Vec::new();
    let mut when = When::ByPlace;
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ';' => all.push((std::mem::replace(&mut when, When::ByPlace), std::mem::take(&mut tokens))),
            '"' => tokens.extend(rest.by_ref().take_while(|c| *c != '"').map(Token::Sign)),
            '\\' | '!' => tokens.extend(rest.next().map(Token::Sign)),
            // Room as wide as the next sign, and that sign again and again.
            '_' | '*' => {
                rest.next();
            }
            '[' => {
                let within: String = rest.by_ref().take_while(|c| *c != ']').collect();
                if within.trim_start().starts_with(['<', '>', '=']) {
                    when = Condition::parse(&within).map_or(When::Unclear, When::If);
                } else {
                    tokens.extend(bracketed(&within));
                }
            }
            '0' => tokens.push(Token::Zero),
            '#' | '?' => tokens.push(Token::Digit),
            '.' => tokens.push(Token::Point),
            ',' => tokens.push(Token::Comma),
            '%' => tokens.push(Token::Percent),
            '/' => tokens.push(Token::Slash),
            '@' => tokens.push(Token::General),
            'E' | 'e' if rest.next_if(|c| matches!(c, '+' | '-')).is_some() => tokens.push(Token::Exponent),
            'G' | 'g' if follows(&mut rest, "eneral") => tokens.push(Token::General),
            'A' | 'a' if follows(&mut rest, "m/pm") || follows(&mut rest, "/p") => tokens.push(Token::Moment('h')),
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' | 'e' | 'E' => {
                tokens.push(Token::Moment(c.to_ascii_lowercase()));
            }
            c => tokens.push(Token::Sign(c)),
        }
    }
    all.push((when, tokens));
    all
}

/// Goes past a word, in any case, where it is what comes next.
fn follows(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &str) -> bool {
    let mut ahead = rest.clone();
    let is_next = word
        .chars()
        .all(|c| ahead.next().is_some_and(|next| next.eq_ignore_ascii_case(&c)));
    if is_next {
        *rest = ahead;
    }
    is_next
}

/// What square brackets stand for: a currency, uncut hours, or nothing that is shown (a colour, a language).
fn bracketed(within: &str) -> Vec<Token> {
    if let Some(currency) = within.strip_prefix('$') {
        let (sign, _) = currency.split_once('-').unwrap_or((currency, ""));
        return sign.chars().map(Token::Sign).collect();
    }
    let is_elapsed = !within.is_empty() && within.chars().all(|c| matches!(c, 'h' | 'm' | 's' | 'H' | 'M' | 'S'));
    if is_elapsed { vec![Token::Elapsed] } else { vec![] }
}

impl Section {
    fn of(tokens: &[Token]) -> Self {
        let has = |wanted: &Token| tokens.contains(wanted);
        let shows = |letter| has(&Token::Moment(letter));
        if has(&Token::Elapsed) {
            return Self::Moment(Shows::Duration);
        }
        let is_time = shows('h') || shows('s');
        let is_day = shows('d') || shows('y') || shows('e') || (shows('m') && !is_time);
        match (is_day, is_time) {
            (true, true) => return Self::Moment(Shows::DayAndTime),
            (true, false) => return Self::Moment(Shows::Day),
            (false, true) => return Self::Moment(Shows::Time),
            (false, false) => {}
        }
        let has_places = has(&Token::Zero) || has(&Token::Digit);
        // What would be shown with an exponent or as a fraction is shown as it is.
        if has(&Token::Exponent) || (has_places && has(&Token::Slash)) || tokens.is_empty() {
            return Self::around(&[]);
        }
        if has(&Token::General) {
            return Self::around(tokens);
        }
        if has_places {
            return Self::Digits(Digits::of(tokens));
        }
        Self::Only(signs(tokens).trim().to_owned())
    }

    fn around(tokens: &[Token]) -> Self {
        let place = tokens.iter().position(|token| *token == Token::General).unwrap_or(0);
        Self::Around {
            before: signs(&tokens[..place]),
            after: signs(&tokens[place..]),
        }
    }
}

/// The signs among tokens.
fn signs(tokens: &[Token]) -> String {
    let sign = |token: &Token| match token {
        Token::Sign(c) => Some(*c),
        Token::Point => Some('.'),
        Token::Comma => Some(','),
        Token::Percent => Some('%'),
        Token::Slash => Some('/'),
        Token::Zero | Token::Digit | Token::Exponent | Token::General | Token::Moment(_) | Token::Elapsed => None,
    };
    tokens.iter().filter_map(sign).collect()
}

impl Digits {
    fn of(tokens: &[Token]) -> Self {
        let mut digits = Self::default();
        let last = tokens
            .iter()
            .rposition(|token| matches!(token, Token::Zero | Token::Digit));
        let mut is_behind = false;
        for (place, token) in tokens.iter().enumerate() {
            let places = if is_behind { &mut digits.rest } else { &mut digits.whole };
            match token {
                Token::Zero => places.push(Place::Zero),
                Token::Digit => places.push(Place::Digit),
                Token::Sign(c) => places.push(Place::Sign(*c)),
                Token::Slash => places.push(Place::Sign('/')),
                Token::Percent => {
                    places.push(Place::Sign('%'));
                    digits.scale += 2;
                }
                // Behind the last digit it takes a thousand off; between digits it parts thousands.
                Token::Comma if Some(place) > last => digits.scale -= 3,
                Token::Comma => digits.is_grouped |= !is_behind,
                Token::Point if is_behind => places.push(Place::Sign('.')),
                Token::Point => is_behind = true,
                Token::Exponent | Token::General | Token::Moment(_) | Token::Elapsed => {}
            }
        }
        digits
    }

    /// The places filled with a number's digits; its sign is left to the caller.
    pub(super) fn filled(&self, raw: &str, number: f64) -> String {
        let most = self
            .rest
            .iter()
            .filter(|place| !matches!(place, Place::Sign(_)))
            .count();
        let exact = digits_of(raw, number.abs());
        let exact = exact.strip_prefix('-').unwrap_or(&exact);
        let is_whole = exact.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, rest) = match (self.scale, is_whole) {
            (0, true) => (exact.to_owned(), "0".repeat(most)),
            _ => {
                let scaled = exact.parse().unwrap_or(number.abs()) * 10_f64.powi(self.scale);
                // Once more without dust, so that 0.07 is seven per cent.
                let scaled: f64 = format!("{scaled:.14e}").parse().unwrap_or(scaled);
                let text = format!("{scaled:.most$}");
                let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
                (whole.to_owned(), rest.to_owned())
            }
        };
        let mut text = self.filled_whole(whole.trim_start_matches('0'));
        let behind = self.filled_rest(&rest);
        if most > 0 && behind.starts_with(|c: char| c.is_ascii_digit()) {
            text.push('.');
        }
        text + &behind
    }

    /// What stands before the point: digits from the right, and all that are left in the first place.
    fn filled_whole(&self, digits: &str) -> String {
        let mut left: Vec<char> = digits.chars().collect();
        let mut backwards: Vec<char> = Vec::new();
        let mut shown = 0;
        let first = self.whole.iter().position(|place| !matches!(place, Place::Sign(_)));
        let mut put = |backwards: &mut Vec<char>, digit: char| {
            if self.is_grouped && shown > 0 && shown % 3 == 0 {
                backwards.push(',');
            }
            backwards.push(digit);
            shown += 1;
        };
        for (place, what) in self.whole.iter().enumerate().rev() {
            match (what, left.pop()) {
                (Place::Sign(c), digit) => {
                    left.extend(digit);
                    backwards.push(*c);
                }
                (_, Some(digit)) => put(&mut backwards, digit),
                (Place::Zero, None) => put(&mut backwards, '0'),
                (Place::Digit, None) => {}
            }
            if Some(place) == first {
                while let Some(digit) = left.pop() {
                    put(&mut backwards, digit);
                }
            }
        }
        // A format such as .00 has no place for them.
        let before: String = left.into_iter().collect();
        before + &backwards.iter().rev().collect::<String>()
    }

    /// Whether it shows zeros in front of a number.
    pub(super) fn pads(&self) -> bool {
        self.whole.iter().filter(|place| **place == Place::Zero).count() > 1
    }

    /// What stands behind the point, without zeros at the end that need not be there.
    fn filled_rest(&self, digits: &str) -> String {
        let places = self.rest.iter().filter(|place| !matches!(place, Place::Sign(_)));
        let zeros = places.enumerate().filter(|(_, place)| **place == Place::Zero);
        let least = zeros.last().map_or(0, |(place, _)| place + 1);
        let needed = digits.trim_end_matches('0').len().max(least);
        let mut digits = digits.chars().take(needed);
        let shown = self.rest.iter().filter_map(|place| match place {
            Place::Sign(c) => Some(*c),
            Place::Zero | Place::Digit => digits.next(),
        });
        shown.collect()
    }
}

/// The digits of a number without an exponent: all of a whole one, fifteen of another, as spreadsheets show them.
pub(super) fn digits_of(raw: &str, number: f64) -> String {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole && !digits.is_empty() && (digits == "0" || !digits.starts_with('0')) {
        return raw.to_owned();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 {
        return "0".to_owned();
    }
    rounded.to_string()
}
