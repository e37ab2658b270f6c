//! Who has a seat of a subscription, and how much extra storage with it.

use domain::subscription::{KnownSubscription, Seat};
use gate::SeatHolder;
use leptos::prelude::*;

use crate::{
    components::{
        breakable::Breakable,
        table::{Column, Table},
    },
    routes,
    words::thousands,
};

/// The table; each name leads to the account, and the last column to its seats.
#[component]
pub fn SeatHoldersTable(holders: Vec<SeatHolder>) -> impl IntoView {
    let row = |holder: SeatHolder| {
        let (id, name, seat) = (holder.account, holder.name, holder.seat);
        let stands = if seat.active { "In use" } else { "Not activated yet" };
        let storage = extra_storage(&seat);
        let person = view! {
            <a class="app-people__name" href=routes::account(&id)>{name.clone()}</a>
            " "
            <span class="app-people__address"><Breakable text=holder.address/></span>
        };
        let change = view! {
            <a href=routes::account_part(&id, "seats")>"Seats" <span class="nhsuk-u-visually-hidden">" of " {name}</span></a>
        };
        vec![
            person.into_any(),
            stands.into_any(),
            storage.into_any(),
            change.into_any(),
        ]
    };
    let rows = holders.into_iter().map(row).collect();
    let columns = vec![
        Column::Named("Person"),
        Column::Named("Seat"),
        Column::Named("Extra storage"),
        Column::Acts("Change"),
    ];
    let empty = "None of the people you manage has a seat of this subscription.";
    view! { <Table caption="People with a seat of this subscription, by name" columns rows empty/> }
}

/// The extra storage of a seat in words: `50 GB collaboration, 5 GB mail`.
#[must_use]
pub fn extra_storage(seat: &Seat) -> String {
    let parts = [(seat.collab_extra_gb, "collaboration"), (seat.mail_extra_gb, "mail")];
    let some = parts.iter().filter(|(gigabytes, _)| *gigabytes > 0);
    let said: Vec<_> = some
        .map(|(gigabytes, what)| format!("{} GB {what}", thousands(*gigabytes)))
        .collect();
    match said.is_empty() {
        true => "None".to_owned(),
        false => said.join(", "),
    }
}

/// A subscription by its name and number, as lists to choose from have it: `Staff (69051): 3 of 50 free`.
#[must_use]
pub fn choice(known: &KnownSubscription) -> (String, String) {
    let of = &known.subscription;
    let words = format!(
        "{} ({}): {} of {} free",
        of.name,
        of.number,
        thousands(known.free()),
        thousands(of.seats)
    );
    (of.number.to_string(), words)
}

#[cfg(test)]
mod tests {
    use domain::subscription::Offering;

    use super::*;

    #[test]
    fn extra_storage_is_told_side_by_side() {
        let seat = |collab_extra_gb, mail_extra_gb| Seat {
            id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
            subscription: "69051".parse().unwrap(),
            offering: Offering::Bundle,
            active: true,
            collab_extra_gb,
            mail_extra_gb,
        };
        for (collab, mail, told) in [
            (0, 0, "None"),
            (1_000, 0, "1,000 GB collaboration"),
            (50, 5, "50 GB collaboration, 5 GB mail"),
        ] {
            assert_eq!(extra_storage(&seat(collab, mail)), told);
        }
    }
}
