//! The folders of all customers, looked into again and again: each customer's by tasks of its own, so that none waits for
//! another. Any number of processes may look into them.

use std::{
    collections::{HashMap, hash_map::Entry},
    fs,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use domain::customer::CustomerNumber;
use futures::{FutureExt, StreamExt, future::BoxFuture, stream};
use gate::{ChangeCustomer, Gate};
use tokio::{
    sync::{
        Semaphore,
        watch::{Receiver, channel},
    },
    task::JoinHandle,
};

use super::{
    looked::Look,
    troubles::Troubles,
    watched::{Lane, Watched},
};
use crate::operate::{
    config::{ChangeFileSettings, Config},
    observe,
};

/// The most that one look of the command does at the same time.
const SIDE_BY_SIDE: usize = 8;

/// So many of the largest files are held in memory at the same time until the gate has them.
const LARGEST_AT_ONCE: usize = 8;

/// How soon it is looked again while something is going on.
const SOON: Duration = Duration::from_millis(20);

/// The longest pause after the database failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The customers, as they were last read.
type Known = Arc<HashMap<CustomerNumber, ChangeCustomer>>;

/// The folders of all customers.
pub struct Watching {
    settings: ChangeFileSettings,
    lanes: HashMap<(CustomerNumber, Lane), Watched>,
    room: Arc<Semaphore>,
    troubles: Arc<Troubles>,
}

impl Watching {
    /// The folders that are set; `None` if none are.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(settings) = config.change_files() else {
            return Ok(None);
        };
        fs::read_dir(&settings.folder).with_context(|| {
            format!(
                "PORTAL_CHANGE_FILES_FOLDER={} cannot be used; make the folder, and let the portal read and write it",
                settings.folder.display()
            )
        })?;
        // A file takes up a MiB more than it has, so that none takes up nothing.
        let room = LARGEST_AT_ONCE * (settings.file_mib as usize + 1);
        Ok(Some(Self {
            settings,
            lanes: HashMap::new(),
            room: Arc::new(Semaphore::new(room)),
            troubles: Arc::default(),
        }))
    }

    /// Looks into all folders once.
    ///
    /// # Errors
    /// When the database does not say whose they are. What fails for one customer is in the answer, and logged when it begins.
    pub async fn look(&mut self, gate: &Gate) -> anyhow::Result<Look> {
        let known = read(gate).await?;
        self.lanes.retain(|(number, _), _| known.contains_key(number));
        for number in known.keys() {
            for lane in Lane::ALL {
                let new = || Watched::new(*number, lane, &self.settings, Arc::clone(&self.room));
                self.lanes.entry((*number, lane)).or_insert_with(new);
            }
        }
        let mut looks: Vec<BoxFuture<'_, Look>> = Vec::new();
        for ((number, lane), watched) in &mut self.lanes {
            if let Some(known) = known.get(number) {
                looks.push(look(watched, gate, (known, *lane), &self.troubles).boxed());
            }
        }
        let looked: Vec<_> = stream::iter(looks).buffer_unordered(SIDE_BY_SIDE).collect().await;
        let mut all = Look::default();
        for look in looked {
            all.add(look);
        }
        Ok(all)
    }

    /// Begins to look, as long as the process lives.
    pub(crate) fn start(self, gate: &Gate) {
        tokio::spawn(watch(self, gate.clone()));
    }

    /// How long files stand still before they are taken, and how often it is looked.
    pub(crate) const fn settings(&self) -> &ChangeFileSettings {
        &self.settings
    }
}

/// The customers, by their numbers.
async fn read(gate: &Gate) -> anyhow::Result<Known> {
    let known = gate.change_customers().await?;
    Ok(Arc::new(
        known.into_iter().map(|known| (known.customer.number, known)).collect(),
    ))
}

/// Looks into one of a customer's folders once, and logs what is new about it.
async fn look(watched: &mut Watched, gate: &Gate, (known, lane): (&ChangeCustomer, Lane), troubles: &Troubles) -> Look {
    let look = watched.look(gate, known).await;
    troubles.note(known.customer.number, lane, &look);
    look
}

/// Sees to it that each customer's folders are looked into, ever more rarely while the database fails.
async fn watch(watching: Watching, gate: Gate) {
    let every = watching.settings.every;
    tracing::info!(folder = %watching.settings.folder.display(), "change files are taken");
    let (tell, told) = channel(Known::default());
    let mut tasks = HashMap::new();
    let mut pause = every;
    loop {
        pause = match read(&gate).await {
            Ok(known) => {
                tell.send_replace(Arc::clone(&known));
                for number in known.keys() {
                    for lane in Lane::ALL {
                        begin(&mut tasks, (*number, lane), || {
                            let watched = Watched::new(*number, lane, &watching.settings, Arc::clone(&watching.room));
                            let troubles = Arc::clone(&watching.troubles);
                            watch_lane(watched, (*number, lane), gate.clone(), told.clone(), troubles, every)
                        });
                    }
                }
                every
            }
            Err(error) => {
                let pause = pause.max(every).saturating_mul(2).min(LONGEST_PAUSE.max(every));
                observe::tell_change_files_taken(false);
                tracing::error!(
                    error = format!("{error:#}"),
                    seconds = pause.as_secs(),
                    "change files cannot be taken; none is lost, and they are tried again after a pause"
                );
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Begins a task unless it goes on; one that has ended, because there was no such customer or by a fault of the portal's, is
/// begun anew.
fn begin<K: Eq + std::hash::Hash, F: Future<Output = ()> + Send + 'static>(
    tasks: &mut HashMap<K, JoinHandle<()>>,
    key: K,
    task: impl FnOnce() -> F,
) {
    match tasks.entry(key) {
        Entry::Occupied(going_on) if !going_on.get().is_finished() => {}
        Entry::Occupied(mut ended) => {
            ended.insert(tokio::spawn(task()));
        }
        Entry::Vacant(new) => {
            new.insert(tokio::spawn(task()));
        }
    }
}

/// Looks into one of a customer's folders again and again, as long as there is such a customer: soon while files are going
/// through.
async fn watch_lane(
    mut watched: Watched,
    (customer, lane): (CustomerNumber, Lane),
    gate: Gate,
    told: Receiver<Known>,
    troubles: Arc<Troubles>,
    every: Duration,
) {
    let mut pause = every;
    loop {
        let known = Arc::clone(&told.borrow());
        let Some(known) = known.get(&customer) else {
            return troubles.forget(customer, lane);
        };
        let look = look(&mut watched, &gate, (known, lane), &troubles).await;
        pause = if look.has_moved {
            SOON
        } else if look.working > 0 {
            pause.saturating_mul(2).clamp(SOON, every)
        } else {
            every
        };
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn a_task_that_hangs_holds_up_no_other_and_one_that_ended_is_begun_anew() {
        let (mut tasks, begun) = (HashMap::new(), Arc::new(AtomicU32::new(0)));
        for rounds in 1..=3 {
            begin(&mut tasks, "hangs", || {
                begun.fetch_add(100, Ordering::SeqCst);
                pending()
            });
            begin(&mut tasks, "ends", || {
                begun.fetch_add(1, Ordering::SeqCst);
                std::future::ready(())
            });
            while !tasks["ends"].is_finished() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert_eq!(begun.load(Ordering::SeqCst), 100 + rounds);
        }
        assert!(!tasks["hangs"].is_finished());
    }
}
