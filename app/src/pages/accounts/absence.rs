//! Disabling somebody for a while: from today or from a date ahead, until a day or until somebody enables the account, and
//! why. What will happen is said before anything is asked for.

use domain::{
    absence::{Absence, LONGEST_REASON},
    account::{Account, AccountStatus},
    channel::Operation,
    life::{Timers, Turn},
    policy::Touch,
    problem::{Kind, Problem},
    request::{AccountWish, Wish},
    values::ids::{AccountId, RowNumber, Timestamp},
};
use gate::{GateError, Prospects, calendar};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{about, lifecycle::SetAbsence},
    components::{
        date_field::DateField,
        error_summary::ErrorSummary,
        field::{Keys, TextField},
        when_field::WhenField,
    },
    forms::{
        Answers, FormState, Need, WHOLE,
        absence::{AWAY, BACK, REASON},
        said_from,
    },
    pages::asked,
    routes,
    visitor::Visitor,
    words::counted,
};

/// The form; what was answered before, or an absence that is planned or under way, stands in it.
#[component]
pub fn AbsencePage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let from = said_from();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let unit = account.unit();
        let operation = Operation::DisableOrEnable;
        if !visit.may(operation, &organisation, unit.as_ref()).await? {
            return Err(GateError::Denied);
        }
        let mut form = form;
        form.fill_in(&visit, from.as_ref(), |wish| answers(id, wish)).await?;
        if let Some(absence) = account.absence.as_ref().filter(|_| form.is_fresh()) {
            for (field, text) in said(absence) {
                form.keep(field, &text);
            }
        }
        let prospects = visit.prospects(&account, &organisation).await?;
        let name = account.full_name();
        let is_away = account.status == AccountStatus::Disabled;
        let heading = match is_away {
            true => format!("Absence of {name}"),
            false => format!("Disable {name}"),
        };
        let title = if form.is_sound() {
            heading.clone()
        } else {
            format!("Error: {heading}")
        };
        let body = match held_up(&account, &prospects) {
            Some(kind) => {
                let why = Problem::in_row(RowNumber(1), kind);
                view! { <div class="nhsuk-inset-text"><p>{why.to_string()}</p></div> }.into_any()
            }
            None => {
                let (now, timers) = (visitor.gate.now(), visitor.gate.rules().timers);
                view! { <Asking id form=form.clone() is_away now timers/> }.into_any()
            }
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

/// Why nothing can be asked for; `None` if it can.
fn held_up(account: &Account, prospects: &Prospects) -> Option<Kind> {
    let (name, status, turn) = (account.full_name(), account.status, Turn::Disable);
    if status == AccountStatus::Disabled {
        return None;
    }
    if turn.leads(status, account.activated).is_none() {
        return Some(Kind::CannotTurn { turn, name, status });
    }
    if prospects.is_own {
        return Some(Kind::OwnAccount);
    }
    // Who holds a role that the visitor cannot end is no secret: it is said who can do it.
    prospects.held_up.map(|ender| Kind::HoldsRole {
        name,
        touch: Touch::Turn(turn),
        ender,
    })
}

/// What was answered where this form asked for a wish about an account.
fn answers(id: AccountId, wish: &Wish) -> Option<Answers> {
    match wish {
        Wish::Account(account, AccountWish::Absence(Some(absence)) | AccountWish::ChangeAbsence(absence))
            if *account == id =>
        {
            Some(said(absence))
        }
        _ => None,
    }
}

/// An absence, as it is answered.
pub(crate) fn said(absence: &Absence) -> Answers {
    let when = if absence.is_planned() { "date" } else { "today" };
    let mut answers = vec![("when", when.to_owned()), (REASON, absence.reason.clone())];
    for (names, at) in [(AWAY, absence.from), (BACK, absence.until)] {
        answers.extend(at.into_iter().flat_map(|at| names.answers(at)));
    }
    answers
}

/// What is asked about many who are disabled from today: until when, and why.
pub(crate) fn absence_of_many(form: &FormState, now: Timestamp) -> impl IntoView + use<> {
    let hint = back_hint(now);
    view! {
        <DateField legend=Need::Optional.label("When are they back?") hint names=BACK form=form.clone()/>
        <Reason form=form.clone()/>
    }
}

fn example(now: Timestamp, days: u32) -> String {
    let (year, month, day) = calendar::date_parts(calendar::days_after(now, days).unwrap_or(now));
    format!("For example, {day} {month} {year}")
}

fn back_hint(now: Timestamp) -> String {
    format!("{}. Leave it empty if you do not know yet.", example(now, 210))
}

#[component]
fn Asking(id: AccountId, form: FormState, is_away: bool, now: Timestamp, timers: Timers) -> impl IntoView {
    let hint = back_hint(now);
    let carried = form.carried();
    let when = (!is_away).then(|| {
        let (legend, hint) = ("When should the account be disabled?", example(now, 30));
        view! { <WhenField legend hint names=AWAY form=form.clone()/> }
    });
    let begins = (!is_away).then(|| {
        view! {
            <li>"Nobody can sign in to the account, and their roles, sessions and tokens end. Roles do not come back."</li>
        }
    });
    let kept = match timers.disabled_months {
        0 => "Without a day of return, the account stays disabled until you enable it.".to_owned(),
        months => format!(
            "Without a day of return, the account is deleted after {}, unless you enable it before then.",
            counted(months, "month", "months")
        ),
    };
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={about::<SetAbsence>(&id)} novalidate>
            {carried}
            {when}
            <DateField legend=Need::Optional.label("When are they back?") hint names=BACK form=form.clone()/>
            <Reason form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
        </form>
        <h2 class="nhsuk-heading-m">"What happens"</h2>
        <ul>
            {begins}
            <li>"On the day of return the account is enabled again automatically."</li>
            <li>{kept}</li>
            <li>"You see the reason on the account’s page and in its history. It is not in the directory."</li>
        </ul>
        <p>"You can check everything before anything is done."</p>
    }
}

/// Why.
#[component]
fn Reason(form: FormState) -> impl IntoView {
    let hint = format!(
        "A few words, such as parental leave. At most {LONGEST_REASON} characters. Do not give medical details."
    );
    view! { <TextField field=REASON label="Reason" hint keys=Keys::Words form/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_asked_for_is_answered_again_about_nobody_else() {
        let account = AccountId(Default::default());
        let other: AccountId = "00000000-0000-0000-0000-000000000001".parse().unwrap();
        let absence = Some(Absence {
            from: calendar::day_begins(2026, 12, 3),
            until: calendar::day_begins(2027, 6, 7),
            reason: "parental leave".to_owned(),
        });
        let wish = Wish::Account(account, AccountWish::Absence(absence));
        let answered = answers(account, &wish).unwrap();
        let texts: Vec<_> = answered.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["date", "parental leave", "3", "12", "2026", "7", "6", "2027"]);
        assert_eq!(answers(other, &wish), None);
        assert_eq!(
            answers(account, &Wish::Account(account, AccountWish::Absence(None))),
            None
        );
    }
}
