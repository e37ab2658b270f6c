//! The end of a check: the plan waits for somebody, or is applied at once.

use std::collections::BTreeMap;

use domain::{
    channel::Channel,
    organisation::OrganisationCode,
    plan::RowKind,
    submission::{Outcome, State, Touched},
    values::ids::SubmissionId,
};
use store::{
    directory::{organisations, people},
    jobs::{self, Job, Task},
    submissions::{self, Submission, rows},
};

use crate::{
    Gate, GateError,
    connectors::{
        change_files::telling,
        email::telling::{organisations_named, tell_planned},
    },
    submissions::claims::{commit, keep_claim},
};

/// Ends the check: the plan waits to be decided on, or a machine's is applied. `kept` is the file as it is kept from now on,
/// where that is not as it came.
pub(crate) async fn conclude(gate: &Gate, job: &Job, kept: Option<Vec<u8>>) -> Result<(), GateError> {
    // Counted before the transaction, which keeps others from writing.
    let created = created_by_machine(gate, &job.submission).await?;
    let named = organisations_named(gate, &job.submission).await?;
    let tx = gate.store.begin().await?;
    let Some(mut submission) = submissions::hold(&tx, &job.submission).await? else {
        return Err(GateError::NotFound);
    };
    keep_claim(gate, &tx, job).await?;
    let was_blanked = kept.is_some();
    if let Some(bytes) = kept {
        submissions::replace_file(&tx, &job.submission, bytes).await?;
    }
    submission.totals = rows::totals(&tx, &job.submission).await?;
    if submission.hashing {
        submission.hashing = false;
        submission.expected_rows = submission.totals.rows();
    }
    submission.state = State::Planned;
    submission.touches = suspiciously_many(gate, &tx, &submission, &created).await?;
    if submission.rehearsal {
        rows::close_all(&tx, &job.submission, Outcome::LeftOut).await?;
        submission.totals = rows::totals(&tx, &job.submission).await?;
        submission.state = State::Declined;
        submission.finished_at = Some(gate.now());
        if submission.channel == Channel::ChangeFile {
            telling::ended(gate, &tx, &submission).await?;
        }
    } else if submission.is_held() && submission.waits_for_a_person() {
        crate::submissions::held::tell(gate, &tx, &submission).await?;
    }
    let waits_for_run = submission.channel.waits_for_run();
    if waits_for_run && !submission.rehearsal {
        submissions::save(&tx, &submission).await?;
        tell_planned(gate, &tx, &submission, &named).await?;
    }
    if !submission.rehearsal && !waits_for_run && !submission.waits_for_a_person() {
        // Rows that build on one another are all planned again when it is their turn.
        if !submission.channel.takes_rows_in_order() {
            rows::release(&tx, &job.submission, true).await?;
        }
        submission.state = State::Applying;
        submission.progress = 0;
        submission.confirmed_at = Some(gate.now());
        jobs::enqueue(&tx, Task::Apply, &job.submission, gate.now()).await?;
    }
    submissions::save(&tx, &submission).await?;
    jobs::finish(&tx, job).await?;
    commit(tx).await?;
    if was_blanked {
        forget_for_good(gate).await;
    }
    Ok(())
}

/// Leaves nothing of a blanked or deleted file in SQLite's journal. What it cannot clear now goes when the journal is next
/// written again.
pub(crate) async fn forget_for_good(gate: &Gate) {
    if let Err(error) = gate.store.empty_journal().await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the journal was not emptied");
    }
}

/// How many accounts a machine's submission creates in each organisation; nothing where it creates few, and where people
/// send it: they see the number before they apply it.
async fn created_by_machine(gate: &Gate, id: &SubmissionId) -> Result<BTreeMap<OrganisationCode, u32>, GateError> {
    let db = gate.store.reader();
    let submission = submissions::hold(db, id).await?;
    let by_machine = submission.is_some_and(|submission| submission.channel.is_machine());
    if !by_machine || rows::totals(db, id).await?.of(RowKind::Create) <= gate.rules().new_by_machine.accounts {
        return Ok(BTreeMap::new());
    }
    Ok(rows::created_accounts(db, id).await?)
}

/// The organisations of which more would be changed than anybody does by a day's file; or created, as far as that is counted.
pub(crate) async fn suspiciously_many(
    gate: &Gate,
    tx: &store::Transaction,
    submission: &Submission,
    created: &BTreeMap<OrganisationCode, u32>,
) -> Result<Vec<Touched>, GateError> {
    let threshold = gate.rules().threshold;
    if submission.channel == Channel::Organisations {
        let all = u32::try_from(organisations::count(tx).await?).unwrap_or(u32::MAX);
        let suspicious = |many: u32| if threshold.is_passed(many, all) { many } else { 0 };
        // The operator's command founds a whole federation at the first start, and says how many there are.
        let created = match submission.actor.account() {
            Some(_) => suspicious(submission.totals.of(RowKind::Create)),
            None => 0,
        };
        let touched = Touched {
            organisation: None,
            changed: suspicious(submission.totals.of(RowKind::Update)),
            created,
            all,
            lost: 0,
        };
        return Ok(Some(touched)
            .filter(|touched| touched.accounts() > 0)
            .into_iter()
            .collect());
    }
    let mut touches = Vec::new();
    for (organisation, changed) in rows::changed_accounts(tx, &submission.id).await? {
        if changed <= threshold.accounts {
            continue;
        }
        let all = people::count_of(tx, &organisation).await?;
        if threshold.is_passed(changed, all) {
            touches.push(Touched {
                organisation: Some(organisation),
                changed,
                created: 0,
                all,
                lost: 0,
            });
        }
    }
    for (organisation, &created) in created {
        let all = people::count_of(tx, organisation).await?;
        if !gate.rules().new_by_machine.is_passed(created, all) {
            continue;
        }
        let known = touches
            .iter_mut()
            .find(|touched| touched.organisation.as_ref() == Some(organisation));
        match known {
            Some(touched) => touched.created = created,
            None => touches.push(Touched {
                organisation: Some(organisation.clone()),
                changed: 0,
                created,
                all,
                lost: 0,
            }),
        }
    }
    touches.sort_by(|one, other| one.organisation.cmp(&other.organisation));
    Ok(touches)
}
