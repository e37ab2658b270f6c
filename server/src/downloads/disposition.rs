//! The header of a file to take away. Its name came from a stranger: the fuzzer reads this file, too.

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
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
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
