//! Taking a customer's file: it is read once it is complete, and handed to the gate.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use domain::{
    change_file::{FileFault, FileName},
    dictionary::Attribute,
};
use gate::{ArrivedChangeFile, ChangeCustomer, Gate, TakenFile};
use tokio::sync::OwnedSemaphorePermit;

use super::{Lane, Now, Watched, blocking};
use crate::{
    channels::change_files::{
        content::{self, Bytes, Content, Ending},
        found::Entry,
        looked::Look,
    },
    sign_in,
};

/// Whether a file can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readiness {
    Complete,
    NotYet,
    /// Its owner lets nobody else read it: that may be mended yet.
    Forbidden,
}

impl Readiness {
    /// Of a file that stands still.
    const fn of(ending: Ending, has_waited: bool, goes_on_no_more: bool) -> Self {
        match ending {
            // Of an empty file no line is cut off. It would hold up those behind it.
            Ending::Line | Ending::Nowhere => Self::Complete,
            Ending::WithinALine if goes_on_no_more => Self::Complete,
            Ending::WithinALine => Self::NotYet,
            Ending::Forbidden if has_waited => Self::Complete,
            Ending::Forbidden => Self::Forbidden,
        }
    }
}

impl Watched {
    /// Refuses a file that cannot be one of ours, once it stands still; `None` if it does not yet.
    pub(super) async fn refuse(
        &self,
        gate: &Gate,
        entry: &Entry,
        why: &FileFault,
        now: Now,
    ) -> anyhow::Result<Option<(TakenFile, String)>> {
        if !self.dropped.stands_still(entry, now.0, self.settings.settle) {
            return Ok(None);
        }
        let Some(content) = self.read(entry).await? else {
            return Ok(None);
        };
        self.refuse_read(gate, entry, content.sha256, why.clone())
            .await
            .map(Some)
    }

    /// Refuses a file that was read, as far as it can be.
    async fn refuse_read(
        &self,
        gate: &Gate,
        entry: &Entry,
        sha256: String,
        why: FileFault,
    ) -> anyhow::Result<(TakenFile, String)> {
        let id = gate
            .refuse_change_file(
                self.customer,
                (entry.shown.as_str(), self.lane == Lane::Rehearsing),
                &sha256,
                why,
            )
            .await?;
        Ok((TakenFile::Refused(id), sha256))
    }

    /// Hands a file to the gate, as its customer's connector; `None` if it is not complete.
    pub(super) async fn take_if_complete(
        &self,
        gate: &Gate,
        known: &ChangeCustomer,
        (entry, name): (&Entry, &FileName),
        now: Now,
        look: &mut Look,
    ) -> anyhow::Result<Option<(TakenFile, String)>> {
        match self.readiness(entry, now).await? {
            Readiness::Complete => {}
            Readiness::NotYet => return Ok(None),
            Readiness::Forbidden => {
                let why = format!(
                    "{} cannot be read by the portal; give it the mode 644",
                    self.path(entry).display()
                );
                look.troubled.push((self.customer, why));
                return Ok(None);
            }
        }
        // Where there is no room, others are being taken: it comes to its turn after them.
        let Some(_room) = self.room_for(entry) else {
            return Ok(None);
        };
        let Some(content) = self.read(entry).await? else {
            return Ok(None);
        };
        let customer = self.customer;
        let (bytes, sha256) = match (content.bytes, content.sha256) {
            (Bytes::Whole(bytes), sha256) if bytes.is_empty() => {
                let refused = self.refuse_read(gate, entry, sha256, FileFault::ZeroBytes);
                return refused.await.map(Some);
            }
            (Bytes::Whole(bytes), sha256) => (bytes, sha256),
            (Bytes::TooLarge, sha256) => {
                let limit_mib = self.settings.file_mib;
                let refused = self.refuse_read(gate, entry, sha256, FileFault::TooLarge { limit_mib });
                return refused.await.map(Some);
            }
            (Bytes::Forbidden, sha256) => {
                let refused = self.refuse_read(gate, entry, sha256, FileFault::Unreadable);
                return refused.await.map(Some);
            }
            (Bytes::NotAFile, sha256) => {
                let refused = self.refuse_read(gate, entry, sha256, FileFault::NotAFile);
                return refused.await.map(Some);
            }
        };
        let arrived = ArrivedChangeFile {
            customer,
            name: name.clone(),
            file_name: entry.shown.clone(),
            bytes,
            rehearsal: self.lane == Lane::Rehearsing,
        };
        let taken = match &known.connector {
            None => {
                gate.fail_change_file(arrived, FileFault::NoConnector { customer })
                    .await?
            }
            Some(account) => match sign_in::by_change_file(account) {
                Some(actor) => gate.on_behalf_of(&actor).take_change_file(arrived).await?,
                None => {
                    let account = account.attributes.text(Attribute::EmailAddress).to_owned();
                    let why = FileFault::GrantGone { account, customer };
                    gate.fail_change_file(arrived, why).await?
                }
            },
        };
        Ok(Some((taken, sha256)))
    }

    /// Whether a file is complete, as far as can be told.
    async fn readiness(&self, entry: &Entry, now: Now) -> anyhow::Result<Readiness> {
        if !self.dropped.stands_still(entry, now.0, self.settings.settle) {
            return Ok(Readiness::NotYet);
        }
        let path = self.path(entry);
        let ending = blocking(move || content::ending(&path)).await;
        let ending = ending.with_context(|| format!("{} cannot be read", entry.shown))?;
        let has_waited = self.dropped.has_waited(entry, now.0);
        Ok(Readiness::of(
            ending,
            has_waited,
            self.dropped.goes_on_no_more(entry, now),
        ))
    }

    /// Room in memory for a file until the gate has it; `None` if there is none at the moment.
    fn room_for(&self, entry: &Entry) -> Option<OwnedSemaphorePermit> {
        let size = entry.stamp.size.min(self.settings.largest());
        let mib = u32::try_from(size / (1024 * 1024)).unwrap_or(self.settings.file_mib) + 1;
        Arc::clone(&self.room).try_acquire_many_owned(mib).ok()
    }

    /// What a file holds, if it is still the one that was seen.
    async fn read(&self, entry: &Entry) -> anyhow::Result<Option<Content>> {
        let (path, largest) = (self.path(entry), self.settings.largest());
        let read = blocking(move || content::read(&path, largest)).await;
        let read = read.with_context(|| format!("{} cannot be read", entry.shown))?;
        Ok(read.filter(|content| content.stamp == entry.stamp))
    }

    fn path(&self, entry: &Entry) -> PathBuf {
        self.folders.part(self.lane.part()).join(&entry.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_ready_once_it_is_whole_and_may_be_read() {
        for (ending, has_waited, goes_on_no_more, expected) in [
            (Ending::Line, false, false, Readiness::Complete),
            (Ending::Nowhere, false, false, Readiness::Complete),
            (Ending::WithinALine, false, false, Readiness::NotYet),
            (Ending::WithinALine, false, true, Readiness::Complete),
            // Its own time may be long ago, and says nothing about when it was uploaded.
            (Ending::Forbidden, false, true, Readiness::Forbidden),
            (Ending::Forbidden, true, true, Readiness::Complete),
        ] {
            let ready = Readiness::of(ending, has_waited, goes_on_no_more);
            assert_eq!(ready, expected, "{ending:?} {has_waited} {goes_on_no_more}");
        }
    }
}
