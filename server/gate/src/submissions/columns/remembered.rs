//! What was said of files with certain headings, remembered for the place that its sayer uploads for, and found again for
//! the next file, through whatever channel it comes.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    sync::Arc,
};

use domain::{
    channel::Channel,
    dictionary::Attribute,
    layout::{Layout, Part},
    organisation::{Organisation, OrganisationCode},
    policy::{Actor, Authority, Deed, Scope, ScopePart},
    problem::in_sentence,
    trail::{Happening, Record},
};
use formats::Sheet;
use store::{
    Transaction,
    access::rights,
    directory::{organisations, people},
    submissions::columns::{self, Said},
};

use crate::{Gate, GateError, Visit, scope_for};

impl Visit<'_> {
    /// Remembers what the actor says of a file's columns, for each place that they upload for, and records it there.
    pub(super) async fn remember(&self, tx: &Transaction, format: &str, layout: &Layout) -> Result<(), GateError> {
        let gate = self.gate;
        let authority = gate.authority(tx, self.actor).await?;
        let by = self.actor.account();
        for place in places_of(tx, &authority, Channel::PortalCsv).await? {
            let before = columns::remember(tx, &place, format, layout, by, gate.now()).await?;
            let is_same = |before: &Said| before.format == format && before.layout.reads_like(layout);
            if before.as_ref().is_some_and(|before| is_same(before) && before.by == by) {
                continue;
            }
            let held = layout.columns.iter().filter_map(|(heading, held)| {
                let held = held.as_ref()?;
                Some((heading.clone(), in_sentence(*held)))
            });
            tx.record(Record {
                at: gate.now(),
                actor: by,
                actor_name: self.actor.name().to_owned(),
                organisation: OrganisationCode::parse(place.path.code()).ok(),
                person: None,
                rights: authority.rights_to(Deed::UploadCsv),
                happening: Happening::ColumnsSaid {
                    unit: place.unit.map(|unit| unit.to_string()),
                    columns: held.collect(),
                    values: values(layout),
                    anew: before.is_some(),
                },
            });
        }
        Ok(())
    }
}

/// What every row has, and what texts mean, as the trail tells it.
fn values(layout: &Layout) -> Vec<(String, String)> {
    let for_all = layout.for_all.iter();
    let for_all = for_all.map(|(attribute, value)| (format!("{} of every row", attribute.name()), value.clone()));
    let meanings = layout.values.values().flatten();
    let meanings = meanings.map(|(text, meaning)| (text.clone(), meaning.clone()));
    for_all.chain(meanings).collect()
}

/// What was said of files with the same headings where somebody sends for, and the part of this one that has them. Where
/// they send for several places, all of these must have been told the same.
pub(crate) async fn remembered(
    gate: &Gate,
    actor: &Actor,
    channel: Channel,
    bytes: Arc<Vec<u8>>,
) -> Result<Option<(String, Layout)>, GateError> {
    let mut parts = Parts {
        gate,
        bytes,
        known: vec![],
    };
    let db = gate.store.reader();
    let authority = gate.authority(db, actor).await?;
    let mut agreed: Option<(String, Layout)> = None;
    for place in places_of(db, &authority, channel).await? {
        let Some(said) = said_for(gate, channel, &place, &mut parts).await? else {
            return Ok(None);
        };
        let is_other = |(format, layout): &(String, Layout)| *format != said.0 || !layout.reads_like(&said.1);
        if agreed.as_ref().is_some_and(is_other) {
            return Ok(None);
        }
        agreed = Some(said);
    }
    Ok(agreed)
}

/// The nearest word that counts for a place and a channel, of files with the headings of this one: its format, and the
/// file's columns by it.
async fn said_for(
    gate: &Gate,
    channel: Channel,
    place: &ScopePart,
    parts: &mut Parts<'_>,
) -> Result<Option<(String, Layout)>, GateError> {
    let db = gate.store.reader();
    for said in columns::said_for(db, place).await? {
        let Some(layout) = parts.read_as(&said).await? else {
            continue;
        };
        if !channel.is_machine() || is_answered_for(gate, &said).await? {
            return Ok(Some((said.format, layout)));
        }
    }
    Ok(None)
}

/// What was said of the texts in files with these headings, which are those of a format, where somebody sends for. Where they
/// send for several places, all of these must have been told the same.
pub(crate) async fn meanings(
    gate: &Gate,
    actor: &Actor,
    channel: Channel,
    layout: &Layout,
) -> Result<Option<Meanings>, GateError> {
    let db = gate.store.reader();
    let authority = gate.authority(db, actor).await?;
    let headings: Vec<_> = layout.columns.iter().map(|(heading, _)| heading.clone()).collect();
    let mut agreed: Option<Meanings> = None;
    for place in places_of(db, &authority, channel).await? {
        let mut nearest = None;
        for said in columns::said_for(db, &place).await? {
            let is_of_these = gate.formats.as_said(&said.format, &said.layout, &headings).is_some();
            if is_of_these && (!channel.is_machine() || is_answered_for(gate, &said).await?) {
                nearest = Some(Meanings {
                    values: said.layout.values,
                    left: said.layout.left,
                });
                break;
            }
        }
        let agrees = |said: &Meanings| agreed.as_ref().is_none_or(|agreed| agreed.values == said.values);
        let Some(said) = nearest.filter(agrees) else {
            return Ok(None);
        };
        agreed = Some(said);
    }
    Ok(agreed)
}

/// What was said of texts, as a layout has it.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    pub(crate) values: BTreeMap<Attribute, BTreeMap<String, String>>,
    pub(crate) left: BTreeMap<Attribute, BTreeSet<String>>,
}

/// Parts of one file that are looked at for remembered headings.
const MOST_PARTS: usize = 6;

/// The headings of a file's parts, each read once.
struct Parts<'g> {
    gate: &'g Gate,
    bytes: Arc<Vec<u8>>,
    known: Vec<(Part, Vec<String>)>,
}

impl Parts<'_> {
    /// The file's columns as was said, where a part of it has those headings: the likely one, or else the one that was named
    /// for the earlier file. Another file's title may have more lines.
    async fn read_as(&mut self, said: &Said) -> Result<Option<Layout>, GateError> {
        for part in [Part::default(), said.layout.part.clone()] {
            let headings = self.headings(&part).await?;
            let read = self.gate.formats.as_said(&said.format, &said.layout, &headings);
            if let Some((_, layout)) = read {
                return Ok(Some(Layout { part, ..layout }));
            }
        }
        Ok(None)
    }

    async fn headings(&mut self, part: &Part) -> Result<Vec<String>, GateError> {
        if let Some((_, headings)) = self.known.iter().find(|(known, _)| known == part) {
            return Ok(headings.clone());
        }
        if self.known.len() >= MOST_PARTS {
            return Ok(vec![]);
        }
        let (formats, bytes, own) = (self.gate.formats.clone(), self.bytes.clone(), part.clone());
        let guessing = tokio::task::spawn_blocking(move || Sheet::guess_part(&formats, &bytes, &own));
        let columns = guessing
            .await
            .map_err(io::Error::other)?
            .map(|guess| guess.layout.columns);
        let headings = columns.into_iter().flatten().map(|(heading, _)| heading);
        let headings: Vec<_> = headings.collect();
        self.known.push((part.clone(), headings.clone()));
        Ok(headings)
    }
}

/// Whether it was said for a whole organisation, by somebody who may still upload for all of it.
async fn is_answered_for(gate: &Gate, said: &Said) -> Result<bool, GateError> {
    let (Some(path), Some(by)) = (&said.whole, said.by) else {
        return Ok(false);
    };
    let db = gate.store.reader();
    Ok(rights::covers_whole(db, by, Deed::UploadCsv, path, gate.now()).await?)
}

/// The places that somebody sends for, none within another. Who may do so everywhere speaks for their own organisation:
/// nobody names the columns of the whole federation by the way.
async fn places_of(
    db: &impl store::ConnectionTrait,
    authority: &Authority,
    channel: Channel,
) -> Result<Vec<ScopePart>, GateError> {
    let scope = scope_for(authority, channel, &[]);
    if scope.everything {
        let own = match authority.actor().account() {
            Some(account) => people::by_ids(db, &[account.0]).await?,
            None => vec![],
        };
        let own: Vec<_> = own.into_iter().map(|own| own.organisation).collect();
        let own = organisations::by_codes(db, &own).await?.into_iter();
        let whole = |organisation: Organisation| ScopePart {
            path: organisation.path,
            unit: None,
        };
        return Ok(own.map(whole).collect());
    }
    let mut places: Vec<ScopePart> = Vec::new();
    for part in &scope.parts {
        let covered = |other: &ScopePart| {
            let other = Scope {
                everything: false,
                parts: vec![other.clone()],
            };
            other.covers(&part.path, part.unit.as_ref())
        };
        let is_within_another = scope.parts.iter().any(|other| other != part && covered(other));
        if !is_within_another && !places.contains(part) {
            places.push(part.clone());
        }
    }
    Ok(places)
}
