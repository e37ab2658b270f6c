//! What is done about seats, as facts; new seats get their IDs here.

use domain::{
    event::AccountFact,
    plan::SeatStep,
    subscription::{NewSeat, Seat, SeatEnd},
    values::ids::SeatId,
};
use uuid::Uuid;

/// A seat that somebody gets.
pub(super) fn assigned(new: NewSeat) -> AccountFact {
    AccountFact::SeatAssigned {
        seat: Seat {
            id: SeatId(Uuid::now_v7()),
            subscription: new.subscription,
            offering: new.offering,
            active: new.active,
            collab_extra_gb: 0,
            mail_extra_gb: 0,
        },
    }
}

/// A seat that ends.
pub(super) fn revoked(end: SeatEnd) -> AccountFact {
    AccountFact::SeatRevoked {
        seat: end.seat,
        content_to: end.content_to,
    }
}

/// One step about a seat of somebody's.
pub(super) fn fact(step: SeatStep) -> AccountFact {
    match step {
        SeatStep::Assign(new) => assigned(new),
        SeatStep::Revoke(end) => revoked(end),
        SeatStep::Change {
            from,
            to,
            collab_extra_gb,
            mail_extra_gb,
        } => AccountFact::SeatChanged {
            after: Seat {
                id: from.id,
                subscription: to.subscription,
                offering: to.offering,
                active: to.active,
                collab_extra_gb,
                mail_extra_gb,
            },
            before: from,
        },
        SeatStep::Storage { seat, collab, mail } => AccountFact::SeatChanged {
            after: Seat {
                collab_extra_gb: collab,
                mail_extra_gb: mail,
                ..seat.clone()
            },
            before: seat,
        },
    }
}
