//! A connector that is only tried out: its program is answered as it would be, from what it has tried so far, and nothing
//! is written in the directory. Everything is planned by the same rules, over the directory as it is.

mod keeping;
mod keys;
mod matching;
mod reading;

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    connector::{Deletes, TrialKind},
    dictionary::{Attribute, Change},
    organisation::UnitPath,
    plan::{AccountStep, Step},
    problem::Problem,
    request::Cells,
    values::ids::AccountId,
};
use store::{
    StoreError,
    access::shadow::{self, Key, Tried, TriedWish},
};
use uuid::Uuid;

use self::keeping::{Expected, kind_of};
use super::{Connection, SyncOutcome, SyncRefusal, SyncWish, Synced, TRIES, writing::Mode};
use crate::{GateError, Visit};

impl Visit<'_> {
    /// What would come of creating an account; kept unless it is only rehearsed.
    pub(super) async fn try_create(
        &self,
        to: &Connection,
        new: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        for _ in 0..TRIES {
            match self.try_create_once(to, new, mode).await {
                Err(GateError::Trouble(StoreError::Conflict) | GateError::Stale) => {}
                done => return done,
            }
        }
        Err(GateError::Busy)
    }

    async fn try_create_once(&self, to: &Connection, new: &SyncWish, mode: Mode) -> Result<SyncOutcome, GateError> {
        let id = AccountId(Uuid::now_v7());
        if let Some(refusal) = self.key_tried(to, id, new).await? {
            return self.new_refused(to, new, refusal, mode).await;
        }
        let outcome = self.create(to, new, Mode::Rehearse).await?;
        self.come_to_new(to, (id, None), new, outcome, mode).await
    }

    /// Keeps somebody who would be new, as far as they have come; `before` is what was kept of them.
    async fn come_to_new(
        &self,
        to: &Connection,
        (id, before): (AccountId, Option<Tried>),
        wish: &SyncWish,
        outcome: SyncOutcome,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let (step, warnings) = match outcome {
            SyncOutcome::Would { step, warnings } => (*step, warnings),
            SyncOutcome::Refused(refusal) if before.is_none() => {
                return self.new_refused(to, wish, refusal, mode).await;
            }
            other => return Ok(other),
        };
        let Step::CreateAccount {
            organisation,
            attributes,
            ..
        } = &step
        else {
            let step = Box::new(step);
            return Ok(SyncOutcome::Would { step, warnings });
        };
        if let Some(refusal) = self.attributes_tried(to, id, organisation, attributes).await? {
            return match before {
                None => self.new_refused(to, wish, refusal, mode).await,
                Some(_) => Ok(SyncOutcome::Refused(refusal)),
            };
        }
        if mode == Mode::Rehearse {
            let step = Box::new(step);
            return Ok(SyncOutcome::Would { step, warnings });
        }
        let now = self.gate.now();
        // A later name makes no other address, of a new account either.
        let changes_before = before.iter().flat_map(|before| &before.wish.changes);
        let address = changes_before
            .filter(|change| change.attribute == Attribute::EmailAddress)
            .find_map(|change| change.after.clone());
        let kept = attributes.iter().filter(|(attribute, _)| attribute.is_kept());
        let changes = kept.map(|(attribute, value)| Change {
            attribute,
            before: None,
            after: match attribute {
                Attribute::EmailAddress => Some(address.clone().unwrap_or_else(|| value.clone())),
                _ => Some(value.clone()),
            },
        });
        let is_new = before.is_none();
        // Later requests may come by another address, which says nothing of the place.
        let mut cells = wish.cells.clone();
        cells.texts.insert(Attribute::Organisation, organisation.to_string());
        let tried = Tried {
            connector: to.connector,
            account: id,
            kind: TrialKind::Create,
            organisation: organisation.to_string(),
            unit: attributes
                .get(Attribute::Unit)
                .map(|unit| UnitPath::parse(unit.as_str())),
            external_id: wish.external_id.clone().flatten(),
            user_name: String::new(),
            local_id: None,
            name: String::new(),
            wish: TriedWish {
                cells,
                active: wish.active,
                as_sent: wish.as_sent.clone(),
                changes: changes.collect(),
                status: (wish.active == Some(false)).then_some(AccountStatus::Disabled),
                known: None,
            },
            said: String::new(),
            version: before.as_ref().map_or(0, |before| before.version) + 1,
            first: before.as_ref().map_or(now, |before| before.first),
            last: now,
        };
        let expected = Expected::of(before.as_ref());
        let shown = self.keep_tried(to, tried, expected).await?;
        Ok(match is_new {
            true => SyncOutcome::Created(Box::new(shown)),
            false => SyncOutcome::Changed(Box::new(shown)),
        })
    }

    /// What would come of changing somebody, over what was tried for them before.
    pub(super) async fn try_change(
        &self,
        to: &Connection,
        seen: &Synced,
        wish: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let id = seen.account.id;
        let now = self.gate.one_tried(to, id).await?;
        if (now.account.version, now.link.version) != (seen.account.version, seen.link.version) {
            return Err(GateError::Stale);
        }
        if wish.asks_for_nothing() {
            return Ok(SyncOutcome::Unchanged(Box::new(now)));
        }
        let refusal = self.key_tried(to, id, wish).await?;
        let before = self.tried(to, id).await?;
        let outcome = match (refusal, before) {
            (Some(refusal), _) => SyncOutcome::Refused(refusal),
            (None, Some(before)) if before.kind == TrialKind::Create => {
                let wish = over(&before, wish, Whose::New);
                let outcome = self.create(to, &wish, Mode::Rehearse).await?;
                self.come_to_new(to, (id, Some(before)), &wish, outcome, mode).await?
            }
            (None, before) => self.try_change_there(to, &now, before, wish, mode).await?,
        };
        if let (SyncOutcome::Refused(refusal), Mode::Do) = (&outcome, mode) {
            self.keep_refused(to, seen, refusal).await?;
        }
        Ok(outcome)
    }

    /// What would come of changing somebody who is there; kept unless it is only rehearsed.
    async fn try_change_there(
        &self,
        to: &Connection,
        now: &Synced,
        before: Option<Tried>,
        wish: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let id = now.account.id;
        let there = self.gate.one_there(self.gate.store.reader(), to, id).await?;
        let whole = match &before {
            Some(before) => over(before, wish, Whose::There),
            None => SyncWish {
                external_id: Some(wish.external_id.clone().unwrap_or(there.link.external_id.clone())),
                ..wish.clone()
            },
        };
        let ComesTo { changes, status, would } = match self.comes_to(to, &there, &whole).await? {
            Ok(comes_to) => comes_to,
            Err(refusal) => return Ok(SyncOutcome::Refused(refusal)),
        };
        if mode == Mode::Rehearse {
            let nothing = || (Step::Nothing { account: Some(id) }, vec![]);
            let (step, warnings) = would.unwrap_or_else(nothing);
            let step = Box::new(step);
            return Ok(SyncOutcome::Would { step, warnings });
        }
        let as_sent_before = |(attribute, text): (&Attribute, &String)| there.link.as_sent.get(attribute) == Some(text);
        let key = whole.external_id.clone().flatten();
        let is_as_it_was = status.is_none()
            && changes.is_empty()
            && key == there.link.external_id
            && whole.as_sent.iter().all(as_sent_before);
        let tried = TriedWish {
            cells: whole.cells,
            active: whole.active,
            as_sent: whole.as_sent,
            changes,
            status,
            known: None,
        };
        let kind = kind_of(status);
        let is_kept = match &before {
            None => is_as_it_was,
            Some(before) => (before.kind, &before.external_id, &before.wish) == (kind, &key, &tried),
        };
        if is_kept {
            return Ok(SyncOutcome::Unchanged(Box::new(now.clone())));
        }
        let expected = Expected::of(before.as_ref());
        if is_as_it_was {
            let now = self.drop_tried(to, id, expected).await?;
            return Ok(SyncOutcome::Changed(Box::new(now)));
        }
        let at = self.gate.now();
        let tried = Tried {
            connector: to.connector,
            account: id,
            kind,
            organisation: there.account.organisation.to_string(),
            unit: None,
            external_id: key,
            user_name: String::new(),
            local_id: None,
            name: String::new(),
            wish: tried,
            said: String::new(),
            // What is taken back and tried again is another version: it begins with the moment.
            version: before.as_ref().map_or(at.0, |before| before.version + 1),
            first: before.as_ref().map_or(at, |before| before.first),
            last: at,
        };
        let shown = self.keep_tried(to, tried, expected).await?;
        Ok(SyncOutcome::Changed(Box::new(shown)))
    }

    /// What all that was asked for somebody who is there comes to: their details, and whether they are active.
    async fn comes_to(
        &self,
        to: &Connection,
        there: &Synced,
        whole: &SyncWish,
    ) -> Result<Result<ComesTo, SyncRefusal>, GateError> {
        let edit = SyncWish {
            active: None,
            ..whole.clone()
        };
        let turn = whole.active.map(|active| SyncWish {
            active: Some(active),
            ..SyncWish::default()
        });
        let mut comes_to = ComesTo {
            changes: vec![],
            status: None,
            would: None,
        };
        for part in [Some(edit), turn].into_iter().flatten() {
            let (step, warnings) = match self.change(to, there, &part, Mode::Rehearse).await? {
                SyncOutcome::Would { step, warnings } => (*step, warnings),
                SyncOutcome::Refused(refusal) => return Ok(Err(refusal)),
                _ => continue,
            };
            match &step {
                Step::Account(_, AccountStep::Turn { after, .. }) => comes_to.status = Some(*after),
                step => comes_to.changes.extend(step.changes().iter().cloned()),
            }
            if comes_to.would.is_none() && !matches!(step, Step::Nothing { .. }) {
                comes_to.would = Some((step, warnings));
            }
        }
        Ok(Ok(comes_to))
    }

    /// What would become of somebody whom the program deletes.
    pub(super) async fn try_delete(&self, to: &Connection, seen: &Synced) -> Result<SyncOutcome, GateError> {
        let id = seen.account.id;
        let now = self.gate.one_tried(to, id).await?;
        if (now.account.version, now.link.version) != (seen.account.version, seen.link.version) {
            return Err(GateError::Stale);
        }
        let refusal = match to.settings.deletes {
            _ if id == to.connector => Some(SyncRefusal::OwnAccount),
            Deletes::Refuse => Some(SyncRefusal::NoDelete),
            Deletes::Propose => None,
        };
        if let Some(refusal) = refusal {
            self.keep_refused(to, seen, &refusal).await?;
            return Ok(SyncOutcome::Refused(refusal));
        }
        let before = self.tried(to, id).await?;
        self.keep_deleted(to, &now, before).await?;
        Ok(SyncOutcome::Hidden)
    }

    async fn tried(&self, to: &Connection, id: AccountId) -> Result<Option<Tried>, GateError> {
        let found = shadow::effects(self.gate.store.reader(), to.connector, Key::Id(id.0)).await?;
        Ok(found.into_iter().next())
    }
}

/// What all that was asked for somebody comes to.
struct ComesTo {
    changes: Vec<Change>,
    /// The status that they would have, where that is another.
    status: Option<AccountStatus>,
    /// The first step, with what somebody should know about it.
    would: Option<(Step, Vec<Problem>)>,
}

/// Of whom something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Of somebody who would be new.
    New,
    /// Of somebody who is there.
    There,
}

/// A wish over those before it. What would only be new has nothing that could be emptied.
fn over(before: &Tried, wish: &SyncWish, whose: Whose) -> SyncWish {
    let mut cells: Cells = before.wish.cells.clone();
    cells.separator = wish.cells.separator;
    cells.texts.extend(wish.cells.texts.clone());
    if whose == Whose::New {
        let emptied: Vec<_> = cells
            .texts
            .keys()
            .copied()
            .filter(|attribute| cells.clears(*attribute))
            .collect();
        for attribute in emptied {
            cells.texts.remove(&attribute);
        }
    }
    let mut as_sent: BTreeMap<_, _> = before.wish.as_sent.clone();
    as_sent.extend(wish.as_sent.clone());
    SyncWish {
        cells,
        external_id: Some(wish.external_id.clone().unwrap_or(before.external_id.clone())),
        active: wish.active.or(before.wish.active),
        as_sent,
        ..SyncWish::default()
    }
}
