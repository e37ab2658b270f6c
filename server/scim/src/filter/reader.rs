//! Reading a filter's text, from left to right.

use serde_json::Value;

use super::tree::{DEEPEST, Fault, Filter, FilterError, LONGEST, MOST, Operator, Path};

/// Whether a filter stands within square brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    InBrackets,
}

/// Reads a path with nothing behind it: where a PATCH operation does its work.
pub(crate) fn path_alone(text: &str) -> Result<Path, FilterError> {
    let mut reader = Reader::of(text)?;
    let path = reader.path(Place::Top)?;
    reader.end()?;
    Ok(path)
}

pub(super) struct Reader<'a> {
    text: &'a str,
    /// Bytes of the text that are read.
    at: usize,
    depth: usize,
    comparisons: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, FilterError> {
        let reader = Self {
            text,
            at: 0,
            depth: 0,
            comparisons: 0,
        };
        if text.len() > LONGEST {
            return Err(reader.fault(Fault::TooLong { most: LONGEST }));
        }
        Ok(reader)
    }

    pub(super) fn whole(mut self) -> Result<Filter, FilterError> {
        let filter = self.any(Place::Top)?;
        self.end()?;
        Ok(filter)
    }

    fn end(&mut self) -> Result<(), FilterError> {
        self.skip_spaces();
        if self.rest().is_empty() {
            Ok(())
        } else {
            let found = self.shown();
            Err(self.fault(Fault::Left { found }))
        }
    }

    fn any(&mut self, place: Place) -> Result<Filter, FilterError> {
        let mut filters = vec![self.all(place)?];
        while self.takes_word("or") {
            filters.push(self.all(place)?);
        }
        Ok(joined(filters, Filter::Or))
    }

    fn all(&mut self, place: Place) -> Result<Filter, FilterError> {
        let mut filters = vec![self.one(place)?];
        while self.takes_word("and") {
            filters.push(self.one(place)?);
        }
        Ok(joined(filters, Filter::And))
    }

    fn one(&mut self, place: Place) -> Result<Filter, FilterError> {
        self.skip_spaces();
        if self.takes('(') {
            return self.in_round_brackets(place);
        }
        let before = self.at;
        if self.takes_word("not") {
            self.skip_spaces();
            if self.takes('(') {
                return Ok(Filter::Not(Box::new(self.in_round_brackets(place)?)));
            }
            // An attribute might be called so.
            if !self.is_at_operator() {
                return Err(self.fault(Fault::NoBracketBehindNot));
            }
            self.at = before;
        }
        self.comparison(place)
    }

    fn in_round_brackets(&mut self, place: Place) -> Result<Filter, FilterError> {
        self.enter()?;
        let filter = self.any(place)?;
        self.leave(')')?;
        Ok(filter)
    }

    fn enter(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        match self.depth > DEEPEST {
            true => Err(self.fault(Fault::TooDeep)),
            false => Ok(()),
        }
    }

    fn leave(&mut self, with: char) -> Result<(), FilterError> {
        self.skip_spaces();
        if !self.takes(with) {
            return Err(self.fault(Fault::NotClosed { with }));
        }
        self.depth -= 1;
        Ok(())
    }

    fn comparison(&mut self, place: Place) -> Result<Filter, FilterError> {
        self.comparisons += 1;
        if self.comparisons > MOST {
            return Err(self.fault(Fault::TooMany));
        }
        let path = self.path(place)?;
        if path.within.is_some() && path.sub.is_none() && !self.is_at_operator() {
            return Ok(Filter::Picks(path));
        }
        if self.takes_word("pr") {
            return Ok(Filter::Present(path));
        }
        let operator = Operator::ALL
            .into_iter()
            .find(|operator| self.takes_word(operator.name()));
        let Some(operator) = operator else {
            self.skip_spaces();
            let found = self.shown();
            return Err(self.fault(Fault::NoOperator { found }));
        };
        let value = self.value()?;
        Ok(Filter::Compare { path, operator, value })
    }

    fn path(&mut self, place: Place) -> Result<Path, FilterError> {
        self.skip_spaces();
        let is_in_path = |c: char| c.is_ascii_alphanumeric() || "-_$.:".contains(c);
        let token = self.while_in(is_in_path);
        let begins = self.at - token.len();
        let (urn, rest) = match token.rsplit_once(':') {
            Some((urn, rest)) => (Some(urn), rest),
            None => (None, token),
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        let is_sound = urn.is_none_or(|urn| urn.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !is_sound || !is_name(name) || !sub.is_none_or(is_name) {
            self.at = begins;
            return Err(self.fault(Fault::NoAttribute));
        }
        let mut path = Path {
            urn: urn.map(ToOwned::to_owned),
            name: name.to_owned(),
            within: None,
            sub: sub.map(ToOwned::to_owned),
        };
        if path.sub.is_none() && self.rest().starts_with('[') {
            if place == Place::InBrackets {
                return Err(self.fault(Fault::BracketsInBrackets));
            }
            self.at += 1;
            self.enter()?;
            path.within = Some(Box::new(self.any(Place::InBrackets)?));
            self.leave(']')?;
            path.sub = self.sub()?;
        }
        Ok(path)
    }

    fn sub(&mut self) -> Result<Option<String>, FilterError> {
        if !self.takes('.') {
            return Ok(None);
        }
        let sub = self.while_in(|c| c.is_ascii_alphanumeric() || "-_$".contains(c));
        match is_name(sub) {
            true => Ok(Some(sub.to_owned())),
            false => Err(self.fault(Fault::NoAttribute)),
        }
    }

    fn value(&mut self) -> Result<Value, FilterError> {
        self.skip_spaces();
        if self.rest().starts_with('"') {
            return self.quoted();
        }
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.takes_word(word) {
                return Ok(value);
            }
        }
        let begins = self.at;
        let number = self.while_in(|c| c.is_ascii_digit() || "+-.eE".contains(c));
        let number: Option<Value> = serde_json::from_str(number).ok().filter(Value::is_number);
        number.ok_or_else(|| {
            self.at = begins;
            self.fault(Fault::NoValue)
        })
    }

    fn quoted(&mut self) -> Result<Value, FilterError> {
        let bytes = self.rest().as_bytes();
        let mut end = 1;
        loop {
            match bytes.get(end) {
                None => return Err(self.fault(Fault::BadText)),
                Some(b'\\') => end += 2,
                Some(b'"') => break,
                Some(_) => end += 1,
            }
        }
        let text = self.rest().get(..=end);
        let text: Option<String> = text.and_then(|text| serde_json::from_str(text).ok());
        let text = text.ok_or_else(|| self.fault(Fault::BadText))?;
        self.at += end + 1;
        Ok(Value::String(text))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.while_in(|c| c.is_ascii_whitespace());
    }

    fn while_in(&mut self, is_in: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !is_in(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn takes(&mut self, sign: char) -> bool {
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.at += sign.len_utf8();
        }
        is_next
    }

    /// Takes a word in any case, with spaces before it; nothing if another word stands here.
    fn takes_word(&mut self, word: &str) -> bool {
        let before = self.at;
        self.skip_spaces();
        let found = self.while_in(|c| c.is_ascii_alphanumeric() || "-_$.:".contains(c));
        let is_it = found.eq_ignore_ascii_case(word);
        if !is_it {
            self.at = before;
        }
        is_it
    }

    fn is_at_operator(&mut self) -> bool {
        let before = self.at;
        let mut names = Operator::ALL.into_iter().map(Operator::name).chain(["pr"]);
        let is_at = names.any(|name| self.takes_word(name));
        self.at = before;
        is_at
    }

    /// What stands here, shortened.
    fn shown(&self) -> String {
        let word = self.rest().split_whitespace().next().unwrap_or_default();
        word.chars().take(30).collect()
    }

    fn fault(&self, fault: Fault) -> FilterError {
        let before = self.text.get(..self.at.min(self.text.len())).unwrap_or_default();
        FilterError {
            at: before.chars().count() + 1,
            fault,
        }
    }
}

fn joined(mut filters: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => join(filters),
    }
}

/// Whether a word is the name of an attribute (RFC 7643, 2.1).
fn is_name(word: &str) -> bool {
    let plain = word.strip_prefix('$').unwrap_or(word);
    plain.starts_with(|c: char| c.is_ascii_alphabetic()) && !plain.contains(['$', '.', ':'])
}
