//! What is asked of a file's columns: the file is looked at, what its columns hold is guessed by headings and cells, and the
//! texts in them that name nothing here are gathered.

use std::{
    collections::{BTreeMap, HashSet},
    io,
};

use domain::{
    dictionary::Attribute,
    layout::{EXPLAINED, Layout, PLACES, Part},
    organisation::{Organisation, OrganisationCode},
    policy::Scope,
    values::ids::RowNumber,
};
use formats::{Counted, FirstRows, Format, Formats, Guess, Known, Sheet, sheet_names};
use store::{
    directory::organisations,
    submissions::{self, Submission, columns},
};

use super::{
    looking_at::LookingAt,
    places::{Choice, Places, Texts},
};
use crate::{Gate, GateError, Visit, formats_for, scope_for};

/// Rows by whose cells columns are guessed.
const LOOKED_AT: usize = 200;

/// Different texts of the first rows that are looked up.
const MOST_LOOKED_UP: usize = 4_000;

/// Different texts of one column that are told apart.
const MOST_TEXTS: usize = 2_000;

/// What somebody is asked about a file's columns.
#[derive(Clone, Debug)]
pub struct ColumnsAsked {
    /// The file.
    pub submission: Submission,
    /// The format that it is read by: what its columns may hold.
    pub format: Format,
    /// The sheets of a workbook that are shown; none for other files.
    pub sheets: Vec<String>,
    /// Which of them the rows are read from, whether it was chosen or is the likeliest.
    pub sheet: Option<String>,
    /// The first rows that are not empty.
    pub preview: Vec<(RowNumber, Vec<String>)>,
    /// Which of them holds the headings.
    pub headings: RowNumber,
    /// Its columns as they are guessed, or as they were said.
    pub layout: Layout,
    /// The cells of its first rows.
    pub samples: Vec<Vec<String>>,
    /// What every row may have, and what texts may mean; `None` if that is too much for a list.
    pub choices: Vec<(Attribute, Option<Vec<Choice>>)>,
    /// The texts of its columns that name nothing here: no organisation, site or unit, and no value of a list.
    pub texts: Vec<Texts>,
    /// What its columns hold where its headings are those of a format: nothing has to be said of them.
    pub recognised: Option<Layout>,
}

impl Visit<'_> {
    pub(super) async fn asked(
        &self,
        submission: Submission,
        looking_at: &LookingAt,
    ) -> Result<ColumnsAsked, GateError> {
        let gate = self.gate;
        let part = match looking_at {
            LookingAt::Likely => submission.layout.part.clone(),
            LookingAt::Part(part) => part.clone(),
            LookingAt::Said(said) => said.part.clone(),
        };
        let _room = gate.desk.room(submission.file_size).await?;
        let bytes = submissions::bytes(gate.store.files(), &submission.id).await?;
        let bytes = bytes.ok_or(GateError::NotFound)?;
        let opened = opened(formats_for(gate, submission.channel), bytes, part.clone()).await?;
        let Opened {
            sheets,
            guess,
            format,
            sheet,
            recognised,
        } = opened.ok_or(GateError::NotFound)?;
        let authority = self.authority().await?;
        let scope = scope_for(&authority, submission.channel, &[]);
        let mut layout = match looking_at {
            LookingAt::Said(said) => of_file(&guess.layout, said, &format),
            // What was said of the part, or it was recognised by.
            _ if part == submission.layout.part && !submission.layout.columns.is_empty() => submission.layout.clone(),
            _ => guessed(gate, &scope, &guess.layout, sheet.as_ref()).await?,
        };
        layout.part = part;
        let counted = match sheet {
            Some(mut sheet) => {
                sheet.layout = layout.clone();
                texts_of(sheet).await?
            }
            None => vec![],
        };
        let places = Places::of(gate, &scope, &layout, &counted).await?;
        let texts = places.settle(&mut layout, &submission.layout, counted, looking_at);
        Ok(ColumnsAsked {
            submission,
            format,
            sheets,
            sheet: guess.sheet,
            preview: guess.preview,
            headings: guess.headings,
            layout,
            samples: guess.samples,
            choices: EXPLAINED.map(|own| (own, places.choices(own))).into(),
            texts,
            recognised,
        })
    }
}

/// A file as it was looked at.
struct Opened {
    sheets: Vec<String>,
    guess: Guess,
    format: Format,
    /// Its rows; none where they cannot be read.
    sheet: Option<Sheet>,
    recognised: Option<Layout>,
}

/// Looks at a file on a thread that serves nobody, because it may be large.
///
/// # Errors
/// When the thread broke off: a file that cannot be looked at is not one without columns.
async fn opened(formats: Formats, bytes: Vec<u8>, part: Part) -> Result<Option<Opened>, GateError> {
    let looking = tokio::task::spawn_blocking(move || {
        let guess = Sheet::guess_part(&formats, &bytes, &part)?;
        let headings: Vec<_> = guess
            .layout
            .columns
            .iter()
            .map(|(heading, _)| heading.clone())
            .collect();
        let unread = Layout {
            columns: headings.iter().map(|heading| (heading.clone(), None)).collect(),
            is_chosen: true,
            part,
            ..Layout::default()
        };
        let sheet = Sheet::open_as(&formats, &bytes, &guess.format, &unread).ok();
        Some(Opened {
            sheets: sheet_names(&bytes, formats.limits()),
            format: formats.get(&guess.format)?.clone(),
            recognised: formats.recognise(&headings).ok().map(|(_, layout)| layout),
            sheet,
            guess,
        })
    });
    Ok(looking.await.map_err(io::Error::other)?)
}

/// What somebody says, on the headings that the file has: nothing that its format does not hold.
fn of_file(found: &Layout, said: &Layout, format: &Format) -> Layout {
    let for_all = said.for_all.iter().filter(|(_, value)| !value.is_empty());
    let for_all: BTreeMap<_, _> = for_all
        .filter(|(attribute, _)| PLACES.contains(attribute))
        .map(|(attribute, value)| (*attribute, value.clone()))
        .collect();
    let columns = found.columns.iter().enumerate().map(|(place, (heading, _))| {
        let held = said.columns.get(place).and_then(|(_, held)| *held);
        let held = held.filter(|held| format.offered().any(|own| own == *held));
        (heading.clone(), held)
    });
    Layout {
        columns: columns.collect(),
        for_all,
        ..said.clone()
    }
}

/// What the columns hold by their headings and by their cells, which are looked up within the sender's scope.
async fn guessed(gate: &Gate, scope: &Scope, found: &Layout, sheet: Option<&Sheet>) -> Result<Layout, GateError> {
    let Some(sheet) = sheet else {
        return Ok(found.clone());
    };
    let rows = sheet.first_rows(LOOKED_AT);
    let mut texts = HashSet::new();
    for cell in rows.iter().flatten().filter(|cell| !cell.is_empty()) {
        if texts.len() < MOST_LOOKED_UP && !texts.contains(cell) {
            texts.insert(cell.clone());
        }
    }
    let codes: HashSet<_> = texts
        .iter()
        .filter_map(|text| OrganisationCode::parse(text).ok())
        .collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let db = gate.store.reader();
    let here = organisations::by_codes(db, &codes).await?.into_iter();
    let is_seen = |own: &Organisation| scope.covers_whole(&own.path) || scope.units_of(&own.path).next().is_some();
    let codes: HashSet<String> = here.filter(is_seen).map(|own| own.code.to_string()).collect();
    let local_ids = columns::local_ids_among(db, scope, &texts).await?;
    let headings: Vec<_> = found.columns.iter().map(|(heading, _)| heading.clone()).collect();
    let known = Known {
        rules: gate.rules(),
        codes: &codes,
        local_ids: &local_ids,
    };
    let held = gate
        .formats
        .guess_columns(&headings, Some(FirstRows { cells: &rows, known }));
    Ok(Layout {
        columns: headings.into_iter().zip(held).collect(),
        ..found.clone()
    })
}

/// What stands in the columns whose texts name something here, counted on a thread that serves nobody.
async fn texts_of(sheet: Sheet) -> Result<Vec<(Attribute, Vec<Counted>)>, GateError> {
    let counting = tokio::task::spawn_blocking(move || explained(&sheet));
    Ok(counting.await.map_err(io::Error::other)?)
}

/// What stands in the columns whose texts name something here.
pub(crate) fn explained(sheet: &Sheet) -> Vec<(Attribute, Vec<Counted>)> {
    sheet.texts(&EXPLAINED, MOST_TEXTS)
}

/// How many of these texts name nothing that the actor may name, and nobody has said what they mean.
pub(crate) async fn unknown(
    gate: &Gate,
    submission: &Submission,
    layout: &Layout,
    counted: &[(Attribute, Vec<Counted>)],
) -> Result<BTreeMap<Attribute, u32>, GateError> {
    if counted.iter().all(|(_, texts)| texts.is_empty()) {
        return Ok(BTreeMap::new());
    }
    let authority = gate.authority(gate.store.reader(), &submission.actor).await?;
    let scope = scope_for(&authority, submission.channel, &[]);
    let places = Places::of(gate, &scope, layout, counted).await?;
    Ok(places.unknown(gate.rules(), layout, counted))
}
