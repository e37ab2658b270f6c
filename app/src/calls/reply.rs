//! How a verb answers that asks for one thing: with the page that checks it, or with the form again.

use domain::{
    channel::Operation,
    organisation::OrganisationCode,
    problem::Problem,
    request::Wish,
    values::ids::{AccountId, ContactId, SubmissionId},
};
use gate::{Asked, GateError, Visit};

use super::{
    answer::{Answer, Refused},
    form::Fields,
};
use crate::{
    forms::{FROM, FormState, absence},
    routes,
};

/// An answer in the making.
pub(super) struct Reply<'a> {
    visit: &'a Visit<'a>,
    /// The form's page.
    pub(super) form_page: String,
    /// The page of whom it is about.
    pub(super) person: String,
    /// The form, should it come again.
    pub(super) form: FormState,
}

impl<'a> Reply<'a> {
    pub(super) fn at(visit: &'a Visit<'a>, form_page: &str, person: &str) -> Self {
        Self {
            visit,
            form_page: form_page.to_owned(),
            person: person.to_owned(),
            form: FormState::default(),
        }
    }

    /// Keeps what was typed, for the form when it comes again, and what was asked for before.
    pub(super) fn keep(&mut self, said: &Fields, fields: &[&'static str]) {
        for &field in fields.iter().chain(&[FROM]) {
            self.form.keep(field, said.text(field));
        }
    }

    /// The form again, with what is wrong with one of its fields.
    pub(super) fn again(mut self, field: &'static str, message: &str) -> Answer {
        self.form.problem(field, message);
        Answer::again(self.form_page, self.form)
    }

    /// The form again, with all that is wrong.
    pub(super) fn again_with(mut self, wrong: absence::Wrong) -> Answer {
        for (field, message) in wrong {
            self.form.problem(field, &message);
        }
        Answer::again(self.form_page, self.form)
    }

    /// The form again, with what the gate finds wrong besides what is said already.
    pub(super) async fn again_with_others(
        mut self,
        wish: Wish,
        field: fn(&Problem) -> Option<&'static str>,
    ) -> Result<Answer, Refused> {
        for problem in &self.visit.wrong_with(wish).await? {
            self.form.refuse_too(field(problem), problem);
        }
        Ok(Answer::again(self.form_page, self.form))
    }

    /// Asks, in place of what was asked for before. `field` names the field of a problem where its attribute does not.
    pub(super) async fn ask(
        mut self,
        title: &str,
        wish: Wish,
        field: fn(&Problem) -> Option<&'static str>,
    ) -> Result<Answer, Refused> {
        let form = form_of(&wish);
        let next = match self.visit.ask(title, wish).await? {
            Asked::Planned(id) => routes::submission(&id),
            Asked::Nothing => routes::with_query(&self.person, &[("nothing", "yes")]),
            Asked::Wrong(problems) => {
                for problem in &problems {
                    match field(problem) {
                        Some(field) => self.form.problem(field, &problem.to_string()),
                        None => self.form.refuse(problem),
                    }
                }
                return Ok(Answer::again(self.form_page, self.form));
            }
        };
        if let Some(before) = SubmissionId::parse(&self.form.value_of(FROM)) {
            self.visit.withdraw(&before, |wish| form_of(wish) == form).await?;
        }
        Ok(Answer::Go(next))
    }
}

/// What tells forms apart: the operation, and whom it is about.
const fn form_of(wish: &Wish) -> (Operation, Option<AccountId>, Option<ContactId>) {
    (wish.operation(), wish.account(), wish.contact())
}

/// An organisation's name, for titles; what was typed where there is none.
pub(super) async fn name_of(visit: &Visit<'_>, typed: &str) -> Result<String, GateError> {
    let Ok(code) = OrganisationCode::parse(typed) else {
        return Ok(typed.to_owned());
    };
    let found = visit.named(std::slice::from_ref(&code)).await?;
    let name = found.into_iter().next().map(|organisation| organisation.name);
    Ok(name.unwrap_or_else(|| code.to_string()))
}
