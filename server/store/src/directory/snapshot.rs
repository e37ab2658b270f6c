//! Loading what a chunk of requests can touch: a handful of queries, however many rows there are.

mod accounts;
mod alike;
mod codes;
pub(crate) mod contacts;
mod customers;
mod grants;
mod hold;
mod holders;
mod lives;
mod notes_names;
mod past;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    account::sign_in_name,
    change_file::{Action, ChangeRow, Field},
    channel::Channel,
    customer::Customer,
    dictionary::Attribute,
    event::AccountFact,
    look_alike::{self, FoldedName},
    organisation::{Organisation, OrganisationStatus},
    plan::{FileKeys, KnownOrganisation, Snapshot},
    policy::{Authority, Scope},
    request::{Cells, ChangeRequest, RoleWish, Wish},
    rules::Rules,
    values::{
        address_candidates::candidates,
        day::Day,
        email_address::EmailAddress,
        ids::{AccountId, Timestamp},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{ExprTrait, UnionType},
};
use tokio::try_join;
use uuid::Uuid;

pub use self::{hold::Hold, holders::of as holders_of};

use self::{
    accounts::{PointedAt, find_accounts, holders_of_addresses, roots_of},
    alike::Asked,
    codes::{code, code_of},
};
use crate::{
    Rounds, StoreError,
    directory::{
        aliases::with_aliases,
        organisations::{self, Changes},
        person_columns,
        scope::within,
    },
    entities::{account, address, private_address},
    lists::padded,
};

/// What the loader is told besides the requests.
#[derive(Clone, Debug)]
pub struct Known {
    /// The operator's numbers and lists.
    pub rules: Arc<Rules>,
    /// The way the submission came in.
    pub channel: Channel,
    /// What the file says of its own keys so far.
    pub file: FileKeys,
    /// The moment it is.
    pub now: Timestamp,
    /// Who asks, with their rights at this moment; they see their own account whatever their scope.
    pub asker: Authority,
    /// Writes a day as people read it.
    pub day: fn(Timestamp) -> String,
    /// When a day of the calendar begins; none if it lies outside.
    pub begins: fn(Day) -> Option<Timestamp>,
    /// Where it is said, of those who look like a new person of their organisation only these are told of.
    pub among: Option<HashSet<Uuid>>,
}

/// Loads the snapshot for a chunk of requests, within a scope.
///
/// # Errors
/// When the database fails.
pub async fn load(
    db: &impl ConnectionTrait,
    scope: &Scope,
    known: Known,
    requests: &[ChangeRequest],
    hold: Hold,
) -> Result<Snapshot, StoreError> {
    let rounds = Rounds::of(db);
    rounds.ask(Box::pin(read(&rounds, scope, known, requests, hold))).await
}

/// Reads it in rounds. What is held is held in one order, and so is asked for by itself.
async fn read(
    db: &impl ConnectionTrait,
    scope: &Scope,
    known: Known,
    requests: &[ChangeRequest],
    hold: Hold,
) -> Result<Snapshot, StoreError> {
    let Known {
        rules,
        channel,
        file,
        now,
        asker,
        day,
        begins,
        among,
    } = known;
    let own = asker.actor().account();
    let past = Box::pin(past::load(db, requests)).await?;
    let keys = Keys::of(requests, &rules).with_past(&past);
    let customers = Box::pin(customers::named(db, requests, &keys.hosts, hold)).await?;
    let keys = keys.with_customers(requests, &customers, &rules);
    if hold == Hold::Locked {
        hold_organisations(db, requests, &keys).await?;
    }
    // What is held already before the accounts: whoever is made in between is found by both or not at all, and not told of
    // as a stranger.
    let (mut known, visible, held, by_address, private_here, reserved, tokens) = try_join!(
        Box::pin(organisations::complete(db, scope, keys.codes.iter().cloned())),
        Box::pin(grants::holders(db, scope, requests)),
        Box::pin(held(db, &keys.stems, &keys.user_names)),
        Box::pin(holders_of_addresses(db, &keys.addresses)),
        Box::pin(private_here(db, scope, &keys.private)),
        Box::pin(lives::reserved(db, requests)),
        Box::pin(grants::tokens(db, requests, now)),
    )?;
    let names = match names_no_code(requests, &known) {
        true => organisations::names(db, scope, MOST_NAMES).await?,
        false => vec![],
    };
    let visible = visible.into_iter().chain(own);
    let mut held_local_ids = holders_of_local_ids(db, roots_of(&known), &keys.local_ids).await?;
    let here: HashSet<_> = held_local_ids
        .iter()
        .map(|(_, local_id, _)| local_id.as_str())
        .collect();
    let pointed_at = PointedAt {
        ids: &keys.ids,
        people: &keys.people,
        local_ids: &here,
        by_address: &by_address,
        known: &known,
    };
    let found = Box::pin(find_accounts(
        db,
        scope,
        visible.collect(),
        pointed_at,
        among.as_ref(),
        hold,
    ))
    .await?;
    let found = Box::pin(notes_names::with_holders(db, scope, requests, found)).await?;
    let contacts = Box::pin(contacts::load(db, scope, requests, hold)).await?;
    let leavers = Box::pin(lives::leavers(db, requests, hold)).await?;
    let named: Vec<_> = requests
        .iter()
        .filter_map(|request| request.wish.account())
        .chain(leavers.iter().map(|leaver| leaver.id))
        .collect();
    let homes = found.iter().map(|row| row.organisation.clone()).chain(contacts.homes());
    let missing: HashSet<_> = homes.filter(|code| !keys.codes.contains(code)).collect();
    let seen: HashSet<Uuid> = found.iter().map(|row| row.id).collect();
    let (at_home, accounts, (holders, last_grants)) = try_join!(
        Box::pin(organisations::complete(db, scope, missing.iter().cloned())),
        Box::pin(with_aliases(db, &found)),
        Box::pin(holders::load(db, requests, &named, &seen, now, hold)),
    )?;
    let more = &roots_of(&at_home) - &roots_of(&known);
    held_local_ids.extend(holders_of_local_ids(db, more, &keys.local_ids).await?);
    known.extend(at_home);
    let holder = |id: Uuid| seen.contains(&id).then_some(AccountId(id));

    let held_addresses = held.iter().filter(|row| keys.stems.contains(&row.stem));
    let held_addresses = held_addresses.map(|row| Ok((person_columns::address(row)?, holder(row.account))));
    let held_addresses: HashMap<_, _> = held_addresses.collect::<Result<_, StoreError>>()?;
    let held_user_names = held.iter().filter(|row| keys.user_names.contains(&row.address));
    let held_user_names = held_user_names.map(|row| (row.address.clone(), holder(row.account)));
    let held_user_names = held_user_names.collect();
    let codes = missing.into_iter().chain(
        requests
            .iter()
            .filter_map(|request| lives::code_asked_for(&request.wish)),
    );
    let codes = codes.chain(leavers.iter().map(|leaver| leaver.organisation.to_string()));
    let elsewhere = lives::elsewhere(db, codes.collect(), &known).await?;
    let held_local_ids = held_local_ids
        .into_iter()
        .map(|(root, local_id, id)| ((root, local_id), holder(id)));
    let held_local_ids = held_local_ids.collect();

    let peopled = organisations::with_people(db, closed(requests, &known)).await?;
    let touched = seen.iter().copied().chain(leavers.iter().map(|leaver| leaver.id.0));
    let in_scope = |organisation| known_in(scope, organisation);
    let of_customers = Box::pin(customers::load(db, requests, customers, &touched.collect(), now)).await?;
    Ok(Snapshot {
        names,
        accounts,
        held_addresses,
        held_user_names,
        held_local_ids,
        private_here,
        organisations: known.into_iter().map(in_scope).collect(),
        contacts: contacts.contacts,
        offers: contacts.offers,
        reserved,
        tokens,
        rules,
        channel,
        file,
        now,
        own,
        asker,
        holders,
        last_grants,
        leavers,
        elsewhere,
        past,
        peopled,
        customers: of_customers.customers,
        subscriptions: of_customers.subscriptions,
        seats: of_customers.seats,
        renaming: of_customers.renaming,
        promised: of_customers.promised,
        storage_used: of_customers.storage_used,
        day,
        begins,
    })
}

/// Nobody comes into an organisation in the moment in which it is closed.
async fn hold_organisations(
    db: &impl ConnectionTrait,
    requests: &[ChangeRequest],
    keys: &Keys,
) -> Result<(), StoreError> {
    let is_organisation =
        |request: &ChangeRequest| matches!(request.wish, Wish::NewOrganisation(_) | Wish::OrganisationInFile(_));
    let changes = match requests.iter().any(is_organisation) {
        true => Changes::Organisations,
        false => Changes::People,
    };
    let mut codes: Vec<_> = keys.codes.iter().cloned().collect();
    codes.sort_unstable();
    organisations::hold(db, codes, changes).await
}

/// What the requests name, as the columns spell it.
#[derive(Default)]
struct Keys {
    ids: HashSet<Uuid>,
    codes: HashSet<String>,
    local_ids: HashSet<String>,
    addresses: HashSet<String>,
    /// Names to sign in with.
    user_names: HashSet<String>,
    stems: HashSet<String>,
    /// Domains of addresses outside the mail domain: customers may own them.
    hosts: HashSet<String>,
    /// Private addresses.
    private: HashSet<String>,
    /// The people of rows that may be new.
    people: Vec<Asked>,
}

impl Keys {
    fn of(requests: &[ChangeRequest], rules: &Rules) -> Self {
        let mut keys = Self::default();
        for request in requests {
            match &request.wish {
                Wish::NewOrganisation(organisation) => {
                    keys.codes.insert(organisation.code.to_string());
                }
                Wish::OrganisationInFile(cells) => {
                    let named = [Attribute::Code, Attribute::Parent].map(|attribute| code_of(cells, attribute));
                    keys.codes.extend(named.into_iter().flatten());
                }
                Wish::Role(_, RoleWish::Grant { organisation, .. } | RoleWish::Revoke { organisation, .. }) => {
                    keys.codes.insert(organisation.to_string());
                }
                Wish::ChangeRow(row) => keys.add_change_row(row),
                Wish::Customer(customer) => {
                    keys.codes.insert(customer.organisation.to_string());
                    keys.ids.extend(customer.connector.map(|connector| connector.0));
                }
                wish if wish.is_about_a_contact() => {
                    keys.codes.extend(wish.cells().and_then(code));
                    keys.codes.extend(lives::code_asked_for(wish));
                }
                wish => {
                    if let Some(cells) = wish.cells() {
                        let may_be_here = matches!(wish, Wish::AccountInFile(_));
                        keys.add(cells, rules, may_be_here);
                    }
                }
            }
            keys.ids.extend(request.wish.account().map(|account| account.0));
        }
        keys
    }

    /// The keys that accounts would take back, and the organisations that they would go back to.
    fn with_past(mut self, past: &past::Past) -> Self {
        for fact in past.values().flatten().map(|(_, event)| &event.fact) {
            if let Some(AccountFact::Moved { from, .. }) = fact.of_account() {
                self.codes.insert(from.to_string());
            }
            for change in fact.changes() {
                let Some(before) = &change.before else { continue };
                match change.attribute {
                    Attribute::LocalId => _ = self.local_ids.insert(before.to_string()),
                    Attribute::UserName => _ = self.user_names.insert(sign_in_name(before.as_str())),
                    Attribute::EmailAddress => {
                        self.stems
                            .extend(EmailAddress::parse(before.as_str()).ok().map(|own| own.stem()));
                    }
                    _ => {}
                }
            }
        }
        self
    }

    /// The organisations of the customers, and the people whom change files bring into them.
    fn with_customers(mut self, requests: &[ChangeRequest], customers: &[Customer], rules: &Rules) -> Self {
        let rows = requests.iter().filter_map(|request| request.wish.change_row());
        for row in rows.filter(|row| row.what() == Some(Action::Add)) {
            if let Some(home) = customers.iter().find(|customer| customer.number == row.customer) {
                let given = row.fields.iter();
                let given = given.filter_map(|(field, text)| Some((field.attribute()?, text.as_str())));
                let cells = Cells::of(given.chain([(Attribute::Organisation, home.organisation.as_str())]));
                self.add(&cells, rules, true);
            }
        }
        let codes = customers.iter().map(|customer| customer.organisation.to_string());
        self.codes.extend(codes);
        self
    }

    /// The addresses of a change file's row: its person's, whom their content goes to, and another one of its person's.
    fn add_change_row(&mut self, row: &ChangeRow) {
        let given = [Field::EmailAddress, Field::AltEmailAddress, Field::AssignTo];
        let given = given.into_iter().filter_map(|field| row.filled(field));
        for address in given.filter_map(|text| EmailAddress::parse(text).ok()) {
            self.stems.insert(address.stem());
            self.addresses.insert(address.as_str().to_owned());
        }
    }

    fn add(&mut self, cells: &Cells, rules: &Rules, may_be_here: bool) {
        let value = |attribute: Attribute| {
            let value = attribute.parse(cells.text(attribute), cells.separator, rules).ok()?;
            (!value.as_str().is_empty()).then(|| value.to_string())
        };
        self.private.extend(value(Attribute::ActivationEmail));
        let id = value(Attribute::AccountId).and_then(|id| id.parse::<Uuid>().ok());
        let local_id = value(Attribute::LocalId);
        let address = value(Attribute::EmailAddress).and_then(|given| EmailAddress::parse(&given).ok());
        self.ids.extend(id);
        self.codes.extend(code(cells));
        self.local_ids.extend(local_id.clone());
        if let Some(given) = &address {
            self.stems.insert(given.stem());
            self.addresses.insert(given.as_str().to_owned());
            let is_outside = !rules.mail_domain.holds(given);
            self.hosts.extend(is_outside.then(|| given.host().to_owned()));
        }
        // One that is an address here is asked for as the address of somebody new.
        if let Some(name) = value(Attribute::UserName) {
            self.stems.extend(EmailAddress::parse(&name).ok().map(|own| own.stem()));
            self.user_names.insert(sign_in_name(&name));
        }
        // As the plan will read them: a tab or a no-break space in a name is an ordinary space.
        let (first, last) = cells.names();
        let name = |attribute: Attribute, text: &str| {
            let read = attribute.parse(text, cells.separator, rules);
            read.map(|name| name.to_string()).unwrap_or_default()
        };
        let first = &name(Attribute::FirstName, &first);
        let last = &name(Attribute::LastName, &last);
        let best = candidates(first, last, &rules.mail_domain).and_then(|mut all| all.next());
        self.stems.extend(best.map(|best| best.stem()));
        let Some(code) = code(cells).filter(|_| id.is_none()) else {
            return;
        };
        self.people.push(Asked {
            may_be_here,
            code,
            local_id,
            address: address.map(|address| address.as_str().to_owned()),
            name: FoldedName::of(first, last),
            facts: look_alike::FACTS
                .into_iter()
                .filter_map(|fact| Some((fact, value(fact)?)))
                .collect(),
        });
    }
}

/// Names of organisations that a text is compared with: more than any administrator manages, but for those of everything.
const MOST_NAMES: u64 = 20_000;

/// Whether a row of a file gives something else than the code of one of these organisations: it may be a name.
fn names_no_code(requests: &[ChangeRequest], known: &[Organisation]) -> bool {
    let known: HashSet<_> = known.iter().map(|organisation| organisation.code.as_str()).collect();
    requests.iter().any(|request| match &request.wish {
        Wish::AccountInFile(cells) => {
            let is_given = !cells.text(Attribute::Organisation).trim().is_empty();
            is_given && code(cells).is_none_or(|code| !known.contains(code.as_str()))
        }
        _ => false,
    })
}

/// The codes of the open organisations that rows close.
fn closed(requests: &[ChangeRequest], known: &[Organisation]) -> Vec<String> {
    let is_open = |organisation: &&Organisation| organisation.status == OrganisationStatus::Open;
    let open: HashSet<_> = known.iter().filter(is_open).map(|open| open.code.as_str()).collect();
    let closed = requests.iter().filter_map(|request| match &request.wish {
        Wish::OrganisationInFile(cells) => {
            let status = OrganisationStatus::parse(&cells.key(Attribute::Status).unwrap_or_default());
            code_of(cells, Attribute::Code).filter(|_| status == Some(OrganisationStatus::Closed))
        }
        _ => None,
    });
    closed.filter(|code| open.contains(code.as_str())).collect()
}

/// Who holds which local ID, with its tree's root.
async fn holders_of_local_ids(
    db: &impl ConnectionTrait,
    roots: HashSet<String>,
    local_ids: &HashSet<String>,
) -> Result<Vec<(String, String, Uuid)>, StoreError> {
    if local_ids.is_empty() || roots.is_empty() {
        return Ok(vec![]);
    }
    let here = account::Column::Root.is_in(padded(roots));
    let held = account::Entity::find()
        .select_only()
        .columns([account::Column::Root, account::Column::LocalId, account::Column::Id])
        .filter(here.and(account::Column::LocalId.is_in(padded(local_ids))));
    Ok(held.into_tuple().all(db).await?)
}

/// The addresses of these stems, and what is held of these names to sign in with, as a name or as an address.
async fn held(
    db: &impl ConnectionTrait,
    stems: &HashSet<String>,
    names: &HashSet<String>,
) -> Result<Vec<address::Model>, StoreError> {
    let of_stems = || address::Entity::find().filter(address::Column::Stem.is_in(padded(stems)));
    let of_names = || address::Entity::find().filter(address::Column::Address.is_in(padded(names)));
    match (stems.is_empty(), names.is_empty()) {
        (true, true) => Ok(vec![]),
        (false, true) => Ok(of_stems().all(db).await?),
        (true, false) => Ok(of_names().all(db).await?),
        (false, false) => {
            // One after the other, so that each asks its index.
            let mut either = of_stems().into_query();
            either.union(UnionType::All, of_names().into_query());
            let rows = db.query_all(&either).await?;
            let rows = rows.iter().map(|row| address::Model::from_query_result(row, ""));
            Ok(rows.collect::<Result<_, _>>()?)
        }
    }
}

/// Of the people of a scope whose links go to private addresses, those who were given one of these.
async fn private_here(
    db: &impl ConnectionTrait,
    scope: &Scope,
    private: &HashSet<String>,
) -> Result<HashMap<EmailAddress, (AccountId, String)>, StoreError> {
    if private.is_empty() {
        return Ok(HashMap::new());
    }
    let person = private_address::Entity::belongs_to(account::Entity)
        .from(private_address::Column::Account)
        .to(account::Column::Id);
    let given: Vec<(String, Uuid)> = private_address::Entity::find()
        .select_only()
        .columns([private_address::Column::Address, private_address::Column::Account])
        .join(JoinType::InnerJoin, person.into())
        .filter(private_address::Column::Address.is_in(padded(private)))
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ))
        .order_by_asc(private_address::Column::Account)
        .into_tuple()
        .all(db)
        .await?;
    // One is named of those who share an address, however many they are.
    let mut first: HashMap<Uuid, EmailAddress> = HashMap::new();
    let mut told = HashSet::new();
    for (address, person) in given {
        if let Ok(parsed) = EmailAddress::parse(&address)
            && told.insert(address)
        {
            first.insert(person, parsed);
        }
    }
    if first.is_empty() {
        return Ok(HashMap::new());
    }
    let people = account::Entity::find().filter(account::Column::Id.is_in(padded(first.keys().copied())));
    let mut here = HashMap::new();
    for person in people.all(db).await? {
        if let Some(address) = first.remove(&person.id) {
            let name = person_columns::account(&person, vec![])?.full_name();
            here.insert(address, (AccountId(person.id), name));
        }
    }
    Ok(here)
}

/// An organisation with as much of it as the scope covers.
fn known_in(
    scope: &Scope,
    mut organisation: Organisation,
) -> (domain::organisation::OrganisationCode, KnownOrganisation) {
    let whole = scope.covers_whole(&organisation.path);
    if !whole {
        let own: Vec<_> = scope.units_of(&organisation.path).cloned().collect();
        organisation.units.retain(|unit| own.iter().any(|top| top.covers(unit)));
    }
    (organisation.code.clone(), KnownOrganisation { organisation, whole })
}
