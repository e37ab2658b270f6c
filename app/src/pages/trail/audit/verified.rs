//! Whether the audit log is whole: the button that has it verified, and what came of that.

use gate::{GateError, Verification, Visit};
use leptos::prelude::*;

use crate::{
    calls::{at, audit::VerifyTrail},
    routes,
    words::{self, counted},
};

/// What the address bar says instead of an entry while the trail is still being looked through.
const LATER: &str = "later";

/// What is said about a verification that its visitor asked for.
pub(super) enum Verified {
    /// They asked for none.
    Nothing,
    /// It is not done yet.
    Later,
    /// It is done.
    Done(Verification),
}

impl Verified {
    /// Reads what the address bar says: the number of the entry that records it.
    pub(super) async fn read(visit: &Visit<'_>, asked: &str) -> Result<Self, GateError> {
        if asked == LATER {
            return Ok(Self::Later);
        }
        let Ok(number) = asked.parse() else {
            return Ok(Self::Nothing);
        };
        match visit.verification(number).await {
            Ok(verification) => Ok(Self::Done(verification)),
            Err(GateError::NotFound) => Ok(Self::Nothing),
            Err(error) => Err(error),
        }
    }

    /// The same above the page.
    pub(super) fn shown(self) -> AnyView {
        match self {
            Self::Nothing => ().into_any(),
            Self::Later => {
                let found = routes::with_query(routes::AUDIT, &[("action", "trail-verified")]);
                view! {
                    <div class="nhsuk-inset-text" role="status">
                        <p>"The audit log is long: verifying it takes a few minutes. The result is recorded in the audit log."</p>
                        <p><a href=found>"Look for the result"</a></p>
                    </div>
                }
                .into_any()
            }
            Self::Done(verification) => done(verification),
        }
    }
}

fn done(verification: Verification) -> AnyView {
    let Verification {
        at,
        by,
        entries,
        head,
        fault,
    } = verification;
    let when = format!("Verified on {}, by {by}.", words::moment(at));
    if let Some(fault) = fault {
        return view! {
            <div class="nhsuk-error-summary" role="alert" aria-labelledby="not-whole" tabindex="-1" autofocus>
                <h2 class="nhsuk-error-summary__title" id="not-whole">"The audit log is not whole"</h2>
                <div class="nhsuk-error-summary__body">
                    <p>{format!("The first fault: {fault}.")}</p>
                    <p>"Do not rely on the audit log from there on. Tell the people who run Staffbook, and your security team, at once."</p>
                    <p>{when}</p>
                </div>
            </div>
        }
        .into_any();
    }
    let entries = counted(u32::try_from(entries).unwrap_or(u32::MAX), "entry", "entries");
    let covered = match &head {
        Some(_) => format!("{entries}: each is there, and is what was recorded."),
        None => format!(
            "The whole audit log was verified. {entries} of the organisations you manage: each is there, and is what was recorded."
        ),
    };
    let head = head.map(|head| {
        view! {
            <p>"Head: " <code class="app-break">{head}</code></p>
            <p>"Keep the head somewhere else, such as in your notes. With it, the people who run Staffbook can prove later that nothing was removed or rewritten."</p>
        }
    });
    view! {
        <section class="nhsuk-inset-text" role="status" aria-labelledby="whole" tabindex="-1" autofocus>
            <h2 class="nhsuk-heading-m" id="whole">"The audit log is whole"</h2>
            <p>{covered}</p>
            {head}
            <p>{when}</p>
        </section>
    }
    .into_any()
}

/// The button.
#[component]
pub fn Verify() -> impl IntoView {
    view! {
        <section class="app-sheet" aria-labelledby="verify">
            <h2 class="nhsuk-heading-m" id="verify">"Verify the audit log"</h2>
            <p>"Staffbook checks that every entry of the whole audit log is there and was not changed. The result is recorded."</p>
            <form method="post" action={at::<VerifyTrail>()}>
                <button class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-bottom-0">"Verify the audit log"</button>
            </form>
        </section>
    }
}
