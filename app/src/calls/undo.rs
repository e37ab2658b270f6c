//! Undoing an upload, or what was done to many people at once. It answers with the page of the undo, which waits to be
//! confirmed like any plan.

use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::HtmlForm,
    submission_named,
    submissions::{moved_on, wait_for_check},
};
use crate::{routes, visitor::Visitor};

/// Find out what of an upload, a change of many, or an undo can be reversed.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/undo", protocol = HtmlForm)]
pub async fn undo() -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    match visit.undo(&id).await {
        Ok(undo) => {
            wait_for_check(&visit, &undo).await;
            Ok(Answer::Go(routes::submission(&undo)))
        }
        Err(error) => moved_on(&visit, &id, error).await,
    }
}
