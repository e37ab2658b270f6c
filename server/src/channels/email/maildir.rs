//! Mails from a Maildir folder: a mail server puts each into `new` as a file, and here it goes to `cur` once it is kept.
//!
//! Only regular files are read, and no link is followed: whoever may write into the folder may not have the portal read what
//! else is on the machine. Any number of processes may look into one folder.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, anyhow};
use gate::Gate;

use super::{Incoming, Intake, NotReceived, PATIENCE, is_worth_a_line, receive};

/// The most mails that are taken before the folder is looked into again.
const AT_ONCE: usize = 200;

/// The most files that are looked at in one go.
const LISTED: usize = 100_000;

/// What is behind the name of a mail that was taken: it was seen.
const SEEN: &str = ":2,S";

/// A Maildir folder.
pub struct Maildir {
    folder: PathBuf,
    /// How often mails that are still in `new` could not be taken.
    failed: HashMap<OsString, u32>,
}

/// A file in `new`.
struct Waiting {
    name: OsString,
    delivered: SystemTime,
}

/// What became of a file.
enum Taken {
    /// It is received, and in `cur`.
    Done,
    /// It is gone, or no mail.
    Nothing,
}

/// Why a file was not taken.
enum Failure {
    /// It cannot be read or moved.
    File(io::Error),
    /// It was not received.
    Mail(NotReceived),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl Maildir {
    /// The folder, once it is there and mails can be moved within it.
    ///
    /// # Errors
    /// When it is no Maildir folder, or cannot be written to.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let said = || format!("PORTAL_EMAIL_MAILDIR={}", folder.display());
        for part in ["tmp", "new", "cur"] {
            if !folder.join(part).is_dir() {
                return Err(anyhow!(
                    "{} is not a Maildir folder: it has no folder {part}. Have your mail server make it, or run mkdir",
                    said()
                ));
            }
        }
        move_a_file_round(folder).with_context(|| format!("mails cannot be moved within {}", said()))?;
        Ok(Self {
            folder: folder.to_owned(),
            failed: HashMap::new(),
        })
    }

    /// Takes the mails that wait, the oldest first; says whether there may be more.
    ///
    /// # Errors
    /// When one could not be taken. What was not taken is still there.
    pub async fn look(&mut self, gate: &Gate, intake: &Intake) -> anyhow::Result<bool> {
        let new = self.folder.join("new");
        let waiting = blocking(move || list(&new)).await;
        let mut waiting = waiting.context("the Maildir folder cannot be read")?;
        self.failed
            .retain(|name, _| waiting.iter().any(|waiting| waiting.name == *name));
        // Those that could not be taken before do not hold up the others.
        waiting.sort_by_cached_key(|waiting| {
            let is_hopeless = self.failures(&waiting.name) >= PATIENCE;
            (is_hopeless, waiting.delivered, waiting.name.clone())
        });
        let are_more = waiting.len() > AT_ONCE;
        let mut taken = false;
        let mut files = 0_u32;
        let mut first = None;
        for Waiting { name, .. } in waiting.into_iter().take(AT_ONCE) {
            match self.take(gate, intake, &name).await {
                Ok(Taken::Done) => taken = true,
                Ok(Taken::Nothing) => {}
                Err(Failure::File(error)) => {
                    self.failed.insert(name, PATIENCE);
                    files += 1;
                    first.get_or_insert(error);
                }
                Err(Failure::Mail(error)) => {
                    if !error.is_the_mails_own(gate).await {
                        return Err(error.into());
                    }
                    let failures = self.failures(&name) + 1;
                    if failures < PATIENCE {
                        self.failed.insert(name, failures);
                        return Err(error.into());
                    }
                    if is_worth_a_line(failures) {
                        tracing::error!(
                            file = %name.display(),
                            error = &error as &dyn std::error::Error,
                            "a mail cannot be received; it stays in new, and those behind it are taken"
                        );
                    }
                    self.failed.insert(name, failures);
                }
            }
        }
        match first {
            Some(error) => {
                Err(anyhow!(error).context(format!("{files} files of the Maildir folder cannot be read or moved")))
            }
            None => Ok(are_more && taken),
        }
    }

    fn failures(&self, name: &OsStr) -> u32 {
        self.failed.get(name).copied().unwrap_or_default()
    }

    /// Takes one mail: has it received, and moves it to `cur` then.
    async fn take(&self, gate: &Gate, intake: &Intake, name: &OsStr) -> Result<Taken, Failure> {
        let (path, largest, beginning) = (self.folder.join("new").join(name), intake.largest(), intake.beginning());
        let Some(mail) = blocking(move || read(&path, largest, beginning)).await? else {
            return Ok(Taken::Nothing);
        };
        receive(gate, intake, &source_key(name), None, mail)
            .await
            .map_err(Failure::Mail)?;
        let (folder, name) = (self.folder.clone(), name.to_owned());
        blocking(move || put_away(&folder, &name)).await?;
        Ok(Taken::Done)
    }
}

/// Does what waits for a disk where it holds nothing else up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Looks whether files can be made and moved as mails are. A name that begins with a dot is no mail.
fn move_a_file_round(folder: &Path) -> io::Result<()> {
    let name = format!(".portal-{}-{:08x}", std::process::id(), rand::random::<u32>());
    let [tmp, new, cur] = ["tmp", "new", "cur"].map(|part| folder.join(part).join(&name));
    File::create_new(&tmp)?;
    let mut at = &tmp;
    let mut moved = Ok(());
    for next in [&new, &cur] {
        moved = fs::rename(at, next);
        if moved.is_err() {
            break;
        }
        at = next;
    }
    let removed = fs::remove_file(at);
    moved.and(removed)
}

/// The files in a folder that may be mails.
fn list(folder: &Path) -> io::Result<Vec<Waiting>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.take(LISTED) {
        let entry = entry?;
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // It follows no link. What has gone meanwhile was another process's.
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        if metadata.is_file() {
            let delivered = metadata.modified()?;
            found.push(Waiting { name, delivered });
        }
    }
    Ok(found)
}

/// Reads a mail, or the beginning of one that is too large; `None` if there is no regular file of this name any more.
fn read(path: &Path, largest: u64, beginning: usize) -> io::Result<Option<Incoming>> {
    // Opening a pipe would wait for whoever writes into it.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(libc::ELOOP) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(None);
    }
    let size = metadata.len();
    let mut bytes = Vec::new();
    if size > largest {
        file.take(beginning as u64).read_to_end(&mut bytes)?;
        return Ok(Some(Incoming::beginning(bytes, size)));
    }
    // However it grows meanwhile, no more is read.
    Read::by_ref(&mut file).take(largest + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes.into()))
}

/// The unique part of a mail's name: what stands before the flags.
fn unique(name: &OsStr) -> &[u8] {
    let bytes = name.as_encoded_bytes();
    match bytes.iter().position(|&byte| byte == b':') {
        Some(at @ 1..) => &bytes[..at],
        Some(0) | None => bytes,
    }
}

/// By what a mail is recognised.
fn source_key(name: &OsStr) -> String {
    let unique = unique(name);
    match std::str::from_utf8(unique) {
        Ok(unique) => format!("maildir:{unique}"),
        Err(_) => format!("maildir:{}", unique.escape_ascii()),
    }
}

/// Moves a mail that was received to `cur`. Nothing that is there is overwritten.
fn put_away(folder: &Path, name: &OsStr) -> io::Result<()> {
    let unique = OsStr::from_bytes(unique(name));
    let named = |again: u32| {
        let mut seen = unique.to_owned();
        if again > 0 {
            seen.push(format!("_{again}"));
        }
        seen.push(SEEN);
        folder.join("cur").join(seen)
    };
    let free = (0..100).map(named).find(|path| fs::symlink_metadata(path).is_err());
    let free = free.ok_or_else(|| io::Error::from(ErrorKind::AlreadyExists))?;
    let waiting = folder.join("new").join(name);
    match fs::rename(&waiting, free) {
        // Another process was quicker.
        Err(_) if fs::symlink_metadata(&waiting).is_err() => Ok(()),
        moved => moved,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn maildir() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for part in ["tmp", "new", "cur"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        folder
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_mail_is_recognised_by_what_stands_before_its_flags() {
        for (name, key) in [
            ("1764.M1P2.host", "maildir:1764.M1P2.host"),
            ("1764.M1P2.host,S=12:2,S", "maildir:1764.M1P2.host,S=12"),
            (":2,S", "maildir::2,S"),
            ("Staff list – März.eml", "maildir:Staff list – März.eml"),
        ] {
            assert_eq!(source_key(OsStr::new(name)), key);
        }
        assert_eq!(source_key(OsStr::from_bytes(b"a\xff\n:2,")), "maildir:a\\xff\\n");
    }

    #[test]
    fn a_folder_is_a_maildir_once_mails_can_be_moved_within_it() {
        let folder = maildir();
        Maildir::open(folder.path()).unwrap();
        for part in ["tmp", "new", "cur"] {
            assert_eq!(names(&folder.path().join(part)), Vec::<OsString>::new());
        }
        fs::remove_dir(folder.path().join("cur")).unwrap();
        let why = Maildir::open(folder.path()).err().unwrap().to_string();
        assert!(why.contains("is not a Maildir folder: it has no folder cur"), "{why}");
    }

    #[test]
    fn only_regular_files_are_mails() {
        let folder = maildir();
        let new = folder.path().join("new");
        fs::write(folder.path().join("secret"), "of the machine").unwrap();
        fs::write(new.join("mail"), "From: a@b.example").unwrap();
        fs::write(new.join(".hidden"), "half").unwrap();
        fs::create_dir(new.join("folder")).unwrap();
        symlink(folder.path().join("secret"), new.join("link")).unwrap();
        let listed: Vec<_> = list(&new).unwrap().into_iter().map(|waiting| waiting.name).collect();
        assert_eq!(listed, ["mail"]);
        assert!(read(&new.join("link"), 100, 10).unwrap().is_none());
        assert!(read(&new.join("folder"), 100, 10).unwrap().is_none());
        assert!(read(&new.join("gone"), 100, 10).unwrap().is_none());
        assert_eq!(
            read(&new.join("mail"), 100, 10).unwrap().unwrap().bytes,
            b"From: a@b.example"
        );
    }

    #[test]
    fn of_a_mail_that_is_too_large_only_the_beginning_is_read() {
        let folder = maildir();
        let path = folder.path().join("new/mail");
        fs::write(&path, vec![b'x'; 101]).unwrap();
        let mail = read(&path, 100, 10).unwrap().unwrap();
        assert_eq!((mail.bytes.len(), mail.size), (10, 101));
        let mail = read(&path, 101, 10).unwrap().unwrap();
        assert_eq!((mail.bytes.len(), mail.size), (101, 101));
    }

    #[test]
    fn a_mail_that_was_received_overwrites_no_other() {
        let folder = maildir();
        for number in ["first", "second"] {
            fs::write(folder.path().join("new/mail"), number).unwrap();
            put_away(folder.path(), OsStr::new("mail")).unwrap();
        }
        let cur = folder.path().join("cur");
        assert_eq!(names(&cur), ["mail:2,S", "mail_1:2,S"]);
        assert_eq!(fs::read_to_string(cur.join("mail:2,S")).unwrap(), "first");
        // Another process was quicker.
        put_away(folder.path(), OsStr::new("mail")).unwrap();
    }
}
