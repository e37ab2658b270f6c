//! Automatic changes that are held back: how many of what, and the form by which a Global Administrator lets them happen.

use gate::{Ending, HeldBack, UPCOMING_NAMED};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    calls::{at, automatic_changes::ConfirmHeld},
    components::{error_summary::ErrorSummary, typed_number::TypedNumber},
    forms::FormState,
    pages::{asked, people::upcoming::by_day},
    routes,
    visitor::Visitor,
    words::{self, counted, thousands},
};

/// The page; only for those who may end accounts of the whole federation.
#[component]
pub fn HeldPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let confirmed = use_query_map().get_untracked().get("confirmed").as_deref() == Some("yes");
    asked(async move {
        let visit = visitor.visit()?;
        let held = visit.held_back().await?;
        let heading = "Automatic changes held back";
        let title = match form.is_sound() {
            true => heading.to_owned(),
            false => format!("Error: {heading}"),
        };
        let body = match held {
            None => view! {
                <div class="nhsuk-inset-text">
                    <p>"No automatic changes are held back."</p>
                </div>
            }
            .into_any(),
            Some(held) => {
                let due = visit.held_list(&held).await?;
                let cut = (due.len() >= UPCOMING_NAMED)
                    .then(|| view! { <p>"These are the first " {UPCOMING_NAMED} " of them."</p> });
                let list = by_day(due, visitor.gate.rules().timers, &None);
                view! {
                    <Held held form=form.clone() confirmed/>
                    <h2>"What is held back"</h2>
                    {cut}
                    {list}
                }
                .into_any()
            }
        };
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::HOME>"Home"</a>
            <ErrorSummary form/>
            <h1>{heading}</h1>
            {body}
        })
    })
}

#[component]
fn Held(held: HeldBack, form: FormState, confirmed: bool) -> impl IntoView {
    let number = thousands(shown(held.waiting));
    let lines = in_words(held.of)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    let next = match &held.confirmed_by {
        Some(by) => {
            let by = by.clone();
            let saved = confirmed.then_some("Your confirmation is saved. ");
            view! {
                <div class="nhsuk-inset-text">
                    <p>{saved} "Confirmed by " {by} ". The changes are made within ten minutes."</p>
                </div>
            }
            .into_any()
        }
        None => view! { <Confirming number=held.waiting form/> }.into_any(),
    };
    view! {
        <p>
            "Since " {words::moment(held.since)} ", Staffbook holds back " {number}
            " automatic changes, because they would end or erase unusually many accounts. None of them has been made."
        </p>
        <ul>{lines}</ul>
        <p>"Counted at " {words::moment(held.counted_at)} "."</p>
        <p>
            "A wrong setting or a wrong clock can cause this. Ask the people who run Staffbook to check both before you confirm. "
            "Permanently deleted data cannot be brought back."
        </p>
        {next}
    }
}

#[component]
fn Confirming(number: u64, form: FormState) -> impl IntoView {
    let label = "Are these changes right?".to_owned();
    let hint = format!("If they are, type the number {number}.");
    view! {
        <form class="app-sheet" method="post" action={at::<ConfirmHeld>()} novalidate>
            <TypedNumber label hint form/>
            <button class="nhsuk-button nhsuk-button--warning nhsuk-u-margin-bottom-0">
                "Make " {counted(shown(number), "automatic change", "automatic changes")}
            </button>
        </form>
    }
}

/// What a Global Administrator is told on the first page while something is held back.
#[component]
pub fn HeldNotice(held: HeldBack) -> impl IntoView {
    let number = thousands(shown(held.waiting));
    view! {
        <div class="nhsuk-inset-text">
            <p>
                "Staffbook holds back " {number} " automatic changes, because they are unusually many. "
                <a href=routes::HELD>"Check what is held back"</a>
            </p>
        </div>
    }
}

/// How many of what, a line each; what there is none of is left out.
fn in_words(of: Ending) -> Vec<String> {
    let lines = [
        (of.leavers, "person becomes a leaver", "people become leavers"),
        (of.disabled, "account is disabled", "accounts are disabled"),
        (of.deleted, "account is deleted", "accounts are deleted"),
        (
            of.erased,
            "account is permanently deleted",
            "accounts are permanently deleted",
        ),
        (
            of.contacts,
            "contact is permanently deleted",
            "contacts are permanently deleted",
        ),
        (of.roles, "role ends", "roles end"),
        (
            of.addresses,
            "permanently deleted account’s email addresses can be given to others",
            "permanently deleted accounts’ email addresses can be given to others",
        ),
    ];
    let said = lines.into_iter().filter(|(number, ..)| *number > 0);
    said.map(|(number, one, many)| counted(shown(number), one, many))
        .collect()
}

/// A number as pages show it: no federation has more people than fit.
fn shown(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_back_is_said_by_kind_without_the_empty_ones() {
        let of = Ending {
            deleted: 1_200,
            roles: 1,
            ..Ending::default()
        };
        assert_eq!(in_words(of), ["1,200 accounts are deleted", "1 role ends"]);
    }
}
