#!/usr/bin/env bash
# Runs every test there is, and ends with one line: "N passed, M failed". `make test` calls it.
#
# CARGO_NEXTEST=no runs the Rust tests by `cargo test` instead of cargo-nextest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

read -ra server_side <<<"${SERVER_SIDE:?is not set; run the tests by: make test}"
target=${CARGO_TARGET_DIR:-target}
logs=$target/test-logs
passed=0
failed=0

main() {
  local exports
  exports=$(frontend/setup/toolchain.sh)
  eval "$exports"
  end2end/setup.sh
  mkdir -p "$logs"
  TEST_JUDGES=$(cd "$target/judges" && pwd)
  export TEST_JUDGES

  # Everything is built before anything runs: programs and tests in one go, because they share their libraries only then.
  if ! build; then
    finish 0 1
  fi
  if [ "${CARGO_NEXTEST:-yes}" = no ]; then
    part rust count_cargo server/testkit/postgres.sh run cargo test "${server_side[@]}" --all-targets --no-fail-fast
  else
    # Whatever looks over what the tests are built from has nothing to say about other people's tools.
    cargo nextest --version >/dev/null 2>&1 ||
      env -u RUSTC_WORKSPACE_WRAPPER cargo install cargo-nextest --locked --debug
    # Half as many again at once as there are processors: many wait for other processes, or for time to pass.
    part rust count_nextest server/testkit/postgres.sh run \
      cargo nextest run "${server_side[@]}" --profile ci --color never --test-threads $((($(nproc) * 3 + 1) / 2))
  fi
  # nextest leaves out the examples in the documentation, among them those that must not compile.
  part documentation count_cargo cargo test --doc "${server_side[@]}" --no-fail-fast
  part browser count_playwright in_browser

  finish "$passed" "$failed"
}

build() {
  cargo build "${server_side[@]}" --bins --tests && "$target/debug/bundle"
}

in_browser() {
  (cd end2end && FORCE_COLOR=0 npx playwright test)
}

# Runs one part of the tests and adds up what it counted.
part() {
  local name=$1 count=$2 status=0 counted_passed counted_failed
  shift 2
  "$@" 2>&1 | tee "$logs/$name.log" || status=$?
  read -r counted_passed counted_failed < <("$count" <"$logs/$name.log")
  # What fails without having counted a failure is one all the same.
  if [ "$status" != 0 ] && [ "$counted_failed" = 0 ]; then
    counted_failed=1
  fi
  passed=$((passed + counted_passed))
  failed=$((failed + counted_failed))
}

# Each counter reads a log and prints how many passed and how many failed. A log without a summary is a failure: the
# program broke off, or says it in another way than it used to.

# "     Summary [   1.234s] 45 tests run: 43 passed (1 slow), 1 failed, 1 timed out, 0 skipped"
count_nextest() {
  awk '
    /^ *Summary \[/ {
      found = 1
      for (i = 2; i <= NF; i++) {
        if ($i == "run:") { split($(i - 2), of, "/"); run += of[1] }
        if ($i ~ /^passed/) ok += $(i - 1)
      }
    }
    END { print found ? ok + 0 " " run - ok : "0 1" }
  '
}

# "test result: ok. 45 passed; 0 failed; 0 ignored; ...", once for every test program
count_cargo() {
  awk '
    /^test result: / {
      found = 1
      for (i = 2; i <= NF; i++) {
        if ($i == "passed;") ok += $(i - 1)
        if ($i == "failed;") bad += $(i - 1)
      }
    }
    END { print found ? ok + 0 " " bad + 0 : "0 1" }
  '
}

# "  2 failed", "  1 interrupted" and "  45 passed (12.3s)", each on a line, those that failed listed in between
count_playwright() {
  awk '
    /^ +[0-9]+ passed( \(|$)/ { found = 1; ok += $1 }
    /^ +[0-9]+ (failed|interrupted)$/ { found = 1; bad += $1 }
    END { print found ? ok + 0 " " bad + 0 : "0 1" }
  '
}

finish() {
  echo "$1 passed, $2 failed"
  [ "$2" = 0 ] || exit 1
  exit 0
}

main
