//! What somebody asks for, row by row, as it was written: nothing here has been checked yet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountStatus,
    dictionary::Attribute,
    email_address::EmailAddress,
    ids::{AccountId, RowNumber},
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
};

/// The word that empties an attribute; an empty cell keeps what is there.
pub const CLEAR: &str = "(clear)";

/// One row's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// The row, in the spreadsheet's own numbers; a form is row 1.
    pub row: RowNumber,
    /// What is asked for.
    pub wish: Wish,
    /// The address that was shown for a new account: kept while it is still free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<EmailAddress>,
}

/// What a row can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wish {
    /// An account that is so: made, or changed where it is already here.
    Account(Cells),
    /// A new contact.
    Contact(Cells),
    /// A new organisation.
    Organisation(Organisation),
    /// Another status for an account.
    Status {
        /// Whose.
        account: AccountId,
        /// Which.
        status: AccountStatus,
    },
    /// A role for an account, over an organisation or one of its units.
    Grant {
        /// Who is to hold it.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
    },
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
}

impl Cells {
    /// A row of these texts, `;` between many values; empty ones are left out.
    pub fn of<'a>(texts: impl IntoIterator<Item = (Attribute, &'a str)>) -> Self {
        let filled = texts.into_iter().filter(|(_, text)| !text.trim().is_empty());
        let texts = filled.map(|(attribute, text)| (attribute, text.to_owned())).collect();
        Self {
            separator: ';',
            texts,
            surplus: None,
        }
    }

    /// The cell's text as written; empty where there is none.
    #[must_use]
    pub fn text(&self, attribute: Attribute) -> &str {
        self.texts.get(&attribute).map_or("", String::as_str)
    }

    /// Whether the cell asks for its attribute to be emptied.
    #[must_use]
    pub fn clears(&self, attribute: Attribute) -> bool {
        self.text(attribute).trim().eq_ignore_ascii_case(CLEAR)
    }
}
