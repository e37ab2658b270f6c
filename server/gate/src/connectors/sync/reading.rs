//! Reading people as a connector's program asks for them.

use domain::{
    account::{self, Account, AccountStatus},
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
    values::ids::{AccountId, ContactId},
};
use store::{
    ConnectionTrait, Rounds,
    access::links::Link,
    directory::{
        customers,
        synced::{self, Linked, Moments, Part, Start},
    },
};
use tokio::try_join;
use uuid::Uuid;

use super::{Connection, SyncLink, SyncPage, SyncQuery, SyncStart, Synced, SyncedContact};
use crate::{Gate, GateError, Visit};

impl Visit<'_> {
    /// One account.
    ///
    /// # Errors
    /// `NotFound` where it is not there, deleted, out of the scope, or given up by this connector.
    pub async fn synced_account(&self, to: &Connection, id: AccountId) -> Result<Synced, GateError> {
        let db = self.gate.store.reader();
        if !to.settings.shadow {
            return self.gate.one_there(db, to, id).await;
        }
        let mut found = self.gate.one_tried(to, id).await?;
        add_seats(db, std::slice::from_mut(&mut found)).await?;
        Ok(found)
    }

    /// A page of accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn synced_accounts(&self, to: &Connection, asked: &SyncQuery) -> Result<SyncPage<Synced>, GateError> {
        let db = self.gate.store.reader();
        if to.settings.shadow {
            let mut page = self.gate.all_with_tried(to, asked).await?;
            add_seats(db, &mut page.people).await?;
            return Ok(page);
        }
        let found = match asked.count {
            0 => vec![],
            _ => synced::accounts(db, to.reader(), &part(asked)).await?,
        };
        let total = match (asked.with_total, total_of(asked, found.len())) {
            (false, _) => None,
            (true, Some(total)) => Some(total),
            (true, None) => Some(synced::count(db, to.reader(), &asked.conditions).await?),
        };
        let (found, next) = page(found, asked, |linked| linked.account.id.0);
        let mut people = self.gate.all_synced(found);
        add_seats(db, &mut people).await?;
        Ok(SyncPage { people, total, next })
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
        let found = match asked.count {
            0 => vec![],
            _ => synced::contacts(db, to.reader(), &part(asked)).await?,
        };
        let total = match (asked.with_total, total_of(asked, found.len())) {
            (false, _) => None,
            (true, Some(total)) => Some(total),
            (true, None) => Some(synced::count_contacts(db, to.reader(), &asked.conditions).await?),
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
    pub(super) async fn one_there(
        &self,
        db: &impl ConnectionTrait,
        to: &Connection,
        id: AccountId,
    ) -> Result<Synced, GateError> {
        let (rounds, whose) = (Rounds::of(db), [id]);
        let read = async {
            try_join!(
                synced::account(&rounds, to.reader(), id),
                customers::seats_of(&rounds, &whose)
            )
        };
        let (found, mut seats) = rounds.ask(Box::pin(read)).await?;
        let mut found = self.one_synced(found.ok_or(GateError::NotFound)?);
        found.seats = seats.remove(&id).unwrap_or_default();
        Ok(found)
    }

    /// One account with what the connector keeps beside it.
    pub(super) fn one_synced(&self, found: Moments<Linked>) -> Synced {
        let Linked { account, home, link } = found.person;
        let found = Moments {
            person: account,
            created: found.created,
            changed: found.changed,
            key: found.key,
        };
        self.synced(found, link.map(SyncLink::of).unwrap_or_default(), |_| home.as_ref())
    }

    /// Accounts with what the connector keeps beside them.
    pub(super) fn all_synced(&self, found: Vec<Moments<Linked>>) -> Vec<Synced> {
        found.into_iter().map(|found| self.one_synced(found)).collect()
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
            seats: vec![],
        }
    }
}

/// Adds to people the seats that they hold, by one look for all of them.
pub(super) async fn add_seats(db: &impl ConnectionTrait, people: &mut [Synced]) -> Result<(), GateError> {
    let accounts: Vec<_> = people.iter().map(|person| person.account.id).collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let mut held = customers::seats_of(db, &accounts).await?;
    for person in people {
        person.seats = held.remove(&person.account.id).unwrap_or_default();
    }
    Ok(())
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

/// How many there are on all pages, where the last of them is among those found for a page; `None` where it is not, and they
/// have to be counted.
fn total_of(asked: &SyncQuery, found: usize) -> Option<u64> {
    let skipped = match asked.start {
        SyncStart::First => 0,
        SyncStart::Index(first) => u64::from(first.saturating_sub(1)),
        SyncStart::After(..) => return None,
    };
    let found = u64::try_from(found).ok()?;
    let is_last = asked.count > 0 && found <= u64::from(asked.count);
    // Beyond the end nobody is found, however far behind it that is.
    (is_last && (found > 0 || skipped == 0)).then_some(skipped + found)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(start: SyncStart, count: u32) -> SyncQuery {
        SyncQuery {
            start,
            count,
            ..SyncQuery::default()
        }
    }

    #[test]
    fn a_page_that_has_the_last_one_tells_how_many_there_are() {
        for (start, count, found, total) in [
            (SyncStart::First, 10, 0, Some(0)),
            (SyncStart::First, 10, 1, Some(1)),
            (SyncStart::First, 10, 10, Some(10)),
            (SyncStart::First, 10, 11, None),
            (SyncStart::First, 0, 0, None),
            (SyncStart::Index(1), 10, 0, Some(0)),
            (SyncStart::Index(0), 10, 4, Some(4)),
            (SyncStart::Index(21), 10, 4, Some(24)),
            (SyncStart::Index(21), 10, 10, Some(30)),
            (SyncStart::Index(21), 10, 11, None),
            (SyncStart::Index(21), 10, 0, None),
            (SyncStart::After(String::new(), Uuid::nil()), 10, 3, None),
        ] {
            assert_eq!(
                total_of(&asked(start.clone(), count), found),
                total,
                "{start:?} {count} {found}"
            );
        }
    }
}
