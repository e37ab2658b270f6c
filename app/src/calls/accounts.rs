//! Accounts: created, and given other details.

use domain::request::Wish;
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    details,
    form::{Fields, HtmlForm},
    named,
};
use crate::forms::Subject;

/// Create an account.
///
/// # Errors
/// Where the caller may create none, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "new", protocol = HtmlForm)]
pub async fn create_account(
    /// What the form says.
    #[server(flatten)]
    sent: Fields,
) -> Result<Answer, Refused> {
    details::create(Subject::NewAccount, Wish::NewAccount, &sent).await
}

/// Give an account other details.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/accounts", endpoint = "{id}/edit", protocol = HtmlForm)]
pub async fn edit_account(
    /// What the form says.
    #[server(flatten)]
    sent: Fields,
) -> Result<Answer, Refused> {
    details::edit(Subject::Account(named().await?), &sent).await
}
