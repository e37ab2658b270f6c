//! Where things lie: sources in the repository, results in cargo's target folder.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// For whom the bundle is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Quick to build; for `make run` and the tests.
    Development,
    /// As small as it gets, and compressed beforehand.
    Release,
}

impl Mode {
    /// The profile in the root `Cargo.toml` that compiles the browser's part.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Development => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}

/// The folders that the builder reads and writes.
pub struct Layout {
    root: PathBuf,
    target: PathBuf,
}

impl Layout {
    /// Finds the repository from where this crate was built, and the target folder as cargo would.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("the crate `bundle` no longer lies in frontend/bundle")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(&folder).context("CARGO_TARGET_DIR is not a usable path")?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// These folders, for tests.
    #[cfg(test)]
    pub fn of(root: &Path, target: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            target: target.to_path_buf(),
        }
    }

    /// The repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The style sheets' sources.
    pub fn style(&self) -> PathBuf {
        self.root.join("style")
    }

    /// A target folder of the browser's own, so that its builds and the server's never wait for each other's lock.
    pub fn browser(&self) -> PathBuf {
        self.target.join("browser")
    }

    /// What wasm-bindgen made of the last compiled module.
    pub fn bound(&self, mode: Mode) -> PathBuf {
        self.browser().join("bound").join(mode.profile())
    }

    /// What the server serves as files.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// The folders of the server's executables that must know the site's names.
    ///
    /// There is one site for all of them: a debug server started after a release bundle serves that bundle.
    pub fn executables(&self, mode: Mode) -> Vec<PathBuf> {
        let debug = self.target.join("debug");
        let release = self.target.join("release");
        if mode == Mode::Release || release.is_dir() {
            vec![debug, release]
        } else {
            vec![debug]
        }
    }
}
