//! What a customer has taken for its people: subscriptions, and the seats that people hold of them.

use serde::{Deserialize, Serialize};

use crate::{
    customer::{Customer, CustomerNumber},
    values::{
        day::Day,
        ids::{AccountId, SeatId, Timestamp, whole_number},
    },
};

whole_number!(
    /// The number of a subscription, as change files name it.
    SubscriptionNumber
);

/// One of the two halves of what people use: nobody has more than one seat of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Files, communities and meetings.
    Collab,
    /// A mailbox.
    Mail,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Collab, Self::Mail];

    /// What sentences call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collab => "collaboration",
            Self::Mail => "mail",
        }
    }
}

/// What is subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offering {
    /// Collaboration alone.
    Collab,
    /// Mail alone.
    Mail,
    /// Both in one.
    Bundle,
    /// Mail on a telephone.
    Traveler,
    /// Documents that several people write.
    Docs,
    /// Mail is kept elsewhere too.
    Retention,
    /// Gigabytes for the collaboration seats of a customer.
    CollabStorage,
    /// Gigabytes for the mail seats of a customer.
    MailStorage,
}

impl Offering {
    /// Every offering.
    pub const ALL: [Self; 8] = [
        Self::Collab,
        Self::Mail,
        Self::Bundle,
        Self::Traveler,
        Self::Docs,
        Self::Retention,
        Self::CollabStorage,
        Self::MailStorage,
    ];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Collab => "collab",
            Self::Mail => "mail",
            Self::Bundle => "bundle",
            Self::Traveler => "traveler",
            Self::Docs => "docs",
            Self::Retention => "retention",
            Self::CollabStorage => "collab-storage",
            Self::MailStorage => "mail-storage",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collab => "Collaboration",
            Self::Mail => "Mail",
            Self::Bundle => "Collaboration and mail",
            Self::Traveler => "Traveler",
            Self::Docs => "Docs",
            Self::Retention => "Retention",
            Self::CollabStorage => "Extra collaboration storage",
            Self::MailStorage => "Extra mail storage",
        }
    }

    /// The word by which a change file revokes a seat of it.
    #[must_use]
    pub const fn keyword(self) -> Option<&'static str> {
        Some(match self {
            Self::Collab => "COLLAB",
            Self::Mail => "MAIL",
            Self::Bundle => "BUNDLE",
            Self::Traveler => "TRAVELER",
            Self::Docs => "IBM_DOCS",
            Self::Retention => "RETENTION",
            Self::CollabStorage | Self::MailStorage => return None,
        })
    }

    /// Whether its seats are for collaboration.
    #[must_use]
    pub const fn covers_collab(self) -> bool {
        matches!(self, Self::Collab | Self::Bundle)
    }

    /// Whether its seats are for mail.
    #[must_use]
    pub const fn covers_mail(self) -> bool {
        matches!(self, Self::Mail | Self::Bundle)
    }

    /// Whether its seats are for a side.
    #[must_use]
    pub const fn covers(self, side: Side) -> bool {
        match side {
            Side::Collab => self.covers_collab(),
            Side::Mail => self.covers_mail(),
        }
    }

    /// Whether its seats go with a seat of another offering.
    #[must_use]
    pub const fn is_accessory(self) -> bool {
        self.needs().is_some()
    }

    /// Whether it is gigabytes and has no seats.
    #[must_use]
    pub const fn is_storage(self) -> bool {
        matches!(self, Self::CollabStorage | Self::MailStorage)
    }

    /// The side of which somebody must have a seat first.
    #[must_use]
    pub const fn needs(self) -> Option<Side> {
        match self {
            Self::Traveler | Self::Retention => Some(Side::Mail),
            Self::Docs => Some(Side::Collab),
            Self::Collab | Self::Mail | Self::Bundle | Self::CollabStorage | Self::MailStorage => None,
        }
    }
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubscriptionState {
    /// Ordered, and not begun.
    Pending,
    /// Its seats can be assigned.
    #[default]
    Active,
    /// No more of its seats can be assigned for now; those assigned stay.
    Suspended,
    /// It is over.
    Cancelled,
}

impl SubscriptionState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Suspended, Self::Cancelled];

    /// The name it is sent and stored by.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads [`Self::slug`] back.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.slug() == slug)
    }

    /// What pages call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// A subscription of a customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its number.
    pub number: SubscriptionNumber,
    /// Whose.
    pub customer: CustomerNumber,
    /// What it is called.
    pub name: String,
    /// The part number it was ordered by.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// What is subscribed to.
    pub offering: Offering,
    /// The subscription of which it is a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SubscriptionNumber>,
    /// How many seats it has.
    #[serde(default)]
    pub seats: u32,
    /// How many gigabytes it has.
    #[serde(default)]
    pub gigabytes: u32,
    /// Where it stands.
    #[serde(default)]
    pub state: SubscriptionState,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<Day>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Day>,
}

impl Subscription {
    /// The most seats, and the most gigabytes, that one has.
    pub const MOST: u32 = 1_000_000;

    /// Whether a seat of a part may change to one of it, as the settings of their customer allow.
    #[must_use]
    pub fn may_replace(&self, from: &Seat, part: &str, customer: &Customer) -> bool {
        from.gives_way_to(self.offering) && customer.may_become(part, &self.part)
    }

    /// Where it stands at a moment: what is active has not begun before its first day, and is over behind its last.
    #[must_use]
    pub fn state_at(&self, now: Timestamp, begins: fn(Day) -> Option<Timestamp>) -> SubscriptionState {
        let has_begun = |day: Day| begins(day).is_some_and(|at| at <= now);
        match self.state {
            SubscriptionState::Active if self.ends_on.and_then(Day::day_after).is_some_and(has_begun) => {
                SubscriptionState::Cancelled
            }
            SubscriptionState::Active if self.starts_on.is_some_and(|first| !has_begun(first)) => {
                SubscriptionState::Pending
            }
            state => state,
        }
    }
}

/// A subscription, and how many of its seats are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSubscription {
    /// The subscription.
    pub subscription: Subscription,
    /// How many of its seats people hold.
    pub taken: u32,
}

impl KnownSubscription {
    /// How many of its seats are free.
    #[must_use]
    pub const fn free(&self) -> u32 {
        self.subscription.seats.saturating_sub(self.taken)
    }
}

/// A seat that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its ID.
    pub id: SeatId,
    /// Of which subscription.
    pub subscription: SubscriptionNumber,
    /// What that is.
    pub offering: Offering,
    /// Whether its holder uses it; otherwise they are invited to.
    pub active: bool,
    /// Gigabytes of the customer's pool for collaboration.
    #[serde(default)]
    pub collab_extra_gb: u32,
    /// Gigabytes of the customer's pool for mail.
    #[serde(default)]
    pub mail_extra_gb: u32,
}

impl Seat {
    /// Whether it is for a side.
    #[must_use]
    pub const fn covers(&self, side: Side) -> bool {
        self.offering.covers(side)
    }

    /// Whether a seat of an offering can come in its place: they have a side in common, or are the same.
    #[must_use]
    pub fn gives_way_to(&self, to: Offering) -> bool {
        self.offering == to || Side::ALL.into_iter().any(|side| self.covers(side) && to.covers(side))
    }

    /// The side that another seat in its place would not cover: what is kept there is deleted.
    #[must_use]
    pub fn dropped_for(&self, to: Offering) -> Option<Side> {
        Side::ALL
            .into_iter()
            .find(|side| self.covers(*side) && !to.covers(*side))
    }
}

/// A seat that somebody is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSeat {
    /// Of which subscription.
    pub subscription: SubscriptionNumber,
    /// What that is.
    pub offering: Offering,
    /// Whether its holder uses it at once; otherwise they are invited to.
    pub active: bool,
}

impl NewSeat {
    /// Whether it is for a side.
    #[must_use]
    pub const fn covers(&self, side: Side) -> bool {
        self.offering.covers(side)
    }
}

/// A seat that somebody is to hold no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatEnd {
    /// The seat as it was.
    pub seat: Seat,
    /// Who gets what is kept in it; otherwise it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_to: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offering_says_what_its_seats_cover_and_need() {
        let said: Vec<_> = Offering::ALL
            .into_iter()
            .map(|one| {
                let covers: Vec<_> = Side::ALL
                    .into_iter()
                    .filter(|side| one.covers(*side))
                    .map(Side::name)
                    .collect();
                (
                    one.slug(),
                    one.keyword().unwrap_or("-"),
                    covers.join("+"),
                    one.needs().map(Side::name),
                )
            })
            .collect();
        let none = String::new;
        let expected = vec![
            ("collab", "COLLAB", "collaboration".to_owned(), None),
            ("mail", "MAIL", "mail".to_owned(), None),
            ("bundle", "BUNDLE", "collaboration+mail".to_owned(), None),
            ("traveler", "TRAVELER", none(), Some("mail")),
            ("docs", "IBM_DOCS", none(), Some("collaboration")),
            ("retention", "RETENTION", none(), Some("mail")),
            ("collab-storage", "-", none(), None),
            ("mail-storage", "-", none(), None),
        ];
        assert_eq!(said, expected);
        for one in Offering::ALL {
            assert_eq!(Offering::from_slug(one.slug()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.slug());
        }
        for one in SubscriptionState::ALL {
            assert_eq!(SubscriptionState::from_slug(one.slug()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.slug());
        }
    }

    #[test]
    fn an_active_subscription_counts_from_its_first_day_to_its_last() {
        use SubscriptionState::{Active, Cancelled, Pending, Suspended};
        let day = |day| Day::of(2027, 1, day);
        // Midnight of a day of January is so many days.
        let begins = |day: Day| Some(Timestamp(i64::from(day.parts().2)));
        let stands = |state, starts_on, ends_on, now| {
            let subscription = Subscription {
                number: SubscriptionNumber(1),
                customer: CustomerNumber::new(7).unwrap(),
                name: String::new(),
                part: String::new(),
                offering: Offering::Collab,
                parent: None,
                seats: 5,
                gigabytes: 0,
                state,
                starts_on,
                ends_on,
            };
            subscription.state_at(Timestamp(now), begins)
        };
        for (state, now, expected) in [
            (Active, 9, Pending),
            (Active, 10, Active),
            (Active, 20, Active),
            (Active, 21, Cancelled),
            (Suspended, 9, Suspended),
            (Suspended, 21, Suspended),
        ] {
            assert_eq!(stands(state, day(10), day(20), now), expected, "{state:?} {now}");
        }
        assert_eq!(stands(Active, None, None, 0), Active);
    }

    #[test]
    fn a_subscription_is_stored_with_its_days_as_days() {
        let text = r#"{"number":69051,"customer":7,"name":"Staff","offering":"bundle","seats":5,"gigabytes":0,"state":"active","ends_on":"2027-03-31"}"#;
        let read: Subscription = serde_json::from_str(text).unwrap();
        assert_eq!(read.ends_on, Day::of(2027, 3, 31));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let known = KnownSubscription {
            subscription: read,
            taken: 7,
        };
        assert_eq!(known.free(), 0);
        assert!(serde_json::from_str::<Subscription>(&text.replace("2027-03-31", "2027-02-30")).is_err());
    }

    #[test]
    fn a_seat_changes_to_what_it_shares_a_side_with_and_settings_allow() {
        let json = r#"{"number":7,"organisation":"RIV","compatible":[["B2","M1"],["B2","C1"],["C1","M1"]]}"#;
        let customer: Customer = serde_json::from_str(json).unwrap();
        let seat = |offering| Seat {
            id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
            subscription: "69051".parse().unwrap(),
            offering,
            active: true,
            collab_extra_gb: 0,
            mail_extra_gb: 0,
        };
        let mail = Subscription {
            number: "69052".parse().unwrap(),
            customer: customer.number,
            name: "Mail".to_owned(),
            part: "M1".to_owned(),
            offering: Offering::Mail,
            parent: None,
            seats: 5,
            gigabytes: 0,
            state: SubscriptionState::Active,
            starts_on: None,
            ends_on: None,
        };
        assert!(mail.may_replace(&seat(Offering::Bundle), "B2", &customer));
        assert!(
            !mail.may_replace(&seat(Offering::Bundle), "B3", &customer),
            "not in the settings"
        );
        assert!(
            !mail.may_replace(&seat(Offering::Collab), "C1", &customer),
            "nothing in common"
        );
    }
}
