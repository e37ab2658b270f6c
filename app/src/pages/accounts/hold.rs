//! Holding an account, so that programs and files do not change it, and the notice on its page that it is held.

use domain::{
    account::{AccountStatus, Held},
    channel::Operation,
    request::{AccountWish, Wish},
    values::ids::AccountId,
};
use gate::GateError;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{
        about,
        hold::{HoldAccount, ReleaseAccount},
    },
    components::{
        actions::button,
        error_summary::ErrorSummary,
        field::{Keys, TextField},
    },
    forms::{Answers, FormState, WHOLE, absence::REASON, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The form; for an account that is held, who holds it and the button that releases it.
#[component]
pub fn HoldPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let unit = account.unit();
        if !visit
            .may(Operation::HoldOrRelease, &organisation, unit.as_ref())
            .await?
        {
            return Err(GateError::Denied);
        }
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| answers(id, wish)).await?;
        let name = account.full_name();
        let heading = match account.held {
            Some(_) => format!("Release the account of {name}"),
            None => format!("Hold the account of {name}"),
        };
        let error = if form.is_sound() { "" } else { "Error: " };
        let body = match (account.held.clone(), account.status) {
            (Some(held), _) => view! {
                <HeldNotice held/>
                <div class="app-actions">{button("Release account", about::<ReleaseAccount>(&id), None)}</div>
            }
            .into_any(),
            (None, AccountStatus::Deleted) => {
                view! { <div class="nhsuk-inset-text"><p>"This account is deleted, so it cannot be held. Restore it first."</p></div> }
                    .into_any()
            }
            (None, _) => view! { <Asking id form=form.clone()/> }.into_any(),
        };
        Ok(view! {
            <Title text=format!("{error}{heading}")/>
            <a class="nhsuk-back-link" href=routes::account(&id)>{name}</a>
            <ErrorSummary form/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1 class="app-break">{heading}</h1>
                {body}
            </div></div>
        })
    })
}

/// What was answered where this form asked for a wish about an account.
fn answers(id: AccountId, wish: &Wish) -> Option<Answers> {
    match wish {
        Wish::Account(account, AccountWish::Hold(reason)) if *account == id => Some(vec![(REASON, reason.clone())]),
        _ => None,
    }
}

#[component]
fn Asking(id: AccountId, form: FormState) -> impl IntoView {
    let hint =
        "A few words. Other administrators can read them, and so can people who get the reports of change files.";
    view! {
        <p>"While an account is held, change files, connectors and uploads do not change it. Their rows for it are rejected, with the reason."</p>
        <p>"The person can sign in as before. Administrators can still change the account here in the portal."</p>
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={about::<HoldAccount>(&id)} novalidate>
            {form.carried()}
            <TextField field=REASON label="Why is it held?" hint keys=Keys::Words form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
        <p>"You can check everything before anything is done."</p>
    }
}

/// Who holds an account, since when and why.
#[component]
pub(crate) fn HeldNotice(held: Held) -> impl IntoView {
    view! {
        <div class="nhsuk-inset-text">
            <p><strong>"This account is held."</strong> " " {held.by} " has held it since " {words::moment(held.since)} "."</p>
            <p class="app-break">"Reason: " {held.reason}</p>
            <p>"Change files, connectors and uploads do not change it until it is released."</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_answered_again_about_the_same_account_alone() {
        let id = |last: u8| -> AccountId { format!("00000000-0000-0000-0000-00000000000{last}").parse().unwrap() };
        let wish = Wish::Account(id(1), AccountWish::Hold("Merger".to_owned()));
        assert_eq!(answers(id(1), &wish), Some(vec![(REASON, "Merger".to_owned())]));
        assert_eq!(answers(id(2), &wish), None);
        assert_eq!(answers(id(1), &Wish::Account(id(1), AccountWish::Release)), None);
    }
}
