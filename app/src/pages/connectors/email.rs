//! Files by email, for those who run the portal: what came in, what waits for the daily run, why mails were not taken, and
//! which mail servers are believed.

pub mod set_aside;

use domain::{email::Intake, policy::Actor};
use gate::{EmailOverview, EmailRun};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    calls::{at, email::RunEmailNow},
    components::{
        count_bars::CountBars,
        done_banner::DoneBanner,
        error_summary::ErrorSummary,
        table::{Column, Table},
        typed_number::TypedNumber,
    },
    forms::{FormState, WHOLE},
    pages::asked,
    routes,
    visitor::{Operator, Visitor},
    words::{self, counted},
};

/// The page.
#[component]
pub fn EmailPage() -> impl IntoView {
    let visitor = Visitor::of_page();
    let form = use_context::<FormState>().unwrap_or_default();
    let begun = use_query_map().get_untracked().get("run").as_deref() == Some("yes");
    asked(async move {
        let overview = visitor.visit()?.email_overview().await?;
        let address = visitor.gate.rules().email.address.clone();
        let title = match form.is_sound() {
            true => "Files by email",
            false => "Error: Files by email",
        };
        let is_empty = overview.counts.iter().all(|(_, number)| *number == 0);
        let body = match is_empty {
            true => view! { <SetUp address=address.clone()/> }.into_any(),
            false => view! { <CameIn overview=overview.clone()/> }.into_any(),
        };
        Ok(view! {
            <Title text=title/>
            <a class="nhsuk-back-link" href=routes::ADMINISTRATORS>"Administrators"</a>
            <ErrorSummary form=form.clone()/>
            {begun.then(|| view! { <DoneBanner said="The run has begun. Load this page again to see how far it is."/> })}
            <h1>"Files by email"</h1>
            <p>"Connectors with the channel email send staff lists to " <strong class="app-break">{address}</strong> ". Each gets a receipt that says what their file will do. Once a day, a run applies what waits. " <a href=routes::HELP_EMAIL>"How to send a file by email"</a></p>
            <Runs overview=overview.clone()/>
            <RunNow overview=overview.clone() form/>
            {body}
        })
    })
}

/// What waits, and the runs before and behind this moment.
#[component]
fn Runs(overview: EmailOverview) -> impl IntoView {
    let waiting = match overview.oldest_waiting {
        Some(oldest) => format!(
            "{}, the oldest since {}",
            files(overview.waiting),
            words::moment(oldest)
        ),
        None => "Nothing".to_owned(),
    };
    let last = overview
        .last_run
        .as_ref()
        .map_or_else(|| "None yet".to_owned(), in_words);
    let lines = [
        ("Waiting", waiting),
        ("Next run", words::moment(overview.next_run)),
        ("Last run", last),
    ];
    let lines = lines.map(|(key, value)| {
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{key}</dt>
                <dd class="nhsuk-summary-list__value app-break">{value}</dd>
            </div>
        }
    });
    view! { <dl class="nhsuk-summary-list">{lines.collect_view()}</dl> }
}

/// A run: when it began, by whom if not by the clock, and what came of it.
fn in_words(run: &EmailRun) -> String {
    let by = match run.by_name.as_str() {
        "" => String::new(),
        // A command runs as the service itself.
        Actor::SERVICE_NAME => ", begun by a command".to_owned(),
        name => format!(", begun by {name}"),
    };
    let began = words::moment(run.started);
    let not_applied = match run.not_applied {
        0 => String::new(),
        number => format!(
            ", {} not applied, because the sender’s role had ended or the file was discarded",
            words::thousands(number)
        ),
    };
    let came = format!(
        "{} applied, {} replaced by later files, {} left for an administrator{not_applied}",
        counted(run.applied, "file", "files"),
        words::thousands(run.superseded),
        words::thousands(run.held)
    );
    match run.finished {
        Some(_) => format!("{began}{by}: {came}."),
        None => format!("{began}{by}. It is not finished yet: so far {came}."),
    }
}

fn files(number: u64) -> String {
    counted(u32::try_from(number).unwrap_or(u32::MAX), "file", "files")
}

/// The run now, for who types how many files it is about.
#[component]
fn RunNow(overview: EmailOverview, form: FormState) -> impl IntoView {
    if overview.to_apply == 0 {
        let none = match overview.waiting {
            0 => "No file waits for the run.",
            _ => "No file waits that a run would apply.",
        };
        return view! { <p id=WHOLE tabindex="-1">{none}</p> }.into_any();
    }
    let label = "How many files should be applied now?".to_owned();
    let hint = to_run(&overview);
    view! {
        <form class="app-sheet" id=WHOLE tabindex="-1" method="post" action={at::<RunEmailNow>()} novalidate>
            <h2 class="nhsuk-heading-m">"Run now"</h2>
            <TypedNumber label hint form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Run now"</button>
        </form>
    }
    .into_any()
}

/// What a run would do now with the files that wait, and the number to type.
fn to_run(overview: &EmailOverview) -> String {
    let verb = |number: u64| if number == 1 { "is" } else { "are" };
    let others = [
        (
            overview.to_replace,
            "replaced by later files for the same organisations",
        ),
        (overview.held, "left for an administrator"),
    ];
    let others = others.iter().filter(|(number, _)| *number > 0);
    let others = others.map(|(number, what)| format!(" {} {} {what}.", files(*number), verb(*number)));
    format!(
        "If you run it now, {} {} applied.{} To run it now, type the number {}.",
        files(overview.to_apply),
        verb(overview.to_apply),
        others.collect::<String>(),
        overview.to_apply
    )
}

/// How it is set up, where nothing has come; or what to look at, where it is set up.
#[component]
fn SetUp(address: String) -> impl IntoView {
    let operator = use_context::<Operator>().unwrap_or_default();
    // Every way in asks for it.
    if !operator.email_authserv_ids.trim().is_empty() {
        return view! {
            <div class="nhsuk-inset-text">
                <h2 class="nhsuk-heading-m">"No email in the last 30 days"</h2>
                <p>"Email is set up. If a connector has sent a file, check that your mail server delivers emails to " <strong class="app-break">{address}</strong> ", and look at the log of the portal."</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="nhsuk-inset-text">
            <h2 class="nhsuk-heading-m">"No email in the last 30 days"</h2>
            <p>"Email is not set up yet. Tell the portal where its mail arrives. Use one of these:"</p>
            <ul>
                <li>"A folder on this machine: have your mail server deliver " <strong class="app-break">{address}</strong> " into a Maildir, and set " <code class="app-break">"PORTAL_EMAIL_MAILDIR"</code> "."</li>
                <li>"A hosted mailbox: set " <code class="app-break">"PORTAL_EMAIL_IMAP_URL"</code> ", with its password or its OAuth client."</li>
                <li>"A command: have your mail server pipe each email into " <code class="app-break">"server receive-mail"</code> "."</li>
            </ul>
            <p>"In each case, set " <code class="app-break">"PORTAL_EMAIL_AUTHSERV_IDS"</code> " to the name by which your mail server signs Authentication-Results. Without it, no sender is believed. The README says more under “Receive staff lists by email”."</p>
            <p>"Then give somebody the role Connector with the channel email. " <a href=routes::NEW_GRANT>"Give a role"</a></p>
        </div>
    }
    .into_any()
}

/// What came in: how it was taken, why it was not, and by whose word.
#[component]
fn CameIn(overview: EmailOverview) -> impl IntoView {
    let count = |intake: Intake| {
        let found = overview.counts.iter().find(|(of, _)| *of == intake);
        (intake.name().to_owned(), found.map_or(0, |(_, number)| *number))
    };
    let lines = Intake::ALL.map(count).to_vec();
    let reasons = overview.reasons.iter().map(|(why, number)| {
        vec![
            view! { <span class="app-people__name app-break">{why.to_operator()}</span> }.into_any(),
            counted(u32::try_from(*number).unwrap_or(u32::MAX), "time", "times").into_any(),
            view! { <span class="app-break">{why.cure_by_operator()}</span> }.into_any(),
        ]
    });
    let reasons = reasons.collect();
    let columns = ["Why", "How often", "What to do"].map(Column::Named).to_vec();
    let operator = use_context::<Operator>().unwrap_or_default();
    let servers = overview.authserv_ids.iter().map(|(name, mails)| {
        let trusted = match is_trusted(name, &operator.email_authserv_ids) {
            true => "Yes",
            false => "No: what it says about senders is ignored",
        };
        vec![
            view! { <code class="app-break">{name.clone()}</code> }.into_any(),
            words::thousands(u32::try_from(*mails).unwrap_or(u32::MAX)).into_any(),
            trusted.into_any(),
        ]
    });
    let servers = servers.collect();
    view! {
        <CountBars caption="The last 30 days" headings=["What became of it", "Emails"] lines/>
        <p><a href=routes::EMAIL_SET_ASIDE>"Emails that were set aside or refused"</a></p>
        <h2>"Why emails were not taken"</h2>
        <Table caption="Reasons in the last 30 days, most frequent first" columns rows=reasons empty="Every email of the last 30 days was taken."/>
        <h2>"Mail servers"</h2>
        <p>"A sender is believed only by the word of a mail server that you trust. These names stand in the Authentication-Results of emails of the last 30 days. If one of them is yours and not trusted, add it to " <code class="app-break">"PORTAL_EMAIL_AUTHSERV_IDS"</code> ". Never add a name that is not yours."</p>
        <Table
            caption="Names in Authentication-Results"
            columns=["Name", "Emails", "Trusted"].map(Column::Named).to_vec()
            rows=servers
            empty="No email had any Authentication-Results. Check that your mail server writes them."
        />
    }
}

/// Whether a mail server's name is one of those that are believed, which stand with commas between them.
fn is_trusted(name: &str, trusted: &str) -> bool {
    trusted.split(',').any(|one| one.trim().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use domain::values::ids::Timestamp;

    use super::*;

    #[test]
    fn only_files_that_a_run_would_apply_are_to_be_typed() {
        let mut overview = EmailOverview {
            counts: vec![],
            waiting: 5,
            to_apply: 3,
            to_replace: 1,
            held: 1,
            oldest_waiting: None,
            last_run: None,
            next_run: Timestamp(0),
            reasons: vec![],
            authserv_ids: vec![],
        };
        assert_eq!(
            to_run(&overview),
            "If you run it now, 3 files are applied. 1 file is replaced by later files for the same organisations. \
             1 file is left for an administrator. To run it now, type the number 3."
        );
        (overview.to_apply, overview.to_replace, overview.held) = (1, 0, 0);
        assert_eq!(
            to_run(&overview),
            "If you run it now, 1 file is applied. To run it now, type the number 1."
        );
    }

    #[test]
    fn a_mail_server_is_trusted_only_by_its_whole_name() {
        let trusted = "mx.health.example, Relay.health.example";
        for (name, expected) in [
            ("mx.health.example", true),
            ("relay.health.example", true),
            ("health.example", false),
            ("mx.health.example.evil.example", false),
        ] {
            assert_eq!(is_trusted(name, trusted), expected, "{name}");
        }
        assert!(!is_trusted("mx.health.example", ""));
    }

    #[test]
    fn a_run_says_when_it_was_by_whom_and_what_came_of_it() {
        let mut run = EmailRun {
            started: Timestamp(1_795_262_400_000),
            finished: Some(Timestamp(1_795_262_460_000)),
            by_name: String::new(),
            applied: 1_200,
            superseded: 1,
            held: 0,
            not_applied: 0,
        };
        let came = "1,200 files applied, 1 replaced by later files, 0 left for an administrator";
        assert_eq!(in_words(&run), format!("21 November 2026, 12:00pm: {came}."));
        run.finished = None;
        run.by_name = "Grace Lindholm".to_owned();
        let begun = "21 November 2026, 12:00pm, begun by Grace Lindholm. It is not finished yet: so far ";
        assert_eq!(in_words(&run), format!("{begun}{came}."));
        run.by_name = "Staffbook".to_owned();
        assert!(in_words(&run).starts_with("21 November 2026, 12:00pm, begun by a command. "));
        run.not_applied = 1;
        assert!(
            in_words(&run).contains("0 left for an administrator, 1 not applied, because the sender’s role had ended")
        );
    }
}
