//! Secrets from files: `PORTAL_DATABASE_URL_FILE=/run/secrets/database` in place of the secret itself, so that it stands in
//! no environment. A secret is changed by writing the file and starting the process anew.

use anyhow::{Context, bail};
use figment::{
    providers::Serialized,
    value::{Dict, Value},
};

/// The settings that may be in a file, as the names of their variables.
const SECRETS: [&str; 7] = [
    "database_url",
    "smtp_url",
    "email_imap_password",
    "email_imap_token_secret",
    "email_imap_refresh_token",
    "openid_secret",
    "seed_password",
];

/// The same, with the ending that names a file.
pub(super) const FILES: [&str; 7] = [
    "database_url_file",
    "smtp_url_file",
    "email_imap_password_file",
    "email_imap_token_secret_file",
    "email_imap_refresh_token_file",
    "openid_secret_file",
    "seed_password_file",
];

/// The secrets whose files are named in the environment.
///
/// # Errors
/// When a file cannot be read, or a secret is given twice.
pub(super) fn from_files() -> anyhow::Result<Serialized<Dict>> {
    read(|name| std::env::var(name).ok())
}

fn read(variable: impl Fn(&str) -> Option<String>) -> anyhow::Result<Serialized<Dict>> {
    let mut found = Dict::new();
    for name in SECRETS {
        let in_environment = format!("PORTAL_{}", name.to_uppercase());
        let Some(path) = variable(&format!("{in_environment}_FILE")) else {
            continue;
        };
        if variable(&in_environment).is_some() {
            bail!("{in_environment} and {in_environment}_FILE are both set; set one of them");
        }
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{path}, which {in_environment}_FILE names, cannot be read"))?;
        // An editor ends the last line.
        found.insert(name.to_owned(), Value::from(text.trim_end_matches(['\r', '\n'])));
    }
    Ok(Serialized::defaults(found))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use figment::Figment;

    use super::*;
    use crate::operate::config::Config;

    #[test]
    fn a_secret_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("database");
        std::fs::write(&file, "postgres://portal:hunter2@db.example/portal\n").unwrap();
        let mut set = HashMap::from([("PORTAL_DATABASE_URL_FILE".to_owned(), file.display().to_string())]);
        let secrets = read(|name| set.get(name).cloned()).unwrap();
        let config: Config = Figment::from(Serialized::defaults(Config::default()))
            .merge(secrets)
            .extract()
            .unwrap();
        assert_eq!(
            config.database_url.reveal(),
            "postgres://portal:hunter2@db.example/portal"
        );
        set.insert("PORTAL_DATABASE_URL".to_owned(), "sqlite://portal.db".to_owned());
        let twice = read(|name| set.get(name).cloned()).unwrap_err().to_string();
        assert!(twice.contains("both set") && !twice.contains("hunter2"), "{twice}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named_and_every_secret_has_its_file() {
        let missing = |name: &str| (name == "PORTAL_SMTP_URL_FILE").then(|| "/nowhere/at/all".to_owned());
        let refused = read(missing).unwrap_err().to_string();
        assert!(refused.contains("/nowhere/at/all") && refused.contains("PORTAL_SMTP_URL_FILE"));
        assert_eq!(SECRETS.map(|name| format!("{name}_file")).as_slice(), FILES.as_slice());
    }
}
