//! Marking somebody as leaver: today, or on a date ahead. What will happen is said before anything is asked for.

use domain::{
    account::Account,
    ids::{AccountId, RowNumber, Timestamp},
    life::{Timers, Turn},
    problem::{Kind, Problem},
};
use gate::{GateError, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        date_field::{DateField, DateNames},
        error_summary::{ErrorSummary, FieldError},
    },
    forms::{FormState, WHOLE},
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// The names of the date's fields.
pub(super) const LEAVING: DateNames = DateNames {
    day: "leaving-day",
    month: "leaving-month",
    year: "leaving-year",
};

/// The form; a date that is planned already stands in it.
#[component]
pub fn LeaverPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let prospects = visit.prospects(&account, &organisation).await?;
        let timers = visitor.gate.rules().timers;
        let name = account.full_name();
        let heading = format!("Mark {name} as leaver");
        let title = if form.is_sound() {
            heading.clone()
        } else {
            format!("Error: {heading}")
        };
        let can = Turn::MarkLeaver.leads(account.status, account.activated).is_some();
        if can && !prospects.turns.contains(&Turn::MarkLeaver) {
            return Err(GateError::Denied);
        }
        let body = if can {
            let form = filled(form.clone(), &account);
            let now = visitor.gate.now();
            view! { <Asking id form now timers/> }.into_any()
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

/// What was typed; where nothing was, the date that is planned.
fn filled(mut form: FormState, account: &Account) -> FormState {
    if !form.is_sound() {
        return form;
    }
    if let Some(at) = account.leaving_at {
        let (year, month, day) = calendar::date_parts(at);
        form.keep("when", "date");
        form.keep(LEAVING.day, &day.to_string());
        form.keep(LEAVING.month, &month.to_string());
        form.keep(LEAVING.year, &year.to_string());
    }
    form
}

#[component]
fn Asking(id: AccountId, form: FormState, now: Timestamp, timers: Timers) -> impl IntoView {
    let wrong = form.problem_of("when").is_some();
    let when = form.value_of("when");
    let (is_today, is_ahead) = (when == "today", when == "date");
    let (year, month, day) = calendar::date_parts(calendar::days_after(now, 30));
    let hint = format!("For example, {day} {month} {year}");
    let deleted = words::day(calendar::days_after(now, timers.leaver_days));
    let days = counted(timers.leaver_days, "day", "days");
    let date = view! {
        <DateField legend="Leaving date" hint names=LEAVING form=form.clone()/>
    }
    .into_any();
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action=routes::account_part(&id, "leaver") novalidate>
            <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
                <fieldset class="nhsuk-fieldset" aria-describedby=wrong.then_some("when-error")>
                    <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">"When do they leave?"</legend>
                    <FieldError field="when" form/>
                    <div class="nhsuk-radios">
                        <div class="nhsuk-radios__item">
                            <input class="nhsuk-radios__input" id="when" name="when" type="radio" value="today" checked=is_today/>
                            <label class="nhsuk-label nhsuk-radios__label" for="when">"Today"</label>
                        </div>
                        <div class="nhsuk-radios__item">
                            <input class="nhsuk-radios__input" id="when-date" name="when" type="radio" value="date" checked=is_ahead/>
                            <label class="nhsuk-label nhsuk-radios__label" for="when-date">"On a date ahead"</label>
                        </div>
                        <div class="nhsuk-radios__conditional">{date}</div>
                    </div>
                </fieldset>
            </div>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
        <h2 class="nhsuk-heading-m">"What happens on that day"</h2>
        <ul>
            <li>"They are told by e-mail at once."</li>
            <li>"Their roles, their sessions and the tokens that they made end at once."</li>
            <li>"They can use their account for " {days.clone()} " more. Then it is deleted: if they leave today, on " {deleted} "."</li>
            <li>"Within these " {days} " another organisation can take the account in, and you can undo the leaving."</li>
        </ul>
        <p>"Before anything is done, you see it all once more."</p>
    }
}
