//! The few details that people keep of themselves.

use domain::{dictionary::Attribute, policy::OWN_ATTRIBUTES, problem::Problem};
use gate::{Asked, GateError, Moved, Visit};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
};
use crate::{
    forms::{FormState, MovedDetail, SEEN, WHOLE},
    routes,
    visitor::Visitor,
};

/// Change one's own details.
///
/// # Errors
/// Where the server cannot do it.
#[server(prefix = "", endpoint = "me", protocol = HtmlForm)]
pub async fn change_own_details(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let seen = said.one(SEEN).parse().unwrap_or_default();
    let typed = Typed::of(&said);
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let form = match visit.keep_own(seen, &typed.0).await {
        Ok(Asked::Planned(_)) => return Ok(Answer::Go(routes::with_query(routes::OWN, &[("saved", "yes")]))),
        Ok(Asked::Nothing) => return Ok(Answer::Go(routes::with_query(routes::OWN, &[("nothing", "yes")]))),
        Ok(Asked::Wrong(problems)) => typed.with_problems(seen, &problems),
        Err(GateError::Stale) => typed.upon_what_moved(&visit, seen).await?,
        Err(error) => return Err(error.into()),
    };
    Ok(Answer::again(at::<ChangeOwnDetails>(), form))
}

/// What was typed into the fields of one's own details; a field that was not sent is not asked for.
struct Typed(Vec<(Attribute, String)>);

impl Typed {
    fn of(said: &Fields) -> Self {
        // A box that is ticked comes after the field of its name that says no.
        let sent = |attribute: Attribute| Some((attribute, said.all(attribute.slug()).last()?.to_owned()));
        Self(OWN_ATTRIBUTES.into_iter().filter_map(sent).collect())
    }

    /// The form again with all that was typed, each problem at its field.
    fn with_problems(&self, seen: i64, problems: &[Problem]) -> FormState {
        let mut form = FormState::default();
        form.keep(SEEN, &seen.to_string());
        for (attribute, text) in &self.0 {
            form.keep(attribute.slug(), text);
        }
        for problem in problems {
            form.refuse(problem);
        }
        form
    }

    /// The form again upon what was changed meanwhile: what was typed anew stays, the rest is as it is now.
    async fn upon_what_moved(&self, visit: &Visit<'_>, seen: i64) -> Result<FormState, GateError> {
        let own = visit.own().await?;
        let versions = own.version - seen;
        let (moved, then) = visit.moved_since(own.id.0, &own.attributes, versions).await?;
        let mut form = FormState::default();
        form.keep(SEEN, &own.version.to_string());
        for (attribute, text) in &self.0 {
            let now = own.attributes.text(*attribute);
            let untouched = is_said_by(*attribute, text, then.text(*attribute));
            form.keep(attribute.slug(), if untouched { now } else { text });
        }
        let typed = |attribute: Attribute| {
            let text = form.value_of(attribute.slug());
            let is_own = self.0.iter().any(|(own, _)| *own == attribute);
            (is_own && !is_said_by(attribute, &text, own.attributes.text(attribute))).then_some(text)
        };
        let detail = |moved: Moved| MovedDetail {
            typed: typed(moved.change.attribute),
            moved,
        };
        let meanwhile = moved.into_iter().map(detail).collect();
        form.meanwhile = Some(meanwhile);
        form.problem(
            WHOLE,
            "Your record has changed since you opened this page. Check it, then save your changes.",
        );
        Ok(form)
    }
}

/// Whether a field's text says what is there; a box that is not ticked says no.
fn is_said_by(attribute: Attribute, text: &str, there: &str) -> bool {
    let is_unticked = attribute == Attribute::HideMobile && text == "no" && there.is_empty();
    is_unticked || text.replace("\r\n", "\n").trim() == there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticked_box_counts_more_than_the_field_before_it() {
        let box_says = |fields: &[(&str, &str)]| Typed::of(&Fields::of(fields)).0;
        let no = ("hide-mobile", "no");
        assert_eq!(box_says(&[no]), [(Attribute::HideMobile, "no".to_owned())]);
        let ticked = box_says(&[no, ("hide-mobile", "yes")]);
        assert_eq!(ticked, [(Attribute::HideMobile, "yes".to_owned())]);
    }
}
