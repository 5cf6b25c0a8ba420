#!/usr/bin/env bash
# Fuzzes every target of tests/fuzz/targets, each for SECONDS (default 600), with sanitizers: bench/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
cmake --preset asan >/dev/null
for source in tests/fuzz/targets/*.cpp; do
  target=fuzz_$(basename "$source" .cpp)
  cmake --build --preset asan --target "$target" >/dev/null
  echo "$target: $("build/asan/$target" --seconds "$seconds" --seed "$(date +%s)")"
done
