//! The operator's command that imports organisations from a file.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use domain::{problem::Problem, values::numbers::thousands};
use gate::{Import, Imported};

use crate::{
    operate::{commands, config::Config},
    sign_in,
};

/// What can be done with organisations.
#[derive(Subcommand)]
pub enum Organisations {
    /// Add and change organisations from a CSV file or spreadsheet with the columns Code, Name, ShortName, Parent, Status,
    /// Sites and Units. Rows with problems are rejected, and the others applied together. Ends with 1 if any is rejected.
    Import {
        /// The file.
        file: PathBuf,
        /// Only list what each row would do.
        #[arg(long)]
        dry_run: bool,
        /// Confirm how many organisations the file changes; needed if they are unusually many.
        #[arg(long, value_name = "NUMBER", conflicts_with = "dry_run")]
        changes: Option<u32>,
    },
}

/// Does one of them; says whether every row was well.
///
/// # Errors
/// When the file or the database cannot be read.
pub async fn run(config: Config, what: Organisations) -> anyhow::Result<bool> {
    let Organisations::Import { file, dry_run, changes } = what;
    let gate = commands::open_made(&config).await?;
    let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let how = if dry_run {
        Import::DryRun
    } else {
        Import::Apply(changes)
    };
    let name = file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let service = sign_in::service();
    let imported = gate
        .on_behalf_of(&service)
        .import_organisations(&name, bytes, how)
        .await?;
    match &imported {
        Imported::Unreadable(problems) => {
            let why: Vec<_> = problems.iter().map(Problem::to_string).collect();
            bail!("{} cannot be imported. {}", file.display(), why.join(" "))
        }
        Imported::Uncounted { changed, all } => bail!(
            "the file changes {} of {} organisations, more than most files do. Nothing was changed. If that is right, \
             run: server organisations import {} --changes {changed}",
            thousands(*changed),
            thousands(*all),
            quoted(&file)
        ),
        Imported::Read { rejected, .. } => {
            print!("{}", report(&imported, dry_run));
            Ok(*rejected == 0)
        }
    }
}

fn quoted(file: &Path) -> String {
    format!("{:?}", file.display().to_string())
}

fn report(read: &Imported, dry_run: bool) -> String {
    let Imported::Read {
        created,
        changed,
        same,
        rejected,
        problems,
        counted,
    } = read
    else {
        return String::new();
    };
    let mut text = String::new();
    for problem in problems {
        text += &format!("{problem}\n");
    }
    let said = match dry_run {
        true => ["To create", "To change", "No changes needed", "Rows with problems"],
        false => ["Created", "Changed", "No changes needed", "Rows rejected"],
    };
    for (what, many) in said.into_iter().zip([created, changed, same, rejected]) {
        text += &format!("{what}: {}\n", thousands(*many));
    }
    if problems.len() < usize::try_from(*rejected).unwrap_or(usize::MAX) {
        text += "Only the first problems are shown. Correct them and import the file again.\n";
    }
    if dry_run {
        text += "Nothing was changed.\n";
    }
    if dry_run && *counted {
        text += &format!(
            "The file changes more organisations than most files do. To import it, add --changes {changed}.\n"
        );
    }
    text
}
