//! Names that change with the content, so that browsers may keep every file for ever.

use std::fmt;

use sha2::{Digest, Sha256};

/// What all files of the bundle are called; the server's `LeptosOptions` carry the same name.
const OUTPUT: &str = "portal";

/// Bytes of the SHA-256 that go into a name: enough to never meet twice, short enough to read.
const HASH_BYTES: usize = 10;

/// The start of the content's SHA-256, in lower-case hexadecimal digits.
pub fn hash(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .take(HASH_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The hashes of the three files that a page names.
#[derive(Debug, PartialEq, Eq)]
pub struct Hashes {
    js: String,
    wasm: String,
    css: String,
}

impl Hashes {
    /// Of these contents.
    pub fn of(js: &[u8], wasm: &[u8], css: &[u8]) -> Self {
        Self {
            js: hash(js),
            wasm: hash(wasm),
            css: hash(css),
        }
    }

    /// `portal.<hash>.js`
    pub fn js_name(&self) -> String {
        format!("{OUTPUT}.{}.js", self.js)
    }

    /// `portal.<hash>.wasm`
    pub fn wasm_name(&self) -> String {
        format!("{OUTPUT}.{}.wasm", self.wasm)
    }

    /// `portal.<hash>.css`
    pub fn css_name(&self) -> String {
        format!("{OUTPUT}.{}.css", self.css)
    }
}

/// As Leptos reads it from `hash.txt`: one `extension: hash` a line.
impl fmt::Display for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "js: {}", self.js)?;
        writeln!(f, "wasm: {}", self.wasm)?;
        writeln!(f, "css: {}", self.css)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_keeps_its_hash_and_another_gets_another() {
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea4141");
        assert_eq!(hash(b"abc"), hash(b"abc"));
        assert_ne!(hash(b"abc"), hash(b"abd"));
    }

    #[test]
    fn a_change_in_one_file_leaves_the_names_of_the_others() {
        let before = Hashes::of(b"js", b"wasm", b"css");
        let after = Hashes::of(b"js", b"wasm", b"css, changed");
        assert_eq!(before.js_name(), after.js_name());
        assert_eq!(before.wasm_name(), after.wasm_name());
        assert_ne!(before.css_name(), after.css_name());
    }

    #[test]
    fn names_are_made_of_output_hash_and_extension() {
        let hashes = Hashes::of(b"abc", b"abc", b"abc");
        assert_eq!(hashes.js_name(), "portal.ba7816bf8f01cfea4141.js");
        assert_eq!(hashes.wasm_name(), "portal.ba7816bf8f01cfea4141.wasm");
        assert_eq!(hashes.css_name(), "portal.ba7816bf8f01cfea4141.css");
    }

    #[test]
    fn the_list_of_hashes_reads_as_leptos_expects() {
        let hashes = Hashes {
            js: "1a".into(),
            wasm: "2b".into(),
            css: "3c".into(),
        };
        assert_eq!(hashes.to_string(), "js: 1a\nwasm: 2b\ncss: 3c\n");
    }
}
