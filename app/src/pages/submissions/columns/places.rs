//! What every row of a file has, and what texts of the file mean: organisations, sites and units that are here, and values of
//! lists.

use domain::{dictionary::Attribute, layout::PLACES, problem::in_sentence};
use gate::{Choice, ColumnsAsked, TextAsked, Texts};
use leptos::prelude::*;

use crate::{
    components::{
        error_summary::FieldError,
        field::Tied,
        table::{Column, Row, Table},
    },
    forms::{FormState, LEFT_EMPTY, for_all_field, meaning_field, text_field, texts_table},
    words::{counted, thousands},
};

/// Options that the lists of one table may have together; beyond, one list is shared by text fields.
const MOST_OPTIONS: usize = 4_000;

/// One organisation, site or unit for all rows.
#[component]
pub(super) fn ForAll(asked: ColumnsAsked, form: FormState) -> impl IntoView {
    // Where there is nothing to choose, nothing is asked.
    let is_asked = |(attribute, choices): &&(Attribute, Option<Vec<Choice>>)| {
        PLACES.contains(attribute) && choices.as_ref().is_none_or(|all| !all.is_empty())
    };
    let places = asked.choices.iter().filter(is_asked);
    let fields = places
        .map(|(attribute, choices)| {
            // What is refused stays as it was typed.
            let said = form.columns.as_deref().unwrap_or(&asked.layout);
            let said = said.for_all.get(attribute).cloned().unwrap_or_default();
            for_all(*attribute, choices.as_deref(), &said, &form)
        })
        .collect_view();
    view! {
        <fieldset class="nhsuk-fieldset nhsuk-u-margin-bottom-5">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m"><h2 class="nhsuk-fieldset__heading">"The same for all rows"</h2></legend>
            <p>"Choose one of these only if no column of your file holds it. It then applies to every row."</p>
            {fields}
        </fieldset>
    }
}

fn for_all(attribute: Attribute, choices: Option<&[Choice]>, said: &str, form: &FormState) -> AnyView {
    let name = for_all_field(attribute);
    let tied = Tied::to(&name, form).hinted(choices.is_none());
    let (wrong, invalid, described) = (tied.is_wrong(), tied.invalid(), tied.described());
    let field = match choices {
        Some(choices) => {
            let options = options(choices, said);
            view! {
                <select class="nhsuk-select" class=("nhsuk-select--error", wrong) id=name.clone() name=name.clone() aria-describedby=described aria-invalid=invalid>
                    <option value="">"Not the same for all rows"</option>
                    {options}
                </select>
            }
            .into_any()
        }
        None => view! {
            <div class="nhsuk-hint" id=format!("{name}-hint")>{typed_hint(attribute)} " Leave this empty if it is not the same for all rows."</div>
            <input class="nhsuk-input" class=("nhsuk-input--error", wrong) id=name.clone() name=name.clone() type="text" autocomplete="off" spellcheck="false" value=said.to_owned() aria-describedby=described aria-invalid=invalid/>
        }
        .into_any(),
    };
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", wrong)>
            <label class="nhsuk-label" for=name.clone()>{attribute.name()}</label>
            <FieldError field=name.clone() form=form.clone()/>
            {field}
        </div>
    }
    .into_any()
}

const fn typed_hint(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Organisation => "Type its ODS code.",
        Attribute::Site => "Type its code or name.",
        Attribute::Unit => "Type its levels with a slash, as in Medicine / Ward 7.",
        _ => "Type it as it is in the list.",
    }
}

fn options(choices: &[Choice], said: &str) -> impl IntoView + use<> {
    let option = |choice: &Choice| {
        let is_said = choice.value == said;
        view! { <option value=choice.value.clone() selected=is_said>{choice.words.clone()}</option> }
    };
    choices.iter().map(option).collect_view()
}

/// A table for each column with texts that name nothing here.
#[component]
pub(super) fn Meanings(asked: ColumnsAsked, form: FormState) -> impl IntoView {
    let tables = asked.texts.iter().map(|texts| {
        let choices = asked
            .choices
            .iter()
            .find(|(attribute, _)| *attribute == texts.attribute);
        let choices = choices.and_then(|(_, choices)| choices.as_deref());
        table(texts, choices, &asked, &form)
    });
    tables.collect_view()
}

fn table(texts: &Texts, choices: Option<&[Choice]>, asked: &ColumnsAsked, form: &FormState) -> AnyView {
    let attribute = texts.attribute;
    let id = texts_table(attribute);
    let tied = Tied::to(&id, form);
    let heading = asked.layout.heading(attribute).unwrap_or(attribute.name()).to_owned();
    // A list in each line would make a page that no telephone wants to load.
    let listed = choices.filter(|choices| choices.len() * texts.asked.len() <= MOST_OPTIONS);
    let shared = choices.filter(|_| listed.is_none()).map(|choices| {
        let options = options(choices, "");
        view! { <datalist id=format!("choices-{}", attribute.slug())>{options}</datalist> }
    });
    let list = shared.is_some().then(|| format!("choices-{}", attribute.slug()));
    let lines = texts.asked.iter().enumerate();
    let rows = lines
        .map(|(place, text)| row(attribute, place, text, listed, list.clone(), form))
        .collect();
    let columns = ["In your file", "Rows", "It means"].map(Column::Named).to_vec();
    let (title, what) = match PLACES.contains(&attribute) {
        true => (
            format!("Names in “{heading}” that are not known here"),
            format!("Say which {} each one means.", in_sentence(attribute)),
        ),
        false => (
            format!("Values in “{heading}” that are not in the list"),
            format!(
                "Say which value of the list for the {} each one means.",
                in_sentence(attribute)
            ),
        ),
    };
    let typed = match listed {
        Some(_) => String::new(),
        None => format!(
            " {} Leave a field empty if it means nothing here: these rows then have a problem.",
            typed_hint(attribute)
        ),
    };
    let is_guessed = texts.asked.iter().any(|text| text.is_guessed);
    let guessed = if is_guessed { " Check the guesses." } else { "" };
    let more = (texts.more > 0).then(|| {
        let many = u32::try_from(texts.more).unwrap_or(u32::MAX);
        view! { <p>{counted(many, "more", "more")} " are in fewer rows. You are asked about them after the check."</p> }
    });
    view! {
        <div class="nhsuk-form-group" class=("nhsuk-form-group--error", tied.is_wrong()) id=id.clone() tabindex="-1">
            <h2 class="nhsuk-heading-m app-break">{title}</h2>
            <p>{what} {typed} {guessed} " Your answers are kept for the next file."</p>
            <FieldError field=id.clone() form=form.clone()/>
            {shared}
            <Table caption=format!("Values in the column for the {}", in_sentence(attribute)) columns rows/>
            {more}
        </div>
    }
    .into_any()
}

fn row(
    attribute: Attribute,
    place: usize,
    text: &TextAsked,
    choices: Option<&[Choice]>,
    list: Option<String>,
    form: &FormState,
) -> Row {
    let name = meaning_field(attribute, place);
    let tied = Tied::to(&name, form).hinted(text.is_guessed);
    let (wrong, invalid, described) = (tied.is_wrong(), tied.invalid(), tied.described());
    let guessed = text
        .is_guessed
        .then(|| view! { <div class="nhsuk-hint nhsuk-u-margin-bottom-1" id=format!("{name}-hint")>"Guessed: check this"</div> });
    let label = format!("What “{}” means", text.text);
    let is_empty = text.meaning.as_deref() == Some("");
    let meaning = text.meaning.clone().unwrap_or_default();
    let field = match choices {
        Some(choices) => {
            let options = options(choices, &meaning);
            let empty = (attribute != Attribute::Organisation)
                .then(|| view! { <option value=LEFT_EMPTY selected=is_empty>"Leave the cell empty"</option> });
            view! {
                <select class="nhsuk-select" class=("nhsuk-select--error", wrong) id=name.clone() name=name.clone() aria-label=label aria-describedby=described aria-invalid=invalid>
                    <option value="">"Not here: these rows have a problem"</option>
                    {empty}
                    {options}
                </select>
            }
            .into_any()
        }
        None => {
            let shown = if is_empty { LEFT_EMPTY.to_owned() } else { meaning };
            view! {
                <input class="nhsuk-input" class=("nhsuk-input--error", wrong) id=name.clone() name=name.clone() type="text" autocomplete="off" spellcheck="false" list=list value=shown aria-label=label aria-describedby=described aria-invalid=invalid/>
            }
            .into_any()
        }
    };
    let meaning = view! {
        <FieldError field=name.clone() form=form.clone()/>
        <input type="hidden" name=text_field(attribute, place) value=text.text.clone()/>
        {guessed}
        {field}
    };
    vec![
        view! { <span class="app-break">{text.text.clone()}</span> }.into_any(),
        thousands(text.rows).into_any(),
        meaning.into_any(),
    ]
}
