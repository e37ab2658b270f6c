//! Hashing passwords: argon2id at OWASP's parameters (19 MiB, 2 passes), never on a thread that serves requests.
//!
//! Few are hashed at once, so that a flood of sign-ins leaves processors for everybody else; few wait for their turn, and
//! the rest is refused at once.

mod common;

use std::sync::LazyLock;

use argon2::{
    Argon2, Params,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::password::{self, Guesses, WeakPassword, normalised};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many may wait for their turn: at 25 ms each, the last of them waits for a few seconds.
const QUEUE: usize = 200;

/// Half of the processors, because the others serve pages; four at most, because each takes 19 MiB.
static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Pool::of((processors / 2).clamp(1, 4), QUEUE)
});

/// Compared against when there is no such account, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

/// Too many wait already, or there is no memory to hash with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be hashed")]
pub struct Busy;

/// So many hash at once, and so many may wait.
struct Pool {
    places: Semaphore,
    admitted: Semaphore,
}

/// A place in the queue.
pub(crate) struct Turn<'a> {
    pool: &'a Pool,
    _admitted: SemaphorePermit<'a>,
}

impl Pool {
    fn of(places: usize, queue: usize) -> Self {
        Self {
            places: Semaphore::new(places),
            admitted: Semaphore::new(places + queue),
        }
    }

    fn admit(&self) -> Result<Turn<'_>, Busy> {
        let admitted = self.admitted.try_acquire().map_err(|_| Busy)?;
        Ok(Turn {
            pool: self,
            _admitted: admitted,
        })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.places.acquire().await;
        tokio::task::spawn_blocking(work).await.ok()
    }

    async fn hash(&self, password: String) -> Result<String, Busy> {
        let hashed = self.run(move || hash(&password)).await.flatten();
        hashed.ok_or(Busy)
    }
}

/// A place in the queue, taken before anything is looked up.
///
/// # Errors
/// `Busy` where too many wait already.
pub(crate) fn admit() -> Result<Turn<'static>, Busy> {
    POOL.admit()
}

impl Turn<'_> {
    /// Whether a password is the hashed one. Without a hash it takes the same time and is not.
    pub(crate) async fn verify(&self, password: String, hashed: Option<String>) -> bool {
        let verified = self.pool.run(move || {
            let known = hashed.is_some();
            let hashed = hashed.unwrap_or_else(|| NOBODY.clone());
            known && is_same(&password, &hashed)
        });
        verified.await.unwrap_or(false)
    }

    /// Hashes a password with a salt of its own, in PHC's text form.
    ///
    /// # Errors
    /// `Busy` where there is no memory for it: a hash that fits nothing must not take the place of one that fits.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Busy> {
        self.pool.hash(password).await
    }
}

/// As [`Turn::hash`], however long the queue is: for what nobody waits for.
///
/// # Errors
/// As [`Turn::hash`].
pub async fn hash_password(password: String) -> Result<String, Busy> {
    POOL.hash(password).await
}

/// Whether a password is the hashed one. Without a hash it takes the same time and is not.
///
/// # Errors
/// `Busy` where too many wait already.
pub async fn verify_password(password: String, hashed: Option<String>) -> Result<bool, Busy> {
    Ok(admit()?.verify(password, hashed).await)
}

/// Checks a password wherever one is chosen or given: by the domain's rules, then by the list of common passwords. Takes
/// milliseconds, so it is not for threads that serve requests.
///
/// # Errors
/// The first rule that it breaks.
pub(crate) fn check(password: &str, guesses: &Guesses) -> Result<(), WeakPassword> {
    password::check(password, guesses)?;
    match common::is_common(&normalised(password)) {
        true => Err(WeakPassword::Common),
        false => Ok(()),
    }
}

/// Hashes made before passwords were normalised are of the text as it was typed then.
fn is_same(password: &str, hashed: &str) -> bool {
    let Ok(hashed) = PasswordHash::new(hashed) else {
        return false;
    };
    let fits = |password: &str| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok();
    let normal = normalised(password);
    fits(&normal) || (normal != password && fits(password))
}

/// Whether a hash was made with other parameters than today's.
pub(crate) fn is_outdated(hashed: &str) -> bool {
    let (memory, passes, lanes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
    !hashed.starts_with(&format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$"))
}

fn hash(password: &str) -> Option<String> {
    let hashed = Argon2::default().hash_password(normalised(password).as_bytes());
    hashed.ok().map(|hashed| hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hashed = hash_password("teapot-lantern-9".into()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!is_outdated(&hashed) && is_outdated(&hashed.replace("t=2", "t=1")));
        assert_eq!(
            verify_password("teapot-lantern-9".into(), Some(hashed.clone())).await,
            Ok(true)
        );
        assert_eq!(
            verify_password("teapot-lantern-8".into(), Some(hashed)).await,
            Ok(false)
        );
        assert_eq!(
            verify_password("nobody has this password".into(), None).await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn either_spelling_of_a_letter_is_the_same_password_also_of_older_hashes() {
        let (one, two) = ("caf\u{E9} teapot 9", "cafe\u{301} teapot 9");
        let as_typed = Argon2::default().hash_password(two.as_bytes()).unwrap().to_string();
        for hashed in [
            hash_password(one.into()).await.unwrap(),
            hash_password(two.into()).await.unwrap(),
            as_typed,
        ] {
            assert_eq!(verify_password(two.into(), Some(hashed.clone())).await, Ok(true));
        }
        let hashed = hash_password(two.into()).await.unwrap();
        assert_eq!(verify_password(one.into(), Some(hashed.clone())).await, Ok(true));
        assert_eq!(verify_password("cafe teapot 9".into(), Some(hashed)).await, Ok(false));
    }

    #[tokio::test]
    async fn spaces_at_the_ends_of_a_password_count() {
        let hashed = hash_password(" teapot lantern ".into()).await.unwrap();
        assert_eq!(
            verify_password("teapot lantern".into(), Some(hashed.clone())).await,
            Ok(false)
        );
        assert_eq!(verify_password(" teapot lantern ".into(), Some(hashed)).await, Ok(true));
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_refused_at_once_and_let_in_when_it_is_not() {
        let pool = Pool::of(1, 2);
        let mut turns: Vec<_> = (0..3).map(|_| pool.admit().map_err(drop).unwrap()).collect();
        assert!(matches!(pool.admit(), Err(Busy)));
        turns.pop();
        assert!(pool.admit().is_ok());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_more_are_hashed_at_once_than_there_are_places() {
        use std::sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::SeqCst},
        };

        let pool = Pool::of(2, 8);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |_| {
            let (now, most) = (now.clone(), most.clone());
            pool.run(move || {
                most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(20));
                now.fetch_sub(1, SeqCst);
            })
        };
        let (a, b, c, d) = tokio::join!(work(1), work(2), work(3), work(4));
        assert!([a, b, c, d].iter().all(Option::is_some));
        assert_eq!(most.load(SeqCst), 2);
    }
}
