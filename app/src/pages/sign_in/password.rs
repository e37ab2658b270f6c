//! Choosing another password: where one must before anything else, and where one wants to.

use domain::{account::Account, organisation::Organisation};
use gate::{GateError, Visit, WhyChoose};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        password_field::NewPasswordField,
    },
    forms::FormState,
    pages::asked,
    routes,
    visitor::Visitor,
};

/// For somebody who signed in with a password that is good no longer.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        let visit = visitor.visit()?;
        let (account, home) = own(&visit).await?;
        let days = visitor.gate.rules().timers.password_days;
        let why = match visit.why_choose().await? {
            Some(WhyChoose::OneTime) => "You signed in with a one-time password.".to_owned(),
            Some(WhyChoose::Old) | None => format!("Your password is more than {days} days old."),
        };
        Ok(view! {
            <Title text=titled("Choose a new password", &form)/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Choose a new password"</h1>
                <p class="nhsuk-lede-text">{why} " Choose your own password to continue."</p>
                <form class="app-sheet" method="post" action=routes::NEW_PASSWORD novalidate>
                    <NewPasswordField account home label="New password" form/>
                    <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Choose password and continue"</button>
                </form>
            </div></div>
        })
    })
}

/// For somebody who is signed in.
#[component]
pub fn ChangePasswordPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    asked(async move {
        let (account, home) = own(&visitor.visit()?).await?;
        Ok(view! {
            <Title text=titled("Change your password", &form)/>
            <a class="nhsuk-back-link" href=routes::OWN>"Your record"</a>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <ErrorSummary form=form.clone()/>
                <h1>"Change your password"</h1>
                <p>"You will be signed out everywhere else."</p>
                <ChangeForm account home form/>
            </div></div>
        })
    })
}

#[component]
fn ChangeForm(account: Account, home: Organisation, form: FormState) -> impl IntoView {
    view! {
        <form class="app-sheet" method="post" action=routes::OWN_PASSWORD novalidate>
            <TextField field="present" label="Current password" keys=Keys::OwnPassword form=form.clone()/>
            <NewPasswordField account home label="New password" form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Change password"</button>
        </form>
    }
}

/// One's own account, and where it belongs.
async fn own(visit: &Visit<'_>) -> Result<(Account, Organisation), GateError> {
    let account = visit.own().await?.id;
    visit.account_or_own(account).await
}

fn titled(title: &str, form: &FormState) -> String {
    if form.is_sound() {
        title.to_owned()
    } else {
        format!("Error: {title}")
    }
}
