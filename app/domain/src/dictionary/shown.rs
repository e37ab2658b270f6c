//! How pages and letters show a value: as people write it, and with its unit. What is kept and what files hold stays as it is.

use super::{Attribute, Attributes, reading::Reading};
use crate::{customer::FederationType, values::telephone};

impl Attribute {
    /// A value's text as it is shown: `4 GB` for a quota, `07700 900123` for a telephone number.
    #[must_use]
    pub fn shown(self, text: &str) -> String {
        match self.entry().reading {
            Reading::Telephone | Reading::Pager | Reading::Fax | Reading::Mobile => telephone::as_written(text),
            Reading::Federation => match FederationType::from_slug(text) {
                Some(known) => known.name().to_owned(),
                None => text.to_owned(),
            },
            Reading::Quota if !text.is_empty() => format!("{text} GB"),
            Reading::Line
            | Reading::Name
            | Reading::Lines
            | Reading::Key
            | Reading::Address
            | Reading::UserName
            | Reading::YesOrNo
            | Reading::WebPage
            | Reading::Choices(_)
            | Reading::Quota
            | Reading::Language
            | Reading::Country
            | Reading::TimeZone
            | Reading::Day
            | Reading::Reference
            | Reading::Secret => text.to_owned(),
        }
    }
}

impl Attributes {
    /// The attribute's value as it is shown; none where it has none.
    #[must_use]
    pub fn shown(&self, attribute: Attribute) -> Option<String> {
        self.get(attribute).map(|value| attribute.shown(value.as_str()))
    }
}
