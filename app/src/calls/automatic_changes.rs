//! Automatic changes that are held back.

use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
};
use crate::{forms::FormState, routes, visitor::Visitor};

/// Let happen what was counted.
///
/// # Errors
/// Where the caller may not, or the server cannot do it.
#[server(prefix = "/automatic-changes", endpoint = "held", protocol = HtmlForm)]
pub async fn confirm_held(
    /// How many changes there are, typed in.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    // Nobody is asked who they are for something that is not theirs to confirm.
    visit.held_back().await?;
    if !visitor.is_proved {
        return Ok(Answer::ProveFirst(at::<ConfirmHeld>().to_owned()));
    }
    let mut form = FormState::default();
    match said.text("number").replace(',', "").parse::<u64>() {
        Err(_) => form.problem("number", "Type the number of changes that you see above the field."),
        Ok(number) => match visit.confirm_held(number, None).await? {
            Ok(()) => return Ok(Answer::Go(routes::with_query(routes::HELD, &[("confirmed", "yes")]))),
            Err(not) => form.problem("number", &sentence(not)),
        },
    }
    Ok(Answer::again(at::<ConfirmHeld>(), form))
}

fn sentence(not: gate::NotConfirmed) -> String {
    match not {
        gate::NotConfirmed::NothingHeld => "No automatic changes are held back now.".to_owned(),
        gate::NotConfirmed::OtherNumber(number) => {
            format!("{number} automatic changes are held back now. Check them again, then type that number.")
        }
    }
}
