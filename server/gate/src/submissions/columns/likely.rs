//! What a text of another system most likely means: one of the names that are here.

use domain::values::{lists, text::fold};

/// A name, folded, and what it stands for.
pub(super) type Named = (String, String);

/// Names that are compared sign by sign; among more, a text must have a name itself.
const MOST_COMPARED: usize = 4_000;

/// Words that organisations' names have or lack.
const COMMON: [&str; 14] = [
    "the",
    "nhs",
    "foundation",
    "trust",
    "ft",
    "of",
    "and",
    "at",
    "for",
    "ltd",
    "limited",
    "plc",
    "org",
    "organisation",
];

/// What a text stands for, if it is most likely one of these names; none where it may be several.
pub(super) fn likely(text: &str, names: &[Named]) -> Option<String> {
    let wanted = fold(text);
    if wanted.is_empty() {
        return None;
    }
    let found = |is_meant: &dyn Fn(&str, &str) -> bool| {
        let mut meant = names
            .iter()
            .filter(|(name, value)| is_meant(name, value))
            .map(|(_, value)| value);
        let first = meant.next()?;
        Some(meant.all(|other| other == first).then(|| first.clone()))
    };
    let is_code = |value: &str| {
        value
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let has_code = |_: &str, value: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        is_code(value) && words.any(|word| word == value)
    };
    let contained = || {
        let within = |name: &str| name.contains(' ') && format!(" {wanted} ").contains(&format!(" {name} "));
        let longest = names
            .iter()
            .filter(|(name, _)| within(name))
            .map(|(name, _)| name.len())
            .max()?;
        found(&|name, _| name.len() == longest && within(name))
    };
    let nearest = || {
        if names.len() > MOST_COMPARED {
            return None;
        }
        // A ward is no ward of another number, and a day centre no hospital by a word that both have.
        let comparable = |name: &str| numbers(name) == numbers(&wanted) && have_like_words(name, &wanted);
        let all: Vec<String> = names
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| comparable(name))
            .collect();
        let nearest = lists::nearest(&all, &wanted)?;
        found(&|name, _| name == nearest)
    };
    let telling = telling(&wanted);
    let exactly = found(&|name, _| name == wanted).or_else(|| found(&has_code));
    let exactly = exactly.or_else(|| found(&|name, _| !telling.is_empty() && self::telling(name) == telling));
    exactly.or_else(contained).or_else(nearest).flatten()
}

/// The words of a folded name that tell it from others, in their order.
fn telling(name: &str) -> Vec<&str> {
    name.split(' ').filter(|word| !COMMON.contains(word)).collect()
}

/// The numbers in a name, without zeros at their front.
fn numbers(name: &str) -> Vec<&str> {
    let runs = name.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| run.trim_start_matches('0')).collect()
}

/// Whether each word of the shorter of two names is like one of the other's, and the longer has at most one more.
fn have_like_words(one: &str, other: &str) -> bool {
    let words = |name: &str| {
        let words = name
            .split(' ')
            .filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let (mut short, mut long) = (words(one), words(other));
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    long.len() - short.len() <= 1 && short.iter().all(|word| lists::nearest(&long, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, names: &[(&str, &str)]) -> Option<String> {
        let names: Vec<_> = names
            .iter()
            .map(|(name, value)| (fold(name), (*value).to_owned()))
            .collect();
        likely(text, &names)
    }

    const TRUSTS: [(&str, &str); 5] = [
        ("Riverside Hospitals Trust", "RIV"),
        ("Riverside", "RIV"),
        ("Riverside Children’s Hospital", "RIV01"),
        ("Riverside Community Services", "RIV02"),
        ("Riverside Community", "RIV02"),
    ];

    #[test]
    fn an_organisation_is_known_by_its_name_without_common_words_or_by_its_code_among_others() {
        for text in [
            "RIVERSIDE HOSPITALS TRUST",
            "Riverside Hospitals NHS Foundation Trust",
            "the riverside trust",
            "RIV - Riverside",
        ] {
            assert_eq!(meant(text, &TRUSTS).as_deref(), Some("RIV"), "{text}");
        }
        assert_eq!(meant("Riverside Childrens Hospital", &TRUSTS).as_deref(), Some("RIV01"));
        assert_eq!(
            meant("Staff of Riverside Community Services, Bank", &TRUSTS).as_deref(),
            Some("RIV02")
        );
        assert_eq!(meant("Riverside Hospital", &TRUSTS).as_deref(), Some("RIV"));
        assert_eq!(meant("Riverside Day Centre", &TRUSTS), None);
        assert_eq!(meant("Hillside Hospice", &TRUSTS), None);
        assert_eq!(meant(" ", &TRUSTS), None);
    }

    #[test]
    fn a_ward_is_none_of_another_number() {
        let wards = [
            ("Ward 7", "Medicine / Ward 7"),
            ("Medicine Ward 7", "Medicine / Ward 7"),
            ("Ward 8", "Medicine / Ward 8"),
            ("Office", "Medicine / Office"),
            ("Office", "Surgery / Office"),
        ];
        for text in [
            "Ward 7B",
            "WARD 07",
            "206 Ward 7 Nursing",
            "Medicine - Ward 7",
            "Wrad 7",
        ] {
            assert_eq!(meant(text, &wards).as_deref(), Some("Medicine / Ward 7"), "{text}");
        }
        assert_eq!(meant("Ward 12", &wards), None);
        assert_eq!(meant("Office", &wards), None);
    }
}
