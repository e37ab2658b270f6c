//! Finding rows of a long file: the same problem in many of them, what stands in one, and a row by its number.

use gate::{Shared, Submission};
use leptos::prelude::*;

use super::shown::Shown;
use crate::{routes, words::counted};

/// Rows from which on a file is searched rather than read.
const LONG: u32 = 50;

/// The ways to rows; only what is of use for this file.
#[component]
pub(super) fn Finding(submission: Submission, shown: Shown, shared: Vec<Shared>) -> impl IntoView {
    let is_long = submission.totals.rows() > LONG;
    let search = is_long.then(|| {
        let action = format!("{}#rows", routes::submission(&submission.id));
        view! {
            <form class="app-search" method="get" action=action role="search" aria-label="Rows of this file">
                <div class="app-finding">
                    <div class="nhsuk-form-group">
                        <label class="nhsuk-label" for="find">"Find in this file"</label>
                        <input class="nhsuk-input" id="find" name="find" type="search" autocomplete="off" spellcheck="false" value=shown.words.clone()/>
                    </div>
                    <div class="nhsuk-form-group">
                        <label class="nhsuk-label" for="row">"Begin with row"</label>
                        <input class="nhsuk-input nhsuk-input--width-5" id="row" name="row" type="text" inputmode="numeric" autocomplete="off"/>
                    </div>
                    <button class="nhsuk-button nhsuk-button--small nhsuk-button--secondary">"Show"</button>
                </div>
            </form>
        }
    });
    let groups = (!shared.is_empty()).then(|| {
        let lines = shared
            .into_iter()
            .map(|group| {
                let is_current = shown.problem.as_deref() == Some(group.key.as_str());
                let href = routes::with_query(&routes::submission(&submission.id), &[("problem", group.key.as_str())]);
                view! {
                    <li class="app-break">
                        <a href=format!("{href}#rows") aria-current=is_current.then_some("true")>{group.said}</a>
                        " " {counted(group.rows, "row", "rows")}
                    </li>
                }
            })
            .collect_view();
        view! {
            <h2 class="nhsuk-heading-s">"The same problem in several rows"</h2>
            <ul class="nhsuk-list nhsuk-list--bullet">{lines}</ul>
        }
    });
    view! { {groups} {search} }
}
