//! What is said of the text of one cell or one field: all that a browser says by itself, and so has to load. What is wrong
//! and what to do about it stand together here; the rest of the catalogue is in `catalogue.rs` and `hints.rs`.

use super::{Kind, Problem, causes};
use crate::{dictionary::Attribute, values::names};

impl Problem {
    /// What is wrong with the text of one cell; none of a kind that needs more than the text to be found.
    #[must_use]
    pub fn message_of_value(&self) -> Option<String> {
        let value = &self.value;
        Some(match &self.kind {
            Kind::CellError { error } => format!("Your spreadsheet shows the error {error} in this cell."),
            Kind::TooLong {
                attribute,
                limit,
                length,
            } => {
                format!("{} has {length} characters; the most is {limit}.", attribute.name())
            }
            Kind::NotAName { attribute } | Kind::NoName { attribute } => {
                format!("“{value}” is not a {}.", in_sentence(*attribute))
            }
            Kind::HasSigns { attribute, .. } => format!("{} can only have {}.", attribute.name(), attribute.signs()),
            Kind::OutsideMailDomain { domain } => format!("“{value}” is not an address at {domain}."),
            Kind::InsideMailDomain { domain } => {
                format!("“{value}” is an address at {domain}. A contact has an address elsewhere.")
            }
            Kind::NotAUkMobile => format!("“{value}” is not a UK mobile number."),
            Kind::Unseen { attribute, sign, spot } => {
                let place = spot.as_ref().map_or(String::new(), |spot| format!(" {}", spot.said()));
                format!("{} has {}{place}.", attribute.name(), causes::unseen(*sign))
            }
            Kind::WrongAddress { why, .. } => format!("“{value}” is not an email address: {}.", why.cause()),
            Kind::WrongNumber { attribute, why, .. } => {
                let number = match attribute {
                    Attribute::Mobile => "UK mobile".to_owned(),
                    other => in_sentence(*other),
                };
                format!("“{value}” is not a {number} number: {}.", why.cause())
            }
            Kind::StandsForNothing { attribute } => {
                format!("“{value}” is not a value for {}.", in_sentence(*attribute))
            }
            Kind::DigitsLost { .. } => {
                format!("“{value}” is a number that a spreadsheet has shortened: its last digits are lost.")
            }
            Kind::NotYesOrNo { .. } => format!("“{value}” is neither yes nor no."),
            Kind::NotAQuota { .. } => format!("“{value}” is not a mailbox size."),
            Kind::NotAWebPage => format!("“{value}” is not the address of a web page."),
            Kind::WebPageWithSignIn => "The web page’s address has a user name or a password in it.".into(),
            Kind::NotADay => format!("“{value}” cannot be read as a date."),
            _ => return None,
        })
    }

    /// What can be done about the text of one cell, no matter who reads it; none of a kind that needs more than the text to be
    /// found.
    #[must_use]
    pub fn hint_of_value(&self) -> Option<String> {
        Some(match &self.kind {
            Kind::CellError { .. } => "Correct the formula in your spreadsheet, or enter the value itself.".into(),
            Kind::TooLong { .. } => "Shorten it.".into(),
            Kind::NotAName { .. } => "Enter it in letters; check that the columns have not moved.".into(),
            Kind::HasSigns { signs, .. } => format!("Take out “{signs}”."),
            Kind::OutsideMailDomain { .. } => "Leave it empty to have an address made from the name.".into(),
            Kind::InsideMailDomain { .. } => {
                "Create an account instead, or enter an address that the person has elsewhere.".into()
            }
            Kind::NotAUkMobile => number_like(Attribute::Mobile).into(),
            Kind::Unseen { sign, .. } => causes::about_unseen(*sign).into(),
            Kind::NoName { attribute } => match names::as_a_name(&self.value) {
                Some(name) => format!(
                    "Enter the {}. If that is the person’s name, write it as {name}.",
                    in_sentence(*attribute)
                ),
                None => format!("Enter the {}. {ONE_NAME}", in_sentence(*attribute)),
            },
            Kind::WrongAddress { meant: Some(meant), .. } | Kind::WrongNumber { meant: Some(meant), .. } => {
                format!("Did you mean {meant}?")
            }
            Kind::WrongAddress { why, .. } => why.hint().into(),
            Kind::WrongNumber { attribute, .. } => number_like(*attribute).into(),
            Kind::StandsForNothing { .. } => "Leave it empty if there is none.".into(),
            Kind::DigitsLost { .. } => {
                "Set the column to text in your spreadsheet, enter the whole number again, and save.".into()
            }
            Kind::NotYesOrNo { .. } => "Enter yes or no.".into(),
            Kind::NotAQuota { most } => format!("Enter a whole number of gigabytes from 1 to {most}."),
            Kind::NotAWebPage => "Enter an address that begins with https:// or http://.".into(),
            Kind::WebPageWithSignIn => "Take them out: everybody can read this address.".into(),
            Kind::NotADay => {
                "Enter the day, the month and the whole year, like 27/03/2027, or leave the cell empty.".into()
            }
            _ => return None,
        })
    }
}

/// What to do for people who have one name.
pub(super) const ONE_NAME: &str = "For somebody with only one name, enter that name as both first and last name.";

/// How a number is entered.
pub(super) const fn number_like(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Mobile => "Enter eleven digits that begin with 07, like 07700 900123.",
        Attribute::Pager => "Enter the 3 to 6 digits of a bleep, like 1480, or a number like 01632 960123.",
        Attribute::Telephone => "Enter it like 01632 960123, 01632 960123 ext 4512 or +33 1 23 45 67 89.",
        _ => "Enter it like 01632 960123 or +33 1 23 45 67 89.",
    }
}

/// An attribute's name within a sentence.
#[must_use]
pub fn in_sentence(attribute: Attribute) -> String {
    let name = attribute.name();
    let word = |word: &str| match word.as_bytes().get(1).is_some_and(|byte| byte.is_ascii_uppercase()) {
        // An initialism keeps its capitals.
        true => word.to_owned(),
        false => word.to_ascii_lowercase(),
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        problem::Audience,
        values::{email_address::AddressFault, ids::RowNumber, telephone::NumberFault},
    };

    fn of_value(attribute: Attribute) -> [Kind; 18] {
        let domain = || "health.example".to_owned();
        [
            Kind::CellError {
                error: "#REF!".to_owned(),
            },
            Kind::TooLong {
                attribute,
                limit: 5,
                length: 6,
            },
            Kind::NotAName { attribute },
            Kind::HasSigns {
                attribute,
                signs: ";".to_owned(),
            },
            Kind::OutsideMailDomain { domain: domain() },
            Kind::InsideMailDomain { domain: domain() },
            Kind::NotAUkMobile,
            Kind::Unseen {
                attribute,
                sign: '\u{200B}',
                spot: None,
            },
            Kind::NoName { attribute },
            Kind::WrongAddress {
                why: AddressFault::NoAt,
                meant: None,
            },
            Kind::WrongNumber {
                attribute,
                why: NumberFault::NoDigits,
                meant: None,
            },
            Kind::StandsForNothing { attribute },
            Kind::DigitsLost { attribute },
            Kind::NotYesOrNo { attribute },
            Kind::NotAQuota { most: 50 },
            Kind::NotAWebPage,
            Kind::WebPageWithSignIn,
            Kind::NotADay,
        ]
    }

    #[test]
    fn the_catalogue_says_of_a_value_what_is_said_here() {
        for kind in of_value(Attribute::LastName) {
            let problem = Problem::in_cell(RowNumber(1), Attribute::LastName, "x", kind);
            let (message, hint) = (problem.message_of_value().unwrap(), problem.hint_of_value().unwrap());
            assert!(!message.is_empty() && !hint.is_empty(), "{problem:?}");
            assert_eq!(problem.sentence(Audience::Portal), format!("{message} {hint}"));
        }
    }

    #[test]
    fn what_is_known_of_more_than_a_value_is_not_said_here() {
        let problem = Problem::in_row(RowNumber(1), Kind::UnknownId);
        assert_eq!((problem.message_of_value(), problem.hint_of_value()), (None, None));
    }

    #[test]
    fn names_of_attributes_are_plain_letters_and_small_in_a_sentence() {
        assert!(Attribute::ALL.iter().all(|attribute| attribute.name().is_ascii()));
        assert_eq!(in_sentence(Attribute::LastName), "last name");
        assert_eq!(in_sentence(Attribute::LocalId), "local unique ID");
    }
}
