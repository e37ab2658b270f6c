//! What an attribute was and what it becomes.

use domain::{
    absence::Stay,
    dictionary::{Attribute, Value},
    organisation::Site,
    plan::{Change, DayChange},
    values::ids::Timestamp,
};
use leptos::prelude::*;

use crate::{
    components::values,
    forms::absence::{ENDS, STARTS},
    islands::breakable,
    words,
};

/// The form in which something was asked for, with all that was answered there: beside each answer stands the way back to
/// its field.
#[derive(Clone, Debug)]
pub struct AskedIn {
    /// The form's address.
    pub form: String,
    /// Where another organisation is chosen, which may be a step before the form; `None` if there is no choice.
    pub organisation: Option<String>,
}

impl AskedIn {
    /// Where a field is answered.
    fn field(&self, field: &str) -> Option<String> {
        match field {
            field if field == Attribute::Organisation.slug() => self.organisation.clone(),
            field => Some(format!("{}#{field}", self.form)),
        }
    }
}

/// The way back to the field of an answer; nothing where it was not asked for in a form. `what` is what the answer is called.
pub fn change(asked: Option<&AskedIn>, field: &str, what: &str) -> Option<AnyView> {
    let href = asked?.field(field)?;
    let what = format!(" {what}");
    let link = view! { <a href=href>"Change"<span class="nhsuk-u-visually-hidden">{what}</span></a> };
    Some(link.into_any())
}

/// Before → after, an attribute a line, and behind them the days that change. The sites are told by name, as far as they are
/// known.
#[component]
pub fn Changes(
    changes: Vec<Change>,
    #[prop(optional)] sites: Vec<Site>,
    #[prop(optional)] days: Vec<DayChange>,
    #[prop(optional_no_strip)] asked: Option<AskedIn>,
) -> impl IntoView {
    let text = |attribute: Attribute, value: Option<Value>| {
        value.map(|value| values::shown(attribute, value.as_str(), &sites))
    };
    let line = |change: Change| {
        let line = BeforeAfter {
            what: change.attribute.name(),
            before: text(change.attribute, change.before),
            after: text(change.attribute, change.after),
        };
        (line, change.attribute.slug())
    };
    let days = days.iter().map(|day| (day_line(day), field_of_day(day.attribute)));
    let lines = changes.into_iter().map(line).chain(days);
    view! { <Answered lines=lines.collect() asked/> }
}

/// The field in which a day is answered.
fn field_of_day(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::EndDate => ENDS.day,
        _ => STARTS.day,
    }
}

/// A day of somebody's stay that changes.
fn day_line(day: &DayChange) -> BeforeAfter {
    BeforeAfter {
        what: day.attribute.name(),
        before: day.before.map(words::day),
        after: day.after.map(words::day),
    }
}

/// Anything that was one thing and becomes another; none where it was, or becomes, nothing.
pub struct BeforeAfter {
    /// What it is.
    pub what: &'static str,
    /// What it was.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// Before → after, a thing a line.
#[component]
pub fn BeforeAfters(lines: Vec<BeforeAfter>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| shown(line, None));
    view! { <dl class="app-changes">{lines.collect_view()}</dl> }
}

/// The same as it was answered in a form: each line with its field there.
#[component]
pub fn Answered(lines: Vec<(BeforeAfter, &'static str)>, asked: Option<AskedIn>) -> impl IntoView {
    let is_asked = asked.is_some();
    let lines = lines.into_iter().map(|(line, field)| {
        let change = change(asked.as_ref(), field, line.what);
        shown(line, change)
    });
    let lines = lines.collect_view();
    view! { <dl class="app-changes" class=("app-changes--asked", is_asked)>{lines}</dl> }
}

fn shown(line: BeforeAfter, change: Option<AnyView>) -> AnyView {
    let (is_new, is_emptied) = (line.before.is_none(), line.after.is_none());
    let text = |text: Option<String>| breakable(&text.unwrap_or_else(|| NONE.to_owned()));
    view! {
        <div class="app-changes__item">
            <dt class="app-changes__attribute">{line.what}</dt>
            <dd class="app-changes__values">
                <span class="nhsuk-u-visually-hidden">"before: "</span>
                <del class="app-changes__before" class=("app-changes__before--empty", is_new) inner_html=text(line.before)></del>
                <span class="app-changes__arrow" aria-hidden="true">" → "</span>
                <span class="nhsuk-u-visually-hidden">", after: "</span>
                <ins class="app-changes__after" class=("app-changes__after--empty", is_emptied) inner_html=text(line.after)></ins>
            </dd>
            {change.map(|change| view! { <dd class="app-changes__change">{change}</dd> })}
        </div>
    }
    .into_any()
}

/// What a new person is given, a line an attribute; the most telling ones first. The sites are told as in [`Changes`].
#[component]
pub fn Given(
    values: Vec<(Attribute, Value)>,
    #[prop(optional)] sites: Vec<Site>,
    #[prop(optional)] stay: Stay,
    #[prop(optional_no_strip)] asked: Option<AskedIn>,
) -> impl IntoView {
    let details = values.into_iter().map(|(attribute, value)| {
        let text = values::shown(attribute, value.as_str(), &sites);
        (attribute.name(), text, attribute.slug())
    });
    let day = |attribute: Attribute, at: Option<Timestamp>| {
        at.map(|at| (attribute.name(), words::day(at), field_of_day(attribute)))
    };
    let days = [
        day(Attribute::StartDate, stay.starts),
        day(Attribute::EndDate, stay.leaves),
    ];
    let lines = details.chain(days.into_iter().flatten()).collect();
    view! { <AnswerLines lines asked/> }
}

/// What was answered, a line an answer: what it is called, what it is, and its field.
#[component]
pub fn AnswerLines(lines: Vec<(&'static str, String, &'static str)>, asked: Option<AskedIn>) -> impl IntoView {
    let is_asked = asked.is_some();
    let line = |(what, text, field): (&'static str, String, &'static str)| {
        let change = change(asked.as_ref(), field, what);
        view! {
            <div>
                <dt>{what}</dt>
                <dd inner_html=breakable(&text)></dd>
                {change.map(|change| view! { <dd class="app-changes__change">{change}</dd> })}
            </div>
        }
    };
    let lines = lines.into_iter().map(line).collect_view();
    // Fifty of them stand on a page of a review: the list alone has a class.
    view! { <dl class="app-changes app-given" class=("app-changes--asked", is_asked)>{lines}</dl> }
}

const NONE: &str = "nothing";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_the_way_back_to_its_field() {
        let asked = AskedIn {
            form: "/accounts/new?from=7Q4K9TZM2X".to_owned(),
            organisation: None,
        };
        let html = |field, what| change(Some(&asked), field, what).map(RenderHtml::to_html);
        let link = html("job-title", "Job title").unwrap();
        assert!(
            link.contains(r#"href="/accounts/new?from=7Q4K9TZM2X#job-title""#),
            "{link}"
        );
        assert!(link.contains("Change<") && link.contains(" Job title<"), "{link}");
        assert_eq!(html("organisation", "Organisation"), None);
        assert!(change(None, "job-title", "Job title").is_none());
    }
}
