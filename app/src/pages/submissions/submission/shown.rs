//! Which rows of a submission the address bar asks for.

use domain::{
    plan::RowKind,
    submission::Outcome,
    values::ids::{RowNumber, SubmissionId},
};
use gate::Filter;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::unknown_filters::UnknownFilters,
    forms::{ALSO, BACK, MENDED, UNCHANGED},
    routes,
};

/// Which rows the address bar asks for.
#[derive(Clone)]
pub(super) struct Shown {
    /// As in the address bar: a kind of row, `stale`, `look-alike`, `left-out`, or empty for all.
    pub(super) show: String,
    pub(super) after: Option<u32>,
    /// The key of a problem that rows share.
    pub(super) problem: Option<String>,
    /// What must stand in a row.
    pub(super) words: String,
    /// The row that was checked last, and what came of it.
    pub(super) mended: Option<(RowNumber, Checked)>,
}

/// What came of checking a row again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// It was changed, and so many others with it.
    Changed(u32),
    /// It is as it was.
    Unchanged,
}

impl Checked {
    /// Reads what the address bar says of it.
    fn read(also: &str) -> Self {
        match also {
            UNCHANGED => Self::Unchanged,
            also => Self::Changed(also.parse().unwrap_or(0)),
        }
    }
}

impl Shown {
    pub(super) fn read() -> Self {
        let query = use_query_map().get_untracked();
        let part = |name: &str| query.get(name).unwrap_or_default();
        Self {
            show: part("show").trim().to_lowercase(),
            // Whoever goes to a row begins with it.
            after: part("row")
                .parse()
                .map(|row: u32| row.saturating_sub(1))
                .or(part("after").parse())
                .ok(),
            problem: Some(part("problem")).filter(|key| !key.is_empty()),
            words: part("find"),
            mended: part(MENDED)
                .parse()
                .ok()
                .map(|row| (RowNumber(row), Checked::read(&part(ALSO)))),
        }
    }

    pub(super) fn filter(&self) -> Filter {
        let done = DONE.into_iter().find(|(show, _)| *show == self.show);
        let done = done.map(|(_, kind)| (kind, Outcome::Done));
        let (kind, outcome) = done.unzip();
        let is_left = |outcome: &Outcome| matches!(outcome, Outcome::Stale | Outcome::LeftOut | Outcome::Superseded);
        let left = Outcome::from_slug(&self.show).filter(is_left);
        Filter {
            kind: kind.or(RowKind::from_slug(&self.show)),
            outcome: outcome.or(left),
            warned: self.show == LOOK_ALIKE,
            open: false,
            after: self.after.map(RowNumber),
            problem: self.problem.clone(),
            words: self.words.clone(),
        }
    }

    /// The address of the same rows, from behind a row on.
    pub(super) fn page(&self, id: &SubmissionId, after: Option<u32>) -> String {
        let there = Self { after, ..self.clone() }.back();
        let query: Vec<_> = there.iter().map(|(name, text)| (*name, text.as_str())).collect();
        format!("{}#rows", routes::with_query(&routes::submission(id), &query))
    }

    /// As [`BACK`] names it.
    pub(super) fn back(&self) -> Vec<(&'static str, String)> {
        let after = self.after.map(|row| row.to_string()).unwrap_or_default();
        let problem = self.problem.clone().unwrap_or_default();
        BACK.into_iter()
            .zip([self.show.clone(), problem, self.words.clone(), after])
            .collect()
    }

    /// What the address asks for and no tile offers.
    pub(super) fn unknown(&self) -> UnknownFilters {
        let mut unknown = UnknownFilters::default();
        let filter = self.filter();
        let is_known = filter.kind.is_some() || filter.outcome.is_some() || filter.warned;
        if !is_known {
            unknown.note(&self.show);
        }
        unknown
    }

    pub(super) fn is_all(&self) -> bool {
        self.show.is_empty() && self.problem.is_none() && self.words.is_empty()
    }
}

pub(super) const LOOK_ALIKE: &str = "look-alike";

/// What became of the rows of a file, where they were not stopped before.
pub(super) const DONE: [(&str, RowKind); 3] = [
    ("created", RowKind::Create),
    ("updated", RowKind::Update),
    ("unchanged", RowKind::NoChange),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_was_checked_and_is_as_it_was_is_told_apart() {
        assert_eq!(Checked::read("unchanged"), Checked::Unchanged);
        assert_eq!(Checked::read("2"), Checked::Changed(2));
        assert_eq!(Checked::read(""), Checked::Changed(0));
    }

    #[test]
    fn rows_that_no_tile_offers_are_told_and_known_ones_are_not() {
        let shown = |show: &str| Shown {
            show: show.to_owned(),
            after: None,
            problem: None,
            words: String::new(),
            mended: None,
        };
        for known in ["", "problem", "created", "stale", "left-out", "superseded", LOOK_ALIKE] {
            assert_eq!(shown(known).unknown().sentence(), None, "{known}");
        }
        let told = "The filter “bogus” is not known and was not used.";
        assert_eq!(shown("bogus").unknown().sentence().as_deref(), Some(told));
    }
}
