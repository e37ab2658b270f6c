//! What was asked for by a form: its check page, and what became of it. One person is shown with all that changes; many
//! are shown like a file's rows, but as people.

mod around;
mod customers;
mod granting;
mod heading;
mod many;
mod once;
mod one;
mod wording;

use domain::{
    account::AccountStatus,
    life::Turn,
    organisation::OrganisationCode,
    plan::{AccountStep, ContactStep, RoleStep, Step},
    request::Wish,
    submission::{Outcome, State},
    values::ids::{AccountId, ContactId},
};
use gate::{Act, Filter, GateError, MadeLink, Review, Row, Undoing, Visit};
use leptos::prelude::*;

use self::{
    around::{Around, Person},
    heading::Heading,
    many::{ManyEnded, ManyPlanned},
    one::{OneEnded, OnePlanned},
    wording::LinkGoes,
};
use super::{moving::Moving, shown::Shown};
use crate::{components::error_summary::ErrorSummary, forms::FormState, routes, visitor::Visitor};

/// The page, and its title.
pub(super) async fn page(
    visitor: &Visitor,
    visit: &Visit<'_>,
    review: Review,
    (shown, undoing): (Shown, Option<Undoing>),
    form: FormState,
    links: Vec<MadeLink>,
) -> Result<(String, AnyView), GateError> {
    let submission = review.submission.clone();
    let name = submission.file_name.clone();
    let moves = match submission.state {
        State::Received => Some("Checking what will happen"),
        State::Applying => Some("Making the changes"),
        State::Planned | State::Applied | State::Declined | State::Superseded | State::Unreadable => None,
    };
    if let Some(label) = moves {
        let heading = view! { <Heading caption=label submission/> };
        let view = view! {
            <Back person=None/>
            <Moving review label what="people" note="You can leave this page. The work continues.">{heading}</Moving>
        };
        return Ok((format!("{name}: {label}"), view.into_any()));
    }
    let is_planned = submission.state == State::Planned;
    let title = match (is_planned, submission.state) {
        (true, _) => format!("Check before it is done: {name}"),
        (false, State::Applied) => format!("{name}: done"),
        (false, _) => format!("{name}: not done"),
    };
    if submission.totals.rows() != 1 {
        let asked = match review.rows.first() {
            Some(row) => Some(row.request.wish.clone()),
            // Whatever the address bar asks for, the first one says what it is.
            None => {
                let all = visit.review(&submission.id, Filter::default()).await?;
                all.rows.first().map(|row| row.request.wish.clone())
            }
        };
        // Accepted proposals may ask for one thing here and for another there.
        let act = asked.as_ref().and_then(Act::of);
        let is_shared = |row: &Row| Act::of(&row.request.wish) == act;
        let is_shared = review.rows.iter().all(is_shared);
        let act = act.filter(|_| is_shared);
        let of_accounts = asked.as_ref().is_some_and(|wish| wish.account().is_some());
        let view = match is_planned {
            true => {
                view! { <Back person=None/> <ErrorSummary form=form.clone()/> <ManyPlanned review act asked shown form/> }
                    .into_any()
            }
            false => view! { <Back person=None/> <ManyEnded review of_accounts shown undoing links/> }.into_any(),
        };
        return Ok((title, view));
    }
    // Whatever the address bar asks for, the one row is shown.
    let review = match review.rows.is_empty() {
        true => visit.review(&submission.id, Filter::default()).await?,
        false => review,
    };
    let row = review.rows.first().cloned().ok_or(GateError::NotFound)?;
    let person = person(visit, &row).await?;
    let below = match &row.planned.step {
        Step::Role(
            _,
            RoleStep::Grant {
                organisation,
                unit: None,
                ..
            },
        ) => visit.organisations_below(organisation).await?,
        _ => 0,
    };
    let status = person.as_ref().and_then(|person| person.status);
    let goes = link_goes(visit, &row.planned.step, status).await?;
    let went_back = row.subject.filter(|_| review.is_mine && row.outcome == Outcome::Stale);
    let changed_oneself = match went_back {
        Some(subject) => visit.changed_it_oneself(&submission, &subject.to_string()).await?,
        None => false,
    };
    let along = match &row.planned.step {
        Step::Account(
            _,
            AccountStep::Move {
                before: AccountStatus::Leaver,
                ..
            },
        ) => visit.coming_along(&submission.id).await?,
        _ => None,
    };
    let leaves_on = person.as_ref().and_then(|person| person.leaves_on);
    let now = visitor.gate.now();
    let starts_on = person
        .as_ref()
        .and_then(|person| person.starts_on)
        .filter(|at| *at > now);
    let gaps = match is_planned {
        true => customers::gaps(visit, &row.planned.step).await?,
        false => vec![],
    };
    let around = Around {
        along,
        places: visit.with_sites(&places(&row.planned.step)).await?,
        person,
        links,
        goes,
        below,
        follows: match (&row.planned.step, starts_on) {
            (
                Step::Account(
                    _,
                    AccountStep::Turn {
                        turn: Turn::Restore, ..
                    },
                ),
                Some(starts),
            ) => vec![wording::sent_later(starts)],
            (Step::Customer { .. }, _) => gaps,
            (step, _) => wording::follows(step, (status, leaves_on, goes), visitor.gate.rules(), now),
        },
        changed_oneself,
        connectors: customers::connectors(visit, &row.planned.step).await?,
    };
    let person = around.person.clone();
    let back = match above(&row.request.wish) {
        Some((href, name)) => view! { <a class="nhsuk-back-link" href=href>{name}</a> }.into_any(),
        None => view! { <Back person/> }.into_any(),
    };
    let view = match is_planned {
        true => view! { <OnePlanned review row around/> }.into_any(),
        false => view! { <OneEnded review row around/> }.into_any(),
    };
    let view = view! { {back} <ErrorSummary form/> {view} };
    Ok((title, view.into_any()))
}

/// Who is given the link that a step makes: the first one of an account goes to both, whatever role awaits its person.
async fn link_goes(visit: &Visit<'_>, step: &Step, status: Option<AccountStatus>) -> Result<LinkGoes, GateError> {
    let by_email_alone = match (step, status) {
        (Step::Account(of, AccountStep::ResetPassword { .. }), Some(status)) if status != AccountStatus::Pending => {
            visit.link_goes_by_email_alone(of.account).await?
        }
        _ => false,
    };
    Ok(if by_email_alone {
        LinkGoes::ByEmailAlone
    } else {
        LinkGoes::ToAskerToo
    })
}

/// The organisations that a step's page names.
fn places(step: &Step) -> Vec<OrganisationCode> {
    match step {
        Step::CreateAccount { organisation, .. } | Step::CreateContact { organisation, .. } => {
            vec![organisation.clone()]
        }
        Step::Account(of, AccountStep::Update { .. }) => vec![of.organisation.clone()],
        Step::Contact(of, ContactStep::Update { .. }) => vec![of.organisation.clone()],
        Step::Account(of, AccountStep::Move { to, .. }) => vec![of.organisation.clone(), to.clone()],
        Step::Contact(of, ContactStep::Move { to, .. }) => vec![of.organisation.clone(), to.clone()],
        Step::Contact(of, ContactStep::EndOffer { offer, .. }) => vec![of.organisation.clone(), offer.to.clone()],
        Step::Contact(_, ContactStep::Offer { to, .. }) => vec![to.clone()],
        Step::Role(_, RoleStep::Grant { organisation, .. }) => vec![organisation.clone()],
        Step::Role(_, RoleStep::Revoke { held, .. }) => vec![held.organisation.clone()],
        Step::Customer { before, after } => {
            let before = before.iter().map(|before| before.organisation.clone());
            before.chain([after.organisation.clone()]).collect()
        }
        _ => vec![],
    }
}

/// Whom it is about, where they are the visitor's to see: not a leaver of another organisation, nor a contact that went there.
async fn person(visit: &Visit<'_>, row: &Row) -> Result<Option<Person>, GateError> {
    let Some(id) = row.subject else { return Ok(None) };
    let is_contact = row.planned.step.is_about_a_contact() || row.request.wish.is_about_a_contact();
    let found = match is_contact {
        true => visit.contact(ContactId(id)).await.map(|(contact, _)| Person {
            href: routes::contact(&contact.id),
            name: contact.full_name(),
            known_as: contact.attributes.known_as(),
            status: None,
            leaves_on: None,
            starts_on: None,
        }),
        false => visit.account(AccountId(id)).await.map(|(account, _)| Person {
            href: routes::account(&account.id),
            name: account.full_name(),
            known_as: account.attributes.known_as(),
            status: Some(account.status),
            leaves_on: account.leaving_at,
            starts_on: account.starts_at,
        }),
    };
    match found {
        Ok(person) => Ok(Some(person)),
        Err(GateError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The way back from what is about no person. `None` if it is about one.
fn above(wish: &Wish) -> Option<(String, String)> {
    match wish {
        Wish::Customer(_) => Some((routes::CUSTOMERS.to_owned(), "Customers".to_owned())),
        Wish::Subscription(subscription) => {
            let customer = subscription.customer;
            Some((routes::customer(&customer), format!("Customer {customer}")))
        }
        _ => None,
    }
}

/// The way back: to the person, or to all of them.
#[component]
fn Back(person: Option<Person>) -> impl IntoView {
    let (href, name) = match person {
        Some(person) => (person.href, person.name),
        None => (routes::PEOPLE.to_owned(), "People".to_owned()),
    };
    view! { <a class="nhsuk-back-link" href=href>{name}</a> }
}
