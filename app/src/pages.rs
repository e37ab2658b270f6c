//! The pages, each a function of what the gate lets its visitor see.

pub mod accounts;
pub mod connectors;
pub mod contacts;
pub mod customers;
pub mod failure;
pub mod home;
pub mod information;
pub mod organisations;
pub mod people;
pub mod preview;
pub mod roles;
pub mod self_service;
pub mod sign_in;
pub mod submissions;
pub mod trail;

use std::future::Future;

use domain::values::ids::SubmissionId;
use gate::GateError;
use leptos::prelude::*;

use self::{failure::FailurePage, submissions::gone_on::GoneOn};
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
