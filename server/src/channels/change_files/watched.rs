//! One customer's folders: files that are complete are taken, one after the other, and those that are at their end are
//! reported.

mod reporting;
mod taking;

use std::{
    collections::HashSet,
    io,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context;
use domain::customer::CustomerNumber;
use gate::{ChangeCustomer, ChangeFileStage, Gate, TakenFile, ToReport};
use tokio::sync::Semaphore;

use super::{
    aside,
    aside::Finished,
    folders::{Folders, Lock, Part, told},
    found::{self, Entry},
    looked::{File, Look, Outcome},
    queue::turns,
    settling::Settling,
    sweeping::sweep,
    writing::tidy,
};
use crate::operate::config::ChangeFileSettings;

/// The most files that are refused at one look.
const REFUSED_AT_ONCE: usize = 200;

/// The most files of a customer that are rehearsed at the same time.
const CHECKED_AT_ONCE: usize = 20;

/// How often what was left behind or is old is removed.
const TIDIED_EVERY: Duration = Duration::from_secs(3_600);

/// One of the two things that are done for a customer. Neither waits for the other: a file with very many passwords may take
/// long, and rehearsals are answered meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    /// Files are processed.
    Processing,
    /// Files are rehearsed, and what is no change file by its name is reported.
    Rehearsing,
}

impl Lane {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Processing, Self::Rehearsing];

    /// Where its files are dropped.
    const fn part(self) -> Part {
        match self {
            Self::Processing => Part::In,
            Self::Rehearsing => Part::Check,
        }
    }

    /// Which of the two reports a file: one does, wherever it lies.
    fn of(file: &ToReport) -> Self {
        match file.rehearsal || file.number.is_none() {
            true => Self::Rehearsing,
            false => Self::Processing,
        }
    }
}

/// One customer's folders.
pub(super) struct Watched {
    customer: CustomerNumber,
    lane: Lane,
    folders: Folders,
    settings: ChangeFileSettings,
    /// What all customers' files together may take up in memory, in MiB.
    room: Arc<Semaphore>,
    dropped: Settling,
    /// The files that wait for a person and are reported to do so.
    waiting: HashSet<String>,
    /// The files that are worked on and put away.
    away: HashSet<String>,
    tidied: Option<Instant>,
}

/// A moment by both clocks.
type Now = (Instant, SystemTime);

impl Watched {
    /// A customer's folders below those that are set.
    pub(super) fn new(
        customer: CustomerNumber,
        lane: Lane,
        settings: &ChangeFileSettings,
        room: Arc<Semaphore>,
    ) -> Self {
        Self {
            customer,
            lane,
            folders: Folders::of(&settings.folder, customer),
            settings: settings.clone(),
            room,
            dropped: Settling::default(),
            waiting: HashSet::new(),
            away: HashSet::new(),
            tidied: None,
        }
    }

    /// Looks into them: reports what is at its end, and takes the next file, or those that are to be rehearsed. When a folder
    /// cannot be used or the database fails, that is in the answer, and what was not done is done at the next look.
    pub(super) async fn look(&mut self, gate: &Gate, known: &ChangeCustomer) -> Look {
        let mut look = Look::default();
        if let Err(error) = self.do_all(gate, known, &mut look).await {
            look.troubled.push((self.customer, format!("{error:#}")));
        }
        look
    }

    async fn do_all(&mut self, gate: &Gate, known: &ChangeCustomer, look: &mut Look) -> anyhow::Result<()> {
        // Another process does it if there is none.
        let Some(_lock) = self.prepare(known.customer.change_files).await? else {
            return Ok(());
        };
        let in_hand = self.report_all(gate, look).await?;
        self.list().await?;
        match self.lane {
            Lane::Processing => self.take(gate, known, &in_hand, look).await,
            Lane::Rehearsing => self.rehearse(gate, known, &in_hand, look).await,
        }
    }

    /// Makes the folders of a customer who uses change files, and locks them; `None` if there are none, or they are another
    /// process's at the moment.
    async fn prepare(&mut self, are_used: bool) -> io::Result<Option<Lock>> {
        let (folders, part, kept) = (self.folders.clone(), self.lane.part(), self.settings.kept);
        let is_tidied = self.tidied.is_some_and(|tidied| tidied.elapsed() < TIDIED_EVERY);
        let tidies = self.lane == Lane::Processing && !is_tidied;
        let lock = blocking(move || {
            if !are_used && !folders.are_there() {
                return Ok(None);
            }
            folders.make()?;
            let lock = folders.lock(part)?;
            // What cannot be removed is in nobody's way.
            if lock.is_some()
                && tidies
                && let Err(error) = tidy_all(&folders, kept, SystemTime::now())
            {
                tracing::warn!(%error, "what is old in a customer's folders for change files cannot be removed");
            }
            Ok(lock)
        });
        let lock = lock.await?;
        if lock.is_some() && tidies {
            self.tidied = Some(Instant::now());
        }
        Ok(lock)
    }

    /// Looks into the folder where files are dropped, when it is time.
    async fn list(&mut self) -> anyhow::Result<()> {
        if self.dropped.is_due(Instant::now(), self.settings.every) {
            let folder = self.folders.part(self.lane.part());
            let listed = blocking(move || {
                let listed = found::list(&folder);
                listed.map_err(|error| told(&folder, &error, error.kind()))
            });
            let listed = listed.await.context("a folder cannot be read")?;
            self.dropped.look(listed, Instant::now());
        }
        Ok(())
    }

    /// Has files rehearsed: at once, and beside those that are processed.
    async fn rehearse(
        &self,
        gate: &Gate,
        known: &ChangeCustomer,
        in_hand: &[ToReport],
        look: &mut Look,
    ) -> anyhow::Result<()> {
        let now = (Instant::now(), SystemTime::now());
        let mut running = in_hand.iter().filter(|file| file.rehearsal).count();
        let found: Vec<_> = new(&self.dropped, in_hand, true).collect();
        for entry in found {
            if running >= CHECKED_AT_ONCE {
                break;
            }
            let taken = match &entry.says {
                Ok(name) => self.take_if_complete(gate, known, (entry, name), now, look).await?,
                Err(why) => self.refuse(gate, entry, why, now).await?,
            };
            match taken {
                Some(_) => running += 1,
                None => look.unfinished.push(self.named(&entry.shown)),
            }
            look.has_moved |= taken.is_some();
        }
        Ok(())
    }

    /// Takes the next file that is to be processed. Whatever comes of it is seen at the next look, before another is taken.
    async fn take(
        &mut self,
        gate: &Gate,
        known: &ChangeCustomer,
        in_hand: &[ToReport],
        look: &mut Look,
    ) -> anyhow::Result<()> {
        let now = (Instant::now(), SystemTime::now());
        let found: Vec<_> = new(&self.dropped, in_hand, false).collect();
        let refused = found
            .iter()
            .filter_map(|entry| Some((*entry, entry.says.as_ref().err()?)));
        let refused: Vec<_> = refused.take(REFUSED_AT_ONCE).collect();
        for (entry, why) in refused {
            match self.refuse(gate, entry, why, now).await? {
                Some(_) => look.has_moved = true,
                None => look.unfinished.push(self.named(&entry.shown)),
            }
        }
        let is_worked_on = |file: &ToReport| !file.rehearsal && file.stage == ChangeFileStage::Working;
        if in_hand.iter().any(is_worked_on) {
            return Ok(());
        }
        let mut again = None;
        for (entry, name) in turns(found.into_iter()) {
            if gate.waits_for_a_person(self.customer, &name.source).await? {
                look.waiting.push(self.named(&entry.shown));
                continue;
            }
            match self.take_if_complete(gate, known, (entry, name), now, look).await? {
                None => look.unfinished.push(self.named(&entry.shown)),
                Some((TakenFile::NotYet, _)) => {}
                Some((TakenFile::Again(id), sha256)) => {
                    again = Some((id, sha256, entry.shown.clone(), entry.stamp.changed_at()));
                    break;
                }
                Some((TakenFile::Begun(_), _)) => {
                    look.working += 1;
                    look.has_moved = true;
                    break;
                }
                Some((TakenFile::Failed(_) | TakenFile::Refused(_), _)) => {
                    look.has_moved = true;
                    break;
                }
            }
        }
        if let Some((id, sha256, file_name, since)) = again {
            let report = gate.change_file_report_again(&id).await?;
            let finished = Finished {
                file_name,
                sha256,
                lies_in: &[Part::In],
                rehearsal: false,
                since: Some(since),
            };
            look.ended.push(self.finish(finished, report, Outcome::Again).await?);
            look.has_moved = true;
        }
        Ok(())
    }

    fn named(&self, name: &str) -> File {
        File {
            customer: self.customer,
            name: name.to_owned(),
        }
    }
}

/// Removes what processes have left behind in a customer's folders, and what is old.
fn tidy_all(folders: &Folders, kept: Duration, now: SystemTime) -> io::Result<()> {
    aside::tidy(folders, now)?;
    tidy(&folders.part(Part::Reports), now)?;
    tidy(&folders.part(Part::Refused), now)?;
    sweep(folders, kept, now)
}

/// What was seen in a folder and is not in hand.
fn new<'a>(settling: &'a Settling, in_hand: &'a [ToReport], is_check: bool) -> impl Iterator<Item = &'a Entry> {
    let is_new = move |entry: &&Entry| {
        let is_it =
            |file: &ToReport| file.file_name == entry.shown && (file.rehearsal == is_check || file.failed.is_some());
        !in_hand.iter().any(is_it)
    };
    settling.entries().iter().filter(is_new)
}

/// Does what waits for a disk where it holds nothing else up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
