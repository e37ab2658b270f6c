//! The rows of a review: what each will do, or what became of it.

use std::collections::HashMap;

use domain::{
    absence::Stay,
    channel::Channel,
    dictionary::{Attribute, Attributes, MANY, Value},
    layout::Layout,
    organisation::{Organisation, OrganisationCode},
    plan::{AccountStep, ContactStep, OrganisationStep, RowKind, Step},
    problem::{Audience, Problem},
    request::{AccountWish, Wish},
    submission::{Outcome, RowResult},
    values::ids::{AccountId, ContactId},
};
use gate::{Row, UndoWay, cells_of};
use leptos::prelude::*;

use crate::{
    components::{
        breakable::Breakable,
        changes::{Changes, Given},
        doing::{absence, doing, ending, leaving_date, reason_again, seats_ending},
        mending::{HandEdited, MendRow, MendedCells, MendingHere},
        problems::Problems,
        row_decision::{DecideRow, DecisionForm},
        tags,
    },
    islands::breakable,
    routes, words,
};

/// The page's rows. What came by a form has no rows that its sender could look up, and so names none.
#[component]
pub fn Rows(
    rows: Vec<Row>,
    layout: Layout,
    #[prop(default = Channel::PortalCsv)] channel: Channel,
    /// Which way an undo goes.
    #[prop(optional)]
    way: UndoWay,
    /// Whether they belong to a dry run.
    #[prop(optional)]
    rehearsal: bool,
    /// Whether nobody was there to decide on rows that needed it.
    #[prop(optional)]
    undecided: bool,
    /// Offers to mend the rows that need it.
    #[prop(optional_no_strip)]
    mending: Option<MendingHere>,
    /// Who changed by hand what rows keep.
    #[prop(optional)]
    editors: HashMap<AccountId, String>,
    /// By what those whom rows are about are told apart from others of their name.
    #[prop(optional)]
    known_as: HashMap<AccountId, String>,
) -> impl IntoView {
    let decisions = mending
        .clone()
        .map(|here| view! { <DecisionForm seen=here.seen back=here.back/> });
    let rows = rows
        .into_iter()
        .map(move |row| {
            let matched = row.planned.matched.as_ref().map(|matched| matched.account);
            let subject = matched.or(row.subject.map(AccountId));
            let known = subject.and_then(|subject| known_as.get(&subject).cloned());
            // The name in a rejected row is the file's: who is meant is told beside it.
            let who = match matched {
                Some(_) => Who { beside: String::new(), matched: known.unwrap_or_default() },
                None => {
                    let given = Some(address(&row)).filter(|given| !given.is_empty());
                    Who { beside: given.or(known).unwrap_or_default(), matched: String::new() }
                }
            };
            view! { <RowCard row who layout=layout.clone() channel way rehearsal undecided mending=mending.clone() editors=editors.clone()/> }
        })
        .collect_view();
    view! { {decisions} <ol class="app-rows">{rows}</ol> }
}

/// By what a row's person is told apart from others of their name.
struct Who {
    /// Beside the row's name.
    beside: String,
    /// Of somebody whom a rejected row points at.
    matched: String,
}

#[component]
fn RowCard(
    row: Row,
    who: Who,
    layout: Layout,
    channel: Channel,
    way: UndoWay,
    rehearsal: bool,
    undecided: bool,
    mending: Option<MendingHere>,
    editors: HashMap<AccountId, String>,
) -> impl IntoView {
    let (by_form, is_undo) = (channel == Channel::Portal, channel == Channel::Undo);
    let audience = Audience::of(channel);
    // The cells of an undo are none of a file.
    let bare = by_form || is_undo;
    let number = row.planned.row;
    let (kind, outcome) = (row.planned.step.kind(), row.outcome);
    let name = match row.planned.name.as_str() {
        "" => "No name".to_owned(),
        name => name.to_owned(),
    };
    let name = match page_of(&row) {
        Some(href) => view! { <a class="app-row__name" href=href>{name}</a> }.into_any(),
        None => view! { <span class="app-row__name">{name}</span> }.into_any(),
    };
    let mut warnings = row.planned.warnings.clone();
    if outcome == Outcome::Done && !is_undo {
        warnings.retain(Problem::is_told_afterwards);
    }
    // What an undo kept of a row is told afterwards, too.
    let warned = (!warnings.is_empty())
        .then(|| view! { <Problems problems=warnings layout=layout.clone() warning=true bare audience/> });
    let is_broken = cells_of(&row.request).is_some_and(|cells| cells.broken.is_some());
    let needs_it = kind == RowKind::Problem || !row.planned.warnings.is_empty();
    let is_open = matches!(outcome, Outcome::Waiting | Outcome::Stale);
    let hand_edited =
        view! { <HandEdited row=row.clone() layout=layout.clone() editors here=mending.clone().filter(|_| is_open)/> };
    let decide = mending.clone().filter(|_| is_open).map(|here| {
        view! { <DecideRow row=row.clone() id=here.id back=here.back/> }
    });
    let mend = mending
        .filter(|_| needs_it && is_open && !is_broken)
        .map(|here| view! { <MendRow row=row.clone() layout=layout.clone() here/> });
    let mended = view! { <MendedCells row=row.clone() layout=layout.clone()/> };
    let matched = row.planned.matched.clone().map(|matched| {
        let href = routes::account(&matched.account);
        let known_as = (!who.matched.is_empty()).then(|| format!(", {}", who.matched));
        view! { <p class="app-break">"This row is about " <a href=href>{matched.name}</a> {known_as} "."</p> }
    });
    let link_goes = link_goes(&row).map(|to| {
        view! { <p>"The activation link goes to " <Breakable text=to/> "."</p> }
    });
    let tag = match channel {
        Channel::Undo => tags::undone(kind, outcome, way).into_any(),
        Channel::Portal => tags::of_act(&row.planned.step, outcome).into_any(),
        _ => {
            let is_warned = row.planned.questions().next().is_some();
            match RowResult::of(rehearsal, outcome, kind, is_warned) {
                RowResult::Undecided if undecided => tags::undecided_row().into_any(),
                result => tags::row(kind, result).into_any(),
            }
        }
    };
    let place = if by_form {
        number.to_string()
    } else {
        format!("Row {number}")
    };
    view! {
        <li class=format!("app-row app-row--{}", tags::row_style(kind, outcome)) id=format!("row-{number}")>
            <span class="app-row__place">{place}</span>
            <div class="app-row__who">
                {name}
                " "
                <span class="app-row__address app-break" inner_html=breakable(&who.beside)></span>
            </div>
            {tag}
            <div class="app-row__what">{matched} {warned} {what(row, layout, bare, audience)} {link_goes} {hand_edited} {mended} {mend} {decide}</div>
        </li>
    }
}

/// The page of the person whom a row made or is about; none where there is no such person yet.
#[must_use]
pub fn page_of(row: &Row) -> Option<String> {
    let step = &row.planned.step;
    match step {
        // A new one has a page once it is there.
        Step::Organisation(OrganisationStep::Found(organisation)) => {
            return (row.outcome == Outcome::Done).then(|| routes::organisation(&organisation.code));
        }
        Step::Organisation(OrganisationStep::Update { organisation, .. }) => {
            return Some(routes::organisation(organisation));
        }
        _ => {}
    }
    let is_contact = step.is_about_a_contact() || row.request.wish.is_about_a_contact();
    // Who is not named is not there to be seen; whom a rejected row points at is named beside it.
    let is_own = !row.planned.name.is_empty() && row.planned.matched.is_none();
    let subject = row.subject.filter(|_| is_own);
    subject.map(|id| match is_contact {
        true => routes::contact(&ContactId(id)),
        false => routes::account(&AccountId(id)),
    })
}

/// The address that a new account gets, or was given.
#[must_use]
pub fn address(row: &Row) -> String {
    let given = row.address.clone();
    given
        .or_else(|| {
            row.planned
                .step
                .new_address()
                .map(|address| address.as_str().to_owned())
        })
        .unwrap_or_default()
}

/// The private address to which the activation link of a row's new account goes, where the file gives one.
fn link_goes(row: &Row) -> Option<String> {
    let makes_link = matches!(
        row.planned.step,
        Step::CreateAccount {
            with_password: false,
            ..
        }
    );
    let cells = row.request.wish.cells().filter(|_| makes_link)?;
    cells.key(Attribute::ActivationEmail)
}

fn what(row: Row, layout: Layout, bare: bool, audience: Audience) -> AnyView {
    let is_skipped = row.planned.step.kind() == RowKind::Skipped;
    let sentence = doing(&row.planned.step);
    // A form says it once for all; an undo puts back each its own.
    let reason = reason_again(&row.planned.step)
        .filter(|_| matches!(row.request.wish, Wish::Account(_, AccountWish::Undo { .. })));
    let ends = ending(&row.planned.step)
        .into_iter()
        .chain(seats_ending(&row.planned.step))
        .chain(leaving_date(&row.planned.step))
        .chain(absence(&row.planned.step))
        .chain(reason);
    let ends = ends.map(|ends| view! { <p>{ends}</p> }).collect_view();
    match row.planned.step {
        Step::LeaveOut { .. } if is_skipped => {
            view! { <p>"This row is skipped. Nothing is done with it."</p> }.into_any()
        }
        Step::LeaveOut { problems } => view! { <Problems problems layout bare audience/> }.into_any(),
        Step::Account(_, AccountStep::Update { changes, days }) => view! { <Changes changes days/> }.into_any(),
        Step::Contact(_, ContactStep::Update { changes })
        | Step::Organisation(OrganisationStep::Update { changes, .. }) => view! { <Changes changes/> }.into_any(),
        Step::Organisation(OrganisationStep::Found(organisation)) => new_organisation(&organisation),
        Step::CreateAccount {
            organisation,
            attributes,
            with_password,
            stay,
            ..
        } => {
            let password = with_password.then_some("With a one-time password from the file.");
            let person = new_person("New account: ", &organisation, &attributes, password, stay);
            let provided = (!sentence.is_empty()).then(|| view! { <p>{sentence}</p> });
            view! { {person} {provided} }.into_any()
        }
        Step::CreateContact {
            organisation,
            attributes,
        } => new_person("New contact: ", &organisation, &attributes, None, Stay::default()),
        Step::Account(_, AccountStep::Move { changes, .. }) | Step::Contact(_, ContactStep::Move { changes, .. }) => {
            view! { <p>{sentence}</p> <Changes changes/> {ends} }.into_any()
        }
        Step::Account(_, AccountStep::Seats { changes, .. }) if !changes.is_empty() => {
            view! { <p>{sentence}</p> <Changes changes/> }.into_any()
        }
        Step::Nothing { .. } => view! { <p>"No changes needed."</p> }.into_any(),
        _ => view! { <p>{sentence}</p> {ends} }.into_any(),
    }
}

fn new_organisation(organisation: &Organisation) -> AnyView {
    let told = match organisation.path.parent() {
        Some(parent) => format!("New organisation: {}, below {parent}", organisation.code),
        None => format!("New organisation: {}", organisation.code),
    };
    let many = |all: Vec<String>| all.join(MANY);
    let values = [
        (Attribute::ShortName, organisation.short_name.clone()),
        (Attribute::Status, organisation.status.name().to_owned()),
        (
            Attribute::Sites,
            many(organisation.sites.iter().map(ToString::to_string).collect()),
        ),
        (
            Attribute::Units,
            many(organisation.units.iter().map(ToString::to_string).collect()),
        ),
    ];
    let values = values
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(attribute, text)| (attribute, Value::stored(text)))
        .collect();
    view! {
        <p>{told}</p>
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Details"</span></summary>
            <div class="nhsuk-details__text"><Given values/></div>
        </details>
    }
    .into_any()
}

fn new_person(
    what: &'static str,
    organisation: &OrganisationCode,
    attributes: &Attributes,
    password: Option<&'static str>,
    stay: Stay,
) -> AnyView {
    let telling = [Attribute::LocalId, Attribute::JobTitle, Attribute::Unit].map(|telling| attributes.text(telling));
    let told = telling
        .into_iter()
        .filter(|text| !text.is_empty())
        .fold(organisation.to_string(), |told, text| told + ", " + text);
    let values = attributes
        .iter()
        .map(|(attribute, value)| (attribute, value.clone()))
        .collect();
    let password = password.map(|password| view! { <p>{password}</p> });
    let starts = stay
        .starts
        .map(|at| format!("The activation link is sent on {}.", words::day(at)));
    let leaves = stay.leaves.map(|at| format!("They leave on {}.", words::day(at)));
    let days = starts
        .into_iter()
        .chain(leaves)
        .map(|day| view! { <p>{day}</p> })
        .collect_view();
    view! {
        <p>{what} {told}</p>
        {days}
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary"><span class="nhsuk-details__summary-text">"Details"</span></summary>
            <div class="nhsuk-details__text"><Given values/> {password}</div>
        </details>
    }
    .into_any()
}
