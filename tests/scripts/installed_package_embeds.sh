#!/usr/bin/env bash
# Installs the package into a scratch prefix, builds examples/embed against that and runs it.
# Arguments: source folder, build folder.
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
flags=""
[ "$(cached OCTET_SANITIZE)" != ON ] || flags="-fsanitize=address,undefined"

cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/log" || {
  cat "$scratch/log"
  exit 1
}
cmake -S "$source/examples/embed" -B "$scratch/build" -G "$(cached CMAKE_GENERATOR)" \
  -DCMAKE_PREFIX_PATH="$scratch/prefix" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" >"$scratch/log" || {
  cat "$scratch/log"
  exit 1
}
cmake --build "$scratch/build"

"$scratch/build/embed" "$source/examples/digits/digits.onnx" "$scratch/digits.int8.onnx"
before=$(stat -c %s "$source/examples/digits/digits.onnx")
after=$(stat -c %s "$scratch/digits.int8.onnx")
[ $((after * 2)) -lt "$before" ] || {
  echo "the quantized model is $after bytes, the float one $before: that is not INT8"
  exit 1
}
if [ "$(cached OCTET_BUILD_CLI)" = ON ]; then "$scratch/prefix/bin/octet" version; fi
