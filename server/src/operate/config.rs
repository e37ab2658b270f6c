//! The configuration: one struct, from the environment and an optional file, printed at start without its secrets.

mod asks_for_factor;
mod bounds;
mod change_files;
mod contact;
mod email;
mod files;
mod listing;
pub mod openid;
mod operator;
mod secrets;

use std::{
    fmt,
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use ::email::Limits;
use anyhow::{Context, anyhow, bail};
use domain::{
    email::{Attach, EmailRules},
    life::Timers,
    organisation::OrganisationCode,
    rules::{AccessBrake, Brake, HandEditsStay, Rules, Threshold},
    settings::Setting,
    sign_in::SignInRules,
    values::email_address::MailDomain,
};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use store::Synchronous;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use self::asks_for_factor::AsksForFactor;
pub(crate) use self::change_files::ChangeFileSettings;
pub(crate) use self::email::{Imap, SigningIn, TokenSource};
use crate::http::client::proxies::{ForwardedBy, Networks};

domain::settings! {
    /// What an operator may set. Each field is an environment variable `PORTAL_…` in capitals, or a line of `portal.toml`
    /// (another file by `PORTAL_CONFIG`).
    #[derive(Clone, Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Config: default {
        /// Where the portal listens, in plain HTTP.
        pub address: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 3000));
        /// Where people reach the portal; used in links, and the only origin whose forms are accepted.
        pub url: String = Rules::URL.to_owned();
        /// Where `/metrics` listens; only your own tools should reach it.
        pub metrics_address: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 3002));
        /// `sqlite://path?mode=rwc` or `postgres://user:password@host/name`.
        pub database_url: Secret = Secret("sqlite://portal.db?mode=rwc".to_owned());
        /// `full`: a change is confirmed once it is on the disk. `normal` is faster and not safe: a power cut can lose
        /// confirmed changes.
        pub sqlite_synchronous: Synchronous = Synchronous::Full;
        /// The domain of the mailboxes managed here.
        pub mail_domain: String = "nhs.net".to_owned();
        /// The sender, as `Name <address>`.
        pub mail_from: Option<String> = None;
        /// The mail server that letters go to.
        pub smtp_url: Option<Secret> = None;
        /// A folder that letters are written to instead, one `.eml` file each.
        pub mail_folder: Option<PathBuf> = None;
        /// The address that files are sent to; `connector.data@` the mail domain if not set.
        pub email_address: Option<String> = None;
        /// When the daily run of files by email begins, as `HH:MM` in the time of the United Kingdom.
        pub email_run_at: String = "19:00".to_owned();
        /// A Maildir folder from which files by email are taken.
        pub email_maildir: Option<PathBuf> = None;
        /// Seconds between two looks into the Maildir folder or the IMAP mailbox.
        pub email_poll_seconds: u32 = 10, from 1 to 3_600;
        /// A mailbox from which files by email are taken by IMAP: `imaps://user@host:993/INBOX`, an `@` of the user as
        /// `%40`; `imap://` only on this machine.
        pub email_imap_url: Option<String> = None;
        /// The password of the IMAP mailbox.
        pub email_imap_password: Option<Secret> = None;
        /// Where access tokens for the IMAP mailbox are fetched, in place of a password (OAuth 2.0, XOAUTH2).
        pub email_imap_token_url: Option<String> = None;
        /// The client ID for access tokens.
        pub email_imap_token_client: Option<String> = None;
        /// The client secret for access tokens.
        pub email_imap_token_secret: Option<Secret> = None;
        /// The scope of access tokens.
        pub email_imap_token_scope: Option<String> = None;
        /// A refresh token, if access tokens are fetched by one; otherwise by the client's own credentials.
        pub email_imap_refresh_token: Option<Secret> = None;
        /// The names, separated by commas, by which your mail servers sign `Authentication-Results`; only their word counts
        /// about who sent a mail. A dash stands for a server that leaves its name out.
        pub email_authserv_ids: String = String::new();
        /// The names of your mail servers in `Received` fields, separated by commas; the same if not set. One that begins
        /// with a dot stands for all names below it.
        pub email_received_by: String = String::new();
        /// How many `Received` fields your own mail servers add to every mail.
        pub email_own_hops: u32 = 1, from 1 to 20;
        /// Whether your mail server writes its results below its own `Received` field, as Postfix places what rspamd adds.
        /// It must then remove the `Authentication-Results` that a mail brings along.
        pub email_results_below: bool = false;
        /// Whether your mail server lets everybody who has signed in send in their own name only, in the field `From` as well
        /// as in the envelope; then DMARC is enough for senders of the mail domain.
        pub email_enforces_sender: bool = false;
        /// Domains of forwarders whose seals (ARC) are believed, separated by commas.
        pub email_arc_sealers: String = String::new();
        /// The largest mail that is read, in MiB.
        pub email_mail_mib: u32 = Limits::STANDARD.mail_mib, from 1 to 200;
        /// The largest file attached to a mail, in MiB.
        pub email_file_mib: u32 = Limits::STANDARD.file_mib, from 1 to 200;
        /// How much a ZIP file attached to a mail may unpack to, in MiB.
        pub email_unpacked_mib: u32 = Limits::STANDARD.unpacked_mib, from 1 to 1_024;
        /// The most parts of a mail.
        pub email_parts: u32 = 200, from 1 to 10_000;
        /// Replies that one address gets within an hour; the next one says that there are no more.
        pub email_replies_per_hour: u32 = 20, from 1 to 10_000;
        /// To whom files with people’s data are attached: `internal`, to addresses of the mail domain; `always`; `never`.
        /// Others get a link.
        pub email_attach_results: Attach = Attach::Internal;
        /// The most that is attached to one letter, in MiB; a letter with more says where its files are.
        pub email_attach_mib: u32 = EmailRules::ATTACH_MIB, from 1 to 200;
        /// Days for which what is known of a mail that was set aside is kept.
        pub email_set_aside_days: u32 = 30, from 1 to 3_660;
        /// The folder in which each customer has a folder for change files, named by the customer's number; none are taken if it
        /// is not set.
        pub change_files_folder: Option<PathBuf> = None;
        /// Days for which reports, and files that were processed or refused, stay in the folders for change files.
        pub change_files_kept_days: u32 = 0, from 1 to 3_660, or 0 "as long as uploaded files";
        /// Seconds between two looks into the folders for change files.
        pub change_files_poll_seconds: u32 = 2, from 1 to 3_600;
        /// Seconds for which a change file must not change before it is taken.
        pub change_files_settle_seconds: u32 = 10, from 1 to 3_600, or 0 "it must be the same at two looks";
        /// The largest change file, in MiB.
        pub change_file_mib: u32 = Rules::CHANGE_FILE_MIB, from 1 to 1_024;
        /// Who helps where nobody in the organisation can: an email address, a web address or words; shown on the pages
        /// *Contact* and *Accessibility*.
        pub support_contact: Option<String> = None;
        /// The web address of your own privacy notice; the portal's page about privacy links to it.
        pub privacy_url: Option<String> = None;
        /// Whom to tell about a weakness, for `/.well-known/security.txt`: `mailto:…`, `https://…` or `tel:…`, separated by
        /// commas; without it there is no such file.
        pub security_contact: Option<String> = None;
        /// The quota of a new mailbox, in gigabytes.
        pub standard_quota_gb: u32 = Rules::STANDARD_QUOTA_GB, from 1 to 10_000;
        /// The largest quota that can be given, in gigabytes.
        pub largest_quota_gb: u32 = Rules::LARGEST_QUOTA_GB, from 1 to 10_000;
        /// A change to more than this percentage of an organisation's accounts (for a file of organisations: of all
        /// organisations) …
        pub threshold_percent: u32 = Threshold::CHANGED.percent, from 1 to 100, or 0 "however small a share";
        /// … and more than this number is applied only once its number is typed in; what a program sent then waits for
        /// an administrator.
        pub threshold_accounts: u32 = Threshold::CHANGED.accounts, from 1 to 1_000_000, or 0 "however few";
        /// What a program sent that creates more than this percentage of an organisation's accounts …
        pub machine_new_percent: u32 = Threshold::NEW_BY_MACHINE.percent, from 1 to 100, or 0 "however small a share";
        /// … and more than this number waits for an administrator.
        pub machine_new_accounts: u32 = Threshold::NEW_BY_MACHINE.accounts, from 1 to 1_000_000, or 0 "however few";
        /// A connector that disables more accounts than this within a day waits for an administrator …
        pub access_brake_people: u32 = AccessBrake::STANDARD.people, from 1 to 1_000_000, or 0 "however few";
        /// … and so does one that disables 10 accounts or more, if they are more than this percentage of their
        /// organisation's.
        pub access_brake_percent: u32 = AccessBrake::STANDARD.percent, from 1 to 100, or 0 "however small a share";
        /// Codes of organisations, separated by commas, whose files overwrite changes made by hand since the last file;
        /// `*` for all.
        pub files_overwrite_hand_edits: String = String::new();
        /// A folder with `clinical_specialties.txt`, `roles.txt`, `work_areas.txt` (a value on each line) that replace
        /// the shipped lists; each is optional.
        pub lists_folder: Option<PathBuf> = None;
        /// How a display name is made; `{Last}` and `{Title}` work too.
        pub display_name: String = Rules::DISPLAY_NAME.to_owned();
        /// A folder of format definitions that add to the shipped ones or replace them.
        pub formats_folder: Option<PathBuf> = None;
        /// The largest file accepted, in MiB; a spreadsheet may unpack to 16 times as much.
        pub file_mib: u32 = 64, from 1 to 1_024;
        /// The most rows in a file, below its headings.
        pub file_rows: u32 = 200_000, from 1 to 2_000_000;
        /// The most columns in a file.
        pub file_columns: u32 = 200, from 1 to 1_000;
        /// The most characters in a cell.
        pub file_cell_characters: u32 = 10_000, from 1 to 100_000;
        /// Files received at the same time; at most half of them from one person.
        pub uploads_at_once: u32 = 32, from 1 to 10_000;
        /// The browser's files.
        pub site_root: String = "target/site".to_owned();
        /// Whether `serve` also checks and applies uploads, follows the timers, and receives and sends email; otherwise
        /// `work` processes do.
        pub work_in_serve: bool = true;
        /// Seconds of silence after which a worker counts as dead and another takes over its job.
        pub claim_seconds: u32 = Rules::CLAIM_SECONDS, from 1 to 3_600;
        /// Minutes without a request after which a session ends, or up to five minutes later.
        pub session_minutes: i64 = 30, from 1 to 1_440;
        /// What an operator decides about signing in; each is a setting of its own.
        #[serde(flatten)]
        pub sign_in: SignInRules = SignInRules::STANDARD;
        /// The OpenID Connect provider, spelt as it spells itself.
        pub openid_issuer: Option<String> = None;
        /// The portal's client ID at the provider.
        pub openid_client: Option<String> = None;
        /// The client secret, if the provider asks for one.
        pub openid_secret: Option<Secret> = None;
        /// What people call the provider: *Sign in with …*.
        pub openid_name: String = "your organisation’s account".to_owned();
        /// Who asks for a second factor after such a sign-in: `portal`, as after a password, or `provider`.
        pub openid_second_factor: AsksForFactor = AsksForFactor::Portal;
        /// How long things last; each timer is a setting of its own.
        #[serde(flatten)]
        pub timers: Timers = Timers::STANDARD;
        /// Automatic changes of one run that end or erase more than this percentage of all accounts wait to be
        /// confirmed; it counts only for runs of more than 10.
        pub sweep_percent: u32 = Brake::STANDARD.percent, from 1 to 100;
        /// … and so do those that end or erase more than this number of accounts, contacts and roles together.
        pub sweep_accounts: u32 = Brake::STANDARD.accounts, from 1 to 1_000_000;
        /// The proxies that are believed about their client: `10.0.0.0/8, 192.0.2.1`.
        pub trusted_proxies: Networks = Networks::default();
        /// The header that names the client, or `forwarded` (RFC 7239); only this one is read.
        pub forwarded_by: ForwardedBy = ForwardedBy::default();
        /// Days for which browsers must use TLS only, if `PORTAL_URL` begins with `https://`.
        pub hsts_days: u32 = 365, from 1 to 3_660, or 0 "browsers are told nothing";
        /// Requests a minute for one person or token, in the long run.
        pub requests_per_minute: u32 = 1_200, from 1 to 1_000_000, or 0 "any number";
        /// Requests at once for one person or token.
        pub requests_burst: u32 = 100, from 1 to 1_000_000;
        /// Requests a minute from one network, in the long run.
        pub address_requests_per_minute: u32 = 12_000, from 1 to 1_000_000, or 0 "any number";
        /// Requests at once from one network.
        pub address_requests_burst: u32 = 1_000, from 1 to 1_000_000;
        /// Synchronisation requests a second for one connector, in the long run.
        pub sync_requests_per_second: u32 = 50, from 1 to 10_000, or 0 "any number";
        /// Synchronisation requests at once for one connector.
        pub sync_burst: u32 = 200, from 1 to 1_000_000;
        /// Seconds in which a request's headers must arrive; an idle connection is closed after as long.
        pub header_seconds: u32 = 30, from 1 to 600;
        /// Seconds in which a form must arrive.
        pub form_seconds: u32 = 30, from 1 to 600;
        /// Seconds in which an uploaded file must arrive.
        pub upload_seconds: u32 = 300, from 1 to 3_600;
        /// Years for which the audit log must be kept before `server audit drop` may drop older entries.
        pub audit_years: u32 = 0, from 1 to 100, or 0 "for good";
        /// Where the audit log is forwarded to: `file:/path`, or as syslog `udp://host:514`, `tcp://host:601`,
        /// `unix:/dev/log`.
        pub audit_forward: Option<String> = None;
        /// Days after which an API token expires at the latest.
        pub token_days: u32 = Rules::TOKEN_DAYS, from 1 to 3_660;
        /// Whether Local Administrators may give the role Connector; otherwise only Primary Local Administrators may.
        pub administrators_grant_connector: bool = false;
        /// For your own machine: cookies over plain HTTP, `/preview`, the practice file, and `/mail` if letters go to a
        /// folder. Refused unless `PORTAL_ADDRESS`, `PORTAL_URL` and all of `PORTAL_TRUSTED_PROXIES` are this machine.
        pub development: bool = false;
        /// `text` for people, `json` for machines.
        pub log_format: LogFormat = LogFormat::Text;
        /// What is logged, as a filter of `tracing`.
        pub log: String = "info,sqlx=warn,sea_orm_migration=warn".to_owned();
        /// The password of the made-up people; random if not set.
        pub seed_password: Option<Secret> = None;
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A text that is never printed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of an address everything but user and password may be seen.
        let is_mail = self.0.starts_with("smtp://") || self.0.starts_with("smtps://");
        match self.0.rsplit_once('@') {
            Some((_, behind)) if is_mail || self.0.starts_with("postgres") => write!(f, "…@{behind}"),
            None if is_mail || self.0.starts_with("sqlite:") => f.write_str(&self.0),
            _ => f.write_str("…"),
        }
    }
}

impl Config {
    /// Every setting, as it is declared; those of a flattened struct in its place.
    pub fn settings() -> impl Iterator<Item = &'static Setting> {
        Self::SETTINGS.iter().flat_map(|setting| match setting.name {
            "sign_in" => SignInRules::SETTINGS,
            "timers" => Timers::SETTINGS,
            _ => std::slice::from_ref(setting),
        })
    }

    /// Reads file and environment; the environment wins.
    ///
    /// # Errors
    /// Names everything that cannot be read or makes no sense, a line each.
    pub fn read() -> anyhow::Result<Self> {
        let file = std::env::var("PORTAL_CONFIG").unwrap_or_else(|_| "portal.toml".to_owned());
        let set = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(secrets::from_files()?)
            .merge(Env::prefixed("PORTAL_").ignore(&["config"]).ignore(&secrets::FILES));
        bounds::check(&set, Self::settings())?;
        let mut read: Self = set.extract().context("the configuration cannot be read")?;
        // What the rules refuse is refused by every command, so that `server config` does not show it as if it were well.
        let checks = [
            read.check_url(),
            read.check_development(),
            read.check_openid(),
            read.check_email(),
            read.check_operator(),
            read.check_security_contact(),
            read.rules().map(drop),
            read.log_filter().map(drop),
        ];
        let wrong = checks.into_iter().filter_map(Result::err);
        let wrong: Vec<_> = wrong.map(|error| format!("{error:#}")).collect();
        if !wrong.is_empty() {
            bail!(wrong.join("\n"));
        }
        // Links are made by putting a path behind it.
        read.url.truncate(read.url.trim_end_matches('/').len());
        Ok(read)
    }

    /// # Errors
    /// When the address is none by which people could reach a portal.
    fn check_url(&self) -> anyhow::Result<()> {
        let is_web = self.url.starts_with("https://") || self.url.starts_with("http://");
        if !is_web || Url::parse(&self.url).is_err() {
            bail!(
                "PORTAL_URL={} is not a web address; it must begin with https:// or http://",
                self.url
            );
        }
        Ok(())
    }

    /// What is logged, as configured.
    ///
    /// # Errors
    /// When the setting cannot be read.
    pub fn log_filter(&self) -> anyhow::Result<EnvFilter> {
        EnvFilter::try_new(&self.log).with_context(|| format!("PORTAL_LOG={} cannot be used", self.log))
    }

    /// The rules as configured.
    ///
    /// # Errors
    /// When the mail domain is none; when a number is out of its bounds.
    pub fn rules(&self) -> anyhow::Result<Rules> {
        bounds::check(&Figment::from(Serialized::defaults(self)), Self::settings())?;
        let domain = MailDomain::parse(&self.mail_domain)
            .map_err(|_| anyhow!("PORTAL_MAIL_DOMAIN={} is not a domain name", self.mail_domain))?;
        if self.standard_quota_gb > self.largest_quota_gb {
            bail!(
                "PORTAL_STANDARD_QUOTA_GB={} is above PORTAL_LARGEST_QUOTA_GB={}; lower it, or raise the largest quota",
                self.standard_quota_gb,
                self.largest_quota_gb
            );
        }
        let mut rules = Rules::standard(domain);
        rules.url.clone_from(&self.url);
        rules.standard_quota_gb = self.standard_quota_gb;
        rules.largest_quota_gb = self.largest_quota_gb;
        rules.threshold = Threshold {
            percent: self.threshold_percent,
            accounts: self.threshold_accounts,
        };
        rules.new_by_machine = Threshold {
            percent: self.machine_new_percent,
            accounts: self.machine_new_accounts,
        };
        rules.hand_edits_stay = self.hand_edits_stay()?;
        rules.display_name.clone_from(&self.display_name);
        rules.timers = self.timers;
        rules.brake = Brake {
            percent: self.sweep_percent,
            accounts: self.sweep_accounts,
        };
        rules.access_brake = AccessBrake {
            people: self.access_brake_people,
            percent: self.access_brake_percent,
        };
        rules.change_file_mib = self.change_file_mib;
        rules.sign_in = self.sign_in;
        rules.token_days = self.token_days;
        rules.claim_seconds = self.claim_seconds;
        rules.administrators_grant_connector = self.administrators_grant_connector;
        rules.email = self.email_rules()?;
        for (file, list) in [
            ("clinical_specialties.txt", &mut rules.lists.clinical_specialties),
            ("roles.txt", &mut rules.lists.roles),
            ("work_areas.txt", &mut rules.lists.work_areas),
        ] {
            let Some(folder) = &self.lists_folder else { continue };
            let path = folder.join(file);
            match std::fs::read_to_string(&path) {
                Ok(text) => *list = domain::values::lists::read(&text),
                // Each file is optional, the folder is not.
                Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => {}
                Err(error) => return Err(error).context(format!("{} cannot be read", path.display())),
            }
        }
        Ok(rules)
    }

    /// Development opens doors for whoever is at this machine, so nobody else may reach it: not at the address where it
    /// listens, not by its URL, and not through a proxy elsewhere.
    ///
    /// # Errors
    /// Names the setting.
    fn check_development(&self) -> anyhow::Result<()> {
        let url = Url::parse(&self.url).ok();
        let elsewhere = if !self.address.ip().is_loopback() {
            format!("PORTAL_ADDRESS={}", self.address)
        } else if !url.as_ref().is_some_and(is_this_machine) {
            format!("PORTAL_URL={}", self.url)
        } else if !self.trusted_proxies.are_this_machine() {
            format!("PORTAL_TRUSTED_PROXIES={}", String::from(self.trusted_proxies.clone()))
        } else {
            return Ok(());
        };
        if self.development {
            bail!("PORTAL_DEVELOPMENT works only for this machine; it cannot be used with {elsewhere}");
        }
        Ok(())
    }

    /// # Errors
    /// Names what is no organisation's code.
    fn hand_edits_stay(&self) -> anyhow::Result<HandEditsStay> {
        let said = self.files_overwrite_hand_edits.trim();
        let codes = said
            .split(',')
            .map(str::trim)
            .filter(|code| !code.is_empty() && *code != "*");
        let but_in = codes.map(|code| {
            OrganisationCode::parse(code)
                .map_err(|_| anyhow!("PORTAL_FILES_OVERWRITE_HAND_EDITS: “{code}” is not an organisation's code"))
        });
        Ok(HandEditsStay {
            nowhere: said == "*",
            but_in: but_in.collect::<Result<_, _>>()?,
        })
    }

    /// Where the audit log is handed on to; none where nothing is set.
    #[must_use]
    pub fn forwarded_to(&self) -> Option<&str> {
        self.audit_forward
            .as_deref()
            .map(str::trim)
            .filter(|place| !place.is_empty())
    }
}

/// Whether an address leads to this machine and nowhere else.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether the name of a host leads to this machine and nowhere else.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_is_refused_where_others_can_reach_it() {
        let here = Config {
            development: true,
            ..Config::default()
        };
        assert!(here.check_development().is_ok());
        let proxies = |networks: &str| Config {
            trusted_proxies: networks.to_owned().try_into().unwrap(),
            ..here.clone()
        };
        assert!(proxies("127.0.0.0/8, ::1").check_development().is_ok());
        let url = |url: &str| Config {
            url: url.to_owned(),
            ..here.clone()
        };
        assert!(url("http://localhost:3000").check_development().is_ok());
        let address = Config {
            address: SocketAddr::from(([0, 0, 0, 0], 3000)),
            ..here.clone()
        };
        for (open, named) in [
            (address, "PORTAL_ADDRESS=0.0.0.0:3000"),
            (url("https://portal.example"), "PORTAL_URL=https://portal.example"),
            (url("http://localhost.example:3000"), "PORTAL_URL="),
            (
                proxies("127.0.0.1, 10.0.0.0/8"),
                "PORTAL_TRUSTED_PROXIES=127.0.0.1/32, 10.0.0.0/8",
            ),
            (proxies("0.0.0.0/0"), "PORTAL_TRUSTED_PROXIES="),
        ] {
            let refused = open.check_development().unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
            let in_earnest = Config {
                development: false,
                ..open
            };
            assert!(in_earnest.check_development().is_ok());
        }
    }

    #[test]
    fn timers_are_the_published_ones_unless_they_are_set() {
        assert_eq!(Config::default().rules().unwrap().timers, Timers::STANDARD);
        let set = |timers| Config {
            timers,
            ..Config::default()
        };
        let never = set(Timers {
            unused_days: 0,
            leaver_days: 7,
            ..Timers::STANDARD
        });
        let timers = never.rules().unwrap().timers;
        assert_eq!(
            (timers.unused_days, timers.leaver_days, timers.deleted_days),
            (0, 7, 30)
        );
        let at_once = set(Timers {
            offer_days: 0,
            ..Timers::STANDARD
        });
        assert!(at_once.rules().unwrap_err().to_string().contains("PORTAL_OFFER_DAYS=0"));
    }

    #[test]
    fn each_timer_is_a_setting_and_an_unknown_setting_is_refused() {
        let defaults = || Figment::from(Serialized::defaults(Config::default()));
        let set: Config = defaults().merge(("leaver_days", 7)).extract().unwrap();
        assert_eq!((set.timers.leaver_days, set.timers.unused_days), (7, 30));
        let error = defaults().merge(("leaver_day", 7)).extract::<Config>().unwrap_err();
        assert!(error.to_string().contains("leaver_day"), "{error}");
    }

    #[test]
    fn a_log_filter_that_cannot_be_read_is_refused() {
        let logging = |log: &str| Config {
            log: log.to_owned(),
            ..Config::default()
        };
        assert!(Config::default().log_filter().is_ok());
        let refused = logging("sqlx=loud").log_filter().unwrap_err().to_string();
        assert_eq!(refused, "PORTAL_LOG=sqlx=loud cannot be used");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let config = Config {
            database_url: Secret("postgres://portal:hunter2@db.example/portal".into()),
            smtp_url: Some(Secret("smtps://portal:hunter2@mail.example:465".into())),
            seed_password: Some(Secret("a@hunter2".into())),
            ..Config::default()
        };
        let printed = format!("{config:?}");
        assert!(
            !printed.contains("hunter2")
                && printed.contains("…@db.example/portal")
                && printed.contains("…@mail.example:465"),
            "{printed}"
        );
    }
}
