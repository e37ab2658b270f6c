//! Whose a key is that a program sends: somebody of the scope is named, so that the program finds them; of everybody else
//! it is only said that the key is taken.

use domain::{
    account::AccountStatus,
    dictionary::Attribute,
    lookup::{Addresses, Condition, Match},
    organisation::OrganisationCode,
    policy::Scope,
    problem::{Kind, Problem},
    request::Cells,
    values::{ids::AccountId, text},
};
use store::{
    ConnectionTrait, Transaction,
    access::links,
    directory::{
        organisations,
        synced::{self, Part, Reader, Whom},
    },
};

use super::{Connection, KnownKey, SyncRefusal};
use crate::GateError;

/// Why a new account is refused, where it is refused because of a key; the rest is all that is wrong with it. Whoever the
/// connector gave up is named by each of their keys, so that it can see them again.
pub(super) async fn of_new(
    tx: &Transaction,
    to: &Connection,
    cells: &Cells,
    problems: Vec<Problem>,
) -> Result<SyncRefusal, GateError> {
    let is_taken = |problem: &Problem| is_of_a_key(&problem.kind);
    if !problems.iter().any(is_taken) {
        return Ok(SyncRefusal::Problems(problems));
    }
    let name = cells.text(Attribute::UserName);
    let everybody = Reader {
        whom: Whom::GivenUpToo,
        ..to.reader()
    };
    if let Some(id) = by_user_name(tx, everybody, name).await? {
        let key = KnownKey::UserName;
        return Ok(SyncRefusal::Known { key, id });
    }
    let local_id = local_id(cells);
    if let Some((id, status)) = by_local_id(tx, &to.scope, cells.text(Attribute::Organisation), &local_id).await? {
        if status != AccountStatus::Deleted && is_given_up(tx, to, id).await? {
            let key = KnownKey::EmployeeNumber;
            return Ok(SyncRefusal::Known { key, id });
        }
        return Ok(of_local_id(id, status));
    }
    if let Some(id) = by_email(tx, everybody, name).await?
        && is_given_up(tx, to, id).await?
    {
        let key = KnownKey::EmailAddress;
        return Ok(SyncRefusal::Known { key, id });
    }
    Ok(SyncRefusal::Taken)
}

/// Why a change of somebody is refused. Of a key that somebody in the scope has, it says whose it is.
pub(super) async fn of_change(
    tx: &Transaction,
    to: &Connection,
    (own, organisation): (AccountId, &OrganisationCode),
    cells: &Cells,
    problems: Vec<Problem>,
) -> Result<SyncRefusal, GateError> {
    let refusal = of_problems(problems);
    if refusal != SyncRefusal::Taken {
        return Ok(refusal);
    }
    let name = cells.text(Attribute::UserName);
    if !name.trim().is_empty()
        && let Some(id) = by_user_name(tx, to.reader(), name).await?.filter(|id| *id != own)
    {
        let key = KnownKey::UserName;
        return Ok(SyncRefusal::Known { key, id });
    }
    let known = by_local_id(tx, &to.scope, organisation.as_str(), &local_id(cells)).await?;
    Ok(match known.filter(|(id, _)| *id != own) {
        Some((id, status)) => of_local_id(id, status),
        None => SyncRefusal::Taken,
    })
}

/// What problems come to as one refusal.
pub(super) fn of_problems(problems: Vec<Problem>) -> SyncRefusal {
    let held = problems.iter().find_map(|problem| match &problem.kind {
        Kind::Held { reason, .. } => Some(reason.trim_end_matches('.').to_owned()),
        _ => None,
    });
    if let Some(reason) = held {
        return SyncRefusal::Held { reason };
    }
    let has = |test: fn(&Kind) -> bool| problems.iter().any(|problem| test(&problem.kind));
    if has(is_of_a_role) {
        return SyncRefusal::RoleHolder;
    }
    if has(is_of_a_key) {
        return SyncRefusal::Taken;
    }
    SyncRefusal::Problems(problems)
}

/// The local ID is somebody's in the scope.
const fn of_local_id(id: AccountId, status: AccountStatus) -> SyncRefusal {
    match status {
        AccountStatus::Leaver | AccountStatus::Disabled | AccountStatus::Deleted => SyncRefusal::Dormant(status),
        _ => SyncRefusal::Known {
            key: KnownKey::EmployeeNumber,
            id,
        },
    }
}

/// Whose the connector's own key is, if it is another's than the one who is to have it.
pub(super) async fn other_of_external_id(
    db: &impl ConnectionTrait,
    to: &Connection,
    own: Option<AccountId>,
    key: Option<&str>,
) -> Result<Option<links::Link>, GateError> {
    let Some(key) = key else { return Ok(None) };
    let known = links::by_external_id(db, to.connector, key).await?;
    Ok(known.filter(|known| Some(known.account) != own))
}

/// Whether it is about somebody with a role, whom no program ends: the connector's own account has one, too.
const fn is_of_a_role(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::HoldsRole { .. } | Kind::LastPrimary { .. } | Kind::LastGlobal { .. } | Kind::OwnAccount
    )
}

fn is_of_a_key(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::UserNameTaken | Kind::AddressTaken | Kind::AddressElsewhere | Kind::LocalIdTaken { .. }
    )
}

async fn by_user_name(tx: &Transaction, reader: Reader<'_>, name: &str) -> Result<Option<AccountId>, GateError> {
    first(tx, reader, Condition::UserName(Match::Is(name.to_owned()))).await
}

async fn by_email(tx: &Transaction, reader: Reader<'_>, address: &str) -> Result<Option<AccountId>, GateError> {
    let address = Match::Is(address.to_owned());
    let among = Addresses::All;
    first(tx, reader, Condition::Email { address, among }).await
}

async fn first(tx: &Transaction, reader: Reader<'_>, condition: Condition) -> Result<Option<AccountId>, GateError> {
    let part = Part {
        conditions: vec![condition],
        count: 1,
        ..Part::default()
    };
    let found = synced::accounts(tx, reader, &part).await?;
    Ok(found.first().map(|found| found.person.account.id))
}

/// Whether the connector's program deleted somebody, so that it does not see them.
async fn is_given_up(tx: &Transaction, to: &Connection, id: AccountId) -> Result<bool, GateError> {
    let link = links::of(tx, to.connector, id).await?;
    Ok(link.is_some_and(|link| link.hidden))
}

/// The local ID as the directory keeps it.
fn local_id(cells: &Cells) -> String {
    text::composed(text::trimmed(cells.text(Attribute::LocalId)))
}

async fn by_local_id(
    tx: &Transaction,
    scope: &Scope,
    code: &str,
    local_id: &str,
) -> Result<Option<(AccountId, AccountStatus)>, GateError> {
    let Ok(code) = OrganisationCode::parse(code) else {
        return Ok(None);
    };
    if local_id.is_empty() {
        return Ok(None);
    }
    let home = organisations::by_codes(tx, &[code]).await?.into_iter().next();
    match home {
        Some(home) => Ok(synced::by_local_id(tx, scope, home.path.root(), local_id).await?),
        None => Ok(None),
    }
}

/// Whether an account that was given up is still there for everybody else.
pub(super) async fn is_there(tx: &Transaction, reader: Reader<'_>, id: AccountId) -> Result<bool, GateError> {
    Ok(synced::account(tx, reader, id).await?.is_some())
}
