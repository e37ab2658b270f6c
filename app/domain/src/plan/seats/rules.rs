//! What keeps somebody from a seat, and what goes with one that changes or ends.

use crate::{
    change_file::{ChangeFault, Field, Instead},
    channel::Channel,
    customer::{Customer, FederationType},
    dictionary::Attributes,
    plan::{SeatStep, matching::World},
    subscription::{KnownSubscription, NewSeat, Offering, Seat, SeatEnd, Side, SubscriptionNumber, SubscriptionState},
    values::ids::AccountId,
};

/// Somebody's seats while they are looked at, with all that is wrong and noticed.
pub(in crate::plan) struct Seating<'x, 'w> {
    world: &'x World<'w>,
    customer: &'w Customer,
    /// By which address they are told of.
    pub(in crate::plan) email: String,
    /// The seats that they have.
    pub(in crate::plan) seats: Vec<Seat>,
    /// The seats that they get.
    new: Vec<NewSeat>,
    /// What is wrong.
    pub(in crate::plan) faults: Vec<ChangeFault>,
    /// What is told.
    pub(in crate::plan) notices: Vec<ChangeFault>,
}

/// The side that a seat covers and the one before it does not.
fn gained(from: &Seat, to: Offering) -> impl Iterator<Item = Side> {
    Side::ALL
        .into_iter()
        .filter(move |side| to.covers(*side) && !from.covers(*side))
}

impl<'x, 'w> Seating<'x, 'w> {
    pub(in crate::plan) const fn of(
        world: &'x World<'w>,
        customer: &'w Customer,
        email: String,
        seats: Vec<Seat>,
    ) -> Self {
        Self {
            world,
            customer,
            email,
            seats,
            new: vec![],
            faults: vec![],
            notices: vec![],
        }
    }

    /// How their person signs in.
    pub(in crate::plan) fn federation(&self, attributes: &Attributes) -> FederationType {
        super::federation_of(self.customer, attributes)
    }

    /// Whether a person asks by form: sentences then have no words of files.
    fn is_by_form(&self) -> bool {
        self.world.snapshot.channel != Channel::ChangeFile
    }

    /// Whether a seat of theirs covers a side.
    pub(in crate::plan) fn covers(&self, side: Side) -> bool {
        self.seats.iter().any(|seat| seat.covers(side)) || self.new.iter().any(|seat| seat.covers(side))
    }

    /// The subscription of the customer's that a text names.
    pub(in crate::plan) fn subscription(&mut self, text: &str) -> Option<&'w KnownSubscription> {
        let number = text.parse::<SubscriptionNumber>().ok();
        let known = number.and_then(|number| self.world.subscription(number));
        let own = known.filter(|known| known.subscription.customer == self.customer.number);
        if own.is_none() {
            self.faults.push(ChangeFault::SubscriptionNone { id: text.to_owned() });
        }
        own
    }

    /// What a subscription is called; of one out of sight, what it offers.
    pub(in crate::plan) fn name_of(&self, number: SubscriptionNumber, offering: Offering) -> String {
        let known = self.world.subscription(number);
        known.map_or_else(|| offering.name().to_owned(), |known| known.subscription.name.clone())
    }

    /// Whether a seat of a subscription can be given to anybody.
    fn check_open(&mut self, known: &KnownSubscription) {
        let subscription = &known.subscription;
        let (name, state) = (subscription.name.clone(), self.world.state_of(subscription));
        if subscription.offering.is_storage() {
            self.faults.push(ChangeFault::SubscriptionStorage { name });
        } else if state != SubscriptionState::Active {
            let (id, ended) = (subscription.number.to_string(), self.world.ended_on(subscription));
            self.faults.push(ChangeFault::SubscriptionInactive { id, state, ended });
        } else if self.world.taken_seats(known) >= subscription.seats {
            let seats = subscription.seats;
            self.faults.push(ChangeFault::SeatsFull { name, seats });
        }
    }

    /// One more seat. `None` if they cannot have it.
    pub(in crate::plan) fn assign(&mut self, known: &KnownSubscription, active: bool) -> Option<NewSeat> {
        let faults = self.faults.len();
        let offering = known.subscription.offering;
        self.check_open(known);
        for side in Side::ALL.into_iter().filter(|side| offering.covers(*side)) {
            self.check_side(side, None);
        }
        self.check_accessory(offering);
        if self.faults.len() > faults {
            return None;
        }
        let seat = NewSeat {
            subscription: known.subscription.number,
            offering,
            active,
        };
        self.new.push(seat.clone());
        Some(seat)
    }

    /// Nobody has two seats of a side; `but` is given back.
    fn check_side(&mut self, side: Side, but: Option<&Seat>) {
        let held = self
            .seats
            .iter()
            .find(|seat| seat.covers(side) && but.is_none_or(|but| but.id != seat.id));
        let held = held.map(|seat| (seat.subscription, seat.offering));
        let new = self.new.iter().find(|seat| seat.covers(side));
        let other = held.or_else(|| new.map(|seat| (seat.subscription, seat.offering)));
        if let Some((number, offering)) = other {
            let (email, name) = (self.email.clone(), self.name_of(number, offering));
            let instead = match but {
                Some(_) => Instead::Revoke,
                None if self.is_by_form() => Instead::ThatSeat,
                None => Instead::ChangeSeat,
            };
            self.faults.push(ChangeFault::SecondSeat {
                email,
                side,
                name,
                instead,
            });
        }
    }

    /// An accessory goes with a seat of its side, and nobody has two of one kind.
    fn check_accessory(&mut self, offering: Offering) {
        let Some(side) = offering.needs() else {
            return;
        };
        let has_one = self.seats.iter().any(|seat| seat.offering == offering)
            || self.new.iter().any(|seat| seat.offering == offering);
        if has_one {
            let email = self.email.clone();
            self.faults.push(ChangeFault::SecondAccessory { email, offering });
        }
        if !self.covers(side) {
            self.faults.push(ChangeFault::SeatNeeds { offering, side });
        }
    }

    /// A seat of another subscription in the place of one that they have. `None` if they cannot have it.
    pub(in crate::plan) fn change(&mut self, from: &Seat, target: &KnownSubscription) -> Option<SeatStep> {
        let faults = self.faults.len();
        let offering = target.subscription.offering;
        self.check_open(target);
        let known = self.world.subscription(from.subscription);
        let part = known.map_or("", |known| known.subscription.part.as_str());
        if !target.subscription.may_replace(from, part, self.customer) {
            let from = self.name_of(from.subscription, from.offering);
            let to = target.subscription.name.clone();
            self.faults.push(ChangeFault::ChangeIncompatible { from, to });
        }
        for side in gained(from, offering) {
            self.check_side(side, Some(from));
        }
        if let Some(side) = from.dropped_for(offering) {
            let needed = self.seats.iter().filter(|seat| seat.offering.needs() == Some(side));
            let by_form = self.is_by_form();
            let needed = needed.map(|seat| ChangeFault::SeatNeeded {
                offering: seat.offering,
                side,
                by_form,
            });
            self.faults.extend(needed);
        }
        if self.faults.len() > faults {
            return None;
        }
        let keeps = |side| offering.covers(side);
        for (side, gigabytes) in extra(from).into_iter().filter(|(side, _)| !keeps(*side)) {
            self.notice_storage(side, gigabytes);
        }
        let kept = |side, gigabytes| if keeps(side) { gigabytes } else { 0 };
        Some(SeatStep::Change {
            from: from.clone(),
            to: NewSeat {
                subscription: target.subscription.number,
                offering,
                active: from.active,
            },
            collab_extra_gb: kept(Side::Collab, from.collab_extra_gb),
            mail_extra_gb: kept(Side::Mail, from.mail_extra_gb),
        })
    }

    /// One seat less, and those that cannot be without it.
    pub(in crate::plan) fn revoke(&mut self, seat: &Seat, content_to: Option<AccountId>) -> Vec<SeatStep> {
        let mut steps = vec![];
        let sides: Vec<_> = Side::ALL.into_iter().filter(|side| seat.covers(*side)).collect();
        for other in self.seats.clone() {
            let needs = other.offering.needs().filter(|side| sides.contains(side));
            if let Some(side) = needs {
                let offering = other.offering;
                self.notices.push(ChangeFault::SeatGoesToo { offering, side });
                steps.push(SeatStep::Revoke(SeatEnd {
                    seat: other,
                    content_to: None,
                }));
            }
        }
        for (side, gigabytes) in extra(seat) {
            self.notice_storage(side, gigabytes);
        }
        steps.push(SeatStep::Revoke(SeatEnd {
            seat: seat.clone(),
            content_to,
        }));
        steps
    }

    /// Other amounts of extra storage; what is `None` stays. `None` if they cannot have them, or have them already.
    pub(in crate::plan) fn storage(&mut self, seat: &Seat, collab: Option<u32>, mail: Option<u32>) -> Option<SeatStep> {
        let faults = self.faults.len();
        for (side, wished, had) in [
            (Side::Collab, collab, seat.collab_extra_gb),
            (Side::Mail, mail, seat.mail_extra_gb),
        ] {
            let Some(wished) = wished else { continue };
            if !seat.covers(side) {
                let name = self.name_of(seat.subscription, seat.offering);
                let field = field_of(side);
                self.faults.push(ChangeFault::StorageSide { field, name });
                continue;
            }
            let needed = wished.saturating_sub(had);
            let free = self.world.free_storage(self.customer.number, side);
            if needed > free {
                self.faults.push(ChangeFault::StoragePool { side, needed, free });
            }
        }
        let collab = collab.unwrap_or(seat.collab_extra_gb);
        let mail = mail.unwrap_or(seat.mail_extra_gb);
        let is_so = (collab, mail) == (seat.collab_extra_gb, seat.mail_extra_gb);
        let seat = seat.clone();
        (self.faults.len() == faults && !is_so).then_some(SeatStep::Storage { seat, collab, mail })
    }

    fn notice_storage(&mut self, side: Side, gigabytes: u32) {
        if gigabytes > 0 {
            self.notices.push(ChangeFault::StorageBack { side, gigabytes });
        }
    }
}

const fn extra(seat: &Seat) -> [(Side, u32); 2] {
    [(Side::Collab, seat.collab_extra_gb), (Side::Mail, seat.mail_extra_gb)]
}

const fn field_of(side: Side) -> Field {
    match side {
        Side::Collab => Field::CollabExtraStorage,
        Side::Mail => Field::MailExtraStorage,
    }
}
