//! Whose a key is among those for whom a connector has tried something.

use domain::{
    dictionary::{Attribute, Attributes},
    organisation::OrganisationCode,
    values::ids::AccountId,
};
use store::{
    access::shadow::{self, Key, Tried},
    directory::organisations,
};

use super::super::{Connection, KnownKey, SyncRefusal, SyncWish};
use crate::{GateError, Visit};

impl Visit<'_> {
    /// Whether another has a key by what was tried that a wish sends.
    pub(super) async fn key_tried(
        &self,
        to: &Connection,
        own: AccountId,
        wish: &SyncWish,
    ) -> Result<Option<SyncRefusal>, GateError> {
        let name = wish.cells.text(Attribute::UserName).trim();
        let key = wish.external_id.as_ref().and_then(Option::as_deref);
        let keys = [
            key.map(|key| (KnownKey::ExternalId, Key::ExternalId(key))),
            (!name.is_empty()).then_some((KnownKey::UserName, Key::UserName(name))),
        ];
        self.first_known(to, own, keys.into_iter().flatten()).await
    }

    /// Whether another has by what was tried what somebody new would have.
    pub(super) async fn attributes_tried(
        &self,
        to: &Connection,
        own: AccountId,
        organisation: &OrganisationCode,
        attributes: &Attributes,
    ) -> Result<Option<SyncRefusal>, GateError> {
        let address = attributes.text(Attribute::EmailAddress);
        let name = match attributes.text(Attribute::UserName) {
            "" => address,
            name => name,
        };
        if !name.is_empty()
            && let Some(known) = self
                .first_known(to, own, [(KnownKey::UserName, Key::UserName(name))].into_iter())
                .await?
        {
            return Ok(Some(known));
        }
        let local_id = attributes.text(Attribute::LocalId);
        if local_id.is_empty() {
            return Ok(None);
        }
        // A local ID is one person's within a whole tree of organisations.
        let db = self.gate.store.reader();
        let others = shadow::effects(db, to.connector, Key::LocalId(local_id)).await?;
        let others: Vec<_> = others.into_iter().filter(|other| counts(other, own)).collect();
        let mut codes: Vec<_> = others
            .iter()
            .filter_map(|other| OrganisationCode::parse(&other.organisation).ok())
            .collect();
        codes.push(organisation.clone());
        let homes = organisations::by_codes(db, &codes).await?;
        let root = |code: &str| {
            let home = homes.iter().find(|home| home.code.as_str() == code);
            home.map(|home| home.path.root())
        };
        let here = root(organisation.as_str());
        let known = others.iter().find(|other| root(&other.organisation) == here);
        Ok(known.map(|known| SyncRefusal::Known {
            key: KnownKey::EmployeeNumber,
            id: known.account,
        }))
    }

    async fn first_known<'a>(
        &self,
        to: &Connection,
        own: AccountId,
        keys: impl Iterator<Item = (KnownKey, Key<'a>)> + Send,
    ) -> Result<Option<SyncRefusal>, GateError> {
        for (key, by) in keys {
            let found = shadow::effects(self.gate.store.reader(), to.connector, by).await?;
            if let Some(other) = found.iter().find(|other| counts(other, own)) {
                let id = other.account;
                return Ok(Some(SyncRefusal::Known { key, id }));
            }
        }
        Ok(None)
    }
}

/// Whether somebody who was tried is another than one, and still there.
fn counts(other: &Tried, own: AccountId) -> bool {
    other.account != own && !other.kind.is_gone()
}
