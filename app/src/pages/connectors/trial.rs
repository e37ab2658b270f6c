//! What a connector that is only tried out would do: how many people, who they are, what was refused; and the end of the
//! trial.

use domain::{
    account::AccountStatus,
    connector::TrialKind,
    dictionary::{Change, Value},
    values::ids::AccountId,
};
use gate::{GateError, TrialSummary, TriedPerson};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    calls::{
        about,
        connectors::{ClearTrial, GoLive},
    },
    components::{
        breakable::Breakable,
        done_banner::DoneBanner,
        error_summary::ErrorSummary,
        pagination::{Page, Pagination},
        table::{Column, Row, Table},
        typed_number::TypedNumber,
        unknown_filters::{UnknownFilters, UnknownNote},
    },
    forms::FormState,
    islands::breakable,
    pages::asked,
    routes,
    visitor::Visitor,
    words::{self, counted, thousands},
};

/// The page, for those who may set how the connector is answered.
#[component]
pub fn TrialPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let given = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
    let mut unknown = UnknownFilters::default();
    let asked_for = unknown.read(&given("kind"), TrialKind::from_slug);
    let after: Option<AccountId> = given("after").parse().ok();
    let page = Page::read(after.is_some(), &given("page"));
    let cleared = given("cleared") == "yes";
    asked(async move {
        let id: AccountId = id.parse().map_err(|_| GateError::NotFound)?;
        let visit = visitor.visit()?;
        let name = visit.connector(id).await?.holder.full_name();
        let summary = visit.shadow_summary(id).await?;
        let mut present = TrialKind::ALL.into_iter().filter(|kind| summary.count(*kind) > 0);
        let kind = asked_for.or_else(|| present.next()).unwrap_or(TrialKind::Create);
        let found = visit.shadow_people(id, kind, after).await?;
        let own = routes::connector_part(&id, "trial");
        let address = |after: &str, page: &str| {
            routes::with_query(&own, &[("kind", kind.slug()), ("after", after), ("page", page)])
        };
        let first = (page != Page::First).then(|| address("", ""));
        let next = found.next.map(|next| address(&next.to_string(), &page.next()));
        let title = match form.is_sound() {
            true => page.title(&format!("{name}: Trial")),
            false => format!("Error: {name}: Trial"),
        };
        let state = match summary.is_on {
            true => {
                "Nothing that the other system sends is applied. It is answered as if everything was done, and reads what it has sent. This is what would have come of it."
            }
            false => "The connector is live: what it sends is applied. To put it on trial, change its settings.",
        };
        let is_empty = summary.counts.values().all(|count| *count == 0);
        let list = match is_empty {
            true => {
                view! { <p>"Nothing was tried yet. Start a run in the other system, then load this page again."</p> }
                    .into_any()
            }
            false => view! {
                <Counts connector=id summary=summary.clone()/>
                <UnknownNote filters=unknown/>
                <People kind people=found.people/>
                <Pagination first next/>
            }
            .into_any(),
        };
        let list = (summary.is_on || !is_empty).then_some(list);
        let end = summary
            .is_on
            .then(|| view! { <Ending connector=id summary=summary.clone() form=form.clone()/> });
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::connector(&id)>"Connector"</a>
            <ErrorSummary form/>
            {cleared.then(|| view! { <DoneBanner said="What was tried is cleared. The connector is still on trial."/> })}
            <h1 class="app-break"><span class="nhsuk-caption-l">"Trial of a connector"</span> " " {name}</h1>
            <p>{state}</p>
            {list}
            {end}
        })
    })
}

/// How many of each kind, each with the way to them.
#[component]
fn Counts(connector: AccountId, summary: TrialSummary) -> impl IntoView {
    let page = routes::connector_part(&connector, "trial");
    let line = |kind: TrialKind| {
        let (one, many) = in_words(kind);
        let said = counted(shown(summary.count(kind)), one, many);
        let href = routes::with_query(&page, &[("kind", kind.slug())]);
        match summary.count(kind) {
            0 => view! { <li>{said}</li> }.into_any(),
            _ => view! { <li><a href=href>{said}</a></li> }.into_any(),
        }
    };
    let lines = TrialKind::ALL.map(line).into_iter().collect_view();
    view! {
        <h2>"What would happen"</h2>
        <ul>{lines}</ul>
    }
}

/// The people of one kind.
#[component]
fn People(kind: TrialKind, people: Vec<TriedPerson>) -> impl IntoView {
    let rows = people.into_iter().map(|person| row(kind, person)).collect();
    let what = match kind {
        TrialKind::Create => "What the account would have",
        TrialKind::Change
        | TrialKind::Disable
        | TrialKind::Enable
        | TrialKind::Delete
        | TrialKind::DisableAndDelete => "What would change",
        TrialKind::Collide => "Why it is refused",
    };
    let columns = ["Person", "Organisation", what, "Last tried"]
        .map(Column::Named)
        .to_vec();
    let empty = "No one of this kind any more. Choose another kind above.";
    view! { <Table caption=heading(kind) shows_caption=true columns rows empty/> }
}

fn row(kind: TrialKind, person: TriedPerson) -> Row {
    let known_as = breakable(&person.known_as);
    let name = match person.account {
        Some(id) => view! { <a class="app-people__name" href=routes::account(&id)>{person.name}</a> }.into_any(),
        None => view! { <span class="app-people__name" inner_html=breakable(&person.name)></span> }.into_any(),
    };
    let who = view! { {name} " " <span class="app-people__address" inner_html=known_as></span> };
    let what = match kind {
        TrialKind::Collide => {
            let known = person
                .known
                .map(|id| view! { " " <a href=routes::account(&id)>"Open the account that has it"</a> });
            view! { <Breakable text=person.said/> {known} }.into_any()
        }
        TrialKind::Delete | TrialKind::DisableAndDelete => "A proposal to delete the account".into_any(),
        TrialKind::Create | TrialKind::Change | TrialKind::Disable | TrialKind::Enable => {
            let lines = lines(&person.changes, person.status);
            let lines = lines
                .into_iter()
                .map(|line| view! { <li inner_html=breakable(&line)></li> })
                .collect_view();
            view! { <ul class="nhsuk-list app-break">{lines}</ul> }.into_any()
        }
    };
    vec![
        who.into_any(),
        person.organisation.into_any(),
        what,
        words::moment(person.last).into_any(),
    ]
}

/// What changes, a line each; the other system's key alone is a line, too.
fn lines(changes: &[Change], status: Option<AccountStatus>) -> Vec<String> {
    let text = |change: &Change, value: &Option<Value>| {
        value
            .as_ref()
            .map_or_else(|| "empty".to_owned(), |value| change.attribute.shown(value.as_str()))
    };
    let mut lines: Vec<_> = status
        .map(|status| format!("Status: {}", status.name()))
        .into_iter()
        .collect();
    lines.extend(changes.iter().map(|change| {
        let name = change.attribute.name();
        match &change.before {
            None => format!("{name}: {}", text(change, &change.after)),
            Some(_) => format!(
                "{name}: {} (now {})",
                text(change, &change.after),
                text(change, &change.before)
            ),
        }
    }));
    if lines.is_empty() {
        lines.push("Only the other system’s own key".to_owned());
    }
    lines
}

/// The end of the trial, and beginning it again.
#[component]
fn Ending(connector: AccountId, summary: TrialSummary, form: FormState) -> impl IntoView {
    let would = shown(summary.would_change());
    let label = "Is this what the other system should do?".to_owned();
    let hint = format!(
        "If it is, type the number of people for whom something would happen: {}.",
        thousands(would)
    );
    let next = next_run(&summary)
        .map(|run| view! { <p>"If the next run sends the same again, it will: " <strong>{run}</strong> "."</p> });
    let number = (would > 0).then(|| view! { <TypedNumber label hint form/> });
    view! {
        <form class="app-sheet" method="post" action={about::<GoLive>(&connector)} novalidate>
            <h2 class="nhsuk-heading-m" id="live">"Go live"</h2>
            <p>"Going live sends nothing and changes nobody. What was tried is forgotten here. From then on, what the other system sends is applied."</p>
            {next}
            <p>"The other system decides when its next run is. If it sends nothing, restart its synchronisation there."</p>
            {number}
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Go live"</button>
        </form>
        <form method="post" action={about::<ClearTrial>(&connector)}>
            <h2 class="nhsuk-heading-m">"Try it again"</h2>
            <p>"Clear what was tried, then start a full run in the other system. The connector stays on trial."</p>
            <button class="nhsuk-button nhsuk-button--secondary">"Clear what was tried"</button>
        </form>
    }
}

/// What would come of the same requests: `create 312 accounts, change 40, disable 9`. `None` if nothing would.
fn next_run(summary: &TrialSummary) -> Option<String> {
    let verbs = [
        (TrialKind::Create, "create"),
        (TrialKind::Change, "change"),
        (TrialKind::Disable, "disable"),
        (TrialKind::Enable, "enable"),
        (TrialKind::Delete, "propose to delete"),
    ];
    let some = verbs.into_iter().filter(|(kind, _)| summary.count(*kind) > 0);
    let some = some.enumerate().map(|(place, (kind, verb))| {
        let number = shown(summary.count(kind));
        match place {
            0 => format!("{verb} {}", counted(number, "account", "accounts")),
            _ => format!("{verb} {}", thousands(number)),
        }
    });
    let some: Vec<_> = some.collect();
    (!some.is_empty()).then(|| some.join(", "))
}

const fn in_words(kind: TrialKind) -> (&'static str, &'static str) {
    match kind {
        TrialKind::Create => ("account would be created", "accounts would be created"),
        TrialKind::Change => ("account would be changed", "accounts would be changed"),
        TrialKind::Disable => ("account would be disabled", "accounts would be disabled"),
        TrialKind::Enable => ("account would be enabled", "accounts would be enabled"),
        TrialKind::Delete => (
            "deletion would be proposed to administrators",
            "deletions would be proposed to administrators",
        ),
        TrialKind::DisableAndDelete => (
            "account would be disabled, then proposed for deletion",
            "accounts would be disabled, then proposed for deletion",
        ),
        TrialKind::Collide => ("request would be refused", "requests would be refused"),
    }
}

const fn heading(kind: TrialKind) -> &'static str {
    match kind {
        TrialKind::Create => "Accounts that would be created",
        TrialKind::Change => "Accounts that would be changed",
        TrialKind::Disable => "Accounts that would be disabled",
        TrialKind::Enable => "Accounts that would be enabled",
        TrialKind::Delete => "Deletions that would be proposed",
        TrialKind::DisableAndDelete => "Accounts that would be disabled, then proposed for deletion",
        TrialKind::Collide => "Requests that would be refused",
    }
}

/// A number as pages show it.
fn shown(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use domain::dictionary::Attribute;

    use super::*;

    #[test]
    fn the_next_run_is_told_with_what_it_does_to_how_many() {
        let summary = |counts: &[(TrialKind, u64)]| TrialSummary {
            is_on: true,
            counts: counts.iter().copied().collect(),
        };
        let some = summary(&[
            (TrialKind::Create, 1_312),
            (TrialKind::Change, 40),
            (TrialKind::Enable, 0),
            (TrialKind::Delete, 2),
            (TrialKind::Collide, 3),
        ]);
        let said = "create 1,312 accounts, change 40, propose to delete 2";
        assert_eq!(next_run(&some).as_deref(), Some(said));
        assert_eq!(some.would_change(), 1_354);
        // Who would be disabled and then deleted is told twice, and is one person.
        let both = summary(&[
            (TrialKind::Disable, 3),
            (TrialKind::Delete, 2),
            (TrialKind::DisableAndDelete, 2),
        ]);
        assert_eq!(
            next_run(&both).as_deref(),
            Some("disable 3 accounts, propose to delete 2")
        );
        assert_eq!(both.would_change(), 3);
        assert_eq!(next_run(&summary(&[(TrialKind::Collide, 3)])), None);
    }

    #[test]
    fn changes_are_told_with_what_is_there_now() {
        let value = |text: &str| Some(Value::stored(text.to_owned()));
        let change = |before, after| Change {
            attribute: Attribute::JobTitle,
            before,
            after,
        };
        let name = Attribute::JobTitle.name();
        for (before, after, line) in [
            (None, value("Nurse"), format!("{name}: Nurse")),
            (value("Cook"), value("Nurse"), format!("{name}: Nurse (now Cook)")),
            (value("Cook"), None, format!("{name}: empty (now Cook)")),
        ] {
            assert_eq!(lines(&[change(before, after)], None), [line]);
        }
        let disabled = lines(&[], Some(AccountStatus::Disabled));
        assert_eq!(disabled, ["Status: Disabled"]);
        assert_eq!(lines(&[], None), ["Only the other system’s own key"]);
    }
}
