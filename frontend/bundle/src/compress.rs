//! Compressed copies beside the files, so that the server compresses nothing that does not change.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this, the answer's headers weigh more than what compression saves.
const SMALLEST: usize = 512;

/// Brotli's own scale ends at 11; 22 is its usual window.
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;
const BUFFER: usize = 64 * 1024;

/// Writes `.br` and `.gz` beside every file in the folder and below.
pub fn folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            self::folder(&path)?;
        } else {
            file(&path).with_context(|| format!("{} could not be compressed", path.display()))?;
        }
    }
    Ok(())
}

fn file(path: &Path) -> Result<()> {
    let content = fs::read(path)?;
    if content.len() < SMALLEST {
        return Ok(());
    }
    let mut brotli = CompressorWriter::new(beside(path, "br")?, BUFFER, BROTLI_QUALITY, BROTLI_WINDOW);
    brotli.write_all(&content)?;
    brotli.flush()?;

    let mut gzip = GzEncoder::new(beside(path, "gz")?, Compression::best());
    gzip.write_all(&content)?;
    gzip.finish()?;
    Ok(())
}

fn beside(path: &Path, extension: &str) -> Result<File> {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(extension);
    Ok(File::create(PathBuf::from(name))?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_copies_unpack_to_the_file_itself() {
        let folder = tempfile::tempdir().unwrap();
        let content = "the same words again and again ".repeat(100);
        fs::create_dir(folder.path().join("pkg")).unwrap();
        let path = folder.path().join("pkg/portal.css");
        fs::write(&path, &content).unwrap();

        self::folder(folder.path()).unwrap();

        let mut brotli = String::new();
        brotli::Decompressor::new(File::open(folder.path().join("pkg/portal.css.br")).unwrap(), BUFFER)
            .read_to_string(&mut brotli)
            .unwrap();
        let mut gzip = String::new();
        flate2::read::GzDecoder::new(File::open(folder.path().join("pkg/portal.css.gz")).unwrap())
            .read_to_string(&mut gzip)
            .unwrap();
        assert_eq!(brotli, content);
        assert_eq!(gzip, content);
    }

    #[test]
    fn a_tiny_file_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("robots.txt"), "User-agent: *\nDisallow: /\n").unwrap();
        self::folder(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
