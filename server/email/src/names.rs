//! Names of files, as they are shown and kept: one line, no path, nothing that cannot be seen.

use domain::values::text::{seen, trimmed};

/// The most characters of a name.
const LONGEST: usize = 150;

/// A file's name without its path and without what cannot be seen; `None` if nothing is left.
pub(crate) fn cleaned(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?;
    let name = on_one_line(name);
    if name.trim_matches('.').is_empty() {
        return None;
    }
    Some(shortened(&name))
}

/// A text on one line, without what cannot be seen: what turns the order of letters is among it, so that `vsc.exe` reads
/// like `exe.csv`.
pub(crate) fn on_one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|sign| if sign.is_whitespace() { ' ' } else { sign })
        .collect();
    trimmed(&seen(&line)).to_owned()
}

/// A long name keeps its ending.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let ending: String = match name.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
        _ => String::new(),
    };
    let kept = LONGEST - 1 - ending.chars().count();
    let start: String = name.chars().take(kept).collect();
    format!("{start}…{ending}")
}

/// What stands behind the last full stop of a name, in small letters.
pub(crate) fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_paths_and_what_cannot_be_seen() {
        for (name, kept) in [
            ("Riverside – starters.CSV", Some("Riverside – starters.CSV")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\lists\\staff.csv", Some("staff.csv")),
            ("staff\r\nBcc: x.csv", Some("staff  Bcc: x.csv")),
            ("sta\0ff\u{1}.csv", Some("staff.csv")),
            ("staff\u{202E}vsc.exe", Some("staffvsc.exe")),
            ("\u{200B} staff.csv\u{FEFF}", Some("staff.csv")),
            ("..", None),
            ("lists/", None),
            ("\u{200B}", None),
            ("", None),
        ] {
            assert_eq!(cleaned(name).as_deref(), kept, "{name:?}");
        }
    }

    #[test]
    fn long_names_are_cut_and_keep_their_ending() {
        let name = cleaned(&format!("{}.csv", "ä".repeat(1000))).unwrap();
        assert_eq!(name.chars().count(), LONGEST);
        assert!(name.ends_with("ä….csv"), "{name}");
        assert_eq!(ending("Staff.tar.CSV "), "csv");
        assert_eq!(ending("staff"), "");
    }
}
