//! The addresses an account may be given: `first.last@…`, and `first.last2@…`, `first.last3@…` where it is taken.

use crate::values::{
    email_address::{EmailAddress, MailDomain},
    names,
    text::fold,
};

/// Room for the number behind the name.
const LONGEST_NAME_PART: usize = EmailAddress::LOCAL_PART_LIMIT - 8;

/// The candidates for a person: the same name before the host, with another number each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    name: String,
    domain: String,
}

impl Candidates {
    /// Those of a person's names alone: without titles and nicknames. None where the name has no letter that an address can
    /// hold.
    #[must_use]
    pub fn of(first: &str, last: &str, domain: &MailDomain) -> Option<Self> {
        let part = |name: &str| {
            let hyphenated = names::bare(name).replace([' ', '\u{2010}', '\u{2011}'], "-");
            let words = hyphenated.split('-').map(|word| fold(word).replace(' ', ""));
            words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
        };
        let (first, last) = (part(first), part(last));
        let name = [first, last]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(".");
        let name: String = name.chars().filter(|&c| c != '@').take(LONGEST_NAME_PART).collect();
        // A name that ends in a digit would be taken for the numbered address of another name.
        let name = name
            .trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c))
            .to_owned();
        let candidates = Self {
            name,
            domain: domain.as_str().to_owned(),
        };
        EmailAddress::parse(&candidates.spelt(1)).ok()?;
        Some(candidates)
    }

    /// Best first and without end, from a number on; the first candidate has number 1.
    pub fn starting_at(self, number: u32) -> impl Iterator<Item = (u32, EmailAddress)> {
        (number.max(1)..).filter_map(move |number| Some((number, EmailAddress::parse(&self.spelt(number)).ok()?)))
    }

    /// The candidate without a number: all who share it have the same candidates.
    #[must_use]
    pub fn stem(&self) -> String {
        self.spelt(1)
    }

    fn spelt(&self, number: u32) -> String {
        let Self { name, domain } = self;
        match number {
            1 => format!("{name}@{domain}"),
            _ => format!("{name}{number}@{domain}"),
        }
    }
}

/// The candidates for a person, best first and without end. None where the name has no letter that an address can hold.
pub fn candidates(first: &str, last: &str, domain: &MailDomain) -> Option<impl Iterator<Item = EmailAddress>> {
    let all = Candidates::of(first, last, domain)?.starting_at(1);
    Some(all.map(|(_, address)| address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_three(first: &str, last: &str) -> Vec<String> {
        let domain = MailDomain::parse("health.example").unwrap();
        candidates(first, last, &domain)
            .into_iter()
            .flatten()
            .take(3)
            .map(|address| address.local_part().to_owned())
            .collect()
    }

    #[test]
    fn a_taken_address_is_followed_by_numbered_ones() {
        assert_eq!(
            first_three("Jane", "Smith"),
            ["jane.smith", "jane.smith2", "jane.smith3"]
        );
    }

    #[test]
    fn candidates_go_on_from_any_number() {
        let domain = MailDomain::parse("health.example").unwrap();
        let jane = Candidates::of("Jane", "Smith", &domain).unwrap();
        assert_eq!(jane.stem(), "jane.smith@health.example");
        let next: Vec<_> = jane
            .starting_at(7)
            .take(2)
            .map(|(number, address)| (number, address.to_string()))
            .collect();
        let expected = [
            (7, "jane.smith7@health.example".to_owned()),
            (8, "jane.smith8@health.example".to_owned()),
        ];
        assert_eq!(next, expected);
    }

    #[test]
    fn names_are_folded_to_plain_letters() {
        assert_eq!(first_three("Zoë", "O’Neill")[0], "zoe.oneill");
        assert_eq!(first_three("Mary Ann", "van der Berg")[0], "mary-ann.van-der-berg");
        assert_eq!(first_three("Łukasz", "Groß-Æther")[0], "lukasz.gross-aether");
        assert_eq!(first_three("Jane", "Smith 3")[0], "jane.smith");
    }

    #[test]
    fn titles_and_nicknames_are_left_out() {
        assert_eq!(first_three("Dr Xanthe", "Thomas")[0], "xanthe.thomas");
        assert_eq!(first_three("Dr.Xanthe (Xan)", "THOMAS OBE")[0], "xanthe.thomas");
        assert_eq!(first_three("Sukarnowati", "Sukarnowati")[0], "sukarnowati.sukarnowati");
    }

    #[test]
    fn a_name_without_letters_has_no_candidate_and_a_long_one_is_cut() {
        assert_eq!(first_three("…", "!"), Vec::<String>::new());
        assert!(
            first_three(&"long".repeat(30), "Smith")
                .iter()
                .all(|name| name.len() <= EmailAddress::LOCAL_PART_LIMIT)
        );
    }

    #[test]
    fn every_candidate_shares_one_stem() {
        let domain = MailDomain::parse("health.example").unwrap();
        let stems = candidates("Jane", "Smith", &domain)
            .unwrap()
            .take(12)
            .map(|address| address.stem());
        assert!(stems.collect::<Vec<_>>().windows(2).all(|pair| pair[0] == pair[1]));
    }
}
