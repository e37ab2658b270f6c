//! From Rust to what a browser can load: compile, bind, make small.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::layout::{Layout, Mode};
use crate::names;

const TARGET: &str = "wasm32-unknown-unknown";

/// The module as a browser loads it.
pub struct Bound {
    /// The script that loads the module.
    pub js: Vec<u8>,
    /// The module.
    pub wasm: Vec<u8>,
    /// Scripts that crates brought along, where there are any; the first script imports them from `./snippets`.
    pub snippets: Option<PathBuf>,
}

/// Compiles `frontend` and gives the module as the compiler left it.
pub fn compile(layout: &Layout, mode: Mode) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "build",
            "--package=frontend",
            "--lib",
            "--target",
            TARGET,
            "--profile",
            mode.profile(),
        ])
        .arg("--target-dir")
        .arg(layout.browser())
        .current_dir(layout.root())
        .status()
        .context("cargo could not be started")?;
    ensure!(
        status.success(),
        "`frontend` did not compile for the browser. If the target {TARGET} is missing, frontend/setup/toolchain.sh brings it."
    );
    Ok(layout.browser().join(TARGET).join(mode.profile()).join("frontend.wasm"))
}

/// Runs wasm-bindgen; not at all where the compiled module is the one of last time. (wasm-opt would make the module smaller
/// by a seventh, but not what is sent: compressed, it is a little larger then.)
pub fn bind(layout: &Layout, mode: Mode, compiled: &Path) -> Result<Bound> {
    let folder = layout.bound(mode);
    let module = fs::read(compiled).with_context(|| format!("{} is missing", compiled.display()))?;
    let stamp = folder.join("stamp");
    let hash = names::hash(&module);

    if fs::read_to_string(&stamp).is_ok_and(|last| last == hash) {
        return read_bound(&folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} could not be emptied", folder.display()))?;
    }
    run_bindgen(compiled, mode, &folder).context("wasm-bindgen failed")?;
    fs::write(&stamp, hash).with_context(|| format!("{} could not be written", stamp.display()))?;
    read_bound(&folder)
}

// The names that wasm-bindgen derives from `out_name` in `run_bindgen`.
const JS_NAME: &str = "module.js";
const WASM_NAME: &str = "module_bg.wasm";

fn run_bindgen(compiled: &Path, mode: Mode, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("module")
        .web(true)?
        .typescript(false)
        // The page says which module to load, under its hashed name.
        .omit_default_module_path(true)
        .remove_name_section(mode == Mode::Release)
        .remove_producers_section(true)
        .generate(folder)
}

fn read_bound(folder: &Path) -> Result<Bound> {
    let read = |name| fs::read(folder.join(name)).with_context(|| format!("wasm-bindgen made no {name}"));
    let snippets = folder.join("snippets");
    Ok(Bound {
        js: read(JS_NAME)?,
        wasm: read(WASM_NAME)?,
        snippets: snippets.is_dir().then_some(snippets),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_bound_before_is_not_bound_again() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::of(Path::new("."), folder.path());
        let compiled = folder.path().join("frontend.wasm");
        fs::write(&compiled, b"not a module, and never looked at").unwrap();
        let bound = layout.bound(Mode::Development);
        fs::create_dir_all(&bound).unwrap();
        fs::write(bound.join(JS_NAME), "js").unwrap();
        fs::write(bound.join(WASM_NAME), "wasm").unwrap();
        fs::write(bound.join("stamp"), names::hash(&fs::read(&compiled).unwrap())).unwrap();

        let again = bind(&layout, Mode::Development, &compiled).unwrap();
        assert_eq!(again.js, b"js");

        fs::write(&compiled, b"changed, and still no module").unwrap();
        let error = bind(&layout, Mode::Development, &compiled).err().unwrap();
        assert_eq!(error.to_string(), "wasm-bindgen failed");
    }
}
