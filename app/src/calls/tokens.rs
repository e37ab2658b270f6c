//! API tokens: made, found, revoked.

use domain::{problem::Kind, values::ids::TokenId};
use gate::{GateError, WhichTokens};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
    left_open,
};
use crate::{forms::FormState, once::OnceToken, routes, visitor::Visitor};

/// Make a token of one's own, which this very answer shows and nothing keeps.
///
/// # Errors
/// Where the caller may make none, or the server cannot do it.
#[server(prefix = "/me", endpoint = "tokens", protocol = HtmlForm)]
pub async fn make_token(
    /// What it is called, and for how many days it is good.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let (name, days) = (said.text("name"), said.text("days"));
    let visitor = Visitor::of_page();
    if !visitor.is_proved {
        let typed = routes::with_query(at::<MakeToken>(), &[("name", name), ("days", days)]);
        return Ok(Answer::ProveFirst(typed));
    }
    let problems = match visitor.acts()?.make_token(name, days_of(days)).await? {
        Ok(made) => return Ok(Answer::once(at::<MakeToken>(), OnceToken(made))),
        Err(problems) => problems,
    };
    let mut form = FormState::default();
    form.keep("name", name);
    form.keep("days", days);
    for problem in &problems {
        match problem.kind {
            Kind::NoTokenName | Kind::TokenNameTaken | Kind::TokenNameUnprintable | Kind::TokenNameTooLong { .. } => {
                form.problem("name", &problem.to_string());
            }
            Kind::TokenForNoTime { .. } | Kind::TokenTooLong { .. } => form.problem("days", &problem.to_string()),
            _ => form.refuse(problem),
        }
    }
    Ok(Answer::again(at::<MakeToken>(), form))
}

/// A number of days as it was sent. What is no number is none at all, and what is too large for one is too long as well.
fn days_of(text: &str) -> u32 {
    match text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        true => text.parse().unwrap_or(u32::MAX),
        false => 0,
    }
}

/// Search for tokens. Whoever has found a token somewhere pastes all of it; only what it is recognised by goes into an
/// address, because addresses are kept by browsers, proxies and logs.
///
/// # Errors
/// Where the caller manages no tokens, or the server cannot do it.
#[server(prefix = "", endpoint = "tokens", protocol = HtmlForm)]
pub async fn find_tokens(
    /// What is looked for.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    Visitor::of_page().acts()?.tokens(&WhichTokens::default()).await?;
    let typed = said.text("find");
    let find = TokenId::recognised(typed).map_or_else(|| typed.to_owned(), |id| format!("pat_{id}"));
    let list = routes::with_query(at::<FindTokens>(), &[("show", said.text("show")), ("find", &find)]);
    Ok(Answer::Go(list))
}

/// Revoke one's own token, or that of a connector one manages.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/tokens", endpoint = "{id}/revocation", protocol = HtmlForm)]
pub async fn revoke_token() -> Result<Answer, Refused> {
    let id: String = left_open().await?;
    let id = TokenId::parse(&id).ok_or(GateError::NotFound)?;
    let visitor = Visitor::of_page();
    let holder = visitor.acts()?.revoke_token(&id).await?;
    let is_own = visitor.actor.as_ref().and_then(|actor| actor.account()) == Some(holder);
    // From wherever one came, the list is where the next one is.
    let list = if is_own { routes::OWN_TOKENS } else { routes::TOKENS };
    Ok(Answer::Go(routes::with_query(list, &[("revoked", "yes")])))
}
