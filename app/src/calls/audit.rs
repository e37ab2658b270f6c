//! Verifying the audit log.

use gate::Verifying;
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::HtmlForm,
};
use crate::{routes, visitor::Visitor};

/// Look through the whole trail; its page says what came of it.
///
/// # Errors
/// Where the caller may not read it, or the server cannot do it.
#[server(prefix = "/audit", endpoint = "verification", protocol = HtmlForm)]
pub async fn verify_trail() -> Result<Answer, Refused> {
    let found = match Visitor::of_page().acts()?.verify_trail().await? {
        Verifying::Done(number) => number.to_string(),
        Verifying::Running => "later".to_owned(),
    };
    Ok(Answer::Go(routes::with_query(routes::AUDIT, &[("verified", &found)])))
}
