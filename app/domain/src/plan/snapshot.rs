//! What a plan knows of the world: loaded by the store, within the asker's scope, for one chunk of requests.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{AccountStep, Carried, PlannedRow, RowKind, Step};
use crate::{
    account::{self, Account},
    channel::Channel,
    contact::Contact,
    customer::{Customer, CustomerNumber},
    dictionary::Attribute,
    event::Event,
    look_alike::{Crowd, Likeness},
    offer::Offer,
    organisation::{Organisation, OrganisationCode},
    policy::{Authority, Holders},
    rules::Rules,
    subscription::{KnownSubscription, Seat, SubscriptionNumber},
    values::{
        day::Day,
        email_address::EmailAddress,
        ids::{AccountId, GrantId, RowNumber, Timestamp, TokenId},
    },
};

/// The part of the world that a chunk of requests can touch.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The operator's numbers and lists.
    pub rules: Arc<Rules>,
    /// The way the submission came in.
    pub channel: Channel,
    /// The organisations of the scope that the requests name.
    pub organisations: HashMap<OrganisationCode, KnownOrganisation>,
    /// The names of the scope's organisations, where a request gives something else than the code of one.
    pub names: Vec<OrganisationName>,
    /// The accounts of the scope that any request points at or looks like.
    pub accounts: Vec<Account>,
    /// Addresses that are not free, with their holder where the scope shows one: every address ever held counts.
    pub held_addresses: HashMap<EmailAddress, Option<AccountId>>,
    /// Names to sign in with that requests ask for and that are not free, because they are somebody's name or address; with
    /// their holder where the scope shows one.
    pub held_user_names: HashMap<String, Option<AccountId>>,
    /// Local IDs that are not free, by the tree's root, with their holder where the scope shows one.
    pub held_local_ids: HashMap<(String, String), Option<AccountId>>,
    /// Private addresses to which links of people of the scope go, as far as requests give them: whose, with their name.
    pub private_here: HashMap<EmailAddress, (AccountId, String)>,
    /// What the whole file says of its own keys.
    pub file: FileKeys,
    /// The moment it is.
    pub now: Timestamp,
    /// The asker's own account.
    pub own: Option<AccountId>,
    /// The contacts that any request names, of the scope or offered to it.
    pub contacts: Vec<Contact>,
    /// The open offers of those contacts.
    pub offers: Vec<Offer>,
    /// Who asks, with their rights at this moment.
    pub asker: Authority,
    /// The roles of the accounts that requests may touch.
    pub holders: Holders,
    /// Those of their grants without which an organisation has no Primary Local Administrator, or the service no Global
    /// Administrator.
    pub last_grants: HashSet<GrantId>,
    /// Leavers of other organisations whose exact address a request gives.
    pub leavers: Vec<Account>,
    /// Organisations out of the scope whose exact code a request gives, for those who may send something there, and
    /// those that leavers and offered contacts come from.
    pub elsewhere: HashMap<OrganisationCode, Organisation>,
    /// Addresses whose reservation is over.
    pub reserved: Vec<Reserved>,
    /// The good API tokens of the accounts whose tokens requests make or revoke, each with its name.
    pub tokens: Vec<(AccountId, TokenId, String)>,
    /// What happened to the accounts for which events are to be undone, from those events on: oldest first, by number.
    pub past: HashMap<AccountId, Vec<(i64, Event)>>,
    /// Of the organisations that requests close, those that people belong to.
    pub peopled: HashSet<OrganisationCode>,
    /// The customers of the scope that requests need.
    pub customers: Vec<Customer>,
    /// The subscriptions of those customers, and how many of their seats are taken.
    pub subscriptions: HashMap<SubscriptionNumber, KnownSubscription>,
    /// The seats of the accounts that requests may touch.
    pub seats: HashMap<AccountId, Vec<Seat>>,
    /// The accounts of those whose persons have been asked whether another address is theirs, and have not said so yet.
    pub renaming: HashSet<AccountId>,
    /// The addresses that were promised to people by renames, as far as requests name them. One counts while its person's
    /// rename waits.
    pub promised: HashMap<EmailAddress, AccountId>,
    /// The gigabytes of extra storage that the live seats of those customers have: for collaboration, for mail.
    pub storage_used: HashMap<CustomerNumber, (u32, u32)>,
    /// Writes a day as people read it.
    pub day: fn(Timestamp) -> String,
    /// When a day of the calendar begins; none if it lies outside.
    pub begins: fn(Day) -> Option<Timestamp>,
}

/// The addresses of an erased account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Whose they were.
    pub account: AccountId,
    /// Where it belonged.
    pub organisation: OrganisationCode,
    /// Which.
    pub addresses: Vec<EmailAddress>,
}

/// An organisation of the scope, and how much of it the scope covers.
#[derive(Clone, Debug)]
pub struct KnownOrganisation {
    /// The organisation; its units are those of the scope.
    pub organisation: Organisation,
    /// All of it; otherwise a person must be in one of its units.
    pub whole: bool,
}

/// What an organisation of the scope is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationName {
    /// Which.
    pub code: OrganisationCode,
    /// Its name.
    pub name: String,
    /// Its name where there is little room.
    pub short_name: String,
}

/// What is known of a file's keys beyond the chunk: collected while it is read and planned.
#[derive(Clone, Debug, Default)]
pub struct FileKeys {
    /// Rows that give the same key, by row: the first other row that does.
    pub repeated: HashMap<RowNumber, (Attribute, RowNumber)>,
    /// Rows that give the same private address, by row: the first other row that does.
    pub private: HashMap<RowNumber, RowNumber>,
    /// Addresses promised to earlier rows.
    pub promised: HashMap<EmailAddress, RowNumber>,
    /// Names to sign in with that earlier rows give to somebody, as [`account::sign_in_name`] writes them.
    pub user_names: HashMap<String, RowNumber>,
    /// Local IDs that earlier rows give to somebody, by the tree's root: in which row, for which organisation.
    pub local_ids: HashMap<(String, String), (RowNumber, OrganisationCode)>,
    /// Accounts that earlier rows are about.
    pub claimed: HashMap<AccountId, RowNumber>,
    /// Of addresses made from names, by the one without a number: the first number that may be free.
    pub(super) reached: HashMap<String, u32>,
    /// New people of earlier rows.
    pub(super) newcomers: Crowd<RowNumber>,
    /// What earlier rows have come to, where rows build on one another.
    pub carried: Carried,
}

impl FileKeys {
    /// What a file's first reading has found.
    #[must_use]
    pub fn with_repeated(repeated: HashMap<RowNumber, (Attribute, RowNumber)>) -> Self {
        Self {
            repeated,
            ..Self::default()
        }
    }

    /// The same with the rows that share a private address.
    #[must_use]
    pub fn with_private(self, private: HashMap<RowNumber, RowNumber>) -> Self {
        Self { private, ..self }
    }

    /// Remembers what a planned row takes, so that no later row takes it again.
    pub fn remember(&mut self, planned: &PlannedRow, organisations: &HashMap<OrganisationCode, KnownOrganisation>) {
        // A row that is rejected is about its person all the same; one that was skipped is about nobody.
        let rejected = planned
            .matched
            .as_ref()
            .filter(|_| planned.step.kind() == RowKind::Problem);
        if let Some(account) = planned.step.account().or(rejected.map(|matched| matched.account)) {
            self.claimed.entry(account).or_insert(planned.row);
        }
        let (organisation, given) = match &planned.step {
            Step::CreateAccount {
                organisation,
                attributes,
                ..
            } => {
                if let Some(home) = organisations.get(organisation) {
                    let likeness = Likeness::of(&home.organisation, attributes);
                    self.newcomers.add(likeness, planned.row);
                }
                (organisation, attributes.clone())
            }
            Step::Account(of, AccountStep::Update { changes, .. }) => {
                let given = changes
                    .iter()
                    .filter_map(|change| Some((change.attribute, change.after.clone()?)));
                (&of.organisation, given.collect())
            }
            _ => return,
        };
        if let Ok(address) = EmailAddress::parse(given.text(Attribute::EmailAddress)) {
            self.promised.entry(address).or_insert(planned.row);
        }
        let user_name = account::sign_in_name(given.text(Attribute::UserName));
        if !user_name.is_empty() {
            // Nobody else gets the address that it is.
            if let Ok(address) = EmailAddress::parse(&user_name) {
                self.promised.entry(address).or_insert(planned.row);
            }
            self.user_names.entry(user_name).or_insert(planned.row);
        }
        let root = organisations
            .get(organisation)
            .map(|known| known.organisation.path.root().to_owned());
        let local_id = given.get(Attribute::LocalId).map(ToString::to_string);
        if let Some(key) = root.zip(local_id) {
            let there = || (planned.row, organisation.clone());
            self.local_ids.entry(key).or_insert_with(there);
        }
    }
}
