//! Offers of contacts: those that the actor's side sent, and those that wait for its answer.

use domain::{
    contact::Contact,
    dictionary::Attribute,
    offer::Offer,
    organisation::{Organisation, OrganisationCode},
    policy::Deed,
    values::ids::{OfferId, Timestamp},
};
use store::{
    directory::{
        offers::{self, Listed, Side},
        organisations,
    },
    trail::events,
};

use crate::{Gate, GateError, Visit, calendar, people::listing::everywhere};

/// Offers that a page shows, of each side and state.
const SHOWN: u64 = 100;

/// Events of a contact that are looked through for what changed since it was offered.
const LOOKED_THROUGH: u64 = 1000;

/// Offers of the actor's scope.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Those that wait for an answer of this side, and those it answered.
    pub received: Vec<Listed>,
    /// Those that this side made.
    pub sent: Vec<Listed>,
    /// The organisations that they name, for their names.
    pub organisations: Vec<Organisation>,
}

impl Gate {
    /// When an offer lapses that was made at a moment.
    pub(crate) fn lapses_at(&self, offered_at: Timestamp) -> Timestamp {
        calendar::days_after(offered_at, self.rules.timers.offer_days).unwrap_or(calendar::NEVER)
    }
}

impl Visit<'_> {
    /// Offers sent and received.
    ///
    /// # Errors
    /// `Denied` where the actor may move nobody.
    pub async fn offers(&self) -> Result<Offered, GateError> {
        let scope = self.scope(Deed::MoveAndEnd).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        let db = self.gate.store.reader();
        let received = offers::list(db, &scope, Side::Received, SHOWN).await?;
        let sent = offers::list(db, &scope, Side::Sent, SHOWN).await?;
        let both = received.iter().chain(&sent);
        let mut codes: Vec<OrganisationCode> = both
            .flat_map(|listed| [listed.offer.from.clone(), listed.offer.to.clone()])
            .collect();
        codes.sort();
        codes.dedup();
        Ok(Offered {
            received,
            sent,
            organisations: organisations::by_codes(db, &codes).await?,
        })
    }

    /// How many offers wait for an answer of the actor's side.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offers_waiting(&self) -> Result<u64, GateError> {
        let scope = self.scope(Deed::MoveAndEnd).await?;
        Ok(offers::waiting(self.gate.store.reader(), &scope).await?)
    }

    /// One open offer that waits for the actor's answer, with its contact and the organisation that may take it in.
    ///
    /// # Errors
    /// `NotFound` where it is not there, over, or not for this side.
    pub async fn received_offer(&self, id: OfferId) -> Result<(Offer, Contact, Organisation), GateError> {
        let offered = self.offers().await?;
        let open = offered
            .received
            .into_iter()
            .find(|listed| listed.offer.id == id && listed.end.is_none());
        let open = open.ok_or(GateError::NotFound)?;
        let contact = open.contact.ok_or(GateError::NotFound)?;
        let to = self.organisation_to_move_in(&open.offer.to).await?;
        Ok((open.offer, contact, to))
    }

    /// The open offer of a contact that the actor sees, where there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_offer(&self, contact: &Contact) -> Result<Option<Offer>, GateError> {
        Ok(offers::open_of(self.gate.store.reader(), contact.id).await?)
    }

    /// Which details of a contact were changed since it was offered, in the form's order. What they were is not said: the
    /// offer's receiver has no part in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_since(&self, offer: &Offer) -> Result<Vec<Attribute>, GateError> {
        let trail = events::of_subject(self.gate.store.reader(), &offer.contact.to_string(), LOOKED_THROUGH).await?;
        let since = trail.iter().take_while(|event| event.at >= offer.offered_at);
        let mut changed: Vec<_> = since
            .flat_map(|event| event.fact.changes())
            .map(|change| change.attribute)
            .collect();
        changed.sort();
        changed.dedup();
        Ok(changed)
    }

    /// Organisations by their codes, wherever they are: for names beside the codes that a page shows already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn named(&self, codes: &[OrganisationCode]) -> Result<Vec<Organisation>, GateError> {
        Ok(organisations::by_codes(self.gate.store.reader(), codes).await?)
    }

    /// As [`Self::named`], each with its sites and units: for names beside the codes of sites.
    ///
    /// # Errors
    /// As there.
    pub async fn with_sites(&self, codes: &[OrganisationCode]) -> Result<Vec<Organisation>, GateError> {
        let codes = codes.iter().map(ToString::to_string);
        Ok(organisations::complete(self.gate.store.reader(), &everywhere(), codes).await?)
    }

    /// When an offer lapses.
    #[must_use]
    pub fn lapses_at(&self, offer: &Offer) -> Timestamp {
        self.gate.lapses_at(offer.offered_at)
    }
}
