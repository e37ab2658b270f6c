//! A file by email is withdrawn, discarded or not applied after an earlier one was left out for its sake. What was left out does
//! not come back, so where nothing counts any more, the sender of the earlier file is told.

use std::collections::BTreeSet;

use domain::{channel::Channel, submission::State};
use store::{
    Transaction,
    access::email::messages,
    submissions::{Submission, rows},
};

use super::{
    counting::{Among, chosen, submission_of},
    telling::tell_nothing_counts,
};
use crate::{Gate, GateError};

/// Tells the senders of earlier files of which something was left out for a file that is gone, for organisations for which no
/// other file waits.
pub(crate) async fn tell_left_out(gate: &Gate, tx: &Transaction, gone: &Submission) -> Result<(), GateError> {
    if gone.channel != Channel::EmailCsv {
        return Ok(());
    }
    let Some(message) = messages::of_submission(tx, &gone.id).await? else {
        return Ok(());
    };
    let names = messages::organisations(tx, message.seq).await?;
    let mut uncovered: BTreeSet<_> = names.iter().cloned().collect();
    let others = Among::Naming {
        names: &names,
        up_to: None,
        run: None,
        without: Some(message.seq),
    };
    for (_, becomes) in chosen(gate, tx, others).await? {
        for code in becomes.applied() {
            uncovered.remove(&code);
        }
    }
    // Before this one came in, nothing was left out for its sake.
    let since = message.mail.received_at;
    for (earlier, named) in messages::decided_since(tx, message.seq, since, &names).await? {
        // The latest of them is the one that counted for an organisation.
        let mut left_out = named;
        left_out.retain(|code| uncovered.remove(code));
        let Some(file) = submission_of(tx, &earlier).await?.filter(|_| !left_out.is_empty()) else {
            continue;
        };
        if file.state != State::Superseded {
            let superseded = rows::superseded_for(tx, &file.id).await?;
            left_out.retain(|code| superseded.contains(code));
        }
        if !left_out.is_empty() {
            tell_nothing_counts(gate, tx, &file, (&earlier, &message), &left_out).await?;
        }
    }
    Ok(())
}
