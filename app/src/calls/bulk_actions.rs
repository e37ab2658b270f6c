//! One thing for many accounts, as a list or the page of a submission posts it: what is still missing is asked for, then
//! all of it becomes one submission, which waits to be confirmed like a file's.

use domain::{
    channel::Operation,
    dictionary::Attribute,
    life::Turn,
    organisation::OrganisationCode,
    problem::{Problem, in_sentence},
    request::{CLEAR, Cells},
    rules::Rules,
    values::ids::{RowNumber, SubmissionId, Timestamp},
};
use gate::{Act, ActKind, CHANGED_FOR_MANY, Gate, GateError, MOST_AT_ONCE, Visit, Whom, calendar};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
    submissions::wait_for_check,
};
use crate::{
    forms::{
        DETAIL, EMPTY, FormState, VALUE,
        absence::{self, Stage},
        leaving::{self, Leaving},
    },
    routes,
    searches::people::{EXPORT, Search, WHOM, whom},
    visitor::Visitor,
};

/// Fields that are shown again as they were sent, besides whom it is about, the search, and when they leave.
const KEPT: [&str; 7] = ["act", "organisation", "site", "unit", DETAIL, VALUE, EMPTY];

/// What is said where nothing was chosen to be done.
const NO_ACT: &str = "Choose what should be done.";

/// Do one thing for many accounts, or take them away as a file.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/people", endpoint = "actions", protocol = HtmlForm)]
pub async fn act_on_many(
    /// What is done, for whom, and how.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    Ok(acted(&visitor.gate, &visitor.acts()?, &said).await?)
}

async fn acted(gate: &Gate, visit: &Visit<'_>, said: &Fields) -> Result<Answer, GateError> {
    let mut form = kept(said);
    // Nobody is asked for more about what they may not do.
    let kind = ActKind::from_slug(said.text("act"));
    if let Some(kind) = kind
        && !visit.acts().await?.contains(&kind)
    {
        return Err(GateError::Denied);
    }
    let Some(whom) = whom(gate.now(), |name| said.joined(name)) else {
        form.problem("whom", "Tick the accounts that you mean, or choose all of them.");
        if kind.is_none() && said.text("act") != EXPORT {
            form.problem("act", NO_ACT);
        }
        return Ok(again(said, form));
    };
    let next = match said.text("act") {
        EXPORT => Next::Export,
        _ => match kind {
            Some(ActKind::Turn(Turn::MarkLeaver)) => leaving(said, &mut form, gate.now()),
            Some(ActKind::Turn(Turn::Disable)) => away(said, &mut form, gate),
            Some(ActKind::Turn(turn)) => Next::Ask(Act::Turn(turn)),
            Some(ActKind::Move) => going(visit, said, &mut form).await?,
            Some(ActKind::Change) => changing(said, &mut form, gate.rules()),
            None => {
                form.problem("act", NO_ACT);
                Next::Missing
            }
        },
    };
    if matches!(next, Next::Missing) && form.is_sound() && visit.how_many(&whom).await? == 0 {
        form.problem("whom", &unwanted(&GateError::NotFound));
        return Ok(again(said, form));
    }
    match next {
        Next::Missing if said.text("step").is_empty() && !form.is_sound() => Ok(again(said, form)),
        Next::Missing if form.is_sound() => Ok(Answer::Page(at::<ActOnMany>().to_owned(), Box::new(form))),
        Next::Missing => Ok(Answer::again(at::<ActOnMany>(), form)),
        Next::Export => Ok(Answer::Export(Box::new((whom, search(said))))),
        Next::Ask(act) => match ask(visit, &whom, &act).await {
            Ok(id) => {
                wait_for_check(visit, &id).await;
                Ok(Answer::Go(routes::submission(&id)))
            }
            Err(error @ (GateError::NotFound | GateError::Unanswered)) => {
                form.problem("whom", &unwanted(&error));
                Ok(again(said, form))
            }
            Err(error) => Err(error),
        },
    }
}

/// What is done with what was sent.
enum Next {
    /// More must be said, or said otherwise.
    Missing,
    /// They are taken away as a file.
    Export,
    /// It is asked for.
    Ask(Act),
}

async fn ask(visit: &Visit<'_>, whom: &Whom, act: &Act) -> Result<SubmissionId, GateError> {
    let many = visit.how_many(whom).await?;
    visit.ask_for_many(&title(act, many), whom, act).await
}

/// What the submission is called in lists.
fn title(act: &Act, many: u64) -> String {
    let (accounts, leavers) = if many == 1 {
        ("1 account".to_owned(), "leaver")
    } else {
        (format!("{many} accounts"), "leavers")
    };
    match act {
        Act::Turn(Turn::MarkLeaver) => format!("Mark {accounts} as {leavers}"),
        Act::Turn(Turn::KeepOn) => format!("Undo the leaving of {accounts}"),
        Act::Turn(turn) => format!("{} {accounts}", turn.name()),
        Act::Leave(at) => format!("Mark {accounts} as {leavers} on {}", calendar::day(*at)),
        Act::Away(_) => format!("{} {accounts}", Turn::Disable.name()),
        Act::Move(cells) => format!("Transfer {accounts} to {}", cells.text(Attribute::Organisation)),
        Act::Change(cells) => {
            let details: Vec<_> = cells.texts.keys().map(|detail| in_sentence(*detail)).collect();
            format!("Change {} for {accounts}", details.join(" and "))
        }
    }
}

fn unwanted(error: &GateError) -> String {
    match error {
        GateError::Unanswered => {
            format!("You chose more than {MOST_AT_ONCE} accounts. Narrow the search, and do it in several steps.")
        }
        _ => "None of these accounts exists any more. Choose again.".to_owned(),
    }
}

/// When they leave: today, or on a day ahead.
fn leaving(said: &Fields, form: &mut FormState, now: Timestamp) -> Next {
    match Leaving::read(said, now, None) {
        Ok(Leaving::Today) => Next::Ask(Act::Turn(Turn::MarkLeaver)),
        Ok(Leaving::Ahead(at)) => Next::Ask(Act::Leave(at)),
        // It was not asked for yet.
        Err(("when", _)) if said.text("step").is_empty() => Next::Missing,
        Err((field, message)) => {
            form.problem(field, &message);
            Next::Missing
        }
    }
}

/// Until when they are away, and why.
fn away(said: &Fields, form: &mut FormState, gate: &Gate) -> Next {
    let (now, timers) = (gate.now(), &gate.rules().timers);
    match absence::read(said, now, Stage::UnderWay, None, timers) {
        Ok(absence) => Next::Ask(Act::Away(absence)),
        // It was not asked for yet.
        Err(_) if said.text("step").is_empty() => Next::Missing,
        Err(wrong) => {
            for (field, message) in wrong {
                form.problem(field, &message);
            }
            Next::Missing
        }
    }
}

/// Where they go: the organisation, then the place in it, where there are places to choose from.
async fn going(visit: &Visit<'_>, said: &Fields, form: &mut FormState) -> Result<Next, GateError> {
    let Ok(code) = OrganisationCode::parse(said.text("organisation")) else {
        if !said.text("step").is_empty() {
            form.problem("organisation", "Choose an organisation.");
        }
        return Ok(Next::Missing);
    };
    let (organisation, whole) = match visit.organisation_for(Operation::TransferAccount, &code).await {
        Err(GateError::NotFound) => {
            form.problem("organisation", "Choose an organisation from the list.");
            return Ok(Next::Missing);
        }
        found => found?,
    };
    let has_places = !organisation.sites.is_empty() || !organisation.units.is_empty();
    let is_placed = !said.text("place").is_empty();
    if has_places && !is_placed {
        return Ok(Next::Missing);
    }
    // What was answered before for another organisation is carried along, and is no place in this one.
    let place = |field| if is_placed { said.text(field) } else { "" };
    if !whole && place("unit").is_empty() {
        form.problem("unit", "Choose a unit.");
        return Ok(Next::Missing);
    }
    Ok(Next::Ask(Act::Move(Box::new(Cells::of([
        (Attribute::Organisation, code.as_str()),
        (Attribute::Site, place("site")),
        (Attribute::Unit, place("unit")),
    ])))))
}

/// Which detail becomes what for all of them.
fn changing(said: &Fields, form: &mut FormState, rules: &Rules) -> Next {
    let is_asked = !said.text("step").is_empty();
    let detail = CHANGED_FOR_MANY
        .into_iter()
        .find(|detail| detail.slug() == said.text(DETAIL));
    let Some(detail) = detail else {
        if is_asked {
            form.problem(DETAIL, "Choose the detail that you want to change.");
        }
        return Next::Missing;
    };
    let is_emptied = !said.text(EMPTY).is_empty();
    let wrong = match (said.given(VALUE), is_emptied) {
        // It was not asked for yet.
        (None, false) => return Next::Missing,
        (Some(""), false) => format!("Enter the {}.", in_sentence(detail)),
        (None | Some(""), true) => return change(detail, CLEAR),
        (Some(_), true) => "Enter a value or tick the box below, not both.".to_owned(),
        (Some(CLEAR), false) => return change(detail, CLEAR),
        (Some(text), false) => match detail.parse(text, ';', rules) {
            Ok(_) => return change(detail, text),
            Err(kind) => Problem::in_cell(RowNumber(1), detail, text, kind).to_string(),
        },
    };
    form.problem(VALUE, &wrong);
    Next::Missing
}

fn change(detail: Attribute, text: &str) -> Next {
    Next::Ask(Act::Change(Box::new(Cells::of([(detail, text)]))))
}

fn search(said: &Fields) -> Search {
    Search::of_fields(|field| said.joined(field))
}

/// All of it, to be shown again.
fn kept(said: &Fields) -> FormState {
    let mut form = FormState::default();
    for (name, value) in search(said).fields() {
        form.keep(name, &value);
    }
    for name in WHOM {
        form.keep(name, &said.joined(name));
    }
    let dates = leaving::FIELDS.into_iter().chain(absence::FIELDS.into_iter().skip(1));
    for name in KEPT.into_iter().chain(dates) {
        form.keep(name, said.text(name));
    }
    form
}

/// The page that it came from, with what is wrong.
fn again(said: &Fields, form: FormState) -> Answer {
    let from_list = !matches!(said.text("whom"), "upload" | "asked");
    let path = match from_list {
        true => search(said).path(),
        false => at::<ActOnMany>().to_owned(),
    };
    Answer::again(path, form)
}

#[cfg(test)]
mod tests {
    use domain::{absence::Absence, values::email_address::MailDomain};

    use super::*;

    #[test]
    fn when_they_leave_is_not_missed_before_it_is_asked_for() {
        let missed = |step: &str| {
            let mut form = FormState::default();
            let next = leaving(&Fields::of(&[("step", step)]), &mut form, Timestamp(1_795_262_400_000));
            assert!(matches!(next, Next::Missing));
            form.problem_of("when")
        };
        assert_eq!(missed(""), None);
        assert_eq!(missed("details").as_deref(), Some("Choose when they leave."));
    }

    #[test]
    fn what_is_asked_for_is_named_with_its_count() {
        assert_eq!(title(&Act::Turn(Turn::Disable), 1), "Disable 1 account");
        assert_eq!(title(&Act::Away(Absence::default()), 2), "Disable 2 accounts");
        assert_eq!(title(&Act::Turn(Turn::MarkLeaver), 312), "Mark 312 accounts as leavers");
        let cells = Cells::of([(Attribute::Organisation, "RIV01")]);
        assert_eq!(title(&Act::Move(Box::new(cells)), 2), "Transfer 2 accounts to RIV01");
        let cells = Cells::of([(Attribute::JobTitle, "Porter")]);
        assert_eq!(
            title(&Act::Change(Box::new(cells)), 12),
            "Change job title for 12 accounts"
        );
    }

    #[test]
    fn a_detail_is_changed_once_it_is_said_to_what() {
        let rules = Rules::standard(MailDomain::parse("health.example").unwrap());
        let said = |fields: &[(&str, &str)]| {
            let mut form = FormState::default();
            let next = changing(&Fields::of(fields), &mut form, &rules);
            let asked = match next {
                Next::Ask(Act::Change(cells)) => Some(cells.texts.into_iter().collect::<Vec<_>>()),
                _ => None,
            };
            (
                asked,
                form.problems()
                    .first()
                    .map(|(field, said)| (field.to_string(), said.clone())),
            )
        };
        let step = ("step", "details");
        assert_eq!(said(&[]), (None, None));
        let wrong = |field: &str, message: &str| (None, Some((String::from(field), message.to_owned())));
        let choose = wrong("detail", "Choose the detail that you want to change.");
        assert_eq!(said(&[step, ("detail", "first-name")]), choose);
        assert_eq!(said(&[step, ("detail", "department")]), (None, None));
        let enter = wrong("value", "Enter the department.");
        assert_eq!(said(&[step, ("detail", "department"), ("value", " ")]), enter);
        let (asked, problem) = said(&[step, ("detail", "quota"), ("value", "9x")]);
        let (field, told) = problem.unwrap();
        assert_eq!((asked, field.as_str()), (None, "value"));
        assert!(told.contains("Enter a whole number of gigabytes from 1 to "), "{told}");
        let becomes = |text: &str| (Some(vec![(Attribute::Department, text.to_owned())]), None);
        let cardiology = [step, ("detail", "department"), ("value", "Cardiology")];
        assert_eq!(said(&cardiology), becomes("Cardiology"));
        assert_eq!(
            said(&[step, ("detail", "department"), ("value", ""), ("empty", "yes")]),
            becomes(CLEAR)
        );
    }
}
