//! What the form about one person knows besides what was typed.

use domain::{dictionary::Attribute, organisation::Organisation, rules::Rules, values::ids::Timestamp};

use crate::{
    calls::Made,
    forms::{Need, Subject},
};

/// What the form knows besides what was typed.
#[derive(Clone, Debug)]
pub struct About {
    /// Whom it is about.
    pub subject: Subject,
    /// Where the person belongs, with those of its sites and units that may be chosen.
    pub home: Organisation,
    /// Whether a person may be there without a unit.
    pub whole: bool,
    /// The way to another organisation, in words and as a path.
    pub elsewhere: Option<(&'static str, String)>,
    /// The address that an account has; empty for a new one.
    pub address: String,
    /// What would be made from the name.
    pub made: Made,
    /// The operator's numbers and lists.
    pub rules: Rules,
    /// The moment it is.
    pub now: Timestamp,
    /// Whether it is about somebody who has not started yet: then their first day can be changed.
    pub starts: bool,
}

/// The attribute's name, and whether the form can be without it.
pub(super) fn label(about: &About, attribute: Attribute) -> String {
    Need::of(attribute, about.subject, about.whole).label(attribute.name())
}
