//! The one way to read each attribute's text.

use super::{Attribute, MANY, Value, leftovers::stands_for_nothing, reading::Reading};
use crate::{
    customer::FederationType,
    problem::{Kind, Spot},
    rules::Rules,
    values::{
        day::Day,
        email_address::EmailAddress,
        lists, locale, names,
        telephone::{self, NumberFault, Telephone},
        text::{self, TextProblem},
    },
};

impl Attribute {
    /// The list its values are chosen from, where it has one.
    #[must_use]
    pub fn choices(self, rules: &Rules) -> Option<&Vec<String>> {
        match self.entry().reading {
            Reading::Choices(list) => Some(list(rules)),
            _ => None,
        }
    }

    /// Reads a text as this attribute's value. `separator` parts the values of a many-valued attribute.
    ///
    /// # Errors
    /// The kind of problem, ready for a sentence.
    pub fn parse(self, raw: &str, separator: char, rules: &Rules) -> Result<Value, Kind> {
        match self.choices(rules) {
            Some(list) => choices(raw, separator, self, list).map(Value::stored),
            None => self.listed(self.parse_single(raw, rules)?),
        }
    }

    /// What the lists of languages, countries and time zones have for a text: a browser does not load them, and no form asks
    /// for anything of them.
    fn listed(self, value: Value) -> Result<Value, Kind> {
        let text = value.as_str();
        let found = match self.entry().reading {
            Reading::Language => locale::language(text).ok_or(Kind::NotALanguage)?,
            Reading::Country => locale::country(text).ok_or(Kind::NotACountry)?.to_owned(),
            Reading::TimeZone => locale::time_zone(text).ok_or(Kind::NotATimeZone)?.to_owned(),
            Reading::Federation => {
                let small = text.to_ascii_lowercase();
                let read = FederationType::read(text).or_else(|| FederationType::from_slug(&small));
                read.ok_or(Kind::NotAFederationType)?.slug().to_owned()
            }
            _ => return Ok(value),
        };
        Ok(Value::stored(found))
    }

    /// What it may be written with, where that is said of it.
    #[must_use]
    pub const fn signs(self) -> &'static str {
        match self.entry().reading {
            Reading::Name => "letters, spaces, hyphens and apostrophes",
            _ => "letters, numbers and punctuation marks",
        }
    }

    /// As [`Self::parse`] for an attribute that has one value; one that has many is only cleaned. It needs none of the
    /// tables by which names are folded, which are most of what a browser would have to load.
    ///
    /// # Errors
    /// As there.
    pub fn parse_single(self, raw: &str, rules: &Rules) -> Result<Value, Kind> {
        let entry = self.entry();
        let line = |text: &str| text::line(text, entry.limit).map_err(|problem| self.refused(text, problem));
        // No spreadsheet writes it, so no mark of one is taken off.
        if let Reading::UserName = entry.reading {
            return line(raw).map(Value::stored);
        }
        let cell = self.unwrapped(raw)?;
        let without = |line: String, signs: fn(&str) -> String| match signs(&line) {
            none if none.is_empty() => Ok(line),
            signs => Err(Kind::HasSigns { attribute: self, signs }),
        };
        let value = match entry.reading {
            // Nothing that cannot be seen is meant in what is looked up.
            Reading::Reference | Reading::Choices(_) => line(&text::seen(&cell))?,
            Reading::Language | Reading::Country | Reading::TimeZone | Reading::Federation => line(&text::seen(&cell))?,
            Reading::Key => without(line(&cell)?, text::pictures)?,
            Reading::Line => without(line(&cell)?, text::pictures)?,
            Reading::Name => self.as_name(line(&cell)?)?,
            Reading::Lines => {
                let lines = text::lines(&cell, entry.limit);
                lines.map_err(|problem| self.refused(&cell, problem))?
            }
            Reading::Secret | Reading::UserName => raw.to_owned(),
            Reading::Address => {
                let address = EmailAddress::read(&line(&cell)?)?;
                address.as_str().to_owned()
            }
            Reading::Telephone => self.number(&cell, Telephone::parse_extended)?.to_string(),
            Reading::Pager => self.number(&cell, telephone::parse_pager)?,
            Reading::Fax => self.number(&cell, Telephone::parse)?.to_string(),
            Reading::Mobile => self.mobile(&cell)?,
            Reading::YesOrNo => match text::small(&cell).as_str() {
                "yes" | "y" | "true" | "1" => "yes".to_owned(),
                "no" | "n" | "false" | "0" => "no".to_owned(),
                _ => return Err(Kind::NotYesOrNo { attribute: self }),
            },
            Reading::WebPage => web_page(&line(&cell)?)?,
            Reading::Day if self.is_no_day(&cell) => String::new(),
            Reading::Day => Day::read(&cell).ok_or(Kind::NotADay)?.to_string(),
            Reading::Quota => {
                let most = rules.largest_quota_gb;
                gigabytes(&cell)
                    .filter(|gb| (1..=most).contains(gb))
                    .ok_or(Kind::NotAQuota { most })?
                    .to_string()
            }
        };
        Ok(Value::stored(value))
    }

    /// A name that somebody could have.
    fn as_name(self, name: String) -> Result<String, Kind> {
        let attribute = self;
        let signs = text::no_signs_of_names(&name);
        if text::is_placeholder(&name) || names::is_nobody(&name) {
            return Err(Kind::NoName { attribute });
        }
        if !name.is_empty() && !text::could_be_a_name(&name) && !text::is_mostly_a_name(&name) {
            return Err(Kind::NotAName { attribute });
        }
        if signs.is_empty() {
            Ok(name)
        } else {
            Err(Kind::HasSigns { attribute, signs })
        }
    }

    fn number<T>(self, cell: &str, parse: fn(&str) -> Result<T, NumberFault>) -> Result<T, Kind> {
        const LOOKED_AT: usize = 80;
        let text = text::seen(cell);
        let length = text.chars().count();
        if length > LOOKED_AT {
            let limit = self.entry().limit;
            return Err(Kind::TooLong {
                attribute: self,
                limit,
                length,
            });
        }
        parse(&text).map_err(|why| Kind::WrongNumber {
            attribute: self,
            why,
            meant: telephone::meant(&text),
        })
    }

    fn mobile(self, cell: &str) -> Result<String, Kind> {
        const WHOLE: usize = "+447700900123".len();
        let number = self.number(cell, Telephone::parse)?;
        let is_short = number.as_str().starts_with("+447") && number.as_str().len() < WHOLE;
        let digits = cell.chars().filter(|c| c.is_numeric()).count();
        match number.is_uk_mobile() {
            true => Ok(number.to_string()),
            false if is_short => Err(Kind::WrongNumber {
                attribute: self,
                why: NumberFault::TooFew { digits },
                meant: None,
            }),
            false => Err(Kind::NotAUkMobile),
        }
    }

    /// What is wrong with a text that cannot be kept as it is.
    fn refused(self, raw: &str, problem: TextProblem) -> Kind {
        match problem {
            TextProblem::Unprintable(unseen) => Kind::Unseen {
                attribute: self,
                sign: unseen.sign,
                spot: Some(Spot::after(raw, unseen.after)),
            },
            TextProblem::TooLong(length) => Kind::TooLong {
                attribute: self,
                limit: self.entry().limit,
                length,
            },
        }
    }
}

/// A number of gigabytes, as people and scripts write it: `4`, `4 GB`, `4.0`.
fn gigabytes(text: &str) -> Option<u32> {
    let small = text::small(text::trimmed(text));
    let number = small.strip_suffix("gb").unwrap_or(&small).trim_end();
    let whole = match number.split_once(['.', ',']) {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => number,
    };
    whole.parse().ok()
}

/// An address is for everybody to see, so it must not carry anybody's sign-in (`https://name:password@…`).
fn web_page(line: &str) -> Result<String, Kind> {
    let line = line
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(line);
    let scheme = line
        .split_once("://")
        .map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    let address = match scheme {
        _ if line.starts_with("www.") => format!("https://{line}"),
        Some((scheme, rest)) => format!("{scheme}://{rest}"),
        None => line.to_owned(),
    };
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .ok_or(Kind::NotAWebPage)?;
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if host.contains('@') {
        return Err(Kind::WebPageWithSignIn);
    }
    if !host.contains('.') || address.contains([' ', '"', '<', '>', '\\']) {
        return Err(Kind::NotAWebPage);
    }
    Ok(address)
}

fn choices(raw: &str, separator: char, attribute: Attribute, list: &[String]) -> Result<String, Kind> {
    let (mut chosen, mut unknown, mut has_nothing) = (Vec::new(), Vec::new(), false);
    let raw = text::seen(&attribute.unwrapped(raw)?);
    for part in raw.split(separator).map(str::trim).filter(|part| !part.is_empty()) {
        match lists::find(list, part) {
            Some(entry) if chosen.contains(entry) => {}
            Some(entry) => chosen.push(entry.clone()),
            None if stands_for_nothing(part, attribute) => has_nothing = true,
            None if unknown.iter().any(|known: &&str| text::fold(known) == text::fold(part)) => {}
            None => unknown.push(part),
        }
    }
    if let Some((first, others)) = unknown.split_first() {
        return Err(Kind::NotInList {
            attribute,
            part: (*first).to_owned(),
            nearest: lists::nearest(list, first).cloned().filter(|_| others.is_empty()),
            others: others.iter().map(|&other| other.to_owned()).collect(),
        });
    }
    if chosen.is_empty() && has_nothing {
        return Err(Kind::StandsForNothing { attribute });
    }
    chosen.sort();
    Ok(chosen.join(MANY))
}
