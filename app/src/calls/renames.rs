//! New email addresses that wait until their people confirm them.

use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::HtmlForm,
    named,
};
use crate::{routes, visitor::Visitor};

/// Cancel the new email address that waits for somebody.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/cancel-rename", protocol = HtmlForm)]
pub async fn cancel_rename() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let account = visit.account(named().await?).await?.0;
    visit.cancel_rename(account.id).await?;
    Ok(Answer::Go(routes::account(&account.id)))
}
