//! The key in the address that one sends files to: a second lock beside one's own mailbox. Made here, shown once, removed.

use domain::values::ids::Timestamp;
use leptos::prelude::*;

use crate::{
    calls::{
        at,
        email::{DropEmailKey, MakeEmailKey},
    },
    words,
};

/// A key that was made a moment ago, and the address with it.
#[component]
pub(super) fn OnceKey(key: String, address: String) -> impl IntoView {
    view! {
        <section class="app-sheet app-once" aria-labelledby="once-key">
            <h2 class="nhsuk-heading-m" id="once-key">"Copy your address with its key now"</h2>
            <label class="nhsuk-label" for="address-with-key">"Send files to"</label>
            <input class="nhsuk-input" id="address-with-key" type="text" readonly spellcheck="false" autocomplete="off" value=address/>
            <label class="nhsuk-label nhsuk-u-margin-top-3" for="new-key">"The key alone"</label>
            <input class="nhsuk-input nhsuk-input--width-20" id="new-key" type="text" readonly spellcheck="false" autocomplete="off" value=key/>
            <p class="nhsuk-u-margin-top-3">"They are shown only now. Save the address as a contact in your mail program, or write the key into the subject of each email. From now on, your emails without the key are refused."</p>
        </section>
    }
}

/// Whether there is a key, and what can be done about it.
#[component]
pub(super) fn OwnKey(
    /// When it was made, if there is one.
    made: Option<Timestamp>,
) -> impl IntoView {
    let (said, make) = match made {
        None => (
            "You have no key. With one, a file is taken only if it is sent to the address with the key, or the key is in the subject. It protects against people who send in your name and have not read your emails. Your sent emails show the key.".to_owned(),
            "Make an address key",
        ),
        Some(made) => (
            format!(
                "Your key was made on {}. Emails without it are refused. If you do not know it any more, make a new one: the old one then stops working.",
                words::moment(made)
            ),
            "Make a new address key",
        ),
    };
    let remove = made.map(|_| {
        view! {
            <form class="app-actions__form" method="post" action={at::<DropEmailKey>()}>
                <button class="nhsuk-button nhsuk-button--secondary">"Remove key"</button>
            </form>
        }
    });
    view! {
        <h3 id="key">"Address key"</h3>
        <p>{said}</p>
        <div class="app-actions app-actions--large">
            <form class="app-actions__form" method="post" action={at::<MakeEmailKey>()}>
                <button class="nhsuk-button" class=("nhsuk-button--secondary", made.is_some())>{make}</button>
            </form>
            {remove}
        </div>
    }
}
