//! Giving out the activation links of people whom a submission made: as a sheet to print, as a file, by email.

use domain::{trail::GivenOut, values::ids::RowNumber};
use formats::Table;
use gate::{GateError, GivenLinks, Starters, calendar};
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, OnceFile, Refused},
    form::{Fields, HtmlForm},
    submission_named,
};
use crate::{
    forms::{AFTER, FormState, HOW, STARTERS},
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
    /// How, to whom, and from behind which row on.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let page = about::<GiveLinks>(&id);
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    // What is not theirs is not there, before anybody is asked who they are.
    let newcomers = visit.newcomers(&id).await?;
    let how = GivenOut::from_slug(said.text(HOW)).filter(|how| GivenOut::CHOSEN.contains(how));
    let Some(how) = how.filter(|_| newcomers.counts.waiting > 0) else {
        return Ok(Answer::Go(page));
    };
    let starters = match said.text(STARTERS) {
        "" => Starters::LeftOut,
        _ => Starters::Included,
    };
    if starters == Starters::LeftOut && newcomers.counts.ready() == 0 {
        let mut form = FormState::default();
        form.problem(
            STARTERS,
            "Nobody else is waiting for a link. Tick the box, or go to another page.",
        );
        return Ok(Answer::again(page, form));
    }
    if !visitor.is_proved {
        return Ok(Answer::ProveFirst(page));
    }
    let after = said.text(AFTER).parse().ok().map(RowNumber);
    let given = visit.give_links(&id, after, starters, how).await?;
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
        GivenOut::Emailed | GivenOut::EmailedPrivately | GivenOut::PrivatelyLater => {
            let sent = given.people.to_string();
            let after = given.more_after.map(|row| row.to_string()).unwrap_or_default();
            // Whoever sends to the next goes on as they began.
            let included = given.more_after.is_some() && starters == Starters::Included;
            let starters = if included { "yes" } else { "" };
            Answer::Go(routes::with_query(
                &page,
                &[("sent", &sent), (AFTER, &after), (STARTERS, starters)],
            ))
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
