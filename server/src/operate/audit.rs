//! The operator's commands about the audit log: whether it is whole, where it ends, taking it away, and dropping what is
//! older than it must be kept.

use std::{
    future::ready,
    io::{BufWriter, ErrorKind, Write},
};

use anyhow::{Context, bail};
use app::searches::trail::TrailSearch;
use clap::{Subcommand, ValueEnum};
use gate::{Gate, GateError, NotDropped, TrailPage, calendar};
use store::{StoreError, trail::Anchor};

use crate::{
    files::exports,
    operate::{commands, config::Config},
    sign_in,
};

/// What can be done with the audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// Verify the whole audit log: every entry is there, unchanged and in its place. Ends with 1 if not.
    Verify {
        /// An earlier head, as `audit head` and the log print it: NUMBER:HASH. You can repeat this option.
        #[arg(long = "anchor", value_name = "NUMBER:HASH")]
        anchors: Vec<String>,
    },
    /// Print where the audit log ends, as NUMBER:HASH. Keep it elsewhere: with it, `audit verify --anchor` finds out
    /// if the audit log was cut short or rewritten.
    Head,
    /// Print the audit log.
    Export {
        /// As a table (CSV), or as one JSON object on each line.
        #[arg(long, value_enum)]
        format: ExportFormat,
        /// From this day on: 2026-11-21.
        #[arg(long)]
        from: Option<String>,
        /// Up to the end of this day.
        #[arg(long)]
        to: Option<String>,
    },
    /// Delete the entries that are older than PORTAL_AUDIT_YEARS. The rest can still be verified.
    Drop {
        /// Who signs it off; recorded in the audit log. Without it, nothing is deleted.
        #[arg(long, value_name = "NAME")]
        signed_off_by: Option<String>,
    },
}

/// How the trail is printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}

/// Does one of them; says whether the trail is whole, as far as that was asked.
///
/// # Errors
/// When the database cannot be opened or fails, or what was given makes no sense.
pub async fn run(config: Config, what: Audit) -> anyhow::Result<bool> {
    let gate = commands::open_made(&config).await?;
    match what {
        Audit::Verify { anchors } => verify(&gate, &anchors).await,
        Audit::Head => {
            let head = gate.trail_head().await?;
            println!("{}:{}", head.number, head.hash);
            Ok(true)
        }
        Audit::Export { format, from, to } => export(&gate, format, from, to).await.map(|()| true),
        Audit::Drop { signed_off_by } => drop_old(&gate, &config, signed_off_by.as_deref()).await.map(|()| true),
    }
}

async fn verify(gate: &Gate, anchors: &[String]) -> anyhow::Result<bool> {
    let anchors = anchors
        .iter()
        .map(|text| {
            Anchor::parse(text).with_context(|| format!("“{text}” is not NUMBER:HASH, as `audit head` prints it"))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let found = gate.verify_trail(&anchors).await?;
    println!("{} entries, from {} to {}.", found.entries, found.first, found.last);
    println!("Head: {}:{}", found.last, found.hash);
    match found.faults.as_slice() {
        [] => {
            println!("The audit log is whole.");
            Ok(true)
        }
        [first, rest @ ..] => {
            println!("The audit log is NOT whole. First fault: {first}.");
            for fault in rest {
                println!("Also: {fault}.");
            }
            Ok(false)
        }
    }
}

async fn export(gate: &Gate, format: ExportFormat, from: Option<String>, to: Option<String>) -> anyhow::Result<()> {
    let search = TrailSearch {
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
        ..TrailSearch::default()
    };
    if let Some((_, wrong)) = search.problems().first() {
        bail!("{wrong}");
    }
    let service = sign_in::service();
    let (visit, query) = (gate.on_behalf_of(&service), search.query());
    let mut out = BufWriter::new(std::io::stdout());
    let printed = match format {
        ExportFormat::Csv => {
            let mut table = exports::audit::begin(out)?;
            let print = |page: TrailPage| ready(exports::audit::write(&mut table, &page).map_err(GateError::from));
            let printed = visit.each_entry(&query, usize::MAX, print).await;
            printed.and_then(|()| Ok(table.finish()?.flush()?))
        }
        ExportFormat::Jsonl => {
            let print = |page: TrailPage| ready(exports::audit::write_lines(&mut out, &page).map_err(GateError::from));
            let printed = visit.each_entry(&query, usize::MAX, print).await;
            printed.and_then(|()| Ok(out.flush()?))
        }
    };
    match printed {
        // Whoever reads it has enough: `| head`.
        Err(GateError::Trouble(StoreError::File(error))) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

async fn drop_old(gate: &Gate, config: &Config, signed_off_by: Option<&str>) -> anyhow::Result<()> {
    if config.audit_years == 0 {
        bail!("PORTAL_AUDIT_YEARS is 0, so the audit log is kept for good; set it to at least 1 year");
    }
    let found = match gate.old_entries(config.audit_years, config.forwarded_to()).await? {
        Ok(found) => found,
        Err(NotDropped::NothingOld) => {
            println!(
                "No entry is older than {}. Nothing was changed.",
                in_years(config.audit_years)
            );
            return Ok(());
        }
        Err(NotDropped::Broken(fault)) => {
            bail!("{fault}; nothing was deleted. Find out why first: run `audit verify`")
        }
        Err(NotDropped::NotForwarded(done)) => {
            bail!("the audit log was forwarded up to entry {done} only; nothing was deleted")
        }
    };
    let what = format!(
        "entries {} to {}, from before {}",
        found.first,
        found.through,
        calendar::day(found.before)
    );
    match signed_off_by.map(str::trim) {
        None | Some("") => {
            println!("Would delete {what}. Nothing was changed. To delete them, add --signed-off-by NAME.")
        }
        Some(name) => {
            gate.drop_old_entries(found, name).await?;
            println!("Deleted {what}, signed off by {name}.");
        }
    }
    Ok(())
}

fn in_years(years: u32) -> String {
    match years {
        1 => "1 year".to_owned(),
        years => format!("{years} years"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_years;

    #[test]
    fn one_year_is_no_years() {
        assert_eq!((in_years(1).as_str(), in_years(7).as_str()), ("1 year", "7 years"));
    }
}
