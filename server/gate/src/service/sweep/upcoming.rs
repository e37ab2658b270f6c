//! What will happen by itself, as it is told ahead.

use std::collections::HashSet;

use domain::{
    account::{Account, AccountStatus},
    contact::Contact,
    life::{Span, Then, Turn},
    offer::OfferEnd,
    organisation::OrganisationCode,
    policy::{Deed, Scope, ScopePart},
    request::{AccountWish, ContactWish, RoleWish, Wish},
    values::ids::{AccountId, Timestamp},
};
use store::{
    directory::{due_changes::Dated, grants::Granted, organisations},
    submissions::Submission,
};

use super::sort::Sort;
use crate::{Gate, GateError, Visit, calendar};

/// As many as a page of what is coming up names.
pub const NAMED: usize = 200;

/// Days for which an account that was used is not said to become inactive: one that is used daily is thirty days away from
/// it, always.
const IN_USE_DAYS: u32 = 7;

/// What somebody may want to prevent, or to prepare for.
const SOON: [Sort; 8] = [
    Sort::Leaving,
    Sort::Dated(Dated::Away),
    Sort::Dated(Dated::Back),
    Sort::Dated(Dated::Start),
    Sort::Status(AccountStatus::Inactive),
    Sort::Status(AccountStatus::Disabled),
    Sort::Status(AccountStatus::Leaver),
    Sort::Grants,
];

/// What will happen by itself.
#[derive(Clone, Debug)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Upcoming,
}

/// Which steps somebody looks ahead to; all that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpcomingFilter {
    /// Only what is about people of this organisation or of those below it.
    pub organisation: Option<OrganisationCode>,
    /// Only steps of this kind.
    pub kind: Option<UpcomingKind>,
}

/// What a step comes to for whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpcomingKind {
    /// Somebody new has their first day: their activation link is sent.
    Starts,
    /// Somebody is away from that day on: the account is disabled.
    AbsenceBegins,
    /// Somebody is back: the account is enabled.
    AbsenceEnds,
    /// A leaving date comes.
    Leaves,
    /// An account becomes inactive.
    BecomesInactive,
    /// An account is deleted, and can still be restored.
    Deleted,
    /// An account or a contact is permanently deleted.
    PermanentlyDeleted,
    /// A role ends.
    RoleEnds,
    /// An offer lapses.
    OfferLapses,
}

impl UpcomingKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Starts,
        Self::AbsenceBegins,
        Self::AbsenceEnds,
        Self::Leaves,
        Self::BecomesInactive,
        Self::Deleted,
        Self::PermanentlyDeleted,
        Self::RoleEnds,
        Self::OfferLapses,
    ];

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starts => "Activation link sent",
            Self::AbsenceBegins => "Absence begins",
            Self::AbsenceEnds => "Absence ends",
            Self::Leaves => "Leaves",
            Self::BecomesInactive => "Becomes inactive",
            Self::Deleted => "Deleted",
            Self::PermanentlyDeleted => "Permanently deleted",
            Self::RoleEnds => "Role ends",
            Self::OfferLapses => "Offer lapses",
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::AbsenceBegins => "absence-begins",
            Self::AbsenceEnds => "absence-ends",
            Self::Leaves => "leaves",
            Self::BecomesInactive => "becomes-inactive",
            Self::Deleted => "deleted",
            Self::PermanentlyDeleted => "permanently-deleted",
            Self::RoleEnds => "role-ends",
            Self::OfferLapses => "offer-lapses",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// A step that the service will take.
#[derive(Clone, Debug)]
pub enum Upcoming {
    /// A turn of an account, or its end.
    Account(Box<Account>, Then),
    /// A contact is forgotten.
    EraseContact(Box<Contact>),
    /// An offer lapses.
    Lapse(domain::offer::Offer),
    /// The reserved addresses of an erased account become free.
    FreeAddresses(AccountId),
    /// What was asked for by a form is discarded: nobody has decided on it.
    ThrowAway(Box<Submission>),
    /// A role ends, because its end date has come.
    EndRole(Box<Granted>),
}

impl Upcoming {
    /// What it comes to; `None` where it is about nobody who is there.
    #[must_use]
    pub fn kind(&self) -> Option<UpcomingKind> {
        match self {
            Self::Account(_, Then::Erase) | Self::EraseContact(_) => Some(UpcomingKind::PermanentlyDeleted),
            Self::Account(_, Then::Turn(Turn::MarkLeaver)) => Some(UpcomingKind::Leaves),
            Self::Account(_, Then::Turn(Turn::Idle)) => Some(UpcomingKind::BecomesInactive),
            Self::Account(_, Then::Turn(Turn::Delete)) => Some(UpcomingKind::Deleted),
            Self::Account(_, Then::Start) => Some(UpcomingKind::Starts),
            Self::Account(_, Then::Turn(Turn::Disable)) => Some(UpcomingKind::AbsenceBegins),
            Self::Account(_, Then::Turn(Turn::Enable) | Then::GiveUpAbsence) => Some(UpcomingKind::AbsenceEnds),
            Self::Account(_, Then::Turn(_)) | Self::FreeAddresses(_) | Self::ThrowAway(_) => None,
            Self::EndRole(_) => Some(UpcomingKind::RoleEnds),
            Self::Lapse(_) => Some(UpcomingKind::OfferLapses),
        }
    }

    /// The step in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Account(account, Then::Erase) => format!("{}: permanently deleted", account.full_name()),
            Self::Account(account, Then::Start) => format!("{}: activation link sent", account.full_name()),
            Self::Account(account, Then::GiveUpAbsence) => {
                format!("{}: planned absence cancelled, because it is over", account.full_name())
            }
            Self::Account(account, Then::Turn(turn)) => {
                let after = turn
                    .leads(account.status, account.activated)
                    .map_or("", AccountStatus::name);
                format!("{}: {} → {after}", account.full_name(), account.status.name())
            }
            Self::EraseContact(contact) => format!("{}, a contact: permanently deleted", contact.full_name()),
            Self::Lapse(offer) => format!("An offer from {} to {}: lapses", offer.from, offer.to),
            Self::FreeAddresses(account) => format!("The addresses of erased account {account}: free again"),
            Self::ThrowAway(asked) => {
                let (title, asker) = (&asked.file_name, asked.actor.name());
                format!("{title}, asked for by {asker} and not decided on: thrown away")
            }
            Self::EndRole(granted) => {
                let held = &granted.held;
                let (name, role) = (granted.holder.full_name(), held.role.name());
                format!("{name}: no longer {role} of {}", held.organisation)
            }
        }
    }

    /// What the service asks for; nothing where no person is changed.
    pub(super) fn wish(&self) -> Option<Wish> {
        Some(match self {
            Self::Account(account, then) => {
                let wish = match then {
                    Then::Turn(turn) => AccountWish::Turn(*turn),
                    Then::Erase => AccountWish::Erase,
                    Then::Start => AccountWish::ResetPassword,
                    Then::GiveUpAbsence => AccountWish::Absence(None),
                };
                Wish::Account(account.id, wish)
            }
            Self::EraseContact(contact) => Wish::Contact(contact.id, ContactWish::Erase),
            Self::Lapse(offer) => Wish::EndOffer(offer.id, OfferEnd::Lapsed),
            Self::FreeAddresses(account) => Wish::Account(*account, AccountWish::FreeAddresses),
            Self::ThrowAway(_) => return None,
            Self::EndRole(granted) => Wish::Role(
                granted.holder.id,
                RoleWish::Revoke {
                    grant: granted.held.grant,
                    organisation: granted.held.organisation.clone(),
                    reason: "Its end date has come".to_owned(),
                },
            ),
        })
    }
}

impl Due {
    pub(super) fn account(&self) -> Option<AccountId> {
        match &self.what {
            Upcoming::Account(account, _) => Some(account.id),
            Upcoming::EraseContact(_) | Upcoming::Lapse(_) => None,
            Upcoming::FreeAddresses(_) | Upcoming::ThrowAway(_) | Upcoming::EndRole(_) => None,
        }
    }

    /// Whose leaving date comes.
    pub(super) fn leaver(&self) -> Option<AccountId> {
        match &self.what {
            Upcoming::Account(account, Then::Turn(Turn::MarkLeaver)) => Some(account.id),
            _ => None,
        }
    }

    /// Who is deleted.
    fn deleted(&self) -> Option<AccountId> {
        match &self.what {
            Upcoming::Account(account, Then::Turn(Turn::Delete)) => Some(account.id),
            _ => None,
        }
    }
}

impl Gate {
    /// Days after it was used for which an account is in use: it is not said to become inactive soon.
    #[must_use]
    pub fn in_use_days(&self) -> u32 {
        IN_USE_DAYS.min(self.rules.timers.unused_days / 2)
    }

    fn in_use_since(&self) -> Option<Timestamp> {
        let days = self.in_use_days();
        calendar::before(self.now(), Span { months: 0, days })
    }
}

impl Visit<'_> {
    /// What will happen by itself, within so many days, to the people that the actor manages and to their offers;
    /// soonest first, at most [`NAMED`]. That an account becomes inactive is left out while it is in use; see
    /// [`Gate::in_use_days`].
    ///
    /// # Errors
    /// `Denied` where they manage nobody's life.
    pub async fn upcoming(&self, days: u32) -> Result<Vec<Due>, GateError> {
        self.upcoming_among(days, &UpcomingFilter::default()).await
    }

    /// As [`Self::upcoming`], what a filter leaves of it.
    ///
    /// # Errors
    /// As there.
    pub async fn upcoming_among(&self, days: u32, filter: &UpcomingFilter) -> Result<Vec<Due>, GateError> {
        let gate = self.gate;
        let mut scope = self.scope(Deed::MoveAndEnd).await?;
        if scope.is_empty() {
            return Err(GateError::Denied);
        }
        if let Some(code) = &filter.organisation {
            let found = organisations::by_codes(gate.store.reader(), std::slice::from_ref(code)).await?;
            let parts = found.into_iter().map(|place| ScopePart {
                path: place.path,
                unit: None,
            });
            scope = scope.overlap(&Scope {
                everything: false,
                parts: parts.collect(),
            });
            if scope.is_empty() {
                return Ok(vec![]);
            }
        }
        let (Some(by), Some(in_use_since)) = (calendar::days_after(gate.now(), days), gate.in_use_since()) else {
            return Ok(vec![]);
        };
        let mut due = Vec::new();
        for sort in Sort::all() {
            let sort = match sort {
                Sort::Status(status @ AccountStatus::Active) => Sort::Unused(status, in_use_since),
                Sort::Leaving | Sort::Dated(_) | Sort::Status(_) | Sort::Unused(..) | Sort::Contacts | Sort::Grants => {
                    sort
                }
                // Offers are looked up by their sides; an erased account is nobody's any more, and what was asked for is
                // its asker's alone.
                Sort::Offers | Sort::Addresses | Sort::Undecided => continue,
            };
            due.extend(gate.due_of(sort, &scope, by, NAMED).await?);
        }
        drop_deleted_leavers(&mut due);
        let offered = self.offers().await?;
        let mut seen = HashSet::new();
        for listed in offered.sent.into_iter().chain(offered.received) {
            let at = self.lapses_at(&listed.offer);
            let asked_for = filter
                .organisation
                .as_ref()
                .is_none_or(|code| [&listed.offer.from, &listed.offer.to].contains(&code));
            if asked_for && listed.end.is_none() && at <= by && seen.insert(listed.offer.id) {
                let what = Upcoming::Lapse(listed.offer);
                due.push(Due { at, what });
            }
        }
        if filter.kind.is_some() {
            due.retain(|due| due.what.kind() == filter.kind);
        }
        due.sort_by_key(|due| due.at);
        due.truncate(NAMED);
        Ok(due)
    }

    /// Counts the automatic changes of the next days that somebody may want to prevent or to prepare for, by kind, among
    /// the people that the actor manages. Marks of inactivity, permanent deletions and offers are left out. Of each sort
    /// about [`NAMED`] are counted at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn soon(&self, days: u32) -> Result<Vec<(UpcomingKind, usize)>, GateError> {
        let scope = self.scope(Deed::MoveAndEnd).await?;
        let by = calendar::days_after(self.gate.now(), days);
        let Some(by) = by.filter(|_| !scope.is_empty()) else {
            return Ok(vec![]);
        };
        let mut due = Vec::new();
        for sort in SOON {
            due.extend(self.gate.due_of(sort, &scope, by, NAMED).await?);
        }
        drop_deleted_leavers(&mut due);
        let counted = UpcomingKind::ALL.map(|kind| {
            let of_kind = due.iter().filter(|due| due.what.kind() == Some(kind));
            (kind, of_kind.count())
        });
        Ok(counted.into_iter().filter(|(_, many)| *many > 0).collect())
    }
}

/// Drops the leaving dates of people who are deleted before them.
fn drop_deleted_leavers(due: &mut Vec<Due>) {
    let deleted: HashSet<_> = due.iter().filter_map(Due::deleted).collect();
    due.retain(|due| due.leaver().is_none_or(|id| !deleted.contains(&id)));
}
