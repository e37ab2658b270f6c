//! The settings of files by email. Whether a mailbox is there is looked at by the process that reads it, when it starts.

use ::email::{Limits, Trust};
use anyhow::{Context, anyhow, bail};
use domain::{
    email::EmailRules,
    values::email_address::{EmailAddress, MailDomain},
};
use percent_encoding::percent_decode_str;
use url::Url;

use super::{Config, Secret, is_loopback, is_this_machine};

/// A mailbox that is read by IMAP.
#[derive(Clone, Debug)]
pub(crate) struct Imap {
    /// The mail server.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// Whether the whole line is encrypted; without that, the server is this machine.
    pub(crate) is_encrypted: bool,
    /// Who signs in.
    pub(crate) user: String,
    /// The folder that is read.
    pub(crate) folder: String,
    /// What proves the user.
    pub(crate) signing_in: SigningIn,
}

/// What proves the user of a mailbox.
#[derive(Clone, Debug)]
pub(crate) enum SigningIn {
    /// A password.
    Password(Secret),
    /// An access token, which is fetched (XOAUTH2).
    Token(TokenSource),
}

/// Where access tokens come from (OAuth 2.0, RFC 6749).
#[derive(Clone, Debug)]
pub(crate) struct TokenSource {
    /// The token endpoint.
    pub(crate) url: Url,
    /// The client's ID.
    pub(crate) client: String,
    /// The client's secret.
    pub(crate) secret: Option<Secret>,
    /// What is asked for.
    pub(crate) scope: Option<String>,
    /// The refresh token; `None` if the client's own credentials are enough.
    pub(crate) refresh: Option<Secret>,
}

impl Config {
    /// The rules of files by email as configured.
    ///
    /// # Errors
    /// Names the setting that makes no sense.
    pub(crate) fn email_rules(&self) -> anyhow::Result<EmailRules> {
        let domain = MailDomain::parse(&self.mail_domain)
            .map_err(|_| anyhow!("PORTAL_MAIL_DOMAIN={} is not a domain name", self.mail_domain))?;
        let mut rules = EmailRules::standard(domain.as_str());
        if let Some(said) = set(self.email_address.as_deref()) {
            let address = EmailAddress::parse(said).ok();
            // What stands behind a plus sign are the portal's own tags.
            let address = address.filter(|address| !address.local_part().contains('+'));
            let address = address.with_context(|| {
                format!("PORTAL_EMAIL_ADDRESS={said} cannot be used; set an email address without a plus sign")
            })?;
            address.as_str().clone_into(&mut rules.address);
        }
        rules.run_at = minutes(&self.email_run_at).with_context(|| {
            format!(
                "PORTAL_EMAIL_RUN_AT={} is not a time of day; write it as 19:00",
                self.email_run_at
            )
        })?;
        rules.replies_an_hour = self.email_replies_per_hour;
        rules.attach = self.email_attach_results;
        rules.attach_mib = self.email_attach_mib;
        rules.set_aside_days = self.email_set_aside_days;
        Ok(rules)
    }

    /// How much of a mail is read.
    pub(crate) const fn email_limits(&self) -> Limits {
        Limits {
            mail_mib: self.email_mail_mib,
            file_mib: self.email_file_mib,
            unpacked_mib: self.email_unpacked_mib,
            parts: self.email_parts as usize,
            ..Limits::STANDARD
        }
    }

    /// Whose word counts about who sent a mail, for an address that files are sent to and another that letters come from.
    ///
    /// # Errors
    /// When nobody's word would count.
    pub(crate) fn email_trust(&self, address: &str, letters_from: &str) -> anyhow::Result<Trust> {
        let authserv_ids = listed(&self.email_authserv_ids);
        if authserv_ids.is_empty() {
            bail!(
                "PORTAL_EMAIL_AUTHSERV_IDS is not set, so no sender could be believed; set the name that your mail server \
                 writes first into Authentication-Results"
            );
        }
        let received_by = match listed(&self.email_received_by) {
            names if names.is_empty() => authserv_ids.clone(),
            names => names,
        };
        let local_part = address.split_once('@').map_or(address, |(local_part, _)| local_part);
        Ok(Trust {
            authserv_ids,
            received_by,
            own_hops: self.email_own_hops as usize,
            results_below_received: self.email_results_below,
            mail_domain: self.mail_domain.trim().to_ascii_lowercase(),
            submission_enforces_sender: self.email_enforces_sender,
            arc_sealers: listed(&self.email_arc_sealers),
            bounce_prefix: format!("{}+bounce-", local_part.to_ascii_lowercase()),
            own_addresses: [address, letters_from].map(str::to_ascii_lowercase).to_vec(),
        })
    }

    /// The mailbox that is read by IMAP; `None` if none is set.
    ///
    /// # Errors
    /// Names the setting that makes no sense.
    pub(crate) fn imap(&self) -> anyhow::Result<Option<Imap>> {
        let Some(said) = set(self.email_imap_url.as_deref()) else {
            return Ok(None);
        };
        // What is refused may hold a password, so it is not repeated.
        let url = Url::parse(said).context("PORTAL_EMAIL_IMAP_URL is not an address")?;
        if url.password().is_some() {
            bail!("PORTAL_EMAIL_IMAP_URL has a password in it; set PORTAL_EMAIL_IMAP_PASSWORD instead");
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let user = decoded(url.username());
        if host.is_empty() || user.is_empty() {
            bail!("PORTAL_EMAIL_IMAP_URL names no mail server or no user; write it as imaps://user@host:993/INBOX");
        }
        let (is_encrypted, port) = match url.scheme() {
            "imaps" => (true, 993),
            "imap" if is_loopback(&host) => (false, 143),
            "imap" => {
                bail!("PORTAL_EMAIL_IMAP_URL begins with imap://, which works only on this machine; use imaps://")
            }
            _ => bail!("PORTAL_EMAIL_IMAP_URL must begin with imaps://"),
        };
        let folder = decoded(url.path().trim_start_matches('/'));
        Ok(Some(Imap {
            port: url.port().unwrap_or(port),
            host,
            is_encrypted,
            user,
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
            signing_in: self.signing_in()?,
        }))
    }

    fn signing_in(&self) -> anyhow::Result<SigningIn> {
        let password = set_secret(self.email_imap_password.as_ref());
        match (password, set(self.email_imap_token_url.as_deref())) {
            (Some(password), None) => Ok(SigningIn::Password(password)),
            (None, Some(url)) => self.token_source(url).map(SigningIn::Token),
            (Some(_), Some(_)) => {
                bail!("PORTAL_EMAIL_IMAP_PASSWORD and PORTAL_EMAIL_IMAP_TOKEN_URL are both set; set one of them")
            }
            (None, None) => bail!(
                "PORTAL_EMAIL_IMAP_URL is set without PORTAL_EMAIL_IMAP_PASSWORD or PORTAL_EMAIL_IMAP_TOKEN_URL; set one \
                 of them"
            ),
        }
    }

    fn token_source(&self, said: &str) -> anyhow::Result<TokenSource> {
        let url =
            Url::parse(said).with_context(|| format!("PORTAL_EMAIL_IMAP_TOKEN_URL={said} is not a web address"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_this_machine(&url)) {
            bail!("PORTAL_EMAIL_IMAP_TOKEN_URL={said} must begin with https://; http:// works only for this machine");
        }
        let client = set(self.email_imap_token_client.as_deref());
        let client = client.context("PORTAL_EMAIL_IMAP_TOKEN_URL is set without PORTAL_EMAIL_IMAP_TOKEN_CLIENT")?;
        let secret = set_secret(self.email_imap_token_secret.as_ref());
        let refresh = set_secret(self.email_imap_refresh_token.as_ref());
        if secret.is_none() && refresh.is_none() {
            bail!(
                "PORTAL_EMAIL_IMAP_TOKEN_URL is set without PORTAL_EMAIL_IMAP_TOKEN_SECRET or \
                 PORTAL_EMAIL_IMAP_REFRESH_TOKEN; set one of them"
            );
        }
        Ok(TokenSource {
            url,
            client: client.to_owned(),
            secret,
            scope: set(self.email_imap_token_scope.as_deref()).map(ToOwned::to_owned),
            refresh,
        })
    }

    /// Refuses settings by which no mail could be read, or none believed.
    ///
    /// # Errors
    /// Names the setting.
    pub(super) fn check_email(&self) -> anyhow::Result<()> {
        let rules = self.email_rules()?;
        let imap = self.imap()?;
        if imap.is_some() || self.email_maildir.is_some() {
            self.email_trust(&rules.address, "")?;
        }
        Ok(())
    }
}

fn set(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn set_secret(secret: Option<&Secret>) -> Option<Secret> {
    secret.filter(|secret| !secret.reveal().is_empty()).cloned()
}

fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// The names of a list with commas, in small letters.
fn listed(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_ascii_lowercase).collect()
}

/// A time of day, `HH:MM`, as minutes after midnight.
fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str, below: u32| {
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        let number = digits.parse::<u32>().ok()?;
        (is_number && number < below).then_some(number)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_imap(url: &str) -> Config {
        Config {
            email_imap_url: Some(url.to_owned()),
            email_imap_password: Some("hunter2".to_owned().into()),
            email_authserv_ids: "MX.health.example, mail.health.example".to_owned(),
            ..Config::default()
        }
    }

    fn refused(config: &Config) -> String {
        format!("{:#}", config.check_email().unwrap_err())
    }

    #[test]
    fn an_imap_mailbox_is_read_from_its_url() {
        let config = by_imap("imaps://connector.data%40nhs.net@outlook.office365.com/Staff%20lists");
        config.check_email().unwrap();
        let imap = config.imap().unwrap().unwrap();
        assert_eq!(
            (imap.host.as_str(), imap.port, imap.is_encrypted),
            ("outlook.office365.com", 993, true)
        );
        assert_eq!(
            (imap.user.as_str(), imap.folder.as_str()),
            ("connector.data@nhs.net", "Staff lists")
        );
        let near = by_imap("imap://data@[::1]:1143").imap().unwrap().unwrap();
        assert_eq!((near.host.as_str(), near.port, near.is_encrypted), ("::1", 1143, false));
        assert_eq!(near.folder, "INBOX");
        assert!(Config::default().imap().unwrap().is_none());
    }

    #[test]
    fn unencrypted_imap_is_refused_unless_it_is_on_this_machine() {
        assert!(refused(&by_imap("imap://data@mail.example")).contains("works only on this machine"));
        for url in ["imap://data@localhost", "imap://data@127.0.0.1:10143/INBOX"] {
            by_imap(url).check_email().unwrap();
        }
    }

    #[test]
    fn an_imap_url_is_refused_without_repeating_its_password() {
        for url in [
            "imaps://data:hunter2@mail.example",
            "https://data@mail.example",
            "imaps://mail.example",
            "hunter2",
        ] {
            let why = refused(&by_imap(url));
            assert!(
                why.starts_with("PORTAL_EMAIL_IMAP_URL") && !why.contains("hunter2"),
                "{url}: {why}"
            );
        }
    }

    #[test]
    fn a_mailbox_without_a_trusted_mail_server_is_refused() {
        let maildir = Config {
            email_maildir: Some("mail".into()),
            ..Config::default()
        };
        assert!(refused(&maildir).starts_with("PORTAL_EMAIL_AUTHSERV_IDS is not set"));
        let imap = Config {
            email_authserv_ids: " , ".to_owned(),
            ..by_imap("imaps://data@mail.example")
        };
        assert!(refused(&imap).starts_with("PORTAL_EMAIL_AUTHSERV_IDS is not set"));
        Config::default().check_email().unwrap();
    }

    #[test]
    fn a_mailbox_is_opened_by_a_password_or_by_tokens() {
        let neither = Config {
            email_imap_password: None,
            ..by_imap("imaps://data@mail.example")
        };
        assert!(refused(&neither).contains("without PORTAL_EMAIL_IMAP_PASSWORD"));
        let token = |url: &str| Config {
            email_imap_token_url: Some(url.to_owned()),
            email_imap_token_client: Some("portal".to_owned()),
            email_imap_token_secret: Some("hunter2".to_owned().into()),
            ..neither.clone()
        };
        let config = token("https://login.example/oauth2/v2.0/token");
        config.check_email().unwrap();
        assert!(matches!(
            config.imap().unwrap().unwrap().signing_in,
            SigningIn::Token(_)
        ));
        assert!(refused(&token("http://login.example/token")).contains("must begin with https://"));
        let no_secret = Config {
            email_imap_token_secret: None,
            ..token("http://127.0.0.1:8080/token")
        };
        assert!(refused(&no_secret).contains("PORTAL_EMAIL_IMAP_REFRESH_TOKEN"));
        let both = Config {
            email_imap_password: Some("hunter2".to_owned().into()),
            ..token("https://login.example/token")
        };
        assert!(refused(&both).contains("both set"));
    }

    #[test]
    fn trust_follows_from_the_settings() {
        let config = Config {
            mail_domain: "Health.example".to_owned(),
            ..by_imap("imaps://data@mail.example")
        };
        let address = config.email_rules().unwrap().address;
        assert_eq!(address, "connector.data@health.example");
        let trust = config.email_trust(&address, "no-reply@Health.example").unwrap();
        assert_eq!(trust.authserv_ids, ["mx.health.example", "mail.health.example"]);
        assert_eq!(trust.received_by, trust.authserv_ids);
        assert_eq!(trust.bounce_prefix, "connector.data+bounce-");
        assert_eq!(
            trust.own_addresses,
            ["connector.data@health.example", "no-reply@health.example"]
        );
        assert_eq!(trust.mail_domain, "health.example");
    }

    #[test]
    fn the_time_of_the_run_and_the_address_are_checked() {
        let at = |time: &str| Config {
            email_run_at: time.to_owned(),
            ..Config::default()
        };
        assert_eq!(at("07:30").email_rules().unwrap().run_at, 450);
        assert_eq!(at("00:00").email_rules().unwrap().run_at, 0);
        for wrong in ["24:00", "7:30", "19:60", "19", "+9:00", "19:00:00", ""] {
            assert!(refused(&at(wrong)).starts_with("PORTAL_EMAIL_RUN_AT="), "{wrong}");
        }
        for wrong in ["files", "files+a@health.example"] {
            let config = Config {
                email_address: Some(wrong.to_owned()),
                ..Config::default()
            };
            assert!(refused(&config).starts_with("PORTAL_EMAIL_ADDRESS="), "{wrong}");
        }
    }
}
