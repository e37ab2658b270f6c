//! The columns of a file: which part of the file is read, what each column holds, what every row has, and what
//! its texts mean.

use domain::{
    dictionary::Attribute,
    layout::{EXPLAINED, Layout, PLACES, Part, plain_text},
    problem::in_sentence,
    values::ids::RowNumber,
};
use gate::WrongColumns;
use leptos::prelude::*;

use super::{
    about,
    answer::{Answer, Refused},
    form::{Fields, HtmlForm},
    submission_named,
    submissions::{moved_on, wait_for_check},
};
use crate::{
    forms::{
        COLUMNS, FormState, HEADINGS, LEFT_EMPTY, SHEET, column_field, for_all_field, meaning_field, text_field,
        texts_table,
    },
    routes,
    visitor::Visitor,
};

/// Say what the columns of a file hold.
///
/// # Errors
/// Where it is nothing of the caller's, or the server cannot do it.
#[server(prefix = "/submissions", endpoint = "{id}/columns", protocol = HtmlForm)]
pub async fn choose_columns(
    /// What the form says.
    #[server(flatten)]
    said: Fields,
) -> Result<Answer, Refused> {
    let id = submission_named().await?;
    let visitor = Visitor::of_page();
    let visit = visitor.acts()?;
    let layout = read(&said);
    let wrong = match visit.choose_columns(&id, &layout).await {
        Ok(Ok(())) => {
            wait_for_check(&visit, &id).await;
            return Ok(Answer::Go(routes::submission(&id)));
        }
        Ok(Err(wrong)) => wrong,
        Err(error) => return moved_on(&visit, &id, error).await,
    };
    let mut form = FormState::default();
    for wrong in &wrong {
        form.problem(field(wrong, &said), &in_words(wrong));
    }
    form.columns = Some(Box::new(layout));
    Ok(Answer::again(about::<ChooseColumns>(&id), form))
}

/// What the form says. Its columns stand in the file's order; their headings are the file's own.
pub(crate) fn read(said: &Fields) -> Layout {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let columns = (0..).map_while(|place| said.given(&column_field(place)));
    let for_all = PLACES
        .into_iter()
        .filter_map(|place| Some((place, some(said.text(&for_all_field(place)))?)));
    let asked = EXPLAINED
        .into_iter()
        .filter(|own| said.given(&text_field(*own, 0)).is_some());
    Layout {
        columns: columns
            .map(|slug| (String::new(), Attribute::from_slug(slug)))
            .collect(),
        part: Part {
            sheet: some(said.text(SHEET)),
            headings: said.text(HEADINGS).parse().ok().map(RowNumber),
        },
        for_all: for_all.collect(),
        values: asked.map(|own| (own, meanings(said, own).collect())).collect(),
        ..Layout::default()
    }
}

/// The texts whose meaning was asked and is said, each as it is compared.
fn meanings(said: &Fields, attribute: Attribute) -> impl Iterator<Item = (String, String)> {
    texts(said, attribute).enumerate().filter_map(move |(place, text)| {
        let meaning = match said.text(&meaning_field(attribute, place)) {
            "" => return None,
            LEFT_EMPTY => String::new(),
            meaning => meaning.to_owned(),
        };
        Some((plain_text(text), meaning))
    })
}

fn texts(said: &Fields, attribute: Attribute) -> impl Iterator<Item = &str> {
    (0..).map_while(move |place| said.given(&text_field(attribute, place)))
}

/// The field that something is wrong with.
fn field(wrong: &WrongColumns, said: &Fields) -> String {
    match wrong {
        WrongColumns::Missing(Attribute::Organisation) => for_all_field(Attribute::Organisation),
        WrongColumns::Missing(_) => COLUMNS.to_owned(),
        WrongColumns::Twice { column, .. } => column_field(*column),
        WrongColumns::NotHere(attribute)
        | WrongColumns::NotOf { attribute, .. }
        | WrongColumns::Both { attribute, .. } => for_all_field(*attribute),
        WrongColumns::NotAsked(attribute) => texts_table(*attribute),
        WrongColumns::NoMeaning { attribute, text } => {
            let place = texts(said, *attribute).position(|asked| plain_text(asked) == plain_text(text));
            place.map_or_else(|| texts_table(*attribute), |place| meaning_field(*attribute, place))
        }
    }
}

fn in_words(wrong: &WrongColumns) -> String {
    match wrong {
        WrongColumns::Missing(Attribute::Organisation) => {
            "Choose the column that holds the organisation, or one organisation for all rows.".to_owned()
        }
        WrongColumns::Missing(attribute) => format!("Choose the column that holds the {}.", in_sentence(*attribute)),
        WrongColumns::Twice { attribute, .. } => format!(
            "Another column already holds the {}. Choose something else for this one, or do not read it.",
            in_sentence(*attribute)
        ),
        WrongColumns::NotHere(attribute) => format!(
            "There is no such {} in an organisation that you manage. Choose or type another.",
            in_sentence(*attribute)
        ),
        WrongColumns::NotOf {
            attribute,
            organisation,
        } => {
            let named = in_sentence(*attribute);
            format!(
                "{organisation} has no such {named}. Choose or type one of {organisation}, or choose another organisation."
            )
        }
        WrongColumns::Both { attribute, heading } if heading.is_empty() => format!(
            "A column without a heading also holds the {}. Do not read it, or choose nothing here.",
            in_sentence(*attribute)
        ),
        WrongColumns::Both { attribute, heading } => format!(
            "Choose one way to give the {}: do not read the column “{heading}”, or choose nothing here.",
            in_sentence(*attribute)
        ),
        WrongColumns::NoMeaning { attribute, text } if !PLACES.contains(attribute) => format!(
            "What you gave for “{text}” is not in the list for the {}. Choose another.",
            in_sentence(*attribute)
        ),
        WrongColumns::NoMeaning { attribute, text } => format!(
            "There is no {} with the name that you gave for “{text}”. Choose or type another.",
            in_sentence(*attribute)
        ),
        WrongColumns::NotAsked(attribute) => format!(
            "Check what the values in the column for the {} mean.",
            in_sentence(*attribute)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_columns_part_all_rows_and_meanings() {
        let said = Fields::of(&[
            ("sheet", "Staff"),
            ("headings", "4"),
            ("column-0", "local-id"),
            ("column-1", ""),
            ("column-2", "unit"),
            ("all-organisation", "RIV"),
            ("all-site", ""),
            ("text-unit-0", "Ward  7B"),
            ("meaning-unit-0", "Medicine / Ward 7"),
            ("text-unit-1", "Bank"),
            ("meaning-unit-1", "(empty)"),
            ("text-unit-2", "Ward 9"),
            ("meaning-unit-2", ""),
            ("text-role-0", "Staff nurse"),
            ("meaning-role-0", "Nurse"),
        ]);
        let layout = read(&said);
        assert_eq!(layout.meaning(Attribute::Role, "staff nurse"), Some("Nurse"));
        let held: Vec<_> = layout.columns.iter().map(|(_, held)| *held).collect();
        assert_eq!(held, [Some(Attribute::LocalId), None, Some(Attribute::Unit)]);
        assert_eq!(layout.part.sheet.as_deref(), Some("Staff"));
        assert_eq!(layout.part.headings, Some(RowNumber(4)));
        assert_eq!(layout.for_all, [(Attribute::Organisation, "RIV".to_owned())].into());
        assert_eq!(layout.meaning(Attribute::Unit, "ward 7b"), Some("Medicine / Ward 7"));
        assert_eq!(layout.meaning(Attribute::Unit, "Bank"), Some(""));
        assert_eq!(layout.meaning(Attribute::Unit, "Ward 9"), None);
        let unknown = WrongColumns::NoMeaning {
            attribute: Attribute::Unit,
            text: "Bank".to_owned(),
        };
        assert_eq!(field(&unknown, &said), "meaning-unit-1");
        let both = WrongColumns::Both {
            attribute: Attribute::Organisation,
            heading: "Trust".to_owned(),
        };
        assert_eq!(field(&both, &said), "all-organisation");
        let words = "Choose one way to give the organisation: do not read the column “Trust”, or choose nothing here.";
        assert_eq!(in_words(&both), words);
        let elsewhere = WrongColumns::NotOf {
            attribute: Attribute::Site,
            organisation: "RIV01".to_owned(),
        };
        assert_eq!(field(&elsewhere, &said), "all-site");
        let words = "RIV01 has no such site. Choose or type one of RIV01, or choose another organisation.";
        assert_eq!(in_words(&elsewhere), words);
    }
}
