//! Applying an authorised plan: the only writer of the directory. Rows and events are written together or not at all.

use domain::{
    account::AccountStatus,
    event::{Event, Fact},
    ids::{AccountId, ContactId, GrantId, RowNumber, SubmissionId, Timestamp},
    plan::{PlannedRow, Step},
    policy::AuthorisedPlan,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::{
    StoreError,
    entities::{account, address, contact, organisation, role_grant, site, unit},
    events,
    project::project,
};

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The row.
    pub row: RowNumber,
    /// Whom it made or changed.
    pub subject: Option<Uuid>,
    /// The address a new account was given.
    pub address: Option<String>,
}

/// Applies every row of a plan within one transaction, and records an event for each.
///
/// # Errors
/// `Conflict` when another transaction took an address or a local ID first; the caller plans again.
pub async fn apply(
    tx: &DatabaseTransaction,
    authorised: &AuthorisedPlan,
    submission: &SubmissionId,
    at: Timestamp,
) -> Result<Vec<Applied>, StoreError> {
    let (plan, actor) = (authorised.plan(), authorised.actor());
    let mut written = Vec::new();
    let mut applied = Vec::with_capacity(plan.rows.len());
    for row in &plan.rows {
        let fact = fact(row);
        applied.push(Applied {
            row: row.row,
            subject: fact
                .as_ref()
                .map_or_else(|| row.step.account().map(|account| account.0), subject),
            address: row.step.new_address().map(|address| address.as_str().to_owned()),
        });
        written.extend(fact.map(|fact| Event {
            at,
            submission: submission.clone(),
            row: row.row,
            actor: actor.account(),
            actor_name: actor.name().to_owned(),
            channel: plan.channel,
            fact,
        }));
    }
    project(tx, &written.iter().map(|event| &event.fact).collect::<Vec<_>>()).await?;
    events::append(tx, &written).await?;
    Ok(applied)
}

/// Rebuilds an empty directory from events, in their order.
///
/// # Errors
/// When the database fails, or the events do not add up.
pub async fn replay(tx: &DatabaseTransaction, events: &[Event]) -> Result<(), StoreError> {
    for chunk in events.chunks(500) {
        project(tx, &chunk.iter().map(|event| &event.fact).collect::<Vec<_>>()).await?;
    }
    events::append(tx, events).await
}

/// The fact that a step becomes; new things get their IDs here.
fn fact(row: &PlannedRow) -> Option<Fact> {
    Some(match row.step.clone() {
        Step::CreateAccount {
            organisation,
            attributes,
            ..
        } => Fact::AccountCreated {
            account: AccountId(Uuid::now_v7()),
            organisation,
            status: AccountStatus::Pending,
            attributes,
        },
        Step::UpdateAccount {
            account,
            organisation,
            changes,
            ..
        } => Fact::AccountChanged {
            account,
            organisation,
            changes,
        },
        Step::ChangeStatus {
            account,
            organisation,
            before,
            after,
            ..
        } => Fact::StatusChanged {
            account,
            organisation,
            before,
            after,
        },
        Step::CreateContact {
            organisation,
            attributes,
        } => Fact::ContactCreated {
            contact: ContactId(Uuid::now_v7()),
            organisation,
            attributes,
        },
        Step::FoundOrganisation { organisation } => Fact::OrganisationFounded { organisation },
        Step::GrantRole {
            account,
            role,
            organisation,
            unit,
        } => Fact::RoleGranted {
            grant: GrantId(Uuid::now_v7()),
            account,
            role,
            organisation,
            unit,
        },
        Step::Nothing { .. } | Step::LeaveOut { .. } => return None,
    })
}

fn subject(fact: &Fact) -> Option<Uuid> {
    match fact {
        Fact::AccountCreated { account, .. } | Fact::AccountChanged { account, .. } => Some(account.0),
        Fact::StatusChanged { account, .. } | Fact::RoleGranted { account, .. } => Some(account.0),
        Fact::ContactCreated { contact, .. } => Some(contact.0),
        Fact::OrganisationFounded { .. } => None,
    }
}

/// The whole directory as lines of text, in an order of its own: two directories are the same when these are.
///
/// # Errors
/// When the database fails.
pub async fn state(db: &impl ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    macro_rules! tell {
        ($($table:ident),*) => {$(
            for row in $table::Entity::find().all(db).await? {
                lines.push(format!("{} {row:?}", stringify!($table)));
            }
        )*};
    }
    tell!(organisation, site, unit, account, contact, address, role_grant);
    lines.sort();
    Ok(lines)
}
