//! What the portal keeps about people, how long, and who sees it; readable signed out. The numbers are those in force.

use domain::life::Timers;
use gate::service::letters::KNOWN_DAYS;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    routes,
    visitor::{Operator, Visitor},
    words::counted,
};

/// The page.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let operator = use_context::<Operator>().unwrap_or_default();
    let rules = visitor.gate.rules();
    let set_aside = counted(rules.email.set_aside_days, "day", "days");
    let mut periods = periods(rules.timers, rules.sign_in.session_hours, &operator);
    periods.push(("Headers of emails that were not processed", set_aside));
    let periods = periods.into_iter().map(|(what, how_long)| {
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{what}</dt>
                <dd class="nhsuk-summary-list__value">{how_long}</dd>
            </div>
        }
    });
    let cookie = match visitor.development {
        true => "session",
        false => "__Host-session",
    };
    view! {
        <Title text="Privacy"/>
        <div class="nhsuk-grid-row"><div class="nhsuk-grid-column-two-thirds">
            <h1>"Privacy"</h1>
            <p class="nhsuk-lede-text">"What this portal keeps about you, for how long, and who sees it."</p>
            <Notice url=operator.privacy_url/>
            <h2>"What is kept"</h2>
            <ul>
                <li>"Your name, how to reach you at work, your job and where you work, as your organisation entered them. " <a href=routes::OWN>"Your record"</a> " shows all of it."</li>
                <li>"The history of your account: what changed, when, who did it and how."</li>
                <li>"What you do here, in the audit log: sign-ins, changes, downloads, searches in the directory, and what was refused. The words that you search for are not kept."</li>
                <li>"Your sessions: when you signed in, with which browser and from which network."</li>
                <li>"Your password as a hash, which nobody can read. Passwords and codes are in no log."</li>
                <li>"Files that administrators upload, and what became of each row."</li>
                <li>"Emails that were sent to you: when, and their subject. Their text is deleted once they are sent."</li>
            </ul>
            <h2>"How long it is kept"</h2>
            <dl class="nhsuk-summary-list">{periods.collect_view()}</dl>
            <p>
                "Permanent deletion also removes your details from histories, uploads and the audit log. What stays: your name "
                "where you acted as an administrator, and in rejected rows and warnings of other people’s uploads."
            </p>
            <h2>"Who sees it"</h2>
            <ul>
                <li>"Administrators, helpdesks and auditors of your organisation, of those above it and of the whole federation see your account."</li>
                <li>"Everybody who signs in can find your name and work contact details in the directory. You can keep your mobile number out of it."</li>
                <li>"The people who run this portal can reach its database."</li>
            </ul>
            <h2 id="cookies">"Cookies"</h2>
            <p>
                "There is one cookie, " <code>{cookie}</code> ". It keeps you signed in and is strictly necessary, so we do not ask for "
                "your consent. It is deleted when you sign out. There are no analytics, and nothing is loaded from other websites."
            </p>
            <h2>"Your choices"</h2>
            <p>
                "Change some details yourself on " <a href=routes::OWN>"Your record"</a>
                ". To see, correct or delete anything else, " <a href=routes::CONTACT>"ask your local administrators"</a> "."
            </p>
        </div></div>
    }
}

/// The way to the operator's own notice: who is responsible, and on what grounds, is theirs to say.
#[component]
fn Notice(url: Option<String>) -> impl IntoView {
    let said = match url {
        Some(url) => view! {
            "To see who is responsible for your data, and what rights you have, read the "
            <a href=url>"privacy notice of the people who run this portal"</a> "."
        }
        .into_any(),
        None => {
            "Your organisation’s own privacy notice says who is responsible for your data, and what rights you have."
                .into_any()
        }
    };
    view! { <p>{said}</p> }
}

/// What is kept for how long, as this portal is set up.
fn periods(timers: Timers, session_hours: u32, operator: &Operator) -> Vec<(&'static str, String)> {
    let days = |number| counted(number, "day", "days");
    let deleted = match timers.deleted_days {
        0 => "Until an administrator deletes it permanently".to_owned(),
        number => format!(
            "{}, in which it can be restored; then it is permanently deleted",
            days(number)
        ),
    };
    let trail = match operator.audit_years {
        0 => "For good".to_owned(),
        years => format!("At least {}", counted(years, "year", "years")),
    };
    let emails = u32::try_from(KNOWN_DAYS).unwrap_or_default();
    vec![
        ("Your account", "Until it is deleted".to_owned()),
        ("A deleted account", deleted),
        (
            "Its email addresses",
            format!(
                "{} after permanent deletion, so that nobody else gets your email",
                counted(timers.reserved_months, "month", "months")
            ),
        ),
        (
            "Uploaded files",
            format!("{} after they were applied or discarded", days(timers.file_days)),
        ),
        ("Emails sent", format!("{}: recipient, time and subject", days(emails))),
        (
            "Sessions",
            format!(
                "{} without use, and {} at most",
                counted(operator.session_minutes, "minute", "minutes"),
                counted(session_hours, "hour", "hours")
            ),
        ),
        ("Histories and audit log", trail),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(what: &str, timers: Timers, audit_years: u32) -> String {
        let operator = Operator {
            audit_years,
            session_minutes: 30,
            ..Operator::default()
        };
        let found = periods(timers, 12, &operator).into_iter().find(|(key, _)| *key == what);
        found.expect("a period").1
    }

    #[test]
    fn periods_are_those_that_the_operator_has_set() {
        let standard = Timers::STANDARD;
        assert_eq!(
            period("A deleted account", standard, 0),
            "30 days, in which it can be restored; then it is permanently deleted"
        );
        assert_eq!(
            period("Sessions", standard, 0),
            "30 minutes without use, and 12 hours at most"
        );
        assert_eq!(period("Histories and audit log", standard, 0), "For good");
        assert_eq!(period("Histories and audit log", standard, 7), "At least 7 years");
        let kept = Timers {
            deleted_days: 0,
            file_days: 1,
            ..standard
        };
        assert_eq!(
            period("A deleted account", kept, 0),
            "Until an administrator deletes it permanently"
        );
        assert_eq!(
            period("Uploaded files", kept, 0),
            "1 day after they were applied or discarded"
        );
    }
}
