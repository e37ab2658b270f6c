//! The command line: what an operator can have the server do.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use demo::federation::Size;
use server::{
    appoint::{self, Appoint},
    audit::{self, Audit},
    commands::{self, Sweep},
    config::Config,
    importing::{self, Organisations},
    last_use::{self, LastUse},
    observe,
};

/// A request makes and drops thousands of small texts; this one is quicker at that than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Staffbook: local administrators manage their own people in one shared directory.
///
/// Configuration comes from PORTAL_… environment variables and portal.toml; `server config` prints it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// What to do; `serve` where nothing is said, as `cargo leptos watch` says nothing.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal; also does the jobs in line and sends mail unless PORTAL_WORK_IN_SERVE=false.
    Serve,
    /// Do the jobs in line (checking and applying submissions) and send mail, as one of any number of such processes.
    Work,
    /// Bring the database's schema up to date.
    Migrate,
    /// Make the automatic changes that are due: inactive accounts, leavers, what is deleted, offers. Serve and work do so
    /// every ten minutes. A run that would end or erase unusually much waits until its number is confirmed.
    Sweep {
        /// Only say what would be done, and when.
        #[arg(long)]
        dry_run: bool,
        /// With --dry-run: look so many days ahead.
        #[arg(long, default_value_t = 0, requires = "dry_run")]
        days: u32,
        /// Confirm the changes that are held back, by their exact number, and make them.
        #[arg(long, value_name = "NUMBER", conflicts_with = "dry_run")]
        confirm: Option<u64>,
        /// With --confirm: who answers for it; recorded in the audit trail. The user of this terminal if it is left out.
        #[arg(long, value_name = "NAME", requires = "confirm")]
        signed_off_by: Option<String>,
    },
    /// When accounts were last used in the mail system, so that nobody counts as inactive who reads mail only.
    LastUse {
        /// What to do.
        #[command(subcommand)]
        what: LastUse,
    },
    /// Put the demonstration's organisations and people into an empty database, and print whom to sign in as.
    Seed {
        /// Do nothing where people are here already, but to say whom to sign in as.
        #[arg(long)]
        if_empty: bool,
        /// Beside them a federation of made-up people, so many; for measuring.
        #[arg(long, default_value_t = 0)]
        people: u32,
        /// In so many organisations.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=90_000))]
        organisations: u32,
    },
    /// Appoint the first Global Administrator, or an organisation's Primary Local Administrator, and print the link by
    /// which they choose a password.
    Appoint(Appoint),
    /// Organisations: import them from a file.
    Organisations {
        /// What to do with them.
        #[command(subcommand)]
        what: Organisations,
    },
    /// Unlock an account that was locked by failed sign-ins, where nobody in the portal can do it.
    Unlock {
        /// The email address that it signs in by.
        address: String,
    },
    /// The audit trail: verify it, note its head, print it, drop what is old.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        what: Audit,
    },
    /// Print the configuration in force, without its secrets.
    Config,
}

/// Whose terminal this is, as far as it says so.
fn operator() -> String {
    let user = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    user.unwrap_or_else(|_| "somebody without a name".to_owned())
}

/// What fails is told in one line, for an operator to act on.
#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = Config::read()?;
    observe::start_logging(&config);
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve(config).await,
        Command::Work => commands::work(config).await,
        Command::Migrate => commands::migrate(config).await,
        Command::Sweep {
            dry_run,
            days,
            confirm,
            signed_off_by,
        } => {
            let how = match confirm {
                Some(number) => {
                    let named = signed_off_by.filter(|name| !name.trim().is_empty());
                    Sweep::Confirm(number, named.unwrap_or_else(operator))
                }
                None if dry_run => Sweep::LookAhead(days),
                None => Sweep::Do,
            };
            commands::sweep(config, how).await
        }
        Command::LastUse { what } => last_use::run(config, what).await,
        Command::Seed {
            if_empty,
            people,
            organisations,
        } => commands::seed(config, if_empty, Size { people, organisations }).await,
        Command::Appoint(asked) => appoint::run(config, asked).await,
        Command::Organisations { what } => match importing::run(config, what).await? {
            true => Ok(()),
            false => std::process::exit(1),
        },
        Command::Unlock { address } => commands::unlock(config, &address).await,
        Command::Audit { what } => match audit::run(config, what).await? {
            true => Ok(()),
            false => std::process::exit(1),
        },
        Command::Config => {
            println!("{config:#?}");
            Ok(())
        }
    }
}
