//! The settings of signing in by an OpenID Connect provider. That it is there is not looked at: the portal starts without it.

use anyhow::{Context, bail};
use app::routes;
use url::Url;

pub use super::asks_for_factor::AsksForFactor;
use super::{Config, Secret, is_this_machine};

/// The provider as configured.
#[derive(Clone, Debug)]
pub(crate) struct OpenId {
    /// The provider, as it spells itself.
    pub(crate) issuer: String,
    /// What the portal is called there.
    pub(crate) client: String,
    /// The secret by which the provider knows the portal.
    pub(crate) secret: Option<Secret>,
    /// What people call the provider.
    pub(crate) name: String,
    /// Who asks for a second factor.
    pub(crate) second_factor: AsksForFactor,
    /// Where it leads back to.
    pub(crate) back: String,
}

impl Config {
    /// The provider; none where no issuer is set.
    pub(crate) fn openid(&self) -> Option<OpenId> {
        Some(OpenId {
            issuer: set(self.openid_issuer.as_deref())?.to_owned(),
            client: set(self.openid_client.as_deref())?.to_owned(),
            secret: self.openid_secret.clone().filter(|secret| !secret.reveal().is_empty()),
            name: self.openid_name.trim().to_owned(),
            second_factor: self.openid_second_factor,
            back: format!("{}{}", self.url.trim_end_matches('/'), routes::OPENID_RETURN),
        })
    }

    /// Refuses settings that could not mean any provider.
    ///
    /// # Errors
    /// Names the setting.
    pub(super) fn check_openid(&self) -> anyhow::Result<()> {
        let Some(issuer) = set(self.openid_issuer.as_deref()) else {
            return Ok(());
        };
        let url = Url::parse(issuer).with_context(|| format!("PORTAL_OPENID_ISSUER={issuer} is not a web address"))?;
        if url.scheme() != "https" && !(url.scheme() == "http" && is_this_machine(&url)) {
            bail!("PORTAL_OPENID_ISSUER={issuer} must begin with https://; http:// works only for this machine");
        }
        if set(self.openid_client.as_deref()).is_none() {
            bail!(
                "PORTAL_OPENID_ISSUER is set without PORTAL_OPENID_CLIENT; set the client ID that the provider gave \
                   you"
            );
        }
        if self.openid_name.trim().is_empty() {
            bail!("PORTAL_OPENID_NAME is empty; unset it, or say what people call the provider");
        }
        Ok(())
    }
}

fn set(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(issuer: &str, client: Option<&str>) -> Config {
        Config {
            url: "https://portal.example".to_owned(),
            openid_issuer: Some(issuer.to_owned()),
            openid_client: client.map(ToOwned::to_owned),
            ..Config::default()
        }
    }

    #[test]
    fn nobody_signs_in_by_a_provider_unless_one_is_set() {
        assert!(Config::default().openid().is_none() && Config::default().check_openid().is_ok());
        assert!(with(" ", None).openid().is_none() && with(" ", None).check_openid().is_ok());
        let set = with("https://id.example/realm", Some("portal"));
        assert!(set.check_openid().is_ok());
        let openid = set.openid().unwrap();
        assert_eq!(openid.issuer, "https://id.example/realm");
        assert_eq!(openid.back, "https://portal.example/sign-in/openid/return");
        assert_eq!(openid.second_factor, AsksForFactor::Portal);
    }

    #[test]
    fn settings_that_mean_no_provider_are_named() {
        for (issuer, client, named) in [
            ("id.example", Some("portal"), "PORTAL_OPENID_ISSUER=id.example"),
            ("http://id.example", Some("portal"), "https://"),
            ("ftp://localhost", Some("portal"), "https://"),
            ("https://id.example", None, "PORTAL_OPENID_CLIENT"),
        ] {
            let refused = with(issuer, client).check_openid().unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
        for issuer in ["http://localhost:3990", "http://127.0.0.1:3990", "http://[::1]:3990"] {
            assert!(with(issuer, Some("portal")).check_openid().is_ok(), "{issuer}");
        }
    }
}
