//! The form by which a browser makes or uses a passkey. It is shown by its script alone: without one there are no passkeys.

use leptos::{nonce::use_nonce, prelude::*};

/// What the browser is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Make a new passkey.
    Make,
    /// Use one that there is.
    Use,
}

/// The form; `options` is where the browser's question comes from, `children` are its fields and its button.
#[component]
pub fn PasskeyForm(does: Does, action: &'static str, options: &'static str, children: Children) -> impl IntoView {
    let what = match does {
        Does::Make => "new",
        Does::Use => "use",
    };
    view! {
        <form class="app-sheet" method="post" action=action data-passkey=what data-options=options hidden=true>
            <input type="hidden" name="credential"/>
            {children()}
        </form>
        <script type="module" nonce=use_nonce()>{include_str!("passkey_form.js")}</script>
    }
}
