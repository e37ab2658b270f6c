//! What is to be read in a mailbox, and how far it was read.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use async_imap::{Session, types::Mailbox as Selected};
use domain::values::ids::Timestamp;
use gate::Gate;
use store::access::email::folders::{self, Progress};

use super::{
    line::Line,
    patience::{ANSWER, within},
};
use crate::channels::email::PATIENCE;

/// The most mails that are taken before the mailbox is looked into again.
const AT_ONCE: usize = 200;

/// A mailbox as it was when it was selected.
pub(super) struct Found {
    pub(super) validity: u32,
    /// The last UID up to which all were taken before.
    taken: i64,
    /// When the newest mail taken so far had come in.
    pub(super) newest: Option<Timestamp>,
    /// What came in up to then is not processed.
    pub(super) stale: Option<Timestamp>,
    /// The UIDs behind the last one, in their order.
    uids: Vec<u32>,
}

impl Found {
    /// The UID up to which all mails are done with.
    pub(super) fn done(&self, settled: &HashSet<u32>) -> i64 {
        let done = self.uids.iter().take_while(|uid| settled.contains(*uid));
        done.last().map_or(self.taken, |uid| i64::from(*uid))
    }

    /// The mails that are taken now, and whether there are more. One that fails again and again neither takes the place of
    /// another, nor is tried before those are taken that wait.
    pub(super) fn chosen(&self, settled: &HashSet<u32>, failed: &HashMap<u32, u32>) -> (Vec<u32>, bool) {
        let fails = |uid: &u32| failed.get(uid).is_some_and(|failures| *failures >= PATIENCE);
        let mut open: Vec<_> = self.uids.iter().copied().filter(|uid| !settled.contains(uid)).collect();
        let waiting = open.iter().filter(|uid| !fails(uid)).count();
        if waiting > AT_ONCE {
            open.retain(|uid| !fails(uid));
            open.truncate(AT_ONCE);
        }
        (open, waiting > AT_ONCE)
    }
}

/// What is to be taken; `None` if nothing is.
pub(super) async fn found(
    name: &str,
    gate: &Gate,
    session: &mut Session<Line>,
    selected: &Selected,
) -> anyhow::Result<Option<Found>> {
    let validity = selected.uid_validity;
    let validity = validity.context("the mail server gives the folder no UIDVALIDITY, so it cannot be read")?;
    let kept = folders::of(gate.store().reader(), name).await?;
    let (taken, newest, stale) = match kept {
        Some(kept) if kept.validity == i64::from(validity) => (kept.uid, kept.newest, kept.stale),
        // It is numbered anew, or it has another name. Whichever folder was read before: what is in this one may be the same.
        Some(_) | None => {
            let newest = folders::newest(gate.store().reader()).await?;
            (0, newest, newest)
        }
    };
    let next = taken + 1;
    if selected.exists == 0 || selected.uid_next.is_some_and(|after| i64::from(after) <= next) {
        return Ok(None);
    }
    let found = within(ANSWER, session.uid_search(format!("UID {next}:*"))).await?;
    // The last mail is always found, however low its UID is.
    let mut uids: Vec<_> = found.into_iter().filter(|uid| i64::from(*uid) > taken).collect();
    uids.sort_unstable();
    Ok((!uids.is_empty()).then_some(Found {
        validity,
        taken,
        newest,
        stale,
        uids,
    }))
}

/// Remembers up to which UID all mails are taken, and how new the newest is. Another process may be further on.
pub(super) async fn remember(
    name: &str,
    gate: &Gate,
    found: &Found,
    (done, newest): (i64, Option<Timestamp>),
) -> anyhow::Result<()> {
    if done <= found.taken && newest <= found.newest {
        return Ok(());
    }
    let validity = i64::from(found.validity);
    let tx = gate.store().begin().await?;
    let kept = folders::of(&tx, name).await?;
    let same = kept.filter(|kept| kept.validity == validity);
    let progress = Progress {
        validity,
        uid: same.map_or(done, |kept| kept.uid.max(done)),
        newest: kept.and_then(|kept| kept.newest).max(newest),
        stale: same.map_or(found.stale, |kept| kept.stale),
    };
    if kept != Some(progress) {
        folders::set(&tx, name, progress).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(uids: impl Iterator<Item = u32>) -> Found {
        Found {
            validity: 1,
            taken: 10,
            newest: None,
            stale: None,
            uids: uids.collect(),
        }
    }

    #[test]
    fn mails_behind_one_that_fails_are_all_taken() {
        let found = found(11..=500);
        let (mut settled, mut failed) = (HashSet::new(), HashMap::from([(11, PATIENCE)]));
        let mut taken = Vec::new();
        loop {
            let (uids, are_more) = found.chosen(&settled, &failed);
            taken.push(uids.len());
            settled.extend(uids.into_iter().filter(|uid| *uid != 11));
            // The one that fails is tried again after a restart.
            assert_eq!(found.done(&settled), 10);
            if !are_more {
                break;
            }
        }
        assert_eq!(taken, [200, 200, 90], "the last of them with the one that fails");
        assert_eq!(found.chosen(&settled, &failed), (vec![11], false));
        failed.clear();
        settled.insert(11);
        assert_eq!(found.done(&settled), 500);
    }

    #[test]
    fn a_mail_that_failed_once_is_tried_before_those_behind_it() {
        let found = found([11, 12, 13].into_iter());
        let failed = HashMap::from([(12, PATIENCE - 1)]);
        assert_eq!(found.chosen(&HashSet::from([11]), &failed), (vec![12, 13], false));
        assert_eq!(found.done(&HashSet::from([11, 13])), 11);
    }
}
