#!/usr/bin/env bash
# Installs the package into a scratch prefix and builds and runs examples/embed against it. Arguments: source, build.
set -euo pipefail
source=$1 build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
cmake -S "$source/examples/embed" -B "$scratch/build" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
cmake --build "$scratch/build"
"$scratch/build/embed" "$source/examples/digits/digits.onnx" "$scratch/digits.int8.onnx"
[ -s "$scratch/digits.int8.onnx" ]
"$scratch/prefix/bin/octet" version
