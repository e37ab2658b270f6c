//! Whether the trail is whole: every entry is there, is what was recorded, and stands where it was recorded.

use std::{collections::BTreeMap, fmt};

use domain::trail::Happening;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{content, head, header};
use crate::{
    StoreError,
    entities::{event, trail},
};

/// Entries looked at at once.
const AT_ONCE: u64 = 2000;

/// Faults that are told of; the first ones are those that matter.
const TOLD: usize = 20;

/// An entry's number and hash as they were noted elsewhere: in a log, on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The number.
    pub number: i64,
    /// The hash, in hexadecimal.
    pub hash: String,
}

impl Anchor {
    /// Reads `NUMBER:HASH`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, hash) = text.trim().split_once(':')?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Self {
            number: number.parse().ok().filter(|_| is_hash)?,
            hash: hash.to_ascii_lowercase(),
        })
    }
}

/// What a look through the trail came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The first entry's number; 1 unless some were dropped.
    pub first: i64,
    /// The last entry's number.
    pub last: i64,
    /// The last entry's hash.
    pub hash: String,
    /// What is wrong, in the trail's order, at most twenty.
    pub faults: Vec<Fault>,
}

/// What is wrong with a trail, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries are not there.
    Missing {
        /// The first of them.
        from: i64,
        /// The last of them.
        through: i64,
    },
    /// An entry does not go on from the one before it.
    Broken(i64),
    /// What an entry tells is not what was recorded.
    Changed(i64),
    /// What an entry tells was taken out, and no later entry says so.
    TakenOut(i64),
    /// An event of the directory has no entry.
    Unrecorded(i64),
    /// The chain ends elsewhere than its head says.
    Head(i64),
    /// The chain begins elsewhere than the last entry about dropping says.
    Beginning(i64),
    /// The trail does not hold what was noted elsewhere.
    Anchor(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { from, through } if from == through => write!(f, "entry {from} is missing"),
            Self::Missing { from, through } => write!(f, "entries {from} to {through} are missing"),
            Self::Broken(number) => write!(
                f,
                "entry {number} does not follow from the one before it: it was changed, inserted or moved"
            ),
            Self::Changed(number) => write!(f, "the content of entry {number} was changed"),
            Self::TakenOut(number) => {
                write!(
                    f,
                    "the content of entry {number} was removed, but no entry records an erasure"
                )
            }
            Self::Unrecorded(number) => write!(f, "event {number} of the directory was never recorded"),
            Self::Head(number) => write!(f, "the entries end at {number}, but the recorded head does not"),
            Self::Beginning(number) => {
                write!(
                    f,
                    "the entries begin after {number}, but no entry records that earlier ones were deleted"
                )
            }
            Self::Anchor(number) => write!(f, "entry {number} is missing, or is not the one that you noted"),
        }
    }
}

/// Looks through the whole trail.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &impl ConnectionTrait, anchors: &[Anchor]) -> Result<Verified, StoreError> {
    verify_through(db, anchors, i64::MAX).await
}

/// As [`verify`], up to an entry.
///
/// # Errors
/// When the database fails.
pub async fn verify_through(
    db: &impl ConnectionTrait,
    anchors: &[Anchor],
    through: i64,
) -> Result<Verified, StoreError> {
    // The last entry is read before the head: while others write, it may lag behind the head, but never be ahead of it.
    let last = last_number(db).await?;
    let noted = head(db).await?;
    let mut walk = Walk {
        last: noted.dropped,
        hash: noted.dropped_hash.clone(),
        ..Walk::default()
    };
    let mut anchors: BTreeMap<_, _> = anchors.iter().map(|anchor| (anchor.number, anchor)).collect();
    // What was dropped can be told no more, but for the very last of it.
    anchors.retain(|number, anchor| *number > noted.dropped || (*number == noted.dropped && anchor.hash != walk.hash));
    // Entries that came while this looks are left for another time.
    let end = noted.number.max(last).min(through);
    loop {
        let entries = trail::Entity::find()
            .filter(trail::Column::Number.gt(walk.last))
            .filter(trail::Column::Number.lte(end))
            .order_by_asc(trail::Column::Number)
            .limit(AT_ONCE)
            .all(db)
            .await?;
        let is_last = (entries.len() as u64) < AT_ONCE;
        let until = if is_last {
            end
        } else {
            entries.last().map_or(end, |entry| entry.number)
        };
        let mut changes = changes(db, walk.last, until).await?;
        for entry in &entries {
            let change = changes.remove(&entry.number);
            walk.on_to(entry, change.as_ref());
            if anchors
                .remove(&entry.number)
                .is_some_and(|anchor| anchor.hash != entry.hash)
            {
                walk.tell(Fault::Anchor(entry.number));
            }
        }
        for number in changes.into_keys() {
            walk.tell(Fault::Unrecorded(number));
        }
        if is_last {
            break;
        }
    }
    if through == i64::MAX {
        for number in changes(db, end, i64::MAX).await?.into_keys() {
            if number > head(db).await?.number {
                walk.tell(Fault::Unrecorded(number));
            }
        }
        if (walk.last, &walk.hash) != (noted.number, &noted.hash) {
            walk.tell(Fault::Head(walk.last));
        }
        let told = walk.dropped.take().unwrap_or((0, super::chain::beginning()));
        if told != (noted.dropped, noted.dropped_hash) {
            walk.tell(Fault::Beginning(noted.dropped));
        }
        for number in anchors.into_keys() {
            walk.tell(Fault::Anchor(number));
        }
        walk.settle();
    }
    walk.faults.sort_by_key(Fault::place);
    walk.faults.truncate(TOLD);
    Ok(Verified {
        entries: walk.entries,
        first: noted.dropped + 1,
        last: walk.last,
        hash: walk.hash,
        faults: walk.faults,
    })
}

async fn last_number(db: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let last = trail::Entity::find()
        .order_by_desc(trail::Column::Number)
        .one(db)
        .await?;
    Ok(last.map_or(0, |entry| entry.number))
}

async fn changes(
    db: &impl ConnectionTrait,
    behind: i64,
    until: i64,
) -> Result<BTreeMap<i64, event::Model>, StoreError> {
    let found = event::Entity::find()
        .filter(event::Column::Seq.gt(behind))
        .filter(event::Column::Seq.lte(until));
    Ok(found.all(db).await?.into_iter().map(|row| (row.seq, row)).collect())
}

/// The way through the entries.
#[derive(Default)]
struct Walk {
    entries: u64,
    last: i64,
    hash: String,
    /// Entries whose content was taken out, with the digest of what is left.
    taken_out: BTreeMap<i64, String>,
    /// What later entries say is left of earlier ones.
    said_left: BTreeMap<i64, String>,
    /// What the last entry about dropping says.
    dropped: Option<(i64, String)>,
    faults: Vec<Fault>,
}

impl Walk {
    fn tell(&mut self, fault: Fault) {
        // Each is told once, and no more are kept than anybody reads.
        if self.faults.len() < 10_000 && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn on_to(&mut self, entry: &trail::Model, change: Option<&event::Model>) {
        self.entries += 1;
        let is_next = entry.number == self.last + 1;
        if !is_next {
            self.tell(Fault::Missing {
                from: self.last + 1,
                through: entry.number - 1,
            });
        }
        // Behind a gap nothing tells what the hash went on from; the number of what is missing is told already.
        if is_next && header(entry).hash(&self.hash) != entry.hash {
            self.tell(Fault::Broken(entry.number));
        }
        self.last = entry.number;
        self.hash.clone_from(&entry.hash);

        if change.is_some_and(|change| !agree(entry, change)) {
            self.tell(Fault::Changed(entry.number));
        }
        let content = content(entry, change);
        match &entry.salt {
            Some(salt) if content.digest(salt) != entry.digest => self.tell(Fault::Changed(entry.number)),
            Some(_) => {}
            None => {
                self.taken_out.insert(entry.number, content.digest(""));
            }
        }
        match entry.said.as_deref().map(serde_json::from_str) {
            Some(Ok(Happening::Forgotten { left })) => self.said_left.extend(left),
            Some(Ok(Happening::Dropped { through, hash, .. })) => self.dropped = Some((through, hash)),
            _ => {}
        }
    }

    /// Compares what was taken out with what was said about it.
    fn settle(&mut self) {
        for (number, left) in std::mem::take(&mut self.taken_out) {
            match self.said_left.get(&number) {
                Some(said) if *said == left => {}
                Some(_) => self.tell(Fault::Changed(number)),
                None => self.tell(Fault::TakenOut(number)),
            }
        }
    }
}

impl Fault {
    /// The entry that it is about first.
    #[must_use]
    pub const fn place(&self) -> i64 {
        match self {
            Self::Missing { from, .. } => *from,
            Self::Broken(number)
            | Self::Changed(number)
            | Self::TakenOut(number)
            | Self::Unrecorded(number)
            | Self::Head(number)
            | Self::Beginning(number)
            | Self::Anchor(number) => *number,
        }
    }
}

/// Whether an event says the same as its entry where both say it.
fn agree(entry: &trail::Model, change: &event::Model) -> bool {
    let subject = entry.person.map(|person| person.to_string());
    entry.at == change.at
        && entry.actor == change.actor
        && entry.actor_name.as_deref() == Some(&change.actor_name)
        && entry.organisation.as_deref() == Some(&change.organisation)
        && entry.other_organisation == change.other_organisation
        && subject.as_deref().is_none_or(|subject| subject == change.subject)
}
