//! What is posted about roles and tokens: a role given, a role revoked, a token made, a token revoked.

use app::{
    forms::{FIRST_DAY, FormState, LAST_DAY, channel_field},
    once::OnceToken,
    routes,
};
use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::Account,
    email_address::EmailAddress,
    grant::{CONNECTOR_CHANNELS, Terms},
    ids::{RowNumber, Timestamp, TokenId},
    organisation::{OrganisationCode, UnitPath},
    policy::{Actor, Role},
    problem::{Kind, Problem},
    request::Wish,
};
use gate::{Gate, GateError, Visit, calendar};

use super::{Reply, Said, date, read};
use crate::{render::Renderer, submissions::failed};

/// `POST /administrators`: a role for somebody.
pub(crate) async fn grant(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    if let Err(error) = visit.grantable().await {
        return failed(&renderer, parts, &error).await;
    }
    let account = said.text("account");
    let form_page = routes::with_query(routes::NEW_GRANT, &[("account", account)]);
    let mut reply = Reply::at(&renderer, parts, &form_page, routes::ADMINISTRATORS);
    reply.keep(&said, &["address", "role", "organisation", "unit", "reason"]);
    for fields in [FIRST_DAY, LAST_DAY] {
        reply.keep(&said, &fields);
    }
    reply.keep(&said, &CONNECTOR_CHANNELS.map(channel_field));
    let to = match grantee(&visit, &said).await {
        Ok(to) => to,
        Err(error) => return failed(reply.renderer, reply.parts, &error).await,
    };
    let role = Role::from_slug(said.text("role"));
    let organisation = OrganisationCode::parse(said.text("organisation")).ok();
    let terms = terms(&said, role, gate.now(), &mut reply.form);
    if to.is_none() {
        let message = match said.text("address") {
            "" => "Enter the person’s e-mail address.",
            _ => "You look after nobody with this address. Check it, or ask the person for it.",
        };
        reply.form.problem("address", message);
    }
    if role.is_none() {
        reply.form.problem("role", "Choose a role.");
    }
    if organisation.is_none() {
        reply.form.problem("organisation", "Choose an organisation.");
    }
    let (Some(to), Some(role), Some(organisation), true) = (to, role, organisation, reply.form.is_sound()) else {
        return reply
            .renderer
            .form_page(reply.parts, &reply.form_page, reply.form)
            .await;
    };
    reply.person = routes::account(&to.id);
    let title = format!("Make {} {} of {organisation}", to.full_name(), role.name());
    let unit = said.text("unit");
    let wish = Wish::Grant {
        account: to.id,
        role,
        organisation,
        unit: (!unit.is_empty()).then(|| UnitPath::parse(unit)),
        terms,
    };
    let asked = visit.ask(&title, wish).await;
    reply.to(asked, field).await
}

/// `POST /administrators/{id}/revocation`: the end of a role.
pub(crate) async fn revoke(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let visit = gate.on_behalf_of(&actor);
    let asked = async {
        let id = id.parse().map_err(|_| GateError::NotFound)?;
        let (listed, _) = visit.grant(id).await?;
        if !listed.may_revoke {
            return Err(GateError::Denied);
        }
        let (held, holder) = (listed.granted.held, listed.granted.holder);
        let name = holder.full_name();
        let title = format!("{name} is no longer {} of {}", held.role.name(), held.organisation);
        let wish = Wish::Revoke {
            account: holder.id,
            grant: held.grant,
            organisation: held.organisation,
            reason: said.text("reason").to_owned(),
        };
        visit.ask(&title, wish).await
    };
    let asked = asked.await;
    let mut reply = Reply::at(&renderer, parts, &routes::grant(&id), routes::ADMINISTRATORS);
    reply.keep(&said, &["reason"]);
    reply.to(asked, field).await
}

/// `POST /me/tokens`: a token of one's own, which this very answer shows and nothing keeps.
pub(crate) async fn make_token(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let Some((parts, said)) = read(request).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let days = said.text("days").parse().unwrap_or(gate.rules().token_days);
    let problems = match gate.on_behalf_of(&actor).make_token(said.text("name"), days).await {
        Ok(Ok(made)) => {
            let shown = renderer.page_with(parts, routes::OWN_TOKENS, OnceToken(made)).await;
            return ([(header::CACHE_CONTROL, "no-store")], shown).into_response();
        }
        Ok(Err(problems)) => problems,
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    let mut form = FormState::default();
    form.keep("name", said.text("name"));
    form.keep("days", said.text("days"));
    for problem in &problems {
        match problem.kind {
            Kind::NoTokenName => form.problem("name", &problem.to_string()),
            Kind::TokenTooLong { .. } => form.problem("days", &problem.to_string()),
            _ => form.refuse(problem),
        }
    }
    renderer.form_page(parts, routes::OWN_TOKENS, form).await
}

/// `POST /tokens/{id}/revocation`: one's own token, or that of a connector one looks after, is good no more.
pub(crate) async fn revoke_token(
    State(gate): State<Gate>,
    State(renderer): State<Renderer>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let revoked = match TokenId::parse(&id) {
        Some(id) => gate.on_behalf_of(&actor).revoke_token(&id).await,
        None => Err(GateError::NotFound),
    };
    let page = match revoked {
        Ok(holder) if actor.account() == Some(holder) => routes::OWN_TOKENS.to_owned(),
        Ok(holder) => routes::connector(&holder),
        Err(error) => return failed(&renderer, parts, &error).await,
    };
    Redirect::to(&routes::with_query(&page, &[("revoked", "yes")])).into_response()
}

/// Who is to hold the role: by their account, or by their address; none where nobody in sight has it.
async fn grantee(visit: &Visit<'_>, said: &Said) -> Result<Option<Account>, GateError> {
    if !said.text("account").is_empty() {
        return super::account(visit, said.text("account")).await.map(Some);
    }
    let Ok(address) = EmailAddress::parse(said.text("address")) else {
        return Ok(None);
    };
    match visit.account_at(&address).await {
        Ok(account) => Ok(Some(account)),
        Err(GateError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The dates, the channels and the reason as typed; what is no date is said at its field.
fn terms(said: &Said, role: Option<Role>, now: Timestamp, form: &mut FormState) -> Terms {
    let mut day = |fields: [&'static str; 3]| {
        let typed = fields.map(|field| said.text(field));
        if typed.iter().all(|part| part.is_empty()) {
            return None;
        }
        let at = date(typed);
        if at.is_none() {
            let problem = Problem {
                value: typed.join(" "),
                ..Problem::in_row(RowNumber(1), Kind::NotADate)
            };
            form.problem(fields[0], &problem.to_string());
        }
        at
    };
    let (from, until) = (day(FIRST_DAY), day(LAST_DAY));
    let channels = CONNECTOR_CHANNELS
        .into_iter()
        .filter(|channel| role == Some(Role::Connector) && said.text(channel_field(*channel)) == "yes");
    Terms {
        // From today on is at once.
        from: from.filter(|from| *from != calendar::day_of(now)),
        // The last day is a whole one.
        until: until.map(|last| calendar::days_after(last, 1)),
        channels: channels.collect(),
        reason: said.text("reason").to_owned(),
    }
}

/// The field of a problem.
fn field(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        Kind::NoConnectorChannel => Some("channels"),
        Kind::BeginsInPast => Some(FIRST_DAY[0]),
        Kind::EndsInPast | Kind::EndsBeforeItBegins => Some(LAST_DAY[0]),
        Kind::NoReason | Kind::ReasonTooLong { .. } => Some("reason"),
        _ => None,
    }
}
