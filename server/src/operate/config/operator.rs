//! What the operator says to everybody, on pages that are readable signed out.

use anyhow::bail;

use super::Config;

impl Config {
    /// Checks it: a text without words is not set, and a privacy notice is a page.
    ///
    /// # Errors
    /// Names the setting.
    pub(super) fn check_operator(&mut self) -> anyhow::Result<()> {
        for text in [&mut self.support_contact, &mut self.privacy_url] {
            let said = text.take().map(|text| text.trim().to_owned());
            *text = said.filter(|text| !text.is_empty());
        }
        match &self.privacy_url {
            Some(url) if !url.starts_with("https://") && !url.starts_with("http://") => {
                bail!("PORTAL_PRIVACY_URL={url} is not a web address; it must begin with https:// or http://")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(url: &str) -> Config {
        Config {
            privacy_url: Some(url.to_owned()),
            support_contact: Some(" ".to_owned()),
            ..Config::default()
        }
    }

    #[test]
    fn a_privacy_notice_is_a_web_address_and_an_empty_text_is_not_set() {
        let mut empty = set("");
        empty.check_operator().unwrap();
        assert_eq!((empty.privacy_url, empty.support_contact), (None, None));
        let mut page = set(" https://portal.example/privacy ");
        page.check_operator().unwrap();
        assert_eq!(page.privacy_url.as_deref(), Some("https://portal.example/privacy"));
        let refused = set("javascript:alert(1)").check_operator().unwrap_err().to_string();
        assert!(refused.contains("PORTAL_PRIVACY_URL=javascript:alert(1)"), "{refused}");
    }
}
