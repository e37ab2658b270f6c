//! Giving out the activation links of people whom a submission made: as a sheet to print, as a file, by email.

use domain::{ids::RowNumber, trail::GivenOut};
use formats::Table;
use gate::{GateError, GivenLinks, calendar};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, OnceFile, Refused},
    form::{Fields, HtmlForm},
    submission_named,
};
use crate::{
    forms::{AFTER, HOW},
    once::OnceSlips,
    routes,
    visitor::Visitor,
};

/// Give out activation links. They are shown by this very answer and by no other, and nothing keeps it.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/activation", protocol = HtmlForm)]
pub async fn give_links(
    /// How, and from behind which row on.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let page = about::<GiveLinks>(&id);
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    // What is not theirs is not there, before anybody is asked who they are.
    let newcomers = visit.newcomers(&id).await?;
    let how = GivenOut::from_slug(said.text(HOW)).filter(|how| *how != GivenOut::EmailedPrivately);
    let Some(how) = how.filter(|_| newcomers.counts.waiting > 0) else {
        return Ok(Answer::Go(page));
    };
    if !visitor.is_proved {
        return Ok(Answer::ProveFirst(page));
    }
    let after = said.text(AFTER).parse().ok().map(RowNumber);
    let given = visit.give_links(&id, after, how).await?;
    Ok(match how {
        GivenOut::Printed => Answer::once(page, OnceSlips(given)),
        GivenOut::Downloaded => {
            let bytes = as_csv(&given, &visitor.gate.rules().url).map_err(GateError::from)?;
            Answer::File(OnceFile {
                name: "activation-links.csv",
                kind: "text/csv; charset=utf-8",
                bytes,
            })
        }
        GivenOut::Emailed | GivenOut::EmailedPrivately => {
            let sent = given.people.to_string();
            let after = given.more_after.map(|row| row.to_string()).unwrap_or_default();
            Answer::Go(routes::with_query(&page, &[("sent", &sent), (AFTER, &after)]))
        }
    })
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
