//! The first page: what waits for its visitor, and where things stand.

mod waiting;

use domain::{policy::Role, submission::State, values::ids::AccountId};
use gate::{GateError, SentBy, Submission};
use leptos::prelude::*;
use leptos_meta::Title;

use self::waiting::ToDo;
use crate::{
    components::tags,
    pages::{
        asked,
        sign_in::begin::BeginPage,
        submissions::{
            held::HeldNotice,
            uploads::{HELD_SHOWN, Held},
        },
    },
    routes,
    visitor::Visitor,
    words,
};

/// Uploads that the first page shows.
const LATEST: u64 = 5;
/// Organisations that the first page names.
const NAMED: u64 = 30;

/// What a visitor manages and may do; while there is nobody at all, how to begin.
#[component]
pub fn HomePage() -> impl IntoView {
    match Visitor::of_page().actor {
        Some(_) => view! { <OwnHome/> }.into_any(),
        None => view! { <BeginPage/> }.into_any(),
    }
}

#[component]
fn OwnHome() -> impl IntoView {
    let visitor = Visitor::of_page();
    asked(async move {
        let visit = visitor.visit()?;
        let profile = visit.profile().await?;
        let abilities = profile.abilities;
        let organisations = if abilities.sees_people {
            visit.organisations(NAMED + 1).await?
        } else {
            vec![]
        };
        let held_back = match visit.held_back().await {
            // Not theirs to confirm.
            Err(GateError::Denied) => None,
            held => held?,
        };
        let held_back = held_back.map(|held| view! { <HeldNotice held/> });
        let audited = visit.audited(&organisations).await?;
        let uploads = if abilities.sees_uploads {
            visit.submissions(SentBy::People, None, LATEST).await?
        } else {
            vec![]
        };
        let held = visit.held(HELD_SHOWN).await?;
        let to_do = match abilities.has_roles {
            true => Some(visit.waiting().await?),
            false => None,
        };
        let nothing_held = held_back.is_none() && held.is_empty();
        let offers = visitor.sees.offers.unwrap_or_default();
        let proposals = match abilities.has_roles {
            true => visit.proposal_count().await?,
            false => 0,
        };
        let by_email = match visit.sends_by_email().await? {
            true => visit.connector_emails(profile.account.id).await?.waiting,
            false => None,
        };
        let to_do = to_do.map(|waiting| view! { <ToDo waiting offers proposals by_email nothing_held/> });
        let first = profile
            .account
            .attributes
            .text(domain::dictionary::Attribute::FirstName)
            .to_owned();
        let has_roles = !profile.roles.is_empty();
        let connects = profile.roles.iter().any(|(role, ..)| *role == Role::Connector);
        let roles = profile
            .roles
            .iter()
            .map(|(role, place, unit)| view! { <li>{words::held(*role, place, unit.as_ref())}</li> })
            .collect_view();
        let named = organisations.iter().take(NAMED as usize).map(|organisation| {
            let people = routes::with_query(routes::PEOPLE, &[("organisation", organisation.code.as_str())]);
            let closed = (organisation.status == domain::organisation::OrganisationStatus::Closed).then_some(" (closed)");
            let history = audited.contains(&organisation.code).then(|| view! {
                " " <a class="app-aside" href=routes::organisation_history(&organisation.code)>
                    "History" <span class="nhsuk-u-visually-hidden">" of " {organisation.name.clone()}</span>
                </a>
            });
            view! { <li><a href=people>{organisation.name.clone()}</a> " " {organisation.code.to_string()} {closed} {history}</li> }
        }).collect_view();
        let more = (organisations.len() as u64 > NAMED).then(|| view! { <p>"… and more."</p> });
        let own = profile.account.id;
        let recent = abilities.sees_uploads.then(|| view! { <Recent uploads own/> });
        let uploading = abilities.uploads.then(|| view! { <Uploading/> });
        let people = abilities.sees_people.then(|| {
            view! {
                <section>
                    <h2>"Your organisations"</h2>
                    <ul class="nhsuk-list">{named}</ul>
                    {more}
                    <p><a href=routes::PEOPLE>"All people you manage"</a></p>
                </section>
            }
        });
        Ok(view! {
            <Title text="Home"/>
            <h1>"Hello, " {first}</h1>
            {held_back}
            <div class="nhsuk-grid-row">
                <div class="nhsuk-grid-column-two-thirds"><Held held/> {to_do} {uploading} {recent}</div>
                <div class="nhsuk-grid-column-one-third">
                    {has_roles.then(|| view! { <section><h2>"Your roles"</h2> <ul class="nhsuk-list">{roles}</ul></section> })}
                    {people}
                    <ForOneself connects/>
                </div>
            </div>
        })
    })
}

/// The way to a new upload.
#[component]
fn Uploading() -> impl IntoView {
    view! {
        <section class="app-sheet">
            <h2>"Upload a staff list"</h2>
            <p>"See what each row will do before anything is changed. Rows with mistakes are rejected and come back to you in a file."</p>
            <p><a class="nhsuk-button nhsuk-u-margin-bottom-0" href=routes::NEW_UPLOAD>"Upload a file"</a></p>
            <p class="nhsuk-u-margin-bottom-0"><a href=routes::FORMATS>"What a file must look like"</a></p>
        </section>
    }
}

/// The latest uploads, with whom each waits for.
#[component]
fn Recent(uploads: Vec<Submission>, own: AccountId) -> impl IntoView {
    let none_yet = uploads.is_empty();
    let line = |upload: Submission| {
        let mine = upload.actor.account() == Some(own);
        let whom = if mine {
            "you".to_owned()
        } else {
            upload.actor.name().to_owned()
        };
        let waits = (upload.state == State::Planned).then(|| view! { " " <span>"waits for " {whom}</span> });
        view! {
            <li>
                <a href=routes::submission(&upload.id)>{upload.file_name.clone()}</a>
                " " {tags::submission(&upload)} {waits}
                <div class="nhsuk-hint nhsuk-u-margin-bottom-0">{upload.actor.name().to_owned()} ", " {words::moment(upload.received_at)}</div>
            </li>
        }
    };
    let latest = uploads.into_iter().map(line).collect_view();
    view! {
        <section>
            <h2>"Latest uploads"</h2>
            {if none_yet {
                view! { <p>"No file has been uploaded yet."</p> }.into_any()
            } else {
                view! { <ul class="nhsuk-list">{latest}</ul> <p><a href=routes::UPLOADS>"All uploads"</a></p> }.into_any()
            }}
        </section>
    }
}

/// What is open to everybody who is signed in, whatever roles they hold; and to connectors, what they send.
#[component]
fn ForOneself(connects: bool) -> impl IntoView {
    let sends = connects.then(|| view! { <li><a href=routes::OWN_TOKENS>"What you send as a Connector"</a></li> });
    view! {
        <section>
            <h2>"For yourself"</h2>
            <ul class="nhsuk-list">
                <li><a href=routes::OWN>"Your record"</a></li>
                {sends}
                <li><a href=routes::DIRECTORY>"Search the directory"</a></li>
            </ul>
        </section>
    }
}
