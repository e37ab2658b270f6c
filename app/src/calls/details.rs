//! Somebody new, or other details of somebody. What is sound is planned and shown as "Check your answers"; anything else is
//! shown again with all that was typed.

use domain::{
    absence::Stay,
    dictionary::{Attribute, Attributes},
    organisation::OrganisationCode,
    plan::cells_that_differ,
    request::{AccountWish, Cells, ContactWish, Wish},
    values::{
        ids::{SubmissionId, Timestamp},
        text,
    },
};
use gate::{Asked, GateError, Visit, calendar};
use uuid::Uuid;

use super::{
    answer::{Answer, Refused},
    form::Fields,
};
use crate::{
    forms::{
        FROM, FormState, MovedDetail, SEEN, Subject, absence,
        typed::{Typed, cut, is_account_address, is_same, organisation},
    },
    islands::{ADDRESS_CHOICE, ANOTHER, KEPT},
    routes,
    visitor::Visitor,
};

/// What a form comes to.
enum Outcome {
    /// It waits to be confirmed.
    Planned(SubmissionId),
    /// It is so already.
    Nothing,
    /// Something is wrong with it.
    Wrong(FormState),
    /// The person was changed meanwhile.
    Moved(FormState),
}

/// Asks for somebody new.
pub(super) async fn create(subject: Subject, wish: fn(Cells) -> Wish, sent: &Fields) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let outcome = created(&visitor.acts()?, subject, wish, sent).await?;
    // A code that is none is asked for again, and never stands in an address.
    let organisation = OrganisationCode::parse(organisation(sent)).map(|code| code.to_string());
    let page = subject.form_in(&organisation.unwrap_or_default());
    Ok(answer(subject, page, outcome))
}

/// Asks for other details of somebody.
pub(super) async fn edit(subject: Subject, sent: &Fields) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let outcome = edited(&visitor.acts()?, subject, sent).await?;
    Ok(answer(subject, subject.form(), outcome))
}

fn answer(subject: Subject, page: String, outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Planned(id) => Answer::Go(routes::submission(&id)),
        Outcome::Nothing => Answer::Go(routes::with_query(&subject.page(), &[("nothing", "yes")])),
        Outcome::Wrong(mut form) => {
            // For whom it is stands before the form, or in a question before it.
            let asked = std::iter::once(Attribute::Organisation).chain(subject.attributes());
            form.tell_in_order_of(asked.map(Attribute::slug));
            Answer::again(page, form)
        }
        Outcome::Moved(form) => Answer::Moved(page, Box::new(form)),
    }
}

async fn created(
    visit: &Visit<'_>,
    subject: Subject,
    wish: fn(Cells) -> Wish,
    sent: &Fields,
) -> Result<Outcome, GateError> {
    // Whoever may create nobody at all is told so, not that an organisation is unknown.
    visit.organisations_for(subject.operation(), 1).await?;
    let nobody = Attributes::default();
    let typed = Typed::read(subject, sent, &nobody);
    let mut form = typed.form(sent, &nobody);
    let stay = stay(subject, sent, &mut form);
    let texts = typed.texts.iter().map(|(attribute, text)| (*attribute, text.as_str()));
    let mut cells = Cells::of(texts.chain([(Attribute::Organisation, organisation(sent))]));
    cells.stay = stay;
    if !form.is_sound() {
        return wrong_besides(visit, wish(cells), form).await;
    }
    let name = format!(
        "{} {}",
        cells.text(Attribute::FirstName),
        cells.text(Attribute::LastName)
    );
    let title = format!("Create {}", text::line(&name, 240).unwrap_or_default());
    let asked = visit.ask(&title, wish(cells)).await?;
    settle(visit, subject, sent, asked, &mut form)
        .await
        .map(|outcome| outcome.unwrap_or(Outcome::Wrong(form)))
}

/// The first and the last day of somebody who is to have an account; what is wrong with them is told in the form.
fn stay(subject: Subject, sent: &Fields, form: &mut FormState) -> Stay {
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
fn first_day(person: &Person, sent: &Fields, form: &mut FormState) -> Option<(Attribute, String)> {
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

fn keep_first_day(sent: &Fields, form: &mut FormState) {
    for field in absence::START_FIELDS {
        form.keep(field, &cut(sent.one(field)));
    }
}

async fn edited(visit: &Visit<'_>, subject: Subject, sent: &Fields) -> Result<Outcome, GateError> {
    let person = Person::read(visit, subject).await?;
    let seen = sent.one(SEEN).parse().unwrap_or_default();
    if seen != person.version {
        return Ok(Outcome::Moved(upon_what_moved(visit, &person, seen, sent).await?));
    }
    let mut typed = Typed::read(subject, sent, &person.attributes);
    let mut form = typed.form(sent, &person.attributes);
    typed.texts.extend(first_day(&person, sent, &mut form));
    if !form.is_sound() {
        let cells = cells_that_differ(&person.attributes, &typed.texts);
        let wish = match subject {
            Subject::Account(account) => Wish::Account(account, AccountWish::Edit(cells)),
            Subject::Contact(contact) => Wish::Contact(contact, ContactWish::Edit(cells)),
            Subject::NewAccount | Subject::NewContact => return Err(GateError::NotFound),
        };
        return wrong_besides(visit, wish, form).await;
    }
    let asked = match subject {
        Subject::Account(id) => visit.ask_to_edit_account(id, seen, &typed.texts).await,
        Subject::Contact(id) => visit.ask_to_edit_contact(id, seen, &typed.texts).await,
        Subject::NewAccount | Subject::NewContact => Err(GateError::NotFound),
    };
    if let Err(GateError::Stale) = asked {
        let person = Person::read(visit, subject).await?;
        return Ok(Outcome::Moved(upon_what_moved(visit, &person, seen, sent).await?));
    }
    settle(visit, subject, sent, asked?, &mut form)
        .await
        .map(|outcome| outcome.unwrap_or(Outcome::Wrong(form)))
}

/// The form again, with what the gate finds wrong besides what is said already.
async fn wrong_besides(visit: &Visit<'_>, wish: Wish, mut form: FormState) -> Result<Outcome, GateError> {
    for problem in &visit.wrong_with(wish).await? {
        form.refuse_too(absence::field_of(problem), problem);
    }
    Ok(Outcome::Wrong(form))
}

/// What comes of asking; none where the form has to be shown again, which it is then told why.
async fn settle(
    visit: &Visit<'_>,
    subject: Subject,
    sent: &Fields,
    asked: Asked,
    form: &mut FormState,
) -> Result<Option<Outcome>, GateError> {
    let outcome = match asked {
        Asked::Planned(id) => Outcome::Planned(id),
        Asked::Nothing => Outcome::Nothing,
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
    Ok(Some(outcome))
}

/// Throws away what the same form asked for before, now that it asks for something else.
async fn withdraw(visit: &Visit<'_>, subject: Subject, sent: &Fields) -> Result<(), GateError> {
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
async fn upon_what_moved(visit: &Visit<'_>, person: &Person, seen: i64, sent: &Fields) -> Result<FormState, GateError> {
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
