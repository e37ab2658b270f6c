//! Roles: given and revoked.

use domain::{
    account::Account,
    dictionary::Attribute,
    grant::{CONNECTOR_CHANNELS, Terms},
    organisation::{OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
    request::{RoleWish, Wish},
    values::{
        email_address::EmailAddress,
        ids::{RowNumber, Timestamp},
    },
};
use gate::{GateError, Visit, calendar};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
    named,
    reply::{Reply, name_of},
};
use crate::{
    forms::{
        FIRST_DAY, FormState, LAST_DAY, MAY_DISABLE, channel_field,
        dates::{self, DateNames},
    },
    routes,
    visitor::Visitor,
};

/// Give somebody a role.
///
/// # Errors
/// Where the caller may give none, or the server cannot do it.
#[server(prefix = "/administrators", endpoint = "new", protocol = HtmlForm)]
pub async fn grant_role(
    /// Who is to hold which role, where and on which terms.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let now = visitor.gate.now();
    visit.grantable().await?;
    let form_page = routes::with_query(at::<GrantRole>(), &[("account", said.text("account"))]);
    let mut reply = Reply::at(&visit, &form_page, routes::ADMINISTRATORS);
    reply.keep(&said, &["address", "role", "organisation", "unit", "reason"]);
    for names in [FIRST_DAY, LAST_DAY] {
        reply.keep(&said, &names.all());
    }
    reply.keep(&said, &CONNECTOR_CHANNELS.map(channel_field));
    reply.keep(&said, &[MAY_DISABLE]);
    let to = grantee(&visit, &said).await?;
    let role = Role::from_slug(said.text("role"));
    let organisation = OrganisationCode::parse(said.text("organisation")).ok();
    let terms = terms(&said, role, now, &mut reply.form);
    if to.is_none() {
        let message = match said.text("address") {
            "" => "Enter the person’s email address.",
            _ => "No one you manage has this email address. Check it, or ask the person for it.",
        };
        reply.form.problem("address", message);
    }
    if role.is_none() {
        reply.form.problem("role", "Choose a role.");
    }
    for (field, message) in only_connectors(&said, role) {
        reply.form.problem(field, &message);
    }
    if organisation.is_none() {
        reply.form.problem("organisation", "Choose an organisation.");
    }
    let (Some(to), Some(role), Some(organisation), true) = (to, role, organisation, reply.form.is_sound()) else {
        for wrong in terms.problems(role, now) {
            say(&mut reply.form, &Problem::in_row(RowNumber(1), wrong.into()));
        }
        if let Some(problem) = wrong_unit(&visit, &said).await? {
            say(&mut reply.form, &problem);
        }
        return Ok(Answer::again(reply.form_page, reply.form));
    };
    reply.person = routes::account(&to.id);
    let over = name_of(&visit, organisation.as_str()).await?;
    let title = format!("Give {} the role {} of {over}", to.full_name(), role.name());
    let unit = said.text("unit");
    let wish = Wish::Role(
        to.id,
        RoleWish::Grant {
            role,
            organisation,
            unit: (!unit.is_empty()).then(|| UnitPath::parse(unit)),
            terms,
        },
    );
    reply.ask(&title, wish, field).await
}

/// End a role that somebody holds.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/administrators", endpoint = "{id}/revocation", protocol = HtmlForm)]
pub async fn revoke_role(
    /// Why it ends.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let (listed, _) = visit.grant(named().await?).await?;
    if !listed.may_revoke {
        return Err(GateError::Denied.into());
    }
    let (held, holder) = (listed.granted.held, listed.granted.holder);
    let title = format!(
        "Revoke {}’s role {} of {}",
        holder.full_name(),
        held.role.name(),
        name_of(&visit, held.organisation.as_str()).await?
    );
    let mut reply = Reply::at(&visit, &routes::grant(&held.grant), routes::ADMINISTRATORS);
    reply.keep(&said, &["reason"]);
    let wish = Wish::Role(
        holder.id,
        RoleWish::Revoke {
            grant: held.grant,
            organisation: held.organisation,
            reason: said.text("reason").to_owned(),
        },
    );
    reply.ask(&title, wish, field).await
}

/// Who is to hold the role: by their account, or by their address; none where nobody in sight has it.
async fn grantee(visit: &Visit<'_>, said: &Fields) -> Result<Option<Account>, GateError> {
    if !said.text("account").is_empty() {
        let id = said.text("account").parse().map_err(|_| GateError::NotFound)?;
        return Ok(Some(visit.account(id).await?.0));
    }
    let Ok(address) = EmailAddress::read(said.text("address")) else {
        return Ok(None);
    };
    match visit.account_at(&address).await {
        Ok(account) => Ok(Some(account)),
        Err(GateError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is wrong with a unit where nothing can be asked for yet; of places that are not the asker's, nothing is told.
async fn wrong_unit(visit: &Visit<'_>, said: &Fields) -> Result<Option<Problem>, GateError> {
    let unit = said.text("unit");
    let organisation = match OrganisationCode::parse(said.text("organisation")) {
        Ok(organisation) if !unit.is_empty() => organisation,
        _ => return Ok(None),
    };
    let units = visit.units_to_grant(&organisation).await?;
    let is_wrong = units.is_some_and(|place| place.unit(unit).is_none());
    let kind = Kind::UnknownUnit {
        organisation,
        needs_one: false,
    };
    Ok(is_wrong.then(|| Problem::in_cell(RowNumber(1), Attribute::Unit, unit, kind)))
}

/// Says a problem at its field.
fn say(form: &mut FormState, problem: &Problem) {
    match field(problem) {
        Some(field) => form.problem(field, &problem.to_string()),
        None => form.refuse(problem),
    }
}

/// The dates, the channels and the reason as typed; what is no date is said at its field.
fn terms(said: &Fields, role: Option<Role>, now: Timestamp, form: &mut FormState) -> Terms {
    let mut of = |names: DateNames| {
        dates::read(names.called, names.typed(said)).unwrap_or_else(|wrong| {
            form.problem(names.day, &wrong);
            None
        })
    };
    let (from, until) = (of(FIRST_DAY), of(LAST_DAY));
    let channels = CONNECTOR_CHANNELS
        .into_iter()
        .filter(|channel| channel.is_here())
        .filter(|channel| role == Some(Role::Connector) && said.text(channel_field(*channel)) == "yes");
    Terms {
        // From today on is at once.
        from: from.filter(|from| *from != calendar::day_of(now)),
        // The last day is a whole one. A role that was to end must not go on for ever.
        until: until.map(|last| calendar::days_after(last, 1).unwrap_or(last)),
        channels: channels.collect(),
        may_disable: role == Some(Role::Connector) && said.text(MAY_DISABLE) == "yes",
        reason: said.text("reason").to_owned(),
    }
}

/// What was ticked that only a Connector has, where another role was chosen. It is said and not dropped: either the role or
/// the tick is a mistake.
fn only_connectors(said: &Fields, role: Option<Role>) -> Vec<(&'static str, String)> {
    let Some(role) = role.filter(|role| *role != Role::Connector) else {
        return vec![];
    };
    let ticked = |field: &str| said.text(field) == "yes";
    let name = role.name();
    let channels = CONNECTOR_CHANNELS
        .into_iter()
        .any(|channel| ticked(channel_field(channel)))
        .then(|| {
            let message = format!("The role {name} sends nothing. Untick this, or choose Connector.");
            ("channels", message)
        });
    let disables = ticked(MAY_DISABLE).then(|| {
        let message = format!("This right is for a Connector only, not for {name}. Untick it, or choose Connector.");
        (MAY_DISABLE, message)
    });
    channels.into_iter().chain(disables).collect()
}

/// The field of a problem.
fn field(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        Kind::NoConnectorChannel => Some("channels"),
        Kind::DisablesWithoutApi => Some(MAY_DISABLE),
        Kind::BeginsInPast => Some(FIRST_DAY.day),
        Kind::EndsInPast | Kind::EndsBeforeItBegins => Some(LAST_DAY.day),
        Kind::NoReason | Kind::ReasonUnprintable | Kind::ReasonTooLong { .. } => Some("reason"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_connector_has_is_refused_for_another_role_at_its_field() {
        let said = Fields::of(&[("channel-api", "yes"), (MAY_DISABLE, "yes")]);
        let fields = |role| {
            let wrong = only_connectors(&said, role).into_iter();
            wrong.map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(fields(Some(Role::Audit)), ["channels", MAY_DISABLE]);
        assert!(fields(Some(Role::Connector)).is_empty());
        assert!(fields(None).is_empty(), "a role is asked for first");
        assert!(only_connectors(&Fields::of(&[]), Some(Role::Audit)).is_empty());
    }
}
