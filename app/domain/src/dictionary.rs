//! The attribute dictionary: every attribute once, with its name, limit, allowed values and the one way to read it.
//!
//! Forms, CSV formats, change files and the API all read it; nothing else knows a limit or a label.

mod input;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

pub use self::input::Input;
use crate::{
    email_address::EmailAddress,
    lists,
    problem::Kind,
    rules::Rules,
    telephone::Telephone,
    text::{self, TextProblem},
};

/// Everything that is known of a person. The order is the account form's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the dictionary's own names and hints say what each is")]
pub enum Attribute {
    AccountId,
    Title,
    FirstName,
    Initials,
    LastName,
    DisplayName,
    EmailAddress,
    LocalId,
    Organisation,
    Site,
    Unit,
    JobTitle,
    Department,
    Telephone,
    Mobile,
    HideMobile,
    Pager,
    Fax,
    WebPage,
    SipAddress,
    ClinicalSpecialty,
    Role,
    WorkArea,
    Notes,
    Quota,
    Password,
}

/// How an attribute's text is read.
#[derive(Clone, Copy, Debug)]
enum Reading {
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

/// An attribute's entry in the dictionary.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What pages call it, as a label.
    pub name: &'static str,
    /// One sentence on what to put there.
    pub hint: &'static str,
    /// A value to show as an example.
    pub example: &'static str,
    /// The most characters it may have.
    pub limit: usize,
    /// Whether an account cannot be without it.
    pub required: bool,
    reading: Reading,
}

const fn entry(name: &'static str, limit: usize, reading: Reading, example: &'static str, hint: &'static str) -> Entry {
    Entry {
        name,
        hint,
        example,
        limit,
        required: false,
        reading,
    }
}

const fn required(entry: Entry) -> Entry {
    Entry {
        required: true,
        ..entry
    }
}

/// Between the values of an attribute that has many.
pub const MANY: &str = "; ";

impl Attribute {
    /// Every attribute, in the account form's order.
    pub const ALL: [Self; 26] = [
        Self::AccountId,
        Self::Title,
        Self::FirstName,
        Self::Initials,
        Self::LastName,
        Self::DisplayName,
        Self::EmailAddress,
        Self::LocalId,
        Self::Organisation,
        Self::Site,
        Self::Unit,
        Self::JobTitle,
        Self::Department,
        Self::Telephone,
        Self::Mobile,
        Self::HideMobile,
        Self::Pager,
        Self::Fax,
        Self::WebPage,
        Self::SipAddress,
        Self::ClinicalSpecialty,
        Self::Role,
        Self::WorkArea,
        Self::Notes,
        Self::Quota,
        Self::Password,
    ];

    /// The dictionary itself. Limits are S2's (table 3) where it has one, ours elsewhere.
    #[must_use]
    pub const fn entry(self) -> Entry {
        use Reading::{Address, Choices, Line, Lines, Mobile, Name, Quota, Reference, Secret, WebPage, YesOrNo};
        match self {
            Self::AccountId => entry(
                "ID",
                36,
                Reference,
                "",
                "The account's own ID. Leave it empty for a new person; fill it only to point at an account that is already here.",
            ),
            Self::Title => entry("Title", 120, Line, "Ms", "How the person is addressed."),
            Self::FirstName => required(entry("First name", 120, Name, "Jane", "The name used every day.")),
            Self::Initials => entry(
                "Middle initials",
                120,
                Line,
                "A",
                "Initials of the names between first and last.",
            ),
            Self::LastName => required(entry("Last name", 120, Name, "Smith", "The family name.")),
            Self::DisplayName => entry(
                "Display name",
                255,
                Line,
                "",
                "What the address book shows. Leave it empty and it is made from the name and the organisation.",
            ),
            Self::EmailAddress => entry(
                "E-mail address",
                EmailAddress::LIMIT,
                Address,
                "",
                "Leave it empty for a new person and an address is made from the name.",
            ),
            Self::LocalId => entry(
                "Local unique ID",
                64,
                Line,
                "4711",
                "Your own number for the person, such as the payroll number. It finds the account again in the next file.",
            ),
            Self::Organisation => required(entry(
                "Organisation",
                12,
                Reference,
                "",
                "The code (ODS) of an organisation that you look after.",
            )),
            Self::Site => entry(
                "Site",
                120,
                Reference,
                "",
                "The code or name of a site of the organisation.",
            ),
            Self::Unit => entry(
                "Organisational unit",
                255,
                Reference,
                "",
                "A unit of the organisation; write the levels with a slash, as in Medicine / Ward 7.",
            ),
            Self::JobTitle => entry("Job title", 100, Line, "Staff nurse", "What the person does."),
            Self::Department => entry("Department", 255, Line, "Medicine", "The department or team."),
            Self::Telephone => entry(
                "Telephone",
                20,
                Reading::Telephone,
                "01632 960123",
                "A UK or international number.",
            ),
            Self::Mobile => entry("Mobile", 20, Mobile, "07700 900123", "A UK mobile number."),
            Self::HideMobile => entry(
                "Hide mobile",
                3,
                YesOrNo,
                "no",
                "yes keeps the mobile number out of the address book.",
            ),
            Self::Pager => entry("Pager", 20, Reading::Telephone, "", "A UK or international number."),
            Self::Fax => entry("Fax", 20, Reading::Telephone, "", "A UK or international number."),
            Self::WebPage => entry(
                "Web page",
                254,
                WebPage,
                "",
                "An address that begins with https:// or http://.",
            ),
            Self::SipAddress => entry(
                "SIP address",
                254,
                Address,
                "",
                "The address for voice and video calls, without sip: in front.",
            ),
            Self::ClinicalSpecialty => entry(
                "Clinical specialty",
                1000,
                Choices(|rules| &rules.lists.clinical_specialties),
                "Cardiology",
                "One or more values from the list.",
            ),
            Self::Role => entry(
                "Role",
                1000,
                Choices(|rules| &rules.lists.roles),
                "Nurse",
                "One or more values from the list.",
            ),
            Self::WorkArea => entry(
                "Work area",
                1000,
                Choices(|rules| &rules.lists.work_areas),
                "Wards",
                "One or more values from the list.",
            ),
            Self::Notes => entry(
                "Notes",
                1000,
                Lines,
                "",
                "Anything colleagues should know; everybody can read it.",
            ),
            Self::Quota => entry("Quota", 4, Quota, "4", "The mailbox's size in gigabytes."),
            Self::Password => entry(
                "Password",
                crate::password::LONGEST,
                Secret,
                "",
                "A one-time password for a new account; it must be changed at the first sign-in.",
            ),
        }
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// Whether several values may stand in it.
    #[must_use]
    pub const fn is_many(self) -> bool {
        matches!(self.entry().reading, Reading::Choices(_))
    }

    /// The list its values are chosen from, where it has one.
    #[must_use]
    pub fn choices(self, rules: &Rules) -> Option<&Vec<String>> {
        match self.entry().reading {
            Reading::Choices(list) => Some(list(rules)),
            _ => None,
        }
    }

    /// Whether a file may give it but nothing keeps it: it points at something, or is secret.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        !matches!(self, Self::AccountId | Self::Organisation | Self::Password)
    }

    /// Reads a text as this attribute's value. `separator` parts the values of a many-valued attribute.
    ///
    /// # Errors
    /// The kind of problem, ready for a sentence.
    pub fn parse(self, raw: &str, separator: char, rules: &Rules) -> Result<Value, Kind> {
        match self.choices(rules) {
            Some(list) => choices(raw, separator, self, list).map(Value),
            None => self.parse_single(raw, rules),
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
        let value = match entry.reading {
            Reading::Line | Reading::Reference | Reading::Choices(_) => line()?,
            Reading::Name => {
                let name = line()?;
                if !text::could_be_a_name(&name) {
                    return Err(Kind::NotAName { attribute: self });
                }
                name
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
            Reading::WebPage => web_page(&line()?).ok_or(Kind::NotAWebPage)?,
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
        Ok(Value(value))
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

fn web_page(line: &str) -> Option<String> {
    let address = if line.starts_with("www.") {
        format!("https://{line}")
    } else {
        line.to_owned()
    };
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (host.contains('.') && !address.contains([' ', '"', '<', '>'])).then_some(address)
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

/// An attribute's value in its one spelling; made by [`Attribute::parse`] and by rules that build values themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Value(String);

impl Value {
    /// A value that a rule made, or one read back from where a parsed one was written.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The value's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known of one person: only attributes that have a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<Attribute, Value>);

impl Attributes {
    /// The attribute's value.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<&Value> {
        self.0.get(&attribute)
    }

    /// The attribute's text, empty where it has none.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> &str {
        self.get(attribute).map_or("", Value::as_str)
    }

    /// Sets a value, or takes it away; an empty value is none.
    pub fn set(&mut self, attribute: Attribute, value: Option<Value>) {
        match value.filter(|value| !value.as_str().is_empty()) {
            Some(value) => self.0.insert(attribute, value),
            None => self.0.remove(&attribute),
        };
    }

    /// Every attribute that has a value, in the form's order.
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, &Value)> {
        self.0.iter().map(|(attribute, value)| (*attribute, value))
    }
}

impl FromIterator<(Attribute, Value)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (Attribute, Value)>>(pairs: I) -> Self {
        let mut attributes = Self::default();
        for (attribute, value) in pairs {
            attributes.set(attribute, Some(value));
        }
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email_address::MailDomain;

    fn rules() -> Rules {
        Rules::standard(MailDomain::parse("health.example").unwrap())
    }

    fn parsed(attribute: Attribute, raw: &str) -> Result<String, Kind> {
        attribute.parse(raw, ';', &rules()).map(|value| value.to_string())
    }

    #[test]
    fn the_dictionary_holds_every_attribute_once_and_in_order() {
        assert!(Attribute::ALL.is_sorted());
        for attribute in Attribute::ALL {
            let entry = attribute.entry();
            assert!(!entry.name.is_empty() && entry.hint.ends_with('.') && entry.limit > 0);
            if !entry.example.is_empty() {
                parsed(attribute, entry.example).unwrap();
            }
        }
    }

    #[test]
    fn every_value_read_reads_again_as_itself() {
        let samples = [
            (Attribute::Mobile, "07700 900123"),
            (Attribute::WebPage, "www.health.example/about"),
            (Attribute::Quota, "10 GB"),
            (Attribute::Role, "nurse;Consultant; nurse"),
            (Attribute::HideMobile, "TRUE"),
            (Attribute::Notes, "a\r\nb"),
        ];
        for (attribute, raw) in samples {
            let once = parsed(attribute, raw).unwrap();
            assert_eq!(parsed(attribute, &once).as_ref(), Ok(&once));
        }
        assert_eq!(
            parsed(Attribute::Role, "nurse;Consultant").unwrap(),
            "Consultant; Nurse"
        );
    }

    #[test]
    fn a_limit_is_a_limit() {
        let length = Attribute::JobTitle.entry().limit;
        assert!(parsed(Attribute::JobTitle, &"é".repeat(length)).is_ok());
        let expected = Kind::TooLong {
            attribute: Attribute::JobTitle,
            limit: 100,
            length: 101,
        };
        assert_eq!(parsed(Attribute::JobTitle, &"é".repeat(length + 1)), Err(expected));
    }

    #[test]
    fn web_pages_that_are_scripts_are_refused() {
        for raw in [
            "javascript:alert(1)",
            "https://",
            "https://x y.example",
            "data:text/html,x",
            "https://a.example/\"><b>",
        ] {
            assert_eq!(parsed(Attribute::WebPage, raw), Err(Kind::NotAWebPage), "{raw}");
        }
    }
}
