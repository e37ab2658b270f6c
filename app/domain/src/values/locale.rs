//! Languages, countries and time zones, each from its list: ISO 639-1, ISO 3166-1 and the time zones of IANA.

const LANGUAGES: &str = include_str!("lists/languages.txt");
const COUNTRIES: &str = include_str!("lists/countries.txt");

/// A name a line; behind an older name for a zone, or one that other systems have for it, the name that it has today.
const TIME_ZONES: &str = include_str!("lists/time_zones.txt");

/// What many write for the United Kingdom, whose code is GB.
pub const NOT_GB: &str = "UK";

/// Reads a language, with or without a country, as change files and other systems write it: `en`, `en_GB`, `EN-gb`. It is
/// kept as `en-GB` (BCP 47).
#[must_use]
pub fn language(text: &str) -> Option<String> {
    let (language, land) = match text.split_once(['-', '_']) {
        Some((language, land)) => (language, Some(land)),
        None => (text, None),
    };
    let language = entry(LANGUAGES, language)?;
    match land {
        None => Some(language.to_owned()),
        Some(land) => Some(format!("{language}-{}", country(land)?)),
    }
}

/// Reads the code of a country: `gb` is GB.
#[must_use]
pub fn country(text: &str) -> Option<&'static str> {
    entry(COUNTRIES, text)
}

/// Reads a time zone by any of its names, and gives the one that it has today.
#[must_use]
pub fn time_zone(text: &str) -> Option<&'static str> {
    TIME_ZONES.lines().find_map(|line| {
        let (name, today) = line.split_once(' ').unwrap_or((line, line));
        name.eq_ignore_ascii_case(text).then_some(today)
    })
}

/// Every language, by its code.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.lines()
}

/// Every time zone, by the name that it has today.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    TIME_ZONES.lines().filter(|line| !line.contains(' '))
}

fn entry(list: &'static str, text: &str) -> Option<&'static str> {
    list.lines().find(|line| line.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_read_however_it_is_written() {
        for (text, read) in [("en", "en"), ("EN_US", "en-US"), ("pt-br", "pt-BR"), ("de_CH", "de-CH")] {
            assert_eq!(language(text).as_deref(), Some(read));
            assert_eq!(language(read).as_deref(), Some(read));
        }
        for text in ["", "e", "eng", "xx", "en_UK", "en_", "_GB", "en-GB-x", "en GB"] {
            assert_eq!(language(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_country_is_one_of_the_list() {
        assert_eq!(country("gb"), Some("GB"));
        for text in [NOT_GB, "", "GBR", "XX"] {
            assert_eq!(country(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_time_zone_is_read_by_its_older_names_too() {
        for (text, read) in [
            ("Europe/London", "Europe/London"),
            ("europe/oslo", "Europe/Oslo"),
            ("America/Central", "America/Chicago"),
            ("US/Central", "America/Chicago"),
            ("GB", "Europe/London"),
            ("UTC", "Etc/UTC"),
        ] {
            assert_eq!(time_zone(text), Some(read));
            assert_eq!(time_zone(read), Some(read));
        }
        for text in ["", "London", "Europe/London ", "GMT+25", "Factory"] {
            assert_eq!(time_zone(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_lists_hold_what_fits_into_change_files() {
        assert_eq!(languages().count(), 184);
        assert_eq!(COUNTRIES.lines().count(), 249);
        assert!(time_zones().count() > 400);
        for line in TIME_ZONES.lines() {
            let (name, today) = line.split_once(' ').unwrap_or((line, line));
            assert!(name.len() <= 30 && today.len() <= 30, "{line}");
            assert!(time_zones().any(|zone| zone == today), "{line}");
        }
    }
}
