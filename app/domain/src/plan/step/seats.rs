//! What is done about somebody's seats, and what a new account gets besides its details.

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountStatus,
    subscription::{NewSeat, Seat, SeatEnd, Side},
    values::ids::SeatId,
};

/// What a new account gets besides its details.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provision {
    /// Its status, where it does not wait for its person to activate it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// Its seats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<NewSeat>,
    /// Whether no invitation is sent to its person.
    #[serde(default)]
    pub suppressed: bool,
}

impl Provision {
    /// Whether it gets nothing besides: its person is invited, and has no seat.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.status.is_none() && self.seats.is_empty() && !self.suppressed
    }

    /// Whether its person gets an invitation: it waits for them, and nobody has said that none is sent.
    #[must_use]
    pub const fn invites(&self) -> bool {
        !self.suppressed && self.status.is_none()
    }

    /// The status of the new account.
    #[must_use]
    pub fn status(&self) -> AccountStatus {
        self.status.unwrap_or(AccountStatus::Pending)
    }
}

/// What is done about one seat of somebody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeatStep {
    /// They get it.
    Assign(NewSeat),
    /// It becomes a seat of another subscription.
    Change {
        /// The seat as it was.
        from: Seat,
        /// What it will be.
        to: NewSeat,
        /// Gigabytes of extra storage for collaboration that it then has.
        collab_extra_gb: u32,
        /// Gigabytes of extra storage for mail that it then has.
        mail_extra_gb: u32,
    },
    /// It is taken away.
    Revoke(SeatEnd),
    /// It gets other amounts of extra storage.
    Storage {
        /// The seat as it was.
        seat: Seat,
        /// Gigabytes for collaboration.
        collab: u32,
        /// Gigabytes for mail.
        mail: u32,
    },
}

impl SeatStep {
    /// Whether it gives a seat that its person is to activate.
    #[must_use]
    pub const fn is_to_activate(&self) -> bool {
        match self {
            Self::Assign(new) | Self::Change { to: new, .. } => !new.active,
            Self::Revoke(_) | Self::Storage { .. } => false,
        }
    }

    /// The sides whose content is deleted with it.
    #[must_use]
    pub fn deletes(&self) -> Vec<Side> {
        match self {
            Self::Assign(_) | Self::Storage { .. } => vec![],
            Self::Change { from, to, .. } => from.dropped_for(to.offering).into_iter().collect(),
            // Somebody else can get what is kept for collaboration, and never mail.
            Self::Revoke(end) => Side::ALL
                .into_iter()
                .filter(|side| end.seat.covers(*side) && (*side == Side::Mail || end.content_to.is_none()))
                .collect(),
        }
    }

    /// The seat as it was; none where it is new.
    #[must_use]
    pub const fn before(&self) -> Option<&Seat> {
        match self {
            Self::Assign(_) => None,
            Self::Change { from: seat, .. } | Self::Revoke(SeatEnd { seat, .. }) | Self::Storage { seat, .. } => {
                Some(seat)
            }
        }
    }

    /// The seat as it will be, under the ID that it has or gets; none where it ends.
    #[must_use]
    pub fn after(&self, id: SeatId) -> Option<Seat> {
        match self {
            Self::Assign(new) => Some(Seat {
                id,
                subscription: new.subscription,
                offering: new.offering,
                active: new.active,
                collab_extra_gb: 0,
                mail_extra_gb: 0,
            }),
            Self::Change {
                to,
                collab_extra_gb,
                mail_extra_gb,
                ..
            } => Some(Seat {
                id,
                subscription: to.subscription,
                offering: to.offering,
                active: to.active,
                collab_extra_gb: *collab_extra_gb,
                mail_extra_gb: *mail_extra_gb,
            }),
            Self::Revoke(_) => None,
            Self::Storage { seat, collab, mail } => Some(Seat {
                collab_extra_gb: *collab,
                mail_extra_gb: *mail,
                ..seat.clone()
            }),
        }
    }
}
