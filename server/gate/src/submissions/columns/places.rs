//! What a sender may name: organisations, sites and units of their scope, and the values of lists. One of them is chosen for
//! all rows, or said to be what a text of the file means.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    dictionary::Attribute,
    layout::{EXPLAINED, Layout, plain_text},
    organisation::{Organisation, OrganisationCode, OrganisationStatus, UnitPath},
    policy::Scope,
    problem::Kind,
    rules::Rules,
    values::text::fold,
};
use formats::Counted;
use store::directory::organisations::{self, Query};

use super::{
    likely::{Named, likely},
    looking_at::LookingAt,
};
use crate::{Gate, GateError};

/// Organisations that are offered to choose from; where there are more, a code is typed.
const MOST_OFFERED: u64 = 200;

/// Values of a list; where there are more, one is typed.
const MOST_CHOICES: usize = 400;

/// Texts whose meaning is asked on one page.
const MOST_ASKED: usize = 100;

/// Names that are looked up where there are too many organisations to compare them all with.
const MOST_SOUGHT: usize = 40;

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As files name it.
    pub value: String,
    /// As people know it.
    pub words: String,
}

/// Texts in one column that name nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// What the column holds.
    pub attribute: Attribute,
    /// The texts, those of most rows first.
    pub asked: Vec<TextAsked>,
    /// How many more there are than a page asks.
    pub more: usize,
}

/// A text that names nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextAsked {
    /// The text, as the file has it.
    pub text: String,
    /// How many rows have it.
    pub rows: u32,
    /// What it means, as it is guessed or was said: empty if the cell is to be left empty; `None` if nothing is.
    pub meaning: Option<String>,
    /// Whether that is a guess, which nobody has looked at yet.
    pub is_guessed: bool,
}

/// What a sender may name.
pub(super) struct Places {
    /// Open organisations of their scope, each with as much of it as the scope covers.
    homes: Vec<Organisation>,
    /// Whether these are all.
    are_all: bool,
    /// What texts name, each in small letters, in the directory's own spelling.
    named: HashMap<Attribute, HashMap<String, String>>,
    /// The values of each list.
    lists: HashMap<Attribute, Vec<String>>,
}

impl Places {
    /// All of the scope, or those that the file and its sender name.
    pub(super) async fn of(
        gate: &Gate,
        scope: &Scope,
        layout: &Layout,
        counted: &[(Attribute, Vec<Counted>)],
    ) -> Result<Self, GateError> {
        let db = gate.store.reader();
        let listed = organisations::list(db, scope, MOST_OFFERED + 1).await?;
        let are_all = listed.len() as u64 <= MOST_OFFERED;
        let codes: Vec<String> = match are_all {
            true => listed.into_iter().map(|own| own.code.to_string()).collect(),
            false => codes_named(gate, scope, layout, counted).await?,
        };
        let mut homes = organisations::complete(db, scope, codes).await?;
        homes.retain(|home| home.status == OrganisationStatus::Open);
        homes.sort_by(|one, other| one.path.cmp(&other.path));
        for home in &mut homes {
            if !scope.covers_whole(&home.path) {
                let own: Vec<_> = scope.units_of(&home.path).cloned().collect();
                home.units.retain(|unit| own.iter().any(|top| top.covers(unit)));
            }
        }
        let lists = EXPLAINED.into_iter();
        let lists = lists.filter_map(|own| Some((own, own.choices(gate.rules())?.clone())));
        let lists: HashMap<_, _> = lists.collect();
        let mut named = named_by(&homes);
        named.extend(lists.iter().map(|(own, list)| {
            let values = list.iter().map(|value| (fold(value), value.clone()));
            (*own, values.collect())
        }));
        Ok(Self {
            named,
            homes,
            are_all,
            lists,
        })
    }

    /// What can be chosen for an attribute; `None` if that is too much for a list.
    pub(super) fn choices(&self, attribute: Attribute) -> Option<Vec<Choice>> {
        if let Some(list) = self.lists.get(&attribute) {
            let choice = |value: &String| Choice {
                value: value.clone(),
                words: value.clone(),
            };
            return Some(list.iter().map(choice).collect());
        }
        let (mut choices, mut seen) = (Vec::new(), HashSet::new());
        for home in &self.homes {
            if !self.are_all || choices.len() > MOST_CHOICES {
                return None;
            }
            let elsewhere = match self.homes.len() {
                1 => String::new(),
                _ => format!(", {}", home.code),
            };
            let own: Vec<(String, String)> = match attribute {
                Attribute::Organisation => vec![(home.code.to_string(), format!("{} ({})", home.name, home.code))],
                Attribute::Site => {
                    let words = |name: &str, code: &str| format!("{name} ({code}){elsewhere}");
                    let sites = home.sites.iter();
                    sites
                        .map(|site| (site.code.clone(), words(&site.name, &site.code)))
                        .collect()
                }
                Attribute::Unit => {
                    let units = home.units.iter();
                    units
                        .map(|unit| (unit.to_string(), format!("{unit}{elsewhere}")))
                        .collect()
                }
                _ => vec![],
            };
            for (value, words) in own {
                if seen.insert(value.clone()) {
                    choices.push(Choice { value, words });
                }
            }
        }
        (choices.len() <= MOST_CHOICES).then_some(choices)
    }

    /// What a text names, in the directory's own spelling.
    fn known(&self, attribute: Attribute, text: &str) -> Option<String> {
        let text = match attribute {
            Attribute::Unit => UnitPath::parse(text).to_string().to_lowercase(),
            _ if self.lists.contains_key(&attribute) => fold(text),
            _ => text.trim().to_lowercase(),
        };
        self.named.get(&attribute)?.get(&text).cloned()
    }

    /// The organisation that every row is to have, if it is here.
    fn home_of(&self, for_all: &BTreeMap<Attribute, String>) -> Option<&Organisation> {
        let code = self.known(Attribute::Organisation, for_all.get(&Attribute::Organisation)?)?;
        self.homes.iter().find(|home| home.code.as_str() == code)
    }

    /// What a text names in an organisation: a site or a unit of another one would be refused in every row.
    fn known_in(&self, home: Option<&Organisation>, attribute: Attribute, text: &str) -> Option<String> {
        match (home, attribute) {
            (Some(home), Attribute::Site) => home.site(text).map(|site| site.code.clone()),
            (Some(home), Attribute::Unit) => home.unit(text).map(ToString::to_string),
            _ => self.known(attribute, text),
        }
    }

    /// How many texts name nothing, without those that somebody has looked at, and words for nothing such as “n/a”.
    pub(super) fn unknown(
        &self,
        rules: &Rules,
        layout: &Layout,
        counted: &[(Attribute, Vec<Counted>)],
    ) -> BTreeMap<Attribute, u32> {
        let unknown = counted.iter().map(|(attribute, texts)| {
            let is_new = |text: &&Counted| {
                let text = &text.text;
                let read = attribute.parse(text, ';', rules);
                let is_nothing = matches!(read, Err(Kind::StandsForNothing { .. }));
                !is_nothing && self.known(*attribute, text).is_none() && !self.is_answered(layout, *attribute, text)
            };
            let many = texts.iter().filter(is_new).count();
            (*attribute, u32::try_from(many).unwrap_or(u32::MAX))
        });
        unknown.filter(|(_, many)| *many > 0).collect()
    }

    /// Whether somebody has said what a text means, and that is still here; or has left it as it is.
    fn is_answered(&self, layout: &Layout, attribute: Attribute, text: &str) -> bool {
        let is_here = |meaning: &str| meaning.is_empty() || self.known(attribute, meaning).is_some();
        layout.is_answered(attribute, text) && layout.meaning(attribute, text).is_none_or(is_here)
    }

    /// The names that a text is compared with, folded.
    fn names(&self, attribute: Attribute) -> Vec<Named> {
        if let Some(list) = self.lists.get(&attribute) {
            return list.iter().map(|value| (fold(value), value.clone())).collect();
        }
        let mut names: Vec<Named> = Vec::new();
        for home in &self.homes {
            match attribute {
                Attribute::Organisation => {
                    let code = home.code.to_string();
                    names.push((home.name.clone(), code.clone()));
                    names.push((home.short_name.clone(), code));
                }
                Attribute::Site => names.extend(home.sites.iter().map(|site| (site.name.clone(), site.code.clone()))),
                Attribute::Unit => {
                    for unit in home.units.iter().map(ToString::to_string) {
                        let last = unit.rsplit(" / ").next().unwrap_or_default().to_owned();
                        names.push((last, unit.clone()));
                        names.push((unit.clone(), unit));
                    }
                }
                _ => {}
            }
        }
        names.into_iter().map(|(name, value)| (fold(&name), value)).collect()
    }

    /// Writes what was said for all rows, and of texts, in the directory's own spelling; drops what is not here; and gathers
    /// the texts that name nothing, each with what it means. Those of which nobody has said anything come first, and what
    /// they mean is guessed: for somebody to look at, and for nothing else. `earlier` is what was said before.
    pub(super) fn settle(
        &self,
        layout: &mut Layout,
        earlier: &Layout,
        counted: Vec<(Attribute, Vec<Counted>)>,
        looking_at: &LookingAt,
    ) -> Vec<Texts> {
        let for_all = std::mem::take(&mut layout.for_all);
        let home = self.home_of(&for_all);
        let place =
            |(attribute, value): (Attribute, String)| Some((attribute, self.known_in(home, attribute, &value)?));
        layout.for_all = for_all.into_iter().filter_map(place).collect();
        let mut all = Vec::new();
        for (attribute, counted) in counted {
            let mut asked: Vec<_> = counted;
            asked.retain(|known| {
                let is_known = self.known(attribute, &known.text).is_some();
                !is_known && !attribute.is_nothing(&known.text)
            });
            if asked.is_empty() {
                continue;
            }
            let said = layout.values.remove(&attribute);
            // All that a form asks is answered by it.
            let is_form = matches!(looking_at, LookingAt::Said(_)) && said.is_some();
            let mut said: BTreeMap<String, String> = said.unwrap_or_default();
            let mut left = layout.left.remove(&attribute).unwrap_or_default();
            // Sorting keeps the order among those that are answered alike.
            asked.sort_by_key(|known| self.is_answered(earlier, attribute, &known.text));
            let more = asked.len().saturating_sub(MOST_ASKED);
            let names = self.names(attribute);
            let asked = asked.into_iter().take(MOST_ASKED).map(|known| {
                let key = plain_text(&known.text);
                let is_new = !self.is_answered(earlier, attribute, &known.text);
                let mut is_guessed = false;
                let meaning = match said.remove(&key) {
                    Some(meaning) if meaning.is_empty() => {
                        Some(meaning).filter(|_| attribute != Attribute::Organisation)
                    }
                    Some(meaning) if is_form || !is_new => self.known(attribute, &meaning),
                    None if is_form || left.contains(&key) => None,
                    // What it meant may be gone.
                    Some(_) | None => {
                        let guess = likely(&known.text, &names);
                        is_guessed = guess.is_some();
                        guess
                    }
                };
                if let Some(meaning) = &meaning {
                    left.remove(&key);
                    said.insert(key, meaning.clone());
                } else if is_form {
                    left.insert(key);
                }
                TextAsked {
                    text: known.text,
                    rows: known.rows,
                    meaning,
                    is_guessed,
                }
            });
            let asked = asked.collect();
            layout.values.insert(attribute, said);
            if !left.is_empty() {
                layout.left.insert(attribute, left);
            }
            all.push(Texts { attribute, asked, more });
        }
        all
    }
}

/// What texts name: a code or a name, a unit's path or as much of its end as only one unit of its organisation has.
fn named_by(homes: &[Organisation]) -> HashMap<Attribute, HashMap<String, String>> {
    let (mut codes, mut sites, mut units) = (HashMap::new(), HashMap::new(), HashMap::new());
    for home in homes {
        codes.insert(home.code.as_str().to_lowercase(), home.code.to_string());
        for site in &home.sites {
            sites.insert(site.code.to_lowercase(), site.code.clone());
        }
        for unit in &home.units {
            units.insert(unit.as_str().to_lowercase(), unit.to_string());
        }
    }
    for home in homes {
        for site in &home.sites {
            let name = site.name.to_lowercase();
            sites.entry(name).or_insert_with(|| site.code.clone());
        }
        let mut ends: HashMap<String, Option<&UnitPath>> = HashMap::new();
        for unit in &home.units {
            let path = unit.as_str().to_lowercase();
            for (at, parted) in path.match_indices(" / ") {
                let end = path[at + parted.len()..].to_owned();
                let is_first = !ends.contains_key(&end);
                ends.insert(end, is_first.then_some(unit));
            }
        }
        for (end, unit) in ends {
            if let Some(unit) = unit {
                units.entry(end).or_insert_with(|| unit.to_string());
            }
        }
    }
    [
        (Attribute::Organisation, codes),
        (Attribute::Site, sites),
        (Attribute::Unit, units),
    ]
    .into()
}

/// The codes of the organisations that a file and its sender name, by code or by a name that only one has.
async fn codes_named(
    gate: &Gate,
    scope: &Scope,
    layout: &Layout,
    counted: &[(Attribute, Vec<Counted>)],
) -> Result<Vec<String>, GateError> {
    let is_of = |(attribute, _): &&(Attribute, Vec<Counted>)| *attribute == Attribute::Organisation;
    let texts: Vec<&str> = counted
        .iter()
        .filter(is_of)
        .flat_map(|(_, texts)| texts)
        .map(|known| known.text.as_str())
        .collect();
    let for_all = layout.for_all.get(&Attribute::Organisation).into_iter();
    let meanings = layout
        .values
        .get(&Attribute::Organisation)
        .into_iter()
        .flat_map(BTreeMap::values);
    let said = for_all.chain(meanings).map(String::as_str);
    let all = said.chain(texts.iter().copied());
    let mut codes: Vec<_> = all
        .filter_map(|text| OrganisationCode::parse(text).ok())
        .map(|code| code.to_string())
        .collect();
    for text in texts
        .into_iter()
        .filter(|text| OrganisationCode::parse(text).is_err())
        .take(MOST_SOUGHT)
    {
        let query = Query {
            words: text.to_owned(),
            ..Query::default()
        };
        let found = organisations::search(gate.store.reader(), scope, &query, 2).await?;
        if let [only] = found.as_slice() {
            codes.push(only.code.to_string());
        }
    }
    codes.sort();
    codes.dedup();
    Ok(codes)
}
