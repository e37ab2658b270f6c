//! Holding an account, so that no machine and no file changes it, and releasing it.

use domain::{
    channel::Operation,
    problem::{Kind, Problem},
    request::{AccountWish, Wish},
};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    named,
    reply::Reply,
};
use crate::{forms::absence::REASON, routes, visitor::Visitor};

/// Hold an account.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/hold", protocol = HtmlForm)]
pub async fn hold_account(
    /// Why.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = visit.account(named().await?).await?.0;
    visit.allowed(Operation::HoldOrRelease).await?;
    let mut reply = Reply::at(
        &visit,
        &about::<HoldAccount>(&account.id),
        &routes::account(&account.id),
    );
    reply.keep(&said, &[REASON]);
    let reason = said.text(REASON).to_owned();
    if reason.is_empty() {
        return Ok(reply.again(REASON, "Say why the account is held."));
    }
    let title = format!("Hold the account of {}", account.full_name());
    reply
        .ask(&title, Wish::Account(account.id, AccountWish::Hold(reason)), field)
        .await
}

/// Release an account that is held.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/release", protocol = HtmlForm)]
pub async fn release_account() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = visit.account(named().await?).await?.0;
    visit.allowed(Operation::HoldOrRelease).await?;
    let page = routes::account(&account.id);
    let title = format!("Release the account of {}", account.full_name());
    Reply::at(&visit, &page, &page)
        .ask(&title, Wish::Account(account.id, AccountWish::Release), |_| None)
        .await
}

/// The field of a problem.
fn field(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        Kind::NoReason | Kind::ReasonUnprintable | Kind::ReasonTooLong { .. } => Some(REASON),
        _ => None,
    }
}
