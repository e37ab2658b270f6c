//! Which organisation a row means that gives a name in place of a code.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use super::OrganisationName;
use crate::values::text::fold;

/// As alike as two names are at least, where one is a slip of the pen of the other (Jaro and Winkler's measure).
const ALIKE: f64 = 0.94;

/// Different texts of one plan that are compared with every name. Any further one must be a name as it is written, so that
/// a large file full of wrong names is checked in time.
const MOST_COMPARED: usize = 50;

/// The names of organisations, and what texts were found to mean.
pub(super) struct Names<'a> {
    all: &'a [OrganisationName],
    folded: OnceCell<Vec<[String; 2]>>,
    found: RefCell<HashMap<String, Option<&'a OrganisationName>>>,
}

impl<'a> Names<'a> {
    pub(super) fn of(all: &'a [OrganisationName]) -> Self {
        Self {
            all,
            folded: OnceCell::new(),
            found: RefCell::default(),
        }
    }

    /// The one organisation that is called so, or nearly so; none where several may be meant.
    pub(super) fn nearest(&self, text: &str) -> Option<&'a OrganisationName> {
        let wanted = fold(text);
        if wanted.is_empty() {
            return None;
        }
        let mut found = self.found.borrow_mut();
        if let Some(known) = found.get(&wanted) {
            return *known;
        }
        let is_compared = found.len() < MOST_COMPARED;
        let meant = self.sought(&wanted, is_compared);
        found.insert(wanted, meant);
        meant
    }

    fn sought(&self, wanted: &str, is_compared: bool) -> Option<&'a OrganisationName> {
        let both = |own: &OrganisationName| [fold(&own.name), fold(&own.short_name)];
        let folded = self.folded.get_or_init(|| self.all.iter().map(both).collect());
        let called = || self.all.iter().zip(folded);
        let exact = called().filter(|(_, names)| names.iter().any(|name| name == wanted));
        let is_alike = |name: &String| strsim::jaro_winkler(name, wanted) >= ALIKE;
        match exact.collect::<Vec<_>>().as_slice() {
            [(one, _)] => Some(*one),
            [] if is_compared => {
                let alike = called().filter(|(_, names)| names.iter().any(is_alike));
                match alike.collect::<Vec<_>>().as_slice() {
                    [(one, _)] => Some(*one),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
