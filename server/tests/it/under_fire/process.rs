//! `server` as a process of its own, with a database that the test looks into, too.

use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use testkit::MAIL_DOMAIN;

/// A setting of a process, by its environment.
pub type Setting<'a> = (&'a str, &'a str);

/// A process that is killed when it goes out of sight.
pub struct Running {
    child: Child,
    log: PathBuf,
    _folder: TempDir,
}

impl Running {
    /// Starts `server serve`, and waits until it can serve.
    pub async fn serve(database: &str, address: SocketAddr, settings: &[Setting<'_>]) -> Self {
        let at = address.to_string();
        let own = [("PORTAL_ADDRESS", at.as_str())];
        let mut running = Self::start("serve", database, &[&own, settings].concat());
        let ready = format!("http://{address}/readyz");
        for _ in 0..1200 {
            let ended = running.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended at once: {}", running.log());
            if reqwest::get(&ready)
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return running;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it is not ready after a minute: {}", running.log());
    }

    /// Starts `server work`.
    pub fn work(database: &str, settings: &[Setting<'_>]) -> Self {
        Self::start("work", database, settings)
    }

    fn start(command: &str, database: &str, settings: &[Setting<'_>]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let lines = File::create(&log).expect("a file for the log");
        let child = command_line(&[command], database, settings)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(lines)
            .spawn()
            .expect("the server starts");
        Self {
            child,
            log,
            _folder: folder,
        }
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does: it has no last word.
    pub fn kill(&mut self) {
        self.child.kill().expect("a child");
        self.child.wait().expect("a child");
    }

    /// The most memory that it has had, in MiB.
    pub fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|peak| peak.trim().strip_suffix(" kB")).expect("its peak");
        kib.parse::<u64>().expect("a number") / 1024
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs one of the operator's commands until it ends.
pub fn run(words: &[&str], database: &str, settings: &[Setting<'_>]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = command_line(words, database, settings);
    command.current_dir(folder.path()).output().expect("the command runs")
}

/// Compiles a library that is loaded into a process (`LD_PRELOAD`), from its source below the tests, and gives its path.
pub fn library(folder: &Path, source: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(source);
    let library = folder.join(source.with_extension("so").file_name().expect("a name"));
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
        .args([&library, &source])
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(compiled.expect("a C compiler, which building needs too").success());
    library.to_str().expect("a path in UTF-8").to_owned()
}

fn command_line(words: &[&str], database: &str, settings: &[Setting<'_>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
        .args(words)
        .env_clear()
        .envs([
            ("PORTAL_DATABASE_URL", database),
            ("PORTAL_METRICS_ADDRESS", "127.0.0.1:0"),
            ("PORTAL_DEVELOPMENT", "true"),
            ("PORTAL_MAIL_DOMAIN", MAIL_DOMAIN),
            ("PORTAL_SECOND_FACTOR", "optional"),
            ("PORTAL_REQUESTS_PER_MINUTE", "0"),
            ("PORTAL_ADDRESS_REQUESTS_PER_MINUTE", "0"),
        ])
        .envs(settings.iter().copied());
    command
}

/// An address of this machine at which nothing listens.
pub fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
