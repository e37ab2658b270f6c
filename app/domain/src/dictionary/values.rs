//! Values, and what is known of one person.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Attribute;

/// The word that empties an attribute; an empty cell keeps what is there.
pub const CLEAR: &str = "(clear)";

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

    /// By what somebody is told apart from others of their name: `jem@health.example, local ID 1001`. Empty if they have
    /// neither.
    #[must_use]
    pub fn known_as(&self) -> String {
        let address = self.text(Attribute::EmailAddress).to_owned();
        let local_id = self.get(Attribute::LocalId).map(|id| format!("local ID {id}"));
        let told = Some(address).filter(|address| !address.is_empty());
        told.into_iter().chain(local_id).collect::<Vec<_>>().join(", ")
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
