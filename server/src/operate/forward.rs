//! Handing the audit log on to another system, a JSON line an entry: into a file, or as syslog by RFC 5424. Each entry
//! goes at least once and in its order; how far it got is kept in the database, so any number of processes may be at it,
//! one at a time. Syslog acknowledges nothing: what was written to its socket counts as handed on. A file is synced first.

use std::{
    fmt,
    fs::OpenOptions,
    future::Future,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use domain::trail::Entry;
use gate::{Gate, calendar};
use store::trail;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, UdpSocket, UnixDatagram},
};

use crate::files::exports;

/// How often is looked for new entries.
const LOOKED_EVERY: Duration = Duration::from_secs(2);

/// How long is waited after something went wrong.
const PAUSE: Duration = Duration::from_secs(30);

/// Entries handed on at once.
const AT_ONCE: u64 = 200;

/// Seconds for which a process is left alone with them.
const CLAIMED_SECONDS: i64 = 60;

/// How long handing some entries on may take; well within the claim.
const PATIENCE: Duration = Duration::from_secs(30);

/// Syslog's facility 13, "log audit", and severity 6, "informational".
const PRIORITY: u8 = 13 * 8 + 6;

/// Where the trail is handed on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Lines at the end of a file.
    File(PathBuf),
    /// Syslog in datagrams. They can be lost on their way, and nobody knows.
    Udp(String),
    /// Syslog over a connection, each message with its length in front (RFC 6587).
    Tcp(String),
    /// Syslog to a socket of this machine.
    Unix(PathBuf),
}

impl Place {
    /// Reads `file:/path`, `udp://host:port`, `tcp://host:port` or `unix:/path`.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let is_host = |host: &str| {
            host.rsplit_once(':')
                .is_some_and(|(name, port)| !name.is_empty() && port.parse::<u16>().is_ok())
        };
        let (kind, rest) = text.trim().split_once(':').unwrap_or_default();
        let host = rest.strip_prefix("//").filter(|host| is_host(host));
        match (kind, host) {
            ("file", None) if Path::new(rest).is_absolute() => Ok(Self::File(rest.into())),
            ("unix", None) if Path::new(rest).is_absolute() => Ok(Self::Unix(rest.into())),
            ("udp", Some(host)) => Ok(Self::Udp(host.to_owned())),
            ("tcp", Some(host)) => Ok(Self::Tcp(host.to_owned())),
            _ => bail!(
                "PORTAL_AUDIT_FORWARD={text} cannot be used; write file:/path, udp://host:514, tcp://host:601 or \
                 unix:/dev/log"
            ),
        }
    }

    async fn take(&self, entries: &[Entry]) -> anyhow::Result<()> {
        match self {
            Self::File(path) => {
                let lines: String = entries
                    .iter()
                    .map(|entry| format!("{}\n", exports::audit::line(entry)))
                    .collect();
                let path = path.clone();
                tokio::task::spawn_blocking(move || append(&path, &lines)).await?
            }
            Self::Udp(host) => {
                let any = if host.starts_with('[') { "[::]:0" } else { "0.0.0.0:0" };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(host).await?;
                for entry in entries {
                    socket.send(message(entry).as_bytes()).await?;
                }
                Ok(())
            }
            Self::Tcp(host) => {
                let mut line = TcpStream::connect(host).await?;
                for entry in entries {
                    let message = message(entry);
                    line.write_all(format!("{} {message}", message.len()).as_bytes())
                        .await?;
                }
                Ok(line.shutdown().await?)
            }
            Self::Unix(path) => {
                let socket = UnixDatagram::unbound()?;
                for entry in entries {
                    socket.send_to(message(entry).as_bytes(), path).await?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Udp(host) => write!(f, "udp://{host}"),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

fn append(path: &Path, lines: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    let mut file = file.with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(lines.as_bytes())?;
    Ok(file.sync_data()?)
}

/// A message by RFC 5424: no host and no process, which the receiver knows, and the entry as JSON.
fn message(entry: &Entry) -> String {
    let action = entry.action.map_or("-", |action| action.slug());
    let at = calendar::iso_8601(entry.at);
    format!(
        "<{PRIORITY}>1 {at} - staffbook - {action} - {}",
        exports::audit::line(entry)
    )
}

/// Hands the trail on until the process is told to end.
pub async fn run(gate: Gate, place: Place, end: impl Future<Output = ()>) {
    let own_name = format!("{:016x}", rand::random::<u64>());
    let working = async {
        loop {
            let pause = match hand_on(&gate, &place, &own_name).await {
                Ok(0) => LOOKED_EVERY,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%place, error = format!("{error:#}"), "the audit log was not forwarded; trying again");
                    PAUSE
                }
            };
            tokio::time::sleep(pause).await;
        }
    };
    tokio::select! {
        () = working => {}
        () = end => {}
    }
}

/// Hands some entries on; says how many.
///
/// # Errors
/// When the database or the place fails. Then they are handed on again.
pub async fn hand_on(gate: &Gate, place: &Place, by: &str) -> anyhow::Result<usize> {
    let (name, db) = (place.to_string(), gate.store().reader());
    let done = trail::cursor(db, &name).await?.map_or(0, |cursor| cursor.number);
    if trail::head(db).await?.number <= done {
        return Ok(0);
    }
    let tx = gate.store().begin().await?;
    let until = gate.now().plus_seconds(CLAIMED_SECONDS);
    let claimed = trail::claim(&tx, &name, by, gate.now(), until).await?;
    tx.commit().await?;
    let Some(cursor) = claimed else { return Ok(0) };
    let entries = trail::after(db, cursor.number, AT_ONCE).await?;
    let Some(last) = entries.last() else { return Ok(0) };
    tokio::time::timeout(PATIENCE, place.take(&entries))
        .await
        .context("it takes too long")??;
    let tx = gate.store().begin().await?;
    trail::advance(&tx, &name, by, last.number).await?;
    tx.commit().await?;
    Ok(entries.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        for text in [
            "file:/var/log/audit.jsonl",
            "udp://logs.example:514",
            "tcp://[::1]:601",
            "unix:/dev/log",
        ] {
            assert_eq!(Place::parse(text).unwrap().to_string(), text);
        }
        for none in [
            "",
            "audit.jsonl",
            "file:audit.jsonl",
            "udp://logs.example",
            "http://logs.example:80",
            "tcp:/x",
        ] {
            assert!(Place::parse(none).is_err(), "{none}");
        }
    }
}
