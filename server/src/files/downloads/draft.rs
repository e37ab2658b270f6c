//! Files in the making: written outside of memory, on a thread that serves nobody, and sent once they are whole. So a file
//! that cannot be made is an error page and never half a file, and somebody who takes it slowly holds up nothing.

use std::io::{self, Read, Seek};

use app::busy::Busy;
use axum::body::{Body, Bytes};
use futures::{future::BoxFuture, stream};
use gate::GateError;
use tempfile::SpooledTempFile;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    task::JoinHandle,
};

/// A file in the making; a small one stays in memory. It is deleted when it is dropped.
pub(crate) type Draft = SpooledTempFile;

/// How much of a draft is in memory: all of a small one, and of others what is sent at once.
const AT_ONCE: usize = 256 * 1024;

/// An empty draft.
pub(crate) fn empty() -> Draft {
    tempfile::spooled_tempfile(AT_ONCE)
}

/// A draft as an answer's body, and its length.
pub(crate) fn body(mut draft: Draft) -> io::Result<(u64, Body)> {
    let length = draft.stream_position()?;
    draft.rewind()?;
    let portions = stream::try_unfold(draft, |mut draft| async move {
        let reading = tokio::task::spawn_blocking(move || {
            let mut portion = Vec::with_capacity(AT_ONCE);
            (&mut draft).take(AT_ONCE as u64).read_to_end(&mut portion)?;
            Ok::<_, io::Error>((portion, draft))
        });
        let (portion, draft) = reading.await.map_err(io::Error::other)??;
        Ok::<_, io::Error>((!portion.is_empty()).then(|| (Bytes::from(portion), draft)))
    });
    Ok((length, Body::from_stream(portions)))
}

/// What a draft is made of, as it is read from the database: some at a time.
pub(crate) struct Portions<T> {
    coming: mpsc::Receiver<Vec<T>>,
    at_hand: std::vec::IntoIter<T>,
}

impl<T> Portions<T> {
    /// The next one; waits for it, so it is for threads that may wait.
    pub(crate) fn next(&mut self) -> Option<T> {
        loop {
            match self.at_hand.next() {
                Some(next) => return Some(next),
                None => self.at_hand = self.coming.blocking_recv()?.into_iter(),
            }
        }
    }
}

/// A draft that is being made.
pub(crate) struct Drafting<T> {
    portions: mpsc::Sender<Vec<T>>,
    made: JoinHandle<io::Result<Draft>>,
    _turn: OwnedSemaphorePermit,
}

impl<T: Send + 'static> Drafting<T> {
    /// Begins a draft, as soon as it is its turn.
    ///
    /// # Errors
    /// `Busy` where too many are being made.
    pub(crate) async fn begin(
        busy: &Busy,
        make: impl FnOnce(Draft, Portions<T>) -> io::Result<Draft> + Send + 'static,
    ) -> Result<Self, GateError> {
        let turn = busy.export().await.ok_or(GateError::Busy)?;
        let (portions, coming) = mpsc::channel(2);
        let at_hand = Vec::new().into_iter();
        Ok(Self {
            portions,
            made: tokio::task::spawn_blocking(move || make(empty(), Portions { coming, at_hand })),
            _turn: turn,
        })
    }

    /// Takes what the draft is made of, and waits while the thread is behind.
    pub(crate) fn hand(&self) -> impl Fn(Vec<T>) -> BoxFuture<'static, Result<(), GateError>> + Send + use<T> {
        let portions = self.portions.clone();
        move |portion| {
            let portions = portions.clone();
            Box::pin(async move {
                let sent = portions.send(portion).await;
                // The thread has met an error, which `finish` tells.
                sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe).into())
            })
        }
    }

    /// The draft, where all was handed over and written.
    ///
    /// # Errors
    /// What went wrong: first while it was written, else while it was gone through.
    pub(crate) async fn finish(self, gone_through: Result<(), GateError>) -> Result<Draft, GateError> {
        drop(self.portions);
        let draft = self.made.await.map_err(io::Error::other)??;
        gone_through.map(|()| draft)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_draft_is_sent_as_it_was_written_whatever_its_size() {
        for size in [0, 5, AT_ONCE, AT_ONCE * 2 + 1] {
            let bytes: Vec<u8> = (0..size).map(|place| (place % 251) as u8).collect();
            let mut draft = empty();
            io::Write::write_all(&mut draft, &bytes).unwrap();
            let (length, body) = body(draft).unwrap();
            assert_eq!(length, size as u64);
            assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), bytes);
        }
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_an_error_and_no_file() {
        let full = |_: Draft, mut lines: Portions<u8>| {
            lines.next();
            Err(io::ErrorKind::StorageFull.into())
        };
        let drafting = Drafting::begin(&Busy::new(1), full).await.unwrap();
        let mut handed = Ok(());
        while handed.is_ok() {
            handed = drafting.hand()(vec![1, 2, 3]).await;
        }
        let made = drafting.finish(handed).await;
        assert!(made.err().is_some_and(|error| error.is_unwritable()));
    }
}
