//! How much is done at the same time: what takes long, or much room, has so many places, and each person some of them.
//! Whoever finds none waits a little, and is then asked to come back.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Body;
use domain::{policy::Actor, values::ids::AccountId};
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Exports that are made at the same time.
const EXPORTS: usize = 4;

/// Streams of progress that one person may have open; a browser opens six connections to one site.
const STREAMS: usize = 6;

/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(3);

/// Seconds after which somebody who found no place is asked to come back.
pub const COME_BACK: u32 = 10;

/// How long the rest of a body is read that nobody needs.
const DISCARDED_FOR: Duration = Duration::from_secs(5);

/// Reads what is still to come of a body and throws it away, for a while: most clients that are still sending look for no
/// answer, and show a broken connection instead of what they are told.
pub async fn discard(body: Body) {
    let mut coming = body.into_data_stream();
    let all = async { while let Some(Ok(_)) = coming.next().await {} };
    // Whoever takes longer is hung up on.
    let _ = tokio::time::timeout(DISCARDED_FOR, all).await;
}

/// The places of one process.
#[derive(Clone)]
pub struct Busy {
    uploads: Arc<Semaphore>,
    uploads_of_one: Each,
    exports: Arc<Semaphore>,
    streams_of_one: Each,
}

/// A place for one file that is uploaded, until it is dropped.
pub struct UploadPlace {
    _of_all: OwnedSemaphorePermit,
    _of_one: OwnedSemaphorePermit,
}

impl Busy {
    /// Places for so many uploads; one person has at most half of them.
    #[must_use]
    pub fn new(uploads: usize) -> Self {
        Self {
            uploads: Arc::new(Semaphore::new(uploads.max(1))),
            uploads_of_one: Each::having(uploads.div_ceil(2).max(1)),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            streams_of_one: Each::having(STREAMS),
        }
    }

    /// A place for an upload; `None` if there is none for too long.
    pub async fn upload(&self, by: &Actor) -> Option<UploadPlace> {
        let waiting = async {
            let _of_one = self.uploads_of_one.places(by.account()).acquire_owned().await.ok()?;
            let _of_all = self.uploads.clone().acquire_owned().await.ok()?;
            Some(UploadPlace { _of_all, _of_one })
        };
        tokio::time::timeout(PATIENCE, waiting).await.ok().flatten()
    }

    /// A place for making an export; `None` if there is none for too long.
    pub async fn export(&self) -> Option<OwnedSemaphorePermit> {
        let waiting = self.exports.clone().acquire_owned();
        tokio::time::timeout(PATIENCE, waiting).await.ok()?.ok()
    }

    /// A place for a stream of progress; `None` if this person has as many as they may.
    #[must_use]
    pub fn stream(&self, of: &Actor) -> Option<OwnedSemaphorePermit> {
        self.streams_of_one.places(of.account()).try_acquire_owned().ok()
    }
}

/// Places that each person has for themselves.
#[derive(Clone)]
struct Each {
    taken: Arc<Mutex<HashMap<Option<AccountId>, Arc<Semaphore>>>>,
    most: usize,
}

impl Each {
    fn having(most: usize) -> Self {
        Self {
            taken: Arc::default(),
            most,
        }
    }

    fn places(&self, person: Option<AccountId>) -> Arc<Semaphore> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody else holds the places of somebody who has none taken and waits for none.
        taken.retain(|_, places| Arc::strong_count(places) > 1);
        let own = taken.entry(person);
        own.or_insert_with(|| Arc::new(Semaphore::new(self.most))).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_cannot_take_every_place_and_places_come_back() {
        let busy = Busy::new(4);
        let person =
            |number: u32| -> Option<AccountId> { format!("00000000-0000-0000-0000-{number:012}").parse().ok() };
        assert_ne!(person(1), person(2));
        let one = busy.uploads_of_one.places(person(1));
        let both = one.clone().try_acquire_many_owned(2).unwrap();
        assert!(one.try_acquire().is_err());
        assert!(busy.uploads_of_one.places(person(2)).try_acquire_owned().is_ok());
        drop((one, both));
        assert_eq!(busy.uploads_of_one.places(person(1)).available_permits(), 2);
        assert_eq!(
            busy.uploads_of_one.taken.lock().unwrap().len(),
            1,
            "nobody is remembered"
        );
    }
}
