//! What is posted about roles and tokens: a role given, a role revoked, a token made, looked for, revoked.

use app::{
    forms::{FIRST_DAY, FormState, LAST_DAY, channel_field},
    once::OnceToken,
    routes,
};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    account::Account,
    dictionary::Attribute,
    email_address::EmailAddress,
    grant::{CONNECTOR_CHANNELS, Terms},
    ids::{RowNumber, Timestamp, TokenId},
    organisation::{OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
    request::Wish,
};
use gate::{GateError, Visit, WhichTokens, calendar};
use tower_sessions::Session;

use super::{Reply, leaving::day, name_of};
use crate::{
    asker::{Asker, Posted, Said, named},
    fresh,
};

/// `POST /administrators`: a role for somebody.
pub(crate) async fn grant(asker: Asker, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        visit.grantable().await?;
        let form_page = routes::with_query(routes::NEW_GRANT, &[("account", said.text("account"))]);
        let mut reply = Reply::at(&asker, &form_page, routes::ADMINISTRATORS);
        reply.keep(&said, &["address", "role", "organisation", "unit", "reason"]);
        for fields in [FIRST_DAY, LAST_DAY] {
            reply.keep(&said, &fields);
        }
        reply.keep(&said, &CONNECTOR_CHANNELS.map(channel_field));
        let to = grantee(&visit, &said).await?;
        let role = Role::from_slug(said.text("role"));
        let organisation = OrganisationCode::parse(said.text("organisation")).ok();
        let terms = terms(&said, role, asker.gate().now(), &mut reply.form);
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
        if organisation.is_none() {
            reply.form.problem("organisation", "Choose an organisation.");
        }
        let (Some(to), Some(role), Some(organisation), true) = (to, role, organisation, reply.form.is_sound()) else {
            for kind in terms.problems(role, asker.gate().now()) {
                say(&mut reply.form, &Problem::in_row(RowNumber(1), kind));
            }
            if let Some(problem) = wrong_unit(&visit, &said).await? {
                say(&mut reply.form, &problem);
            }
            return Ok(asker.form_again(&reply.form_page, reply.form).await);
        };
        reply.person = routes::account(&to.id);
        let over = name_of(&visit, organisation.as_str()).await?;
        let title = format!("Make {} {} of {over}", to.full_name(), role.name());
        let unit = said.text("unit");
        let wish = Wish::Grant {
            account: to.id,
            role,
            organisation,
            unit: (!unit.is_empty()).then(|| UnitPath::parse(unit)),
            terms,
        };
        reply.ask(&title, wish, field).await
    };
    asker.answer(made).await
}

/// `POST /administrators/{id}/revocation`: the end of a role.
pub(crate) async fn revoke(asker: Asker, Path(id): Path<String>, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        let (listed, _) = visit.grant(named(&id)?).await?;
        if !listed.may_revoke {
            return Err(GateError::Denied);
        }
        let (held, holder) = (listed.granted.held, listed.granted.holder);
        let title = format!(
            "{} is no longer {} of {}",
            holder.full_name(),
            held.role.name(),
            name_of(&visit, held.organisation.as_str()).await?
        );
        let mut reply = Reply::at(&asker, &routes::grant(&held.grant), routes::ADMINISTRATORS);
        reply.keep(&said, &["reason"]);
        let wish = Wish::Revoke {
            account: holder.id,
            grant: held.grant,
            organisation: held.organisation,
            reason: said.text("reason").to_owned(),
        };
        reply.ask(&title, wish, field).await
    };
    asker.answer(made).await
}

/// `POST /me/tokens`: a token of one's own, which this very answer shows and nothing keeps.
pub(crate) async fn make_token(asker: Asker, session: Session, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let (name, days) = (said.text("name"), said.text("days"));
        let typed = routes::with_query(routes::OWN_TOKENS, &[("name", name), ("days", days)]);
        if let Some(asked) = fresh::ask_again(asker.gate(), &session, &typed).await {
            return Ok(asked);
        }
        let problems = match asker.visit().make_token(name, days_of(days)).await? {
            Ok(made) => {
                let parts = asker.parts.clone();
                let shown = asker
                    .renderer
                    .page_with(parts, routes::OWN_TOKENS, OnceToken(made))
                    .await;
                return Ok(([(header::CACHE_CONTROL, "no-store")], shown).into_response());
            }
            Err(problems) => problems,
        };
        let mut form = FormState::default();
        form.keep("name", name);
        form.keep("days", days);
        for problem in &problems {
            match problem.kind {
                Kind::NoTokenName
                | Kind::TokenNameTaken
                | Kind::TokenNameUnprintable
                | Kind::TokenNameTooLong { .. } => form.problem("name", &problem.to_string()),
                Kind::TokenForNoTime { .. } | Kind::TokenTooLong { .. } => form.problem("days", &problem.to_string()),
                _ => form.refuse(problem),
            }
        }
        Ok(asker.form_again(routes::OWN_TOKENS, form).await)
    };
    asker.answer(made).await
}

/// A number of days as it was sent. What is no number is none at all, and what is too large for one is too long as well.
fn days_of(text: &str) -> u32 {
    match text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        true => text.parse().unwrap_or(u32::MAX),
        false => 0,
    }
}

/// `POST /tokens`: a search for tokens. Whoever has found a token somewhere pastes all of it; only what it is recognised by
/// goes into an address, because addresses are kept by browsers, proxies and logs.
pub(crate) async fn find_tokens(asker: Asker, Posted(said): Posted<Said>) -> Response {
    let made = async {
        asker.visit().tokens(&WhichTokens::default()).await?;
        let typed = said.text("find");
        let find = TokenId::recognised(typed).map_or_else(|| typed.to_owned(), |id| format!("pat_{id}"));
        let list = routes::with_query(routes::TOKENS, &[("show", said.text("show")), ("find", &find)]);
        Ok(Redirect::to(&list).into_response())
    };
    asker.answer(made).await
}

/// `POST /tokens/{id}/revocation`: one's own token, or that of a connector one manages, stops working.
pub(crate) async fn revoke_token(asker: Asker, Path(id): Path<String>) -> Response {
    let made = async {
        let id = TokenId::parse(&id).ok_or(GateError::NotFound)?;
        let holder = asker.visit().revoke_token(&id).await?;
        let page = match asker.actor().account() == Some(holder) {
            true => routes::OWN_TOKENS.to_owned(),
            // From wherever one came, the list is where the next one is.
            false => routes::TOKENS.to_owned(),
        };
        Ok(Redirect::to(&routes::with_query(&page, &[("revoked", "yes")])).into_response())
    };
    asker.answer(made).await
}

/// Who is to hold the role: by their account, or by their address; none where nobody in sight has it.
async fn grantee(visit: &Visit<'_>, said: &Said) -> Result<Option<Account>, GateError> {
    if !said.text("account").is_empty() {
        return super::account(visit, said.text("account")).await.map(Some);
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
async fn wrong_unit(visit: &Visit<'_>, said: &Said) -> Result<Option<Problem>, GateError> {
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
fn terms(said: &Said, role: Option<Role>, now: Timestamp, form: &mut FormState) -> Terms {
    let mut of = |fields: [&'static str; 3]| {
        let typed = fields.map(|field| said.text(field));
        if typed.iter().all(|part| part.is_empty()) {
            return None;
        }
        let at = day(typed);
        if at.is_none() {
            let problem = Problem {
                value: typed.join(" "),
                ..Problem::in_row(RowNumber(1), Kind::NotADate)
            };
            form.problem(fields[0], &problem.to_string());
        }
        at
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
        reason: said.text("reason").to_owned(),
    }
}

/// The field of a problem.
fn field(problem: &Problem) -> Option<&'static str> {
    match problem.kind {
        Kind::NoConnectorChannel => Some("channels"),
        Kind::BeginsInPast => Some(FIRST_DAY[0]),
        Kind::EndsInPast | Kind::EndsBeforeItBegins => Some(LAST_DAY[0]),
        Kind::NoReason | Kind::ReasonUnprintable | Kind::ReasonTooLong { .. } => Some("reason"),
        _ => None,
    }
}
