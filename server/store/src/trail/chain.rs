//! How entries are chained. Each entry has a header that stays for good, and a content that may have to be forgotten. The
//! header holds the content's salted SHA-256, and each entry's hash covers its header and the hash before it. So a value
//! can go, with its salt, and the chain still holds; and nobody can try values until one fits the digest.
//!
//! Every field is written with its length in front, so that no two contents are written alike.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a hash begins with: a change of how entries are hashed is another word.
const SCHEME: &[u8] = b"staffbook-trail-1";

/// The hash before the first entry.
pub(super) fn beginning() -> String {
    "0".repeat(64)
}

/// What stays of an entry for good.
#[derive(Clone, Copy)]
pub(super) struct Header<'a> {
    pub(super) number: i64,
    pub(super) at: i64,
    pub(super) action: &'a str,
    pub(super) actor: Option<Uuid>,
    pub(super) organisation: Option<&'a str>,
    pub(super) other_organisation: Option<&'a str>,
    pub(super) person: Option<Uuid>,
    pub(super) rights: &'a str,
    pub(super) digest: &'a str,
}

/// What may be forgotten of an entry. Of something that is no change of the directory, only name and `told`.
#[derive(Clone, Copy, Default)]
pub(super) struct Content<'a> {
    pub(super) actor_name: Option<&'a str>,
    pub(super) channel: Option<&'a str>,
    pub(super) submission: Option<&'a str>,
    pub(super) row: Option<i64>,
    pub(super) told: Option<&'a str>,
}

impl Header<'_> {
    /// The entry's hash, in hexadecimal; `before` is that of the entry before it.
    pub(super) fn hash(&self, before: &str) -> String {
        let mut sum = Sha256::new_with_prefix(SCHEME);
        put(&mut sum, Some(before.as_bytes()));
        put(&mut sum, Some(&self.number.to_be_bytes()));
        put(&mut sum, Some(&self.at.to_be_bytes()));
        put(&mut sum, Some(self.action.as_bytes()));
        put(&mut sum, self.actor.as_ref().map(|id| id.as_bytes().as_slice()));
        put(&mut sum, self.organisation.map(str::as_bytes));
        put(&mut sum, self.other_organisation.map(str::as_bytes));
        put(&mut sum, self.person.as_ref().map(|id| id.as_bytes().as_slice()));
        put(&mut sum, Some(self.rights.as_bytes()));
        put(&mut sum, Some(self.digest.as_bytes()));
        hexadecimal(&sum.finalize())
    }
}

impl Content<'_> {
    /// The content's digest, in hexadecimal. What is left of a forgotten content has an empty salt.
    pub(super) fn digest(&self, salt: &str) -> String {
        let mut sum = Sha256::new_with_prefix(SCHEME);
        put(&mut sum, Some(salt.as_bytes()));
        put(&mut sum, self.actor_name.map(str::as_bytes));
        put(&mut sum, self.channel.map(str::as_bytes));
        put(&mut sum, self.submission.map(str::as_bytes));
        put(
            &mut sum,
            self.row.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice),
        );
        put(&mut sum, self.told.map(str::as_bytes));
        hexadecimal(&sum.finalize())
    }
}

/// A salt: 16 random bytes.
pub(super) fn salt() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn put(sum: &mut Sha256, field: Option<&[u8]>) {
    match field {
        None => sum.update([0]),
        Some(bytes) => {
            sum.update([1]);
            sum.update((bytes.len() as u64).to_be_bytes());
            sum.update(bytes);
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let both = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(both).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_contents_are_written_alike() {
        let one = Content {
            actor_name: Some("ab"),
            channel: Some("c"),
            ..Content::default()
        };
        let other = Content {
            actor_name: Some("a"),
            channel: Some("bc"),
            ..Content::default()
        };
        let without = Content {
            actor_name: None,
            channel: Some("abc"),
            ..Content::default()
        };
        let digests = [one, other, without].map(|content| content.digest("salt"));
        assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
        assert_ne!(one.digest("salt"), one.digest("tlas"));
    }

    #[test]
    fn a_hash_is_known_for_good() {
        // What was chained years ago is verified by the same arithmetic.
        let header = Header {
            number: 1,
            at: 1_795_262_400_000,
            action: "signed-in",
            actor: Some(Uuid::nil()),
            organisation: Some("RIV"),
            other_organisation: None,
            person: None,
            rights: "[]",
            digest: "d",
        };
        let known = "c2c2f3347262a05ad7c68c84d9faa716715845b8261687a6549487204a552da6";
        assert_eq!(header.hash(&beginning()), known);
    }
}
