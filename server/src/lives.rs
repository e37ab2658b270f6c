//! What is posted about the lives of accounts: turns, passwords, leavers, joiners, transfers. Each becomes a submission of
//! one row that waits to be confirmed; what cannot be done is said where it was asked for.

pub(crate) mod absence;
pub(crate) mod contacts;
pub(crate) mod grants;
pub(crate) mod leaving;

use app::{
    forms::{BECOMES, FROM, FormState, PLACE},
    routes,
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::{Account, AccountStatus},
    channel::Operation,
    dictionary::Attribute,
    ids::{AccountId, ContactId, SubmissionId},
    life::Turn,
    organisation::OrganisationCode,
    problem::{Kind, Problem},
    request::{Cells, Wish},
};
use gate::{Asked, GateError, Visit, calendar};

use self::{absence::Stage, leaving::Leaving};
use crate::asker::{Asker, Posted, Said, named};

/// `POST /accounts/{id}/turns`: a turn in the account's life.
pub(crate) async fn turn(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let Some(turn) = Turn::from_slug(said.text("turn")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let made = async {
        let account = account(&asker.visit(), &id).await?;
        let (name, id) = (account.full_name(), account.id);
        if turn == Turn::Disable {
            // Why, and for how long, is asked first.
            asker.visit().allowed(Operation::DisableOrEnable).await?;
            return Ok(Redirect::to(&routes::account_part(&id, "absence")).into_response());
        }
        let (title, wish) = match turn {
            // Who is not away yet stays by taking the planned absence back.
            Turn::Enable if account.status != AccountStatus::Disabled => {
                let title = format!("Cancel the planned absence of {name}");
                let (account, absence) = (id, None);
                (title, Wish::Absence { account, absence })
            }
            // Who is no leaver yet stays by taking the planned date back.
            Turn::KeepOn if account.status != AccountStatus::Leaver => {
                let title = format!("Cancel the leaving date of {name}");
                (title, Wish::Leaving { account: id, at: None })
            }
            turn => (title_of(turn, &name), Wish::Turn { account: id, turn }),
        };
        let page = routes::account(&id);
        Reply::at(&asker, &page, &page).ask(&title, wish, |_| None).await
    };
    asker.answer(made).await
}

/// `POST /accounts/{id}/password-reset`: another one-time link.
pub(crate) async fn reset_password(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let account = account(&asker.visit(), &id).await?;
        let name = account.full_name();
        let title = match account.status {
            AccountStatus::Pending if account.starts_at.is_some() => format!("Send {name} the activation link now"),
            AccountStatus::Pending => format!("Send {name} the activation link again"),
            _ => format!("Reset the password of {name}"),
        };
        let wish = Wish::ResetPassword { account: account.id };
        let page = routes::account(&account.id);
        Reply::at(&asker, &page, &page).ask(&title, wish, |_| None).await
    };
    asker.answer(made).await
}

/// `POST /accounts/{id}/second-factor-reset`: somebody has lost what they prove themselves with.
pub(crate) async fn reset_factors(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let account = account(&asker.visit(), &id).await?;
        let title = format!("Reset the second factor of {}", account.full_name());
        let wish = Wish::ResetFactors { account: account.id };
        let page = routes::account(&account.id);
        Reply::at(&asker, &page, &page).ask(&title, wish, |_| None).await
    };
    asker.answer(made).await
}

/// `POST /accounts/{id}/leaver`: today, or a date ahead.
pub(crate) async fn leaver(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        let account = account(&visit, &id).await?;
        visit.allowed(Operation::MarkLeaver).await?;
        let (name, account) = (account.full_name(), account.id);
        let form_page = routes::account_part(&account, "leaver");
        let mut reply = Reply::at(&asker, &form_page, &routes::account(&account));
        reply.keep(&said, &leaving::FIELDS);
        let (title, wish) = match Leaving::read(&said, asker.gate().now()) {
            Err((field, message)) => return Ok(reply.again(field, &message).await),
            Ok(Leaving::Today) => {
                let turn = Turn::MarkLeaver;
                (title_of(turn, &name), Wish::Turn { account, turn })
            }
            Ok(Leaving::Ahead(at)) => {
                let title = format!("{name} leaves on {}", calendar::day(at));
                (title, Wish::Leaving { account, at: Some(at) })
            }
        };
        let field = |problem: &Problem| match problem.kind {
            Kind::NotADate | Kind::DateInPast | Kind::DateTooFar { .. } | Kind::LeavesWhileAway { .. } => {
                Some(leaving::DAY)
            }
            _ => None,
        };
        reply.ask(&title, wish, field).await
    };
    asker.answer(made).await
}

/// `POST /accounts/{id}/absence`: disabled from today or a date ahead, until a day or for good, and why.
pub(crate) async fn away(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        let account = account(&visit, &id).await?;
        visit.allowed(Operation::DisableOrEnable).await?;
        let stage = match account.status {
            AccountStatus::Disabled => Stage::UnderWay,
            _ => Stage::Ahead,
        };
        let (name, account) = (account.full_name(), account.id);
        let form_page = routes::account_part(&account, "absence");
        let mut reply = Reply::at(&asker, &form_page, &routes::account(&account));
        reply.keep(&said, &absence::FIELDS);
        let absence = match absence::read(&said, asker.gate().now(), stage) {
            Ok(absence) => absence,
            Err(wrong) => return Ok(reply.again_with(wrong).await),
        };
        let title = match (stage, absence.from) {
            (Stage::UnderWay, _) => format!("Change the absence of {name}"),
            (Stage::Ahead, None) => title_of(Turn::Disable, &name),
            (Stage::Ahead, Some(from)) => format!("Disable {name} from {}", calendar::day(from)),
        };
        let wish = match stage {
            Stage::UnderWay => Wish::ChangeAbsence { account, absence },
            Stage::Ahead => Wish::Absence {
                account,
                absence: Some(absence),
            },
        };
        reply.ask(&title, wish, absence::field_of).await
    };
    asker.answer(made).await
}

/// `POST /joiners/new`: a leaver of another organisation, by their exact address.
pub(crate) async fn join(asker: Asker, Posted(said): Posted<Said>) -> Response {
    let made = async {
        asker.visit().allowed(Operation::Joiner).await?;
        let mut reply = Reply::at(&asker, &with_organisation(routes::NEW_JOINER, &said), routes::PEOPLE);
        reply.keep(&said, &[Attribute::EmailAddress.slug()]);
        reply.keep(&said, &PLACE.map(Attribute::slug));
        reply.keep(&said, &BECOMES.map(Attribute::slug));
        let address = said.text(Attribute::EmailAddress.slug()).to_owned();
        if address.is_empty() {
            let field = Attribute::EmailAddress.slug();
            return Ok(reply.again(field, "Enter the person’s email address.").await);
        }
        let title = format!("Take in {address}");
        let mut cells = place(&said);
        let becomes = Cells::of(BECOMES.map(|attribute| (attribute, said.text(attribute.slug()))));
        cells.texts.extend(becomes.texts);
        let field = |problem: &Problem| {
            matches!(problem.kind, Kind::NoSuchLeaver | Kind::TooManyMisses { .. })
                .then_some(Attribute::EmailAddress.slug())
        };
        reply.ask(&title, Wish::Join { address, cells }, field).await
    };
    asker.answer(made).await
}

/// `POST /accounts/{id}/transfer`: to another organisation that the actor manages, too.
pub(crate) async fn transfer(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        let account = account(&visit, &id).await?;
        visit.allowed(Operation::TransferAccount).await?;
        let to = name_of(&visit, said.text(Attribute::Organisation.slug())).await?;
        let title = format!("Transfer {} to {to}", account.full_name());
        let form_page = with_organisation(&routes::account_part(&account.id, "transfer"), &said);
        let mut reply = Reply::at(&asker, &form_page, &routes::account(&account.id));
        reply.keep(&said, &PLACE.map(Attribute::slug));
        let wish = Wish::MoveAccount {
            account: account.id,
            cells: place(&said),
        };
        reply.ask(&title, wish, |_| None).await
    };
    asker.answer(made).await
}

/// How what was asked for is answered: with its check page, or with the form again.
struct Reply<'a> {
    asker: &'a Asker,
    /// The form's page.
    form_page: String,
    /// The page of whom it is about.
    person: String,
    form: FormState,
}

impl<'a> Reply<'a> {
    fn at(asker: &'a Asker, form_page: &str, person: &str) -> Self {
        Self {
            asker,
            form_page: form_page.to_owned(),
            person: person.to_owned(),
            form: FormState::default(),
        }
    }

    /// Keeps what was typed, for the form when it comes again, and what was asked for before.
    fn keep(&mut self, said: &Said, fields: &[&'static str]) {
        for &field in fields.iter().chain(&[FROM]) {
            self.form.keep(field, said.text(field));
        }
    }

    /// The form again, with what is wrong with one of its fields.
    async fn again(mut self, field: &'static str, message: &str) -> Response {
        self.form.problem(field, message);
        self.asker.form_again(&self.form_page, self.form).await
    }

    /// The form again, with all that is wrong.
    async fn again_with(mut self, wrong: absence::Wrong) -> Response {
        for (field, message) in wrong {
            self.form.problem(field, &message);
        }
        self.asker.form_again(&self.form_page, self.form).await
    }

    /// Asks, in place of what was asked for before. `field` names the field of a problem where its attribute does not.
    async fn ask(
        mut self,
        title: &str,
        wish: Wish,
        field: fn(&Problem) -> Option<&'static str>,
    ) -> Result<Response, GateError> {
        let visit = self.asker.visit();
        let form = form_of(&wish);
        let next = match visit.ask(title, wish).await? {
            Asked::Planned(id) => routes::submission(&id),
            Asked::Nothing => routes::with_query(&self.person, &[("nothing", "yes")]),
            Asked::Wrong(problems) => {
                for problem in &problems {
                    match field(problem) {
                        Some(field) => self.form.problem(field, &problem.to_string()),
                        None => self.form.refuse(problem),
                    }
                }
                return Ok(self.asker.form_again(&self.form_page, self.form).await);
            }
        };
        if let Some(before) = SubmissionId::parse(&self.form.value_of(FROM)) {
            visit.withdraw(&before, |wish| form_of(wish) == form).await?;
        }
        Ok(Redirect::to(&next).into_response())
    }
}

/// What tells forms apart: the operation, and whom it is about.
const fn form_of(wish: &Wish) -> (Operation, Option<AccountId>, Option<ContactId>) {
    (wish.operation(), wish.account(), wish.contact())
}

async fn account(visit: &Visit<'_>, id: &str) -> Result<Account, GateError> {
    Ok(visit.account(named(id)?).await?.0)
}

/// The place that somebody goes to.
fn place(said: &Said) -> Cells {
    Cells::of(PLACE.map(|attribute| (attribute, said.text(attribute.slug()))))
}

/// The page of a form's second step, where the organisation is chosen.
fn with_organisation(page: &str, said: &Said) -> String {
    let organisation = Attribute::Organisation.slug();
    routes::with_query(page, &[(organisation, said.text(organisation))])
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
