//! What the commands do.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, anyhow, bail};
use demo::federation::{self, Size};
use domain::values::ids::Timestamp;
use gate::{Gate, Worker, calendar};
use store::{Schema, Store, StoreError, Synchronous};
use tokio::net::TcpListener;

use crate::{
    channels::{change_files::watching::Watching, email::collecting::Collecting},
    http::{router, serving},
    operate::{
        config::{Config, Secret},
        daily_run,
        forward::{self, Place},
        observe,
        sending_mail::{self, Post},
    },
    sign_in::{self, sessions},
};

/// How often what is due by itself is done.
const SWEPT_EVERY: Duration = Duration::from_secs(600);

/// How often the metrics are told what the sweep holds back.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// How often the requests of connectors are written down.
const COUNTED_EVERY: Duration = Duration::from_secs(5);

/// How often the audit log's head is noted in the log.
const NOTED_EVERY: Duration = Duration::from_secs(86_400);

/// Serves the portal until the process is told to end.
///
/// # Errors
/// When it cannot start.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    tracing::info!(?config, "starting");
    let post = Post::of(&config)?;
    let forwarded_to = config.forwarded_to().map(Place::parse).transpose()?;
    let (collecting, watching) = if config.work_in_serve {
        (Collecting::of(&config)?, Watching::of(&config)?)
    } else {
        (None, None)
    };
    let gate = open(&config).await?;
    gate.store()
        .migrate()
        .await
        .context("the database's schema cannot be brought up to date")?;
    if config.work_in_serve {
        // Two, so that a large file does not hold up a small one.
        for worker in [Worker::new(gate.clone()), Worker::new(gate.clone())] {
            tokio::spawn(async move { worker.run().await });
        }
        tokio::spawn(sweep_lives(gate.clone()));
        take_files_by_email(&gate, collecting);
        take_change_files(&gate, watching);
        keep_trail(&gate, forwarded_to);
    }
    let sending = config
        .work_in_serve
        .then(|| tokio::spawn(sending_mail::run(gate.clone(), post, told_to_end())));
    tokio::spawn(sweep_sessions(gate.clone()));
    tokio::spawn(write_noted(gate.clone()));
    let (metrics_layer, metrics) = observe::metrics();
    tokio::spawn(tell_held(gate.clone()));
    let metrics_listener = listen(config.metrics_address).await?;
    tokio::spawn(async move {
        if let Err(error) = axum::serve(metrics_listener, metrics).await {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    let listener = listen(config.address).await?;
    let address = config.address;
    let portal = router::portal(gate.clone(), &config).layer(metrics_layer);
    tracing::info!("ready at http://{address}");
    let header_time = Duration::from_secs(config.header_seconds.into());
    serving::serve(listener, portal, header_time, told_to_end()).await;
    if let Err(error) = gate.write_noted().await {
        tracing::warn!(%error, "the last requests of connectors could not be counted");
    }
    // A letter that is on its way is seen through: cut off, it would count as one that may not have been sent.
    if let Some(sending) = sending {
        sending.await?;
    }
    Ok(())
}

/// Does the jobs in line until the process is told to end.
///
/// # Errors
/// When it cannot start.
pub async fn work(config: Config) -> anyhow::Result<()> {
    tracing::info!(?config, "working");
    let post = Post::of(&config)?;
    let forwarded_to = config.forwarded_to().map(Place::parse).transpose()?;
    let (collecting, watching) = (Collecting::of(&config)?, Watching::of(&config)?);
    let gate = open_made(&config).await?;
    let sending = tokio::spawn(sending_mail::run(gate.clone(), post, told_to_end()));
    tokio::spawn(sweep_lives(gate.clone()));
    take_files_by_email(&gate, collecting);
    take_change_files(&gate, watching);
    keep_trail(&gate, forwarded_to);
    let worker = Worker::new(gate);
    tokio::select! {
        () = worker.run() => {}
        () = told_to_end() => {}
    }
    sending.await?;
    Ok(())
}

/// Brings the schema up to date.
///
/// # Errors
/// When a step fails.
pub async fn migrate(config: Config) -> anyhow::Result<()> {
    let store = open_store(&config).await?;
    let run = store.migrate().await?;
    println!("The database is up to date; {run} steps were run.");
    Ok(())
}

/// How the sweep is asked for at the command line.
#[derive(Clone, Debug)]
pub enum Sweep {
    /// Do what is due.
    Do,
    /// Say what would be done within so many days, and change nothing.
    LookAhead(u32),
    /// Confirm this number of changes that are held back, signed off by somebody, and make them.
    Confirm(u64, String),
}

/// Makes the automatic changes that are due; or says what would be done, and changes nothing.
///
/// # Errors
/// When the database cannot be opened or fails; when another number is held back than the one confirmed.
pub async fn sweep(config: Config, how: Sweep) -> anyhow::Result<()> {
    let gate = open_made(&config).await?;
    if let Sweep::LookAhead(days) = how {
        let by = calendar::days_after(gate.now(), days);
        let by = by.with_context(|| format!("{days} days are too many; look less far ahead"))?;
        let due = gate.due(by).await?;
        for due in &due {
            println!("{}  {}", calendar::moment_in_words(due.at), due.what.in_words());
        }
        let until = if days == 0 {
            "now".to_owned()
        } else {
            format!("within {days} days")
        };
        println!("{} would be done {until}. Nothing was changed.", due.len());
        if let Some(held) = gate.would_hold(by).await? {
            println!(
                "{held} of them end or erase something, which is unusually many. A sweep holds them back until you \
                 confirm that number."
            );
        }
        return Ok(());
    }
    let service = sign_in::service();
    if let Sweep::Confirm(number, name) = &how {
        gate.on_behalf_of(&service).confirm_held(*number, Some(name)).await??;
    }
    let swept = gate.sweep(&service).await?;
    println!("Automatic changes made: {}.", swept.done);
    if let Some(held) = swept.held {
        println!(
            "{held} changes that end or erase something are held back, because they are unusually many. Check the \
             settings, the clock and `server sweep --dry-run`. If they are right, run `server sweep --confirm {held}`."
        );
    }
    for left in &swept.left {
        println!("Could not be made: {left}");
    }
    Ok(())
}

/// Unlocks an account, whoever could do it in the portal.
///
/// # Errors
/// When no account is locked that signs in by this address, or the database fails.
pub async fn unlock(config: Config, address: &str) -> anyhow::Result<()> {
    let gate = open_made(&config).await?;
    if !gate.on_behalf_of(&sign_in::service()).unlock(address).await? {
        bail!("no locked account signs in as {address}; nothing was changed");
    }
    println!("{address} can sign in again.");
    Ok(())
}

/// How many of the made-up federation's organisations are fed, for measuring.
#[derive(Clone, Copy, Debug)]
pub struct Fed {
    /// By programs.
    pub connectors: u16,
    /// By files sent by email.
    pub senders: u16,
    /// By change files, as customers with subscriptions.
    pub customers: u16,
}

/// Seeds the demonstration, and a made-up federation where one is asked for, and says whom to sign in as. Their password
/// is made here and kept nowhere but as a hash.
///
/// # Errors
/// When the database is not empty, unless that is allowed.
pub async fn seed(config: Config, if_empty: bool, size: Size, fed: Fed) -> anyhow::Result<()> {
    let gate = open(&config).await?;
    gate.store().migrate().await?;
    if !gate.is_empty().await? {
        if !if_empty {
            bail!("the database already has people or organisations; seed an empty one");
        }
        // Whoever set the portal up for real has none of the demonstration's people.
        let persona = demo::PERSONAS[0].address(&config.mail_domain);
        match gate.account_by_address(&persona).await? {
            Some(_) => announce(&config, None),
            None => println!("The database already has people or organisations, so nothing was added."),
        }
        return Ok(());
    }
    let password = config
        .seed_password
        .as_ref()
        .map_or_else(random_password, |given| given.reveal().to_owned());
    demo::establish(&gate, &sign_in::service(), &password).await?;
    let address = demo::PERSONAS[0].address(&config.mail_domain);
    if let Some(sender) = sign_in::actor_by_address(&gate, &address).await? {
        demo::send_examples(&gate, &sender).await?;
    }
    demo::add_customer(&gate, &sign_in::service()).await?;
    let administrator = match size.people {
        0 => None,
        _ => federation::establish(&gate, &sign_in::service(), size, &password).await?,
    };
    announce(&config, Some(&password));
    if let Some(found) = administrator {
        println!(
            "Of the made-up federation: {} manages {} people of {}, with the same password.\n",
            found.address, found.people, found.organisation
        );
        connect(&gate, size, fed.connectors).await?;
        if fed.senders > 0 {
            let service = sign_in::service();
            for made in federation::connect_by_email(&gate, &service, size, usize::from(fed.senders)).await? {
                println!("sender {} {}", made.address, made.organisations.join(","));
            }
        }
        if fed.customers > 0 {
            let service = sign_in::service();
            for made in federation::subscribe(&gate, &service, size, usize::from(fed.customers)).await? {
                let [collab, mail, bundle] = made.subscriptions;
                println!("customer {} {} {collab} {mail} {bundle}", made.number, made.domain);
            }
        }
    }
    Ok(())
}

/// Makes connectors in the made-up federation, for measuring, and prints a token of each. The first feeds the organisations of
/// all others.
async fn connect(gate: &Gate, size: Size, connectors: u16) -> anyhow::Result<()> {
    if connectors == 0 {
        return Ok(());
    }
    for made in federation::connect(gate, &sign_in::service(), size, usize::from(connectors)).await? {
        let actor = sign_in::actor_by_address(gate, &made.address).await?;
        let actor = actor.with_context(|| format!("{} is not there", made.address))?;
        let token = gate.on_behalf_of(&actor).make_token("Measuring", 30).await?;
        let token = token.map_err(|problems| anyhow!("{problems:?}"))?;
        println!("connector {} {}", token.secret, made.organisations.join(","));
    }
    Ok(())
}

fn announce(config: &Config, password: Option<&str>) {
    println!("\nStaffbook will be at http://{}. Sign in as one of:\n", config.address);
    for persona in demo::PERSONAS {
        println!(
            "  {:<36} {:<27} {}",
            persona.address(&config.mail_domain),
            persona.role.name(),
            persona.shows
        );
    }
    match password {
        Some(password) => println!(
            "\nThe password of each is: {password}\n(It is shown this once; `make clean-data` begins afresh.)\n"
        ),
        None => println!("\nTheir password was shown when the database was seeded; `make clean-data` begins afresh.\n"),
    }
    if config.development && config.mail_folder.is_some() {
        println!(
            "What the portal sends by email is read at {}{}.\n",
            config.url,
            app::routes::MAIL
        );
    }
}

/// Four groups of letters and digits that are not mistaken for one another.
fn random_password() -> String {
    const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let group = || {
        (0..4)
            .map(|_| char::from(SIGNS[rand::random_range(0..SIGNS.len())]))
            .collect::<String>()
    };
    [(); 4].map(|()| group()).join("-")
}

/// The portal of a database that is there and up to date: for whatever has no business to make one.
pub(crate) async fn open_made(config: &Config) -> anyhow::Result<Gate> {
    let url = config.database_url.reveal();
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//").split('?').next().unwrap_or_default();
        if !Path::new(path).is_file() {
            bail!("there is no database at {path}. Check PORTAL_DATABASE_URL, or run `server migrate` to make one");
        }
    }
    let gate = open(config).await?;
    match gate.store().schema().await {
        Ok(Schema::Current) => Ok(gate),
        Ok(Schema::Behind(pending)) => {
            bail!("the database lacks {pending} schema steps; run `server migrate`")
        }
        Ok(Schema::Newer(step)) => Err(StoreError::NewerSchema(step).into()),
        Err(error) => Err(error).context("the database cannot be read"),
    }
}

async fn open(config: &Config) -> anyhow::Result<Gate> {
    calendar::check()?;
    let clock = Arc::new(|| {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    });
    Ok(Gate::new(
        open_store(config).await?,
        config.rules()?,
        config.formats()?,
        clock,
    ))
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let url: &Secret = &config.database_url;
    if url.reveal().starts_with("sqlite:") && config.sqlite_synchronous == Synchronous::Normal {
        tracing::warn!("PORTAL_SQLITE_SYNCHRONOUS=normal: a power cut can lose confirmed changes");
    }
    Store::open_with(url.reveal(), config.sqlite_synchronous)
        .await
        .with_context(|| format!("the database {url:?} cannot be opened"))
}

async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} is in use; set another address"))
}

async fn sweep_sessions(gate: Gate) {
    loop {
        if let Err(error) = sessions::sweep(gate.store(), gate.now()).await {
            tracing::warn!(%error, "expired sessions could not be removed");
        }
        if let Err(error) = gate.forget_old_failures().await {
            tracing::warn!(%error, "old sign-in failures could not be removed");
        }
        if let Err(error) = gate.forget_salts().await {
            tracing::warn!(%error, "the salts of earlier days could not be removed");
        }
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
}

/// Writes down what connectors asked for, as long as the process lives.
async fn write_noted(gate: Gate) {
    loop {
        tokio::time::sleep(COUNTED_EVERY).await;
        if let Err(error) = gate.write_noted().await {
            tracing::warn!(%error, "requests of connectors could not be counted; trying again");
        }
    }
}

/// Tells the metrics what the sweep holds back, wherever it runs.
async fn tell_held(gate: Gate) {
    loop {
        match gate.held_back().await {
            Ok(held) => observe::tell_held(held.map_or(0, |held| held.waiting)),
            Err(error) => tracing::warn!(%error, "what the sweep holds back cannot be read"),
        }
        tokio::time::sleep(TOLD_EVERY).await;
    }
}

/// Moves people's lives along the timers, as long as the process lives. Several processes may do so at once.
async fn sweep_lives(gate: Gate) {
    loop {
        match gate.sweep(&sign_in::service()).await {
            Ok(swept) => {
                if swept.done > 0 {
                    tracing::info!(done = swept.done, "automatic changes were made");
                }
                observe::tell_held(swept.held.unwrap_or_default());
                if let Some(held) = swept.held {
                    tracing::warn!(
                        held,
                        "automatic changes that end or erase are held back, because they are unusually many; to make \
                         them, run `server sweep --confirm {held}`, or let a Global Administrator confirm them"
                    );
                }
                if !swept.left.is_empty() {
                    tracing::warn!(
                        left = swept.left.len(),
                        "some automatic changes cannot be made; run `server sweep` to see why"
                    );
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "automatic changes were not made; trying again"
                );
            }
        }
        tokio::time::sleep(SWEPT_EVERY).await;
    }
}

/// Takes the mails that wait where that is set, and runs their files once a day, however they came in.
fn take_files_by_email(gate: &Gate, collecting: Option<Collecting>) {
    if let Some(collecting) = collecting {
        collecting.start(gate);
    }
    tokio::spawn(daily_run::run_daily(gate.clone()));
}

/// Takes the change files that lie in customers' folders where that is set.
fn take_change_files(gate: &Gate, watching: Option<Watching>) {
    if let Some(watching) = watching {
        watching.start(gate);
    }
}

/// Hands the audit log on, where that is set, and notes its head in the log once a day: whoever keeps the log elsewhere
/// can tell by it whether the trail was cut short or written anew.
fn keep_trail(gate: &Gate, forwarded_to: Option<Place>) {
    if let Some(place) = forwarded_to {
        tokio::spawn(forward::run(gate.clone(), place, told_to_end()));
    }
    let gate = gate.clone();
    tokio::spawn(async move {
        loop {
            match gate.trail_head().await {
                Ok(head) => tracing::info!(
                    head = format!("{}:{}", head.number, head.hash),
                    "the audit log ends here"
                ),
                Err(error) => tracing::error!(%error, "the audit log's head cannot be read"),
            }
            tokio::time::sleep(NOTED_EVERY).await;
        }
    });
}

async fn told_to_end() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let mut terminate = terminate
        .inspect_err(|error| tracing::error!(%error, "the process cannot be told to end"))
        .ok();
    let terminated = async {
        match &mut terminate {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
