//! Passwords that are hardly more than a word that many people use: `Password12`, `P@ssw0rd12`, `Summer2026!`,
//! `nursenurse1`. People who guess try such words first, and put the usual digits and signs around them.

/// What many people choose, and what people who work in health care choose; one word a line, in small letters.
const WORDS: &str = include_str!("common_words.txt");

/// With three such words, or with fewer and as many letters more, it is a password of its own.
const ENOUGH_WORDS: usize = 3;
const ENOUGH_LETTERS: usize = 4;

/// Whether a password in small letters is one or two common words with hardly any letter more, however often the words
/// stand in it, and whatever digits and signs stand between or in place of letters.
pub(super) fn is_common(small: &str) -> bool {
    // A 1 stands for either letter.
    ['i', 'l'].into_iter().any(|one| {
        let (mut text, own): (String, Vec<bool>) = small.chars().filter_map(|c| read(c, one)).unzip();
        let mut words: Vec<_> = WORDS.lines().collect();
        // The longest first: within it a shorter one says nothing more.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.retain(|word| {
            let stands = text.contains(word);
            text = text.replace(word, &" ".repeat(word.len()));
            stands
        });
        let more = text.bytes().zip(own).filter(|(c, is_letter)| *c != b' ' && *is_letter);
        (1..ENOUGH_WORDS).contains(&words.len()) && more.count() < ENOUGH_LETTERS
    })
}

/// The letter that a character stands for, and whether it is one itself. Other digits and signs stand for none.
fn read(c: char, one: char) -> Option<(char, bool)> {
    let stands_for = match c {
        'a'..='z' => return Some((c, true)),
        '0' => 'o',
        '1' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '!' => 'i',
        // One byte for each, so that letters keep their places.
        c if c.is_alphabetic() => return Some(('?', true)),
        _ => return None,
    };
    Some((stands_for, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_many_people_use_is_known_under_its_digits_and_signs() {
        for password in [
            "password12",
            "p@ssw0rd12",
            "pa$$word2026",
            "iloveyou12",
            "1l0vey0u12",
            "welcome2026",
            "we1come2026",
            "summer2026!",
            "nursenurse1",
            "hospital2026!",
            "monday-2026",
            "trustno1trustno1",
            "nursedoctor1",
            "my-password-12",
            "2026-letmein!!",
            "covid19covid19",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn three_words_or_one_that_few_people_use_are_not_common() {
        for password in [
            "correct-horse-battery",
            "purple-kettle-monday",
            "purple-summer-friday",
            "teapot-lantern-9",
            "nurse-of-the-lamp",
            "he7!kd92sq",
            "8375920461",
            "лето-2026-лампа",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn every_word_of_the_list_is_plain_small_letters_and_stands_once() {
        let words: Vec<_> = WORDS.lines().collect();
        assert!(words.is_sorted_by(|one, other| one < other));
        for word in words {
            assert!(
                word.len() >= 3 && word.bytes().all(|c| c.is_ascii_lowercase()),
                "{word}"
            );
        }
    }
}
