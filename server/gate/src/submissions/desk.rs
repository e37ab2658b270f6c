//! How much of files the gate has before it at the same time: opened files are in memory, no matter who asks for them, so
//! together they may take only so much of it.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::GateError;

/// Mebibytes that opened files may take together.
const ROOM: u32 = 256;

/// Files that are written into the database at the same time. SQLite writes one, and the others wait here rather than in
/// the way of forms.
const STORED_AT_ONCE: usize = 2;

/// How long somebody waits for room before they are asked to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// The room of one process.
#[derive(Debug)]
pub(crate) struct Desk {
    room: Arc<Semaphore>,
    storing: Semaphore,
    verifying: Arc<Semaphore>,
}

/// Room for one opened file, until it is dropped.
#[derive(Debug)]
pub(crate) struct Room(OwnedSemaphorePermit);

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            room: Arc::new(Semaphore::new(ROOM as usize)),
            storing: Semaphore::new(STORED_AT_ONCE),
            verifying: Arc::new(Semaphore::new(1)),
        }
    }

    /// Waits for the turn to write a file into the database.
    pub(crate) async fn storing(&self) -> Result<tokio::sync::SemaphorePermit<'_>, GateError> {
        self.storing.acquire().await.map_err(|_| GateError::Busy)
    }

    /// The turn to look through the whole audit log; `None` while somebody else has it.
    pub(crate) fn verifying(&self) -> Option<OwnedSemaphorePermit> {
        self.verifying.clone().try_acquire_owned().ok()
    }

    /// Room for a file of so many bytes, which somebody waits for.
    ///
    /// # Errors
    /// `Busy` where there is none for too long.
    pub(crate) async fn room(&self, bytes: u64) -> Result<Room, GateError> {
        let waited = tokio::time::timeout(PATIENCE, self.wait(bytes)).await;
        waited.map_err(|_| GateError::Busy)?
    }

    /// The same, however long it takes.
    pub(crate) async fn wait(&self, bytes: u64) -> Result<Room, GateError> {
        let room = self.room.clone().acquire_many_owned(needed(bytes)).await;
        room.map(Room).map_err(|_| GateError::Busy)
    }
}

impl Room {
    /// Gives half of it back: the bytes are gone, and their text is left.
    pub(crate) fn halve(&mut self) {
        drop(self.0.split(self.0.num_permits() / 2));
    }
}

/// Mebibytes for a file's bytes and the text that they are, as far as there is room at all: one that needs more is opened
/// alone.
fn needed(bytes: u64) -> u32 {
    let needed = (bytes * 2).div_ceil(1024 * 1024);
    u32::try_from(needed).unwrap_or(ROOM).clamp(2, ROOM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_so_much_is_opened_at_the_same_time() {
        let (desk, large) = (Desk::new(), 60 * 1024 * 1024);
        let mut first = desk.room(large).await.unwrap();
        let _second = desk.room(large).await.unwrap();
        assert!(
            tokio::time::timeout(Duration::from_millis(50), desk.wait(large))
                .await
                .is_err()
        );
        let _small = desk.room(1000).await.unwrap();
        first.halve();
        drop(first);
        assert!(desk.room(large).await.is_ok());
        assert_eq!(needed(u64::from(u32::MAX)), ROOM);
    }
}
