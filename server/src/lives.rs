//! What is posted about the lives of accounts: turns, passwords, leavers, joiners, transfers. Each becomes a submission of
//! one row that waits to be confirmed; what cannot be done is said where it was asked for.

pub(crate) mod contacts;
pub(crate) mod grants;

use std::collections::HashMap;

use app::{forms::FormState, routes};
use axum::{
    Extension, Form,
    extract::{FromRequest, Path, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    channel::Operation,
    dictionary::Attribute,
    ids::{RowNumber, Timestamp},
    life::Turn,
    organisation::OrganisationCode,
    policy::Actor,
    problem::{Kind, Problem},
    request::{Cells, Wish},
};
use gate::{Asked, Gate, GateError, Visit, calendar};

use crate::{render::Renderer, submissions::failed};

/// The fields of a place that somebody goes to.
const PLACE: [(Attribute, &str); 4] = [
    (Attribute::Organisation, "organisation"),
    (Attribute::Site, "site"),
    (Attribute::Unit, "unit"),
    (Attribute::LocalId, "local-id"),
];

/// The fields of the leaver's form.
const LEAVER: [&str; 4] = ["when", "leaving-day", "leaving-month", "leaving-year"];

/// `POST /accounts/{id}/turns`: a turn in the account's life.
pub(crate) async fn turn(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(turn) = Turn::from_slug(said.text("turn")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let account = match account(&visit, &id).await {
        Ok(account) => account,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let name = account.full_name();
    let (title, wish) = match turn {
        // Who is no leaver yet stays by taking the planned date back.
        Turn::KeepOn if account.status != AccountStatus::Leaver => {
            let account = account.id;
            let title = format!("Take back the leaving date of {name}");
            (title, Wish::Leaving { account, at: None })
        }
        turn => {
            let account = account.id;
            (title_of(turn, &name), Wish::Turn { account, turn })
        }
    };
    let asked = visit.ask(&title, wish).await;
    let page = routes::account(&account.id);
    Reply::at(&renderer, parts, &page, &page).to(asked, |_| None).await
}

/// `POST /accounts/{id}/password-reset`: another one-time link.
pub(crate) async fn reset_password(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let visit = gate.on_behalf_of(&actor);
    let account = match account(&visit, &id).await {
        Ok(account) => account,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let name = account.full_name();
    let title = match account.status {
        AccountStatus::Pending => format!("Send {name} the activation link again"),
        _ => format!("Reset the password of {name}"),
    };
    let wish = Wish::ResetPassword { account: account.id };
    let asked = visit.ask(&title, wish).await;
    let page = routes::account(&account.id);
    Reply::at(&renderer, parts, &page, &page).to(asked, |_| None).await
}

/// `POST /accounts/{id}/leaver`: today, or a date ahead.
pub(crate) async fn leaver(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let account = match account(&visit, &id).await {
        Ok(account) => account,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    if let Err(error) = visit.allowed(Operation::MarkLeaver).await {
        return failed(&renderer, parts, &error).await;
    }
    let form_page = routes::account_part(&account.id, "leaver");
    let mut reply = Reply::at(&renderer, parts, &form_page, &routes::account(&account.id));
    reply.keep(&said, &LEAVER);
    let name = account.full_name();
    let account = account.id;
    let asked = match leaving(&said, gate.now()) {
        Err((field, message)) => return reply.again(field, &message).await,
        Ok(Leaving::Today) => {
            let turn = Turn::MarkLeaver;
            visit.ask(&title_of(turn, &name), Wish::Turn { account, turn }).await
        }
        Ok(Leaving::Ahead(at)) => {
            let title = format!("{name} leaves on {}", calendar::day(at));
            visit.ask(&title, Wish::Leaving { account, at: Some(at) }).await
        }
    };
    let field = |problem: &Problem| match problem.kind {
        Kind::NotADate | Kind::DateInPast | Kind::DateTooFar { .. } => Some("leaving-day"),
        _ => None,
    };
    reply.to(asked, field).await
}

/// `POST /joiners/new`: a leaver of another organisation, by their exact address.
pub(crate) async fn join(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    if let Err(error) = visit.allowed(Operation::Joiner).await {
        return failed(&renderer, parts, &error).await;
    }
    let form_page = routes::with_query(routes::NEW_JOINER, &[("organisation", said.text("organisation"))]);
    let mut reply = Reply::at(&renderer, parts, &form_page, routes::PEOPLE);
    reply.keep(&said, &["email-address"]);
    reply.keep(&said, &PLACE.map(|(_, field)| field));
    let address = said.text("email-address").to_owned();
    if address.is_empty() {
        return reply.again("email-address", "Enter the person’s e-mail address.").await;
    }
    let title = format!("Take in {address}");
    let wish = Wish::Join {
        address,
        cells: said.place(),
    };
    let asked = visit.ask(&title, wish).await;
    let field = |problem: &Problem| matches!(problem.kind, Kind::NoSuchLeaver).then_some("email-address");
    reply.to(asked, field).await
}

/// `POST /accounts/{id}/transfer`: to another organisation that the actor looks after, too.
pub(crate) async fn transfer(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let asked = async {
        let account = account(&visit, &id).await?;
        visit.allowed(Operation::TransferAccount).await?;
        let to = name_of(&visit, said.text("organisation")).await?;
        let title = format!("Transfer {} to {to}", account.full_name());
        let wish = Wish::MoveAccount {
            account: account.id,
            cells: said.place(),
        };
        visit.ask(&title, wish).await
    };
    let asked = asked.await;
    let form_page = routes::account_part(&id, "transfer");
    let form_page = routes::with_query(&form_page, &[("organisation", said.text("organisation"))]);
    let mut reply = Reply::at(&renderer, parts, &form_page, &routes::account(&id));
    reply.keep(&said, &PLACE.map(|(_, field)| field));
    reply.to(asked, |_| None).await
}

/// What a form sent, by the names of its fields.
struct Said(HashMap<String, String>);

impl Said {
    /// A field's text; empty where it was not sent.
    fn text(&self, field: &str) -> &str {
        self.0.get(field).map_or("", |text| text.trim())
    }

    /// The place that somebody goes to.
    fn place(&self) -> Cells {
        Cells::of(PLACE.map(|(attribute, field)| (attribute, self.text(field))))
    }
}

/// Reads a form; none where it is none.
async fn read(request: Request) -> Option<(Parts, Said)> {
    let (parts, body) = request.into_parts();
    let rebuilt = Request::from_parts(parts.clone(), body);
    let form = <Form<HashMap<String, String>> as FromRequest<()>>::from_request(rebuilt, &()).await;
    let Form(sent) = form.ok()?;
    Some((parts, Said(sent)))
}

/// How what was asked for is answered: with its check page, or with the form again.
struct Reply<'a> {
    renderer: &'a Renderer,
    parts: Parts,
    /// The form's page.
    form_page: String,
    /// The page of whom it is about.
    person: String,
    form: FormState,
}

impl<'a> Reply<'a> {
    fn at(renderer: &'a Renderer, parts: Parts, form_page: &str, person: &str) -> Self {
        Self {
            renderer,
            parts,
            form_page: form_page.to_owned(),
            person: person.to_owned(),
            form: FormState::default(),
        }
    }

    /// Keeps what was typed, for the form when it comes again.
    fn keep(&mut self, said: &Said, fields: &[&'static str]) {
        for &field in fields {
            self.form.keep(field, said.text(field));
        }
    }

    /// The form again, with what is wrong with one of its fields.
    async fn again(mut self, field: &'static str, message: &str) -> Response {
        self.form.problem(field, message);
        self.renderer.form_page(self.parts, &self.form_page, self.form).await
    }

    /// What the asking came to. `field` names the field of a problem where its attribute does not.
    async fn to(mut self, asked: Result<Asked, GateError>, field: fn(&Problem) -> Option<&'static str>) -> Response {
        let problems = match asked {
            Ok(Asked::Planned(id)) => return Redirect::to(&routes::submission(&id)).into_response(),
            Ok(Asked::Nothing) => {
                return Redirect::to(&routes::with_query(&self.person, &[("nothing", "yes")])).into_response();
            }
            Ok(Asked::Wrong(problems)) => problems,
            Err(error) => return failed(self.renderer, self.parts, &error).await,
        };
        for problem in &problems {
            match field(problem) {
                Some(field) => self.form.problem(field, &problem.to_string()),
                None => self.form.refuse(problem),
            }
        }
        self.renderer.form_page(self.parts, &self.form_page, self.form).await
    }
}

async fn account(visit: &Visit<'_>, id: &str) -> Result<Account, GateError> {
    let id = id.parse().map_err(|_| GateError::NotFound)?;
    Ok(visit.account(id).await?.0)
}

/// An organisation's name, for titles; what was typed where there is none.
async fn name_of(visit: &Visit<'_>, typed: &str) -> Result<String, GateError> {
    let Ok(code) = OrganisationCode::parse(typed) else {
        return Ok(typed.to_owned());
    };
    let found = visit.named(std::slice::from_ref(&code)).await?;
    let name = found.into_iter().next().map(|organisation| organisation.name);
    Ok(name.unwrap_or_else(|| code.to_string()))
}

fn title_of(turn: Turn, name: &str) -> String {
    match turn {
        Turn::MarkLeaver => format!("Mark {name} as leaver"),
        Turn::KeepOn => format!("{name} is not a leaver after all"),
        turn => format!("{} {name}", turn.name()),
    }
}

/// When somebody leaves.
#[derive(Debug, PartialEq, Eq)]
enum Leaving {
    Today,
    Ahead(Timestamp),
}

/// Reads the leaver's form; otherwise the field that is wrong, and why.
fn leaving(said: &Said, now: Timestamp) -> Result<Leaving, (&'static str, String)> {
    let parts = ["leaving-day", "leaving-month", "leaving-year"].map(|field| said.text(field));
    let is_empty = parts.iter().all(|part| part.is_empty());
    match said.text("when") {
        "today" => return Ok(Leaving::Today),
        "date" => {}
        // A date says by itself that it is one.
        _ if !is_empty => {}
        _ => return Err(("when", "Choose when the person leaves.".to_owned())),
    }
    let wrong = |kind: Kind| Problem {
        value: parts.join(" "),
        ..Problem::in_row(RowNumber(1), kind)
    };
    if is_empty {
        return Err(("leaving-day", wrong(Kind::NotADate).hint()));
    }
    let today = calendar::day_of(now);
    match date(parts) {
        None => Err(("leaving-day", wrong(Kind::NotADate).to_string())),
        Some(at) if at < today => Err(("leaving-day", wrong(Kind::DateInPast).to_string())),
        Some(at) if at == today => Ok(Leaving::Today),
        Some(at) => Ok(Leaving::Ahead(at)),
    }
}

/// A day as it is typed; none where there is no such day.
pub(crate) fn date([day, month, year]: [&str; 3]) -> Option<Timestamp> {
    // A year of two digits may be meant either way.
    let year = year.parse::<i16>().ok().filter(|year| *year >= 1000)?;
    calendar::day_begins(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(when: &str, date: [&str; 3]) -> Said {
        let fields = LEAVER.into_iter().zip([when, date[0], date[1], date[2]]);
        Said(
            fields
                .map(|(field, text)| (field.to_owned(), text.to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_date_of_today_is_today_and_one_that_has_passed_is_refused() {
        // 21 November 2026, 12:00 UTC.
        let now = Timestamp(1_795_262_400_000);
        let read = |when: &str, date: [&str; 3]| leaving(&said(when, date), now);
        assert_eq!(read("today", ["", "", ""]), Ok(Leaving::Today));
        assert_eq!(read("date", ["21", "11", "2026"]), Ok(Leaving::Today));
        let next = calendar::day_begins(2026, 11, 22).unwrap();
        assert_eq!(read("", [" 22", "11", "2026 "]), Ok(Leaving::Ahead(next)));
        let field = |date| read("date", date).unwrap_err();
        assert_eq!(field(["20", "11", "2026"]).0, "leaving-day");
        assert!(field(["31", "2", "2027"]).1.contains("“31 2 2027”"));
        assert_eq!(
            field(["", "", ""]).1,
            "Enter a day, a month and a year, like 27 3 2027."
        );
        assert_eq!(read("", ["", "", ""]).unwrap_err().0, "when");
    }
}
