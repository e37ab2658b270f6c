//! The field for a new password, which says as one types what is still missing, and can be shown. Without JavaScript it is
//! a plain field, and the server says the same once the form is sent.

use std::time::Duration;

use domain::password::{self, Guesses, LONGEST, SHORTEST, WeakPassword};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

/// Pauses shorter than this are typing; nothing is read out meanwhile.
const PAUSE: Duration = Duration::from_millis(1000);

/// The field, named `password`; its label and what describes it are the page's. `guesses` are at its person's.
#[island]
pub fn PasswordMeter(guesses: Guesses, described: String, wrong: bool) -> impl IntoView {
    let verdict = RwSignal::new(judge("", &guesses));
    let (awake, shown) = (RwSignal::new(false), RwSignal::new(false));
    // Effects run in the browser only: what needs JavaScript appears with it.
    Effect::new(move |_| awake.set(true));
    let told = RwSignal::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let on_input = move |event| {
        verdict.set(judge(&event_target_value(&event), &guesses));
        timer.update_value(|timer| {
            if let Some(earlier) = timer.take() {
                earlier.clear();
            }
            let later = set_timeout_with_handle(move || told.set(verdict.get_untracked().words), PAUSE);
            *timer = later.ok();
        });
    };
    let button = move || {
        awake.get().then(|| {
            view! {
                <button
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-password__show"
                    type="button"
                    aria-controls="password"
                    aria-label=move || if shown.get() { "Hide password" } else { "Show password" }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { "Hide" } else { "Show" }}
                </button>
            }
        })
    };
    view! {
        <div class="app-password">
            <div class="app-password__line">
                <input
                    class="nhsuk-input app-password__input"
                    class=("nhsuk-input--error", wrong)
                    id="password"
                    name="password"
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=wrong.then_some("true")
                    on:input=on_input
                />
                {button}
            </div>
            <div class=move || format!("app-password__verdict app-password__verdict--{}", verdict.get().level) aria-hidden="true">
                <span class="app-password__gauge"><span class="app-password__bar"></span></span>
                <span class="app-password__words">{move || verdict.get().words}</span>
            </div>
            <p class="nhsuk-u-visually-hidden" role="status">{move || told.get()}</p>
        </div>
    }
}

/// What is to be said of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verdict {
    /// The name that style sheets know it by.
    level: &'static str,
    words: String,
}

/// The rules first; then how long and varied it is.
fn judge(password: &str, guesses: &Guesses) -> Verdict {
    let say = |level, words: &str| Verdict {
        level,
        words: words.to_owned(),
    };
    if password.is_empty() {
        return say("none", "");
    }
    let length = password::normalised(password).chars().count();
    match password::check_plainly(password, guesses) {
        Err(WeakPassword::Unprintable) => say("refused", "Has a character that cannot be typed"),
        Err(WeakPassword::TooShort) => {
            let missing = SHORTEST.saturating_sub(length);
            say("refused", &format!("Too short: {missing} more {}", characters(missing)))
        }
        Err(WeakPassword::TooLong) => {
            let surplus = length.saturating_sub(LONGEST);
            say(
                "refused",
                &format!("Too long: {surplus} {} too many", characters(surplus)),
            )
        }
        Err(WeakPassword::ContainsName) => say("refused", "Contains your name"),
        Err(WeakPassword::Repeats) => say("refused", "The same few characters over and over"),
        Err(WeakPassword::Runs) => say("refused", "Follows the alphabet, the digits or the keyboard"),
        Err(WeakPassword::Common) => say("refused", "Little more than a word that many people use"),
        Err(WeakPassword::KnownName) => say("refused", "Mostly a name that others know"),
        Ok(()) => match (length, password::different(password)) {
            (_, ..=5) => say("poor", "Easy to guess: use more different characters"),
            (16.., 8..) => say("strong", "Very good"),
            (14.., 6..) => say("good", "Good"),
            _ => say("fair", "Long enough; a few more characters make it better"),
        },
    }
}

const fn characters(number: usize) -> &'static str {
    match number {
        1 => "character",
        _ => "characters",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_plain_words() {
        let guesses = Guesses::of_name("Jane", "O'Neill");
        for (password, words) in [
            ("", ""),
            ("teapot-77", "Too short: 3 more characters"),
            ("teapot-7777", "Too short: 1 more character"),
            ("teapot lantern", "Good"),
            ("jane-lantern-9", "Contains your name"),
            ("password1234", "Little more than a word that many people use"),
            ("aaaaaaaaaaaa", "The same few characters over and over"),
            ("abcdefgh-1234", "Follows the alphabet, the digits or the keyboard"),
            ("Staffbook2026!", "Mostly a name that others know"),
            ("teatteapteat", "Easy to guess: use more different characters"),
            ("lantern-9087", "Long enough; a few more characters make it better"),
            ("lantern-tea-90", "Good"),
            ("teapot-lantern-9", "Very good"),
        ] {
            assert_eq!(judge(password, &guesses).words, words, "{password}");
        }
    }
}
