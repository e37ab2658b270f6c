//! Offers: a contact on its way to another organisation, until somebody there takes it in (S1).

use serde::{Deserialize, Serialize};

use crate::{
    organisation::OrganisationCode,
    values::ids::{AccountId, ContactId, OfferId, Timestamp},
};

/// An open offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its ID.
    pub id: OfferId,
    /// What is offered.
    pub contact: ContactId,
    /// By which organisation.
    pub from: OrganisationCode,
    /// To which.
    pub to: OrganisationCode,
    /// By whom.
    pub by: Option<AccountId>,
    /// By whom, by name.
    pub by_name: String,
    /// When.
    pub offered_at: Timestamp,
}

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfferEnd {
    /// Somebody of the other organisation took the contact in.
    Accepted,
    /// Somebody of the other organisation said no.
    Declined,
    /// The sender took it back.
    Withdrawn,
    /// Nobody answered in time.
    Lapsed,
    /// The contact was deleted in the meantime.
    ContactDeleted,
    /// The contact was moved elsewhere in the meantime.
    ContactMoved,
}

impl OfferEnd {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::Accepted,
        Self::Declined,
        Self::Withdrawn,
        Self::Lapsed,
        Self::ContactDeleted,
        Self::ContactMoved,
    ];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "expired",
            Self::ContactDeleted => "contact-deleted",
            Self::ContactMoved => "contact-moved",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.slug() == slug)
    }

    /// What pages call it, as the end of "the offer …".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "was accepted",
            Self::Declined => "was declined",
            Self::Withdrawn => "was withdrawn",
            Self::Lapsed => "expired",
            Self::ContactDeleted => "ended, because the contact was deleted",
            Self::ContactMoved => "ended, because the contact was moved",
        }
    }
}
