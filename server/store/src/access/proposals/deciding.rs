//! Proposals that somebody has accepted and not yet confirmed. While the submission that they became waits or is applied,
//! nobody else is asked about them; a proposal is over when its row is done, and open again where the submission ends without
//! that.

use domain::{
    connector::{ProposalReason, ProposalState},
    submission::{Outcome, State},
    values::ids::{AccountId, ProposalId, RowNumber, SubmissionId, Timestamp},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    StoreError, Transaction,
    entities::{proposal, submission, submission_row},
};

/// How it is stored that nothing is asked.
const NOTHING_ASKED: &str = "{}";

/// What stays of what was asked when a proposal is over. Whoever is to have an account is named by nothing else: it stands
/// in the submission that it becomes, where it is forgotten with its person.
pub(super) fn asked_once_over() -> Expr {
    let asked = Expr::case(of_nobody(), NOTHING_ASKED).finally(Expr::col(proposal::Column::Asked));
    asked.into()
}

/// Proposals about somebody who has no account yet.
pub(super) fn of_nobody() -> Condition {
    Condition::all()
        .add(proposal::Column::Account.is_null())
        .add(proposal::Column::Contact.is_null())
}

/// Notes that open proposals have become rows of a submission, and says how many still were open.
///
/// # Errors
/// When the database fails.
pub async fn take_up(
    tx: &Transaction,
    taken: &[(ProposalId, RowNumber)],
    submission: &SubmissionId,
    by: Option<(AccountId, &str)>,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let (by, name) = (by.map(|(id, _)| id.0), by.map(|(_, name)| name.to_owned()));
    let mut many = 0;
    for (id, row) in taken {
        let row = i32::try_from(row.0).unwrap_or(i32::MAX);
        let one = proposal::Entity::update_many()
            .col_expr(proposal::Column::Submission, Expr::value(Some(submission.to_string())))
            .col_expr(proposal::Column::SubmissionRow, Expr::value(Some(row)))
            .col_expr(proposal::Column::DecidedAt, Expr::value(Some(at.0)))
            .col_expr(proposal::Column::DecidedBy, Expr::value(by))
            .col_expr(proposal::Column::DecidedByName, Expr::value(name.clone()))
            .filter(proposal::Column::Id.eq(id.0))
            .filter(proposal::Column::State.eq(ProposalState::Open.slug()))
            .filter(is_free());
        many += one.exec(tx).await?.rows_affected;
    }
    Ok(many)
}

/// Ends as accepted the proposals whose rows of a submission are done.
///
/// # Errors
/// When the database fails.
pub async fn settle(db: &impl ConnectionTrait, submission: &SubmissionId) -> Result<(), StoreError> {
    let of_it = proposal::Column::Submission.eq(submission.as_str());
    settle_those(db, Condition::all().add(of_it)).await
}

/// The same of those that a condition picks.
pub(super) async fn settle_those(db: &impl ConnectionTrait, which: Condition) -> Result<(), StoreError> {
    proposal::Entity::update_many()
        .col_expr(proposal::Column::State, Expr::value(ProposalState::Accepted.slug()))
        .col_expr(proposal::Column::Asked, asked_once_over())
        .filter(which)
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()))
        .filter(proposal::Column::Submission.is_not_null())
        .filter(is_done())
        .exec(db)
        .await?;
    Ok(())
}

/// For how many people a connector's open proposals of a reason were made since a moment, and when the first of them was;
/// `None` if there are none.
///
/// # Errors
/// When the database fails.
pub async fn asked_since(
    db: &impl ConnectionTrait,
    connector: AccountId,
    reason: ProposalReason,
    since: Timestamp,
) -> Result<Option<(u64, Timestamp)>, StoreError> {
    let asked = proposal::Entity::find()
        .select_only()
        .column(proposal::Column::SaidFirst)
        .filter(proposal::Column::Connector.eq(connector.0))
        .filter(proposal::Column::State.eq(ProposalState::Open.slug()))
        .filter(proposal::Column::Reason.eq(reason.slug()))
        .filter(proposal::Column::SaidFirst.gte(since.0))
        .filter(is_free())
        .order_by_asc(proposal::Column::SaidFirst);
    let asked: Vec<i64> = asked.into_tuple().all(db).await?;
    Ok(asked.first().map(|first| (asked.len() as u64, Timestamp(*first))))
}

/// Whether nobody decides on a proposal just now: it is no row of a submission, or of one that ended without it.
pub(super) fn is_free() -> Condition {
    let ended = Condition::all().add(is_under_way().not()).add(is_done().not());
    Condition::any().add(proposal::Column::Submission.is_null()).add(ended)
}

/// Whether a proposal waits for whoever accepted it.
pub(super) fn is_taken() -> Condition {
    Condition::all()
        .add(proposal::Column::Submission.is_not_null())
        .add(is_under_way())
        .add(is_done().not())
}

fn is_under_way() -> Expr {
    let states = [State::Received, State::Planned, State::Applying].map(State::slug);
    let its = Expr::col((submission::Entity, submission::Column::Id))
        .equals((proposal::Entity, proposal::Column::Submission));
    let waiting = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(its)
        .filter(submission::Column::State.is_in(states));
    Expr::exists(waiting.into_query())
}

fn is_done() -> Expr {
    let of_it = Expr::col((submission_row::Entity, submission_row::Column::Submission))
        .equals((proposal::Entity, proposal::Column::Submission));
    let its = Expr::col((submission_row::Entity, submission_row::Column::Row))
        .equals((proposal::Entity, proposal::Column::SubmissionRow));
    let done = submission_row::Entity::find()
        .select_only()
        .column(submission_row::Column::Row)
        .filter(of_it)
        .filter(its)
        .filter(submission_row::Column::Outcome.eq(Outcome::Done.slug()));
    Expr::exists(done.into_query())
}
