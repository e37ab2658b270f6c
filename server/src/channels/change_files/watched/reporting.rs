//! Reporting a customer's files: those that are at their end, and those that wait for a person.

use anyhow::Context;
use gate::{ChangeFileReport, ChangeFileStage, Gate, ToReport};

use super::{Lane, Watched, blocking};
use crate::{
    channels::change_files::{
        aside::Finished,
        finishing::{finish, put_away_taken, tell_of_waiting},
        folders::Part,
        looked::{Ended, Look, Outcome, summary},
    },
    operate::observe,
};

impl Watched {
    /// Reports the files of its lane that are at their end; gives those that are not, and those of the other lane.
    pub(super) async fn report_all(&mut self, gate: &Gate, look: &mut Look) -> anyhow::Result<Vec<ToReport>> {
        let mut in_hand = Vec::new();
        for file in gate.unreported_change_files(self.customer).await? {
            if Lane::of(&file) != self.lane {
                in_hand.push(file);
                continue;
            }
            let is_new = match file.stage {
                ChangeFileStage::Working => false,
                ChangeFileStage::Waiting => !self.waiting.contains(&file.id),
                ChangeFileStage::Ready => true,
            };
            if is_new && let Some(ended) = self.report(gate, &file).await? {
                let waits = ended.outcome == Outcome::Waits;
                look.ended.push(ended);
                look.has_moved = true;
                if !waits {
                    continue;
                }
            }
            if file.stage == ChangeFileStage::Working {
                look.working += 1;
                self.put_away(&file).await?;
            }
            in_hand.push(file);
        }
        Ok(in_hand)
    }

    /// Reports a file: the report is written and the file put away before the gate is told. One that waits for a person is
    /// reported, too. `None` if it is worked on again, because somebody has decided meanwhile.
    async fn report(&mut self, gate: &Gate, file: &ToReport) -> anyhow::Result<Option<Ended>> {
        let report = gate.change_file_report(&file.id).await?;
        let finished = finished(file);
        let outcome = match (report.stage, report.refused, &file.failed) {
            (ChangeFileStage::Working, ..) => return Ok(None),
            (ChangeFileStage::Waiting, ..) => return self.report_waiting(file, finished, report).await.map(Some),
            (ChangeFileStage::Ready, true, _) => Outcome::Refused,
            (ChangeFileStage::Ready, false, Some(_)) => Outcome::Failed,
            (ChangeFileStage::Ready, false, None) if file.rehearsal => Outcome::Checked,
            (ChangeFileStage::Ready, false, None) => Outcome::Processed,
        };
        let ended = self.finish(finished, report, outcome).await?;
        gate.change_file_reported(&file.id, &ended.report).await?;
        self.waiting.remove(&file.id);
        self.away.remove(&file.id);
        Ok(Some(ended))
    }

    /// Puts a file away that is worked on: once. If that fails, its end does it, too.
    async fn put_away(&mut self, file: &ToReport) -> anyhow::Result<()> {
        if self.away.contains(&file.id) {
            return Ok(());
        }
        let (folders, taken, largest) = (self.folders.clone(), finished(file), self.settings.largest());
        let received_at = file.received_at;
        self.dropped.forget(&file.file_name);
        let put = blocking(move || put_away_taken(&folders, &taken, received_at, largest)).await;
        put.context("a file cannot be put away")?;
        self.away.insert(file.id.clone());
        Ok(())
    }

    /// Writes the report of a file that waits for a person, and puts the file away: once.
    async fn report_waiting(
        &mut self,
        file: &ToReport,
        finished: Finished,
        report: ChangeFileReport,
    ) -> anyhow::Result<Ended> {
        let (folders, largest, summary) = (self.folders.clone(), self.settings.largest(), summary(&report.csv));
        self.dropped.forget(&file.file_name);
        let written = blocking(move || tell_of_waiting(&folders, &finished, &report, largest)).await;
        let report = written.context("a report cannot be written, or its file not put away")?;
        self.waiting.insert(file.id.clone());
        let named = self.named(&file.file_name);
        tracing::info!(customer = %self.customer, file = named.name, report, "a change file waits for a person");
        Ok(Ended {
            file: named,
            outcome: Outcome::Waits,
            report,
            summary,
        })
    }

    /// Writes a report and puts its file away.
    pub(super) async fn finish(
        &mut self,
        file: Finished,
        report: ChangeFileReport,
        outcome: Outcome,
    ) -> anyhow::Result<Ended> {
        let named = self.named(&file.file_name);
        let summary = summary(&report.csv);
        let (folders, largest) = (self.folders.clone(), self.settings.largest());
        self.dropped.forget(&file.file_name);
        let written = blocking(move || finish(&folders, &file, &report, largest)).await;
        let report = written.context("a report cannot be written, or its file not put away")?;
        observe::count_change_file(outcome.word());
        tracing::info!(
            customer = %self.customer,
            file = named.name,
            report,
            "a change file is reported: {}",
            outcome.word()
        );
        Ok(Ended {
            file: named,
            outcome,
            report,
            summary,
        })
    }
}

/// What is known of a file in hand, for its end.
fn finished(file: &ToReport) -> Finished {
    Finished {
        file_name: file.file_name.clone(),
        sha256: file.sha256.clone(),
        // Of one that was refused by its name nobody knows in which of the two it lay.
        lies_in: match (file.rehearsal, &file.failed) {
            (true, _) => &[Part::Check],
            (false, Some(_)) => &[Part::In, Part::Check],
            (false, None) => &[Part::In],
        },
        rehearsal: file.rehearsal,
        since: None,
    }
}
