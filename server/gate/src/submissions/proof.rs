//! Which submissions ask again who confirms them: decided by the steps of their plan, whatever page or file they came from.
//! And which links are shown to nobody: those that would open a role, or somebody's account taken in lately.

use domain::{
    account::AccountStatus,
    channel::Channel,
    dictionary::Attribute,
    event::{AccountFact, Event},
    policy::GUARDED_DAYS,
    values::ids::{AccountId, SubmissionId, Timestamp},
};
use store::{ConnectionTrait, access::rights, submissions::rows, trail::events};

use crate::{GateError, Visit};

/// Rows about role holders that are looked at; nobody has as many administrators.
const MOST_HOLDERS: u64 = 1_000;

impl Visit<'_> {
    /// Whether the person who confirms a submission must have proved lately who they are.
    ///
    /// # Errors
    /// `NotFound` where the actor does not see it.
    pub async fn asks_for_proof(&self, id: &SubmissionId) -> Result<bool, GateError> {
        let submission = self.submission(id).await?;
        let is_many = submission.expected_rows > 1;
        // An undo may delete all that an upload made.
        if is_many && submission.channel == Channel::Undo {
            return Ok(true);
        }
        let db = self.gate.store.reader();
        // A file only creates and changes, unless it says who leaves. Of a form's rows any may count: the first may be one that
        // cannot be done.
        let says_who_leaves = submission.layout.position(Attribute::EndDate).is_some();
        if submission.channel == Channel::Portal || says_who_leaves {
            let mut asks = false;
            rows::for_each(db, id, |stretch| {
                let mut steps = stretch.iter().map(|row| &row.planned.step);
                asks |= steps.any(|step| step.asks_for_proof() || (is_many && step.asks_for_proof_of_many()));
            })
            .await?;
            if asks {
                return Ok(true);
            }
        }
        let of_holders = rows::of_role_holders(db, id, MOST_HOLDERS).await?;
        let mut steps = of_holders.iter().map(|row| &row.planned.step);
        Ok(steps.any(domain::plan::Step::asks_for_proof_of_holder))
    }

    /// Whether the password reset link of an account that the actor sees goes to its own mailbox alone.
    ///
    /// # Errors
    /// `NotFound` where they do not see it.
    pub async fn link_goes_by_email_alone(&self, account: AccountId) -> Result<bool, GateError> {
        let account = self.account(account).await?.0;
        goes_by_email_alone(self.gate.store.reader(), account.id, self.gate.now()).await
    }
}

/// Whether an account's password reset link is shown to nobody: it holds a role, or was taken in from another organisation
/// within the last [`GUARDED_DAYS`].
pub(crate) async fn goes_by_email_alone(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, GateError> {
    let since = now.plus_seconds(-i64::from(GUARDED_DAYS) * 86_400);
    let was_taken_in = |event: &Event| {
        matches!(
            event.fact.of_account(),
            Some(AccountFact::Moved {
                before: AccountStatus::Leaver,
                ..
            })
        )
    };
    let lately = events::of_subject_after(db, &account.to_string(), since).await?;
    Ok(lately.iter().any(was_taken_in) || rights::holds_any(db, account).await?)
}
