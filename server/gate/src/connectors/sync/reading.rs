//! Reading people as a connector's program asks for them.

use domain::{
    account::{self, Account, AccountStatus},
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
    values::ids::{AccountId, ContactId},
};
use store::{
    ConnectionTrait,
    access::links::{self, Link},
    directory::{
        organisations,
        synced::{self, Moments, Part, Start},
    },
};
use uuid::Uuid;

use super::{Connection, SyncLink, SyncPage, SyncQuery, SyncStart, Synced, SyncedContact};
use crate::{Gate, GateError, Visit};

impl Visit<'_> {
    /// One account.
    ///
    /// # Errors
    /// `NotFound` where it is not there, deleted, out of the scope, or given up by this connector.
    pub async fn synced_account(&self, to: &Connection, id: AccountId) -> Result<Synced, GateError> {
        match to.settings.shadow {
            true => self.gate.one_tried(to, id).await,
            false => self.gate.one_there(to, id).await,
        }
    }

    /// A page of accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn synced_accounts(&self, to: &Connection, asked: &SyncQuery) -> Result<SyncPage<Synced>, GateError> {
        if to.settings.shadow {
            return self.gate.all_with_tried(to, asked).await;
        }
        let db = self.gate.store.reader();
        let total = match asked.with_total {
            true => Some(synced::count(db, to.reader(), &asked.conditions).await?),
            false => None,
        };
        let found = match asked.count {
            0 => vec![],
            _ => synced::accounts(db, to.reader(), &part(asked)).await?,
        };
        let (found, next) = page(found, asked, |account| account.id.0);
        Ok(SyncPage {
            people: self.gate.all_synced(db, to, found).await?,
            total,
            next,
        })
    }

    /// One contact.
    ///
    /// # Errors
    /// `NotFound` where it is not there, deleted, or out of the scope.
    pub async fn synced_contact(&self, to: &Connection, id: ContactId) -> Result<SyncedContact, GateError> {
        let found = synced::contact(self.gate.store.reader(), to.reader(), id).await?;
        found.map(SyncedContact::of).ok_or(GateError::NotFound)
    }

    /// A page of contacts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn synced_contacts(
        &self,
        to: &Connection,
        asked: &SyncQuery,
    ) -> Result<SyncPage<SyncedContact>, GateError> {
        let db = self.gate.store.reader();
        let total = match asked.with_total {
            true => Some(synced::count_contacts(db, to.reader(), &asked.conditions).await?),
            false => None,
        };
        let found = match asked.count {
            0 => vec![],
            _ => synced::contacts(db, to.reader(), &part(asked)).await?,
        };
        let (found, next) = page(found, asked, |contact| contact.id.0);
        Ok(SyncPage {
            people: found.into_iter().map(SyncedContact::of).collect(),
            total,
            next,
        })
    }
}

impl SyncedContact {
    pub(super) fn of(found: Moments<domain::contact::Contact>) -> Self {
        Self {
            contact: found.person,
            created: found.created,
            changed: found.changed,
        }
    }
}

impl Gate {
    /// One account as the directory has it.
    pub(super) async fn one_there(&self, to: &Connection, id: AccountId) -> Result<Synced, GateError> {
        let db = self.store.reader();
        let found = synced::account(db, to.reader(), id).await?.ok_or(GateError::NotFound)?;
        self.one_synced(db, to, found).await
    }

    /// One account with what the connector keeps beside it.
    pub(super) async fn one_synced(
        &self,
        db: &impl ConnectionTrait,
        to: &Connection,
        found: Moments<Account>,
    ) -> Result<Synced, GateError> {
        let mut all = self.all_synced(db, to, vec![found]).await?;
        all.pop().ok_or(GateError::NotFound)
    }

    /// Accounts with what the connector keeps beside them.
    pub(super) async fn all_synced(
        &self,
        db: &impl ConnectionTrait,
        to: &Connection,
        found: Vec<Moments<Account>>,
    ) -> Result<Vec<Synced>, GateError> {
        if found.is_empty() {
            return Ok(vec![]);
        }
        let ids: Vec<_> = found.iter().map(|found| found.person.id.0).collect();
        let mut links = links::of_many(db, to.connector, &ids).await?;
        let mut codes: Vec<OrganisationCode> = found.iter().map(|found| found.person.organisation.clone()).collect();
        codes.sort();
        codes.dedup();
        codes.retain(|code| !to.organisations.iter().any(|known| known.code == *code));
        let elsewhere = match codes.is_empty() {
            true => vec![],
            false => organisations::by_codes(db, &codes).await?,
        };
        let home = |code: &OrganisationCode| {
            let all = to.organisations.iter().chain(&elsewhere);
            all.into_iter().find(|known| known.code == *code)
        };
        let synced = found.into_iter().map(|found| {
            let link = links.remove(&found.person.id.0).map(SyncLink::of).unwrap_or_default();
            self.synced(found, link, home)
        });
        Ok(synced.collect())
    }

    /// An account as it is read, in its organisation.
    pub(super) fn synced<'a>(
        &self,
        found: Moments<Account>,
        link: SyncLink,
        home: impl Fn(&OrganisationCode) -> Option<&'a Organisation>,
    ) -> Synced {
        let home = home(&found.person.organisation);
        let made = home.map(|home| account::display_name(&found.person.attributes, home, &self.rules));
        let days = i64::from(self.rules.timers.leaver_days);
        let is_leaver = found.person.status == AccountStatus::Leaver && days > 0;
        Synced {
            organisation_name: home.map(|home| home.name.clone()).unwrap_or_default(),
            display_name_is_made: found.person.attributes.get(Attribute::DisplayName) == made.as_ref(),
            leaver_until: is_leaver.then(|| found.person.since.plus_seconds(days * 86_400)),
            link,
            created: found.created,
            changed: found.changed,
            account: found.person,
        }
    }
}

impl SyncLink {
    pub(super) fn of(link: Link) -> Self {
        Self {
            external_id: link.external_id,
            as_sent: link.as_sent,
            version: link.version,
            asserted: link.asserted,
            said_at: Some(link.asserted_at),
        }
    }
}

/// The part of a list that a page needs, and one more to know whether there is another.
pub(super) fn part(asked: &SyncQuery) -> Part {
    Part {
        conditions: asked.conditions.clone(),
        sort: asked.sort.into(),
        descending: asked.descending,
        start: match &asked.start {
            SyncStart::First => Start::First,
            SyncStart::Index(first) => Start::Skip(u64::from(first.saturating_sub(1))),
            SyncStart::After(key, id) => Start::After(key.clone(), *id),
        },
        count: u64::from(asked.count) + 1,
    }
}

/// The people of a page, and behind whom the next begins.
pub(super) fn page<P>(
    mut found: Vec<Moments<P>>,
    asked: &SyncQuery,
    id: impl Fn(&P) -> Uuid,
) -> (Vec<Moments<P>>, Option<(String, Uuid)>) {
    let count = asked.count as usize;
    let are_more = found.len() > count;
    found.truncate(count);
    let last = found.last().filter(|_| are_more);
    let next = last.map(|last| (last.key.clone(), id(&last.person)));
    (found, next)
}
