//! Builds what the browser receives: `cargo run -p bundle -- [--release]`.
//!
//! Does what `cargo leptos build` does for the browser's side, from crates in `Cargo.lock` only: nothing but the
//! compiler has to be installed, and wasm-bindgen's two halves cannot disagree. The server is built by cargo alone;
//! all it needs from here is the site's folder and `hash.txt` beside its executable.

mod compress;
mod layout;
mod names;
mod site;
mod styles;
mod wasm;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::layout::{Layout, Mode};

fn main() -> Result<()> {
    let mode = mode_asked_for(std::env::args().skip(1))?;
    let layout = Layout::find()?;
    let compiled = wasm::compile(&layout, mode)?;

    let started = Instant::now();
    let bound = wasm::bind(&layout, mode, &compiled)?;
    let css = styles::compile(&layout)?;
    let published = site::publish(&layout, mode, &bound, css.as_bytes())?;

    eprintln!("bundle: {published} in {:.1} s", started.elapsed().as_secs_f32());
    Ok(())
}

fn mode_asked_for(arguments: impl Iterator<Item = String>) -> Result<Mode> {
    let mut mode = Mode::Development;
    for argument in arguments {
        match argument.as_str() {
            "--release" => mode = Mode::Release,
            other => bail!("unknown argument {other:?}; usage: cargo run -p bundle -- [--release]"),
        }
    }
    Ok(mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Result<Mode> {
        mode_asked_for(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn development_is_built_unless_a_release_is_asked_for() {
        assert_eq!(asked(&[]).unwrap(), Mode::Development);
        assert_eq!(asked(&["--release"]).unwrap(), Mode::Release);
    }

    #[test]
    fn an_unknown_argument_is_named_in_the_error() {
        let error = asked(&["--fast"]).unwrap_err();
        assert!(error.to_string().contains("--fast"), "{error}");
    }
}
