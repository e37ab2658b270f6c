//! The form for a subscription: what its fields are called, what stands in them of one, and reading what was sent.

use domain::{
    customer::CustomerNumber,
    subscription::{Offering, Subscription, SubscriptionNumber, SubscriptionState},
    values::day::Day,
};
use gate::calendar;

use super::{
    absence::Wrong,
    dates::{self, DateNames},
    fields::{Answers, Fields},
};

/// The subscription's number.
pub(crate) const NUMBER: &str = "number";
/// What it is called.
pub(crate) const NAME: &str = "name";
/// What is subscribed to.
pub(crate) const OFFERING: &str = "offering";
/// The part number it was ordered by.
pub(crate) const PART: &str = "part";
/// The number of the subscription of which it is a part.
pub(crate) const PARENT: &str = "parent";
/// How many seats it has.
pub(crate) const SEATS: &str = "seats";
/// How many gigabytes it has.
pub(crate) const GIGABYTES: &str = "gigabytes";
/// Where it stands.
pub(crate) const STATE: &str = "state";
/// Its first day.
pub(crate) const STARTS: DateNames = DateNames {
    called: "First day",
    day: "starts-day",
    month: "starts-month",
    year: "starts-year",
};
/// Its last day.
pub(crate) const ENDS: DateNames = DateNames {
    called: "Last day",
    day: "ends-day",
    month: "ends-month",
    year: "ends-year",
};

/// Every field but those of the days, in the order in which the form asks.
pub(crate) const FIELDS: [&str; 8] = [NUMBER, NAME, OFFERING, SEATS, GIGABYTES, PART, PARENT, STATE];

/// A subscription as it stands in the form.
pub(crate) fn answers(subscription: &Subscription) -> Answers {
    let mut said = vec![
        (NUMBER, subscription.number.to_string()),
        (NAME, subscription.name.clone()),
        (OFFERING, subscription.offering.slug().to_owned()),
        (PART, subscription.part.clone()),
        (
            PARENT,
            subscription.parent.map(|parent| parent.to_string()).unwrap_or_default(),
        ),
        (SEATS, subscription.seats.to_string()),
        (GIGABYTES, subscription.gigabytes.to_string()),
        (STATE, subscription.state.slug().to_owned()),
    ];
    for (names, day) in [(STARTS, subscription.starts_on), (ENDS, subscription.ends_on)] {
        let at = day.and_then(calendar::begins);
        said.extend(at.into_iter().flat_map(|at| names.answers(at)));
    }
    said
}

/// The subscription that was sent, or all that is wrong with it. `number` is that of the one that is being changed.
pub(crate) fn read(
    said: &Fields,
    customer: CustomerNumber,
    number: Option<SubscriptionNumber>,
) -> Result<Subscription, Wrong> {
    let mut wrong = Wrong::new();
    let number = number.or_else(|| said.text(NUMBER).parse().ok());
    if number.is_none() {
        let message = match said.text(NUMBER) {
            "" => "Enter the subscription number.",
            _ => "The subscription number must be digits only, up to 9223372036854775807.",
        };
        wrong.push((NUMBER, message.to_owned()));
    }
    let name = said.text(NAME).to_owned();
    if name.is_empty() {
        wrong.push((NAME, "Enter a name for the subscription.".to_owned()));
    }
    let offering = Offering::from_slug(said.text(OFFERING));
    if offering.is_none() {
        wrong.push((OFFERING, "Choose what the subscription is for.".to_owned()));
    }
    let parent = match said.text(PARENT) {
        "" => None,
        typed => typed.parse().ok().or_else(|| {
            let message = "Enter the number of the subscription that it is part of, or leave this empty.";
            wrong.push((PARENT, message.to_owned()));
            None
        }),
    };
    // Nothing typed is none only of what the subscription does not have.
    let is_storage = offering.map(Offering::is_storage);
    let mut counted =
        |field: &'static str, is_needed: bool, message: &str| match said.text(field).replace(',', "").as_str() {
            "" if !is_needed => 0,
            typed => typed.parse().unwrap_or_else(|_| {
                wrong.push((field, message.to_owned()));
                0
            }),
        };
    let seats = counted(
        SEATS,
        is_storage == Some(false),
        "Enter the number of seats in digits, like 50.",
    );
    let gigabytes = counted(
        GIGABYTES,
        is_storage == Some(true),
        "Enter the gigabytes in digits, like 500.",
    );
    let state = SubscriptionState::from_slug(said.text(STATE));
    if state.is_none() {
        wrong.push((STATE, "Choose the state of the subscription.".to_owned()));
    }
    let mut day = |names: DateNames| -> Option<Day> {
        match dates::read(names.called, names.typed(said)) {
            Ok(at) => at.and_then(calendar::day_at),
            Err(message) => {
                wrong.push((names.day, message));
                None
            }
        }
    };
    let (starts_on, ends_on) = (day(STARTS), day(ENDS));
    if starts_on.zip(ends_on).is_some_and(|(starts, ends)| ends < starts) {
        wrong.push((ENDS.day, "The last day must not be before the first day.".to_owned()));
    }
    let (Some(number), Some(offering), Some(state), true) = (number, offering, state, wrong.is_empty()) else {
        return Err(wrong);
    };
    Ok(Subscription {
        number,
        customer,
        name,
        part: said.text(PART).to_owned(),
        offering,
        parent,
        seats,
        gigabytes,
        state,
        starts_on,
        ends_on,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer() -> CustomerNumber {
        "30020506".parse().unwrap()
    }

    #[test]
    fn a_subscription_is_read_as_it_stands_in_the_form_again() {
        let fields = Fields::of(&[
            (NUMBER, "69051"),
            (NAME, "Staff"),
            (OFFERING, "bundle"),
            (PART, "A100"),
            (SEATS, "1,200"),
            (STATE, "active"),
            ("starts-day", "1"),
            ("starts-month", "4"),
            ("starts-year", "2027"),
        ]);
        let read_once = read(&fields, customer(), None).unwrap();
        assert_eq!((read_once.seats, read_once.gigabytes), (1_200, 0));
        assert_eq!(read_once.starts_on, Day::of(2027, 4, 1));
        assert_eq!((read_once.parent, read_once.ends_on), (None, None));
        let again = answers(&read_once);
        let again: Vec<_> = again.iter().map(|(field, text)| (*field, text.as_str())).collect();
        assert_eq!(read(&Fields::of(&again), customer(), None), Ok(read_once));
    }

    #[test]
    fn all_that_is_wrong_with_a_subscription_is_told_at_once() {
        let fields = Fields::of(&[
            (NUMBER, "x"),
            (PARENT, "y"),
            (SEATS, "many"),
            (GIGABYTES, "-1"),
            ("starts-day", "31"),
            ("starts-month", "2"),
            ("starts-year", "2027"),
        ]);
        let wrong = read(&fields, customer(), None).unwrap_err();
        let told: Vec<_> = wrong.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            told,
            [NUMBER, NAME, OFFERING, PARENT, SEATS, GIGABYTES, STATE, STARTS.day]
        );
    }

    #[test]
    fn the_size_of_a_subscription_must_be_typed() {
        let wrong = |offering: &'static str, size: &[(&'static str, &'static str)]| {
            let rest = [(NUMBER, "1"), (NAME, "Staff"), (OFFERING, offering), (STATE, "active")];
            let fields: Vec<_> = rest.into_iter().chain(size.iter().copied()).collect();
            read(&Fields::of(&fields), customer(), None).map_err(|wrong| wrong[0].0)
        };
        assert_eq!(wrong("mail", &[(GIGABYTES, "5")]), Err(SEATS));
        assert_eq!(wrong("mail-storage", &[(SEATS, "5")]), Err(GIGABYTES));
        assert_eq!(wrong("mail", &[(SEATS, "0")]).map(|read| read.seats), Ok(0));
        assert_eq!(
            wrong("mail-storage", &[(GIGABYTES, "30")]).map(|read| read.gigabytes),
            Ok(30)
        );
    }

    #[test]
    fn a_subscription_must_not_end_before_it_starts() {
        let days = |day: &'static str| {
            let fields = Fields::of(&[
                (NUMBER, "1"),
                (NAME, "Staff"),
                (OFFERING, "mail"),
                (SEATS, "5"),
                (STATE, "active"),
                ("starts-day", "2"),
                ("starts-month", "4"),
                ("starts-year", "2027"),
                ("ends-day", day),
                ("ends-month", "4"),
                ("ends-year", "2027"),
            ]);
            read(&fields, customer(), None).map_err(|wrong| wrong[0].0)
        };
        assert!(days("2").is_ok());
        assert_eq!(days("1"), Err(ENDS.day));
    }
}
