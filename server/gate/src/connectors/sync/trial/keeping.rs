//! Keeping what a connector has tried, as long as nobody else has come first.

use domain::{
    account::{Account, AccountStatus, joined_name},
    connector::TrialKind,
    dictionary::Attribute,
    organisation::UnitPath,
    values::ids::AccountId,
};
use store::{
    StoreError, Transaction,
    access::shadow::{self, Key, Tried, TriedWish},
};
use uuid::Uuid;

use super::{
    super::{Connection, SyncOutcome, SyncRefusal, SyncWish, Synced, writing::Mode},
    matching::user_name,
};
use crate::{GateError, Visit, submissions::claims::commit};

/// What is kept of an account where something is to be kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing.
    Nothing,
    /// Something of this version.
    Version(i64),
}

impl Expected {
    pub(super) fn of(kept: Option<&Tried>) -> Self {
        kept.map_or(Self::Nothing, |kept| Self::Version(kept.version))
    }
}

impl Visit<'_> {
    /// Keeps what was tried for somebody, and gives them as they would be.
    pub(super) async fn keep_tried(
        &self,
        to: &Connection,
        mut tried: Tried,
        expected: Expected,
    ) -> Result<Synced, GateError> {
        // Names and keys are those that the person would have.
        let shown = self.gate.as_tried(to, vec![tried.clone()]).await?;
        let shown = shown.into_iter().next().ok_or(GateError::NotFound)?;
        tried.unit = shown.account.unit();
        tried.name = shown.account.full_name();
        tried.user_name = user_name(&shown);
        tried.local_id = local_id(&shown.account);
        let tx = self.gate.store.begin().await?;
        is_expected(&tx, to, tried.account, expected).await?;
        match shadow::put(&tx, &tried).await {
            // Another new person has the key by now.
            Err(StoreError::Conflict) => return Err(GateError::Stale),
            put => put?,
        }
        // What was refused by the keys of somebody who can be new at last is over.
        if tried.kind == TrialKind::Create && expected == Expected::Nothing {
            let keys = [
                tried.external_id.as_deref().map(Key::ExternalId),
                Some(Key::UserName(&tried.user_name)),
            ];
            for key in keys.into_iter().flatten() {
                for over in shadow::collisions(&tx, to.connector, key).await? {
                    shadow::remove(&tx, to.connector, over.account, true).await?;
                }
            }
        }
        commit(tx).await?;
        self.gate.one_tried(to, tried.account).await
    }

    /// Drops what was tried for somebody, who is again as the directory has them.
    pub(super) async fn drop_tried(
        &self,
        to: &Connection,
        id: AccountId,
        expected: Expected,
    ) -> Result<Synced, GateError> {
        let tx = self.gate.store.begin().await?;
        is_expected(&tx, to, id, expected).await?;
        shadow::remove(&tx, to.connector, id, false).await?;
        commit(tx).await?;
        self.gate.one_there(self.gate.store.reader(), to, id).await
    }

    /// Keeps that a program deleted somebody. Nothing is left of who would only have been new.
    pub(super) async fn keep_deleted(
        &self,
        to: &Connection,
        now: &Synced,
        before: Option<Tried>,
    ) -> Result<(), GateError> {
        let id = now.account.id;
        let expected = Expected::of(before.as_ref());
        let tx = self.gate.store.begin().await?;
        is_expected(&tx, to, id, expected).await?;
        match before {
            Some(before) if before.kind == TrialKind::Create => {
                shadow::remove(&tx, to.connector, id, false).await?;
            }
            before => {
                let at = self.gate.now();
                let is_disabled = |before: &Tried| before.wish.status == Some(AccountStatus::Disabled);
                let deleted = Tried {
                    // Live, their access ends with the request before.
                    kind: match before.as_ref().is_some_and(is_disabled) {
                        true => TrialKind::DisableAndDelete,
                        false => TrialKind::Delete,
                    },
                    version: before.as_ref().map_or(at.0, |before| before.version + 1),
                    first: before.as_ref().map_or(at, |before| before.first),
                    wish: before.map(|before| before.wish).unwrap_or_default(),
                    ..self.tried_of(to, now)
                };
                shadow::put(&tx, &deleted).await?;
            }
        }
        shadow::remove(&tx, to.connector, id, true).await?;
        commit(tx).await
    }

    /// Keeps in a trial that a request about somebody who was read cannot be read itself, with what is wrong with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_unreadable(&self, to: &Connection, seen: &Synced, said: String) -> Result<(), GateError> {
        self.keep_refused_as(to, seen, (said, None)).await
    }

    /// The same of a request for somebody new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_unreadable_new(&self, to: &Connection, new: &SyncWish, said: String) -> Result<(), GateError> {
        self.keep_new_refused(to, new, None, said).await
    }

    /// Keeps that somebody new is refused, once for each key. Who was deleted and is asked for again is seen again.
    pub(super) async fn new_refused(
        &self,
        to: &Connection,
        new: &SyncWish,
        refusal: SyncRefusal,
        mode: Mode,
    ) -> Result<SyncOutcome, GateError> {
        if mode == Mode::Do {
            self.keep_new_refused(to, new, Some(&refusal), refusal.in_words())
                .await?;
        }
        Ok(SyncOutcome::Refused(refusal))
    }

    async fn keep_new_refused(
        &self,
        to: &Connection,
        new: &SyncWish,
        refusal: Option<&SyncRefusal>,
        said: String,
    ) -> Result<(), GateError> {
        let name = new.cells.text(Attribute::UserName).trim().to_lowercase();
        let external_id = new.external_id.clone().flatten();
        let tx = self.gate.store.begin().await?;
        if let Some(SyncRefusal::Known { id, .. }) = refusal {
            let tried = shadow::effects(&tx, to.connector, Key::Id(id.0)).await?;
            if let Some(deleted) = tried.into_iter().find(|tried| tried.kind.is_gone()) {
                self.undelete(&tx, deleted).await?;
            }
        }
        let key = external_id.as_deref().map_or(Key::UserName(&name), Key::ExternalId);
        let before = shadow::collisions(&tx, to.connector, key).await?.into_iter().next();
        let at = self.gate.now();
        let [first, last] = [Attribute::FirstName, Attribute::LastName].map(|part| new.cells.text(part).trim());
        let full_name = joined_name(first, last);
        let organisation = match new.cells.text(Attribute::Organisation).trim() {
            // Empty where there are several.
            "" => to.only_place(&tx).await?.unwrap_or_default(),
            code => code.to_uppercase(),
        };
        let unit = new.cells.text(Attribute::Unit).trim();
        let tried = Tried {
            connector: to.connector,
            account: before
                .as_ref()
                .map_or_else(|| AccountId(Uuid::now_v7()), |before| before.account),
            kind: TrialKind::Collide,
            organisation,
            unit: (!unit.is_empty()).then(|| UnitPath::parse(unit)),
            name: match full_name.is_empty() {
                true => external_id.clone().unwrap_or_else(|| name.clone()),
                false => full_name,
            },
            external_id: external_id.clone(),
            user_name: name.clone(),
            local_id: None,
            wish: TriedWish {
                cells: new.cells.clone(),
                known: refusal.and_then(known),
                ..TriedWish::default()
            },
            said,
            version: before.as_ref().map_or(1, |before| before.version + 1),
            first: before.as_ref().map_or(at, |before| before.first),
            last: at,
        };
        shadow::put(&tx, &tried).await?;
        commit(tx).await
    }

    /// Takes back that somebody was deleted: what was tried for them before stands again.
    async fn undelete(&self, tx: &Transaction, deleted: Tried) -> Result<(), GateError> {
        if deleted.wish == TriedWish::default() {
            shadow::remove(tx, deleted.connector, deleted.account, false).await?;
            return Ok(());
        }
        let seen = Tried {
            kind: kind_of(deleted.wish.status),
            version: deleted.version + 1,
            last: self.gate.now(),
            ..deleted
        };
        shadow::put(tx, &seen).await?;
        Ok(())
    }

    /// Keeps that a change of somebody is refused.
    pub(super) async fn keep_refused(
        &self,
        to: &Connection,
        seen: &Synced,
        refusal: &SyncRefusal,
    ) -> Result<(), GateError> {
        self.keep_refused_as(to, seen, (refusal.in_words(), known(refusal)))
            .await
    }

    async fn keep_refused_as(
        &self,
        to: &Connection,
        seen: &Synced,
        (said, known): (String, Option<AccountId>),
    ) -> Result<(), GateError> {
        let tx = self.gate.store.begin().await?;
        let refused = Tried {
            kind: TrialKind::Collide,
            wish: TriedWish {
                known,
                ..TriedWish::default()
            },
            said,
            ..self.tried_of(to, seen)
        };
        shadow::put(&tx, &refused).await?;
        commit(tx).await
    }

    /// Somebody as they are known by what is tried for them.
    fn tried_of(&self, to: &Connection, person: &Synced) -> Tried {
        let at = self.gate.now();
        Tried {
            connector: to.connector,
            account: person.account.id,
            kind: TrialKind::Change,
            organisation: person.account.organisation.to_string(),
            unit: person.account.unit(),
            external_id: person.link.external_id.clone(),
            user_name: user_name(person),
            local_id: local_id(&person.account),
            name: person.account.full_name(),
            wish: TriedWish::default(),
            said: String::new(),
            version: 1,
            first: at,
            last: at,
        }
    }
}

/// Whether what is kept of an account is what a change was made from.
async fn is_expected(tx: &Transaction, to: &Connection, id: AccountId, expected: Expected) -> Result<(), GateError> {
    let kept = shadow::effects(tx, to.connector, Key::Id(id.0)).await?;
    match Expected::of(kept.first()) == expected {
        true => Ok(()),
        false => Err(GateError::Stale),
    }
}

/// What would become of somebody who is there, by the status that they would have.
pub(super) const fn kind_of(status: Option<AccountStatus>) -> TrialKind {
    match status {
        None => TrialKind::Change,
        Some(AccountStatus::Disabled) => TrialKind::Disable,
        Some(_) => TrialKind::Enable,
    }
}

fn local_id(account: &Account) -> Option<String> {
    let id = account.attributes.text(Attribute::LocalId);
    (!id.is_empty()).then(|| id.to_owned())
}

/// Whose a key is that was sent.
const fn known(refusal: &SyncRefusal) -> Option<AccountId> {
    match refusal {
        SyncRefusal::Known { id, .. } => Some(*id),
        _ => None,
    }
}
