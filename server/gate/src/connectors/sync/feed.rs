//! The change feed: who has changed since a number of the trail. Numbers are given out while the trail's end is held, so all
//! events up to the last one that can be read are there: nothing appears behind a reader later.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    event::{AccountFact, ContactFact, Fact},
    organisation::{OrganisationCode, OrganisationPath, UnitPath},
    plan::Change,
    policy::Scope,
};
use store::{
    directory::{organisations, synced},
    trail::events,
};
use uuid::Uuid;

use super::{Connection, Synced, SyncedContact, reading::add_seats};
use crate::{GateError, Visit};

/// What became of somebody.
#[derive(Clone, Debug)]
pub enum SyncChange {
    /// The account is new, or came into the scope.
    CreatedAccount(Box<Synced>),
    /// The account is otherwise now.
    UpdatedAccount(Box<Synced>),
    /// The contact is new, or came into the scope.
    CreatedContact(Box<SyncedContact>),
    /// The contact is otherwise now.
    UpdatedContact(Box<SyncedContact>),
    /// The account is gone, or left the scope.
    DeletedAccount,
    /// The contact is gone, or left the scope.
    DeletedContact,
}

/// Somebody who changed.
#[derive(Clone, Debug)]
pub struct SyncChanged {
    /// Their ID.
    pub id: Uuid,
    /// How they are now.
    pub change: SyncChange,
}

/// A page of changes.
#[derive(Clone, Debug)]
pub struct SyncFeed {
    /// Each person once, in the order of their first change on this page.
    pub changes: Vec<SyncChanged>,
    /// With this event all pages end.
    pub until: i64,
    /// Behind this event the next page begins.
    pub after: i64,
    /// Whether there is no other page.
    pub is_last: bool,
}

/// What the events of a page say of somebody.
struct Said {
    /// The place in the order.
    place: usize,
    is_contact: bool,
    /// Whether they became visible.
    came: bool,
    /// Whether they were visible before, as far as the events tell.
    was_seen: bool,
}

impl Visit<'_> {
    /// The last event that can be read: all before it can, too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sync_mark(&self) -> Result<i64, GateError> {
        Ok(events::last(self.gate.store.reader()).await?)
    }

    /// A page of changes behind an event, up to another, or up to now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sync_feed(
        &self,
        to: &Connection,
        until: Option<i64>,
        after: i64,
        count: u32,
    ) -> Result<SyncFeed, GateError> {
        let db = self.gate.store.reader();
        let until = match until {
            Some(until) => until,
            None => events::last(db).await?,
        };
        let limit = u64::from(count.max(1));
        let page = events::of_people_within(db, &to.scope, after, until, limit).await?;
        let is_last = (page.len() as u64) < limit;
        let end = page.last().map_or(until, |(number, _)| *number);
        let mut said: HashMap<Uuid, Said> = HashMap::new();
        let codes = page.iter().flat_map(|(_, event)| {
            let both = [Some(event.fact.organisation()), event.fact.other_organisation()];
            both.into_iter().flatten().cloned().collect::<Vec<_>>()
        });
        let codes: BTreeSet<_> = codes.collect();
        let codes: Vec<_> = codes.into_iter().collect();
        let places: HashMap<OrganisationCode, _> = organisations::by_codes(db, &codes)
            .await?
            .into_iter()
            .map(|place| (place.code.clone(), place.path))
            .collect();
        let was_seen_at = |code: &OrganisationCode, fact: &Fact| {
            let path = places.get(code);
            path.is_some_and(|path| was_seen(&to.scope, path, fact.changes()))
        };
        for (_, event) in &page {
            let Some(id) = event.fact.person() else { continue };
            let place = said.len();
            let own = said.entry(id).or_insert(Said {
                place,
                is_contact: event.fact.contact().is_some(),
                came: false,
                was_seen: false,
            });
            match &event.fact {
                Fact::Account(_, _, AccountFact::Created { .. }) | Fact::Contact(_, _, ContactFact::Created { .. }) => {
                    own.came = true;
                }
                Fact::Account(_, _, AccountFact::Moved { from, .. })
                | Fact::Contact(_, _, ContactFact::Moved { from, .. }) => {
                    let was_here = was_seen_at(from, &event.fact);
                    own.came |= !was_here;
                    own.was_seen |= was_here && !own.came;
                }
                Fact::Account(_, _, AccountFact::Turned { before, .. }) if *before == AccountStatus::Deleted => {
                    own.came = true;
                }
                Fact::Contact(_, _, ContactFact::Restored) => own.came = true,
                fact => own.was_seen |= !own.came && was_seen_at(fact.organisation(), fact),
            }
        }
        let changes = self.as_they_are(to, said).await?;
        Ok(SyncFeed {
            changes,
            until,
            after: end,
            is_last,
        })
    }

    async fn as_they_are(&self, to: &Connection, said: HashMap<Uuid, Said>) -> Result<Vec<SyncChanged>, GateError> {
        let db = self.gate.store.reader();
        let ids = |contacts: bool| {
            let own = said.iter().filter(|(_, said)| said.is_contact == contacts);
            own.map(|(id, _)| *id).collect::<Vec<_>>()
        };
        let accounts = synced::accounts_by_id(db, to.reader(), &ids(false)).await?;
        let mut accounts = self.gate.all_synced(accounts);
        add_seats(db, &mut accounts).await?;
        let mut accounts: HashMap<_, _> = accounts
            .into_iter()
            .map(|synced| (synced.account.id.0, synced))
            .collect();
        let contacts = synced::contacts_by_id(db, to.reader(), &ids(true)).await?;
        let contacts = contacts.into_iter().map(SyncedContact::of);
        let mut contacts: HashMap<_, _> = contacts.map(|synced| (synced.contact.id.0, synced)).collect();
        let gone = synced::deleted(db, to.reader(), &said.keys().copied().collect::<Vec<_>>()).await?;
        let mut changes = BTreeMap::new();
        for (id, said) in said {
            let change = match (said.is_contact, accounts.remove(&id), contacts.remove(&id)) {
                (false, Some(now), _) if said.came => SyncChange::CreatedAccount(Box::new(now)),
                (false, Some(now), _) => SyncChange::UpdatedAccount(Box::new(now)),
                (true, _, Some(now)) if said.came => SyncChange::CreatedContact(Box::new(now)),
                (true, _, Some(now)) => SyncChange::UpdatedContact(Box::new(now)),
                // Whoever came and went within one page was never told of.
                _ if !(said.was_seen || (gone.contains(&id) && !said.came)) => continue,
                (false, ..) => SyncChange::DeletedAccount,
                (true, ..) => SyncChange::DeletedContact,
            };
            changes.insert(said.place, SyncChanged { id, change });
        }
        Ok(changes.into_values().collect())
    }
}

/// Whether somebody of an organisation was seen before a change, as far as it tells: of who belongs to a unit, only the
/// changes of their unit do.
fn was_seen(scope: &Scope, path: &OrganisationPath, changes: &[Change]) -> bool {
    let before = changes.iter().filter(|change| change.attribute == Attribute::Unit);
    let units = before.filter_map(|change| Some(UnitPath::parse(change.before.as_ref()?.as_str())));
    scope.covers_whole(path) || units.into_iter().any(|unit| scope.covers(path, Some(&unit)))
}
