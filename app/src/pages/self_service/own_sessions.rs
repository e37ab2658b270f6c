//! Where one is signed in: each session with its browser, and the ways to end it.

use gate::ListedSession;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::table::{Column, Row, Table},
    pages::asked,
    routes,
    visitor::{ThisSession, Visitor},
    words,
};

/// The page.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let this = use_context::<ThisSession>()
        .map(|ThisSession(id)| id)
        .unwrap_or_default();
    asked(async move {
        let sessions = visitor.visit()?.sessions().await?;
        let now = visitor.gate.now();
        let rules = visitor.gate.rules().sign_in;
        let rows = sessions.into_iter().map(|session| row(session, &this, now)).collect();
        let columns = vec![
            Column::Named("Browser"),
            Column::Named("From"),
            Column::Named("Signed in"),
            Column::Named("Last used"),
            Column::Acts("End it"),
        ];
        Ok(view! {
            <Title text="Where you are signed in"/>
            <a class="nhsuk-back-link" href=routes::OWN>"Your record"</a>
            <h1>"Where you are signed in"</h1>
            <p>
                "If you do not recognise one of these, end it, and " <a href=routes::OWN_PASSWORD>"change your password"</a>
                ". Each ends automatically " {rules.session_hours} " hours after you signed in, and earlier if you do not use it."
            </p>
            <Table caption="Your sessions" columns rows/>
            <form method="post" action=routes::OWN_SESSIONS>
                <button class="nhsuk-button nhsuk-button--warning" name="end" value="all">"Sign out everywhere"</button>
            </form>
        })
    })
}

fn row(session: ListedSession, this: &str, now: domain::values::ids::Timestamp) -> Row {
    let ListedSession { id_hash, about } = session;
    let is_this = id_hash == this;
    let browser = browser(about.agent.as_deref().unwrap_or_default());
    let end = match is_this {
        true => view! { <strong>"This one"</strong> }.into_any(),
        false => {
            let label = view! { "Sign out" <span class="nhsuk-u-visually-hidden">" " {browser.clone()}</span> };
            view! {
                <form class="app-actions__form" method="post" action=routes::OWN_SESSIONS>
                    <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" name="end" value=id_hash>{label}</button>
                </form>
            }
            .into_any()
        }
    };
    let client = about.client.unwrap_or_else(|| "Not known".to_owned());
    let at = |at: Option<domain::values::ids::Timestamp>| at.map(|at| words::lately(at, now)).unwrap_or_default();
    vec![
        browser.into_any(),
        client.into_any(),
        at(about.began_at).into_any(),
        at(about.used_at).into_any(),
        end,
    ]
}

/// What a browser calls itself, in words: `Firefox on Windows`.
fn browser(agent: &str) -> String {
    // Browsers name those that they want to be taken for, too; the one that says most comes first.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(sign, _)| agent.contains(sign))
            .map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_named_by_what_they_are_and_not_by_what_they_pose_as() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8", "Unknown browser"),
        ] {
            assert_eq!(browser(agent), name);
        }
    }
}
