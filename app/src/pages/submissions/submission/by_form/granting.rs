//! What a role that is given lets its holder do, and where: so that whoever gives it knows what they give.

use domain::{
    dictionary::Attribute,
    grant::Terms,
    organisation::{OrganisationCode, UnitPath},
    plan::HeldRole,
    policy::{Deed, Reach, Role, table},
};
use leptos::prelude::*;

use super::around::Around;
use crate::{
    components::{
        changes::{AskedIn, change},
        roles_held::when,
    },
    forms::FIRST_DAY,
    words::{self, counted},
};

/// A role that is given.
pub(super) fn given(
    around: &Around,
    role: Role,
    (organisation, unit): (&OrganisationCode, Option<&UnitPath>),
    terms: &Terms,
    asked: Option<&AskedIn>,
) -> AnyView {
    let name = around.person.as_ref().map_or("They", |person| person.name.as_str());
    let able = abilities(role, terms)
        .into_iter()
        .map(|able| view! { <li>{able}</li> })
        .collect_view();
    let place = match role.is_global() {
        true => "every organisation".to_owned(),
        false => reach(around, organisation, unit),
    };
    let dates = when(terms).map(|when| {
        let change = change(asked, FIRST_DAY.day, "first and last day");
        view! { <p>"The role is held " {when} ". " {change}</p> }
    });
    let other_role = change(asked, "role", "role");
    let elsewhere = change(asked, Attribute::Organisation.slug(), "organisation");
    view! {
        <p><strong>{role.name()}</strong> " " {other_role}</p>
        <p>{name.to_owned()} " will be able to:"</p>
        <ul>{able}</ul>
        <p>"In: " {place} " " {elsewhere}</p>
        {dates}
        {reason(&terms.reason, asked)}
    }
    .into_any()
}

/// A role that is taken.
pub(super) fn taken(around: &Around, held: &HeldRole, why: &str, asked: Option<&AskedIn>) -> AnyView {
    let place = match &held.unit {
        None => around.place(&held.organisation),
        Some(unit) => format!("{unit}, {}", around.place(&held.organisation)),
    };
    let tokens = (held.role == Role::Connector)
        .then(|| view! { <p>"When their last Connector role ends, their API tokens stop working at once."</p> });
    view! {
        <p>"No longer " <strong>{held.role.name()}</strong> " of " {place} "."</p>
        {tokens}
        {reason(why, asked)}
    }
    .into_any()
}

fn reason(why: &str, asked: Option<&AskedIn>) -> Option<AnyView> {
    let change = change(asked, "reason", "reason");
    (!why.is_empty()).then(|| view! { <p class="app-break">"Reason: " {why.to_owned()} " " {change}</p> }.into_any())
}

/// Where a role reaches: "Riverside Trust (RIV) and 4 organisations below it".
fn reach(around: &Around, organisation: &OrganisationCode, unit: Option<&UnitPath>) -> String {
    let place = around.place(organisation);
    match (unit, u32::try_from(around.below).unwrap_or(u32::MAX)) {
        (Some(unit), _) if has_below(around, organisation, unit) => format!("{unit} and what is below it, in {place}"),
        (Some(unit), _) => format!("{unit}, in {place}"),
        (None, 0) => place,
        (None, below) => format!(
            "{place} and {} below it",
            counted(below, "organisation", "organisations")
        ),
    }
}

/// Whether there are units below one.
fn has_below(around: &Around, organisation: &OrganisationCode, unit: &UnitPath) -> bool {
    let place = around.places.iter().find(|place| place.code == *organisation);
    place.is_none_or(|place| place.units.iter().any(|other| other != unit && unit.covers(other)))
}

/// What a role lets its holder do, from the table itself.
fn abilities(role: Role, terms: &Terms) -> Vec<String> {
    let able = |deed: Deed| match (table(role, deed), deed) {
        (Reach::Yes, Deed::SendByMachine) => Some(format!(
            "create and change accounts through: {}",
            words::channels(&terms.channels)
        )),
        (Reach::WhereGranted, deed) if terms.may_disable => in_words(deed).map(str::to_owned),
        (Reach::Yes, deed) => in_words(deed).map(str::to_owned),
        (Reach::No | Reach::WithConnector | Reach::WhereConfigured | Reach::WhereGranted, _) => None,
    };
    Deed::ALL.into_iter().filter_map(able).collect()
}

/// A deed as people say it; none where another says it already.
const fn in_words(deed: Deed) -> Option<&'static str> {
    Some(match deed {
        Deed::See => "see people and their details",
        Deed::CreatePeople => "create accounts and contacts",
        Deed::EditPeople => "change people’s details",
        Deed::MoveAndEnd => "mark leavers, take people in, transfer, delete and restore them",
        Deed::DisableAndEnable => "disable and enable accounts",
        Deed::ResetAndUnlock => "reset passwords and unlock accounts",
        Deed::ManageSeats => "assign, change and revoke seats",
        Deed::Hold => "hold and release accounts",
        Deed::UploadCsv => "upload CSV files",
        Deed::DisableByMachine => "disable and enable accounts through the API",
        Deed::SendByMachine | Deed::CreateByMachine | Deed::EditByMachine => return None,
        Deed::GrantLocalRoles => "give and revoke the roles Local Administrator, Local Helpdesk and Audit",
        Deed::GrantConnector => "give and revoke the role Connector",
        Deed::GrantPrimary => "give and revoke the role Primary Local Administrator",
        Deed::GrantGlobal => "give and revoke the roles Global Administrator and Global Helpdesk",
        Deed::ManageOrganisations => "add and change organisations",
        Deed::ManageCustomers => "add and change customers and subscriptions",
        Deed::ReadAuditTrail => "read the history",
    })
}
