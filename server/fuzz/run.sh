#!/usr/bin/env bash
# Looks for bytes that a parser does not bear: `make fuzz`.
#
#   server/fuzz/run.sh [TARGET...]      each target for SECONDS_EACH seconds (60); all of them where none is named
#
# What it finds lies in target/fuzz/found. Mend it, and put the file into server/fuzz/corpus/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=${CARGO_TARGET_DIR:-target}/fuzz
triple=$(rustc -vV | sed -n 's/^host: //p')
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for file in server/fuzz/src/bin/*.rs; do
    targets+=("$(basename "$file" .rs)")
  done
fi

# LLVM's own counters of what was reached; every compiler has them. With --target, what only builds is left without them.
counters='--cfg=erase_components --cfg=fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares'
RUSTFLAGS=$(tr -s '\n ' ' ' <<<"$counters") cargo build -p fuzz --features fuzzer --profile fuzz \
  --target "$triple" --target-dir "$folder/build"

mkdir -p "$folder/found"
failed=0
for target in "${targets[@]}"; do
  echo "== $target =="
  mkdir -p "$folder/corpus/$target"
  # The first folder gets what is new; the second is read only.
  "$folder/build/$triple/fuzz/fuzz-$target" "$folder/corpus/$target" "server/fuzz/corpus/$target" \
    -max_total_time="${SECONDS_EACH:-60}" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$folder/found/$target-" 2>"$folder/$target.log" || failed=$((failed + 1))
  grep -E 'DONE|ERROR|panicked|stat::number_of_executed_units|stat::average_exec|stat::peak_rss' "$folder/$target.log" || true
done
echo "${#targets[@]} targets, $failed of them found something"
[ "$failed" = 0 ]
