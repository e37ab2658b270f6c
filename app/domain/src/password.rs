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
    check_folded(
        password,
        &fold(password).replace(' ', ""),
        &names(first_name, last_name),
    )
}

/// As [`check`], of names that are folded already. For the browser, which goes without the tables of every script that
/// folding needs: it knows plain letters only, and the server has the last word.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_plainly(password: &str, names: &[String]) -> Result<(), WeakPassword> {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_');
    let plain: String = password.to_ascii_lowercase().chars().filter(is_kept).collect();
    check_folded(password, &plain, names)
}

/// The names that a password must not contain, folded. Those of one or two letters stand in most passwords by chance.
#[must_use]
pub fn names(first_name: &str, last_name: &str) -> Vec<String> {
    let long = [first_name, last_name]
        .into_iter()
        .filter(|name| name.chars().count() > 2);
    long.map(|name| fold(name).replace(' ', ""))
        .filter(|name| !name.is_empty())
        .collect()
}

fn check_folded(password: &str, folded: &str, names: &[String]) -> Result<(), WeakPassword> {
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
    if names.iter().any(|name| folded.contains(name)) {
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

    #[test]
    fn the_browser_comes_to_the_same_verdict_for_plain_letters() {
        let names = names("Zoë", "O'Neill");
        for password in [
            "short1!",
            "xxZOExx99!",
            "o'neill-2026",
            "Password123",
            "teapot-lantern-9",
        ] {
            assert_eq!(
                check_plainly(password, &names),
                check(password, "Zoë", "O'Neill"),
                "{password}"
            );
        }
    }

    #[test]
    fn a_name_that_folds_to_nothing_keeps_nobody_from_choosing() {
        assert_eq!(check("teapot-lantern-9", "---", "Li"), Ok(()));
    }
}
