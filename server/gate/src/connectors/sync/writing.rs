//! What a program asks for. Everything is decided and written in one transaction: all of a request, or nothing.

use std::collections::BTreeMap;

use domain::{
    account::AccountStatus,
    connector::{Deletes, ProposalKind, ProposalReason},
    dictionary::Attribute,
    life::Turn,
    plan::Step,
    policy::{Authority, Scope},
    request::{AccountWish, Cells, Wish},
    values::ids::{AccountId, Timestamp},
};
use store::{
    ConnectionTrait, Rounds, StoreError, Transaction,
    access::{
        links::{self, Link},
        proposals::{self, ProposalSubject},
    },
    directory::synced::{self, Linked},
};
use tokio::try_join;

use super::{
    Connection, KnownKey, SyncOutcome, SyncRefusal, SyncWish, Synced, TRIES,
    keys::{self, is_there, other_of_external_id},
    proposing::may_disable,
};
use crate::{GateError, Visit, submissions::claims::commit};

/// How much time passes before it is noted again that a program still speaks of somebody.
const NOTED_EVERY: i64 = 86_400;

/// Whether it is done, or only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Do,
    Rehearse,
}

impl Visit<'_> {
    /// Creates an account.
    ///
    /// # Errors
    /// `Denied` where the connector may write nothing; `Busy` where others come first again and again.
    pub async fn sync_create(&self, to: &Connection, new: &SyncWish) -> Result<SyncOutcome, GateError> {
        self.create_or_try(to, new, Mode::Do).await
    }

    /// What would come of creating an account. Nothing is written.
    ///
    /// # Errors
    /// As [`Self::sync_create`].
    pub async fn rehearse_create(&self, to: &Connection, new: &SyncWish) -> Result<SyncOutcome, GateError> {
        self.create_or_try(to, new, Mode::Rehearse).await
    }

    /// Changes an account that was read.
    ///
    /// # Errors
    /// `Stale` where it is another by now; `NotFound` where it is gone; as [`Self::sync_create`].
    pub async fn sync_change(&self, to: &Connection, seen: &Synced, wish: &SyncWish) -> Result<SyncOutcome, GateError> {
        self.change_or_try(to, seen, wish, Mode::Do).await
    }

    /// What would come of changing an account. Nothing is written.
    ///
    /// # Errors
    /// As [`Self::sync_change`].
    pub async fn rehearse_change(
        &self,
        to: &Connection,
        seen: &Synced,
        wish: &SyncWish,
    ) -> Result<SyncOutcome, GateError> {
        self.change_or_try(to, seen, wish, Mode::Rehearse).await
    }

    /// What becomes of an account that the program deletes: by the connector's setting it is refused, or the account is
    /// gone for this connector. Either way the administrators are asked; where one of them has declined it, it stays and is
    /// seen.
    ///
    /// # Errors
    /// As [`Self::sync_change`].
    pub async fn sync_delete(&self, to: &Connection, seen: &Synced) -> Result<SyncOutcome, GateError> {
        if to.settings.shadow {
            return self.try_delete(to, seen).await;
        }
        if seen.account.id == to.connector {
            return Ok(SyncOutcome::Refused(SyncRefusal::OwnAccount));
        }
        let tx = self.gate.store.begin().await?;
        let Begun { link, .. } = self.begun(&tx, to, seen).await?;
        let is_declined = self
            .refers(&tx, to, seen, ProposalKind::Delete, ProposalReason::NoRight)
            .await?;
        let outcome = match to.settings.deletes {
            _ if is_declined => SyncOutcome::Refused(SyncRefusal::Declined),
            Deletes::Refuse => SyncOutcome::Refused(SyncRefusal::NoDelete),
            Deletes::Propose => {
                let hidden = Link {
                    hidden: true,
                    asserted_at: self.gate.now(),
                    ..link
                };
                links::put(&tx, &hidden).await?;
                SyncOutcome::Hidden
            }
        };
        commit(tx).await?;
        Ok(outcome)
    }

    /// Whether administrators have declined to delete an account for this connector.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_delete_declined(&self, to: &Connection, seen: &Synced) -> Result<bool, GateError> {
        let (db, subject) = (self.gate.store.reader(), ProposalSubject::Account(seen.account.id));
        Ok(proposals::is_declined(db, to.connector, subject, ProposalKind::Delete).await?)
    }

    async fn create_or_try(&self, to: &Connection, new: &SyncWish, mode: Mode) -> Result<SyncOutcome, GateError> {
        match to.settings.shadow {
            true => self.try_create(to, new, mode).await,
            false => self.create(to, new, mode).await,
        }
    }

    async fn change_or_try(
        &self,
        to: &Connection,
        seen: &Synced,
        wish: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        match to.settings.shadow {
            true => self.try_change(to, seen, wish, mode).await,
            false => self.change(to, seen, wish, mode).await,
        }
    }

    pub(super) async fn create(&self, to: &Connection, new: &SyncWish, mode: Mode) -> Result<SyncOutcome, GateError> {
        for _ in 0..TRIES {
            match self.create_once(to, new, mode).await {
                Err(GateError::Trouble(StoreError::Conflict)) => {}
                done => return done,
            }
        }
        Err(GateError::Busy)
    }

    async fn create_once(&self, to: &Connection, new: &SyncWish, mode: Mode) -> Result<SyncOutcome, GateError> {
        let gate = self.gate;
        let tx = gate.store.begin().await?.gathering();
        let rounds = Rounds::of(&tx);
        let first = rounds.ask(Box::pin(async {
            try_join!(
                gate.authority(&rounds, self.actor),
                placed(&rounds, to, &new.cells),
                other_of_external_id(&rounds, to, None, new.new_external_id()),
            )
        }));
        let (authority, cells, known) = first.await?;
        let scope = to.scope_now(&authority);
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let Some(cells) = cells else {
            return Ok(SyncOutcome::Refused(SyncRefusal::WhichOrganisation));
        };
        if let Some(known) = known {
            return self.known_already(tx, to, (KnownKey::ExternalId, known), mode).await;
        }
        if new.active == Some(false) && !may_disable(&authority) {
            return Ok(SyncOutcome::Refused(SyncRefusal::MayNotCreateDisabled));
        }
        let planned = self
            .sync_plan(&tx, (&authority, &scope), Wish::NewAccount(cells.clone()))
            .await?;
        let planned = match planned {
            Ok(planned) => planned,
            Err(problems) => {
                let refusal = keys::of_new(&tx, to, &cells, problems).await?;
                if let SyncRefusal::Known { key, id } = refusal
                    && let Some(known) = links::of(&tx, to.connector, id).await?
                {
                    return self.known_already(tx, to, (key, known), mode).await;
                }
                return Ok(SyncOutcome::Refused(refusal));
            }
        };
        if mode == Mode::Rehearse {
            let row = planned.row;
            return Ok(SyncOutcome::Would {
                step: Box::new(row.step),
                warnings: row.warnings,
            });
        }
        let applied = self
            .sync_apply(&tx, &authority, planned, "Sync: create account")
            .await?;
        let id = AccountId(applied.subject.ok_or(GateError::NotFound)?);
        let mut link = Link {
            created_by_it: true,
            external_id: new.external_id.clone().flatten(),
            as_sent: new.as_sent.clone(),
            asserted: asserted(&cells),
            asserted_at: gate.now(),
            version: 1,
            ..self.unknown(to, id)
        };
        if new.active == Some(false) {
            let wish = Wish::Account(id, AccountWish::Turn(Turn::Disable));
            match self.sync_plan(&tx, (&authority, &scope), wish).await? {
                Ok(planned) => {
                    self.sync_apply(&tx, &authority, planned, "Sync: disable account")
                        .await?;
                }
                Err(problems) => return Ok(SyncOutcome::Refused(keys::of_problems(problems))),
            }
            link.disabled_by_it = true;
        }
        links::put(&tx, &link).await?;
        // Nobody has a seat as soon as they are there.
        let made = synced::account(&tx, to.reader(), id)
            .await?
            .ok_or(GateError::NotFound)?;
        let made = gate.one_synced(made);
        commit(tx).await?;
        Ok(SyncOutcome::Created(Box::new(made)))
    }

    /// Somebody who has this key already. Whoever the connector gave up, it sees again; nothing else is done.
    async fn known_already(
        &self,
        tx: Transaction,
        to: &Connection,
        (key, known): (KnownKey, Link),
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let id = known.account;
        if known.hidden && mode == Mode::Do {
            let seen = Link { hidden: false, ..known };
            links::put(&tx, &seen).await?;
            self.gate
                .no_longer_said(&tx, to.connector, id, &[ProposalKind::Delete])
                .await?;
            if is_there(&tx, to.reader(), id).await? {
                commit(tx).await?;
            }
        }
        Ok(SyncOutcome::Refused(SyncRefusal::Known { key, id }))
    }

    pub(super) async fn change(
        &self,
        to: &Connection,
        seen: &Synced,
        wish: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let was_noted = |at: Timestamp| at.plus_seconds(NOTED_EVERY) > self.gate.now();
        let is_noted = wish.asks_for_nothing()
            && seen.link.said_at.is_some_and(was_noted)
            && wish.repeats_only(&seen.link.asserted);
        if is_noted
            && !self
                .takes_back(self.gate.store.reader(), to, (seen.account.id, wish.takes_back()))
                .await?
        {
            return Ok(SyncOutcome::Unchanged(Box::new(seen.clone())));
        }
        for _ in 0..TRIES {
            match self.change_once(to, seen, wish, mode).await {
                Err(GateError::Trouble(StoreError::Conflict)) => {}
                Ok(SyncOutcome::Refused(SyncRefusal::RoleHolder)) if wish.active == Some(false) => {
                    let is_declined = mode == Mode::Do && self.refer_role_holder(to, seen).await?;
                    return Ok(SyncOutcome::Refused(match is_declined {
                        true => SyncRefusal::Declined,
                        false => SyncRefusal::RoleHolderStays,
                    }));
                }
                done => return done,
            }
        }
        Err(GateError::Busy)
    }

    async fn change_once(
        &self,
        to: &Connection,
        seen: &Synced,
        wish: &SyncWish,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        let gate = self.gate;
        let id = seen.account.id;
        let tx = gate.store.begin().await?.gathering();
        let rounds = Rounds::of(&tx);
        let first = rounds.ask(Box::pin(async {
            try_join!(
                self.begun(&rounds, to, seen),
                other_of_external_id(&rounds, to, Some(id), wish.new_external_id()),
            )
        }));
        let (begun, other) = first.await?;
        let rights = (&begun.authority, &begun.scope);
        if begun.status == AccountStatus::Leaver && !wish.asks_for_nothing() {
            return Ok(SyncOutcome::Refused(SyncRefusal::Leaver));
        }
        if let Some(other) = other {
            let key = KnownKey::ExternalId;
            return Ok(SyncOutcome::Refused(SyncRefusal::Known { key, id: other.account }));
        }
        let mut link = begun.link.clone();
        let mut would = None;
        let turn = match (wish.active, begun.status) {
            (Some(false), status) if status != AccountStatus::Disabled => Some(Turn::Disable),
            (Some(true), AccountStatus::Disabled) => Some(Turn::Enable),
            _ => None,
        };
        if turn.is_some() && id == to.connector {
            return Ok(SyncOutcome::Refused(SyncRefusal::OwnAccount));
        }
        if let Some(turn) = turn {
            let rights = (&begun.authority, begun.link.disabled_by_it);
            if let Some(refusal) = self.refused_turn(&tx, to, seen, rights, turn).await? {
                if mode == Mode::Do {
                    commit(tx).await?;
                }
                return Ok(SyncOutcome::Refused(refusal));
            }
            link.disabled_by_it = turn == Turn::Disable;
        }
        let wish_cells = &wish.cells;
        let edit = (!wish.cells.texts.is_empty()).then(|| Wish::Account(id, AccountWish::Edit(wish.cells.clone())));
        let turned = turn.map(|turn| Wish::Account(id, AccountWish::Turn(turn)));
        let mut has_changed = false;
        for (wish, title) in [
            (edit, "Sync: change account"),
            (
                turned,
                if turn == Some(Turn::Enable) {
                    "Sync: enable account"
                } else {
                    "Sync: disable account"
                },
            ),
        ] {
            let Some(wish) = wish else { continue };
            let planned = match self.sync_plan(&tx, rights, wish).await? {
                Ok(planned) => planned,
                Err(problems) => {
                    let refusal =
                        keys::of_change(&tx, to, (id, &seen.account.organisation), wish_cells, problems).await?;
                    return Ok(SyncOutcome::Refused(refusal));
                }
            };
            if matches!(planned.row.step, Step::Nothing { .. }) {
                continue;
            }
            if mode == Mode::Rehearse {
                would.get_or_insert((planned.row.step, planned.row.warnings));
                continue;
            }
            self.sync_apply(&tx, &begun.authority, planned, title).await?;
            has_changed = true;
        }
        if mode == Mode::Rehearse {
            let nothing = || (Step::Nothing { account: Some(id) }, vec![]);
            let (step, warnings) = would.unwrap_or_else(nothing);
            let step = Box::new(step);
            return Ok(SyncOutcome::Would { step, warnings });
        }
        let is_linked = self.keep_link(&tx, link, &begun.link, wish).await?;
        if let Some(turn) = turn {
            let at = (turn == Turn::Disable).then(|| gate.now());
            links::note_disabled(&tx, to.connector, id, at).await?;
        }
        let takes_back = self.takes_back(&tx, to, (id, wish.takes_back())).await?;
        if !has_changed && !is_linked.is_written && !takes_back {
            return Ok(SyncOutcome::Unchanged(Box::new(seen.clone())));
        }
        if takes_back {
            gate.no_longer_said(&tx, to.connector, id, wish.takes_back()).await?;
        }
        let now = gate.one_there(&tx, to, id).await?;
        commit(tx).await?;
        Ok(match has_changed || is_linked.is_other {
            true => SyncOutcome::Changed(Box::new(now)),
            false => SyncOutcome::Unchanged(Box::new(now)),
        })
    }

    /// Reads again what a change is about.
    pub(super) async fn begun(
        &self,
        db: &impl ConnectionTrait,
        to: &Connection,
        seen: &Synced,
    ) -> Result<Begun, GateError> {
        let id = seen.account.id;
        let (authority, now) = try_join!(self.gate.authority(db, self.actor), async {
            Ok(synced::account(db, to.reader(), id).await?)
        })?;
        let scope = to.scope_now(&authority);
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let Linked { account, link, .. } = now.ok_or(GateError::NotFound)?.person;
        let version = link.as_ref().map_or(0, |link| link.version);
        if account.version != seen.account.version || version != seen.link.version {
            return Err(GateError::Stale);
        }
        Ok(Begun {
            authority,
            scope,
            status: account.status,
            link: link.unwrap_or_else(|| self.unknown(to, id)),
        })
    }

    /// Keeps what the connector said of somebody.
    async fn keep_link(
        &self,
        tx: &Transaction,
        mut link: Link,
        before: &Link,
        wish: &SyncWish,
    ) -> Result<Kept, GateError> {
        if let Some(key) = &wish.external_id {
            link.external_id.clone_from(key);
        }
        link.as_sent.extend(wish.as_sent.clone());
        link.asserted.extend(asserted(&wish.cells));
        link.asserted.extend(wish.repeated.clone());
        let is_other = link.external_id != before.external_id || link.as_sent != before.as_sent;
        if is_other {
            link.version += 1;
        }
        let is_due = link.asserted_at.plus_seconds(NOTED_EVERY) <= self.gate.now();
        let is_written = is_other || is_due || link != *before;
        if is_written {
            link.asserted_at = self.gate.now();
            links::put(tx, &link).await?;
        }
        Ok(Kept { is_written, is_other })
    }

    fn unknown(&self, to: &Connection, account: AccountId) -> Link {
        Link {
            connector: to.connector,
            account,
            external_id: None,
            as_sent: BTreeMap::new(),
            version: 0,
            created_by_it: false,
            hidden: false,
            disabled_by_it: false,
            asserted_at: Timestamp(0),
            asserted: BTreeMap::new(),
        }
    }
}

/// A change that has begun.
pub(super) struct Begun {
    authority: Authority,
    pub(super) scope: Scope,
    status: AccountStatus,
    link: Link,
}

/// What became of a link.
struct Kept {
    is_written: bool,
    /// Whether the connector reads something else now.
    is_other: bool,
}

/// The cells with the organisation of a new account: the one that was sent, that of the address, or the only one; `None`
/// where it cannot be told.
async fn placed(db: &impl ConnectionTrait, to: &Connection, cells: &Cells) -> Result<Option<Cells>, GateError> {
    let mut placed = cells.clone();
    if !cells.text(Attribute::Organisation).trim().is_empty() {
        return Ok(Some(placed));
    }
    let Some(code) = to.only_place(db).await? else {
        return Ok(None);
    };
    placed.texts.insert(Attribute::Organisation, code);
    Ok(Some(placed))
}

/// What a connector said, attribute by attribute.
fn asserted(cells: &Cells) -> BTreeMap<Attribute, String> {
    cells.texts.clone()
}
