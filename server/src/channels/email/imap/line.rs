//! The line to an IMAP server: encrypted, or in clear on this machine.

use std::{fmt, sync::Arc};

use anyhow::{Context, bail};
use rustls_native_certs::load_native_certs;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::operate::config::Imap;

/// A line, whatever it is made of.
pub(super) type Line = Box<dyn Duplex>;

/// What can be read from and written to.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Duplex for T {}

/// Opens lines to one server.
pub(super) struct Connector {
    host: String,
    port: u16,
    encryption: Option<(TlsConnector, ServerName<'static>)>,
}

impl Connector {
    /// For the server as configured.
    ///
    /// # Errors
    /// When nothing is there to check its certificate by.
    pub(super) fn new(settings: &Imap) -> anyhow::Result<Self> {
        let encryption = if settings.is_encrypted {
            let name = ServerName::try_from(settings.host.clone());
            let name = name.context("PORTAL_EMAIL_IMAP_URL: the mail server's name cannot be used")?;
            Some((encryption()?, name))
        } else {
            None
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            encryption,
        })
    }

    /// Opens a line.
    ///
    /// # Errors
    /// When the server cannot be reached, or its certificate is not to be believed.
    pub(super) async fn connect(&self) -> anyhow::Result<Line> {
        let line = TcpStream::connect((self.host.as_str(), self.port)).await;
        let line = line.context("the mail server cannot be reached")?;
        // Commands are short, and each is waited for.
        line.set_nodelay(true)?;
        match &self.encryption {
            Some((encryption, name)) => {
                let encrypted = encryption.connect(name.clone(), line).await;
                Ok(Box::new(
                    encrypted.context("the line to the mail server cannot be encrypted")?,
                ))
            }
            None => Ok(Box::new(line)),
        }
    }
}

/// TLS, with the authorities that the system trusts.
fn encryption() -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    let (known, _) = roots.add_parsable_certificates(load_native_certs().certs);
    if known == 0 {
        bail!("no certificate authorities are installed on this machine, so no mail server could be believed");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("encryption cannot be set up")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
