//! The plan: what each row would do. Pure: the same snapshot and requests give the same plan, and none makes it fail.
//!
//! A row that cannot be done carries all its problems at once. Checking a row alone is in `check`, finding its account in
//! `matching`; this file decides what the row comes to.

mod check;
mod matching;
mod snapshot;

use serde::{Deserialize, Serialize};

pub use self::snapshot::{FileKeys, KnownOrganisation, Snapshot};
use crate::{
    account::{Account, AccountStatus},
    channel::{Channel, Operation},
    dictionary::{Attribute, Attributes, Value},
    email_address::EmailAddress,
    ids::{AccountId, RowNumber},
    organisation::{Organisation, OrganisationCode, UnitPath},
    policy::Role,
    problem::{Kind, Problem},
    request::{ChangeRequest, Wish},
};

/// What the rows of one submission, or of a chunk of one, would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The way the submission came in.
    pub channel: Channel,
    /// The organisations the steps name, which the snapshot knew.
    pub organisations: Vec<Organisation>,
    /// One entry a request, in the requests' order.
    pub rows: Vec<PlannedRow>,
}

/// What one row would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRow {
    /// The row, in the spreadsheet's own numbers.
    pub row: RowNumber,
    /// Whom the row is about, as far as can be told.
    pub name: String,
    /// What would be done.
    pub step: Step,
    /// What a person must see before it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
}

/// What is done for a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// A new account.
    CreateAccount {
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
        /// A one-time password stands in the row.
        with_password: bool,
    },
    /// A change to an account.
    UpdateAccount {
        /// Which.
        account: AccountId,
        /// Made for this version of it.
        version: i64,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// The unit it belongs to before the change.
        unit: Option<UnitPath>,
        /// What changes; never empty.
        changes: Vec<Change>,
    },
    /// Another status for an account.
    ChangeStatus {
        /// Whose.
        account: AccountId,
        /// Made for this version of it.
        version: i64,
        /// Where it belongs.
        organisation: OrganisationCode,
        /// The unit it belongs to.
        unit: Option<UnitPath>,
        /// What it was.
        before: AccountStatus,
        /// What it will be.
        after: AccountStatus,
    },
    /// The account is already so.
    Nothing {
        /// Which.
        account: AccountId,
    },
    /// A new contact.
    CreateContact {
        /// Where.
        organisation: OrganisationCode,
        /// With what.
        attributes: Attributes,
    },
    /// A new organisation.
    FoundOrganisation {
        /// All of it.
        organisation: Organisation,
    },
    /// A role for an account.
    GrantRole {
        /// Who is to hold it.
        account: AccountId,
        /// The role.
        role: Role,
        /// Over which organisation and those below it.
        organisation: OrganisationCode,
        /// Only over this unit and those below it.
        unit: Option<UnitPath>,
    },
    /// Nothing is done, because of these; never empty.
    LeaveOut {
        /// All of them.
        problems: Vec<Problem>,
    },
}

/// One attribute's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which attribute.
    pub attribute: Attribute,
    /// What it was; none where it had no value.
    pub before: Option<Value>,
    /// What it will be; none where it is emptied.
    pub after: Option<Value>,
}

/// The groups that a review sorts rows into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// Left out because something is wrong.
    Problem,
    /// Something new.
    Create,
    /// Something changed.
    Update,
    /// Already so.
    NoChange,
}

impl RowKind {
    /// Every kind, in the order a review shows them.
    pub const ALL: [Self; 4] = [Self::Problem, Self::Create, Self::Update, Self::NoChange];

    /// Whether applying a row of this kind changes the directory.
    #[must_use]
    pub const fn changes_something(self) -> bool {
        matches!(self, Self::Create | Self::Update)
    }

    /// The kind's name in addresses and tables.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Create => "create",
            Self::Update => "update",
            Self::NoChange => "no-change",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

impl Step {
    /// The operation it is an instance of; none where nothing is done.
    #[must_use]
    pub const fn operation(&self) -> Option<Operation> {
        match self {
            Self::CreateAccount { .. } => Some(Operation::CreateAccount),
            Self::UpdateAccount { .. } => Some(Operation::EditAccount),
            Self::CreateContact { .. } => Some(Operation::CreateContact),
            Self::FoundOrganisation { .. } => Some(Operation::FoundOrganisation),
            Self::ChangeStatus { before, after, .. } => Some(Operation::of_status_change(*before, *after)),
            Self::GrantRole { .. } => Some(Operation::GrantRole),
            Self::Nothing { .. } | Self::LeaveOut { .. } => None,
        }
    }

    /// The group a review puts it in.
    #[must_use]
    pub const fn kind(&self) -> RowKind {
        match self {
            Self::LeaveOut { .. } => RowKind::Problem,
            Self::UpdateAccount { .. } | Self::ChangeStatus { .. } => RowKind::Update,
            Self::Nothing { .. } => RowKind::NoChange,
            Self::CreateAccount { .. } | Self::CreateContact { .. } => RowKind::Create,
            Self::FoundOrganisation { .. } | Self::GrantRole { .. } => RowKind::Create,
        }
    }

    /// The account that is already here and that the step is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::UpdateAccount { account, .. }
            | Self::ChangeStatus { account, .. }
            | Self::Nothing { account }
            | Self::GrantRole { account, .. } => Some(*account),
            _ => None,
        }
    }

    /// The address a new account would get.
    #[must_use]
    pub fn new_address(&self) -> Option<EmailAddress> {
        match self {
            Self::CreateAccount { attributes, .. } => {
                EmailAddress::parse(attributes.text(Attribute::EmailAddress)).ok()
            }
            _ => None,
        }
    }

    /// Its problems; none where it can be done.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::LeaveOut { problems } => problems,
            _ => &[],
        }
    }
}

/// Plans each request against what is known of the world.
#[must_use]
pub fn plan(snapshot: &Snapshot, requests: &[ChangeRequest]) -> Plan {
    let mut world = matching::World::of(snapshot);
    let mut rows = Vec::with_capacity(requests.len());
    for request in requests {
        let planned = plan_row(&world, request);
        world.remember(&planned);
        rows.push(planned);
    }
    let organisations = snapshot
        .organisations
        .values()
        .map(|known| known.organisation.clone())
        .collect();
    Plan {
        channel: snapshot.channel,
        organisations,
        rows,
    }
}

fn plan_row(world: &matching::World<'_>, request: &ChangeRequest) -> PlannedRow {
    let row = request.row;
    let planned = match &request.wish {
        Wish::Account(cells) => check::account(world, row, cells, request.promised.as_ref()),
        Wish::Contact(cells) => check::contact(world, row, cells),
        Wish::Organisation(organisation) => {
            let known = world.snapshot.organisations.contains_key(&organisation.code);
            let step = if known {
                already_there(row)
            } else {
                Step::FoundOrganisation {
                    organisation: organisation.clone(),
                }
            };
            PlannedRow {
                row,
                name: organisation.name.clone(),
                step,
                warnings: vec![],
            }
        }
        Wish::Status { account, status } => status_row(world, row, *account, *status),
        Wish::Grant {
            account,
            role,
            organisation,
            unit,
        } => {
            let holder = world.account(*account);
            let name = holder.map(Account::full_name).unwrap_or_default();
            let known = holder.is_some() && world.snapshot.organisations.contains_key(organisation);
            let (account, role, organisation, unit) = (*account, *role, organisation.clone(), unit.clone());
            let step = if known {
                Step::GrantRole {
                    account,
                    role,
                    organisation,
                    unit,
                }
            } else {
                not_there(row)
            };
            PlannedRow {
                row,
                name,
                step,
                warnings: vec![],
            }
        }
    };
    refuse_wrong_channel(world.snapshot.channel, planned)
}

fn status_row(world: &matching::World<'_>, row: RowNumber, account: AccountId, after: AccountStatus) -> PlannedRow {
    let holder = world.account(account);
    let step = match holder {
        None => not_there(row),
        Some(holder) if holder.status == after => Step::Nothing { account },
        Some(holder) => Step::ChangeStatus {
            account,
            version: holder.version,
            organisation: holder.organisation.clone(),
            unit: holder.unit(),
            before: holder.status,
            after,
        },
    };
    PlannedRow {
        row,
        name: holder.map(Account::full_name).unwrap_or_default(),
        step,
        warnings: vec![],
    }
}

/// Invariant: a plan holds no step that its channel does not carry.
fn refuse_wrong_channel(channel: Channel, planned: PlannedRow) -> PlannedRow {
    match planned.step.operation() {
        Some(operation) if !operation.goes_through(channel) => {
            let problems = vec![Problem::in_row(planned.row, Kind::ChannelCannot { channel, operation })];
            PlannedRow {
                step: Step::LeaveOut { problems },
                warnings: vec![],
                ..planned
            }
        }
        _ => planned,
    }
}

fn already_there(row: RowNumber) -> Step {
    Step::LeaveOut {
        problems: vec![Problem::in_row(row, Kind::AlreadyThere)],
    }
}

fn not_there(row: RowNumber) -> Step {
    Step::LeaveOut {
        problems: vec![Problem::in_row(row, Kind::NotThere)],
    }
}
