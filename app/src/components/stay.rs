//! The notice two minutes before a session ends, with the way to stay signed in.
//!
//! The style sheet shows it, by a delay that its classes add up: so it comes without a script, too. A script asks first
//! whether another tab has prolonged the session, and prolongs it without leaving the page.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    routes,
    visitor::{Operator, ThisSession},
};

/// Minutes before the end of a session at which the notice is shown.
const BEFORE: u32 = 2;

/// The notice; nothing where nobody is signed in.
#[component]
pub fn Stay() -> impl IntoView {
    use_context::<ThisSession>().and(use_context::<Operator>()).map(|operator| {
        let minutes = before_the_end(operator.session_minutes);
        let after = minutes * 60;
        view! {
            <aside class=classes(minutes) data-stay=routes::TIME_LEFT data-after=after.to_string() aria-label="Your session">
                <p class="app-stay__words" role="status">
                    "You will be signed out soon if you do nothing. If that happens, what you send is kept for an hour, until you sign in again. Passwords and files are not kept."
                </p>
                <form class="app-stay__form" method="post" action=routes::STAY target="_blank">
                    <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-bottom-0">
                        "Stay signed in" <span class="app-stay__tab">" (opens a new tab)"</span>
                    </button>
                </form>
            </aside>
            <script type="module" nonce=use_nonce()>{include_str!("stay.js")}</script>
        }
    })
}

/// After how many minutes the notice is shown. The server ends a session a little later than it says, never earlier.
fn before_the_end(session_minutes: u32) -> u32 {
    session_minutes.saturating_sub(BEFORE).clamp(1, 9_999)
}

/// The classes of the delay, a digit of the minutes each: the policy of the pages allows no style of their own.
fn classes(minutes: u32) -> String {
    let digit = |unit: u32| minutes / unit % 10;
    format!(
        "app-stay app-stay--{}000 app-stay--{}00 app-stay--{}0 app-stay--{}",
        digit(1000),
        digit(100),
        digit(10),
        digit(1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_comes_two_minutes_before_the_end() {
        let delay = |minutes: u32| {
            let classes = classes(before_the_end(minutes));
            let digits = classes.split("--").skip(1).map(|part| part.split(' ').next().unwrap());
            digits.map(|part| part.parse::<u32>().unwrap()).sum::<u32>()
        };
        for (minutes, expected) in [(30, 28), (1_440, 1_438), (3, 1), (1, 1), (120, 118)] {
            assert_eq!(delay(minutes), expected, "{minutes}");
        }
    }
}
