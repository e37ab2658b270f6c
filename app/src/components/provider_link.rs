//! The way to the OpenID Connect provider, below a form that asks for a password; nothing where there is no provider.

use leptos::prelude::*;

use crate::{
    components::{error_summary::FieldError, field::Tied},
    forms::{BY_PROVIDER, FormState},
    routes,
    visitor::ProviderName,
};

/// The link; `next` is where somebody wanted to go. Whoever is signed in proves there anew who they are. `alone`: there is no
/// form above it.
#[component]
pub fn ProviderLink(next: String, form: FormState, #[prop(optional)] alone: bool) -> impl IntoView {
    use_context::<ProviderName>().map(|ProviderName(name)| {
        let is_wrong = form.problem_of(BY_PROVIDER).is_some();
        let described = Tied::by(BY_PROVIDER, is_wrong).described();
        view! {
            {(!alone).then(|| view! { <p>"or"</p> })}
            <div class="nhsuk-form-group" class=("nhsuk-form-group--error", is_wrong)>
                <FieldError field=BY_PROVIDER form/>
                <a class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0" id=BY_PROVIDER href=routes::then(routes::OPENID, &next) aria-describedby=described>
                    {format!("Sign in with {name}")}
                </a>
            </div>
        }
    })
}
