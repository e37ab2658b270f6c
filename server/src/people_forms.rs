//! What is posted by the forms about one person: a new account or contact, or other details of one. What is sound is
//! planned and shown as "Check your answers"; anything else is shown again with all that was typed.

mod typed;

use app::{
    forms::{FROM, FormState, MovedDetail, SEEN, Subject},
    islands::{ADDRESS_CHOICE, ANOTHER, KEPT},
    routes,
};
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    absence::Stay,
    dictionary::{Attribute, Attributes},
    ids::{SubmissionId, Timestamp},
    organisation::OrganisationCode,
    policy::Actor,
    request::{Cells, Wish},
    text,
};
use gate::{Asked, Gate, GateError, Visit, calendar};
use uuid::Uuid;

use self::typed::{Sent, Typed, cut, is_account_address, is_same};
use crate::{asker::failed, lives::absence, render::Renderer};

/// `POST /accounts`: a new account.
pub(crate) async fn create_account(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    create(&gate, &renderer, &actor, Subject::NewAccount, Wish::NewAccount, request).await
}

/// `POST /contacts`: a new contact.
pub(crate) async fn create_contact(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    create(&gate, &renderer, &actor, Subject::NewContact, Wish::Contact, request).await
}

/// `POST /accounts/{id}/edit`: other details of an account.
pub(crate) async fn edit_account(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    edit(&gate, &renderer, &actor, id.parse().ok().map(Subject::Account), request).await
}

/// `POST /contacts/{id}/edit`: other details of a contact.
pub(crate) async fn edit_contact(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    edit(&gate, &renderer, &actor, id.parse().ok().map(Subject::Contact), request).await
}

/// What a form comes to.
enum Answer {
    /// It waits to be confirmed.
    Planned(SubmissionId),
    /// It is so already.
    Nothing,
    /// Something is wrong with it.
    Wrong(FormState),
    /// The person was changed meanwhile.
    Moved(FormState),
}

async fn create(
    gate: &Gate,
    renderer: &Renderer,
    actor: &Actor,
    subject: Subject,
    wish: fn(Cells) -> Wish,
    request: Request,
) -> Response {
    let Some((parts, sent)) = Sent::read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(actor);
    let answer = created(&visit, subject, wish, &sent).await;
    // A code that is none is asked for again, and never stands in an address.
    let organisation = OrganisationCode::parse(sent.organisation()).map(|code| code.to_string());
    let organisation = organisation.unwrap_or_default();
    let query = [(Attribute::Organisation.slug(), organisation.as_str())];
    let page = routes::with_query(&subject.form(), &query);
    respond(renderer, parts, subject, &page, answer).await
}

async fn edit(gate: &Gate, renderer: &Renderer, actor: &Actor, subject: Option<Subject>, request: Request) -> Response {
    let Some((parts, sent)) = Sent::read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(subject) = subject else {
        return failed(renderer, parts, &GateError::NotFound).await;
    };
    let visit = gate.on_behalf_of(actor);
    let answer = edited(&visit, subject, &sent).await;
    respond(renderer, parts, subject, &subject.form(), answer).await
}

async fn respond(
    renderer: &Renderer,
    parts: Parts,
    subject: Subject,
    page: &str,
    answer: Result<Answer, GateError>,
) -> Response {
    match answer {
        Ok(Answer::Planned(id)) => Redirect::to(&routes::submission(&id)).into_response(),
        Ok(Answer::Nothing) => {
            let page = routes::with_query(&subject.page(), &[("nothing", "yes")]);
            Redirect::to(&page).into_response()
        }
        Ok(Answer::Wrong(form)) => renderer.form_page(parts, page, form).await,
        Ok(Answer::Moved(form)) => {
            let mut response = renderer.page(parts, page, form).await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::CONFLICT;
            }
            response
        }
        Err(error) => failed(renderer, parts, &error).await,
    }
}

async fn created(
    visit: &Visit<'_>,
    subject: Subject,
    wish: fn(Cells) -> Wish,
    sent: &Sent,
) -> Result<Answer, GateError> {
    // Whoever may create nobody at all is told so, not that an organisation is unknown.
    visit.organisations_for(subject.operation(), 1).await?;
    let nobody = Attributes::default();
    let typed = Typed::read(subject, sent, &nobody);
    let mut form = typed.form(sent, &nobody);
    let stay = stay(subject, sent, &mut form);
    if !form.is_sound() {
        return Ok(Answer::Wrong(form));
    }
    let texts = typed.texts.iter().map(|(attribute, text)| (*attribute, text.as_str()));
    let mut cells = Cells::of(texts.chain([(Attribute::Organisation, sent.organisation())]));
    cells.stay = stay;
    let name = format!(
        "{} {}",
        cells.text(Attribute::FirstName),
        cells.text(Attribute::LastName)
    );
    let title = format!("Create {}", text::line(&name, 240).unwrap_or_default());
    let asked = visit.ask(&title, wish(cells)).await?;
    settle(visit, subject, sent, asked, &mut form)
        .await
        .map(|answer| answer.unwrap_or(Answer::Wrong(form)))
}

/// The first and the last day of somebody who is to have an account; what is wrong with them is told in the form.
fn stay(subject: Subject, sent: &Sent, form: &mut FormState) -> Stay {
    if subject != Subject::NewAccount {
        return Stay::default();
    }
    for field in absence::STAY_FIELDS {
        form.keep(field, &cut(sent.one(field)));
    }
    match absence::read_stay(absence::STAY_FIELDS.map(|field| sent.one(field))) {
        Ok(stay) => stay,
        Err(wrong) => {
            for (field, message) in wrong {
                form.problem(field, &message);
            }
            Stay::default()
        }
    }
}

/// Another first day of somebody who has not started yet; what is wrong with it is told in the form.
fn first_day(person: &Person, sent: &Sent, form: &mut FormState) -> Option<(Attribute, String)> {
    let before = person.starts_at?;
    keep_first_day(sent, form);
    match absence::read_start(absence::START_FIELDS.map(|field| sent.one(field))) {
        Ok(at) if at == before => None,
        Ok(at) => calendar::day_at(at).map(|day| (Attribute::StartDate, day.to_string())),
        Err((field, message)) => {
            form.problem(field, &message);
            None
        }
    }
}

fn keep_first_day(sent: &Sent, form: &mut FormState) {
    for field in absence::START_FIELDS {
        form.keep(field, &cut(sent.one(field)));
    }
}

async fn edited(visit: &Visit<'_>, subject: Subject, sent: &Sent) -> Result<Answer, GateError> {
    let person = Person::read(visit, subject).await?;
    let seen = sent.one(SEEN).parse().unwrap_or_default();
    if seen != person.version {
        return Ok(Answer::Moved(upon_what_moved(visit, &person, seen, sent).await?));
    }
    let mut typed = Typed::read(subject, sent, &person.attributes);
    let mut form = typed.form(sent, &person.attributes);
    typed.texts.extend(first_day(&person, sent, &mut form));
    if !form.is_sound() {
        return Ok(Answer::Wrong(form));
    }
    let asked = match subject {
        Subject::Account(id) => visit.ask_to_edit_account(id, seen, &typed.texts).await,
        Subject::Contact(id) => visit.ask_to_edit_contact(id, seen, &typed.texts).await,
        Subject::NewAccount | Subject::NewContact => Err(GateError::NotFound),
    };
    if let Err(GateError::Stale) = asked {
        let person = Person::read(visit, subject).await?;
        return Ok(Answer::Moved(upon_what_moved(visit, &person, seen, sent).await?));
    }
    settle(visit, subject, sent, asked?, &mut form)
        .await
        .map(|answer| answer.unwrap_or(Answer::Wrong(form)))
}

/// What comes of asking; none where the form has to be shown again, which it is then told why.
async fn settle(
    visit: &Visit<'_>,
    subject: Subject,
    sent: &Sent,
    asked: Asked,
    form: &mut FormState,
) -> Result<Option<Answer>, GateError> {
    let answer = match asked {
        Asked::Planned(id) => Answer::Planned(id),
        Asked::Nothing => Answer::Nothing,
        Asked::Wrong(problems) => {
            for problem in &problems {
                match absence::field_of(problem) {
                    Some(field) => form.problem(field, &problem.to_string()),
                    None => form.refuse(problem),
                }
            }
            return Ok(None);
        }
    };
    withdraw(visit, subject, sent).await?;
    Ok(Some(answer))
}

/// Throws away what the same form asked for before, now that it asks for something else.
async fn withdraw(visit: &Visit<'_>, subject: Subject, sent: &Sent) -> Result<(), GateError> {
    let Some(from) = SubmissionId::parse(sent.one(FROM)) else {
        return Ok(());
    };
    visit.withdraw(&from, |wish| subject.cells_of(wish).is_some()).await
}

/// An account or contact as it is at this moment.
struct Person {
    id: Uuid,
    subject: Subject,
    version: i64,
    attributes: Attributes,
    /// The first day of somebody who has not started yet.
    starts_at: Option<Timestamp>,
}

impl Person {
    async fn read(visit: &Visit<'_>, subject: Subject) -> Result<Self, GateError> {
        let (person, home, unit) = match subject {
            Subject::Account(id) => {
                let (account, home) = visit.account(id).await?;
                let unit = account.unit();
                let person = Self {
                    id: id.0,
                    subject,
                    version: account.version,
                    attributes: account.attributes,
                    starts_at: account.starts_at,
                };
                (person, home, unit)
            }
            Subject::Contact(id) => {
                let (contact, home) = visit.contact(id).await?;
                let unit = contact.unit();
                let person = Self {
                    id: id.0,
                    subject,
                    version: contact.version,
                    attributes: contact.attributes,
                    starts_at: None,
                };
                (person, home, unit)
            }
            Subject::NewAccount | Subject::NewContact => return Err(GateError::NotFound),
        };
        if !visit.may(subject.operation(), &home, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        Ok(person)
    }
}

/// The form again upon what was changed since it was shown: what was typed anew stays, the rest is as it is now,
/// and each detail that moved is told. Nothing is saved, so nothing is overwritten unseen.
async fn upon_what_moved(visit: &Visit<'_>, person: &Person, seen: i64, sent: &Sent) -> Result<FormState, GateError> {
    let versions = person.version.saturating_sub(seen);
    let (moved, then) = visit.moved_since(person.id, &person.attributes, versions).await?;
    let typed = Typed::read(person.subject, sent, &then);
    let mut form = FormState::default();
    form.keep(SEEN, &person.version.to_string());
    form.keep(FROM, &cut(sent.one(FROM)));
    if person.starts_at.is_some() {
        keep_first_day(sent, &mut form);
    }
    let mut details = Vec::new();
    for attribute in person.subject.attributes() {
        let (had, has) = (then.text(attribute), person.attributes.text(attribute));
        let touched = typed.text(attribute).filter(|text| !is_same(text, had));
        if is_account_address(person.subject, attribute) {
            let choice = if touched.is_some() {
                sent.one(ADDRESS_CHOICE)
            } else {
                KEPT
            };
            let another = if choice == ANOTHER {
                sent.one(attribute.slug())
            } else {
                ""
            };
            form.keep(ADDRESS_CHOICE, &cut(choice));
            form.keep(attribute.slug(), &cut(another));
        } else {
            form.keep(attribute.slug(), &cut(touched.unwrap_or(has)));
        }
        let moved = moved.iter().find(|moved| moved.change.attribute == attribute);
        if let Some(moved) = moved {
            details.push(MovedDetail {
                moved: moved.clone(),
                typed: touched.filter(|text| !is_same(text, has)).map(cut),
            });
        }
    }
    form.meanwhile = Some(details);
    Ok(form)
}
