//! A row's cells, as they were written.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    absence::Stay,
    dictionary::{Attribute, CLEAR},
    organisation::OrganisationCode,
    password::OneTimePassword,
    values::{ids::RowNumber, names, text},
};

/// Why the text of a cell is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellMark {
    /// The spreadsheet shows an error, such as `#N/A`.
    Error(String),
    /// A formula whose result was never worked out.
    NotCalculated,
}

/// A quoted cell that is never closed, or has text behind its closing mark: where the cell really ends nobody can say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenQuotes {
    /// Further rows of the file that may be part of the cell, and were not read: none is lost unseen.
    pub swallowed: Vec<RowNumber>,
    /// The first of the rows that stand within the marks and look like rows of their own: they were read as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<RowNumber>,
}

/// A row's cells that are not empty, as written, and how a cell's values are parted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// Parts the values of a many-valued attribute.
    pub separator: char,
    /// The texts.
    pub texts: BTreeMap<Attribute, String>,
    /// The row has more cells than there are headings: how many cells, and how many headings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surplus: Option<(usize, usize)>,
    /// What stands in the cells that have no heading; and the rest of a row, as it stands, from a broken cell on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surplus_texts: Vec<String>,
    /// Cells whose text is not to be believed, with what is wrong with each; a problem of the cell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<Attribute, CellMark>,
    /// What is wrong with the quotation marks of the row, where a cell of it is broken; a problem of the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<BrokenQuotes>,
    /// What stands in cells of the file that are read as something else, as its sender said of the whole file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub written: BTreeMap<Attribute, String>,
    /// What stood in the cells of the file that its sender has mended in the page.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mended: BTreeMap<Attribute, String>,
    /// Cells that are to overwrite what was changed by hand.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub overruling: BTreeSet<Attribute>,
    /// What its sender has decided about the row as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What came of the row's one-time password. Its text is taken out of the row before anything is planned or kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_time: Option<OneTimePassword>,
    /// The first and the last day of somebody new.
    #[serde(default, skip_serializing_if = "Stay::is_open")]
    pub stay: Stay,
}

/// What somebody decides about one row of their file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It is not applied.
    Skip,
    /// It is applied, although it may be about somebody who is here already.
    Include {
        /// The warnings that were shown, as they are said; one that comes later is asked about again.
        seen: Vec<String>,
    },
}

impl Cells {
    /// A row of these texts, `;` between many values; empty ones are left out.
    pub fn of<'a>(texts: impl IntoIterator<Item = (Attribute, &'a str)>) -> Self {
        let filled = texts.into_iter().filter(|(_, text)| !text::is_blank(text));
        let texts = filled.map(|(attribute, text)| (attribute, text.to_owned())).collect();
        Self {
            separator: ';',
            texts,
            surplus: None,
            surplus_texts: vec![],
            marks: BTreeMap::new(),
            broken: None,
            written: BTreeMap::new(),
            mended: BTreeMap::new(),
            overruling: BTreeSet::new(),
            decision: None,
            one_time: None,
            stay: Stay::default(),
        }
    }

    /// Takes the text of the one-time password out, exactly as written. The word that would clear the cell stays: it is no
    /// password.
    pub fn take_password(&mut self) -> Option<String> {
        if self.clears(Attribute::Password) {
            return None;
        }
        self.texts.remove(&Attribute::Password)
    }

    /// Puts another one-time password, or none, in place of the file's.
    pub fn mend_password(&mut self, password: Option<OneTimePassword>) {
        self.texts.remove(&Attribute::Password);
        self.one_time = password;
        // That it was mended is told; what the file had there is not kept.
        self.mended.insert(Attribute::Password, String::new());
    }

    /// Whether its sender has skipped the row.
    #[must_use]
    pub const fn is_skipped(&self) -> bool {
        matches!(self.decision, Some(Decision::Skip))
    }

    /// Writes another text into a cell, and keeps what the file has there.
    pub fn mend(&mut self, attribute: Attribute, text: &str) {
        self.marks.remove(&attribute);
        let had = match text::trimmed(text) {
            "" => self.texts.remove(&attribute),
            text => self.texts.insert(attribute, text.to_owned()),
        };
        let had = had.unwrap_or_default();
        if text::trimmed(&had) == self.text(attribute) {
            return;
        }
        let had = self.written.get(&attribute).cloned().unwrap_or(had);
        let in_file = self.mended.entry(attribute).or_insert(had).clone();
        if text::trimmed(&in_file) == self.text(attribute) {
            self.mended.remove(&attribute);
        }
    }

    /// The cell's text as written; empty where there is none.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> &str {
        self.texts.get(&attribute).map_or("", String::as_str)
    }

    /// The cell as rows are compared by it; none where it holds nothing that could be a key.
    #[must_use]
    pub fn key(&self, attribute: Attribute) -> Option<String> {
        let is_given = !self.clears(attribute) && !self.marks.contains_key(&attribute);
        is_given.then(|| attribute.compared(self.text(attribute))).flatten()
    }

    /// Whether a whole name in one cell stands for a first or a last name that has no cell of its own.
    #[must_use]
    pub fn needs_whole_name(&self) -> bool {
        let has = |attribute| self.texts.contains_key(&attribute);
        has(Attribute::WholeName) && !(has(Attribute::FirstName) && has(Attribute::LastName))
    }

    /// First and last name as written, where need be from a whole name.
    #[must_use]
    pub fn names(&self) -> (String, String) {
        let [first, last] =
            [Attribute::FirstName, Attribute::LastName].map(|name| text::trimmed(self.text(name)).to_owned());
        let whole = names::split(self.text(Attribute::WholeName)).filter(|_| self.needs_whole_name());
        let Some(whole) = whole else { return (first, last) };
        let or = |own: String, other| if own.is_empty() { other } else { own };
        (or(first, whole.first), or(last, whole.last))
    }

    /// The code of an organisation that the cell holds.
    #[must_use]
    pub fn code(&self, attribute: Attribute) -> Option<OrganisationCode> {
        OrganisationCode::parse(&self.key(attribute)?).ok()
    }

    /// The cell's text as its sender knows it: what the file has there, unless they have mended it since.
    #[must_use]
    pub fn as_written(&self, attribute: Attribute) -> &str {
        match self.written.get(&attribute) {
            Some(text) if !self.mended.contains_key(&attribute) => text,
            _ => self.text(attribute),
        }
    }

    /// Whether the cell asks for its attribute to be emptied.
    #[must_use]
    pub fn clears(&self, attribute: Attribute) -> bool {
        text::trimmed(self.text(attribute)).eq_ignore_ascii_case(CLEAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mended_cell_keeps_what_the_file_has_there() {
        let mut cells = Cells::of([(Attribute::Mobile, "0770"), (Attribute::Unit, "ward 9 ")]);
        cells.mend(Attribute::Mobile, " 07700 900123 ");
        cells.mend(Attribute::Mobile, "07700 900124");
        cells.mend(Attribute::Unit, "ward 9");
        cells.mend(Attribute::Site, "RIV01");
        assert_eq!(cells.text(Attribute::Mobile), "07700 900124");
        let mended = [(Attribute::Mobile, "0770".to_owned()), (Attribute::Site, String::new())];
        assert_eq!(cells.mended, mended.into());
        cells.written = [(Attribute::Organisation, "Riverside".to_owned())].into();
        cells.texts.insert(Attribute::Organisation, "RIV".to_owned());
        assert_eq!(cells.as_written(Attribute::Organisation), "Riverside");
        cells.mend(Attribute::Organisation, "RIV01");
        assert_eq!(cells.mended[&Attribute::Organisation], "Riverside");
        assert_eq!(cells.as_written(Attribute::Organisation), "RIV01");
        cells.mended.remove(&Attribute::Organisation);
        cells.texts.remove(&Attribute::Organisation);
        cells.mend(Attribute::Mobile, "0770");
        cells.mend(Attribute::Site, "");
        assert!(cells.mended.is_empty(), "{:?}", cells.mended);
        assert_eq!(cells.texts.len(), 2);
    }

    #[test]
    fn a_key_is_the_same_however_a_file_holds_it() {
        for text in [
            "1012",
            "'1012",
            "=\"1012\"",
            "1012.0",
            "\u{200B}1012\u{A0}",
            "10\u{AD}12",
        ] {
            let cells = Cells::of([(Attribute::LocalId, text)]);
            assert_eq!(cells.key(Attribute::LocalId).as_deref(), Some("1012"), "{text:?}");
        }
        for text in ["Peter.O’Hara@health.example ", "<peter.o'hara@HEALTH.example>"] {
            let cells = Cells::of([(Attribute::EmailAddress, text)]);
            let key = cells.key(Attribute::EmailAddress);
            assert_eq!(key.as_deref(), Some("peter.o'hara@health.example"), "{text:?}");
        }
        for text in ["\u{200B}", "(clear)", "NULL", "1.23457E+11", "#N/A"] {
            assert_eq!(
                Cells::of([(Attribute::LocalId, text)]).key(Attribute::LocalId),
                None,
                "{text:?}"
            );
        }
        let cells = Cells::of([(Attribute::Organisation, "=\"riv\"")]);
        assert_eq!(cells.code(Attribute::Organisation), OrganisationCode::parse("RIV").ok());
    }
}
