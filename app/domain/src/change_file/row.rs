//! One row of a change file, as it was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Action, ChangeFault, Field};
use crate::{customer::CustomerNumber, password::OneTimePassword};

/// One row of a change file, as it was written: nothing of it has been checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// Whose file it stands in.
    pub customer: CustomerNumber,
    /// Its action, as written; empty if there is none.
    pub action: String,
    /// Its filled fields besides the action: what stands between two commas alone is absent, `""` has no characters. The
    /// password never stands here.
    pub fields: BTreeMap<Field, String>,
    /// Its values and the header's headings, where it has more or fewer values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surplus: Option<(usize, usize)>,
    /// What is kept of its password, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_time: Option<OneTimePassword>,
    /// What was noticed while it was read; what is more than a notice keeps the row from being applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<ChangeFault>,
}

impl ChangeRow {
    /// A row of this action and these fields.
    #[must_use]
    pub fn of<'a>(customer: CustomerNumber, action: &str, fields: impl IntoIterator<Item = (Field, &'a str)>) -> Self {
        Self {
            customer,
            action: action.to_owned(),
            fields: fields
                .into_iter()
                .map(|(field, text)| (field, text.to_owned()))
                .collect(),
            surplus: None,
            one_time: None,
            notices: vec![],
        }
    }

    /// A field's text without blanks around it; `None` if it is absent, empty if it is `""`.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        self.fields.get(&field).map(|text| text.trim())
    }

    /// A field's text if it has one.
    #[must_use]
    pub fn filled(&self, field: Field) -> Option<&str> {
        self.text(field).filter(|text| !text.is_empty())
    }

    /// Whether a field stands in the row, `""` too.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Action => !self.action.trim().is_empty(),
            Field::Password => self.one_time.is_some(),
            field => self.fields.contains_key(&field),
        }
    }

    /// The action, where it is one.
    #[must_use]
    pub fn what(&self) -> Option<Action> {
        Action::read(&self.action)
    }

    /// Whether its person gets no invitation and no notice of it.
    #[must_use]
    pub fn suppresses(&self) -> bool {
        self.filled(Field::SuppressInvitation)
            .is_some_and(|text| text.eq_ignore_ascii_case("SUPPRESS_ALL"))
    }

    /// The addresses that it names, in small letters: its person's, whom their content goes to, and the new one of a Rename.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let new = (self.what() == Some(Action::Rename)).then_some(Field::AltEmailAddress);
        [Some(Field::EmailAddress), Some(Field::AssignTo), new]
            .into_iter()
            .flatten()
            .filter_map(|field| self.filled(field))
            .map(str::to_lowercase)
            .collect()
    }
}
