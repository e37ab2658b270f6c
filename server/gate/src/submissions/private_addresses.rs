//! Private addresses for activation links: read from the rows that are applied, and blanked in the file that is kept.

use std::{collections::HashMap, io};

use domain::{dictionary::Attribute, plan::Step, submission::State, values::ids::RowNumber};
use formats::Sheet;
use store::{
    directory::apply::Applied,
    jobs::Job,
    submissions::{
        self, Submission,
        rows::{self, Row},
    },
};

use crate::{
    Gate, GateError, formats_for,
    submissions::{
        claims::{commit, keep_claim},
        concluding::forget_for_good,
    },
};

/// The private addresses that rows give for the activation links of those whom they create.
pub(crate) fn given(gate: &Gate, done: &[(Row, Applied)]) -> HashMap<RowNumber, String> {
    let creating = done
        .iter()
        .filter(|(row, _)| matches!(row.planned.step, Step::CreateAccount { .. }));
    let given = creating.filter_map(|(row, _)| {
        let text = row.request.wish.cells()?.text(Attribute::ActivationEmail);
        let read = Attribute::ActivationEmail.parse_single(text, &gate.rules).ok()?;
        (!read.as_str().is_empty()).then(|| (row.planned.row, read.as_str().to_owned()))
    });
    given.collect()
}

/// Blanks the private addresses in the file of a submission that is about to be applied. Until its account is activated, an
/// address is kept beside the account; rows that wait have theirs. Rows that are not applied keep it in the file, which can
/// be fixed and sent again. Begun again after a crash, it changes nothing twice.
pub(crate) async fn blank(gate: &Gate, job: &Job, submission: &Submission) -> Result<(), GateError> {
    if submission.file_gone || submission.layout.position(Attribute::ActivationEmail).is_none() {
        return Ok(());
    }
    let id = &job.submission;
    let _room = gate.room_for(job, submission.file_size).await?;
    let Some(bytes) = submissions::bytes(gate.store.files(), id).await? else {
        return Ok(());
    };
    let left_out = rows::left_out(gate.store.reader(), id).await?;
    let known = formats_for(gate, submission.channel);
    let (format, layout) = (submission.format.clone().unwrap_or_default(), submission.layout.clone());
    let named = id.clone();
    let blanking = tokio::task::spawn_blocking(move || {
        let Ok(sheet) = Sheet::open_as(&known, &bytes, &format, &layout) else {
            tracing::error!(submission = %named, "a file cannot be opened again: private addresses stay in it");
            return Ok(None);
        };
        let kept = formats::without(&sheet, Attribute::ActivationEmail, |row| !left_out.contains(&row))?;
        Ok::<_, io::Error>((kept != bytes).then_some(kept))
    });
    let Some(kept) = blanking.await.map_err(io::Error::other)?? else {
        return Ok(());
    };
    let tx = gate.store.begin().await?;
    let is_applying = |held: &Submission| held.state == State::Applying && !held.file_gone;
    if !submissions::hold(&tx, id).await?.as_ref().is_some_and(is_applying) {
        return Ok(());
    }
    keep_claim(gate, &tx, job).await?;
    submissions::replace_file(&tx, id, kept).await?;
    commit(tx).await?;
    forget_for_good(gate).await;
    Ok(())
}
