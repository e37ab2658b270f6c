//! How an API token is spelt: `pat_`, eight letters and digits by which it is recognised, thirty-two that are secret, and six
//! that are the CRC-32 of all before them, in base 62. So a slip of the hand, and a scanner for secrets, need no database.

use domain::values::ids::TokenId;

/// What every token begins with.
const PREFIX: &str = "pat_";

/// Letters and digits that are secret: more than 190 bits.
const SECRET: usize = 32;

/// Letters and digits of the checksum.
const CHECKSUM: usize = 6;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new token: what it is recognised by, and all of it.
pub(crate) fn compose() -> (TokenId, String) {
    loop {
        let letters = |count: usize| -> String {
            let letter = || char::from(DIGITS[rand::random_range(0..DIGITS.len())]);
            (0..count).map(|_| letter()).collect()
        };
        let id = letters(TokenId::LENGTH);
        let body = format!("{PREFIX}{id}{}", letters(SECRET));
        if let Some(id) = TokenId::parse(&id) {
            let secret = format!("{body}{}", checksum(&body));
            return (id, secret);
        }
    }
}

/// Whether a text is spelt like a token: its checksum is right.
pub(crate) fn is_sound(token: &str) -> bool {
    let length = PREFIX.len() + TokenId::LENGTH + SECRET + CHECKSUM;
    if token.len() != length || !token.is_ascii() || !token.starts_with(PREFIX) {
        return false;
    }
    let (body, sum) = token.split_at(length - CHECKSUM);
    checksum(body) == sum
}

/// What a text that is spelt like a token would be recognised by.
pub(crate) fn named(token: &str) -> Option<TokenId> {
    let id = token.strip_prefix(PREFIX)?.get(..TokenId::LENGTH)?;
    is_sound(token).then(|| TokenId::parse(id))?
}

/// The CRC-32 of a text in base 62, most significant digit first.
fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[rest % DIGITS.len()];
        rest /= DIGITS.len();
    }
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_and_a_slip_of_the_hand_is_too() {
        let (id, token) = compose();
        assert!(is_sound(&token) && token.starts_with(&format!("pat_{id}")), "{token}");
        assert_eq!(token.len(), 50);
        let last = token.chars().last().unwrap();
        let slip = format!("{}{}", &token[..49], if last == 'a' { 'b' } else { 'a' });
        for other in [
            slip.as_str(),
            "",
            "pat_",
            "pät_",
            &token[1..],
            &token.to_lowercase().to_uppercase(),
        ] {
            assert!(!is_sound(other), "{other}");
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_the_documents_give() {
        // CRC-32 of "123456789" is CBF43926 in every implementation: 3,421,780,262.
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
