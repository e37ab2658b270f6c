//! Reading people as they would be: what a connector has tried stands over the directory.

use std::collections::HashMap;

use domain::{
    account::{Account, AccountStatus},
    connector::TrialKind,
    dictionary::Attributes,
    hand_edit::HandEdits,
    lookup::{Condition, Match},
    organisation::{Organisation, OrganisationCode},
    values::ids::AccountId,
};
use store::{
    ConnectionTrait,
    access::shadow::{self, Key, Tried},
    directory::{
        organisations,
        synced::{self, Moments, Reader, Whom},
    },
};
use uuid::Uuid;

use super::{
    super::{
        Connection, SyncLink, SyncPage, SyncQuery, SyncStart, Synced,
        reading::{page, part},
    },
    matching::meets,
};
use crate::{Gate, GateError};

/// The key of a place among those who were tried, who stand behind everybody else. No sorted text begins so.
const BEHIND: &str = "\u{1}";

/// An ID before all others, which is not that of a list's first place.
const LOWEST: Uuid = Uuid::from_u128(1);

/// Accounts that are read at once.
const AT_ONCE: usize = 1_000;

impl Gate {
    /// One account as it would be.
    pub(in super::super) async fn one_tried(&self, to: &Connection, id: AccountId) -> Result<Synced, GateError> {
        let db = self.store.reader();
        let tried = shadow::effects(db, to.connector, Key::Id(id.0)).await?;
        if tried.is_empty() {
            return self.one_there(self.store.reader(), to, id).await;
        }
        self.as_tried(to, tried).await?.pop().ok_or(GateError::NotFound)
    }

    /// A page of accounts: those for whom nothing was tried, and behind them the others as they would be, by their IDs.
    pub(in super::super) async fn all_with_tried(
        &self,
        to: &Connection,
        asked: &SyncQuery,
    ) -> Result<SyncPage<Synced>, GateError> {
        let db = self.store.reader();
        let untried = Reader {
            whom: Whom::Untried,
            ..to.reader()
        };
        let tried = shadow::effects(db, to.connector, key_of(&asked.conditions)).await?;
        let mut tried = self.as_tried(to, tried).await?;
        tried.retain(|person| asked.conditions.iter().all(|condition| meets(person, condition)));
        tried.sort_by_key(|person| person.account.id.0);
        let there = synced::count(db, untried, &asked.conditions).await?;
        let total = asked.with_total.then_some(there + tried.len() as u64);
        if asked.count == 0 {
            return Ok(SyncPage {
                people: vec![],
                total,
                next: None,
            });
        }
        let (mut people, from) = match &asked.start {
            SyncStart::After(key, last) if key == BEHIND => {
                (vec![], tried.partition_point(|person| person.account.id.0 <= *last))
            }
            start => {
                let found = synced::accounts(db, untried, &part(asked)).await?;
                let (found, next) = page(found, asked, |linked| linked.account.id.0);
                let people = self.all_synced(found);
                if next.is_some() {
                    return Ok(SyncPage { people, total, next });
                }
                let skipped = match start {
                    SyncStart::Index(first) => u64::from(first.saturating_sub(1)).saturating_sub(there),
                    SyncStart::First | SyncStart::After(..) => 0,
                };
                (people, usize::try_from(skipped).unwrap_or(usize::MAX))
            }
        };
        let room = (asked.count as usize).saturating_sub(people.len());
        let are_more = from.saturating_add(room) < tried.len();
        let shown: Vec<_> = tried.into_iter().skip(from).take(room).collect();
        let next = are_more.then(|| {
            let last = shown.last().map_or(LOWEST, |person| person.account.id.0);
            (BEHIND.to_owned(), last)
        });
        people.extend(shown);
        Ok(SyncPage { people, total, next })
    }

    /// People as they would be; who would not be seen any more, or is out of the scope, is left out.
    pub(super) async fn as_tried(&self, to: &Connection, tried: Vec<Tried>) -> Result<Vec<Synced>, GateError> {
        let db = self.store.reader();
        let (new, there): (Vec<_>, Vec<_>) = tried
            .into_iter()
            .filter(|tried| !tried.kind.is_gone())
            .partition(|tried| tried.kind == TrialKind::Create);
        let mut found = HashMap::new();
        let ids: Vec<_> = there.iter().map(|tried| tried.account.0).collect();
        for chunk in ids.chunks(AT_ONCE) {
            let accounts = synced::accounts_by_id(db, to.reader(), chunk).await?;
            let accounts = self.all_synced(accounts);
            found.extend(accounts.into_iter().map(|person| (person.account.id, person)));
        }
        let new_codes = new
            .iter()
            .filter_map(|tried| OrganisationCode::parse(&tried.organisation).ok());
        let codes = new_codes.chain(found.values().map(|person| person.account.organisation.clone()));
        let homes = homes(db, codes.collect()).await?;
        let mut people = Vec::with_capacity(new.len() + found.len());
        for tried in &new {
            people.extend(self.newcomer(to, tried, &homes));
        }
        for tried in &there {
            let Some(now) = found.remove(&tried.account) else {
                continue;
            };
            people.push(self.changed(now, tried, &homes));
        }
        Ok(people)
    }

    /// Somebody who would be new; `None` if they are out of the scope.
    fn newcomer(&self, to: &Connection, tried: &Tried, homes: &[Organisation]) -> Option<Synced> {
        let home = homes.iter().find(|home| home.code.as_str() == tried.organisation)?;
        if !to.scope.covers(&home.path, tried.unit.as_ref()) {
            return None;
        }
        let account = Account {
            id: tried.account,
            organisation: home.code.clone(),
            status: tried.wish.status.unwrap_or(AccountStatus::Pending),
            since: tried.first,
            leaving_at: None,
            absence: None,
            starts_at: None,
            activated: false,
            version: 1,
            attributes: with_changes(Attributes::default(), tried),
            aliases: vec![],
            by_hand: HandEdits::new(),
            held: None,
            disabled_by: None,
        };
        let link = SyncLink {
            external_id: tried.external_id.clone(),
            as_sent: tried.wish.as_sent.clone(),
            version: tried.version,
            asserted: tried.wish.cells.texts.clone(),
            said_at: None,
        };
        let moments = Moments {
            person: account,
            created: tried.first,
            changed: tried.last,
            key: String::new(),
        };
        Some(self.synced(moments, link, |_| Some(home)))
    }

    /// Somebody who is there, as they would be.
    fn changed(&self, now: Synced, tried: &Tried, homes: &[Organisation]) -> Synced {
        let mut account = now.account;
        account.attributes = with_changes(account.attributes, tried);
        account.status = tried.wish.status.unwrap_or(account.status);
        let mut link = now.link;
        link.external_id.clone_from(&tried.external_id);
        link.as_sent.extend(tried.wish.as_sent.clone());
        link.asserted.extend(tried.wish.cells.texts.clone());
        link.version += tried.version;
        let moments = Moments {
            person: account,
            created: now.created,
            changed: now.changed.max(tried.last),
            key: String::new(),
        };
        self.synced(moments, link, |code| homes.iter().find(|home| home.code == *code))
    }
}

/// The organisations with these codes.
async fn homes(db: &impl ConnectionTrait, mut codes: Vec<OrganisationCode>) -> Result<Vec<Organisation>, GateError> {
    codes.sort();
    codes.dedup();
    match codes.is_empty() {
        true => Ok(vec![]),
        false => Ok(organisations::by_codes(db, &codes).await?),
    }
}

fn with_changes(mut attributes: Attributes, tried: &Tried) -> Attributes {
    for change in &tried.wish.changes {
        attributes.set(change.attribute, change.after.clone());
    }
    attributes
}

/// By which key those who meet some conditions are found among all who were tried.
fn key_of(conditions: &[Condition]) -> Key<'_> {
    let key = conditions.iter().find_map(|condition| match condition {
        Condition::Id(Some(id)) => Some(Key::Id(*id)),
        Condition::ExternalId(key) => Some(Key::ExternalId(key)),
        Condition::UserName(Match::Is(name)) => Some(Key::UserName(name)),
        Condition::EmployeeNumber(Match::Is(number)) => Some(Key::LocalId(number)),
        _ => None,
    });
    key.unwrap_or(Key::All)
}
