//! The pages, each a function of what the gate lets its visitor see.

pub mod absence;
pub mod accessibility;
pub mod account_form;
pub mod accounts;
pub mod acting;
pub mod activate;
pub mod administrators;
pub mod audit;
pub mod begin;
pub mod columns;
pub mod connector;
pub mod contact_form;
pub mod directory;
pub mod failure;
pub mod formats;
pub mod gone_on;
pub mod held;
pub mod help;
pub mod history;
pub mod home;
pub mod joiner;
pub mod leaver;
pub mod mail;
pub mod mend_row;
pub mod newcomers;
pub mod offers;
pub mod organisations;
pub mod own;
pub mod own_sessions;
pub mod password;
pub mod password_reset;
pub mod people;
pub mod preview;
pub mod privacy;
pub mod scope_tokens;
pub mod second_factor;
pub mod sign_in;
pub mod start;
pub mod stay;
pub mod submission;
pub mod support;
pub mod tokens;
pub mod transfer;
pub mod upcoming;
pub mod uploads;

use std::future::Future;

use domain::ids::SubmissionId;
use gate::GateError;
use leptos::prelude::*;

use self::{failure::FailurePage, gone_on::GoneOn};
use crate::visitor::Failure;

/// A page about a submission; where that has gone on, what has happened to it.
fn asked_of<F, V>(submission: String, answer: F) -> impl IntoView
where
    F: Future<Output = Result<V, GateError>> + Send + 'static,
    V: IntoView + Send + 'static,
{
    let visitor = crate::visitor::Visitor::of_page();
    asked(async move {
        let submission = match answer.await {
            Err(GateError::Stale) => SubmissionId::parse(&submission).ok_or(GateError::NotFound)?,
            answer => return answer.map(|page| page.into_any()),
        };
        let submission = visitor.visit()?.submission(&submission).await?;
        Ok(view! { <GoneOn submission/> }.into_any())
    })
}

/// A page that is asked of the gate: what it lets see, or the page that says why not.
fn asked<F, V>(answer: F) -> impl IntoView
where
    F: Future<Output = Result<V, GateError>> + Send + 'static,
    V: IntoView + Send + 'static,
{
    let reference = crate::visitor::Visitor::of_page().reference;
    let page = Suspend::new(async move {
        match answer.await {
            Ok(page) => page.into_any(),
            Err(error) => {
                let failure = Failure::from(&error);
                if matches!(failure, Failure::Trouble | Failure::Unwritable) {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        reference,
                        "a page could not be made"
                    );
                }
                view! { <FailurePage failure/> }.into_any()
            }
        }
    });
    view! { <Suspense>{page}</Suspense> }
}
