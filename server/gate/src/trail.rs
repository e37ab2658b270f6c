//! The audit log: reading it within one's scope, and recording what changes nothing in the directory. Changes are
//! recorded where they are made; of everything else this is the one place.

pub(crate) mod histories;
mod keeping;
mod verification;

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    account::Account,
    dictionary::Attribute,
    organisation::{Organisation, OrganisationCode},
    policy::{Deed, Right, Scope},
    trail::{Action, Entry, Happening, Record, Told, Topic},
    values::{
        ids::{SubmissionId, Timestamp},
        text::fold,
    },
};
use sha2::{Digest, Sha256};
use store::{
    access::salts,
    directory::{
        organisations,
        people::{self, Query, Searched},
    },
    trail::{self, Filter},
};
use uuid::Uuid;

pub use self::{
    keeping::{Dropping, NotDropped},
    verification::{Verification, Verifying},
};
use crate::{
    Gate, GateError, Visit,
    calendar::day_number,
    submissions::claims::commit,
    trail::histories::{Names, hide_other_side},
};

/// People whom a word in a filter may mean; a word that means more is too short to be of use.
const MEANT: u64 = 200;

/// Days for which the salt is kept under which addresses that nobody has are recorded: as long as somebody may look into it.
const SALTS_KEPT: i64 = 30;

/// Entries read at once for an export.
const AT_ONCE: u64 = 1000;

/// What is asked of the trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailQuery {
    /// Who did it: a name, an address or an ID; empty for anybody.
    pub who: String,
    /// Whom it is about, likewise.
    pub target: String,
    /// In whose trail it stands: a code; empty for all.
    pub organisation: String,
    /// What it is about.
    pub topic: Option<Topic>,
    /// What sort of thing happened.
    pub action: Option<Action>,
    /// Which detail was changed.
    pub changed: Option<Attribute>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// A page of the trail.
#[derive(Clone, Debug, Default)]
pub struct TrailPage {
    /// The entries, newest first.
    pub entries: Vec<Entry>,
    /// The people that they are about or by, as far as they are still the reader's to see.
    pub names: Names,
    /// The organisations that they name.
    pub places: HashMap<OrganisationCode, Organisation>,
    /// The submissions that they came of, as far as the reader may look at those; none where they are read for a file.
    pub submissions: HashSet<SubmissionId>,
}

impl TrailQuery {
    /// Which filters are set, without what was typed: names do not belong into records about reading.
    fn in_words(&self) -> String {
        let mut said = Vec::new();
        let mut say = |set: bool, words: String| set.then(|| said.push(words));
        say(!self.who.is_empty(), "done by somebody".into());
        say(!self.target.is_empty(), "about somebody".into());
        say(!self.organisation.is_empty(), format!("in {}", self.organisation));
        say(self.topic.is_some(), self.topic.map_or("", Topic::name).to_lowercase());
        say(
            self.action.is_some(),
            self.action.map_or("", Action::name).to_lowercase(),
        );
        let changed = self
            .changed
            .map(|changed| format!("{} changed", changed.name().to_lowercase()));
        say(changed.is_some(), changed.unwrap_or_default());
        let day = |at: Option<Timestamp>| at.map(crate::calendar::day).unwrap_or_default();
        say(self.from.is_some(), format!("from {}", day(self.from)));
        say(self.until.is_some(), format!("before {}", day(self.until)));
        said.join(", ")
    }
}

impl Gate {
    /// Records that a try to sign in was turned away. The address is of use only where there is no account.
    pub(crate) async fn note_refused(&self, address: &str, account: Option<&Account>) -> Result<(), GateError> {
        let tx = self.store.begin().await?;
        let unknown_address = match account {
            Some(_) => None,
            None => Some(self.day_digest(&tx, address).await?),
        };
        tx.record(Record {
            at: self.now(),
            actor: None,
            actor_name: String::new(),
            organisation: account.map(|account| account.organisation.clone()),
            person: account.map(|account| account.id.0),
            rights: vec![],
            happening: Happening::SignInFailed { unknown_address },
        });
        commit(tx).await
    }

    /// Enough of a digest of an address to tell the tries of a day apart. It is made under the day's own secret salt.
    async fn day_digest(&self, tx: &store::Transaction, address: &str) -> Result<String, GateError> {
        let fresh = hexadecimal(&rand::random::<[u8; 16]>());
        let salt = salts::of_day(tx, day_number(self.now()), fresh).await?;
        let digest = Sha256::digest(format!("{salt} {address}"));
        Ok(hexadecimal(&digest[..16]))
    }

    /// Forgets the salts under which addresses that nobody has were kept, once they are old: from then on nobody can find
    /// out what was typed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_salts(&self) -> Result<(), GateError> {
        let first_kept = day_number(self.now()) - SALTS_KEPT;
        Ok(salts::forget_before(self.store.reader(), first_kept).await?)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What somebody did about their own account.
pub(crate) fn own_record(own: &Account, at: Timestamp, happening: Happening) -> Record {
    Record {
        at,
        actor: Some(own.id),
        actor_name: own.full_name(),
        organisation: Some(own.organisation.clone()),
        person: Some(own.id.0),
        rights: vec![Right::Own],
        happening,
    }
}

impl Visit<'_> {
    /// Records something that the actor did and that changed nothing in the directory: in the trail of their own
    /// organisation, with the rights that allow the deed, where it was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note(&self, happening: Happening, person: Option<Uuid>, deed: Option<Deed>) -> Result<(), GateError> {
        let rights = match deed {
            Some(deed) => self.authority().await?.rights_to(deed),
            None => vec![],
        };
        let own = match self.actor.account() {
            Some(_) => Some(self.own().await?.organisation),
            None => None,
        };
        let tx = self.gate.store.begin().await?;
        tx.record(Record {
            at: self.gate.now(),
            actor: self.actor.account(),
            actor_name: self.actor.name().to_owned(),
            organisation: own,
            person,
            rights,
            happening,
        });
        commit(tx).await
    }

    /// Entries of the trail, newest first, on from behind one. Reading it is recorded, before anything is shown.
    ///
    /// # Errors
    /// `Denied` where the actor may read no trail.
    pub async fn trail(&self, query: &TrailQuery, before: Option<i64>, limit: u64) -> Result<TrailPage, GateError> {
        let scope = self.reading().await?;
        let asked = query.in_words();
        self.note(Happening::TrailRead { asked }, None, Some(Deed::ReadAuditTrail))
            .await?;
        let filter = self.filter(query).await?;
        let mut page = self.entries(&scope, &filter, before, limit).await?;
        page.submissions = self.submissions_of(&page.entries).await?;
        Ok(page)
    }

    /// Hands over the entries that are asked for, newest first, for a file: some at a time, and at most so many. That it is
    /// taken away is recorded, before anything is.
    ///
    /// # Errors
    /// As [`Self::trail`], and what `take` says.
    pub async fn each_entry<F>(
        &self,
        query: &TrailQuery,
        most: usize,
        mut take: impl FnMut(TrailPage) -> F,
    ) -> Result<(), GateError>
    where
        F: Future<Output = Result<(), GateError>>,
    {
        let scope = self.reading().await?;
        let said = query.in_words();
        let asked = if said.is_empty() { "all of it".to_owned() } else { said };
        let what = "the audit log".to_owned();
        self.note(Happening::Exported { what, asked }, None, Some(Deed::ReadAuditTrail))
            .await?;
        let filter = self.filter(query).await?;
        let (mut before, mut left) = (None, most);
        while left > 0 {
            let at_once = AT_ONCE.min(left as u64);
            let page = self.entries(&scope, &filter, before, at_once).await?;
            let Some(last) = page.entries.last() else { break };
            before = Some(last.number);
            left -= page.entries.len();
            take(page).await?;
        }
        Ok(())
    }

    /// The organisations whose trail the actor may read, at most so many; for the filter.
    ///
    /// # Errors
    /// `Denied` where there is none.
    pub async fn audited_organisations(&self, limit: u64) -> Result<Vec<Organisation>, GateError> {
        let scope = self.reading().await?;
        Ok(organisations::list(self.gate.store.reader(), &scope, limit).await?)
    }

    async fn reading(&self) -> Result<Scope, GateError> {
        let scope = self.scope(Deed::ReadAuditTrail).await?;
        if scope.is_empty() {
            Err(GateError::Denied)
        } else {
            Ok(scope)
        }
    }

    async fn filter(&self, query: &TrailQuery) -> Result<Filter, GateError> {
        let organisation = match query.organisation.trim() {
            "" => None,
            code => Some(OrganisationCode::parse(code).map_err(|_| GateError::NotFound)?),
        };
        let actions = match (query.action, query.topic) {
            (Some(action), _) => vec![action],
            (None, Some(topic)) => Action::about(topic).collect(),
            // Only these are looked into.
            (None, None) if query.changed.is_some() => Action::OF_DETAILS.to_vec(),
            (None, None) => vec![],
        };
        Ok(Filter {
            who: match query.who.trim() {
                "" => None,
                who => Some((self.named_by(who).await?, who.to_owned())),
            },
            people: match query.target.trim() {
                "" => None,
                target => Some(self.named_by(target).await?),
            },
            organisation,
            actions,
            attribute: query.changed,
            from: query.from,
            until: query.until,
        })
    }

    /// Whom a word may mean, of those whom the actor sees. An ID means the person who has or had it: what is out of scope does
    /// not come up by it either, because the trail is read within the scope.
    async fn named_by(&self, words: &str) -> Result<Vec<Uuid>, GateError> {
        if let Ok(id) = words.parse::<Uuid>() {
            return Ok(vec![id]);
        }
        // Signs alone are in no name.
        if fold(words).is_empty() {
            return Ok(vec![]);
        }
        let (db, seen) = (self.gate.store.reader(), self.scope(Deed::See).await?);
        let query = Query {
            words: words.to_owned(),
            // A name means a person, not everybody on a ward of that name.
            searched: Searched::Names,
            ..Query::default()
        };
        let accounts = people::accounts(db, &seen, &query, MEANT).await?;
        let contacts = people::contacts(db, &seen, &query, MEANT).await?;
        let accounts = accounts.into_iter().map(|listed| listed.person.id.0);
        Ok(accounts
            .chain(contacts.into_iter().map(|listed| listed.person.id.0))
            .collect())
    }

    /// The submissions that entries came of, as far as the actor may look at them.
    async fn submissions_of(&self, entries: &[Entry]) -> Result<HashSet<SubmissionId>, GateError> {
        let ids = entries.iter().filter_map(|entry| match &entry.told {
            Told::Change(event) => Some(event.submission.clone()),
            Told::Happening(_) | Told::Nothing => None,
        });
        let ids: BTreeSet<_> = ids.collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let (scope, seen) = (self.submissions_scope().await?, self.scope(Deed::See).await?);
        let own = self.actor.account().map(|account| (account, &seen));
        Ok(store::submissions::seen_among(self.gate.store.reader(), &scope, own, &ids).await?)
    }

    async fn entries(
        &self,
        scope: &Scope,
        filter: &Filter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<TrailPage, GateError> {
        let db = self.gate.store.reader();
        let mut entries = trail::list(db, scope, filter, before, limit).await?;
        let changes = entries.iter().filter_map(|entry| match &entry.told {
            Told::Change(event) => Some(&**event),
            _ => None,
        });
        let read = self.readable(scope, changes).await?;
        for entry in &mut entries {
            if let Told::Change(event) = &mut entry.told {
                hide_other_side(event, &read);
            }
        }
        let people = entries
            .iter()
            .flat_map(|entry| [entry.person, entry.actor.map(|actor| actor.0)]);
        let mut people: Vec<_> = people.flatten().collect();
        people.sort();
        people.dedup();
        let seen = self.scope(Deed::See).await?;
        let mut codes: Vec<_> = entries.iter().flat_map(named).collect();
        codes.sort();
        codes.dedup();
        let places = organisations::by_codes(db, &codes).await?;
        Ok(TrailPage {
            names: people::names_within(db, &seen, &people).await?,
            places: places.into_iter().map(|place| (place.code.clone(), place)).collect(),
            submissions: HashSet::new(),
            entries,
        })
    }
}

/// The organisations that an entry names by itself.
fn named(entry: &Entry) -> Vec<OrganisationCode> {
    let of_rights = entry.rights.iter().filter_map(|right| match right {
        Right::Role { organisation, .. } => Some(organisation),
        Right::Own | Right::Service => None,
    });
    of_rights.chain(&entry.organisation).cloned().collect()
}
