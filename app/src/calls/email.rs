//! Files by email: the run that does not wait for its hour, and the key for one's own address.

use leptos::prelude::*;

use super::{
    answer::{Answer, Refused},
    at,
    form::{Fields, HtmlForm},
};
use crate::{
    forms::{FormState, WHOLE},
    once::OnceEmailKey,
    routes,
    visitor::Visitor,
};

/// Apply now the files that wait for the daily run.
///
/// # Errors
/// Where the caller does not run the portal, or the server cannot do it.
#[server(prefix = "/connectors", endpoint = "email", protocol = HtmlForm)]
pub async fn run_email_now(
    /// How many files it would apply, typed in.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let to_apply = visit.email_overview().await?.to_apply;
    if let Some((field, wrong)) = wrong_number(said.text("number"), to_apply) {
        let mut form = FormState::default();
        form.problem(field, &wrong);
        return Ok(Answer::again(at::<RunEmailNow>(), form));
    }
    visit.run_email_now().await?;
    Ok(Answer::Go(routes::with_query(routes::EMAIL, &[("run", "yes")])))
}

/// What is wrong with the number of files that was typed, and at which field. Files come in and are withdrawn at any moment.
fn wrong_number(typed: &str, to_apply: u64) -> Option<(&'static str, String)> {
    let typed = typed.replace(',', "");
    match typed.trim().parse::<u64>() {
        _ if to_apply == 0 => Some((WHOLE, "No file waits that a run would apply.".to_owned())),
        Ok(number) if number == to_apply => None,
        Ok(_) => {
            let wrong = format!("The number of files to apply is now {to_apply}. Check it, then type that number.");
            Some(("number", wrong))
        }
        Err(_) => Some((
            "number",
            "Type the number of files that you see above the field.".to_owned(),
        )),
    }
}

/// Make a key for the address that one sends files to, which this very answer shows and nothing keeps. Another one ends.
///
/// # Errors
/// Where the caller sends no files by email, or the server cannot do it.
#[server(prefix = "/me/tokens", endpoint = "email-key", protocol = HtmlForm)]
pub async fn make_email_key() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    if !visitor.is_proved {
        return Ok(Answer::ProveFirst(routes::OWN_TOKENS.to_owned()));
    }
    let key = visitor.acts()?.make_email_key().await?;
    Ok(Answer::once(routes::OWN_TOKENS, OnceEmailKey(key)))
}

/// Remove one's own key: files are taken without it again.
///
/// # Errors
/// Where the caller sends no files by email, or the server cannot do it.
#[server(prefix = "/me/tokens", endpoint = "email-key-removal", protocol = HtmlForm)]
pub async fn drop_email_key() -> Result<Answer, Refused> {
    let visitor = Visitor::of_page();
    if !visitor.is_proved {
        return Ok(Answer::ProveFirst(routes::OWN_TOKENS.to_owned()));
    }
    visitor.acts()?.drop_email_key().await?;
    Ok(Answer::Go(routes::with_query(
        routes::OWN_TOKENS,
        &[("key", "removed")],
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_begins_only_with_the_number_of_files_to_apply() {
        assert_eq!(wrong_number("3", 3), None);
        assert_eq!(wrong_number(" 1,200 ", 1_200), None);
        let (field, wrong) = wrong_number("3", 4).unwrap();
        assert!(field == "number" && wrong.contains("is now 4"), "{wrong}");
        for typed in ["", "all"] {
            assert!(
                wrong_number(typed, 3).unwrap().1.starts_with("Type the number"),
                "{typed}"
            );
        }
        assert_eq!(wrong_number("0", 0).unwrap().0, WHOLE);
    }
}
