//! The bytes of a cursor: a version, what it is, when it ends, what it is bound to, the position, and the signature
//! (HMAC-SHA256, 128 bits of it).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::values::ids::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::position::Position;

/// The layout of the bytes; another one reads none of the old.
const VERSION: u8 = 1;

/// Bytes of the signature.
const SIGNATURE: usize = 16;

/// Bytes of a fingerprint.
const FINGERPRINT: usize = 8;

/// Bytes of a row's key at most; a longer one is cut, so that a page may begin a little earlier.
const LONGEST_KEY: usize = 1_024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cursor,
    DeltaToken,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Cursor => 1,
            Self::DeltaToken => 2,
        }
    }
}

/// What it is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    holder: [u8; FINGERPRINT],
    scope: [u8; FINGERPRINT],
    asked: [u8; FINGERPRINT],
}

/// What of it is another; the first that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    Holder,
    Asked,
    Scope,
}

pub(super) struct Sealed {
    pub(super) kind: Kind,
    pub(super) ends_at: Timestamp,
    pub(super) bound: Bound,
    pub(super) position: Position,
}

pub(super) struct Opened {
    pub(super) sealed: Sealed,
    pub(super) mismatch: Option<Mismatch>,
}

impl Bound {
    pub(super) fn of(holder: &str, scope: &str, asked: &str) -> Self {
        let fingerprint = |text: &str| {
            let hash = hash(&[text.as_bytes()]);
            let mut first = [0; FINGERPRINT];
            first.copy_from_slice(&hash[..FINGERPRINT]);
            first
        };
        Self {
            holder: fingerprint(holder),
            scope: fingerprint(scope),
            asked: fingerprint(asked),
        }
    }

    pub(super) fn mismatch(self, other: Self) -> Option<Mismatch> {
        match other {
            _ if self.holder != other.holder => Some(Mismatch::Holder),
            _ if self.asked != other.asked => Some(Mismatch::Asked),
            _ if self.scope != other.scope => Some(Mismatch::Scope),
            _ => None,
        }
    }
}

impl Sealed {
    pub(super) fn write(&self, key: &[u8; 64]) -> String {
        let mut bytes = vec![VERSION, self.kind.byte()];
        bytes.extend(self.ends_at.0.to_be_bytes());
        for fingerprint in [self.bound.holder, self.bound.scope, self.bound.asked] {
            bytes.extend(fingerprint);
        }
        match &self.position {
            Position::Row { key, id } => {
                bytes.push(0);
                bytes.extend(id.as_bytes());
                let end = (0..=LONGEST_KEY).rev().find(|end| key.is_char_boundary(*end));
                bytes.extend(key.get(..end.unwrap_or_default()).unwrap_or(key).bytes());
            }
            Position::Event(event) => {
                bytes.push(1);
                bytes.extend(event.to_be_bytes());
            }
            Position::Events { since, until, after } => {
                bytes.push(2);
                for event in [since, until, after] {
                    bytes.extend(event.to_be_bytes());
                }
            }
        }
        let signature = signed(key, &bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads one whose signature is good; nothing of it is looked at before.
    pub(super) fn read(text: &str, key: &[u8; 64]) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (bytes, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        // Takes as long whatever is wrong with it.
        signed(key, bytes).verify_truncated_left(signature).ok()?;
        let mut bytes = Bytes(bytes);
        if bytes.take()? != [VERSION] {
            return None;
        }
        let [kind] = bytes.take()?;
        let kind = [Kind::Cursor, Kind::DeltaToken]
            .into_iter()
            .find(|known| known.byte() == kind)?;
        let ends_at = Timestamp(i64::from_be_bytes(bytes.take()?));
        let bound = Bound {
            holder: bytes.take()?,
            scope: bytes.take()?,
            asked: bytes.take()?,
        };
        let position = match bytes.take()? {
            [0] => Position::Row {
                id: Uuid::from_bytes(bytes.take()?),
                key: std::str::from_utf8(bytes.0).ok()?.to_owned(),
            },
            [1] => Position::Event(i64::from_be_bytes(bytes.take()?)),
            [2] => Position::Events {
                since: i64::from_be_bytes(bytes.take()?),
                until: i64::from_be_bytes(bytes.take()?),
                after: i64::from_be_bytes(bytes.take()?),
            },
            _ => return None,
        };
        Some(Self {
            kind,
            ends_at,
            bound,
            position,
        })
    }
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }
}

fn signed(key: &[u8; 64], bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(key.into());
    mac.update(bytes);
    mac
}

/// SHA-256 of texts, each with its length in front, so that no two lists of texts are the same bytes.
pub(super) fn hash(texts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}
