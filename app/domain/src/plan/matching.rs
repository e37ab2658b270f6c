//! Finding the account a row is about: by ID, else by local ID within the tree, else by address (never by name).

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use super::{FileKeys, HeldRole, PlannedRow, Snapshot, carried::Taking, naming::Names};
use crate::{
    account::{self, Account},
    dictionary::{Attribute, Attributes},
    look_alike::{Crowd, Likeness, MOST_OF_ONE_NAME},
    organisation::{Organisation, OrganisationCode},
    problem::{Kind, Problem},
    values::{
        address_candidates::Candidates,
        email_address::EmailAddress,
        ids::{AccountId, RowNumber},
    },
};

/// As many look-alikes as a row names; it may be one of its crowd itself.
pub(super) const MOST_LOOK_ALIKES: usize = MOST_OF_ONE_NAME - 1;

/// The snapshot with its indexes, and what the rows planned so far have claimed.
pub(super) struct World<'a> {
    pub(super) snapshot: &'a Snapshot,
    by_id: HashMap<AccountId, &'a Account>,
    by_local_id: HashMap<(String, &'a str), &'a Account>,
    by_address: HashMap<&'a str, &'a Account>,
    /// Whom new people may be; made when somebody new is looked at.
    crowd: OnceCell<Crowd<&'a Account>>,
    names: Names<'a>,
    /// As [`FileKeys::reached`], of this plan.
    reached: RefCell<HashMap<String, u32>>,
    /// What the rows planned with this world have taken, as `snapshot.file` holds what earlier ones took.
    here: FileKeys,
    /// What they have taken of seats and of extra storage.
    pub(super) taking: Taking,
}

impl<'a> World<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let mut world = Self {
            snapshot,
            by_id: HashMap::new(),
            by_local_id: HashMap::new(),
            by_address: HashMap::new(),
            crowd: OnceCell::new(),
            names: Names::of(&snapshot.names),
            reached: RefCell::default(),
            here: FileKeys::default(),
            taking: Taking::default(),
        };
        for account in &snapshot.accounts {
            world.index(account);
        }
        world
    }

    fn index(&mut self, account: &'a Account) {
        self.by_id.insert(account.id, account);
        let root = self
            .snapshot
            .organisations
            .get(&account.organisation)
            .map(|known| known.organisation.path.root());
        if let (Some(root), Some(local_id)) = (root, account.attributes.get(Attribute::LocalId)) {
            self.by_local_id.insert((root.to_owned(), local_id.as_str()), account);
        }
        let address = account
            .attributes
            .get(Attribute::EmailAddress)
            .map(|address| address.as_str());
        for address in address
            .into_iter()
            .chain(account.aliases.iter().map(EmailAddress::as_str))
        {
            self.by_address.insert(address, account);
        }
    }

    /// The accounts of the scope, by what they look like; but for those whom a change file has made by its earlier rows.
    fn crowd(&self) -> &Crowd<&'a Account> {
        let snapshot = self.snapshot;
        self.crowd.get_or_init(|| {
            let mut crowd = Crowd::default();
            let made = &snapshot.file.carried.made;
            for account in snapshot.accounts.iter().filter(|account| !made.contains(&account.id)) {
                if let Some(home) = self.home(account) {
                    crowd.add(Likeness::of(home, &account.attributes), account);
                }
            }
            crowd
        })
    }

    /// An organisation of the scope.
    pub(super) fn organisation(&self, code: &OrganisationCode) -> Option<&'a Organisation> {
        self.snapshot.organisations.get(code).map(|known| &known.organisation)
    }

    /// An organisation of the scope, or one beyond it that is known for what comes from there or goes there.
    pub(super) fn anywhere(&self, code: &OrganisationCode) -> Option<&'a Organisation> {
        self.organisation(code).or(self.snapshot.elsewhere.get(code))
    }

    /// Whether the asker may do there, in all of it, what they ask for.
    pub(super) fn looks_after(&self, code: &OrganisationCode) -> bool {
        let known = self.snapshot.organisations.get(code);
        known.is_some_and(|known| known.whole)
    }

    /// Where an account of the scope belongs.
    pub(super) fn home(&self, account: &Account) -> Option<&'a Organisation> {
        self.organisation(&account.organisation)
    }

    /// The root of an organisation's tree.
    pub(super) fn root(&self, code: &OrganisationCode) -> Option<&'a str> {
        self.anywhere(code).map(|organisation| organisation.path.root())
    }

    /// The roles that an account holds.
    pub(super) fn roles(&self, account: AccountId) -> Vec<HeldRole> {
        self.snapshot.holders.roles_of(account).to_vec()
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&'a Account> {
        self.by_id.get(&id).copied()
    }

    /// The account that the row's keys point at, first key first; with the attribute that found it.
    pub(super) fn find(&self, keys: &Keys<'_>) -> Result<Option<(Attribute, &'a Account)>, Kind> {
        if let Some(id) = keys.id {
            return self
                .account(id)
                .map(|account| Some((Attribute::AccountId, account)))
                .ok_or(Kind::UnknownId);
        }
        let by_local_id = keys
            .local_id
            .zip(keys.organisation)
            .and_then(|(local_id, organisation)| {
                self.by_local_id
                    .get(&(organisation.path.root().to_owned(), local_id))
                    .copied()
            });
        if let Some(account) = by_local_id {
            return Ok(Some((Attribute::LocalId, account)));
        }
        Ok(keys
            .address
            .and_then(|address| self.by_address.get(address))
            .map(|account| (Attribute::EmailAddress, *account)))
    }

    /// Who holds a local ID in an organisation's tree: nobody, somebody seen, or somebody out of sight.
    pub(super) fn holder_of_local_id(&self, organisation: &Organisation, local_id: &str) -> Holder {
        let key = (organisation.path.root().to_owned(), local_id.to_owned());
        Holder::from(self.snapshot.held_local_ids.get(&key))
    }

    /// The earlier row of the file that gives somebody a local ID in the same tree, and the organisation that it is for.
    pub(super) fn row_with_local_id(
        &self,
        organisation: &Organisation,
        local_id: &str,
    ) -> Option<(RowNumber, OrganisationCode)> {
        let key = (organisation.path.root().to_owned(), local_id.to_owned());
        let in_file = self.snapshot.file.local_ids.get(&key);
        in_file.or_else(|| self.here.local_ids.get(&key)).cloned()
    }

    /// Who holds an address, or has been promised it by an earlier row of the file.
    pub(super) fn holder_of_address(&self, address: &EmailAddress) -> Holder {
        let in_file = self.snapshot.file.promised.get(address);
        match in_file.or_else(|| self.here.promised.get(address)) {
            Some(row) => Holder::Row(*row),
            None => Holder::from(self.snapshot.held_addresses.get(address)),
        }
    }

    /// Who holds a name to sign in with, as a name or as an address, or was given it by an earlier row.
    pub(super) fn holder_of_user_name(&self, name: &str) -> Holder {
        let files = [&self.snapshot.file, &self.here];
        let in_file = files.iter().find_map(|file| file.user_names.get(name));
        match (in_file, EmailAddress::parse(name)) {
            (Some(row), _) => Holder::Row(*row),
            (None, Ok(address)) if files.iter().any(|file| file.promised.contains_key(&address)) => {
                self.holder_of_address(&address)
            }
            _ => Holder::from(self.snapshot.held_user_names.get(name)),
        }
    }

    /// The holder of a key, where the asker may see who it is.
    pub(super) fn seen(&self, holder: Holder) -> Option<&'a Account> {
        match holder {
            Holder::Seen(id) => self.account(id),
            Holder::Nobody | Holder::OutOfSight | Holder::Row(_) => None,
        }
    }

    /// What is wrong with a text that is no code of an organisation that the asker manages: it may be one's name.
    pub(super) fn no_organisation(&self, text: &str) -> Kind {
        match self.names.nearest(text) {
            Some(meant) => Kind::OrganisationByName {
                code: meant.code.clone(),
                name: meant.name.clone(),
            },
            None => Kind::UnknownOrganisation,
        }
    }

    /// The first free address for a name, the promised one where it still is. It is sought from the number on that the
    /// last of that name came to: what is taken stays so.
    pub(super) fn free_address(
        &self,
        attributes: &Attributes,
        promised: Option<&EmailAddress>,
    ) -> Option<EmailAddress> {
        let is_free = |address: &EmailAddress| self.holder_of_address(address) == Holder::Nobody;
        let kept = promised.filter(|address| is_free(address)).cloned();
        kept.or_else(|| {
            let (first, last) = (
                attributes.text(Attribute::FirstName),
                attributes.text(Attribute::LastName),
            );
            let all = Candidates::of(first, last, &self.snapshot.rules.mail_domain)?;
            let stem = all.stem();
            let mut reached = self.reached.borrow_mut();
            let known = reached.get(&stem).or_else(|| self.snapshot.file.reached.get(&stem));
            let from = known.copied().unwrap_or(1);
            let (number, address) = all.starting_at(from).find(|(_, address)| is_free(address))?;
            reached.insert(stem, number);
            Some(address)
        })
    }

    /// Where addresses made from names go on.
    pub(super) fn into_reached(self) -> HashMap<String, u32> {
        self.reached.into_inner()
    }

    pub(super) fn remember(&mut self, planned: &PlannedRow) {
        self.here.remember(planned, &self.snapshot.organisations);
        self.taking.add(&planned.step, &self.snapshot.subscriptions);
    }

    /// The earlier row of the file that is about the same account.
    pub(super) fn earlier_row(&self, account: AccountId, row: RowNumber) -> Option<RowNumber> {
        let claimed = |file: &FileKeys| file.claimed.get(&account).copied().filter(|earlier| *earlier != row);
        claimed(&self.snapshot.file).or_else(|| claimed(&self.here))
    }

    /// People of the scope, and of the file so far, whom a new person looks like; those of the same organisation first.
    pub(super) fn look_alikes(&self, row: RowNumber, home: &Organisation, attributes: &Attributes) -> Vec<Problem> {
        let new = Likeness::of(home, attributes);
        // A name that dozens share is told by its first few.
        let mut alike: Vec<_> = self.crowd().alike(&new).collect();
        // People with the very name come before those who nearly have it, and people who are here before others.
        alike.sort_by_key(|(other, _)| (!new.has_name_of(other), *other.organisation() != home.code));
        let mut warnings: Vec<_> = alike
            .into_iter()
            .take(MOST_LOOK_ALIKES)
            .map(|(other, account)| looks_like(row, account, self.other_place(home, other.organisation())))
            .collect();
        // Two rows with local IDs of their own are two people on their sender's word.
        if attributes.get(Attribute::LocalId).is_none() {
            let (before, here) = (&self.snapshot.file.newcomers, &self.here.newcomers);
            let newcomers = before.alike(&new).chain(here.alike(&new));
            let name = account::full_name(attributes);
            let kind = |other: &Likeness, other_row: RowNumber| Kind::LooksLikeRow {
                other: other_row,
                name: name.clone(),
                organisation: self.other_place(home, other.organisation()),
            };
            warnings.extend(
                newcomers
                    .filter(|(_, other_row)| *other_row != row)
                    .take(MOST_LOOK_ALIKES)
                    .map(|(other, other_row)| Problem::in_row(row, kind(other, *other_row))),
            );
        }
        warnings
    }

    /// The name of an organisation of the scope, where it is another than `home`.
    pub(super) fn other_place(&self, home: &Organisation, code: &OrganisationCode) -> Option<String> {
        let known = self.organisation(code);
        let name = || known.map_or_else(|| code.to_string(), |place| place.name.clone());
        (*code != home.code).then(name)
    }
}

/// The warning of a row that is about somebody new who may be here already; `organisation` is named where it is another.
#[must_use]
pub fn looks_like(row: RowNumber, other: &Account, organisation: Option<String>) -> Problem {
    let kind = Kind::LooksLike {
        account: other.id,
        name: other.full_name(),
        local_id: other.attributes.text(Attribute::LocalId).to_owned(),
        address: other.attributes.text(Attribute::EmailAddress).to_owned(),
        organisation,
    };
    Problem::in_row(row, kind)
}

/// The keys of a row, as far as they could be read.
pub(super) struct Keys<'a> {
    pub(super) id: Option<AccountId>,
    pub(super) organisation: Option<&'a Organisation>,
    pub(super) local_id: Option<&'a str>,
    pub(super) address: Option<&'a str>,
}

/// Who holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Nobody,
    Seen(AccountId),
    /// Somebody of an earlier row of the file.
    Row(RowNumber),
    OutOfSight,
}

impl Holder {
    fn from(entry: Option<&Option<AccountId>>) -> Self {
        match entry {
            None => Self::Nobody,
            Some(None) => Self::OutOfSight,
            Some(Some(account)) => Self::Seen(*account),
        }
    }

    /// Whether the key is free for this account: nobody's, or its own.
    pub(super) fn is_free_for(self, account: Option<AccountId>) -> bool {
        match self {
            Self::Nobody => true,
            Self::Seen(holder) => Some(holder) == account,
            Self::OutOfSight | Self::Row(_) => false,
        }
    }
}
