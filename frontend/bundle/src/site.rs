//! Puts the parts together into the folder that the server serves.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::compress;
use crate::layout::{Layout, Mode};
use crate::names::Hashes;
use crate::wasm::Bound;

/// What was published, for the line at the end.
pub struct Published {
    hashes: Hashes,
    wasm_bytes: usize,
    css_bytes: usize,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wasm, css) = (self.wasm_bytes / 1024, self.css_bytes / 1024);
        write!(
            f,
            "{} ({wasm} KiB), {} ({css} KiB)",
            self.hashes.wasm_name(),
            self.hashes.css_name()
        )
    }
}

/// Makes the site anew and tells the server's executables the names of its files.
pub fn publish(layout: &Layout, mode: Mode, bound: &Bound, css: &[u8]) -> Result<Published> {
    let hashes = Hashes::of(&bound.js, &bound.wasm, css);
    let site = layout.site();
    let fresh = site.with_extension("new");
    remove(&fresh)?;

    let package = fresh.join("pkg");
    write(&package.join(hashes.js_name()), &bound.js)?;
    write(&package.join(hashes.wasm_name()), &bound.wasm)?;
    write(&package.join(hashes.css_name()), css)?;
    if let Some(snippets) = &bound.snippets {
        copy(snippets, &package.join("snippets"))?;
    }
    copy(&layout.style().join("assets"), &fresh)?;
    if mode == Mode::Release {
        compress::folder(&fresh)?;
    }

    // A server that is running sees the old site or the new one, never a half.
    remove(&site)?;
    fs::rename(&fresh, &site).with_context(|| format!("{} could not be put in place", site.display()))?;
    for folder in layout.executables(mode) {
        write(&folder.join("hash.txt"), hashes.to_string().as_bytes())?;
    }
    Ok(Published {
        hashes,
        wasm_bytes: bound.wasm.len(),
        css_bytes: css.len(),
    })
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("{} could not be written", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} could not be made", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("{} could not be read", from.display()))? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a folder's entry has a name")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("{} could not be copied", path.display()))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} could not be removed", folder.display()))?;
    }
    Ok(())
}
