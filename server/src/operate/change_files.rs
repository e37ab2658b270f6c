//! The command that takes change files: once, until all that lie there are reported.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap::Subcommand;
use gate::{Gate, Worker};

use crate::{
    channels::change_files::{
        looked::{Ended, File, Look},
        watching::Watching,
    },
    operate::{commands, config::Config},
};

/// A file was refused, failed, or waits for a person.
const NOT_ALL: u8 = 3;

/// How soon it is looked again.
const SOON: Duration = Duration::from_millis(100);

/// For so long files may be worked on without any being reported.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// What can be done with change files.
#[derive(Subcommand)]
pub enum ChangeFiles {
    /// Process the complete change files in the customers' folders once, in order, and print what became of each. Exits with 0
    /// if all were processed, with 3 if one was refused, failed or waits for an administrator, and with 1 if a folder or the
    /// database cannot be used.
    Run,
}

/// Does one of them.
///
/// # Errors
/// When no folder is set, or the database cannot be opened or fails.
pub async fn run(config: Config, what: ChangeFiles) -> anyhow::Result<ExitCode> {
    let ChangeFiles::Run = what;
    let watching = Watching::of(&config)?;
    let watching = watching.context("PORTAL_CHANGE_FILES_FOLDER is not set, so there are no change files to take")?;
    let gate = commands::open_made(&config).await?;
    let (ended, last) = to_the_end(watching, &gate).await?;
    print!("{}", table(&ended, &last));
    for (customer, why) in &last.troubled {
        eprintln!("Error: customer {customer}: {why}");
    }
    let is_well = ended.iter().all(|ended| ended.outcome.is_well()) && last.waiting.is_empty();
    Ok(match (last.troubled.is_empty(), is_well) {
        (false, _) => ExitCode::FAILURE,
        (true, false) => ExitCode::from(NOT_ALL),
        (true, true) => ExitCode::SUCCESS,
    })
}

/// Takes files, and works at them, until nothing has happened for as long as a file must stand still. Other processes may do
/// so at the same time.
async fn to_the_end(mut watching: Watching, gate: &Gate) -> anyhow::Result<(Vec<Ended>, Look)> {
    let worker = Worker::new(gate.clone());
    let settings = watching.settings();
    // A file is seen twice before it has stood still.
    let quiet = settings.settle + settings.every * 2 + SOON * 5;
    let mut ended = Vec::new();
    let (mut moved, mut worked) = (Instant::now(), Instant::now());
    loop {
        let mut look = watching.look(gate).await?;
        ended.append(&mut look.ended);
        if look.has_moved {
            (moved, worked) = (Instant::now(), Instant::now());
        }
        if look.working > 0 {
            moved = Instant::now();
            worker.work_all().await?;
            if worked.elapsed() > PATIENCE {
                bail!("{} files have been worked on for an hour without an end", look.working);
            }
        }
        if moved.elapsed() > quiet {
            return Ok((ended, look));
        }
        tokio::time::sleep(SOON).await;
    }
}

/// What became of each file, in lines.
fn table(ended: &[Ended], last: &Look) -> String {
    let row = |file: &File, what: &str, report: &str, summary: &str| {
        [
            file.customer.to_string(),
            file.name.clone(),
            what.to_owned(),
            report.to_owned(),
            summary.to_owned(),
        ]
    };
    let ended = ended
        .iter()
        .map(|ended| row(&ended.file, ended.outcome.word(), &ended.report, &ended.summary));
    let waiting = last
        .waiting
        .iter()
        .map(|file| row(file, "behind one that waits", "", ""));
    let unfinished = last
        .unfinished
        .iter()
        .map(|file| row(file, "still being uploaded", "", ""));
    let head = ["Customer", "File", "What became of it", "Report", "Rows"].map(ToOwned::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head)
        .chain(ended)
        .chain(waiting)
        .chain(unfinished)
        .collect();
    if rows.len() == 1 {
        return "There are no change files.\n".to_owned();
    }
    let widest = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(widest);
    let line = |row: &[String; 5]| {
        let cells: String = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}  "))
            .collect();
        let line = cells + &row[4];
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use domain::customer::CustomerNumber;

    use super::*;
    use crate::channels::change_files::looked::Outcome;

    fn file(name: &str) -> File {
        File {
            customer: CustomerNumber::new(30_020_506).unwrap(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn what_became_of_each_file_stands_in_a_line() {
        let ended = [Ended {
            file: file("30020506_PRV_1.csv"),
            outcome: Outcome::Processed,
            report: "30020506_PRV_1.report.csv".to_owned(),
            summary: "2 rows: 2 done".to_owned(),
        }];
        let last = Look {
            waiting: vec![file("30020506_PRV_2.csv")],
            ..Look::default()
        };
        assert_eq!(
            table(&ended, &last),
            "Customer  File                What became of it      Report                     Rows\n\
             30020506  30020506_PRV_1.csv  processed              30020506_PRV_1.report.csv  2 rows: 2 done\n\
             30020506  30020506_PRV_2.csv  behind one that waits\n"
        );
        assert_eq!(table(&[], &Look::default()), "There are no change files.\n");
    }
}
