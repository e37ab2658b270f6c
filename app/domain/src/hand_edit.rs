//! Values that somebody changed by hand since a file last set them: the next file does not overwrite them unsaid.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    dictionary::{Attribute, Value},
    event::{AccountFact, Event},
    values::ids::{AccountId, Timestamp},
};

/// One value that was changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandEdit {
    /// What was there before anybody changed it by hand: what the last file set.
    pub before: Option<Value>,
    /// When it was changed last.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<AccountId>,
}

/// An account's values that were changed by hand, each once.
pub type HandEdits = BTreeMap<Attribute, HandEdit>;

/// A cell of a file that does not overwrite what was changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    pub attribute: Attribute,
    /// What stays.
    pub stays: Option<Value>,
    /// What the file says.
    pub in_file: Option<Value>,
    /// When it was changed by hand.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<AccountId>,
}

/// Notes what an event says of values changed by hand, or by a file.
pub fn follow(edits: &mut HandEdits, event: &Event) {
    let changes = match event.fact.of_account() {
        Some(AccountFact::Changed { changes }) => changes,
        // Another organisation has files of its own.
        Some(AccountFact::Moved { .. }) => return edits.clear(),
        _ => return,
    };
    for change in changes {
        match event.channel {
            Channel::Portal | Channel::Undo => {
                let before = edits
                    .remove(&change.attribute)
                    .map_or(change.before.clone(), |edit| edit.before);
                if before != change.after {
                    let (at, by) = (event.at, event.actor);
                    edits.insert(change.attribute, HandEdit { before, at, by });
                }
            }
            Channel::PortalCsv | Channel::EmailCsv | Channel::ChangeFile | Channel::Api => {
                edits.remove(&change.attribute);
            }
            Channel::Organisations | Channel::System => {}
        }
    }
}
