//! How a connector is answered: the form for those who may give that role, and the same in words for others.

use domain::{
    connector::{ConnectorSettings, Deletes, WhichDialect},
    values::ids::AccountId,
};
use leptos::prelude::*;

use crate::{
    calls::{about, connectors::SetConnector},
    components::field::{Group, Tied},
    forms::{DELETES, DIALECT, FormState, SHADOW, WHOLE},
    routes,
};

/// What a dialect means for the other system.
const fn of_dialect(dialect: WhichDialect) -> (&'static str, &'static str) {
    match dialect {
        WhichDialect::Tolerant => (
            "Tolerant",
            "For Entra ID, Okta and most products. Small differences from the standard are understood, and details that we do not keep are ignored.",
        ),
        WhichDialect::Strict => (
            "Strict",
            "For tests and for systems that keep exactly to SCIM 2.0. Anything else is refused, with the reason.",
        ),
    }
}

/// What becomes of a deletion.
const fn of_deletes(deletes: Deletes) -> (&'static str, &'static str) {
    match deletes {
        Deletes::Refuse => (
            "Refuse it",
            "The other system gets the answer 405 and may show an error. Administrators are asked all the same. Choose this if deletions can be turned off there.",
        ),
        Deletes::Propose => (
            "Propose it to administrators",
            "The other system is told that it is done, and no longer sees the account. The account stays until an administrator accepts the proposal.",
        ),
    }
}

/// What to know before nothing is applied.
const TRIED: &str = "The other system is answered as if everything was done, and reads what it has sent. Nothing is changed here, and you see what it would do.";

const READ: &str = "How closely must requests follow SCIM 2.0?";
const DELETED: &str = "When the other system deletes somebody";

/// What is set.
#[component]
pub(super) fn SettingsSaid(settings: ConnectorSettings) -> impl IntoView {
    let line = |key: &'static str, (what, how): (&'static str, &'static str)| {
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{key}</dt>
                <dd class="nhsuk-summary-list__value"><strong>{what}</strong> <br/> {how}</dd>
            </div>
        }
    };
    view! {
        <h2 id="settings">"Settings"</h2>
        <dl class="nhsuk-summary-list">
            {line("Requests", of_dialect(settings.dialect))}
            {line(DELETED, of_deletes(settings.deletes))}
            {settings.shadow.then(|| line("Trial", ("Nothing that it sends is applied", TRIED)))}
        </dl>
        <p>"A Primary Local Administrator can change these on the connector’s page."</p>
    }
}

/// The form.
#[component]
pub(super) fn SettingsForm(connector: AccountId, settings: ConnectorSettings, form: FormState) -> impl IntoView {
    let dialects = WhichDialect::ALL.map(|dialect| (dialect.slug(), of_dialect(dialect)));
    let deletes = Deletes::ALL.map(|deletes| (deletes.slug(), of_deletes(deletes)));
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={about::<SetConnector>(&connector)} novalidate>
            <h2 class="nhsuk-heading-m" id="settings">"Settings"</h2>
            <Choice field=DIALECT legend=READ set=settings.dialect.slug() choices=dialects form=form.clone()/>
            <Choice field=DELETES legend=DELETED set=settings.deletes.slug() choices=deletes form=form.clone()/>
            <Trial connector is_on=settings.shadow form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Save settings"</button>
        </form>
    }
}

/// Whether it is on trial: begun here, and ended on the page that shows what it came to.
#[component]
fn Trial(connector: AccountId, is_on: bool, form: FormState) -> impl IntoView {
    if is_on {
        let page = routes::connector_part(&connector, "trial");
        return view! {
            <input type="hidden" name=SHADOW value="yes"/>
            <div class="nhsuk-inset-text">
                <p>"This connector is on trial: nothing that it sends is applied. " <a href=page>"See what it would do, and go live"</a></p>
            </div>
        }
        .into_any();
    }
    let shadow = form.value_of(SHADOW) == "yes";
    view! {
        <Group field=SHADOW legend="Put the connector on trial?" look="nhsuk-fieldset__legend--s" hint=TRIED form>
            <div class="nhsuk-checkboxes">
                <div class="nhsuk-checkboxes__item">
                    <input class="nhsuk-checkboxes__input" id=SHADOW name=SHADOW type="checkbox" value="yes" checked=shadow/>
                    <label class="nhsuk-label nhsuk-checkboxes__label" for=SHADOW>"Apply nothing that it sends"</label>
                </div>
            </div>
        </Group>
    }
    .into_any()
}

/// One of two, each with what it means.
#[component]
fn Choice(
    field: &'static str,
    legend: &'static str,
    set: &'static str,
    choices: [(&'static str, (&'static str, &'static str)); 2],
    form: FormState,
) -> impl IntoView {
    let invalid = Tied::to(field, &form).invalid();
    let typed = form.value_of(field);
    let chosen = if typed.is_empty() { set.to_owned() } else { typed };
    let radio = |(place, (value, (label, hint))): (usize, (&'static str, (&'static str, &'static str)))| {
        // The first is where a summary of errors leads to.
        let id = match place {
            0 => field.to_owned(),
            _ => format!("{field}-{value}"),
        };
        let said = format!("{id}-says");
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id.clone() name=field type="radio" value=value checked=chosen == value aria-describedby=said.clone() aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{label}</label>
                <div class="nhsuk-hint nhsuk-radios__hint" id=said>{hint}</div>
            </div>
        }
    };
    let radios = choices.into_iter().enumerate().map(radio).collect_view();
    view! {
        <Group field legend look="nhsuk-fieldset__legend--s" form>
            <div class="nhsuk-radios">{radios}</div>
        </Group>
    }
}
