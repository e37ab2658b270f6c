//! One thing for many accounts of a list: whom, and what. It is asked for by an ordinary form around the table, and leads
//! to a preview like a file's.

use gate::{ActKind, COUNTED, MOST_AT_ONCE};
use leptos::prelude::*;

use crate::{
    calls::{at, bulk_actions::ActOnMany},
    components::{
        acts::ActField,
        field::{Group, Tied},
    },
    forms::FormState,
    searches::people::Search,
    words::{counted, thousands},
};

/// The form around a table with ticks. `ids` are those of this page, `here` so many; the search finds `all`.
#[component]
pub fn Choosing(
    search: Search,
    acts: Vec<ActKind>,
    ids: String,
    here: usize,
    all: u64,
    form: FormState,
    children: Children,
) -> impl IntoView {
    let fields = search
        .fields()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <form method="post" action={at::<ActOnMany>()} novalidate>
            {fields}
            <input type="hidden" name="page" value=ids/>
            <p class="app-screen"><a href="#choosing">"Go to the actions for the ticked accounts"</a></p>
            {children()}
            <Panel acts here all form/>
        </form>
    }
}

#[component]
fn Panel(acts: Vec<ActKind>, here: usize, all: u64, form: FormState) -> impl IntoView {
    let invalid = Tied::to("whom", &form).invalid();
    let said = form.value_of("whom");
    let here = u32::try_from(here).unwrap_or(u32::MAX);
    let found = u32::try_from(all).unwrap_or(u32::MAX);
    let choice = |id: &'static str, value: &'static str, label: String| {
        let checked = said == value || (said.is_empty() && value == "ticked");
        view! {
            <div class="nhsuk-radios__item">
                <input class="nhsuk-radios__input" id=id name="whom" type="radio" value=value checked=checked aria-invalid=invalid/>
                <label class="nhsuk-label nhsuk-radios__label" for=id>{label}</label>
            </div>
        }
    };
    let on_page = (here > 1).then(|| choice("whom-page", "page", format!("All {} on this page", thousands(here))));
    let by_search = (found > here).then(|| {
        let many = u64::from(found) > MOST_AT_ONCE;
        let limit = format!(
            "; at most {} at once",
            thousands(u32::try_from(MOST_AT_ONCE).unwrap_or(u32::MAX))
        );
        let limit = if many { limit } else { String::new() };
        let label = match all < COUNTED {
            true => format!("All {} of this search{limit}", counted(found, "account", "accounts")),
            false => format!("All accounts of this search{limit}"),
        };
        choice("whom-search", "search", label)
    });
    let ticked = choice("whom", "ticked", "The accounts I ticked above".to_owned());
    view! {
        <section class="app-sheet" aria-labelledby="choosing">
            <h2 class="nhsuk-heading-m" id="choosing" tabindex="-1">"Change several accounts"</h2>
            <Group field="whom" legend="Which accounts?" look="nhsuk-fieldset__legend--s" form=form.clone()>
                <div class="nhsuk-radios nhsuk-radios--small">
                    {ticked}
                    {on_page}
                    {by_search}
                </div>
            </Group>
            <ActField acts form/>
            <button class="nhsuk-button nhsuk-u-margin-bottom-0">"Continue"</button>
            <p class="nhsuk-hint nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-0">
                "You see what will happen to each before anything is done."
            </p>
        </section>
    }
}
