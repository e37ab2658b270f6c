//! What time does about machines: what nobody decided on is discarded, and once a day Primary Local Administrators are told
//! what machines changed.

use std::collections::{BTreeMap, HashMap};

use domain::{
    dictionary::Attribute,
    life::Span,
    organisation::OrganisationCode,
    policy::{Actor, Deed, Role, Scope},
    submission::Outcome,
    values::{
        ids::{AccountId, Timestamp},
        links,
    },
};
use store::{
    StoreError,
    access::rights,
    directory::{organisations, people},
    submissions,
    trail::{
        self,
        digests::{self, MachineChanges, Reached},
    },
};
use uuid::Uuid;

use crate::{
    Gate, GateError, calendar,
    connectors::email::returning::tell_left_out,
    service::letters::{self, ConnectorDigest, Letter},
    submissions::{claims::commit, held, review::throw_away},
};

/// Submissions that one sweep discards at most; the next goes on.
const AT_ONCE: u64 = 500;

/// Connectors that a letter names; the list has them all.
const NAMED: usize = 20;

/// Milliseconds that an ended submission may need to become visible: no transaction takes longer.
const SETTLED: i64 = 15 * 60_000;

/// What their sender finds.
const TOO_LATE: &str =
    "Nobody decided on these changes in time, so they were discarded. If they are still wanted, send them again.";

impl Gate {
    /// Discards what nobody decided on in time, and sends the daily digest; says how much was discarded.
    ///
    /// # Errors
    /// `Denied` for anybody but the service.
    pub(super) async fn sweep_machines(&self, service: &Actor) -> Result<usize, GateError> {
        if service.account().is_some() {
            return Err(GateError::Denied);
        }
        let discarded = self.discard_held(service).await?;
        match self.send_digest().await {
            // Another process came first.
            Ok(()) | Err(GateError::Trouble(StoreError::Conflict)) => Ok(discarded),
            Err(error) => Err(error),
        }
    }

    async fn discard_held(&self, service: &Actor) -> Result<usize, GateError> {
        let days = self.rules.timers.held_days;
        if days == 0 {
            return Ok(0);
        }
        let Some(by) = calendar::before(self.now(), Span { months: 0, days }) else {
            return Ok(0);
        };
        let mut discarded = 0;
        for waiting in submissions::held_since(self.store.reader(), by, AT_ONCE).await? {
            let tx = self.store.begin().await?;
            let Some(mut submission) = submissions::hold(&tx, &waiting.id).await? else {
                continue;
            };
            // Somebody may have decided a moment ago.
            if !submission.is_held() || submission.confirmed_at != waiting.confirmed_at {
                continue;
            }
            held::discarded(self, &tx, service, &submission).await?;
            tell_left_out(self, &tx, &submission).await?;
            submission.trouble = Some(TOO_LATE.to_owned());
            throw_away(self, &tx, submission).await?;
            commit(tx).await?;
            discarded += 1;
        }
        Ok(discarded)
    }

    /// Writes to each Primary Local Administrator what machines changed since the last digest; once a day, by whichever
    /// process comes first.
    async fn send_digest(&self) -> Result<(), GateError> {
        let db = self.store.reader();
        let last = digests::reached(db).await?;
        if calendar::day_of(self.now()) <= last.at {
            return Ok(());
        }
        let next = Reached {
            at: self.now(),
            through: trail::head(db).await?.number,
        };
        // Read before the transaction, so that nobody waits for it.
        let letters = self.digest_letters(last, next).await?;
        let tx = self.store.begin().await?;
        if !digests::advance(&tx, last, next).await? {
            return Ok(());
        }
        letters::post_all(&tx, &letters, self.now()).await?;
        commit(tx).await
    }

    async fn digest_letters(&self, last: Reached, next: Reached) -> Result<Vec<(String, Letter)>, GateError> {
        let db = self.store.reader();
        let changes = digests::changes_between(db, last.through, next.through).await?;
        let mut names = HashMap::new();
        let mut of_reader: BTreeMap<Uuid, Vec<&MachineChanges>> = BTreeMap::new();
        for of_one in changes.chunk_by(|one, two| one.organisation == two.organisation) {
            let place = &of_one[0].organisation;
            let named = organisations::by_codes(db, std::slice::from_ref(place)).await?.pop();
            names.insert(
                place.clone(),
                named.map_or_else(|| place.to_string(), |named| named.name),
            );
            let readers = rights::nearest(db, place, &[Role::PrimaryLocalAdministrator], self.now()).await?;
            for reader in readers {
                of_reader.entry(reader).or_default().extend(of_one);
            }
        }
        let readers: Vec<_> = of_reader.keys().copied().collect();
        let mut letters = Vec::new();
        for reader in people::by_ids(db, &readers).await? {
            let rejected = self.rejected(reader.id, last.at, next.at).await?;
            let theirs = of_reader.get(&reader.id.0).map_or(&[][..], Vec::as_slice);
            let mut connectors = by_connector(theirs, &names, &rejected);
            let more = u32::try_from(connectors.len().saturating_sub(NAMED)).unwrap_or(u32::MAX);
            connectors.truncate(NAMED);
            let letter = Letter::MachineDigest {
                first_name: reader.attributes.text(Attribute::FirstName).to_owned(),
                connectors,
                more,
                link: format!("{}{}", self.rules.url, links::SENT_BY_MACHINES),
            };
            letters.push((reader.attributes.text(Attribute::EmailAddress).to_owned(), letter));
        }
        Ok(letters)
    }

    /// How many rows of each connector were not applied, of the submissions that somebody sees: a row that was rejected
    /// belongs to no organisation.
    async fn rejected(
        &self,
        reader: AccountId,
        after: Timestamp,
        through: Timestamp,
    ) -> Result<HashMap<Option<AccountId>, u32>, GateError> {
        let settled = |at: Timestamp| Timestamp(at.0 - SETTLED);
        let db = self.store.reader();
        let scope = Scope::of(&rights::grants_of(db, reader, self.now()).await?, Deed::ReadAuditTrail);
        let ended = submissions::finished_between(db, &scope, settled(after), settled(through));
        let mut rejected = HashMap::new();
        for submission in ended.await? {
            let totals = &submission.totals;
            let rows = totals.with(Outcome::LeftOut) + totals.with(Outcome::Stale);
            *rejected.entry(submission.actor.account()).or_default() += rows;
        }
        Ok(rejected)
    }
}

/// What each connector did, summed over the organisations that one reader is told about.
fn by_connector(
    changes: &[&MachineChanges],
    names: &HashMap<OrganisationCode, String>,
    rejected: &HashMap<Option<AccountId>, u32>,
) -> Vec<ConnectorDigest> {
    let mut of_connector: BTreeMap<(&str, Option<AccountId>), Vec<&MachineChanges>> = BTreeMap::new();
    for change in changes {
        of_connector
            .entry((&change.name, change.connector))
            .or_default()
            .push(change);
    }
    let digest = |((name, connector), changes): ((&str, Option<AccountId>), Vec<&MachineChanges>)| {
        let mut places: Vec<_> = changes
            .iter()
            .filter_map(|change| names.get(&change.organisation))
            .collect();
        places.dedup();
        let organisations = match places.as_slice() {
            [one] => (*one).clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
            [] => String::new(),
        };
        ConnectorDigest {
            name: name.to_owned(),
            organisations,
            created: changes.iter().map(|change| change.created).sum(),
            changed: changes.iter().map(|change| change.changed).sum(),
            rejected: rejected.get(&connector).copied().unwrap_or_default(),
        }
    };
    of_connector.into_iter().map(digest).collect()
}
