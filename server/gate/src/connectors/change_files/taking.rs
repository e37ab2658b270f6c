//! A change file is taken: its place in the sequence, its rows, its passwords. All of it is kept in one transaction, or
//! nothing.

use domain::{
    change_file::{FileFault, FileName, Sequence},
    channel::Channel,
    customer::CustomerNumber,
    organisation::Organisation,
    submission::State,
    values::ids::SubmissionId,
};
use formats::change_file::{Limits, read};
use sha2::{Digest, Sha256};
use store::{
    ConnectionTrait, StoreError, Transaction,
    access::{
        change_files::{
            files::{self, FileState, NewFile},
            sources::{self, Source},
        },
        uses,
    },
    jobs::{self, Task},
};

use super::{
    ArrivedChangeFile, TakenFile,
    hashing::{self, Passwords},
    submission_of, telling, with_organisation,
};
use crate::{
    Content, Gate, GateError, Noted, Visit, keep,
    submissions::claims::{aside, commit},
};

/// How often a file is tried to be kept while other changes come first.
const TRIES: usize = 5;

/// What a file that is not processed counts as among a connector's requests.
const UNPROCESSABLE: u16 = 422;

impl Visit<'_> {
    /// Takes a file of a customer for which the actor sends: it is kept, checked and applied; or it fails, or is refused, and
    /// has a report that says why. The same file once more is not processed again.
    ///
    /// # Errors
    /// `NotFound` where there is no such customer; `Busy` where there is no memory to hash its passwords; when the database
    /// fails. Nothing is kept then, and it is to be handed in again.
    pub async fn take_change_file(&self, arrived: ArrivedChangeFile) -> Result<TakenFile, GateError> {
        let (coming, bytes) = Coming::of(arrived).await?;
        let (taken, why) = self.gate.take(Some(self), &coming, Arrival::Unread(bytes)).await?;
        if let Some(sender) = self.actor.account() {
            match (&taken, why) {
                (TakenFile::NotYet, _) => {}
                (_, Some(why)) => {
                    let noted = Noted::Refused {
                        status: UNPROCESSABLE,
                        sentence: why.sentence(),
                        hint: String::new(),
                        example: String::new(),
                    };
                    self.gate.note_request(sender, noted).await;
                }
                (TakenFile::Again(_), None) => self.gate.note_request(sender, Noted::Read).await,
                (_, None) => self.gate.note_request(sender, Noted::Changed).await,
            }
        }
        Ok(taken)
    }
}

impl Gate {
    /// Takes a file that nobody may send at this moment: it fails, and its number counts.
    ///
    /// # Errors
    /// As [`Visit::take_change_file`].
    pub async fn fail_change_file(&self, arrived: ArrivedChangeFile, why: FileFault) -> Result<TakenFile, GateError> {
        let (coming, _) = Coming::of(arrived).await?;
        let (taken, _) = self.take(None, &coming, Arrival::Read(Err(why))).await?;
        Ok(taken)
    }

    /// Keeps that something in a customer's folder, perhaps to be rehearsed, is no change file at all. Said twice, it is kept
    /// once, as long as its report was not written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refuse_change_file(
        &self,
        customer: CustomerNumber,
        (file_name, rehearsal): (&str, bool),
        sha256: &str,
        why: FileFault,
    ) -> Result<String, GateError> {
        let tx = self.store.begin().await?;
        sources::hold(&tx, customer).await?;
        if let Some(known) = files::refused_alike(&tx, customer, file_name, sha256).await? {
            return Ok(known.id);
        }
        let new = NewFile {
            customer,
            source: String::new(),
            number: None,
            file_name: file_name.to_owned(),
            sha256: sha256.to_owned(),
            size: 0,
            received_at: self.now(),
            rehearsal,
            state: FileState::Refused,
            why: Some(why),
            submission: None,
        };
        let id = files::insert(&tx, new).await?;
        commit(tx).await?;
        Ok(id)
    }

    /// Whether a file of a source waits for a person: those behind it wait with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waits_for_a_person(&self, customer: CustomerNumber, source: &str) -> Result<bool, GateError> {
        let db = self.store.reader();
        for file in files::unfinished(db, customer, Some(source)).await? {
            if let Some(id) = &file.submission
                && let Some(submission) = submission_of(db, id).await?
                && submission.is_held()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes a file; with why it was not processed, where it was not.
    async fn take(
        &self,
        visit: Option<&Visit<'_>>,
        coming: &Coming,
        mut arrival: Arrival,
    ) -> Result<(TakenFile, Option<FileFault>), GateError> {
        let mut tries = 0;
        loop {
            // A file that does not come to its turn is not read: its passwords would be hashed again and again.
            let has_turn = matches!(self.place(self.store.reader(), coming).await?, Place::Free { .. });
            if has_turn && let Arrival::Unread(bytes) = &mut arrival {
                arrival = Arrival::Read(self.read(visit, coming, std::mem::take(bytes)).await?);
            }
            let turn = self.desk.storing().await?;
            let taken = self.take_once(visit, coming, &mut arrival).await;
            drop(turn);
            tries += 1;
            match taken {
                Ok(Some(taken)) => {
                    self.bell.notify_one();
                    return Ok(taken);
                }
                // It came to its turn a moment ago.
                Ok(None) => {}
                Err(GateError::Trouble(StoreError::Conflict)) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where a file comes in the sequence of its source, and whether it is its turn.
    async fn place(&self, db: &impl ConnectionTrait, coming: &Coming) -> Result<Place, GateError> {
        let Coming { customer, name, .. } = coming;
        if name.customer != *customer {
            return Ok(Place::Refused(FileFault::CustomerForeign {
                named: name.customer,
                folder: *customer,
            }));
        }
        if coming.rehearsal {
            return Ok(Place::Free {
                last: None,
                repeated: false,
            });
        }
        for file in files::unfinished(db, *customer, None).await? {
            let submission = match &file.submission {
                Some(id) => submission_of(db, id).await?,
                None => None,
            };
            let state = submission.map(|submission| submission.state);
            let is_in_the_way = match state {
                // Files of other sources go past one that waits for a person.
                Some(State::Planned) => file.source == name.source,
                Some(State::Received | State::Applying) => true,
                _ => false,
            };
            if is_in_the_way {
                return Ok(Place::NotYet);
            }
        }
        let last = sources::last(db, *customer, &name.source).await?;
        match name.follows(last.as_ref().map(|last| last.number)) {
            Err(why) => Ok(Place::Refused(why)),
            Ok(Sequence::Next) => Ok(Place::Free { last, repeated: false }),
            Ok(Sequence::Again) => {
                let same = files::same(db, *customer, &name.source, name.number, &coming.sha256).await?;
                let was_not_let_in = match &same {
                    Some(same) => self.was_not_let_in(db, same).await?,
                    None => false,
                };
                Ok(match same {
                    Some(_) if was_not_let_in => Place::Free { last, repeated: false },
                    Some(same) => Place::Again(same.id),
                    None => Place::Free { last, repeated: true },
                })
            }
        }
    }

    /// Reads a file that its sender may send, and hashes its passwords.
    async fn read(&self, visit: Option<&Visit<'_>>, coming: &Coming, bytes: Vec<u8>) -> Result<Read, GateError> {
        let db = self.store.reader();
        let (customer, home) = with_organisation(db, coming.customer).await?;
        if let Some(why) = self.may_not_send(db, visit, &customer, &home).await? {
            return Ok(Err(why));
        }
        let room = self.desk.wait(bytes.len() as u64).await?;
        let (number, limits) = (customer.number, self.change_file_limits());
        let file = match aside(move || read(&bytes, number, &limits)).await? {
            Ok(file) => file,
            Err(why) => return Ok(Err(why)),
        };
        let passwords = match coming.rehearsal {
            true => Passwords::LookAt,
            false => Passwords::Hash,
        };
        Ok(Ok(hashing::kept(file, home, passwords, room).await?))
    }

    /// How much a change file may hold.
    fn change_file_limits(&self) -> Limits {
        Limits {
            mib: self.rules.change_file_mib,
            rows: self.formats.limits().rows,
        }
    }

    /// Keeps a file in one transaction. `None` if it must be read first.
    async fn take_once(
        &self,
        visit: Option<&Visit<'_>>,
        coming: &Coming,
        arrival: &mut Arrival,
    ) -> Result<Option<(TakenFile, Option<FileFault>)>, GateError> {
        let tx = self.store.begin().await?;
        sources::hold(&tx, coming.customer).await?;
        let (last, repeated) = match self.place(&tx, coming).await? {
            Place::NotYet => return Ok(Some((TakenFile::NotYet, None))),
            Place::Again(id) => return Ok(Some((TakenFile::Again(id), None))),
            Place::Refused(why) => {
                let id = self.refuse(&tx, coming, &why).await?;
                commit(tx).await?;
                return Ok(Some((TakenFile::Refused(id), Some(why))));
            }
            Place::Free { last, repeated } => (last, repeated),
        };
        let Arrival::Read(read) = arrival else { return Ok(None) };
        if !coming.rehearsal {
            sources::advance(&tx, last.as_ref(), &coming.as_last(self)).await?;
        }
        let (customer, home) = with_organisation(&tx, coming.customer).await?;
        let kept = match (visit, read) {
            (_, Err(why)) => Err(why.clone()),
            (visit, Ok(kept)) => match self.may_not_send(&tx, visit, &customer, &home).await? {
                Some(why) => Err(why),
                None => Ok(kept),
            },
        };
        let taken = match (visit, kept) {
            (Some(visit), Ok(kept)) => {
                let submission = visit.keep_change_file(&tx, coming, kept, &home).await?;
                let notice = repeated.then_some(FileFault::SeqRepeated {
                    number: coming.name.number,
                });
                let new = NewFile {
                    why: notice,
                    submission: Some(submission),
                    ..coming.as_file(self, FileState::Taken)
                };
                (TakenFile::Begun(files::insert(&tx, new).await?), None)
            }
            (_, Err(why)) => {
                if !coming.rehearsal && self.stops(&tx, last.as_ref(), &why).await? {
                    return Ok(Some((TakenFile::NotYet, None)));
                }
                let is_told = telling::was_told(self, &tx, &customer, &why).await?;
                let new = NewFile {
                    why: Some(why.clone()),
                    ..coming.as_file(self, FileState::Failed)
                };
                let id = files::insert(&tx, new).await?;
                if !is_told {
                    telling::tell_failed(self, &tx, &customer, (&coming.file_name, coming.rehearsal), &why).await?;
                }
                (TakenFile::Failed(id), Some(why))
            }
            (None, Ok(_)) => return Err(GateError::Denied),
        };
        commit(tx).await?;
        Ok(Some(taken))
    }

    /// Keeps that a file may not come; once, however often it is handed in before its report is written.
    async fn refuse(&self, tx: &Transaction, coming: &Coming, why: &FileFault) -> Result<String, GateError> {
        let Coming {
            customer, file_name, ..
        } = coming;
        if let Some(known) = files::refused_alike(tx, *customer, file_name, &coming.sha256).await? {
            return Ok(known.id);
        }
        let new = NewFile {
            why: Some(why.clone()),
            ..coming.as_file(self, FileState::Refused)
        };
        Ok(files::insert(tx, new).await?)
    }
}

impl Visit<'_> {
    /// Keeps the rows of a file as a submission to check.
    async fn keep_change_file(
        &self,
        tx: &Transaction,
        coming: &Coming,
        kept: &mut Content,
        home: &Organisation,
    ) -> Result<SubmissionId, GateError> {
        let gate = self.gate;
        let mut new = self.received(Channel::ChangeFile, &coming.file_name, kept);
        // Of the file as it came, whatever is kept of it.
        new.file_size = coming.size;
        new.file_sha256.clone_from(&coming.sha256);
        new.rehearsal = coming.rehearsal;
        // Another try may have read it to its end.
        kept.rewind().await?;
        keep(tx, &new, kept, std::slice::from_ref(&home.path)).await?;
        jobs::enqueue(tx, Task::Check, &new.id, gate.now()).await?;
        if let Some(sender) = self.actor.account() {
            // Nobody is inactive who sends files.
            uses::note(tx, &[(sender, gate.now())]).await?;
        }
        Ok(new.id)
    }
}

/// What came of reading a file: what is kept of it, or why nothing is.
type Read = Result<Content, FileFault>;

/// A file on its way.
enum Arrival {
    /// It is read once it comes to its turn.
    Unread(Vec<u8>),
    /// It was read.
    Read(Read),
}

/// A file that arrived, with what it is recognised by.
struct Coming {
    customer: CustomerNumber,
    name: FileName,
    file_name: String,
    size: u64,
    rehearsal: bool,
    sha256: String,
}

/// Where a file comes.
enum Place {
    /// It is its turn.
    Free {
        /// The last file of its source.
        last: Option<Source>,
        /// Whether the last one had the same number, and was another file.
        repeated: bool,
    },
    /// It is the same as an earlier one.
    Again(String),
    /// It may not come at all.
    Refused(FileFault),
    /// Another must be finished first.
    NotYet,
}

impl Coming {
    /// What a file is recognised by, and its bytes.
    async fn of(arrived: ArrivedChangeFile) -> Result<(Self, Vec<u8>), GateError> {
        let ArrivedChangeFile {
            customer,
            name,
            file_name,
            bytes,
            rehearsal,
        } = arrived;
        let (bytes, digest) = aside(move || {
            let digest = Sha256::digest(&bytes);
            (bytes, digest)
        })
        .await?;
        let coming = Self {
            customer,
            name,
            file_name,
            size: bytes.len() as u64,
            rehearsal,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Ok((coming, bytes))
    }

    fn as_last(&self, gate: &Gate) -> Source {
        Source {
            customer: self.customer,
            source: self.name.source.clone(),
            number: self.name.number,
            sha256: self.sha256.clone(),
            at: gate.now(),
        }
    }

    fn as_file(&self, gate: &Gate, state: FileState) -> NewFile {
        NewFile {
            customer: self.customer,
            source: self.name.source.clone(),
            number: Some(self.name.number),
            file_name: self.file_name.clone(),
            sha256: self.sha256.clone(),
            size: self.size,
            received_at: gate.now(),
            rehearsal: self.rehearsal,
            state,
            why: None,
            submission: None,
        }
    }
}
