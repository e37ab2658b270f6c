//! Email addresses, and the mail domain that divides accounts from contacts.

mod typed;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::typed::{AddressFault, WrongAddress, as_typed};

/// An email address in its one spelling: small letters, plain ASCII, at most 254 characters (S2, table 3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address (S2, table 3).
    pub const LIMIT: usize = 254;
    /// The longest part before the `@` (RFC 5321, 4.5.3.1.1).
    pub const LOCAL_PART_LIMIT: usize = 64;

    /// Reads an address. Capitals become small letters; comments, quoted parts and trailing dots are refused rather
    /// than interpreted, because no mailbox here has them and each has been used to disguise a domain. What people typed
    /// is read by [`Self::read`].
    ///
    /// # Errors
    /// `NotAnAddress` when the text is not one plain address.
    pub fn parse(raw: &str) -> Result<Self, NotAnAddress> {
        let text = raw.trim().to_ascii_lowercase();
        let (local, host) = text.split_once('@').ok_or(NotAnAddress)?;
        let fits = text.len() <= Self::LIMIT && (1..=Self::LOCAL_PART_LIMIT).contains(&local.len());
        if fits && is_local_part(local) && is_host(host) {
            Ok(Self(text))
        } else {
            Err(NotAnAddress)
        }
    }

    /// What is left of an address whose person is forgotten: nothing.
    pub(crate) const fn forgotten() -> Self {
        Self(String::new())
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, host)| host)
    }

    /// The address without the number that made it unique: `jane.smith3@…` and `jane.smith@…` share `jane.smith@…`.
    #[must_use]
    pub fn stem(&self) -> String {
        let local = self.local_part().trim_end_matches(|c: char| c.is_ascii_digit());
        format!("{local}@{}", self.host())
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not one plain email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

/// Whether a character may stand before the `@`.
fn is_in_local_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

/// Whether a character may stand in a part of what is behind the `@`.
const fn is_in_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_local_part(local: &str) -> bool {
    local.chars().all(is_in_local_part) && !local.starts_with('.') && !local.ends_with('.') && !local.contains("..")
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(is_in_host)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

/// The domain whose mailboxes are kept here (`nhs.net` unless configured otherwise).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailDomain(String);

impl MailDomain {
    /// Reads a domain name such as `nhs.net`.
    ///
    /// # Errors
    /// `NotAnAddress` when the text is not a plain domain name.
    pub fn parse(raw: &str) -> Result<Self, NotAnAddress> {
        let text = raw.trim().to_ascii_lowercase();
        if is_host(&text) {
            Ok(Self(text))
        } else {
            Err(NotAnAddress)
        }
    }

    /// The domain's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address is a mailbox address here: exactly this domain.
    #[must_use]
    pub fn holds(&self, address: &EmailAddress) -> bool {
        address.host() == self.0
    }

    /// Whether an address belongs to this domain or any sub-domain of it; no contact may have such an address (S1).
    #[must_use]
    pub fn encloses(&self, address: &EmailAddress) -> bool {
        self.holds(address)
            || address
                .host()
                .strip_suffix(&self.0)
                .is_some_and(|rest| rest.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(
            EmailAddress::parse(" Jane.SMITH@Health.Example ").unwrap().as_str(),
            "jane.smith@health.example"
        );
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        let bad = [
            "",
            "jane",
            "jane@",
            "@health.example",
            "jane@health",
            "jane@health.example.",
            "jane@@health.example",
            "jane (work)@health.example",
            "\"jane\"@health.example",
            "jane@[10.0.0.1]",
            "a..b@health.example",
            ".a@health.example",
            "jane@-health.example",
            "jane smith@health.example",
            "jane@health.example, a@b.example",
            "jané@health.example",
            "jane@health\u{3002}example",
            "jane@\u{FF28}ealth.example",
            "\u{212A}ate@health.example",
        ];
        for raw in bad {
            assert_eq!(EmailAddress::parse(raw), Err(NotAnAddress), "{raw}");
        }
    }

    #[test]
    fn a_contact_cannot_hide_in_the_mail_domain() {
        let domain = MailDomain::parse("NHS.net").unwrap();
        let inside = |raw: &str| domain.encloses(&EmailAddress::parse(raw).unwrap());
        assert!(inside("a@NHS.NET") && inside("a@xyz.nhs.net") && inside("a@x.y.nhs.net"));
        assert!(!inside("a@nhs.uk") && !inside("a@mynhs.net") && !inside("a@nhs.net.example"));
    }

    #[test]
    fn the_stem_is_shared_by_numbered_addresses() {
        let stem = |raw: &str| EmailAddress::parse(raw).unwrap().stem();
        assert_eq!(stem("jane.smith12@health.example"), stem("jane.smith@health.example"));
    }
}
