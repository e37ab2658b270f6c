//! Cursors and delta tokens: a place in a list or in the events, signed, so that clients carry what servers would otherwise
//! remember. Each is bound to whose it is, to the scope, and to what was asked, and ends by itself. They hold letters, digits,
//! hyphens and underscores only (RFC 9865, 2).

mod position;
mod sealed;

use domain::values::ids::Timestamp;

pub use self::position::Position;
use self::sealed::{Kind, Opened, Sealed};
use crate::error::{ScimError, ScimType};

/// The most characters of one.
pub const LONGEST: usize = 2_048;

/// What signs: derived from a secret of the service.
#[derive(Clone)]
pub struct SigningKey([u8; 64]);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

/// What cursors and tokens are bound to.
#[derive(Clone, Copy, Debug)]
pub struct Seal<'a> {
    /// What signs.
    pub key: &'a SigningKey,
    /// Whose it is: a token's ID, or the connector's.
    pub holder: &'a str,
    /// What they may see, in one spelling; another scope makes it worthless.
    pub scope: &'a str,
    /// What was asked, in one spelling: resource, filter and order.
    pub asked: &'a str,
}

impl SigningKey {
    /// The key that a secret gives.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let mut key = [0; 64];
        key[..32].copy_from_slice(&sealed::hash(&[b"staffbook scim cursors", secret]));
        Self(key)
    }
}

impl Seal<'_> {
    /// A cursor.
    #[must_use]
    pub fn cursor(&self, position: Position, ends_at: Timestamp) -> String {
        self.sealed(Kind::Cursor, position, ends_at)
    }

    /// A delta token.
    #[must_use]
    pub fn delta_token(&self, position: Position, ends_at: Timestamp) -> String {
        self.sealed(Kind::DeltaToken, position, ends_at)
    }

    /// Reads a cursor back.
    ///
    /// # Errors
    /// `invalidCursor` if it is not from here, or from another list; `expiredCursor` if its time is over.
    pub fn open_cursor(&self, text: &str, now: Timestamp) -> Result<Position, ScimError> {
        let invalid = || {
            let said = "The cursor is not one of this list. Begin again with cursor= without a value.";
            ScimError::of(ScimType::InvalidCursor, said)
        };
        let Opened { sealed, mismatch } = self.opened(Kind::Cursor, text).ok_or_else(invalid)?;
        if sealed.ends_at <= now {
            let said = "The cursor has expired. Begin again with cursor= without a value.";
            return Err(ScimError::of(ScimType::ExpiredCursor, said));
        }
        match mismatch {
            None => Ok(sealed.position),
            Some(_) => Err(invalid()),
        }
    }

    /// Reads a delta token back.
    ///
    /// # Errors
    /// `invalidDeltaToken` if it is not from here, or for another query; `expiredDeltaToken` if its time is over or the scope is
    /// another: then everything is to be read again.
    pub fn open_delta_token(&self, text: &str, now: Timestamp) -> Result<Position, ScimError> {
        let invalid = || {
            let said = "The delta token is not one of this service, or for another query. Get one from .deltaToken.";
            ScimError::of(ScimType::InvalidDeltaToken, said)
        };
        let Opened { sealed, mismatch } = self.opened(Kind::DeltaToken, text).ok_or_else(invalid)?;
        let is_stale = mismatch == Some(sealed::Mismatch::Scope) || sealed.ends_at <= now;
        if is_stale && mismatch != Some(sealed::Mismatch::Holder) {
            let said = "The delta token has expired, or your scope has changed. Get another from .deltaToken, and read everything again.";
            return Err(ScimError::of(ScimType::ExpiredDeltaToken, said));
        }
        match mismatch {
            None => Ok(sealed.position),
            Some(_) => Err(invalid()),
        }
    }

    fn sealed(&self, kind: Kind, position: Position, ends_at: Timestamp) -> String {
        let sealed = Sealed {
            kind,
            ends_at,
            bound: self.bound(),
            position,
        };
        sealed.write(&self.key.0)
    }

    fn opened(&self, kind: Kind, text: &str) -> Option<Opened> {
        if text.len() > LONGEST {
            return None;
        }
        let sealed = Sealed::read(text, &self.key.0).filter(|sealed| sealed.kind == kind)?;
        let mismatch = self.bound().mismatch(sealed.bound);
        Some(Opened { sealed, mismatch })
    }

    fn bound(&self) -> sealed::Bound {
        sealed::Bound::of(self.holder, self.scope, self.asked)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp(1_764_494_100_000);

    fn seal(key: &SigningKey) -> Seal<'_> {
        Seal {
            key,
            holder: "3fK9aQ2x",
            scope: "RIV,RIV01",
            asked: "User userName sw \"jo\"",
        }
    }

    fn row() -> Position {
        Position::Row {
            key: "1764494100000".to_owned(),
            id: Uuid::from_u128(0x0193_8f0e_5d3c_7d4e_8a34_6f2b_8c0d_9e11),
        }
    }

    fn word(result: Result<Position, ScimError>) -> Option<ScimType> {
        result.err().and_then(|error| error.scim_type)
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_until_it_ends() {
        let key = SigningKey::of(b"secret");
        let seal = seal(&key);
        for position in [
            row(),
            Position::Event(42),
            Position::Events {
                since: 1,
                until: i64::MAX,
                after: -7,
            },
        ] {
            let cursor = seal.cursor(position.clone(), NOW.plus_seconds(60));
            assert!(
                cursor
                    .bytes()
                    .all(|sign| sign.is_ascii_alphanumeric() || b"-_".contains(&sign)),
                "{cursor}"
            );
            assert_eq!(seal.open_cursor(&cursor, NOW), Ok(position));
            assert_eq!(
                word(seal.open_cursor(&cursor, NOW.plus_seconds(60))),
                Some(ScimType::ExpiredCursor)
            );
        }
    }

    #[test]
    fn a_cursor_of_anothers_of_another_list_or_scope_is_invalid() {
        let key = SigningKey::of(b"secret");
        let seal = seal(&key);
        let cursor = seal.cursor(row(), NOW.plus_seconds(60));
        let other_key = SigningKey::of(b"another secret");
        for other in [
            Seal {
                key: &other_key,
                ..seal
            },
            Seal {
                holder: "other",
                ..seal
            },
            Seal { scope: "RIV", ..seal },
            Seal { asked: "User", ..seal },
        ] {
            assert_eq!(word(other.open_cursor(&cursor, NOW)), Some(ScimType::InvalidCursor));
        }
        let token = seal.delta_token(Position::Event(1), NOW.plus_seconds(60));
        assert_eq!(word(seal.open_cursor(&token, NOW)), Some(ScimType::InvalidCursor));
        assert_eq!(
            word(seal.open_delta_token(&cursor, NOW)),
            Some(ScimType::InvalidDeltaToken)
        );
    }

    #[test]
    fn a_delta_token_of_another_scope_asks_for_a_full_read() {
        let key = SigningKey::of(b"secret");
        let seal = seal(&key);
        let token = seal.delta_token(Position::Event(7), NOW.plus_seconds(60));
        assert_eq!(seal.open_delta_token(&token, NOW), Ok(Position::Event(7)));
        let scope = Seal { scope: "RIV", ..seal };
        assert_eq!(
            word(scope.open_delta_token(&token, NOW)),
            Some(ScimType::ExpiredDeltaToken)
        );
        let late = NOW.plus_seconds(61);
        assert_eq!(
            word(seal.open_delta_token(&token, late)),
            Some(ScimType::ExpiredDeltaToken)
        );
        for other in [
            Seal {
                holder: "other",
                ..seal
            },
            Seal { asked: "User", ..seal },
        ] {
            assert_eq!(
                word(other.open_delta_token(&token, NOW)),
                Some(ScimType::InvalidDeltaToken)
            );
        }
    }

    #[test]
    fn no_slip_in_a_cursor_goes_unseen() {
        let key = SigningKey::of(b"secret");
        let seal = seal(&key);
        let cursor = seal.cursor(row(), NOW.plus_seconds(60));
        for place in 0..cursor.len() {
            let mut slip = cursor.clone().into_bytes();
            slip[place] = if slip[place] == b'A' { b'B' } else { b'A' };
            let slip = String::from_utf8(slip).expect("letters");
            assert_eq!(
                word(seal.open_cursor(&slip, NOW)),
                Some(ScimType::InvalidCursor),
                "{place}"
            );
        }
        for text in [
            "",
            "A",
            "VZUTiyhEQJ94IR",
            &cursor[1..],
            &format!("{cursor}A"),
            &"A".repeat(LONGEST + 1),
        ] {
            assert_eq!(
                word(seal.open_cursor(text, NOW)),
                Some(ScimType::InvalidCursor),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_key_of_a_row_comes_back(key in ".{0,80}", id in any::<u128>()) {
            let signing = SigningKey::of(b"secret");
            let position = Position::Row { key, id: Uuid::from_u128(id) };
            let cursor = seal(&signing).cursor(position.clone(), NOW.plus_seconds(1));
            prop_assert_eq!(seal(&signing).open_cursor(&cursor, NOW), Ok(position));
        }
    }
}
