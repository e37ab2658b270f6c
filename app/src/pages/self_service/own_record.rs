//! One's own record: what the directory has of oneself, the few details that are one's own to change, and who manages
//! the rest.

use domain::{
    account::AccountStatus,
    dictionary::{Attribute, Input},
    organisation::{Organisation, Site},
    policy::{OWN_ATTRIBUTES, Role},
    values::{email_address::EmailAddress, ids::AccountId},
};
use gate::{Administrator, OwnRecord};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    calls::{at, self_service::ChangeOwnDetails},
    components::{
        administrators::{Administrators, Recourse},
        done_banner::{DoneBanner, NothingDone},
        error_summary::{ErrorSummary, FieldError},
        field::TickBox,
        tags, values,
    },
    forms::{FormState, MovedDetail, Need, SEEN, WHOLE},
    islands::{CheckedField, Field, Limits, Side},
    pages::asked,
    routes,
    visitor::Visitor,
    words,
};

/// The page.
#[component]
pub fn OwnPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let query = use_query_map().get_untracked();
    let part = |name: &str| query.get(name).unwrap_or_default();
    let (saved, nothing) = (part("saved"), part("nothing"));
    asked(async move {
        let visit = visitor.visit()?;
        let record = visit.own_record().await?;
        let home = visit
            .with_sites(std::slice::from_ref(&record.organisation.code))
            .await?;
        let sites: Vec<_> = home.into_iter().flat_map(|home| home.sites).collect();
        let rules = visitor.gate.rules();
        let limits = Limits {
            mail_domain: rules.mail_domain.as_str().to_owned(),
            largest_quota_gb: rules.largest_quota_gb,
            side: Side::Inside,
        };
        let title = if form.is_sound() {
            "Your record"
        } else {
            "Error: Your record"
        };
        let leaving = (record.account.status == AccountStatus::Leaver).then(|| {
            let until = words::day_after(record.account.since, rules.timers.leaver_days);
            let until = until.map(|day| format!(" until {day}"));
            view! {
                <div class="nhsuk-inset-text">
                    <p>"You are leaving your organisation. You can go on using your account" {until} "."</p>
                </div>
            }
        });
        let OwnRecord {
            roles, administrators, ..
        } = record.clone();
        let own = record.account.id;
        let recourse = Recourse::of(&roles);
        Ok(view! {
            <Title text=title/>
            <ErrorSummary form=form.clone()/>
            {notice(&saved, &nothing)}
            <h1>"Your record"</h1>
            {leaving}
            <div class="nhsuk-grid-row">
                <div class="nhsuk-grid-column-two-thirds">
                    <OwnForm record=record.clone() limits form/>
                    <Kept record sites/>
                </div>
                <div class="nhsuk-grid-column-one-third">
                    <Roles roles=roles.clone()/>
                    <Tokens roles/>
                    <LookedAfter administrators own recourse/>
                </div>
            </div>
        })
    })
}

/// What came of the last thing that was done here.
fn notice(saved: &str, nothing: &str) -> Option<AnyView> {
    let said = match saved {
        "yes" => "Your details are saved.",
        "password" => "Your password is changed.",
        _ if nothing == "yes" => return Some(view! { <NothingDone said="Nothing was changed."/> }.into_any()),
        _ => return None,
    };
    Some(view! { <DoneBanner said/> }.into_any())
}

/// The details that are one's own to change.
#[component]
fn OwnForm(record: OwnRecord, limits: Limits, form: FormState) -> impl IntoView {
    let account = record.account;
    let seen = Some(form.value_of(SEEN)).filter(|seen| !seen.is_empty());
    let seen = seen.unwrap_or_else(|| account.version.to_string());
    let fields = OWN_ATTRIBUTES
        .map(|attribute| {
            let value = if form.is_fresh() {
                account.attributes.text(attribute).to_owned()
            } else {
                form.value_of(attribute.slug())
            };
            match attribute.input() {
                Input::YesOrNo => {
                    let ticked = value == "yes";
                    view! { <HideMobile ticked form=form.clone()/> }.into_any()
                }
                _ => {
                    let field = field(attribute, value, &form, limits.clone());
                    view! { <CheckedField field/> }.into_any()
                }
            }
        })
        .into_iter()
        .collect_view();
    let meanwhile = form.meanwhile.clone().unwrap_or_default();
    view! {
        <section>
            <h2>"Details you can change"</h2>
            <p>"Everybody who finds you in the directory sees them, so keep them up to date."</p>
            <Meanwhile meanwhile/>
            <form class="app-sheet" id=WHOLE method="post" action={at::<ChangeOwnDetails>()} tabindex="-1" novalidate>
                <FieldError field=WHOLE form/>
                <input type="hidden" name=SEEN value=seen/>
                {fields}
                <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Save your details"</button>
            </form>
        </section>
    }
}

fn field(attribute: Attribute, value: String, form: &FormState, limits: Limits) -> Field {
    let hint = match attribute {
        Attribute::Fax => "",
        other => other.guide().hint,
    };
    Field {
        attribute,
        label: Need::Optional.label(attribute.name()),
        hint: hint.to_owned(),
        value,
        problem: form.problem_of(attribute.slug()),
        notes: vec![],
        autocomplete: of_oneself(attribute).to_owned(),
        limits,
    }
}

/// What a browser knows of its owner: the token by which it offers that.
const fn of_oneself(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Telephone => "work tel",
        Attribute::Mobile => "mobile tel",
        Attribute::Pager => "pager tel",
        Attribute::Fax => "fax tel",
        Attribute::WebPage => "url",
        _ => "off",
    }
}

/// A box; where it is not ticked, the field before it says no.
#[component]
fn HideMobile(ticked: bool, form: FormState) -> impl IntoView {
    let name = Attribute::HideMobile.slug();
    let label = "Keep my mobile number out of the directory";
    view! {
        <input type="hidden" name=name value="no"/>
        <TickBox field=name label checked=ticked form/>
    }
}

/// What was changed while the form was filled in.
#[component]
fn Meanwhile(meanwhile: Vec<MovedDetail>) -> impl IntoView {
    let line = |detail: &MovedDetail| {
        let change = &detail.moved.change;
        let now = change.after.as_ref().map_or("empty".to_owned(), |value| {
            format!("“{}”", values::shown(change.attribute, value.as_str(), &[]))
        });
        let kept = detail
            .typed
            .is_some()
            .then_some(" What you typed is still in the form.");
        let by = match (&detail.moved.by, detail.moved.by_oneself) {
            (_, true) => "you",
            (Some(name), false) => name,
            (None, false) => "somebody else",
        };
        let who = format!(" ({by}, {})", words::moment(detail.moved.at));
        view! { <li>{change.attribute.name()} " is now " {now} {who} "." {kept}</li> }
    };
    let lines = meanwhile.iter().map(line).collect_view();
    (!meanwhile.is_empty()).then(|| {
        view! {
            <div class="nhsuk-inset-text">
                <p>"Changed since you opened this page:"</p>
                <ul class="nhsuk-list nhsuk-list--bullet app-break">{lines}</ul>
            </div>
        }
    })
}

/// All else that the directory has of oneself.
#[component]
fn Kept(record: OwnRecord, sites: Vec<Site>) -> impl IntoView {
    let OwnRecord {
        account,
        organisation,
        password_until,
        ..
    } = record;
    let known = Attribute::ALL
        .into_iter()
        .filter(|attribute| attribute.is_kept() && !OWN_ATTRIBUTES.contains(attribute));
    let known = known
        .filter_map(|attribute| {
            Some(line(
                attribute.name(),
                values::known(&account.attributes, attribute, &sites)?,
            ))
        })
        .collect_view();
    let earlier = account.aliases.iter().map(EmailAddress::as_str).collect::<Vec<_>>();
    let earlier = (!earlier.is_empty()).then(|| line("Earlier addresses", earlier.join(", ")));
    let leaving = account.leaving_at.map(|at| line("Leaves on", words::day(at)));
    let away = account.absence.as_ref().and_then(|absence| absence.from);
    let away = away.map(|at| line("Disabled from", words::day(at)));
    let until = password_until.map(|until| format!("Works until {}. ", words::day(until)));
    view! {
        <section>
            <h2>"Details your organisation manages"</h2>
            <dl class="nhsuk-summary-list">
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Status"</dt>
                    <dd class="nhsuk-summary-list__value">{tags::status(account.status)}</dd>
                </div>
                {line("Organisation", format!("{} ({})", organisation.name, organisation.code))}
                {known}
                {earlier}
                {away}
                {leaving}
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Signing in"</dt>
                    <dd class="nhsuk-summary-list__value">
                        <a href=routes::SECOND_FACTOR>"Second factor"</a> <br/>
                        <a href=routes::OWN_SESSIONS>"Where you are signed in"</a>
                    </dd>
                </div>
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">"Password"</dt>
                    <dd class="nhsuk-summary-list__value">{until} <a href=routes::OWN_PASSWORD>"Change your password"</a></dd>
                </div>
            </dl>
        </section>
    }
}

#[component]
fn Roles(roles: Vec<(Role, Organisation, Option<domain::organisation::UnitPath>)>) -> impl IntoView {
    let none = roles.is_empty();
    let held = roles
        .into_iter()
        .map(|(role, place, unit)| view! { <li>{words::held(role, &place, unit.as_ref())}</li> })
        .collect_view();
    view! {
        <section>
            <h2 class="nhsuk-heading-m">"Your roles"</h2>
            {if none {
                view! { <p>"You have no role. You can search the directory and change your own details."</p> }.into_any()
            } else {
                view! { <ul class="nhsuk-list">{held}</ul> }.into_any()
            }}
        </section>
    }
}

/// The way to the API tokens, for those who may have any.
#[component]
fn Tokens(roles: Vec<(Role, Organisation, Option<domain::organisation::UnitPath>)>) -> impl IntoView {
    let is_connector = roles.iter().any(|(role, ..)| *role == Role::Connector);
    is_connector.then(|| view! { <p><a href=routes::OWN_TOKENS>"Your API tokens"</a></p> })
}

/// Whom to ask where a detail is wrong that is not one's own to change.
#[component]
fn LookedAfter(administrators: Vec<Administrator>, own: AccountId, recourse: Recourse) -> impl IntoView {
    // Nobody is told to ask themselves.
    let (oneself, others): (Vec<_>, Vec<_>) = administrators
        .into_iter()
        .partition(|administrator| administrator.account == own);
    let said = match (oneself.is_empty(), others.is_empty()) {
        (true, true) if recourse == Recourse::LastResort => "Nobody at the moment. Ask another Global Administrator.",
        (true, true) => "Nobody at the moment. Contact the helpdesk.",
        (false, true) => "You do, as their administrator.",
        (true, false) => "Contact them if something is wrong that you cannot change yourself.",
        (false, false) => "You do, as their administrator, and so do:",
    };
    view! {
        <section>
            <h2 class="nhsuk-heading-m">"Who manages your details"</h2>
            <p>{said}</p>
            <Administrators administrators=others/>
        </section>
    }
}

fn line(key: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{key}</dt>
            <dd class="nhsuk-summary-list__value app-break">{value}</dd>
        </div>
    }
}
