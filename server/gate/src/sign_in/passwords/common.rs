//! Passwords that are guessed first: those of a list of 30,000 that were found in leaks, and what is made of them, of common
//! words and of common names with little added. The lists and their reckoning are the crate `zxcvbn`'s. They are half a
//! megabyte, so browsers never load them.

use zxcvbn::{Score, zxcvbn};

/// Characters that are judged together. Looking for letters in disguise takes far longer the more there are of them.
const PIECE: usize = 32;

/// Whether a password is guessed within a hundred million tries, as its authors advise against: no part of it is better.
pub(super) fn is_common(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    characters.chunks(PIECE).all(|piece| {
        let piece: String = piece.iter().collect();
        zxcvbn(&piece, &[]).score() < Score::Three
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_list_or_is_little_more_is_common() {
        for password in [
            "qwertyuiop123",
            "1q2w3e4r5t6y",
            "manchester12",
            "christopher1",
            "liverpool2019",
            "Mercedes2024",
            "dragonmaster",
            "passwordpassword",
            "jordanjordan23",
            "iloveyouforever",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn words_that_have_nothing_to_do_with_each_other_are_not_common() {
        for password in [
            "teapot-lantern-9",
            "teapot lantern",
            "correct-horse-battery",
            "purple kettle monday",
            "лампа и чай ночью",
            "G7#kq!vTz0pd",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_worst_that_can_be_typed_is_judged_in_time() {
        let began = std::time::Instant::now();
        is_common(&"4@8({[<369&#!1|70$5+%2".repeat(6).chars().take(128).collect::<String>());
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }
}
