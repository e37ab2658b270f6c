//! The operator's commands for connectors.

use clap::Subcommand;
use gate::{Gate, calendar};

use crate::{
    operate::{commands, config::Config},
    sign_in,
};

/// What can be done for connectors.
#[derive(Subcommand)]
pub enum Connector {
    /// Begin the daily run of files by email now: for each organisation, the most recent file is applied.
    Run {
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Does one of them.
///
/// # Errors
/// When the database cannot be opened or fails.
pub async fn run(config: Config, what: Connector) -> anyhow::Result<()> {
    let Connector::Run { dry_run } = what;
    let gate = commands::open_made(&config).await?;
    if dry_run {
        return look_ahead(&gate).await;
    }
    let begun = gate.run_email(&sign_in::service()).await?;
    println!(
        "Files to apply: {}\nReplaced by a later file: {}\nWaiting for an administrator: {}",
        begun.applied, begun.superseded, begun.held
    );
    if begun.not_applied > 0 {
        println!(
            "Not applied, because the sender’s role has ended: {}",
            begun.not_applied
        );
    }
    if begun.applied > 0 {
        println!("`serve` or `work` applies them, and tells their senders.");
    }
    Ok(())
}

async fn look_ahead(gate: &Gate) -> anyhow::Result<()> {
    let would = gate.would_run_email().await?;
    for file in &would {
        let mut fates = Vec::new();
        if !file.applied.is_empty() {
            let verb = if file.held {
                "waits for an administrator"
            } else {
                "applied"
            };
            fates.push(format!("{verb} for {}", codes(&file.applied)));
        }
        if !file.barred.is_empty() {
            fates.push(format!(
                "not applied, because its sender may no longer send, for {}",
                codes(&file.barred)
            ));
        }
        if !file.superseded.is_empty() {
            fates.push(format!("replaced by a later file for {}", codes(&file.superseded)));
        }
        if fates.is_empty() {
            fates.push("no organisation".to_owned());
        }
        println!(
            "{}  {}  {}, {} from {}: {}",
            file.submission,
            calendar::moment_in_words(file.received),
            counted(file.totals.rows().into(), "row", "rows"),
            file.file_name,
            file.sender,
            fates.join("; ")
        );
    }
    let waiting = counted(would.len() as u64, "file waits", "files wait");
    println!("{waiting}. Nothing was changed.");
    Ok(())
}

/// A number with its noun.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Codes of organisations in a list.
fn codes(codes: &[impl ToString]) -> String {
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    codes.join(", ")
}
