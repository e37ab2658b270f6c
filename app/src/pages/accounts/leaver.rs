//! Marking somebody as leaver: today, or on a date ahead. What will happen is said before anything is asked for.

use domain::{
    channel::Operation,
    life::{Timers, Turn},
    policy::Touch,
    problem::{Kind, Problem},
    request::{AccountWish, Wish},
    values::ids::{AccountId, RowNumber, Timestamp},
};
use gate::{GateError, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{about, lifecycle::MarkLeaver},
    components::{error_summary::ErrorSummary, when_field::WhenField},
    forms::{Answers, FormState, WHOLE, leaving::LEAVING, said_from},
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// The form; what was answered before, or a date that is planned already, stands in it.
#[component]
pub fn LeaverPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| answers(id, wish)).await?;
        if let Some(at) = account.leaving_at.filter(|_| form.is_fresh()) {
            for (field, text) in ahead(at) {
                form.keep(field, &text);
            }
        }
        let prospects = visit.prospects(&account, &organisation).await?;
        let timers = visitor.gate.rules().timers;
        let name = account.full_name();
        let heading = format!("Mark {name} as leaver");
        let title = if form.is_sound() {
            heading.clone()
        } else {
            format!("Error: {heading}")
        };
        let unit = account.unit();
        if !visit.may(Operation::MarkLeaver, &organisation, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        let can = Turn::MarkLeaver.leads(account.status, account.activated).is_some();
        // Who holds a role that the visitor cannot end is no secret: it is said who can do it.
        let held_up = match prospects.held_up {
            _ if !can => None,
            _ if prospects.is_own => Some(Kind::OwnAccount),
            held_up => held_up.map(|ender| Kind::HoldsRole {
                name: name.clone(),
                touch: Touch::Turn(Turn::MarkLeaver),
                ender,
            }),
        };
        let body = if let Some(kind) = held_up {
            let why = Problem::in_row(RowNumber(1), kind);
            view! { <div class="nhsuk-inset-text"><p>{why.to_string()}</p></div> }.into_any()
        } else if can {
            let now = visitor.gate.now();
            view! { <Asking id form=form.clone() now timers/> }.into_any()
        } else {
            let status = account.status;
            let turn = Turn::MarkLeaver;
            let why = Problem::in_row(
                RowNumber(1),
                Kind::CannotTurn {
                    turn,
                    name: name.clone(),
                    status,
                },
            );
            view! { <div class="nhsuk-inset-text"><p>{why.to_string()}</p></div> }.into_any()
        };
        Ok(view! {
            <Title text=title/>
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
        Wish::Account(account, AccountWish::Turn(Turn::MarkLeaver)) if *account == id => {
            Some(vec![("when", "today".to_owned())])
        }
        Wish::Account(account, AccountWish::Leaving(Some(at))) if *account == id => Some(ahead(*at)),
        _ => None,
    }
}

/// A date ahead, as it is answered.
pub(crate) fn ahead(at: Timestamp) -> Answers {
    [vec![("when", "date".to_owned())], LEAVING.answers(at)].concat()
}

#[component]
fn Asking(id: AccountId, form: FormState, now: Timestamp, timers: Timers) -> impl IntoView {
    let (year, month, day) = calendar::date_parts(calendar::days_after(now, 30).unwrap_or(now));
    let hint = format!("For example, {day} {month} {year}");
    let days = counted(timers.leaver_days, "day", "days");
    let until = match words::day_after(now, timers.leaver_days) {
        None => view! {
            <li>"They can go on using their account, which is not deleted automatically."</li>
            <li>"Another organisation can take the account in, and you can undo the leaving."</li>
        }
        .into_any(),
        Some(deleted) => view! {
            <li>"They can use their account for " {days.clone()} " more. Then it is deleted: if they leave today, on " {deleted} "."</li>
            <li>"Within these " {days} " another organisation can take the account in, and you can undo the leaving."</li>
        }
        .into_any(),
    };
    let carried = form.carried();
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={about::<MarkLeaver>(&id)} novalidate>
            {carried}
            <WhenField legend="When do they leave?" hint names=LEAVING form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
        <h2 class="nhsuk-heading-m">"What happens on that day"</h2>
        <ul>
            <li>"They get an email at once."</li>
            <li>"Their roles, their sessions and the tokens that they made end at once."</li>
            {until}
        </ul>
        <p>"You can check everything before anything is done."</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_about_somebody_is_answered_again_about_nobody_else() {
        let account = AccountId(Default::default());
        let other: AccountId = "00000000-0000-0000-0000-000000000001".parse().unwrap();
        let turn = Turn::MarkLeaver;
        let today = vec![("when", "today".to_owned())];
        assert_eq!(
            answers(account, &Wish::Account(account, AccountWish::Turn(turn))),
            Some(today)
        );
        let at = calendar::day_begins(2027, 3, 31);
        let answered = answers(account, &Wish::Account(account, AccountWish::Leaving(at))).unwrap();
        let texts: Vec<_> = answered.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["date", "31", "3", "2027"]);
        assert_eq!(answers(other, &Wish::Account(account, AccountWish::Leaving(at))), None);
        assert_eq!(
            answers(account, &Wish::Account(account, AccountWish::Leaving(None))),
            None
        );
    }
}
