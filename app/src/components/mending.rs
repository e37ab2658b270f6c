//! Mending the cells of an uploaded file: a field for each, with what it holds and what is wrong with it.

use std::collections::HashMap;

use domain::{
    dictionary::{Attribute, Input, Value},
    layout::Layout,
    password::OneTimePassword,
    values::ids::{AccountId, RowNumber, SubmissionId},
};
use gate::{MOST_MENDED, Row, cells_of};
use leptos::prelude::*;

use crate::{
    calls::fixing::row_of,
    components::field::Tied,
    forms::{EVERYWHERE, FormState, KEEP, OVERRULE, SURPLUS, was},
    islands::escaped,
    routes,
    words::{self, thousands},
};

/// What mending a row on a page needs to know.
#[derive(Clone)]
pub struct MendingHere {
    /// The file.
    pub id: SubmissionId,
    /// In how many other rows the same text has the same problem.
    pub others: HashMap<(RowNumber, Attribute), u32>,
    /// The query of the page to come back to.
    pub back: Vec<(&'static str, String)>,
    /// The plan that is shown, as [`gate::seen`] names it.
    pub seen: i64,
    /// The row that was mended last, and is wrong still: its form is open.
    pub opened: Option<RowNumber>,
}

/// The cells of a row that leave alone what was changed by hand, each with what stays, and the way to overwrite it; those that
/// overwrite it on their sender's word; and those that do because the file has something new.
#[component]
pub fn HandEdited(
    row: Row,
    layout: Layout,
    editors: HashMap<AccountId, String>,
    here: Option<MendingHere>,
) -> impl IntoView {
    let heading = |attribute: Attribute| layout.heading(attribute).unwrap_or(attribute.name()).to_owned();
    let number = row.planned.row;
    let turn = move |name: &'static str, attribute: Attribute, label: String| {
        let here = here.clone()?;
        Some(view! {
            <form method="post" action=row_of(&here.id, number)>
                <Back back=here.back/>
                <button class="nhsuk-button nhsuk-button--secondary nhsuk-button--small nhsuk-u-margin-bottom-1" name=name value=attribute.slug()>
                    {label}
                </button>
            </form>
        })
    };
    let said = |attribute: Attribute, value: &Option<Value>| match value {
        Some(value) => format!("“{}”", shortened(&attribute.shown(value.as_str()))),
        None => "nothing".to_owned(),
    };
    let kept = row.planned.kept.iter().map(|kept| {
        let by = kept.by.and_then(|by| editors.get(&by)).map(|name| format!(" by {name}")).unwrap_or_default();
        let edited = format!("was changed by hand on {}{by}, and stays ", words::day(kept.at));
        let heading = heading(kept.attribute);
        let button = turn(OVERRULE, kept.attribute, format!("Use what the file says for {heading} in row {number}"));
        view! {
            <div class="app-hand-edit app-break">
                <p><strong>{heading}</strong> " " {edited} <strong>{said(kept.attribute, &kept.stays)}</strong> ". The file says " {said(kept.attribute, &kept.in_file)} ", as before."</p>
                {button}
            </div>
        }
    });
    let overwrites = row.planned.overwrites.iter().map(|cell| {
        let by = cell.by.and_then(|by| editors.get(&by)).map(|name| format!(" by {name}")).unwrap_or_default();
        let edited = format!("was changed by hand on {}{by}, to ", words::day(cell.at));
        view! {
            <div class="app-hand-edit app-break">
                <p><strong>{heading(cell.attribute)}</strong> " " {edited} <strong>{said(cell.attribute, &cell.stays)}</strong> ". The file has a new value, which overwrites it. To keep the change, empty this cell."</p>
            </div>
        }
    });
    let overwrites = overwrites.collect_view();
    let overruling = cells_of(&row.request)
        .map(|cells| cells.overruling.clone())
        .unwrap_or_default();
    let overruling = overruling.into_iter().map(|attribute| {
        let heading = heading(attribute);
        let button = turn(
            KEEP,
            attribute,
            format!("Keep {heading} as it was changed by hand in row {number}"),
        );
        view! {
            <div class="app-hand-edit app-break">
                <p><strong>{heading}</strong> " was changed by hand. It is overwritten, as you chose."</p>
                {button}
            </div>
        }
    });
    view! { {kept.collect_view()} {overwrites} {overruling.collect_view()} }
}

/// The form of one row: the cells with problems, on demand; the way to its other cells.
#[component]
pub fn MendRow(row: Row, layout: Layout, here: MendingHere) -> impl IntoView {
    let number = row.planned.row;
    let mut wrong: Vec<Attribute> = Vec::new();
    for problem in row.planned.step.problems() {
        wrong.extend(problem.place.attribute().filter(|attribute| !wrong.contains(attribute)));
    }
    let whole = routes::with_query(
        &routes::submission_row(&here.id, number),
        &here
            .back
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect::<Vec<_>>(),
    );
    let has_surplus = cells_of(&row.request).is_some_and(|cells| cells.surplus.is_some());
    if wrong.is_empty() && !has_surplus {
        return view! { <p><a href=whole>"Fix row " {number.to_string()}</a></p> }.into_any();
    }
    let fields = wrong
        .into_iter()
        .map(|attribute| {
            let others = here.others.get(&(number, attribute)).copied();
            view! { <CellField row=row.clone() attribute layout=layout.clone() others/> }
        })
        .collect_view();
    let is_open = here.opened == Some(number);
    view! {
        <details class="nhsuk-details app-mend" open=is_open>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">"Fix row " {number.to_string()}</span>
            </summary>
            <div class="nhsuk-details__text">
                <form method="post" action=row_of(&here.id, number) novalidate>
                    <Back back=here.back.clone()/>
                    {fields}
                    <SurplusField row=row.clone() id=format!("row-{number}-{SURPLUS}")/>
                    <button class="nhsuk-button nhsuk-button--small nhsuk-u-margin-bottom-2">"Check row " {number.to_string()} " again"</button>
                </form>
                <p><a href=whole>"All cells of row " {number.to_string()}</a></p>
            </div>
        </details>
    }
    .into_any()
}

/// The way to apply a row without the cells that stand beyond the headings; nothing where there are none.
#[component]
pub fn SurplusField(row: Row, id: String) -> impl IntoView {
    let cells = cells_of(&row.request);
    let surplus = cells.and_then(|cells| Some((cells.surplus?, cells.surplus_texts.clone())));
    surplus.map(|((found, headings), texts)| {
        let which = match found.saturating_sub(headings) {
            1 => "the cell beyond the last heading".to_owned(),
            many => format!("the {many} cells beyond the last heading"),
        };
        let said: Vec<_> = texts
            .iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| format!("“{}”", shortened(text.trim())))
            .collect();
        let said = (!said.is_empty()).then(|| view! { <p class="app-break">"Beyond the last heading: " {said.join(", ")}</p> });
        view! {
            {said}
            <div class="nhsuk-form-group">
                <div class="nhsuk-checkboxes nhsuk-checkboxes--small">
                    <div class="nhsuk-checkboxes__item">
                        <input class="nhsuk-checkboxes__input" type="checkbox" id=id.clone() name=SURPLUS value="pass-over"/>
                        <label class="nhsuk-label nhsuk-checkboxes__label" for=id>"Do not use " {which} ". I have checked the other cells of this row."</label>
                    </div>
                </div>
            </div>
        }
    })
}

/// Where to come back to, in a form.
#[component]
pub fn Back(back: Vec<(&'static str, String)>) -> impl IntoView {
    back.into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| view! { <input type="hidden" name=name value=text/> })
        .collect_view()
}

/// One cell: its heading in the file, what is wrong with it, what it holds, and whether the same is written into other rows.
#[component]
pub fn CellField(
    row: Row,
    attribute: Attribute,
    layout: Layout,
    /// How many other rows have the same text there with the same problem.
    others: Option<u32>,
    /// On a page of its own: the form as it came back. Its problem is shown here, where no row stands beside it.
    #[prop(optional)]
    alone: Option<FormState>,
) -> impl IntoView {
    let number = row.planned.row;
    let id = match alone {
        Some(_) => attribute.slug().to_owned(),
        None => format!("row-{number}-{}", attribute.slug()),
    };
    let (hint_id, all_id, error_id) = (format!("{id}-hint"), format!("{id}-all"), format!("{id}-error"));
    let cells = cells_of(&row.request);
    let is_password = attribute == Attribute::Password;
    // A password is not said back; what is typed takes its place.
    let shown = cells.filter(|_| !is_password);
    let text = shown.map_or("", |cells| cells.text(attribute)).to_owned();
    let typed = alone.as_ref().filter(|form| form.has(attribute.slug()));
    let typed = typed.map_or(text.clone(), |form| form.value_of(attribute.slug()));
    let in_file = cells.and_then(|cells| cells.mended.get(&attribute).or_else(|| cells.written.get(&attribute)));
    let hint = match (is_password, in_file) {
        (true, _) => Some(of_password(cells.and_then(|cells| cells.one_time.as_ref())).to_owned()),
        (false, in_file) => in_file.map(|text| as_in_file(text, attribute, &layout)),
    };
    let hint = hint.map(|hint| view! { <div class="nhsuk-hint app-break" id=hint_id.clone()>{hint}</div> });
    let mut problems = row.planned.step.problems().iter();
    let problem = problems.find(|problem| problem.place.attribute() == Some(attribute));
    let problem = problem.map(ToString::to_string);
    // Beside a row the problem is to be seen already; those who hear the field hear it there, too.
    let (is_alone, look) = match alone {
        Some(_) => (true, "nhsuk-error-message"),
        None => (false, "nhsuk-u-visually-hidden"),
    };
    let problem = alone.and_then(|form| form.problem_of(attribute.slug())).or(problem);
    let is_wrong = problem.is_some();
    let problem = problem.map(|problem| {
        view! {
            <span class=look id=error_id>
                <span class="nhsuk-u-visually-hidden">"Error: "</span> {problem}
            </span>
        }
    });
    let tied = Tied::by(&id, is_wrong).hinted(hint.is_some());
    let (described, invalid) = (tied.described(), tied.invalid());
    let label = layout.heading(attribute).unwrap_or(attribute.name()).to_owned();
    let field = if attribute.input() == Input::Lines {
        view! { <textarea class="nhsuk-textarea" id=id.clone() name=attribute.slug() rows="3" autocomplete="off" aria-describedby=described aria-invalid=invalid inner_html=escaped(&typed)></textarea> }.into_any()
    } else {
        let kind = if is_password { "password" } else { "text" };
        view! {
            <input
                class="nhsuk-input"
                class=("nhsuk-input--error", is_wrong)
                id=id.clone()
                name=attribute.slug()
                type=kind
                autocomplete="off"
                spellcheck="false"
                value=typed
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .into_any()
    };
    let everywhere = others.filter(|_| !is_password).map(|others| {
        let which = match text.as_str() {
            "" => "where this cell is also empty".to_owned(),
            text => format!("with “{}” in this cell", shortened(text)),
        };
        let rows = match others {
            1 => "the other row".to_owned(),
            many if many > MOST_MENDED => format!("{} of the other {} rows", thousands(MOST_MENDED), thousands(many)),
            many => format!("the other {} rows", thousands(many)),
        };
        view! {
            <div class="nhsuk-checkboxes nhsuk-checkboxes--small nhsuk-u-margin-top-2">
                <div class="nhsuk-checkboxes__item">
                    <input class="nhsuk-checkboxes__input" type="checkbox" id=all_id.clone() name=EVERYWHERE value=attribute.slug()/>
                    <label class="nhsuk-label nhsuk-checkboxes__label app-break" for=all_id>"Use the same value in " {rows} " " {which}</label>
                </div>
            </div>
        }
    });
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", is_wrong && is_alone)>
            <label class="nhsuk-label app-break" for=id>{label}</label>
            {hint}
            {problem}
            <input type="hidden" name=was(attribute) value=text/>
            {field}
            {everywhere}
        </div>
    }
}

/// What is said of a one-time password, which is not shown.
const fn of_password(password: Option<&OneTimePassword>) -> &'static str {
    match password {
        Some(OneTimePassword::Sound | OneTimePassword::Hashed(_)) => {
            "It is not shown. Leave this empty to keep it, or enter (clear) to send an activation link instead."
        }
        Some(OneTimePassword::Refused(_) | OneTimePassword::Dropped) => {
            "The file’s password was not kept. Enter another, or (clear) to send an activation link instead."
        }
        None => "The row gives none. A one-time password is for a new account only.",
    }
}

/// The cells of a row that were mended, each with what the file has there; a password is not said.
#[component]
pub fn MendedCells(row: Row, layout: Layout) -> impl IntoView {
    let mended = cells_of(&row.request)
        .map(|cells| cells.mended.clone())
        .unwrap_or_default();
    let lines = mended.into_iter().map(|(attribute, text)| {
        let heading = layout.heading(attribute).unwrap_or(attribute.name()).to_owned();
        let in_file = match attribute {
            Attribute::Password => "It is not shown.".to_owned(),
            _ => as_in_file(&text, attribute, &layout),
        };
        view! { <p class="app-mended app-break">{heading} " was fixed. " {in_file}</p> }
    });
    lines.collect_view()
}

fn as_in_file(text: &str, attribute: Attribute, layout: &Layout) -> String {
    match text.trim() {
        _ if layout.position(attribute).is_none() => "The file has no such column.".to_owned(),
        "" => "It is empty in the file.".to_owned(),
        text => format!("In the file: “{}”.", shortened(text)),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
