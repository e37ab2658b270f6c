//! What a page is given when a form comes back: what is wrong with it, and all that was typed, or what was answered before.

use std::borrow::Cow;

use domain::{
    dictionary::Attribute,
    layout::Layout,
    problem::Problem,
    request::{Cells, Wish},
    values::ids::SubmissionId,
};
use gate::{GateError, Moved, Submission, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    fields::{Answers, Fields, LeftOut},
    names::{ANOTHER_ONE, FROM, PLACE, WHOLE},
};
use crate::{islands::sentence, routes, visitor::Failure};

/// The submission whose answers are being changed, as the address bar names it.
#[must_use]
pub fn said_from() -> Option<SubmissionId> {
    let from = use_query_map().get_untracked().get(FROM)?;
    SubmissionId::parse(&from)
}

/// A place as it was answered.
#[must_use]
pub fn place_of(cells: &Cells) -> Answers {
    let answer = |attribute: Attribute| (attribute.slug(), cells.text(attribute).to_owned());
    PLACE.map(answer).to_vec()
}

/// A form that is shown again, or a failure that is shown in its place.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    problems: Vec<(Cow<'static, str>, String)>,
    values: Vec<(Cow<'static, str>, String)>,
    /// What was sent when nobody was signed in any more, as it is shown again; `None` for any other form.
    pub(super) late: Option<(Fields, LeftOut)>,
    /// What could not be done at all.
    pub failure: Option<Failure>,
    /// A submission that has gone on since its page was opened.
    pub gone_on: Option<Box<Submission>>,
    /// What was changed while the form was filled in; none where nothing was.
    pub meanwhile: Option<Vec<MovedDetail>>,
    /// What was said of a file's columns.
    pub columns: Option<Box<Layout>>,
}

/// A detail that was changed while a form was filled in, by somebody else or in another window.
#[derive(Clone, Debug)]
pub struct MovedDetail {
    /// What it was and is, who changed it and when.
    pub moved: Moved,
    /// What was typed, where that is neither.
    pub typed: Option<String>,
}

impl FormState {
    /// Keeps what was typed into a field, in place of what was kept for it before.
    pub fn keep(&mut self, field: impl Into<Cow<'static, str>>, value: &str) {
        let field = field.into();
        self.values.retain(|(name, _)| *name != field);
        self.values.push((field, value.to_owned()));
    }

    /// Says what is wrong with a field.
    pub fn problem(&mut self, field: impl Into<Cow<'static, str>>, message: &str) {
        self.problems.push((field.into(), message.to_owned()));
    }

    /// Says why the gate would not have it, at the field that it is about.
    pub fn refuse(&mut self, problem: &Problem) {
        let field = problem.place.attribute().map_or(WHOLE, Attribute::slug);
        self.problem(field, &sentence(problem));
    }

    /// Says a problem at its field, `field` or that of its attribute, unless something is said of that already.
    pub fn refuse_too(&mut self, field: Option<&'static str>, problem: &Problem) {
        let message = match field {
            Some(_) => problem.to_string(),
            None => sentence(problem),
        };
        let field = field.unwrap_or_else(|| problem.place.attribute().map_or(WHOLE, Attribute::slug));
        if self.problem_of(field).is_none() {
            self.problem(field, &message);
        }
    }

    /// Fills a form that was not sent yet with what was asked for by it before, as long as its visitor has not decided on
    /// that. `answers` knows the wishes that this very form asks for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fill_in(
        &mut self,
        visit: &Visit<'_>,
        from: Option<&SubmissionId>,
        answers: impl Fn(&Wish) -> Option<Answers>,
    ) -> Result<(), GateError> {
        let Some(from) = from.filter(|_| self.is_fresh()) else {
            return Ok(());
        };
        let open = match visit.open_wish(from).await {
            Err(GateError::NotFound) => return Ok(()),
            open => open?,
        };
        if let Some(answers) = answers(&open.wish) {
            self.keep(FROM, from.as_str());
            let answers = answers.into_iter().map(|(field, text)| (field.into(), text));
            self.values.extend(answers);
        }
        Ok(())
    }

    /// The hidden field by which it goes on to be the same form; nothing where it begins anew.
    #[must_use]
    pub fn carried(&self) -> Option<impl IntoView + use<>> {
        let from = self.value_of(FROM);
        (!from.is_empty()).then(|| view! { <input type="hidden" name=FROM value=from/> })
    }

    /// The organisation that a form of two steps is about: the one that the address bar says, or the one answered before.
    #[must_use]
    pub fn organisation(&self, said: String) -> String {
        match said.is_empty() && self.is_sound() {
            true => self.value_of(Attribute::Organisation.slug()),
            false => said,
        }
    }

    /// Where another organisation is chosen in the first of two steps; what was answered before comes along.
    #[must_use]
    pub fn choice_again(&self, step: &str) -> String {
        let from = self.value_of(FROM);
        let query = [(Attribute::Organisation.slug(), ANOTHER_ONE), (FROM, from.as_str())];
        routes::with_query(step, &query)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether the form was not sent yet: nothing was typed, and so nothing can be wrong.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.is_sound() && self.values.is_empty()
    }

    /// All that is wrong, field by field.
    #[must_use]
    pub fn problems(&self) -> &[(Cow<'static, str>, String)] {
        &self.problems
    }

    /// Tells what is wrong in the order in which the form asks; what is of none of these fields comes last.
    pub fn tell_in_order_of(&mut self, fields: impl Iterator<Item = &'static str>) {
        let order: Vec<_> = fields.collect();
        let place = |field: &str| order.iter().position(|asked| *asked == field);
        self.problems
            .sort_by_key(|(field, _)| place(field).unwrap_or(order.len()));
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem_of(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, message)| message.clone())
    }

    /// Whether something was typed into a field, or it was emptied.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.values.iter().any(|(name, _)| *name == field)
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

    /// What was changed in a detail meanwhile.
    #[must_use]
    pub fn moved(&self, attribute: Attribute) -> Option<&MovedDetail> {
        let mut all = self.meanwhile.iter().flatten();
        all.find(|detail| detail.moved.change.attribute == attribute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_before_names_the_organisation_unless_another_is_wanted() {
        let mut form = FormState::default();
        form.keep("organisation", "RIV01");
        assert_eq!(form.organisation(String::new()), "RIV01");
        assert_eq!(form.organisation("RIV02".to_owned()), "RIV02");
        form.keep(FROM, "7Q4K9TZM2X");
        let again = form.choice_again("/joiners/new");
        assert_eq!(again, "/joiners/new?organisation=another&from=7Q4K9TZM2X");
        form.problem("organisation", "Choose an organisation.");
        assert_eq!(form.organisation(String::new()), "");
    }

    #[test]
    fn problems_are_told_in_the_order_of_the_form() {
        let mut form = FormState::default();
        for field in ["start-day", "mobile", "last-name", "end-day"] {
            form.problem(field, "Enter it.");
        }
        form.tell_in_order_of(["first-name", "last-name", "mobile"].into_iter());
        let told: Vec<_> = form.problems().iter().map(|(field, _)| field.as_ref()).collect();
        assert_eq!(told, ["last-name", "mobile", "start-day", "end-day"]);
    }

    #[test]
    fn a_field_that_is_kept_again_has_its_latest_text() {
        let mut form = FormState::default();
        assert!(form.is_fresh());
        form.keep("title", "Ms");
        form.keep("title", "Dr");
        assert_eq!(form.value_of("title"), "Dr");
        assert!(!form.is_fresh() && form.is_sound());
    }
}
