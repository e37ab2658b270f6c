//! Format definitions: which headings a format has, and which attribute each holds. Operators may add and replace them.

use std::{path::Path, sync::Arc};

use domain::{
    dictionary::Attribute,
    layout::Layout,
    problem::{Kind, Problem},
};
use serde::Deserialize;

use crate::{
    headings::{is_alike, is_ours, is_shown_only, same},
    limits::Limits,
    usual_headings::Headings,
};

/// One format, as its definition file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Its name in addresses: small letters, digits and hyphens.
    pub name: String,
    /// What pages call it.
    pub title: String,
    /// One sentence on when to use it.
    pub summary: String,
    /// What its rows are about.
    #[serde(default)]
    pub about: About,
    /// Parts the values of a many-valued attribute within a cell.
    pub separator: char,
    /// Its columns, in the order that samples show them.
    #[serde(rename = "column")]
    pub columns: Vec<FormatColumn>,
}

/// What the rows of a format are about. A file is read by the formats of one subject only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Accounts.
    #[default]
    People,
    /// Organisations.
    Organisations,
}

/// One column of a format.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatColumn {
    /// The heading, as samples spell it.
    pub heading: String,
    /// The attribute it holds.
    pub attribute: Attribute,
    /// A file without this heading is not in this format.
    #[serde(default)]
    pub required: bool,
    /// Other headings under which people keep the same; what a column holds is guessed by them, and never taken for granted.
    #[serde(default)]
    pub also: Vec<String>,
}

/// A definition file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// It, or its folder, cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, #[source] std::io::Error),
    /// It is not a definition.
    #[error("{0}: {1}")]
    Malformed(String, #[source] Box<toml::de::Error>),
    /// It contradicts itself.
    #[error("{0}: {1}")]
    Contradictory(String, String),
}

/// The formats in use for files about one subject, and how much of a file is read. At first that is people.
#[derive(Clone, Debug)]
pub struct Formats {
    formats: Vec<Format>,
    /// Those about anything else.
    others: Vec<Format>,
    /// What other systems call what is known of a person.
    headings: Arc<Headings>,
    limits: Limits,
}

/// The file of the usual headings, here and in an operator's folder.
const HEADINGS: &str = "headings.toml";

/// The format whose columns a file with other headings may have.
const FOR_ANY_HEADINGS: &str = "new";

impl Formats {
    /// Those that come with the product: for people the new format, and the old one kept for compatibility (S1); and one
    /// for organisations.
    ///
    /// # Panics
    /// Never: a test reads them all.
    #[must_use]
    pub fn shipped() -> Self {
        let shipped = [
            ("new.toml", include_str!("../definitions/new.toml")),
            ("old.toml", include_str!("../definitions/old.toml")),
            ("organisations.toml", include_str!("../definitions/organisations.toml")),
        ];
        let all = shipped.map(|(file, text)| parse(file, text).expect("the shipped definitions are sound"));
        let headings = Headings::read(include_str!("../definitions/headings.toml"));
        Self {
            formats: vec![],
            others: all.into(),
            headings: Arc::new(headings.expect("the usual headings are sound")),
            limits: Limits::default(),
        }
        .about(About::People)
    }

    /// The same formats, for files about another subject.
    #[must_use]
    pub fn about(&self, about: About) -> Self {
        let all = self.formats.iter().chain(&self.others).cloned();
        let (formats, others) = all.partition(|format| format.about == about);
        Self {
            formats,
            others,
            headings: self.headings.clone(),
            limits: self.limits,
        }
    }

    /// The shipped formats, with those of a folder added; one with a shipped format's name replaces it, and so does a file of
    /// usual headings.
    ///
    /// # Errors
    /// When a definition cannot be read or makes no sense; says which file, and why.
    pub fn with_folder(folder: &Path) -> Result<Self, DefinitionError> {
        let unreadable = |error| DefinitionError::Unreadable(folder.display().to_string(), error);
        let entries = std::fs::read_dir(folder).map_err(unreadable)?;
        let files = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut files: Vec<_> = files.collect::<Result<_, _>>().map_err(unreadable)?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut formats = Self::shipped();
        for file in files {
            let name = file.display().to_string();
            let text =
                std::fs::read_to_string(&file).map_err(|error| DefinitionError::Unreadable(name.clone(), error))?;
            if file.file_name().is_some_and(|own| own == HEADINGS) {
                let malformed = |error| DefinitionError::Malformed(name.clone(), Box::new(error));
                formats.headings = Arc::new(Headings::read(&text).map_err(malformed)?);
                continue;
            }
            let format = parse(&name, &text)?;
            formats.formats.retain(|other| other.name != format.name);
            formats.others.retain(|other| other.name != format.name);
            formats.formats.push(format);
        }
        Ok(formats.about(About::People))
    }

    /// The same formats, for files within other limits.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How much of a file is read.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// All formats of the subject.
    pub fn iter(&self) -> impl Iterator<Item = &Format> {
        self.formats.iter()
    }

    /// The format with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Format> {
        self.formats.iter().find(|format| format.name == name)
    }

    /// The format by which a file with any other headings is read: all that can be known of a person. None if there is no
    /// format at all.
    #[must_use]
    pub fn for_any_headings(&self) -> Option<&Format> {
        self.get(FOR_ANY_HEADINGS).or_else(|| self.formats.first())
    }

    pub(crate) fn headings(&self) -> &Headings {
        &self.headings
    }

    /// All headings by which something is known: those of the formats, what pages call it, and what other systems do.
    pub(crate) fn known_headings(&self) -> impl Iterator<Item = &str> {
        let columns = self.formats.iter().flat_map(|format| &format.columns);
        let own = columns.flat_map(|column| {
            let also = column.also.iter().map(String::as_str);
            [column.heading.as_str(), column.attribute.name()]
                .into_iter()
                .chain(also)
        });
        own.chain(self.headings.read.iter().map(String::as_str))
    }

    /// What each column of a file with other headings may hold, by its heading alone. None if there is no format at all.
    #[must_use]
    pub fn guess(&self, headings: &[String]) -> Option<(&Format, Layout)> {
        let format = self.for_any_headings()?;
        let held = self.guess_columns(headings, None);
        let layout = Layout {
            columns: headings.iter().cloned().zip(held).collect(),
            ..Layout::default()
        };
        Some((format, layout))
    }

    /// A file's columns as somebody said of a file with these headings, in any order, case and spacing. Beside them there may
    /// be what is added to files that are given back, and the format's own. None where one is missing or strange.
    #[must_use]
    pub fn as_said(&self, format: &str, said: &Layout, headings: &[String]) -> Option<(&Format, Layout)> {
        let format = self.get(format).filter(|_| said.is_chosen)?;
        // Columns that may be there or not.
        let is_ours = |heading: &str| heading.trim().is_empty() || is_ours(heading) || is_shown_only(heading);
        let is_read = |(heading, held): &&(String, Option<Attribute>)| held.is_some() || !is_ours(heading);
        let mut left: Vec<_> = said.columns.iter().filter(is_read).collect();
        let mut columns = Vec::with_capacity(headings.len());
        for heading in headings {
            let exactly = left.iter().position(|(other, _)| other == heading);
            let place = exactly.or_else(|| left.iter().position(|(other, _)| is_alike(other, heading)));
            let held = if let Some(place) = place {
                left.remove(place).1
            } else if is_ours(heading) {
                None
            } else {
                let own = format.column(heading)?.attribute;
                Some(own).filter(|own| said.position(*own).is_none())
            };
            columns.push((heading.clone(), held));
        }
        let layout = Layout {
            columns,
            ..said.clone()
        };
        left.is_empty().then_some((format, layout))
    }

    /// Of formats that come equally near, the first is the one to recommend.
    fn nearest(&self, headings: &[String]) -> Option<&Format> {
        self.formats.iter().rev().max_by_key(|format| format.likeness(headings))
    }

    /// The format that a file's headings are, with the file's layout.
    ///
    /// # Errors
    /// When they are no format's: says which are missing, unknown or repeated, measured by the format they come nearest to.
    pub fn recognise(&self, headings: &[String]) -> Result<(&Format, Layout), Problem> {
        let Some(format) = self.nearest(headings) else {
            return Err(Problem::in_file(Kind::NotText));
        };
        let is_strange = |heading: &&String| !heading.trim().is_empty() && !is_ours(heading) && !is_shown_only(heading);
        let extra = headings.iter().filter(is_strange);
        let extra: Vec<_> = extra
            .filter(|heading| format.column(heading).is_none())
            .cloned()
            .collect();
        let there = |column: &FormatColumn| headings.iter().any(|heading| same(heading, &column.heading));
        let missing = format.columns.iter().filter(|column| column.required && !there(column));
        let missing: Vec<_> = missing.map(|column| column.heading.clone()).collect();
        let is_repeated = |(place, heading): (usize, &String)| {
            format.column(heading).is_some() && headings[..place].iter().any(|other| same(other, heading))
        };
        let repeated = headings.iter().enumerate().filter(|entry| is_repeated(*entry));
        let repeated: Vec<_> = repeated.map(|(_, heading)| heading.clone()).collect();
        if missing.is_empty() && extra.is_empty() && repeated.is_empty() {
            let attribute = |heading: &String| format.column(heading).map(|column| column.attribute);
            let columns = headings
                .iter()
                .map(|heading| (heading.clone(), attribute(heading)))
                .collect();
            let layout = Layout {
                columns,
                ..Layout::default()
            };
            return Ok((format, layout));
        }
        let found = headings
            .iter()
            .filter(|heading| !heading.trim().is_empty())
            .cloned()
            .collect();
        Err(Problem::in_file(Kind::UnknownFormat {
            missing,
            extra,
            repeated,
            found,
            format: format.title.clone(),
            row: None,
        }))
    }
}

impl Format {
    /// The column with this heading, in any case and spacing.
    #[must_use]
    pub fn column(&self, heading: &str) -> Option<&FormatColumn> {
        self.columns.iter().find(|column| same(&column.heading, heading))
    }

    /// Whether it has a column for an attribute.
    #[must_use]
    pub fn holds(&self, attribute: Attribute) -> bool {
        self.columns.iter().any(|column| column.attribute == attribute)
    }

    /// What a column of a file may be said to hold: what the format has, and both names in one cell where it has both.
    pub fn offered(&self) -> impl Iterator<Item = Attribute> {
        let own = self.columns.iter().map(|column| column.attribute);
        let has_names = self.holds(Attribute::FirstName) && self.holds(Attribute::LastName);
        let whole = (has_names && !self.holds(Attribute::WholeName)).then_some(Attribute::WholeName);
        own.chain(whole)
    }

    /// How much headings look like this format's: those that are there, less those that are missing and those that are not
    /// known.
    fn likeness(&self, headings: &[String]) -> isize {
        let is_there = |column: &FormatColumn| headings.iter().any(|heading| same(heading, &column.heading));
        let worth = |column: &FormatColumn| match (is_there(column), column.required) {
            (true, _) => 1,
            (false, true) => -1,
            (false, false) => 0,
        };
        let known = self.columns.iter().map(worth).sum::<isize>();
        let is_unknown = |heading: &&String| {
            let is_known = is_ours(heading) || is_shown_only(heading) || self.column(heading).is_some();
            !is_known && !heading.trim().is_empty()
        };
        known - headings.iter().filter(is_unknown).count().cast_signed()
    }
}

fn parse(file: &str, text: &str) -> Result<Format, DefinitionError> {
    let format: Format =
        toml::from_str(text).map_err(|error| DefinitionError::Malformed(file.to_owned(), Box::new(error)))?;
    let contradictory = |why: String| DefinitionError::Contradictory(file.to_owned(), why);
    for (place, column) in format.columns.iter().enumerate() {
        let before = &format.columns[..place];
        if before.iter().any(|other| same(&other.heading, &column.heading)) {
            return Err(contradictory(format!("the heading {} is there twice", column.heading)));
        }
        if before.iter().any(|other| other.attribute == column.attribute) {
            return Err(contradictory(format!("{} has two columns", column.attribute.name())));
        }
        if is_ours(&column.heading) {
            return Err(contradictory(format!(
                "{} is a heading of the files given back",
                column.heading
            )));
        }
    }
    let of_subject = match format.about {
        About::People => Attribute::ALL.as_slice(),
        About::Organisations => Attribute::OF_ORGANISATIONS.as_slice(),
    };
    let strange = format
        .columns
        .iter()
        .find(|column| !of_subject.contains(&column.attribute) || column.attribute.is_of_change_files());
    if let Some(strange) = strange {
        return Err(contradictory(format!(
            "{} is not what its rows are about",
            strange.attribute.name()
        )));
    }
    if !format
        .name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    {
        return Err(contradictory(format!(
            "the name {} has other signs than small letters, digits and hyphens",
            format.name
        )));
    }
    Ok(format)
}

#[cfg(test)]
mod tests;
