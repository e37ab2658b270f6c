//! Files whose senders may not send for any of it any more when the run decides on them: nothing of them is applied.

use domain::{
    dictionary::Attribute,
    submission::{Outcome, ROLE_ENDED, State},
};
use store::{
    Transaction,
    submissions::{self, Submission, rows},
};

use crate::{
    Gate, GateError,
    connectors::email::{returning::tell_left_out, telling::tell_result},
};

/// Ends a file that waits without applying any of it, and tells its sender why.
pub(super) async fn bar(gate: &Gate, tx: &Transaction, submission: &mut Submission) -> Result<(), GateError> {
    rows::close_all(tx, &submission.id, Outcome::LeftOut).await?;
    rows::drop_secrets(tx, &submission.id, Outcome::LeftOut).await?;
    // Nobody will need the private addresses in it.
    if submission.layout.position(Attribute::ActivationEmail).is_some() && !submission.file_gone {
        submissions::drop_file(tx, submission).await?;
    }
    submission.totals = rows::totals(tx, &submission.id).await?;
    submission.state = State::Declined;
    submission.trouble = Some(ROLE_ENDED.to_owned());
    submission.finished_at = Some(gate.now());
    submissions::save(tx, submission).await?;
    tell_result(gate, tx, submission).await?;
    tell_left_out(gate, tx, submission).await
}
