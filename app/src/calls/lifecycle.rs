//! The lives of accounts: turns, password resets, leavers, joiners, transfers. Each becomes a submission of one row that
//! waits to be confirmed; what cannot be done is said where it was asked for.

use domain::{
    account::{Account, AccountStatus},
    channel::Operation,
    dictionary::Attribute,
    life::Turn,
    problem::{Kind, Problem},
    request::{AccountWish, Cells, Wish},
    values::ids::AccountId,
};
use gate::{GateError, Visit, calendar};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
    named,
    reply::{Reply, name_of},
};
use crate::{
    forms::{
        BECOMES, PLACE,
        absence::{self, Stage},
        leaving::{self, Leaving},
    },
    routes,
    visitor::Visitor,
};

/// A turn in an account's life.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/turns", protocol = HtmlForm)]
pub async fn turn_account(
    /// Which turn.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let Some(turn) = Turn::from_slug(said.text("turn")) else {
        return Ok(Answer::Unread);
    };
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    let (name, id) = (account.full_name(), account.id);
    if turn == Turn::Disable {
        // Why, and for how long, is asked first.
        visit.allowed(Operation::DisableOrEnable).await?;
        return Ok(Answer::Go(routes::account_part(&id, "absence")));
    }
    let (title, wish) = match turn {
        // Who is not away yet stays by taking the planned absence back.
        Turn::Enable if account.status != AccountStatus::Disabled => {
            let title = format!("Cancel the planned absence of {name}");
            let (account, absence) = (id, None);
            (title, Wish::Account(account, AccountWish::Absence(absence)))
        }
        // Who is no leaver yet stays by taking the planned date back.
        Turn::KeepOn if account.status != AccountStatus::Leaver => {
            let title = format!("Cancel the leaving date of {name}");
            (title, Wish::Account(id, AccountWish::Leaving(None)))
        }
        turn => (title_of(turn, &name), Wish::Account(id, AccountWish::Turn(turn))),
    };
    ask_about(&visit, id, &title, wish).await
}

/// Send somebody another one-time link.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/password-reset", protocol = HtmlForm)]
pub async fn reset_password() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    let name = account.full_name();
    let title = match account.status {
        AccountStatus::Pending if account.starts_at.is_some() => format!("Send {name} the activation link now"),
        AccountStatus::Pending => format!("Send {name} the activation link again"),
        _ => format!("Reset the password of {name}"),
    };
    let wish = Wish::Account(account.id, AccountWish::ResetPassword);
    ask_about(&visit, account.id, &title, wish).await
}

/// Reset the second factor of somebody who has lost what they prove themselves with.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/second-factor-reset", protocol = HtmlForm)]
pub async fn reset_second_factor() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    let title = format!("Reset the second factor of {}", account.full_name());
    let wish = Wish::Account(account.id, AccountWish::ResetFactors);
    ask_about(&visit, account.id, &title, wish).await
}

/// Mark somebody as leaver, today or on a date ahead.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/leaver", protocol = HtmlForm)]
pub async fn mark_leaver(
    /// When they leave.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    visit.allowed(Operation::MarkLeaver).await?;
    let planned = account.leaving_at;
    let (name, account) = (account.full_name(), account.id);
    let form_page = about::<MarkLeaver>(&account);
    let mut reply = Reply::at(&visit, &form_page, &routes::account(&account));
    reply.keep(&said, &leaving::FIELDS);
    let (title, wish) = match Leaving::read(&said, visitor.gate.now(), planned) {
        Err((field, message)) => return Ok(reply.again(field, &message)),
        Ok(Leaving::Today) => {
            let turn = Turn::MarkLeaver;
            (title_of(turn, &name), Wish::Account(account, AccountWish::Turn(turn)))
        }
        Ok(Leaving::Ahead(at)) => {
            let title = format!("{name} leaves on {}", calendar::day(at));
            (title, Wish::Account(account, AccountWish::Leaving(Some(at))))
        }
    };
    let field = |problem: &Problem| match problem.kind {
        Kind::NotADate | Kind::DateInPast | Kind::DateTooFar { .. } | Kind::LeavesWhileAway { .. } => {
            Some(leaving::DAY)
        }
        _ => None,
    };
    reply.ask(&title, wish, field).await
}

/// Disable somebody from today or a date ahead, until a day or for good, and say why.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/absence", protocol = HtmlForm)]
pub async fn set_absence(
    /// From when until when, and why.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    visit.allowed(Operation::DisableOrEnable).await?;
    let stage = match account.status {
        AccountStatus::Disabled => Stage::UnderWay,
        _ => Stage::Ahead,
    };
    let planned = account.absence.as_ref().and_then(|absence| absence.from);
    let (name, account) = (account.full_name(), account.id);
    let form_page = about::<SetAbsence>(&account);
    let mut reply = Reply::at(&visit, &form_page, &routes::account(&account));
    reply.keep(&said, &absence::FIELDS);
    let timers = &visitor.gate.rules().timers;
    let absence = match absence::read(&said, visitor.gate.now(), stage, planned, timers) {
        Ok(absence) => absence,
        Err(wrong) => return Ok(reply.again_with(wrong)),
    };
    let title = match (stage, absence.from) {
        (Stage::UnderWay, _) => format!("Change the absence of {name}"),
        (Stage::Ahead, None) => title_of(Turn::Disable, &name),
        (Stage::Ahead, Some(from)) => format!("Disable {name} from {}", calendar::day(from)),
    };
    let wish = match stage {
        Stage::UnderWay => Wish::Account(account, AccountWish::ChangeAbsence(absence)),
        Stage::Ahead => Wish::Account(account, AccountWish::Absence(Some(absence))),
    };
    reply.ask(&title, wish, absence::field_of).await
}

/// Take in a leaver of another organisation, by their exact address.
///
/// # Errors
/// Where the caller may take in nobody, or the server cannot do it.
#[server(prefix = "/joiners", endpoint = "new", protocol = HtmlForm)]
pub async fn take_in(
    /// Who it is, and the place that they come to.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    visit.allowed(Operation::Joiner).await?;
    let mut reply = Reply::at(&visit, &with_organisation(at::<TakeIn>(), &said), routes::PEOPLE);
    reply.keep(&said, &[Attribute::EmailAddress.slug()]);
    reply.keep(&said, &PLACE.map(Attribute::slug));
    reply.keep(&said, &BECOMES.map(Attribute::slug));
    let address = said.text(Attribute::EmailAddress.slug()).to_owned();
    let title = format!("Take in {address}");
    let mut cells = place(&said);
    let becomes = Cells::of(BECOMES.map(|attribute| (attribute, said.text(attribute.slug()))));
    cells.texts.extend(becomes.texts);
    let field = |problem: &Problem| {
        matches!(problem.kind, Kind::NoSuchLeaver | Kind::TooManyMisses { .. })
            .then_some(Attribute::EmailAddress.slug())
    };
    let is_missing = address.is_empty();
    let wish = Wish::Join { address, cells };
    if is_missing {
        let field_of_address = Attribute::EmailAddress.slug();
        reply
            .form
            .problem(field_of_address, "Enter the person’s email address.");
        return reply.again_with_others(wish, field).await;
    }
    reply.ask(&title, wish, field).await
}

/// Transfer somebody to another organisation that the caller manages, too.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/transfer", protocol = HtmlForm)]
pub async fn transfer_account(
    /// The place that they go to.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = account(&visit).await?;
    visit.allowed(Operation::TransferAccount).await?;
    let to = name_of(&visit, said.text(Attribute::Organisation.slug())).await?;
    let title = format!("Transfer {} to {to}", account.full_name());
    let form_page = with_organisation(&about::<TransferAccount>(&account.id), &said);
    let mut reply = Reply::at(&visit, &form_page, &routes::account(&account.id));
    reply.keep(&said, &PLACE.map(Attribute::slug));
    let wish = Wish::Account(account.id, AccountWish::Move(place(&said)));
    reply.ask(&title, wish, |_| None).await
}

/// Asks for something that is about one account and says nothing more; what is wrong is told on its page.
async fn ask_about(visit: &Visit<'_>, account: AccountId, title: &str, wish: Wish) -> Result<Answer, Refused> {
    let page = routes::account(&account);
    Reply::at(visit, &page, &page).ask(title, wish, |_| None).await
}

/// The account that the address names.
async fn account(visit: &Visit<'_>) -> Result<Account, GateError> {
    Ok(visit.account(named().await?).await?.0)
}

/// The place that somebody goes to.
fn place(said: &Fields) -> Cells {
    Cells::of(PLACE.map(|attribute| (attribute, said.text(attribute.slug()))))
}

/// The page of a form's second step, where the organisation is chosen.
fn with_organisation(page: &str, said: &Fields) -> String {
    let organisation = Attribute::Organisation.slug();
    routes::with_query(page, &[(organisation, said.text(organisation))])
}

fn title_of(turn: Turn, name: &str) -> String {
    match turn {
        Turn::MarkLeaver => format!("Mark {name} as leaver"),
        Turn::KeepOn => format!("{name} is not a leaver after all"),
        turn => format!("{} {name}", turn.name()),
    }
}
