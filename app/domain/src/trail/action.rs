//! What sort of thing an entry is: what the trail is filtered by.

use crate::{
    event::{AccountFact, ContactFact, Fact, OfferFact, OrganisationFact, RoleFact, TokenFact},
    life::Turn,
};

/// What an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its own name")]
pub enum Topic {
    Accounts,
    Contacts,
    Organisations,
    Roles,
    SignIns,
    Refusals,
    Reading,
    Trail,
}

impl Topic {
    /// Every topic, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Accounts,
        Self::Contacts,
        Self::Organisations,
        Self::Roles,
        Self::SignIns,
        Self::Refusals,
        Self::Reading,
        Self::Trail,
    ];

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "Accounts",
            Self::Contacts => "Contacts",
            Self::Organisations => "Organisations",
            Self::Roles => "Roles",
            Self::SignIns => "Signing in and passwords",
            Self::Refusals => "Refused requests",
            Self::Reading => "Searches and downloads",
            Self::Trail => "The audit log itself",
        }
    }

    /// The name it is sent by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Contacts => "contacts",
            Self::Organisations => "organisations",
            Self::Roles => "roles",
            Self::SignIns => "sign-ins",
            Self::Refusals => "refusals",
            Self::Reading => "reading",
            Self::Trail => "trail",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.slug() == slug)
    }
}

macro_rules! actions {
    ($($action:ident, $topic:ident, $slug:literal, $name:literal;)*) => {
        /// What sort of thing happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is its own name")]
        pub enum Action {
            $($action,)*
        }

        impl Action {
            /// Every action, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// What pages call it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }

            /// The name it is sent and stored by.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self {
                    $(Self::$action => $slug,)*
                }
            }

            /// What it is about.
            #[must_use]
            pub const fn topic(self) -> Topic {
                match self {
                    $(Self::$action => Topic::$topic,)*
                }
            }
        }
    };
}

actions! {
    AccountCreated, Accounts, "account-created", "Account created";
    AccountChanged, Accounts, "account-changed", "Account changed";
    AccountActivated, Accounts, "account-activated", "Account activated";
    AccountUsedAgain, Accounts, "account-used-again", "Account used again";
    AccountUnused, Accounts, "account-unused", "Account not used for a while";
    AccountLocked, Accounts, "account-locked", "Account locked";
    AccountUnlocked, Accounts, "account-unlocked", "Account unlocked";
    AccountDisabled, Accounts, "account-disabled", "Account disabled";
    AccountEnabled, Accounts, "account-enabled", "Account enabled";
    MarkedAsLeaver, Accounts, "marked-as-leaver", "Marked as leaver";
    KeptOn, Accounts, "kept-on", "Not a leaver after all";
    LeavingPlanned, Accounts, "leaving-planned", "Leaving date set or cancelled";
    StartPlanned, Accounts, "start-planned", "First day changed";
    AbsencePlanned, Accounts, "absence-planned", "Absence planned, changed or cancelled";
    AccountDeleted, Accounts, "account-deleted", "Account deleted";
    AccountRestored, Accounts, "account-restored", "Account restored";
    AccountMoved, Accounts, "account-moved", "Account transferred or joined";
    AccountErased, Accounts, "account-erased", "Account permanently deleted";
    AddressesFreed, Accounts, "addresses-freed", "Reserved email addresses can be used again";
    SeatAssigned, Accounts, "seat-assigned", "Seat assigned";
    SeatChanged, Accounts, "seat-changed", "Seat or its storage changed";
    SeatRevoked, Accounts, "seat-revoked", "Seat revoked";
    AccountHeld, Accounts, "account-held", "Account held";
    AccountReleased, Accounts, "account-released", "Account released";
    RenameAsked, Accounts, "rename-asked", "Confirmation of a new email address requested";
    RenameCancelled, Accounts, "rename-cancelled", "Change of email address cancelled";
    AccountInvited, Accounts, "account-invited", "Activation link sent again";
    SweepConfirmed, Accounts, "automatic-changes-confirmed", "Automatic changes confirmed";
    UploadUndone, Accounts, "upload-undone", "Upload or bulk action undone";
    HeldApplied, Accounts, "held-applied", "Submission by a machine applied";
    HeldDiscarded, Accounts, "held-discarded", "Submission by a machine discarded";
    EmailRunBegun, Accounts, "email-run-begun", "Run of files sent by email started";
    EmailWithdrawn, Accounts, "email-withdrawn", "File sent by email withdrawn";
    ProposalAccepted, Accounts, "proposal-accepted", "Proposal by a connector accepted";
    ProposalDeclined, Accounts, "proposal-declined", "Proposal by a connector declined";
    ContactCreated, Contacts, "contact-created", "Contact created";
    ContactChanged, Contacts, "contact-changed", "Contact changed";
    ContactDeleted, Contacts, "contact-deleted", "Contact deleted";
    ContactRestored, Contacts, "contact-restored", "Contact restored";
    ContactErased, Contacts, "contact-erased", "Contact permanently deleted";
    ContactMoved, Contacts, "contact-moved", "Contact transferred";
    ContactOffered, Contacts, "contact-offered", "Contact offered";
    OfferEnded, Contacts, "offer-ended", "Offer of a contact ended";
    OrganisationFounded, Organisations, "organisation-founded", "Organisation added";
    OrganisationChanged, Organisations, "organisation-changed", "Organisation changed";
    CustomerSet, Organisations, "customer-set", "Customer added or changed";
    SubscriptionSet, Organisations, "subscription-set", "Subscription added or changed";
    ColumnsSaid, Organisations, "columns-said", "File columns set";
    RoleGranted, Roles, "role-granted", "Role given";
    RoleEnded, Roles, "role-ended", "Role ended";
    ConnectorSet, Roles, "connector-set", "Connector settings changed";
    EmailKeySet, Roles, "email-key-set", "Key for files by email made or removed";
    TokenMade, Roles, "token-made", "API token made";
    TokenRevoked, Roles, "token-revoked", "API token revoked";
    SignedIn, SignIns, "signed-in", "Signed in";
    SignInFailed, SignIns, "sign-in-failed", "Sign-in failed";
    ResetLinkSent, SignIns, "reset-link-sent", "Password reset link requested and sent";
    TokenRefused, SignIns, "token-refused", "API token refused";
    LinksGivenOut, SignIns, "links-given-out", "Activation links given out";
    PasswordReset, SignIns, "password-reset", "Password reset";
    PasswordChosen, SignIns, "password-chosen", "Password chosen";
    FactorChanged, SignIns, "second-factor-changed", "Second factor changed";
    FactorsReset, SignIns, "second-factor-reset", "Second factor reset";
    Refused, Refusals, "refused", "Refused";
    Exported, Reading, "exported", "Downloaded";
    EmailSourceRead, Reading, "email-source-read", "Source of an email downloaded";
    LookedUp, Reading, "looked-up", "Searched the national directory";
    TrailRead, Trail, "trail-read", "Audit log read";
    TrailVerified, Trail, "trail-verified", "Audit log verified";
    Forgotten, Trail, "forgotten", "Personal details removed";
    Dropped, Trail, "dropped", "Old entries deleted";
}

impl Action {
    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.slug() == slug)
    }

    /// The actions that are about something.
    pub fn about(topic: Topic) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |action| action.topic() == topic)
    }

    /// The actions that change details, each told with what it was and what it became.
    pub const OF_DETAILS: [Self; 5] = [
        Self::AccountChanged,
        Self::AccountMoved,
        Self::ContactChanged,
        Self::ContactMoved,
        Self::OrganisationChanged,
    ];

    /// The action that a change of the directory is.
    #[must_use]
    pub const fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Organisation(OrganisationFact::Founded(_)) => Self::OrganisationFounded,
            Fact::Organisation(OrganisationFact::Changed { .. }) => Self::OrganisationChanged,
            Fact::Account(_, _, what) => Self::of_account(what),
            Fact::Contact(_, _, what) => match what {
                ContactFact::Created { .. } => Self::ContactCreated,
                ContactFact::Changed { .. } => Self::ContactChanged,
                ContactFact::Deleted => Self::ContactDeleted,
                ContactFact::Restored => Self::ContactRestored,
                ContactFact::Erased => Self::ContactErased,
                ContactFact::Moved { .. } => Self::ContactMoved,
            },
            Fact::Offer { what, .. } => match what {
                OfferFact::Made { .. } => Self::ContactOffered,
                OfferFact::Ended { .. } => Self::OfferEnded,
            },
            Fact::Role { what, .. } => match what {
                RoleFact::Granted { .. } => Self::RoleGranted,
                RoleFact::Ended { .. } => Self::RoleEnded,
            },
            Fact::Token { what, .. } => match what {
                TokenFact::Made { .. } => Self::TokenMade,
                TokenFact::Revoked => Self::TokenRevoked,
            },
            Fact::Customer { .. } => Self::CustomerSet,
            Fact::Subscription { .. } => Self::SubscriptionSet,
        }
    }

    const fn of_account(what: &AccountFact) -> Self {
        match what {
            AccountFact::Created { .. } => Self::AccountCreated,
            AccountFact::Changed { .. } => Self::AccountChanged,
            AccountFact::Turned { turn, .. } => match turn {
                Turn::Activate => Self::AccountActivated,
                Turn::Wake => Self::AccountUsedAgain,
                Turn::Idle => Self::AccountUnused,
                Turn::Lock => Self::AccountLocked,
                Turn::Unlock => Self::AccountUnlocked,
                Turn::Disable => Self::AccountDisabled,
                Turn::Enable => Self::AccountEnabled,
                Turn::MarkLeaver => Self::MarkedAsLeaver,
                Turn::KeepOn => Self::KeptOn,
                Turn::Delete => Self::AccountDeleted,
                Turn::Restore => Self::AccountRestored,
            },
            AccountFact::LeavingPlanned { .. } => Self::LeavingPlanned,
            AccountFact::StartPlanned { .. } => Self::StartPlanned,
            AccountFact::AbsencePlanned { .. } => Self::AbsencePlanned,
            AccountFact::Moved { .. } => Self::AccountMoved,
            AccountFact::PasswordReset { .. } => Self::PasswordReset,
            AccountFact::PasswordChosen => Self::PasswordChosen,
            AccountFact::FactorsReset => Self::FactorsReset,
            AccountFact::Erased { .. } => Self::AccountErased,
            AccountFact::AddressesFreed { .. } => Self::AddressesFreed,
            AccountFact::SeatAssigned { .. } => Self::SeatAssigned,
            AccountFact::SeatChanged { .. } => Self::SeatChanged,
            AccountFact::SeatRevoked { .. } => Self::SeatRevoked,
            AccountFact::Held { .. } => Self::AccountHeld,
            AccountFact::Released => Self::AccountReleased,
            AccountFact::RenameAsked { .. } => Self::RenameAsked,
            AccountFact::Invited => Self::AccountInvited,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_is_read_back_and_every_topic_has_some() {
        let slugs: HashSet<_> = Action::ALL.iter().map(|action| action.slug()).collect();
        assert_eq!(slugs.len(), Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(Action::from_slug(action.slug()), Some(*action));
        }
        for topic in Topic::ALL {
            assert_eq!(Topic::from_slug(topic.slug()), Some(topic));
            assert!(Action::about(topic).next().is_some(), "{topic:?}");
        }
    }
}
