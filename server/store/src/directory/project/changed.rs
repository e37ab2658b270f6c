//! What is known of a person once changes are made.

use domain::dictionary::{Attributes, Change};

pub(super) fn changed_by(mut attributes: Attributes, changes: &[Change]) -> Attributes {
    for change in changes {
        attributes.set(change.attribute, change.after.clone());
    }
    attributes
}
