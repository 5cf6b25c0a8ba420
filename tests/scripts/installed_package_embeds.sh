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
for file in LICENSE SECURITY.md THIRD_PARTY_NOTICES.md octet.spdx.json; do
  [ -s "$scratch/prefix/share/doc/octet/$file" ] || {
    echo "$file is not installed"
    exit 1
  }
done
# The bill of materials names every library that cmake/dependencies.cmake finds, each with a version.
bill=$scratch/prefix/share/doc/octet/octet.spdx.json
if command -v python3 >/dev/null; then python3 -m json.tool "$bill" >/dev/null; fi
for name in fmt nlohmann-json CLI11 protozero highway zlib openssl onnxruntime; do
  grep -A1 "SPDXRef-$name\"," "$bill" | grep -qE '"versionInfo": "(API )?[0-9]' || {
    echo "octet.spdx.json does not say which $name this is"
    exit 1
  }
  grep -qi "${name/nlohmann-json/JSON for Modern C++}" "$source/THIRD_PARTY_NOTICES.md" ||
    [ "$name" = onnxruntime ] || {
    echo "THIRD_PARTY_NOTICES.md does not speak of $name"
    exit 1
  }
done
