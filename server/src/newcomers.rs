//! What is posted to give out the activation links of people whom a submission made: as a sheet to print, as a file, by email.

use app::{
    forms::{AFTER, HOW},
    once::OnceSlips,
    routes,
};
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    ids::{RowNumber, SubmissionId},
    trail::GivenOut,
};
use formats::Table;
use gate::{GateError, GivenLinks, calendar};
use tower_sessions::Session;

use crate::{
    asker::{Asker, Posted, Said},
    downloads, fresh,
};

/// `POST /submissions/{id}/activation`. Links are shown by this very answer and by no other, and nothing keeps it.
pub(crate) async fn give(
    asker: Asker,
    session: Session,
    Path(id): Path<String>,
    Posted(said): Posted<Said>,
) -> Response {
    let made = async {
        let id = SubmissionId::parse(&id).ok_or(GateError::NotFound)?;
        let page = routes::activation_links(&id);
        // What is not theirs is not there, before anybody is asked who they are.
        let newcomers = asker.visit().newcomers(&id).await?;
        let how = GivenOut::from_slug(said.text(HOW)).filter(|how| *how != GivenOut::EmailedPrivately);
        let Some(how) = how.filter(|_| newcomers.counts.waiting > 0) else {
            return Ok(Redirect::to(&page).into_response());
        };
        if let Some(asked) = fresh::ask_again(asker.gate(), &session, &page).await {
            return Ok(asked);
        }
        let after = said.text(AFTER).parse().ok().map(RowNumber);
        let given = asker.visit().give_links(&id, after, how).await?;
        Ok(match how {
            GivenOut::Printed => {
                let parts = asker.parts.clone();
                once(asker.renderer.page_with(parts, &page, OnceSlips(given)).await)
            }
            GivenOut::Downloaded => {
                let url = &asker.gate().rules().url;
                let kind = HeaderValue::from_static("text/csv; charset=utf-8");
                once(downloads::held("activation-links.csv", kind, as_csv(&given, url)?))
            }
            GivenOut::Emailed | GivenOut::EmailedPrivately => {
                let sent = given.people.to_string();
                let after = given.more_after.map(|row| row.to_string()).unwrap_or_default();
                Redirect::to(&routes::with_query(&page, &[("sent", &sent), (AFTER, &after)])).into_response()
            }
        })
    };
    asker.answer(made).await
}

fn once(answer: Response) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

/// A line for each person: what a letter to them needs.
fn as_csv(given: &GivenLinks, url: &str) -> std::io::Result<Vec<u8>> {
    let mut table = Table::begin(
        Vec::new(),
        [
            "Name",
            "EmailAddress",
            "ActivationLink",
            "LinkWorksUntil",
            "ActivationPage",
            "Code",
            "CodeWorksUntil",
        ],
    )?;
    let page = format!("{url}{}", routes::ACTIVATE);
    for link in &given.links {
        let expires = calendar::moment_in_words(link.expires);
        let (code, code_expires) = match &link.code {
            Some(made) => (made.code.to_string(), calendar::moment_in_words(made.expires)),
            None => (String::new(), String::new()),
        };
        let cells = [
            &link.name,
            &link.address,
            &link.url,
            &expires,
            &page,
            &code,
            &code_expires,
        ];
        table.line(cells.into_iter().map(String::as_str))?;
    }
    table.finish()
}
