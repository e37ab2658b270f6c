//! The configuration: one struct, from the environment and an optional file, printed at start without its secrets.

mod asks_for_factor;
mod bounds;
mod contact;
mod files;
pub mod openid;
mod operator;
mod secrets;

use std::{fmt, net::SocketAddr, path::PathBuf};

use anyhow::{Context, anyhow, bail};
use domain::{
    email_address::MailDomain,
    life::Timers,
    organisation::OrganisationCode,
    rules::{Brake, HandEditsStay, Rules, Threshold},
    sign_in::{SecondFactor, SignInRules},
};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use store::Synchronous;

use url::{Host, Url};

use self::asks_for_factor::AsksForFactor;
use crate::client::proxies::{ForwardedBy, Networks};

/// What an operator may set. Each field is an environment variable `PORTAL_…` in capitals, or a line of `portal.toml`
/// (another file by `PORTAL_CONFIG`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the portal listens.
    pub address: SocketAddr,
    /// Where people reach the portal, for the links in its letters.
    pub url: String,
    /// Where `/metrics` listens; keep it where only the operator's tools reach it.
    pub metrics_address: SocketAddr,
    /// The database: `sqlite://path?mode=rwc` or `postgres://user:password@host/name`.
    pub database_url: Secret,
    /// When SQLite says that a change is kept: `full`, once it is on the disk; `normal` loses confirmed changes in a power
    /// cut.
    pub sqlite_synchronous: Synchronous,
    /// The domain of the mailboxes kept here.
    pub mail_domain: String,
    /// Whom letters are from: `Name <address>`; `Staffbook <no-reply@…>` in the mail domain where it is not set.
    pub mail_from: Option<String>,
    /// The mail server that letters go to: `smtps://user:password@host:port`, or `smtp://…?tls=required`.
    pub smtp_url: Option<Secret>,
    /// A folder that letters are written into instead, a file each.
    pub mail_folder: Option<PathBuf>,
    /// Who helps where nobody in the organisation can: an email address, a web address or words; shown on the pages Contact
    /// and Accessibility.
    pub support_contact: Option<String>,
    /// The operator's own privacy notice, by its web address; the portal's page about privacy leads there.
    pub privacy_url: Option<String>,
    /// A new mailbox's quota, in gigabytes.
    pub standard_quota_gb: u32,
    /// The largest quota that may be asked for, in gigabytes.
    pub largest_quota_gb: u32,
    /// A file that changes more than this percentage of an organisation's accounts …
    pub threshold_percent: u32,
    /// … and more than so many is applied only once its number is typed in.
    pub threshold_accounts: u32,
    /// What a machine sent that creates more accounts than this percentage of an organisation's …
    pub machine_new_percent: u32,
    /// … and more than so many waits for an administrator.
    pub machine_new_accounts: u32,
    /// Codes of the organisations, parted by commas, whose files overwrite what was changed by hand; `*` for all.
    pub files_overwrite_hand_edits: String,
    /// A folder with `clinical_specialties.txt`, `roles.txt` and `work_areas.txt`, a value a line; each is optional.
    pub lists_folder: Option<PathBuf>,
    /// How a display name is made.
    pub display_name: String,
    /// A folder of format definitions that add to, or replace, the shipped ones.
    pub formats_folder: Option<PathBuf>,
    /// The largest file taken, in MiB.
    pub file_mib: u32,
    /// The most rows of a file, below its headings.
    pub file_rows: u32,
    /// The most columns of a file.
    pub file_columns: u32,
    /// The most characters in a cell of a file.
    pub file_cell_characters: u32,
    /// Files that are received at the same time; one person's are at most half of them.
    pub uploads_at_once: u32,
    /// The browser's files, as `bundle` writes them.
    pub site_root: String,
    /// Whether `serve` does the jobs and sends mail too; else `work` processes do.
    pub work_in_serve: bool,
    /// Seconds without a word after which a worker is taken for dead, and what it was at is another's.
    pub claim_seconds: u32,
    /// Minutes without a request after which a session ends, or up to five minutes later.
    pub session_minutes: i64,
    /// Hours after which a session ends, however much it is used.
    pub session_hours: u32,
    /// Failed tries for one account, within the window, after which it is locked.
    pub sign_in_failures: u32,
    /// Failed tries from one network address, within the window, after which it must wait.
    pub client_failures: u32,
    /// Minutes for which failed tries count.
    pub failure_minutes: u32,
    /// Minutes for which a proof of who one is counts as fresh.
    pub fresh_minutes: u32,
    /// Minutes for which a link is good that somebody asks for who has forgotten their password or is locked out.
    pub reset_link_minutes: u32,
    /// Who must have a second factor: `required` for everybody who holds a role, or `optional`.
    pub second_factor: SecondFactor,
    /// The OpenID Connect provider by which people may sign in, too, as it spells itself; none where it is not set.
    pub openid_issuer: Option<String>,
    /// What the portal is called there.
    pub openid_client: Option<String>,
    /// The secret by which the provider knows the portal; none where it asks for none.
    pub openid_secret: Option<Secret>,
    /// What the provider is called on the sign-in page: "Sign in with …".
    pub openid_name: String,
    /// Who asks whoever signs in by the provider for a second factor: `portal` or `provider`.
    pub openid_second_factor: AsksForFactor,
    /// How long things last; each timer is a setting of its own.
    #[serde(flatten)]
    pub timers: Timers,
    /// A run of the sweep that would end or erase more than this percentage of all accounts …
    pub sweep_percent: u32,
    /// … or more than so many waits until its number is confirmed.
    pub sweep_accounts: u32,
    /// Networks of the proxies whose word about their client is believed: `10.0.0.0/8, 192.0.2.1`.
    pub trusted_proxies: Networks,
    /// The header by which they say it: `x-forwarded-for` or `forwarded`.
    pub forwarded_by: ForwardedBy,
    /// Whom to tell about a weakness of the portal, for `/.well-known/security.txt`: `mailto:…`, `https://…` or `tel:…`,
    /// several parted by commas; none where it is not set.
    pub security_contact: Option<String>,
    /// Days for which browsers are told to use TLS only, where `url` is reached by TLS; 0 tells them nothing.
    pub hsts_days: u32,
    /// Requests a minute that one person, or one token, may make in the long run; 0 for any number.
    pub requests_per_minute: u32,
    /// Requests that one person, or one token, may make at once.
    pub requests_burst: u32,
    /// Requests a minute that one address may make in the long run; 0 for any number.
    pub address_requests_per_minute: u32,
    /// Requests that one address may make at once.
    pub address_requests_burst: u32,
    /// Seconds in which a request's headers must have come.
    pub header_seconds: u32,
    /// Seconds in which a form must have come whole.
    pub form_seconds: u32,
    /// Seconds in which an uploaded file must have come whole.
    pub upload_seconds: u32,
    /// Years for which the audit trail must be kept, before `audit drop` may drop what is older; 0 keeps it for good.
    pub audit_years: u32,
    /// Where the audit trail is handed on to, a JSON line an entry: `file:/path`, or as syslog `udp://host:514`,
    /// `tcp://host:601`, `unix:/dev/log`.
    pub audit_forward: Option<String>,
    /// Days for which an API token is good at most.
    pub token_days: u32,
    /// Whether Local Administrators may make Connectors; otherwise only Primary Local Administrators do.
    pub administrators_grant_connector: bool,
    /// For a machine of one's own: cookies over plain http, `/preview`. Refused on addresses others can reach.
    pub development: bool,
    /// `text` for people, `json` for machines.
    pub log_format: LogFormat,
    /// What is logged, as `tracing` filters it.
    pub log: String,
    /// The personas' password at seeding; made at random where it is not set.
    pub seed_password: Option<Secret>,
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

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 3000)),
            url: "http://127.0.0.1:3000".to_owned(),
            metrics_address: SocketAddr::from(([127, 0, 0, 1], 3002)),
            database_url: Secret("sqlite://portal.db?mode=rwc".to_owned()),
            sqlite_synchronous: Synchronous::Full,
            mail_domain: "nhs.net".to_owned(),
            mail_from: None,
            smtp_url: None,
            mail_folder: None,
            support_contact: None,
            privacy_url: None,
            standard_quota_gb: 4,
            largest_quota_gb: 100,
            threshold_percent: 20,
            threshold_accounts: 50,
            machine_new_percent: 10,
            machine_new_accounts: 50,
            files_overwrite_hand_edits: String::new(),
            lists_folder: None,
            display_name: "{LAST}, {First} ({Organisation})".to_owned(),
            formats_folder: None,
            file_mib: 64,
            file_rows: 200_000,
            file_columns: 200,
            file_cell_characters: 10_000,
            uploads_at_once: 32,
            site_root: "target/site".to_owned(),
            work_in_serve: true,
            claim_seconds: 15,
            session_minutes: 30,
            session_hours: SignInRules::STANDARD.session_hours,
            sign_in_failures: SignInRules::STANDARD.failures,
            client_failures: SignInRules::STANDARD.client_failures,
            failure_minutes: SignInRules::STANDARD.window_minutes,
            fresh_minutes: SignInRules::STANDARD.fresh_minutes,
            reset_link_minutes: SignInRules::STANDARD.reset_link_minutes,
            second_factor: SignInRules::STANDARD.second_factor,
            openid_issuer: None,
            openid_client: None,
            openid_secret: None,
            openid_name: "your organisation’s account".to_owned(),
            openid_second_factor: AsksForFactor::Portal,
            timers: Timers::STANDARD,
            sweep_percent: Brake::STANDARD.percent,
            sweep_accounts: Brake::STANDARD.accounts,
            trusted_proxies: Networks::default(),
            forwarded_by: ForwardedBy::default(),
            security_contact: None,
            hsts_days: 365,
            requests_per_minute: 1_200,
            requests_burst: 100,
            address_requests_per_minute: 12_000,
            address_requests_burst: 1_000,
            header_seconds: 30,
            form_seconds: 30,
            upload_seconds: 300,
            audit_years: 0,
            audit_forward: None,
            token_days: 365,
            administrators_grant_connector: false,
            development: false,
            log_format: LogFormat::Text,
            log: "info,sqlx=warn,sea_orm_migration=warn".to_owned(),
            seed_password: None,
        }
    }
}

impl Config {
    /// Reads file and environment; the environment wins.
    ///
    /// # Errors
    /// Names what cannot be read or makes no sense.
    pub fn read() -> anyhow::Result<Self> {
        let file = std::env::var("PORTAL_CONFIG").unwrap_or_else(|_| "portal.toml".to_owned());
        let set = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(secrets::from_files()?)
            .merge(Env::prefixed("PORTAL_").ignore(&["config"]).ignore(&secrets::FILES));
        bounds::check(&set)?;
        let mut read: Self = set.extract().context("the configuration cannot be read")?;
        read.check_development()?;
        if !read.url.starts_with("https://") && !read.url.starts_with("http://") {
            bail!(
                "PORTAL_URL={} is no address of a portal; it begins with https:// or http://",
                read.url
            );
        }
        read.check_openid()?;
        read.check_operator()?;
        read.check_security_contact()?;
        // What the rules refuse is refused by every command, so that `server config` does not show it as if it were well.
        read.rules()?;
        // Links are made by putting a path behind it.
        read.url.truncate(read.url.trim_end_matches('/').len());
        Ok(read)
    }

    /// The rules as configured.
    ///
    /// # Errors
    /// When the mail domain is none; when a number is out of its bounds.
    pub fn rules(&self) -> anyhow::Result<Rules> {
        bounds::check(&Figment::from(Serialized::defaults(self)))?;
        let domain = MailDomain::parse(&self.mail_domain).ok();
        let domain = domain.with_context(|| format!("PORTAL_MAIL_DOMAIN={} is not a domain name", self.mail_domain))?;
        if self.standard_quota_gb > self.largest_quota_gb {
            bail!(
                "PORTAL_STANDARD_QUOTA_GB={} is above PORTAL_LARGEST_QUOTA_GB={}: a new mailbox would be larger than any may be",
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
        rules.sign_in = self.sign_in();
        rules.token_days = self.token_days;
        rules.claim_seconds = self.claim_seconds;
        rules.administrators_grant_connector = self.administrators_grant_connector;
        for (file, list) in [
            ("clinical_specialties.txt", &mut rules.lists.clinical_specialties),
            ("roles.txt", &mut rules.lists.roles),
            ("work_areas.txt", &mut rules.lists.work_areas),
        ] {
            let Some(path) = self
                .lists_folder
                .as_ref()
                .map(|folder| folder.join(file))
                .filter(|path| path.exists())
            else {
                continue;
            };
            let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            *list = domain::lists::read(&text);
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
            bail!("PORTAL_DEVELOPMENT is for this machine alone; it cannot be used with {elsewhere}");
        }
        Ok(())
    }

    /// What signing in withstands.
    const fn sign_in(&self) -> SignInRules {
        SignInRules {
            failures: self.sign_in_failures,
            client_failures: self.client_failures,
            window_minutes: self.failure_minutes,
            session_hours: self.session_hours,
            fresh_minutes: self.fresh_minutes,
            reset_link_minutes: self.reset_link_minutes,
            second_factor: self.second_factor,
        }
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
                .map_err(|_| anyhow!("PORTAL_FILES_OVERWRITE_HAND_EDITS: “{code}” is no organisation's code"))
        });
        Ok(HandEditsStay {
            nowhere: said == "*",
            but_in: but_in.collect::<Result<_, _>>()?,
        })
    }

    /// Where the audit trail is handed on to; none where nothing is set.
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
