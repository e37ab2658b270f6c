//! How a connector is answered: looked at by itself and by those who see it, set by those who could have appointed it.

use domain::{
    connector::ConnectorSettings,
    organisation::{OrganisationCode, UnitPath},
    policy::{Authority, Deed, Role},
    trail::{Happening, Record},
    values::ids::AccountId,
};
use store::{
    ConnectionTrait,
    access::{connectors, shadow},
    directory::{
        grants::{self, Which},
        organisations,
    },
};

use crate::{GateError, Visit, people::listing::everywhere, roles::grants::ROLES_OF_ONE, submissions::claims::commit};

impl Visit<'_> {
    /// How a connector is answered: the actor, or one of the actor's scope.
    ///
    /// # Errors
    /// `NotFound` where the account is Connector of nothing there; `Denied` where the actor sees no connectors.
    pub async fn connector_settings(&self, connector: AccountId) -> Result<ConnectorSettings, GateError> {
        self.see_connector(connector).await?;
        Ok(connectors::of(self.gate.store.reader(), connector).await?)
    }

    /// Sets how a connector is answered. What it sends for any of its places is answered so, and so it takes the right to
    /// appoint it at all of them.
    ///
    /// # Errors
    /// As [`Self::connector_settings`]; `Denied` where the actor could not have appointed it at one of its places.
    pub async fn set_connector(&self, connector: AccountId, settings: ConnectorSettings) -> Result<(), GateError> {
        self.connector(connector).await?;
        let gate = self.gate;
        let tx = gate.store.begin().await?;
        let authority = gate.authority(&tx, self.actor).await?;
        let places = self.settable(&tx, &authority, connector).await?;
        let before = connectors::of(&tx, connector).await?;
        if before == settings {
            return Ok(());
        }
        // Whatever begins or ends with it, what was tried before is none of it.
        if before.shadow != settings.shadow {
            shadow::clear(&tx, connector).await?;
        }
        connectors::set(&tx, connector, settings, gate.now()).await?;
        let mut told: Vec<OrganisationCode> = places.into_iter().map(|(code, _)| code).collect();
        told.sort();
        told.dedup();
        for organisation in told {
            tx.record(Record {
                at: gate.now(),
                actor: self.actor.account(),
                actor_name: self.actor.name().to_owned(),
                organisation: Some(organisation),
                person: Some(connector.0),
                rights: authority.rights_to(Deed::GrantConnector),
                happening: Happening::ConnectorSet {
                    settings: settings.in_words(),
                },
            });
        }
        commit(tx).await
    }

    /// Lets nobody past who does not see a connector.
    pub(super) async fn see_connector(&self, connector: AccountId) -> Result<(), GateError> {
        if self.actor.account() == Some(connector) {
            return Ok(());
        }
        self.connector(connector).await.map(drop)
    }

    /// All that somebody is Connector of, for an actor who could have appointed them at all of it.
    pub(super) async fn settable(
        &self,
        db: &impl ConnectionTrait,
        authority: &Authority,
        connector: AccountId,
    ) -> Result<Vec<(OrganisationCode, Option<UnitPath>)>, GateError> {
        let places = self.places_sent_for(db, connector).await?;
        let codes: Vec<_> = places.iter().map(|(code, _)| code.clone()).collect();
        let found = organisations::by_codes(db, &codes).await?;
        let may_appoint = places.iter().all(|(code, unit)| {
            let place = found.iter().find(|place| place.code == *code);
            place.is_some_and(|place| authority.may_grant(connector, Role::Connector, &place.path, unit.as_ref()))
        });
        match may_appoint && !places.is_empty() {
            true => Ok(places),
            false => Err(GateError::Denied),
        }
    }

    /// All that somebody is Connector of, wherever it is.
    pub(super) async fn places_sent_for(
        &self,
        db: &impl ConnectionTrait,
        connector: AccountId,
    ) -> Result<Vec<(OrganisationCode, Option<UnitPath>)>, GateError> {
        let which = Which {
            account: Some(connector),
            role: Some(Role::Connector),
            ..Which::default()
        };
        let held = grants::list(db, &everywhere(), which, self.gate.now(), ROLES_OF_ONE).await?;
        Ok(held
            .into_iter()
            .map(|granted| (granted.held.organisation, granted.held.unit))
            .collect())
    }
}
