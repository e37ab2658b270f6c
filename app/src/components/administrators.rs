//! Administrators to turn to, each with a mailbox.

use gate::Administrator;
use leptos::prelude::*;

use crate::components::breakable::Breakable;

/// Their names and email addresses; nothing where there is nobody.
#[component]
pub fn Administrators(administrators: Vec<Administrator>) -> impl IntoView {
    let one = |administrator: Administrator| {
        let mail = format!("mailto:{}", administrator.address);
        view! {
            <li class="app-break">
                {administrator.name} <br/>
                <a href=mail><Breakable text=administrator.address/></a>
            </li>
        }
    };
    (!administrators.is_empty())
        .then(|| view! { <ul class="nhsuk-list">{administrators.into_iter().map(one).collect_view()}</ul> })
}
