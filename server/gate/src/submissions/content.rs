//! What a file holds, on its way in: written beside the database as it comes, so that however many arrive at the same
//! time, none is held in memory.

use std::io::{self, Read, Seek, Write};

use sha2::{Digest, Sha256};
use store::submissions::PIECE;
use tempfile::SpooledTempFile;
use tokio::{sync::mpsc, task::JoinHandle};

/// A file that has come whole. It is deleted when it is dropped.
#[derive(Debug)]
pub struct Content {
    /// Taken out while a piece is read.
    file: Option<SpooledTempFile>,
    size: u64,
    sha256: String,
}

/// A file that is still coming. Dropped, nothing of it is kept.
#[derive(Debug)]
pub struct ComingIn {
    portions: mpsc::Sender<Vec<u8>>,
    written: JoinHandle<io::Result<Content>>,
}

impl ComingIn {
    /// Begins to take a file in. It is written and hashed on a thread of its own.
    #[must_use]
    pub fn begin() -> Self {
        // Two portions: one is written while the other comes.
        let (portions, coming) = mpsc::channel(2);
        Self {
            portions,
            written: tokio::task::spawn_blocking(move || write(coming)),
        }
    }

    /// Takes the next portion in, as soon as those before it are written.
    ///
    /// # Errors
    /// When the file cannot be written; [`Self::finish`] says why.
    pub async fn take(&self, portion: Vec<u8>) -> io::Result<()> {
        let sent = self.portions.send(portion).await;
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    /// The file, now that it has come whole.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn finish(self) -> io::Result<Content> {
        drop(self.portions);
        self.written.await.map_err(io::Error::other)?
    }
}

fn write(mut coming: mpsc::Receiver<Vec<u8>>) -> io::Result<Content> {
    let mut file = tempfile::spooled_tempfile(PIECE);
    let (mut digest, mut size) = (Sha256::new(), 0);
    while let Some(portion) = coming.blocking_recv() {
        file.write_all(&portion)?;
        digest.update(&portion);
        size += portion.len() as u64;
    }
    file.rewind()?;
    Ok(Content {
        file: Some(file),
        size,
        sha256: in_hexadecimal(&digest.finalize()),
    })
}

impl Content {
    /// Its size in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its SHA-256, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Reads the next [`PIECE`] of it, from its beginning on; the last piece may be shorter, and behind it there are empty
    /// ones.
    pub(crate) async fn piece(&mut self) -> io::Result<Vec<u8>> {
        let Some(mut file) = self.file.take() else {
            return Ok(vec![]);
        };
        let reading = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE);
            (&mut file).take(PIECE as u64).read_to_end(&mut piece)?;
            Ok::<_, io::Error>((file, piece))
        });
        let (file, piece) = reading.await.map_err(io::Error::other)??;
        self.file = Some(file);
        Ok(piece)
    }
}

impl Content {
    /// Goes back to its beginning: what could not be kept is tried once more.
    pub(crate) async fn rewind(&mut self) -> io::Result<()> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let rewinding = tokio::task::spawn_blocking(move || file.rewind().map(|()| file));
        self.file = Some(rewinding.await.map_err(io::Error::other)??);
        Ok(())
    }
}

/// A file that is in memory anyway.
impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        let (size, sha256) = (bytes.len() as u64, in_hexadecimal(&Sha256::digest(&bytes)));
        let mut file = tempfile::spooled_tempfile(bytes.len());
        // So large a one stays in memory, where nothing fails.
        let written = file.write_all(&bytes).and_then(|()| file.rewind());
        Self {
            file: written.is_ok().then_some(file),
            size,
            sha256,
        }
    }
}

fn in_hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_came_in_portions_is_read_in_pieces() {
        let bytes: Vec<u8> = (0..PIECE * 2 + 5).map(|place| (place % 251) as u8).collect();
        let coming = ComingIn::begin();
        for portion in bytes.chunks(70_001) {
            coming.take(portion.to_vec()).await.unwrap();
        }
        let mut content = coming.finish().await.unwrap();
        let at_once = Content::from(bytes.clone());
        assert_eq!(
            (content.size(), content.sha256()),
            (bytes.len() as u64, at_once.sha256())
        );
        let mut read = Vec::new();
        for expected in [PIECE, PIECE, 5, 0] {
            let piece = content.piece().await.unwrap();
            assert_eq!(piece.len(), expected);
            read.extend(piece);
        }
        assert_eq!(read, bytes);
        content.rewind().await.unwrap();
        assert_eq!(content.piece().await.unwrap(), bytes[..PIECE]);
    }
}
