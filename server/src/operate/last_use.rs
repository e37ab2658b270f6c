//! The operator's command by which the mail system's word about use comes in.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Subcommand;
use domain::values::ids::Timestamp;
use gate::calendar;

use crate::{
    operate::{commands, config::Config},
    sign_in,
};

/// What can be done with reports of use.
#[derive(Subcommand)]
pub enum LastUse {
    /// Read a file with an email address and a moment a line: jo.smith@nhs.net,2026-11-20T08:15:00Z; the day alone will do.
    /// An earlier use never takes the place of a later one, so a file may be read again.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// The headings that the first line may hold.
const HEADINGS: &str = "emailaddress,lastused";

/// Does one of them.
///
/// # Errors
/// When the file cannot be read or a line makes no sense, and then nothing was noted; when the database fails.
pub async fn run(config: Config, what: LastUse) -> anyhow::Result<()> {
    let LastUse::Import { file } = what;
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let gate = commands::open_made(&config).await?;
    let uses = read(&text, gate.now())?;
    let noted = gate.note_reported_uses(&sign_in::service(), &uses).await?;
    println!(
        "{} lines: {} accounts noted, of which {} are active again; {} email addresses belong to no account.",
        uses.len(),
        noted.known,
        noted.awake,
        noted.unknown
    );
    Ok(())
}

/// The email addresses and moments of a file.
fn read(text: &str, now: Timestamp) -> anyhow::Result<Vec<(String, Timestamp)>> {
    let mut uses = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        let is_heading = number == 1 && line.replace(' ', "").eq_ignore_ascii_case(HEADINGS);
        if line.is_empty() || is_heading {
            continue;
        }
        let Some((address, moment)) = line.split_once(',') else {
            bail!("line {number}: write an email address, a comma, and when the account was last used");
        };
        let (address, moment) = (unquoted(address), unquoted(moment));
        let Some(at) = calendar::from_iso_8601(moment) else {
            bail!("line {number}: “{moment}” is not a date; write it as 2026-11-20 or 2026-11-20T08:15:00Z");
        };
        if at > now {
            bail!("line {number}: {moment} has not come yet; check the file and this machine’s clock");
        }
        uses.push((address.to_lowercase(), at));
    }
    Ok(uses)
}

fn unquoted(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_reported_use_are_read_and_nonsense_is_refused() {
        let now = calendar::from_iso_8601("2026-11-21T12:00:00Z").unwrap();
        let day = calendar::from_iso_8601("2026-11-20").unwrap();
        let text = "EmailAddress,LastUsed\r\n\"Jo.Smith@nhs.net\",2026-11-20\n\n";
        assert_eq!(read(text, now).unwrap(), [("jo.smith@nhs.net".to_owned(), day)]);
        for (line, says) in [
            ("jo.smith@nhs.net", "line 1: write"),
            ("jo.smith@nhs.net,20/11/2026", "is not a date"),
            ("jo.smith@nhs.net,2027-01-01", "has not come yet"),
        ] {
            let error = read(line, now).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
