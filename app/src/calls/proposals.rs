//! What connectors propose: accepted by the check page, or declined.

use domain::{connector::ProposalKind, values::ids::ProposalId};
use gate::{GateError, ProposalQuery};
use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    submissions::wait_for_check,
};
use crate::{
    forms::{ALL_SHOWN, FormState, OF_KIND, PROPOSAL, SHOWN, TICKED, ticked_of},
    routes,
    visitor::Visitor,
};

/// Ask for what the ticked proposals say; nothing is done before it is confirmed.
///
/// # Errors
/// Where the caller decides on none, or the server cannot do it.
#[server(prefix = "", endpoint = "proposals", protocol = HtmlForm)]
pub async fn accept_proposals(
    /// Which ones, and how the list is filtered.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let page = list(&said, &[]);
    let field = ProposalKind::from_slug(said.text(OF_KIND)).map_or_else(|| TICKED.to_owned(), ticked_of);
    let mut form = FormState::default();
    form.keep("id", &said.joined("id"));
    let accepted = match said.text(ALL_SHOWN) {
        "yes" => said.joined(SHOWN),
        _ => said.joined("id"),
    };
    let ids: Vec<ProposalId> = accepted.split(' ').filter_map(|id| id.parse().ok()).collect();
    // Who decides on none is told so, and not that nothing was ticked.
    visit.proposals(ProposalQuery::default()).await?;
    let wrong = match ids.is_empty() {
        true => "Tick the proposals that you want to accept.",
        false => match visit.accept_proposals(&ids).await {
            Ok(id) => {
                wait_for_check(&visit, &id).await;
                return Ok(Answer::Go(routes::submission(&id)));
            }
            Err(GateError::NotFound | GateError::Stale) => {
                "Some of these proposals are no longer open: somebody has decided on them, or the other system no longer asks. Nothing was accepted. Choose from those that are listed now."
            }
            Err(GateError::Unanswered) => "You ticked proposals of several kinds. Accept one kind at a time.",
            Err(error) => return Err(error.into()),
        },
    };
    form.problem(field, wrong);
    Ok(Answer::again(page, form))
}

/// Decline a proposal. It is not listed again while the other system asks for the very same.
///
/// # Errors
/// Where it is nothing for the caller to decide, or the server cannot do it.
#[server(prefix = "/proposals", endpoint = "refusal", protocol = HtmlForm)]
pub async fn decline_proposal(
    /// Which one, and how the list is filtered.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let id: ProposalId = said.text(PROPOSAL).parse().map_err(|_| GateError::NotFound)?;
    Visitor::of_page().acts()?.decline_proposal(id).await?;
    Ok(Answer::Go(list(&said, &[("declined", "yes")])))
}

/// The list that a form came from, as it was filtered.
fn list(said: &Fields, more: &[(&str, &str)]) -> String {
    let filters = ["kind", "connector", "after", "page"].map(|name| (name, said.text(name)));
    let parts: Vec<_> = filters.iter().chain(more).copied().collect();
    routes::with_query(routes::PROPOSALS, &parts)
}
