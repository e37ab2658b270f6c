//! What newer files replace of older ones, and what becomes of those.

use domain::{
    dictionary::Attribute,
    organisation::OrganisationCode,
    submission::{Outcome, State},
};
use store::{
    ConnectionTrait, Transaction,
    access::email::messages::{self, Message},
    submissions::{self, Submission, rows},
};

use crate::{
    Gate, GateError,
    connectors::email::{
        choosing::Chosen,
        counting::{Among, chosen},
        telling::tell_superseded,
    },
};

/// Has what an administrator applies before its time give way to newer files, as the run would: rows for organisations that
/// one of them names are replaced, as part of a transaction that holds the file. What newer ones say is applied with them.
///
/// # Errors
/// `Stale` where they leave nothing of it.
pub(crate) async fn give_way(gate: &Gate, tx: &Transaction, older: &mut Submission) -> Result<(), GateError> {
    let Some(message) = messages::of_submission(tx, &older.id).await? else {
        return Ok(());
    };
    let names = messages::organisations(tx, message.seq).await?;
    let beside = Among::Naming {
        names: &names,
        up_to: None,
        run: None,
        without: None,
    };
    let all = chosen(gate, tx, beside).await?;
    let Some((_, own)) = all.into_iter().find(|(other, _)| other.seq == message.seq) else {
        return Ok(());
    };
    if own.is_replaced() {
        return Err(GateError::Stale);
    }
    // Nobody is told: only those are who lose all of a file.
    replace(gate, tx, &message, older, &own, &[]).await
}

/// Has an administrator's applying a file before its time replace what older files that wait say of its organisations, as
/// part of a transaction that holds it. One that is still being checked finds it applied, and is replaced by the run.
pub(crate) async fn replace_older(gate: &Gate, tx: &Transaction, newer: &Submission) -> Result<(), GateError> {
    let Some(applied) = messages::of_submission(tx, &newer.id).await? else {
        return Ok(());
    };
    let names = messages::organisations(tx, applied.seq).await?;
    let older = Among::Naming {
        names: &names,
        up_to: Some(applied.seq),
        run: None,
        without: None,
    };
    for (message, mut chosen) in chosen(gate, tx, older).await? {
        let lost = chosen.loses.into_iter();
        let (loses, others): (Vec<_>, Vec<_>) = lost.partition(|(_, by)| *by == applied.seq);
        chosen.loses = loses;
        // What other files that wait would replace is for the run.
        chosen
            .keeps
            .extend(others.into_iter().map(|(organisation, _)| organisation));
        let Some(id) = message.mail.submission.as_ref().filter(|_| !chosen.loses.is_empty()) else {
            continue;
        };
        let held = submissions::hold(tx, id).await?;
        if let Some(mut older) = held.filter(|older| older.state == State::Planned) {
            let by = std::slice::from_ref(&applied);
            replace(gate, tx, &message, &mut older, &chosen, by).await?;
        }
    }
    Ok(())
}

/// A file as it would be applied at this moment, where newer ones take rows of some organisations from it.
pub(crate) async fn as_left(
    db: &impl ConnectionTrait,
    submission: &Submission,
    lost: &[OrganisationCode],
) -> Result<Submission, GateError> {
    let mut left = submission.clone();
    let replaced = rows::open_totals_of(db, &left.id, lost).await?;
    left.totals = left.totals.without(&replaced);
    forget_touches(&mut left, lost);
    Ok(left)
}

/// What an administrator would have had to decide on may be gone with what newer files take. Rows that went back to one are
/// for them to look at, however few are left.
fn forget_touches(older: &mut Submission, lost: &[OrganisationCode]) {
    let is_lost = |organisation: &OrganisationCode| lost.contains(organisation);
    if older.totals.with(Outcome::Stale) == 0 {
        older
            .touches
            .retain(|touched| !touched.organisation.as_ref().is_some_and(is_lost));
    }
}

/// Gives what newer files replace of an older one that outcome; all of it ends where nothing is left.
pub(super) async fn replace(
    gate: &Gate,
    tx: &Transaction,
    message: &Message,
    older: &mut Submission,
    chosen: &Chosen,
    by: &[Message],
) -> Result<(), GateError> {
    if chosen.loses.is_empty() {
        return Ok(());
    }
    if !chosen.is_replaced() {
        let lost = chosen.lost();
        rows::supersede(tx, &older.id, &lost).await?;
        older.totals = rows::totals(tx, &older.id).await?;
        forget_touches(older, &lost);
        return Ok(submissions::save(tx, older).await?);
    }
    rows::close_all(tx, &older.id, Outcome::Superseded).await?;
    rows::drop_secrets(tx, &older.id, Outcome::Superseded).await?;
    // Nobody will need the private addresses in it, and nothing of it will be sent again.
    if older.layout.position(Attribute::ActivationEmail).is_some() && !older.file_gone {
        submissions::drop_file(tx, older).await?;
    }
    older.totals = rows::totals(tx, &older.id).await?;
    // Of one that went back to an administrator, some is applied.
    let some_applied = older.totals.with(Outcome::Done) > 0;
    older.state = if some_applied {
        State::Applied
    } else {
        State::Superseded
    };
    older.finished_at = Some(gate.now());
    submissions::save(tx, older).await?;
    tell_superseded(gate, tx, older, message, (by, chosen)).await
}
