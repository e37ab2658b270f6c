//! The sync service as the gate gives it: a connector's program reads the people of its scope, and asks for one change at a
//! time. Each change is a submission of one row, planned, authorised and applied at once.

mod applying;
mod feed;
mod keys;
mod proposing;
mod reading;
mod trial;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    account::{Account, AccountStatus},
    channel::Channel,
    connector::{ConnectorSettings, ProposalKind},
    contact::Contact,
    dictionary::{Attribute, CLEAR},
    lookup::Condition,
    organisation::{Organisation, OrganisationStatus},
    plan::Step,
    policy::{Authority, Deed, Scope, ScopePart},
    problem::Problem,
    request::Cells,
    subscription::Seat,
    values::ids::{AccountId, Timestamp},
};
use store::{
    ConnectionTrait,
    access::connectors,
    directory::{
        organisations,
        synced::{Reader, Sort, Whom},
    },
};
use uuid::Uuid;

pub use self::{
    feed::{SyncChange, SyncChanged, SyncFeed},
    proposing::SyncSubject,
};
use crate::{GateError, Visit};

/// Organisations that a connection names; of more it only says that there are more.
pub const ORGANISATIONS_NAMED: usize = 201;

/// How often something is tried again where another came first.
const TRIES: usize = 8;

/// A connector's visit to the sync service, within all of its organisations or below one.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The account that holds the role.
    pub connector: AccountId,
    /// How it is answered.
    pub settings: ConnectorSettings,
    /// Whether it may disable accounts somewhere.
    pub may_disable: bool,
    /// Where it reads and writes.
    pub(super) scope: Scope,
    /// The organisation that its address names.
    pub(super) bound: Option<ScopePart>,
}

/// What a connector keeps beside an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncLink {
    /// Its own key.
    pub external_id: Option<String>,
    /// Telephone numbers as it sent them.
    pub as_sent: BTreeMap<Attribute, String>,
    /// Counts the changes of these.
    pub version: i64,
    /// What it last said of each attribute.
    pub asserted: BTreeMap<Attribute, String>,
    /// When it was last noted that the connector speaks of the account.
    pub(super) said_at: Option<Timestamp>,
}

impl SyncLink {
    /// The attributes to which the connector last gave a value: what it never said, or has emptied, is not its own.
    #[must_use]
    pub fn said(&self) -> BTreeSet<Attribute> {
        let has_value = |said: &String| !said.trim().is_empty() && said != CLEAR;
        let said = self.asserted.iter().filter(|(_, said)| has_value(said));
        said.map(|(attribute, _)| *attribute).collect()
    }
}

/// An account as a connector reads it.
#[derive(Clone, Debug)]
pub struct Synced {
    /// The account.
    pub account: Account,
    /// What its organisation is called.
    pub organisation_name: String,
    /// Whether its display name is the one that is made from its names.
    pub display_name_is_made: bool,
    /// What the connector keeps beside it.
    pub link: SyncLink,
    /// When a leaver's account is deleted.
    pub leaver_until: Option<Timestamp>,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub changed: Timestamp,
    /// The seats of subscriptions that its person holds.
    pub seats: Vec<Seat>,
}

/// A contact as a connector reads it.
#[derive(Clone, Debug)]
pub struct SyncedContact {
    /// The contact.
    pub contact: Contact,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub changed: Timestamp,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum SyncSort {
    #[default]
    Id,
    Changed,
    UserName,
    FamilyName,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SyncStart {
    /// At the first.
    #[default]
    First,
    /// With this one, counted from 1.
    Index(u32),
    /// Behind the one with this sorted text and this ID.
    After(String, Uuid),
}

/// What a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct SyncQuery {
    /// They hold together.
    pub conditions: Vec<Condition>,
    /// By what it is sorted.
    pub sort: SyncSort,
    /// The other way round.
    pub descending: bool,
    /// Where the page begins.
    pub start: SyncStart,
    /// The most people of it.
    pub count: u32,
    /// Whether all are counted.
    pub with_total: bool,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct SyncPage<T> {
    /// The people.
    pub people: Vec<T>,
    /// How many there are on all pages, if that was asked.
    pub total: Option<u64>,
    /// Behind whom the next page begins; `None` on the last.
    pub next: Option<(String, Uuid)>,
}

/// What a program asks for.
#[derive(Clone, Debug)]
pub struct SyncWish {
    /// The attributes that are to change, or that a new account is to have.
    pub cells: Cells,
    /// The connector's own key: `None` leaves it, `Some(None)` takes it away.
    pub external_id: Option<Option<String>>,
    /// Whether the account is to be active; `None` leaves it.
    pub active: Option<bool>,
    /// Telephone numbers as they were sent.
    pub as_sent: BTreeMap<Attribute, String>,
    /// Whether it says that the account is active, changed or not; `None` if it says nothing of it.
    pub says_active: Option<bool>,
    /// Whether it says that the account belongs where it is.
    pub stays: bool,
    /// What it says of attributes that have these values already.
    pub repeated: BTreeMap<Attribute, String>,
}

impl SyncWish {
    /// Whether all that it repeats is what the connector is known to say.
    fn repeats_only(&self, asserted: &BTreeMap<Attribute, String>) -> bool {
        let is_known = |(attribute, text): (&Attribute, &String)| asserted.get(attribute) == Some(text);
        self.repeated.iter().all(is_known)
    }

    /// The key that it gives.
    fn new_external_id(&self) -> Option<&str> {
        self.external_id.as_ref()?.as_deref()
    }

    /// Whether it asks for no change.
    fn asks_for_nothing(&self) -> bool {
        self.cells.texts.is_empty() && self.external_id.is_none() && self.active.is_none()
    }

    /// The kinds of proposals of which it says the contrary.
    fn takes_back(&self) -> &'static [ProposalKind] {
        use ProposalKind::{Delete, Disable, Enable, Move};
        match (self.says_active.or(self.active), self.stays) {
            (Some(true), true) => &[Delete, Disable, Move],
            (Some(true), false) => &[Delete, Disable],
            (Some(false), true) => &[Enable, Move],
            (Some(false), false) => &[Enable],
            (None, true) => &[Move],
            (None, false) => &[],
        }
    }
}

impl Default for SyncWish {
    fn default() -> Self {
        Self {
            cells: Cells::of([]),
            external_id: None,
            active: None,
            as_sent: BTreeMap::new(),
            says_active: None,
            stays: false,
            repeated: BTreeMap::new(),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum SyncOutcome {
    /// The account is new.
    Created(Box<Synced>),
    /// The account was changed.
    Changed(Box<Synced>),
    /// The account was so already.
    Unchanged(Box<Synced>),
    /// The connector does not see the account any more; an administrator decides what becomes of it.
    Hidden,
    /// What would come of it.
    Would {
        /// What the plan would do.
        step: Box<Step>,
        /// What somebody should know about it.
        warnings: Vec<Problem>,
    },
    /// It is refused.
    Refused(SyncRefusal),
}

/// A key by which a connector knows somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum KnownKey {
    ExternalId,
    UserName,
    EmailAddress,
    EmployeeNumber,
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncRefusal {
    /// All that is wrong with what was sent.
    Problems(Vec<Problem>),
    /// An account in the scope has the key.
    Known {
        /// Which key.
        key: KnownKey,
        /// Whose it is.
        id: AccountId,
    },
    /// Somebody has the name or the address; where, is not said.
    Taken,
    /// The local ID is that of an account that no program brings back.
    Dormant(AccountStatus),
    /// It may not disable accounts; the administrators have been told.
    MayNotDisable,
    /// It may not disable accounts, and so creates none that are not active.
    MayNotCreateDisabled,
    /// A person disabled the account; the administrators have been told.
    DisabledByPerson,
    /// The person has a role that the connector could not end.
    RoleHolder,
    /// The same of a wish to disable them; the administrators have been told.
    RoleHolderStays,
    /// It is the connector's own account, which no program of it disables, deletes or moves; nobody has been told.
    OwnAccount,
    /// It may not delete accounts; the administrators have been told.
    NoDelete,
    /// An administrator has declined what it asks.
    Declined,
    /// The person is leaving.
    Leaver,
    /// The account is held: only forms of the portal change it.
    Held {
        /// Why.
        reason: String,
    },
    /// A new account of one of several organisations: it must be said of which.
    WhichOrganisation,
    /// So many people would lose access that a person must look at it first.
    Braked,
}

impl SyncRefusal {
    /// The reason in the words of the portal; programs are told it in those of their own.
    #[must_use]
    pub fn in_words(&self) -> String {
        let said = match self {
            Self::Problems(problems) => {
                let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
                return all.join(" ");
            }
            Self::Known { key, .. } => match key {
                KnownKey::ExternalId => "An account with this key of the other system exists already.",
                KnownKey::UserName => "An account with this username exists already.",
                KnownKey::EmailAddress => "An account with this email address exists already.",
                KnownKey::EmployeeNumber => "An account with this local ID exists already.",
            },
            Self::Taken => "This username or email address is not available.",
            Self::Dormant(status) => {
                return format!("An account with this local ID exists and is {}.", status.after_is());
            }
            Self::MayNotDisable => "The connector may not disable accounts.",
            Self::MayNotCreateDisabled => "The connector may not create accounts that are not active.",
            Self::DisabledByPerson => "An administrator disabled this account, so only an administrator can enable it.",
            Self::RoleHolder => "This person has a role, so a connector cannot do this.",
            Self::RoleHolderStays => "This person has a role, so a connector cannot disable their account.",
            Self::OwnAccount => "This is the connector’s own account, which it cannot disable, delete or move.",
            Self::NoDelete => "Requests to delete are refused.",
            Self::Declined => "An administrator has declined this request.",
            Self::Leaver => "This person is leaving. Their account is changed in the portal only.",
            Self::Held { reason } => return format!("This account is held, so it cannot be changed now: {reason}."),
            Self::WhichOrganisation => "The organisation’s code is missing.",
            Self::Braked => "So many people would lose access that an administrator must look at it first.",
        };
        said.to_owned()
    }
}

impl Visit<'_> {
    /// Lets a connector's program in; with the code of an organisation, to this and those below it.
    ///
    /// # Errors
    /// `Denied` where the actor may send nothing through the API; `NotFound` where the organisation is out of their scope.
    pub async fn connect(&self, bound: Option<&str>) -> Result<Connection, GateError> {
        self.connect_with(bound, None).await
    }

    /// The same for a connector of whom it was read already, in this request, how it is answered.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_with(
        &self,
        bound: Option<&str>,
        settings: Option<ConnectorSettings>,
    ) -> Result<Connection, GateError> {
        let connector = self.actor.account().ok_or(GateError::Denied)?;
        let authority = self.authority().await?;
        let all = authority.scope_through(Deed::SendByMachine, Channel::Api);
        if all.is_empty() {
            return Err(GateError::Denied);
        }
        let db = self.gate.store.reader();
        let bound = match bound {
            None => None,
            Some(code) => {
                let found = organisations::complete(db, &all, [code.trim().to_uppercase()]).await?;
                let found = found.into_iter().next().ok_or(GateError::NotFound)?;
                Some(ScopePart {
                    path: found.path,
                    unit: None,
                })
            }
        };
        let scope = narrowed(all, bound.as_ref());
        if scope.is_empty() {
            return Err(GateError::NotFound);
        }
        let settings = match settings {
            Some(settings) => settings,
            None => connectors::of(db, connector).await?,
        };
        Ok(Connection {
            connector,
            settings,
            may_disable: !authority.scope_through(Deed::DisableByMachine, Channel::Api).is_empty(),
            scope,
            bound,
        })
    }

    /// The open organisations of a connection, at most [`ORGANISATIONS_NAMED`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sync_organisations(&self, to: &Connection) -> Result<Vec<Organisation>, GateError> {
        to.organisations(self.gate.store.reader()).await
    }
}

impl Connection {
    /// What it may see, in one spelling: another scope is another text.
    #[must_use]
    pub fn scope_text(&self) -> String {
        if self.scope.everything {
            return "/".to_owned();
        }
        let part = |part: &ScopePart| match &part.unit {
            Some(unit) => format!("{}#{unit}", part.path.as_str()),
            None => part.path.as_str().to_owned(),
        };
        let mut parts: Vec<_> = self.scope.parts.iter().map(part).collect();
        parts.sort();
        parts.dedup();
        parts.join(",")
    }

    /// Its open organisations. Few requests need them, so they are read where they are asked for.
    async fn organisations(&self, db: &impl ConnectionTrait) -> Result<Vec<Organisation>, GateError> {
        let mut named = organisations::list(db, &self.scope, ORGANISATIONS_NAMED as u64).await?;
        named.retain(|organisation| organisation.status == OrganisationStatus::Open);
        Ok(named)
    }

    /// The code of the organisation of somebody new of whom it is not said: that of the address, or the only one; `None`
    /// where it cannot be told.
    async fn only_place(&self, db: &impl ConnectionTrait) -> Result<Option<String>, GateError> {
        if let Some(bound) = &self.bound {
            return Ok(Some(bound.path.code().to_owned()));
        }
        Ok(match self.organisations(db).await?.as_slice() {
            [only] => Some(only.code.to_string()),
            _ => None,
        })
    }

    pub(super) const fn reader(&self) -> Reader<'_> {
        Reader {
            scope: &self.scope,
            connector: self.connector,
            whom: Whom::All,
        }
    }

    /// Where it may write by the rights of this moment.
    fn scope_now(&self, authority: &Authority) -> Scope {
        let all = authority.scope_through(Deed::SendByMachine, Channel::Api);
        narrowed(all, self.bound.as_ref())
    }
}

impl From<SyncSort> for Sort {
    fn from(sort: SyncSort) -> Self {
        match sort {
            SyncSort::Id => Self::Id,
            SyncSort::Changed => Self::Changed,
            SyncSort::UserName => Self::UserName,
            SyncSort::FamilyName => Self::FamilyName,
        }
    }
}

/// What lies in a scope and below an organisation.
fn narrowed(scope: Scope, bound: Option<&ScopePart>) -> Scope {
    match bound {
        None => scope,
        Some(part) => scope.overlap(&Scope {
            everything: false,
            parts: vec![part.clone()],
        }),
    }
}
