//! What files hold that customers have dropped. No link is followed, and nothing but regular files is read: whoever may write
//! into the folder may not have the portal read what else is on the machine.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use sha2::{Digest, Sha256};

use super::stamp::Stamp;

/// How much is read of a file that is too large, to recognise it.
const BEGINNING: u64 = 1024 * 1024;

/// What a file holds.
#[derive(Debug)]
pub(super) struct Content {
    /// All of it, as far as it can be had.
    pub(super) bytes: Bytes,
    /// By what it is recognised.
    pub(super) sha256: String,
    /// How it stood while it was read.
    pub(super) stamp: Stamp,
}

/// The bytes of a file, or why they are not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// All of them.
    Whole(Vec<u8>),
    /// They are too many.
    TooLarge,
    /// Its owner lets nobody else read them.
    Forbidden,
    /// It is a link or something else.
    NotAFile,
}

/// How a file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a line.
    Line,
    /// Within a line, so that more may come.
    WithinALine,
    /// It holds nothing.
    Nowhere,
    /// Its owner lets nobody else read it.
    Forbidden,
}

/// A file that is to be read.
enum Opened {
    Open(File),
    /// There is none, or a link.
    Gone,
    Forbidden,
}

/// What a file holds; `None` if it has gone, or is being written.
pub(super) fn read(path: &Path, largest: u64) -> io::Result<Option<Content>> {
    let there = match fs::symlink_metadata(path) {
        Ok(there) => Stamp::of(&there),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let unread = |bytes, by: &[u8]| Content {
        bytes,
        sha256: hex(&Sha256::digest(by)),
        stamp: there,
    };
    if !there.is_file {
        return Ok(Some(unread(Bytes::NotAFile, b"not a file")));
    }
    let mut file = match open(path)? {
        Opened::Open(file) => file,
        Opened::Gone => return Ok(None),
        Opened::Forbidden => {
            let by = format!("forbidden: {} bytes", there.size);
            return Ok(Some(unread(Bytes::Forbidden, by.as_bytes())));
        }
    };
    let stamp = Stamp::of(&file.metadata()?);
    if !stamp.is_file {
        return Ok(None);
    }
    let is_too_large = stamp.size > largest;
    let most = if is_too_large { BEGINNING } else { largest + 1 };
    let mut bytes = Vec::new();
    // However it grows meanwhile, no more is read.
    Read::by_ref(&mut file).take(most).read_to_end(&mut bytes)?;
    let is_whole = is_too_large || bytes.len() as u64 == stamp.size;
    if !is_whole || Stamp::of(&file.metadata()?) != stamp {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    if is_too_large {
        hash.update(format!("{} bytes, which begin with ", stamp.size));
    }
    hash.update(&bytes);
    Ok(Some(Content {
        bytes: match is_too_large {
            true => Bytes::TooLarge,
            false => Bytes::Whole(bytes),
        },
        sha256: hex(&hash.finalize()),
        stamp,
    }))
}

/// How a file ends.
pub(super) fn ending(path: &Path) -> io::Result<Ending> {
    let mut file = match open(path)? {
        Opened::Open(file) => file,
        Opened::Gone => return Ok(Ending::Line),
        Opened::Forbidden => return Ok(Ending::Forbidden),
    };
    if file.metadata()?.len() == 0 {
        return Ok(Ending::Nowhere);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(match last {
        [b'\n' | b'\r'] => Ending::Line,
        _ => Ending::WithinALine,
    })
}

/// Opens a file to read it.
fn open(path: &Path) -> io::Result<Opened> {
    // Opening a pipe would wait for whoever writes into it.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path);
    what_opened(opened)
}

fn what_opened(opened: io::Result<File>) -> io::Result<Opened> {
    match opened {
        Ok(file) => Ok(Opened::Open(file)),
        Err(error) if error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(libc::ELOOP) => {
            Ok(Opened::Gone)
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(Opened::Forbidden),
        Err(error) => Err(error),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    const LARGEST: u64 = 100;

    #[test]
    fn no_link_is_followed_and_no_more_is_read_than_may_be() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "x".repeat(100)).unwrap();
        fs::write(at("large"), "x".repeat(101)).unwrap();
        symlink(at("file"), at("link")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        let read = |name: &str| read(&at(name), LARGEST).unwrap();
        assert_eq!(read("file").unwrap().bytes, Bytes::Whole(b"x".repeat(100)));
        for (name, bytes) in [
            ("large", Bytes::TooLarge),
            ("link", Bytes::NotAFile),
            ("folder", Bytes::NotAFile),
        ] {
            let content = read(name).unwrap();
            assert_eq!(content.stamp.is_file, bytes == Bytes::TooLarge, "{name}");
            assert_eq!(content.bytes, bytes, "{name}");
        }
        assert!(read("gone").is_none());
        assert_ne!(read("large").unwrap().sha256, read("file").unwrap().sha256);
        assert!(matches!(open(&at("link")).unwrap(), Opened::Gone));
    }

    #[test]
    fn a_file_that_its_owner_alone_may_read_is_known_as_such() {
        let forbidden = || Err(io::Error::from_raw_os_error(libc::EACCES));
        assert!(matches!(what_opened(forbidden()), Ok(Opened::Forbidden)));
        assert!(what_opened(Err(io::Error::from_raw_os_error(libc::EIO))).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "a\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        let expected = match File::open(&path) {
            // To root nothing is forbidden.
            Ok(_) => (Ending::Line, Bytes::Whole(b"a\n".to_vec())),
            Err(_) => (Ending::Forbidden, Bytes::Forbidden),
        };
        let content = read(&path, LARGEST).unwrap().unwrap();
        assert_eq!((ending(&path).unwrap(), content.bytes), expected);
    }

    #[test]
    fn a_file_without_a_last_line_end_may_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (text, expected) in [
            ("", Ending::Nowhere),
            ("a,Sus", Ending::WithinALine),
            ("a\n", Ending::Line),
            ("a\r\n", Ending::Line),
            ("a\r", Ending::Line),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(ending(&path).unwrap(), expected, "{text:?}");
        }
    }
}
