//! Whom to tell about a weakness of the portal.

use anyhow::bail;

use super::Config;

/// How a contact may begin (RFC 9116, section 2.5.3).
const BEGINNINGS: [&str; 3] = ["mailto:", "https://", "tel:"];

impl Config {
    /// The contacts as set, the preferred one first.
    pub(crate) fn security_contacts(&self) -> Vec<String> {
        let said = self.security_contact.as_deref().unwrap_or_default().split(',');
        let said = said.map(str::trim).filter(|contact| !contact.is_empty());
        said.map(ToOwned::to_owned).collect()
    }

    /// # Errors
    /// Names the contact that programs would not understand.
    pub(super) fn check_security_contact(&self) -> anyhow::Result<()> {
        for contact in self.security_contacts() {
            let is_known = BEGINNINGS.iter().any(|beginning| contact.starts_with(beginning));
            if !is_known || contact.contains(char::is_whitespace) {
                bail!(
                    "PORTAL_SECURITY_CONTACT={contact} is not a contact; it must begin with mailto:, https:// or tel:"
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_begins_with_what_programs_understand() {
        let set = |contact: &str| Config {
            security_contact: Some(contact.to_owned()),
            ..Config::default()
        };
        let two = set("mailto:security@nhs.example, https://nhs.example/report");
        assert!(two.check_security_contact().is_ok());
        assert_eq!(
            two.security_contacts(),
            ["mailto:security@nhs.example", "https://nhs.example/report"]
        );
        assert_eq!(Config::default().security_contacts(), Vec::<String>::new());
        for wrong in [
            "security@nhs.example",
            "http://nhs.example",
            "mailto:a b@nhs.example",
            "mailto:a\nExpires: never",
        ] {
            let refused = set(wrong).check_security_contact().unwrap_err().to_string();
            assert!(refused.starts_with("PORTAL_SECURITY_CONTACT="), "{refused}");
        }
    }
}
