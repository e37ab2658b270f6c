#!/usr/bin/env bash
# Makes `cargo build --target wasm32-unknown-unknown` work, and prints what to export for it:
#
#   exports=$(frontend/setup/toolchain.sh) && eval "$exports"
#
# WASM_TOOLCHAIN says where the target comes from:
#   auto    (default) from the compiler at hand where it is there, else by rustup, else from Debian's packages
#   rustup  by rustup only
#   debian  from Debian's packages only: one compiler for server, browser, fmt and clippy
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

target=wasm32-unknown-unknown

# lld-22 is what rust-web-llvm's rust-lld points to, which its dependencies do not say.
packages=(rustc-web cargo-web rust-web-src rust-web-llvm lld-22 rust-web-clippy rustfmt-web)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Compiles nothing for the target: fails where its std is missing, and also where another compiler made it.
has_target() {
  "$1" --crate-type lib --crate-name probe --emit metadata --target "$target" --out-dir "$scratch" - \
    </dev/null >/dev/null 2>&1
}

use_rustup() {
  if ! command -v rustup >/dev/null; then
    log "WASM_TOOLCHAIN=rustup needs rustup, which is not installed."
    return 1
  fi
  rustup target add "$target" >&2 && has_target rustc
}

use_debian() {
  need_packages "${packages[@]}"
  has_target /usr/bin/rustc || build_std
  if command -v rustup >/dev/null; then
    [ "$(readlink -f "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/debian")" = /usr ] || rustup toolchain link debian /usr >&2
    echo "export RUSTUP_TOOLCHAIN=debian"
  elif [ "$(command -v cargo)" != /usr/bin/cargo ]; then
    echo 'export PATH="/usr/bin:$PATH"'
  fi
}

# Debian ships std's sources with all that they need, but not std itself for this target: built once, in about a minute.
build_std() {
  if ! can_be_root; then
    log "The standard library for $target has to be built once; please run: sudo WASM_TOOLCHAIN=debian $0"
    exit 1
  fi
  log "Building the standard library for $target"
  mkdir "$scratch/src"
  touch "$scratch/src/lib.rs"
  printf '[package]\nname = "empty"\nedition = "2024"\n\n[workspace]\n' >"$scratch/Cargo.toml"
  (
    cd "$scratch"
    # `build-std` is unstable, but Debian's std is made for exactly this compiler.
    env -u RUSTUP_TOOLCHAIN -u RUSTFLAGS CARGO_TARGET_DIR="$scratch/target" RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
      /usr/bin/cargo build --release --target "$target" -Z build-std=std,panic_abort,test,proc_macro >&2
  )
  local library
  library=$(/usr/bin/rustc --print target-libdir --target "$target")
  as_root rm -rf "$library"
  as_root mkdir -p "$library"
  find "$scratch/target/$target/release/deps" -name '*.rlib' ! -name 'libempty-*' -print0 |
    as_root xargs -0 cp -t "$library"
}

case "${WASM_TOOLCHAIN:-auto}" in
  auto)
    if command -v rustc >/dev/null && has_target rustc; then
      exit 0
    fi
    if command -v rustup >/dev/null && use_rustup; then
      exit 0
    fi
    log "Falling back to Debian's packages for $target"
    use_debian
    ;;
  rustup) use_rustup ;;
  debian) use_debian ;;
  *)
    log "WASM_TOOLCHAIN must be auto, rustup or debian, not \"$WASM_TOOLCHAIN\"."
    exit 1
    ;;
esac
