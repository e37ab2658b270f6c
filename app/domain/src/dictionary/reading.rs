//! The one way to read each attribute's text.

use super::{Attribute, MANY, Value};
use crate::{
    email_address::EmailAddress,
    lists,
    problem::Kind,
    rules::Rules,
    telephone::Telephone,
    text::{self, TextProblem},
};

/// How an attribute's text is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    Line,
    /// A line that somebody could be called.
    Name,
    Lines,
    Address,
    Telephone,
    Mobile,
    YesOrNo,
    WebPage,
    Choices(fn(&Rules) -> &Vec<String>),
    Quota,
    /// Looked up or checked by the plan, which knows the organisation or the account; here only cleaned.
    Reference,
    Secret,
}

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
            None => self.parse_single(raw, rules),
        }
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
        let too_long = |problem| match problem {
            TextProblem::Unprintable => Kind::Unprintable { attribute: self },
            TextProblem::TooLong(length) => Kind::TooLong {
                attribute: self,
                limit: entry.limit,
                length,
            },
        };
        let line = || text::line(raw, entry.limit).map_err(too_long);
        let without = |line: String, signs: fn(&str) -> String| match signs(&line) {
            none if none.is_empty() => Ok(line),
            signs => Err(Kind::HasSigns { attribute: self, signs }),
        };
        let value = match entry.reading {
            Reading::Reference | Reading::Choices(_) => line()?,
            Reading::Line => without(line()?, text::pictures)?,
            Reading::Name => {
                let name = line()?;
                if !text::could_be_a_name(&name) {
                    return Err(Kind::NotAName { attribute: self });
                }
                without(name, text::no_signs_of_names)?
            }
            Reading::Lines => text::lines(raw, entry.limit).map_err(too_long)?,
            Reading::Secret => raw.to_owned(),
            Reading::Address => EmailAddress::parse(&line()?)
                .map_err(|_| Kind::NotAnAddress)?
                .as_str()
                .to_owned(),
            Reading::Telephone => telephone(&text::line(raw, 40).map_err(too_long)?, self)?.to_string(),
            Reading::Mobile => {
                let number = telephone(&text::line(raw, 40).map_err(too_long)?, self)?;
                if !number.is_uk_mobile() {
                    return Err(Kind::NotAUkMobile);
                }
                number.to_string()
            }
            Reading::YesOrNo => match raw.trim().to_lowercase().as_str() {
                "yes" | "y" | "true" | "1" => "yes".to_owned(),
                "no" | "n" | "false" | "0" => "no".to_owned(),
                _ => return Err(Kind::NotYesOrNo { attribute: self }),
            },
            Reading::WebPage => web_page(&line()?)?,
            Reading::Quota => {
                let digits = raw.trim().to_lowercase();
                let number = digits.strip_suffix("gb").unwrap_or(&digits).trim().parse::<u32>().ok();
                let most = rules.largest_quota_gb;
                number
                    .filter(|gb| (1..=most).contains(gb))
                    .ok_or(Kind::NotAQuota { most })?
                    .to_string()
            }
        };
        Ok(Value::stored(value))
    }
}

fn telephone(line: &str, attribute: Attribute) -> Result<Telephone, Kind> {
    let not_one = if attribute == Attribute::Mobile {
        Kind::NotAUkMobile
    } else {
        Kind::NotATelephone { attribute }
    };
    Telephone::parse(line).map_err(|_| not_one)
}

/// An address is for everybody to see, so it must not carry anybody's sign-in (`https://name:password@…`).
fn web_page(line: &str) -> Result<String, Kind> {
    let address = if line.starts_with("www.") {
        format!("https://{line}")
    } else {
        line.to_owned()
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
    let mut chosen = Vec::new();
    for part in raw.split(separator).map(str::trim).filter(|part| !part.is_empty()) {
        let Some(entry) = lists::find(list, part) else {
            let nearest = lists::nearest(list, part).cloned();
            return Err(Kind::NotInList {
                attribute,
                part: part.to_owned(),
                nearest,
            });
        };
        if !chosen.contains(entry) {
            chosen.push(entry.clone());
        }
    }
    chosen.sort();
    Ok(chosen.join(MANY))
}
