//! A real OpenSSH server for a test, and a customer's client that uploads to it.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// What the script exits with where sshd cannot lock anybody in: only root can.
const NOT_ROOT: i32 = 77;

/// The server. It ends when this goes out of sight, and when the test's process ends, however it does.
pub struct Server {
    script: Child,
    told: HashMap<String, String>,
}

impl Server {
    /// Starts it for a customer, and waits until it takes files; `None` if only root can.
    pub fn start(customer: &str) -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sftp_chain/servers/sftp.sh");
        let mut script = Command::new(script)
            .arg(customer)
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
        assert_eq!(ended.code(), Some(NOT_ROOT), "the server did not start");
        None
    }

    /// The folder of all customers.
    pub fn folder(&self) -> PathBuf {
        self.told("FOLDER").into()
    }

    /// Has a client do something; the error is what it says.
    pub fn client(&self, commands: &str) -> Result<(), String> {
        let client = self.begin(&["-b", "-"], commands);
        let done = client.wait_with_output().expect("a child");
        if done.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
    }

    /// Begins to upload very slowly: so many kilobits a second.
    pub fn begin_slowly(&self, kilobits: u32, commands: &str) -> Child {
        self.begin(&["-l", &kilobits.to_string(), "-b", "-"], commands)
    }

    fn begin(&self, options: &[&str], commands: &str) -> Child {
        let mut client = Command::new("sftp")
            // Nothing of whoever runs the test is read, or written.
            .args(["-q", "-F", "/dev/null", "-P", self.told("PORT"), "-i", self.told("KEY")])
            .args(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
            .args([
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "LogLevel=ERROR",
            ])
            .args(options)
            .arg("nobody@127.0.0.1")
            .env_remove("SSH_AUTH_SOCK")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sftp runs");
        let mut input = client.stdin.take().expect("a pipe");
        input.write_all(commands.as_bytes()).expect("it reads");
        drop(input);
        client
    }

    fn told(&self, name: &str) -> &str {
        self.told.get(name).expect("the script says it")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The script runs until its standard input ends.
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}
