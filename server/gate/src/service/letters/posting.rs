//! Putting letters into the outbox, as part of the change that they tell of.

use domain::values::ids::Timestamp;
use store::{
    ConnectionTrait, StoreError,
    outbox::{self, NewMail},
};

use super::{Letter, layout, wording};

/// As many people or roles as a letter names; of the others it says how many there are.
const LISTED: usize = 20;

impl Letter {
    fn addressed(&self, to: &str) -> Result<NewMail, StoreError> {
        // No subject tells of a link.
        let (subject, _) = wording::say(self, "");
        Ok(NewMail {
            address: to.to_owned(),
            subject: layout::one_line(&subject),
            letter: serde_json::to_string(self)?,
        })
    }

    /// Takes in what another letter of the same kind lists; as it is where it is of another kind.
    fn joined_by(mut self, more: Self) -> Self {
        match (&mut self, more) {
            (
                Self::RolesChanged { roles, others, .. },
                Self::RolesChanged {
                    roles: more,
                    others: unlisted,
                    ..
                },
            ) => list(roles, others, more, unlisted),
            (
                Self::PeopleMoved { people, others, .. },
                Self::PeopleMoved {
                    people: more,
                    others: unlisted,
                    ..
                },
            ) => list(people, others, more, unlisted),
            (
                Self::Absences { people, others, .. },
                Self::Absences {
                    people: more,
                    others: unlisted,
                    ..
                },
            ) => list(people, others, more, unlisted),
            _ => {}
        }
        self
    }

    /// The letter without what it has no room to list.
    fn shortened(mut self) -> Self {
        match &mut self {
            Self::RolesChanged { roles, others, .. } => list(roles, others, vec![], 0),
            Self::PeopleMoved { people, others, .. } => list(people, others, vec![], 0),
            Self::Absences { people, others, .. } => list(people, others, vec![], 0),
            _ => {}
        }
        self
    }
}

fn list<T>(listed: &mut Vec<T>, others: &mut u32, more: Vec<T>, unlisted: u32) {
    listed.extend(more);
    let too_many = listed.len().saturating_sub(LISTED);
    listed.truncate(LISTED);
    *others += unlisted + u32::try_from(too_many).unwrap_or(u32::MAX);
}

/// Posts a letter to an address, as part of the change that it tells of, ahead of those that are posted by the many.
///
/// # Errors
/// When the database fails.
pub async fn post(tx: &impl ConnectionTrait, to: &str, letter: &Letter, now: Timestamp) -> Result<(), StoreError> {
    outbox::put_ahead(tx, &letter.addressed(to)?, now).await
}

/// Posts many letters, each to its address, as part of the change that they tell of.
///
/// # Errors
/// When the database fails.
pub async fn post_all(
    tx: &impl ConnectionTrait,
    letters: &[(String, Letter)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mails: Result<Vec<_>, _> = letters.iter().map(|(to, letter)| letter.addressed(to)).collect();
    outbox::put(tx, &mails?, now).await
}

/// Posts a letter that lists people or roles. If one with the same key waits for the same address, it takes in what this
/// one lists: a submission of many chunks writes to each recipient once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn gather(
    tx: &impl ConnectionTrait,
    to: &str,
    letter: Letter,
    key: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waiting = outbox::gathering(tx, to, key).await?;
    let earlier = waiting.and_then(|waiting| {
        // One that cannot be read is an error where it is sent, and no reason to refuse the change it is about.
        let letter: Letter = serde_json::from_str(&waiting.letter).ok()?;
        Some((waiting, letter))
    });
    match earlier {
        Some((waiting, earlier)) => {
            let joined = earlier.joined_by(letter).addressed(to)?;
            outbox::regather(tx, &waiting, joined, now).await
        }
        None => outbox::put_gathering(tx, &letter.shortened().addressed(to)?, key, now).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::letters::MoveNews;

    fn left(people: &[usize], others: u32) -> Letter {
        Letter::PeopleMoved {
            first_name: "Priya".to_owned(),
            how: MoveNews::Transferred,
            from: "Riverside".to_owned(),
            to: "Hillside".to_owned(),
            by: "Grace Lindholm".to_owned(),
            people: people.iter().map(ToString::to_string).collect(),
            others,
        }
    }

    #[test]
    fn a_letter_lists_twenty_people_and_counts_the_others() {
        let many: Vec<_> = (0..50).collect();
        assert_eq!(left(&many, 0).shortened(), left(&many[..20], 30));
        assert_eq!(left(&many[..5], 0).joined_by(left(&many[5..8], 0)), left(&many[..8], 0));
        assert_eq!(
            left(&many[..15], 0).joined_by(left(&many[15..35], 4)),
            left(&many[..20], 19)
        );
    }
}
