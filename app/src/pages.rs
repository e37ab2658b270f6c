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

use gate::GateError;
use leptos::prelude::*;

use self::failure::FailurePage;
use crate::visitor::Failure;

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
