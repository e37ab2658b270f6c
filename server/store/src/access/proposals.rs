//! What connectors' machines propose where they may not act by themselves, until an administrator decides.

mod deciding;

use std::collections::BTreeMap;

use domain::{
    connector::{ProposalKind, ProposalReason, ProposalState, creation_key},
    dictionary::Attribute,
    organisation::{OrganisationCode, UnitPath},
    policy::Scope,
    values::ids::{AccountId, ContactId, ProposalId, SubmissionId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, UpdateMany,
    sea_query::{Expr, ExprTrait},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::deciding::{asked_once_over, is_free, is_taken, of_nobody, settle_those};
pub use self::deciding::{asked_since, settle, take_up};
use crate::{
    StoreError, Transaction,
    directory::scope::{nothing, within},
    entities::{account, contact, proposal},
    lists::{behind, insert_all, padded},
    number, word,
};

/// Whom something is proposed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProposalSubject {
    /// An account.
    Account(AccountId),
    /// A contact.
    Contact(ContactId),
    /// Somebody who has no account yet: what is asked tells whom.
    NewAccount,
}

impl ProposalSubject {
    const fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Account(id) => (Some(id.0), None),
            Self::Contact(id) => (None, Some(id.0)),
            Self::NewAccount => (None, None),
        }
    }

    fn condition(self) -> Condition {
        match self {
            Self::Account(id) => Condition::all().add(proposal::Column::Account.eq(id.0)),
            Self::Contact(id) => Condition::all().add(proposal::Column::Contact.eq(id.0)),
            Self::NewAccount => of_nobody(),
        }
    }
}

/// What a machine proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// For whom.
    pub subject: ProposalSubject,
    /// Where they were when it was said first.
    pub organisation: OrganisationCode,
    /// In which unit.
    pub unit: Option<UnitPath>,
    /// What is to be done.
    pub kind: ProposalKind,
    /// The values that it is to be done with, as a file would have them; none for most kinds, and none of an account to be
    /// created once that is answered.
    pub asked: BTreeMap<Attribute, String>,
}

/// A proposal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its ID.
    pub id: ProposalId,
    /// Whose machine proposes it.
    pub connector: AccountId,
    /// What.
    pub proposed: Proposed,
    /// When it was said first.
    pub said_first: Timestamp,
    /// When it was said last.
    pub said_last: Timestamp,
    /// How often it was said.
    pub times: u32,
    /// What has become of it.
    pub state: ProposalState,
    /// When it was decided on, and by whom by name.
    pub decided: Option<(Timestamp, String)>,
    /// Why it is asked; `None` if that was not noted.
    pub reason: Option<ProposalReason>,
}

/// Proposals that somebody has accepted and not yet confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderReview {
    /// The submission that they became.
    pub submission: SubmissionId,
    /// Who accepted them, and their name.
    pub by: Option<(AccountId, String)>,
    /// How many there are.
    pub proposals: u64,
}

/// Keeps a proposal, or notes that it is said again, and says where it stands then. What was decided on and is said again as
/// it was stays decided, as far as [`ProposalState::is_answered`] has it.
///
/// # Errors
/// `Conflict` where another came first; else when the database fails.
pub async fn put_open(
    tx: &Transaction,
    connector: AccountId,
    proposed: Proposed,
    now: Timestamp,
) -> Result<ProposalState, StoreError> {
    let Proposed {
        subject,
        organisation,
        unit,
        kind,
        asked,
    } = proposed;
    let key = match subject {
        ProposalSubject::NewAccount => key_of(connector, &organisation, &asked),
        ProposalSubject::Account(_) | ProposalSubject::Contact(_) => String::new(),
    };
    let asked = serde_json::to_string(&asked)?;
    let own = Condition::all()
        .add(proposal::Column::Connector.eq(connector.0))
        .add(subject.condition());
    settle_those(tx, own).await?;
    let last = proposal::Entity::find()
        .filter(proposal::Column::Connector.eq(connector.0))
        .filter(subject.condition())
        .filter(proposal::Column::Kind.eq(kind.slug()))
        .filter(proposal::Column::Key.eq(key.as_str()))
        .filter(proposal::Column::State.ne(ProposalState::Gone.slug()))
        .order_by_desc(proposal::Column::SaidLast)
        .order_by_desc(proposal::Column::Id)
        .one(tx)
        .await?;
    if let Some(last) = last {
        let state = word(&last.state, ProposalState::from_slug)?;
        let decided_at = Timestamp(last.decided_at.unwrap_or(last.said_last));
        // Somebody new is the same however their details are written: what was asked is not kept once it is answered.
        let is_same = subject == ProposalSubject::NewAccount || last.asked == asked;
        if state == ProposalState::Open {
            // Whoever has accepted other values is not deciding on these.
            let is_other = last.asked != asked;
            say_again(tx, last.id, asked, is_other, now).await?;
            return Ok(state);
        }
        if state.is_answered(decided_at, now) && is_same {
            say_again(tx, last.id, last.asked, false, now).await?;
            return Ok(state);
        }
    }
    let (account, contact) = subject.columns();
    let row = proposal::ActiveModel {
        id: Set(Uuid::now_v7()),
        connector: Set(connector.0),
        account: Set(account),
        contact: Set(contact),
        organisation: Set(organisation.to_string()),
        unit: Set(unit.map(|unit| unit.as_str().to_owned())),
        kind: Set(kind.slug().to_owned()),
        asked: Set(asked),
        said_first: Set(now.0),
        said_last: Set(now.0),
        times: Set(1),
        state: Set(ProposalState::Open.slug().to_owned()),
        decided_at: Set(None),
        decided_by: Set(None),
        decided_by_name: Set(None),
        key: Set(key),
        submission: Set(None),
        submission_row: Set(None),
        reason: Set(None),
    };
    insert_all(tx, vec![row]).await?;
    Ok(ProposalState::Open)
}

async fn say_again(
    tx: &Transaction,
    id: Uuid,
    asked: String,
    is_other: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let times = Expr::col(proposal::Column::Times);
    let mut again = proposal::Entity::update_many()
        .col_expr(proposal::Column::Asked, Expr::value(asked))
        .col_expr(proposal::Column::SaidLast, Expr::value(now.0))
        .col_expr(proposal::Column::Times, times.add(1))
        .filter(proposal::Column::Id.eq(id));
    if is_other {
        again = again
            .col_expr(proposal::Column::Submission, Expr::value(None::<String>))
            .col_expr(proposal::Column::SubmissionRow, Expr::value(None::<i32>));
    }
    again.exec(tx).await?;
    Ok(())
}

/// Notes why a machine's open proposal of a kind is asked.
///
/// # Errors
/// When the database fails.
pub async fn set_reason(
    db: &impl ConnectionTrait,
    connector: AccountId,
    subject: ProposalSubject,
    kind: ProposalKind,
    reason: ProposalReason,
) -> Result<(), StoreError> {
    proposal::Entity::update_many()
        .col_expr(proposal::Column::Reason, Expr::value(Some(reason.slug().to_owned())))
        .filter(unanswered(connector, subject, &[kind]))
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends a machine's proposals of some kinds for somebody: it says them no longer. What was declined may be said again then.
///
/// # Errors
/// When the database fails.
pub async fn gone(
    db: &impl ConnectionTrait,
    connector: AccountId,
    subject: ProposalSubject,
    kinds: &[ProposalKind],
) -> Result<(), StoreError> {
    end(unanswered(connector, subject, kinds)).exec(db).await?;
    Ok(())
}

fn end(which: Condition) -> UpdateMany<proposal::Entity> {
    proposal::Entity::update_many()
        .col_expr(proposal::Column::State, Expr::value(ProposalState::Gone.slug()))
        .col_expr(proposal::Column::Asked, asked_once_over())
        .filter(which)
}

/// Ends a machine's proposals to create accounts in some organisations that it has not made since a moment: it says them no
/// longer.
///
/// # Errors
/// When the database fails.
pub async fn creations_gone(
    db: &impl ConnectionTrait,
    connector: AccountId,
    organisations: &[OrganisationCode],
    since: Timestamp,
) -> Result<(), StoreError> {
    let codes = organisations.iter().map(OrganisationCode::to_string);
    let old = Condition::all()
        .add(unanswered(
            connector,
            ProposalSubject::NewAccount,
            &[ProposalKind::Create],
        ))
        .add(proposal::Column::Organisation.is_in(codes))
        .add(proposal::Column::SaidLast.lt(since.0));
    end(old).exec(db).await?;
    Ok(())
}

/// Whether there are proposals of a machine that [`gone`] would end.
///
/// # Errors
/// When the database fails.
pub async fn are_unanswered(
    db: &impl ConnectionTrait,
    connector: AccountId,
    subject: ProposalSubject,
    kinds: &[ProposalKind],
) -> Result<bool, StoreError> {
    let one = proposal::Entity::find().filter(unanswered(connector, subject, kinds));
    Ok(one.one(db).await?.is_some())
}

/// Whether administrators have declined what a machine proposes, and would not be asked again.
///
/// # Errors
/// When the database fails.
pub async fn is_declined(
    db: &impl ConnectionTrait,
    connector: AccountId,
    subject: ProposalSubject,
    kind: ProposalKind,
) -> Result<bool, StoreError> {
    let last = proposal::Entity::find()
        .filter(unanswered(connector, subject, &[kind]))
        .order_by_desc(proposal::Column::SaidLast)
        .order_by_desc(proposal::Column::Id)
        .one(db)
        .await?;
    Ok(last.is_some_and(|last| last.state == ProposalState::Declined.slug()))
}

/// What a machine's open proposal of a kind asks for; nothing where there is none.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    db: &impl ConnectionTrait,
    connector: AccountId,
    subject: ProposalSubject,
    kind: ProposalKind,
) -> Result<BTreeMap<Attribute, String>, StoreError> {
    let open = proposal::Entity::find()
        .filter(unanswered(connector, subject, &[kind]))
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()));
    match open.one(db).await? {
        Some(open) => Ok(serde_json::from_str(&open.asked)?),
        None => Ok(BTreeMap::new()),
    }
}

fn unanswered(connector: AccountId, subject: ProposalSubject, kinds: &[ProposalKind]) -> Condition {
    let states = [ProposalState::Open, ProposalState::Declined].map(ProposalState::slug);
    Condition::all()
        .add(proposal::Column::Connector.eq(connector.0))
        .add(subject.condition())
        .add(proposal::Column::Kind.is_in(kinds.iter().map(|kind| kind.slug())))
        .add(proposal::Column::State.is_in(states))
}

/// Which open proposals are read.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// The kinds, each with where their subjects must be now.
    pub within: Vec<(ProposalKind, Scope)>,
    /// Only those of one connector.
    pub connector: Option<AccountId>,
    /// Only these.
    pub ids: Option<Vec<ProposalId>>,
}

/// Open proposals, the longest ago first, from behind one on.
///
/// # Errors
/// When the database fails.
pub async fn open(
    db: &impl ConnectionTrait,
    which: &Which,
    after: Option<ProposalId>,
    limit: u64,
) -> Result<Vec<Proposal>, StoreError> {
    let mut open = waiting(which);
    if let Some(ProposalId(after)) = after
        && let Some(after) = proposal::Entity::find_by_id(after).one(db).await?
    {
        let after = (Timestamp(after.said_first), after.id);
        open = open.filter(behind(proposal::Column::SaidFirst, proposal::Column::Id, after));
    }
    let rows = open
        .order_by_asc(proposal::Column::SaidFirst)
        .order_by_asc(proposal::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many proposals are open.
///
/// # Errors
/// When the database fails.
pub async fn count_open(db: &impl ConnectionTrait, which: &Which) -> Result<u64, StoreError> {
    Ok(waiting(which).count(db).await?)
}

/// Submissions that open proposals have become and that wait for those who accepted them; at most so many.
///
/// # Errors
/// When the database fails.
pub async fn under_review(
    db: &impl ConnectionTrait,
    which: &Which,
    limit: u64,
) -> Result<Vec<UnderReview>, StoreError> {
    let taken = among(which)
        .filter(is_taken())
        .select_only()
        .column(proposal::Column::Submission)
        .column(proposal::Column::DecidedBy)
        .column(proposal::Column::DecidedByName)
        .column_as(proposal::Column::Id.count(), "proposals")
        .group_by(proposal::Column::Submission)
        .group_by(proposal::Column::DecidedBy)
        .group_by(proposal::Column::DecidedByName)
        .order_by_asc(proposal::Column::Submission)
        .limit(limit);
    let found: Vec<(String, Option<Uuid>, Option<String>, i64)> = taken.into_tuple().all(db).await?;
    let read = |(submission, by, name, proposals): (String, Option<Uuid>, Option<String>, i64)| {
        Ok::<_, StoreError>(UnderReview {
            submission: word(&submission, SubmissionId::parse)?,
            by: by.map(|by| (AccountId(by), name.unwrap_or_default())),
            proposals: number(proposals, "proposals under review")?,
        })
    };
    found.into_iter().map(read).collect()
}

/// Decides on open proposals, and says how many were still open.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    tx: &Transaction,
    ids: &[ProposalId],
    state: ProposalState,
    by: Option<(AccountId, &str)>,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let (by, name) = (by.map(|(id, _)| id.0), by.map(|(_, name)| name.to_owned()));
    let decided = proposal::Entity::update_many()
        .col_expr(proposal::Column::State, Expr::value(state.slug()))
        .col_expr(proposal::Column::Asked, asked_once_over())
        .col_expr(proposal::Column::DecidedAt, Expr::value(Some(at.0)))
        .col_expr(proposal::Column::DecidedBy, Expr::value(by))
        .col_expr(proposal::Column::DecidedByName, Expr::value(name))
        .filter(proposal::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()));
    Ok(decided.exec(tx).await?.rows_affected)
}

/// By what a proposed account is known, as a digest: it is kept for longer than the names that it is made of.
fn key_of(connector: AccountId, organisation: &OrganisationCode, asked: &BTreeMap<Attribute, String>) -> String {
    let known = format!("{}\n{organisation}\n{}", connector.0, creation_key(asked));
    let digest = Sha256::digest(known.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes away what is proposed for forgotten people and by them, and their names where they decided.
pub(crate) async fn forget(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<(), StoreError> {
    let those = || people.iter().copied();
    let own = Condition::any()
        .add(proposal::Column::Connector.is_in(those()))
        .add(proposal::Column::Account.is_in(those()))
        .add(proposal::Column::Contact.is_in(those()));
    proposal::Entity::delete_many().filter(own).exec(db).await?;
    proposal::Entity::update_many()
        .col_expr(proposal::Column::DecidedByName, Expr::value(None::<String>))
        .filter(proposal::Column::DecidedBy.is_in(those()))
        .exec(db)
        .await?;
    Ok(())
}

/// The open ones that nobody decides on just now.
fn waiting(which: &Which) -> Select<proposal::Entity> {
    among(which).filter(is_free())
}

fn among(which: &Which) -> Select<proposal::Entity> {
    // Nothing is within no scope at all.
    let mut places = Condition::any().add(nothing());
    for (kind, scope) in &which.within {
        if !scope.is_empty() {
            let here = Condition::all()
                .add(proposal::Column::Kind.eq(kind.slug()))
                .add(match kind {
                    ProposalKind::Create => place_within(scope),
                    _ => subject_within(scope),
                });
            places = places.add(here);
        }
    }
    let mut open = proposal::Entity::find()
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()))
        .filter(places);
    if let Some(connector) = which.connector {
        open = open.filter(proposal::Column::Connector.eq(connector.0));
    }
    if let Some(ids) = &which.ids {
        open = open.filter(proposal::Column::Id.is_in(padded(ids.iter().map(|id| id.0))));
    }
    open
}

/// Whether whom it is about is in a scope now, wherever they were when it was said; each is looked up by their ID.
fn subject_within(scope: &Scope) -> Condition {
    let accounts = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(same((account::Entity, account::Column::Id), proposal::Column::Account))
        .filter(within(
            scope,
            account::Column::Organisation,
            Some(account::Column::Unit),
        ));
    let contacts = contact::Entity::find()
        .select_only()
        .column(contact::Column::Id)
        .filter(same((contact::Entity, contact::Column::Id), proposal::Column::Contact))
        .filter(within(
            scope,
            contact::Column::Organisation,
            Some(contact::Column::Unit),
        ));
    Condition::any()
        .add(Expr::exists(accounts.into_query()))
        .add(Expr::exists(contacts.into_query()))
}

/// Whether the place where somebody is to have an account is in a scope.
fn place_within(scope: &Scope) -> Condition {
    Condition::all().add(of_nobody()).add(within(
        scope,
        proposal::Column::Organisation,
        Some(proposal::Column::Unit),
    ))
}

fn same<E: EntityTrait, C: ColumnTrait>((table, id): (E, C), subject: proposal::Column) -> Expr {
    Expr::col((table, id)).equals((proposal::Entity, subject))
}

fn read(row: proposal::Model) -> Result<Proposal, StoreError> {
    let kind = word(&row.kind, ProposalKind::from_slug)?;
    let subject = match (row.account, row.contact, kind) {
        (Some(account), _, _) => ProposalSubject::Account(AccountId(account)),
        (None, Some(contact), _) => ProposalSubject::Contact(ContactId(contact)),
        (None, None, ProposalKind::Create) => ProposalSubject::NewAccount,
        (None, None, _) => return Err(StoreError::Unreadable(format!("the subject of proposal {}", row.id))),
    };
    Ok(Proposal {
        id: ProposalId(row.id),
        connector: AccountId(row.connector),
        proposed: Proposed {
            subject,
            organisation: word(&row.organisation, |code| OrganisationCode::parse(code).ok())?,
            unit: row.unit.as_deref().map(UnitPath::parse),
            kind,
            asked: serde_json::from_str(&row.asked)?,
        },
        said_first: Timestamp(row.said_first),
        said_last: Timestamp(row.said_last),
        times: number(row.times, "how often a proposal was said")?,
        state: word(&row.state, ProposalState::from_slug)?,
        decided: row
            .decided_at
            .map(|at| (Timestamp(at), row.decided_by_name.unwrap_or_default())),
        reason: row.reason.as_deref().and_then(ProposalReason::from_slug),
    })
}
