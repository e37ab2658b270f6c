//! What an operator may set, as a list: each setting with its default, its bounds and what it does.

use std::fmt::Write;

use figment::{Figment, providers::Serialized};

use super::{Config, bounds::shown};

/// The default of a setting as an operator would write it; empty if it has none.
fn default_of(defaults: &Figment, name: &str) -> String {
    defaults.find_value(name).map(|value| shown(&value)).unwrap_or_default()
}

impl Config {
    /// Every setting, as `server settings` prints it.
    ///
    /// # Errors
    /// When the text cannot be written.
    pub fn listing() -> Result<String, std::fmt::Error> {
        let defaults = Figment::from(Serialized::defaults(Self::default()));
        let mut text = String::new();
        for setting in Self::settings() {
            write!(text, "PORTAL_{}", setting.name.to_ascii_uppercase())?;
            match default_of(&defaults, setting.name).as_str() {
                "" => {}
                default => write!(text, "={default}")?,
            }
            writeln!(text, "\n    {}", setting.what.trim())?;
            if let Some(bounds) = setting.bounds {
                writeln!(text, "    Set {bounds}.")?;
            }
            writeln!(text)?;
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the tables of settings in the document for operators: name, default, what it does. Links are only their
    /// text.
    fn documented() -> Vec<(String, String, String)> {
        let text = include_str!("../../../../docs/operating.md");
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `PORTAL_"));
        rows.filter_map(|row| {
            let mut cells = row.splitn(3, " |");
            let name = cells.next()?.strip_suffix('`')?.to_ascii_lowercase();
            let default = cells.next()?.trim().to_owned();
            let what = cells.next()?.trim().trim_end_matches('|').trim_end();
            Some((name, default, without_links(what)))
        })
        .collect()
    }

    fn without_links(text: &str) -> String {
        let mut parts = text.split("](");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once(')').map_or(part, |(_, rest)| rest));
        (first + &rest.collect::<String>()).replace('[', "")
    }

    #[test]
    fn the_document_for_operators_lists_every_setting_as_declared() {
        let (documented, defaults) = (documented(), Figment::from(Serialized::defaults(Config::default())));
        for setting in Config::settings() {
            let found = documented.iter().find(|(name, ..)| name == setting.name);
            let (_, default, what) = found.unwrap_or_else(|| panic!("{} is not in the document", setting.name));
            assert!(what.starts_with(&setting.phrase()), "{}: {what}", setting.name);
            match default_of(&defaults, setting.name).as_str() {
                "" => {}
                declared => assert_eq!(*default, format!("`{declared}`"), "{}", setting.name),
            }
        }
        for (name, ..) in &documented {
            let is_declared = Config::settings().any(|setting| setting.name == name);
            assert!(is_declared, "{name} is in the document and is no setting");
        }
    }

    #[test]
    fn the_list_says_default_purpose_and_bounds() {
        let list = Config::listing().unwrap();
        for said in [
            "PORTAL_LEAVER_DAYS=30\n    Days that a leaver keeps working before the account is deleted.\n    Set a whole number \
             from 1 to 3660, or 0 (never).\n",
            "PORTAL_SMTP_URL\n    The mail server that letters go to.\n",
            "PORTAL_SECOND_FACTOR=required\n",
        ] {
            assert!(list.contains(said), "{said}\n{list}");
        }
    }
}
