//! Organisations: a tree of codes, each with sites and organisational units.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::values::text;

/// An organisation's code (ODS): 3 to 12 capital letters and digits, such as `G7H8J`. Never reused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganisationCode(String);

/// The text is not an organisation code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACode;

impl OrganisationCode {
    /// Reads a code; small letters are taken for capitals.
    ///
    /// # Errors
    /// `NotACode` when it is not 3 to 12 letters and digits.
    pub fn parse(raw: &str) -> Result<Self, NotACode> {
        let code = text::trimmed(&text::seen(raw)).to_ascii_uppercase();
        let fits = (3..=12).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits { Ok(Self(code)) } else { Err(NotACode) }
    }

    /// The code's characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an organisation stands in the tree: the codes from the root down, such as `/RIV/RIV01/`.
///
/// A path covers another when it is its beginning, so a whole sub-tree is one range of an ordinary index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrganisationPath(String);

impl OrganisationPath {
    /// The path of an organisation under `parent`, or of a root where there is none.
    #[must_use]
    pub fn below(parent: Option<&Self>, code: &OrganisationCode) -> Self {
        Self(format!("{}{code}/", parent.map_or("/", |path| path.as_str())))
    }

    /// Reads back a path that [`Self::below`] made.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The path's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first text behind every path that this one covers, for a range of an index (`'0'` follows `'/'`).
    #[must_use]
    pub fn end_of_range(&self) -> String {
        format!("{}0", self.0.trim_end_matches('/'))
    }

    /// Whether `other` is this organisation or one below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// How many levels of the tree it goes down; a root is on the first.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.0.matches('/').count().saturating_sub(1)
    }

    /// The code of the organisation above it; none for a root.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.0.trim_matches('/').rsplit('/').nth(1)
    }

    /// The code of the organisation itself.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.trim_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The code at the root of the tree, within which a local ID is unique.
    #[must_use]
    pub fn root(&self) -> &str {
        self.0.trim_start_matches('/').split('/').next().unwrap_or_default()
    }
}

/// An organisational unit, named by its place in the organisation's own tree: `Medicine / Ward 7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPath(String);

impl UnitPath {
    /// Reads a unit's path; `/` and `>` part its levels, spaces around them do not matter.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let levels = raw.split(['/', '>']).map(str::trim).filter(|level| !level.is_empty());
        Self(levels.collect::<Vec<_>>().join(" / "))
    }

    /// The path's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The most characters of a unit's path.
    pub const LONGEST: usize = 255;

    /// The units above it, from the top, and then the unit itself.
    pub fn with_those_above(&self) -> impl Iterator<Item = Self> {
        let ends = self.0.match_indices(" / ").map(|(end, _)| end).chain([self.0.len()]);
        ends.map(move |end| Self(self.0[..end].to_owned()))
    }

    /// Whether `other` is this unit or one below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other == self
            || other
                .0
                .strip_prefix(&self.0)
                .is_some_and(|rest| rest.starts_with(" / "))
    }
}

impl fmt::Display for UnitPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether an organisation takes people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationStatus {
    /// People work here.
    Open,
    /// Nothing new goes in; its people must be moved out.
    Closed,
}

impl OrganisationStatus {
    /// What pages and files call it; it is stored by the same word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// Reads a status as files write it; national lists of organisations say active and inactive.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text::trimmed(text).to_lowercase().as_str() {
            "open" | "active" => Some(Self::Open),
            "closed" | "inactive" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// A building or place of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Unique within the organisation.
    pub code: String,
    /// What people call it.
    pub name: String,
}

impl Site {
    /// Reads a site as files write it: its code, a colon and its name. None if either is missing or too long.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (code, name) = text.split_once(':')?;
        let (code, name) = (code.trim(), name.trim());
        let fits = |text: &str, most| !text.is_empty() && text.chars().count() <= most;
        (fits(code, Self::LONGEST_CODE) && fits(name, Self::LONGEST_NAME)).then(|| Self {
            code: code.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The most characters of a site's code.
    pub const LONGEST_CODE: usize = 20;

    /// The most characters of a site's name.
    pub const LONGEST_NAME: usize = 255;
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.name)
    }
}

/// An organisation as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its code.
    pub code: OrganisationCode,
    /// Its full name.
    pub name: String,
    /// The name shown in brackets behind a person's.
    pub short_name: String,
    /// Open or closed.
    pub status: OrganisationStatus,
    /// Its place in the tree; its own code is the last.
    pub path: OrganisationPath,
    /// Its sites, by code.
    pub sites: Vec<Site>,
    /// Its units.
    pub units: Vec<UnitPath>,
}

impl Organisation {
    /// The site with this code or name, in any case.
    #[must_use]
    pub fn site(&self, text: &str) -> Option<&Site> {
        let text = text.trim();
        let by_code = self.sites.iter().find(|site| site.code.eq_ignore_ascii_case(text));
        by_code.or_else(|| {
            self.sites
                .iter()
                .find(|site| site.name.to_lowercase() == text.to_lowercase())
        })
    }

    /// The unit with this path, or the only one whose last level has this name, in any case.
    #[must_use]
    pub fn unit(&self, text: &str) -> Option<&UnitPath> {
        let wanted = UnitPath::parse(text).0.to_lowercase();
        let whole = self.units.iter().find(|unit| unit.0.to_lowercase() == wanted);
        whole.or_else(|| {
            let suffix = format!(" / {wanted}");
            let mut found = self
                .units
                .iter()
                .filter(|unit| unit.0.to_lowercase().ends_with(&suffix));
            found.next().filter(|_| found.next().is_none())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> OrganisationCode {
        OrganisationCode::parse(text).unwrap()
    }

    #[test]
    fn a_path_covers_itself_and_what_is_below_and_nothing_else() {
        let trust = OrganisationPath::below(None, &code("riv"));
        let ward = OrganisationPath::below(Some(&trust), &code("RIV01"));
        let other = OrganisationPath::below(None, &code("RIVER"));
        assert!(trust.covers(&trust) && trust.covers(&ward) && !ward.covers(&trust) && !trust.covers(&other));
        assert_eq!(ward.root(), "RIV");
        let in_range = |path: &OrganisationPath| *path >= trust && path.0 < trust.end_of_range();
        assert!(in_range(&trust) && in_range(&ward) && !in_range(&other));
    }

    #[test]
    fn a_path_knows_its_level_and_its_parent() {
        let trust = OrganisationPath::below(None, &code("RIV"));
        let ward = OrganisationPath::below(Some(&trust), &code("RIV01"));
        assert_eq!((trust.levels(), trust.parent()), (1, None));
        assert_eq!((ward.levels(), ward.parent()), (2, Some("RIV")));
    }

    #[test]
    fn a_unit_comes_with_the_units_above_it() {
        let units: Vec<_> = UnitPath::parse("A/B / C").with_those_above().collect();
        assert_eq!(units, ["A", "A / B", "A / B / C"].map(UnitPath::parse));
    }

    #[test]
    fn a_site_is_read_from_its_code_and_name() {
        let site = Site::parse(" HV1 : Main: Surgery ").unwrap();
        assert_eq!((site.code.as_str(), site.name.as_str()), ("HV1", "Main: Surgery"));
        assert_eq!(site.to_string(), "HV1: Main: Surgery");
        assert!(Site::parse("Main Surgery").is_none() && Site::parse(": Main").is_none());
    }

    #[test]
    fn a_unit_is_found_by_its_path_or_by_a_last_level_that_is_the_only_one() {
        let units = [
            "Medicine",
            "Medicine / Ward 7",
            "Surgery / Ward 8",
            "Medicine / Office",
            "Surgery / Office",
        ];
        let organisation = Organisation {
            code: code("RIV"),
            name: "Riverside".into(),
            short_name: "Riverside".into(),
            status: OrganisationStatus::Open,
            path: OrganisationPath::below(None, &code("RIV")),
            sites: vec![],
            units: units.map(UnitPath::parse).to_vec(),
        };
        let found = |text: &str| organisation.unit(text).map(UnitPath::as_str);
        assert_eq!(found("medicine>ward 7"), Some("Medicine / Ward 7"));
        assert_eq!(found("Ward 8"), Some("Surgery / Ward 8"));
        assert_eq!(found("Office"), None);
    }

    #[test]
    fn a_unit_does_not_cover_one_whose_name_merely_begins_alike() {
        let ward = UnitPath::parse("Ward 7");
        assert!(ward.covers(&UnitPath::parse("Ward 7 / Night")) && !ward.covers(&UnitPath::parse("Ward 70")));
    }
}
