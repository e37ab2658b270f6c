//! The header of a file to take away. Its name came from a stranger: the fuzzer reads this file, too.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is encoded: all that is no letter, digit or one of three signs (RFC 8187 allows a few more).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The header that makes a browser keep a file under a name, whatever signs the name has.
#[must_use]
pub fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = utf8_percent_encode(name, ENCODED);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn no_name_breaks_out_of_its_quotation_marks() {
        assert_eq!(
            disposition("staff \"list\"; x=\r\nü.csv"),
            "attachment; filename=\"staff _list__ x____.csv\"; filename*=UTF-8''staff%20%22list%22%3B%20x%3D%0D%0A%C3%BC.csv"
        );
    }
}
