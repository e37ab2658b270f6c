//! What is wrong with a change file as a whole.

use serde::{Deserialize, Serialize};

use super::Field;
use crate::{
    customer::CustomerNumber,
    values::{numbers::thousands, text::is_unseen},
};

/// What is wrong with a change file as a whole, or noticed about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the sentences say what each is")]
pub enum FileFault {
    // Of its name and its place in the sequence
    Name {
        #[serde(default)]
        part: NamePart,
    },
    Type,
    CustomerForeign {
        named: CustomerNumber,
        folder: CustomerNumber,
    },
    CustomerUnknown {
        customer: CustomerNumber,
    },
    CustomerOff {
        customer: CustomerNumber,
    },
    SeqLow {
        number: i64,
        last: i64,
        source: String,
    },
    SeqZeroAfterMax,
    /// A notice: other bytes under the last number.
    SeqRepeated {
        number: i64,
    },
    /// A notice: the same bytes under the last number.
    SeqSame {
        number: i64,
    },
    // Of its content
    HeaderMissing {
        field: Field,
    },
    HeaderUnknown {
        heading: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meant: Option<Field>,
    },
    /// Its values are parted by something else than commas.
    HeaderParted,
    HeaderTwice {
        field: Field,
    },
    Encoding {
        line: u32,
    },
    /// A value in quotation marks that never ends, or goes on behind them.
    Quotes {
        line: u32,
    },
    Empty,
    /// It has no header either.
    ZeroBytes,
    TooLarge {
        limit_mib: u32,
    },
    TooManyRows {
        most: u32,
    },
    /// It is no file of its own, but a link or something else.
    NotAFile,
    /// Its owner lets nobody else read it.
    Unreadable,
    // Of who sends it
    GrantGone {
        account: String,
        customer: CustomerNumber,
    },
    NoConnector {
        customer: CustomerNumber,
    },
    // Of what it would do
    /// Without a link where it was only checked: then nobody can confirm it.
    Brake {
        people: u32,
        #[serde(default)]
        already: u32,
        of: u32,
        link: Option<String>,
    },
    Threshold {
        link: Option<String>,
    },
    Discarded,
}

/// The part of a file's name that is wrong, as far as that is easily told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamePart {
    /// Any of them.
    #[default]
    Any,
    /// Its ending.
    Ending,
    /// `PRV` before the number.
    Kind,
    /// The number of the file.
    Number,
    /// The number of the customer.
    Customer,
    /// Nothing stands where the source should.
    NoSource,
    /// The source is too long.
    LongSource,
    /// The source begins with something else than a letter or a digit.
    SourceStart,
    /// A sign that does not go into the source.
    Source(char),
    /// The number has a mark behind it with which programs tell copies apart.
    Copy,
}

impl NamePart {
    /// What is wrong with it.
    fn sentence(self) -> String {
        match self {
            Self::Any => "sourceId_ may be left out.".into(),
            Self::Ending => "Its ending is not .csv.".into(),
            Self::Kind => "PRV is missing before the number.".into(),
            Self::Number => format!("Its number is not a whole number from 0 to {}.", i64::MAX),
            Self::Customer => "The number of the customer must not begin with 0.".into(),
            Self::NoSource => "sourceId is empty. Leave out its underscore too.".into(),
            Self::LongSource => "sourceId may have 64 characters.".into(),
            Self::SourceStart => "sourceId must begin with a letter or a digit.".into(),
            Self::Source(sign) => format!(
                "{} cannot be in sourceId. Use letters, digits, dots, hyphens and underscores.",
                shown(sign)
            ),
            Self::Copy => "It ends with the mark of a copy, such as “ (1)”. Upload the file under its own name.".into(),
        }
    }
}

impl FileFault {
    /// Its code in reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::Type => "type",
            Self::CustomerForeign { .. } => "customer.foreign",
            Self::CustomerUnknown { .. } => "customer.unknown",
            Self::CustomerOff { .. } => "customer.off",
            Self::SeqLow { .. } => "seq.low",
            Self::SeqZeroAfterMax => "seq.zero_after_max",
            Self::SeqRepeated { .. } => "seq.repeated",
            Self::SeqSame { .. } => "seq.same",
            Self::HeaderMissing { .. } => "header.missing",
            Self::HeaderUnknown { .. } | Self::HeaderParted => "header.unknown",
            Self::HeaderTwice { .. } => "header.twice",
            Self::Encoding { .. } => "encoding",
            Self::Quotes { .. } => "quotes",
            Self::Empty | Self::ZeroBytes => "empty",
            Self::TooLarge { .. } => "large",
            Self::TooManyRows { .. } => "rows",
            Self::NotAFile => "not_a_file",
            Self::Unreadable => "unreadable",
            Self::GrantGone { .. } => "grant.gone",
            Self::NoConnector { .. } => "grant.none",
            Self::Brake { .. } => "brake",
            Self::Threshold { .. } => "threshold",
            Self::Discarded => "discarded",
        }
    }

    /// What is wrong, and what its sender can do about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Name { part } => format!(
                "The file name must read customerId_sourceId_PRV_number.csv. {}",
                part.sentence()
            ),
            Self::Type => {
                "This service takes PRV files. The file name must read customerId_sourceId_PRV_number.csv.".into()
            }
            Self::CustomerForeign { named, folder } => {
                format!("The name says customer {named}; this folder belongs to customer {folder}.")
            }
            Self::CustomerUnknown { customer } => {
                format!("There is no customer {customer}. Check the number in the file name.")
            }
            Self::CustomerOff { customer } => {
                format!("Customer {customer} does not use change files. A Global Administrator can turn them on.")
            }
            Self::SeqLow { number, last, source } if source.is_empty() => format!(
                "Number {number} is lower than {last}, the last one processed. Send it again with a higher number."
            ),
            Self::SeqLow { number, last, source } => format!(
                "Number {number} is lower than {last}, the last one processed for {source}. Send it again with a higher \
                 number."
            ),
            Self::SeqZeroAfterMax => format!("After {} the next number must be 1 or higher.", i64::MAX),
            Self::SeqRepeated { number } => {
                format!("Number {number} was processed before, with other content. This file was processed as well.")
            }
            Self::SeqSame { number } => {
                format!("This file was processed before as number {number}. Its report is written again.")
            }
            Self::HeaderMissing { field } => {
                format!("The header has no {}. Add it to the first line.", field.word())
            }
            Self::HeaderUnknown { heading, meant: None } => {
                format!("There is no field {heading}. Correct the heading, or delete its column.")
            }
            Self::HeaderUnknown {
                heading,
                meant: Some(meant),
            } => format!("There is no field {heading}. Did you mean {}?", meant.word()),
            Self::HeaderParted => {
                "Separate the values with commas. This header has semicolons or tabs between them.".into()
            }
            Self::HeaderTwice { field } => {
                format!("The header has {} more than once. Keep one of them.", field.word())
            }
            Self::Encoding { line } => {
                format!("The file is not UTF-8 (line {line}). Save it as CSV UTF-8, and send it again.")
            }
            Self::Quotes { line } => {
                format!(
                    "The quotation marks of the value that begins in line {line} do not match. Close each one, or write it \
                     twice in a value."
                )
            }
            Self::Empty => "The file has no rows.".into(),
            Self::ZeroBytes => "The file is empty. Upload it again.".into(),
            Self::TooLarge { limit_mib } => {
                format!("The file is larger than {limit_mib} MB. Split it into smaller files.")
            }
            Self::TooManyRows { most } => {
                format!(
                    "The file has more than {} rows. Split it into smaller files.",
                    thousands(*most)
                )
            }
            Self::NotAFile => "This is a link or a folder. Upload the file itself.".into(),
            Self::Unreadable => "The file cannot be read. Upload it with the mode 644.".into(),
            Self::GrantGone { account, customer } => {
                format!("The account {account} may not send change files for {customer}.")
            }
            Self::NoConnector { customer } => {
                format!("No account may send change files for {customer}. A Global Administrator can name one.")
            }
            Self::Brake {
                people,
                already: 0,
                of,
                link,
            } => format!(
                "{people} of {of} people would lose access. {}",
                confirmed(link.as_deref())
            ),
            Self::Brake {
                people,
                already,
                of,
                link,
            } => format!(
                "{people} more of {of} people would lose access, after {already} within 24 hours. {}",
                confirmed(link.as_deref())
            ),
            Self::Threshold { link } => {
                format!(
                    "The file changes more accounts than usual. {}",
                    confirmed(link.as_deref())
                )
            }
            Self::Discarded => "An administrator discarded this file. Its other rows were not applied.".into(),
        }
    }

    /// Whether it is only noticed: the file is processed all the same, or was before.
    #[must_use]
    pub const fn is_notice(&self) -> bool {
        matches!(self, Self::SeqRepeated { .. } | Self::SeqSame { .. })
    }

    /// Whether it is about who sends files rather than about the file: the next ones would fail as well.
    #[must_use]
    pub const fn is_of_sender(&self) -> bool {
        matches!(
            self,
            Self::CustomerOff { .. } | Self::GrantGone { .. } | Self::NoConnector { .. }
        )
    }

    /// The fields without which there is no header.
    pub const NEEDED: [Field; 2] = [Field::EmailAddress, Field::Action];

    /// One of each kind, for the approved text and the tests of other crates.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        let (Some(customer), Some(folder)) = (CustomerNumber::new(30_020_506), CustomerNumber::new(30_020_507)) else {
            return vec![];
        };
        vec![
            Self::Name { part: NamePart::Any },
            Self::Name { part: NamePart::Number },
            Self::Name {
                part: NamePart::Source('ü'),
            },
            Self::Name { part: NamePart::Copy },
            Self::Type,
            Self::CustomerForeign {
                named: customer,
                folder,
            },
            Self::CustomerUnknown { customer },
            Self::CustomerOff { customer },
            Self::SeqLow {
                number: 7,
                last: 9,
                source: "hrdatabase".into(),
            },
            Self::SeqZeroAfterMax,
            Self::SeqRepeated { number: 9 },
            Self::SeqSame { number: 9 },
            Self::HeaderMissing { field: Field::Action },
            Self::HeaderUnknown {
                heading: "GivenNmae".into(),
                meant: Some(Field::GivenName),
            },
            Self::HeaderParted,
            Self::HeaderTwice {
                field: Field::Telephone,
            },
            Self::Encoding { line: 12 },
            Self::Quotes { line: 12 },
            Self::Empty,
            Self::ZeroBytes,
            Self::TooLarge { limit_mib: 100 },
            Self::TooManyRows { most: 200_000 },
            Self::NotAFile,
            Self::Unreadable,
            Self::GrantGone {
                account: "hr.robot@health.example".into(),
                customer,
            },
            Self::NoConnector { customer },
            Self::Brake {
                people: 60,
                already: 0,
                of: 400,
                link: Some("https://portal.example/submissions/7Q4K9TZM2X".into()),
            },
            Self::Brake {
                people: 9,
                already: 5,
                of: 31,
                link: None,
            },
            Self::Threshold {
                link: Some("https://portal.example/submissions/7Q4K9TZM2X".into()),
            },
            Self::Discarded,
        ]
    }
}

/// A sign as sentences show it; one that cannot be seen by its number.
fn shown(sign: char) -> String {
    match sign.is_control() || is_unseen(sign) || sign.is_whitespace() {
        true if sign == ' ' => "A space".to_owned(),
        true => format!("U+{:04X}", u32::from(sign)),
        false => format!("“{sign}”"),
    }
}

/// Who decides on a file that is stopped: behind a link, or nobody where it was only checked.
fn confirmed(link: Option<&str>) -> String {
    match link {
        Some(link) => format!("An administrator must confirm: {link}."),
        None => "This was only a check. If you send the file, an administrator must confirm it.".to_owned(),
    }
}
