//! How a connector is answered, and the end of its trial: set by those who may give that role.

use domain::{
    connector::{ConnectorSettings, Deletes, WhichDialect},
    values::ids::AccountId,
};
use gate::GateError;
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    named,
};
use crate::{
    forms::{DELETES, DIALECT, FormState, SHADOW},
    routes,
    visitor::Visitor,
};

/// Set how a connector is answered.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/connectors", endpoint = "{id}", protocol = HtmlForm)]
pub async fn set_connector(
    /// How its requests are read, what becomes of its deletions, and whether anything is applied.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let connector: AccountId = named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let places = visit.connector(connector).await?.grants;
    if !places.iter().all(|(place, _)| place.may_revoke) {
        return Err(GateError::Denied.into());
    }
    let page = routes::connector(&connector);
    let (dialect, deletes) = (said.text(DIALECT), said.text(DELETES));
    let (Some(dialect), Some(deletes)) = (WhichDialect::from_slug(dialect), Deletes::from_slug(deletes)) else {
        let mut form = FormState::default();
        form.keep(DIALECT, dialect);
        form.keep(DELETES, deletes);
        form.keep(SHADOW, said.text(SHADOW));
        if WhichDialect::from_slug(dialect).is_none() {
            form.problem(DIALECT, "Choose how closely requests must follow SCIM 2.0.");
        }
        if Deletes::from_slug(deletes).is_none() {
            form.problem(DELETES, "Choose what happens when the other system deletes somebody.");
        }
        return Ok(Answer::again(page, form));
    };
    // A trial is ended on its own page, which shows what it came to.
    let is_on = visit.connector_settings(connector).await?.shadow;
    let settings = ConnectorSettings {
        dialect,
        deletes,
        shadow: is_on || said.text(SHADOW) == "yes",
    };
    visit.set_connector(connector, settings).await?;
    Ok(Answer::Go(routes::with_query(&page, &[("saved", "yes")])))
}

/// Apply from now on what a connector sends that was only tried out.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/connectors", endpoint = "{id}/trial", protocol = HtmlForm)]
pub async fn go_live(
    /// For how many people something was tried, typed in.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let connector: AccountId = named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let would = visit.shadow_summary(connector).await?.would_change();
    let typed = said.text("number").replace(',', "");
    let wrong = match typed.trim().parse::<u64>() {
        Ok(number) if number == would => None,
        // Nothing was asked for where nothing was tried.
        Err(_) if would == 0 => None,
        Ok(_) => Some(format!(
            "That is not the number of people for whom something would happen, which is {would}. Check them again, then type it."
        )),
        Err(_) => Some("Type the number of people that you see above the field.".to_owned()),
    };
    if let Some(wrong) = wrong {
        let mut form = FormState::default();
        form.problem("number", &wrong);
        return Ok(Answer::again(about::<GoLive>(&connector), form));
    }
    visit.go_live(connector).await?;
    let page = routes::connector(&connector);
    Ok(Answer::Go(routes::with_query(&page, &[("live", "yes")])))
}

/// Forget what a connector has tried; it stays a trial.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/connectors", endpoint = "{id}/trial-clearing", protocol = HtmlForm)]
pub async fn clear_trial() -> Result<Answer, Refused> {
    let connector: AccountId = named().await?;
    Visitor::of_page().acts()?.clear_trial(connector).await?;
    let page = routes::connector_part(&connector, "trial");
    Ok(Answer::Go(routes::with_query(&page, &[("cleared", "yes")])))
}
