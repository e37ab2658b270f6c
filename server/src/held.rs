//! What is posted about automatic changes that are held back.

use app::{forms::FormState, routes};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

use crate::{
    asker::{Asker, Posted, Said},
    fresh,
};

/// `POST /automatic-changes/held`: what was counted may happen.
pub(crate) async fn confirm(asker: Asker, session: Session, Posted(said): Posted<Said>) -> Response {
    let made = async {
        let visit = asker.visit();
        // Nobody is asked who they are for something that is not theirs to confirm.
        visit.held_back().await?;
        if let Some(asked) = fresh::ask_again(asker.gate(), &session, routes::HELD).await {
            return Ok(asked);
        }
        let mut form = FormState::default();
        match said.text("number").replace(',', "").parse::<u64>() {
            Err(_) => form.problem("number", "Type the number of changes, as it stands above the field."),
            Ok(number) => match visit.confirm_held(number, None).await? {
                Ok(()) => {
                    let saved = routes::with_query(routes::HELD, &[("confirmed", "yes")]);
                    return Ok(Redirect::to(&saved).into_response());
                }
                Err(not) => form.problem("number", &sentence(not)),
            },
        }
        Ok(asker.form_again(routes::HELD, form).await)
    };
    asker.answer(made).await
}

fn sentence(not: gate::NotConfirmed) -> String {
    match not {
        gate::NotConfirmed::NothingHeld => "No automatic changes are held back any more.".to_owned(),
        gate::NotConfirmed::OtherNumber(number) => {
            format!("{number} automatic changes are held back. Check them again, then type that number.")
        }
    }
}
