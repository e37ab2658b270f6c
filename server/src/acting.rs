//! One thing for many accounts, as a list or the page of a submission posts it: what is still missing is asked for, then
//! all of it becomes one submission, which waits to be confirmed like a file's.

use app::{
    forms::FormState,
    people_search::{EXPORT, Search, WHOM, whom},
    routes,
};
use axum::{
    Extension, Form,
    extract::{FromRequest, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    channel::Operation,
    dictionary::Attribute,
    ids::{SubmissionId, Timestamp},
    life::Turn,
    organisation::OrganisationCode,
    policy::Actor,
    request::Cells,
};
use gate::{Act, ActKind, Gate, GateError, MOST_AT_ONCE, Visit, Whom, calendar};

use crate::{
    exports,
    lives::date,
    render::Renderer,
    submissions::{failed, wait_for_check},
};

/// Fields that are shown again as they were sent, besides whom it is about and the search.
const KEPT: [&str; 8] = [
    "act",
    "when",
    "leaving-day",
    "leaving-month",
    "leaving-year",
    "organisation",
    "site",
    "unit",
];

/// `POST /people/actions`.
pub(crate) async fn act(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let Ok(Form(sent)) = <Form<Vec<(String, String)>> as FromRequest<()>>::from_request(rebuilt, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let said = Said(sent);
    let visit = gate.on_behalf_of(&actor);
    let mut form = said.form();
    let Some(whom) = whom(|name| said.all(name)) else {
        form.problem("whom", "Tick the accounts that you mean, or choose all of them.");
        return said.again(&renderer, parts, form).await;
    };
    let next = match said.one("act") {
        EXPORT => Ok(Next::Export),
        slug => match ActKind::from_slug(slug) {
            Some(ActKind::Turn(Turn::MarkLeaver)) => Ok(leaving(&said, &mut form, gate.now())),
            Some(ActKind::Turn(turn)) => Ok(Next::Ask(Act::Turn(turn))),
            Some(ActKind::Move) => going(&visit, &said, &mut form).await,
            None => {
                form.problem("act", "Choose what should be done.");
                Ok(Next::Missing)
            }
        },
    };
    match next {
        Ok(Next::Missing) if said.one("step").is_empty() && !form.is_sound() => {
            said.again(&renderer, parts, form).await
        }
        Ok(Next::Missing) if form.is_sound() => renderer.page(parts, routes::PEOPLE_ACTIONS, form).await,
        Ok(Next::Missing) => renderer.form_page(parts, routes::PEOPLE_ACTIONS, form).await,
        Ok(Next::Export) => match exports::those(&gate, &visit, &whom, &said.search()).await {
            Ok(file) => file,
            Err(error) => failed(&renderer, parts, &error).await,
        },
        Ok(Next::Ask(act)) => match ask(&visit, &whom, &act).await {
            Ok(id) => {
                wait_for_check(&gate, &actor, &id).await;
                Redirect::to(&routes::submission(&id)).into_response()
            }
            Err(error @ (GateError::NotFound | GateError::Unanswered)) => {
                form.problem("whom", &unwanted(&error));
                said.again(&renderer, parts, form).await
            }
            Err(error) => failed(&renderer, parts, &error).await,
        },
        Err(error) => failed(&renderer, parts, &error).await,
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
    let accounts = if many == 1 {
        "1 account".to_owned()
    } else {
        format!("{many} accounts")
    };
    match act {
        Act::Turn(Turn::MarkLeaver) => format!("Mark {accounts} as leaving"),
        Act::Turn(turn) => format!("{} {accounts}", turn.name()),
        Act::Leave(at) => format!("Mark {accounts} as leaving on {}", calendar::day(*at)),
        Act::Move(cells) => format!("Transfer {accounts} to {}", cells.text(Attribute::Organisation)),
    }
}

fn unwanted(error: &GateError) -> String {
    match error {
        GateError::Unanswered => {
            format!("This is about more than {MOST_AT_ONCE} accounts. Narrow the search, and go on in several steps.")
        }
        _ => "None of these accounts is there any more. Choose again.".to_owned(),
    }
}

/// When they leave: today, or on a day ahead.
fn leaving(said: &Said, form: &mut FormState, now: Timestamp) -> Next {
    match said.one("when") {
        "today" => return Next::Ask(Act::Turn(Turn::MarkLeaver)),
        "date" => {}
        _ if said.one("step").is_empty() => return Next::Missing,
        _ => {
            form.problem("when", "Choose when they leave.");
            return Next::Missing;
        }
    }
    let today = calendar::day_of(now);
    match date(["leaving-day", "leaving-month", "leaving-year"].map(|field| said.one(field))) {
        Some(at) if at > today => Next::Ask(Act::Leave(at)),
        Some(at) if at == today => Next::Ask(Act::Turn(Turn::MarkLeaver)),
        Some(_) => {
            form.problem("leaving-day", "The leaving date must be today or in the future.");
            Next::Missing
        }
        None => {
            form.problem("leaving-day", "Enter a leaving date, such as 31 3 2027.");
            Next::Missing
        }
    }
}

/// Where they go: the organisation, then the place in it, where there are places to choose from.
async fn going(visit: &Visit<'_>, said: &Said, form: &mut FormState) -> Result<Next, GateError> {
    let Ok(code) = OrganisationCode::parse(said.one("organisation")) else {
        if !said.one("step").is_empty() {
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
    if has_places && said.one("place").is_empty() {
        return Ok(Next::Missing);
    }
    if !whole && said.one("unit").is_empty() {
        form.problem("unit", "Choose a unit.");
        return Ok(Next::Missing);
    }
    Ok(Next::Ask(Act::Move(Cells::of([
        (Attribute::Organisation, code.as_str()),
        (Attribute::Site, said.one("site")),
        (Attribute::Unit, said.one("unit")),
    ]))))
}

/// What was sent.
struct Said(Vec<(String, String)>);

impl Said {
    fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// All that was sent under one name, parted by spaces.
    fn all(&self, name: &str) -> String {
        let values = self.0.iter().filter(|(field, _)| field == name);
        values.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn search(&self) -> Search {
        Search::of_fields(|field| self.all(field))
    }

    /// All of it, to be shown again.
    fn form(&self) -> FormState {
        let mut form = FormState::default();
        for (name, value) in self.search().fields() {
            form.keep(name, &value);
        }
        for name in WHOM {
            form.keep(name, &self.all(name));
        }
        for name in KEPT {
            form.keep(name, self.one(name));
        }
        form
    }

    /// The page that it came from, with what is wrong.
    async fn again(&self, renderer: &Renderer, parts: Parts, form: FormState) -> Response {
        let from_list = self.one("whom") != "upload";
        let path = match from_list {
            true => self.search().path(),
            false => routes::PEOPLE_ACTIONS.to_owned(),
        };
        renderer.form_page(parts, &path, form).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[(&str, &str)]) -> Said {
        Said(
            parts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_leaving_date_is_a_day_that_there_is_and_lies_ahead() {
        // 21 November 2026, 12:00 UTC.
        let now = Timestamp(1_795_262_400_000);
        let asked = |day: &str, month: &str, year: &str| {
            let mut form = FormState::default();
            let said = said(&[
                ("when", "date"),
                ("leaving-day", day),
                ("leaving-month", month),
                ("leaving-year", year),
            ]);
            matches!(leaving(&said, &mut form, now), Next::Ask(Act::Leave(_))) && form.is_sound()
        };
        assert!(asked("22", "11", "2026") && asked("29", "2", "2028"));
        assert!(
            !asked("21", "11", "2026") && !asked("29", "2", "2027") && !asked("1", "1", "27") && !asked("", "", "")
        );
    }

    #[test]
    fn what_is_asked_for_is_named_with_its_count() {
        assert_eq!(title(&Act::Turn(Turn::Disable), 1), "Disable 1 account");
        assert_eq!(title(&Act::Turn(Turn::MarkLeaver), 312), "Mark 312 accounts as leaving");
        let cells = Cells::of([(Attribute::Organisation, "RIV01")]);
        assert_eq!(title(&Act::Move(cells), 2), "Transfer 2 accounts to RIV01");
    }

    #[test]
    fn ticks_are_all_meant() {
        let said = said(&[("id", "a"), ("act", "disable"), ("id", "b")]);
        assert_eq!((said.all("id").as_str(), said.one("act")), ("a b", "disable"));
    }
}
