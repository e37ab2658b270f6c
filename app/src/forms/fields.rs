//! The fields that a form sends, and reading them.

use std::fmt::{self, Formatter};

use domain::dictionary::{Attribute, Input};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
};

/// What fields say, by their names.
pub type Answers = Vec<(&'static str, String)>;

/// What of a form that came too late is not kept, and must be given once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftOut {
    /// Nothing: all that was typed is there again.
    Nothing,
    /// A password or a code.
    Secret,
    /// The file.
    File,
}

/// Fields of many boxes, besides those of details.
const OF_MANY_BOXES: [&str; 2] = ["id", "everywhere"];

/// All that a form sends, field by field; a field of many boxes comes once for each that is ticked. No form of the portal
/// sends any other field twice with two texts: which of them is meant cannot be known, so that is no form.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's text without the spaces at its ends; empty if it was not sent.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.given(field).unwrap_or_default()
    }

    /// A field's text without the spaces at its ends; `None` if it was not sent.
    #[must_use]
    pub fn given(&self, field: &str) -> Option<&str> {
        self.as_typed(field).map(str::trim)
    }

    /// A field's text with the spaces at its ends, which are part of a password; `None` if it was not sent.
    #[must_use]
    pub fn as_typed(&self, field: &str) -> Option<&str> {
        let own = self.0.iter().find(|(name, _)| name == field);
        own.map(|(_, text)| text.as_str())
    }

    /// A field's text with the spaces at its ends; empty if it was not sent.
    #[must_use]
    pub fn one(&self, field: &str) -> &str {
        self.as_typed(field).unwrap_or_default()
    }

    /// All that was sent under one name.
    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.0.iter().filter(move |(name, _)| name == field);
        own.map(|(_, text)| text.as_str())
    }

    /// All that was sent under one name, parted by spaces.
    #[must_use]
    pub fn joined(&self, field: &str) -> String {
        self.all(field).collect::<Vec<_>>().join(" ")
    }

    /// The fields that another reader has found, in the order in which they were sent.
    #[must_use]
    pub const fn found(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The names of all fields, each as often as it was sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// What a test sends.
    #[cfg(test)]
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Self(fields.iter().map(owned).collect())
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Repeated;

        impl<'de> Visitor<'de> for Repeated {
            type Value = Fields;

            fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
                formatter.write_str("a form's fields")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields, M::Error> {
                let mut fields: Vec<(String, String)> = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                match contradicting(&fields) {
                    Some(field) => Err(Error::custom(format_args!("the field {field} came with two texts"))),
                    None => Ok(Fields(fields)),
                }
            }
        }

        deserializer.deserialize_map(Repeated)
    }
}

/// A field that has two texts and may have one only.
fn contradicting(fields: &[(String, String)]) -> Option<&str> {
    let mut singles: Vec<_> = fields.iter().filter(|(name, _)| !may_repeat(name)).collect();
    singles.sort_unstable();
    singles.dedup();
    let twice = singles.windows(2).find(|pair| pair[0].0 == pair[1].0);
    twice.map(|pair| pair[0].0.as_str())
}

/// Whether a field may come several times: once for each box that is ticked, or once for a box that is not and once for it.
fn may_repeat(name: &str) -> bool {
    let is_of_boxes = |attribute: Attribute| matches!(attribute.input(), Input::Choices | Input::YesOrNo);
    OF_MANY_BOXES.contains(&name) || Attribute::from_slug(name).is_some_and(is_of_boxes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_two_texts_is_refused_but_for_boxes() {
        let owned = |fields: &[(&str, &str)]| Fields::of(fields).0;
        let told = |fields: &[(&str, &str)]| contradicting(&owned(fields)).map(ToOwned::to_owned);
        assert_eq!(
            told(&[("name", "a"), ("days", "7"), ("name", "b")]).as_deref(),
            Some("name")
        );
        assert_eq!(told(&[("name", "a"), ("name", "a")]), None);
        assert_eq!(
            told(&[("id", "a"), ("id", "b"), ("hide-mobile", "no"), ("hide-mobile", "yes")]),
            None
        );
    }

    #[test]
    fn a_field_of_many_boxes_keeps_every_tick() {
        let fields = Fields::of(&[("id", "a"), ("act", " disable "), ("id", "b")]);
        assert_eq!(fields.all("id").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(fields.joined("id"), "a b");
        assert_eq!((fields.text("act"), fields.one("act")), ("disable", " disable "));
        assert_eq!((fields.given("none"), fields.text("none")), (None, ""));
    }
}
