//! The order in which rows are applied. A file that adds somebody and then gives them a seat, person by person, names somebody
//! again in every second row, and so many runs would be planned one by one. Where rows of different people have nothing to do
//! with each other, the first rows of all of them are applied before their second rows.
//!
//! What could be told from the file's own order keeps it: the rows of each person; rows that take seats, storage or a Notes
//! name, of which there may be too few; and rows that give names, which are compared with those of others. Any other row
//! is a wall: all before it are applied before it, and all behind it after it.

use std::collections::HashMap;

use domain::{
    change_file::{Action, ChangeRow, Field},
    request::ChangeRequest,
    values::ids::AccountId,
};

/// The places of rows in the order in which they are applied. `holders` says who answers to the addresses that the rows name:
/// somebody may be named by two of theirs.
pub(super) fn in_layers(requests: &[ChangeRequest], holders: &HashMap<String, AccountId>) -> Vec<usize> {
    let mut order = Vec::with_capacity(requests.len());
    let mut layers = Layers::default();
    for (place, request) in requests.iter().enumerate() {
        match request.wish.change_row().and_then(|row| Movable::of(row, holders)) {
            Some(movable) => layers.add(place, movable),
            None => {
                order.append(&mut layers.finish());
                order.push(place);
            }
        }
    }
    order.append(&mut layers.finish());
    order
}

/// Whom a row is about.
#[derive(PartialEq, Eq, Hash)]
enum Person {
    Known(AccountId),
    /// Somebody new, or nobody.
    At(String),
}

/// A row that may be applied before rows of others that stand before it.
struct Movable {
    person: Person,
    /// Whether it gives a name.
    names: bool,
    /// Whether it takes what others may take.
    takes: bool,
}

impl Movable {
    fn of(row: &ChangeRow, holders: &HashMap<String, AccountId>) -> Option<Self> {
        let action = row.what()?;
        if !matches!(action, Action::Add | Action::AssignSeat | Action::Update) {
            return None;
        }
        // Whoever names another person meets them.
        let [address] = <[String; 1]>::try_from(row.addresses()).ok()?;
        let has = |fields: &[Field]| fields.iter().any(|field| row.has(*field));
        let takes = has(&[Field::SubscriptionId, Field::SubscriptionId2, Field::NotesDn]);
        Some(Self {
            person: match holders.get(&address) {
                Some(account) => Person::Known(*account),
                None => Person::At(address),
            },
            names: action == Action::Add || has(&[Field::GivenName, Field::FamilyName]),
            takes: action == Action::AssignSeat || takes,
        })
    }
}

/// Rows between two walls.
#[derive(Default)]
struct Layers {
    /// The layer of each row, with its place.
    rows: Vec<(usize, usize)>,
    /// The first layer in which a person may come again.
    people: HashMap<Person, usize>,
    /// The layer of the last row that gives a name.
    names: usize,
    /// The layer of the last row that takes something.
    takes: usize,
}

impl Layers {
    fn add(&mut self, place: usize, row: Movable) {
        let mut layer = self.people.get(&row.person).copied().unwrap_or_default();
        if row.names {
            layer = layer.max(self.names);
            self.names = layer;
        }
        if row.takes {
            layer = layer.max(self.takes);
            self.takes = layer;
            // It may stand in both orders.
            if row.names {
                self.names = layer;
            }
        }
        self.people.insert(row.person, layer + 1);
        self.rows.push((layer, place));
    }

    /// The places of the rows so far, layer by layer; the next ones stand behind a wall.
    fn finish(&mut self) -> Vec<usize> {
        let mut rows = std::mem::take(self).rows;
        rows.sort_unstable();
        rows.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{customer::CustomerNumber, plan::runs, request::Wish, values::ids::RowNumber};

    use super::*;

    /// Rows written as `Add ann`, `AssignSeat ann` or `Add ann SubscriptionId`.
    fn rows(texts: &[&str]) -> Vec<ChangeRequest> {
        let customer = CustomerNumber::new(30_020_506).unwrap();
        let row = |(place, text): (usize, &&str)| {
            let mut words = text.split(' ');
            let action = words.next().unwrap();
            let mut fields = vec![(Field::EmailAddress, words.next().unwrap())];
            fields.extend(words.map(|word| (Field::read(word).unwrap(), "1")));
            ChangeRequest {
                row: RowNumber(u32::try_from(place).unwrap() + 2),
                wish: Wish::ChangeRow(Box::new(ChangeRow::of(customer, action, fields))),
                promised: None,
            }
        };
        texts.iter().enumerate().map(row).collect()
    }

    fn order(texts: &[&str]) -> Vec<usize> {
        in_layers(&rows(texts), &HashMap::new())
    }

    #[test]
    fn people_who_do_not_meet_are_applied_in_two_runs_instead_of_many() {
        let texts: Vec<_> = (0..50)
            .flat_map(|number| [format!("Add p{number}"), format!("AssignSeat p{number} SubscriptionId")])
            .collect();
        let requests = rows(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(runs(&requests).len(), 51);
        let order = in_layers(&requests, &HashMap::new());
        let ordered: Vec<_> = order.iter().map(|place| requests[*place].clone()).collect();
        assert_eq!(runs(&ordered).len(), 2);
        let evens = (0..50).map(|number| number * 2);
        let odds = (0..50).map(|number| number * 2 + 1);
        assert_eq!(order, evens.chain(odds).collect::<Vec<_>>());
    }

    #[test]
    fn rows_that_take_seats_stay_in_the_order_of_the_file() {
        let texts = [
            "Add ann SubscriptionId",
            "AssignSeat ann SubscriptionId",
            "Add bob SubscriptionId",
            "Update bob JobTitle",
            "AssignSeat cy SubscriptionId",
        ];
        assert_eq!(order(&texts), [0, 1, 2, 4, 3]);
    }

    #[test]
    fn rows_that_name_another_person_or_take_access_are_walls() {
        for wall in [
            "Suspend ann",
            "Remove ann AssignTo",
            "Rename ann AltEmailAddress",
            "Nonsense ann",
        ] {
            let texts = ["Add ann", "AssignSeat ann", wall, "Add bob", "AssignSeat bob", "Add cy"];
            assert_eq!(order(&texts), [0, 1, 2, 3, 5, 4], "{wall}");
        }
    }

    #[test]
    fn somebody_who_is_named_by_two_addresses_keeps_their_order() {
        let requests = rows(&[
            "Update bob JobTitle",
            "Update bob JobTitle",
            "Update bobby JobTitle",
            "Update ann JobTitle",
        ]);
        let bob = AccountId(uuid::Uuid::from_u128(7));
        let holders = ["bob", "bobby"].map(|address| (address.to_owned(), bob));
        assert_eq!(in_layers(&requests, &HashMap::from(holders)), [0, 3, 1, 2]);
    }
}
