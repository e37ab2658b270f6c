//! Postfix, Dovecot, rspamd and a DNS server for one test: `servers/chain.sh` runs them, on free ports of this machine.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::NamedTempFile;

/// What the script exits with where Postfix cannot be started: only root can.
const NOT_ROOT: i32 = 77;

/// A folder beside this file.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/mail_chain")
        .join(name)
}

/// The servers. They end when this goes out of sight, and when the test's process ends, however it does.
pub struct Servers {
    script: Child,
    told: HashMap<String, String>,
}

/// From where a mail comes that nobody signed in for: a mail server by its address and its name.
#[derive(Clone, Copy)]
pub struct Outside {
    /// Its address, as the DNS server of the test knows it.
    pub address: &'static str,
    /// Its name.
    pub name: &'static str,
}

impl Servers {
    /// Starts them with some mailboxes, and waits until they take mail; `None` if only root can.
    pub fn start(mailboxes: &[&str]) -> Option<Self> {
        let mut script = Command::new(folder("servers/chain.sh"))
            .args(mailboxes)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script runs");
        let mut told = HashMap::new();
        for line in BufReader::new(script.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("a text");
            let (name, value) = line.split_once('=').expect("a name and a value");
            if name == "READY" {
                return Some(Self { script, told });
            }
            told.insert(name.to_owned(), value.to_owned());
        }
        let ended = script.wait().expect("a child");
        assert_eq!(ended.code(), Some(NOT_ROOT), "the mail servers did not start");
        None
    }

    /// What `PORTAL_SMTP_URL` is set to.
    pub fn smtp_url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.told("SMTP_PORT"))
    }

    /// What `PORTAL_EMAIL_IMAP_URL` is set to, for one mailbox.
    pub fn imap_url(&self, mailbox: &str) -> String {
        let user = mailbox.replace('@', "%40");
        format!("imaps://{user}@localhost:{}/INBOX", self.told("IMAPS_PORT"))
    }

    /// Everybody's password.
    pub fn password(&self) -> &str {
        self.told("PASSWORD")
    }

    /// The certificate of whoever certifies these servers.
    pub fn authority(&self) -> &str {
        self.told("CERTIFICATE")
    }

    /// The folder of a mailbox.
    pub fn maildir(&self, mailbox: &str) -> PathBuf {
        let (local, domain) = mailbox.split_once('@').expect("an address");
        Path::new(self.told("FOLDER"))
            .join("mail")
            .join(domain)
            .join(local)
            .join("Maildir")
    }

    /// Sends a mail as somebody who signs in, as the mail program of a person does, with an address as the envelope's
    /// sender. The error is what the mail server says.
    pub fn submit(&self, login: &str, sender: &str, to: &str, mail: &str) -> Result<(), String> {
        let server = format!("127.0.0.1:{}", self.told("SUBMISSION_PORT"));
        let mut swaks = swaks(&server, sender, to);
        swaks.args(["--tls", "--auth", "PLAIN", "--auth-user", login]);
        swaks.args(["--auth-password", self.password()]);
        sent(swaks, mail)
    }

    /// Sends a mail as a mail server of elsewhere does.
    pub fn send_from_outside(&self, server: Outside, sender: &str, to: &str, mail: &str) -> Result<(), String> {
        let mut swaks = self.handed_over(sender, to);
        swaks.args(["--ehlo", server.name, "--xclient-name", server.name]);
        swaks.args(["--xclient-addr", server.address]);
        sent(swaks, mail)
    }

    /// Sends a mail as a program of the mail server itself does: an absence note.
    pub fn send_from_inside(&self, sender: &str, to: &str, mail: &str) -> Result<(), String> {
        sent(self.handed_over(sender, to), mail)
    }

    fn handed_over(&self, sender: &str, to: &str) -> Command {
        swaks(&format!("127.0.0.1:{}", self.told("SMTP_PORT")), sender, to)
    }

    /// A mail with a signature (DKIM) of a domain.
    pub fn signed(&self, domain: &str, mail: &str) -> String {
        let mut signing = Command::new(folder("servers/sign.sh"))
            .args([self.told("DKIM_KEY"), domain])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script runs");
        let mut way_in = signing.stdin.take().expect("a pipe");
        way_in.write_all(mail.as_bytes()).expect("it reads");
        drop(way_in);
        let signed = signing.wait_with_output().expect("a child");
        assert!(signed.status.success(), "the mail is not signed");
        String::from_utf8(signed.stdout).expect("a text")
    }

    fn told(&self, name: &str) -> &str {
        self.told.get(name).expect("the script says it")
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // The script runs until its standard input ends.
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

fn swaks(server: &str, sender: &str, to: &str) -> Command {
    let mut swaks = Command::new("swaks");
    swaks.args(["--silent", "2", "--server", server, "--from", sender, "--to", to]);
    swaks
}

fn sent(mut swaks: Command, mail: &str) -> Result<(), String> {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(mail.as_bytes()).expect("a file");
    let data = format!("@{}", file.path().display());
    let done = swaks.args(["--data", &data]).output().expect("swaks runs");
    if done.status.success() {
        return Ok(());
    }
    let said = [done.stdout, done.stderr].concat();
    Err(String::from_utf8_lossy(&said).into_owned())
}
