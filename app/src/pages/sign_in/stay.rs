//! What whoever stays signed in is told, in a tab of its own.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{visitor::Operator, words::counted};

/// The page.
#[component]
pub fn StayPage() -> impl IntoView {
    let minutes = use_context::<Operator>().map_or(1, |operator| operator.session_minutes);
    view! {
        <Title text="You are still signed in"/>
        <h1>"You are still signed in"</h1>
        <p>"You stay signed in for at least " {counted(minutes, "minute", "minutes")} ". Close this tab to continue where you were."</p>
    }
}
