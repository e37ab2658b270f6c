//! Problems: what is wrong, where, and what to do about it. Every sentence a person reads about bad input is made here.

mod audience;
mod catalogue;
mod causes;
mod faults;
mod hints;
mod kind;
mod place;
mod remark;
mod spot;
mod value;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::{audience::Audience, kind::Kind, place::Place, spot::Spot, value::in_sentence};
use crate::{
    dictionary::Attribute,
    values::{ids::RowNumber, text},
};

/// Something that keeps a row or a file from being applied, or that a person must see first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// The text that has the problem, shortened; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

impl Problem {
    /// What is wrong, as many rows share it: the cell's own value is left out. `Mobile: “…” is not a UK mobile number.`
    #[must_use]
    pub fn shared(&self) -> String {
        self.shared_for(Audience::Portal)
    }

    /// As [`Self::shared`], to its reader.
    #[must_use]
    pub fn shared_for(&self, audience: Audience) -> String {
        let value = if self.value.is_empty() { "" } else { "…" };
        let message = Self {
            value: value.to_owned(),
            kind: self.kind.in_general(),
            ..self.clone()
        }
        .message_for(audience);
        match self.place.attribute() {
            Some(attribute) if !message.starts_with(attribute.name()) => format!("{}: {message}", attribute.name()),
            _ => message,
        }
    }

    /// Longest part of a person's text that is said back to them, in characters.
    const QUOTED: usize = 60;

    /// A problem of one cell, said with the cell's text.
    #[must_use]
    pub fn in_cell(row: RowNumber, attribute: Attribute, text: &str, kind: Kind) -> Self {
        // A secret is not said back, nor kept beside the row.
        let shown = if attribute == Attribute::Password || matches!(kind, Kind::WebPageWithSignIn) {
            ""
        } else {
            text::trimmed(text)
        };
        let mut value: String = shown.chars().take(Self::QUOTED).collect();
        if shown.chars().count() > Self::QUOTED {
            value.push('…');
        }
        Self {
            place: Place::Cell { row, attribute },
            kind,
            value,
        }
    }

    /// A problem of a whole row.
    #[must_use]
    pub const fn in_row(row: RowNumber, kind: Kind) -> Self {
        Self {
            place: Place::Row { row },
            kind,
            value: String::new(),
        }
    }

    /// What is wrong, and what its reader can do about it.
    #[must_use]
    pub fn sentence(&self, audience: Audience) -> String {
        let said = self.message_for(audience);
        match &self.kind {
            // The sentences of change files say both.
            Kind::Change(_) | Kind::ChangeFile(_) => said,
            _ => format!("{said} {}", self.hint(audience)),
        }
    }

    /// What is wrong, to its reader.
    #[must_use]
    pub fn message_for(&self, audience: Audience) -> String {
        match (audience, &self.kind) {
            // A connector manages nothing, and administrators read it too.
            (Audience::Program, Kind::UnknownOrganisation) => {
                format!("The sender does not have the role Connector for “{}”.", self.value)
            }
            _ => self.message(),
        }
    }

    /// A problem of the whole file.
    #[must_use]
    pub const fn in_file(kind: Kind) -> Self {
        Self {
            place: Place::File,
            kind,
            value: String::new(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Audience::Portal))
    }
}

#[cfg(test)]
mod tests;
