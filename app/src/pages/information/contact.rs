//! Who can help: one's own administrators for those who are signed in, and for others what they can do themselves.

use domain::values::ids::AccountId;
use gate::{Administrator, OwnRecord};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        administrators::{Administrators, Recourse},
        support_contact::SupportContact,
    },
    pages::asked,
    routes,
    visitor::Visitor,
};

/// The page. Names are shown to nobody who is not signed in.
#[component]
pub fn SupportPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    asked(async move {
        let who = match &visitor.actor {
            None => view! { <SignedOut/> }.into_any(),
            Some(_) => {
                let OwnRecord {
                    account,
                    administrators,
                    roles,
                    ..
                } = visitor.visit()?.own_record().await?;
                view! { <Own administrators own=account.id recourse=Recourse::of(&roles)/> }.into_any()
            }
        };
        Ok(view! {
            <Title text="Contact"/>
            <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
                <h1>"Contact"</h1>
                {who}
                <SupportContact/>
                <p>"If a page shows a reference, add it to your message. Nobody who helps you needs your password."</p>
                <p><a href=routes::HELP>"Help by task"</a></p>
            </div></div>
        })
    })
}

/// The administrators of one's organisation.
#[component]
fn Own(administrators: Vec<Administrator>, own: AccountId, recourse: Recourse) -> impl IntoView {
    // Nobody is told to ask themselves.
    let (oneself, others): (Vec<_>, Vec<_>) = administrators
        .into_iter()
        .partition(|administrator| administrator.account == own);
    let said = said(oneself.is_empty(), others.is_empty(), recourse);
    view! {
        <h2>"Your local administrators"</h2>
        <p>{said}</p>
        <Administrators administrators=others/>
    }
}

/// What is said above the administrators, by whether the reader is none of them, and whether there are no others.
const fn said(is_not_one: bool, no_others: bool, recourse: Recourse) -> &'static str {
    match (is_not_one, no_others, recourse) {
        (true, true, Recourse::Others) => "Your organisation has no administrator at the moment. Ask its helpdesk.",
        (true, true, Recourse::LastResort) => {
            "Your organisation has no administrator at the moment. You are a Global Administrator, so you can give \
             somebody that role. If you need help yourself, ask another Global Administrator."
        }
        (false, true, _) => "You are the only administrator of your organisation.",
        (true, false, _) => {
            "They correct your details, send you a new link if you cannot sign in, and reset your second factor."
        }
        (false, false, _) => "You are an administrator of your organisation, and so are:",
    }
}

/// What helps without knowing who asks.
#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <p class="nhsuk-lede-text">
            <a href=routes::sign_in_then(&routes::CONTACT)>"Sign in"</a>
            " to see the email addresses of your local administrators."
        </p>
        <h2>"If you cannot sign in"</h2>
        <ul>
            <li><a href=routes::PASSWORD_RESET>"Forgotten your password, or locked out"</a></li>
            <li><a href=routes::ACTIVATE>"Activate your account with a code"</a></li>
            <li><a href=format!("{}#second-factor", routes::HELP)>"Lost phone or passkey"</a></li>
        </ul>
        <p>
            "If none of this helps, ask the local administrators or the helpdesk of your organisation. Their names are not "
            "shown here, because anybody can read this page."
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_global_administrator_is_not_sent_to_the_helpdesk() {
        assert!(said(true, true, Recourse::Others).contains("helpdesk"));
        let last = said(true, true, Recourse::LastResort);
        assert!(!last.contains("helpdesk") && last.contains("ask another Global Administrator"));
    }
}
