//! Mail as files in a folder, for a machine of one's own and for whoever carries it on from there.

use std::{fs, io, io::Write, os::unix::fs::OpenOptionsExt, path::PathBuf};

/// Writes a mail: whole, or not at all. Only its owner may read it, because it may hold a one-time link.
pub(super) async fn write(folder: PathBuf, name: String, bytes: Vec<u8>) -> io::Result<()> {
    let writing = move || {
        fs::create_dir_all(&folder)?;
        let unfinished = folder.join(format!("{name}.part"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(&bytes)?;
        fs::rename(unfinished, folder.join(name))
    };
    tokio::task::spawn_blocking(writing).await.map_err(io::Error::other)?
}
