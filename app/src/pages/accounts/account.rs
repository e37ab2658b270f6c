//! An account: where it stands in its life, what comes by itself and when, and what the visitor may do with it now.

use domain::{
    absence::Absence,
    account::{Account, AccountStatus},
    channel::Operation,
    dictionary::Attribute,
    life::Turn,
    policy::Actor,
    rules::Rules,
    values::ids::{AccountId, Timestamp},
};
use gate::{GateError, Prospects};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    calls::{
        about,
        hold::ReleaseAccount,
        lifecycle::{ResetPassword, ResetSecondFactor, TurnAccount},
    },
    components::{
        about_person::{History, Known, NothingChanged, nothing_changed, sites},
        actions::{Actions, button, link, warning_button},
        back::BackToList,
        error_summary::ErrorSummary,
        lifeline::{Lifeline, Stage, stages},
        roles_held::RolesHeld,
        tags,
    },
    forms::FormState,
    pages::{
        accounts::{hold::HeldNotice, new_address::NewAddress, seats::SeatsSection},
        asked,
    },
    routes,
    visitor::Visitor,
    words::{self, counted},
};

/// What nobody does to themselves.
const OWN_ACCOUNT: &str =
    "This is your own account. To disable or delete it, or to be marked as leaver, ask another administrator.";

/// The page; again with what is wrong, where somebody asked for what cannot be done.
#[component]
pub fn AccountPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let nothing = nothing_changed();
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let (account, organisation) = visit.account(id).await?;
        let prospects = visit.prospects(&account, &organisation).await?;
        let events = visit.account_history(id).await?;
        let undos = visit.undos_in(events.as_deref().unwrap_or_default()).await?;
        let roles = visit.roles_of(id).await?;
        let may_give = !roles.may_grant.is_empty() && !prospects.is_own && account.status != AccountStatus::Deleted;
        let name = account.full_name();
        let title = if form.is_sound() {
            name.clone()
        } else {
            format!("Error: {name}")
        };
        let sites = sites(&visit, &organisation).await?;
        let viewer = visitor.actor.as_ref().and_then(Actor::account);
        let mut lines = standing(&account, &prospects, visitor.gate.now(), visitor.gate.rules());
        if viewer == Some(id) {
            lines.insert(0, OWN_ACCOUNT.to_owned());
        }
        let known = events.as_deref().unwrap_or_default();
        let (timers, now) = (visitor.gate.rules().timers, visitor.gate.now());
        let stages = stages(&account, known, prospects.next, timers, now);
        let mut actions = actions(&account, &prospects, viewer);
        let may_hold = visit
            .may(Operation::HoldOrRelease, &organisation, account.unit().as_ref())
            .await?;
        let holding = (may_hold && account.status != AccountStatus::Deleted).then(|| holding(&account));
        if let Some(holding) = holding {
            // What ends something stays last.
            let ends = usize::from(prospects.turns.contains(&Turn::Delete));
            actions.insert(actions.len().saturating_sub(ends), holding);
        }
        let home = organisation.code.clone();
        let held = account.held.clone().map(|held| view! { <HeldNotice held/> });
        let may_cancel = prospects.edit;
        let waiting = visit.waiting_rename(id).await?;
        let waiting = waiting.map(|waiting| view! { <NewAddress waiting account=id may_cancel/> });
        let (seats, offered) = (visit.seats(id).await?, visit.subscriptions_for(id).await?);
        let mut more = vec![("ID", id.to_string())];
        if let Some(at) = prospects.last_used {
            more.insert(0, ("Last used", words::moment(at)));
        }
        let shown = Attribute::ALL
            .into_iter()
            .filter(|attribute| attribute.is_kept())
            .collect();
        Ok(view! {
            <Title text=title/>
            <BackToList list=routes::PEOPLE plain=routes::PEOPLE.to_owned() label="People"/>
            <ErrorSummary form/>
            <h1 class="app-break"><span class="nhsuk-caption-l">"Account"</span> " " {name}</h1>
            {nothing.then(|| view! { <NothingChanged/> })}
            {held}
            {waiting}
            <Standing status=account.status stages lines actions/>
            <Known attributes=account.attributes shown aliases=account.aliases organisation sites=sites.clone() more/>
            <SeatsSection held=seats offered account=id organisation=home/>
            <RolesHeld roles account=id may_give/>
            <History events file=Some(routes::account_part(&id, "history.csv")) sites undos/>
        })
    })
}

#[component]
fn Standing(status: AccountStatus, stages: Vec<Stage>, lines: Vec<String>, actions: Vec<AnyView>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        <section class="app-sheet app-status" aria-labelledby="status">
            <h2 class="app-status__heading" id="status">"Status " {tags::status(status)}</h2>
            <Lifeline stages/>
            {lines}
            <Actions actions/>
        </section>
    }
}

/// Said of an account whose password was taken away.
const NO_PASSWORD: &str = "It has no password. Nobody can sign in with a password until it is reset.";

/// How things stand, and what comes by itself, in sentences.
fn standing(account: &Account, prospects: &Prospects, now: Timestamp, rules: &Rules) -> Vec<String> {
    let since = words::day(account.since);
    // What is overdue comes with the next sweep.
    let next = prospects.next.map(|(at, _)| words::day(at.max(now)));
    let then = |what: &str, unless: &str| next.as_ref().map(|day| format!("{what} on {day} unless {unless}."));
    let mut lines = match account.status {
        AccountStatus::Pending => vec![
            format!("Pending since {since}: the person has not activated it yet."),
            match account.starts_at {
                None => "An activation link was given out. If it is lost or has expired, send another.".to_owned(),
                Some(starts) => format!(
                    "Activation link will be sent on {}. Nobody can sign in before then.",
                    words::day(starts.max(now))
                ),
            },
        ],
        AccountStatus::Active => {
            let used = match prospects.last_used {
                Some(at) => format!("Active since {since}, and last used on {}.", words::day(at)),
                None => format!("Active since {since}. No use has been recorded yet."),
            };
            let next = then("Will become inactive", "it is used before then");
            let unusable = prospects.no_password.then(|| NO_PASSWORD.to_owned());
            std::iter::once(used).chain(unusable).chain(next).collect()
        }
        AccountStatus::Inactive => {
            let next = then("Will be deleted", "it is used before then");
            let first = format!(
                "Inactive since {since}, because it had not been used for a while. It works as before, and is active again \
                 when it is used."
            );
            std::iter::once(first).chain(next).collect()
        }
        AccountStatus::Locked => vec![format!(
            "Locked since {since}, after too many failed sign-ins. Nobody can sign in to it until it is unlocked."
        )],
        AccountStatus::Disabled => {
            let next = then("Will be deleted", "it is enabled before then");
            let first = format!("Disabled since {since}. Nobody can sign in to it.");
            std::iter::once(first).chain(next).collect()
        }
        AccountStatus::Leaver => {
            let next = then("Will be deleted", "another organisation takes the account in");
            let first = format!("Leaver since {since}.");
            let line = next.map_or(first.clone(), |next| format!("{first} {next}"));
            let use_of_it = match prospects.no_password {
                true => NO_PASSWORD,
                false => "Until then the person can use it as before.",
            };
            vec![line, use_of_it.to_owned()]
        }
        AccountStatus::Deleted => {
            let until = next
                .as_ref()
                .map(|day| format!("Can be restored until {day}; then it is permanently deleted."));
            std::iter::once(format!("Deleted on {since}.")).chain(until).collect()
        }
    };
    lines.extend(absence(account, prospects));
    if let Some(at) = account
        .leaving_at
        .filter(|at| *at <= now && account.status == AccountStatus::Pending)
    {
        let day = words::day(at);
        lines.push(format!(
            "The leaving date was {day}, and the account was never activated. It stays as it is until you delete it."
        ));
    } else if let Some(at) = account.leaving_at {
        let then = match rules.timers.leaver_days {
            0 => String::new(),
            days => {
                let days = counted(days, "day", "days");
                format!(", and is deleted {days} later unless another organisation takes it in")
            }
        };
        let day = words::day(at);
        lines.push(format!(
            "Leaves on {day}. The account becomes a leaver’s on that day{then}."
        ));
    }
    lines
}

/// An absence that is planned or under way; why, for those only who may disable.
fn absence(account: &Account, prospects: &Prospects) -> Vec<String> {
    let Some(absence) = &account.absence else {
        return vec![];
    };
    let back = absence.until.map(words::day);
    let days = match (absence.from.map(words::day), back) {
        (Some(from), Some(back)) => Some(format!("Absence planned: disabled from {from}, back on {back}.")),
        (Some(from), None) => Some(format!("Absence planned: disabled from {from}, with no day of return.")),
        (None, Some(back)) => Some(format!(
            "Back on {back}: the account is enabled automatically on that day."
        )),
        (None, None) => None,
    };
    let turns = [Turn::Disable, Turn::Enable];
    let may_disable = turns.iter().any(|turn| prospects.turns.contains(turn));
    let reason = (may_disable && !absence.reason.is_empty()).then(|| format!("Reason: {}", absence.reason));
    days.into_iter().chain(reason).collect()
}

/// The way to hold an account, or to release it.
fn holding(account: &Account) -> AnyView {
    match account.held.is_some() {
        true => button("Release account", about::<ReleaseAccount>(&account.id), None),
        false => link("Hold account", routes::account_part(&account.id, "hold")),
    }
}

/// What the viewer may do now; what ends something comes last.
fn actions(account: &Account, prospects: &Prospects, viewer: Option<AccountId>) -> Vec<AnyView> {
    let to = |part: &str| routes::account_part(&account.id, part);
    let turns = about::<TurnAccount>(&account.id);
    let turn = |turn: Turn| button(turn.name(), turns.clone(), Some(("turn", turn.slug())));
    let may = |turn: Turn| prospects.turns.contains(&turn);
    let mut actions = Vec::new();
    if prospects.edit {
        actions.push(link("Change details", to("edit")));
    }
    let back = [Turn::Unlock, Turn::Enable, Turn::KeepOn, Turn::Restore];
    actions.extend(back.into_iter().filter(|turn| may(*turn)).map(turn));
    if viewer == Some(account.id) {
        // Whoever knows their password needs no link to another one.
        actions.push(link("Change your password", routes::OWN_PASSWORD.to_owned()));
    } else if prospects.reset_password {
        let label = match account.status {
            AccountStatus::Pending if account.starts_at.is_some() => "Send now",
            AccountStatus::Pending => "Send the activation link again",
            _ => "Reset password",
        };
        actions.push(button(label, about::<ResetPassword>(&account.id), None));
    }
    if prospects.reset_factors {
        actions.push(button(
            "Reset second factor",
            about::<ResetSecondFactor>(&account.id),
            None,
        ));
    }
    if prospects.transfer {
        actions.push(link("Transfer to another organisation", to("transfer")));
    }
    if may(Turn::MarkLeaver) {
        let planned = account.leaving_at.is_some();
        let label = if planned {
            "Change the leaving date"
        } else {
            "Mark as leaver"
        };
        actions.push(link(label, to("leaver")));
        if planned {
            let stays = Some(("turn", Turn::KeepOn.slug()));
            actions.push(button(Turn::KeepOn.name(), turns.clone(), stays));
        }
    }
    let planned = account.absence.as_ref().is_some_and(Absence::is_planned);
    if may(Turn::Disable) {
        let label = if planned {
            "Change the absence"
        } else {
            Turn::Disable.name()
        };
        actions.push(link(label, to("absence")));
    }
    if may(Turn::Disable) && planned {
        let stays = Some(("turn", Turn::Enable.slug()));
        actions.push(button("Cancel the absence", turns.clone(), stays));
    }
    if may(Turn::Enable) {
        actions.push(link("Change the absence", to("absence")));
    }
    if may(Turn::Delete) {
        let delete = Some(("turn", Turn::Delete.slug()));
        actions.push(warning_button(Turn::Delete.name(), turns.clone(), delete));
    }
    actions
}
