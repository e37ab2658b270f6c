//! What a password must be (H): long enough, no spaces, no name of its person, none that everybody uses.

use crate::text::fold;

/// The shortest password, in characters.
pub const SHORTEST: usize = 10;
/// The longest password, in characters (S2, table 3).
pub const LONGEST: usize = 50;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// It has a space or another blank in it.
    HasSpaces,
    /// It contains the person's first or last name.
    ContainsName,
    /// It stands in the list of common passwords.
    Common,
}

/// Checks a password for the person with these names.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, first_name: &str, last_name: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if password.chars().any(char::is_whitespace) {
        return Err(WeakPassword::HasSpaces);
    }
    if length < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    let folded = fold(password).replace(' ', "");
    // Names of one or two letters stand in most passwords by chance.
    let contains = |name: &str| name.chars().count() > 2 && folded.contains(&fold(name).replace(' ', ""));
    if contains(first_name) || contains(last_name) {
        return Err(WeakPassword::ContainsName);
    }
    let common = include_str!("common_passwords.txt")
        .lines()
        .any(|line| line == password.to_lowercase());
    if common { Err(WeakPassword::Common) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_refuses_what_breaks_it() {
        let verdict = |password: &str| check(password, "Jane", "O'Neill");
        assert_eq!(verdict("short1!"), Err(WeakPassword::TooShort));
        assert_eq!(verdict("has a space in it"), Err(WeakPassword::HasSpaces));
        assert_eq!(verdict(&"x".repeat(51)), Err(WeakPassword::TooLong));
        assert_eq!(verdict("xxJANExx99!"), Err(WeakPassword::ContainsName));
        assert_eq!(verdict("o'neill-2026"), Err(WeakPassword::ContainsName));
        assert_eq!(verdict("Password123"), Err(WeakPassword::Common));
        assert_eq!(verdict("teapot-lantern-9"), Ok(()));
    }
}
