//! What a page is given when a form comes back: what is wrong with it, and all that was typed.

use crate::visitor::Failure;

/// A form that is shown again, or a failure that is shown in its place.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    problems: Vec<(&'static str, String)>,
    values: Vec<(&'static str, String)>,
    /// What could not be done at all.
    pub failure: Option<Failure>,
}

impl FormState {
    /// Keeps what was typed into a field.
    pub fn keep(&mut self, field: &'static str, value: &str) {
        self.values.push((field, value.to_owned()));
    }

    /// Says what is wrong with a field.
    pub fn problem(&mut self, field: &'static str, message: &str) {
        self.problems.push((field, message.to_owned()));
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// All that is wrong, field by field.
    #[must_use]
    pub fn problems(&self) -> &[(&'static str, String)] {
        &self.problems
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem_of(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, message)| message.clone())
    }

    /// What was typed into a field.
    #[must_use]
    pub fn value_of(&self, field: &str) -> String {
        self.values
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }
}
