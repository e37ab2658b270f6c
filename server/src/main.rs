//! The command line: what an operator can have the server do.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use demo::federation::Size;
use server::operate::{
    appoint::{self, Appoint},
    audit::{self, Audit},
    change_files::{self, ChangeFiles},
    closed_pipe,
    commands::{self, Fed, Sweep},
    config::Config,
    connector::{self, Connector},
    importing::{self, Organisations},
    last_use::{self, LastUse},
    observe,
    receiving_mail::{self, ReceiveMail, TRY_AGAIN},
};

/// A request makes and drops thousands of small texts; this one is quicker at that than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Staffbook: local administrators manage their own people in one shared directory.
///
/// Settings come from PORTAL_… environment variables and portal.toml. `server settings` lists them, `server config` prints
/// those in force.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the schema up to date and serve the portal; also do what `work` does, unless PORTAL_WORK_IN_SERVE=false.
    Serve,
    /// Check and apply uploads, follow the timers, receive and send email, and take change files, as one of any number of such
    /// processes.
    Work,
    /// Bring the database's schema up to date.
    Migrate,
    /// Make the automatic changes that are due: inactive accounts, leavers, deleted accounts, offers. Serve and work do so
    /// every ten minutes. A run that would end or erase unusually many waits until its number is confirmed.
    Sweep {
        /// Only list what would be done, and when.
        #[arg(long)]
        dry_run: bool,
        /// With --dry-run: also list what is due within this number of days.
        #[arg(long, default_value_t = 0, requires = "dry_run")]
        days: u32,
        /// Confirm the changes that are held back, by their exact number, and make them.
        #[arg(long, value_name = "NUMBER", conflicts_with = "dry_run")]
        confirm: Option<u64>,
        /// With --confirm: who signs it off; recorded in the audit log. By default the user of this terminal.
        #[arg(long, value_name = "NAME", requires = "confirm")]
        signed_off_by: Option<String>,
    },
    /// Record when accounts were last used in the mail system, so that people who only read mail do not count as inactive.
    LastUse {
        /// What to do.
        #[command(subcommand)]
        what: LastUse,
    },
    /// Take one mail with a staff list from standard input, as a mail server hands it over. Ends with 0 once it is kept, with
    /// 75 if it should be tried again later, and with 65 if there is no mail at all. One that is too large is kept as refused.
    ReceiveMail(ReceiveMail),
    /// Begin the daily run of files by email, or say what it would do.
    Connector {
        /// What to do.
        #[command(subcommand)]
        what: Connector,
    },
    /// Take the change files of customers.
    ChangeFiles {
        /// What to do.
        #[command(subcommand)]
        what: ChangeFiles,
    },
    /// Fill an empty database with made-up organisations and people, and print how to sign in.
    Seed {
        /// If the database already has people, change nothing and only print how to sign in.
        #[arg(long)]
        if_empty: bool,
        /// Add a federation of this number of made-up people, for measuring.
        #[arg(long, default_value_t = 0)]
        people: u32,
        /// The number of organisations that the made-up people are in.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=90_000))]
        organisations: u32,
        /// Make so many of their largest organisations' administrators connectors, and print a token of each, for measuring.
        #[arg(long, default_value_t = 0)]
        connectors: u16,
        /// Make so many of them connectors by email, and print the address of each, for measuring.
        #[arg(long, default_value_t = 0)]
        senders: u16,
        /// Make so many of the largest organisations customers with subscriptions, and print the number, the mail domain and
        /// the subscriptions of each, for measuring.
        #[arg(long, default_value_t = 0)]
        customers: u16,
    },
    /// Appoint the first Global Administrator, or an organisation's Primary Local Administrator, and print their
    /// activation link.
    Appoint(Appoint),
    /// Import organisations from a file.
    Organisations {
        /// What to do with them.
        #[command(subcommand)]
        what: Organisations,
    },
    /// Unlock an account that failed sign-ins have locked, when nobody in the portal can.
    Unlock {
        /// The email address that the account signs in with.
        address: String,
    },
    /// Verify the audit log, note where it ends, print it, or drop old entries.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        what: Audit,
    },
    /// Print the settings in force, without secrets.
    Config,
    /// List every setting with its default, its bounds and what it does.
    Settings,
}

/// Whose terminal this is, as far as it says so.
fn operator() -> String {
    let user = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    user.unwrap_or_else(|_| "an unknown operator".to_owned())
}

/// What fails is told in a line for each problem, for an operator to act on. A mail server gives a mail back to its sender
/// unless it is told that it was our fault.
#[tokio::main]
async fn main() -> ExitCode {
    let is_mail = std::env::args_os()
        .nth(1)
        .is_some_and(|command| command == "receive-mail");
    let failure = if is_mail {
        ExitCode::from(TRY_AGAIN)
    } else {
        ExitCode::FAILURE
    };
    let arguments = match Arguments::try_parse() {
        Err(error) if is_mail && error.use_stderr() => {
            eprint!("{error}");
            return failure;
        }
        Err(error) => error.exit(),
        Ok(arguments) => arguments,
    };
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("Error: {error:#}");
            failure
        }
    }
}

/// Does what is asked; gives the number that the process ends with.
async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let ended = |is_well| if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    let command = arguments.command.unwrap_or(Command::Serve);
    if !matches!(command, Command::Serve | Command::Work | Command::ReceiveMail(_)) {
        closed_pipe::end_quietly();
    }
    let config = match command {
        // Whoever looks a setting up may have set it wrongly.
        Command::Settings => Config::default(),
        _ => Config::read()?,
    };
    observe::start_logging(&config)?;
    match command {
        Command::Serve => commands::serve(config).await?,
        Command::Work => commands::work(config).await?,
        Command::Migrate => commands::migrate(config).await?,
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
            commands::sweep(config, how).await?;
        }
        Command::LastUse { what } => last_use::run(config, what).await?,
        Command::ReceiveMail(said) => return receiving_mail::run(config, said).await,
        Command::Connector { what } => connector::run(config, what).await?,
        Command::ChangeFiles { what } => return change_files::run(config, what).await,
        Command::Seed {
            if_empty,
            people,
            organisations,
            connectors,
            senders,
            customers,
        } => {
            let size = Size { people, organisations };
            let fed = Fed {
                connectors,
                senders,
                customers,
            };
            commands::seed(config, if_empty, size, fed).await?;
        }
        Command::Appoint(asked) => appoint::run(config, asked).await?,
        Command::Organisations { what } => return importing::run(config, what).await.map(ended),
        Command::Unlock { address } => commands::unlock(config, &address).await?,
        Command::Audit { what } => return audit::run(config, what).await.map(ended),
        Command::Config => println!("{config:#?}"),
        Command::Settings => print!("{}", Config::listing()?),
    }
    Ok(ExitCode::SUCCESS)
}
