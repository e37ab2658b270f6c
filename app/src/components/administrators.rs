//! Administrators to turn to, each with a mailbox.

use domain::{
    organisation::{Organisation, UnitPath},
    policy::Role,
};
use gate::Administrator;
use leptos::prelude::*;

use crate::components::breakable::Breakable;

/// Whether there is anybody above somebody whom they could ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recourse {
    /// Helpdesks and administrators help them.
    Others,
    /// They are whom everybody else is sent to.
    LastResort,
}

impl Recourse {
    /// What somebody's roles say of it.
    #[must_use]
    pub fn of(roles: &[(Role, Organisation, Option<UnitPath>)]) -> Self {
        match roles.iter().any(|(role, ..)| *role == Role::GlobalAdministrator) {
            true => Self::LastResort,
            false => Self::Others,
        }
    }
}

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
